import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(__dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

describe("the linter keeps the arrows: src ← cards ← bot", () => {
  let house: string;
  beforeAll(() => {
    house = mkdtempSync(path.join(tmpdir(), "epilogue-house-"));
    for (const part of [".biome.json", ".biome", ".gitignore"]) {
      cpSync(path.join(root, part), path.join(house, part), { recursive: true });
    }
  });
  afterAll(() => rmSync(house, { recursive: true, force: true }));

  /** The rules that refuse one line of code at that place; unused names are no concern here. */
  function refusals(file: string, line: string): string[] {
    const target = path.join(house, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, `${line}\n`);
    const biome = path.join(root, "node_modules/@biomejs/biome/bin/biome");
    const run = spawnSync(process.execPath, [biome, "lint", "--reporter=json", "--skip=correctness", file], {
      cwd: house,
      encoding: "utf8",
    });
    rmSync(target);
    const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: { category: string }[] };
    return diagnostics.map(({ category }) => category.split("/").at(-1) ?? category);
  }

  const arrow = "noRestrictedImports";
  test.each([
    ["src/case/a.ts", `import fs from "node:fs";`, arrow],
    ["src/case/a.ts", `export * from "../../cards/render";`, arrow],
    ["src/case/a.ts", `export const load = () => import("../../bot/config");`, arrow],
    ["src/case/a.ts", `import * as templating from "adaptivecards-templating";`, arrow],
    ["src/case/a.ts", `export const now = Date.now();`, "plugin"],
    ["src/case/a.ts", `export const now = new Date();`, "plugin"],
    ["src/case/a.ts", `export const now = Temporal.Now.instant();`, "plugin"],
    ["src/case/a.ts", `export const draw = Math.random();`, "plugin"],
    ["src/case/a.ts", `export const port = process.env.PORT;`, "noRestrictedGlobals"],
    ["cards/a.ts", `import * as bot from "../bot/identity";`, arrow],
    ["cards/a.ts", `import * as bot from "botbuilder";`, arrow],
    ["cards/a.ts", `export const now = Date.now();`, "plugin"],
    ["bot/web/a.ts", `import * as bot from "botbuilder";`, arrow],
    ["bot/web/a.ts", `import * as local from "../local/server";`, arrow],
    ["bot/teams/a.ts", `export const load = () => import("../local/server");`, arrow],
    ["bot/local/a.ts", `import * as bot from "botbuilder";`, arrow],
    ["bot/main.ts", `import * as local from "./local/server";`, "plugin"],
    ["bot/panel/a.ts", `import { decide } from "../../src/case/decider";`, "plugin"],
    ["bot/panel/a.ts", `import type { Config } from "../config";`, "plugin"],
  ])("in %s, %s is refused", (file, line, rule) => {
    expect(refusals(file, line)).toContain(rule);
  });

  test.each([
    ["src/case/a.ts", `export * from "../rules/calendar"; export * from "zod"; export * from "temporal-polyfill";`],
    ["src/case/a.ts", `export const later = (ms: number) => Math.max(1, new Date(ms).getTime());`],
    ["cards/a.ts", `export * from "../src/views"; export * from "adaptivecards-templating";`],
    ["bot/teams/a.ts", `export * from "botbuilder"; export * from "../../cards/render";`],
    ["bot/main.ts", `export * from "botbuilder"; export const load = () => import("./local/server");`],
    [
      "bot/panel/a.ts",
      `export * from "./queue"; import type { PanelView } from "../../src/views"; export type V = PanelView;`,
    ],
  ])("in %s, %s is fine", (file, line) => {
    expect(refusals(file, line)).toEqual([]);
  });
});

describe("what is committed works elsewhere", () => {
  const ignored = new Set([".git", "node_modules", "dist", "coverage", ".data", ".cache"]);
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(path.sep).some((part) => ignored.has(part)) && !/\.(png|zip|ico|woff2?)$/.test(file));

  // In pieces, so that this file does not name what it forbids.
  const folders = ["work", "farm", "root", "home/[a-z]", "Users/[A-Za-z]"].join("|");
  const aPathOfOneMachine = new RegExp(`(^|[^\\w.~-])/(${folders})[a-z]*/\\w|[A-Z]:\\\\Users\\\\`, "m");
  const aPackageHost = new RegExp(`registry\\.${"npm"}|"resolved": *"https?:`);

  test("no file names a path of one machine", () => {
    expect(files.filter((file) => aPathOfOneMachine.test(read(file)))).toEqual([]);
  });

  test("no file names the host packages come from", () => {
    expect(files.filter((file) => aPackageHost.test(read(file)))).toEqual([]);
  });

  // npm leaves out of the lock what its source of packages lacked, and `npm ci` then refuses on every other system.
  test("the lock holds the packages of every system, not only of the one it was made on", () => {
    type Locked = { optionalDependencies?: Record<string, string> };
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> };
    const isHeld = (owner: string, name: string): boolean => {
      if (`${owner}/node_modules/${name}` in packages || `node_modules/${name}` in packages) return true;
      return owner.includes("/node_modules/") && isHeld(owner.slice(0, owner.lastIndexOf("/node_modules/")), name);
    };
    const lost = Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isHeld(owner, name)),
    );
    expect(lost).toEqual([]);
  });

  test("the top level holds the agreed folders and files only", () => {
    const given = [
      "README.md",
      "bot",
      "cards",
      "manifest",
      "package-lock.json",
      "package.json",
      "src",
      "test",
      "tsconfig.json",
    ];
    const top = new Set(files.map((file) => file.split(path.sep)[0] ?? ""));
    expect([...top].filter((name) => !name.startsWith(".") && !given.includes(name))).toEqual([]);
  });
});

// The README's table says of each dependency what it is for.
if (existsSync(path.join(root, "README.md"))) {
  test("every dependency has its row in the README's table", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json"));
    const rows = read("README.md")
      .split("\n")
      .filter((line) => line.startsWith("|"));
    const named = (name: string) => rows.filter((row) => row.includes(`\`${name}\``)).length;
    const all = Object.keys({ ...dependencies, ...devDependencies });
    expect(all.filter((name) => named(name) !== 1)).toEqual([]);
  });
}
