import { createHash } from "node:crypto";
import type { Due, Index } from "../../../src/ports";
import { milliseconds } from "../instants";

/**
 * Names of items and partitions, and the keys by which lists are ordered. All are plain ASCII, so that they sort the same
 * here and there, pass through headers and addresses unchanged, and hold no character that Cosmos DB forbids in an id.
 */

const hex = (character: string): string => `~${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Reversible. Anything but letters, digits, dot, dash and underscore stands as `~` and its UTF-16 code. */
export const escaped = (text: string): string => text.replace(/[^\w.-]/g, hex);

/** The same with what is harmless in a partition's key left readable. */
export const partition = (pk: string): string => pk.replace(/[^\w.:|@ -]| $/g, hex);

/** What {@link escaped} or {@link partition} was made from. */
export const unescaped = (text: string): string =>
  text.replace(/~([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** The longest id that Cosmos DB promises everywhere is 255 characters; a longer one is named by its digest. */
const longest = 250;

function id(kind: string, name: string): string {
  const plain = `${kind}-${escaped(name)}`;
  if (plain.length <= longest) return plain;
  return `${kind}-~~${createHash("sha256").update(name, "utf16le").digest("hex")}`;
}

export const HEAD = "head";
export const markerId = (command: string): string => id("c", command);
export const eventId = (seq: number): string => `e-${String(seq).padStart(6, "0")}`;
/** The last seq that six digits hold; a case has some hundreds. */
export const lastSeq = 999_999;
export const noticeId = (name: string): string => id("n", name);
export const docId = (name: string): string => id("d", name);
export const lockId = (lock: string): string => `r-${lock}`;
/** All ids of a kind lie from `first` up to, without, `end`. */
export const idsOf = (kind: "c" | "d" | "e" | "n"): { first: string; end: string } => ({
  first: `${kind}-`,
  end: `${kind}.`,
});

/** What stands in a list: an item of the case's own partition, found by its key. */
export interface ListItem {
  id: string;
  /** In a person's list, or a body's list of cases. */
  k?: string;
  /** In a body's list of what is due. */
  b?: string;
  /** What a row of the list shows, as text. */
  shown: string;
}

/** `!` sorts before every other character of a key, so that a list's keys lie together and in order. */
const key = (...parts: string[]): string => `${parts.join("!")}!`;
const instant = (ms: number): string => String(Math.max(0, ms)).padStart(16, "0");

export type Whose = { person: string } | { bodyId: string };
export const casesKey = (whose: Whose): string =>
  "person" in whose ? key("cp", escaped(whose.person)) : key("cb", escaped(whose.bodyId));
export const dueKey = (whose: Whose): string =>
  "person" in whose ? key("dp", escaped(whose.person)) : key("db", escaped(whose.bodyId));
/** Where what is due after that instant begins, in a list of what is due. */
export const afterInstant = (ms: number): string => instant(ms + 1);
/** Open cases lie behind closed ones, since the list is read from its end. */
export const OPEN = "1";
export const afterAll = "~";

/** Every list item that an index asks for, by id. */
export function listItems(pk: string, index: Index | undefined): Map<string, ListItem> {
  const items = new Map<string, ListItem>();
  if (!index) return items;
  const put = (item: ListItem) => items.set(item.id, item);
  const { kind, bodyId, ref, closed, people, row } = index;
  if (kind === "case") {
    const place = key(closed ? "0" : OPEN, escaped(ref), escaped(pk));
    put({ id: "l-b", k: casesKey({ bodyId }) + place, shown: JSON.stringify({ ref, closed, row }) });
    // Without the summary, which changes with almost every command: a person's item is then written only when it moves.
    const shown = JSON.stringify({ ref, closed, row: null });
    for (const person of new Set(people)) put({ id: id("l-p", person), k: casesKey({ person }) + place, shown });
  }
  for (const due of index.due) {
    const at = instant(milliseconds(due.at));
    const one = [at, escaped(pk), escaped(due.key), escaped(due.who)];
    put({
      id: id("l-d", JSON.stringify([due.key, due.who])),
      k: dueKey({ person: due.who }) + key(...one),
      ...(due.own ? {} : { b: dueKey({ bodyId }) + key(...one) }),
      shown: JSON.stringify({ ref, due } satisfies { ref: string; due: Due }),
    });
  }
  return items;
}
