import { addDays, addMonths, type Instant, type IsoDate, londonDate, secondsBetween } from "../rules/calendar";
import { type Method, methodOf, type Pack } from "../rules/pack";
import { type Attempt, attemptAt, type Booking, type Case, type Context, type Judge, type Span } from "./case";

/** When things may be and how long they may last: shared by booking, hand-ins, sessions and views. */

const later = (a: IsoDate, b: IsoDate | undefined): IsoDate => (b !== undefined && b > a ? b : a);
const earlier = (a: IsoDate | undefined, b: IsoDate | undefined): IsoDate | undefined =>
  a === undefined ? b : b === undefined || a < b ? a : b;

/** The EPA window, once gateway evidence is accepted. */
export const windowOf = (c: Case) => ("window" in c ? c.window : undefined);

/** R06 for first attempts; R29 for later ones: the last day for the method's assessment. */
export function lastDayFor(c: Case, a: Attempt): IsoDate | undefined {
  return a.kind === "resit" ? a.by : earlier(windowOf(c)?.end, a.by);
}

/** R14: the report's last day by its window, as far as it can be known. */
export function reportLimit(c: Case, pack: Pack): IsoDate | undefined {
  const { reportWindow } = pack.rules;
  if (reportWindow.from === "planningMeeting") {
    const held = c.planning.finished?.on ?? (c.planning.meeting ? londonDate(c.planning.meeting.at) : undefined);
    return held === undefined ? undefined : addMonths(held, reportWindow.months);
  }
  const agreed = c.planning.finished;
  if (!agreed) return undefined;
  return addMonths(later(agreed.on, c.gateway.meeting?.on), reportWindow.months);
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
  if (a.kind !== "first" && a.kind !== "again") return earlier(before, a.by);
  return earlier(earlier(reportLimit(c, pack), c.planning.finished?.reportDue), before);
}

/** The first day on which the session may be: notice, hand-in, both counted date to date. */
export function earliestSession(c: Case, pack: Pack, method: Method, today: IsoDate): IsoDate {
  const { session, handIn } = method;
  const notice = session.notice ? addDays(today, session.notice.days) : today;
  const handedIn = attemptAt(c, method.id).handIns.at(-1);
  const read = handIn && handedIn ? addDays(londonDate(handedIn.at), handIn.beforeSession.days) : undefined;
  const toCome = handIn && !handedIn ? addDays(today, handIn.beforeSession.days) : undefined;
  return later(later(notice, read), toCome);
}

/** The permitted seconds of a session, with approved extra time on the upper limit only. */
export function lengthLimits(c: Case, method: Method): { least: number; planned: number; most: number; extra: number } {
  const { minutes, under, over } = method.session.length;
  const extra = extraTime(c, method.id);
  const seconds = minutes * 60;
  return {
    least: Math.round(seconds * (1 - under)),
    planned: seconds,
    most: Math.round(seconds * (1 + extra) * (1 + over)),
    extra,
  };
}

/** Approved extra time as a share: the largest that was granted for the method. */
export const extraTime = (c: Case, method: string): number =>
  Math.max(
    0,
    ...c.adjustments
      .filter(
        (a) => a.outcome === "granted" && a.extraTimePercent && (a.methods.length === 0 || a.methods.includes(method)),
      )
      .map((a) => (a.extraTimePercent ?? 0) / 100),
  );

/** The most seconds of the questions part, given how long the whole ran. */
export function questionsLimit(c: Case, method: Method, ranSeconds: number): number | undefined {
  const part = method.session.questionsPart;
  if (!part) return undefined;
  if (part.limit.kind === "insideShare") return Math.round(ranSeconds * part.limit.share);
  return Math.round(part.limit.minutes * 60 * (1 + extraTime(c, method.id)));
}

/** What was run: pauses left out. An open span counts up to `now`. */
export const ran = (spans: readonly Span[], now: Instant): number =>
  spans.reduce((sum, s) => sum + secondsBetween(s.from, s.to ?? now), 0);

/**
 * Judges a booking (R06, R07, R10, R17, R19, R23, R29, R40). `plan` is the observation plan in force.
 * `told` is the day on which the apprentice is told: today, or the planning meeting's.
 */
export function judgeBooking(
  j: Judge,
  c: Case,
  ctx: Context,
  booking: Booking & { method: string },
  inPlanning?: { observationPlan: readonly string[]; dates: Readonly<Record<string, IsoDate>> },
): void {
  const { pack } = ctx;
  const method = methodOf(pack, booking.method);
  const { session, handIn } = method;
  const a = attemptAt(c, method.id);
  const today = londonDate(ctx.now);
  const on = londonDate(booking.at);
  const input = inPlanning ? `${method.id}-date` : "date";

  j.need(booking.at > ctx.now, "IN_THE_PAST", { now: ctx.now }, input);
  if (session.notice)
    j.rule(
      session.notice,
      on >= addDays(today, session.notice.days),
      "NOTICE_TOO_SHORT",
      { method: method.id, days: session.notice.days, earliest: addDays(today, session.notice.days) },
      { input },
    );

  const window = windowOf(c);
  if (window && a.kind !== "resit")
    j.rule(
      pack.rules.epaWindow,
      on <= window.end,
      "AFTER_WINDOW",
      { ends: window.end, months: pack.rules.epaWindow.months },
      { input },
    );
  if (a.by)
    j.rule(
      pack.rules.resitLimit,
      on <= a.by,
      "AFTER_RESIT_LIMIT",
      { by: a.by, months: pack.rules.resitLimit.months },
      { input },
    );

  if (session.setting) {
    const dispensed = booking.setting === session.setting.dispensation && c.dispensation !== undefined;
    j.rule(
      session.setting,
      session.setting.allowed.includes(booking.setting) || dispensed,
      "SETTING_NOT_ALLOWED",
      { setting: booking.setting, allowed: session.setting.allowed },
      { input: inPlanning ? `${method.id}-setting` : "setting" },
    );
    const plan = inPlanning?.observationPlan ?? c.planning.finished?.observationPlan ?? [];
    const missing = pack.rules.observationPlan.aspects.filter((x) => !plan.includes(x.id));
    j.rule(
      pack.rules.observationPlan,
      missing.length === 0,
      "OBSERVATION_NOT_PLANNED",
      { missing: missing.map((x) => x.title) },
      { input: inPlanning ? "observationPlan" : input },
    );
  } else {
    j.need(
      session.settings.includes(booking.setting),
      "SETTING_NOT_ALLOWED",
      { setting: booking.setting, allowed: session.settings },
      "setting",
    );
  }

  const handedIn = a.handIns.at(-1);
  if (handIn && handedIn) {
    const from = addDays(londonDate(handedIn.at), handIn.beforeSession.days);
    j.rule(
      handIn.beforeSession,
      on >= from,
      "TOO_SOON_AFTER_HAND_IN",
      {
        method: method.id,
        handedIn: londonDate(handedIn.at),
        days: handIn.beforeSession.days,
        earliest: from,
        latest: lastDayFor(c, a),
      },
      { input },
    );
  }

  for (const { earlier: first, later: then, source } of pack.rules.order.advised) {
    const at = (x: typeof first): IsoDate | undefined =>
      x.method === method.id && x.what === "session"
        ? on
        : x.what === "session"
          ? (inPlanning?.dates[x.method] ?? dayOfSession(c, x.method))
          : inPlanning || attemptAt(c, x.method).handIns.length > 0
            ? lastHandInDay(c, x.method)
            : handInDue(c, pack, methodOf(pack, x.method));
    if (then.method !== method.id && first.method !== method.id) continue;
    const one = at(first);
    const two = at(then);
    j.rule(
      { ...pack.rules.order, source },
      one === undefined || two === undefined || one <= two,
      "ORDER_NOT_ADVISED",
      { earlier: first.method, earlierWhat: first.what, later: then.method },
      { input },
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
