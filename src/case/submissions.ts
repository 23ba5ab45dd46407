import { z } from "zod";
import { addDays, addMonths, daysBetween, type IsoDate, londonDate } from "../rules/calendar";
import type { HandInRules, Method, Pack } from "../rules/pack";
import {
  attemptAt,
  type Case,
  type Context,
  type Decide,
  type Evolves,
  type FreeText,
  free,
  type HandedIn,
  judge,
  type NewEvent,
  never,
  type Offers,
  refuse,
  withAttempt,
} from "./case";
import { id, methodId, text } from "./payload";
import { handInDue, inWindow, judgeOrderOfHandIn, reportLimit } from "./timing";

/** The report and the portfolio's selection, handed in: facts about them now, the files later (R13–R17, R19–R21, R29). */

export const commands = {
  "report.submit": z.strictObject({
    method: methodId,
    reference: text(300),
    words: z.int().min(0).max(100_000),
    contents: z.array(id).max(30),
  }),
  "portfolio.submit": z.strictObject({
    method: methodId,
    reference: text(300),
    pieces: z.int().min(0).max(500),
    mapping: z.record(z.string().regex(/^[KSB]\d+$/), z.array(z.int().positive()).max(100)),
  }),
};

export type Event =
  | NewEvent<"ReportSubmitted", { method: string; n: number; reference: FreeText; words: number; contents: string[] }>
  | NewEvent<
      "PortfolioSubmitted",
      { method: string; n: number; reference: FreeText; pieces: number; mapping: Record<string, number[]> }
    >;

/** Words allowed: target and variance, ends included (R15). */
export const wordRange = (rules: Extract<HandInRules, { kind: "report" }>) => {
  // Rounded first, so that no end is lost to how a share such as 0.1 is held.
  const exact = (n: number) => Math.round(n * 1e6) / 1e6;
  const { target, variance } = rules.words;
  return { least: Math.ceil(exact(target * (1 - variance))), most: Math.floor(exact(target * (1 + variance))) };
};

/** May a hand-in come at all: the stage, and no session begun on it. */
function opening(c: Case, method: Method | undefined, kind: HandInRules["kind"]) {
  if (!method || method.handIn?.kind !== kind) return refuse("NOTHING_TO_HAND_IN");
  if (c.stage !== "assessment" && c.stage !== "planning") return refuse("NOT_IN_ASSESSMENT", { stage: c.stage });
  const a = attemptAt(c, method.id);
  if (a.session.state !== "none" && a.session.state !== "booked") return refuse("SESSION_BEGUN", { method: method.id });
  return undefined;
}

const methodIn = (pack: Pack, m: string) => pack.methods.find((x) => x.id === m);

function judgeSession(j: ReturnType<typeof judge>, c: Case, method: Method, today: IsoDate): void {
  const booking = attemptAt(c, method.id).session.booking;
  if (!booking || !method.handIn) return;
  const due = addDays(londonDate(booking.at), -method.handIn.beforeSession.days);
  // What is blocked is the session, not the hand-in: the apprentice cannot move a session.
  j.rule(
    method.handIn.beforeSession,
    today <= due,
    "SESSION_MUST_MOVE",
    { method: method.id, due, earliest: addDays(today, method.handIn.beforeSession.days) },
    { effect: "warn" },
  );
}

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "report.submit": (p, c, ctx) => {
    const method = methodIn(ctx.pack, p.method);
    const closed = opening(c, method, "report");
    if (closed || method?.handIn?.kind !== "report") return closed ?? refuse("NOTHING_TO_HAND_IN");
    const { rules } = ctx.pack;
    const today = londonDate(ctx.now);
    const a = attemptAt(c, method.id);
    const j = judge(ctx);
    j.rule(rules.reportStart, reportMayStart(c, ctx.pack), "PROPOSAL_NOT_ACCEPTED", {}, { method: p.method });
    if (rules.reportStart.after === "gatewayMeeting")
      j.rule(rules.reportWindow, c.planning.finished !== undefined, "SUBJECT_NOT_AGREED", {}, { method: p.method });
    judgeWindow(j, c, ctx, method, today);
    const range = wordRange(method.handIn);
    j.rule(
      method.handIn.words,
      p.words >= range.least && p.words <= range.most,
      "WORDS_OUTSIDE_RANGE",
      { words: p.words, ...range, consequence: method.handIn.words.consequence ?? undefined },
      { input: "words", method: p.method },
    );
    const missing = method.handIn.contents.items.filter((x) => !p.contents.includes(x.id));
    j.rule(
      method.handIn.contents,
      missing.length === 0,
      "CONTENTS_NOT_TICKED",
      { missing: missing.map((x) => x.title) },
      { input: "contents", method: p.method },
    );
    judgeSession(j, c, method, today);
    judgeOrderOfHandIn(j, c, ctx.pack, method, today);
    return j.settle(() => [
      {
        type: "ReportSubmitted",
        data: {
          method: p.method,
          n: a.handIns.length + 1,
          reference: free(p.reference),
          words: p.words,
          contents: p.contents,
        },
      },
    ]);
  },

  "portfolio.submit": (p, c, ctx) => {
    const method = methodIn(ctx.pack, p.method);
    const closed = opening(c, method, "portfolio");
    if (closed || method?.handIn?.kind !== "portfolio") return closed ?? refuse("NOTHING_TO_HAND_IN");
    const today = londonDate(ctx.now);
    const { selection } = method.handIn;
    const j = judge(ctx);
    const { min, max } = selection;
    j.rule(
      selection,
      (min === null || p.pieces >= min) && (max === null || p.pieces <= max),
      "PIECES_OUTSIDE_RANGE",
      { pieces: p.pieces, least: min ?? undefined, most: max ?? undefined },
      { input: "pieces", method: p.method },
    );
    const ksbs = method.ksbs.map((k) => k.id);
    const strange = Object.keys(p.mapping).filter((k) => !ksbs.includes(k));
    j.need(strange.length === 0, "KSB_NOT_OF_METHOD", { ksbs: strange }, "mapping");
    const beyond = Object.values(p.mapping)
      .flat()
      .filter((n) => n > p.pieces);
    j.need(
      beyond.length === 0,
      "NO_SUCH_PIECE",
      { pieces: p.pieces, named: [...new Set(beyond)].map(String) },
      "mapping",
    );
    if (selection.mapEveryKsb) {
      const bare = ksbs.filter((k) => (p.mapping[k] ?? []).length === 0);
      j.rule(selection, bare.length === 0, "KSB_WITHOUT_PIECE", { ksbs: bare }, { input: "mapping", method: p.method });
    }
    const a = attemptAt(c, method.id);
    if (a.by)
      j.rule(
        ctx.pack.rules.resitLimit,
        today <= a.by,
        "AFTER_RESIT_LIMIT",
        { by: a.by, months: ctx.pack.rules.resitLimit.months },
        { method: p.method },
      );
    judgeSession(j, c, method, today);
    judgeOrderOfHandIn(j, c, ctx.pack, method, today);
    return j.settle(() => [
      {
        type: "PortfolioSubmitted",
        data: {
          method: p.method,
          n: a.handIns.length + 1,
          reference: free(p.reference),
          pieces: p.pieces,
          mapping: p.mapping,
        },
      },
    ]);
  },
};

/** R13: a first report waits for the accepted proposal where the pack says so; a rework needs no new one. */
const reportMayStart = (c: Case, pack: Pack): boolean =>
  pack.rules.reportStart.after === "gatewayMeeting" ? true : c.proposals.some((x) => x.outcome === "accepted");

/** R14 for an attempt in its window, R29's rework for a failed project, R29's limit for any other. */
function judgeWindow(j: ReturnType<typeof judge>, c: Case, ctx: Context, method: Method, today: IsoDate): void {
  const { rules } = ctx.pack;
  const a = attemptAt(c, method.id);
  const also = { method: method.id };
  if (a.reworkBy)
    j.rule(
      rules.projectRework,
      today <= a.reworkBy,
      "REWORK_PAST",
      { by: a.reworkBy, months: rules.projectRework.months ?? undefined },
      also,
    );
  else if (a.by)
    j.rule(rules.resitLimit, today <= a.by, "AFTER_RESIT_LIMIT", { by: a.by, months: rules.resitLimit.months }, also);
  else if (inWindow(c, a)) {
    const limit = reportLimit(c, ctx.pack);
    if (limit !== undefined)
      j.rule(
        rules.reportWindow,
        today <= limit,
        "REPORT_AFTER_WINDOW",
        { latest: limit, months: rules.reportWindow.months, late: Math.max(0, daysBetween(limit, today)) },
        also,
      );
    const advise = rules.reportWindow.adviseMonthsAfterGatewayMeeting;
    if (advise !== null && c.gateway.meeting) {
      const advised = addMonths(c.gateway.meeting.on, advise);
      j.rule(rules.reportWindow, today <= advised, "REPORT_PAST_ADVISED", { advised }, { effect: "warn" });
    }
  }
}

const add = (c: Case, method: string, handIn: HandedIn): Case =>
  withAttempt(c, method, { handIns: [...attemptAt(c, method).handIns, handIn] });

export const evolve: Evolves<Event> = {
  ReportSubmitted: (c, { method, ...d }, e) => add(c, method, { ...d, at: e.at, by: e.by }),
  PortfolioSubmitted: (c, { method, ...d }, e) => add(c, method, { ...d, at: e.at, by: e.by }),
};

/** Offered until the session begins; a new version while there is still time for it. */
const offered = (kind: HandInRules["kind"]) => (c: Case, pack: Pack, now: string) =>
  c.stage !== "assessment"
    ? never
    : pack.methods
        .filter((m) => m.handIn?.kind === kind && opening(c, m, kind) === undefined)
        .filter((m) => {
          const due = handInDue(c, pack, m);
          return attemptAt(c, m.id).handIns.length === 0 || due === undefined || londonDate(now) <= due;
        })
        .filter(() => kind !== "report" || reportMayStart(c, pack))
        .map((m) => ({ method: m.id }));

export const offers: Offers<keyof typeof commands> = {
  "report.submit": offered("report"),
  "portfolio.submit": offered("portfolio"),
};
