import { canonical, chainStart, type Digest, type Fault, verifyChain } from "../../src/chain";
import type { Head, Recorded, Store } from "../../src/ports";

/** What does not fit: see `Fault`; `tail`: the head and the last event do not agree; `state`: the head's state is not what its events make. */
export type Flaw = { ok: false; seq: number; why: Fault | "tail" | "state" };
/** Folds a partition's next event; `undefined` before the first. A partition of a kind it does not know gives undefined. */
export type Fold = (pk: string, state: unknown, event: Recorded) => unknown;
/** The whole store is whole, with what was counted; or the first record that does not fit. */
export type Finding = { ok: true; partitions: number; events: number } | (Flaw & { pk: string });

/** What of a store is read to check it. */
export type Readable = Pick<Store, "partitions" | "events" | "head">;

/** Events read at once, so that memory does not grow with the partition. */
const PART = 200;

/**
 * Checks every partition of a store: its events are chained from the first to the last, and its head stands at the last of
 * them, with its hash and, where `fold` knows the kind, with the state that they make. It ends at the first that fails. A service may append meanwhile.
 * @throws when the store cannot be read, which says nothing about the records.
 */
export async function checkStore(store: Readable, digest: Digest, fold: Fold = () => undefined): Promise<Finding> {
  let partitions = 0;
  let events = 0;
  for await (const pk of store.partitions()) {
    const checked = await checkPartition(store, pk, digest, fold);
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
  fold: Fold,
): Promise<Flaw | { ok: true; revision: number }> {
  let state: unknown;
  let chain = chainStart(pk, digest);
  let revisionAtLastHead = -1;
  for (;;) {
    const { events, unreadable } = await read(store, pk, chain.revision + 1);
    const verdict = verifyChain(events, digest, chain);
    if (!verdict.ok) return verdict;
    if (unreadable !== undefined) return { ok: false, seq: unreadable, why: "hash" };
    chain = verdict;
    for (const e of events) state = fold(pk, state, e);
    if (events.length > 0) continue;

    const head = await headOf(store, pk);
    if (head?.revision === chain.revision && head.hash === chain.head) {
      const same = state === undefined || canonical(state) === canonical(head.state);
      return same ? { ok: true, revision: chain.revision } : { ok: false, seq: chain.revision, why: "state" };
    }
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
