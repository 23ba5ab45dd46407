import { Bodies } from "../../bot/identity";
import { People } from "../../bot/people";
import { chance } from "../../bot/service";
import { ServiceUrl } from "../../bot/teams/serviceUrl";
import { casePk, handle, handleBody, type Outcome, type Ports } from "../../src/handle";
import type { Store } from "../../src/ports";
import { published, readPacks } from "../../src/rules/packs";
import { type AccountDouble, accountDouble } from "../store/account";
import { days, tquk } from "../support/case";

/** Two instances on one store: what crosses, and what each remembers of what the other may change. */

const minute = 60_000;
const clock = { now: () => "2026-02-02T09:00:00Z" };
const [cora, noor] = ["cora", "noor"].map((person) => ({
  person,
  staff: { bodyId: tquk.body.id, roles: ["coordinator" as const] },
}));
if (!cora || !noor) throw new Error("Two coordinators");

let account: AccountDouble;
let one: Instance;
let two: Instance;

interface Instance {
  store: Store;
  ports: Ports;
  people: People;
  bodies: Bodies;
}
async function instance(): Promise<Instance> {
  const store = await account.open();
  const bodies: Bodies = new Bodies(() => ports);
  const ports: Ports = { store, clock, chance, packs: readPacks(published), settings: bodies.settings };
  return { store, ports, people: new People(store, clock), bodies };
}

beforeEach(async () => {
  account = await accountDouble({ ranges: 2 });
  [one, two] = await Promise.all([instance(), instance()]);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await account.end();
});

/** The computer's clock, that much later. */
function later(ms: number): void {
  const now = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => now + ms);
}

const register = () =>
  handle(
    {
      id: "r",
      caseId: "1",
      command: {
        type: "case.register",
        data: {
          ref: "EX-2026-0001",
          bodyId: tquk.body.id,
          apprentice: "ada",
          employer: "ben",
          provider: "priya",
          employerName: "Fictional Foods Ltd",
          programmeStart: days.programmeStart,
        },
      },
    },
    cora,
    one.ports,
  );

describe("the same button, pressed by two people on two instances", () => {
  it("given at once, then it is one event, and the other is told by whom and when", async () => {
    expect(await register()).toMatchObject({ kind: "done" });
    const bind = { type: "chat.bind" as const, data: { conversation: "19:case@thread.v2" } };
    const press = (id: string, actor: typeof cora, { ports }: Instance) =>
      handle({ id, caseId: "1", command: bind }, actor, ports);
    const outcomes: Outcome[] = await Promise.all([press("a", cora, one), press("b", noor, two)]);

    expect(outcomes.map((o) => o.kind).sort()).toEqual(["already", "done"]);
    const bound = (await one.store.events(casePk("1"))).filter((e) => e.type === "ChatBound");
    expect(bound).toHaveLength(1);
    const already = outcomes.find((o) => o.kind === "already");
    expect(already).toMatchObject({ by: { person: bound[0]?.by.person }, at: bound[0]?.at });
  });

  it("given one person's press is delivered to both, then it is one event, and both say that it is done", async () => {
    await register();
    const command = { type: "chat.bind" as const, data: { conversation: "19:case@thread.v2" } };
    const outcomes = await Promise.all(
      [one, two].map(({ ports }) => handle({ id: "a", caseId: "1", command }, cora, ports)),
    );
    expect(outcomes.map((o) => o.kind)).toEqual(["done", "done"]);
    expect((await two.store.events(casePk("1"))).filter((e) => e.type === "ChatBound")).toHaveLength(1);
  });
});

describe("what an instance remembers and another changes", () => {
  it("a case: none of it, the present one is read each time", async () => {
    await register();
    expect(await two.store.head(casePk("1"))).toMatchObject({ revision: 1 });
    const command = { type: "chat.bind" as const, data: { conversation: "19:case@thread.v2" } };
    const done = await handle({ id: "a", caseId: "1", command }, cora, one.ports);
    expect(await two.store.head(casePk("1"), done.revision)).toMatchObject({ revision: done.revision });
  });

  it("a person: for a minute at most; what is changed starts from the present one", async () => {
    const { id } = await one.people.ensure({ name: "Ada Example", mail: "ada@example.org" });
    expect((await two.people.find(id))?.name).toBe("Ada Example");
    await one.people.correct(id, "name", "Ada Sample");
    // Its own change lies on the other's, whatever it remembered.
    await two.people.correct(id, "mail", "ada.sample@example.org");
    expect(await two.people.find(id)).toMatchObject({ name: "Ada Sample", mail: "ada.sample@example.org" });
    later(minute + 1);
    expect(await one.people.find(id)).toMatchObject({ name: "Ada Sample", mail: "ada.sample@example.org" });
  });

  it("whose account it is: nothing of nobody's, so a code redeemed at one opens the other at once", async () => {
    const ada = await one.people.ensure({ name: "Ada Example", mail: "ada@example.org" });
    const who = { tenantId: "tenant-1", objectId: "ada" };
    expect(await two.people.byBinding(who.tenantId, who.objectId)).toBeUndefined();
    const { code } = await one.people.issueCode(ada.id);
    expect(await one.people.redeem(code, who)).toMatchObject({ kind: "bound" });
    expect((await two.people.byBinding(who.tenantId, who.objectId))?.id).toBe(ada.id);
    expect(await two.people.redeem(code, { ...who, objectId: "other" })).toEqual({ kind: "used" });
  });

  it("a body's staff: for a minute at most", async () => {
    expect((await two.bodies.get(tquk.body.id)).staff).toEqual({});
    const command = { type: "staff.add" as const, data: { person: "noor", roles: ["coordinator" as const] } };
    await handleBody(tquk.body.id, { id: "s", command }, "service", one.ports);
    later(minute + 1);
    expect(Object.keys((await two.bodies.get(tquk.body.id)).staff)).toEqual(["noor"]);
  });

  it("where the Connector is: an instance that has heard nothing yet knows it from the other", async () => {
    expect(await new ServiceUrl(two.store).get()).toBeUndefined();
    await new ServiceUrl(one.store).met("https://teams.invalid/uk/");
    expect(await new ServiceUrl(two.store).get()).toBe("https://teams.invalid/uk/");
  });
});
