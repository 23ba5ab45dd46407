import { effectiveKey } from "./hash";

/** One physical partition: a piece of the hash space, lower end included, upper end not. */
export interface KeyRange {
  readonly id: string;
  readonly min: string;
  readonly max: string;
}

/** The version 2 hash keeps the top two bits clear, so the values lie below this. */
const space = 1n << 126n;

/** Cuts the hash space, from "" to "FF", into equal pieces. */
export function splitRanges(count: number): KeyRange[] {
  const cut = (at: number) => ((space * BigInt(at)) / BigInt(count)).toString(16).toUpperCase().padStart(32, "0");
  return Array.from({ length: count }, (_, at) => ({
    id: `${at}`,
    min: at === 0 ? "" : cut(at),
    max: at === count - 1 ? "FF" : cut(at + 1),
  }));
}

/** True when the effective key lies in the range. */
export const holds = (range: { min: string; max: string }, key: string): boolean => range.min <= key && key < range.max;

/** The range that holds a partition key's value. */
export function rangeOf<R extends KeyRange>(ranges: readonly R[], value: string): R {
  const key = effectiveKey(value);
  const found = ranges.find((range) => holds(range, key));
  if (!found) throw new Error(`No range holds ${key}`);
  return found;
}

/** The answer of the partition key range feed. */
export function rangeFeed(ranges: readonly KeyRange[], rid: string): Record<string, unknown> {
  return {
    _rid: rid,
    _count: ranges.length,
    PartitionKeyRanges: ranges.map(({ id, min, max }) => ({
      id,
      minInclusive: min,
      maxExclusive: max,
      _rid: `${rid}-${id}`,
      ridPrefix: Number(id),
      throughputFraction: 1 / ranges.length,
      status: "online",
      parents: [],
    })),
  };
}
