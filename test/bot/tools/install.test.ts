import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

type Package = { version: string; optional?: boolean; os?: string[]; cpu?: string[]; libc?: string[] };

const tool = pathToFileURL(path.resolve(__dirname, "../../../bot/tools/install.mjs")).href;
const linux = { os: "linux", cpu: "x64", libc: "glibc" };
const engine = (os: string, cpu: string, libc?: string): Package => ({
  version: "1.0.0",
  optional: true,
  os: [os],
  cpu: [cpu],
  ...(libc && { libc: [libc] }),
});

const locked: Record<string, Package> = {
  "node_modules/plain": { version: "2.0.0" },
  "node_modules/extra": { version: "1.0.0", optional: true },
  "node_modules/engine-linux": engine("linux", "x64", "glibc"),
  "node_modules/engine-musl": engine("linux", "x64", "musl"),
  "node_modules/engine-mac": engine("darwin", "arm64"),
};

describe("what is missing is seen before every start", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "epilogue-install-"));
    writeFileSync(path.join(folder, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...locked } }));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function install(packages: Record<string, Package>): void {
    for (const location of Object.keys(packages)) {
      mkdirSync(path.join(folder, location), { recursive: true });
      writeFileSync(path.join(folder, location, "package.json"), "{}");
    }
    writeFileSync(path.join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
  }

  function firstMissing(platform: Record<string, string>): string {
    const program = `import { firstMissing } from ${JSON.stringify(tool)};
      console.log(firstMissing(${JSON.stringify(folder)}, ${JSON.stringify(platform)}) ?? "nothing");`;
    return execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }).trim();
  }

  const pick = (...names: string[]) =>
    Object.fromEntries(Object.entries(locked).filter(([location]) => names.includes(path.posix.basename(location))));

  test("given a fresh clone, then everything", () => {
    expect(firstMissing(linux)).toBe("node_modules");
  });

  test("given an interrupted install, then everything", () => {
    mkdirSync(path.join(folder, "node_modules/plain"), { recursive: true });
    expect(firstMissing(linux)).toBe("node_modules");
  });

  test("given all that this system needs, then nothing", () => {
    install(pick("plain", "engine-linux"));
    expect(firstMissing(linux)).toBe("nothing");
  });

  test("given a folder copied from another system, then this system's own package", () => {
    install(pick("plain", "engine-linux"));
    expect(firstMissing({ os: "darwin", cpu: "arm64" })).toBe("node_modules/engine-mac");
    expect(firstMissing({ ...linux, libc: "musl" })).toBe("node_modules/engine-musl");
  });

  test("given another version than the lock's, then that package", () => {
    install({ ...pick("engine-linux"), "node_modules/plain": { version: "1.9.9" } });
    expect(firstMissing(linux)).toBe("node_modules/plain");
  });

  test("given a package deleted by hand, then that package", () => {
    install(pick("plain", "engine-linux"));
    rmSync(path.join(folder, "node_modules/plain"), { recursive: true });
    expect(firstMissing(linux)).toBe("node_modules/plain");
  });
});
