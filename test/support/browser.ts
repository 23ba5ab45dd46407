import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Where a browser was found, and the environment it needs to start. */
type Candidate = { executablePath: string; env?: Record<string, string> };

/** For closed networks: nothing that phones home, and no QUIC, which some of them drop in silence. */
const quiet = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

/**
 * Starts a headless Chromium for a walk; the caller closes it.
 *
 * Taken in this order, the first that starts: `CHROME_PATH` (then nothing else is tried), this machine's Chrome, Edge or
 * Chromium, the Chromium inside the npm package `@sparticuz/chromium` (Linux x64). `EPILOGUE_BROWSER=bundled` takes the
 * last one only.
 * @throws Error naming what was tried when none starts.
 */
export async function launchBrowser(): Promise<Browser> {
  const tried: string[] = [];
  for (const find of sources()) {
    let name = "the bundled Chromium";
    try {
      const { executablePath, env } = find();
      name = executablePath;
      return await chromium.launch({
        executablePath,
        headless: true,
        chromiumSandbox: false,
        args: quiet,
        ...(env && { env }),
      });
    } catch (error) {
      tried.push(`${name}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    }
  }
  throw new Error(`No browser started; set CHROME_PATH to a Chrome, Edge or Chromium. Tried ${tried.join("; ")}`);
}

function sources(): (() => Candidate)[] {
  if (process.env.EPILOGUE_BROWSER === "bundled") return [bundled];
  if (process.env.CHROME_PATH) return [always(process.env.CHROME_PATH)];
  return [...knownPlaces().filter(existsSync).map(always), bundled];
}

function always(executablePath: string): () => Candidate {
  return () => ({ executablePath });
}

function knownPlaces(): string[] {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Microsoft Edge", "Chromium"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform === "win32") {
    const { ProgramFiles, "ProgramFiles(x86)": ProgramFilesX86, LOCALAPPDATA } = process.env;
    const programs = [
      "Google/Chrome/Application/chrome.exe",
      "Microsoft/Edge/Application/msedge.exe",
      "Chromium/Application/chrome.exe",
    ];
    return [ProgramFiles, ProgramFilesX86, LOCALAPPDATA].flatMap((folder) =>
      folder ? programs.map((program) => path.join(folder, program)) : [],
    );
  }
  const names = [
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chromium",
    "chromium-browser",
  ];
  return names.map((name) => `/usr/bin/${name}`);
}

/** Unpacks the browser once into node_modules/.cache, with the system libraries and the fonts a bare machine lacks. */
function bundled(): Candidate {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error("made for Linux on x64 only");
  const root = path.resolve(__dirname, "../..");
  const { version } = JSON.parse(
    readFileSync(path.join(root, "node_modules/@sparticuz/chromium/package.json"), "utf8"),
  );
  const folder = path.join(root, `node_modules/.cache/chromium-${version}`);
  if (!existsSync(folder)) unpack(root, folder);
  return {
    executablePath: path.join(folder, "chromium"),
    env: {
      ...definedOnly(process.env),
      FONTCONFIG_PATH: path.join(folder, "fonts"),
      LD_LIBRARY_PATH: [path.join(folder, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":"),
    },
  };
}

/**
 * The package unpacks into the temporary folder under fixed names, and its libraries only where it believes itself in a
 * cloud function: a process of its own gets both said to it. The rename at the end makes it safe for two test workers.
 */
function unpack(root: string, folder: string): void {
  mkdirSync(path.dirname(folder), { recursive: true });
  const program = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  const stage = mkdtempSync(`${folder}-`);
  try {
    execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: root,
      env: { ...definedOnly(process.env), TMPDIR: stage, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" },
      stdio: "pipe",
    });
    writeFileSync(path.join(stage, "fonts/fonts.conf"), fontsConf(folder));
    renameSync(stage, folder);
  } catch (error) {
    rmSync(stage, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** The package's own configuration names the folders of a cloud function only. */
function fontsConf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${path.join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
