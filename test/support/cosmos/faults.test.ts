import type { Container } from "@azure/cosmos";
import type { CosmosDouble } from "./double";
import type { Fault } from "./faults";
import { another, clientOf, codeOf, create, endAll, given } from "./given";

afterEach(endAll);

/** Through a client that looks for no other endpoint, and so tries again only what is throttled. */
const plain = (double: CosmosDouble, more = {}): Container =>
  another(double, { connectionPolicy: { enableEndpointDiscovery: false, ...more } });

/** The same, which gives up soon: for what never comes, or comes later than that. */
const hasty = (double: CosmosDouble): Container => plain(double, { requestTimeout: 1000 });

/** By whom that answer is soon known. */
const patienceFor = (answer: Fault["answer"]) => (answer === "silence" ? hasty : plain);

const batchOf = (cases: Container, id = "a") => cases.items.batch([create({ id, pk: "p" })], "p");
const isThere = async (cases: Container, id = "a") => (await cases.item(id, "p").read()).statusCode === 200;

describe("a throttled request", () => {
  test("is told how long to wait, and the SDK tries again by itself", async () => {
    const { double, cases } = await given();
    double.faults.add({ answer: 429, retryAfterMs: 5, times: 2 });
    expect(await codeOf(cases.items.create({ id: "a", pk: "p" }))).toBe("done");
    expect(double.counts.now()).toMatchObject({ operations: { create: 3 }, statuses: { 429: 2, 201: 1 } });
  });

  test("fails with the wait when it is throttled on and on", async () => {
    const { double } = await given();
    double.faults.add({ answer: 429, retryAfterMs: 7, times: 100 });
    const cases = plain(double, {
      retryOptions: { maxRetryAttemptCount: 1, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 1 },
    });
    const error = await cases.items.create({ id: "a", pk: "p" }).catch((refused) => refused);
    expect(error).toMatchObject({ code: 429, substatus: 3200, retryAfterInMs: 7 });
  });
});

describe("a request that fails", () => {
  test.each([408, 449, 503] as const)("with %i before it was carried out has done nothing", async (answer) => {
    const { double, cases } = await given();
    double.faults.add({ answer });
    expect(await codeOf(plain(double).items.create({ id: "a", pk: "p" }))).toBe(answer);
    expect(await isThere(cases)).toBe(false);
  });

  test.each([408, 503, "reset", "silence"] as const)(
    "with %s after it was carried out has done it all",
    async (answer) => {
      const { double, cases } = await given();
      double.faults.add({ answer, after: true });
      expect(await codeOf(batchOf(patienceFor(answer)(double)))).not.toBe("done");
      expect(await isThere(cases)).toBe(true);
      // The same batch again: its own first operation says that it landed.
      expect((await batchOf(cases)).result?.map(({ statusCode }) => statusCode)).toEqual([409]);
    },
  );

  test.each(["reset", "silence"] as const)("with %s before it was carried out has done nothing", async (answer) => {
    const { double, cases } = await given();
    double.faults.add({ answer });
    expect(await codeOf(batchOf(patienceFor(answer)(double)))).not.toBe("done");
    expect(await isThere(cases)).toBe(false);
    expect((await batchOf(cases)).code).toBe(200);
  });

  test("by a cut connection says so", async () => {
    const { double } = await given();
    double.faults.add({ answer: "reset" });
    expect(await codeOf(plain(double).items.create({ id: "a", pk: "p" }))).toBe("ECONNRESET");
  });

  test("by silence is lost after the client's own patience", async () => {
    const { double } = await given();
    double.faults.add({ answer: "silence" });
    expect(await codeOf(hasty(double).items.create({ id: "a", pk: "p" }))).toBe("TimeoutError");
    expect(double.counts.now().statuses[0]).toBe(1);
  });

  test("by slowness only comes later", async () => {
    const { double } = await given();
    double.faults.add({ answer: "slow", delayMs: 5000 });
    expect(await codeOf(hasty(double).items.create({ id: "a", pk: "p" }))).toBe("TimeoutError");
    double.faults.add({ answer: "slow", delayMs: 20 });
    expect(await codeOf(plain(double).items.create({ id: "b", pk: "p" }))).toBe("done");
    expect(double.faults.struck).toEqual({ slow: 2 });
  });
});

describe("a fault is aimed", () => {
  test.each<[string, Fault["when"]]>([
    ["at a kind", { kinds: ["batch"] }],
    ["at a partition key's value", { pk: "p" }],
    ["at the beginning of one", { pkStarts: "p" }],
    ["by a function", ({ kind, pk }) => kind === "batch" && pk === "p"],
  ])("%s", async (_, when) => {
    const { double, cases } = await given();
    double.faults.add({ answer: 503, when });
    expect(await codeOf(cases.items.create({ id: "a", pk: "other" }))).toBe("done");
    await expect(batchOf(plain(double))).rejects.toThrow("unavailable");
    expect((await batchOf(cases)).code).toBe(200);
  });

  test("at a document's id", async () => {
    const { double } = await given();
    double.faults.add({ answer: 503, when: { id: "b" } });
    expect((await plain(double).item("a", "p").read()).statusCode).toBe(404);
    expect(await codeOf(plain(double).item("b", "p").read())).toBe(503);
  });

  test("at documents unless told otherwise, at the account itself when told", async () => {
    const { double } = await given();
    double.faults.add({ answer: 503 });
    expect(await codeOf(clientOf(double).getDatabaseAccount())).toBe("done");
    double.faults.add({ answer: 503, when: { kinds: ["account"] } });
    const patient = clientOf(double, { connectionPolicy: { enableEndpointDiscovery: false } });
    expect(await codeOf(patient.getDatabaseAccount())).toBe(503);
  });

  test("and taken away again", async () => {
    const { double } = await given();
    const remove = double.faults.add({ answer: 503, times: 100 });
    expect(await codeOf(plain(double).item("a", "p").read())).toBe(503);
    remove();
    expect(await codeOf(plain(double).item("a", "p").read())).toBe("done");
  });

  test("at a share of the requests, the same with the same seed", async () => {
    const outcomes = async (seed: number) => {
      const { double } = await given({ seed });
      double.faults.add({ answer: 503, share: 0.4, when: { kinds: ["read"] } });
      const found: unknown[] = [];
      for (let n = 0; n < 30; n++) found.push(await codeOf(plain(double).item("a", "p").read()));
      return found;
    };
    const first = await outcomes(7);
    expect(new Set(first)).toEqual(new Set([503, "done"]));
    expect(await outcomes(7)).toEqual(first);
    expect(await outcomes(8)).not.toEqual(first);
  });
});

test.each([
  ["unavailable", 503],
  ["unreachable", "ECONNRESET"],
] as const)("in an outage everything is %s, afterwards all is there again", async (outage, code) => {
  const { double, cases } = await given();
  // A client that starts in the outage would try ten times, a second apart, to read the account.
  const started = plain(double);
  await started.items.create({ id: "a", pk: "p" });
  double.faults.outage = outage;
  expect(await codeOf(started.items.create({ id: "b", pk: "p" }))).toBe(code);
  double.faults.clear();
  expect(await isThere(cases)).toBe(true);
  expect(await isThere(cases, "b")).toBe(false);
});

describe("replicas that lag", () => {
  test("answer a session that has seen more with 404/1002, and another with the older state", async () => {
    const { double } = await given();
    const writer = plain(double);
    await writer.items.create({ id: "a", pk: "p", n: 1 });
    double.faults.lag = { writes: 1 };
    await writer.item("a", "p").replace({ id: "a", pk: "p", n: 2 });
    // The SDK hands this on like a document that is missing: only the substatus tells.
    const own = await writer.item("a", "p").read();
    expect(own).toMatchObject({ statusCode: 404, substatus: 1002, resource: undefined });
    expect(await codeOf(writer.items.query("SELECT * FROM c", { partitionKey: "p" }).fetchAll())).toBe(404);
    expect((await plain(double).item("a", "p").read()).resource?.n).toBe(1);
    double.faults.lag = undefined;
    expect((await writer.item("a", "p").read()).resource?.n).toBe(2);
  });

  test("show a batch whole or not at all, in reads and in queries", async () => {
    const { double } = await given();
    double.faults.lag = { writes: 1 };
    await plain(double).items.batch([create({ id: "a", pk: "p", n: 1 }), create({ id: "b", pk: "p", n: 2 })], "p");
    const seen = async () => {
      const reader = plain(double);
      const { resources } = await reader.items.query<string>("SELECT VALUE c.id FROM c ORDER BY c.n").fetchAll();
      return [await isThere(reader, "a"), await isThere(reader, "b"), resources];
    };
    expect(await seen()).toEqual([false, false, []]);
    await plain(double).items.create({ id: "c", pk: "p", n: 3 });
    expect(await seen()).toEqual([true, true, ["a", "b"]]);
  });

  test("still show what was removed lately", async () => {
    const { double, cases } = await given();
    await cases.items.create({ id: "a", pk: "p" });
    double.faults.lag = { writes: 1 };
    await cases.item("a", "p").delete();
    expect(await isThere(plain(double))).toBe(true);
    expect(await codeOf(plain(double).item("a", "p").delete())).toBe(404);
  });

  test("catch up by the double's clock", async () => {
    const { double, cases } = await given();
    double.faults.lag = { ms: 500 };
    await cases.items.create({ id: "a", pk: "p" });
    expect(await isThere(plain(double))).toBe(false);
    double.clock.advance(501);
    expect(await isThere(plain(double))).toBe(true);
  });

  test("are right about another partition's sessions", async () => {
    const { double } = await given({ ranges: 4 });
    const client = plain(double);
    for (let n = 0; n < 12; n++) await client.items.create({ id: "a", pk: `case:${n}` });
    for (let n = 0; n < 12; n++) expect((await client.item("a", `case:${n}`).read()).statusCode).toBe(200);
    double.faults.lag = { writes: 1 };
    await client.items.create({ id: "b", pk: "case:0" });
    const read = async (n: number) => (await client.item("a", `case:${n}`).read()).substatus;
    expect(await read(0)).toBe(1002);
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, n) => read(n)));
    expect(new Set(outcomes)).toEqual(new Set([1002, undefined]));
  });
});
