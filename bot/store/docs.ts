import { randomUUID } from "node:crypto";
import type { Doc, Store } from "../../src/ports";
import { type Sql, unbound } from "./sql";

interface DocRow {
  id: string;
  version: string;
  body: string;
}

/** Documents beside the streams. A version is never used twice, so one that was removed and made again is another. */
export function docs(sql: Sql): Pick<Store, "doc" | "docs" | "putDoc" | "removeDoc"> {
  return {
    async doc<B>(pk: string, id: string): Promise<Doc<B> | undefined> {
      const row = sql.get<DocRow>("SELECT id, version, body FROM docs WHERE pk = ? AND id = ?", pk, id);
      return row && docOf<B>(pk, row);
    },

    async docs<B>(pk: string): Promise<Doc<B>[]> {
      const rows = sql.all<DocRow>("SELECT id, version, body FROM docs WHERE pk = ? ORDER BY id", pk);
      return rows.map((row) => docOf<B>(pk, row));
    },

    async putDoc(pk, id, body, version) {
      const text = JSON.stringify(body);
      const next = randomUUID();
      if (version === "any") return sql.run("INSERT OR REPLACE INTO docs VALUES (?, ?, ?, ?)", pk, id, next, text) > 0;
      if (version === undefined) {
        return sql.run("INSERT INTO docs VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", pk, id, next, text) > 0;
      }
      const replace = "UPDATE docs SET version = ?, body = ? WHERE pk = ? AND id = ? AND version = ?";
      return sql.run(replace, next, text, pk, id, version) > 0;
    },

    async removeDoc(pk, id) {
      sql.run("DELETE FROM docs WHERE pk = ? AND id = ?", pk, id);
    },
  };
}

const docOf = <B>(pk: string, row: DocRow): Doc<B> => ({
  pk,
  id: unbound(row.id),
  body: JSON.parse(row.body) as B,
  version: row.version,
});
