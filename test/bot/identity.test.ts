import { createHash } from "node:crypto";
import type { Coordinator } from "../../bot/config";
import { actorFor, Bodies, createIdentity, type IdentityOptions } from "../../bot/identity";
import { People } from "../../bot/people";
import { openEmbedded } from "../../bot/store/embedded";
import type { Member } from "../../bot/teams/connector";
import type { Turn } from "../../bot/teams/turn";
import { handleBody, type Ports } from "../../src/handle";
import type { Store } from "../../src/ports";
import { published, readPacks } from "../../src/rules/packs";
import { temporaryFolder } from "../store/folder";

const own = "tenant-own";
const bodyId = "gateway-qualifications";
const packs = readPacks(published);
let store: Store;
let people: People;
let bodies: Bodies;
let ports: Ports;
let asked: string[];
let ids = 0;

beforeEach(() => {
  asked = [];
  store = openEmbedded(temporaryFolder());
  const clock = { now: () => "2026-02-02T09:00:00Z" };
  people = new People(store, clock);
  bodies = new Bodies(() => ports);
  ports = {
    store,
    clock,
    chance: {
      id: () => `id-${++ids}`,
      draw: () => 0.5,
      digest: (text) => createHash("sha256").update(text).digest("hex"),
    },
    packs,
    settings: bodies.settings,
  };
});
afterEach(() => store.close());

const turn = (objectId: string | undefined, over: { tenantId?: string; name?: string } = {}): Turn =>
  ({
    who: { mri: `29:${objectId}`, name: over.name ?? "", ...(objectId ? { aadObjectId: objectId } : {}) },
    conversation: {
      serviceUrl: "https://teams.invalid/",
      conversationId: `chat-${objectId}`,
      type: "personal",
      tenantId: own,
    },
    senderTenant: async () => over.tenantId ?? own,
  }) as unknown as Turn;

function identify(coordinators: Coordinator[], member?: (t: Turn) => Promise<Member | undefined>) {
  const options: IdentityOptions = {
    people,
    bodies,
    ports,
    bodiesOfTenant: (tenantId) => (tenantId === own ? [bodyId] : []),
    coordinators,
    patience: 50,
    member: (t) => {
      asked.push(t.who.mri);
      return member ? member(t) : Promise.resolve(undefined);
    },
  };
  return createIdentity(options);
}
const priya: Coordinator = { kind: "mail", address: "priya@example.org" };
const roster = async (t: Turn) => ({ mri: t.who.mri, name: "Priya Pretend", mail: "Priya@Example.org" });
const never = () => new Promise<undefined>(() => {});

describe("the first coordinator", () => {
  it("given their mail address stands in the tenant's roster, then they are known, and coordinate", async () => {
    const who = await identify([priya], roster)(turn("priya"));
    expect(who).toMatchObject({ kind: "known", person: { name: "Priya Pretend" } });
    expect(who.kind === "known" && who.staff.get(bodyId)).toEqual(["coordinator"]);
  });

  it("given the same address in another tenant, then they are a stranger, and no roster is asked", async () => {
    const who = await identify([priya], roster)(turn("priya", { tenantId: "tenant-other" }));
    expect(who.kind).toBe("stranger");
    expect(asked).toEqual([]);
  });

  it("given their object id, then they are known even when the roster does not answer", async () => {
    const byId: Coordinator = { kind: "objectId", objectId: "priya" };
    const who = await identify([byId], never)(turn("priya", { name: "Priya P" }));
    expect(who).toMatchObject({ kind: "known", person: { name: "Priya P" } });
  });
});

describe("a stranger", () => {
  it("given the roster does not answer, then they are told so in time", async () => {
    expect((await identify([priya], never)(turn("tom"))).kind).toBe("stranger");
  });

  it("given they write again and again, then the roster is asked once; of another account it is asked", async () => {
    const ask = identify([priya], async (t) => ({ mri: t.who.mri, mail: "tom@example.org" }));
    for (let i = 0; i < 3; i++) expect((await ask(turn("tom"))).kind).toBe("stranger");
    await ask(turn("una"));
    expect(asked).toEqual(["29:tom", "29:una"]);
  });

  it("given coordinators are named by object id only, then the roster is not asked", async () => {
    await identify([{ kind: "objectId", objectId: "priya" }], roster)(turn("tom"));
    expect(asked).toEqual([]);
  });

  it("given they enter their code, then they are known at once, though they were just looked up in vain", async () => {
    const ask = identify([priya], async () => undefined);
    expect((await ask(turn("ada", { tenantId: own }))).kind).toBe("stranger");
    const ada = await people.ensure({ name: "Ada Example", mail: "ada@example.org" });
    const { code } = await people.issueCode(ada.id);
    await people.redeem(code, { tenantId: own, objectId: "ada" });
    expect(await ask(turn("ada"))).toMatchObject({ kind: "known", person: { id: ada.id } });
  });

  it("given no account, then they are one without an account", async () => {
    expect(await identify([priya], roster)(turn(undefined, { name: "Guest" }))).toEqual({
      kind: "stranger",
      name: "Guest",
    });
  });
});

describe("whoever is known", () => {
  it("given they write in their own chat, then that is how they are reached", async () => {
    await identify([priya], roster)(turn("priya"));
    const person = await people.byBinding(own, "priya");
    expect(person?.bindings[0]).toMatchObject({ mri: "29:priya", chat: { conversationId: "chat-priya" } });
  });

  it("given staff of one body, then they are staff to no other", async () => {
    const who = await identify([priya], roster)(turn("priya"));
    if (who.kind !== "known") throw new Error(who.kind);
    expect(actorFor(who, bodyId).staff).toEqual({ bodyId, roles: ["coordinator"] });
    expect(actorFor(who, "tquk").staff).toBeNull();
  });

  it("given they were made staff and left, then they are known, and no staff", async () => {
    const ask = identify([priya], roster);
    await ask(turn("priya"));
    const tom = await people.ensureMember({ tenantId: own, objectId: "tom", name: "Tom Testcase" });
    const change = async (type: "staff.add" | "staff.leave") => {
      const data = type === "staff.add" ? { person: tom.id, roles: ["assessor" as const] } : { person: tom.id };
      const command = { type, data } as Parameters<typeof handleBody>[1]["command"];
      const outcome = await handleBody(bodyId, { id: `press-${++ids}`, command }, "service", ports);
      if (outcome.kind === "done") bodies.keep(bodyId, outcome.state);
    };
    await change("staff.add");
    const during = await ask(turn("tom"));
    expect(during.kind === "known" && during.staff.get(bodyId)).toEqual(["assessor"]);
    await change("staff.leave");
    const after = await ask(turn("tom"));
    expect(after.kind === "known" && [...after.staff]).toEqual([]);
  });
});
