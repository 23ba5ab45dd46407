import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import type { Append, Appended, Recorded, Store } from "../../src/ports";
import type { Fault } from "../support/cosmos/faults";
import { eventually } from "../support/eventually";
import { type AccountDouble, accountDouble } from "./account";
import { appendTo, minute, notice } from "./appends";

/** What the store makes of an account that answers late, twice, elsewhere or not at all. */

let account: AccountDouble;
let store: Store;
beforeEach(async () => {
  account = await accountDouble();
  // Short, so that silence is soon taken for a lost answer.
  store = await account.open({ timeoutMs: 300 });
});
afterEach(() => account.end());

const faulty = (fault: Fault) => account.double.faults.add(fault);
const struck = () => Object.values(account.double.faults.struck).reduce((sum, n) => sum + n, 0);

/** Every way in which one request can fail in passing. */
const passing: [string, Omit<Fault, "when">][] = [
  ["503 before the write", { answer: 503 }],
  ["503 after the write", { answer: 503, after: true }],
  ["408 after the write", { answer: 408, after: true }],
  ["a cut connection before the write", { answer: "reset" }],
  ["a cut connection after the write", { answer: "reset", after: true }],
  ["no answer, and no write", { answer: "silence" }],
  ["no answer, but the write", { answer: "silence", after: true }],
  ["three times too many requests", { answer: 429, times: 3 }],
  ["a conflict within the service (449)", { answer: 449, times: 2 }],
  ["two lost answers one after the other", { answer: "reset", after: true, times: 2 }],
];

describe.each(passing)("given %s", (_name, fault) => {
  it("then an append is done once, and answered as appended", async () => {
    const first = appendTo("case:1", undefined, { words: ["1", "2"], notices: [notice("n", minute(1))] });
    faulty({ ...fault, when: { kinds: ["batch"] } });

    expect(await store.append(first)).toBe("appended");
    expect(struck()).toBe(fault.times ?? 1);
    expect(await store.events("case:1")).toEqual(first.events);
    expect(await store.append(first)).toBe("repeat");
    // What it knows of the head is right: the next one goes.
    const next = appendTo("case:1", first.events[1]);
    faulty({ ...fault, when: { kinds: ["batch"] } });
    expect(await store.append(next)).toBe("appended");
    expect(await store.head("case:1")).toEqual(next.head);
    expect(await store.notices("case:1")).toHaveLength(1);
  });

  it("then a document is made, replaced and removed as if nothing had been", async () => {
    faulty({ ...fault, when: { kinds: ["create"] } });
    expect(await store.putDoc("p", "d", 1, undefined)).toBe(true);
    const version = (await store.doc("p", "d"))?.version;
    faulty({ ...fault, when: { kinds: ["replace"] } });
    expect(await store.putDoc("p", "d", 2, version)).toBe(true);
    faulty({ ...fault, when: { kinds: ["upsert"] } });
    expect(await store.putDoc("p", "d", 3, "any")).toBe(true);
    faulty({ ...fault, when: { kinds: ["read"] } });
    expect(await store.doc("p", "d")).toMatchObject({ body: 3 });
    faulty({ ...fault, when: { kinds: ["delete"] } });
    await store.removeDoc("p", "d");
    expect(await store.doc("p", "d")).toBeUndefined();
  });

  it("then a notice is claimed and marked once, by whoever asked", async () => {
    await store.append(appendTo("case:1", undefined, { notices: [notice("a", minute(0))] }));
    const ask = { now: minute(1), leaseUntil: minute(2), limit: 5 };
    faulty({ ...fault, when: { kinds: ["replace"] } });
    faulty({ ...fault, when: { kinds: ["query"] } });

    const [claimed] = await store.claim(ask);
    expect(claimed).toMatchObject({ id: "a", state: "claimed" });
    faulty({ ...fault, when: { kinds: ["replace"] } });
    const version = claimed && (await store.mark(claimed, { state: "sent", leaseUntil: null }));
    expect(await store.notices("case:1")).toMatchObject([{ state: "sent", version }]);
  });
});

describe("a lost answer", () => {
  it("given a rival goes on before it is sent again, then it is still known to be done", async () => {
    const rival = await account.open();
    const mine = appendTo("case:1", undefined, { commandId: "mine" });
    const theirs = appendTo("case:1", mine.events[0], { commandId: "theirs" });
    let before: Promise<unknown> | undefined;
    faulty({ answer: "reset", after: true, when: { kinds: ["batch"] } });
    // The second sending comes after the rival's append, which it holds up.
    faulty({
      answer: "slow",
      delayMs: 100,
      when: (asked) => {
        const second = asked.kind === "batch" && before === undefined;
        if (second) before = rival.append(theirs);
        return second;
      },
    });

    expect(await store.append(mine)).toBe("appended");
    expect(await before).toBe("appended");
    expect((await store.events("case:1")).map((e) => e.commandId)).toEqual(["mine", "theirs"]);
    expect(await store.head("case:1")).toMatchObject({ revision: 2 });
  });

  it("given it was not done and a rival was first, then it conflicts", async () => {
    const rival = await account.open();
    const theirs = appendTo("case:1", undefined, { commandId: "theirs" });
    await rival.append(theirs);
    faulty({ answer: "reset", when: { kinds: ["batch"] } });

    expect(await store.append(appendTo("case:1", undefined, { commandId: "mine" }))).toBe("conflict");
    expect(await store.marker("case:1", "mine")).toBeUndefined();
  });
});

describe("a lost answer, and the same command from elsewhere", () => {
  /** The first sending does not arrive; before the second, another instance has appended this. */
  async function overtakenBy(theirs: Append, mine: Append): Promise<Appended> {
    const rival = await account.open();
    let before: Promise<unknown> | undefined;
    faulty({ answer: "reset", when: { kinds: ["batch"] } });
    faulty({
      answer: "slow",
      delayMs: 100,
      when: (asked) => {
        const second = asked.kind === "batch" && before === undefined;
        if (second) before = rival.append(theirs);
        return second;
      },
    });
    const done = await store.append(mine);
    expect(await before).toBe("appended");
    return done;
  }
  const mine = appendTo("case:1", undefined, { commandId: "pressed", payload: "met" });

  it("then another's marker is not taken for its own: it is a repeat, and there once", async () => {
    expect(await overtakenBy(mine, mine)).toBe("repeat");
    expect(await store.events("case:1")).toEqual(mine.events);
  });

  it("then another payload under its id is told apart", async () => {
    const other = appendTo("case:1", undefined, { commandId: "pressed", payload: "not met" });
    expect(await overtakenBy(other, mine)).toBe("reused");
    expect(await store.events("case:1")).toEqual(other.events);
  });
});

describe("a head that is gone", () => {
  it("given somebody removed it behind the store's back, then an append conflicts, writes nothing, and the next look finds none", async () => {
    const first = appendTo("case:1", undefined);
    await store.append(first);
    const { endpoint, key, database, container } = account.settings;
    const { CosmosClient } = await import("@azure/cosmos");
    const client = new CosmosClient({ endpoint, key: key?.reveal() ?? "" });
    await client.database(database).container(container).item("head", "case:1").delete();
    client.dispose();

    expect(await store.append(appendTo("case:1", first.events[0], { commandId: "next" }))).toBe("conflict");
    expect(await store.events("case:1")).toEqual(first.events);
    expect(await store.marker("case:1", "next")).toBeUndefined();
    expect(await store.head("case:1")).toBeUndefined();
  });
});

describe("an account that stays away", () => {
  it.each(["unavailable", "unreachable"] as const)(
    "given it is %s, then every call ends in a fault within bounds, and all is well once it is back",
    async (outage) => {
      const first = appendTo("case:1", undefined);
      await store.append(first);
      account.double.faults.outage = outage;

      await expect(store.ready()).rejects.toThrow("store");
      await expect(store.head("case:1")).rejects.toThrow("store");
      await expect(store.append(appendTo("case:1", first.events[0]))).rejects.toThrow();
      await expect(store.casesOf({ person: "ada" }, { limit: 1 })).rejects.toThrow("store");
      expect(account.double.counts.now().operations.batch).toBeLessThanOrEqual(6);

      account.double.faults.clear();
      await store.ready();
      expect(await store.append(appendTo("case:1", first.events[0]))).toBe("appended");
    },
  );

  it("given it goes on saying that there is too much, then it is waited for within bounds", async () => {
    faulty({ answer: 429, retryAfterMs: 1, times: 1_000, when: { kinds: ["batch"] } });
    await expect(store.append(appendTo("case:1", undefined))).rejects.toThrow();
    expect(account.double.counts.now().statuses[429]).toBeLessThan(12);
  });
});

describe("copies that lag", () => {
  it("given every replica lags, then an instance still sees what it wrote itself", async () => {
    account.double.faults.lag = { ms: 150 };
    let last: Recorded | undefined;
    for (let n = 0; n < 3; n++) {
      const append = appendTo("case:1", last, { index: { people: ["ada"], ref: "EX-1" } });
      expect(await store.append(append)).toBe("appended");
      last = append.events[0];
      expect(await store.head("case:1")).toMatchObject({ revision: n + 1 });
      expect(await store.events("case:1")).toHaveLength(n + 1);
      expect((await store.casesOf({ person: "ada" }, { limit: 9 })).rows).toHaveLength(1);
    }
    await store.putDoc("p", "d", 1, undefined);
    expect(await store.doc("p", "d")).toMatchObject({ body: 1 });
  });

  it("given another instance wrote what the person saw, then the head is read again until it is there", async () => {
    const rival = await account.open();
    const first = appendTo("case:1", undefined);
    await rival.append(first);
    expect(await store.head("case:1")).toMatchObject({ revision: 1 });
    account.double.faults.lag = { ms: 60 };
    await rival.append(appendTo("case:1", first.events[0]));

    expect(await store.head("case:1", 2)).toMatchObject({ revision: 2 });
  });

  it("given an old head comes late, behind an append, then it does not displace what is known", async () => {
    let delivered: Promise<void> | undefined;
    let deliver = () => {};
    const read = { asked: false };
    const late = await account.open({
      httpClient: {
        async sendRequest(request) {
          const response = await createDefaultHttpClient().sendRequest(request);
          if (delivered && request.method === "GET") {
            read.asked = true;
            await delivered;
          }
          return response;
        },
      },
    });
    const first = appendTo("case:1", undefined);
    await late.append(first);
    delivered = new Promise((resolve) => {
      deliver = resolve;
    });
    const old = late.head("case:1");
    await eventually(async () => expect(read.asked).toBe(true));
    const second = appendTo("case:1", first.events[0]);
    expect(await late.append(second)).toBe("appended");
    deliver();
    delivered = undefined;
    expect(await old).toMatchObject({ revision: 1 });

    // What it knows is the newer one: neither is it asked for again, nor is anything tried on the old one.
    const { read: reads, batch: batches } = account.double.counts.now().operations;
    const third = appendTo("case:1", second.events[0]);
    expect(await late.append(third)).toBe("appended");
    expect(account.double.counts.now().operations).toMatchObject({ read: reads, batch: (batches ?? 0) + 1 });
    expect(await late.append(appendTo("case:1", first.events[0], { commandId: "stale" }))).toBe("conflict");
    expect(account.double.counts.now().operations.batch).toBe((batches ?? 0) + 1);
  });

  it("given nobody has what is said to have been seen, then what there is is given after a while", async () => {
    await store.append(appendTo("case:1", undefined));
    expect(await store.head("case:1", 99)).toMatchObject({ revision: 1 });
    expect(await store.head("case:none", 5)).toBeUndefined();
  });

  it("given an append on an old copy, then it conflicts, and the next look is new enough", async () => {
    const rival = await account.open();
    const first = appendTo("case:1", undefined);
    await rival.append(first);
    await store.head("case:1");
    account.double.faults.lag = { ms: 100 };
    const theirs = appendTo("case:1", first.events[0], { commandId: "theirs" });
    await rival.append(theirs);

    expect(await store.append(appendTo("case:1", first.events[0], { commandId: "mine" }))).toBe("conflict");
    expect(await store.head("case:1")).toMatchObject({ revision: 2 });
    expect(await store.append(appendTo("case:1", theirs.events[0], { commandId: "mine" }))).toBe("appended");
  });
});

describe("a reference", () => {
  const named = (pk: string, commandId = pk) => appendTo(pk, undefined, { commandId, index: { ref: "EX-1" } });
  /** The instance's batch never arrives: as if it had ended between reservation and batch. */
  async function orphan(pk: string): Promise<void> {
    const away = faulty({ answer: 503, times: 99, when: { kinds: ["batch"], pk } });
    await expect(store.append(named(pk))).rejects.toThrow();
    away();
  }
  const later = (seconds: number) => account.double.clock.advance(seconds * 1000);

  it("given its owner ended before the batch, then nothing is found by it, and the owner trying again gets it", async () => {
    await orphan("case:1");
    expect(await store.byRef("EX-1")).toBeUndefined();

    expect(await (await account.open()).append(named("case:1"))).toBe("appended");
    expect(await store.byRef("EX-1")).toBe("case:1");
  });

  it("given one in flight, then nobody takes it for a minute; afterwards one does, and its former owner conflicts", async () => {
    await orphan("case:1");
    const rival = await account.open();
    expect(await rival.append(named("case:2"))).toBe("conflict");

    later(61);
    const next = await account.open();
    expect(await next.append(named("case:2"))).toBe("appended");
    expect(await next.byRef("EX-1")).toBe("case:2");
    expect(await store.append(named("case:1"))).toBe("conflict");
    expect(await store.head("case:1")).toBeUndefined();
  });

  it("given its owner's batch was only held up, beyond that minute, then one of the two has it, never both", async () => {
    const away = faulty({ answer: "slow", delayMs: 400, when: { kinds: ["batch"], pk: "case:1" } });
    const slow = (await account.open()).append(named("case:1"));
    while (account.double.counts.of("create") === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    later(61);
    const quick = await (await account.open()).append(named("case:2"));
    away();

    expect([quick, await slow].sort()).toEqual(["appended", "conflict"]);
    const holder = await store.byRef("EX-1");
    expect(holder).toBe(quick === "appended" ? "case:2" : "case:1");
    expect(await store.head(holder === "case:1" ? "case:2" : "case:1")).toBeUndefined();
  });

  it("given whoever was to take it over ended in the midst, then the owner trying again gets it", async () => {
    await orphan("case:1");
    later(61);
    // It makes the lock void and does not get to the reservation.
    const away = faulty({ answer: 503, times: 99, when: { kinds: ["replace"], pkStarts: "ref:" } });
    await expect((await account.open()).append(named("case:2"))).rejects.toThrow();
    away();

    expect(await store.append(named("case:1"))).toBe("appended");
    expect(await store.byRef("EX-1")).toBe("case:1");
    expect(await store.append(named("case:2", "again"))).toBe("conflict");
  });

  it("given many cases want it at once, then exactly one has it", async () => {
    const rival = await account.open();
    const pks = Array.from({ length: 8 }, (_, n) => `case:${n}`);
    const done = await Promise.all(pks.map((pk, n) => (n % 2 ? rival : store).append(named(pk))));

    expect(done.filter((one) => one === "appended")).toHaveLength(1);
    expect(done.filter((one) => one === "conflict")).toHaveLength(7);
    expect(await store.byRef("EX-1")).toBe(pks[done.indexOf("appended")]);
  });

  it("given a case gives it up for another, then it is free once its minute has passed, and the other is its own", async () => {
    const first = named("case:1");
    await store.append(first);
    expect(await store.append(appendTo("case:1", first.events[0], { index: { ref: "EX-2" } }))).toBe("appended");
    expect(await store.byRef("EX-1")).toBeUndefined();
    expect(await store.byRef("EX-2")).toBe("case:1");

    later(61);
    expect(await (await account.open()).append(named("case:2"))).toBe("appended");
    expect(await store.byRef("EX-1")).toBe("case:2");
  });
});
