// Builds dist/: one file for each program, and a folder for each page that runs in a browser.
import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

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
  "test/support/cosmos/process.ts": "test/cosmos",
  "test/storm/main.ts": "test/storm",
};

/** Folders of browser code: each has a main.ts or main.tsx, and everything else that is not TypeScript is copied as it is. */
const pages = {
  "bot/local/page": "local",
  "bot/panel": "panel",
  "bot/web/page": "web",
};

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

async function buildPage([folder, name]) {
  const entry = ["main.tsx", "main.ts"].map((file) => `${folder}/${file}`).find(present);
  if (!entry) return;
  const target = path.join(dist, name);
  await mkdir(target, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: target,
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    sourcemap: true,
    logLevel: "warning",
  });
  await cp(path.join(root, folder), target, { recursive: true, filter: (source) => !/\.tsx?$/.test(source) });
}

const started = performance.now();
await Promise.all([buildPrograms(), ...Object.entries(pages).map(buildPage)]);
console.log(`Built dist/ in ${Math.round(performance.now() - started)} ms.`);
