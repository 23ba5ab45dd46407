import { randomUUID } from "node:crypto";
import type { OperationInput, OperationResponse } from "@azure/cosmos";
import type { Append, Appended, Head, Index, NewNotice, Recorded, Store } from "../../../src/ports";
import type { Connection, Fresh, Stored } from "./connection";
import { pause } from "./faults";
import { eventId, HEAD, lastSeq, listItems, lockId, markerId, partition, unescaped } from "./keys";
import { type Packed, packed, traceTtl, unpacked } from "./layout";
import { newNotice } from "./notices";
import type { References } from "./references";

type Marker = Stored<{ digest: string; revision: number }>;
type EventItem = Stored<Packed>;
type HeadItem = Stored<Packed & { revision: number; hash: string; lock?: string }>;

/** What an append must know of the head that it replaces. */
interface Standing {
  revision: number;
  etag?: string;
  index?: Index;
  /** The lock by which the partition holds its reference. */
  lock?: string;
}

/** Heads of which so much stays known: an action appends to the case that it has just read. */
const mostKnown = 1_000;
/** Milliseconds before each further look at a head that is older than it must be. */
const lags = [20, 40, 80, 160];
const mostOperations = 100;
const mostBytes = 2 * 1024 * 1024 - 32_768;

/** The event streams: heads, events and command markers, each case a partition. */
export function streams(
  cosmos: Connection,
  references: References,
): Pick<Store, "head" | "events" | "append" | "marker" | "partitions"> {
  const known = new Map<string, Standing>();
  const know = (pk: string, standing: Standing): void => {
    known.delete(pk);
    for (const oldest of known.keys()) if (known.size >= mostKnown) known.delete(oldest);
    known.set(pk, standing);
  };

  async function readHead<S>(pk: string): Promise<Head<S> | undefined> {
    const item = await cosmos.read<HeadItem>(partition(pk), HEAD);
    if (!item) return undefined;
    const { state, index } = unpacked<{ state: S; index: Index }>(item);
    const { revision, hash, lock, _etag: etag } = item;
    if (revision >= (known.get(pk)?.revision ?? 0)) know(pk, { revision, etag, index, ...(lock ? { lock } : {}) });
    return { pk, revision, hash, state, index };
  }

  /** The head on which the append was decided; undefined when another stands. */
  async function standingAt(pk: string, expected: number): Promise<Standing | undefined> {
    if (expected === 0) return { revision: 0 };
    const mine = known.get(pk);
    if (mine?.revision === expected && mine.etag !== undefined) return mine;
    await readHead(pk);
    const now = known.get(pk);
    return now?.revision === expected && now.etag !== undefined ? now : undefined;
  }

  async function markerOf(pk: string, commandId: string): Promise<Marker | undefined> {
    return cosmos.read<Marker>(partition(pk), markerId(commandId));
  }

  async function append(asked: Append): Promise<Appended> {
    check(asked);
    const { pk, expected, command, head } = asked;
    const before = await standingAt(pk, expected);
    if (!before) return (await earlier(asked)) ?? "conflict";

    const { ref } = head.index;
    const renamed = ref !== (before.index?.ref ?? "");
    const lock = !renamed ? before.lock : ref === "" ? undefined : await references.reserve(ref, pk);
    if (renamed && ref !== "" && lock === undefined) return (await earlier(asked)) ?? "conflict";

    const attempt = randomUUID();
    const items = itemsOf(asked, before, lock, attempt);
    if (!fits(items)) return "full";
    const written = await cosmos.batch(partition(pk), () => items.map(operation)).catch(tooLarge);
    if (written === "full") return written;
    const { results, again } = written;
    const failed = results.findIndex((r) => r.statusCode >= 300 && r.statusCode !== 424);
    if (failed < 0) {
      const etag = results[items.findIndex((i) => i.item.id === HEAD)]?.eTag;
      if (etag) know(pk, { revision: head.revision, etag, index: head.index, ...(lock ? { lock } : {}) });
      else known.delete(pk);
      return "appended";
    }
    const status = results[failed]?.statusCode ?? 0;
    if (failed === 0 && status === 409) {
      const marker = await markerOf(pk, command.id);
      // Sent again after a lost answer, it finds its own marker: it is done, once.
      if (again && marker?.w === attempt) {
        known.delete(pk);
        return "appended";
      }
      return marker?.digest === command.digest ? "repeat" : "reused";
    }
    if (status === 413) return "full";
    if (status !== 404 && status !== 409 && status !== 412) throw new Error(unexpected(results, failed));
    // An event in the way says how far the stream has come at least; whoever reads next must see that.
    const event = failed <= asked.events.length;
    if (event) know(pk, { revision: expected + 1 });
    else known.delete(pk);
    return "conflict";
  }

  /** What this command was before, if it was. */
  async function earlier({ pk, command }: Append): Promise<"repeat" | "reused" | undefined> {
    const marker = await markerOf(pk, command.id);
    return marker && (marker.digest === command.digest ? "repeat" : "reused");
  }

  return {
    async head<S>(pk: string, atLeast = 0): Promise<Head<S> | undefined> {
      for (let n = 0; ; n++) {
        const floor = Math.max(atLeast, known.get(pk)?.revision ?? 0);
        const head = await readHead<S>(pk);
        const lag = lags[n];
        if ((head?.revision ?? 0) >= floor) return head;
        if (lag === undefined) {
          // Nobody has so much: what was thought to stand there does not.
          known.delete(pk);
          return head;
        }
        await pause(lag);
      }
    },

    async events(pk, { from = 1, to = lastSeq } = {}) {
      if (from > to) return [];
      if (from === to) {
        const one = await cosmos.read<EventItem>(partition(pk), eventId(from));
        return one ? [unpacked<Recorded>(one)] : [];
      }
      const found = await cosmos.all<EventItem>(
        partition(pk),
        "SELECT * FROM c WHERE c.id >= @from AND c.id <= @to ORDER BY c.id",
        [
          { name: "@from", value: eventId(Math.max(from, 0)) },
          { name: "@to", value: eventId(Math.min(to, lastSeq)) },
        ],
      );
      return found.map((item) => unpacked<Recorded>(item));
    },

    append,

    async marker(pk, commandId) {
      const found = await markerOf(pk, commandId);
      return found && { digest: found.digest, revision: found.revision };
    },

    async *partitions() {
      // Its head and its first event both bear the name: one without the other is a fault to find.
      const query = "SELECT c.part FROM c WHERE c.part >= @first ORDER BY c.part";
      let last: string | undefined;
      for await (const { part } of cosmos.each<{ part: string }>(query, [{ name: "@first", value: "" }])) {
        if (part === last) continue;
        last = part;
        yield unescaped(part);
      }
    },
  };
}

/** @throws RangeError for an append that no decision makes: it would leave a stream that cannot be read again. */
function check({ pk, expected, events, head }: Append): void {
  const inOrder = events.every((event, i) => event.seq === expected + 1 + i);
  if (!inOrder) throw new RangeError(`The events for ${pk} do not follow on revision ${expected}`);
  const after = expected + events.length;
  if (head.pk !== pk || head.revision !== after) throw new RangeError(`The head for ${pk} is not at revision ${after}`);
  if (after > lastSeq) throw new RangeError(`${pk} is full`);
}

/** One item to be written, and how. */
interface Writing {
  how: "Create" | "Upsert" | { ifMatch: string };
  item: Fresh;
}

/** Marker, events, head, reference's lock, lists, notices: the order tells what a refusal means. */
function itemsOf(append: Append, before: Standing, lock: string | undefined, attempt: string): Writing[] {
  const { command, events, head } = append;
  const pk = partition(append.pk);
  const made: Writing[] = [];
  const put = (how: Writing["how"], item: Omit<Fresh, "pk"> & { id: string }) =>
    made.push({ how, item: { ...item, pk } });

  put("Create", { id: markerId(command.id), digest: command.digest, revision: head.revision, w: attempt });
  for (const event of events)
    put("Create", { id: eventId(event.seq), ...(event.seq === 1 ? { part: pk } : {}), ...packed(event) });
  const { revision, hash, state, index } = head;
  put(before.etag === undefined ? "Create" : { ifMatch: before.etag }, {
    id: HEAD,
    part: pk,
    revision,
    hash,
    ...(lock ? { lock } : {}),
    ...packed({ state, index }),
  });
  if (lock !== undefined && lock !== before.lock) put("Create", { id: lockId(lock) });
  if (before.lock !== undefined && lock !== before.lock) put("Upsert", { id: lockId(before.lock), void: true });

  const now = listItems(append.pk, index);
  const was = listItems(append.pk, before.index);
  for (const [id, item] of now) if (JSON.stringify(item) !== JSON.stringify(was.get(id))) put("Upsert", { ...item });
  // Emptied rather than deleted: a deletion of what is gone already would refuse the whole transaction.
  for (const id of was.keys()) if (!now.has(id)) put("Upsert", { id, ttl: traceTtl });
  for (const fresh of lastOfEach(append.notices)) put("Upsert", newNotice(fresh));
  return made;
}

const lastOfEach = (notices: NewNotice[]): NewNotice[] => [...new Map(notices.map((n) => [n.id, n])).values()];

function fits(made: readonly Writing[]): boolean {
  const bytes = made.reduce((sum, { item }) => sum + Buffer.byteLength(JSON.stringify(item)) + 200, 0);
  return made.length <= mostOperations && bytes <= mostBytes;
}

/** The server's own word for it, should it count otherwise. */
function tooLarge(error: unknown): "full" {
  if ((error as { code?: unknown }).code !== 413) throw error;
  return "full";
}

function operation({ how, item }: Writing): OperationInput {
  const resourceBody = { ...item } as never;
  if (typeof how === "string") return { operationType: how, resourceBody } as OperationInput;
  return { operationType: "Replace", id: item.id, ifMatch: how.ifMatch, resourceBody } as OperationInput;
}

const unexpected = (results: OperationResponse[], failed: number): string =>
  `A transaction was refused: item ${failed} with ${results[failed]?.statusCode}, of ${results.length}`;
