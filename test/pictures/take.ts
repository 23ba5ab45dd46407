// `npm run pictures`: takes the README's pictures anew, of the product itself on a data folder of its own, and every state of panel
// and tab into dist/pictures. The clock stands still on one day, so that what the README shows changes only with the product (and
// with how long a call took). `npm run pictures -- readme` takes those alone, `-- states offline` only the states of such a name.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { readConfig } from "../../bot/config";
import { startLocally } from "../../bot/local/start";
import { createLog } from "../../bot/log";
import { queueStates } from "../looks/queueStates";
import { Stages } from "../looks/stages";
import { launchBrowser } from "../support/browser";
import { Camera } from "./camera";
import { inMeeting } from "./meeting";
import { takeStates } from "./states";

const root = process.cwd();
const target = path.join(root, ".readme");
const startAt = "2026-06-02T08:30:00Z";
async function takeAll(camera: Camera): Promise<void> {
  const desk = { width: 1120, height: 1100 };

  const coordinator = await camera.see("case EX-2026-0147", { as: "cora", ...desk });
  await camera.take("case", coordinator);

  // Too early: the notice is too short, which the dialog says beside its date. A date that reads the same in every language
  // of the browser.
  await coordinator.getByRole("button", { name: "Book observation" }).last().click();
  const dialog = coordinator.getByRole("dialog");
  await dialog.getByLabel("Observation date").fill("2026-06-06");
  await dialog.getByRole("button", { name: "Book observation" }).click();
  await dialog.getByText("Not booked yet").waitFor();
  await camera.take("refusal", dialog);

  await camera.take("dark", await camera.see("case EX-2026-0151", { as: "cora", theme: "dark", ...desk, height: 840 }));
  await camera.take("phone", await camera.see("case", { as: "sam", width: 390, height: 780 }));
}

/** The work queue of a coordinator with 500 open cases. */
async function takeQueue(browser: Browser, camera: Camera): Promise<void> {
  const stages = await Stages.open(browser, folder);
  try {
    const shown = await queueStates.find(({ name }) => name === "tab-queue")?.open(stages);
    if (!shown) throw new Error("No such state");
    const { page, frame } = shown;
    await page.setViewportSize({ width: 1024, height: 640 });
    await frame.getByLabel("Sort by").selectOption({ label: "Reference" });
    await frame.getByRole("link", { name: /EX-2026-0002/ }).waitFor();
    for (const n of [0, 1]) await frame.locator("li.case").nth(n).getByRole("checkbox").check();
    await frame.evaluate(() => scrollTo(0, 0));
    await camera.take("queue", page);
  } finally {
    await stages.close();
  }
}

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "epilogue-pictures-"));
  folders.push(made);
  return made;
}

async function takeReadme(browser: Browser): Promise<void> {
  mkdirSync(target, { recursive: true });
  const product = await startLocally(readConfig({ PORT: "0", EPILOGUE_DATA: folder() }), {
    log: createLog({ level: "error" }),
    pageFolder: path.join(root, "dist/local"),
    clock: { startAt, frozen: true },
  });
  try {
    const camera = new Camera(browser, product.url, target);
    await takeAll(camera);
    await inMeeting((page) => camera.take("meeting", page));
    await takeQueue(browser, camera);
  } finally {
    await product.stop();
  }
}

async function main(): Promise<void> {
  const [what, wanted = ""] = process.argv.slice(2);
  const browser = await launchBrowser();
  try {
    if (what !== "states") await takeReadme(browser);
    if (what !== "readme") {
      const taken = await takeStates(browser, { target: path.join(root, "dist/pictures"), folder, wanted });
      console.log(`${taken} pictures in dist/pictures; index.html there shows them all.`);
    }
  } finally {
    await browser.close();
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
