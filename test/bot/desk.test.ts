import { createHash } from "node:crypto";
import { Desk, type Registration } from "../../bot/desk";
import { Bodies, type Known } from "../../bot/identity";
import { People } from "../../bot/people";
import { openEmbedded } from "../../bot/store/embedded";
import { casePk, type Outcome, type Ports } from "../../src/handle";
import type { Store } from "../../src/ports";
import type { Role } from "../../src/rules/pack";
import { published, readPacks } from "../../src/rules/packs";
import { temporaryFolder } from "../store/folder";
import { eventually } from "../support/eventually";

const bodyId = "gateway-qualifications";
const packs = readPacks(published);
let store: Store;
let people: People;
let desk: Desk;
let ports: Ports;
let priya: Known;
let presses = 0;

beforeEach(async () => {
  store = openEmbedded(temporaryFolder());
  const clock = { now: () => "2026-02-02T09:00:00Z" };
  people = new People(store, clock);
  const bodies: Bodies = new Bodies(() => ports);
  ports = {
    store,
    clock,
    chance: {
      id: () => `id-${++presses}`,
      draw: () => 0.5,
      digest: (text) => createHash("sha256").update(text).digest("hex"),
    },
    packs,
    settings: bodies.settings,
  };
  desk = new Desk({ ports, people, bodies, committed: () => {} });
  priya = await known("Priya Pretend", ["coordinator"]);
});
afterEach(() => store.close());

async function known(name: string, roles: Role[]): Promise<Known> {
  const account = { tenantId: "tenant-1", objectId: name };
  const person = await people.ensureMember({ ...account, name });
  return { kind: "known", person, ...account, staff: new Map(roles.length > 0 ? [[bodyId, roles]] : []) };
}

const ada = { name: "Ada Example", mail: "ada@example.org" };
const ben = { name: "Ben Sample", mail: "ben@example.org" };
const cora = { name: "Cora Placeholder", mail: "cora@example.org" };
const registration = (over: Partial<Registration> = {}): Registration => ({
  bodyId,
  employerName: "Fictional Foods Ltd",
  programmeStart: "2024-09-02",
  apprentice: ada,
  employer: ben,
  provider: cora,
  ...over,
});
const register = (over: Partial<Registration> = {}, by = priya) =>
  desk.register(by, registration(over), `press-${++presses}`);
const codes = (outcome: Outcome) =>
  outcome.kind === "refused" ? outcome.problems.map((p) => `${p.code} ${p.input ?? ""}`.trim()) : outcome.kind;

async function registered() {
  const { outcome, seen } = await register();
  if (outcome.kind !== "done" || !seen) throw new Error(String(codes(outcome)));
  return seen;
}
/** The apprentice, in the case by their own account. */
async function adaIn(): Promise<Known> {
  const person = await people.ensure(ada);
  const { code } = await people.issueCode(person.id);
  const account = { tenantId: "tenant-2", objectId: "ada" };
  const bound = await people.redeem(code, account);
  if (bound.kind !== "bound") throw new Error(bound.kind);
  return { kind: "known", person: bound.person, ...account, staff: new Map() };
}

describe("registering", () => {
  it.each([
    ["a start to come", { programmeStart: "2026-03-02" }, "START_IN_FUTURE programmeStart"],
    ["a reference that is none", { ref: "?" }, "INPUT_UNREADABLE ref"],
    ["one address twice", { employer: { ...ben, mail: "ADA@example.org" } }, "SAME_PERSON_TWICE employer-mail"],
  ])("given %s, then it is refused, and nobody was noted", async (_what, over, problem) => {
    expect(codes((await register(over)).outcome)).toEqual([problem]);
    expect(await people.byMail(ada.mail)).toBeUndefined();
    expect(await people.byMail(cora.mail)).toBeUndefined();
  });

  it("given a reference that another case has, then it is refused, and nobody was noted", async () => {
    const seen = await registered();
    const dev = { name: "Dev Fiction", mail: "dev@example.org" };
    expect(codes((await register({ ref: seen.c.ref, apprentice: dev })).outcome)).toEqual(["REF_TAKEN ref"]);
    expect(await people.byMail(dev.mail)).toBeUndefined();
  });

  it("given someone who may not, then they learn no more than that", async () => {
    await registered();
    const tom = await known("Tom Testcase", ["assessor"]);
    expect(codes((await register({ apprentice: { ...ada, name: "Ada Exampel" } }, tom)).outcome)).toEqual([
      "NOT_ALLOWED",
    ]);
  });

  it("given a name mistyped in a refused try, then the right one stands in the case", async () => {
    await register({ apprentice: { ...ada, name: "Ada Exampel" }, programmeStart: "2026-03-02" });
    const seen = await registered();
    expect((await people.find(seen.c.parties.apprentice))?.name).toBe("Ada Example");
  });

  it("given an address in a case already under another name, then it is refused beside the name, and both are kept", async () => {
    const seen = await registered();
    const { outcome } = await register({ employer: { ...ben, name: "Tom Testcase" } });
    expect(codes(outcome)).toEqual(["NAMED_OTHERWISE employer-name"]);
    expect(outcome.kind === "refused" && outcome.problems[0]?.facts.person).toBe(seen.c.parties.employer);
    expect((await people.find(seen.c.parties.employer))?.name).toBe("Ben Sample");
  });

  it("given the same name in other letters and spaces, then it is the same person", async () => {
    const seen = await registered();
    const again = await register({
      apprentice: { name: "Dev Fiction", mail: "dev@example.org" },
      employer: { ...ben, name: " ben  SAMPLE" },
    });
    expect(codes(again.outcome)).toBe("done");
    expect(again.seen?.c.parties.employer).toBe(seen.c.parties.employer);
  });

  it("given an address that was only noted, in no case, then its name is the one that is typed now", async () => {
    const noted = await people.ensure({ ...ada, name: "ada" });
    const seen = await registered();
    expect(seen.c.parties.apprentice).toBe(noted.id);
    expect((await people.find(noted.id))?.name).toBe("Ada Example");
  });

  it("given the same press comes twice, then there is one case", async () => {
    const first = await desk.register(priya, registration(), "press-x");
    const second = await desk.register(priya, registration(), "press-x");
    expect(second.outcome).toMatchObject({ kind: "done", repeat: true });
    expect(second.seen?.c.id).toBe(first.seen?.c.id);
    expect((await desk.cases(priya)).rows).toHaveLength(1);
  });
});

describe("what somebody may not do", () => {
  it("given an apprentice asks to invite, then they do not learn who is in already", async () => {
    const seen = await registered();
    const apprentice = await adaIn();
    const asked = await desk.run(apprentice, seen.c.id, "party.invite", { role: "apprentice" }, { id: "press-a" });
    expect(codes(asked.outcome)).toEqual(["NOT_ALLOWED"]);
    const coordinator = await desk.run(priya, seen.c.id, "party.invite", { role: "apprentice" }, { id: "press-b" });
    expect(codes(coordinator.outcome)).toEqual(["BOUND_ALREADY role"]);
  });

  it("given an apprentice asks to put someone on the case, then they do not learn who is staff", async () => {
    const seen = await registered();
    const data = { role: "assessor", person: priya.person.id };
    const asked = await desk.run(await adaIn(), seen.c.id, "staff.allocate", data, { id: "press-a" });
    expect(codes(asked.outcome)).toEqual(["NOT_ALLOWED"]);
    const coordinator = await desk.run(priya, seen.c.id, "staff.allocate", data, { id: "press-b" });
    expect(codes(coordinator.outcome)).toEqual(["NOT_STAFF person"]);
  });
});

describe("correcting a name", () => {
  it("given it is corrected, then the person's cards are drawn anew, and a notice makes sure of it after a crash", async () => {
    const seen = await registered();
    const renamed: string[] = [];
    desk.o.renamed = async (person) => void renamed.push(person);
    const data = { role: "apprentice", field: "name", value: "Ada Newname", reason: "Married" } as const;
    expect(codes((await desk.correctPerson(priya, seen.c.id, data, "press-name")).outcome)).toBe("done");
    await eventually(async () => expect(renamed).toEqual([seen.c.parties.apprentice]));
    const notices = await store.notices(casePk(seen.c.id));
    expect(notices.filter((n) => n.kind === "names")).toMatchObject([
      { repeat: "repeat", state: "waiting", data: { person: seen.c.parties.apprentice } },
    ]);
    const events = JSON.stringify(await store.events(casePk(seen.c.id)));
    expect(events).not.toMatch(/Ada Example|Ada Newname/);
  });
});

describe("correcting a mail address", () => {
  const correct = (by: Known, caseId: string, value: string) =>
    desk.correctPerson(by, caseId, { role: "apprentice", field: "mail", value, reason: "Misread" }, `p-${++presses}`);

  it("given a free one, then it is theirs, they are invited there, and the old one finds nobody", async () => {
    const seen = await registered();
    const done = await correct(priya, seen.c.id, "ada.example@example.org");
    expect(codes(done.outcome)).toBe("done");
    expect((await people.find(seen.c.parties.apprentice))?.mail).toBe("ada.example@example.org");
    expect(await people.byMail(ada.mail)).toBeUndefined();
    const invited = (await store.events(casePk(seen.c.id))).filter((e) => e.type === "Invited");
    expect(invited.map((e) => e.data)).toEqual([{ role: "apprentice" }]);
  });

  it("given somebody else's, then it is refused beside the input, and nothing is written", async () => {
    const seen = await registered();
    const done = await correct(priya, seen.c.id, "Ben@example.org");
    expect(codes(done.outcome)).toEqual(["MAIL_TAKEN value"]);
    expect((await people.find(seen.c.parties.apprentice))?.mail).toBe(ada.mail);
    expect(await store.events(casePk(seen.c.id))).toHaveLength(seen.revision);
  });

  it("given someone who may not, then they do not learn whether it is anyone's, and it is held for nobody", async () => {
    const seen = await registered();
    const apprentice = await adaIn();
    expect(codes((await correct(apprentice, seen.c.id, ben.mail)).outcome)).toEqual(["NOT_ALLOWED"]);
    expect(codes((await correct(apprentice, seen.c.id, "new@example.org")).outcome)).toEqual(["NOT_ALLOWED"]);
    const other = await people.ensure({ name: "Dev Fiction", mail: "new@example.org" });
    expect(other.id).not.toBe(seen.c.parties.apprentice);
  });
});
