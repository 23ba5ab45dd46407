import { z } from "zod";
import type { IsoDate } from "../rules/calendar";
import { londonDate } from "../rules/calendar";
import type { AnyRule, Pack } from "../rules/pack";
import {
  accept,
  type Case,
  type Context,
  type Decide,
  type Decision,
  type Evolves,
  emptyCase,
  type FreeText,
  free,
  type Judge,
  judge,
  methodsOf,
  type NewEvent,
  never,
  type Offers,
  type OutsideRole,
  once,
  type PersonId,
  refuse,
  releasedNow,
  roleOf,
  type Stamped,
  wordsOf,
} from "./case";
import { fallen, judgeLevel, type Returned } from "./englishMaths";
import { id, isoDate, methodId, personId, text } from "./payload";
import { judgeTimeOnProgramme } from "./timing";

/** A case comes into being, is corrected in its facts, has a chat, is withdrawn. */

export const commands = {
  "case.register": z.strictObject({
    ref: z.string().regex(/^[A-Z0-9][A-Z0-9-]{2,19}$/),
    bodyId: id,
    apprentice: personId,
    employer: personId,
    provider: personId,
    employerName: text(120),
    programmeStart: isoDate,
    /** One exception, or all that fit. */
    englishMathsException: z.union([id, z.array(id).max(5)]).optional(),
  }),
  "case.withdraw": z.strictObject({ reason: text() }),
  "case.correct": z.strictObject({
    what: z.enum(["programmeStart", "gatewayMeeting"]),
    value: isoDate,
    reason: text(),
  }),
  /** The exceptions that fit, all of them: it takes the place of those recorded before (R03). */
  "exceptions.correct": z.strictObject({ exceptions: z.array(id).max(5), reason: text() }),
  "person.correct": z.strictObject({
    role: z.enum(["apprentice", "employer", "provider"]),
    field: z.enum(["name", "mail"]),
    reason: text(),
  }),
  /** Lifts a rule beforehand, for the next step that needs it: a late report, a session after the window. */
  "rule.lift": z.strictObject({
    rule: z.string().regex(/^R\d\d$/),
    /** Of this assessment alone; left out, for whichever needs it first. */
    method: methodId.optional(),
    reason: text(),
  }),
  /** A new invitation: the first was lost, ran out, or went to a wrong address. */
  "party.invite": z.strictObject({ role: z.enum(["apprentice", "employer", "provider"]) }),
  "chat.bind": z.strictObject({ conversation: z.string().min(1).max(300) }),
  "party.remind": z.strictObject({ person: personId, about: z.string().min(1).max(80) }),
};
export type Registered = z.infer<(typeof commands)["case.register"]>;

export type Event =
  | NewEvent<
      "CaseRegistered",
      Omit<Registered, "employerName"> & {
        /** A firm's name may be a person's: it can be erased like any other words. */
        employerName: FreeText;
        packId: string;
        methods: string[];
        coordinator: PersonId;
      }
    >
  | NewEvent<"CaseWithdrawn", { reason: FreeText }>
  | NewEvent<
      "DateCorrected",
      { what: "programmeStart" | "gatewayMeeting"; from: IsoDate | null; to: IsoDate; reason: FreeText }
    >
  | NewEvent<"ExceptionsCorrected", { from: string[]; to: string[]; reason: FreeText }>
  | Returned
  | NewEvent<"PersonCorrected", { role: OutsideRole; field: "name" | "mail"; reason: FreeText }>
  | NewEvent<"RuleLifted", { id: string; rule: string; method?: string; reason: FreeText }>
  | NewEvent<"Invited", { role: OutsideRole }>
  | NewEvent<"ChatBound", { conversation: string }>
  | NewEvent<"Reminded", { person: PersonId; about: string }>;

/** Registers a new case with its first attempts. The pack is the context's, pinned from here on. */
export function register(p: Registered, ctx: Context): Decision<Event> {
  const today = londonDate(ctx.now);
  const j = judge(ctx);
  j.need(p.programmeStart <= today, "START_IN_FUTURE", { today }, "programmeStart");
  judgeStart(j, ctx.pack, p.programmeStart, "programmeStart");
  const strange = notOfPack(ctx.pack, exceptionsIn(p));
  j.need(strange === undefined, "NO_SUCH_ITEM", { item: strange }, "englishMathsException");
  const people = [p.apprentice, p.employer, p.provider];
  j.need(new Set([...people, ctx.by.person]).size === people.length + 1, "SAME_PERSON_TWICE", {}, "employer");
  return j.settle(() => [
    {
      type: "CaseRegistered",
      data: {
        ...p,
        employerName: free(p.employerName),
        packId: ctx.pack.id,
        methods: methodsOf(ctx.pack),
        coordinator: ctx.by.person,
      },
    },
  ]);
}

const exceptionsIn = ({
  englishMathsException: named,
}: {
  englishMathsException?: string | string[] | undefined;
}): string[] => [...new Set(named === undefined ? [] : typeof named === "string" ? [named] : named)];

/** R03: the first of these that is no exception of the pack's. */
const notOfPack = ({ rules }: Pack, wanted: readonly string[]): string | undefined =>
  wanted.find((w) => !rules.englishAndMaths.exceptions.some((x) => x.id === w));

/** An apprentice whose programme started outside the pack's dates falls under another pack. */
function judgeStart(j: Judge, pack: Pack, start: IsoDate, input: string): void {
  const { from, until } = pack.startsBetween;
  j.need(
    (from === null || start >= from) && (until === null || start <= until),
    "START_OUTSIDE_PACK",
    { pack: pack.id, from: from ?? undefined, until: until ?? undefined },
    input,
  );
}

/** The case as registration makes it. */
export function registered(
  caseId: string,
  data: Extract<Event, { type: "CaseRegistered" }>["data"],
  e: Stamped<NewEvent>,
): Case {
  const { ref, packId, bodyId, programmeStart, apprentice, employer, provider, coordinator } = data;
  const { at, by, seq: revision } = e;
  const own = { id: caseId, ref, packId, bodyId, revision, outsideRevision: 0, registered: { at, by }, programmeStart };
  return {
    ...emptyCase(own, data.methods),
    stage: "gateway",
    parties: { apprentice, employer, provider },
    staff: { coordinator },
    allocations: [{ role: "coordinator", person: coordinator, at, by }],
    employerName: wordsOf(data.employerName),
    englishMathsExceptions: exceptionsIn(data),
  };
}

const isOpen = (c: Case) => c.stage !== "withdrawn";
const unanswered = (c: Case) => c.challenges.find((x) => x.outcome === "toDecide");

export const decide: {
  [T in Exclude<keyof typeof commands, "case.register">]: Decide<z.infer<(typeof commands)[T]>, Event>;
} = {
  "case.withdraw": (p, c, ctx) => {
    if (c.stage === "withdrawn") return { already: c.withdrawn };
    const j = judge(ctx);
    j.need(releasedNow(c) === undefined, "RESULT_IS_OUT", { stage: c.stage });
    // R34: who asked about a result or appealed is answered, whatever becomes of the new attempt.
    const open = unanswered(c);
    if (open) j.rule(ctx.pack.rules.appeals, false, "CHALLENGE_UNANSWERED", { kind: open.kind });
    return j.settle(() => [{ type: "CaseWithdrawn", data: { reason: free(p.reason) } }]);
  },

  "case.correct": (p, c, ctx) => {
    if (!isOpen(c)) return refuse("CASE_CLOSED");
    const from = p.what === "programmeStart" ? c.programmeStart : (c.gateway.meeting?.on ?? null);
    const j = judge(ctx);
    const today = londonDate(ctx.now);
    j.need(p.value <= today, "DATE_IN_FUTURE", { today }, "value");
    j.need(p.what !== "gatewayMeeting" || from !== null, "NO_GATEWAY_MEETING_YET", {}, "what");
    j.need(p.value !== from, "DATE_UNCHANGED", { date: p.value }, "value");
    // Else a correction would lengthen the report window, which never begins before the meeting (R14).
    const accepted = c.gateway.accepted && londonDate(c.gateway.accepted.at);
    j.need(
      p.what !== "gatewayMeeting" || accepted === undefined || p.value <= accepted,
      "MEETING_AFTER_GATEWAY",
      { accepted },
      "value",
    );
    const start = p.what === "programmeStart" ? p.value : c.programmeStart;
    const meeting = p.what === "gatewayMeeting" ? p.value : c.gateway.meeting?.on;
    j.need(meeting === undefined || meeting >= start, "BEFORE_PROGRAMME", { start }, "value");
    judgeStart(j, ctx.pack, start, "value");
    judgeTimeAgain(j, c, start, meeting, ctx);
    return j.settle(() => [
      { type: "DateCorrected", data: { what: p.what, from, to: p.value, reason: free(p.reason) } },
    ]);
  },

  "exceptions.correct": (p, c, ctx) => {
    if (!isOpen(c)) return refuse("CASE_CLOSED");
    const from = [...(c.englishMathsExceptions ?? [])];
    const to = [...new Set(p.exceptions)];
    const j = judge(ctx);
    const strange = notOfPack(ctx.pack, to);
    j.need(strange === undefined, "NO_SUCH_ITEM", { item: strange }, "exceptions");
    const same = to.length === from.length && to.every((x) => from.includes(x));
    j.need(!same, "EXCEPTIONS_UNCHANGED", {}, "exceptions");
    // At the gateway, what stood on an exception that does not fit is brought anew. What was accepted with the gateway stays
    // accepted, and the record says what was so.
    const without = fallen(c, ctx.pack, to);
    if (c.stage !== "gateway") {
      const effect = effectAgain(ctx.pack.rules.englishAndMaths, ctx);
      for (const { item, level } of without) judgeLevel(j, item, level, to, ctx.pack, { effect });
    }
    const returned = c.stage === "gateway" ? without : [];
    return j.settle(() => [
      { type: "ExceptionsCorrected", data: { from, to, reason: free(p.reason) } },
      ...returned.map(({ item, n }) => ({ type: "EvidenceReturned" as const, data: { item: item.id, n } })),
    ]);
  },

  "person.correct": (p, c) =>
    isOpen(c) ? accept({ type: "PersonCorrected", data: { ...p, reason: free(p.reason) } }) : refuse("CASE_CLOSED"),

  "rule.lift": (p, c, ctx) => {
    if (!isOpen(c)) return refuse("CASE_CLOSED");
    const standing = c.permits.find((x) => x.rule === p.rule && x.method === p.method);
    if (standing) return { already: standing };
    const j = judge(ctx);
    j.need(overridable(ctx.pack).includes(p.rule), "RULE_HAS_NO_OVERRIDE", { rule: p.rule }, "rule");
    j.need(
      p.method === undefined || methodsOf(ctx.pack).includes(p.method),
      "NO_SUCH_METHOD",
      { method: p.method },
      "method",
    );
    return j.settle(() => [
      {
        type: "RuleLifted",
        data: { id: ctx.newId, rule: p.rule, ...(p.method ? { method: p.method } : {}), reason: free(p.reason) },
      },
    ]);
  },

  "party.invite": (p, c) => (isOpen(c) ? accept({ type: "Invited", data: { role: p.role } }) : refuse("CASE_CLOSED")),

  "chat.bind": (p, c) => {
    if (c.chat?.conversation === p.conversation) return { already: c.chat.stamp };
    return isOpen(c) ? accept({ type: "ChatBound", data: { conversation: p.conversation } }) : refuse("CASE_CLOSED");
  },

  "party.remind": (p, c, ctx) => {
    if (!isOpen(c)) return refuse("CASE_CLOSED");
    const j = judge(ctx);
    j.need(p.person !== ctx.by.person, "REMIND_YOURSELF", {});
    j.need(roleOf(c, p.person) !== undefined, "NOT_ON_CASE", { person: p.person }, "person");
    return j.settle(() => [{ type: "Reminded", data: { person: p.person, about: p.about } }]);
  },
};

/**
 * R01 was judged when gateway evidence was accepted: a date put right since may say otherwise. The record has to say what was
 * so, hence a warning where no coordinator lifts the rule with it.
 */
function judgeTimeAgain(j: Judge, c: Case, start: IsoDate, meeting: IsoDate | undefined, ctx: Context): void {
  const { accepted, meeting: held } = c.gateway;
  const rule = ctx.pack.rules.timeOnProgramme;
  if (!accepted || rule.effect === "none") return;
  const gateway = held && meeting ? { ...c.gateway, meeting: { ...held, on: meeting } } : c.gateway;
  const corrected = { programmeStart: start, gateway };
  judgeTimeOnProgramme(j, corrected, ctx.pack, londonDate(accepted.at), effectAgain(rule, ctx));
}

/** What was accepted is not undone by a correction: a rule is warned of, or lifted where a coordinator does so with it. */
const effectAgain = (rule: AnyRule, ctx: Context): "block" | "warn" =>
  rule.override && rule.effect === "block" && ctx.overrides.some((o) => o.rule === rule.id) ? "block" : "warn";

export const evolve: Omit<Evolves<Event>, "CaseRegistered" | "EvidenceReturned"> = {
  CaseWithdrawn: (c, d, e) => ({ ...c, stage: "withdrawn", withdrawn: { at: e.at, by: e.by, reason: d.reason } }),
  DateCorrected: (c, d) => {
    if (d.what === "programmeStart") return { ...c, programmeStart: d.to };
    const meeting = c.gateway.meeting;
    return meeting ? { ...c, gateway: { ...c.gateway, meeting: { ...meeting, on: d.to } } } : c;
  },
  ExceptionsCorrected: (c, d) => ({ ...c, englishMathsExceptions: d.to }),
  PersonCorrected: (c) => c,
  RuleLifted: (c, d, e) => ({ ...c, permits: [...c.permits, { ...d, at: e.at, by: e.by }] }),
  Invited: (c) => c,
  ChatBound: (c, d, e) => ({ ...c, chat: { conversation: d.conversation, stamp: { at: e.at, by: e.by } } }),
  Reminded: (c) => c,
};

const whileOpen = (c: Case) => (isOpen(c) ? once : never);

export const offers: Offers<Exclude<keyof typeof commands, "case.register">> = {
  "case.withdraw": (c) => (isOpen(c) && releasedNow(c) === undefined && !unanswered(c) ? once : never),
  "case.correct": whileOpen,
  "exceptions.correct": (c, pack) => (pack.rules.englishAndMaths.exceptions.length > 0 ? whileOpen(c) : never),
  "person.correct": whileOpen,
  "rule.lift": whileOpen,
  "party.invite": whileOpen,
  "chat.bind": whileOpen,
  "party.remind": whileOpen,
};

/** Ids of the pack's rules that a coordinator may lift beforehand. The cap (R31) has a command of its own. */
export function overridable(pack: Pack): string[] {
  const rules = [
    ...Object.values(pack.rules).filter((r) => r !== pack.rules.cap),
    ...pack.methods.flatMap((m) => [...Object.values(m.session), ...Object.values(m.handIn ?? {})]),
  ].filter((x): x is AnyRule => typeof x === "object" && x !== null && "override" in x && "id" in x);
  return [...new Set(rules.filter((r) => r.override && r.effect === "block").map((r) => r.id))].sort();
}
