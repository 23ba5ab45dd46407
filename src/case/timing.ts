import {
  addDays,
  addMonths,
  compareInstants,
  daysBetween,
  type Instant,
  type IsoDate,
  londonDate,
  millisecondsBetween,
} from "../rules/calendar";
import { type Method, methodOf, type Pack } from "../rules/pack";
import { type Attempt, attemptAt, type Booking, type Case, type Context, type Judge, type Span } from "./case";

/** When things may be and how long they may last: shared by booking, hand-ins, sessions and views. */

const later = (a: IsoDate, b: IsoDate | undefined): IsoDate => (b !== undefined && b > a ? b : a);
const earlier = (a: IsoDate | undefined, b: IsoDate | undefined): IsoDate | undefined =>
  a === undefined ? b : b === undefined || a < b ? a : b;

/**
 * R01: counted to the gateway meeting, or to `today` where the pack keeps no meeting; months date to date and elapsed days,
 * both as the provider attests them. `effect` where it is only to be warned of.
 */
export function judgeTimeOnProgramme(
  j: Judge,
  c: Pick<Case, "programmeStart" | "gateway">,
  pack: Pack,
  today: IsoDate,
  effect = pack.rules.timeOnProgramme.effect,
): void {
  const rule = pack.rules.timeOnProgramme;
  const { attested, meeting } = c.gateway;
  const until = meeting?.on ?? today;
  const lastDay = attested && attested.lastDay < until ? attested.lastDay : until;
  const days = daysBetween(c.programmeStart, lastDay);
  const monthsEnd = rule.months === null ? c.programmeStart : addMonths(c.programmeStart, rule.months);
  j.rule(rule, attested !== undefined, "TIME_NOT_ATTESTED", {}, { effect });
  j.rule(
    rule,
    days >= rule.days && lastDay >= monthsEnd,
    "TIME_ON_PROGRAMME_SHORT",
    { days, least: rule.days, start: c.programmeStart, until: lastDay },
    { effect },
  );
}

/** The EPA window, once gateway evidence is accepted. */
export const windowOf = (c: Case) => ("window" in c ? c.window : undefined);

/**
 * Whether the attempt goes by the EPA window and the report window: the first, and any that came through a gateway since it
 * was opened. Other resits and retakes go by R29.
 */
export const inWindow = (c: Case, a: Attempt): boolean =>
  c.gateway.accepted !== undefined && compareInstants(a.opened, c.gateway.accepted.at) <= 0;

/** R06 for attempts in the window; R29 for others: the last day for the method's assessment. */
export function lastDayFor(c: Case, a: Attempt): IsoDate | undefined {
  return inWindow(c, a) ? windowOf(c)?.end : a.by;
}

/**
 * R14: the report's last day by its window, as far as it can be known. A subject that is proposed is agreed when the proposal
 * is accepted, any other at the planning meeting; `planningOn` is the meeting's day while it is being finished.
 */
export function reportLimit(c: Case, pack: Pack, planningOn?: IsoDate): IsoDate | undefined {
  const { reportWindow, projectSubject } = pack.rules;
  if (reportWindow.from === "planningMeeting") {
    const held = c.planning.finished?.on ?? (c.planning.meeting ? londonDate(c.planning.meeting.at) : undefined);
    return held === undefined ? undefined : addMonths(held, reportWindow.months);
  }
  const accepted = c.proposals.find((p) => p.outcome === "accepted")?.decided?.at;
  const agreed =
    projectSubject.how.kind === "proposal" ? accepted && londonDate(accepted) : (c.planning.finished?.on ?? planningOn);
  return agreed === undefined ? undefined : addMonths(later(agreed, c.gateway.meeting?.on), reportWindow.months);
}

/** The last day to hand in: what the window, the agreed date, a rework, and the session booked allow. */
export function handInDue(c: Case, pack: Pack, method: Method): IsoDate | undefined {
  if (!method.handIn) return undefined;
  const a = attemptAt(c, method.id);
  const before = a.session.booking
    ? addDays(londonDate(a.session.booking.at), -method.handIn.beforeSession.days)
    : undefined;
  if (method.handIn.kind === "portfolio") return earlier(before, a.by);
  if (a.reworkBy) return earlier(before, a.reworkBy);
  if (!inWindow(c, a)) return earlier(before, a.by);
  return earlier(earlier(reportLimit(c, pack), c.planning.finished?.reportDue), before);
}

/** The day agreed for the report, while the attempt goes by that agreement. */
const agreedReport = (c: Case, method: Method): IsoDate | undefined =>
  method.handIn?.kind === "report" && inWindow(c, attemptAt(c, method.id)) ? c.planning.finished?.reportDue : undefined;

/** The first day on which the session may be: notice, hand-in, both counted date to date. */
export function earliestSession(c: Case, _pack: Pack, method: Method, today: IsoDate): IsoDate {
  const { session, handIn } = method;
  const notice = session.notice ? addDays(today, session.notice.days) : today;
  if (!handIn) return notice;
  const handedIn = attemptAt(c, method.id).handIns.at(-1);
  const read = handedIn ? londonDate(handedIn.at) : later(today, agreedReport(c, method));
  return later(notice, addDays(read, handIn.beforeSession.days));
}

/** So that no end is lost to how a share such as 0.1 is held. */
const exact = (n: number): number => Math.round(n * 1e6) / 1e6;
/** The most whole seconds that do not go over. */
const wholeSeconds = (n: number): number => Math.floor(exact(n));

/** The permitted seconds of a session, with approved extra time on the upper limit only. */
export function lengthLimits(c: Case, method: Method): { least: number; planned: number; most: number; extra: number } {
  const { minutes, under, over } = method.session.length;
  const extra = extraTime(c, method.id);
  const seconds = minutes * 60;
  return {
    least: Math.ceil(exact(seconds * (1 - under))),
    planned: seconds,
    most: wholeSeconds(seconds * (1 + extra) * (1 + over)),
    extra,
  };
}

/** The same for one attempt: of a session that is over, those by which it was judged. */
export function limitsOfAttempt(c: Case, method: Method, { session }: Pick<Attempt, "session">) {
  if (!session.ended?.limits) return lengthLimits(c, method);
  const { least, planned, most, extra } = session.ended.limits;
  return { least, planned, most, extra };
}

/** Approved extra time as a share: the largest that was granted for the method. */
export const extraTime = (c: Case, method: string): number =>
  Math.max(
    0,
    ...c.adjustments
      .filter(
        (a) =>
          a.outcome === "granted" && a.kind === "extraTime" && (a.methods.length === 0 || a.methods.includes(method)),
      )
      .map((a) => (a.extraTimePercent ?? 0) / 100),
  );

/** The most seconds of the questions part, given how long the whole ran. */
export function questionsLimit(c: Case, method: Method, ranSeconds: number): number | undefined {
  const part = method.session.questionsPart;
  if (!part) return undefined;
  if (part.limit.kind === "insideShare") return wholeSeconds(ranSeconds * part.limit.share);
  return wholeSeconds(part.limit.minutes * 60 * (1 + extraTime(c, method.id)));
}

/** What was run, in whole seconds: pauses left out, and nothing lost at each. An open span counts up to `now`. */
export const ran = (spans: readonly Span[], now: Instant): number =>
  Math.trunc(spans.reduce((sum, s) => sum + millisecondsBetween(s.from, s.to ?? now), 0) / 1000);

/** What had been run at that moment: the session's own time of a note. */
export const ranUntil = (spans: readonly Span[], at: Instant): number =>
  ran(
    spans
      .filter((s) => compareInstants(s.from, at) <= 0)
      .map((s) => ({ from: s.from, to: s.to && compareInstants(s.to, at) < 0 ? s.to : at })),
    at,
  );

/** What the planning meeting is about to agree, while its bookings are judged. */
export interface InPlanning {
  observationPlan: readonly string[];
  /** Method → when its session is to be. */
  at: Readonly<Record<string, Instant>>;
  reportDue?: IsoDate | undefined;
}

/** A booking while it is judged: the method's own things beside it. */
interface Judged {
  j: Judge;
  c: Case;
  ctx: Context;
  booking: Booking & { method: string };
  inPlanning: InPlanning | undefined;
  method: Method;
  attempt: Attempt;
  today: IsoDate;
  on: IsoDate;
  /** The input of its day. */
  input: string;
}

/**
 * Judges a booking (R06, R07, R10, R17, R19, R23, R29, R40). The apprentice is told of it today; a booking moved within its
 * day keeps the notice that was given of the day.
 */
export function judgeBooking(
  j: Judge,
  c: Case,
  ctx: Context,
  booking: Booking & { method: string },
  inPlanning?: InPlanning,
): void {
  const method = methodOf(ctx.pack, booking.method);
  const judged: Judged = {
    j,
    c,
    ctx,
    booking,
    inPlanning,
    method,
    attempt: attemptAt(c, method.id),
    today: londonDate(ctx.now),
    on: londonDate(booking.at),
    input: inPlanning ? `${method.id}-date` : "date",
  };
  j.need(compareInstants(booking.at, ctx.now) > 0, "IN_THE_PAST", { now: ctx.now }, judged.input);
  judgeNotice(judged);
  judgeLimits(judged);
  judgeSetting(judged);
  judgeReading(judged);
  judgeOrder(judged);
}

/** R07. */
function judgeNotice({ j, attempt, method, on, today, input }: Judged): void {
  const { notice } = method.session;
  if (!notice) return;
  const told = attempt.session.booking !== undefined && londonDate(attempt.session.booking.at) === on;
  const earliest = addDays(today, notice.days);
  j.rule(
    notice,
    told || on >= earliest,
    "NOTICE_TOO_SHORT",
    { method: method.id, days: notice.days, earliest },
    { input },
  );
}

/** R06 for what goes by the window, R29 for a resit or retake. */
function judgeLimits({ j, c, ctx, attempt, method, on, today, input }: Judged): void {
  const { epaWindow, resitLimit } = ctx.pack.rules;
  const also = { input, method: method.id };
  const window = windowOf(c);
  if (window && inWindow(c, attempt))
    j.rule(epaWindow, on <= window.end, "AFTER_WINDOW", { ends: window.end, months: epaWindow.months }, also);
  if (attempt.by)
    j.rule(
      resitLimit,
      on <= attempt.by,
      "AFTER_RESIT_LIMIT",
      {
        by: attempt.by,
        months: resitLimit.months,
        ...(today > attempt.by && resitLimit.beyond === "wholeEpaAgain" ? { wholeEpa: true } : {}),
      },
      also,
    );
}

/** R10 and R40 for the observation's place; a closed list for the others. */
function judgeSetting({ j, c, ctx, booking, method, inPlanning, input }: Judged): void {
  const { session } = method;
  if (!session.setting) {
    j.need(
      session.settings.includes(booking.setting),
      "SETTING_NOT_ALLOWED",
      { setting: booking.setting, allowed: session.settings },
      "setting",
    );
    return;
  }
  const dispensed = booking.setting === session.setting.dispensation && c.dispensation !== undefined;
  j.rule(
    session.setting,
    session.setting.allowed.includes(booking.setting) || dispensed,
    "SETTING_NOT_ALLOWED",
    { setting: booking.setting, allowed: session.setting.allowed },
    { input: inPlanning ? `${method.id}-setting` : "setting", method: method.id },
  );
  const { observationPlan } = ctx.pack.rules;
  const plan = inPlanning?.observationPlan ?? c.planning.finished?.observationPlan ?? [];
  const missing = observationPlan.aspects.filter((x) => !plan.includes(x.id));
  j.rule(
    observationPlan,
    missing.length === 0,
    "OBSERVATION_NOT_PLANNED",
    { missing: missing.map((x) => x.title) },
    { input: inPlanning ? "observationPlan" : input, method: method.id },
  );
}

/** R17, R19: the assessor has the days to read what is handed in. */
function judgeReading({ j, c, attempt, method, inPlanning, on, today, input }: Judged): void {
  const { handIn } = method;
  if (!handIn) return;
  const { days } = handIn.beforeSession;
  const last = attempt.handIns.at(-1);
  if (last) {
    const handedIn = londonDate(last.at);
    const earliest = addDays(handedIn, days);
    j.rule(
      handIn.beforeSession,
      on >= earliest,
      "TOO_SOON_AFTER_HAND_IN",
      { method: method.id, handedIn, days, earliest, latest: lastDayFor(c, attempt) },
      { input },
    );
    return;
  }
  // Still to come: the session leaves the days to read it, from the day agreed for it, or from today.
  const due = later(today, inPlanning && handIn.kind === "report" ? inPlanning.reportDue : agreedReport(c, method));
  const earliest = addDays(due, days);
  j.rule(
    handIn.beforeSession,
    on >= earliest,
    "SESSION_BEFORE_REPORT_READ",
    { method: method.id, what: handIn.title, due, earliest, days },
    { input },
  );
}

/** R23, judged where it is decided: at the later of the two, or at the earlier session when the later one is not part of it. */
function judgeOrder({ j, c, ctx, booking, method, inPlanning, input }: Judged): void {
  const { pack } = ctx;
  for (const { earlier: first, later: then, source } of pack.rules.order.advised) {
    if (then.method !== method.id && (first.method !== method.id || first.what === "handIn")) continue;
    if (then.method !== method.id && inPlanning?.at[then.method] !== undefined) continue;
    // A resit alone follows no order: only methods that were opened together do.
    if (attemptAt(c, first.method).opened !== attemptAt(c, then.method).opened) continue;
    const at = (x: typeof first): Instant | undefined =>
      x.method === method.id ? booking.at : (inPlanning?.at[x.method] ?? attemptAt(c, x.method).session.booking?.at);
    const day = (x: typeof first): IsoDate | undefined => {
      const session = x.what === "session" ? at(x) : undefined;
      if (x.what === "session") return session && londonDate(session);
      const other = methodOf(pack, x.method);
      if (inPlanning) return other.handIn?.kind === "report" ? inPlanning.reportDue : undefined;
      return lastHandInDay(c, x.method) ?? handInDue(c, pack, other);
    };
    const one = day(first);
    const two = day(then);
    // Of two sessions on one day, the hour says which comes first.
    const [from, to] = first.what === "session" && then.what === "session" ? [at(first), at(then)] : [];
    const inTurn = from === undefined || to === undefined || compareInstants(from, to) <= 0;
    j.rule(
      { ...pack.rules.order, source },
      one === undefined || two === undefined || (one <= two && inTurn),
      "ORDER_NOT_ADVISED",
      { earlier: first.method, earlierWhat: first.what, later: then.method },
      { input },
    );
  }
}

/** R23 for a hand-in that comes after the session which it was advised to precede. */
export function judgeOrderOfHandIn(j: Judge, c: Case, pack: Pack, method: Method, today: IsoDate): void {
  for (const { earlier: first, later: then, source } of pack.rules.order.advised) {
    if (first.what !== "handIn" || first.method !== method.id || then.what !== "session") continue;
    const session = dayOfSession(c, then.method);
    const together = attemptAt(c, then.method).opened === attemptAt(c, method.id).opened;
    j.rule(
      { ...pack.rules.order, source },
      !together || session === undefined || today <= session,
      "ORDER_NOT_ADVISED",
      {
        earlier: first.method,
        earlierWhat: first.what,
        later: then.method,
      },
    );
  }
}

const dayOfSession = (c: Case, method: string): IsoDate | undefined => {
  const booking = attemptAt(c, method).session.booking;
  return booking ? londonDate(booking.at) : undefined;
};
const lastHandInDay = (c: Case, method: string): IsoDate | undefined => {
  const handedIn = attemptAt(c, method).handIns.at(-1);
  return handedIn ? londonDate(handedIn.at) : undefined;
};

/** One session of a method, of whichever attempt, held or not. */
export interface Sitting {
  attempt: number;
  at: Instant;
  /** It ended, or was recorded as not held. */
  over: boolean;
}

/** Every session there was or is to be of a method, in the order of their attempts: an earlier one does not vanish in a resit. */
export const sittingsOf = (c: Case, method: string): Sitting[] =>
  (c.attempts[method] ?? []).flatMap((a) => [
    ...a.notHeld.flatMap((x) => (x.booking ? [{ attempt: a.n, at: x.booking.at, over: true }] : [])),
    ...(a.session.booking ? [{ attempt: a.n, at: a.session.booking.at, over: a.session.state === "ended" }] : []),
  ]);
