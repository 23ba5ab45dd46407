import {
  type Adjustment,
  type Attempt,
  allSettled,
  askedIn,
  attemptAt,
  type Case,
  type Challenge,
  type Consideration,
  type FreeText,
  type Lifted,
  type MeetingChoice,
  type MethodId,
  outsideRoles,
  type PersonId,
  type PlanningDraft,
  type Proposal,
  type Release,
  type Stamp,
  type Undelivered,
  type Warned,
  wordsOf,
} from "./case/case";
import { standing as undeliveredIn } from "./case/delivery";
import { lastTry } from "./case/englishMaths";
import { neededItems } from "./case/gateway";
import { joinLinkOf, type MeetingOf, onlineOf } from "./case/meetings";
import { failedMethods, resitLimit } from "./case/resit";
import { resultOf } from "./case/results";
import { openSlots } from "./case/slots";
import {
  earliestSession,
  handInDue,
  lastDayFor,
  limitsOfAttempt,
  questionsLimit,
  ran,
  ranUntil,
  type Sitting,
  sittingsOf,
} from "./case/timing";
import { type Actor, closedTo, type Permitted, permitted, viewRole } from "./permissions";
import { withoutHealth } from "./record";
import { type Instant, type IsoDate, londonDate } from "./rules/calendar";
import { methodGrade } from "./rules/grade";
import { type Grade, type Method, methodOf, type Pack, type Role, type Setting } from "./rules/pack";
import { attendancesOf, byDue, isPast, type Task, tasksOf } from "./tasks";

/**
 * What each role may see of a case: the only way out to a card, the panel or a mail.
 * For outside people nothing here depends on marks, notes, questions or grades before release.
 */

export type TrackStage = "gateway" | "planning" | "handIn" | "sessions" | "results";
export const trackStages: readonly TrackStage[] = ["gateway", "planning", "handIn", "sessions", "results"];

export interface AssessmentView {
  method: MethodId;
  title: string;
  attempt: number;
  state: "notBooked" | "booked" | "running" | "done" | "toGrade" | "inModeration" | "graded" | "sentBack";
  at?: Instant;
  setting?: Setting;
  where?: FreeText;
  link?: string;
  /** The service makes its meeting on Teams: what was chosen for it, and whether there is a link yet. */
  meeting?: MeetingChoice & { made: boolean };
  /** Times offered that can still be chosen, and where it would be. */
  slots?: { at: readonly Instant[]; setting: Setting };
  /** The first day on which it may be booked, while it is not. */
  earliest?: IsoDate;
  /** The last day on which it may be, where one is set. */
  latest?: IsoDate;
  noticeDays?: number;
  /** Every session there was or is to be, of whichever attempt: special consideration may be asked for any of them (R33). */
  sittings: readonly Sitting[];
  handIn?: { title: string; due?: IsoDate; handedIn?: Instant; words?: number; pieces?: number };
  /** Staff only, and outside people after release. */
  grade?: Grade;
}

export interface EvidenceView {
  item: string;
  title: string;
  state: "missing" | "toReview" | "accepted" | "returned";
  at?: Instant;
  facts: Readonly<Record<string, unknown>>;
  reference?: FreeText;
  reason?: FreeText;
  decidedAt?: Instant;
}

export interface ResultView {
  n: number;
  at: Instant;
  overall: Grade;
  capped: boolean;
  grades: { method: MethodId; title: string; grade: Grade }[];
  failed: MethodId[];
  /** After a fail: the last day for the resit or retake. */
  resitBy?: IsoDate;
  feedback?: FreeText;
}

export interface CaseView {
  caseId: string;
  ref: string;
  role: Role;
  me: PersonId;
  /** What this view was drawn from: for staff the revision, for others a counter of what they may know of. */
  seen: number;
  people: Partial<Record<Role, PersonId>>;
  employerName: string;
  programmeStart: IsoDate;
  /** The coordinator only: they speak of health (R03). */
  englishMathsExceptions?: readonly string[];
  packId: string;
  stage: Case["stage"];
  /** Once it was erased: then there is nothing else to see. */
  erased?: Stamp;
  track: { stage: TrackStage; state: "done" | "now" | "todo" }[];
  attempt: number;
  window?: { start: IsoDate; end: IsoDate };
  next?: Task;
  due: Task[];
  /** The meetings and sessions of others at which this person is to be. */
  attends: Task[];
  assessments: AssessmentView[];
  evidence: EvidenceView[];
  gatewayMeeting?: IsoDate;
  daysOnProgramme?: { lastDay: IsoDate };
  planning?: {
    at?: Instant;
    where?: FreeText;
    link?: string;
    meeting?: MeetingChoice & { made: boolean };
    /** Times offered that can still be chosen. */
    slots?: readonly Instant[];
    finished: boolean;
    subject?: FreeText;
    /** Staff only, while it is not finished: the points ticked and what "Save for later" kept. */
    agenda?: readonly string[];
    draft?: PlanningDraft;
  };
  proposal?: Proposal;
  earlierProposals: readonly Proposal[];
  result?: ResultView;
  /** Every method is taken and the result is not out: the same words whatever the grades. */
  waitingForResult: boolean;
  withheld: boolean;
  /** The coordinator only, once every grade is settled: what a release would say. */
  toRelease?: { overall: Grade; uncapped: Grade; capped: boolean };
  /** What the employer agreed to after a fail. */
  resitAgreed?: "resit" | "retake";
  /** What was asked for and is to be decided, for those who decide it. */
  requests: {
    adjustments: readonly Adjustment[];
    considerations: readonly Consideration[];
    challenges: readonly Challenge[];
  };
  /** The coordinator only: what did not reach whom it was for, and is not dealt with. */
  undelivered: readonly Undelivered[];
  /** Staff only: what was lifted or warned of. */
  lifted: readonly (Lifted & { at: Instant })[];
  warned: readonly (Warned & { at: Instant })[];
  /** What this person may press now. */
  may: Permitted[];
  chatBound: boolean;
  /** An assessor or IQA who has not declared yet: nothing of the evidence or the record is for them. */
  blind: boolean;
}

const outside = (role: Role): boolean => (outsideRoles as readonly Role[]).includes(role);

/** Tasks that come of a fail: to whom the result is closed they are too. */
const afterFail: ReadonlySet<Task["code"]> = new Set(["agreeResit", "openResit"]);

const booking: ReadonlySet<Task["code"]> = new Set(["book", "bookPlanning"]);

/**
 * The case as this actor may see it now, or undefined for strangers.
 * An assessor or IQA who has not declared sees who and what it is about, and nothing of the evidence.
 */
export function caseView(c: Case, actor: Actor, pack: Pack, now: Instant): CaseView | undefined {
  const role = viewRole(actor, c);
  if (role === undefined) return undefined;
  const staff = !outside(role);
  const blind = closedTo(actor, c);
  const open = staff && !blind;
  const tasks = tasksOf(c, pack)
    .filter((t) => !isPast(t, now))
    .filter((t) => (blind ? t.person === actor.person || !(t.secret || afterFail.has(t.code)) : staff || !t.secret));
  const mine = tasks.filter((t) => t.person === actor.person && t.code !== "windowEnds");
  // While somebody chooses from times offered, that comes next, not the booking.
  const chosen = tasks.filter((t) => t.code === "chooseTime").map((t) => t.method);
  const left = (t: Task) => !(booking.has(t.code) && chosen.includes(t.method));
  const steps = tasks.filter((t) => t.code !== "windowEnds" && left(t));
  // A session under way is ended before anything else is begun.
  const running = mine.find((t) => t.code === "endSession");
  // What has its hour cannot be done before its day: until then comes what one can do, and else whatever comes first.
  const today = londonDate(now);
  const possible = mine.filter((t) => left(t) && (t.at === undefined || londonDate(t.at) <= today));
  const next = running ?? [...possible].sort(byDue)[0] ?? [...steps].sort(byDue)[0];
  const result = blind ? undefined : resultView(c, pack);
  const seesResult = result !== undefined;
  const last = c.proposals.at(-1);
  const seesProposal = !blind && role !== "provider" && role !== "iqa";
  return {
    caseId: c.id,
    ref: c.ref,
    role,
    me: actor.person,
    seen: staff ? c.revision : c.outsideRevision,
    people: c.stage === "erased" ? {} : { ...c.parties, ...c.staff, ...(staff ? {} : { iqa: undefined }) },
    employerName: c.employerName,
    programmeStart: c.programmeStart,
    ...(role === "coordinator" && c.englishMathsExceptions ? { englishMathsExceptions: c.englishMathsExceptions } : {}),
    packId: c.packId,
    stage: c.stage,
    ...(c.stage === "erased" ? { erased: c.erased } : {}),
    track: track(c, pack),
    attempt: Math.max(1, ...pack.methods.map((m) => attemptAt(c, m.id).n)),
    ...("window" in c ? { window: c.window } : {}),
    ...(next ? { next } : {}),
    due: tasks
      .filter((t) => t.day !== undefined)
      .filter((t) => (outside(role) ? t.person === actor.person || t.at !== undefined : true))
      .sort(byDue),
    attends: attendancesOf(c, pack).filter((t) => t.person === actor.person),
    assessments:
      c.stage === "erased" ? [] : pack.methods.map((m) => assessmentView(c, pack, m, { open, blind, seesResult }, now)),
    evidence: blind || role === "assessor" || c.stage === "erased" ? [] : evidenceView(c, pack, role),
    ...(c.gateway.meeting ? { gatewayMeeting: c.gateway.meeting.on } : {}),
    ...(c.gateway.attested ? { daysOnProgramme: { lastDay: c.gateway.attested.lastDay } } : {}),
    ...(c.planning.meeting || c.planning.finished || c.planning.offered
      ? { planning: planningView(c, open, now) }
      : {}),
    ...(last && seesProposal ? { proposal: last } : {}),
    earlierProposals: seesProposal ? c.proposals.slice(0, -1) : [],
    ...(result ? { result } : {}),
    waitingForResult: waiting(c, pack),
    withheld: open && c.withheld !== undefined,
    ...(role === "coordinator" && c.stage === "assessment" && allSettled(c, pack)
      ? { toRelease: toRelease(c, pack) }
      : {}),
    ...(c.resitAgreed && !blind ? { resitAgreed: c.resitAgreed.kind } : {}),
    requests: requestsView(c, blind ? undefined : role),
    undelivered: role === "coordinator" ? undeliveredIn(c) : [],
    lifted: open ? c.lifted.map((l) => (role === "coordinator" ? l : withoutHealth(l, pack))) : [],
    warned: open ? c.warned : [],
    may: permitted(actor, c, pack, now),
    chatBound: c.chat !== undefined,
    blind,
  };
}

function toRelease(c: Case, pack: Pack): NonNullable<CaseView["toRelease"]> {
  const { overall, uncapped, capped } = resultOf(c, pack);
  return { overall, uncapped, capped };
}

/** Health is in them: nobody sees them but those who decide. An appeal's grounds also go to IQA staff, who may decide it. */
const requestsView = (c: Case, role: Role | undefined): CaseView["requests"] => ({
  adjustments: role === "coordinator" ? c.adjustments.filter((x) => !x.decided) : [],
  considerations: role === "coordinator" ? c.considerations.filter((x) => !x.decided) : [],
  challenges:
    role === "coordinator" || role === "iqa"
      ? c.challenges.filter((x) => !x.decided && (role === "coordinator" || x.kind === "appeal"))
      : [],
});

const planningView = (c: Case, staff: boolean, now: Instant) => ({
  ...(c.planning.meeting
    ? { at: c.planning.meeting.at, where: c.planning.meeting.where, ...joining(c, "planning") }
    : {}),
  ...(openSlots(c.planning.offered, now).length > 0 ? { slots: openSlots(c.planning.offered, now) } : {}),
  finished: c.planning.finished !== undefined,
  ...(c.planning.finished?.subject ? { subject: c.planning.finished.subject } : {}),
  ...(staff && !c.planning.finished
    ? { agenda: c.planning.agenda, ...(c.planning.draft ? { draft: c.planning.draft } : {}) }
    : {}),
});

/** Every session of the present attempts has been held; says nothing of grades. */
const waiting = (c: Case, pack: Pack): boolean =>
  c.stage === "assessment" && pack.methods.every((m) => attemptAt(c, m.id).session.state === "ended");

/** The five stages. Hand-in is done when everything is in; sessions when all are held; results when they are out. */
/** The five stages, and in which of them the case is. */
export function track(c: Case, pack: Pack): CaseView["track"] {
  const handedIn = pack.methods.every((m) => !m.handIn || attemptAt(c, m.id).handIns.length > 0);
  const held = pack.methods.every((m) => attemptAt(c, m.id).session.state === "ended");
  const done: Record<TrackStage, boolean> = {
    gateway: c.stage !== "gateway" && c.gateway.accepted !== undefined,
    planning: c.stage === "assessment" || c.stage === "released",
    handIn: (c.stage === "assessment" || c.stage === "released") && handedIn,
    sessions: (c.stage === "assessment" || c.stage === "released") && handedIn && held,
    results: c.stage === "released",
  };
  const now = trackStages.find((s) => !done[s]);
  return trackStages.map((stage) => ({
    stage,
    state: done[stage]
      ? ("done" as const)
      : stage === now && c.stage !== "withdrawn" && c.stage !== "erased"
        ? ("now" as const)
        : ("todo" as const),
  }));
}

/** `open`: staff to whom the assessment is open. */
function assessmentView(
  c: Case,
  pack: Pack,
  m: Method,
  { open, blind, seesResult }: { open: boolean; blind: boolean; seesResult: boolean },
  now: Instant,
): AssessmentView {
  const a = attemptAt(c, m.id);
  const { booking } = a.session;
  const handedIn = blind ? undefined : a.handIns.at(-1);
  const due = handInDue(c, pack, m);
  const latest = lastDayFor(c, a);
  const grade = open ? a.confirmed?.grade : seesResult ? c.releases.at(-1)?.grades[m.id] : undefined;
  return {
    method: m.id,
    title: m.title,
    attempt: a.n,
    state: sessionState(a, open),
    ...(booking ? { at: begun(a) ?? booking.at, setting: booking.setting, where: booking.where } : {}),
    ...joining(c, m.id),
    ...slotsOf(a, now),
    ...(booking ? {} : { earliest: earliestSession(c, pack, m, londonDate(now)) }),
    ...(latest ? { latest } : {}),
    sittings: sittingsOf(c, m.id),
    ...(m.session.notice ? { noticeDays: m.session.notice.days } : {}),
    ...(m.handIn
      ? {
          handIn: {
            title: m.handIn.title,
            ...(due ? { due } : {}),
            ...(handedIn ? { handedIn: handedIn.at } : {}),
            ...(handedIn?.words === undefined ? {} : { words: handedIn.words }),
            ...(handedIn?.pieces === undefined ? {} : { pieces: handedIn.pieces }),
          },
        }
      : {}),
    ...(grade ? { grade } : {}),
  };
}

/** Times to choose from, while it is not booked. */
function slotsOf({ session }: Attempt, now: Instant): Pick<AssessmentView, "slots"> {
  const at = session.state === "none" ? openSlots(session.offered, now) : [];
  return session.offered && at.length > 0 ? { slots: { at, setting: session.offered.setting } } : {};
}

/** The link by which people join, and how its meeting is made where the service makes it. */
function joining(c: Case, of: MeetingOf): Pick<AssessmentView, "link" | "meeting"> {
  const link = wordsOf(joinLinkOf(c, of));
  const online = onlineOf(c, of);
  return {
    ...(link ? { link } : {}),
    ...(online
      ? { meeting: { lobby: online.lobby, recording: online.recording, made: online.made !== undefined } }
      : {}),
  };
}

/** When a session under way began; that may be before or after the hour it is booked for. */
const begun = ({ session }: Attempt): Instant | undefined =>
  session.state === "running" || session.state === "paused" ? session.started?.at : undefined;

function sessionState(a: Attempt, open: boolean): AssessmentView["state"] {
  const { state } = a.session;
  if (state === "none") return "notBooked";
  if (state === "booked") return "booked";
  if (state === "running" || state === "paused") return "running";
  if (!open) return "done";
  if (a.moderation?.state === "sentBack") return "sentBack";
  if (!a.confirmed) return "toGrade";
  return a.moderation?.state === "waiting" ? "inModeration" : "graded";
}

function evidenceView(c: Case, pack: Pack, role: Role): EvidenceView[] {
  // An employer and an apprentice see that an item is there, not what a provider wrote about it.
  const full = role === "coordinator" || role === "provider" || role === "auditor" || role === "iqa";
  return neededItems(c, pack).map((i) => {
    const t = lastTry(c.gateway, i.id);
    return {
      item: i.id,
      title: i.title,
      state: t?.outcome ?? "missing",
      facts: full ? (t?.facts ?? {}) : {},
      ...(t ? { at: t.at } : {}),
      ...(t && full ? { reference: t.reference } : {}),
      ...(t?.reason && full ? { reason: t.reason } : {}),
      ...(t?.decided ? { decidedAt: t.decided.at } : {}),
    };
  });
}

/** The result in force, once released; undefined while a new attempt or a regrade is under way. */
function resultView(c: Case, pack: Pack): ResultView | undefined {
  const r: Release | undefined = c.stage === "released" ? c.releases.at(-1) : undefined;
  if (!r) return undefined;
  const failed = failedMethods(r);
  return {
    n: r.n,
    at: r.at,
    overall: r.overall,
    capped: r.capped,
    grades: pack.methods.map((m) => ({ method: m.id, title: m.title, grade: r.grades[m.id] ?? "fail" })),
    failed,
    ...(failed.length > 0 ? { resitBy: resitLimit(c, r, pack) } : {}),
    ...(r.feedback ? { feedback: r.feedback } : {}),
  };
}

export interface GradingView {
  caseId: string;
  ref: string;
  seen: number;
  apprentice: PersonId;
  method: MethodId;
  title: string;
  attempt: number;
  at?: Instant;
  seconds?: number;
  /** While it runs: how long so far, pauses left out, as the pack counts it; and its part for questions. */
  clock?: { seconds: number; questionsSeconds: number; questionsMost?: number; questionsOpen: boolean };
  limits: { least: number; planned: number; most: number; extra: number };
  state: Attempt["session"]["state"];
  groups: { group: string | null; criteria: GradedCriterion[] }[];
  descriptors: { id: string; text: string; ticked: boolean }[];
  proposed: Grade;
  counts: { passMet: number; passOf: number; distinctionMet: number; distinctionOf: number; unmarked: number };
  missing: { pass: string[]; distinction: string[] };
  confirmed?: { grade: Grade; at: Instant; by: PersonId };
  moderation?: Attempt["moderation"];
  asked: Attempt["session"]["asked"];
  notes: NoteView[];
  /** Who was there, as recorded. */
  present?: Attempt["session"]["present"];
  lastDay?: IsoDate;
  may: Permitted[];
}
/** A note, stamped with the session's time in seconds; `text` where the notes' events were brought. */
export interface NoteView {
  seconds: number;
  criteria: readonly string[];
  question?: number;
  text?: FreeText;
}
export interface GradedCriterion {
  id: string;
  level: "pass" | "distinction";
  text: string;
  keys: { key: string; part: string | null; text: string; mark: "met" | "notMet" | "notYet" }[];
}

/**
 * A method's marking: for the assessor and IQA on the case who have declared, the coordinator and the auditor, and whoever may
 * decide an open appeal. Else undefined.
 */
export function gradingView(
  c: Case,
  actor: Actor,
  pack: Pack,
  method: MethodId,
  now: Instant,
  /** The words of notes by the seq of their events, as far as they were brought. */
  texts: ReadonlyMap<number, FreeText> = new Map(),
): GradingView | undefined {
  const role = viewRole(actor, c);
  if (role === undefined || outside(role) || closedTo(actor, c)) return undefined;
  const m = methodOf(pack, method);
  const a = attemptAt(c, method);
  const g = methodGrade(m, a.marks);
  const criteria = (["pass", "distinction"] as const).flatMap((level) =>
    m.criteria[level].map((x) => ({
      group: x.group,
      graded: {
        id: x.id,
        level,
        text: x.text,
        keys: (x.parts ?? [{ id: "", text: x.text }]).map((p) => {
          const key = p.id ? `${x.id}.${p.id}` : x.id;
          return { key, part: p.id || null, text: p.text, mark: a.marks[key] ?? ("notYet" as const) };
        }),
      },
    })),
  );
  const groups = [...new Set(criteria.map((x) => x.group))].map((group) => ({
    group,
    criteria: criteria.filter((x) => x.group === group).map((x) => x.graded),
  }));
  const missed = (of: typeof g.missingForPass) => [...new Set(of.map((x) => x.criterion))];
  const last = lastDayFor(c, a);
  return {
    caseId: c.id,
    ref: c.ref,
    seen: c.revision,
    apprentice: c.parties.apprentice,
    method,
    title: m.title,
    attempt: a.n,
    ...(a.session.booking ? { at: a.session.started?.at ?? a.session.booking.at } : {}),
    ...(a.session.ended ? { seconds: a.session.ended.seconds } : {}),
    ...(a.session.state === "running" || a.session.state === "paused" ? { clock: clockView(c, m, now) } : {}),
    limits: limitsOfAttempt(c, m, a),
    state: a.session.state,
    groups,
    descriptors: m.criteria.fail.map((f) => ({ id: f.id, text: f.text, ticked: a.descriptors.includes(f.id) })),
    proposed: g.grade,
    counts: {
      passMet: m.criteria.pass.length - missed(g.missingForPass).length,
      passOf: m.criteria.pass.length,
      distinctionMet: m.criteria.distinction.length - missed(g.missingForDistinction).length,
      distinctionOf: m.criteria.distinction.length,
      unmarked: g.unmarked.length,
    },
    missing: { pass: missed(g.missingForPass), distinction: missed(g.missingForDistinction) },
    ...(a.confirmed ? { confirmed: { grade: a.confirmed.grade, at: a.confirmed.at, by: a.confirmed.by.person } } : {}),
    ...(a.moderation ? { moderation: a.moderation } : {}),
    asked: askedIn(a.session),
    ...(a.session.present ? { present: a.session.present } : {}),
    notes: a.session.notes.map((n) => {
      const text = texts.get(n.seq);
      return {
        seconds: ranUntil(a.session.spans, n.at),
        criteria: n.criteria,
        ...(n.question ? { question: n.question } : {}),
        ...(text ? { text } : {}),
      };
    }),
    ...(last ? { lastDay: last } : {}),
    may: permitted(actor, c, pack, now).filter((p) => p.data.method === undefined || p.data.method === method),
  };
}

function clockView(c: Case, m: Method, now: Instant): NonNullable<GradingView["clock"]> {
  const { spans, questionsPart } = attemptAt(c, m.id).session;
  const all = ran(spans, now);
  const questionsSeconds = ran(questionsPart, now);
  const most = questionsLimit(c, m, all);
  const after = m.session.questionsPart?.limit.kind === "afterMinutes";
  return {
    seconds: after ? Math.max(0, all - questionsSeconds) : all,
    questionsSeconds,
    ...(most === undefined ? {} : { questionsMost: most }),
    questionsOpen: questionsPart.some((s) => s.to === undefined),
  };
}

/** What was handed in for a method, every version. */
export interface HandInView {
  caseId: string;
  ref: string;
  seen: number;
  apprentice: PersonId;
  method: MethodId;
  kind: "report" | "portfolio";
  title: string;
  /** Latest first; `attempt` where there was more than one. */
  versions: readonly HandInVersion[];
}
export interface HandInVersion extends Stamp {
  n: number;
  attempt: number;
  reference: FreeText;
  words?: number;
  pieces?: number;
  /** Each part that a report is to have, and whether it was ticked. */
  contents: readonly { id: string; title: string; ticked: boolean }[];
  /** Each KSB of the method, with the pieces that show it; empty where nothing was mapped. */
  mapping: readonly { ksb: string; pieces: readonly number[] }[];
}

/** The report or portfolio of a method with its earlier versions: for staff to whom the assessment is open. Else undefined. */
export function handInView(c: Case, actor: Actor, pack: Pack, method: MethodId): HandInView | undefined {
  const role = viewRole(actor, c);
  if (role === undefined || outside(role) || closedTo(actor, c)) return undefined;
  const m = pack.methods.find((x) => x.id === method);
  if (!m?.handIn) return undefined;
  const items = m.handIn.kind === "report" ? m.handIn.contents.items : [];
  const versions = (c.attempts[m.id] ?? []).flatMap((a) =>
    a.handIns.map(
      (h): HandInVersion => ({
        n: h.n,
        attempt: a.n,
        at: h.at,
        by: h.by,
        reference: h.reference,
        ...(h.words === undefined ? {} : { words: h.words }),
        ...(h.pieces === undefined ? {} : { pieces: h.pieces }),
        contents: h.contents
          ? items.map((i) => ({ id: i.id, title: i.title, ticked: h.contents?.includes(i.id) === true }))
          : [],
        mapping: h.mapping ? m.ksbs.map((k) => ({ ksb: k.id, pieces: h.mapping?.[k.id] ?? [] })) : [],
      }),
    ),
  );
  if (versions.length === 0) return undefined;
  return {
    caseId: c.id,
    ref: c.ref,
    seen: c.revision,
    apprentice: c.parties.apprentice,
    method: m.id,
    kind: m.handIn.kind,
    title: m.handIn.title,
    versions: versions.reverse(),
  };
}

/** Is everything settled, so that the coordinator can release? Staff only. */
export const readyToRelease = (c: Case, pack: Pack): boolean => allSettled(c, pack);
