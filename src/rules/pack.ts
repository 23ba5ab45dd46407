import { z } from "zod";

/**
 * A rule pack: one awarding body's reading of one assessment plan, as data.
 * The engine asks a pack for figures, lists and named variants from closed sets, never for its name.
 * A published pack is never edited: a change is a new file with a new version.
 */

/** Where a figure or a criterion stands in the awarding body's document: heading path, outermost first, then row or bullet. */
export const Source = z.strictObject({
  path: z.array(z.string().min(1)).min(1),
  part: z.string().min(1).optional(),
});
export type Source = z.infer<typeof Source>;

/** block: refused. reason: allowed once a reason is written. warn: allowed, shown, recorded. none: not asked for. */
export const Effect = z.enum(["block", "reason", "warn", "none"]);
export type Effect = z.infer<typeof Effect>;

export const RuleId = z.string().regex(/^R(0[1-9]|[1-3]\d|4[0-4])$/, "rule ids run from R01 to R44");
export type RuleId = z.infer<typeof RuleId>;

export const Role = z.enum(["apprentice", "employer", "provider", "assessor", "coordinator", "iqa", "auditor"]);
export type Role = z.infer<typeof Role>;

export const Grade = z.enum(["fail", "pass", "distinction"]);
export type Grade = z.infer<typeof Grade>;

const id = z.string().regex(/^[a-z][a-zA-Z0-9]*$/, "lower camel case");
const date = z.iso.date();
const count = z.int().positive();
const share = z.number().gt(0).lt(1);

/** What every rule says of itself. `source: null` means that the document does not state it. */
const ruleShape = { effect: Effect, override: z.boolean(), source: Source.nullable() };
export const AnyRule = z.looseObject({ id: RuleId, ...ruleShape });
/** Any rule of a pack, whatever its own parameters: what a check needs to judge and to quote it. */
export type AnyRule = { id: string; effect: Effect; override: boolean; source: Source | null };

const rule = <I extends `R${number}`, S extends z.ZodRawShape>(ruleId: I, shape: S) =>
  z.strictObject({ id: z.literal(ruleId), ...ruleShape, ...shape });

const Listed = z.strictObject({ id, title: z.string().min(1), source: Source.nullable() });

export const EvidenceItem = z.strictObject({
  id,
  title: z.string().min(1),
  /** What is asked of the item: a date, a level, a word count, pieces and a mapping, or nothing beyond a reference. */
  kind: z.enum(["meetingRecord", "qualification", "identity", "portfolio", "proposal", "form"]),
  needed: z.enum(["always", "whenAdjusted"]),
  qualification: z.strictObject({ subject: z.enum(["english", "maths"]), level: z.int() }).optional(),
  source: Source,
});
export type EvidenceItem = z.infer<typeof EvidenceItem>;

const Moment = z.strictObject({ method: id, what: z.enum(["handIn", "session"]) });

export const Rules = z.strictObject({
  timeOnProgramme: rule("R01", { months: count.nullable(), days: count, typicalMonths: count }),
  gatewayEvidence: rule("R02", { items: z.array(EvidenceItem).min(1) }),
  englishAndMaths: rule("R03", {
    exceptions: z.array(
      z.strictObject({
        id,
        title: z.string(),
        subject: z.enum(["english", "maths", "both"]),
        /** The least level that serves instead; bsl: a British Sign Language qualification stands for the subject. */
        level: z.enum(["entry3", "level1", "bsl"]),
        source: Source,
      }),
    ),
  }),
  gatewayConfirmation: rule("R04", { by: z.array(z.enum(["employer", "provider"])), meetingDate: z.boolean() }),
  planning: rule("R05", {
    agenda: z.array(Listed).min(1),
    needs: z.array(z.enum(["dates", "reportDate", "subject", "observationPlan", "portfolioManner"])),
  }),
  epaWindow: rule("R06", { months: count }),
  projectSubject: rule("R11", {
    how: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("agreedAtPlanning") }),
      z.strictObject({ kind: z.literal("proposal"), maxWords: count, needsKsbPart: z.boolean() }),
    ]),
  }),
  proposalReturn: rule("R12", { days: count.nullable() }),
  reportStart: rule("R13", { after: z.enum(["gatewayMeeting", "proposalAccepted"]) }),
  reportWindow: rule("R14", {
    months: count,
    from: z.enum(["subjectAgreed", "planningMeeting"]),
    adviseMonthsAfterGatewayMeeting: count.nullable(),
  }),
  portfolioNotGraded: rule("R21", {}),
  order: rule("R23", { advised: z.array(z.strictObject({ earlier: Moment, later: Moment, source: Source })) }),
  resultsIndependent: rule("R24", {}),
  methodGrade: rule("R25", {}),
  overallGrade: rule("R26", {}),
  resultsNotice: rule("R27", {
    to: z.array(Role),
    record: z.strictObject({ grades: z.array(Grade), to: z.array(Role) }),
  }),
  resit: rule("R28", {
    employerAgrees: Effect,
    actionPlan: Effect,
    furtherDevelopmentFirst: Effect,
    retakeThroughGateway: z.boolean(),
  }),
  resitLimit: rule("R29", { months: count, beyond: z.enum(["wholeEpaAgain", "recorded"]) }),
  /** What becomes of a failed method that has a report: reworked within a month of notification and feedback, or taken as any other. */
  projectRework: rule("R29", { months: count.nullable() }),
  noUpgrade: rule("R30", {}),
  cap: rule("R31", { overallAtMost: Grade }),
  adjustments: rule("R32", { by: z.enum(["gatewaySubmission"]).nullable(), apprenticeInvolved: Effect }),
  specialConsideration: rule("R33", {
    workingDaysBefore: count.nullable(),
    workingDaysAfter: count.nullable(),
  }),
  appeals: rule("R34", {
    policy: z.string().min(1),
    policyUrl: z.url().nullable(),
    /** Working days to lodge, counted from the result; null: the document leaves it to the policy. */
    enquiryWorkingDays: count.nullable(),
    appealWorkingDays: count.nullable(),
  }),
  equalWeight: rule("R35", {}),
  employerResources: rule("R36", {}),
  challenge: rule("R37", {}),
  unseenCriteria: rule("R38", {}),
  moveBetweenAreas: rule("R39", {}),
  observationPlan: rule("R40", { aspects: z.array(Listed) }),
  offTheJob: rule("R41", { percent: count.nullable() }),
  apprenticeReady: rule("R42", {}),
  portfolioOrigin: rule("R43", {}),
  planFits: rule("R44", {}),
});
export type Rules = z.infer<typeof Rules>;

export const Ksb = z.strictObject({
  id: z.string().regex(/^[KSB]\d+$/),
  group: z.string().min(1),
  text: z.string().min(1),
  source: Source,
});
export type Ksb = z.infer<typeof Ksb>;

export const Criterion = z.strictObject({
  id: z.string().regex(/^[a-z]+-[PDF]\d+$/, "method-P1, method-D1 or method-F1"),
  /** The heading under which the document lists it, or null where it lists criteria flat. */
  group: z.string().min(1).nullable(),
  text: z.string().min(1),
  /** Parts that must each be met, where the document has a and b. */
  parts: z
    .array(z.strictObject({ id: z.string().regex(/^[a-z]$/), text: z.string().min(1) }))
    .min(2)
    .optional(),
  source: Source,
});
export type Criterion = z.infer<typeof Criterion>;

export const Setting = z.enum(["workplace", "faceToFace", "teams", "simulated"]);
export type Setting = z.infer<typeof Setting>;

const length = {
  minutes: count,
  /** Permitted variance as a share of the planned minutes: 0.1 is ten per cent. */
  under: z.number().min(0).lt(1),
  over: z.number().min(0).lt(1),
  /** Above the planned minutes the assessor ticks that it was at their discretion. */
  overIsDiscretion: z.boolean(),
};
const session = <L extends "R08" | "R18" | "R22">(lengthRule: L) => rule(lengthRule, length);

export const Session = z.strictObject({
  name: z.string().min(1),
  length: z.discriminatedUnion("id", [session("R08"), session("R18"), session("R22")]),
  /** Days from telling the apprentice to the session, or null. */
  notice: rule("R07", { days: count }).nullable(),
  /** The observation's place; null where the document names no place. */
  setting: rule("R10", {
    allowed: z.array(Setting).min(1),
    dispensation: Setting.nullable(),
    checklist: z.array(Listed),
  }).nullable(),
  /** Places to choose from where `setting` names none. */
  settings: z.array(Setting).min(1),
  /** A part for questions, with its own clock: a share of the whole inside it, or minutes after it. */
  questionsPart: rule("R09", {
    limit: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("insideShare"), share }),
      z.strictObject({ kind: z.literal("afterMinutes"), minutes: count }),
    ]),
    /** What follows when no question was recorded; the rule's own effect is for going over the limit. */
    noneRecorded: Effect,
  }).nullable(),
  /** How many questions, where the document gives a number (R18), and whether they come from the body's bank or are the assessor's. */
  questions: z
    .discriminatedUnion("id", [
      rule("R18", { exactly: count, fromBank: z.boolean() }),
      rule("R22", { fromBank: z.boolean() }),
    ])
    .nullable(),
  /** The agenda is kept from these people until the session. */
  agendaHidden: rule("R22", { from: z.array(Role) }).nullable(),
  observers: z.array(Role),
  conditions: z.array(Listed).min(1),
});
export type SessionRules = z.infer<typeof Session>;

export const HandIn = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("report"),
    title: z.string().min(1),
    words: rule("R15", {
      target: count,
      variance: z.number().min(0).lt(1),
      /** What the body says follows from a length outside the range; null where it says nothing. */
      consequence: z.string().nullable(),
    }),
    contents: rule("R16", { items: z.array(Listed).min(1), annexes: z.array(z.string()) }),
    beforeSession: rule("R17", { days: count }),
  }),
  z.strictObject({
    kind: z.literal("portfolio"),
    title: z.string().min(1),
    beforeSession: rule("R19", { days: count, advisedAtGateway: z.boolean() }),
    selection: rule("R20", {
      min: count.nullable(),
      max: count.nullable(),
      mapEveryKsb: z.boolean(),
      kinds: z.array(z.string()),
    }),
  }),
]);
export type HandInRules = z.infer<typeof HandIn>;

export const Method = z.strictObject({
  id: z.string().regex(/^[a-z]+$/),
  /** As the document calls it. */
  name: z.string().min(1),
  /** As a card calls it: at most 24 characters. */
  title: z.string().min(1).max(24),
  ksbs: z.array(Ksb).min(1),
  criteria: z.strictObject({
    pass: z.array(Criterion).min(1),
    distinction: z.array(Criterion).min(1),
    fail: z.array(Criterion),
  }),
  session: Session,
  handIn: HandIn.nullable(),
});
export type Method = z.infer<typeof Method>;

const uniqueIds = (pack: { methods: Method[]; rules: Rules }, ctx: z.RefinementCtx) => {
  const seen = new Set<string>();
  const claim = (value: string, path: (string | number)[]) => {
    if (seen.has(value)) ctx.addIssue({ code: "custom", path, message: `“${value}” stands twice` });
    seen.add(value);
  };
  pack.methods.forEach((m, i) => {
    claim(m.id, ["methods", i, "id"]);
    m.ksbs.forEach((k, j) => {
      claim(`${m.id} ${k.id}`, ["methods", i, "ksbs", j, "id"]);
    });
    for (const level of ["pass", "distinction", "fail"] as const) {
      m.criteria[level].forEach((c, j) => {
        claim(c.id, ["methods", i, "criteria", level, j, "id"]);
        if (!c.id.startsWith(`${m.id}-${{ pass: "P", distinction: "D", fail: "F" }[level]}`))
          ctx.addIssue({
            code: "custom",
            path: ["methods", i, "criteria", level, j, "id"],
            message: `“${c.id}” is not a ${level} id of ${m.id}`,
          });
      });
    }
  });
  pack.rules.gatewayEvidence.items.forEach((e, i) => {
    claim(`evidence ${e.id}`, ["rules", "gatewayEvidence", "items", i, "id"]);
  });
  const methods = new Set(pack.methods.map((m) => m.id));
  pack.rules.order.advised.forEach((a, i) => {
    for (const end of ["earlier", "later"] as const)
      if (!methods.has(a[end].method))
        ctx.addIssue({
          code: "custom",
          path: ["rules", "order", "advised", i, end, "method"],
          message: `no method “${a[end].method}”`,
        });
  });
};

export const Pack = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9.-]+$/),
    body: z.strictObject({ id: z.string().regex(/^[a-z0-9-]+$/), name: z.string().min(1), short: z.string().min(1) }),
    document: z.strictObject({ title: z.string(), version: z.string(), date: z.string() }),
    standard: z.strictObject({
      name: z.string(),
      reference: z.string(),
      version: z.string(),
      level: z.int(),
      lars: z.string().nullable(),
      qualificationNumber: z.string(),
      sector: z.string(),
      externalQualityAssurance: z.string(),
      maximumFundingPounds: z.int().nullable(),
      onCompletion: z.string().nullable(),
      changes: z.array(z.string()),
    }),
    /** An apprentice whose programme started between these dates falls under this pack; null is open. */
    startsBetween: z.strictObject({ from: date.nullable(), until: date.nullable() }),
    /** What the body calls each role, in plain words. */
    people: z.record(Role, z.strictObject({ title: z.string(), does: z.string(), never: z.array(z.string()) })),
    rules: Rules,
    methods: z.array(Method).min(1),
  })
  .superRefine(uniqueIds);
export type Pack = z.infer<typeof Pack>;

/** Thrown at start by a pack that does not hold: the message names the pack, each path and its problem. */
export class BrokenPack extends Error {
  override name = "BrokenPack";
}

/**
 * Reads one pack. `name` is how the reader knows it (a file name).
 * @throws BrokenPack naming every path and problem.
 */
export function readPack(name: string, raw: unknown): Pack {
  const read = Pack.safeParse(raw);
  if (read.success) return read.data;
  const problems = read.error.issues.map((i) => `  ${i.path.join(".") || "(root)"}: ${i.message}`);
  throw new BrokenPack(`Rule pack ${name} does not hold:\n${problems.join("\n")}`);
}

/** The method of that id. @throws when the pack has none: ids are checked at the edge, so this is a bug. */
export function methodOf(pack: Pack, methodId: string): Method {
  const method = pack.methods.find((m) => m.id === methodId);
  if (!method) throw new Error(`Pack ${pack.id} has no method ${methodId}`);
  return method;
}
