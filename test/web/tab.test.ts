import path from "node:path";
import { Answer, type CaseLine, type DueLine } from "../../bot/web/shape";
import { temporaryFolder } from "../store/folder";
import { gq, type Journey, journey, people, tquk } from "../support/case";
import { APP } from "./entra";
import { Office } from "./office";

let office: Office;
async function opened(): Promise<void> {
  office = await new Office(temporaryFolder()).start();
  await office.staff(tquk.body.id, people.assessor, ["assessor"]);
  await office.staff(tquk.body.id, people.iqa, ["iqa"]);
  await office.staff(tquk.body.id, people.coordinator, ["coordinator"]);
  await office.bind("tom-testcase", "Tom Testcase");
}
const closed = () => office.stop();

async function told(person: string, query = ""): Promise<Answer> {
  const response = await office.ask({ person }, query);
  expect(response.status).toBe(200);
  return Answer.parse(await response.json());
}

/** The journey's case is in the store, and it is now what the journey's clock says. */
async function stands(at: Journey): Promise<void> {
  await office.put(at);
  office.now = at.now;
}

const handIn = () => journey(tquk).upTo("proposalAccepted");

describe("each sees their own cases and what is due of them", () => {
  beforeEach(opened);
  afterEach(closed);

  test("the apprentice: one case, their own next step, when it is due, and where to say so", async () => {
    await stands(handIn());
    const { name, cases, due } = await told(people.apprentice);
    expect(name).toBe("Ada Example");
    expect(cases).toHaveLength(1);
    const [one] = cases as [CaseLine];
    expect(one).toMatchObject({ ref: "EX-2026-0147", name: "Ada Example" });
    expect(one.meta).toBe("EX-2026-0147 · Fictional Foods Ltd");
    expect(one.track).toEqual(["done", "done", "now", "todo", "todo"]);
    expect(one.stage).toMatch(/3 of 5/);
    expect(one.link).toBe(
      `https://teams.microsoft.com/l/chat/0/0?users=28:${APP}&message=${encodeURIComponent("case EX-2026-0147")}`,
    );
    expect(due.length).toBeGreaterThan(0);
    for (const line of due) expect(line.meta).toBe("You · EX-2026-0147");
    expect(due[0]?.what).toBe(one.next);
    expect(due[0]?.hint).toEqual(one.hint);
  });

  test("the coordinator: every case of the body and whatever is due in it, of whomever", async () => {
    await stands(handIn());
    await stands(journey(tquk, "case-2").registered({ ref: "EX-2026-0151", employerName: "Invented Inns" }));
    await stands(journey(gq, "case-3").registered({ ref: "EX-2026-0160", employerName: "Another body's" }));
    const { cases, due } = await told(people.coordinator);
    expect(cases.map(({ ref }) => ref)).toEqual(["EX-2026-0151", "EX-2026-0147"]);
    expect(new Set(due.map(({ meta }) => meta.split(" · ")[0]))).toContain("Ada Example");
    expect(new Set(due.map(({ ref }) => ref))).not.toContain("EX-2026-0160");
  });

  test("late is said in words, and its tone is late", async () => {
    await stands(handIn());
    office.now = "2026-06-30T09:00:00Z";
    const { due } = await told(people.apprentice);
    const [first] = due as [DueLine];
    expect(first.hint.tone).toBe("late");
    expect(first.hint.text).toMatch(/^Late\sby/);
  });

  test("nobody's cases are an answer too", async () => {
    expect(await told("tom-testcase")).toEqual({
      name: "Tom Testcase",
      role: "party",
      cases: [],
      due: [],
      more: { cases: null, due: null },
    });
  });

  test("staff of another body are strangers to the case, even when they are still on its list", async () => {
    await stands(handIn());
    const { cases } = await told(people.assessor);
    expect(cases).toHaveLength(1);
    await office.put(journey(gq, "case-9").registered({ ref: "EX-2026-0900" }).staffed());
    // On the case as its assessor, but the body's own list does not name them.
    expect((await told(people.assessor)).cases.map(({ ref }) => ref)).toEqual(["EX-2026-0147"]);
  });
});

describe("before release, outside people learn nothing of marks, grades and who checks them", () => {
  beforeEach(opened);
  afterEach(closed);
  const held = (grade: "fail" | "pass" | "distinction") =>
    journey(tquk).upTo("held", { grades: Object.fromEntries(tquk.methods.map((m) => [m.id, grade])) });
  const outside = [people.apprentice, people.employer, people.provider];
  const views = () => Promise.all(outside.map(async (person) => (await office.ask({ person })).text()));

  test("their answers are the same byte for byte, whatever happened to the grades", async () => {
    const pass = held("pass").sampling(1);
    await stands(pass);
    const before = await views();
    const confirmed = pass.confirmedGrade(tquk.methods[0]?.id ?? "");
    await office.put(confirmed);
    expect(await views()).toEqual(before);
    await office.put(confirmed.sampling(0).graded());
    expect(await views()).toEqual(before);
  });

  test("and the same for a fail as for a distinction", async () => {
    await stands(held("distinction"));
    const before = await views();
    await office.stop();
    office = await new Office(temporaryFolder()).start();
    await stands(held("fail"));
    expect(await views()).toEqual(before);
  });

  test("while staff see the grading that is due", async () => {
    await stands(held("pass"));
    expect((await told(people.assessor)).due).toHaveLength(tquk.methods.length);
    const words = (await views()).join();
    for (const { what } of (await told(people.assessor)).due) expect(words).not.toContain(what);
    for (const person of outside) expect((await told(person)).due).toEqual([]);
  });
});

describe("a page at a time", () => {
  // Far enough that something is due on a day in each.
  const planned = (n: number, ref: string) => journey(tquk, `case-${n}`).registered({ ref }).upTo("gatewayAccepted");
  const refs = Array.from({ length: 19 }, (_, n) => `EX-2026-${String(n + 1).padStart(4, "0")}`);
  /** Coordinates for two bodies: two lists made one. */
  const ofBoth = "una-untrue";
  beforeAll(async () => {
    await opened();
    for (const [n, ref] of refs.entries()) await stands(planned(n, ref));
    await office.put(journey(gq, "gq-1").registered({ ref: "EX-2026-0500" }));
    await office.bind(ofBoth, "Una Untrue");
    for (const { body } of [gq, tquk]) await office.staff(body.id, ofBoth, ["coordinator"]);
  });
  afterAll(closed);

  test.each(["cases", "due"] as const)(
    "all %s come once, in order, and the last page says it is the last",
    async (list) => {
      const first = await told(people.coordinator);
      let after = first.more[list];
      const keys = first[list].map((line) => ("key" in line ? line.key : line.ref));
      while (after !== null) {
        const next = await told(people.coordinator, `?${new URLSearchParams({ list, after })}`);
        expect(next[list === "cases" ? "due" : "cases"]).toEqual([]);
        keys.push(...next[list].map((line) => ("key" in line ? line.key : line.ref)));
        after = next.more[list];
        expect(keys.length).toBeLessThan(200);
      }
      expect(new Set(keys).size).toBe(keys.length);
      if (list === "cases") expect(keys).toEqual([...refs].reverse());
      else expect(keys.length).toBeGreaterThanOrEqual(refs.length);
    },
  );

  test("of several bodies too", async () => {
    const first = await told(ofBoth);
    const after = first.more.cases ?? "";
    const second = await told(ofBoth, `?${new URLSearchParams({ list: "cases", after })}`);
    expect(first.cases[0]?.ref).toBe("EX-2026-0500");
    expect(second.cases[0]?.ref).toBe("EX-2026-0012");
  });

  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const hostile = [
    "?list=cases",
    "?after=x",
    "?list=people&after=x",
    "?list=cases&after=",
    "?list=cases&after=x&after=y",
    "?list=cases&list=due&after=x",
    "?list=cases&after=x&person=ada",
    "?person=ada-example",
    "?__proto__=x",
    "?list[]=cases&after=x",
    `?list=cases&after=${"a".repeat(513)}`,
    "?list=cases&after=%00",
    "?list=cases&after='%20OR%201=1",
    "?list=cases&after=%E0%A4%A",
    "?%",
    "?=",
  ];
  test.each(hostile)("%s is refused", async (query) => {
    const response = await office.ask({ person: people.coordinator }, query);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: { code: "BadRequest", correlationId: expect.any(String) } });
  });

  const strange = [
    "x",
    "-1",
    "1e308",
    "999999",
    "Infinity",
    cursor(null),
    cursor([0]),
    cursor([1e308, "", ""]),
    cursor([0, "\u0000\uD800", "x"]),
    cursor([-1, "EX-9999-9999", "case:other"]),
    cursor({ toString: "x" }),
  ];
  test.each(strange)("a cursor that no page gave, %s, gives nothing that is not theirs", async (after) => {
    for (const list of ["cases", "due"]) {
      for (const person of [people.coordinator, ofBoth, "tom-testcase"]) {
        const response = await office.ask({ person }, `?list=${list}&after=${after}`);
        expect([200, 400]).toContain(response.status);
        if (response.status === 200 && person === "tom-testcase")
          expect(await response.json()).toMatchObject({ cases: [], due: [] });
      }
    }
  });
});

describe("how it is answered", () => {
  beforeEach(opened);
  afterEach(closed);

  test("not kept by anybody, and not sent again to who has it", async () => {
    await stands(handIn());
    const first = await office.ask({ person: people.apprentice });
    expect(first.headers.get("cache-control")).toBe("private, no-store");
    expect(first.headers.get("vary")?.split(", ")).toContain("Authorization");
    expect(first.headers.get("access-control-allow-origin")).toBeNull();
    const etag = first.headers.get("etag") ?? "";
    const again = await office.ask({ person: people.apprentice }, "", { "if-none-match": etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    const other = await office.ask({ person: people.employer }, "", { "if-none-match": etag });
    expect(other.status).toBe(200);
    office.now = "2026-12-01T09:00:00Z";
    expect((await office.ask({ person: people.apprentice }, "", { "if-none-match": etag })).status).toBe(200);
  });

  test("other sites get no leave to ask", async () => {
    const headers = { origin: "https://evil.example", "access-control-request-method": "GET" };
    const preflight = await fetch(`${office.url}/api/tab/cases`, { method: "OPTIONS", headers });
    expect(preflight.status).toBe(405);
    expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
    expect((await fetch(`${office.url}/api/tab/cases`, { method: "POST" })).status).toBe(405);
  });

  test("who asks too often waits, and others do not", async () => {
    await office.stop();
    office = await new Office(temporaryFolder()).start({ burst: 3 });
    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await office.ask({ person: people.apprentice })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await office.ask({ person: people.apprentice });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await office.ask({ person: people.employer })).status).toBe(200);
  });
});

test.each(["tab", "panel"])(
  "the page of %s speaks to those that may frame it, and asks nobody for more",
  async (name) => {
    const dist = (folder: string) => path.resolve("dist", folder);
    const built = await new Office(temporaryFolder()).start({ pageFolder: dist("web"), panelFolder: dist("panel") });
    try {
      const page = await fetch(`${built.url}/${name}`);
      const policy = page.headers.get("content-security-policy") ?? "";
      const hosts = /name="hosts" content="([^"]+)"/.exec(await page.text())?.[1];
      expect(hosts).toContain("https://teams.microsoft.com");
      expect(/frame-ancestors ([^;]+)/.exec(policy)?.[1]).toBe(hosts);
      expect(/connect-src ([^;]+)/.exec(policy)?.[1]).toBe("'self'");
    } finally {
      await built.stop();
    }
  },
);
