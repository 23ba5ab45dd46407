import { randomUUID } from "node:crypto";
import { Allocated, QueueAnswer, type QueueLine } from "../../bot/web/queueShape";
import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import { readQueueRow } from "../../src/queue";
import { temporaryFolder } from "../store/folder";
import { gq, type Journey, journey, people, spare, tquk } from "../support/case";
import { type As, Office, oidOf } from "./office";

let office: Office;
const coordinator: As = { person: people.coordinator };

/** Four cases of one body and one of another: at the gateway (two), in planning, and with the work handed in. */
const cases: readonly Journey[] = [
  journey(tquk, "case-1").registered({ ref: "EX-2026-0001", employerName: "Fictional Foods Ltd" }),
  journey(tquk, "case-2").registered({ ref: "EX-2026-0002", apprentice: "zoe", employerName: "Invented Inns" }),
  journey(tquk, "case-3").registered({ ref: "EX-2026-0003", employerName: "Made-up Motors" }).upTo("planningScheduled"),
  journey(tquk, "case-4").registered({ ref: "EX-2026-0004", employerName: "Sample Stores" }).upTo("proposalAccepted"),
  journey(gq, "case-9").registered({ ref: "GQ-2026-0001", employerName: "Another body's" }),
];

beforeEach(async () => {
  office = await new Office(temporaryFolder()).start();
  await office.bind("zoe", "Zoë Pretence");
  await office.bind(spare.assessor, "Una Untrue");
  await office.staff(tquk.body.id, people.coordinator, ["coordinator"]);
  await office.staff(tquk.body.id, people.assessor, ["assessor"]);
  await office.staff(tquk.body.id, spare.assessor, ["assessor"]);
  await office.staff(tquk.body.id, people.iqa, ["iqa"]);
  await office.staff(tquk.body.id, people.auditor, ["auditor"]);
  for (const one of cases) await office.put(one);
  office.now = cases[3]?.now ?? office.now;
});
afterEach(() => office.stop());

async function queue(query: Record<string, string> = {}, as: As = coordinator): Promise<QueueAnswer> {
  const response = await office.work(as, `queue?${new URLSearchParams(query)}`);
  expect(response.status).toBe(200);
  return QueueAnswer.parse(await response.json());
}
const refs = (answer: QueueAnswer) => answer.rows.map(({ ref }) => ref.slice(-4));
const line = async (ref: string) => (await queue()).rows.find((row) => row.ref === ref) as QueueLine;
const staffOf = async (caseId: string) => (await office.store.head<Case>(casePk(caseId)))?.state.staff;

async function put(body: object, as: As = coordinator): Promise<Allocated["cases"]> {
  const response = await office.work(as, "allocate", { id: randomUUID(), ...body });
  expect(response.status).toBe(200);
  return Allocated.parse(await response.json()).cases;
}

describe("a coordinator's queue", () => {
  test("every open case of the body, what is due soonest first, and no other body's", async () => {
    const answer = await queue();
    expect([answer.fit, answer.of, answer.page, answer.pages, answer.capped]).toEqual([4, 4, 1, 1, false]);
    expect(refs(answer).sort()).toEqual(["0001", "0002", "0003", "0004"]);
    const urgent = answer.rows.map(({ hint }) => ["late", "soon", "later", undefined].indexOf(hint?.tone));
    expect(urgent).toEqual([...urgent].sort((a, b) => a - b));
  });

  test("a line says whose it is, where it stands, what is awaited, of whom, and who assesses", async () => {
    expect(await line("EX-2026-0004")).toMatchObject({
      caseId: "case-4",
      name: "Ada Example",
      employer: "Sample Stores",
      assessor: "Ben Sample",
      track: ["done", "done", "now", "todo", "todo"],
    });
    expect((await line("EX-2026-0001")).assessor).toBeNull();
    expect((await line("EX-2026-0002")).name).toBe("Zoë Pretence");
  });

  test("no case is read for it: a line comes from the index alone", async () => {
    const read: string[] = [];
    const { store } = office.desk.o.ports;
    const { head } = store;
    store.head = (pk, atLeast) => {
      read.push(pk);
      return head.call(store, pk, atLeast) as never;
    };
    await queue();
    expect(read.filter((pk) => pk.startsWith("case:"))).toEqual([]);
  });

  test("a summary of an earlier version is made good from the case", async () => {
    const pk = casePk("case-2");
    const head = await office.store.head<Case>(pk);
    if (!head) throw new Error("No case");
    expect(readQueueRow(head.index.row)).toMatchObject({ apprentice: "zoe" });
    const other = journey(tquk, "case-5").registered({ ref: "EX-2026-0005", employerName: "Older Oats" });
    const index = { ...head.index, ref: "EX-2026-0005", row: null };
    const revision = other.log.length;
    await office.store.append({
      pk: casePk("case-5"),
      expected: 0,
      command: { id: randomUUID(), digest: "d" },
      events: other.log as never,
      head: { pk: casePk("case-5"), revision, hash: "h", state: other.case, index },
      notices: [],
    });
    expect(await line("EX-2026-0005")).toMatchObject({
      employer: "Older Oats",
      track: cases[0] && ["now", "todo", "todo", "todo", "todo"],
    });
  });

  test("it is narrowed by stage, by who is awaited, by urgency, by assessor, and by several at once", async () => {
    expect(refs(await queue({ stage: "gateway" })).sort()).toEqual(["0001", "0002"]);
    expect(refs(await queue({ stage: "handIn" }))).toEqual(["0004"]);
    expect(refs(await queue({ assessor: people.assessor })).sort()).toEqual(["0003", "0004"]);
    expect(refs(await queue({ assessor: "none" })).sort()).toEqual(["0001", "0002"]);
    expect(refs(await queue({ assessor: "none", stage: "handIn" }))).toEqual([]);
    const apprentices = await queue({ who: "apprentice" });
    expect(refs(apprentices)).toContain("0004");
    for (const { by } of apprentices.rows) expect(by).toMatch(/, apprentice$/);
    office.now = "2027-03-01T09:00:00Z";
    const late = await queue({ due: "late" });
    expect(late.rows.length).toBeGreaterThan(0);
    for (const { hint } of late.rows) expect(hint?.tone).toBe("late");
  });

  test("it is narrowed by the assessment for which something is awaited, and by whom of", async () => {
    const [first = ""] = tquk.methods.map((m) => m.id);
    const all = await queue();
    expect(all.filters.method.map(({ value }) => value).sort()).toEqual(tquk.methods.map((m) => m.id).sort());
    const narrowed = await queue({ method: first });
    expect(refs(narrowed)).toEqual(["0004"]);
    expect(narrowed.filters.method.find(({ value }) => value === first)?.title).toBe(tquk.methods[0]?.title);
    for (const who of ["apprentice", "coordinator"] as const) {
      const [row] = (await queue({ method: first, who })).rows;
      if (row) expect(row.by === "You" ? "coordinator" : row.by).toContain(who);
    }
    expect(refs(await queue({ method: "essay" }))).toEqual([]);
    for (const { value } of narrowed.filters.who)
      expect((await queue({ method: first, who: value })).fit).toBe(
        narrowed.filters.who.find((x) => x.value === value)?.count,
      );
    const handIn = tquk.methods.find((m) => m.handIn)?.id ?? "";
    expect((await queue({ method: handIn, who: "apprentice" })).rows[0]?.by).toMatch(/, apprentice$/);
  });

  test("each choice says how many it would show, the others left as they are", async () => {
    const all = await queue();
    expect(all.filters.stage).toContainEqual({ value: "gateway", title: "Gateway", count: 2 });
    expect(all.filters.assessor).toEqual([
      { value: "none", title: "No assessor", count: 2 },
      { value: people.assessor, title: "Ben Sample", count: 2 },
    ]);
    for (const key of ["stage", "who", "due", "method", "assessor"] as const)
      for (const { value, count } of all.filters[key]) expect((await queue({ [key]: value })).fit).toBe(count);
    const narrowed = await queue({ stage: "gateway" });
    expect(narrowed.filters.assessor).toEqual([{ value: "none", title: "No assessor", count: 2 }]);
    expect(narrowed.filters.stage).toEqual(all.filters.stage);
  });

  test("it is searched by reference, firm and apprentice, accents and capitals aside", async () => {
    expect(refs(await queue({ q: "0003" }))).toEqual(["0003"]);
    expect(refs(await queue({ q: "invented inns" }))).toEqual(["0002"]);
    expect(refs(await queue({ q: "zoe p" }))).toEqual(["0002"]);
    expect(refs(await queue({ q: "nobody of that name" }))).toEqual([]);
    expect(refs(await queue({ q: "GQ-2026-0001" }))).toEqual([]);
  });

  test("a closed case is in no queue, but its whole reference finds it", async () => {
    await office.put(
      journey(tquk, "case-7").registered({ ref: "EX-2026-0007" }).do("case.withdraw", { reason: "Left" }),
    );
    expect(refs(await queue())).not.toContain("0007");
    expect(refs(await queue({ q: "ex-2026-0007" }))).toEqual(["0007"]);
  });

  test("it is sorted by reference, name, stage and assessor, both ways", async () => {
    expect(refs(await queue({ sort: "ref" }))).toEqual(["0001", "0002", "0003", "0004"]);
    expect(refs(await queue({ sort: "ref", down: "1" }))).toEqual(["0004", "0003", "0002", "0001"]);
    expect(refs(await queue({ sort: "name" })).at(-1)).toBe("0002");
    expect(refs(await queue({ sort: "stage", down: "1" }))[0]).toBe("0004");
    expect(refs(await queue({ sort: "assessor" })).slice(0, 2)).toEqual(["0003", "0004"]);
  });

  test("a hundred and more come in pages, each case on one of them", async () => {
    for (let n = 100; n < 220; n += 1)
      await office.put(journey(tquk, `many-${n}`).registered({ ref: `EX-2026-0${n}`, employerName: "Many Mills" }));
    const pages = await Promise.all(["1", "2", "3"].map((page) => queue({ sort: "ref", q: "Many Mills", page })));
    expect(pages.map(({ rows, page, pages: n, fit }) => [rows.length, page, n, fit])).toEqual([
      [50, 1, 3, 120],
      [50, 2, 3, 120],
      [20, 3, 3, 120],
    ]);
    expect(new Set(pages.flatMap(refs)).size).toBe(120);
    // Where the last page is gone meanwhile, the one before it is told.
    expect((await queue({ page: "9" })).page).toBe(3);
  });
});

describe("everyone else's", () => {
  test("an assessor: the own cases only, nobody to allocate", async () => {
    const answer = await queue({}, { person: people.assessor });
    expect(refs(answer).sort()).toEqual(["0003", "0004"]);
    expect(answer.staff).toEqual([]);
  });

  test("an assessor of no case has an empty one; an auditor sees all and allocates nobody", async () => {
    expect((await queue({}, { person: spare.assessor })).rows).toEqual([]);
    const audited = await queue({}, { person: people.auditor });
    expect([audited.fit, audited.staff]).toEqual([4, []]);
  });

  test("outside people have none", async () => {
    for (const person of [people.apprentice, people.employer, people.provider]) {
      const response = await office.work({ person }, "queue");
      expect([response.status, (await response.json()).error.code]).toEqual([403, "NotStaff"]);
    }
  });

  test("a coordinator who is a party of a case sees it as that party, before release as after any marks", async () => {
    await office.staff(tquk.body.id, people.employer, ["coordinator"]);
    const held = (grade: "fail" | "distinction") =>
      journey(tquk, `own-${grade}`)
        .registered({ ref: `EX-2026-1${grade === "fail" ? "001" : "002"}` })
        .upTo("held", { grades: Object.fromEntries(tquk.methods.map((m) => [m.id, grade])) });
    await office.put(held("fail"));
    await office.put(held("distinction").graded());
    const bare = ({ caseId: _id, ref: _ref, link: _link, ...rest }: QueueLine) => rest;
    const own = (await queue({ q: "EX-2026-1" }, { person: people.employer })).rows;
    expect(own).toHaveLength(2);
    expect(bare(own[0] as QueueLine)).toEqual(bare(own[1] as QueueLine));
  });
});

describe("allocation", () => {
  test("an assessor is put on several cases with one press, as in the chat", async () => {
    const [una] = (await queue()).staff.filter(({ name }) => name === "Una Untrue");
    expect(una).toMatchObject({ person: spare.assessor, roles: ["assessor"], open: { assessor: 0, iqa: 0 } });
    const told = await put({ role: "assessor", person: spare.assessor, cases: ["case-1", "case-2"] });
    expect(told).toEqual([
      { caseId: "case-1", kind: "done", says: null },
      { caseId: "case-2", kind: "done", says: null },
    ]);
    expect((await staffOf("case-1"))?.assessor).toBe(spare.assessor);
    expect(refs(await queue({ assessor: spare.assessor })).sort()).toEqual(["0001", "0002"]);
    expect(refs(await queue({}, { person: spare.assessor })).sort()).toEqual(["0001", "0002"]);
  });

  test("before it, each colleague's open cases are told, and who declared a conflict of interest in which", async () => {
    const loads = async () =>
      Object.fromEntries((await queue({ stage: "gateway" })).staff.map(({ name, open }) => [name, open.assessor]));
    expect(await loads()).toEqual({ "Ben Sample": 2, "Una Untrue": 0, "Ivy Invented": 0 });
    await put({ role: "assessor", person: spare.assessor, cases: ["case-1", "case-2"] });
    expect(await loads()).toEqual({ "Ben Sample": 2, "Una Untrue": 2, "Ivy Invented": 0 });
    const una = await office.known(spare.assessor);
    const declared = { conflict: true, detail: "My neighbour" };
    const { outcome } = await office.desk.run(una, "case-1", "interest.declare", declared, { id: randomUUID() });
    expect(outcome.kind).toBe("done");
    expect(await loads()).toEqual({ "Ben Sample": 2, "Una Untrue": 1, "Ivy Invented": 0 });
    expect((await line("EX-2026-0001")).conflicts).toEqual([spare.assessor]);
    expect((await line("EX-2026-0002")).conflicts).toEqual([]);
    // Put on it all the same, it is refused as in the chat; whoever puts nobody on cases is not told of it.
    const [told] = await put({ role: "assessor", person: spare.assessor, cases: ["case-1"] });
    expect(told).toMatchObject({ kind: "refused", says: expect.stringContaining("Una Untrue") });
    for (const { conflicts } of (await queue({}, { person: people.auditor })).rows) expect(conflicts).toEqual([]);
  });

  test("pressed twice, or sent again after a loss, it is done once", async () => {
    const body = { id: randomUUID(), role: "assessor", person: spare.assessor, cases: ["case-1"] };
    await put(body);
    const after = await office.store.events(casePk("case-1"));
    expect((await put(body))[0]?.kind).toBe("done");
    expect((await put({ ...body, id: randomUUID() }))[0]?.kind).toBe("already");
    expect(await office.store.events(casePk("case-1"))).toEqual(after);
  });

  test("one that is refused keeps the others not back, and says why", async () => {
    const told = await put({ role: "assessor", person: spare.assessor, cases: ["case-3", "case-1"] });
    expect(told.map(({ kind }) => kind)).toEqual(["refused", "done"]);
    expect(told[0]?.says).toMatch(/reason/i);
    const again = await put({
      role: "assessor",
      person: spare.assessor,
      cases: ["case-3"],
      reason: "Away for a month",
    });
    expect(again.map(({ kind }) => kind)).toEqual(["done"]);
  });

  test.each(["assessor", "iqa", "auditor", "apprentice", "employer", "provider"] as const)(
    "%s allocates nobody",
    async (role) => {
      const before = await staffOf("case-4");
      const told = await put(
        { role: "iqa", person: people.iqa, cases: ["case-4"], reason: "x" },
        { person: people[role] },
      );
      expect(told.map(({ kind }) => kind)).toEqual(["refused"]);
      expect(await staffOf("case-4")).toEqual(before);
    },
  );

  test("another body's case is none, told as an unknown one is", async () => {
    const told = await put({ role: "assessor", person: spare.assessor, cases: ["case-9", "case-99"] });
    expect(told.map(({ kind }) => kind)).toEqual(["refused", "refused"]);
    expect(told[0]?.says).toBe(told[1]?.says);
    expect((await staffOf("case-9"))?.assessor).toBeUndefined();
  });

  test("only who is on the body's list is put on a case, whatever is sent", async () => {
    const told = await put({ role: "assessor", person: "zoe", cases: ["case-1"] });
    expect(told.map(({ kind }) => kind)).toEqual(["refused"]);
    expect((await staffOf("case-1"))?.assessor).toBeUndefined();
  });
});

describe("hostile", () => {
  const good = () => ({ id: randomUUID(), role: "assessor", person: spare.assessor, cases: ["case-1"] });
  test.each<[string, () => unknown, number]>([
    ["no JSON", () => "{", 400],
    ["a list", () => [], 400],
    ["no cases", () => ({ ...good(), cases: [] }), 400],
    ["fifty-one cases", () => ({ ...good(), cases: Array.from({ length: 51 }, (_, n) => `case-${n}`) }), 400],
    ["a role that is none", () => ({ ...good(), role: "owner" }), 400],
    ["who asks, in the body", () => ({ ...good(), by: people.coordinator }), 400],
    ["an id that is none", () => ({ ...good(), id: "1" }), 400],
    ["another partition", () => ({ ...good(), cases: ["../body"] }), 400],
    ["a reason of 1 MB", () => ({ ...good(), reason: "x".repeat(1_000_000) }), 413],
  ])("%s is refused whole", async (_, body, status) => {
    expect((await office.work(coordinator, "allocate", body())).status).toBe(status);
    expect((await staffOf("case-1"))?.assessor).toBeUndefined();
  });

  test("questions of another shape are refused", async () => {
    for (const query of [
      "stage=nowhere",
      "page=0",
      "page=-1",
      "sort=grade",
      "who=auditor",
      "role=coordinator",
      "q=a&q=b",
    ])
      expect((await office.work(coordinator, `queue?${query}`)).status).toBe(400);
    expect((await office.work(coordinator, `queue?q=${"x".repeat(81)}`)).status).toBe(400);
  });

  test("tokens that do not count: nothing is read, nothing written", async () => {
    const { entra } = office;
    const oid = oidOf(people.coordinator);
    const bad = [
      undefined,
      "Bearer words",
      `Bearer ${entra.token({ oid }, { exp: 1 })}`,
      `Bearer ${entra.token({ oid, tid: "cccccccc-1111-4111-8111-111111111111" })}`,
      `Bearer ${entra.token({ oid }).replace(/\.[^.]*$/, ".AAAA")}`,
    ];
    const { reads } = office;
    for (const authorization of bad) {
      const as = authorization === undefined ? {} : { authorization };
      for (const response of [await office.work(as, "queue"), await office.work(as, "allocate", good())])
        expect([response.status, (await response.json()).error.code]).toEqual([401, "SignInNeeded"]);
    }
    expect(office.reads).toBe(reads);
    expect((await staffOf("case-1"))?.assessor).toBeUndefined();
  });

  test("an account that nobody is bound to may do nothing", async () => {
    const authorization = `Bearer ${office.entra.token({ oid: "99999999-1111-4111-8111-111111111111" })}`;
    expect((await office.work({ authorization }, "queue")).status).toBe(403);
    expect((await office.work({ authorization }, "allocate", good())).status).toBe(403);
  });

  test("no other origin is let in, and nothing is kept for others", async () => {
    const response = await office.work(coordinator, "queue", undefined, { origin: "https://evil.example" });
    expect([...response.headers.keys()].filter((h) => h.startsWith("access-control"))).toEqual([]);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  test("whoever asks without end is asked to wait", async () => {
    const slow = await new Office(temporaryFolder()).start({ burst: 2 });
    try {
      const asked = await Promise.all([1, 2, 3].map(() => slow.work(coordinator, "queue")));
      expect(asked.filter(({ status }) => status === 429)).toHaveLength(1);
    } finally {
      await slow.stop();
    }
  });
});
