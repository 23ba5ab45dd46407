// Builds dist/: one file for each program, and a folder for each page that runs in a browser.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { lean, ownHosts, shorter, themed } from "./small.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const dist = path.join(root, "dist");

/** Programs for Node: entry → name in dist/. Packages stay outside, so what is loaded lazily stays lazy. */
const programs = {
  "bot/main.ts": "main",
  "bot/store/verify.ts": "verify",
  "bot/store/cosmosSetup.ts": "cosmos-setup",
  "bot/transfer/export.ts": "export",
  "bot/transfer/import.ts": "import",
  "test/bench/main.ts": "bench",
  "manifest/package.ts": "package",
  // As deep as its source, which finds folders from where it stands.
  "test/pictures/take.ts": "test/pictures",
  "test/bench/panel.ts": "test/bench-panel",
  "test/bench/queue.ts": "test/bench-queue",
  "test/support/cosmos/process.ts": "test/cosmos",
  "test/storm/main.ts": "test/storm",
};

/** Folders of browser code: each has a main.ts or main.tsx, and everything else that is not TypeScript is copied as it is. */
const pages = {
  "bot/local/page": "local",
  "bot/panel": "panel",
  "bot/web/page": "web",
};
/** Of each page the style sheet that imports what all share. */
const sheets = { local: "style/base.css", panel: "panel.css", web: "tab.css" };

const present = (entry) => existsSync(path.join(root, entry));

async function buildPrograms() {
  const entries = Object.entries(programs).filter(([entry]) => present(entry));
  if (entries.length === 0) return;
  await build({
    absWorkingDir: root,
    entryPoints: entries.map(([entry, name]) => ({ in: entry, out: name })),
    outdir: dist,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20.19",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
  });
}

/** Beside its main.ts: a service worker, and the page with which a tab is set up. */
const alsoRun = ["sw.ts", "configure.ts"];

async function buildPage([folder, name]) {
  const entry = ["main.tsx", "main.ts"].map((file) => `${folder}/${file}`).find(present);
  if (!entry) return;
  const small = name === "panel";
  const target = path.join(dist, name);
  // Files that are named by their content would stay from build to build.
  if (name === "web") await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const also = alsoRun.map((file) => `${folder}/${file}`).filter(present);
  const bundle = (...entryPoints) =>
    build({
      absWorkingDir: root,
      entryPoints,
      outdir: target,
      bundle: true,
      // What a page imports when it is needed is a file of its own; the panel's worker keeps what its page names, and no more.
      splitting: !small,
      minify: true,
      platform: "browser",
      // A classic script's compiled code is kept whole by the browser with the panel's worker, a module's is not.
      format: small ? "iife" : "esm",
      target: "es2022",
      sourcemap: !small,
      logLevel: "warning",
      plugins: [small ? lean(entryPoints[0]) : ownHosts],
    });
  // Each small one by itself: a file that two shared would be one more to wait for, with all that either needs of it.
  if (small) await Promise.all([entry, ...also].map((one) => bundle(one)));
  else await bundle(entry, ...also);
  await cp(path.join(root, folder), target, { recursive: true, filter: (source) => !/\.tsx?$/.test(source) });
  const sheet = path.join(folder, sheets[name]);
  await build({
    absWorkingDir: root,
    entryPoints: [sheet],
    outdir: target,
    outbase: folder,
    bundle: true,
    target: "es2022",
  });
  if (small) await shrink(target);
}

/** What the panel brings over the line, and how many bytes of it, gzipped: 40 KB by either reading of KB. */
const panelFiles = ["index.html", "main.js", "panel.css", "sw.js"];
const MOST_OF_PANEL = 40_000;

/** The panel's files in fewer bytes; its page names them by their content. */
async function shrink(target) {
  const change = async (file, how) => {
    const at = path.join(target, file);
    await writeFile(at, await how(await readFile(at, "utf8")));
  };
  await change("panel.css", themed);
  // Without a source map: the words of the programs are not shipped, and one of the first step would not fit.
  for (const file of ["main.js", "sw.js", "configure.js"]) await change(file, shorter);
  await change("index.html", async (html) => {
    for (const file of ["panel.css", "main.js"]) {
      const content = await readFile(path.join(target, file));
      const version = createHash("sha256").update(content).digest("hex").slice(0, 12);
      html = html.replace(`/panel/${file}`, `/panel/${file}?${version}`);
    }
    return html.replace(/\s*\n\s*/g, "\n");
  });
  const files = await Promise.all(panelFiles.map((file) => readFile(path.join(target, file))));
  const bytes = files.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0);
  if (bytes > MOST_OF_PANEL)
    throw new Error(`The panel is ${bytes} bytes gzipped; at most ${MOST_OF_PANEL} are shipped.`);
}

const started = performance.now();
await Promise.all([buildPrograms(), ...Object.entries(pages).map(buildPage)]);
console.log(`Built dist/ in ${Math.round(performance.now() - started)} ms.`);
