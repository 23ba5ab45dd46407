import type { Append, Appended, Head, Index, Recorded, Store } from "../../src/ports";
import { replaceIndex } from "./lists";
import { putNotices } from "./notices";
import { type Sql, unbound } from "./sql";

interface HeadRow {
  revision: number;
  hash: string;
  summary: string;
  state: string;
}

/** A head before an append, without its state. */
interface Standing {
  revision: number;
  kind: string;
  bodyId: string;
  ref: string;
  closed: number;
  summary: string;
}

/** The marker of the command that is to be appended, and the head as it stands; nulls where there is none. */
type Found = { digest: string | null } & (Standing | Record<keyof Standing, null>);
const found = `SELECT m.digest, h.revision, h.kind, h.body_id AS bodyId, h.ref, h.closed, h.summary
  FROM (SELECT 1) LEFT JOIN markers m ON m.pk = ?1 AND m.id = ?2 LEFT JOIN heads h ON h.pk = ?1`;

/** Heads that stay parsed: one action reads its case several times. */
const keptHeads = 256;

/** The event streams in SQLite: heads, events and command markers. */
export function streams(sql: Sql): Pick<Store, "head" | "events" | "append" | "erase" | "marker" | "partitions"> {
  const kept = new Map<string, Head>();
  const keep = (head: Head): void => {
    kept.delete(head.pk);
    for (const oldest of kept.keys()) if (kept.size >= keptHeads) kept.delete(oldest);
    kept.set(head.pk, head);
  };
  return {
    async head<S>(pk: string): Promise<Head<S> | undefined> {
      // What is kept is believed only while the file says the same: its hash covers all that was ever done.
      const now = sql.get<{ revision: number; hash: string }>("SELECT revision, hash FROM heads WHERE pk = ?", pk);
      const before = kept.get(pk);
      if (now && before?.hash === now.hash && before.revision === now.revision) return before as Head<S>;
      kept.delete(pk);
      const row = now && sql.get<HeadRow>("SELECT revision, hash, summary, state FROM heads WHERE pk = ?", pk);
      if (!row) return undefined;
      const { revision, hash, summary, state } = row;
      const head: Head<S> = { pk, revision, hash, state: JSON.parse(state) as S, index: JSON.parse(summary) as Index };
      keep(head);
      return head;
    },

    async events(pk, range = {}) {
      const { from = 1, to = Number.MAX_SAFE_INTEGER } = range;
      const select = "SELECT body FROM events WHERE pk = ? AND seq BETWEEN ? AND ? ORDER BY seq";
      return sql.all<{ body: string }>(select, pk, from, to).map((row) => JSON.parse(row.body) as Recorded);
    },

    async append(append) {
      check(append);
      const done = appendTo(sql, append);
      if (done === "appended") keep(append.head);
      return done;
    },

    async erase(pk, events, keepNotice) {
      const bodies = events.map(({ seq, ...event }) => ({ seq, text: JSON.stringify({ seq, ...event }) }));
      sql.write(() => {
        for (const { seq, text } of bodies)
          sql.run("UPDATE events SET body = ? WHERE pk = ? AND seq = ?", text, pk, seq);
        sql.run("DELETE FROM markers WHERE pk = ?", pk);
        sql.run("DELETE FROM notices WHERE pk = ? AND id <> ?", pk, keepNotice);
      });
    },

    async marker(pk, commandId) {
      const row = markerOf(sql, pk, commandId);
      return row && { digest: row.digest, revision: row.revision };
    },

    async *partitions() {
      // Two look-ups in the keys a partition, whatever its length. Heads too: one without events is a fault to find.
      const after = `SELECT min(pk) AS pk FROM (
        SELECT min(pk) AS pk FROM events WHERE pk > ?1 UNION ALL SELECT min(pk) FROM heads WHERE pk > ?1)`;
      for (let last = ""; ; ) {
        const next = sql.get<{ pk: string | null }>(after, last)?.pk;
        if (next === null || next === undefined) return;
        last = unbound(next);
        yield last;
      }
    },
  };
}

/** @throws for an append that no decision makes: it would leave a stream that cannot be read again. */
function check({ pk, expected, events, head }: Append): void {
  const inOrder = events.every((event, i) => event.seq === expected + 1 + i);
  if (!inOrder) throw new RangeError(`The events for ${pk} do not follow on revision ${expected}`);
  const after = expected + events.length;
  if (head.pk !== pk || head.revision !== after) throw new RangeError(`The head for ${pk} is not at revision ${after}`);
}

function appendTo(sql: Sql, { pk, expected, command, events, head, notices }: Append): Appended {
  // Made into text before the transaction: a body that JSON cannot carry must not open one.
  const bodies = events.map((event) => JSON.stringify(event));
  const summary = JSON.stringify(head.index);
  const state = padded(JSON.stringify(head.state));

  return sql.write(() => {
    const { digest, ...standing } = sql.get<Found>(found, pk, command.id) as Found;
    // The marker tells my own repeat from a rival, so it comes first.
    if (digest !== null) return digest === command.digest ? "repeat" : "reused";
    const before = standing.revision === null ? undefined : (standing as Standing);
    if ((before?.revision ?? 0) !== expected) return "conflict";
    const { kind, bodyId, ref } = head.index;
    const closed = head.index.closed ? 1 : 0;
    if (before?.ref !== ref && isTaken(sql, ref, pk)) return "conflict";

    sql.run("INSERT INTO markers VALUES (?, ?, ?, ?)", pk, command.id, command.digest, head.revision);
    bodies.forEach((body, i) => {
      sql.run("INSERT INTO events VALUES (?, ?, ?)", pk, expected + 1 + i, body);
    });
    if (!before) {
      const values = [pk, head.revision, head.hash, kind, bodyId, ref, closed, summary, state];
      sql.run("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", ...values);
    } else {
      const update = "UPDATE heads SET revision = ?, hash = ?, summary = ?, state = ? WHERE pk = ?";
      sql.run(update, head.revision, head.hash, summary, state, pk);
      // Columns that are named are written again in every index they stand in, and they seldom change.
      if (before.kind !== kind || before.bodyId !== bodyId || before.ref !== ref || before.closed !== closed)
        sql.run(
          "UPDATE heads SET kind = ?, body_id = ?, ref = ?, closed = ? WHERE pk = ?",
          kind,
          bodyId,
          ref,
          closed,
          pk,
        );
    }
    if (before?.summary !== summary) {
      replaceIndex(sql, pk, before && (JSON.parse(before.summary) as Index), head.index);
    }
    putNotices(sql, pk, notices);
    return "appended";
  });
}

/** In steps of a KiB: a state that stays as long is written over where it stands, and only the pages that differ are. */
const padded = (json: string): string => json.padEnd(Math.ceil(json.length / 1024) * 1024);

const markerOf = (sql: Sql, pk: string, id: string) =>
  sql.get<{ digest: string; revision: number }>("SELECT digest, revision FROM markers WHERE pk = ? AND id = ?", pk, id);

/** Another partition has this reference: whoever took it was first, and another is to be chosen. */
function isTaken(sql: Sql, ref: string, pk: string): boolean {
  if (ref === "") return false;
  return sql.get("SELECT 1 FROM heads WHERE ref = ? AND ref <> '' AND pk <> ?", ref, pk) !== undefined;
}
