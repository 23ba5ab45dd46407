import { type Digest, type Fault, GENESIS, verifyChain } from "../../src/chain";
import type { Head, Recorded, Store } from "../../src/ports";

/** What does not fit: see `Fault`; `tail`: the head and the last event do not agree. */
export type Flaw = { ok: false; seq: number; why: Fault | "tail" };
/** The whole store is whole, with what was counted; or the first record that does not fit. */
export type Finding = { ok: true; partitions: number; events: number } | (Flaw & { pk: string });

type Readable = Pick<Store, "partitions" | "events" | "head">;

/** Events read at once, so that memory does not grow with the partition. */
const PART = 200;

/**
 * Checks every partition of a store: its events are chained from the first to the last, and its head stands at the last of
 * them, with its hash. It ends at the first that fails. A service may append meanwhile.
 * @throws when the store cannot be read, which says nothing about the records.
 */
export async function checkStore(store: Readable, digest: Digest): Promise<Finding> {
  let partitions = 0;
  let events = 0;
  for await (const pk of store.partitions()) {
    const checked = await checkPartition(store, pk, digest);
    if (!checked.ok) return { ...checked, pk };
    partitions++;
    events += checked.revision;
  }
  return { ok: true, partitions, events };
}

async function checkPartition(
  store: Readable,
  pk: string,
  digest: Digest,
): Promise<Flaw | { ok: true; revision: number }> {
  let chain = { head: GENESIS, revision: 0 };
  let revisionAtLastHead = -1;
  for (;;) {
    const { events, unreadable } = await read(store, pk, chain.revision + 1);
    const verdict = verifyChain(events, digest, chain);
    if (!verdict.ok) return verdict;
    if (unreadable !== undefined) return { ok: false, seq: unreadable, why: "hash" };
    chain = verdict;
    if (events.length > 0) continue;

    const head = await headOf(store, pk);
    if (head?.revision === chain.revision && head.hash === chain.head) return { ok: true, revision: chain.revision };
    // A head further on may be an append of this moment: its events are there then, at the next look.
    const further = head !== undefined && head.revision > chain.revision;
    if (!further) return { ok: false, seq: Math.max(chain.revision, 1), why: "tail" };
    if (revisionAtLastHead === chain.revision) return { ok: false, seq: chain.revision + 1, why: "tail" };
    revisionAtLastHead = chain.revision;
  }
}

/** The next events, and the seq of one that is no JSON any more, if there is one after them. */
async function read(store: Readable, pk: string, from: number): Promise<{ events: Recorded[]; unreadable?: number }> {
  const events = await unlessAltered(() => store.events(pk, { from, to: from + PART - 1 }));
  if (events) return { events };
  const before: Recorded[] = [];
  for (let seq = from; ; seq++) {
    const one = await unlessAltered(() => store.events(pk, { from: seq, to: seq }));
    if (!one) return { events: before, unreadable: seq };
    before.push(...one);
  }
}

const headOf = (store: Readable, pk: string): Promise<Head | undefined> => unlessAltered(() => store.head(pk));

/** What was read; undefined for what is no JSON any more: a finding, not a failure. */
async function unlessAltered<T>(reading: () => Promise<T>): Promise<T | undefined> {
  try {
    return await reading();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
