import { steadyGuid } from "../../bot/local/people";
import { People, type Person } from "../../bot/people";
import { chance } from "../../bot/service";
import type { Case, MaybeCase } from "../../src/case/case";
import { evolve, initial } from "../../src/case/decider";
import { indexOf } from "../../src/caseIndex";
import { chainStart, hashOf, seal } from "../../src/chain";
import { casePk, handleBody, type Ports } from "../../src/handle";
import type { Recorded, Store } from "../../src/ports";
import { published, readPacks } from "../../src/rules/packs";
import type { ChannelSettings } from "../bench/channel";
import { days, given, type Journey, tquk } from "../support/case";

/** Somebody with an account, as an activity names them. */
export interface Presser {
  person: string;
  name: string;
  mri: string;
  objectId: string;
  conversation: string;
}
/** A case with a session booked, which is moved again and again. */
export interface Moving {
  caseId: string;
  apprentice: string;
  ref: string;
  method: string;
  day: string;
  setting: string;
  /** Times that nobody has asked for yet, in minutes after nine. */
  next: number;
}
/** Where a person is reached: their conversation and their mail address. */
export type Reach = ReadonlyMap<string, readonly string[]>;

export interface Seeded {
  coordinator: Presser;
  assessor: Presser;
  cases: Moving[];
  reach: Reach;
  /** When the last of it happened. */
  now: string;
}

/** Cases with everything booked, their people, and staff that have met the bot. */
export async function seed(store: Store, channel: ChannelSettings, count: number): Promise<Seeded> {
  const { body } = tquk;
  let now = "2026-01-12T09:00:00Z";
  const people = new People(store, { now: () => now });
  const ports: Ports = {
    store,
    clock: { now: () => now },
    chance,
    packs: readPacks(published),
    settings: async () => ({ sampling: { usual: 0, byAssessor: {} }, retentionMonths: 72 }),
  };
  const reach = new Map<string, string[]>();

  async function staff(name: string, role: "coordinator" | "assessor" | "iqa"): Promise<Presser> {
    const objectId = steadyGuid(name);
    const account = { tenantId: channel.tenantId, objectId };
    const person = await people.ensureMember({ ...account, name });
    const command = { type: "staff.add" as const, data: { person: person.id, roles: [role] } };
    await handleBody(body.id, { id: chance.id(), command }, "service", ports);
    const [mri, conversation] = [`29:${objectId}`, `a:${objectId}`];
    await people.met(person, { ...account, mri }, { serviceUrl: channel.serviceUrl, conversationId: conversation });
    reach.set(person.id, [conversation]);
    return { person: person.id, name, mri, objectId, conversation };
  }

  async function outsider(name: string): Promise<string> {
    const objectId = steadyGuid(name);
    const id = `p-${objectId}`;
    const chat = { serviceUrl: channel.serviceUrl, conversationId: `a:${objectId}` };
    const mail = `${objectId}@example.org`;
    const bindings = [{ tenantId: channel.tenantId, objectId, mri: `29:${objectId}`, chat }];
    await store.putDoc(`person:${id}`, "person", { id, name, mail, bindings } satisfies Person, undefined);
    reach.set(id, [chat.conversationId, mail]);
    return id;
  }

  const [coordinator, assessor, iqa] = [
    await staff("Cora Placeholder", "coordinator"),
    await staff("Ben Sample", "assessor"),
    await staff("Ivy Invented", "iqa"),
  ];

  async function one(n: number): Promise<Moving> {
    const [apprentice, employer, provider] = await Promise.all(
      ["Ada Example", "Dev Fiction", "Priya Pretend"].map((name) => outsider(`${name} ${n}`)),
    );
    const ref = `EX-2026-${String(n).padStart(4, "0")}`;
    const by = { person: coordinator.person, role: "coordinator" as const };
    const registered = given(tquk, `storm-${n}`).do(
      "case.register",
      {
        ref,
        bodyId: body.id,
        apprentice: apprentice ?? "",
        employer: employer ?? "",
        provider: provider ?? "",
        employerName: "Fictional Foods Ltd",
        programmeStart: days.programmeStart,
      },
      { by },
    );
    const j = registered
      .do("staff.allocate", { role: "assessor", person: assessor.person }, { by })
      .do("staff.allocate", { role: "iqa", person: iqa.person }, { by })
      .do("interest.declare", { conflict: false }, { by: "assessor" })
      .do("interest.declare", { conflict: false }, { by: "iqa" })
      .upTo("booked");
    await append(store, j);
    if (j.now > now) now = j.now;
    const method = tquk.methods.at(-1)?.id ?? "";
    const booking = j.attempt(method).session.booking;
    return {
      caseId: j.id,
      apprentice: apprentice ?? "",
      ref,
      method,
      day: booking?.at.slice(0, 10) ?? "",
      setting: booking?.setting ?? "",
      next: 0,
    };
  }
  const cases: Moving[] = [];
  for (let n = 0; n < count; n += 10)
    cases.push(...(await Promise.all(Array.from({ length: Math.min(10, count - n) }, (_, i) => one(n + i)))));
  return { coordinator, assessor, cases, reach, now };
}

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
