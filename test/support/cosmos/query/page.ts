import { createHash } from "node:crypto";
import type { Container, Partition, Slot } from "../container";
import { notImplemented, Refused } from "../refused";
import type { Json, Query } from "./ast";
import { chosen, countOf, evaluate, joined, type Names, order } from "./evaluate";

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
  const rows = rowsOf(container, scope, query, given);
  const down = query.order.some((key) => key.down);
  const compare = (a: Omit<Row, "names">, b: Omit<Row, "names">) => compareRows(a, b, query, down);
  rows.sort(compare);
  const offset = from ? 0 : (countOf(query.offset, given) ?? 0);
  const most = countOf(query.top ?? query.limit, given) ?? Number.POSITIVE_INFINITY;
  const rest = from ? rows.filter((row) => compare(row, from) > 0) : rows.slice(offset);

  const page: Page = { documents: [], matched: 0, bytes: 0 };
  let count = from?.given ?? 0;
  for (const [at, row] of rest.entries()) {
    if (count >= most) break;
    const document = chosen(query.choice, query.from, row.names);
    const bytes = document === undefined ? 0 : Buffer.byteLength(JSON.stringify(document));
    const isFull = page.documents.length >= size || (page.documents.length > 0 && page.bytes + bytes > largestPage);
    if (isFull) {
      const last = rest[at - 1] as Row;
      page.after = { keys: last.keys, document: last.document, element: last.element, given: count };
      break;
    }
    page.matched++;
    count++;
    page.bytes += bytes;
    if (document !== undefined) page.documents.push(document);
  }
  return page;
}

function rowsOf(container: Container, { partition, pk, within, sight }: Scope, query: Query, given: Names): Row[] {
  const rows: Row[] = [];
  for (const slot of slotsOf(partition, pk)) {
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
      rows.push({ keys: keys as Json[], document: slot.order, element, names: row });
    }
  }
  return rows;
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
