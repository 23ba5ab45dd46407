import path from "node:path";
import Database from "libsql";

/** What tells one case from another: its id, its reference, its own people. */
export interface Marks {
  caseId: string;
  ref: string;
  people: readonly string[];
}

/** What a process that multiplies is told. */
export interface Multiplying {
  folder: string;
  marks: Marks;
  count: number;
}

/**
 * Copies of one case, written straight into the embedded store's file: rows as the store writes them, a hundred thousand in
 * seconds. Each has an id, a reference and people of its own, and falls due a moment after the one before.
 */
export function multiply(folder: string, { caseId, ref, people }: Marks, count: number): void {
  const file = new Database(path.join(folder, "epilogue.db"));
  const pk = `'case:${caseId}'`;
  const own = (column: string): string =>
    [caseId, ref, ...people].reduce((text, mark) => `replace(${text}, '${mark}', '${mark}-' || i)`, column);
  const copy = (table: string, columns: Record<string, string>) =>
    file.exec(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO ${table} (${Object.keys(columns).join(", ")})
      SELECT ${Object.values(columns).join(", ")} FROM n, ${table} t WHERE t.pk = ${pk}`);
  try {
    file.exec("PRAGMA synchronous = OFF");
    file.exec("PRAGMA cache_size = -262144");
    file.exec("BEGIN IMMEDIATE");
    const plain = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `t.${name}`]));
    const others = (...names: string[]) => Object.fromEntries(names.map((name) => [name, own(`t.${name}`)]));
    copy("heads", {
      ...others("pk", "ref", "summary", "state"),
      ...plain("revision", "hash", "kind", "body_id", "closed"),
    });
    copy("events", { ...others("pk", "body"), ...plain("seq") });
    copy("markers", { ...others("pk", "id"), ...plain("digest", "revision") });
    copy("people", { ...others("person", "ref", "pk"), ...plain("closed") });
    copy("due", { ...others("pk", "key", "who", "ref", "body"), ...plain("body_id"), at_ms: "t.at_ms + i" });
    copy("notices", {
      ...others("pk", "id", "body"),
      ...plain("state", "tries", "due_at", "lease_until", "outcome", "version"),
      free_ms: "t.free_ms + i",
    });
    file.exec("COMMIT");
    file.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    file.close();
  }
}
