import type { Repeat } from "../ports";
import type { Bank } from "../rules/bank";
import type { Instant, IsoDate } from "../rules/calendar";
import type { AnyRule, Grade, Pack, Role, Setting, Source } from "../rules/pack";
import type { ProblemCode } from "./problems";

/** The case of one apprentice: its state, what a refusal is, and how a stage file judges a rule. */

export type PersonId = string;
export type MethodId = string;

/**
 * A person's own words. They enter the hash chain as a salted digest (`src/chain.ts`), so they can be erased
 * while the chain still holds.
 */
export type FreeText = { text: string; salt?: string } | { erased: string };
export const free = (text: string): FreeText => ({ text });
/** The words, or a plain mark that they were erased. */
export const wordsOf = (t: FreeText | undefined): string => (t === undefined ? "" : "text" in t ? t.text : "(erased)");

export const outsideRoles = ["apprentice", "employer", "provider"] as const;
export type OutsideRole = (typeof outsideRoles)[number];
export type StaffRole = Exclude<Role, OutsideRole>;

export type Channel = "phone" | "mail" | "letter" | "meeting";
/** A coordinator records an outside person's own decision; shown as such ever after. */
export interface OnBehalf {
  role: OutsideRole;
  person: PersonId;
  channel: Channel;
  evidence: FreeText;
}

/** Who did it, in which role. */
export interface By {
  person: PersonId;
  role: Role;
  onBehalfOf?: OnBehalf;
}

/** When and by whom something came about. */
export interface Stamp {
  at: Instant;
  by: By;
}

/** A problem with what was asked: a code with facts. Sentences live in `src/wording/`. */
export interface Problem {
  code: ProblemCode;
  facts: Facts;
  /** The input of the form it belongs beside. */
  input?: string;
  /** The pack's rule behind it, if one is. */
  rule?: string;
  source?: Source | null;
  /** What would lift it beside putting it right: a coordinator's override, or a written reason. */
  remedy?: "override" | "reason";
}
export type Fact = string | number | boolean | readonly string[] | undefined;
export type Facts = Readonly<Record<string, Fact>>;

/** A rule that a coordinator lifted, with the reason; `permit` when it was lifted beforehand for somebody else's step. */
export interface Lifted extends Problem {
  reason: FreeText;
  permit?: string;
}
/**
 * A coordinator lifts a rule for the next step that needs it, whoever takes it: of one assessment where it names one. What is
 * not used by the next gateway or resit is gone: it was meant for this go.
 */
export interface Permit extends Stamp {
  id: string;
  rule: string;
  method?: MethodId;
  reason: FreeText;
}
/** A rule that was not kept and is only warned of, or was kept by giving a reason. */
export type Warned = Problem;

export interface Override {
  rule: string;
  reason: string;
}

/** What a decision may know beside the command and the case. */
export interface Context {
  pack: Pack;
  now: Instant;
  by: By;
  overrides: readonly Override[];
  /** Lifted beforehand on the case and not used yet. */
  permits: readonly Permit[];
  /** In [0, 1): decides whether a grade is sampled. */
  draw: number;
  /** A new id, for things that an event creates. */
  newId: string;
  /** The command's own id, as whoever gave it named it: what a later command can refer to. */
  command: string;
  /** When it happened, where it was sent later than that. */
  occurred?: Occurred;
  /** The bank of questions that the case's sessions draw from. */
  bank?: Bank;
  settings: Settings;
}

/** Why an `occurred` is not to be believed without a look. */
export type OccurredFlag =
  /** The device's clocks do not agree with each other: one of them was moved, or it slept. */
  | "clockJump"
  /** It would have been later than it arrived. */
  | "future"
  /** It would have been before the session's start. */
  | "beforeStart"
  /** It would have been before what it follows. */
  | "outOfOrder"
  /** It arrived more than a day later. */
  | "longAgo";

/** When something happened by the device that sent it; the record's own time says when it was received. */
export interface Occurred {
  at: Instant;
  /** What the device's own clock showed. */
  deviceTime: Instant;
  device: "computer" | "phone";
  flags: readonly OccurredFlag[];
}

/** What the awarding body has set; facts of the moment, recorded in the events that they shape. */
export interface Settings {
  /** The share of an assessor's grades that IQA samples, 0 to 1. */
  sampling: { usual: number; byAssessor: Readonly<Record<PersonId, number>> };
  /** Months for which a closed case is kept before it may be erased. */
  retentionMonths: number;
}

export interface NewEvent<T extends string = string, D = unknown> {
  type: T;
  data: D;
}
/** An event with its stamp, as `evolve` sees it. */
export type Stamped<E> = E &
  Stamp & { seq: number; occurred?: Occurred; lifted?: readonly Lifted[]; warned?: readonly Warned[] };

/** By whom, and when it was received. */
export const stampOf = (e: Stamp): Stamp => ({ at: e.at, by: e.by });

/** When it came about: as it occurred, where that is known, else as it was received. */
export const momentOf = (e: { at: Instant; occurred?: Occurred }): Instant => e.occurred?.at ?? e.at;

export type Decision<E extends NewEvent = NewEvent> =
  | { events: E[]; lifted: Lifted[]; warned: Warned[] }
  /** It stands already, by whom and when: a retry is safe and changes nothing. */
  | { already: Stamp }
  | { refused: Problem[] };

// ---- the state -------------------------------------------------------------------------------------------------

export interface EvidenceTry extends Stamp {
  n: number;
  reference: FreeText;
  facts: Facts;
  outcome: "toReview" | "accepted" | "returned";
  decided?: Stamp;
  reason?: FreeText;
}

export interface Gateway {
  round: number;
  evidence: Readonly<Record<string, readonly EvidenceTry[]>>;
  meeting?: { on: IsoDate } & Stamp;
  /** Provider's attestation of time on programme, off-the-job training and the portfolio's origin (R01, R41, R43). */
  attested?: { lastDay: IsoDate; offTheJobPercent: number; portfolioOwn: boolean } & Stamp;
  confirmed: Readonly<Partial<Record<"employer" | "provider", Stamp>>>;
  ready?: Stamp;
  accepted?: Stamp;
}

export interface Window {
  start: IsoDate;
  end: IsoDate;
}

export interface Booking {
  at: Instant;
  setting: Setting;
  where: FreeText;
  /** A meeting's address: it may name people, so it is erased with the words. */
  link?: FreeText;
}

/** What whoever books chooses for a meeting that the service makes: who need not wait in the lobby, and whether it is recorded. */
export interface MeetingChoice {
  lobby: "invited" | "organization" | "everyone";
  recording: boolean;
}

/** What is done to a meeting once it is made: lobby and recording set, the app in its chat, the panel beside it. */
export type MeetingStep = "options" | "app" | "tab";

/** A meeting on Teams that the service makes and keeps in step with its booking. */
export interface OnlineMeeting extends MeetingChoice {
  /** `seq` of the event that asked for it: a session booked anew has another meeting. */
  asked: number;
  /** In the organiser's calendar, with the id that every calendar knows it by, and for when it was made. */
  made?: { event: string; uid: string; link: FreeText; at: Instant };
  /** Its chat. */
  chat?: string;
  done?: readonly MeetingStep[];
}

/** `at` is when the session is held; `made` is when and by whom it was booked, or moved. */
export type Booked = Booking & { made: Stamp };

/** What the planning meeting has so far: nothing in it is agreed yet, so nothing in it need be whole. */
export interface PlanningDraft {
  subject?: FreeText;
  reportDue?: IsoDate;
  observationPlan?: readonly string[];
  portfolioManner?: FreeText;
  employerResources?: boolean;
  sessions?: readonly DraftSession[];
}
export interface DraftSession {
  method: MethodId;
  on?: IsoDate;
  /** "14:00", as London's clocks show. */
  time?: string;
  setting?: Setting;
  where?: FreeText;
}

export interface Planning {
  /** `at`: when it is held; `made`: when and by whom it was scheduled. */
  meeting?: { at: Instant; where: FreeText; link?: FreeText; made: Stamp };
  /** The meeting that the service makes of it. */
  online?: OnlineMeeting;
  /** Until one of them is scheduled. */
  offered?: PlanningOffer;
  agenda: readonly string[];
  /** What "Save for later" kept of the form. */
  draft?: PlanningDraft;
  finished?: {
    on: IsoDate;
    subject?: FreeText;
    reportDue?: IsoDate;
    observationPlan: readonly string[];
    portfolioManner?: FreeText;
    employerResources: boolean;
  } & Stamp;
}

export interface Proposal extends Stamp {
  n: number;
  text: FreeText;
  challenge: FreeText;
  challengeOn: IsoDate;
  ksbs: readonly string[];
  words: number;
  outcome: "toDecide" | "returned" | "accepted" | "withCoordinator";
  decided?: Stamp;
  reasons?: readonly string[];
  feedback?: FreeText;
  reworkBy?: IsoDate;
}

export interface HandedIn extends Stamp {
  n: number;
  reference: FreeText;
  words?: number;
  contents?: readonly string[];
  pieces?: number;
  /** KSB id → numbers of the pieces that show it. */
  mapping?: Readonly<Record<string, readonly number[]>>;
}

export type Mark = "met" | "notMet" | "notYet";

export interface Asked {
  n: number;
  /** The id of the command that recorded it; read it with `askedId`. */
  id?: string;
  /** The asked question that a follow-up follows, by its id. */
  follows?: string;
  /** Of the bank, or null for the assessor's own. */
  questionId: string | null;
  text: FreeText | null;
  kind: "main" | "followUp";
  criteria: readonly string[];
  at: Instant;
  inQuestionsPart: boolean;
  /** It was not asked after all: it counts for nothing, and stays on the record. */
  withdrawn?: Stamp & { reason: FreeText };
}

/** Records of before ids were kept go by their number. */
export const askedId = (a: Pick<Asked, "id" | "n">): string => a.id ?? `q${a.n}`;
/** The questions that were asked: those taken back left out. */
export const askedIn = ({ asked }: { asked: readonly Asked[] }): readonly Asked[] => asked.filter((a) => !a.withdrawn);

/** A note stands in its event; the case keeps where: `seq` of its first words or of their latest correction. */
export interface NoteRef {
  seq: number;
  /** The id of the command that wrote it; read it with `noteId`. */
  id?: string;
  corrected?: { at: Instant; command: string };
  at: Instant;
  criteria: readonly string[];
  question?: number;
}

export const noteId = (n: Pick<NoteRef, "id" | "seq">): string => n.id ?? `n${n.seq}`;

/** Who made the mark that stands, when, by which command and on what. */
export interface MarkStamp extends Stamp {
  command: string;
  device?: Occurred["device"];
}

/** Questions drawn for a session: anyone can draw again from the seed and see that nobody chose. */
export interface DrawnQuestions extends Stamp {
  seed: string;
  bank: string;
  ids: readonly string[];
  /** Criteria that none of them reaches. */
  uncovered: readonly string[];
}

export interface Span {
  from: Instant;
  to?: Instant;
}

/** Times offered for the planning meeting; one of them is accepted. */
export interface PlanningOffer {
  slots: readonly Instant[];
  where: FreeText;
  link?: FreeText;
  meeting?: MeetingChoice;
  made: Stamp;
}

/** Times offered for a session; one of them is accepted. */
export interface SlotOffer extends PlanningOffer {
  setting: Setting;
}

/** What Teams said of a session's meeting. It corroborates; the assessor's own start, pauses and end are the record. */
export interface Sight {
  what: "started" | "ended" | "joined" | "left";
  /** When, by Teams. */
  at: Instant;
  /** Who came or went, where it is somebody of the case; else a guest. */
  person?: PersonId;
}

/**
 * By what a session's length was judged when it ended, in seconds: `most` and `questions` with the extra time (a share) that was
 * approved by then. Later decisions change nothing of it. Absent in records of before it was kept.
 */
export interface LimitsInForce {
  least: number;
  planned: number;
  most: number;
  extra: number;
  questions?: number;
}

export type SessionState = "none" | "booked" | "running" | "paused" | "ended";

export interface Session {
  state: SessionState;
  booking?: Booked;
  /** The meeting that the service makes of it. */
  online?: OnlineMeeting;
  /** Version of the bank that it goes by: of the first draw or question of the bank. */
  bank?: string;
  drawn?: DrawnQuestions;
  started?: Stamp & { conditions: readonly string[]; recording: boolean; consent?: boolean; storage?: boolean };
  /** `questions`: they were on, and go on after it. */
  pauses?: readonly (Span & { reason: FreeText; questions?: true })[];
  spans: readonly Span[];
  questionsPart: readonly Span[];
  asked: readonly Asked[];
  notes: readonly NoteRef[];
  ended?: Stamp & {
    seconds: number;
    questionsSeconds: number;
    reason?: FreeText;
    discretion: boolean;
    limits?: LimitsInForce;
  };
  /** Until one of them is booked. */
  offered?: SlotOffer;
  /** In the order in which Teams told them. */
  seen?: readonly Sight[];
  /** Who was there, as the assessor recorded it last; `others` are of no part in the case. */
  present?: Stamp & { who: readonly Exclude<Role, "auditor">[]; others?: FreeText };
}

export interface NotHeld extends Stamp {
  why: "noShow" | "technical" | "abandoned";
  detail: FreeText;
  booking?: Booking;
}

export interface Confirmed extends Stamp {
  grade: Grade;
  /** Ids of criteria not met, at the time. */
  missingForPass: readonly string[];
  missingForDistinction: readonly string[];
}

/** Sampled grades wait for IQA. */
export type Moderation =
  | { state: "notSampled" }
  | { state: "waiting" }
  | ({ state: "upheld"; note: FreeText | undefined } & Stamp)
  | ({ state: "sentBack"; reason: FreeText } & Stamp);

/** IQA is to look at it: asked for, or because who graded found a conflict of interest. */
export type Sampled = NewEvent<"GradeSampled", { method: string }>;

export type AttemptKind = "first" | "resit" | "retake" | "again";

/** One go at one method. A new attempt stands beside the old ones. */
export interface Attempt {
  n: number;
  kind: AttemptKind;
  assessor?: PersonId;
  opened: Instant;
  /** The last day for it, where one is set (R29 limit, project rework). */
  by?: IsoDate;
  /** TQUK R29: the failed project is reworked. */
  reworkBy?: IsoDate;
  handIns: readonly HandedIn[];
  session: Session;
  notHeld: readonly NotHeld[];
  marks: Readonly<Record<string, Mark>>;
  /** By key, for marks whose making was kept. */
  marked?: Readonly<Record<string, MarkStamp>>;
  /** Questions of the bank that were drawn or asked for a session which was not held to its end. */
  used?: readonly string[];
  /** Ticked fail descriptors. */
  descriptors: readonly string[];
  confirmed?: Confirmed;
  moderation?: Moderation;
}

export interface Release extends Stamp {
  n: number;
  grades: Readonly<Record<MethodId, Grade>>;
  attempts: Readonly<Record<MethodId, number>>;
  overall: Grade;
  uncapped: Grade;
  capped: boolean;
  feedback?: FreeText;
}

export interface Adjustment extends Stamp {
  id: string;
  kind: "extraTime" | "readerOrScribe" | "signLanguage" | "venue" | "other";
  need: FreeText;
  normalWay: boolean;
  apprenticeInvolved: boolean;
  extraTimePercent?: number;
  methods: readonly MethodId[];
  outcome: "toDecide" | "granted" | "refused";
  decided?: Stamp;
  reason?: FreeText;
}

export interface Consideration extends Stamp {
  id: string;
  method: MethodId;
  /** When the session it is about is or was; "next" for one not booked yet. Left out in early records. */
  session?: Instant | "next";
  what: FreeText;
  rescheduleTried: boolean;
  outcome: "toDecide" | "granted" | "refused" | "reschedule";
  decided?: Stamp;
  reason?: FreeText;
}

export interface Challenge extends Stamp {
  id: string;
  kind: "enquiry" | "appeal";
  release: number;
  method: MethodId | null;
  grounds: FreeText;
  outcome: "toDecide" | "upheld" | "rejected" | "answered";
  decided?: Stamp;
  answer?: FreeText;
}

/** A notice that did not reach whom it was for. `about`: what it was made from, to make it again; ids and numbers only. */
export interface Lost {
  notice: string;
  kind: string;
  to: PersonId | "chat" | "cards" | "meeting";
  repeat: Repeat;
  about: unknown;
  /** unconfirmed: it went out, and no answer says whether it arrived. */
  state: "dead" | "unconfirmed";
  code: string;
}

/** As the case keeps it; `dealt` once a coordinator saw to it. */
export interface Undelivered extends Lost {
  at: Stamp["at"];
  dealt?: Stamp;
}

export interface Interest {
  role: "assessor" | "iqa";
  conflict: boolean;
  at: Instant;
}

export interface Allocation {
  role: "coordinator" | "assessor" | "iqa";
  person: PersonId;
  at: Instant;
  by: By;
  until?: Instant;
}

export interface CaseBase {
  id: string;
  ref: string;
  packId: string;
  bodyId: string;
  revision: number;
  /** Counts only what outside people may know of, so that their cards do not show how much was marked or noted. */
  outsideRevision: number;
  registered: Stamp;
  parties: Readonly<Record<OutsideRole, PersonId>>;
  staff: { coordinator: PersonId; assessor?: PersonId; iqa?: PersonId };
  allocations: readonly Allocation[];
  /** By person: "nothing stands against it" lasts as long as the part it was declared for, a conflict for good. */
  interests: Readonly<Record<PersonId, Interest>>;
  /** The chat that a coordinator bound to the case. */
  chat?: { conversation: string; stamp: Stamp };
  employerName: string;
  programmeStart: IsoDate;
  /** Ids of the pack's exceptions that fit this apprentice (R03). */
  englishMathsExceptions?: readonly string[];
  gateway: Gateway;
  earlierGateways: readonly Gateway[];
  planning: Planning;
  proposals: readonly Proposal[];
  attempts: Readonly<Record<MethodId, readonly Attempt[]>>;
  adjustments: readonly Adjustment[];
  considerations: readonly Consideration[];
  dispensation?: { reference: FreeText } & Stamp;
  releases: readonly Release[];
  withheld?: { reason: FreeText } & Stamp;
  resitAgreed?: { kind: "resit" | "retake" } & Stamp;
  capLifted?: { reason: FreeText } & Stamp;
  challenges: readonly Challenge[];
  permits: readonly Permit[];
  lifted: readonly (Lifted & { at: Instant })[];
  warned: readonly (Warned & { at: Instant })[];
  /** Notices that did not reach whom they were for; those that a coordinator saw to stay, marked so. */
  undelivered?: readonly Undelivered[];
  /** Everyone who took a part in assessing or deciding: an appeal is decided by none of them (R34). */
  tookPart: readonly PersonId[];
}

export type CaseStage =
  | { stage: "gateway" }
  | { stage: "planning"; window: Window }
  | { stage: "assessment"; window: Window }
  | { stage: "released"; window: Window }
  | { stage: "withdrawn"; withdrawn: Stamp & { reason: FreeText } }
  /** Kept as long as it had to be, then emptied: a tombstone. */
  | { stage: "erased"; erased: Stamp };

export type Case = CaseBase & CaseStage;
/** Before registration there is nothing. */
export type MaybeCase = Case | { stage: "none" };

// ---- reading the state -----------------------------------------------------------------------------------------

/** The present attempt at a method. @throws when there is none: the pack's methods always have one after registration. */
export function attemptAt(c: Case, method: MethodId): Attempt {
  const attempt = Object.hasOwn(c.attempts, method) ? c.attempts[method]?.at(-1) : undefined;
  if (!attempt) throw new Error(`Case ${c.id} has no attempt at ${method}`);
  return attempt;
}

/** The case with that attempt's latest version put in the place of the present one. */
export function withAttempt(c: Case, method: MethodId, change: Partial<Attempt>): Case {
  const all = c.attempts[method] ?? [];
  return { ...c, attempts: { ...c.attempts, [method]: [...all.slice(0, -1), { ...attemptAt(c, method), ...change }] } };
}

/** A confirmed grade that IQA need not, or did, uphold. */
export const isSettled = (a: Attempt): boolean =>
  a.confirmed !== undefined && (a.moderation?.state === "notSampled" || a.moderation?.state === "upheld");

/** Methods that the pack names, in its order. */
export const methodsOf = (pack: Pack) => pack.methods.map((m) => m.id);

/** Every method's present attempt has a settled grade. */
export const allSettled = (c: Case, pack: Pack): boolean => methodsOf(pack).every((m) => isSettled(attemptAt(c, m)));

/** The latest result stands for the present attempts: nothing new was opened since. */
export function releasedNow(c: Case): Release | undefined {
  const last = c.releases.at(-1);
  if (!last) return undefined;
  return Object.entries(last.attempts).every(([m, n]) => attemptAt(c, m).n === n) ? last : undefined;
}

/** A result told of the present attempt's grade: only an appeal changes it now. */
export const isOut = (c: Case, method: MethodId): boolean =>
  c.releases.some((r) => Object.hasOwn(r.attempts, method) && r.attempts[method] === attemptAt(c, method).n);

/** A person's part in the case. */
export function roleOf(c: Case, person: PersonId): Role | undefined {
  for (const role of outsideRoles) if (c.parties[role] === person) return role;
  for (const role of ["assessor", "iqa", "coordinator"] as const) if (c.staff[role] === person) return role;
  return undefined;
}

/** What this person declared, for the part they have now; a conflict whatever the part. */
export function interestOf(c: Case, person: PersonId): Interest | undefined {
  const said = Object.hasOwn(c.interests, person) ? c.interests[person] : undefined;
  return said && (said.conflict || said.role === roleOf(c, person)) ? said : undefined;
}

/** Is or was this person the case's assessor, or did they start a session or confirm a grade in it? They moderate and release nothing here. */
export const assessedHere = (c: Case, person: PersonId): boolean =>
  c.allocations.some((a) => a.role === "assessor" && a.person === person) ||
  Object.values(c.attempts).some((all) =>
    all.some((a) => a.confirmed?.by.person === person || a.session.started?.by.person === person),
  );

export const emptySession: Session = {
  state: "none",
  spans: [],
  questionsPart: [],
  asked: [],
  notes: [],
};

/** An attempt of which nothing is done yet. */
export const emptyAttempt = (n: number, kind: AttemptKind, opened: Instant): Attempt => ({
  n,
  kind,
  opened,
  handIns: [],
  session: emptySession,
  notHeld: [],
  marks: {},
  descriptors: [],
});

/** Whose case it is and where it stands in its body's list: all that a new case and a tombstone do not share. */
type Own = "id" | "ref" | "packId" | "bodyId" | "revision" | "outsideRevision" | "registered" | "programmeStart";

/** A case in which nothing came about and nobody is: what registration fills in, and what erasing leaves. */
export const emptyCase = (own: Pick<CaseBase, Own>, methods: readonly MethodId[]): CaseBase => ({
  ...own,
  parties: { apprentice: "", employer: "", provider: "" },
  staff: { coordinator: "" },
  allocations: [],
  interests: {},
  employerName: "",
  gateway: { round: 1, evidence: {}, confirmed: {} },
  earlierGateways: [],
  planning: { agenda: [] },
  proposals: [],
  attempts: Object.fromEntries(methods.map((m) => [m, [emptyAttempt(1, "first", own.registered.at)]])),
  adjustments: [],
  considerations: [],
  releases: [],
  challenges: [],
  permits: [],
  lifted: [],
  warned: [],
  tookPart: [],
});

// ---- judging ---------------------------------------------------------------------------------------------------

/**
 * Collects what is wrong with a command. Rules of the pack block, ask a reason, or warn as the pack says;
 * `need` is for what no pack can change. `settle` gives the events only when nothing blocks.
 */
export function judge(ctx: Context) {
  const refused: Problem[] = [];
  const warned: Warned[] = [];
  const lifted: Lifted[] = [];

  const problem = (rule: AnyRule, code: ProblemCode, facts: Facts, input?: string): Problem => ({
    code,
    facts,
    rule: rule.id,
    source: rule.source,
    ...(input === undefined ? {} : { input }),
  });

  return {
    /**
     * A rule of the pack is kept or not; `reason` is what was written, for rules that ask one; `effect` for a rule with several;
     * `method` where one assessment is judged whose facts do not say which.
     */
    rule(
      rule: AnyRule,
      kept: boolean,
      code: ProblemCode,
      facts: Facts = {},
      also: { input?: string; reason?: string | undefined; effect?: AnyRule["effect"]; method?: MethodId } = {},
    ): void {
      const effect = also.effect ?? rule.effect;
      if (kept || effect === "none") return;
      const p = problem(rule, code, facts, also.input);
      if (effect === "warn") warned.push(p);
      else if (effect === "reason") {
        if (also.reason) warned.push(p);
        else refused.push({ ...p, remedy: "reason" });
      } else {
        const override = rule.override ? ctx.overrides.find((o) => o.rule === rule.id) : undefined;
        const permit = rule.override ? permitFor(ctx.permits, rule.id, also.method ?? facts.method) : undefined;
        if (override && ctx.by.role === "coordinator") lifted.push({ ...p, reason: free(override.reason) });
        else if (permit) lifted.push({ ...p, reason: permit.reason, permit: permit.id });
        else refused.push(rule.override ? { ...p, remedy: "override" } : p);
      }
    },
    /** What must hold under any pack. */
    need(holds: boolean, code: ProblemCode, facts: Facts = {}, input?: string): void {
      if (!holds) refused.push({ code, facts, ...(input === undefined ? {} : { input }) });
    },
    settle<E extends NewEvent>(events: () => E[]): Decision<E> {
      return refused.length > 0 ? { refused } : { events: events(), lifted, warned };
    },
  };
}
export type Judge = ReturnType<typeof judge>;

/** The permit that names this very assessment, before one that names none. */
const permitFor = (permits: readonly Permit[], rule: string, method: Fact): Permit | undefined =>
  permits.find((x) => x.rule === rule && x.method !== undefined && x.method === method) ??
  permits.find((x) => x.rule === rule && x.method === undefined);

export const refuse = (code: ProblemCode, facts: Facts = {}, input?: string): { refused: Problem[] } => ({
  refused: [{ code, facts, ...(input === undefined ? {} : { input }) }],
});

/** Plain events, nothing lifted or warned. */
export const accept = <E extends NewEvent>(...events: E[]): Decision<E> => ({ events, lifted: [], warned: [] });

/** How a stage file decides one command. `P` is its payload. */
export type Decide<P, E extends NewEvent> = (payload: P, c: Case, ctx: Context) => Decision<E>;
/** How a stage file folds one event. */
export type Evolve<E extends NewEvent, T extends E["type"]> = (
  c: Case,
  data: Extract<E, { type: T }>["data"],
  stamp: Stamped<NewEvent>,
) => Case;
export type Evolves<E extends NewEvent> = { [T in E["type"]]: Evolve<E, T> };

/** What a person could ask of the case now: arguments that a button carries. Permission is asked elsewhere. */
export type Offer = Readonly<Record<string, string | number | boolean>>;
export type Offers<T extends string> = { [K in T]: (c: Case, pack: Pack, now: Instant) => readonly Offer[] };
export const once: readonly Offer[] = [{}];
export const never: readonly Offer[] = [];
