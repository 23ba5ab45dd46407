import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Clock, Store } from "../../src/ports";
import { docs } from "./docs";
import { lists } from "./lists";
import { lockFolder } from "./lock";
import { notices } from "./notices";
import { checkSchema, migrate } from "./schema";
import { Sql } from "./sql";
import { streams } from "./streams";

const fileIn = (folder: string): string => path.join(folder, "epilogue.db");

/**
 * The store in one SQLite file, `epilogue.db` in the folder (made if there is none), for one process at a time. What a
 * method has answered is on the disk: it survives the end of the process and of the machine's power.
 *
 * @param clock the store's own time, by which leases are counted; the process's unless told. There is one process, so its
 * clock is everybody's.
 * @throws when another process has the folder, when it cannot be written, when the file is not a database, or when a newer
 * version of this program made it.
 */
export function openEmbedded(folder: string, clock: Clock = processClock): Store {
  mkdirSync(folder, { recursive: true });
  const release = lockFolder(folder);
  let sql: Sql | undefined;
  try {
    sql = Sql.open(fileIn(folder));
    migrate(sql);
    return { ...reading(sql, clock), ...probing(sql), ...closing(sql, release) };
  } catch (error) {
    sql?.close();
    release();
    throw error;
  }
}

/**
 * The same store for looking only: nothing is written, and a service may be running on it meanwhile.
 * @throws when the folder holds no data, or data of another schema.
 */
export function readEmbedded(
  folder: string,
): Pick<Store, "head" | "events" | "partitions" | "byRef" | "notices" | "doc" | "close"> {
  const sql = Sql.read(fileIn(folder));
  try {
    checkSchema(sql);
    return { ...reading(sql, processClock), ...closing(sql, () => undefined) };
  } catch (error) {
    sql.close();
    throw error;
  }
}

const processClock: Clock = { now: () => new Date().toISOString() };

const reading = (sql: Sql, clock: Clock) => ({
  ...streams(sql),
  ...docs(sql),
  ...lists(sql),
  ...notices(sql, clock),
  ...scrubbing(sql),
});

const scrubbing = (sql: Sql): Pick<Store, "scrub"> => ({
  async scrub() {
    // Freed space in the file is overwritten as it is freed; what the log still holds goes with the log.
    const done = sql.get<{ busy: number }>("PRAGMA wal_checkpoint(TRUNCATE)");
    if (done?.busy !== 0) throw new Error("Somebody is reading an older state: what was erased is still in the log");
  },
});

const probing = (sql: Sql): Pick<Store, "ready"> => ({
  async ready() {
    const written = sql.get<{ n: number }>(
      "INSERT INTO probe VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = n + 1 RETURNING n",
    );
    const read = sql.get<{ n: number }>("SELECT n FROM probe WHERE id = 1");
    if (!written || read?.n !== written.n) throw new Error("The store did not read what it had written");
  },
});

const closing = (sql: Sql, release: () => void): Pick<Store, "close"> => ({
  async close() {
    sql.close();
    release();
  },
});
