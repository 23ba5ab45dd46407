// Installs what is missing, and only then: `npm start` and `npm test` run it first, so it uses Node's own modules only.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const self = fileURLToPath(import.meta.url);
const root = path.resolve(self, "../../..");

/**
 * Names the first package of the lock file that is not installed as locked, or undefined when all are.
 *
 * npm writes `node_modules/.package-lock.json` when an install has succeeded, so an interrupted one counts as missing. An
 * optional package counts only when it was made for this platform: that also catches a folder copied from another system.
 */
export function firstMissing(folder, platform = thisPlatform()) {
  const record = path.join(folder, "node_modules/.package-lock.json");
  if (!existsSync(record)) return "node_modules";
  const installed = readJson(record).packages;
  for (const [location, locked] of Object.entries(readJson(path.join(folder, "package-lock.json")).packages)) {
    if (location === "") continue;
    const found = installed[location];
    if (found ? found.version !== locked.version : isNeeded(locked, platform)) return location;
    if (found && isNeeded(locked, platform) && !existsSync(path.join(folder, location, "package.json")))
      return location;
  }
  return undefined;
}

function isNeeded(locked, platform) {
  const fits = (allowed, value) => !allowed || (allowed.includes(value) && !allowed.includes(`!${value}`));
  if (!locked.optional && !locked.devOptional) return true;
  if (!locked.os || !locked.cpu || locked.peer) return false;
  return fits(locked.os, platform.os) && fits(locked.cpu, platform.cpu) && fits(locked.libc, platform.libc);
}

function thisPlatform() {
  const { os, cpu } = { os: process.platform, cpu: process.arch };
  if (os !== "linux") return { os, cpu };
  // The report looks up every open connection's host name unless told not to.
  process.report.excludeNetwork = true;
  return { os, cpu, libc: process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl" };
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The npm that runs this script, else the one that came with this Node; undefined when there is none. */
function npmProgram() {
  const beside = path.dirname(process.execPath);
  return [
    process.env.npm_execpath,
    path.join(beside, "node_modules/npm/bin/npm-cli.js"),
    path.join(beside, "../lib/node_modules/npm/bin/npm-cli.js"),
  ].find((file) => file && path.basename(file) === "npm-cli.js" && existsSync(file));
}

function main() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Epilogue needs Node 20.19 or later; this is ${process.versions.node}.`);
    return 1;
  }
  const missing = firstMissing(root);
  if (!missing) return 0;
  const npm = npmProgram();
  if (!npm) {
    console.error(
      `${missing} is not installed, and no npm was found: run "npm ci --ignore-scripts" here, then try again.`,
    );
    return 1;
  }
  console.log(`Installing packages (${missing} is missing or of another version) …`);
  // No install scripts: every native package used here comes prebuilt, and a fresh machine has no compiler.
  const flags = [
    "ci",
    "--ignore-scripts",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  return spawnSync(process.execPath, [npm, ...flags], { cwd: root, stdio: "inherit" }).status ?? 1;
}

// The path it was started by may hold a symbolic link; its own address never does.
if (process.argv[1] && realpathSync(process.argv[1]) === self) process.exitCode = main();
