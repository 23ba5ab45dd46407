import type { NewNotice, Notice, NoticeState, Store } from "../../../src/ports";
import { milliseconds } from "../instants";
import type { Connection, Fresh, Stored } from "./connection";
import { pause } from "./faults";
import { idsOf, noticeId, partition, unescaped } from "./keys";
import { endedTtl, type Packed, packed, unpacked } from "./layout";

type Kept = Omit<Notice, "pk" | "version">;
type NoticeItem = Stored<Packed & { free?: number }>;

/** Looks at what is free while others claim the same: each look in which one loses all was somebody's gain. */
const mostLooks = 50;

/** Notices. `free` is when a claim may take one, in milliseconds; only what may be taken has it, and only that is indexed. */
export function notices(cosmos: Connection): Pick<Store, "claim" | "mark" | "owe" | "notices" | "nextDue"> {
  const noticeOf = (item: NoticeItem): Notice => ({
    ...unpacked<Kept>(item),
    pk: unescaped(item.pk),
    version: item._etag,
  });

  async function replace(seen: Notice, change: Partial<Kept>): Promise<Notice | undefined> {
    const { pk, version, ...kept } = { ...seen, ...change };
    const etag = await cosmos.put({ ...itemOf(kept), pk: partition(pk) }, { etag: version });
    return etag === undefined ? undefined : { ...kept, pk, version: etag };
  }

  return {
    async claim({ now, leaseUntil, limit, pk }) {
      const claimed: Notice[] = [];
      for (let look = 0; look < mostLooks && claimed.length < limit; look++) {
        const wanted = limit - claimed.length;
        const free = await cosmos.first<NoticeItem>(
          wanted,
          `SELECT TOP ${wanted} * FROM c WHERE c.free <= @now ORDER BY c.free`,
          [{ name: "@now", value: milliseconds(now) }],
          pk === undefined ? undefined : partition(pk),
        );
        const taken = await Promise.all(
          free.map((item) => {
            const found = noticeOf(item);
            const state = found.state === "sending" ? "sending" : "claimed";
            return replace(found, { state, leaseUntil, tries: found.tries + (found.state === "claimed" ? 1 : 0) });
          }),
        );
        const mine = taken.filter((one) => one !== undefined);
        claimed.push(...mine);
        if (mine.length === free.length) break;
        // Others claim at this moment: not all at once again.
        await pause(10);
      }
      return claimed.sort(byDue);
    },

    async mark(seen, change) {
      return (await replace(seen, change))?.version;
    },

    async owe(pk, notice) {
      const kept = fresh(notice);
      const version = (await cosmos.put({ ...itemOf(kept), pk: partition(pk) }, "any")) as string;
      return { ...kept, pk, version };
    },

    async notices(pk) {
      const { first, end } = idsOf("n");
      const found = await cosmos.all<NoticeItem>(partition(pk), "SELECT * FROM c WHERE c.id >= @from AND c.id < @to", [
        { name: "@from", value: first },
        { name: "@to", value: end },
      ]);
      return found.map(noticeOf).sort(byDue);
    },

    async nextDue() {
      const [first] = await cosmos.first<{ free: number }>(
        1,
        "SELECT TOP 1 c.free FROM c WHERE c.free >= @first ORDER BY c.free",
        [{ name: "@first", value: 0 }],
      );
      return first && new Date(first.free).toISOString();
    },
  };
}

/** The item of a notice that is new. One whose id stands already starts again as the new one. */
export const newNotice = (notice: NewNotice): Omit<Fresh, "pk"> & { id: string } => itemOf(fresh(notice));

const fresh = ({ id, kind, to, repeat, data, dueAt }: NewNotice): Kept => ({
  id,
  kind,
  to,
  repeat,
  data,
  dueAt,
  state: "waiting",
  tries: 0,
  leaseUntil: null,
  outcome: null,
});

function itemOf(kept: Kept): Omit<Fresh, "pk"> & { id: string } {
  const free = freeAt(kept.state, kept.dueAt, kept.leaseUntil);
  const { id, kind, to, repeat, data, dueAt, state, tries, leaseUntil, outcome } = kept;
  return {
    id: noticeId(id),
    ...(free === undefined ? {} : { free }),
    // A card that was brought up to date is no part of the record; what was sent to a person is.
    ...(free === undefined && to === "cards" ? { ttl: endedTtl } : {}),
    ...packed({ id, kind, to, repeat, data, dueAt, state, tries, leaseUntil, outcome } satisfies Kept),
  };
}

/** When a claim may take it: when it is due, or when the lease of whoever has it runs out. */
function freeAt(state: NoticeState, dueAt: string, leaseUntil: string | null): number | undefined {
  if (state === "waiting") return milliseconds(dueAt);
  if (state === "claimed" || state === "sending") return milliseconds(leaseUntil ?? dueAt);
  return undefined;
}

const byDue = (a: Notice, b: Notice): number =>
  milliseconds(a.dueAt) - milliseconds(b.dueAt) || (a.pk < b.pk ? -1 : a.pk > b.pk ? 1 : 0) || (a.id < b.id ? -1 : 1);
