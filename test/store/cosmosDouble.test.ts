import { BulkOperationType, type Container, CosmosClient, type OperationInput } from "@azure/cosmos";
import { type CosmosDouble, type DoubleOptions, startCosmosDouble } from "../support/cosmos/double";

/** An index on what is asked for, and nothing else. */
const indexingPolicy = {
  includedPaths: [
    { path: "/kind/?" },
    { path: "/n/?" },
    { path: "/ref/?" },
    { path: "/people/[]/?" },
    { path: "/pk/?" },
  ],
  excludedPaths: [{ path: "/*" }],
  compositeIndexes: [
    [
      { path: "/kind", order: "ascending" as const },
      { path: "/n", order: "descending" as const },
    ],
  ],
};

const open: { double: CosmosDouble; clients: CosmosClient[] }[] = [];

function clientOf(double: CosmosDouble, more: Partial<ConstructorParameters<typeof CosmosClient>[0] & object> = {}) {
  const client = new CosmosClient({
    endpoint: double.endpoint,
    key: double.key,
    consistencyLevel: "Session",
    connectionPolicy: { enableBackgroundEndpointRefreshing: false, requestTimeout: 5000 },
    ...more,
  });
  open.find((one) => one.double === double)?.clients.push(client);
  return client;
}

async function given(options: DoubleOptions = {}): Promise<{ double: CosmosDouble; cases: Container }> {
  const double = await startCosmosDouble(options);
  open.push({ double, clients: [] });
  const client = clientOf(double);
  const { database } = await client.databases.createIfNotExists({ id: "epilogue" });
  const { container } = await database.containers.createIfNotExists({
    id: "cases",
    partitionKey: { paths: ["/pk"], version: 2 },
    defaultTtl: -1,
    indexingPolicy,
  });
  double.counts.reset();
  return { double, cases: container };
}

/** The same container through a client of its own, which has its own session. */
const another = (double: CosmosDouble, more = {}) => clientOf(double, more).database("epilogue").container("cases");

afterEach(async () => {
  for (const { double, clients } of open.splice(0)) {
    for (const client of clients) client.dispose();
    await double.end();
  }
});

const codeOf = (refused: Promise<unknown>) => refused.then(() => "done").catch((error) => error.code ?? error.message);
const create = (resourceBody: { id: string; pk: string; [key: string]: unknown }): OperationInput =>
  ({ operationType: BulkOperationType.Create, resourceBody }) as OperationInput;

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
    const headers = await signedHeaders(double, "post", "docs", "dbs/epilogue/colls/cases");
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

/** Headers of a request made without the SDK. */
async function signedHeaders({ key }: CosmosDouble, method: string, type: string, link: string, date = new Date()) {
  const { createHmac } = await import("node:crypto");
  const text = `${method}\n${type}\n${link}\n${date.toUTCString().toLowerCase()}\n\n`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  const authorization = encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
  return { authorization, "x-ms-date": date.toUTCString(), "x-ms-version": "2020-07-15" };
}

describe("queries", () => {
  const rows = Array.from({ length: 40 }, (_, n) => ({
    id: `head-${n}`,
    pk: `case:${n}`,
    kind: n % 2 ? "case" : "bank",
    n: (n * 7) % 40,
    ref: `REF-${n}`,
    people: [`p${n % 3}`, `q${n % 5}`],
    text: "left out of the index",
  }));

  async function filled(ranges = 4) {
    const { double, cases } = await given({ ranges });
    await Promise.all(rows.map((row) => cases.items.create(row)));
    double.counts.reset();
    return { double, cases };
  }
  const parameters = (values: Record<string, string | number>) =>
    Object.entries(values).map(([name, value]) => ({ name: `@${name}`, value }));

  test("four ranges hold every document exactly once, where the SDK looks for it", async () => {
    const { double, cases } = await filled();
    const { resources } = await cases.items.readAll().fetchAll();
    expect(resources.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
    expect(double.counts.now().ranges).toEqual(["0", "1", "2", "3"]);
  });

  test("within one partition key's value only its documents are seen, and one range is touched", async () => {
    const { double, cases } = await filled();
    const query = { query: "SELECT * FROM c WHERE c.kind = @kind", parameters: parameters({ kind: "case" }) };
    const { resources } = await cases.items.query(query, { partitionKey: "case:7" }).fetchAll();
    expect(resources.map(({ id }) => id)).toEqual(["head-7"]);
    expect(double.counts.now().partitions).toBe(1);
  });

  test("a filter on the partition key asks its range alone", async () => {
    const { double, cases } = await filled();
    const query = { query: "SELECT * FROM c WHERE c.pk = @pk ORDER BY c.n", parameters: parameters({ pk: "case:7" }) };
    const { resources } = await cases.items.query(query).fetchAll();
    expect(resources.map(({ id }) => id)).toEqual(["head-7"]);
    expect(double.counts.now().partitions).toBe(1);
  });

  test.each([1, 4])("an order over %i ranges is one order, whatever the size of the pages", async (ranges) => {
    const { cases } = await filled(ranges);
    const wanted = rows.filter(({ kind }) => kind === "case").map(({ n }) => n);
    const query = {
      query: "SELECT c.n, c.ref FROM c WHERE c.kind = @kind ORDER BY c.n DESC",
      parameters: parameters({ kind: "case" }),
    };
    const pages = cases.items.query<{ n: number; ref: string }>(query, { maxItemCount: 3 });
    const found: { n: number; ref: string }[] = [];
    while (pages.hasMoreResults()) found.push(...((await pages.fetchNext()).resources ?? []));
    expect(found.map(({ n }) => n)).toEqual(wanted.sort((a, b) => b - a));
    expect(Object.keys(found[0] ?? {})).toEqual(["n", "ref"]);
  });

  test("an order by two properties uses their composite index, both ways round", async () => {
    const { cases } = await filled();
    const ids = async (order: string) => {
      const { resources } = await cases.items.query<string>(`SELECT VALUE c.ref FROM c ORDER BY ${order}`).fetchAll();
      return resources;
    };
    const wanted = [...rows]
      .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : b.n - a.n))
      .map(({ ref }) => ref);
    expect(await ids("c.kind ASC, c.n DESC")).toEqual(wanted);
    expect(await ids("c.kind DESC, c.n ASC")).toEqual([...wanted].reverse());
  });

  test("a page's continuation token is taken up by another client, without loss or repeat", async () => {
    const { double, cases } = await filled();
    const found: string[] = [];
    let continuationToken: string | undefined;
    let container = cases;
    do {
      const pages = container.items.query<string>("SELECT VALUE c.ref FROM c WHERE c.kind = 'case' ORDER BY c.n", {
        maxItemCount: 4,
        enableQueryControl: true,
        ...(continuationToken ? { continuationToken } : {}),
      });
      const page = await pages.fetchNext();
      found.push(...(page.resources ?? []));
      continuationToken = page.continuationToken;
      container = another(double);
    } while (continuationToken);
    const wanted = rows.filter(({ kind }) => kind === "case").sort((a, b) => a.n - b.n);
    expect(found).toEqual(wanted.map(({ ref }) => ref));
  });

  test("within a partition the pages go on after what was given, though documents come and go between", async () => {
    const { cases } = await given();
    for (let n = 0; n < 6; n++) await cases.items.create({ id: `e-${n}`, pk: "p", n });
    const query = "SELECT VALUE c.id FROM c ORDER BY c.n";
    const first = await cases.items.query<string>(query, { partitionKey: "p", maxItemCount: 2 }).fetchNext();
    await cases.item("e-0", "p").delete();
    const continuationToken = first.continuationToken as string;
    const rest = await cases.items
      .query<string>(query, { partitionKey: "p", maxItemCount: 10, continuationToken })
      .fetchNext();
    expect([...first.resources, ...rest.resources]).toEqual(["e-0", "e-1", "e-2", "e-3", "e-4", "e-5"]);
    expect(rest.continuationToken).toBeUndefined();
  });

  test.each([
    ["c.n BETWEEN 3 AND 5", (row: (typeof rows)[number]) => row.n >= 3 && row.n <= 5],
    ["c.n IN (1, 2, 99)", (row: (typeof rows)[number]) => [1, 2].includes(row.n)],
    ["c.n > 30 AND NOT c.kind = 'bank'", (row: (typeof rows)[number]) => row.n > 30 && row.kind !== "bank"],
    ["c.n < 2 OR c.n >= 39", (row: (typeof rows)[number]) => row.n < 2 || row.n >= 39],
    ["STARTSWITH(c.ref, 'REF-3')", (row: (typeof rows)[number]) => row.ref.startsWith("REF-3")],
    ["ARRAY_CONTAINS(c.people, 'q4')", (row: (typeof rows)[number]) => row.people.includes("q4")],
    ["c.kind = 'case' AND c.n != 7", (row: (typeof rows)[number]) => row.kind === "case" && row.n !== 7],
    ["IS_DEFINED(c.ref) AND c.n = 0", (row: (typeof rows)[number]) => row.n === 0],
    ["c.n = '7'", () => false],
    ["c.ref = 'it\\'s'", () => false],
  ])("WHERE %s finds what it says", async (where, fits) => {
    const { cases } = await filled();
    const { resources } = await cases.items.query<string>(`SELECT VALUE c.ref FROM c WHERE ${where}`).fetchAll();
    expect(resources.sort()).toEqual(
      rows
        .filter(fits)
        .map(({ ref }) => ref)
        .sort(),
    );
  });

  test("a join gives a row for each element", async () => {
    const { cases } = await filled();
    const query = "SELECT c.ref, p AS person FROM c JOIN p IN c.people WHERE p = 'p1'";
    const { resources } = await cases.items.query<{ ref: string; person: string }>(query).fetchAll();
    expect(resources.map(({ ref }) => ref).sort()).toEqual(
      rows
        .filter(({ people }) => people.includes("p1"))
        .map(({ ref }) => ref)
        .sort(),
    );
    expect(new Set(resources.map(({ person }) => person))).toEqual(new Set(["p1"]));
  });

  test.each([
    ["SELECT TOP 3 VALUE c.n FROM c ORDER BY c.n", [0, 1, 2]],
    ["SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 5 LIMIT 3", [5, 6, 7]],
    ["SELECT TOP @top VALUE c.n FROM c ORDER BY c.n DESC", [39, 38]],
  ])("%s", async (query, wanted) => {
    const { cases } = await filled();
    const { resources } = await cases.items.query({ query, parameters: parameters({ top: 2 }) }).fetchAll();
    expect(resources).toEqual(wanted);
  });

  test("the pages read are counted, and a page costs by what it answers", async () => {
    const { double, cases } = await filled(1);
    await cases.items.query("SELECT * FROM c WHERE c.kind = 'case'", { maxItemCount: 5 }).fetchAll();
    expect(double.counts.now()).toMatchObject({ pages: 4, partitions: 4, ranges: ["0"] });
    const [small, all] = [await cost("c.n = 3"), await cost("c.n >= 0")];
    expect(all).toBeGreaterThan(small);

    async function cost(where: string) {
      double.counts.reset();
      await cases.items.query(`SELECT * FROM c WHERE ${where}`).fetchAll();
      return double.counts.now().charge;
    }
  });

  test.each([
    "SELECT * FROM c WHERE c.text = 'x'",
    "SELECT * FROM c WHERE c.kind = 'case' AND c.text = 'x'",
    "SELECT * FROM c ORDER BY c.text",
    "SELECT * FROM c ORDER BY c.n, c.kind",
    "SELECT * FROM c ORDER BY c.kind, c.n",
    "SELECT * FROM c WHERE c.kind != 'case'",
    "SELECT * FROM c WHERE NOT c.kind = 'case'",
    "SELECT * FROM c WHERE c.n = 1 OR c.kind != 'case'",
    "SELECT * FROM c WHERE c.kind = c.ref",
  ])("%s has no index behind it: 400", async (query) => {
    const { cases } = await filled();
    expect(await codeOf(cases.items.query(query).fetchAll())).toBe(400);
  });

  test.each([
    "SELEC * FROM c",
    "SELECT * FROM c WHERE",
    "SELECT * FROM c WHERE c.kind =",
    "SELECT * FROM c WHERE d.kind = 'x'",
    "SELECT * FROM c WHERE c.kind = @missing",
    "SELECT DISTINCT c.kind FROM c",
    "SELECT VALUE COUNT(1) FROM c",
    "SELECT c.kind, COUNT(1) AS n FROM c GROUP BY c.kind",
    "SELECT * FROM c WHERE CONTAINS(c.ref, '1')",
    "SELECT * FROM c WHERE STARTSWITH(c.ref, '1', true)",
    "SELECT * FROM c WHERE c.people[0] = 'p1'",
    "SELECT * FROM c WHERE EXISTS(SELECT VALUE p FROM p IN c.people WHERE p = 'p1')",
    "SELECT * FROM c WHERE c.n + 1 = 2",
    "SELECT * FROM c WHERE c.n = 1; DROP",
  ])("%s is not understood: 400", async (query) => {
    const { cases } = await filled();
    expect(await codeOf(cases.items.query(query).fetchAll())).toBe(400);
  });

  test("what else is not implemented is 400 too", async () => {
    const { double, cases } = await filled();
    expect(await codeOf(cases.item("head-1", "case:1").patch([{ op: "set", path: "/n", value: 1 }]))).toBe(400);
    expect(await codeOf(clientOf(double).databases.readAll().fetchAll())).toBe(400);
    expect(await codeOf(cases.scripts.storedProcedures.readAll().fetchAll())).toBe(400);
    const wrong = { id: "x", partitionKey: { paths: ["/a", "/b"], kind: "MultiHash" as never, version: 2 } };
    expect(await codeOf(clientOf(double).database("epilogue").containers.create(wrong))).toBe(400);
  });
});
