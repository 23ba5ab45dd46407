// Builds dist/: one file for each program, and a folder for each page that runs in a browser.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { teamsDarkTheme, teamsHighContrastTheme, teamsLightTheme } from "@fluentui/tokens";
import { build, transform } from "esbuild";

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

/** Beside its main.ts: a service worker, and the page with which a tab is set up. */
const alsoRun = ["sw.ts", "configure.ts"];

async function buildPage([folder, name]) {
  const entry = ["main.tsx", "main.ts"].map((file) => `${folder}/${file}`).find(present);
  if (!entry) return;
  const small = name === "panel";
  const target = path.join(dist, name);
  await mkdir(target, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [entry, ...alsoRun.map((file) => `${folder}/${file}`).filter(present)],
    outdir: target,
    bundle: true,
    // What a page imports when it is needed is a file of its own.
    splitting: true,
    minify: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    sourcemap: true,
    logLevel: "warning",
  });
  await cp(path.join(root, folder), target, { recursive: true, filter: (source) => !/\.tsx?$/.test(source) });
  if (small) await shrink(target);
}

const themes = { light: teamsLightTheme, dark: teamsDarkTheme, contrast: teamsHighContrastTheme };

/** The panel's styles with the tokens that they use, one set a theme; its page names its files by their content. */
async function shrink(target) {
  const css = path.join(target, "panel.css");
  const written = await readFile(css, "utf8");
  const own = ["line", "pad", "control"];
  const used = [...new Set([...written.matchAll(/var\(--(\w+)/g)].map(([, token]) => token))].filter(
    (token) => !own.includes(token),
  );
  const sets = Object.entries(themes).map(([theme, tokens]) => {
    const missing = used.filter((token) => !(token in tokens));
    if (missing.length > 0) throw new Error(`Fluent has no ${missing.join(", ")}`);
    return `[data-theme=${theme}]{${used.map((token) => `--${token}:${tokens[token]}`).join(";")}}`;
  });
  const { code } = await transform(sets.join("\n") + written, { loader: "css", minify: true });
  await writeFile(css, code);
  const page = path.join(target, "index.html");
  let html = await readFile(page, "utf8");
  for (const file of ["panel.css", "main.js"]) {
    const version = createHash("sha256")
      .update(await readFile(path.join(target, file)))
      .digest("hex")
      .slice(0, 12);
    html = html.replace(`/panel/${file}`, `/panel/${file}?${version}`);
  }
  await writeFile(page, html.replace(/\s*\n\s*/g, "\n"));
}

const started = performance.now();
await Promise.all([buildPrograms(), ...Object.entries(pages).map(buildPage)]);
console.log(`Built dist/ in ${Math.round(performance.now() - started)} ms.`);
