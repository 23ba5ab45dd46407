import type { CaseRow, Due, DueRow, Index, Page, Store } from "../../src/ports";
import { type Cursor, fromCursor, toCursor } from "./cursor";
import { milliseconds } from "./instants";
import { type Sql, unbound } from "./sql";

/** Lists, each page read from an index by its key: its cost grows with the page, not with the number of cases. */
export function lists(sql: Sql): Pick<Store, "byRef" | "casesOf" | "dueOf"> {
  return {
    async byRef(ref) {
      const row =
        ref === "" ? undefined : sql.get<{ pk: string }>("SELECT pk FROM heads WHERE ref = ? AND ref <> ''", ref);
      return row && unbound(row.pk);
    },

    async casesOf(whose, { limit, after, closed = false }) {
      const start = fromCursor<[number, string, string]>(after, [0, "", ""]);
      const wanted = size(limit) + 1;
      const found: CaseFound[] = [];
      // Open and closed ones are two runs of the index.
      for (const part of closed ? [0, 1] : [0]) {
        if (start && start[0] > part) continue;
        const from = start?.[0] === part ? start : undefined;
        if (found.length < wanted) found.push(...casesIn(sql, whose, part, from, wanted - found.length));
      }
      return page(found, limit, (row) => [row.closed, unbound(row.ref), unbound(row.pk)], caseRow);
    },

    async dueOf(whose, { limit, after, until }) {
      const start = fromCursor<[number, string, string, string]>(after, [0, "", "", ""]);
      const [column, id] = "person" in whose ? ["who", whose.person] : ["body_id", whose.bodyId];
      const found = sql.all<DueFound>(
        `SELECT pk, key, who, at_ms, ref, body FROM due
        WHERE ${column} = ? ${start ? "AND (at_ms, pk, key, who) > (?, ?, ?, ?)" : ""} AND at_ms <= ?
        ORDER BY at_ms, pk, key, who LIMIT ?`,
        id,
        ...(start ?? []),
        until === undefined ? Number.MAX_SAFE_INTEGER : milliseconds(until),
        size(limit) + 1,
      );
      return page(found, limit, (row) => [row.at_ms, unbound(row.pk), unbound(row.key), unbound(row.who)], dueRow);
    },
  };
}

interface CaseFound {
  pk: string;
  ref: string;
  closed: number;
  summary: string | null;
}

interface DueFound {
  pk: string;
  key: string;
  who: string;
  at_ms: number;
  ref: string;
  body: string;
}

function casesIn(
  sql: Sql,
  whose: Parameters<Store["casesOf"]>[0],
  part: number,
  from: [number, string, string] | undefined,
  limit: number,
): CaseFound[] {
  // The body's list shows the summary; a person's stands in an index that has all it shows.
  const [columns, table, own, id] =
    "person" in whose
      ? ["pk, ref, closed, NULL AS summary", "people", "person = ?", whose.person]
      : ["pk, ref, closed, summary", "heads", "kind = 'case' AND body_id = ?", whose.bodyId];
  return sql.all<CaseFound>(
    `SELECT ${columns} FROM ${table}
    WHERE ${own} AND closed = ? ${from ? "AND (ref, pk) < (?, ?)" : ""}
    ORDER BY ref DESC, pk DESC LIMIT ?`,
    id,
    part,
    ...(from ? [from[1], from[2]] : []),
    limit,
  );
}

const caseRow = (row: CaseFound): CaseRow => ({
  pk: unbound(row.pk),
  ref: unbound(row.ref),
  closed: row.closed === 1,
  row: row.summary === null ? null : (JSON.parse(row.summary) as Index).row,
});

const dueRow = (row: DueFound): DueRow => ({
  ...(JSON.parse(row.body) as Due),
  pk: unbound(row.pk),
  ref: unbound(row.ref),
});

/** One row more than asked was read: it says only that there is a next page. */
function page<F, R>(found: F[], limit: number, position: (found: F) => Cursor, row: (found: F) => R): Page<R> {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown.map(row), next: last && found.length > limit ? toCursor(position(last)) : null };
}

function size(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`A page of ${limit} rows cannot be made`);
  return limit;
}

/** Brings the list rows of a partition from one index to the next, touching only rows that differ. */
export function replaceIndex(sql: Sql, pk: string, before: Index | undefined, after: Index): void {
  const people = changes(before, after, personRows);
  for (const row of people.gone) {
    sql.run("DELETE FROM people WHERE person = ? AND closed = ? AND ref = ? AND pk = ?", ...row, pk);
  }
  for (const row of people.come) sql.run("INSERT INTO people VALUES (?, ?, ?, ?)", ...row, pk);

  const due = changes(before, after, dueRows);
  for (const [key, who] of due.gone) sql.run("DELETE FROM due WHERE pk = ? AND key = ? AND who = ?", pk, key, who);
  for (const row of due.come) sql.run("INSERT OR REPLACE INTO due VALUES (?, ?, ?, ?, ?, ?, ?)", pk, ...row);
}

type PersonRow = [person: string, closed: number, ref: string];
type DueRowKept = [key: string, who: string, at: number, bodyId: string, ref: string, body: string];

const personRows = ({ kind, people, closed, ref }: Index): PersonRow[] =>
  kind === "case" ? people.map((person) => [person, closed ? 1 : 0, ref]) : [];

/** One row for each key and person, the last if an index has several. What is a person's own is in no body's list. */
function dueRows({ due, bodyId, ref }: Index): DueRowKept[] {
  const rows = due.map((one): DueRowKept => {
    const body = one.own ? "" : bodyId;
    return [one.key, one.who, milliseconds(one.at), body, ref, JSON.stringify(one)];
  });
  return [...new Map(rows.map((row) => [JSON.stringify([row[0], row[1]]), row])).values()];
}

/** What differs between the rows that two indexes give. A row given twice counts once. */
function changes<Row>(before: Index | undefined, after: Index, rowsOf: (index: Index) => Row[]) {
  const keyed = (rows: Row[]) => new Map(rows.map((row) => [JSON.stringify(row), row]));
  const old = keyed(before ? rowsOf(before) : []);
  const now = keyed(rowsOf(after));
  return {
    gone: [...old].filter(([key]) => !now.has(key)).map(([, row]) => row),
    come: [...now].filter(([key]) => !old.has(key)).map(([, row]) => row),
  };
}
