import { writeSync } from "node:fs";
import { openEmbedded } from "../../bot/store/embedded";
import type { Recorded } from "../../src/ports";
import { loadOf } from "./kill.load";

/**
 * Appends to several cases without end, several at once, and tells each on standard output once it is acknowledged:
 * "pk seq". It ends only by being killed.
 */
async function main(folder: string): Promise<void> {
  const store = openEmbedded(folder);
  writeSync(1, "open\n");

  const write = async (pk: string) => {
    let last: Recorded | undefined = (await store.events(pk)).at(-1);
    for (;;) {
      const append = loadOf(pk, last);
      const done = await store.append(append);
      if (done !== "appended") throw new Error(`${pk} ${append.expected}: ${done}`);
      last = append.events.at(-1);
      writeSync(1, `${pk} ${last?.seq}\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(["case:a", "case:b", "case:c"].map(write));
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});
