import type { CommandAnswer, Envelope } from "../../src/panel/shape";

/**
 * What one person's panel keeps on this device: the queue of what is not yet acknowledged, drafts, and the last view. All of it
 * is encrypted with a key of that person that no program can take out of the browser. The queue stays until it is answered;
 * drafts and views are forgotten.
 */

/** Refused, or in conflict with another device's: shown until the person decides. */
export type Held = Extract<CommandAnswer, { kind: "refused" | "conflict" }>;

export interface Entry {
  envelope: Envelope;
  /** When it was pressed, by the service's clock as the panel kept it then: a clock that somebody moves does not move it. */
  at?: string;
  /** What the service said against it; a waiting one has none. */
  held?: Held;
}

export interface Vault {
  /** False: nothing survives this page. */
  readonly keeps: boolean;
  /** In the order pressed. */
  entries(): Promise<Entry[]>;
  /** Resolves once it is on the disk. One after the other, in the order called. */
  put(entry: Entry): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  read<T>(name: string): Promise<T | undefined>;
  /** @param of the session it is of. @param at the time now, in milliseconds. */
  write(name: string, value: unknown, of: string, at: number): Promise<void>;
  /** Removes what is named of that session, and whatever this person wrote before that time; never what is queued. */
  forget(of: string, before: number): Promise<void>;
}

const PATIENCE = 3_000;

/** The person's vault; one in memory where the browser keeps nothing. */
export async function openVault(who: string): Promise<Vault> {
  try {
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));
    return await Promise.race([openKept(who), late]);
  } catch {
    return inMemory();
  }
}

export function inMemory(): Vault {
  const queue = new Map<string, Entry>();
  const named = new Map<string, unknown>();
  return {
    keeps: false,
    entries: async () => [...queue.values()],
    put: async (entry) => void queue.set(entry.envelope.id, entry),
    remove: async (ids) => {
      for (const id of ids) queue.delete(id);
    },
    read: async <T>(name: string) => named.get(name) as T | undefined,
    write: async (name, value) => void named.set(name, value),
    // It is gone with the page.
    forget: async () => {},
  };
}

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}
type Row = Sealed & { who: string; id: string };
type Named = Sealed & { of: string; at: number };

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open("epilogue-panel", 1);
  request.onupgradeneeded = () => {
    const { result: db } = request;
    db.createObjectStore("keys");
    const queue = db.createObjectStore("queue", { autoIncrement: true });
    queue.createIndex("who", "who");
    queue.createIndex("id", ["who", "id"], { unique: true });
    db.createObjectStore("named");
  };
  return done(request);
}

/** What lies there for a person, still sealed: the queue's rows, and one named thing. */
type Ahead = Map<string, unknown>;
const QUEUE = "queue";
interface Opened {
  db: IDBDatabase;
  /** The key of each person who has one. */
  keys: ReadonlyMap<IDBValidKey, CryptoKey>;
  ahead: ReadonlyMap<IDBValidKey, Ahead>;
}
/** The database, on its way. */
let early: Promise<Opened> | undefined;

/**
 * Opens the database before it is known whose vault is wanted: it comes while Teams is asked, and with it, sealed, what each
 * person whose vault it may be has waiting and has under that name.
 */
export function warmVault(name: string): void {
  early ??= openWithKeys(name);
  // Where the browser keeps nothing, openVault finds out.
  early.catch(() => undefined);
}

async function openWithKeys(name?: string): Promise<Opened> {
  const db = await openDatabase();
  const transaction = db.transaction(["keys", "queue", "named"]);
  const [queue, named] = [transaction.objectStore("queue").index("who"), transaction.objectStore("named")];
  const store = transaction.objectStore("keys");
  const [people, keys] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
  const ahead = new Map<IDBValidKey, Ahead>();
  if (name !== undefined)
    await Promise.all(
      people.map(async (who) => {
        const [rows, sealed] = await Promise.all([done(queue.getAll(who)), done(named.get([who, name]))]);
        ahead.set(
          who,
          new Map<string, unknown>([
            [QUEUE, rows],
            [name, sealed],
          ]),
        );
      }),
    );
  return { db, keys: new Map(people.map((who, at) => [who, keys[at] as CryptoKey])), ahead };
}

async function openKept(who: string): Promise<Vault> {
  const opening = early ?? openWithKeys();
  early = undefined;
  const { db, keys, ahead: all } = await opening;
  /** What was read ahead is good for one reading, and not once something was written. */
  const taken = <T>(what: string): T | undefined => {
    const there = all.get(who)?.get(what) as T | undefined;
    all.get(who)?.delete(what);
    return there;
  };
  // A newer panel in another tab wants the database: it has it, and this one asks for it again.
  db.onversionchange = () => db.close();
  const transact = (stores: string, mode: IDBTransactionMode) => {
    const transaction = db.transaction(stores, mode, { durability: "strict" });
    const committed = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    return { store: transaction.objectStore(stores), committed };
  };
  const key = keys.get(who) ?? (await keyMade(db, who));
  const name = new TextEncoder().encode(who);

  async function seal(value: unknown): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: name }, key, text) };
  }
  async function open<T>({ iv, data }: Sealed): Promise<T> {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: name }, key, data);
    return JSON.parse(new TextDecoder().decode(text)) as T;
  }

  let last: Promise<void> = Promise.resolve();
  /** One after the other: encryption takes its time, and the order is what counts. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  /** Those that come while the disk is busy go to it together; nothing is taken into a group from behind a removal. */
  let group: { entries: Entry[]; written: Promise<void> } | undefined;

  const vault: Vault = {
    keeps: true,
    async entries() {
      const rows =
        taken<Row[]>(QUEUE) ?? ((await done(transact("queue", "readonly").store.index("who").getAll(who))) as Row[]);
      return Promise.all(rows.map((row) => open<Entry>(row)));
    },
    put(entry) {
      taken(QUEUE);
      if (!group) {
        const entries: Entry[] = [];
        const written = inTurn(async () => {
          if (group?.entries === entries) group = undefined;
          const rows = await Promise.all(
            entries.map(async (one): Promise<Row> => ({ ...(await seal(one)), who, id: one.envelope.id })),
          );
          const { store, committed } = transact("queue", "readwrite");
          for (const row of rows) {
            const place = await done(store.index("id").getKey([who, row.id]));
            if (place === undefined) store.add(row);
            else store.put(row, place);
          }
          await committed;
        });
        group = { entries, written };
      }
      group.entries.push(entry);
      return group.written;
    },
    remove(ids) {
      taken(QUEUE);
      group = undefined;
      return inTurn(async () => {
        const { store, committed } = transact("queue", "readwrite");
        for (const id of ids) {
          const place = await done(store.index("id").getKey([who, id]));
          if (place !== undefined) store.delete(place);
        }
        await committed;
      });
    },
    async read<T>(what: string) {
      const sealed =
        taken<Sealed>(what) ??
        ((await done(transact("named", "readonly").store.get([who, what]))) as Sealed | undefined);
      return sealed && open<T>(sealed);
    },
    write: (what, value, of, at) =>
      inTurn(async () => {
        taken(what);
        const row: Named = { ...(await seal(value)), of, at };
        const { store, committed } = transact("named", "readwrite");
        store.put(row, [who, what]);
        await committed;
      }),
    forget: (of, before) =>
      inTurn(async () => {
        all.get(who)?.clear();
        const { store, committed } = transact("named", "readwrite");
        // An array comes after every string: all names of this person, and nobody else's.
        const each = store.openCursor(IDBKeyRange.bound([who], [who, []]));
        each.onsuccess = () => {
          const { result: row } = each;
          if (!row) return;
          const { of: its, at } = row.value as Named;
          // What has no date is of an earlier build.
          if (its === of || !(at >= before)) row.delete();
          row.continue();
        };
        await committed;
      }),
  };
  return vault;
}

/** The person's key, made once: two tabs that open together agree on the one that was there first. */
async function keyMade(db: IDBDatabase, who: string): Promise<CryptoKey> {
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const store = db.transaction("keys", "readwrite").objectStore("keys");
  const first = (await done(store.get(who))) as CryptoKey | undefined;
  if (first) return first;
  await done(store.put(made, who));
  return made;
}
