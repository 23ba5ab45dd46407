import { another, clientOf, codeOf, endAll, given } from "./given";

afterEach(endAll);

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

  test("four ranges hold every document exactly once", async () => {
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
