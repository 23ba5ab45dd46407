import { createHash } from "node:crypto";
import { createComposer } from "../../bot/composer";
import { Desk } from "../../bot/desk";
import { Bodies, type Known } from "../../bot/identity";
import { People } from "../../bot/people";
import { openEmbedded } from "../../bot/store/embedded";
import type { Lost } from "../../src/case/case";
import type { Ports } from "../../src/handle";
import type { Recorded, Store } from "../../src/ports";
import { published, readPacks } from "../../src/rules/packs";
import { temporaryFolder } from "../store/folder";

const bodyId = "gateway-qualifications";
let store: Store;
beforeEach(() => {
  store = openEmbedded(temporaryFolder());
});
afterEach(() => store.close());

async function registered() {
  let ids = 0;
  const clock = { now: () => "2026-02-02T09:00:00Z" };
  const people = new People(store, clock);
  const bodies: Bodies = new Bodies(() => ports);
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  const chance = { id: () => `id-${++ids}`, draw: () => 0.5, digest };
  const ports: Ports = { store, clock, chance, packs: readPacks(published), settings: bodies.settings };
  const desk = new Desk({ ports, people, bodies, committed: () => {} });
  const account = { tenantId: "tenant-1", objectId: "priya" };
  const person = await people.ensureMember({ ...account, name: "Priya Pretend" });
  const priya: Known = { kind: "known", person, ...account, staff: new Map([[bodyId, ["coordinator"]]]) };
  const { seen } = await desk.register(
    priya,
    {
      bodyId,
      employerName: "Fictional Foods Ltd",
      programmeStart: "2024-09-02",
      apprentice: { name: "Ada Example", mail: "ada@example.org" },
      employer: { name: "Ben Sample", mail: "ben@example.org" },
      provider: { name: "Cora Placeholder", mail: "cora@example.org" },
    },
    "press-1",
  );
  if (!seen) throw new Error("Not registered");
  return { compose: createComposer({ desk, people, ports, bodies }), c: seen.c, priya };
}

describe("several messages as one", () => {
  it("given twelve, then it has twelve cards: what one message takes is decided where it is sent", async () => {
    const { compose } = await registered();
    const messages = Array.from({ length: 12 }, (_, i) => ({
      activity: { attachments: [{ contentType: "card", content: i }] },
      letter: { subject: "", greeting: "", parts: [], foot: [] },
    }));
    expect(compose.join(messages).attachments?.map((a) => a.content)).toEqual(messages.map((_, i) => i));
  });
});

describe("what did not arrive", () => {
  it("given an invitation, then the coordinator reads of whom and in which case, in chat and by mail", async () => {
    const { compose, c, priya } = await registered();
    const data = { notice: "n-1-invite", kind: "invite", to: c.parties.employer, state: "dead" as const };
    const lost: Lost = { ...data, repeat: "repeat", about: { role: "employer" }, code: "Smtp550" };
    const events = [{ type: "NoticeLost", data: lost }] as Recorded[];
    const undelivered = { ...c, undelivered: [{ ...lost, at: c.registered.at }] };
    const message = await compose.notReached(undelivered, events, priya.person.id);
    expect(await compose.notReached(c, events, priya.person.id)).toBeUndefined();
    expect(message?.activity.summary).toContain("Ben Sample");
    const card = JSON.stringify(message?.activity.attachments);
    expect(card).toContain(`Case ${c.ref}`);
    expect(card).toContain("invitation to Ben Sample");
    expect(message?.letter).toMatchObject({ greeting: "Dear Priya Pretend,", foot: [`Case ${c.ref}`] });
  });
});
