import { readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import Database from "libsql";
import { openEmbedded, readEmbedded } from "../../bot/store/embedded";
import { Sql } from "../../bot/store/sql";
import type { Recorded, Store } from "../../src/ports";
import { appendTo, due, minute } from "./appends";
import { storeContract } from "./contract";
import { temporaryFolder } from "./folder";

storeContract("embedded", async () => {
  const folder = temporaryFolder();
  let store = openEmbedded(folder);
  return {
    store,
    rival: store,
    async reopen() {
      await store.close();
      store = openEmbedded(folder);
      return store;
    },
    end: () => store.close(),
  };
});

describe("the embedded store's folder", () => {
  it("given none, then it is made, with the data in epilogue.db", async () => {
    const folder = path.join(temporaryFolder(), "new", "folder");
    const store = openEmbedded(folder);
    expect(readdirSync(folder)).toContain("epilogue.db");
    await store.close();
  });

  it("given a store has it, then a second is refused by name, and the first works on", async () => {
    const folder = temporaryFolder();
    const store = openEmbedded(folder);
    expect(() => openEmbedded(folder)).toThrow(`${folder} is in use`);
    expect(await store.append(appendTo("case:1", undefined))).toBe("appended");
    await store.close();

    const next = openEmbedded(folder);
    expect(await next.head("case:1")).toMatchObject({ revision: 1 });
    await next.close();
  });

  it("given the data of a newer program, then it is refused and left as it is", async () => {
    const folder = temporaryFolder();
    await openEmbedded(folder).close();
    alter(folder, "PRAGMA user_version = 99");

    expect(() => openEmbedded(folder)).toThrow("newer version");
    expect(() => openEmbedded(folder)).toThrow("newer version");
    expect(() => readEmbedded(folder)).toThrow("newer version");
  });

  it("given a file that is no database, then it is refused", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "epilogue.db"), "Not a database at all. ".repeat(500));
    expect(() => openEmbedded(folder)).toThrow("not a database");
  });

  it("given a folder that cannot be made, then it is refused", () => {
    const file = path.join(temporaryFolder(), "a-file");
    writeFileSync(file, "");
    expect(() => openEmbedded(file)).toThrow();
  });

  it("given it is only looked at, then a service may run beside, nothing can be written, and none is made", async () => {
    const folder = temporaryFolder();
    expect(() => readEmbedded(folder)).toThrow("no");
    expect(readdirSync(folder)).toEqual([]);

    const store = openEmbedded(folder);
    await store.append(appendTo("case:1", undefined));
    const reader = readEmbedded(folder);
    expect(await reader.head("case:1")).toMatchObject({ revision: 1 });
    await store.append(appendTo("case:1", (await store.events("case:1"))[0]));
    expect(await reader.events("case:1")).toHaveLength(2);
    await expect((reader as Store).append(appendTo("case:2", undefined))).rejects.toThrow("readonly");
    await reader.close();
    await store.close();
  });
});

describe("the embedded store on the disk", () => {
  it("given appends, then the log is folded back in time, whatever is read between", async () => {
    const folder = temporaryFolder();
    const store = openEmbedded(folder);
    let last: Recorded | undefined;
    for (let n = 0; n < 300; n++) {
      const append = appendTo("case:1", last, { state: { filler: "x".repeat(40_000) } });
      await store.append(append);
      await store.head("case:1");
      last = append.events[0];
    }
    expect(statSync(path.join(folder, "epilogue.db-wal")).size).toBeLessThan(8_000_000);
    await store.close();
  });

  it("given a file that fails in the midst of an append, then it throws, nothing of it stands, and the next goes", async () => {
    const folder = temporaryFolder();
    const store = openEmbedded(folder);
    const append = appendTo("case:1", undefined, { index: { due: [due("a", "ada", minute(1))] } });
    // The last table that an append writes to is gone: everything before it has been written by then.
    alter(folder, "ALTER TABLE due RENAME TO hidden");
    await expect(store.append(append)).rejects.toThrow("due");
    alter(folder, "ALTER TABLE hidden RENAME TO due");

    expect(await store.head("case:1")).toBeUndefined();
    expect(await store.events("case:1")).toEqual([]);
    expect(await store.marker("case:1", append.command.id)).toBeUndefined();
    expect(await store.append(append)).toBe("appended");
    await store.close();
  });

  it("given another holds the file for writing, then an append throws, and goes once it is let go", async () => {
    const folder = temporaryFolder();
    const store = openEmbedded(folder);
    const other = new Database(path.join(folder, "epilogue.db"));
    other.exec("BEGIN IMMEDIATE");
    await expect(store.append(appendTo("case:1", undefined))).rejects.toThrow("locked");
    await expect(store.ready()).rejects.toThrow("locked");
    other.exec("ROLLBACK");
    other.close();

    expect(await store.append(appendTo("case:1", undefined))).toBe("appended");
    await store.ready();
    await store.close();
  });

  it("given its file, then a commit waits for the disk", () => {
    const sql = Sql.open(path.join(temporaryFolder(), "some.db"));
    expect(sql.get("PRAGMA journal_mode")).toMatchObject({ journal_mode: "wal" });
    expect(sql.get("PRAGMA synchronous")).toMatchObject({ synchronous: 2 });
    sql.close();
  });

  it("given any question, then an index answers it, with no scan and no sorting", async () => {
    const folder = temporaryFolder();
    const store = openEmbedded(folder);
    const index = { people: ["ada"], due: [due("a", "ada", minute(1)), due("b", "ada", minute(1))] };
    for (const n of [1, 2, 3]) {
      await store.append(appendTo(`case:${n}`, undefined, { index: { ...index, ref: `EX-${n}`, closed: n === 3 } }));
    }

    const prepare = jest.spyOn(Database.prototype, "prepare");
    for (const whose of [{ person: "ada" }, { bodyId: "body" }]) {
      let after = (await store.casesOf(whose, { limit: 1, closed: true })).next;
      while (after) after = (await store.casesOf(whose, { limit: 1, closed: true, after })).next;
      const { next } = await store.dueOf(whose, { limit: 1 });
      await store.dueOf(whose, { limit: 1, after: next, until: minute(9) });
    }
    await store.byRef("EX-1");
    await store.claim({ now: minute(1), leaseUntil: minute(2), limit: 1 });
    await store.claim({ now: minute(1), leaseUntil: minute(2), limit: 1, pk: "case:1" });
    await store.nextDue();
    await store.notices("case:1");
    await store.marker("case:1", "c");
    await store.events("case:1");
    await store.docs("person:1");
    for await (const pk of store.partitions()) await store.head(pk);
    const asked = prepare.mock.calls.map(([text]) => text);
    prepare.mockRestore();
    await store.close();

    expect(asked.length).toBeGreaterThan(15);
    for (const text of asked) {
      const plan = ask<{ detail: string }>(folder, `EXPLAIN QUERY PLAN ${text}`).map((step) => step.detail);
      const slow = plan.filter((step) => /^SCAN (?!\(subquery)|TEMP B-TREE/.test(step));
      expect({ text, slow }).toEqual({ text, slow: [] });
    }
  });
});

/** Does to the data what no method of the store can. */
function alter(folder: string, sql: string): void {
  const database = new Database(path.join(folder, "epilogue.db"));
  database.exec(sql);
  database.close();
}

function ask<R>(folder: string, sql: string): R[] {
  const database = new Database(path.join(folder, "epilogue.db"));
  const rows = database.prepare(sql).all([]) as R[];
  database.close();
  return rows;
}
