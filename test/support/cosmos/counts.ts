import type { Kind } from "./asked";

/** One operation as it was answered, or not. */
export interface Counted {
  kind: Kind;
  /** The HTTP status; 0 when the connection was cut or left without an answer. */
  status: number;
  pk?: string;
  id?: string;
  /** The physical partitions it read or wrote. */
  ranges: string[];
  /** Estimated request units. */
  charge: number;
}

/** What the counts say at one moment. */
export interface CountsNow {
  /** Operations by kind, whatever their outcome. */
  operations: Partial<Record<Kind, number>>;
  /** Distinct physical partitions touched by reads, writes and queries. */
  ranges: string[];
  /** Sum over operations of the physical partitions each touched. */
  partitions: number;
  /** Pages of queries read. */
  pages: number;
  /** Estimated request units of all. */
  charge: number;
  /** Answers by status; 0 for those that were never given. */
  statuses: Record<number, number>;
}

/** Counts operations since the start or the last reset. */
export interface Counts {
  /** How many operations of these kinds; of all without any. */
  of(...kinds: Kind[]): number;
  now(): CountsNow;
  /** The latest operations, at most a thousand, oldest first. */
  latest(): readonly Counted[];
  reset(): void;
  add(one: Counted): void;
}

/** Counts that start at nothing. */
export function newCounts(): Counts {
  let now: CountsNow;
  let latest: Counted[];
  const reset = () => {
    now = { operations: {}, ranges: [], partitions: 0, pages: 0, charge: 0, statuses: {} };
    latest = [];
  };
  reset();
  return {
    of: (...kinds) => {
      const entries = Object.entries(now.operations) as [Kind, number][];
      return entries.filter(([kind]) => kinds.length === 0 || kinds.includes(kind)).reduce((sum, [, n]) => sum + n, 0);
    },
    now: () => structuredClone(now),
    latest: () => [...latest],
    reset,
    add(one) {
      now.operations[one.kind] = (now.operations[one.kind] ?? 0) + 1;
      now.statuses[one.status] = (now.statuses[one.status] ?? 0) + 1;
      now.ranges = [...new Set([...now.ranges, ...one.ranges])].sort();
      now.partitions += one.ranges.length;
      if (one.kind === "query" && one.status === 200) now.pages++;
      now.charge = Math.round((now.charge + one.charge) * 100) / 100;
      latest.push(one);
      if (latest.length > 1000) latest.shift();
    },
  };
}
