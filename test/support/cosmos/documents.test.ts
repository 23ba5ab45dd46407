import type { OperationInput } from "@azure/cosmos";
import { clientOf, codeOf, create, endAll, given, indexingPolicy, signedHeaders } from "./given";

afterEach(endAll);

describe("setting up", () => {
  test("a database and a container are made once, and read with what they were made with", async () => {
    const { double, cases } = await given();
    const again = await clientOf(double).databases.createIfNotExists({ id: "epilogue" });
    expect(again.statusCode).toBe(200);
    expect(await codeOf(clientOf(double).databases.create({ id: "epilogue" }))).toBe(409);
    const { resource } = await cases.read();
    expect(resource?.partitionKey?.paths).toEqual(["/pk"]);
    expect(resource?.defaultTtl).toBe(-1);
    expect(resource?.indexingPolicy?.includedPaths).toEqual(indexingPolicy.includedPaths);
    expect(resource?.indexingPolicy?.compositeIndexes).toEqual(indexingPolicy.compositeIndexes);
  });

  test("indexing and time to live are changed, the partition key is not", async () => {
    const { cases } = await given();
    const { resource } = await cases.read();
    const changed = await cases.replace({ id: "cases", partitionKey: resource?.partitionKey, defaultTtl: 60 } as never);
    expect(changed.resource?.defaultTtl).toBe(60);
    expect(await codeOf(cases.replace({ id: "cases", partitionKey: { paths: ["/other"] } } as never))).toBe(400);
  });

  test("throughput is what was asked for", async () => {
    const { double } = await given();
    const { container } = await clientOf(double)
      .database("epilogue")
      .containers.create({ id: "more", partitionKey: { paths: ["/pk"], version: 2 }, maxThroughput: 1000 });
    const { resource } = await container.readOffer();
    expect(resource?.content?.offerAutopilotSettings).toEqual({ maxThroughput: 1000 });
  });

  test.each([
    [1, false],
    [2, true],
  ])("an account with %i write regions says so: %p", async (writeRegions, several) => {
    const { double } = await given({ writeRegions });
    const { resource } = await clientOf(double).getDatabaseAccount();
    expect(resource?.enableMultipleWritableLocations).toBe(several);
  });

  test("what is missing is 404", async () => {
    const { double } = await given();
    expect(await codeOf(clientOf(double).database("none").read())).toBe(404);
    const missing = clientOf(double).database("epilogue").container("none");
    expect(await codeOf(missing.items.create({ id: "a", pk: "p" }))).toBe(404);
  });
});

describe("documents", () => {
  test("are created once a partition, read, replaced, upserted and removed", async () => {
    const { cases } = await given();
    const made = await cases.items.create({ id: "head", pk: "case:1", n: 1 });
    expect(made.statusCode).toBe(201);
    expect(await codeOf(cases.items.create({ id: "head", pk: "case:1" }))).toBe(409);
    expect((await cases.items.create({ id: "head", pk: "case:2", n: 2 })).statusCode).toBe(201);
    expect((await cases.item("head", "case:1").read()).resource).toMatchObject({ n: 1, _etag: made.etag });
    expect((await cases.items.upsert({ id: "head", pk: "case:1", n: 3 })).statusCode).toBe(200);
    expect((await cases.item("head", "case:1").replace({ id: "head", pk: "case:1", n: 4 })).resource?.n).toBe(4);
    expect((await cases.item("head", "case:1").delete()).statusCode).toBe(204);
    expect((await cases.item("head", "case:1").read()).statusCode).toBe(404);
    expect(await codeOf(cases.item("head", "case:1").delete())).toBe(404);
    expect((await cases.item("head", "case:2").read()).resource?.n).toBe(2);
  });

  test("a write on condition of an older version is refused", async () => {
    const { cases } = await given();
    const first = await cases.items.create({ id: "head", pk: "case:1", n: 1 });
    const accessCondition = { type: "IfMatch", condition: first.etag };
    const second = await cases.item("head", "case:1").replace({ id: "head", pk: "case:1", n: 2 }, { accessCondition });
    expect(second.etag).not.toBe(first.etag);
    expect(
      await codeOf(cases.item("head", "case:1").replace({ id: "head", pk: "case:1", n: 3 }, { accessCondition })),
    ).toBe(412);
    expect(await codeOf(cases.item("head", "case:1").delete({ accessCondition }))).toBe(412);
    const unchanged = { accessCondition: { type: "IfNoneMatch", condition: second.etag } };
    expect((await cases.item("head", "case:1").read(unchanged)).statusCode).toBe(304);
  });

  test("are gone when their time to live has passed by the double's clock", async () => {
    const { double, cases } = await given();
    await cases.items.create({ id: "short", pk: "p", ttl: 60 });
    await cases.items.create({ id: "long", pk: "p" });
    double.clock.advance(59_000);
    expect((await cases.item("short", "p").read()).statusCode).toBe(200);
    double.clock.advance(2_000);
    expect((await cases.item("short", "p").read()).statusCode).toBe(404);
    expect((await cases.item("long", "p").read()).statusCode).toBe(200);
    expect((await cases.items.create({ id: "short", pk: "p" })).statusCode).toBe(201);
  });

  test.each([
    ["a slash", "a/b"],
    ["a backslash", "a\\b"],
    ["a question mark", "a?b"],
    ["a hash", "a#b"],
    ["1,024 bytes", "x".repeat(1024)],
  ])("an id with %s is refused", async (_, id) => {
    const { cases } = await given();
    const batch = await cases.items.batch([create({ id, pk: "p" })], "p");
    expect(batch.result?.map(({ statusCode }) => statusCode)).toEqual([400]);
  });

  test("a document over 2 MB is refused, one under it is not", async () => {
    const { cases } = await given();
    expect(await codeOf(cases.items.create({ id: "big", pk: "p", text: "x".repeat(2 * 1024 * 1024) }))).toBe(413);
    expect(await codeOf(cases.items.create({ id: "big", pk: "p", text: "x".repeat(2_000_000) }))).toBe("done");
  });

  test("carry the service's own properties; the answer carries charge, session and version", async () => {
    const { cases } = await given();
    const { resource, headers } = await cases.items.create({ id: "a", pk: "p" });
    expect(Buffer.from(`${resource?._rid}`.replaceAll("-", "/"), "base64")).toHaveLength(16);
    expect(headers["x-ms-session-token"]).toMatch(/^0:-1#\d+$/);
    expect(Number(headers["x-ms-request-charge"])).toBeGreaterThan(0);
    expect(headers["x-ms-activity-id"]).toBeTruthy();
    expect(headers["x-ms-version"]).toBeTruthy();
  });

  test("a charge grows with size and with what is indexed", async () => {
    const { cases } = await given();
    const charge = async (body: object) => (await cases.items.create({ pk: "p", ...body } as never)).requestCharge;
    const small = await charge({ id: "a" });
    expect(await charge({ id: "b", text: "x".repeat(50_000) })).toBeGreaterThan(small);
    expect(await charge({ id: "c", people: Array.from({ length: 50 }, (_, n) => `p${n}`) })).toBeGreaterThan(small);
  });
});

describe("a transactional batch", () => {
  test("writes all its operations in their order", async () => {
    const { double, cases } = await given();
    const { etag } = await cases.items.create({ id: "head", pk: "case:1", n: 0 });
    double.counts.reset();
    const { code, result } = await cases.items.batch(
      [
        create({ id: "c-1", pk: "case:1" }),
        { operationType: "Replace", id: "head", ifMatch: etag, resourceBody: { id: "head", pk: "case:1", n: 1 } },
        { operationType: "Upsert", resourceBody: { id: "note", pk: "case:1" } },
        { operationType: "Read", id: "head" },
        { operationType: "Delete", id: "note" },
      ] as OperationInput[],
      "case:1",
    );
    expect(code).toBe(200);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([201, 200, 201, 200, 204]);
    expect(result?.[3]?.resourceBody).toMatchObject({ n: 1 });
    expect((await cases.item("head", "case:1").read()).etag).toBe(result?.[1]?.eTag);
    expect(double.counts.of("batch")).toBe(1);
  });

  test.each([
    ["a conflict", create({ id: "there", pk: "case:1" }), 409],
    [
      "an older version",
      { operationType: "Replace", id: "there", ifMatch: '"old"', resourceBody: { id: "there", pk: "case:1" } },
      412,
    ],
    ["a document that is missing", { operationType: "Delete", id: "none" }, 404],
    ["another partition's document", create({ id: "x", pk: "case:2" }), 400],
  ])("with %s changes nothing: that one keeps its code, the others are 424", async (_, failing, status) => {
    const { cases } = await given();
    await cases.items.create({ id: "there", pk: "case:1", n: 1 });
    const operations = [
      create({ id: "a", pk: "case:1" }),
      failing as OperationInput,
      create({ id: "b", pk: "case:1" }),
    ];
    const { code, result } = await cases.items.batch(operations, "case:1");
    expect(code).toBe(207);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([424, status, 424]);
    expect((await cases.item("a", "case:1").read()).statusCode).toBe(404);
    expect((await cases.item("there", "case:1").read()).resource?.n).toBe(1);
  });

  test("answers without the documents when asked to", async () => {
    const { cases } = await given();
    const options = { contentResponseOnWriteEnabled: false };
    const { result } = await cases.items.batch([create({ id: "a", pk: "p" })], "p", options);
    expect(result?.[0]).toMatchObject({ statusCode: 201, eTag: expect.stringMatching(/^"/) });
    expect(result?.[0]?.resourceBody).toBeUndefined();
  });

  test("over 2 MB is refused whole", async () => {
    const { cases } = await given();
    const big = (id: string) => create({ id, pk: "p", text: "x".repeat(1_100_000) });
    await expect(cases.items.batch([big("a"), big("b")], "p")).rejects.toThrow("too large");
    expect((await cases.item("a", "p").read()).statusCode).toBe(404);
  });

  test("takes a hundred operations and no more", async () => {
    const { double, cases } = await given();
    const many = (n: number) => Array.from({ length: n }, (_, at) => create({ id: `${n}-${at}`, pk: "p" }));
    expect((await cases.items.batch(many(100), "p")).code).toBe(200);
    const headers = signedHeaders(double.key, "post", "docs", "dbs/epilogue/colls/cases");
    const response = await fetch(`${double.endpoint}dbs/epilogue/colls/cases/docs`, {
      method: "POST",
      headers: {
        ...headers,
        "x-ms-documentdb-partitionkey": '["p"]',
        "x-ms-cosmos-is-batch-request": "true",
        "x-ms-cosmos-batch-atomic": "true",
      },
      body: JSON.stringify(many(101)),
    });
    expect(response.status).toBe(400);
  });
});
