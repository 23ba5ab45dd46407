import { steadyGuid } from "../../bot/local/people";
import { People, type Person } from "../../bot/people";
import { chance } from "../../bot/service";
import { notePosted } from "../../bot/teams/live";
import type { Case, MaybeCase } from "../../src/case/case";
import { evolve, initial } from "../../src/case/decider";
import { indexOf } from "../../src/caseIndex";
import { chainStart, hashOf, seal } from "../../src/chain";
import { casePk, handleBody, type Ports } from "../../src/handle";
import type { Recorded, Store } from "../../src/ports";
import { atLondon, type Instant } from "../../src/rules/calendar";
import { published, readPacks } from "../../src/rules/packs";
import { bookingOn, days, given, type Journey, type Milestone, milestones, tquk } from "../support/case";
import type { ChannelSettings } from "../support/signing";

/** Somebody with an account, as an activity names them. */
export interface Presser {
  person: string;
  name: string;
  mri: string;
  objectId: string;
  conversation: string;
  /** Of the awarding body's staff; absent for outside people. */
  role?: "coordinator" | "assessor" | "iqa";
}
/** A case that is pressed. */
export interface Sown {
  caseId: string;
  ref: string;
}

export interface Seeded {
  staff: Presser[];
  /** Outside people with an account, by person. */
  outside: Map<string, Presser>;
  cases: Sown[];
  /** Group chats of cases. */
  chats: number;
  /** Cards posted before: where, under which id, and the revision that they show. */
  posted: { conversation: string; activityId: string; seen: number }[];
  /** When the last of it happened. */
  now: Instant;
}

/** The day on which the storm begins: every case is somewhere on its way by then. */
const today = "2026-04-21";
const begins = atLondon(today, "15:05");

/** Cases at every stage of their lives, their people, and staff that have met the bot. */
export async function seed(store: Store, channel: ChannelSettings, count: number): Promise<Seeded> {
  const { body } = tquk;
  const clock = { now: () => "2026-01-12T09:00:00Z" };
  const people = new People(store, clock);
  const ports: Ports = {
    store,
    clock,
    chance,
    packs: readPacks(published),
    settings: async () => ({ sampling: { usual: 0, byAssessor: {} }, retentionMonths: 72 }),
  };
  const outside = new Map<string, Presser>();

  async function colleague(name: string, role: NonNullable<Presser["role"]>): Promise<Presser> {
    const objectId = steadyGuid(name);
    const account = { tenantId: channel.tenantId, objectId };
    const person = await people.ensureMember({ ...account, name });
    const command = { type: "staff.add" as const, data: { person: person.id, roles: [role] } };
    await handleBody(body.id, { id: chance.id(), command }, "service", ports);
    const [mri, conversation] = [`29:${objectId}`, `a:${objectId}`];
    await people.met(person, { ...account, mri }, { serviceUrl: channel.serviceUrl, conversationId: conversation });
    return { person: person.id, name, mri, objectId, conversation, role };
  }

  async function outsider(name: string): Promise<string> {
    const objectId = steadyGuid(name);
    const id = `p-${objectId}`;
    const [mri, conversation] = [`29:${objectId}`, `a:${objectId}`];
    const chat = { serviceUrl: channel.serviceUrl, conversationId: conversation };
    const bindings = [{ tenantId: channel.tenantId, objectId, mri, chat }];
    const person: Person = { id, name, mail: `${objectId}@example.org`, bindings };
    await store.putDoc(`person:${id}`, "person", person, undefined);
    await store.putDoc(`binding:${channel.tenantId}:${objectId}`, "binding", { person: id }, undefined);
    outside.set(id, { person: id, name, mri, objectId, conversation });
    return id;
  }

  const staff = [
    await colleague("Cora Placeholder", "coordinator"),
    await colleague("Tom Testcase", "coordinator"),
    await colleague("Ben Sample", "assessor"),
    await colleague("Una Untrue", "assessor"),
    await colleague("Ivy Invented", "iqa"),
    await colleague("Max Mock", "iqa"),
  ];
  const of = (role: Presser["role"], n: number) => {
    const all = staff.filter((s) => s.role === role);
    return (all[n % all.length] as Presser).person;
  };

  async function one(n: number): Promise<Sown> {
    const [apprentice = "", employer = "", provider = ""] = await Promise.all(
      ["Ada Example", "Dev Fiction", "Priya Pretend"].map((name) => outsider(`${name} ${n}`)),
    );
    const ref = `EX-2026-${String(n).padStart(4, "0")}`;
    const by = { person: of("coordinator", n), role: "coordinator" as const };
    const parties = { apprentice, employer, provider, employerName: "Fictional Foods Ltd" };
    const registered = given(tquk, `storm-${n}`).do(
      "case.register",
      { ref, bodyId: body.id, ...parties, programmeStart: days.programmeStart },
      { by },
    );
    const staffed = () =>
      registered
        .do("staff.allocate", { role: "assessor", person: of("assessor", n) }, { by })
        .do("staff.allocate", { role: "iqa", person: of("iqa", n) }, { by })
        .do("interest.declare", { conflict: false }, { by: "assessor" })
        .do("interest.declare", { conflict: false }, { by: "iqa" });
    const conversation = `19:storm-${n}@thread.v2`;
    const chatting = n % 9 === 4 && n % stops.length > 0;
    const begun = () => (chatting ? staffed().do("chat.bind", { conversation }, { by }) : staffed());
    await append(store, n % stops.length === 0 ? registered : (stops[n % stops.length] as Stop)(begun()));
    if (chatting) chats += 1;
    // Cards that were posted before: in the apprentice's chat, and in the coordinator's.
    for (const person of n % 3 === 1 ? [apprentice, by.person] : []) {
      const known = outside.get(person) ?? staff.find((s) => s.person === person);
      const conversation = known?.conversation ?? "";
      const c = (await store.head<Case>(casePk(`storm-${n}`)))?.state;
      const seen = (known?.role ? c?.revision : c?.outsideRevision) ?? 0;
      await notePosted(store, `storm-${n}`, {
        kind: "case",
        conversation: { serviceUrl: channel.serviceUrl, conversationId: conversation },
        activityId: `sown-${n}`,
        person,
      });
      posted.push({ conversation, activityId: `sown-${n}`, seen });
    }
    if (chatting) {
      const chat = { serviceUrl: channel.serviceUrl, conversationId: conversation, caseId: `storm-${n}` };
      await store.putDoc(`chat:${conversation}`, "chat", chat, undefined);
    }
    return { caseId: `storm-${n}`, ref };
  }
  const cases: Sown[] = [];
  const posted: Seeded["posted"] = [];
  let chats = 0;
  for (let n = 0; n < count; n += 10)
    cases.push(...(await Promise.all(Array.from({ length: Math.min(10, count - n) }, (_, i) => one(n + i)))));
  return { staff, outside, cases, chats, posted, now: begins };
}

type Stop = (j: Journey) => Journey;
const upTo =
  (milestone: Milestone, grades: Parameters<Journey["upTo"]>[1] = {}): Stop =>
  (j) =>
    j.upTo(milestone, grades);

/** All sessions on the day of the storm, so that they can be begun. */
const bookedToday: Stop = (j) =>
  tquk.methods.reduce(
    (k, m) => k.do("session.move", { ...bookingOn(tquk, m.id, today, "15:00"), reason: "All on one day" }),
    j.upTo("handedIn").notBefore("2026-04-01"),
  );
const failed = { grades: { [tquk.methods[0]?.id ?? ""]: "fail" as const } };

/** Where the cases of a storm stand at its begin. */
const stops: readonly Stop[] = [
  (j) => j,
  ...milestones.slice(1, milestones.indexOf("planningFinished") - 1).map((m) => upTo(m)),
  (j) => j.upTo("gatewayAccepted").planningScheduled(today),
  upTo("planningFinished"),
  upTo("handedIn"),
  bookedToday,
  bookedToday,
  upTo("held"),
  upTo("graded"),
  upTo("graded", failed),
  upTo("released"),
  upTo("released", failed),
  (j) => j.upTo("released", failed).reopened("resit", [tquk.methods[0]?.id ?? ""]),
];

/** The journey's events as the record of a case, in one append; what they told people at the time is no part of it. */
async function append(store: Store, j: Journey): Promise<void> {
  const pk = casePk(j.id);
  let prev = chainStart(pk, chance.digest).head;
  const events = j.log.map((e): Recorded => {
    const open = seal({ ...e, commandId: `c-seed-${e.seq}`, packId: j.pack.id, prev }, chance.id) as Recorded;
    const event = { ...open, hash: hashOf(open, chance.digest) };
    prev = event.hash;
    return event;
  });
  let state: MaybeCase = initial;
  for (const event of events) state = evolve(state, j.id, event);
  const head = { pk, revision: events.length, hash: prev, state: state as Case, index: indexOf(state as Case, j.pack) };
  const done = await store.append({
    pk,
    expected: 0,
    command: { id: "c-seed", digest: "seed" },
    events,
    head,
    notices: [],
  });
  if (done !== "appended") throw new Error(`${j.id}: ${done}`);
}
