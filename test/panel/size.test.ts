import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

/** All that the built panel brings over the line: it is loaded beside a meeting, on any line. */
const folder = path.resolve("dist/panel");
const files = ["index.html", "main.js", "panel.css", "sw.js"];

test("page, script, styles and worker are at most 40,000 bytes gzipped: 40 KB by either reading of KB", () => {
  if (!existsSync(path.join(folder, "main.js"))) throw new Error("The panel is not built: npm test builds it first");
  const bytes = files.map((file) => gzipSync(readFileSync(path.join(folder, file)), { level: 9 }).length);
  // Each of them is there, and none is empty.
  expect(Math.min(...bytes)).toBeGreaterThan(100);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(40_000);
});

test("nothing else is named by the page", () => {
  const page = readFileSync(path.join(folder, "index.html"), "utf8");
  const named = [...page.matchAll(/(?:src|href)="\/panel\/([\w.]+)/g)].map(([, file]) => file ?? "");
  expect(named.toSorted()).toEqual(["main.js", "panel.css"]);
});
