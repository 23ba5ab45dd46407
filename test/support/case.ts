import { isDeepStrictEqual } from "node:util";
import type {
  By,
  Case,
  Channel,
  Context,
  Decision,
  Facts,
  Lost,
  MaybeCase,
  Occurred,
  OutsideRole,
  Override,
  Problem,
  Settings,
  Sight,
} from "../../src/case/case";
import { free, outsideRoles } from "../../src/case/case";
import {
  type Command,
  type CommandType,
  decide,
  type EventType,
  evolve,
  type FoldedEvent,
  initial,
  type Payload,
  payloads,
  service,
} from "../../src/case/decider";
import { lose } from "../../src/case/delivery";
import { neededItems } from "../../src/case/gateway";
import { type MeetingNews, note, see } from "../../src/case/meetings";
import { placed } from "../../src/case/occurred";
import type { ProblemCode } from "../../src/case/problems";
import { type Actor, can, canRegister } from "../../src/permissions";
import type { Bank } from "../../src/rules/bank";
import { readBanks } from "../../src/rules/banks";
import {
  addDays,
  addMonths,
  addSeconds,
  atLondon,
  type Instant,
  type IsoDate,
  londonDate,
  londonTime,
} from "../../src/rules/calendar";
import { type Marks, markKeys } from "../../src/rules/grade";
import type { Grade, Method, Pack, Role } from "../../src/rules/pack";
import { published, readPacks } from "../../src/rules/packs";

/**
 * Given, when, then, for cases. Every state is reached by real commands, decided and folded as in the product and asked of
 * the permission table on the way; a test never builds a state by hand.
 *
 *     given(gq).upTo("planningFinished").when("session.book", { … }, { by: "assessor" }).refusedWith("NOTICE_TOO_SHORT");
 *
 * A journey never changes: each step gives a new one, so a test can branch from any of them.
 */

const read = readPacks(published);
const banks = readBanks(read);
/** The pack's sample bank; one of ten plain questions a method for a pack that has none. */
export const bankOf = (pack: Pack): Bank =>
  banks.get(pack.id) ?? {
    version: "plain",
    questions: new Map(
      pack.methods.map((m) => {
        const criteria = [...m.criteria.pass, ...m.criteria.distinction].map((c) => c.id);
        return [
          m.id,
          [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => ({ id: `${m.id}-Q${n}`, text: `What of part ${n}?`, criteria })),
        ];
      }),
    ),
  };
const packOf = (id: string): Pack => {
  const pack = read.get(id);
  if (!pack) throw new Error(`No pack ${id}`);
  return pack;
};
export const gq = packOf("gateway-qualifications-st0071-v1.1");
export const tquk = packOf("tquk-st0071-v1.1");

/** The people of every journey, by role; some more stand by. All invented. */
export const people = {
  apprentice: "ada-example",
  employer: "ben-sample",
  provider: "cora-placeholder",
  assessor: "dev-fiction",
  iqa: "ivy-invented",
  coordinator: "priya-pretend",
  auditor: "sam-specimen",
} as const satisfies Record<Role, string>;
/** Staff of the same body who are not on the case. */
export const spare = { coordinator: "tom-testcase", assessor: "una-untrue", iqa: "max-mock" } as const;

/** The days of a journey that nothing delays. All are working days; the clocks change on 29 March. */
export const days = {
  programmeStart: "2024-09-02",
  registered: "2026-01-12",
  gatewayMeeting: "2026-02-02",
  gatewaySubmitted: "2026-02-04",
  gatewayAccepted: "2026-02-09",
  planning: "2026-02-16",
  handIn: "2026-03-16",
  sessions: ["2026-04-07", "2026-04-09", "2026-04-14"],
  grading: "2026-04-16",
  release: "2026-04-21",
} as const;

export const milestones = [
  "registered",
  "staffed",
  "evidenceSubmitted",
  "confirmed",
  "gatewayAccepted",
  "planningScheduled",
  "planningFinished",
  "proposalAccepted",
  "handedIn",
  "booked",
  "held",
  "graded",
  "released",
] as const;
export type Milestone = (typeof milestones)[number];

/** Who does it: a role of the case's own people, or a person in a role; on whose behalf; with which rules lifted. */
export interface How {
  by?: Role | { person: string; role: Role };
  onBehalfOf?: OutsideRole;
  channel?: Channel;
  /** Rules that the coordinator lifts, with the reason. */
  lifting?: Readonly<Record<string, string>>;
  /** The draw that decides whether a grade is sampled: below the rate it is. */
  draw?: number;
  /** The bank of questions in force; null for none. The pack's own unless told. */
  bank?: Bank | null;
  /** The command's own id. */
  command?: string;
  /** When it happened, on what, where it arrives only now. */
  occurred?: Partial<Occurred>;
}

/** How a session goes; what is left out goes as the pack asks. */
export interface Sitting {
  grade?: Grade;
  /** Seconds of the whole session, and of the questions part. */
  seconds?: number;
  questionsSeconds?: number;
  reason?: string;
  discretion?: boolean;
  /** How many main questions. */
  questions?: number;
  ticked?: readonly string[];
}

export type Grades = Readonly<Record<string, Grade>>;

/** The role that usually gives this command. */
const usual = (type: CommandType): Role => {
  const first: Partial<Record<CommandType, Role>> = {
    "interest.declare": "assessor",
    "gateway.attest": "provider",
    "gateway.submit": "provider",
    "gateway.confirm": "employer",
    "gateway.ready": "apprentice",
    "resit.agree": "employer",
    "appeal.decide": "iqa",
    "enquiry.raise": "apprentice",
    "appeal.raise": "apprentice",
    "proposal.submit": "apprentice",
    "report.submit": "apprentice",
    "portfolio.submit": "apprentice",
    "session.book": "coordinator",
    "session.move": "coordinator",
    "grade.confirm": "assessor",
    "mark.correct": "assessor",
  };
  const named = first[type];
  if (named) return named;
  if (type.startsWith("moderation.")) return "iqa";
  const assessor: readonly string[] = ["planning.save", "planning.finish", "proposal.return", "proposal.accept"];
  return type.startsWith("session.") || assessor.includes(type) ? "assessor" : "coordinator";
};

const noSampling: Settings = { sampling: { usual: 0, byAssessor: {} }, retentionMonths: 72 };

/** The staff member or outside person as the edge would make them. */
export function actorOf(pack: Pack, person: string, role: Role): Actor {
  const outside = (outsideRoles as readonly Role[]).includes(role);
  return { person, staff: outside ? null : { bodyId: pack.body.id, roles: [role] } };
}

/** Words enough, and no more. */
export const words = (n: number): string => Array.from({ length: n }, (_, i) => `word${i}`).join(" ");

/** Marks that make this grade: for a fail the first pass criterion is not met, for a pass the first distinction criterion. */
export function marksFor(method: Method, grade: Grade): Marks {
  const keys = markKeys(method);
  const notMet =
    grade === "fail"
      ? keys.find((k) => k.criterion === method.criteria.pass[0]?.id)
      : grade === "pass"
        ? keys.find((k) => k.criterion === method.criteria.distinction[0]?.id)
        : undefined;
  return Object.fromEntries(keys.map((k) => [k.key, k.key === notMet?.key ? "notMet" : "met"] as const));
}

/** The method with that sort of hand-in, or none. @throws when the pack has no such method. */
export function methodWith(pack: Pack, handIn: "report" | "portfolio" | null): Method {
  const method = pack.methods.find((m) => (m.handIn?.kind ?? null) === handIn);
  if (!method) throw new Error(`${pack.id} has no method with hand-in ${handIn}`);
  return method;
}

/** What the report's payload is when nothing is wrong with it. */
export function goodReport(pack: Pack): Payload<"report.submit"> {
  const { id, handIn } = methodWith(pack, "report");
  if (handIn?.kind !== "report") throw new Error("not a report");
  return {
    method: id,
    reference: "report.docx",
    words: handIn.words.target,
    contents: handIn.contents.items.map((x) => x.id),
  };
}

/** The smallest selection that the pack allows, every KSB shown by its first piece. */
export function goodPortfolio(pack: Pack): Payload<"portfolio.submit"> {
  const { id, handIn, ksbs } = methodWith(pack, "portfolio");
  if (handIn?.kind !== "portfolio") throw new Error("not a portfolio");
  const mapping = Object.fromEntries(ksbs.map((k) => [k.id, [1]]));
  return { method: id, reference: "portfolio.zip", pieces: handIn.selection.min ?? 6, mapping };
}

export function goodProposal(pack: Pack): Payload<"proposal.submit"> {
  const { how } = pack.rules.projectSubject;
  const ksb = methodWith(pack, "report").ksbs[0]?.id ?? "K1";
  return {
    text: words(how.kind === "proposal" ? Math.min(100, how.maxWords) : 100),
    challenge: "Refunds take three weeks",
    challengeOn: "2025-11-03",
    ksbs: [ksb],
  };
}

/** Evidence as it should be, for any item of a pack. */
export function goodEvidence(pack: Pack, itemId: string): Payload<"gateway.submit"> {
  const item = pack.rules.gatewayEvidence.items.find((i) => i.id === itemId);
  if (!item) throw new Error(`No evidence ${itemId} in ${pack.id}`);
  const base = { item: itemId, reference: `${itemId}.pdf` };
  switch (item.kind) {
    case "meetingRecord":
      return { ...base, on: days.gatewayMeeting };
    case "qualification":
      return { ...base, level: "level2" };
    case "portfolio":
      return { ...base, pieces: 24, mapped: true };
    case "proposal":
      return { ...base, ...goodProposal(pack) };
    default:
      return base;
  }
}

/** Methods in the order in which the pack advises their sessions; else report, portfolio, the rest. */
export function inAdvisedOrder(pack: Pack): Method[] {
  const rank = (m: Method) => (m.handIn?.kind === "report" ? 0 : m.handIn?.kind === "portfolio" ? 1 : 2);
  const before = (a: Method, b: Method) =>
    pack.rules.order.advised.some(
      ({ earlier: x, later: y }) =>
        x.what === "session" && x.method === a.id && y.what === "session" && y.method === b.id,
    );
  return [...pack.methods].sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : rank(a) - rank(b)));
}

/** Where a session may be, without any dispensation. */
export const settingOf = (method: Method) =>
  method.session.setting?.allowed[0] ?? method.session.settings[0] ?? "faceToFace";

/** A booking that is in order but for its day. */
export const bookingOn = (pack: Pack, methodId: string, day: IsoDate, time = "10:00"): Payload<"session.book"> => {
  const method = pack.methods.find((m) => m.id === methodId);
  if (!method) throw new Error(`No method ${methodId}`);
  return { method: methodId, at: atLondon(day, time), setting: settingOf(method), where: "Room 4" };
};

/** Everything that the planning meeting can agree, in order. */
export function goodPlan(pack: Pack, c?: Case, from: IsoDate = days.planning): Payload<"planning.finish"> {
  const shift = (day: IsoDate) => (from === days.planning ? day : addDays(from, daysFrom(days.planning, day)));
  const open = inAdvisedOrder(pack).filter((m) => (c?.attempts[m.id]?.at(-1)?.session.state ?? "none") === "none");
  return {
    agenda: pack.rules.planning.agenda.map((a) => a.id),
    subject: "How refunds are handled",
    reportDue: shift(days.handIn),
    observationPlan: pack.rules.observationPlan.aspects.map((a) => a.id),
    portfolioManner: "By upload, on the day of the report",
    employerResources: true,
    sessions: open.map((m, i) => bookingOn(pack, m.id, shift(days.sessions[i] ?? days.sessions[2]))),
  };
}
const daysFrom = (a: IsoDate, b: IsoDate) => Math.round((Date.parse(b) - Date.parse(a)) / 86_400_000);

/** What came of one command, with assertions on it. */
export class Outcome {
  constructor(
    readonly journey: Journey,
    readonly command: Command,
    readonly how: How,
    readonly decision: Decision,
    private readonly fold: () => Journey,
  ) {}

  get refused(): Problem[] {
    return "refused" in this.decision ? this.decision.refused : [];
  }
  get warned(): readonly Problem[] {
    return "warned" in this.decision ? this.decision.warned : [];
  }
  get lifted() {
    return "lifted" in this.decision ? this.decision.lifted : [];
  }
  get types(): string[] {
    return "events" in this.decision ? this.decision.events.map((e) => e.type) : [];
  }

  /** The journey after it. @throws naming the refusal when it was refused. */
  get after(): Journey {
    if ("refused" in this.decision)
      throw new Error(`${this.command.type} was refused: ${JSON.stringify(this.decision.refused)}`);
    return this.fold();
  }

  /** These events, in this order; each a type, or a type with (some of) its data. */
  events(...wanted: (EventType | [EventType, Record<string, unknown>])[]): Journey {
    const made = "events" in this.decision ? this.decision.events : [];
    if ("refused" in this.decision) expect(this.decision.refused).toEqual([]);
    expect(made.map((e) => e.type)).toEqual(wanted.map((w) => (typeof w === "string" ? w : w[0])));
    wanted.forEach((w, i) => {
      if (typeof w !== "string") expect(made[i]?.data).toMatchObject(w[1]);
    });
    return this.after;
  }
  /** Refused, among others, with this code and (some of) these facts; the problem is returned. */
  refusedWith(code: ProblemCode, facts: Facts = {}): Problem {
    return this.has(this.refused, "refused", code, facts);
  }
  /** Refused with exactly these codes. */
  refusedWithOnly(...codes: ProblemCode[]): void {
    expect(this.refused.map((p) => p.code)).toEqual(codes);
  }
  notRefusedWith(code: ProblemCode): void {
    expect(this.refused.map((p) => p.code)).not.toContain(code);
  }
  warnedOf(code: ProblemCode, facts: Facts = {}): Journey {
    this.has(this.warned, "warned of", code, facts);
    return this.after;
  }
  /** Done, with exactly these warnings. */
  warnedOnlyOf(...codes: ProblemCode[]): Journey {
    expect(this.refused).toEqual([]);
    expect(this.warned.map((p) => p.code)).toEqual(codes);
    return this.after;
  }
  /** Done by lifting this rule, with the reason on the record. */
  lifting(rule: string, code: ProblemCode): Journey {
    expect(this.refused).toEqual([]);
    const { after } = this;
    expect(this.lifted).toContainEqual(expect.objectContaining({ rule, code, reason: expect.anything() }));
    expect(after.case.lifted.map((l) => l.rule)).toContain(rule);
    return after;
  }
  /** It stood already: by whom, when; nothing is written. */
  already(stamp?: { at?: Instant; person?: string }): Journey {
    expect(Object.keys(this.decision)).toEqual(["already"]);
    const already = "already" in this.decision ? this.decision.already : undefined;
    if (stamp?.at) expect(already?.at).toBe(stamp.at);
    if (stamp?.person) expect(already?.by.person).toBe(stamp.person);
    return this.journey;
  }
  /** Allowed, and changes nothing. */
  nothing(): Journey {
    expect(this.decision).toEqual({ events: [], lifted: [], warned: [] });
    return this.journey;
  }
  /** Allowed without a word of warning. */
  accepted(): Journey {
    expect({ refused: this.refused, warned: this.warned.map((w) => w.code) }).toEqual({ refused: [], warned: [] });
    return this.after;
  }

  private has(all: readonly Problem[], how: string, code: ProblemCode, facts: Facts): Problem {
    const found = all.filter((p) => p.code === code);
    if (found.length === 0)
      throw new Error(
        `${this.command.type} was not ${how} ${code}, but ${JSON.stringify(this.decision, undefined, 1).slice(0, 2000)}`,
      );
    const fits = found.find((p) => Object.entries(facts).every(([k, v]) => isDeepStrictEqual(p.facts[k], v)));
    if (!fits) expect(found[0]?.facts).toMatchObject(facts);
    return fits ?? (found[0] as Problem);
  }
}

/** A command of a journey: who gave it, when. */
export interface Given {
  command: Command;
  by: By;
  at: Instant;
}

/** A case on its way under a pack. */
export class Journey {
  private constructor(
    readonly pack: Pack,
    readonly state: MaybeCase,
    readonly log: readonly FoldedEvent[],
    readonly now: Instant,
    readonly settings: Settings,
    readonly id: string,
    /** What was done, in order, for doing it again elsewhere. */
    readonly done: readonly Given[] = [],
  ) {}

  static under(pack: Pack, id = "case-1"): Journey {
    return new Journey(pack, initial, [], atLondon(days.registered, "09:00"), noSampling, id);
  }

  private with(change: Partial<Pick<Journey, "state" | "log" | "now" | "settings" | "done">>): Journey {
    const { state, log, now, settings, done } = {
      ...(this as Pick<Journey, "state" | "log" | "now" | "settings" | "done">),
      ...change,
    };
    return new Journey(this.pack, state, log, now, settings, this.id, done);
  }

  /** As if its case had come to that, however it came about. */
  as(change: (c: Case) => Case): Journey {
    return this.with({ state: change(this.case) });
  }

  get case(): Case {
    if (this.state.stage === "none") throw new Error("No case yet");
    return this.state;
  }
  get today(): IsoDate {
    return londonDate(this.now);
  }
  method(id: string): Method {
    const method = this.pack.methods.find((m) => m.id === id);
    if (!method) throw new Error(`No method ${id} in ${this.pack.id}`);
    return method;
  }
  attempt(method: string) {
    const attempt = this.case.attempts[method]?.at(-1);
    if (!attempt) throw new Error(`No attempt at ${method}`);
    return attempt;
  }

  // ---- the clock ---------------------------------------------------------------------------------------------

  /** The clock shows that day in London (the same time of day unless told). */
  on(day: IsoDate, time = londonTime(this.now)): Journey {
    return this.with({ now: atLondon(day, time) });
  }
  at(instant: Instant): Journey {
    return this.with({ now: instant });
  }
  inDays(n: number): Journey {
    return this.on(addDays(this.today, n));
  }
  inMonths(n: number): Journey {
    return this.on(addMonths(this.today, n));
  }
  inSeconds(n: number): Journey {
    return this.with({ now: addSeconds(this.now, n) });
  }
  /** The clock never goes back by itself: that day, or today when it is past. */
  notBefore(day: IsoDate, time?: string): Journey {
    return day > this.today ? this.on(day, time) : this;
  }
  /** IQA samples this share of the grades. */
  sampling(share: number, byAssessor: Readonly<Record<string, number>> = {}): Journey {
    return this.with({ settings: { ...this.settings, sampling: { usual: share, byAssessor } } });
  }

  // ---- commands ----------------------------------------------------------------------------------------------

  private by(type: CommandType, how: How): By {
    const { onBehalfOf } = how;
    const who = onBehalfOf ? "coordinator" : (how.by ?? usual(type));
    const onCase = this.state.stage === "none" ? {} : { ...this.state.parties, ...this.state.staff };
    const by =
      typeof who === "string"
        ? { person: { ...people, ...onCase }[who], role: who }
        : { person: who.person, role: who.role };
    if (!onBehalfOf || this.state.stage === "none") return by;
    const person = this.state.parties[onBehalfOf];
    const evidence = free("Letter of the same day, on file");
    return { ...by, onBehalfOf: { role: onBehalfOf, person, channel: how.channel ?? "phone", evidence } };
  }

  context(type: CommandType, how: How = {}): Context {
    return {
      pack: this.pack,
      now: this.now,
      by: this.by(type, how),
      overrides: Object.entries(how.lifting ?? {}).map(([rule, reason]): Override => ({ rule, reason })),
      permits: [],
      draw: how.draw ?? 0.5,
      newId: `id-${this.log.length + 1}`,
      command: how.command ?? `c-${this.log.length + 1}`,
      settings: this.settings,
      ...(how.bank === null ? {} : { bank: how.bank ?? bankOf(this.pack) }),
    };
  }

  private occurred(command: Command, { occurred }: How): Pick<Context, "occurred"> {
    if (!occurred || this.state.stage === "none") return {};
    const said: Occurred = { at: this.now, deviceTime: this.now, device: "computer", flags: [], ...occurred };
    return { occurred: placed(said, command, this.state) };
  }

  /** Decides, asking no permission: what the rules say of it. The payload is parsed as at the edge. */
  when<T extends CommandType>(type: T, data: Payload<T>, how: How = {}): Outcome {
    const command = { type, data: payloads[type].parse(data) } as Command;
    const ctx = { ...this.context(type, how), ...this.occurred(command, how) };
    const decision = decide(command, this.state, ctx);
    return new Outcome(this, command, how, decision, () => this.folded(decision, ctx));
  }

  /** Decides and goes on. @throws when the table does not permit it or a rule refuses it. */
  do<T extends CommandType>(type: T, data: Payload<T>, how: How = {}): Journey {
    const outcome = this.when(type, data, how);
    const { by } = this.context(type, how);
    const actor = actorOf(this.pack, by.person, by.role);
    const granted =
      this.state.stage === "none"
        ? canRegister(actor, this.pack.body.id)
        : can(actor, type, this.state, how.onBehalfOf);
    if ("refused" in granted) throw new Error(`${by.person} may not ${type}: ${JSON.stringify(granted.refused)}`);
    return outcome.after.with({ done: [...this.done, { command: outcome.command, by, at: this.now }] });
  }

  /** The service puts on the record what did not reach whom it was for. */
  lost(...lost: Lost[]): Journey {
    const by: By = { person: service, role: "coordinator" };
    return this.folded(lose(lost, this.case), { ...this.context("notice.resend"), by });
  }

  /** The service puts on the record what it did with a meeting. */
  noted(news: MeetingNews): Journey {
    const by: By = { person: service, role: "coordinator" };
    return this.folded(note(news, this.case), { ...this.context("notice.resend"), by });
  }

  /** Teams said something of a session's meeting. */
  seen(method: string, ...sights: Sight[]): Journey {
    const by: By = { person: service, role: "coordinator" };
    return this.folded(see(method, sights, this.case), { ...this.context("notice.resend"), by });
  }

  private folded(decision: Decision, ctx: Context): Journey {
    if (!("events" in decision)) return this;
    const { lifted, warned } = decision;
    let { state } = this;
    const log = [...this.log];
    decision.events.forEach((e, i) => {
      const event: FoldedEvent = {
        seq: log.length + 1,
        type: e.type,
        data: e.data,
        at: ctx.now,
        by: ctx.by,
        ...(ctx.occurred ? { occurred: ctx.occurred } : {}),
        ...(i === 0 && lifted.length > 0 ? { lifted } : {}),
        ...(i === 0 && warned.length > 0 ? { warned } : {}),
      };
      state = evolve(state, this.id, event);
      log.push(event);
    });
    return this.with({ state, log });
  }

  /** Types of everything that came about. */
  get happened(): string[] {
    return this.log.map((e) => e.type);
  }

  // ---- the usual way -----------------------------------------------------------------------------------------

  /** The case at that point of an undelayed assessment, or of its present round: steps done already are left out. */
  upTo(milestone: Milestone, also: { grades?: Grades; exception?: string } = {}): Journey {
    const steps: Record<Milestone, (j: Journey) => Journey> = {
      registered: (j) => j.registered(also.exception === undefined ? {} : { englishMathsException: also.exception }),
      staffed: (j) => j.staffed(),
      evidenceSubmitted: (j) => j.evidenceSubmitted(),
      confirmed: (j) => j.confirmed(),
      gatewayAccepted: (j) => j.gatewayAccepted(),
      planningScheduled: (j) => j.planningScheduled(),
      planningFinished: (j) => j.planningFinished(),
      proposalAccepted: (j) => j.proposalAccepted(),
      handedIn: (j) => j.handedIn(),
      booked: (j) => j.booked(),
      held: (j) => j.held(also.grades),
      graded: (j) => j.graded(),
      released: (j) => j.released(),
    };
    return milestones.slice(0, milestones.indexOf(milestone) + 1).reduce((j, m) => steps[m](j), this as Journey);
  }

  registered(also: Partial<Payload<"case.register">> = {}): Journey {
    if (this.state.stage !== "none") return this;
    return this.do("case.register", {
      ref: "EX-2026-0147",
      bodyId: this.pack.body.id,
      apprentice: people.apprentice,
      employer: people.employer,
      provider: people.provider,
      employerName: "Fictional Foods Ltd",
      programmeStart: days.programmeStart,
      ...also,
    });
  }

  staffed(): Journey {
    if (this.case.staff.assessor && this.case.staff.iqa) return this;
    return this.do("staff.allocate", { role: "assessor", person: people.assessor })
      .do("staff.allocate", { role: "iqa", person: people.iqa })
      .do("interest.declare", { conflict: false }, { by: "assessor" })
      .do("interest.declare", { conflict: false }, { by: "iqa" });
  }

  private get atGateway() {
    return this.case.stage === "gateway";
  }

  /** Everything the provider brings: attestation, and each item that this case needs. */
  evidenceSubmitted(): Journey {
    if (!this.atGateway) return this;
    let j = this.notBefore(days.gatewaySubmitted);
    if (!j.case.gateway.attested)
      j = j.do("gateway.attest", { lastDay: days.gatewayMeeting, offTheJobPercent: 22, portfolioOwn: true });
    for (const item of neededItems(j.case, j.pack))
      if ((j.case.gateway.evidence[item.id]?.at(-1)?.outcome ?? "returned") === "returned")
        j = j.do("gateway.submit", goodEvidence(j.pack, item.id));
    return j;
  }

  /** Employer and provider say that the apprentice is ready, as the pack asks, and so does the apprentice. */
  confirmed(): Journey {
    if (!this.atGateway) return this;
    const by = this.pack.rules.gatewayConfirmation.by.filter((role) => !this.case.gateway.confirmed[role]);
    const j = by.reduce((sofar: Journey, role) => sofar.do("gateway.confirm", {}, { by: role }), this as Journey);
    return j.case.gateway.ready ? j : j.do("gateway.ready", {});
  }

  /** The coordinator has looked through everything that was handed in and accepted it. */
  itemsAccepted(): Journey {
    if (!this.atGateway) return this;
    let j = this.notBefore(days.gatewayAccepted);
    for (const item of neededItems(j.case, j.pack))
      if (j.case.gateway.evidence[item.id]?.at(-1)?.outcome === "toReview")
        j = j.do("gateway.acceptItem", { item: item.id });
    return j;
  }

  gatewayAccepted(): Journey {
    return this.atGateway ? this.itemsAccepted().do("gateway.accept", {}) : this;
  }

  planningScheduled(day?: IsoDate): Journey {
    if (this.case.stage !== "planning" || this.case.planning.meeting) return this;
    const on = day ?? (this.case.gateway.round === 1 ? days.planning : addDays(this.today, 7));
    return this.do("planning.schedule", { at: atLondon(on, "14:00"), where: "Teams" });
  }

  planningFinished(also: Partial<Payload<"planning.finish">> = {}): Journey {
    if (this.case.stage !== "planning") return this;
    const meeting = this.case.planning.meeting?.at ?? this.now;
    const j = this.notBefore(londonDate(meeting), "15:00");
    return j.do("planning.finish", { ...goodPlan(j.pack, j.case, londonDate(meeting)), ...also });
  }

  /** Where the pack has a proposal and one waits, the assessor accepts it the day after. */
  proposalAccepted(): Journey {
    const waiting = this.case.proposals.at(-1);
    if (waiting?.outcome !== "toDecide" || this.atGateway) return this;
    return this.inDays(1).do("proposal.accept", { n: waiting.n });
  }

  /** Report and selection, of every method that has one and whose session has not begun. */
  handedIn(): Journey {
    let j = this as Journey;
    for (const m of j.pack.methods) {
      const { handIns, session } = j.attempt(m.id);
      if (!m.handIn || handIns.length > 0 || !["none", "booked"].includes(session.state)) continue;
      if (j.attempt(m.id).kind === "first") j = j.notBefore(days.handIn);
      j =
        m.handIn.kind === "report"
          ? j.do("report.submit", goodReport(j.pack))
          : j.do("portfolio.submit", goodPortfolio(j.pack));
    }
    return j;
  }

  /** A session for every method that has none yet, each as early as lawful and in the advised order. */
  booked(): Journey {
    let j = this as Journey;
    let day = j.today;
    for (const m of inAdvisedOrder(j.pack)) {
      if (j.attempt(m.id).session.state !== "none") continue;
      const handIn = j.attempt(m.id).handIns.at(-1);
      const read = m.handIn && handIn ? addDays(londonDate(handIn.at), m.handIn.beforeSession.days) : j.today;
      const told = addDays(j.today, m.session.notice?.days ?? 1);
      day = [day, read, told].sort().at(-1) ?? day;
      j = j.do("session.book", bookingOn(j.pack, m.id, day));
    }
    return j;
  }

  /** Every booked session is held on its day. */
  held(grades: Grades = {}): Journey {
    const waiting = () => inAdvisedOrder(this.pack).filter((m) => this.attempt(m.id).session.state === "booked");
    const byTime = waiting().sort((a, b) => {
      const at = (m: Method) => this.attempt(m.id).session.booking?.at ?? "";
      return at(a) < at(b) ? -1 : 1;
    });
    return byTime.reduce((j: Journey, m) => j.sat(m.id, { grade: grades[m.id] ?? "pass" }), this as Journey);
  }

  /** The session has begun, on its day and in its conditions. */
  started(methodId: string): Journey {
    const method = this.method(methodId);
    const at = this.attempt(methodId).session.booking?.at;
    const j = at && at > this.now ? this.at(at) : this;
    return j.do("session.start", {
      method: methodId,
      identityChecked: true,
      conditions: [...method.session.conditions, ...(method.session.setting?.checklist ?? [])].map((x) => x.id),
      recording: true,
    });
  }

  /** The session runs: questions asked, criteria marked, its clock at its end. */
  run(methodId: string, sitting: Sitting = {}): Journey {
    const method = this.method(methodId);
    const { length, questions, questionsPart } = method.session;
    let j = this.started(methodId);
    const marks = marksFor(method, sitting.grade ?? "pass");
    const unmet = [...new Set(markKeys(method).flatMap((k) => (marks[k.key] === "met" ? [] : [k.criterion])))];
    const ask = sitting.questions ?? (questions && "exactly" in questions ? questions.exactly : 1);
    for (let n = 1; n <= ask; n++)
      j = j.do("session.ask", {
        method: methodId,
        questionId: `bank-${n}`,
        kind: "main",
        criteria: n === 1 ? unmet : [],
      });
    j = j.do("session.mark", { method: methodId, marks: { ...marks } });
    const ticked =
      sitting.ticked ?? (sitting.grade === "fail" ? method.criteria.fail.slice(0, 1).map((f) => f.id) : []);
    if (ticked.length > 0) j = j.do("session.descriptors", { method: methodId, ticked: [...ticked] });

    const planned = length.minutes * 60;
    const inside = questionsPart?.limit.kind === "insideShare";
    const seconds = sitting.seconds ?? planned;
    const asking = !questionsPart
      ? 0
      : (sitting.questionsSeconds ??
        (questionsPart.limit.kind === "insideShare"
          ? Math.floor(seconds * questionsPart.limit.share)
          : questionsPart.limit.minutes * 60));
    if (asking === 0) return j.inSeconds(seconds);
    return j
      .inSeconds(inside ? seconds - asking : seconds)
      .do("session.questions", { method: methodId, part: "open" })
      .inSeconds(asking);
  }

  /** The session is held from start to end. */
  sat(methodId: string, sitting: Sitting = {}): Journey {
    return this.run(methodId, sitting).do("session.end", {
      method: methodId,
      discretion: sitting.discretion ?? false,
      ...(sitting.reason ? { reason: sitting.reason } : {}),
    });
  }

  /** The assessor confirms every grade that its marks make; IQA upholds those that are sampled. */
  graded(): Journey {
    let j = this.case.releases.length === 0 ? this.notBefore(days.grading) : (this as Journey);
    for (const m of j.pack.methods) {
      if (j.attempt(m.id).session.state === "ended" && !j.attempt(m.id).confirmed) j = j.confirmedGrade(m.id);
      if (j.attempt(m.id).moderation?.state === "waiting") j = j.do("moderation.uphold", { method: m.id });
    }
    return j;
  }

  /** The assessor confirms the grade that the marks make. */
  confirmedGrade(methodId: string, how: How = {}): Journey {
    const grade = gradeOf(this.method(methodId), this.attempt(methodId).marks);
    return this.do("grade.confirm", { method: methodId, grade, declared: true }, how);
  }

  released(also: Payload<"results.release"> = { feedback: "Well prepared; more on what customers said." }): Journey {
    if (this.case.stage !== "assessment") return this;
    const j = this.case.releases.length === 0 ? this.notBefore(days.release) : this;
    return j.do("results.release", also);
  }

  /** After a fail: agreed with the employer and opened. */
  reopened(kind: "resit" | "retake" | "again", methods: readonly string[], how: How = {}): Journey {
    const j = kind === "again" ? this : this.do("resit.agree", { kind });
    return j.do(
      "resit.open",
      { kind, methods: [...methods], actionPlan: "Two sessions with the tutor", developed: true },
      how,
    );
  }
}

/** The grade that the marks make, worked out apart from the product. */
export const gradeOf = (method: Method, marks: Marks): Grade =>
  markKeys(method).some((k) => marks[k.key] !== "met" && method.criteria.pass.some((p) => p.id === k.criterion))
    ? "fail"
    : markKeys(method).some((k) => marks[k.key] !== "met")
      ? "pass"
      : "distinction";

/** A case under that pack, before it is registered. */
export const journey = (pack: Pack, id?: string): Journey => Journey.under(pack, id);
export const given = journey;

/** The case that these events make, from nothing. */
export const replay = (events: readonly FoldedEvent[], id = "case-1"): MaybeCase =>
  events.reduce<MaybeCase>((c, e) => evolve(c, id, e), initial);

/** The same thing, frozen all the way down: whoever changes it throws. */
export function frozen<T>(thing: T): T {
  if (typeof thing === "object" && thing !== null && !Object.isFrozen(thing)) {
    Object.freeze(thing);
    for (const value of Object.values(thing)) frozen(value);
  }
  return thing;
}
