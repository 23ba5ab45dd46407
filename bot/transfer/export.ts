import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readBanks } from "../../src/rules/banks";
import { published, readPacks } from "../../src/rules/packs";
import { readCosmos } from "../config";
import { readEmbedded } from "../store/embedded";
import { BrokenBundle, withFiles, writeBundle } from "./bundle";
import { gather, type Readable, StateDiffers } from "./gather";
import { readable } from "./readable";

/**
 * `npm run export -- REFERENCE [--move] [--to FOLDER]`: writes one case of the store (Cosmos DB where COSMOS_ENDPOINT is
 * set, else the data folder EPILOGUE_DATA or .data) into a new folder: record.html to read, case.jsonl to verify and to import. Changes nothing in the store; the service may be running.
 * `--move` adds what people need to go on with it elsewhere: mail addresses and accounts. Exit 0: written; 1: the record was
 * altered, and the first altered record is named; 2: it could not be done.
 */

interface Asked {
  ref: string;
  move: boolean;
  to: string | undefined;
}

/** @returns undefined when it is not asked as it should be. */
function asked(args: readonly string[]): Asked | undefined {
  const refs: string[] = [];
  const found: Asked = { ref: "", move: false, to: undefined };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--move") found.move = true;
    else if (arg === "--to") {
      found.to = args[++i];
      if (!found.to) return undefined;
    } else if (arg.startsWith("-")) return undefined;
    else refs.push(arg);
  }
  const [ref, ...more] = refs;
  return ref === undefined || more.length > 0 ? undefined : { ...found, ref };
}

async function main(): Promise<number> {
  const wanted = asked(process.argv.slice(2));
  if (!wanted) {
    console.error("Say which case: npm run export -- REFERENCE [--move] [--to FOLDER]");
    return 2;
  }
  const store = await kept();
  try {
    const packs = readPacks(published);
    const purpose = wanted.move ? "move" : "record";
    const now = new Date().toISOString();
    const found = await gather(wanted.ref, { store, packs, samples: readBanks(packs), now, purpose });
    const pack = found && packs.get(found.state.packId);
    if (!found || !pack) {
      console.error(`There is no case ${wanted.ref.toUpperCase()} in this store.`);
      return 2;
    }
    const { head } = found.bundle;
    const folder = path.resolve(wanted.to ?? `${head.ref}-${head.revision}`);
    const page = { "record.html": readable(found.bundle, found.state, pack) };
    writeWhole(folder, { "case.jsonl": writeBundle(withFiles(found.bundle, page)), ...page });
    console.log(`Exported case ${head.ref} to ${folder}: ${head.counts.events} events, anchor ${head.anchor}.`);
    const lacking = head.banks.filter((version) => !found.bundle.banks.some((bank) => bank.version === version));
    for (const version of lacking) console.log(`Without the question bank ${version}: this store does not have it.`);
    console.log("It holds personal data: keep it as you keep the store.");
    return 0;
  } catch (error) {
    if (!(error instanceof BrokenBundle || error instanceof StateDiffers)) throw error;
    console.error(error.message);
    return 1;
  } finally {
    await store.close();
  }
}

/** The store that the service would use, to read: the data folder may be in use. */
async function kept(): Promise<Readable & { close(): Promise<void> }> {
  const cosmos = readCosmos(process.env);
  if (!cosmos) return readEmbedded(path.resolve(process.env.EPILOGUE_DATA || ".data"));
  const { openCosmos } = await import("../store/cosmos");
  return openCosmos(cosmos, { timeoutMs: 30_000 });
}

/** All of it or nothing, readable by its owner alone. @throws when the folder is there already. */
function writeWhole(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(path.dirname(folder), { recursive: true });
  const making = mkdtempSync(`${folder}.`);
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(making, name), text, { mode: 0o600 });
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    const there = ["ENOTEMPTY", "EEXIST", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "");
    throw there ? new Error(`${folder} is there already: nothing is written over`) : error;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`The case could not be exported: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  },
);
