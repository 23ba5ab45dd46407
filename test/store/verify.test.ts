import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import Database from "libsql";
import { checkStore } from "../../bot/store/chainCheck";
import { openEmbedded, readEmbedded } from "../../bot/store/embedded";
import { hashOf } from "../../src/chain";
import type { Recorded } from "../../src/ports";
import { appendTo, digest } from "./appends";
import { bundled } from "./bundle";
import { temporaryFolder } from "./folder";

/** Two cases of five records each, and a body of one. */
async function recorded(): Promise<string> {
  const folder = temporaryFolder();
  const store = openEmbedded(folder);
  for (const pk of ["log:1", "log:2"]) {
    let last: Recorded | undefined;
    for (const words of [["one"], ["two", "three"], ["four"], ["five"]]) {
      const append = appendTo(pk, last, { words });
      await store.append(append);
      last = append.events.at(-1);
    }
  }
  await store.append(appendTo("list:x", undefined, { index: { kind: "body" } }));
  await store.close();
  return folder;
}

function alter(folder: string, sql: string, ...values: (string | number)[]): void {
  const database = new Database(path.join(folder, "epilogue.db"));
  expect(database.prepare(sql).run(values).changes).toBeGreaterThan(0);
  database.close();
}

async function found(folder: string) {
  const store = readEmbedded(folder);
  try {
    return await checkStore(store, digest);
  } finally {
    await store.close();
  }
}

const setIn = (member: string) =>
  `UPDATE events SET body = json_set(body, '${member}', ?) WHERE pk = 'log:2' AND seq = ?`;

describe("the check of the record", () => {
  it("given nobody altered it, then it is whole", async () => {
    expect(await found(await recorded())).toEqual({ ok: true, partitions: 3, events: 11 });
  });

  it.each([
    ["who did it", "$.by.person"],
    ["when", "$.at"],
    ["what happened", "$.type"],
    ["a fact in it", "$.data.seq"],
    ["a person's words", "$.data.text.text"],
    ["the salt of the words", "$.data.text.salt"],
    ["its pack", "$.packId"],
    ["its command", "$.commandId"],
    ["a new member", "$.data.added"],
    ["its hash", "$.hash"],
  ])("given %s was altered, then that record is named", async (_, member) => {
    for (const seq of [1, 3, 5]) {
      const folder = await recorded();
      alter(folder, setIn(member), "altered", seq);
      expect(await found(folder)).toEqual({ ok: false, pk: "log:2", seq, why: "hash" });
    }
  });

  it("given words were moved into their salt, then that record is named", async () => {
    const folder = await recorded();
    const moved = `UPDATE events SET body = json_set(body, '$.data.text.salt', 'salt-2t', '$.data.text.text', 'wo')
      WHERE pk = 'log:2' AND seq = 2`;
    alter(folder, moved);
    expect(await found(folder)).toEqual({ ok: false, pk: "log:2", seq: 2, why: "hash" });
  });

  it("given several were altered, then the first is named", async () => {
    const folder = await recorded();
    for (const seq of [4, 2]) alter(folder, setIn("$.at"), "2020-01-01T00:00:00Z", seq);
    expect(await found(folder)).toMatchObject({ pk: "log:2", seq: 2 });
  });

  it("given a record was altered and hashed anew, then the one after it is named", async () => {
    const folder = await recorded();
    forge(folder, 3);
    expect(await found(folder)).toEqual({ ok: false, pk: "log:2", seq: 4, why: "prev" });
  });

  it("given the last was altered and hashed anew, then the head shows it", async () => {
    const folder = await recorded();
    forge(folder, 5);
    expect(await found(folder)).toEqual({ ok: false, pk: "log:2", seq: 5, why: "tail" });
  });

  it.each(["{", "", "null", "[]", '"text"', "{}"])("given a record became %j, then it is named", async (body) => {
    for (const seq of [1, 4]) {
      const folder = await recorded();
      alter(folder, "UPDATE events SET body = ? WHERE pk = 'log:2' AND seq = ?", body, seq);
      expect(await found(folder)).toMatchObject({ ok: false, pk: "log:2", seq });
    }
  });

  it.each([1, 3])("given record %i was taken out, then it is named", async (seq) => {
    const folder = await recorded();
    alter(folder, "DELETE FROM events WHERE pk = 'log:2' AND seq = ?", seq);
    expect(await found(folder)).toEqual({ ok: false, pk: "log:2", seq, why: "gap" });
  });

  it.each([5, 3, 1])("given the tail from %i was cut off, then its first record is named", async (seq) => {
    const folder = await recorded();
    alter(folder, "DELETE FROM events WHERE pk = 'log:2' AND seq >= ?", seq);
    expect(await found(folder)).toEqual({ ok: false, pk: "log:2", seq, why: "tail" });
  });

  it("given a whole record was put in the place of another's, then it is told that it came from elsewhere", async () => {
    const folder = await recorded();
    alter(folder, "DELETE FROM events WHERE pk = 'log:2' AND seq > ?", 0);
    alter(folder, "INSERT INTO events SELECT 'log:2', seq, body FROM events WHERE pk = ?", "log:1");
    alter(
      folder,
      "UPDATE heads SET (hash, state) = (SELECT hash, state FROM heads WHERE pk = ?) WHERE pk = 'log:2'",
      "log:1",
    );
    expect(await found(folder)).toEqual({ ok: false, pk: "log:2", seq: 1, why: "origin" });
  });

  it("given two records changed places, then the first is named", async () => {
    const folder = await recorded();
    alter(folder, "UPDATE events SET seq = CASE seq WHEN 2 THEN 93 ELSE 92 END WHERE pk = 'log:2' AND seq IN (2, 3)");
    alter(folder, "UPDATE events SET seq = seq - 90 WHERE pk = 'log:2' AND seq > 90");
    expect(await found(folder)).toEqual({ ok: false, pk: "log:2", seq: 2, why: "gap" });
  });

  it.each([
    "UPDATE heads SET revision = 4 WHERE pk = 'log:2'",
    "UPDATE heads SET hash = 'other' WHERE pk = 'log:2'",
    "UPDATE heads SET state = '{' WHERE pk = 'log:2'",
    "DELETE FROM heads WHERE pk = 'log:2'",
  ])("given the head was tampered with (%s), then its record is named", async (sql) => {
    const folder = await recorded();
    alter(folder, sql);
    expect(await found(folder)).toEqual({ ok: false, pk: "log:2", seq: 5, why: "tail" });
  });

  it("given a partition longer than is read at once, then an altered record deep in it is named", async () => {
    const folder = temporaryFolder();
    const store = openEmbedded(folder);
    await store.append(appendTo("log:2", undefined, { words: Array.from({ length: 450 }, (_, n) => `word ${n}`) }));
    expect(await checkStore(store, digest)).toEqual({ ok: true, partitions: 1, events: 450 });
    alter(folder, setIn("$.at"), "2020-01-01T00:00:00Z", 432);
    expect(await checkStore(store, digest)).toMatchObject({ seq: 432, why: "hash" });
    alter(folder, "UPDATE events SET body = 'x' WHERE pk = 'log:2' AND seq = ?", 317);
    expect(await checkStore(store, digest)).toMatchObject({ seq: 317, why: "hash" });
    await store.close();
  });

  it("given a service appends while it is checked, then that is no finding", async () => {
    const folder = await recorded();
    const store = openEmbedded(folder);
    const appending = {
      ...store,
      // Each look at the head of a case finds a record more than was read of its events.
      async head<S>(pk: string) {
        const events = await store.events(pk);
        if (events.length < 9) await store.append(appendTo(pk, events.at(-1)));
        return store.head<S>(pk);
      },
    };
    expect(await checkStore(appending, digest)).toMatchObject({ ok: true, partitions: 3, events: 27 });
    await store.close();
  });

  it("given the store cannot be read, then that is a failure, not a finding", async () => {
    const store = readEmbedded(await recorded());
    await store.close();
    await expect(checkStore(store, digest)).rejects.toThrow("closed");
  });

  /** Alters a record as somebody would who knows how it is hashed. */
  function forge(folder: string, seq: number): void {
    const database = new Database(path.join(folder, "epilogue.db"));
    const row = database.prepare("SELECT body FROM events WHERE pk = 'log:2' AND seq = ?").get([seq]);
    const event = { ...(JSON.parse((row as { body: string }).body) as Recorded), at: "2020-01-01T00:00:00Z" };
    const forged = JSON.stringify({ ...event, hash: hashOf(event, digest) });
    database.prepare("UPDATE events SET body = ? WHERE pk = 'log:2' AND seq = ?").run([forged, seq]);
    database.close();
  }
});

describe("the verify program", () => {
  let program: Awaited<ReturnType<typeof bundled>>;
  beforeAll(async () => {
    program = await bundled("bot/store/verify.ts", temporaryFolder());
  });
  const verify = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [program.file, ...args], {
      env: { ...program.env, EPILOGUE_DATA: "", ...env },
      encoding: "utf8",
    });

  it("given a whole record, by argument or environment, then it counts and ends with 0, and the file is as it was", async () => {
    const folder = await recorded();
    const file = path.join(folder, "epilogue.db");
    const before = readFileSync(file);
    for (const run of [verify([folder]), verify([], { EPILOGUE_DATA: folder })]) {
      expect(run).toMatchObject({ status: 0, stderr: "" });
      expect(run.stdout).toMatch(/3 partitions, 11 events/);
    }
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("given an altered record, then it is named and it ends with 1", async () => {
    const folder = await recorded();
    alter(folder, setIn("$.by.person"), "sam", 3);
    const run = verify([folder]);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toContain('"log:2", record 3 (hash)');
  });

  it("given a running service, then it is checked all the same", async () => {
    const folder = await recorded();
    const store = openEmbedded(folder);
    await store.append(appendTo("log:3", undefined));
    const run = verify([folder]);
    await store.close();
    expect(run.stdout).toMatch(/4 partitions, 12 events/);
  });

  it("given a folder without data, then it says so and ends with 2", () => {
    const run = verify([temporaryFolder()]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("epilogue.db");
  });
});
