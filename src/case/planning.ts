import { z } from "zod";
import { addDays, addMonths, compareInstants, type Instant, type IsoDate, londonDate } from "../rules/calendar";
import type { Pack } from "../rules/pack";
import { booking, meetingPlace } from "./booking";
import {
  attemptAt,
  type Booking,
  type Case,
  type Context,
  type Decide,
  type DraftSession,
  type Evolves,
  emptySession,
  type FreeText,
  free,
  type Judge,
  judge,
  type MeetingChoice,
  type NewEvent,
  never,
  type Offers,
  once,
  type PlanningDraft,
  refuse,
  stampOf,
  withAttempt,
  wordsOf,
} from "./case";
import { online } from "./meetings";
import { id, instant, isoDate, methodId, setting, text } from "./payload";
import { judgeBooking, reportLimit } from "./timing";

/** The planning meeting: its date, its agenda, and what it must agree before it is finished (R05, R11, R14, R36, R40, R44). */

export const commands = {
  /** The service makes a meeting on Teams of it, unless a link was pasted. */
  "planning.schedule": z.strictObject({ at: instant, ...meetingPlace }),
  "planning.save": z.strictObject({
    agenda: z.array(id).max(40),
    subject: text(300).optional(),
    reportDue: isoDate.optional(),
    observationPlan: z.array(id).max(20).optional(),
    portfolioManner: text(300).optional(),
    employerResources: z.boolean().optional(),
    /** As far as they stand: a day without a time, a place without a day. */
    sessions: z
      .array(
        z.strictObject({
          method: methodId,
          on: isoDate.optional(),
          time: z.iso.time({ precision: -1 }).optional(),
          setting: setting.optional(),
          where: text().optional(),
        }),
      )
      .max(10)
      .optional(),
  }),
  "planning.finish": z.strictObject({
    agenda: z.array(id).max(40),
    subject: text(300).optional(),
    reportDue: isoDate.optional(),
    observationPlan: z.array(id).max(20),
    portfolioManner: text(300).optional(),
    employerResources: z.boolean(),
    sessions: z.array(z.strictObject({ method: methodId, ...booking })).max(10),
  }),
};

type DraftPayload = NonNullable<z.infer<(typeof commands)["planning.save"]>["sessions"]>[number];

export type Event =
  | NewEvent<"PlanningScheduled", { at: Instant; where: FreeText; link?: FreeText; meeting?: MeetingChoice }>
  | NewEvent<"PlanningSaved", { agenda: string[] } & PlanningDraft>
  | NewEvent<
      "PlanningFinished",
      {
        on: IsoDate;
        agenda: string[];
        subject?: FreeText;
        reportDue?: IsoDate;
        observationPlan: string[];
        portfolioManner?: FreeText;
        employerResources: boolean;
        sessions: ({ method: string; meeting?: MeetingChoice } & Booking)[];
      }
    >;

const optional = (t: string | undefined, key: string) => (t === undefined ? {} : { [key]: free(t) });

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "planning.schedule": (p, c, ctx) => {
    const before = c.planning.meeting;
    if (c.stage !== "planning") return refuse("NOT_IN_PLANNING", { stage: c.stage });
    // A pasted link stands in the place of a meeting; without a word of either, what was chosen stays.
    const { online: standing } = c.planning;
    const chosen = p.link ? undefined : (p.meeting ?? standing);
    const same =
      before &&
      compareInstants(before.at, p.at) === 0 &&
      wordsOf(before.link) === (p.link ?? "") &&
      chosen?.lobby === standing?.lobby &&
      chosen?.recording === standing?.recording;
    if (same) return { already: before.made };
    const j = judge(ctx);
    j.need(compareInstants(p.at, ctx.now) > 0, "IN_THE_PAST", { now: ctx.now }, "date");
    return j.settle(() => [
      {
        type: "PlanningScheduled",
        data: {
          at: p.at,
          where: free(p.where),
          ...(p.link ? { link: free(p.link) } : {}),
          ...(chosen ? { meeting: { lobby: chosen.lobby, recording: chosen.recording } } : {}),
        },
      },
    ]);
  },

  "planning.save": (p, c, ctx) => {
    if (c.stage !== "planning") return refuse("NOT_IN_PLANNING", { stage: c.stage });
    const j = judge(ctx);
    j.need(c.planning.meeting !== undefined, "PLANNING_NOT_SCHEDULED");
    judgePoints(j, ctx.pack, p);
    const strange = p.sessions?.find((s) => !ctx.pack.methods.some((m) => m.id === s.method));
    j.need(strange === undefined, "NO_SUCH_METHOD", { method: strange?.method });
    return j.settle(() => [
      {
        type: "PlanningSaved",
        data: {
          agenda: p.agenda,
          ...(p.observationPlan ? { observationPlan: p.observationPlan } : {}),
          ...optional(p.subject, "subject"),
          ...optional(p.portfolioManner, "portfolioManner"),
          ...(p.reportDue ? { reportDue: p.reportDue } : {}),
          ...(p.employerResources === undefined ? {} : { employerResources: p.employerResources }),
          ...(p.sessions ? { sessions: p.sessions.map(drafted) } : {}),
        },
      },
    ]);
  },

  "planning.finish": (p, c, ctx) => {
    if (c.planning.finished) return { already: c.planning.finished };
    if (c.stage !== "planning") return refuse("NOT_IN_PLANNING", { stage: c.stage });
    const wrong = wrongSession(p, c, ctx.pack);
    if (wrong) return wrong;
    const today = londonDate(ctx.now);
    const on = meetingDay(c, today);
    const j = judge(ctx);
    judgeMeeting(j, p, c, ctx.pack, today);
    judgeAgreed(j, p, ctx.pack);
    judgeReportDue(j, p, c, ctx);
    judgeSessions(j, p, c, ctx);
    judgeFit(j, p, c, ctx);
    return j.settle(() => [
      {
        type: "PlanningFinished",
        data: {
          on,
          agenda: p.agenda,
          observationPlan: p.observationPlan,
          employerResources: p.employerResources,
          sessions: p.sessions.map(({ method, at, setting: where, where: place, link, meeting }) => ({
            method,
            at,
            setting: where,
            where: free(place),
            ...(link ? { link: free(link) } : {}),
            ...(where === "teams" && !link && meeting ? { meeting } : {}),
          })),
          ...(p.reportDue ? { reportDue: p.reportDue } : {}),
          ...optional(p.subject, "subject"),
          ...optional(p.portfolioManner, "portfolioManner"),
        },
      },
    ]);
  },
};

type Finish = z.infer<(typeof commands)["planning.finish"]>;

/** After a retake through the gateway, what was passed before stays as it is. */
const toCome = (c: Case, pack: Pack) => pack.methods.filter((m) => attemptAt(c, m.id).session.state === "none");

/** A session of no method, of one that has its session, or named twice: nothing else of the form can be judged with it. */
function wrongSession(p: Finish, c: Case, pack: Pack) {
  const seen = new Set<string>();
  for (const { method } of p.sessions) {
    if (!pack.methods.some((m) => m.id === method)) return refuse("NO_SUCH_METHOD", { method });
    const { state } = attemptAt(c, method).session;
    if (state !== "none" || seen.has(method))
      return refuse("SESSION_STATE", { method, state: state === "none" ? "booked" : state, wanted: ["none"] });
    seen.add(method);
  }
  return undefined;
}

/** R05: the meeting was held, with every point of its agenda. */
function judgeMeeting(j: Judge, p: Finish, c: Case, pack: Pack, today: IsoDate): void {
  const { planning } = pack.rules;
  const on = c.planning.meeting && londonDate(c.planning.meeting.at);
  j.need(on !== undefined, "PLANNING_NOT_SCHEDULED");
  j.need(on === undefined || on <= today, "PLANNING_NOT_HELD", { on });
  judgePoints(j, pack, p);
  const open = planning.agenda.filter((a) => !p.agenda.includes(a.id));
  j.rule(planning, open.length === 0, "AGENDA_OPEN", { points: open.map((a) => a.title) }, { input: "agenda" });
}

/** R05, R11, R36: what the pack has the meeting agree, but for days. */
function judgeAgreed(j: Judge, p: Finish, pack: Pack): void {
  const { planning, projectSubject, employerResources } = pack.rules;
  if (planning.needs.includes("subject") && projectSubject.how.kind === "agreedAtPlanning")
    j.rule(projectSubject, p.subject !== undefined, "SUBJECT_NEEDED", {}, { input: "subject" });
  if (planning.needs.includes("portfolioManner"))
    j.rule(planning, p.portfolioManner !== undefined, "PORTFOLIO_MANNER_NEEDED", {}, { input: "portfolioManner" });
  j.rule(employerResources, p.employerResources, "RESOURCES_NOT_AGREED", {}, { input: "employerResources" });
}

/** R14: the report's day lies in its window, and is warned of when it is past what the document advises. */
function judgeReportDue(j: Judge, p: Finish, c: Case, ctx: Context): void {
  const { planning, reportWindow } = ctx.pack.rules;
  const today = londonDate(ctx.now);
  const limit = reportLimit(c, ctx.pack, meetingDay(c, today));
  if (planning.needs.includes("reportDate"))
    j.rule(planning, p.reportDue !== undefined, "REPORT_DATE_NEEDED", { latest: limit }, { input: "reportDue" });
  if (p.reportDue === undefined) return;
  j.rule(
    reportWindow,
    limit === undefined || p.reportDue <= limit,
    "REPORT_AFTER_WINDOW",
    { latest: limit, months: reportWindow.months },
    { input: "reportDue" },
  );
  j.need(p.reportDue >= today, "IN_THE_PAST", { now: ctx.now }, "reportDue");
  const advise = reportWindow.adviseMonthsAfterGatewayMeeting;
  if (advise === null || !c.gateway.meeting) return;
  const advised = addMonths(c.gateway.meeting.on, advise);
  j.rule(
    reportWindow,
    p.reportDue <= advised,
    "REPORT_PAST_ADVISED",
    { advised },
    { input: "reportDue", effect: "warn" },
  );
}

/** Each session as any booking is judged, and a day for every method where the pack asks it. */
function judgeSessions(j: Judge, p: Finish, c: Case, ctx: Context): void {
  const { planning } = ctx.pack.rules;
  const at = Object.fromEntries(p.sessions.map((s) => [s.method, s.at]));
  if (planning.needs.includes("dates"))
    for (const m of toCome(c, ctx.pack))
      j.rule(planning, at[m.id] !== undefined, "DATE_NEEDED", { method: m.id }, { input: `${m.id}-date` });
  for (const s of p.sessions)
    judgeBooking(j, c, ctx, { ...s, where: free(s.where) } as Booking & { method: string }, {
      observationPlan: p.observationPlan,
      at,
      reportDue: p.reportDue,
    });
}

/** R44: there is time to write the report and to read it inside the EPA window. */
function judgeFit(j: Judge, p: Finish, c: Case, ctx: Context): void {
  const { planFits, reportWindow } = ctx.pack.rules;
  const report = toCome(c, ctx.pack).find((m) => m.handIn?.kind === "report")?.handIn;
  if (!report || !("window" in c)) return;
  const today = londonDate(ctx.now);
  const written =
    p.reportDue ?? reportLimit(c, ctx.pack, meetingDay(c, today)) ?? addMonths(today, reportWindow.months);
  const readBy = addDays(written, report.beforeSession.days);
  j.rule(planFits, readBy <= c.window.end, "PLAN_DOES_NOT_FIT", { readBy, ends: c.window.end });
}

const drafted = ({ method, on, time, setting: how, where }: DraftPayload): DraftSession => ({
  method,
  ...(on ? { on } : {}),
  ...(time ? { time } : {}),
  ...(how ? { setting: how } : {}),
  ...(where ? { where: free(where) } : {}),
});

/** Only points that the pack names can be ticked. */
function judgePoints(
  j: ReturnType<typeof judge>,
  pack: Pack,
  p: { agenda: readonly string[]; observationPlan?: readonly string[] | undefined },
): void {
  const { planning, observationPlan } = pack.rules;
  const stranger = (ticked: readonly string[], known: readonly { id: string }[]) =>
    ticked.some((x) => !known.some((k) => k.id === x));
  j.need(!stranger(p.agenda, planning.agenda), "NO_SUCH_POINT", {}, "agenda");
  j.need(!stranger(p.observationPlan ?? [], observationPlan.aspects), "NO_SUCH_POINT", {}, "observationPlan");
}

/** The day that the agreements of the meeting count from. */
const meetingDay = (c: Case, today: IsoDate): IsoDate =>
  c.planning.meeting ? londonDate(c.planning.meeting.at) : today;

export const evolve: Evolves<Event> = {
  PlanningScheduled: (c, { meeting, ...d }, e) => {
    const { online: before, offered: _taken, ...planning } = c.planning;
    return {
      ...c,
      planning: { ...planning, meeting: { ...d, made: stampOf(e) }, ...online(before, meeting, e.seq) },
    };
  },
  PlanningSaved: (c, d) => {
    const { agenda, ...draft } = d;
    return { ...c, planning: { ...c.planning, agenda, draft } };
  },
  PlanningFinished: (c, d, e) => {
    if (!("window" in c)) return c;
    const { agenda, sessions, ...finished } = d;
    const { draft: _done, offered: _open, ...planning } = c.planning;
    const next: Case = {
      ...c,
      stage: "assessment",
      window: c.window,
      planning: { ...planning, agenda, finished: { ...finished, ...stampOf(e) } },
    };
    return sessions.reduce((sofar: Case, { method, meeting, ...booking }) => {
      const a = attemptAt(sofar, method);
      return withAttempt(sofar, method, {
        session: {
          ...(a.session ?? emptySession),
          state: "booked",
          booking: { ...booking, made: stampOf(e) },
          ...online(undefined, meeting, e.seq),
        },
      });
    }, next);
  },
};

const inPlanning = (c: Case) => (c.stage === "planning" ? once : never);
export const offers: Offers<keyof typeof commands> = {
  "planning.schedule": inPlanning,
  "planning.save": (c) => (c.stage === "planning" && c.planning.meeting ? once : never),
  "planning.finish": (c, _pack, now) =>
    c.stage === "planning" && c.planning.meeting && londonDate(c.planning.meeting.at) <= londonDate(now) ? once : never,
};
