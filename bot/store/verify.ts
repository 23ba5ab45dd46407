import { createHash } from "node:crypto";
import path from "node:path";
import { readCosmos } from "../config";
import { checkStore, type Flaw, type Readable } from "./chainCheck";
import { readEmbedded } from "./embedded";
import { refold } from "./refold";

/**
 * `npm run verify [-- FOLDER]`: checks the record in the folder named; else in Cosmos DB where COSMOS_ENDPOINT is set, else in
 * the data folder (EPILOGUE_DATA, else .data). Changes nothing; the service may be running. Exit 0: whole; 1: altered, and the first altered record is named; 2: it
 * could not be read.
 */

const meaning: Record<Flaw["why"], string> = {
  gap: "a record is missing, or stands out of its place",
  prev: "it is not chained to the record before it",
  origin: "its chain began in another partition: the record was moved here",
  hash: "it is not what was recorded",
  state: "the present state is not what the records make",
  tail: "the case's present state and its last record do not agree",
};

async function main(): Promise<number> {
  const { store, where } = await wanted(process.argv[2]);
  try {
    const found = await checkStore(store, (text) => createHash("sha256").update(text).digest("hex"), refold);
    if (found.ok) {
      console.log(`The record in ${where} is whole: ${found.partitions} partitions, ${found.events} events.`);
      return 0;
    }
    const { pk, seq, why } = found;
    console.error(`Altered: partition ${JSON.stringify(pk)}, record ${seq} (${why}): ${meaning[why]}.`);
    return 1;
  } finally {
    await store.close();
  }
}

async function wanted(folder?: string): Promise<{ store: Readable & { close(): Promise<void> }; where: string }> {
  const cosmos = folder ? undefined : readCosmos(process.env);
  if (cosmos) {
    const { openCosmos } = await import("./cosmos");
    const where = `${cosmos.database}/${cosmos.container} at ${new URL(cosmos.endpoint).host}`;
    return { store: await openCosmos(cosmos, { timeoutMs: 30_000 }), where };
  }
  const where = path.resolve(folder || process.env.EPILOGUE_DATA || ".data");
  return { store: readEmbedded(where), where };
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`The record could not be checked: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  },
);
