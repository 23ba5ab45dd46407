import fc from "fast-check";
import type { Attempt, Case, Decision, Offer } from "../../src/case/case";
import {
  type Command,
  type CommandType,
  commandTypes,
  decide,
  evolve,
  type FoldedEvent,
  offered,
  payloads,
} from "../../src/case/decider";
import type { ProblemCode } from "../../src/case/problems";
import { secretEvents } from "../../src/case/secret";
import { addDays, atLondon, type Instant, londonDate } from "../../src/rules/calendar";
import type { Grade, Pack, Role } from "../../src/rules/pack";
import {
  bookingOn,
  days,
  frozen,
  goodEvidence,
  goodPlan,
  goodPortfolio,
  goodProposal,
  goodReport,
  gq,
  gradeOf,
  type How,
  type Journey,
  journey,
  marksFor,
  milestones,
  people,
  replay,
  spare,
  tquk,
} from "../support/case";
import { thirdPack } from "../support/thirdPack";

/**
 * Random walks: from any milestone, commands that the case offers with sensible payloads, and commands of any sort with any
 * payload that the schema lets through, by anybody, at any time of day. Whatever comes, the promises below hold.
 */

const packs: readonly Pack[] = [gq, tquk, thirdPack];
const grades = ["fail", "pass", "distinction"] as const;

/** Choices from one seed: the same seed chooses the same. */
function chooser(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    below: (n: number) => Math.floor(next() * n),
    chance: (share: number) => next() < share,
    of: <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T,
  };
}
type Chooser = ReturnType<typeof chooser>;

const persons = [...Object.values(people), ...Object.values(spare), "nobody", "constructor", "__proto__"];
const hostile = ["", "x", "${1+1}", "constructor", "__proto__", "toString", "‮x", "K1", "S2", "a".repeat(64)];

/** Any value for a field of that name: known ids, unknown ones, and the ends of ranges. */
function anyValue(key: string, j: Journey, r: Chooser): unknown {
  const methods = [...j.pack.methods.map((m) => m.id), "essay", "constructor"];
  const criteria = j.pack.methods.flatMap((m) => [...m.criteria.pass, ...m.criteria.distinction].map((c) => c.id));
  const dates = [
    "2024-09-02",
    "2025-11-03",
    "2026-02-02",
    j.today,
    addDays(j.today, r.below(60)),
    "1999-12-31",
    "2099-01-01",
  ];
  const instants = [
    j.now,
    atLondon(addDays(j.today, r.below(70)), "10:00"),
    "2026-04-07T09:00:00.000Z",
    "2020-01-01T00:00:00Z",
  ];
  const some = (all: readonly unknown[]) => all.filter(() => r.chance(0.6));
  const c = j.state.stage === "none" ? undefined : j.case;
  const ids = c ? [...c.adjustments, ...c.considerations, ...c.challenges].map((x) => x.id) : [];
  const evidence = j.pack.rules.gatewayEvidence.items.map((i) => i.id);
  const named: Record<string, () => unknown> = {
    method: () => r.of(methods),
    methods: () => some(methods),
    at: () => r.of(instants),
    setting: () => r.of(["workplace", "faceToFace", "teams", "simulated"]),
    person: () => r.of(persons),
    role: () => r.of(["apprentice", "employer", "provider", "coordinator", "assessor", "iqa"]),
    who: () => some(["apprentice", "employer", "provider", "coordinator", "assessor", "iqa"]),
    item: () => r.of([...evidence, ...hostile]),
    id: () => r.of([...ids, ...hostile]),
    marks: () =>
      Object.fromEntries(
        some(criteria).map((k) => [k as string, r.of(["met", "notMet", "notYet"])] as [string, unknown]),
      ),
    criteria: () => some([...criteria, "constructor"]).slice(0, 60),
    criterion: () => r.of([...criteria, ...hostile]),
    ticked: () => some([...j.pack.methods.flatMap((m) => m.criteria.fail.map((f) => f.id)), "x"]),
    mark: () => r.of(["met", "notMet"]),
    grade: () => r.of(grades),
    agenda: () => some([...j.pack.rules.planning.agenda.map((a) => a.id), "x"]),
    observationPlan: () => some([...j.pack.rules.observationPlan.aspects.map((a) => a.id), "x"]),
    sessions: () =>
      some(j.pack.methods).map((m) => bookingOn(j.pack, (m as { id: string }).id, addDays(j.today, r.below(70)))),
    contents: () => some(["challenge", "actions", "x"]),
    conditions: () => some(j.pack.methods.flatMap((m) => m.session.conditions.map((x) => x.id))),
    mapping: () =>
      Object.fromEntries(some(["K1", "K2", "S1", "B1", "B9"]).map((k) => [k as string, [1 + r.below(12)]])),
    ksbs: () => some(["K1", "S1", "B1", "K99"]),
    regrade: () => ({ method: r.of(methods), grade: r.of(grades) }),
    kind: () => r.of(["resit", "retake", "again", "main", "followUp", "extraTime", "venue"]),
    part: () => r.of(["open", "close"]),
    why: () => r.of(["noShow", "technical", "abandoned"]),
    what: () => r.of(["programmeStart", "gatewayMeeting", "ill"]),
    field: () => r.of(["name", "mail"]),
    channel: () => r.of(["phone", "mail", "letter", "meeting"]),
    notice: () => r.of([...(c?.undelivered ?? []).map((x) => x.notice), ...hostile]),
    level: () => r.of(["entry3", "level1", "level2", "bsl"]),
    rule: () => `R${String(1 + r.below(46)).padStart(2, "0")}`,
    reasons: () => some(["challenge", "ksbs", "other"]),
    ref: () => r.of(["EX-1", "EX-2026-0147"]),
    slots: () => some(instants).slice(0, 5),
    link: () => "https://example.org/meet",
    words: () => r.of([0, 2249, 2250, 2500, 2751]),
    pieces: () => r.of([0, 1, 9, 10, 15, 16, 500]),
    n: () => 1 + r.below(4),
    question: () => 1 + r.below(4),
    extraTimePercent: () => r.of([1, 25, 100]),
    offTheJobPercent: () => r.below(101),
  };
  for (const date of ["on", "lastDay", "value", "reportDue", "programmeStart", "challengeOn"])
    named[date] ??= () => r.of(dates);
  const make = Object.hasOwn(named, key) ? named[key] : undefined;
  if (make) return make();
  return r.chance(0.5) ? r.chance(0.5) : r.of([...hostile, "Because", "A room"]);
}

/** A payload of that command that the schema takes, or undefined when none was found in a few tries. */
function anyPayload(type: CommandType, j: Journey, r: Chooser): unknown {
  const { shape } = payloads[type];
  for (let tries = 0; tries < 12; tries++) {
    const made: Record<string, unknown> = {};
    for (const [key, schema] of Object.entries(shape) as [string, { safeParse(v: unknown): { success: boolean } }][]) {
      if (schema.safeParse(undefined).success && r.chance(0.4)) continue;
      let value = anyValue(key, j, r);
      for (let n = 0; n < 8 && !schema.safeParse(value).success; n++)
        value = n > 3 ? r.of([true, false, "Because", 1, []]) : anyValue(key, j, r);
      made[key] = value;
    }
    const read = payloads[type].safeParse(made);
    if (read.success) return read.data;
  }
  return undefined;
}

/** What somebody sensible would send with that button; undefined where any payload does. */
function sensible(type: CommandType, offer: Offer, j: Journey, r: Chooser): unknown {
  const method = String(offer.method ?? "");
  const grade: Grade = r.of(grades);
  const known = j.pack.methods.find((m) => m.id === method);
  const c = j.case;
  switch (type) {
    case "gateway.submit":
      return goodEvidence(j.pack, String(offer.item));
    case "gateway.attest":
      return { lastDay: j.today, offTheJobPercent: 25, portfolioOwn: true };
    case "planning.schedule":
      return { at: atLondon(addDays(j.today, 1 + r.below(3)), "14:00"), where: "Teams" };
    case "planning.finish":
      return goodPlan(j.pack, c, c.planning.meeting ? londonDate(c.planning.meeting.at) : days.planning);
    case "proposal.submit":
      return goodProposal(j.pack);
    case "proposal.return":
      return { ...offer, reasons: ["ksbs"], feedback: "More" };
    case "report.submit":
      return goodReport(j.pack);
    case "portfolio.submit":
      return goodPortfolio(j.pack);
    case "session.book":
    case "session.move":
      return {
        ...bookingOn(j.pack, method, addDays(j.today, 14 + r.below(10))),
        ...(type === "session.move" ? { reason: "Ill" } : {}),
      };
    case "session.start":
      return {
        method,
        identityChecked: true,
        conditions: known?.session.conditions.map((x) => x.id) ?? [],
        recording: true,
      };
    case "session.mark":
      return { method, marks: known ? marksFor(known, grade) : {} };
    case "session.end":
      return { method, discretion: true, reason: "As it went" };
    case "grade.confirm":
      return { method, grade: known ? gradeOf(known, j.attempt(method).marks) : grade, declared: true };
    case "mark.correct": {
      const keys = Object.keys(j.attempt(method).marks);
      return { method, criterion: r.of(keys), mark: r.of(["met", "notMet"]), reason: "Heard again" };
    }
    case "notice.resend":
      return { notice: c.undelivered?.at(-1)?.notice };
    case "notice.told":
      return { notice: c.undelivered?.at(-1)?.notice, channel: "phone", evidence: "A call" };
    case "interest.declare":
      return { conflict: r.chance(0.05), detail: "A cousin" };
    case "staff.allocate":
      return { ...offer, person: r.of([spare.assessor, spare.iqa, people.assessor, people.iqa]), reason: "Because" };
    case "resit.open": {
      const last = c.releases.at(-1);
      const failed = Object.keys(last?.grades ?? {}).filter((m) => last?.grades[m] === "fail");
      return { kind: r.of(["resit", "resit", "retake"]), methods: failed, actionPlan: "Tutor", developed: true };
    }
    case "appeal.decide": {
      const m = r.of(j.pack.methods).id;
      return { ...offer, upheld: true, answer: "So it is", regrade: { method: m, grade } };
    }
    default:
      return undefined;
  }
}

/** Lawful, yet no button is drawn for it: said again with other facts, prepared beforehand, or late and to be judged. */
const unprompted: ReadonlySet<CommandType> = new Set<CommandType>([
  "case.register",
  "gateway.attest",
  "gateway.submit",
  "planning.save",
  "resit.agree",
  "report.submit",
  "portfolio.submit",
  "session.start",
  "consideration.request",
  // Noted before a meeting is booked for it.
  "planning.save",
]);
/** Refusals that say “not now”: a button that leads to one should not have been drawn. */
const notNow: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "ALREADY_SAMPLED",
  "CASE_CLOSED",
  "ITEM_ACCEPTED",
  "ITEM_DECIDED",
  "ITEM_IN_REVIEW",
  "MARKS_CLOSED",
  "NOT_AT_GATEWAY",
  "NOT_IN_ASSESSMENT",
  "NOT_IN_MODERATION",
  "NOT_IN_PLANNING",
  "NOT_SENT_BACK",
  "NOT_WITHHELD",
  "NO_CAP",
  "NO_FAIL",
  "NO_RESULT_YET",
  "PLANNING_NOT_HELD",
  "PLANNING_NOT_SCHEDULED",
  "PROPOSAL_DECIDED",
  "PROPOSAL_NOT_RETURNED",
  "PROPOSAL_NOT_WITH_YOU",
  "PROPOSAL_SUPERSEDED",
  "RESULT_IS_OUT",
  "RESULT_WITHHELD",
  "SESSION_NOT_ENDED",
  "SESSION_STATE",
]);

interface Step {
  seed: number;
  /** Any command at all, rather than one that is offered. */
  wild: boolean;
  days: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  seed: fc.integer(),
  wild: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  days: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 21 }) }),
});

const onward: ReadonlySet<CommandType> = new Set<CommandType>([
  "gateway.attest",
  "gateway.submit",
  "gateway.acceptItem",
  "gateway.confirm",
  "gateway.ready",
  "gateway.accept",
  "planning.schedule",
  "planning.finish",
  "proposal.return",
  "proposal.submit",
  "proposal.accept",
  "report.submit",
  "portfolio.submit",
  "session.book",
  "session.start",
  "session.ask",
  "session.mark",
  "session.end",
  "grade.confirm",
  "moderation.sendBack",
  "moderation.uphold",
  "mark.correct",
  "results.release",
  "cap.lift",
  "resit.agree",
  "resit.open",
  "appeal.raise",
  "appeal.decide",
]);

const roles: Role[] = ["apprentice", "employer", "provider", "assessor", "coordinator", "iqa", "auditor"];

/** The next command of a walk, by whom and when; undefined when the step comes to nothing. */
function nextCommand(
  j: Journey,
  { seed, wild, days: later }: Step,
): { at: Instant; command: Command; how: How } | undefined {
  const r = chooser(seed);
  let at = later > 0 ? j.inDays(later) : j.inSeconds(r.below(1800));
  const offers = offered(at.case, at.pack, at.now);
  if (!wild) {
    const booked = at.pack.methods.map((m) => at.attempt(m.id).session).find((s) => s.state === "booked");
    if (booked?.booking && r.chance(0.3) && booked.booking.at > at.now) at = at.at(booked.booking.at);
  }
  // What takes a case forward is the likelier choice; withdrawal ends every walk, so it is rare.
  const forward = offers.filter((o) => onward.has(o.type));
  const likely =
    forward.length > 0 && r.chance(0.7) ? forward : offers.filter((o) => o.type !== "case.withdraw" || r.chance(0.03));
  const chosen = wild || likely.length === 0 ? undefined : r.of(likely);
  const type = chosen?.type ?? r.of(commandTypes);
  const meant = chosen && sensible(type, chosen.data, at, r);
  const any = meant ?? anyPayload(type, at, r);
  if (any === undefined) return undefined;
  const { role, ...carried } = chosen?.data ?? {};
  const read = payloads[type].safeParse(
    meant ?? { ...(any as object), ...(type === "gateway.confirm" ? carried : chosen?.data) },
  );
  if (!read.success) return undefined;
  const confirming = chosen && type === "gateway.confirm" ? { by: role as Role } : {};
  const by = wild && r.chance(0.5) ? { person: r.of(persons), role: r.of(roles) } : undefined;
  const appeal = type === "appeal.decide" ? { by: { person: spare.coordinator, role: "coordinator" as const } } : {};
  const how: How = {
    ...appeal,
    ...confirming,
    ...(by ? { by } : {}),
    draw: r.below(100) / 100,
    ...(r.chance(0.2)
      ? { lifting: Object.fromEntries(["R01", "R06", "R14", "R19", "R29", "R33"].map((x) => [x, "Because"])) }
      : {}),
  };
  return { at: at.now, command: { type, data: read.data } as Command, how };
}

const attempts = (c: Case) =>
  Object.entries(c.attempts).flatMap(([m, all]) => all.map((a) => [`${m} ${a.n}`, m, a] as const));
const settled = (a: Attempt | undefined) =>
  a?.confirmed !== undefined && (a.moderation?.state === "notSampled" || a.moderation?.state === "upheld");

/** The promises, at each event. */
function keep(before: Case, e: FoldedEvent, after: Case, pack: Pack, log: readonly FoldedEvent[]): void {
  if (e.type === "ResultsReleased") {
    for (const m of pack.methods)
      if (!settled(before.attempts[m.id]?.at(-1))) throw new Error(`released before ${m.id} was settled`);
    if (before.withheld) throw new Error("released while withheld");
    const opened = log.findLastIndex((x) => x.type === "ResitOpened");
    const lifted = log.slice(opened + 1).some((x) => x.type === "CapLifted");
    const overall = after.releases.at(-1)?.overall;
    if (opened >= 0 && !lifted && overall === "distinction" && pack.rules.cap.effect !== "none")
      throw new Error("a distinction after a resit without the cap lifted");
  } else if (after.stage === "released" && before.stage !== "released") throw new Error(`${e.type} released a result`);
  if (after.releases.length < before.releases.length) throw new Error("a result vanished");
  if (JSON.stringify(after.releases.slice(0, before.releases.length)) !== JSON.stringify(before.releases))
    throw new Error("a result that was out changed");

  const now = new Map(attempts(after).map(([key, , a]) => [key, a]));
  for (const [key, method, a] of attempts(before)) {
    const later = now.get(key);
    if (!later) throw new Error(`attempt ${key} vanished`);
    if (!a.confirmed) continue;
    if (!later.confirmed) throw new Error(`${key}'s grade vanished by ${e.type}`);
    if (later.confirmed.grade === a.confirmed.grade) continue;
    const moderated = e.type === "GradeConfirmed" && a.moderation?.state === "sentBack";
    if (!moderated && e.type !== "GradeChangedOnAppeal") throw new Error(`${key} changed its grade by ${e.type}`);
    if (moderated && before.releases.some((x) => x.attempts[method] === a.n))
      throw new Error(`${key} changed its grade after it was out`);
    if (!(e.data as { method?: string }).method?.startsWith(method))
      throw new Error(`${key} changed by another method's event`);
  }
  const outside = after.outsideRevision - before.outsideRevision;
  if (outside !== (secretEvents.has(e.type) ? 0 : 1))
    throw new Error(`${e.type} moves the outside revision by ${outside}`);
  if (after.revision !== before.revision + 1) throw new Error("a revision was skipped");
}

const json = <T>(x: T): T => JSON.parse(JSON.stringify(x)) as T;

/** One command, decided twice on frozen things, folded on them and on what a store would give back. */
function take(j: Journey, { at, command, how }: NonNullable<ReturnType<typeof nextCommand>>): Journey {
  const here = j.at(at);
  const ctx = frozen(here.context(command.type, how));
  const state = frozen(here.case);
  const decision: Decision = decide(frozen(command), state, ctx);
  if (JSON.stringify(decide(command, state, ctx)) !== JSON.stringify(decision))
    throw new Error(`${command.type} is decided two ways`);
  const drawn = offered(here.case, here.pack, here.now).filter((o) => o.type === command.type);
  const data = command.data as Readonly<Record<string, unknown>>;
  const same = drawn.some((o) => Object.entries(o.data).every(([k, v]) => !(k in data) || data[k] === v));
  if ("refused" in decision && same) {
    const wrong = decision.refused.filter((p) => notNow.has(p.code) && !unprompted.has(command.type));
    if (wrong.length > 0) throw new Error(`${command.type} is offered, yet refused with ${JSON.stringify(wrong)}`);
  }
  if (!("events" in decision)) return here;
  if (decision.events.length > 0 && !same && !unprompted.has(command.type))
    throw new Error(`${command.type} is lawful, yet not offered: ${JSON.stringify(command.data)}`);
  const outcome = here.when(command.type, command.data as never, how);
  const after = outcome.after;
  let before = state;
  for (const e of after.log.slice(here.log.length)) {
    const folded = evolve(frozen(before), here.id, frozen(e));
    if (JSON.stringify(evolve(json(before), here.id, json(e))) !== JSON.stringify(folded))
      throw new Error(`${e.type} folds otherwise from a store`);
    keep(before, e, folded, here.pack, after.log.slice(0, e.seq));
    before = folded;
  }
  return after;
}

/** Where walks set out: every milestone, with a good case and one that fails; a resit half way; a result appealed against. */
const starts = new Map(
  packs.flatMap((pack) => {
    const last = pack.methods.at(-1)?.id ?? "";
    const failing = {
      ...Object.fromEntries(pack.methods.map((m) => [m.id, "distinction" as const])),
      [last]: "fail" as const,
    };
    const resit = journey(pack).upTo("released", { grades: failing }).reopened("resit", [last]).inDays(2);
    const graded = resit.upTo("graded", { grades: { [last]: "distinction" } });
    const appealed = journey(pack).upTo("released").do("appeal.raise", { grounds: "D1 was met" });
    const second = pack.methods[1]?.id ?? "";
    const sentBack = journey(pack)
      .upTo("held")
      .sampling(1)
      .confirmedGrade(second)
      .do("moderation.sendBack", { method: second, reason: "Look again" });
    return [
      ...milestones
        .slice(1)
        .flatMap((m) => [
          [`${pack.id} ${m}`, journey(pack).upTo(m)] as const,
          [`${pack.id} ${m}, failing`, journey(pack).upTo(m, { grades: failing })] as const,
        ]),
      [`${pack.id} resit`, resit] as const,
      [`${pack.id} resit graded`, graded] as const,
      [`${pack.id} sent back`, sentBack] as const,
      [`${pack.id} appealed`, appealed] as const,
      [`${pack.id} not delivered`, missed(journey(pack).upTo("booked"))] as const,
      [
        `${pack.id} withdrawn, not delivered`,
        missed(journey(pack).upTo("booked").do("case.withdraw", { reason: "Left" })),
      ] as const,
    ].map(([key, j]) => [key, j.sampling(0.4)] as const);
  }),
);

/** The case with two messages that did not arrive. */
function missed(j: Journey): Journey {
  const told = { kind: "told", repeat: "never" as const, about: { from: 1, to: 1 }, code: "ConversationNotFound" };
  return j.lost(
    { ...told, notice: "n-1-told-ada", to: j.case.parties.apprentice, state: "dead" },
    { ...told, notice: "n-1-told-cora", to: j.case.parties.provider, state: "unconfirmed" },
  );
}

/** What the walks did, to be sure that they get somewhere. */
const walked = new Map<string, number>();

describe.each([...packs])("random walks under $id", (pack) => {
  const keys = [...starts.keys()].filter((k) => k.startsWith(`${pack.id} `));
  it("keep every promise", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...keys),
        fc.array(step, { minLength: 5, maxLength: 50, size: "max" }),
        (key, steps) => {
          let j = starts.get(key) as Journey;
          const from = j.log.length;
          for (const s of steps) {
            const next = nextCommand(j, s);
            if (next) j = take(j, next);
          }
          for (const e of j.log.slice(from)) walked.set(e.type, (walked.get(e.type) ?? 0) + 1);
          return JSON.stringify(replay(j.log)) === JSON.stringify(j.case);
        },
      ),
      { numRuns: 50, seed: 20261122 },
    );
  });
});

it("the walks reach every part of an assessment", () => {
  const often = [
    "SessionStarted",
    "SessionEnded",
    "GradeConfirmed",
    "GradeSentBack",
    "MarkCorrected",
    "ResultsReleased",
    "ResitOpened",
    "GradeChangedOnAppeal",
    "CapLifted",
    "ProposalReturned",
    "PlanningFinished",
    "GatewayAccepted",
    "RuleLifted",
  ];
  expect(often.filter((t) => !walked.has(t))).toEqual([]);
});

describe("any payload that the schema takes", () => {
  it.each([...packs])("is answered, and never with an exception: $id", (pack) => {
    const keys = [...starts.keys()].filter((k) => k.startsWith(`${pack.id} `));
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.constantFrom(...commandTypes), fc.integer(), (key, type, seed) => {
        const r = chooser(seed);
        const j = starts.get(key) as Journey;
        const data = anyPayload(type, j, r);
        if (data === undefined) return;
        const how: How = { by: { person: r.of(persons), role: r.of(roles) }, draw: 0 };
        take(j, { at: j.now, command: { type, data } as Command, how });
      }),
      { numRuns: 600, seed: 20261122 },
    );
  });

  it("is found for every command", () => {
    const j = starts.get(`${gq.id} booked`) as Journey;
    const never = commandTypes.filter((type) =>
      Array.from({ length: 15 }, (_, i) => anyPayload(type, j, chooser(i))).every((p) => p === undefined),
    );
    expect(never).toEqual([]);
  });
});
