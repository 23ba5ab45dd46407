import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { readBanks } from "../../src/rules/banks";
import { published, readPacks } from "../../src/rules/packs";
import { readCosmos } from "../config";
import { openStore } from "../store/open";
import { BrokenBundle, checkFiles, readBundle } from "./bundle";
import { type Refusal, restore } from "./restore";

/**
 * `npm run import -- [--check] FILE`: restores an exported case (its folder, or case.jsonl) into the store: Cosmos DB where
 * COSMOS_ENDPOINT is set, else the data folder (EPILOGUE_DATA or .data), which no service may be running on. Everything is verified first; nothing that happened is sent again. To repeat
 * it changes nothing; one that was interrupted goes on. `--check` verifies the file and touches no store. Exit 0: done, or
 * there already; 1: refused, and why; 2: it could not be done.
 */

const clashes = {
  id: "stands here under another name or address",
  mail: "has a mail address that is somebody else's here",
  account: "has an account that is somebody else's here",
} as const;

function why(r: Refusal): string {
  switch (r.code) {
    case "packUnknown":
      return `its rules ${r.pack} are not known to this version.`;
    case "packDiffers":
      return `its rules ${r.pack} are not the rules of that name here.`;
    case "stateDiffers":
      return "its records do not make the state here that they made where it was exported.";
    case "refTaken":
      return `another case here has the reference ${r.ref}.`;
    case "person":
      return `the person ${r.person} ${clashes[r.clash]}.`;
    case "bankDiffers":
      return `the question bank ${r.version} has other questions here.`;
    case "chatTaken":
      return `its group chat is that of case ${r.ref} here. Name another chat as that case's first.`;
    case "tooLarge":
      return "it is larger than this store takes.";
    case "recordDiffers":
      return `the case is here already, and record ${r.record} is another.`;
    case "changedMeanwhile":
      return "the case was changed meanwhile. Stop the service, and import again.";
  }
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const [file, ...more] = args.filter((arg) => arg !== "--check");
  if (file === undefined || file.startsWith("-") || more.length > 0) {
    console.error("Say which export: npm run import -- [--check] FILE");
    return 2;
  }
  try {
    const folder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const at = folder ? path.join(file, "case.jsonl") : file;
    const text = textIf(at);
    if (text === undefined) {
      console.error(`There is no file ${at}`);
      return 2;
    }
    const bundle = readBundle(text);
    checkFiles(bundle, (name) => textIf(path.join(path.dirname(at), name)));
    const { ref, counts, anchor } = bundle.head;
    if (args.includes("--check")) {
      console.log(`Case ${ref} is whole: ${counts.events} events, anchor ${anchor}.`);
      return 0;
    }
    const cosmos = readCosmos(process.env);
    const dataFolder = path.resolve(process.env.EPILOGUE_DATA || ".data");
    const store = await openStore({ dataFolder, ...(cosmos ? { cosmos } : {}) });
    try {
      const now = new Date().toISOString();
      const packs = readPacks(published);
      const done = await restore(bundle, { store, packs, samples: readBanks(packs), now });
      switch (done.kind) {
        case "refused":
          console.error(`Case ${ref} is not imported: ${why(done.refusal)}`);
          return 1;
        case "there":
          console.log(`Case ${ref} is here already, as exported. Nothing was changed.`);
          return 0;
        case "further":
          console.log(`Case ${ref} is here already, and has gone on to record ${done.revision}. Nothing was changed.`);
          return 0;
        default:
          console.log(`Imported case ${ref}: ${done.events} events, anchor ${anchor}. Nothing of it is sent again.`);
          return 0;
      }
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof BrokenBundle)) throw error;
    console.error(`It is not imported. ${error.message}`);
    return 1;
  }
}

function textIf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`The case could not be imported: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  },
);
