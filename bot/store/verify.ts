import { createHash } from "node:crypto";
import path from "node:path";
import { checkStore, type Flaw } from "./chainCheck";
import { readEmbedded } from "./embedded";
import { refold } from "./refold";

/**
 * `npm run verify [-- FOLDER]`: checks the record in the data folder (the argument, else EPILOGUE_DATA, else .data) and
 * changes nothing; the service may be running. Exit 0: whole; 1: altered, and the first altered record is named; 2: it
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
  const folder = path.resolve(process.argv[2] || process.env.EPILOGUE_DATA || ".data");
  const store = readEmbedded(folder);
  try {
    const found = await checkStore(store, (text) => createHash("sha256").update(text).digest("hex"), refold);
    if (found.ok) {
      console.log(`The record in ${folder} is whole: ${found.partitions} partitions, ${found.events} events.`);
      return 0;
    }
    const { pk, seq, why } = found;
    console.error(`Altered: partition ${JSON.stringify(pk)}, record ${seq} (${why}): ${meaning[why]}.`);
    return 1;
  } finally {
    await store.close();
  }
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
