import { randomUUID } from "node:crypto";
import { Banks } from "../../bot/banks";
import { Desk } from "../../bot/desk";
import { Bodies } from "../../bot/identity";
import { banksOf } from "../../bot/web/bankImporting";
import { type BankAsk, BanksAnswer, BankTold } from "../../bot/web/bankShape";
import type { Body } from "../../src/body";
import { attemptAt, type Case } from "../../src/case/case";
import { bodyPk, casePk } from "../../src/handle";
import { readBanks } from "../../src/rules/banks";
import { temporaryFolder } from "../store/folder";
import { gq, journey, people, tquk } from "../support/case";
import { type As, Office } from "./office";

let office: Office;
const coordinator: As = { person: people.coordinator };
const method = "discussion";
beforeEach(async () => {
  office = await new Office(temporaryFolder()).start();
  for (const role of ["coordinator", "assessor", "iqa", "auditor"] as const)
    await office.staff(tquk.body.id, people[role], [role]);
  office.now = "2026-03-17T09:12:00Z";
});
afterEach(() => office.stop());

async function inForce(as: As = coordinator) {
  const response = await office.work(as, "banks");
  expect(response.status).toBe(200);
  const { packs } = BanksAnswer.parse(await response.json());
  const [pack] = packs;
  const own = pack?.methods.find((m) => m.method === method);
  if (!pack || !own) throw new Error("No bank");
  return { packs, pack, own, version: pack.version };
}
async function rowsOf(n = 20, word = "customer"): Promise<string[][]> {
  const ids = (await inForce()).own.criteria.map((c) => c.id);
  const row = (i: number) => [`What did you do for ${word} ${i}?`, ids.filter((_, k) => k % 5 === i % 5).join(" ")];
  return [["Question", "Criteria"], ...Array.from({ length: n }, (_, i) => row(i))];
}
async function send(what: "check" | "import", rows: string[][], also: Partial<BankAsk> = {}, as: As = coordinator) {
  const { version } = await inForce();
  const body = { do: what, id: randomUUID(), pack: tquk.id, method, after: version, rows, ...also };
  const response = await office.work(as, "banks", body);
  expect(response.status).toBe(200);
  return BankTold.parse(await response.json());
}
const record = () => office.store.events(bodyPk(tquk.body.id));

/** A case whose discussion is booked, put there as it is: its questions are drawn through the desk. */
async function draw(id: string, desk = office.desk): Promise<{ version: string | undefined; ids: string[] }> {
  const booked = journey(tquk, id)
    .registered({ ref: `EX-${id.toUpperCase()}` })
    .upTo("booked");
  await office.put(booked);
  office.now = booked.now;
  const done = await desk.run(
    await office.known(people.assessor),
    id,
    "session.draw",
    { method },
    { id: randomUUID() },
  );
  expect(done.outcome.kind).toBe("done");
  const { session } = attemptAt((await office.store.head<Case>(casePk(id)))?.state as Case, method);
  return { version: session.bank, ids: [...(session.drawn?.ids ?? [])] };
}

test("looked at first: what is new, what stays, what goes; nothing is written", async () => {
  const before = await record();
  const { own } = await inForce();
  const kept = own.questions[0];
  const rows = [...(await rowsOf()), [kept?.text ?? "", kept?.criteria.join(",") ?? ""]];
  const told = await send("check", rows);
  expect([told.state, told.problems, told.gone]).toEqual(["ready", [], own.questions.length - 1]);
  expect(told.rows.map(({ state }) => state)).toEqual([...Array(20).fill("new"), "kept"]);
  expect(await record()).toEqual(before);
  expect((await inForce()).own.questions).toEqual(own.questions);
});

test("brought in: in force at once, with who and when on the body's record; other methods keep theirs", async () => {
  const before = await inForce();
  const told = await send("import", await rowsOf());
  expect(told.state).toBe("imported");
  const after = await inForce();
  expect(after.version).toBe(told.version);
  expect(after.own.questions).toHaveLength(20);
  expect(after.own.since).toMatch(/17 Mar 2026, Cora Placeholder/);
  const others = ({ pack }: typeof after) => pack.methods.filter((m) => m.method !== method).map((m) => m.questions);
  expect(others(after)).toEqual(others(before));
  const last = (await record()).at(-1);
  expect(last).toMatchObject({ type: "BankImported", by: { person: people.coordinator, role: "coordinator" } });
  expect(last?.data).toMatchObject({ pack: tquk.id, method, version: told.version, after: null, questions: 20 });
  expect((await office.store.head<Body>(bodyPk(tquk.body.id)))?.state.banks?.[tquk.id]).toHaveLength(1);
});

test("a session drawn before keeps its version; the next one draws from the new", async () => {
  const old = await draw("case-1");
  const sample = await inForce();
  expect(old.version).toBe(sample.version);
  const told = await send("import", await rowsOf());
  const next = await draw("case-2");
  expect(next.version).toBe(told.version);
  const numbers = new Set((await inForce()).own.questions.map((q) => q.id));
  expect(next.ids.every((id) => numbers.has(id))).toBe(true);
  expect(next.ids.some((id) => old.ids.includes(id))).toBe(false);
  // What the first drew is still known in its own words.
  const seen = await office.desk.see(await office.known(people.assessor), "case-1");
  if (!seen) throw new Error("No case");
  const own = await office.desk.questions(seen, method);
  expect(old.ids.every((id) => own.some((q) => q.id === id))).toBe(true);
  expect(own).toEqual(sample.own.questions);
});

test("another instance, which had read the version before, draws from the new one at once", async () => {
  const { ports } = office.desk.o;
  const bodies: Bodies = new Bodies(() => ports);
  const banks = new Banks(office.store, bodies, readBanks(ports.packs));
  const bank: typeof ports.bank = (pack, version, how) => banks.get(pack, version, how);
  const other = new Desk({ ...office.desk.o, bodies, ports: { ...ports, bank } });
  const sample = (await banks.get(tquk))?.version;
  const third: Bodies = new Bodies(() => ports);
  await third.get(tquk.body.id);
  const told = await send("import", await rowsOf());
  expect(told.version).not.toBe(sample);
  const again = new Banks(office.store, third, readBanks(ports.packs));
  const shown = await banksOf(await office.known(people.coordinator), {
    desk: new Desk({ ...office.desk.o, bodies: third }),
    banks: again,
  });
  expect(shown.packs[0]?.version).toBe(told.version);
  const drawn = await draw("case-3", other);
  expect(drawn.version).toBe(told.version);
  const { own } = await inForce();
  expect(drawn.ids.every((id) => own.questions.some((q) => q.id === id))).toBe(true);
});

test("a version that its copy of the store does not have yet is looked for again, never taken for none", async () => {
  const told = await send("import", await rowsOf());
  let left = 2;
  const lagging = {
    remote: true,
    putDoc: office.store.putDoc.bind(office.store),
    doc: <B>(pk: string, id: string) => (left-- > 0 ? Promise.resolve(undefined) : office.store.doc<B>(pk, id)),
  };
  const { ports } = office.desk.o;
  const banks = new Banks(lagging, new Bodies(() => ports), readBanks(ports.packs));
  expect((await banks.get(tquk))?.version).toBe(told.version);
});

test("each version stays as it was: two imports, three versions, no number used twice", async () => {
  const sample = await inForce();
  const one = await send("import", await rowsOf(20, "guest"));
  const two = await send("import", await rowsOf(20, "caller"));
  const texts = async (version: string | null) =>
    (await office.banks.get(tquk, version ?? undefined))?.questions.get(method)?.map((q) => q.id) ?? [];
  const all = [...(await texts(sample.version)), ...(await texts(one.version)), ...(await texts(two.version))];
  expect(new Set(all).size).toBe(sample.own.questions.length + 40);
  const [doc] = await office.store.docs(`bank:${tquk.id}`);
  expect(await office.store.putDoc(`bank:${tquk.id}`, doc?.id ?? "", {}, undefined)).toBe(false);
});

test("sent again it stands already, and nothing is written twice", async () => {
  const rows = await rowsOf();
  const id = randomUUID();
  await send("import", rows, { id });
  const after = await record();
  expect((await send("import", rows, { id })).state).toBe("same");
  expect(await record()).toEqual(after);
});

test("what somebody else brought in since is not lost", async () => {
  const { version } = await inForce();
  await send("import", await rowsOf(20, "guest"));
  const told = await send("import", await rowsOf(20, "caller"), { after: version });
  expect(told.state).toBe("refused");
  expect((await inForce()).own.questions[0]?.text).toContain("guest");
});

test("what is wrong is said beside its row and of the whole, and nothing comes in", async () => {
  const rows = await rowsOf(20);
  rows[2] = ["", "P1"];
  rows[3] = [rows[1]?.[0] ?? "", "X9"];
  const told = await send("import", rows);
  expect(told.state).toBe("refused");
  expect(told.rows.flatMap(({ n, problems }) => (problems.length > 0 ? [n] : []))).toEqual([2, 3]);
  expect((await send("import", (await rowsOf()).slice(0, 12))).problems[0]).toContain("20");
  expect((await send("import", [["Words"], ["x"]])).problems[0]).toContain("Criteria");
  expect((await inForce()).own.since).toBeNull();
});

test.each(["assessor", "iqa", "auditor", "apprentice", "employer", "provider"] as const)(
  "%s neither sees nor brings in a bank",
  async (role) => {
    const body = { do: "import", id: randomUUID(), pack: tquk.id, method, after: null, rows: await rowsOf() };
    const before = await record();
    for (const response of [
      await office.work({ person: people[role] }, "banks"),
      await office.work({ person: people[role] }, "banks", body),
    ])
      expect([response.status, (await response.json()).error.code]).toEqual([403, "NotStaff"]);
    const known = await office.known(people[role]);
    const data = { pack: tquk.id, method, version: "v", after: null, digest: "0".repeat(64), questions: 20 };
    const outcome = await office.desk.runBody(known, tquk.body.id, "bank.import", data, randomUUID());
    expect(outcome).toMatchObject({ kind: "refused", problems: [{ code: "NOT_ALLOWED" }] });
    expect(await record()).toEqual(before);
  },
);

test("another body's bank is none of theirs", async () => {
  expect((await inForce()).packs.map(({ pack }) => pack)).toEqual([tquk.id]);
  expect((await send("import", await rowsOf(), { pack: gq.id })).state).toBe("refused");
  expect((await send("import", await rowsOf(), { method: "essay" })).state).toBe("refused");
});

test.each<[string, (good: object) => unknown, number]>([
  ["302 rows", (good) => ({ ...good, rows: Array(302).fill(["x"]) }), 400],
  ["a cell of 1,001 characters", (good) => ({ ...good, rows: [["x".repeat(1_001)]] }), 400],
  ["fields of its own", (good) => ({ ...good, version: "mine" }), 400],
  ["an id that is none", (good) => ({ ...good, id: "1" }), 400],
  ["2 MB", (good) => ({ ...good, rows: [["x".repeat(2_000_000)]] }), 413],
])("%s is refused whole", async (_, change, status) => {
  const good = { do: "import", id: randomUUID(), pack: tquk.id, method, after: null, rows: await rowsOf() };
  const before = await record();
  expect((await office.work(coordinator, "banks", change(good))).status).toBe(status);
  expect(await record()).toEqual(before);
});
