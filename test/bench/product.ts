import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { steadyGuid } from "../../bot/local/people";
import { createLog } from "../../bot/log";
import { chance, createService, type Service } from "../../bot/service";
import { openEmbedded } from "../../bot/store/embedded";
import { notePosted } from "../../bot/teams/live";
import { Pace, unlimited } from "../../bot/teams/pace";
import { caseCard } from "../../cards/case";
import { hasForm } from "../../cards/forms/forms";
import type { Case } from "../../src/case/case";
import { indexOf } from "../../src/caseIndex";
import { chainStart, hashOf, seal } from "../../src/chain";
import { casePk, handle, handleBody } from "../../src/handle";
import type { Index, NewNotice, Recorded, Store } from "../../src/ports";
import type { Instant } from "../../src/rules/calendar";
import { days, given, type Journey, tquk } from "../support/case";
import { type ChannelSettings, signInAt, trustOf } from "../support/signing";
import type { Marks } from "./multiply";
import type { Measured } from "./processes";

/** Someone with an account, as an activity names them. */
export interface Account {
  person: string;
  name: string;
  mri: string;
  objectId: string;
  conversation: string;
}
/** A case whose session is under way, and its assessor: what is pressed. */
export interface Running {
  caseId: string;
  method: string;
  seen: number;
  assessor: Account;
}

const { body } = tquk;

/** The whole service as production wires it, on the embedded store unless told, with as many cases as are asked for. */
export async function startProduct(settings: ChannelSettings, open?: () => Promise<Store>) {
  const folder = mkdtempSync(path.join(tmpdir(), "epilogue-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const begun = Date.now();
  let now: Instant = "2026-01-12T09:00:00Z";
  const clock = { now: () => new Date(Date.parse(now) + Date.now() - begun).toISOString() };
  const service = createService({
    config: { coordinators: [], mode: "production" },
    trust: trustOf(settings),
    // One time for both: by another the reminders of days to come were due.
    store: await (open?.() ?? openEmbedded(folder, clock)),
    clock,
    mailer: { send: async () => ({ kind: "ok", messageId: "bench" }), ready: async () => true, close() {} },
    log: createLog({ level: "error" }),
    // What is measured is the way to the wire: Teams' own limits would hold every service back alike.
    pace: new Pace(undefined, unlimited),
    panelPace: { burst: 1_000_000, everyMs: 1 },
    standIn: { signIn: signInAt(settings), origins: [] },
    bodiesOfTenant: (tenantId) => (tenantId === settings.tenantId ? [body.id] : []),
  });
  const seed = new Seed(service, settings);
  const port = await service.http.listen(0, "127.0.0.1");
  let next = 0;

  return {
    port,
    service,
    /** Cases with a session under way; `posted`: with their card in the assessor's chat, kept up to date. */
    async running(count: number, posted: boolean): Promise<Running[]> {
      const staff = await seed.staff();
      const made: Running[] = [];
      for (let i = 0; i < count; i++) made.push(await seed.running(next++, staff, posted));
      now = seed.now;
      return made;
    },
    /** Cases ready to be accepted at the gateway: three people each, whom the acceptance tells. */
    async waiting(count: number): Promise<string[]> {
      const staff = await seed.staff();
      const made: string[] = [];
      for (let i = 0; i < count; i++) made.push(await seed.waiting(next++, staff));
      return made;
    },
    /** Accepts them, unseen by delivery so far. */
    async accept(caseIds: string[]): Promise<void> {
      const { coordinator } = await seed.staff();
      const actor = { person: coordinator.person, staff: { bodyId: body.id, roles: ["coordinator" as const] } };
      for (const caseId of caseIds) {
        const command = { type: "gateway.accept" as const, data: {} };
        const outcome = await handle({ id: chance.id(), caseId, command }, actor, service.ports);
        if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
      }
    },
    coordinator: async (): Promise<Account> => (await seed.staff()).coordinator,
    /** So many cases beside, each with something due and a notice for later. Not on a store over a network. */
    async many(count: number): Promise<void> {
      const told = JSON.stringify({ folder, marks: await seed.model(), count });
      // Not in this process: what it takes is not what is measured.
      await promisify(execFile)(process.execPath, [process.argv[1] ?? "", "multiply", told]);
    },
    /** Sweeps that find nothing due, one after another. */
    async idle(times: number): Promise<void> {
      for (let n = 0; n < times; n++) await service.delivery.kick();
    },
    /** Delivers what is due. */
    async deliver(): Promise<void> {
      await service.delivery.kick();
    },
    settled: () => service.settled(),
    /** Microseconds of CPU for one append of an event with its head, and for one case card from its view. */
    timings: (one: Running, times: number) => timings(service, one, times),
  } satisfies Measured;
}

async function timings(service: Service, one: Running, times: number): Promise<{ append: number; render: number }> {
  const actor = { person: one.assessor.person, staff: { bodyId: body.id, roles: ["assessor" as const] } };
  const spent = async (work: (n: number) => Promise<unknown> | unknown): Promise<number> => {
    const { user, system } = process.cpuUsage();
    for (let n = 0; n < times; n++) await work(n);
    const after = process.cpuUsage();
    return (after.user + after.system - user - system) / times;
  };
  const { store } = service.ports;
  const append = await spent(async () => {
    const head = await store.head<Case>(casePk(one.caseId));
    const last = (await store.events(casePk(one.caseId), { from: head?.revision ?? 0 })).at(-1);
    if (!head || !last) throw new Error(`No case ${one.caseId}`);
    const seq = head.revision + 1;
    const { hash: _, ...again } = { ...last, seq, prev: head.hash };
    const event = { ...again, hash: hashOf(again, chance.digest) };
    const done = await store.append({
      pk: head.pk,
      expected: head.revision,
      command: { id: chance.id(), digest: "bench" },
      events: [event],
      head: { ...head, revision: seq, hash: event.hash },
      notices: [],
    });
    if (done !== "appended") throw new Error(done);
  });
  const head = await store.head<Case>(casePk(one.caseId));
  const seen = head && (await service.desk.drawFor(actor, head.state, head.revision));
  if (!seen) throw new Error("No case to draw");
  const drawing = { words: seen.words, pack: seen.pack, now: service.ports.clock.now(), newId: chance.id, hasForm };
  const render = await spent(() => caseCard(seen.view, drawing));
  return { append, render };
}

interface Staff {
  coordinator: Account;
  assessor: Account;
  iqa: Account;
}

/** Cases at a stage, reached by real commands; their people have met the bot. */
class Seed {
  private cast: Staff | undefined;
  /** When the last of them happened. */
  now: Instant = "2026-01-12T09:00:00Z";

  constructor(
    private readonly service: Service,
    private readonly settings: ChannelSettings,
  ) {}

  async staff(): Promise<Staff> {
    this.cast ??= {
      coordinator: await this.member("Cora Placeholder", "coordinator"),
      assessor: await this.member("Ben Sample", "assessor"),
      iqa: await this.member("Ivy Invented", "iqa"),
    };
    return this.cast;
  }

  async running(n: number, staff: Staff, posted: boolean): Promise<Running> {
    const before = await this.registered(n, staff);
    const method = before.pack.methods.find((m) => m.session.questionsPart)?.id ?? "";
    const j = staffed(before, staff).upTo("booked").started(method);
    await this.append(j);
    if (posted)
      await notePosted(this.service.ports.store, j.id, {
        kind: "case",
        conversation: { serviceUrl: this.settings.serviceUrl, conversationId: staff.assessor.conversation },
        activityId: `card-${n}`,
        person: staff.assessor.person,
      });
    this.now = j.now;
    return { caseId: j.id, method, seen: j.case.revision, assessor: staff.assessor };
  }

  async waiting(n: number, staff: Staff): Promise<string> {
    // Nobody assesses it yet: staff would be told of many cases in one message.
    const j = (await this.registered(n, staff)).evidenceSubmitted().confirmed().itemsAccepted();
    await this.append(j);
    this.now = j.now;
    return j.id;
  }

  /** A case as many are made of: newly registered, its lists as the product makes them. */
  async model(): Promise<Marks> {
    const { coordinator } = await this.staff();
    const people = [`p-model-a`, `p-model-e`, `p-model-p`];
    const [apprentice = "", employer = "", provider = ""] = people;
    const { programmeStart } = days;
    const ref = "SC-0";
    const j = given(tquk, "scale-0").do(
      "case.register",
      { ref, bodyId: body.id, apprentice, employer, provider, employerName: "Fictional Foods Ltd", programmeStart },
      { by: { person: coordinator.person, role: "coordinator" } },
    );
    const later: NewNotice = {
      id: "r-later",
      kind: "reminder",
      to: provider,
      dueAt: "2099-01-01T09:00:00Z",
      repeat: "repeat",
      data: { key: "later" },
    };
    await this.append(j, indexOf(j.case, tquk), [later]);
    return { caseId: j.id, ref, people };
  }

  private async registered(n: number, { coordinator }: Staff): Promise<Journey> {
    const [apprentice, employer, provider] = [
      await this.outsider(`Ada Example ${n}`),
      await this.outsider(`Dev Fiction ${n}`),
      await this.outsider(`Priya Pretend ${n}`),
    ];
    const ref = `EX-2026-${String(n).padStart(4, "0")}`;
    const { programmeStart } = days;
    return given(tquk, `bench-${n}`).do(
      "case.register",
      { ref, bodyId: body.id, apprentice, employer, provider, employerName: "Fictional Foods Ltd", programmeStart },
      { by: { person: coordinator.person, role: "coordinator" } },
    );
  }

  /** The journey's events as the record of a case, in one append; what they told people at the time is no part of it. */
  private async append(j: Journey, index?: Index, notices: NewNotice[] = []): Promise<void> {
    const pk = casePk(j.id);
    let prev = chainStart(pk, chance.digest).head;
    const events = j.log.map((e): Recorded => {
      const open = seal({ ...e, commandId: `c-seed-${e.seq}`, packId: j.pack.id, prev }, chance.id) as Recorded;
      const event = { ...open, hash: hashOf(open, chance.digest) };
      prev = event.hash;
      return event;
    });
    const { ref, bodyId } = j.case;
    const done = await this.service.ports.store.append({
      pk,
      expected: 0,
      command: { id: "c-seed", digest: "seed" },
      events,
      head: {
        pk,
        revision: events.length,
        hash: prev,
        state: j.case,
        index: index ?? { kind: "case", bodyId, ref, closed: false, people: [], row: null, due: [] },
      },
      notices,
    });
    if (done !== "appended") throw new Error(`${j.id}: ${done}`);
  }

  private async member(name: string, role: "coordinator" | "assessor" | "iqa"): Promise<Account> {
    const { people, ports, bodies } = this.service;
    const tenantId = this.settings.tenantId;
    const account = this.account(name);
    const person = await people.ensureMember({ tenantId, objectId: account.objectId, name });
    const command = { type: "staff.add" as const, data: { person: person.id, roles: [role] } };
    const outcome = await handleBody(body.id, { id: chance.id(), command }, "service", ports);
    if (outcome.kind === "done") bodies.keep(body.id, outcome.state);
    await this.met(person.id, account);
    return { ...account, person: person.id };
  }

  private async outsider(name: string): Promise<string> {
    const { people } = this.service;
    const account = this.account(name);
    const mail = `${account.objectId}@example.org`;
    const person = await people.ensure({ name, mail });
    const { code } = await people.issueCode(person.id);
    await people.redeem(code, { tenantId: this.settings.tenantId, objectId: account.objectId });
    await this.met(person.id, account);
    return person.id;
  }

  private async met(id: string, account: Omit<Account, "person">): Promise<void> {
    const { tenantId, serviceUrl } = this.settings;
    const person = await this.service.people.find(id);
    if (!person) throw new Error(`No person ${id}`);
    await this.service.people.met(
      person,
      { tenantId, objectId: account.objectId, mri: account.mri },
      { serviceUrl, conversationId: account.conversation },
    );
  }

  private account(name: string): Omit<Account, "person"> {
    const objectId = steadyGuid(name);
    return { name, objectId, mri: `29:${objectId}`, conversation: `a:${objectId}` };
  }
}

/** Assessor and IQA allocated, who have declared that nothing stands against it. */
const staffed = (j: Journey, { coordinator, assessor, iqa }: Staff): Journey => {
  const by = { person: coordinator.person, role: "coordinator" as const };
  return j
    .do("staff.allocate", { role: "assessor", person: assessor.person }, { by })
    .do("staff.allocate", { role: "iqa", person: iqa.person }, { by })
    .do("interest.declare", { conflict: false }, { by: "assessor" })
    .do("interest.declare", { conflict: false }, { by: "iqa" });
};
