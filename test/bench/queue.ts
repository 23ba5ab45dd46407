import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { journey, people, tquk } from "../support/case";
import { Stage } from "../web/stage";
import { type Figure, median } from "./figures";

/** What the work queue of a coordinator with 500 open cases costs a browser on a slow machine; prints figures as JSON. */

const rounds = process.argv.includes("--quick") ? 3 : 9;
/** Times slower than this machine. */
const slower = 4;
const open = 500;
const page = 50;

/** Notes when the first page of rows is there and can be ticked. */
const watching = `new MutationObserver(() => {
  if (!window.usableAt && document.querySelectorAll("li.case input").length === ${page}) window.usableAt = performance.now();
}).observe(document, { childList: true, subtree: true });`;

async function fill({ office }: Stage): Promise<void> {
  await office.staff(tquk.body.id, people.coordinator, ["coordinator"]);
  await office.staff(tquk.body.id, people.assessor, ["assessor"]);
  const stages = ["registered", "planningScheduled", "proposalAccepted", "booked"] as const;
  for (let n = 0; n < open; n++) {
    const apprentice = `apprentice-${n}`;
    await office.bind(apprentice, `Nia Newcomer ${n}`);
    const ref = `EX-2026-${String(n).padStart(4, "0")}`;
    await office.put(
      journey(tquk, `case-${n}`)
        .registered({ ref, apprentice })
        .upTo(stages[n % stages.length] ?? "registered"),
    );
  }
  office.now = journey(tquk, "clock").upTo("proposalAccepted").now;
}

async function figures(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "epilogue-bench-"));
  const stage = await new Stage().start(folder);
  try {
    await fill(stage);
    const usable: number[] = [];
    const narrowed: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const query = `&at=${encodeURIComponent("#queue")}`;
      const { page: shown, tab } = await stage.open({ width: 1024, height: 768, query, slower, before: watching });
      type Watched = { usableAt?: number };
      await tab.waitForFunction(() => (window as Watched).usableAt !== undefined);
      const at = await tab.evaluate(() => (window as Watched).usableAt ?? Number.NaN);
      const took = await tab.evaluate(async () => {
        const select = document.querySelector<HTMLSelectElement>("#filter-stage");
        const count = () => document.querySelector(".head h2")?.textContent;
        const before = count();
        const from = performance.now();
        if (select) select.value = "gateway";
        select?.dispatchEvent(new Event("change", { bubbles: true }));
        while (count() === before) await new Promise(requestAnimationFrame);
        return performance.now() - from;
      });
      await shown.context().close();
      if (round === 0) continue;
      usable.push(at);
      narrowed.push(took);
    }
    return [
      {
        what: `Work queue of ${open} usable at ${slower} × throttle`,
        unit: "ms",
        product: median(usable),
        limit: 1_000,
      },
      { what: "  narrowed by a choice", unit: "ms", product: median(narrowed) },
    ];
  } finally {
    await stage.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

figures().then(
  (all) => console.log(JSON.stringify(all)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
