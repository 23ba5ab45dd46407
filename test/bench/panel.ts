import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { BrowserContext } from "playwright-core";
import { Stage } from "../panel/stage";
import { journey, tquk } from "../support/case";
import { type Figure, median } from "./figures";

/** What the grading panel costs a browser on a slow machine, beside a page that has teams-js and nothing else; prints figures as JSON. */

const rounds = process.argv.includes("--quick") ? 5 : 11;
/** Times slower than this machine. */
const slower = 4;
const method = "discussion";

/** Bytes that the panel brings over the line in all. */
const size = (): number =>
  ["index.html", "main.js", "panel.css", "sw.js"].reduce(
    (sum, file) => sum + gzipSync(readFileSync(path.resolve("dist/panel", file)), { level: 9 }).length,
    0,
  );

/** Asks its host what the panel asks: says hello, where it is, and for a token, which neither waits for; then it is ready. */
const bare = `import { app, authentication } from "@microsoft/teams-js";
const hosts = [new URLSearchParams(location.search).get("host")];
app.initialize(hosts).then(() => { const context = app.getContext(); authentication.getAuthToken(); return context; }).then(() => { document.body.innerHTML = "<h1 class='clock'>Ready</h1>"; });`;

async function barePage(): Promise<{ url: string; close: () => void }> {
  const stdin = { contents: bare, resolveDir: process.cwd() };
  const bundle = { bundle: true, minify: true, format: "esm", target: "es2022", write: false } as const;
  const { outputFiles } = await build({ stdin, ...bundle });
  const script = Buffer.from(outputFiles[0]?.contents ?? []);
  const server = http.createServer((request, response) => {
    const isScript = request.url === "/main.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync(isScript ? script : `<!doctype html><body><script type="module" src="/main.js"></script>`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

/** Says when the page first shows what it is for: nobody asks it before, as that would be work for it too. */
const READY = "ready at ";
const watching = `new MutationObserver((_, watch) => {
  if (!document.querySelector(".clock")) return;
  const at = performance.now();
  watch.disconnect();
  console.debug("${READY}" + at);
}).observe(document, { childList: true, subtree: true });`;

/** As it is opened every day: its files and what was last seen are there. */
async function readyOf(stage: Stage, context: BrowserContext, url: string): Promise<number> {
  const said = context.waitForEvent("console", (message) => message.text().startsWith(READY));
  const frame = await stage.frame(context, url, watching, slower);
  const at = Number((await said).text().slice(READY.length));
  await frame.page().close();
  return at;
}

/** Milliseconds from a mark's press until it is painted. */
async function presses(stage: Stage, url: string): Promise<number[]> {
  const context = await stage.device({ width: 320, height: 640 });
  const frame = await stage.frame(context, url, watching, slower);
  await frame.getByRole("tab", { name: "Criteria" }).click();
  const times = await frame.evaluate(async (count) => {
    const taken: number[] = [];
    for (let i = 0; i < count; i++) {
      const row = `input[name="discussion-P${(i % 12) + 1}"]`;
      const mark = document.querySelector<HTMLInputElement>(`${row}:not(:checked)`);
      await new Promise((resolve) => setTimeout(resolve, 150));
      const from = performance.now();
      mark?.click();
      await new Promise<void>((resolve) =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve();
          port2.postMessage(0);
        }),
      );
      taken.push(performance.now() - from);
    }
    return taken;
  }, rounds + 2);
  await context.close();
  return times.slice(2);
}

async function figures(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "epilogue-bench-"));
  const stage = await Stage.open(folder);
  const alone = await barePage();
  try {
    const running = journey(tquk).upTo("booked").started(method);
    await stage.office.put(running);
    stage.office.now = running.inSeconds(1_800).now;
    const url = stage.panelUrl(`?case=${running.id}&method=${method}`);
    const ours: number[] = [];
    const theirs: number[] = [];
    const context = await stage.device({ width: 320, height: 640 });
    const pages = [
      { at: url, taken: ours },
      { at: `${alone.url}?host=${encodeURIComponent(stage.origin)}`, taken: theirs },
    ];
    for (let round = 0; round <= rounds; round++) {
      for (const { at, taken } of pages) {
        const ready = await readyOf(stage, context, at);
        if (round > 0) taken.push(ready);
      }
      // By turns: neither always comes behind the other.
      pages.reverse();
    }
    return [
      { what: "Panel, gzipped, in all", unit: "KB", product: size() / 1000, limit: 40 },
      {
        what: `Panel ready at ${slower} × throttle, beside teams-js alone`,
        unit: "ms",
        product: median(ours),
        reference: median(theirs),
        limit: 1.2,
      },
      {
        what: `A mark painted at ${slower} × throttle`,
        unit: "ms",
        product: median(await presses(stage, url)),
        limit: 50,
      },
    ];
  } finally {
    alone.close();
    await stage.close();
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
