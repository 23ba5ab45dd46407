import { createHash } from "node:crypto";
import type { Container, Partition, Slot } from "../container";
import { notImplemented, Refused } from "../refused";
import type { Json, Query } from "./ast";
import { chosen, countOf, evaluate, joined, type Names, order } from "./evaluate";
import { walkOf } from "./walk";

/** Where a query reads: a physical partition, within it perhaps one partition key's value or a narrower piece of the hashes. */
export interface Scope {
  partition: Partition;
  pk?: string | undefined;
  /** Only these partition keys' values. */
  within?: (pk: string) => boolean;
  /** The number of the last write that a read may see; absent: everything. */
  sight?: number | undefined;
}

/** One page of a query's answer in one partition. */
export interface Page {
  documents: Json[];
  /** Where the next page starts; absent after the last. */
  after?: Place;
  /** Documents that fitted the filter up to here. */
  matched: number;
  bytes: number;
}

/** A place between two rows: the last row's order values, document and joined element; what was given so far. */
export interface Place {
  keys: Json[];
  document: number;
  element: number;
  given: number;
}

interface Row {
  keys: Json[];
  document: number;
  element: number;
  names: Names;
}

/** The service's limit for one answer, in bytes. */
const largestPage = 4 * 1024 * 1024;

/**
 * One page of a query. A place stays good while others write: the page starts with the first row behind it.
 * @throws Refused 400 when an ordered property is missing or of several kinds, which is not implemented here
 */
export function pageOf(
  container: Container,
  scope: Scope,
  query: Query,
  given: Names,
  size: number,
  from?: Place,
): Page {
  const down = query.order.some((key) => key.down);
  const compare: Compare = (a, b) => compareRows(a, b, query, down);
  let skip = from ? 0 : (countOf(query.offset, given) ?? 0);
  const most = countOf(query.top ?? query.limit, given) ?? Number.POSITIVE_INFINITY;

  const page: Page = { documents: [], matched: 0, bytes: 0 };
  let count = from?.given ?? 0;
  let last: Row | undefined;
  for (const row of orderedRows(container, scope, query, given, compare, from)) {
    if (count >= most) break;
    if (from && compare(row, from) <= 0) continue;
    if (skip-- > 0) continue;
    const document = chosen(query.choice, query.from, row.names);
    const bytes = document === undefined ? 0 : Buffer.byteLength(JSON.stringify(document));
    const isFull = page.documents.length >= size || (page.documents.length > 0 && page.bytes + bytes > largestPage);
    if (isFull && last) {
      page.after = { keys: last.keys, document: last.document, element: last.element, given: count };
      break;
    }
    last = row;
    page.matched++;
    count++;
    page.bytes += bytes;
    if (document !== undefined) page.documents.push(document);
  }
  return page;
}

type Compare = (a: Omit<Row, "names">, b: Omit<Row, "names">) => number;

/** The rows that fit, in the query's order; rows before a place may be left out. */
function* orderedRows(
  container: Container,
  scope: Scope,
  query: Query,
  given: Names,
  compare: Compare,
  from?: Place,
): Iterable<Row> {
  const { partition, pk, sight } = scope;
  // Indexes show the latest state only.
  const walk = pk === undefined && sight === undefined ? walkOf(partition, query, given, from) : undefined;
  const rows = rowsOf(container, scope, walk?.slots ?? slotsOf(partition, pk), query, given);
  if (walk?.inOrder) yield* rows;
  else yield* [...rows].sort(compare);
}

function* rowsOf(
  container: Container,
  { within, sight }: Scope,
  slots: Iterable<Slot>,
  query: Query,
  given: Names,
): Iterable<Row> {
  for (const slot of slots) {
    if (within && !within(slot.pk)) continue;
    const item = container.visible(slot, sight);
    if (!item) continue;
    const names = new Map([...given, [query.from, item as Json]]);
    for (const [element, row] of joined(names, query.joins).entries()) {
      if (query.where && evaluate(query.where, row) !== true) continue;
      const keys = query.order.map(({ of }) => evaluate(of, row));
      if (keys.some((key) => key === undefined || (key !== null && typeof key === "object"))) {
        throw notImplemented("ORDER BY with documents that lack the property, or hold a list or an object there");
      }
      yield { keys: keys as Json[], document: slot.order, element, names: row };
    }
  }
}

function* slotsOf(partition: Partition, pk: string | undefined): Iterable<Slot> {
  const logical =
    pk === undefined ? partition.logical.values() : [partition.logical.get(pk) ?? new Map<string, Slot>()];
  for (const slots of logical) yield* slots.values();
}

function compareRows(a: Omit<Row, "names">, b: Omit<Row, "names">, query: Query, down: boolean): number {
  for (const [at, key] of query.order.entries()) {
    const found = order(a.keys[at], b.keys[at]);
    if (found === undefined) throw notImplemented("ORDER BY over values of several kinds");
    if (found !== 0) return key.down ? -found : found;
  }
  const found = a.document - b.document || a.element - b.element;
  return down ? -found : found;
}

/** Writes a place as a continuation token that only a query of the same shape and order takes. */
export const tokenOf = (place: { range: string; after?: Place | undefined }, query: Query): string =>
  Buffer.from(JSON.stringify({ ...place, of: digest(query) })).toString("base64");

/** Reads a continuation token. @throws Refused 400 when it is not one of such a query */
export function placeOf(token: string, query: Query): { range: string; after?: Place } {
  try {
    const { of, ...place } = JSON.parse(Buffer.from(token, "base64").toString("utf8"));
    if (of === digest(query)) return place;
  } catch {
    // Not a token of ours.
  }
  throw new Refused(400, "Invalid Continuation Token");
}

// Not the filter: the SDK adds to it when it takes an ordered query up again.
const digest = ({ from, joins, order }: Query): string =>
  createHash("sha256")
    .update(JSON.stringify([from, joins, order]))
    .digest("base64")
    .slice(0, 16);
