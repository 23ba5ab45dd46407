import { z } from "zod";
import { addDays, compareInstants, daysBetween, type Instant, londonDate } from "../rules/calendar";
import { type Method, methodOf } from "../rules/pack";
import { type Booked, booking, meetingFor, toBooking } from "./booking";
import {
  askedIn,
  attemptAt,
  type Case,
  type Context,
  type Decide,
  type Evolves,
  emptySession,
  type FreeText,
  free,
  judge,
  type LimitsInForce,
  momentOf,
  type NewEvent,
  type NotHeld,
  type Offers,
  refuse,
  withAttempt,
  wordsOf,
} from "./case";
import { online } from "./meetings";
import { id, methodId, text } from "./payload";
import {
  closedAt,
  cutOff,
  inOrder,
  inState,
  isOpen,
  judgeQuestions,
  known,
  momentStamp,
  sessionIn,
  usedIn,
  when,
  withSession,
} from "./sitting";
import { judgeBooking, lengthLimits, questionsLimit, ran } from "./timing";

/** Sessions: booked, moved, run with their clock, ended and judged, or not held (R07–R10, R17–R22). */

export const commands = {
  "session.book": z.strictObject({ method: methodId, ...booking }),
  "session.move": z.strictObject({ method: methodId, ...booking, reason: text() }),
  "session.start": z.strictObject({
    method: methodId,
    identityChecked: z.boolean(),
    conditions: z.array(id).max(20),
    recording: z.boolean(),
    /** The apprentice consents to being recorded. */
    consent: z.boolean().optional(),
    /** The device keeps what is typed while it is offline. */
    storage: z.boolean().optional(),
  }),
  "session.pause": z.strictObject({ method: methodId, reason: text(300) }),
  "session.resume": z.strictObject({ method: methodId }),
  "session.questions": z.strictObject({ method: methodId, part: z.enum(["open", "close"]) }),
  "session.end": z.strictObject({ method: methodId, reason: text().optional(), discretion: z.boolean() }),
  "session.notHeld": z.strictObject({
    method: methodId,
    why: z.enum(["noShow", "technical", "abandoned"]),
    detail: text(),
  }),
};

export type Event =
  | NewEvent<"SessionBooked", Booked>
  | NewEvent<"SessionMoved", Booked & { reason: FreeText; from: Instant }>
  | NewEvent<
      "SessionStarted",
      { method: string; conditions: string[]; recording: boolean; consent?: boolean; storage?: boolean }
    >
  | NewEvent<"SessionPaused", { method: string; reason: FreeText }>
  | NewEvent<"SessionResumed", { method: string }>
  | NewEvent<"QuestionsOpened", { method: string }>
  | NewEvent<"QuestionsClosed", { method: string }>
  | NewEvent<
      "SessionEnded",
      {
        method: string;
        seconds: number;
        questionsSeconds: number;
        discretion: boolean;
        reason?: FreeText;
        limits?: LimitsInForce;
      }
    >
  | NewEvent<"SessionNotHeld", { method: string; why: NotHeld["why"]; detail: FreeText }>;

/** Length as the pack counts it: questions after the session are not part of it. */
function lengths(c: Case, method: Method, at: Instant) {
  const { session } = attemptAt(c, method.id);
  const all = ran(closedAt(session.spans, at), at);
  const questions = ran(closedAt(session.questionsPart, at), at);
  const after = method.session.questionsPart?.limit.kind === "afterMinutes";
  return { seconds: after ? Math.max(0, all - questions) : all, questions, all };
}

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "session.book": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "none");
    if ("refused" in s) {
      const present = known(ctx.pack, p.method) ? attemptAt(c, p.method).session.booking : undefined;
      return present && compareInstants(present.at, p.at) === 0 ? { already: present.made } : s;
    }
    const j = judge(ctx);
    j.need(c.staff.assessor !== undefined, "NO_ASSESSOR");
    judgeBooking(j, c, ctx, { method: p.method, ...toBooking(p) });
    return j.settle(() => [{ type: "SessionBooked", data: { method: p.method, ...toBooking(p), ...meetingFor(p) } }]);
  },

  "session.move": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "booked");
    if ("refused" in s) return s;
    const before = s.attempt.session.booking;
    if (!before) return refuse("SESSION_STATE", { method: p.method, state: "none" });
    const standing = s.attempt.session.online;
    const { meeting } = meetingFor(p, standing);
    const unchanged =
      compareInstants(before.at, p.at) === 0 &&
      before.setting === p.setting &&
      wordsOf(before.link) === (p.link ?? "") &&
      meeting?.lobby === standing?.lobby &&
      meeting?.recording === standing?.recording;
    if (unchanged && "text" in before.where && before.where.text === p.where) return { already: before.made };
    const j = judge(ctx);
    judgeBooking(j, c, ctx, { method: p.method, ...toBooking(p) });
    return j.settle(() => [
      {
        type: "SessionMoved",
        data: {
          method: p.method,
          ...toBooking(p),
          ...(meeting ? { meeting } : {}),
          reason: free(p.reason),
          from: before.at,
        },
      },
    ]);
  },

  "session.start": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "booked");
    if ("refused" in s) {
      const started = known(ctx.pack, p.method) ? attemptAt(c, p.method).session.started : undefined;
      return started && c.stage === "assessment" ? { already: started } : s;
    }
    const { method, attempt } = s;
    const today = londonDate(when(ctx));
    const j = judge(ctx);
    const at = attempt.session.booking?.at;
    j.need(at !== undefined && londonDate(at) === today, "NOT_THE_DAY", { on: at ? londonDate(at) : undefined });
    j.need(p.identityChecked, "IDENTITY_NOT_CHECKED", {}, "identityChecked");
    j.need(!p.recording || p.consent !== false, "NO_CONSENT_TO_RECORDING", {}, "consent");
    const { conditions, setting } = method.session;
    const checklist = setting?.checklist ?? [];
    j.need(
      p.conditions.every((x) => [...conditions, ...checklist].some((k) => k.id === x)),
      "NO_SUCH_POINT",
      {},
      "conditions",
    );
    const undeclared = conditions.filter((x) => !p.conditions.includes(x.id));
    j.need(
      undeclared.length === 0,
      "CONDITIONS_NOT_DECLARED",
      { missing: undeclared.map((x) => x.title) },
      "conditions",
    );
    const unticked = checklist.filter((x) => !p.conditions.includes(x.id));
    if (setting)
      j.rule(
        setting,
        unticked.length === 0,
        "CHECKLIST_OPEN",
        { missing: unticked.map((x) => x.title) },
        { input: "conditions", effect: "warn", method: p.method },
      );
    handedInInTime(j, c, ctx, method);
    return j.settle(() => [
      {
        type: "SessionStarted",
        data: {
          method: p.method,
          conditions: p.conditions,
          recording: p.recording,
          ...(p.consent === undefined ? {} : { consent: p.consent }),
          ...(p.storage === undefined ? {} : { storage: p.storage }),
        },
      },
    ]);
  },

  "session.pause": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "running");
    if ("refused" in s) return s;
    return judge(ctx).settle(() => [{ type: "SessionPaused", data: { method: p.method, reason: free(p.reason) } }]);
  },

  "session.resume": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "paused");
    if ("refused" in s) return s;
    return judge(ctx).settle(() => [{ type: "SessionResumed", data: { method: p.method } }]);
  },

  "session.questions": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "running");
    if ("refused" in s) return s;
    const j = judge(ctx);
    j.need(s.method.session.questionsPart !== null, "NO_QUESTIONS_PART", { method: p.method });
    const open = isOpen(s.attempt.session.questionsPart);
    j.need(open !== (p.part === "open"), "QUESTIONS_ALREADY", { open });
    return j.settle(() => [
      { type: p.part === "open" ? "QuestionsOpened" : "QuestionsClosed", data: { method: p.method } },
    ]);
  },

  "session.end": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "running", "paused");
    if ("refused" in s) {
      const ended = known(ctx.pack, p.method) ? attemptAt(c, p.method).session.ended : undefined;
      return ended && c.stage === "assessment" ? { already: ended } : s;
    }
    const { method } = s;
    const j = judge(ctx);
    const { seconds, questions, all } = lengths(c, method, when(ctx));
    judgeLength(j, c, method, { seconds, questions, all }, p.reason, p.discretion);
    judgeQuestions(j, method, askedIn(s.attempt.session), p.reason);
    return j.settle(() => [
      {
        type: "SessionEnded",
        data: {
          method: p.method,
          seconds,
          questionsSeconds: questions,
          discretion: p.discretion,
          ...(p.reason ? { reason: free(p.reason) } : {}),
          limits: limitsNow(c, method, all),
        },
      },
    ]);
  },

  "session.notHeld": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "booked", "running", "paused");
    if ("refused" in s) return s;
    const j = judge(ctx);
    const begun = s.attempt.session.state !== "booked";
    j.need(p.why !== "noShow" || !begun, "SESSION_BEGUN", { method: p.method }, "why");
    j.need(p.why !== "abandoned" || begun, "SESSION_NOT_BEGUN", { method: p.method }, "why");
    const at = s.attempt.session.booking?.at;
    j.need(p.why !== "noShow" || at === undefined || compareInstants(at, ctx.now) <= 0, "NOT_YET_TIME", { at }, "why");
    return j.settle(() => [{ type: "SessionNotHeld", data: { method: p.method, why: p.why, detail: free(p.detail) } }]);
  },
};

/** What is permitted of a session that ran so long, as the case stands. */
function limitsNow(c: Case, method: Method, all: number): LimitsInForce {
  const questions = questionsLimit(c, method, all);
  return { ...lengthLimits(c, method), ...(questions === undefined ? {} : { questions }) };
}

/** R17, R19: the session is blocked while the hand-in is missing or too fresh. */
function handedInInTime(j: ReturnType<typeof judge>, c: Case, ctx: Context, method: Method): void {
  const { handIn } = method;
  if (!handIn) return;
  const last = attemptAt(c, method.id).handIns.at(-1);
  j.rule(handIn.beforeSession, last !== undefined, "NOT_HANDED_IN", { method: method.id, what: handIn.title });
  if (!last) return;
  const handedIn = londonDate(last.at);
  const { days } = handIn.beforeSession;
  j.rule(handIn.beforeSession, daysBetween(handedIn, londonDate(when(ctx))) >= days, "TOO_SOON_AFTER_HAND_IN", {
    method: method.id,
    handedIn,
    days,
    earliest: addDays(handedIn, days),
  });
}

/** R08, R18, R22 for the whole, R09 for the questions part. */
function judgeLength(
  j: ReturnType<typeof judge>,
  c: Case,
  method: Method,
  length: { seconds: number; questions: number; all: number },
  reason: string | undefined,
  discretion: boolean,
): void {
  const rule = method.session.length;
  const { least, planned, most, extra } = lengthLimits(c, method);
  const facts = { method: method.id, seconds: length.seconds, least, most };
  j.rule(rule, length.seconds >= least && length.seconds <= most, "LENGTH_OUTSIDE", facts, { input: "reason", reason });
  // Extra time is the apprentice's by right: discretion begins after it.
  const due = Math.round(planned * (1 + extra));
  if (rule.overIsDiscretion && length.seconds > due && length.seconds <= most)
    j.rule(
      rule,
      discretion,
      "DISCRETION_NEEDED",
      { seconds: length.seconds, planned: due },
      { input: "discretion", effect: "block", method: method.id },
    );
  const part = method.session.questionsPart;
  if (!part) return;
  const limit = questionsLimit(c, method, length.all) ?? 0;
  j.rule(
    part,
    length.questions <= limit,
    "QUESTIONS_TOO_LONG",
    { seconds: length.questions, most: limit },
    { input: "reason", reason, effect: "reason", method: method.id },
  );
}

export const evolve: Evolves<Event> = {
  SessionBooked: (c, { method, meeting, ...b }, e) => {
    const { offered: _taken, ...session } = attemptAt(c, method).session;
    return withAttempt(c, method, {
      session: {
        ...session,
        state: "booked",
        booking: { ...b, made: momentStamp(e) },
        ...online(undefined, meeting, e.seq),
      },
    });
  },
  SessionMoved: (c, { method, meeting, reason: _why, from: _from, ...b }, e) => {
    const { online: before, ...session } = attemptAt(c, method).session;
    return withAttempt(c, method, {
      session: { ...session, booking: { ...b, made: momentStamp(e) }, ...online(before, meeting, e.seq) },
    });
  },
  SessionStarted: (c, { method, ...d }, e) =>
    withSession(c, method, { state: "running", started: { ...d, ...momentStamp(e) }, spans: [{ from: momentOf(e) }] }),
  SessionPaused: (c, d, e) => {
    const { spans, questionsPart, pauses = [] } = attemptAt(c, d.method).session;
    const from = momentOf(e);
    return withSession(c, d.method, {
      state: "paused",
      spans: closedAt(spans, from),
      questionsPart: closedAt(questionsPart, from),
      pauses: [...pauses, { from, reason: d.reason, ...(isOpen(questionsPart) ? { questions: true } : {}) }],
    });
  },
  SessionResumed: (c, d, e) => {
    const { session } = attemptAt(c, d.method);
    const { spans, questionsPart, pauses = [] } = session;
    const from = momentOf(e);
    return withSession(c, d.method, {
      state: "running",
      spans: [...spans, { from }],
      ...(cutOff(session) ? { questionsPart: [...questionsPart, { from }] } : {}),
      pauses: closedAt(pauses, from),
    });
  },
  QuestionsOpened: (c, d, e) =>
    withSession(c, d.method, {
      questionsPart: [...attemptAt(c, d.method).session.questionsPart, { from: momentOf(e) }],
    }),
  QuestionsClosed: (c, d, e) =>
    withSession(c, d.method, {
      questionsPart: closedAt(attemptAt(c, d.method).session.questionsPart, momentOf(e)),
    }),
  SessionEnded: (c, { method, ...d }, e) => {
    const { spans, questionsPart, pauses } = attemptAt(c, method).session;
    const at = momentOf(e);
    return withSession(c, method, {
      state: "ended",
      spans: closedAt(spans, at),
      questionsPart: closedAt(questionsPart, at),
      ...(pauses ? { pauses: closedAt(pauses, at) } : {}),
      ended: { ...d, ...momentStamp(e) },
    });
  },
  // To be held again: clock, questions and marks begin anew; what was, stays in the events and in `notHeld`.
  SessionNotHeld: (c, d, e) => {
    const a = attemptAt(c, d.method);
    const past = a.session.booking;
    return withAttempt(c, d.method, {
      session: emptySession,
      marks: {},
      marked: {},
      descriptors: [],
      used: [...inOrder([...(a.used ?? []), ...usedIn(a)])],
      notHeld: [...a.notHeld, { why: d.why, detail: d.detail, ...momentStamp(e), ...(past ? { booking: past } : {}) }],
    });
  },
};

export const offers: Offers<keyof typeof commands> = {
  "session.book": inState("none"),
  "session.move": inState("booked"),
  "session.start": (c, pack, now) =>
    inState("booked")(c, pack).filter((o) => {
      const at = attemptAt(c, String(o.method)).session.booking?.at;
      return at !== undefined && londonDate(at) === londonDate(now);
    }),
  "session.pause": inState("running"),
  "session.resume": inState("paused"),
  "session.questions": (c, pack) =>
    inState("running")(c, pack)
      .filter((o) => methodOf(pack, String(o.method)).session.questionsPart !== null)
      .map((o) => ({
        ...o,
        part: isOpen(attemptAt(c, String(o.method)).session.questionsPart) ? "close" : "open",
      })),
  "session.end": inState("running", "paused"),
  "session.notHeld": inState("booked", "running", "paused"),
};
