import type { FreeText } from "./case/case";
import type { Recorded } from "./ports";

/**
 * The hash chain over a partition's events: an altered, missing or reordered record shows, and yet a person's own words
 * can be erased without breaking it, because words enter the hash as a salted digest only.
 */

/** SHA-256 in lower-case hex, passed in: the core does no I/O and has no crypto of its own. */
export type Digest = (text: string) => string;

/** Where a chain has been followed to: the hash of its last event, and that event's seq. */
export interface Link {
  head: string;
  revision: number;
}

/**
 * Before the first event of a partition: what that event is chained to. Each partition has its own, so that a whole chain
 * moved to another partition, a case's record put in the place of another's, shows at its first event.
 */
export const chainStart = (pk: string, digest: Digest): Link => ({
  head: digest(canonical(["epilogue chain of", pk])),
  revision: 0,
});

type Words = { text: string; salt?: string };
type Erased = { erased: string };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Words as `case.ts` has them: nothing else beside the text and its salt, so other objects with a `text` are left alone. */
function isWords(value: unknown): value is Words {
  if (!isObject(value) || typeof value.text !== "string") return false;
  const others = Object.keys(value).filter((key) => key !== "text" && value[key] !== undefined);
  return others.length === 0 || (others.length === 1 && typeof value.salt === "string");
}

/** A copy of plain data with each piece of free text put through `change`; everything else as it was. */
function mapWords(value: unknown, change: (words: Words) => FreeText): unknown {
  if (isWords(value)) return change(value);
  if (Array.isArray(value)) return value.map((item) => mapWords(item, change));
  if (!isObject(value) || !isPlain(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) put(copy, key, mapWords(value[key], change));
  return copy;
}

/** Sets an own member whatever its name: assigning to "__proto__" would set the prototype. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isFromAnotherRealm(prototype);
}

/** Data parsed in another realm (a test runner's sandbox, a frame) has that realm's Object.prototype. */
const isFromAnotherRealm = (prototype: unknown): boolean =>
  isObject(prototype) && Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");

/**
 * One text for one value, whatever order its keys were set in: keys sorted by code unit, no white space, `undefined`
 * members dropped, numbers and strings as JSON writes them. It is the same before and after a round trip through JSON.
 * @throws TypeError for what JSON cannot carry: NaN, infinities, bigint, functions, symbols, and objects with a class.
 */
export const canonical = (value: unknown): string => write(value, undefined);

/** @param words what is written for a piece of free text; undefined to write it as any other object. */
function write(value: unknown, words: ((words: Words) => string) | undefined): string {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item ?? null, words)).join(",")}]`;
  if (!isObject(value) || !isPlain(value)) throw new TypeError(`A ${typeof value} has no canonical form`);
  if (words && isWords(value)) return words(value);
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined) members.push(`${JSON.stringify(key)}:${write(value[key], words)}`);
  }
  return `{${members.join(",")}}`;
}

/**
 * The data with a salt beside each piece of free text that has none. Without it the digest of a short text could be
 * guessed after the text is erased. Call it once, before the event is hashed.
 * @param salt gives a new unguessable text each time.
 */
export function seal<D>(data: D, salt: () => string): D {
  return mapWords(data, (words) => (words.salt === undefined ? { text: words.text, salt: salt() } : words)) as D;
}

/** What stands in for a text in the hash: as a JSON pair, so that no character can move between salt and text. */
function commitment(words: Words, digest: Digest): Erased {
  if (words.salt === undefined) throw new Error("Free text must be sealed before it is hashed or erased");
  return { erased: digest(canonical([words.salt, words.text])) };
}

/**
 * The data with each piece of free text replaced by its salted digest: the words are gone, and the chain still holds.
 * @throws when a text was never sealed.
 */
export function erase<D>(data: D, digest: Digest): D {
  return mapWords(data, (words) => commitment(words, digest)) as D;
}

/**
 * The hash that belongs on the event: over `prev` and everything in it but the hash, free text as its digest.
 * @throws when a text in it was never sealed.
 */
export function hashOf(event: Omit<Recorded, "hash"> & { hash?: string }, digest: Digest): string {
  const signed = { ...event, hash: undefined };
  return digest(write(signed, (words) => canonical(commitment(words, digest))));
}

/**
 * Whole, with the head's hash; or the first record that does not fit. `gap`: a record is missing or out of its place
 * before `seq`; `prev`: it is not chained to the one before it; `origin`: the first is not this partition's, its chain began
 * in another; `hash`: it is not what was hashed.
 */
export type Verdict = ({ ok: true } & Link) | { ok: false; seq: number; why: Fault };
export type Fault = "gap" | "prev" | "origin" | "hash";

/**
 * Checks a partition's events in order, going on after `after`: the partition's `chainStart`, or an earlier verdict, so that
 * a long partition can be read in parts. A chain shows no cut-off tail by itself: compare the head, or a printed hash.
 */
export function verifyChain(events: Iterable<Recorded>, digest: Digest, after: Link): Verdict {
  let { head, revision } = after;
  for (const event of events) {
    const seq = revision + 1;
    // An altered record may be anything, even null.
    if (event?.seq !== seq) return { ok: false, seq, why: "gap" };
    const whole = event.hash === hashIfAny(event, digest);
    // A first event that is whole in itself was taken from elsewhere; any other was altered.
    if (event.prev !== head) return { ok: false, seq, why: seq === 1 && whole ? "origin" : "prev" };
    if (!whole) return { ok: false, seq, why: "hash" };
    head = event.hash;
    revision = seq;
  }
  return { ok: true, head, revision };
}

/** An altered record may be no lawful event at all (an unsealed text, for one): it has no hash then. */
function hashIfAny(event: Recorded, digest: Digest): string | undefined {
  try {
    return hashOf(event, digest);
  } catch {
    return undefined;
  }
}
