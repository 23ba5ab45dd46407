import type { CaseRow, Due, Page, Store } from "../../../src/ports";
import { type Cursor, fromCursor, toCursor } from "../cursor";
import { milliseconds } from "../instants";
import type { Connection } from "./connection";
import { afterAll, afterInstant, casesKey, dueKey, OPEN, unescaped, type Whose } from "./keys";

interface Row {
  pk: string;
  key: string;
  shown: string;
}
type Found = Pick<Row, "pk" | "shown"> & { k?: string; b?: string };

/** Lists: each page is a run of keys in an index, read to its length and one row more. */
export function lists(cosmos: Connection): Pick<Store, "casesOf" | "dueOf"> {
  async function rows(
    property: "k" | "b",
    [from, to]: [string, string],
    limit: number,
    order: "ASC" | "DESC",
  ): Promise<Row[]> {
    const key = `c.${property}`;
    const where = `WHERE ${key} >= @from AND ${key} < @to ORDER BY ${key} ${order}`;
    const found = await cosmos.first<Found>(limit, `SELECT TOP ${limit} c.pk, ${key}, c.shown FROM c ${where}`, [
      { name: "@from", value: from },
      { name: "@to", value: to },
    ]);
    return found.map((row) => ({ pk: row.pk, key: row[property] ?? "", shown: row.shown }));
  }

  return {
    async casesOf(whose: Whose, { limit, after, closed = false }) {
      const own = casesKey(whose);
      const end = startOf(after, own) ?? own + afterAll;
      const found = await rows("k", [closed ? own : own + OPEN, end], size(limit) + 1, "DESC");
      return page(found, limit, (row): CaseRow => ({ ...JSON.parse(row.shown), pk: unescaped(row.pk) }));
    },

    async dueOf(whose: Whose, { limit, after, until }) {
      const own = dueKey(whose);
      const end = own + (until === undefined ? afterAll : afterInstant(milliseconds(until)));
      const start = startOf(after, own);
      const property = "person" in whose ? "k" : "b";
      // The key after which the page begins is itself no more wanted: nothing sorts between it and it with a blank.
      const found = await rows(property, [start === undefined ? own : `${start} `, end], size(limit) + 1, "ASC");
      return page(found, limit, (row) => {
        const { ref, due } = JSON.parse(row.shown) as { ref: string; due: Due };
        return { ...due, pk: unescaped(row.pk), ref };
      });
    },
  };
}

/** Where the page before ended, if it was of this very list. */
function startOf(after: string | null | undefined, own: string): string | undefined {
  const key = fromCursor<[string]>(after, [""])?.[0];
  return key?.startsWith(own) ? key : undefined;
}

/** One row more than asked was read: it says only that there is a next page. */
function page<R>(found: Row[], limit: number, row: (found: Row) => R): Page<R> {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const position: Cursor | undefined = last && found.length > limit ? [last.key] : undefined;
  return { rows: shown.map(row), next: position ? toCursor(position) : null };
}

function size(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`A page of ${limit} rows cannot be made`);
  return limit;
}
