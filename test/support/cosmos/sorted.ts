import type { Slot } from "./container";

/** A value that an index sorts; others are only counted. */
export type Key = string | number;

/** One document's place in an index. */
export interface Entry {
  key: Key;
  slot: Slot;
}

/**
 * A sorted index of one value of each document: by the value, then in the order the documents were made. Texts and numbers stand
 * apart, for they do not compare.
 */
export class SortedIndex {
  readonly texts: Entry[] = [];
  readonly numbers: Entry[] = [];
  /** Documents whose value is missing, or neither text nor number. */
  others = 0;

  constructor(private readonly keyOf: (slot: Slot) => unknown) {}

  /** Fills an empty index at once, which is quicker than one by one. */
  fill(slots: Iterable<Slot>): this {
    for (const slot of slots) {
      if (!isThere(slot)) continue;
      const key = this.keyOf(slot);
      const list = this.listOf(key);
      if (list) list.push({ key: key as Key, slot });
      else this.others++;
    }
    this.texts.sort(compare);
    this.numbers.sort(compare);
    return this;
  }

  /** Takes a document's former state out and its new one in. */
  change(before: Slot | undefined, after: Slot | undefined): void {
    if (before && isThere(before)) {
      const key = this.keyOf(before);
      const list = this.listOf(key);
      if (!list) this.others--;
      else list.splice(placeIn(list, { key: key as Key, slot: before }), 1);
    }
    if (after && isThere(after)) {
      const entry = { key: this.keyOf(after) as Key, slot: after };
      const list = this.listOf(entry.key);
      if (!list) this.others++;
      else list.splice(placeIn(list, entry), 0, entry);
    }
  }

  private listOf(key: unknown): Entry[] | undefined {
    return typeof key === "string" ? this.texts : typeof key === "number" ? this.numbers : undefined;
  }
}

/** The first place in a list whose entry is not before the asked one. */
export const placeIn = (list: readonly Entry[], entry: Entry): number => first(list, (one) => compare(one, entry) >= 0);

/** The first place for which the condition holds; it must hold for all after the first. */
export function first(list: readonly Entry[], holds: (entry: Entry) => boolean, from = 0): number {
  let [low, high] = [from, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle] as Entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const isThere = (slot: Slot): boolean => slot.versions.at(-1)?.item !== undefined;

const compare = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.slot.order - b.slot.order);
