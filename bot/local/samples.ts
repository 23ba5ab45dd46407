import { randomUUID } from "node:crypto";
import type { Command, CommandType, Payload } from "../../src/case/decider";
import { casePk, handle, handleBody, type Ports, packFor, type Request } from "../../src/handle";
import type { Actor } from "../../src/permissions";
import { addDays, addWorkingDays, atLondon, type IsoDate, isWorkingDay, londonDate } from "../../src/rules/calendar";
import type { Pack, Role } from "../../src/rules/pack";
import type { Service } from "../service";
import type { Person as Persona } from "./people";

/**
 * What a first start shows: staff in their roles, and two cases at interesting stages, one under each pack. Made by the
 * same commands as any other case, on days counted back from today.
 */

export type Cast = ReadonlyMap<string, string>;

const staffRoles: Readonly<Record<string, Role[]>> = {
  Coordinator: ["coordinator"],
  Assessor: ["assessor"],
  "Second assessor": ["assessor"],
  IQA: ["iqa"],
  "Second IQA": ["iqa", "coordinator"],
  Auditor: ["auditor"],
};

/** Puts the cast's staff on the bodies' lists; each start again, which changes nothing. @returns person ids by persona id. */
export async function seedStaff(
  service: Service,
  personas: readonly Persona[],
  bodies: readonly string[],
): Promise<Cast> {
  const { people, ports, bodies: known } = service;
  const cast = new Map<string, string>();
  for (const p of personas) {
    if (p.kind === "staff" && p.tenantId && p.aadObjectId) {
      const member = await people.ensureMember({
        tenantId: p.tenantId,
        objectId: p.aadObjectId.toLowerCase(),
        name: p.name,
        ...(p.mail ? { mail: p.mail } : {}),
      });
      cast.set(p.id, member.id);
      const roles = staffRoles[p.role];
      for (const bodyId of roles ? bodies : []) {
        const body = await known.get(bodyId);
        if (body.staff[member.id]) continue;
        const command = { type: "staff.add" as const, data: { person: member.id, roles: roles as never } };
        const outcome = await handleBody(bodyId, { id: randomUUID(), command }, "service", ports);
        if (outcome.kind === "done") known.keep(bodyId, outcome.state);
      }
    } else if (p.mail) cast.set(p.id, (await people.ensure({ name: p.name, mail: p.mail })).id);
  }
  return cast;
}

/** Two cases to look at, with their people already bound where they have an account. */
export async function seedSamples(service: Service, cast: Cast): Promise<void> {
  const today = londonDate(service.ports.clock.now());
  await gatewaySample(service, cast, today);
  await handInSample(service, cast, today);
}

/** Binds personas to their persons as a redeemed code would. */
export async function bindPersonas(service: Service, personas: readonly Persona[], cast: Cast): Promise<void> {
  for (const p of personas) {
    const person = cast.get(p.id);
    if (p.kind === "staff" || !person || !p.tenantId || !p.aadObjectId) continue;
    if (await service.people.byBinding(p.tenantId, p.aadObjectId.toLowerCase())) continue;
    const { code } = await service.people.issueCode(person);
    await service.people.redeem(code, { tenantId: p.tenantId, objectId: p.aadObjectId.toLowerCase() });
  }
}

/** Runs commands on one case at chosen moments, as the people of the case. */
class Script {
  private at = "";
  private revision = 0;

  constructor(
    private readonly service: Service,
    private readonly caseId: string,
    private readonly bodyId: string,
    private readonly who: Readonly<Partial<Record<Role, string>>>,
  ) {}

  on(day: IsoDate, time = "09:30"): this {
    this.at = atLondon(day, time);
    return this;
  }

  async do<T extends CommandType>(role: Role, type: T, data: Payload<T>): Promise<void> {
    const person = this.who[role];
    if (!person) throw new Error(`The sample has no ${role}`);
    const outside = role === "apprentice" || role === "employer" || role === "provider";
    const actor: Actor = { person, staff: outside ? null : { bodyId: this.bodyId, roles: [role] } };
    const at = this.at;
    const ports: Ports = { ...this.service.ports, clock: { now: () => at } };
    const request: Request = { id: randomUUID(), caseId: this.caseId, command: { type, data } as Command };
    const outcome = await handle(request, actor, ports);
    if (outcome.kind === "refused")
      throw new Error(`Sample ${this.caseId}: ${type} refused: ${JSON.stringify(outcome.problems)}`);
    this.revision = outcome.revision;
  }

  /** What these steps told people at the time is history now: nothing of it goes out today. */
  async quiet(): Promise<void> {
    const now = this.service.ports.clock.now();
    for (const n of await this.service.ports.store.notices(casePk(this.caseId)))
      if (n.state === "waiting" && n.dueAt <= now)
        await this.service.ports.store.mark(n, { state: "dropped", outcome: "sample" });
  }

  get steps(): number {
    return this.revision;
  }
}

/** The next working day at or after that many days before today. */
const back = (today: IsoDate, days: number): IsoDate => {
  let day = addDays(today, -days);
  while (!isWorkingDay(day)) day = addDays(day, 1);
  return day;
};

const packOf = (service: Service, bodyId: string, start: IsoDate): Pack => {
  const pack = packFor(service.ports.packs, bodyId, start);
  if (!pack) throw new Error(`No pack of ${bodyId}`);
  return pack;
};

function partiesOf(
  cast: Cast,
  apprentice: string,
): Record<"apprentice" | "employer" | "provider" | "coordinator" | "assessor" | "iqa", string> {
  const id = (persona: string) => {
    const person = cast.get(persona);
    if (!person) throw new Error(`Nobody is ${persona}`);
    return person;
  };
  return {
    apprentice: id(apprentice),
    employer: id("dev"),
    provider: id("priya"),
    coordinator: id("cora"),
    assessor: id("ben"),
    iqa: id("ivy"),
  };
}

async function begin(
  service: Service,
  cast: Cast,
  of: { caseId: string; ref: string; bodyId: string; apprentice: string; start: IsoDate; on: IsoDate },
): Promise<Script> {
  const who = partiesOf(cast, of.apprentice);
  const script = new Script(service, of.caseId, of.bodyId, who).on(of.on);
  await script.do("coordinator", "case.register", {
    ref: of.ref,
    bodyId: of.bodyId,
    apprentice: who.apprentice,
    employer: who.employer,
    provider: who.provider,
    employerName: "Fictional Foods Ltd",
    programmeStart: of.start,
  });
  return script;
}

/** Gateway Qualifications: evidence half reviewed, one item returned, one waiting. */
async function gatewaySample(service: Service, cast: Cast, today: IsoDate): Promise<void> {
  const bodyId = "gateway-qualifications";
  const start = addDays(today, -430);
  const pack = packOf(service, bodyId, start);
  const s = await begin(service, cast, {
    caseId: "sample-sam",
    ref: "EX-2026-0151",
    bodyId,
    apprentice: "sam",
    start,
    on: back(today, 20),
  });
  const [meeting, english, maths] = pack.rules.gatewayEvidence.items
    .filter((i) => i.needed === "always")
    .map((i) => i.id);
  if (!meeting || !english || !maths) throw new Error("The sample expects three gateway items");
  s.on(back(today, 12));
  await s.do("provider", "gateway.attest", { lastDay: back(today, 13), offTheJobPercent: 22, portfolioOwn: true });
  await s.do("provider", "gateway.submit", {
    item: meeting,
    reference: "Meeting record, signed by both",
    on: back(today, 14),
  });
  await s.do("provider", "gateway.submit", { item: english, reference: "Certificate 2041-77", level: "level2" });
  await s.do("provider", "gateway.submit", { item: maths, reference: "Certificate 2041-78", level: "level2" });
  await s.do("employer", "gateway.confirm", {});
  s.on(back(today, 6));
  await s.do("coordinator", "gateway.acceptItem", { item: meeting });
  await s.do("coordinator", "gateway.returnItem", {
    item: maths,
    reason: "The certificate is cut off below the award date. Please send the whole page.",
  });
  await s.quiet();
}

/** TQUK: proposal accepted at the second go, hand-in running, two sessions booked, the observation still to book. */
async function handInSample(service: Service, cast: Cast, today: IsoDate): Promise<void> {
  const bodyId = "tquk";
  const start = addDays(today, -520);
  const pack = packOf(service, bodyId, start);
  const s = await begin(service, cast, {
    caseId: "sample-ada",
    ref: "EX-2026-0147",
    bodyId,
    apprentice: "ada",
    start,
    on: back(today, 80),
  });
  const who = partiesOf(cast, "ada");
  const project = pack.methods.find((m) => m.handIn?.kind === "report");
  const discussion = pack.methods.find((m) => m.handIn?.kind === "portfolio");
  if (!project || !discussion) throw new Error("The sample expects a report and a portfolio");
  const proposal = {
    text: "Customers who returned a faulty kettle waited eleven days for an answer, and many rang twice. I traced where the time went, agreed a new hand-over with the warehouse, and now want to show what changed for customers and what the shop should do next.",
    challenge: "Repeat calls about returned kettles",
    challengeOn: addDays(today, -150),
    ksbs: project.ksbs.slice(0, 5).map((k) => k.id),
  };

  s.on(back(today, 72));
  await s.do("provider", "gateway.attest", { lastDay: back(today, 73), offTheJobPercent: 24, portfolioOwn: true });
  await s.do("apprentice", "gateway.ready", {});
  const items = pack.rules.gatewayEvidence.items.filter((i) => i.needed === "always");
  for (const item of items)
    await s.do("provider", "gateway.submit", {
      item: item.id,
      reference: `${item.title}, scanned`,
      ...(item.kind === "meetingRecord" ? { on: back(today, 74) } : {}),
      ...(item.kind === "qualification" ? { level: "level2" as const } : {}),
      ...(item.kind === "portfolio" ? { pieces: 14, mapped: true } : {}),
      ...(item.kind === "proposal"
        ? { ...proposal, challenge: "Three problems with returns, late parcels and refunds" }
        : {}),
    });
  s.on(back(today, 66));
  for (const item of items) await s.do("coordinator", "gateway.acceptItem", { item: item.id });
  for (const role of pack.rules.gatewayConfirmation.by) await s.do(role, "gateway.confirm", {});
  await s.do("coordinator", "gateway.accept", {});
  await s.do("coordinator", "staff.allocate", { role: "assessor", person: who.assessor });
  s.on(back(today, 65));
  await s.do("assessor", "interest.declare", { conflict: false });
  await s.do("coordinator", "planning.schedule", { at: atLondon(back(today, 56), "11:00"), where: "Microsoft Teams" });
  s.on(back(today, 63));
  await s.do("assessor", "proposal.return", {
    n: 1,
    reasons: ["challenge"],
    feedback: "Three problems are named. Choose one, and say what you yourself did about it.",
  });
  s.on(back(today, 60));
  await s.do("apprentice", "proposal.submit", proposal);
  s.on(back(today, 56), "11:40");
  await s.do("assessor", "proposal.accept", { n: 2 });
  await s.do("assessor", "planning.finish", {
    agenda: pack.rules.planning.agenda.map((a) => a.id),
    observationPlan: pack.rules.observationPlan.aspects.map((a) => a.id),
    employerResources: true,
    sessions: [
      { method: discussion.id, at: atLondon(workday(today, 18), "10:00"), setting: "teams", where: "Microsoft Teams" },
      { method: project.id, at: atLondon(workday(today, 20), "14:00"), setting: "teams", where: "Microsoft Teams" },
    ],
  });
  // Four working days ago: her declaration is two days late.
  s.on(workdaysAgo(today, 4));
  await s.do("coordinator", "staff.allocate", { role: "iqa", person: who.iqa });
  await s.quiet();
}

const workdaysAgo = (today: IsoDate, days: number): IsoDate => addWorkingDays(today, -days);
const workday = (today: IsoDate, days: number): IsoDate => back(today, -days);
