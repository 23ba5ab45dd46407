import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import Database from "libsql";

/** Pages of the file that stay in memory: SQLite's own 2 MiB hold little more than the indexes of a few thousand cases. */
const cacheKiB = 16 * 1024;

/** Pages after which the log of changes is worked into the file: 16 MiB, in which the same pages come many times over. */
const walPages = 4096;

type Value = string | number | null;

/**
 * A SQLite file, with its prepared statements kept by their text. Every call is synchronous, so what is done between
 * `BEGIN` and `COMMIT` cannot be interleaved with another request of this process.
 *
 * All methods throw on a busy or failing file, and once it is closed.
 */
export class Sql {
  private readonly statements = new Map<string, Database.Statement>();
  private connection: Database.Database | undefined;
  private inTransaction = false;
  private closed = false;

  private constructor(
    private readonly file: string,
    private readonly settings: string[],
  ) {
    this.connect();
  }

  /** For reading and writing; the file is made if there is none. A commit is on the disk before it returns; what is deleted is overwritten. */
  static open(file: string): Sql {
    return new Sql(file, [
      "journal_mode = WAL",
      "synchronous = FULL",
      "secure_delete = ON",
      `wal_autocheckpoint = ${walPages}`,
      `cache_size = -${cacheKiB}`,
    ]);
  }

  /** For reading only, beside a writer or alone. @throws when there is no such file. */
  static read(file: string): Sql {
    if (!existsSync(file)) throw new Error(`There is no ${file}`);
    const url = pathToFileURL(file);
    url.search = "mode=ro";
    return new Sql(url.href, []);
  }

  /** Runs statements that take no values and answer no rows. */
  exec(text: string): void {
    this.guarded(() => this.connected().exec(text));
  }

  /** Runs a statement that answers no rows; the number of rows it changed. */
  run(text: string, ...values: Value[]): number {
    return this.guarded(() => this.prepared(text).run(values.map(bound)).changes);
  }

  /** The first row, if there is one. */
  get<R>(text: string, ...values: Value[]): R | undefined {
    return this.guarded(() => this.prepared(text).get(values.map(bound)) as R | undefined);
  }

  all<R>(text: string, ...values: Value[]): R[] {
    return this.guarded(() => this.prepared(text).all(values.map(bound)) as R[]);
  }

  /** Does the work in one write transaction: committed when it returns, rolled back when it throws. */
  write<T>(work: () => T): T {
    this.run("BEGIN IMMEDIATE");
    this.inTransaction = true;
    try {
      const done = work();
      this.run("COMMIT");
      return done;
    } catch (error) {
      this.disconnect();
      throw error;
    } finally {
      this.inTransaction = false;
    }
  }

  close(): void {
    this.closed = true;
    this.disconnect();
  }

  private connect(): Database.Database {
    const connection = new Database(this.file);
    this.connection = connection;
    for (const setting of ["busy_timeout = 500", ...this.settings]) connection.exec(`PRAGMA ${setting}`);
    return connection;
  }

  private connected(): Database.Database {
    if (this.closed) throw new Error("The store is closed");
    return this.connection ?? this.connect();
  }

  /** Lets go of the connection, and so of what it had not committed. */
  private disconnect(): void {
    const connection = this.connection;
    this.connection = undefined;
    this.statements.clear();
    if (connection?.inTransaction) connection.exec("ROLLBACK");
    connection?.close();
  }

  /**
   * The driver leaves a query that failed under way, and then no transaction of its connection can commit: after a failure
   * the next call makes a new connection.
   */
  private guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!this.inTransaction) this.disconnect();
      throw error;
    }
  }

  private prepared(text: string): Database.Statement {
    const connection = this.connected();
    let statement = this.statements.get(text);
    if (!statement) {
      statement = connection.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }
}

const ESCAPED = "\u0001";
type MayBeIllFormed = string & { isWellFormed(): boolean };

/** SQLite's texts are UTF-8 and the driver cuts them at NUL: the few ids that this would change are kept as JSON. */
function bound(value: Value): Value {
  if (typeof value !== "string") return value;
  const plain = !value.includes("\0") && !value.startsWith(ESCAPED) && (value as MayBeIllFormed).isWellFormed();
  return plain ? value : ESCAPED + JSON.stringify(value);
}

/** The text as it was given, of a column that holds an id. */
export function unbound(value: string): string {
  return value.startsWith(ESCAPED) ? (JSON.parse(value.slice(ESCAPED.length)) as string) : value;
}
