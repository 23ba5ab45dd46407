import type { By, Lifted, Occurred, PersonId, Warned } from "./case/case";
import type { Instant, IsoDate } from "./rules/calendar";

/** What the pure core needs of the outside. Edges implement these; tests pass fakes. */

export interface Clock {
  now(): Instant;
}

/** Randomness and digests, passed in so that a decision can be replayed. */
export interface Chance {
  /** A new id, unguessable, of letters, digits and dashes. */
  id(): string;
  /** A number in [0, 1). */
  draw(): number;
  /** SHA-256 of the text in lower-case hex. */
  digest(text: string): string;
}

/** An event as stored: never changed, chained by `hash` over `prev`. `seq` runs from 1 in each partition. */
export interface Recorded<D = unknown> {
  seq: number;
  type: string;
  data: D;
  at: Instant;
  by: By;
  commandId: string;
  packId: string;
  /** `at` is when it was received; this is when it happened, where a device sent it later than that. */
  occurred?: Occurred;
  lifted?: Lifted[];
  warned?: Warned[];
  prev: string;
  hash: string;
}

/** What lists are made from; kept beside the head, indexed, so that a list costs by its answer. */
export interface Index {
  kind: "case" | "body";
  bodyId: string;
  /** The reference people type, upper case, unique: "EX-2026-0147". */
  ref: string;
  /** Nothing more is to happen in it. */
  closed: boolean;
  people: PersonId[];
  /** A small summary that the body's list of cases shows without reading heads; in no person's list. */
  row: unknown;
  due: Due[];
}

/** One thing due, of one person. `at` is an instant: for a date, the end of that day in London. */
export interface Due {
  key: string;
  at: Instant;
  day: IsoDate;
  who: PersonId;
  facts: Record<string, string | number>;
  /** Stands in that person's own list only: the body's list has what it is about already. */
  own?: true;
}

/** The folded state of a partition at `revision` (the seq of its last event; 0 when none). */
export interface Head<S = unknown> {
  pk: string;
  revision: number;
  hash: string;
  state: S;
  index: Index;
}

/** never: not sent again after an ambiguous failure (a result). repeat: sent again (a reminder, a card update). */
export type Repeat = "never" | "repeat";

/** A message, mail, card update or reminder to come, written in the batch of the event that causes it. */
export interface NewNotice {
  /** Deterministic: the same cause gives the same id. */
  id: string;
  kind: string;
  to: PersonId | "chat" | "cards" | "store" | "meeting";
  dueAt: Instant;
  repeat: Repeat;
  data: unknown;
}

export type NoticeState = "waiting" | "claimed" | "sending" | "sent" | "unconfirmed" | "dead" | "dropped";

export interface Notice extends NewNotice {
  pk: string;
  state: NoticeState;
  tries: number;
  leaseUntil: Instant | null;
  /** Why it is in its state, a code: never a person's words. */
  outcome: string | null;
  /** Changes with each write: an update names the version it saw. */
  version: string;
}

export interface Append<S = unknown> {
  pk: string;
  /** The revision on which the events were decided. */
  expected: number;
  /** Marker id, unique in the partition for good, and the digest of what was asked. */
  command: { id: string; digest: string };
  events: Recorded[];
  head: Head<S>;
  /** A notice whose id exists already replaces it. */
  notices: NewNotice[];
}

/**
 * appended: all of it is durable. repeat: this very command was appended before; nothing written.
 * reused: its id was used for something else; nothing written. conflict: a rival was first, or has taken the reference;
 * nothing written. full: more than the store takes in one transaction or one document; nothing written.
 */
export type Appended = "appended" | "repeat" | "reused" | "conflict" | "full";

/** A document beside the streams: a person, a binding, a posted card. Mutable, with a version for safe replacement. */
export interface Doc<B = unknown> {
  pk: string;
  id: string;
  body: B;
  version: string;
}

export interface Page<R> {
  rows: R[];
  /** Pass it back to get the next page; null on the last. */
  next: string | null;
}

export interface CaseRow {
  pk: string;
  ref: string;
  closed: boolean;
  /** The summary of its index, in a body's list; null in a person's. */
  row: unknown;
}

export interface DueRow extends Due {
  pk: string;
  ref: string;
}

/** One contract, several stores; `test/store/contract.ts` is its definition in tests. */
export interface Store {
  /** Each call is a request over a network, and is paid for: what can be done without is not asked. */
  readonly remote?: boolean;
  /**
   * The head as it stands. `atLeast`: the caller has seen this revision; where copies can lag, an older one is read again
   * for a fraction of a second, and then it is given all the same.
   */
  head<S>(pk: string, atLeast?: number): Promise<Head<S> | undefined>;
  events(pk: string, range?: { from?: number; to?: number }): Promise<Recorded[]>;
  /** One atomic transaction: marker, events (the seq is the lock), head, notices. All of it or none. */
  append<S>(append: Append<S>): Promise<Appended>;
  /** The pk and revision of the command's first run, when this marker stands. */
  marker(pk: string, commandId: string): Promise<{ digest: string; revision: number } | undefined>;

  doc<B>(pk: string, id: string): Promise<Doc<B> | undefined>;
  docs<B>(pk: string): Promise<Doc<B>[]>;
  /**
   * Writes a document. `version` undefined: only if there is none; a version: only if it is still that one;
   * "any": whatever stands. False when the condition fails; nothing is written then.
   */
  putDoc<B>(pk: string, id: string, body: B, version: string | undefined | "any"): Promise<boolean>;
  removeDoc(pk: string, id: string): Promise<void>;

  byRef(ref: string): Promise<string | undefined>;
  /** Open cases first by reference descending; `closed` to include closed ones. */
  casesOf(
    whose: { person: PersonId } | { bodyId: string },
    page: { limit: number; after?: string | null; closed?: boolean },
  ): Promise<Page<CaseRow>>;
  /** What is due, soonest first, `until` included. `person`: theirs; `bodyId`: every case of the body. */
  dueOf(
    whose: { person: PersonId } | { bodyId: string },
    page: { limit: number; after?: string | null; until?: Instant },
  ): Promise<Page<DueRow>>;

  /**
   * The store's own time, the same for every instance: leases are counted by it, and what falls due, never by an
   * instance's clock. May be up to a second behind; does not go back. Costs no request once the store has been spoken to.
   */
  now(): Promise<Instant>;
  /**
   * Claims up to `limit` notices that are due and free: waiting, or claimed or sending with a lease run out; the longest
   * free first. One found sending stays so: whoever had it ended in the midst of the call, so by its `repeat` it is sent
   * again or is unconfirmed. One found claimed has had a try, which is counted (`tries` + 1): what ends its claimer each
   * time is not tried for ever. Both instants are by the store's own time.
   */
  claim(ask: { now: Instant; leaseUntil: Instant; limit: number; pk?: string }): Promise<Notice[]>;
  /** Changes a notice if its version still stands; the new version, or undefined when it does not. */
  mark(
    notice: Notice,
    change: Partial<Pick<Notice, "state" | "tries" | "leaseUntil" | "outcome" | "dueAt">>,
  ): Promise<string | undefined>;
  /**
   * Writes a notice that no event causes: of what somebody begins and may not live to end; who does end it marks it. One
   * whose id stands already starts again as the new one.
   */
  owe(pk: string, notice: NewNotice): Promise<Notice>;
  notices(pk: string): Promise<Notice[]>;
  /** When the next free notice falls due, to sleep until then. */
  nextDue(): Promise<Instant | undefined>;

  /**
   * Puts these events in the place of those with their seq, words replaced by digests, and takes away every command marker of
   * the partition (their digests are of what was written) and every notice but `keep`. The head is not touched. It may end in
   * between; asked again with the same it goes on. Nothing is written for a seq that holds no event.
   */
  erase(pk: string, events: readonly Recorded[], keep: string): Promise<void>;
  /**
   * Resolves when nothing that was erased, removed or replaced can be read any more in what the store holds of it beside the
   * documents themselves (freed pages, logs). Refuses while somebody reads an older state: ask again.
   */
  scrub(): Promise<void>;

  /** Every partition that holds events, for verification. */
  partitions(): AsyncIterable<string>;
  /** Refuses when the store cannot be read or written now. */
  ready(): Promise<void>;
  close(): Promise<void>;
}
