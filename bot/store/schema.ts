import type { Sql } from "./sql";

/**
 * Schema versions, oldest first; `user_version` says how many of them a file has had. A published step is never edited:
 * a change is a further step. Instants stand as milliseconds for the order, and as given inside the documents.
 */
const steps = [
  `
  CREATE TABLE heads (
    pk TEXT PRIMARY KEY, revision INTEGER NOT NULL, hash TEXT NOT NULL,
    kind TEXT NOT NULL, body_id TEXT NOT NULL, ref TEXT NOT NULL, closed INTEGER NOT NULL,
    summary TEXT NOT NULL, state TEXT NOT NULL
  );
  CREATE UNIQUE INDEX heads_by_ref ON heads (ref) WHERE ref <> '';
  CREATE INDEX heads_by_body ON heads (body_id, closed, ref, pk) WHERE kind = 'case';

  CREATE TABLE events (pk TEXT, seq INTEGER, body TEXT NOT NULL, PRIMARY KEY (pk, seq)) WITHOUT ROWID;
  CREATE TABLE markers (
    pk TEXT, id TEXT, digest TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (pk, id)
  ) WITHOUT ROWID;
  CREATE TABLE docs (
    pk TEXT, id TEXT, version TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (pk, id)
  ) WITHOUT ROWID;

  CREATE TABLE people (
    person TEXT, closed INTEGER, ref TEXT, pk TEXT, PRIMARY KEY (person, closed, ref, pk)
  ) WITHOUT ROWID;
  CREATE TABLE due (
    pk TEXT, key TEXT, who TEXT, at_ms INTEGER NOT NULL, body_id TEXT NOT NULL, ref TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (pk, key, who)
  ) WITHOUT ROWID;
  CREATE INDEX due_by_person ON due (who, at_ms, pk, key);
  CREATE INDEX due_by_body ON due (body_id, at_ms, pk, key, who);

  CREATE TABLE notices (
    pk TEXT, id TEXT, state TEXT NOT NULL, tries INTEGER NOT NULL, due_at TEXT NOT NULL, lease_until TEXT,
    outcome TEXT, version TEXT NOT NULL, free_ms INTEGER, body TEXT NOT NULL, PRIMARY KEY (pk, id)
  ) WITHOUT ROWID;
  CREATE INDEX notices_free ON notices (free_ms, pk, id) WHERE free_ms IS NOT NULL;
  CREATE INDEX notices_free_by_pk ON notices (pk, free_ms, id) WHERE free_ms IS NOT NULL;

  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL);
  `,
];

const versionOf = (sql: Sql): number => sql.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;

/** Brings the file to this program's schema. @throws when a newer program wrote it: there is no way back. */
export function migrate(sql: Sql): void {
  const version = versionOf(sql);
  if (version > steps.length) throw newer(version);
  for (let done = version; done < steps.length; done++) {
    sql.write(() => {
      sql.exec(steps[done] ?? "");
      sql.exec(`PRAGMA user_version = ${done + 1}`);
    });
  }
}

/** @throws unless the file has exactly this program's schema: a reader changes nothing. */
export function checkSchema(sql: Sql): void {
  const version = versionOf(sql);
  if (version > steps.length) throw newer(version);
  if (version < steps.length)
    throw new Error(`The data are of schema ${version}: start the service once to update them`);
}

const newer = (version: number) =>
  new Error(`The data are of schema ${version}, made by a newer version of this program, which knows ${steps.length}`);
