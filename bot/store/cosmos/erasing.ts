import type { Recorded, Store } from "../../../src/ports";
import type { Connection, Stored } from "./connection";
import { eventId, idsOf, noticeId, partition } from "./keys";
import { packed } from "./layout";

/** Items that are written or removed at once. */
const width = 10;

/** What was recorded gives way to what may stay of it. Each item by itself: whoever asks again goes on where it ended. */
export function erasing(cosmos: Connection): Pick<Store, "erase" | "scrub"> {
  const itemsOf = (pk: string, kind: Parameters<typeof idsOf>[0]): Promise<Stored<unknown>[]> => {
    const { first, end } = idsOf(kind);
    return cosmos.all<Stored<unknown>>(pk, "SELECT * FROM c WHERE c.id >= @from AND c.id < @to", [
      { name: "@from", value: first },
      { name: "@to", value: end },
    ]);
  };

  return {
    async erase(name, events, keep) {
      const pk = partition(name);
      const standing = new Map((await itemsOf(pk, "e")).map((item) => [item.id, item._etag]));
      const write = async (event: Recorded) => {
        const id = eventId(event.seq);
        const etag = standing.get(id);
        if (etag === undefined) return;
        const item = { id, pk, ...(event.seq === 1 ? { part: pk } : {}), ...packed(event) };
        if ((await cosmos.put(item, { etag })) === undefined) throw new Error("An event changed while it was erased");
      };
      await inTurns(events, write);
      const gone = [...(await itemsOf(pk, "c")), ...(await itemsOf(pk, "n"))].filter((i) => i.id !== noticeId(keep));
      await inTurns(gone, (item) => cosmos.remove(pk, item.id));
    },

    // What an item was before cannot be asked of Cosmos DB. Its backups go by the account's own retention.
    async scrub() {},
  };
}

async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < all.length; from += width) await Promise.all(all.slice(from, from + width).map(work));
}
