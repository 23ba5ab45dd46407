import { another, clientOf, codeOf, endAll, setUp } from "./given";
import { controlOf, forkCosmosDouble, type RemoteDouble } from "./remote";

describe("a double in a process of its own", () => {
  let double: RemoteDouble;
  beforeAll(async () => {
    double = await forkCosmosDouble({ ranges: 4 });
    await setUp(clientOf(double));
  });
  afterEach(() => double.faults.clear());
  afterAll(async () => {
    await endAll();
    await double.end();
  });

  const plain = () => another(double, { connectionPolicy: { enableEndpointDiscovery: false } });

  test("keeps what one client wrote for another", async () => {
    await another(double).items.create({ id: "a", pk: "p", n: 1 });
    expect((await another(double).item("a", "p").read()).resource?.n).toBe(1);
  });

  test("counts, and starts counting anew", async () => {
    await double.counts.reset();
    await another(double).items.create({ id: "b", pk: "p" });
    expect((await double.counts.now()).operations).toMatchObject({ create: 1 });
    expect((await double.counts.latest()).at(-1)).toMatchObject({ kind: "create", status: 201, pk: "p" });
    await double.counts.reset();
    expect((await double.counts.now()).operations).toEqual({});
  });

  test("fails as it is told, also by a third process that knows its address", async () => {
    const told = controlOf(double.control);
    const started = plain();
    await told.faults.add({ answer: 503, when: { kinds: ["create"] } });
    expect(await codeOf(started.items.create({ id: "c", pk: "p" }))).toBe(503);
    await told.faults.outage("unreachable");
    expect(await codeOf(started.items.create({ id: "c", pk: "p" }))).toBe("ECONNRESET");
    await told.faults.clear();
    await told.faults.lag({ writes: 1 });
    expect(await codeOf(plain().items.create({ id: "c", pk: "p" }))).toBe("done");
    expect((await plain().item("c", "p").read()).statusCode).toBe(404);
    expect(await told.faults.struck()).toEqual({ 503: 1 });
  });

  test("moves its clock", async () => {
    await another(double).items.create({ id: "short", pk: "p", ttl: 60 });
    await double.clock.advance(61_000);
    expect((await another(double).item("short", "p").read()).statusCode).toBe(404);
  });

  test("refuses an order it does not know", async () => {
    const response = await fetch(double.control, { method: "POST", body: JSON.stringify({ do: "dance" }) });
    expect(response.status).toBe(400);
  });
});
