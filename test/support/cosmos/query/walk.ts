import type { Partition, Slot } from "../container";
import { type Entry, first, type Key, placeIn, SortedIndex } from "../sorted";
import type { Expression, Path, Query } from "./ast";
import { evaluate, type Names } from "./evaluate";

/** Documents to look at for a query, and whether they already come in the query's order. */
export interface Walk {
  slots: Iterable<Slot>;
  inOrder: boolean;
}

/** A part of an index: entries from a place up to, not including, another. */
interface Stretch {
  list: readonly Entry[];
  low: number;
  high: number;
}

/**
 * Finds, with indexes over one physical partition as it is now, the documents that can fit a query; the filter itself is still to
 * be applied. An index is built when it is first asked for, and kept up from then on. The outcome is the same without: only
 * the time a test takes depends on it.
 * @param from the last row given so far: documents before its place may be left out
 */
export function walkOf(
  partition: Partition,
  query: Query,
  names: Names,
  from?: { keys: unknown[]; document: number },
): Walk {
  const bounded = boundsOf(query, names);
  const stretches = [...bounded].map(([path, tests]) => ({ path, stretch: stretchOf(partition, path, tests) }));
  const narrow = stretches
    .flatMap(({ stretch }) => (stretch ? [stretch] : []))
    .sort((a, b) => a.high - a.low - (b.high - b.low))[0];

  if (query.order.length === 1 && query.order[0]) {
    const { of, down } = query.order[0];
    const path = nameOf(of);
    const along = stretches.find((one) => one.path === path)?.stretch ?? wholeOf(partition, path);
    // Better a short list to sort than a long one to walk along.
    if (along && (!narrow || along.high - along.low <= 4 * (narrow.high - narrow.low))) {
      return { slots: inDirection(along, down, from), inOrder: true };
    }
  }
  if (narrow) {
    const found = narrow.list.slice(narrow.low, narrow.high).map(({ slot }) => slot);
    if (query.order.length > 0) return { slots: found, inOrder: false };
    return { slots: found.sort((a, b) => a.order - b.order), inOrder: true };
  }
  const list = indexOf(partition, "").numbers;
  if (query.order.length > 0) return { slots: inDirection({ list, low: 0, high: list.length }, false), inOrder: false };
  const start = from ? { keys: [from.document], document: from.document } : undefined;
  return { slots: inDirection({ list, low: 0, high: list.length }, false, start), inOrder: true };
}

/** The index of a property by its dotted name; of the order documents were made in for "". */
function indexOf(partition: Partition, path: string): SortedIndex {
  const known = partition.indexes.get(path);
  if (known) return known;
  const keys = path.split(".");
  const keyOf = (slot: Slot) =>
    path === ""
      ? slot.order
      : keys.reduce<unknown>(
          (value, key) => (value as Record<string, unknown> | undefined)?.[key],
          slot.versions.at(-1)?.item,
        );
  const all = function* () {
    for (const slots of partition.logical.values()) yield* slots.values();
  };
  const index = new SortedIndex(keyOf).fill(all());
  partition.indexes.set(path, index);
  return index;
}

/** The whole of an index, if every document stands in it and all are of one kind. */
function wholeOf(partition: Partition, path: string): Stretch | undefined {
  const { texts, numbers, others } = indexOf(partition, path);
  if (others > 0 || (texts.length > 0 && numbers.length > 0)) return undefined;
  const list = texts.length > 0 ? texts : numbers;
  return { list, low: 0, high: list.length };
}

type Test = { by: "=" | "<" | "<=" | ">" | ">=" | "starts"; key: Key };

/** What the filter says of single properties in a way that all documents must fulfil. */
function boundsOf(query: Query, names: Names): Map<string, Test[]> {
  const found = new Map<string, Test[]>();
  const add = (of: Path, by: Test["by"], value: Expression) => {
    const key = isConstant(value) ? evaluate(value, names) : undefined;
    if (of.root !== query.from || of.keys.length === 0 || (typeof key !== "string" && typeof key !== "number")) return;
    found.set(nameOf(of), [...(found.get(nameOf(of)) ?? []), { by, key }]);
  };
  for (const part of conjuncts(query.where)) {
    if (part.is === "compare" && part.by !== "=" && part.by !== "!=") {
      if (part.left.is === "path") add(part.left, part.by, part.right);
      else if (part.right.is === "path") add(part.right, turned[part.by], part.left);
    } else if (part.is === "compare" && part.by === "=") {
      if (part.left.is === "path") add(part.left, "=", part.right);
      else if (part.right.is === "path") add(part.right, "=", part.left);
    } else if (part.is === "between" && part.of.is === "path") {
      add(part.of, ">=", part.from);
      add(part.of, "<=", part.to);
    } else if (part.is === "call" && part.name === "STARTSWITH" && part.of[0]?.is === "path" && part.of[1]) {
      add(part.of[0], "starts", part.of[1]);
    }
  }
  return found;
}

const turned = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

const isConstant = (of: Expression): boolean => of.is === "value" || of.is === "parameter";

const conjuncts = (of: Expression | undefined): Expression[] =>
  !of ? [] : of.is === "and" ? of.of.flatMap(conjuncts) : [of];

const nameOf = ({ keys }: Path): string => keys.join(".");

/** The stretch of an index that fulfils all tests; undefined when they are of several kinds. */
function stretchOf(partition: Partition, path: string, tests: Test[]): Stretch | undefined {
  const kind = typeof tests[0]?.key;
  if (tests.some(({ key }) => typeof key !== kind)) return undefined;
  const { texts, numbers } = indexOf(partition, path);
  const list = kind === "string" ? texts : numbers;
  let [low, high] = [0, list.length];
  for (const { by, key } of tests) {
    const from = first(list, (entry) => entry.key >= key);
    const behind = first(list, (entry) => entry.key > key);
    if (by === "=" || by === ">=" || by === "starts") low = Math.max(low, from);
    if (by === ">") low = Math.max(low, behind);
    if (by === "=" || by === "<=") high = Math.min(high, behind);
    if (by === "<") high = Math.min(high, from);
    if (by === "starts")
      high = Math.min(
        high,
        first(list, (entry) => !`${entry.key}`.startsWith(`${key}`), from),
      );
  }
  return { list, low, high: Math.max(low, high) };
}

/** Documents of a stretch one way or the other, from a place on (itself included). */
function* inDirection(
  { list, low, high }: Stretch,
  down: boolean,
  from?: { keys: unknown[]; document: number },
): Iterable<Slot> {
  const at = from && placeIn(list, { key: from.keys[0] as Key, slot: { order: from.document } as Slot });
  if (down) {
    for (let n = Math.min(high - 1, at ?? high - 1); n >= low; n--) yield (list[n] as Entry).slot;
  } else {
    for (let n = Math.max(low, at ?? low); n < high; n++) yield (list[n] as Entry).slot;
  }
}
