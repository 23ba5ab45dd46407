import { z } from "zod";

/**
 * What the grading panel and the service say to each other: shapes only, checked both ways. The browser takes the *types* from
 * here (`import type`), never the code.
 *
 * **Reading.** `GET /api/panel` answers `PanelAnswer`. The query names the session: `?chat=<meeting chat id>`, or
 * `?case=<case id>&method=<method id>`, or nothing (answers `noSession` with what comes next). Answers bear an `ETag`; ask
 * with `If-None-Match` and get 304. Every answer, 304 too, bears `Epilogue-Time`, the service's clock as an instant with
 * milliseconds: the body holds no running second, so that it changes only when the session does. The panel counts by itself:
 * seconds run = the sum of `timer.spans` (an open one up to now) less, where `timer.questions.kind` is `after`, the sum of
 * `timer.questions.spans`.
 *
 * **Writing.** `POST /api/panel/commands` takes `CommandBatch` (1 to 50 commands, 512 kB) and answers `BatchAnswer`: an answer
 * for each command in the same order, and the panel as it is afterwards. Each command is an `Envelope` with an id made where
 * it was pressed; the same envelope sent again does nothing twice (`repeat: true`). Keep a command in the queue until it is
 * answered `done`, `already`, `refused` or `conflict`; on `later`, on HTTP 401, 429, 5xx, or without an answer, keep it and send it again
 * in the same order. A refused or conflicting command wrote nothing and must be shown with its words, never dropped silently.
 *
 * **Ids made by the panel.** The id of a `session.note` command is the note's id; the id of a `session.ask` command is the asked
 * question's id. So a note or a follow-up can be tied to what still waits in the queue.
 *
 * **Two panels.** A mark and a note's correction name in `after` the command whose mark or words the person saw (`last.command` /
 * `version` in the view, or the panel's own waiting command; null: there was none). Where something else stands by now, and it
 * differs from what is asked, nothing is written: `conflict`, with what stands. Asking again with `after` naming that
 * settles it. Equal marks converge without a word. `after` left out is not checked.
 *
 * **Time.** `occurred` says when the press was: the device's clock, a monotonic reading (`performance.now()`), a random id of the
 * page load in which that reading counts (`origin`), and the last known server offset (server minus device, in ms; null before
 * the first answer). `sent` says the same of the sending. The service works out when it happened, keeps that beside when
 * it was received, and flags what is implausible. The session's times (start, pause, resume, end, notes) are those of `occurred`.
 *
 * HTTP answers other than 200 and 304 have the body `Failure`. 401 `SignInNeeded` (get a new token, send again), 403 `NotBound` (no
 * person is bound to this account: a code in the chat does that), 404 `NoSession` (none, or none of yours), 400 `BadRequest`
 * 413 `PayloadTooLarge` and 415 `UnsupportedMediaType` (faults of the panel: show them), 429 `TooManyRequests` and 503 `SignInUnavailable` or `Busy` (`Retry-After` in seconds).
 */

const text = z.string();
const id = z.string().min(1).max(64);
const instant = z.iso.datetime();
const count = z.int().min(0);
/** Seconds, or a share where it says so. */
const seconds = z.number().min(0);

export const PanelMark = z.enum(["met", "notMet", "notYet"]);
export type PanelMark = z.infer<typeof PanelMark>;
const grade = z.enum(["fail", "pass", "distinction"]);
const level = z.enum(["pass", "distinction"]);
const attendee = z.enum(["apprentice", "assessor", "employer", "provider", "iqa", "coordinator"]);
const deviceKind = z.enum(["computer", "phone"]);

// ---- what the panel is shown -----------------------------------------------------------------------------------

export const Phase = z.enum([
  /** Booked: the checklist, then start. */
  "before",
  "running",
  "paused",
  /** Ended and not confirmed yet: marks and notes go on, then the declaration. */
  "marking",
  /** Confirmed: read-only for everyone. */
  "confirmed",
]);
export type Phase = z.infer<typeof Phase>;

/** Which session it is. */
export const SessionHead = z.strictObject({
  caseId: id,
  /** "EX-2026-0147" */
  ref: text,
  method: id,
  /** "Professional discussion" */
  title: text,
  /** 2 and more for a resit or retake. */
  attempt: z.int().positive(),
  /** The apprentice's name; absent for the apprentice. */
  apprentice: text.optional(),
  employerName: text,
  assessor: text,
  /** When it is booked for. */
  at: instant.nullable(),
  setting: z.enum(["workplace", "faceToFace", "teams", "simulated"]).nullable(),
  where: text.nullable(),
  link: text.nullable(),
});
export type SessionHead = z.infer<typeof SessionHead>;

export const Span = z.strictObject({ from: instant, to: instant.nullable() });
export type Span = z.infer<typeof Span>;

/** A limit that comes near or is reached: drawn on the track, spoken politely. */
export const Warning = z.strictObject({
  /** Seconds run. */
  seconds,
  kind: z.enum(["tenToGo", "mayEnd", "planned", "twoToGo", "over"]),
  /** When that will be, while the clock runs and nothing stops it; null otherwise. */
  at: instant.nullable(),
  /** "You may end from now on." */
  says: text,
});
export type Warning = z.infer<typeof Warning>;

/** The permitted window in seconds; approved extra time moves `most` only. */
export const Limits = z.strictObject({
  least: seconds,
  planned: seconds,
  most: seconds,
  /** Approved extra time as a share of the planned length: 0.25. */
  extra: z.number().min(0),
  /** Longer than this (and not over `most`) is at the assessor's discretion, to be ticked; null where no tick is asked. */
  discretionAbove: seconds.nullable(),
});
export type Limits = z.infer<typeof Limits>;

/** The part for questions, which has a clock of its own. `inside`: at most `share` of the whole, in it; `after`: `most` seconds. */
const QuestionsClock = z.strictObject({
  kind: z.enum(["inside", "after"]),
  open: z.boolean(),
  spans: z.array(Span),
  share: z.number().nullable(),
  most: seconds.nullable(),
  /** Of the clock of this part; for `inside` reckoned on the planned length. */
  warnings: z.array(Warning),
});

export const Timer = z.strictObject({
  phase: Phase,
  startedAt: instant.nullable(),
  /** What was run: pauses are the gaps. */
  spans: z.array(Span),
  limits: Limits,
  warnings: z.array(Warning),
  questions: QuestionsClock.nullable(),
  /** The latest last; `to` is null while it lasts. */
  pauses: z.array(Span.extend({ reason: text.nullable() })),
  recording: z.boolean().nullable(),
  ended: z
    .strictObject({ at: instant, seconds, questionsSeconds: seconds, reason: text.nullable(), discretion: z.boolean() })
    .nullable(),
});
export type Timer = z.infer<typeof Timer>;

export const BankQuestion = z.strictObject({
  id,
  /** "Q7" */
  label: text,
  text,
  criteria: z.array(id),
  /** Among the drawn. */
  drawn: z.boolean(),
  /** Asked or drawn in an earlier attempt: not to be used again while others are left. */
  earlier: z.boolean(),
  /** Asked in this session: the asked question's id. */
  asked: id.nullable(),
});
export type BankQuestion = z.infer<typeof BankQuestion>;

export const AskedQuestion = z.strictObject({
  id,
  n: z.int().positive(),
  /** Of the bank; null for the assessor's own words. */
  question: id.nullable(),
  /** "Q7", or null. */
  label: text.nullable(),
  text,
  kind: z.enum(["main", "followUp"]),
  /** The asked question that a follow-up follows. */
  follows: id.nullable(),
  criteria: z.array(id),
  at: instant,
  /** The session's time. */
  seconds,
});
export type AskedQuestion = z.infer<typeof AskedQuestion>;

/** Ticked as asked by mistake and taken back with `session.unask`: it counts for nothing, and stays on the record. */
export const WithdrawnQuestion = AskedQuestion.extend({ withdrawn: instant, reason: text });
export type WithdrawnQuestion = z.infer<typeof WithdrawnQuestion>;

export const Draw = z.strictObject({
  at: instant,
  seed: text,
  /** Version of the bank from which it was drawn, which the session keeps. */
  bank: text,
  ids: z.array(id),
  /** Criteria that none of the drawn reaches: none, unless the bank has too few questions left. */
  uncovered: z.array(id),
});
export type Draw = z.infer<typeof Draw>;

/** What to ask next: the question that reaches most criteria without evidence. `criteria` are those. */
export const NextQuestion = z.strictObject({ question: id, criteria: z.array(id) });
export type NextQuestion = z.infer<typeof NextQuestion>;

const Questions = z.strictObject({
  /** How many are drawn. */
  size: z.int().positive(),
  /** How many main questions the document wants, exactly (another number asks a reason); null where it gives none. */
  exactly: z.int().positive().nullable(),
  /** Main questions come from the bank (another is warned of). */
  fromBank: z.boolean(),
  bankVersion: text.nullable(),
  draw: Draw.nullable(),
  /** The bank for this method, drawn ones first in the order drawn. */
  bank: z.array(BankQuestion),
  /** In the order asked. */
  asked: z.array(AskedQuestion),
  /** Those taken back: none of them is among `asked`, and nothing is tied to them. Left out where there are none. */
  withdrawn: z.array(WithdrawnQuestion).optional(),
  next: NextQuestion.nullable(),
});

/** The mark that stands, and whose: what a later mark names in `after`. */
export const LastMark = z.strictObject({
  command: id,
  at: instant,
  by: text,
  device: deviceKind.nullable(),
});
export type LastMark = z.infer<typeof LastMark>;

export const MarkKey = z.strictObject({
  /** What a mark names: "discussion-P2", "discussion-D1.a". */
  key: id,
  /** "a", or null for a criterion without parts. */
  part: text.nullable(),
  text,
  mark: PanelMark,
  last: LastMark.nullable(),
});
export type MarkKey = z.infer<typeof MarkKey>;

export const PanelCriterion = z.strictObject({
  id,
  /** "P2", "D1" */
  label: text,
  level,
  text,
  keys: z.array(MarkKey).min(1),
  /** A note is tied to it, or a part of it is marked met or not met. */
  evidence: z.boolean(),
});
export type PanelCriterion = z.infer<typeof PanelCriterion>;

const PanelKsb = z.strictObject({ id: text, text });
export const CriteriaGroup = z.strictObject({
  /** As the pack groups them; null where the document lists them flat. */
  title: text.nullable(),
  criteria: z.array(PanelCriterion),
  /** KSBs under the same heading. No criterion is tied to a single KSB. */
  ksbs: z.array(PanelKsb),
});
export type CriteriaGroup = z.infer<typeof CriteriaGroup>;

export const PanelNote = z.strictObject({
  id,
  /** The command whose words these are: the note's own id, or its latest correction's. */
  version: id,
  at: instant,
  /** The session's time. */
  seconds,
  text,
  criteria: z.array(id),
  /** The asked question it is tied to. */
  question: id.nullable(),
  corrected: instant.nullable(),
});
export type PanelNote = z.infer<typeof PanelNote>;

const Tally = z.strictObject({ have: count, of: count });
export const Coverage = z.strictObject({
  pass: Tally,
  distinction: Tally,
  /**
   * What has no evidence yet, put together by the question that would reach it; `question` null where none of the bank is
   * left that does: `asked` then tells that one was asked and nothing was seen (add a follow-up), by its asked id.
   */
  open: z.array(z.strictObject({ criteria: z.array(id), question: id.nullable(), asked: id.nullable() })),
});
export type Coverage = z.infer<typeof Coverage>;

const Missing = z.strictObject({
  key: id,
  /** "P2", "D3 (a)" */
  label: text,
  text,
  mark: z.enum(["notMet", "notYet"]),
  /** The session's time of its latest note. */
  seconds: seconds.nullable(),
  /** A question of the bank that would reach it. */
  question: id.nullable(),
});
export const Provisional = z.strictObject({
  /** What the marks make now (not yet marked counts as not met). */
  grade,
  /** Every criterion is marked met or not met. */
  complete: z.boolean(),
  /** "Not yet a pass", "Pass so far", "Distinction" */
  says: text,
  /** "All 12 pass criteria must be met." */
  why: text,
  pass: Tally,
  distinction: Tally,
  missingForPass: z.array(Missing),
  missingForDistinction: z.array(Missing),
});
export type Provisional = z.infer<typeof Provisional>;

/** A point to be ticked; `id` goes into `conditions` of `session.start`. */
const Point = z.strictObject({
  id,
  title: text,
  /** Without it the start is refused; else it is warned of. */ needed: z.boolean(),
});
/** Before the start. The tick of `session.start`'s field that each stands for. */
export const Checklist = z.strictObject({
  /** `identityChecked` */
  identity: z.strictObject({ title: text }),
  /** `conditions` */
  conditions: z.array(Point),
  /** `recording` with `consent`: asked only where the session can be recorded (on Teams); null otherwise. */
  recording: z.strictObject({ title: text, consent: text }).nullable(),
  /** `storage`: whether this device keeps what is typed while offline. The panel finds out by itself. */
  storage: z.strictObject({ title: text, otherwise: text }),
  /** What stands ready, or not: questions drawn, the work handed in. */
  ready: z.array(z.strictObject({ ok: z.boolean(), says: text })),
  /** Today is the day on which it is booked: it can be started. */
  today: z.boolean(),
});
export type Checklist = z.infer<typeof Checklist>;

/** After the end: what is to be declared, and what stands against it or is only warned of. */
export const Finish = z.strictObject({
  grade,
  /** "12 of 12 pass, 1 of 3 distinction." */
  says: text,
  declaration: text,
  /** Marks still to be made before it can be confirmed. */
  unmarked: z.array(id),
  /** Said, recorded, and allowed. */
  warnings: z.array(text),
  descriptors: z.array(z.strictObject({ id, text, ticked: z.boolean() })),
  confirmed: z.strictObject({ grade, at: instant, by: text }).nullable(),
});
export type Finish = z.infer<typeof Finish>;

/** Report or portfolio, at hand. */
export const HandedIn = z.strictObject({
  kind: z.enum(["report", "portfolio"]),
  title: text,
  at: instant,
  /** Where it is: as the apprentice gave it. */
  reference: text,
  /** When `reference` is an https address. */
  link: z.url().nullable(),
  words: z.strictObject({ count, least: count, most: count }).nullable(),
  pieces: count.nullable(),
  contents: z.array(z.strictObject({ title: text, ticked: z.boolean() })),
  mapping: z.array(z.strictObject({ ksb: text, text, pieces: z.array(count) })),
});
export type HandedIn = z.infer<typeof HandedIn>;

export const panelCommands = [
  "session.draw",
  "session.start",
  "session.pause",
  "session.resume",
  "session.questions",
  "session.ask",
  "session.unask",
  "session.note",
  "session.correctNote",
  "session.mark",
  "session.descriptors",
  "session.present",
  "session.end",
  "grade.confirm",
] as const;
export const PanelCommand = z.enum(panelCommands);
export type PanelCommand = z.infer<typeof PanelCommand>;

/** For the assessor; and, with nothing in `may`, for IQA (live), coordinator and auditor. */
export const GradingPanel = z.strictObject({
  kind: z.literal("grading"),
  role: z.enum(["assessor", "iqa", "coordinator", "auditor"]),
  /** Of the case, as this was drawn. */
  revision: count,
  session: SessionHead,
  timer: Timer,
  checklist: Checklist.nullable(),
  questions: Questions,
  groups: z.array(CriteriaGroup),
  /** KSBs under no criteria's heading. */
  ksbs: z.array(PanelKsb),
  /** In the order of the session's time. */
  notes: z.array(PanelNote),
  coverage: Coverage,
  provisional: Provisional,
  finish: Finish.nullable(),
  handedIn: HandedIn.nullable(),
  /** What Teams said of the meeting, beside the assessor's own record; absent where it said nothing. */
  presence: z
    .strictObject({
      startedAt: instant.nullable(),
      endedAt: instant.nullable(),
      /** Who joined, by name. */
      people: z.array(text),
      guests: count,
    })
    .optional(),
  /** Who was there by the assessor's own record: who of the case could be, and what was recorded last. */
  present: z.strictObject({
    could: z.array(z.strictObject({ role: attendee, name: text, part: text })),
    recorded: z.strictObject({ who: z.array(attendee), others: text.nullable(), at: instant, by: text }).nullable(),
  }),
  /** What this person may do now; empty: read-only. */
  may: z.array(PanelCommand),
});
export type GradingPanel = z.infer<typeof GradingPanel>;

/** Time and practical information: an apprentice, or an employer who observes. The same bytes whatever is marked, noted or asked. */
export const OutsidePanel = z.strictObject({
  kind: z.literal("outside"),
  role: z.enum(["apprentice", "employer"]),
  /** The employer observes this session. */
  observes: z.boolean(),
  session: SessionHead,
  timer: z.strictObject({
    phase: z.enum(["before", "running", "paused", "ended"]),
    startedAt: instant.nullable(),
    spans: z.array(Span),
    limits: Limits.omit({ discretionAbove: true }),
    /** Seconds for questions that may come on top of `most`; 0 where they are inside. */
    questionsOnTop: seconds,
    recording: z.boolean().nullable(),
  }),
  /** "Ends between 54 and 66 min" */
  says: text,
  /** "You are here to observe", or null. */
  heading: text.nullable(),
  lines: z.array(
    z.strictObject({
      icon: z.enum(["person", "paper", "line", "calendar", "mute", "quiet", "secret", "leave", "clock"]),
      text,
    }),
  ),
});
export type OutsidePanel = z.infer<typeof OutsidePanel>;

/** Assessor or IQA who has not declared: nothing of the session before that. */
export const ClosedPanel = z.strictObject({ kind: z.literal("closed"), session: SessionHead, says: text, todo: text });
export type ClosedPanel = z.infer<typeof ClosedPanel>;

export const PanelView = z.discriminatedUnion("kind", [GradingPanel, OutsidePanel, ClosedPanel]);
export type PanelView = z.infer<typeof PanelView>;

const Upcoming = z.strictObject({
  caseId: id,
  method: id,
  title: text,
  with: text.nullable(),
  at: instant,
  /** "Tue 9 Jun 2026, 10:00" */ when: text,
});
export const PanelAnswer = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("session"), panel: PanelView }),
  /** Outside a meeting, or one without a session: what to do next. Soonest first. */
  z.strictObject({ kind: z.literal("noSession"), says: text, sessions: z.array(Upcoming) }),
]);
export type PanelAnswer = z.infer<typeof PanelAnswer>;

/** How the session is named in the query. */
export const PanelQuery = z.union([
  z.strictObject({}),
  z.strictObject({ chat: z.string().min(1).max(300) }),
  z.strictObject({ case: id, method: z.string().regex(/^[a-z]{1,32}$/) }),
]);
export type PanelQuery = z.infer<typeof PanelQuery>;

// ---- what the panel asks ---------------------------------------------------------------------------------------

const method = z.string().min(1).max(32);
const criteria = z.array(id).max(60);
const words = (max: number) => z.string().trim().min(1).max(max);

/** What each command of the panel carries; the case's own payloads (`src/case/`) take these as they are. */
export const commandData = {
  "session.draw": z.strictObject({ method }),
  "session.start": z.strictObject({
    method,
    identityChecked: z.boolean(),
    /** Ids of the ticked points. */
    conditions: z.array(id).max(20),
    recording: z.boolean(),
    /** The apprentice consents to the recording; a recording without it is refused. */
    consent: z.boolean(),
    storage: z.boolean(),
  }),
  "session.pause": z.strictObject({ method, reason: words(300) }),
  "session.resume": z.strictObject({ method }),
  "session.questions": z.strictObject({ method, part: z.enum(["open", "close"]) }),
  "session.ask": z.strictObject({
    method,
    /** Of the bank; or `text` in the assessor's words. */
    questionId: id.optional(),
    text: words(1000).optional(),
    kind: z.enum(["main", "followUp"]),
    /** The asked question that a follow-up follows. */
    follows: id.optional(),
    criteria,
  }),
  /** Until the grade is confirmed. */
  "session.unask": z.strictObject({
    method,
    /** The asked question's id. */
    question: id,
    reason: words(300),
  }),
  "session.note": z.strictObject({
    method,
    text: words(8000),
    criteria,
    /** The asked question's id. */
    question: id.optional(),
  }),
  "session.correctNote": z.strictObject({
    method,
    note: id,
    /** All of it as it is to be. */
    text: words(8000),
    criteria,
    question: id.optional(),
    after: id.optional(),
  }),
  "session.mark": z.strictObject({
    method,
    marks: z.record(z.string().max(40), PanelMark),
    /** For each key the command whose mark was seen; null: none was. */
    after: z.record(z.string().max(40), id.nullable()).optional(),
  }),
  "session.descriptors": z.strictObject({ method, ticked: z.array(id).max(40) }),
  /** Who was there; recorded anew it is corrected. */
  "session.present": z.strictObject({ method, who: z.array(attendee).min(1).max(6), others: words(300).optional() }),
  "session.end": z.strictObject({ method, reason: words(2000).optional(), discretion: z.boolean() }),
  "grade.confirm": z.strictObject({ method, grade, declared: z.boolean() }),
} as const satisfies Record<PanelCommand, z.ZodType>;
export type CommandData<T extends PanelCommand> = z.infer<(typeof commandData)[T]>;
export type PanelRequest = { [T in PanelCommand]: { type: T; data: CommandData<T> } }[PanelCommand];

/** Readings of the device's clocks. */
const Reading = z.strictObject({
  /** The device's own clock. */
  device: instant,
  /** `performance.now()`, milliseconds. */
  monotonic: z.number().min(0).max(1e12),
  /** A random id of the page load: monotonic readings of the same one can be compared. */
  origin: id,
});
export const OccurredAt = Reading.extend({
  /** Server minus device in milliseconds, as last known when it was pressed; null before the first answer. */
  serverOffset: z.number().min(-1e13).max(1e13).nullable(),
});
export type OccurredAt = z.infer<typeof OccurredAt>;
export type ClockReading = z.infer<typeof Reading>;

export const Envelope = z.strictObject({
  /** A random UUID, made at the press. */
  id: z.uuid(),
  caseId: id,
  /** Checked against the command's payload later, so that one bad command does not lose its neighbours. */
  command: z.strictObject({ type: z.string().max(40), data: z.unknown() }),
  occurred: OccurredAt,
  device: deviceKind,
});
/** As the panel makes it. */
export type Envelope = Omit<z.infer<typeof Envelope>, "command"> & { command: PanelRequest };
/** As it arrives: its command is not yet checked. */
export type RawEnvelope = z.infer<typeof Envelope>;

export const mostCommands = 50;
export const CommandBatch = z.strictObject({
  sent: Reading,
  /** In the order pressed. */
  commands: z.array(Envelope).min(1).max(mostCommands),
  /** Whether the panel is to come with the answer; it does unless told: leave it out while more batches follow. */
  panel: z.boolean().optional(),
});
export type CommandBatch = Omit<z.infer<typeof CommandBatch>, "commands"> & { commands: Envelope[] };

// ---- what it is answered ---------------------------------------------------------------------------------------

/** A refusal in words: what is wrong, what would be lawful, which clause, and what lifts it. */
export const PanelProblem = z.strictObject({
  code: text,
  /** In an input's label: "too short". */
  short: text,
  fact: text,
  lawful: text,
  clause: text.nullable(),
  remedy: text.nullable(),
  /** The field of the command's data it belongs beside. */
  input: text.nullable(),
  /** A written reason (`reason`) would lift it. */
  needsReason: z.boolean(),
  facts: z.record(z.string(), z.unknown()),
});
export type PanelProblem = z.infer<typeof PanelProblem>;

/** Marks of other panels that stand in the way of this one's, or words of a note. */
export const Conflict = z.strictObject({
  /** "P2 was also marked on your phone" */
  says: text,
  marks: z.array(
    z.strictObject({ key: id, label: text, stands: PanelMark, asked: PanelMark, last: LastMark.nullable() }),
  ),
  note: PanelNote.nullable(),
});
export type Conflict = z.infer<typeof Conflict>;

const answered = { id: z.uuid(), revision: count };
export const CommandAnswer = z.discriminatedUnion("kind", [
  /** It is kept. `repeat`: it was already. `warned`: allowed and recorded. */
  z.strictObject({ kind: z.literal("done"), ...answered, repeat: z.boolean(), warned: z.array(text) }),
  /** It stood already, by somebody's other command: nothing was written. */
  z.strictObject({ kind: z.literal("already"), ...answered }),
  z.strictObject({ kind: z.literal("refused"), ...answered, problems: z.array(PanelProblem).min(1) }),
  z.strictObject({ kind: z.literal("conflict"), ...answered, conflict: Conflict }),
  /** Not reached, or the store was busy: keep it, and send it again. */
  z.strictObject({ kind: z.literal("later"), ...answered }),
]);
export type CommandAnswer = z.infer<typeof CommandAnswer>;

export const BatchAnswer = z.strictObject({
  answers: z.array(CommandAnswer),
  /** The session of the last command as it is now, with its ETag for the next reading; null when not asked for, or not theirs to see. */
  panel: PanelView.nullable(),
  etag: text.nullable(),
});
export type BatchAnswer = z.infer<typeof BatchAnswer>;

export const Failure = z.strictObject({
  error: z.strictObject({
    code: z.enum([
      "SignInNeeded",
      "SignInUnavailable",
      "NotBound",
      "NoSession",
      "BadRequest",
      "PayloadTooLarge",
      "UnsupportedMediaType",
      "TooManyRequests",
      "Busy",
    ]),
    correlationId: text,
  }),
});
export type Failure = z.infer<typeof Failure>;
