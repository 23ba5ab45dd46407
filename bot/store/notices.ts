import type { Clock, NewNotice, Notice, NoticeState, Store } from "../../src/ports";
import { milliseconds } from "./instants";
import { type Sql, unbound } from "./sql";

interface NoticeRow {
  pk: string;
  id: string;
  state: NoticeState;
  tries: number;
  due_at: string;
  lease_until: string | null;
  outcome: string | null;
  version: string;
  free_ms: number | null;
  body: string;
}

/** Everything of a notice that never changes once it is written. */
type Body = Pick<Notice, "kind" | "to" | "repeat" | "data">;

/** A text that no write has given before. */
const NEW_VERSION = "lower(hex(randomblob(16)))";

/** Notices in SQLite. `free_ms` is when a claim may take one, null when none may; both of its indexes hold only those. */
export function notices(sql: Sql, clock: Clock): Pick<Store, "now" | "claim" | "mark" | "owe" | "notices" | "nextDue"> {
  const mark = together<Marking, string | undefined>((all) => sql.write(() => all.map((one) => markIn(sql, one))));
  return {
    async now() {
      return clock.now();
    },

    async claim({ now, leaseUntil, limit, pk }) {
      const claimed = sql.all<NoticeRow>(
        `UPDATE notices
        SET state = CASE state WHEN 'sending' THEN 'sending' ELSE 'claimed' END,
          tries = tries + (state = 'claimed'), lease_until = ?, free_ms = ?, version = ${NEW_VERSION}
        WHERE (pk, id) IN (
          SELECT pk, id FROM notices WHERE free_ms <= ? ${pk === undefined ? "" : "AND pk = ?"}
          ORDER BY free_ms, pk, id LIMIT ?)
        RETURNING *`,
        leaseUntil,
        milliseconds(leaseUntil),
        milliseconds(now),
        ...(pk === undefined ? [] : [pk]),
        limit,
      );
      return claimed.map(notice).sort(byDue);
    },

    async mark(seen, change) {
      const next = { ...seen, ...change };
      return mark({ ...next, freeMs: freeAt(next.state, next.dueAt, next.leaseUntil) });
    },

    async owe(pk, owed) {
      return sql.write(() => {
        putNotices(sql, pk, [owed]);
        return notice(sql.get<NoticeRow>("SELECT * FROM notices WHERE pk = ? AND id = ?", pk, owed.id) as NoticeRow);
      });
    },

    async notices(pk) {
      return sql.all<NoticeRow>("SELECT * FROM notices WHERE pk = ?", pk).map(notice).sort(byDue);
    },

    async nextDue() {
      const at = sql.get<{ at: number | null }>("SELECT min(free_ms) AS at FROM notices WHERE free_ms IS NOT NULL")?.at;
      return at === null || at === undefined ? undefined : new Date(at).toISOString();
    },
  };
}

/** A notice as it is to stand, under the version that was seen. */
type Marking = Notice & { freeMs: number | null };

function markIn(sql: Sql, n: Marking): string | undefined {
  const row = sql.get<{ version: string }>(
    `UPDATE notices SET state = ?, tries = ?, due_at = ?, lease_until = ?, outcome = ?, free_ms = ?,
      version = ${NEW_VERSION}
    WHERE pk = ? AND id = ? AND version = ? RETURNING version`,
    n.state,
    n.tries,
    n.dueAt,
    n.leaseUntil,
    n.outcome,
    n.freeMs,
    n.pk,
    n.id,
    n.version,
  );
  return row?.version;
}

/**
 * What is asked for in one turn of the event loop is done in one go: a sweep marks dozens of notices at a time, and each
 * transaction of its own would wait for the disk. Nobody is answered before it is done; when it fails, it fails for all.
 */
function together<A, B>(work: (all: readonly A[]) => B[]): (one: A) => Promise<B> {
  let waiting: { one: A; done(value: B): void; failed(error: unknown): void }[] = [];
  const run = () => {
    const all = waiting;
    waiting = [];
    try {
      const values = work(all.map((w) => w.one));
      for (const [i, w] of all.entries()) w.done(values[i] as B);
    } catch (error) {
      for (const w of all) w.failed(error);
    }
  };
  return (one) =>
    new Promise((done, failed) => {
      if (waiting.push({ one, done, failed }) === 1) setImmediate(run);
    });
}

/** Writes notices, inside a transaction. One whose id stands already starts again as the new one. */
export function putNotices(sql: Sql, pk: string, fresh: NewNotice[]): void {
  for (const { id, kind, to, repeat, data, dueAt } of fresh) {
    const body: Body = { kind, to, repeat, data };
    sql.run(
      `INSERT OR REPLACE INTO notices VALUES (?, ?, 'waiting', 0, ?, NULL, NULL, ${NEW_VERSION}, ?, ?)`,
      pk,
      id,
      dueAt,
      milliseconds(dueAt),
      JSON.stringify(body),
    );
  }
}

/** When a claim may take it: when it is due, or when the lease of whoever has it runs out. */
function freeAt(state: NoticeState, dueAt: string, leaseUntil: string | null): number | null {
  if (state === "waiting") return milliseconds(dueAt);
  if (state === "claimed" || state === "sending") return milliseconds(leaseUntil ?? dueAt);
  return null;
}

const notice = (row: NoticeRow): Notice => ({
  ...(JSON.parse(row.body) as Body),
  pk: unbound(row.pk),
  id: unbound(row.id),
  state: row.state,
  tries: row.tries,
  dueAt: row.due_at,
  leaseUntil: row.lease_until,
  outcome: row.outcome,
  version: row.version,
});

const byDue = (a: Notice, b: Notice): number =>
  milliseconds(a.dueAt) - milliseconds(b.dueAt) || (a.pk < b.pk ? -1 : a.pk > b.pk ? 1 : 0) || (a.id < b.id ? -1 : 1);
