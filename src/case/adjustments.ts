import { z } from "zod";
import { addWorkingDays, compareInstants, type Instant, londonDate } from "../rules/calendar";
import type { Pack } from "../rules/pack";
import {
  type Adjustment,
  attemptAt,
  type Case,
  type Consideration,
  type Decide,
  type Evolves,
  type FreeText,
  free,
  judge,
  type NewEvent,
  never,
  type Offers,
  once,
  refuse,
  stampOf,
} from "./case";
import { id, instant, methodId, text } from "./payload";
import { type Sitting, sittingsOf } from "./timing";

/** Reasonable adjustments, special consideration, and the dispensation for a simulated observation (R10, R32, R33). */

const kind = z.enum(["extraTime", "readerOrScribe", "signLanguage", "venue", "other"]);
const percent = z.number().gt(0).max(100);

export const commands = {
  "adjustment.request": z.strictObject({
    kind,
    need: text(),
    normalWay: z.boolean(),
    apprenticeInvolved: z.boolean(),
    extraTimePercent: percent.optional(),
    methods: z.array(methodId).max(10),
  }),
  "adjustment.decide": z.strictObject({
    id,
    granted: z.boolean(),
    extraTimePercent: percent.optional(),
    reason: text(),
  }),
  "consideration.request": z.strictObject({
    method: methodId,
    /** Which session: the time of one that is booked, was held or was missed, in whichever attempt; left out, the present one. */
    session: z.union([instant, z.literal("next")]).optional(),
    what: text(),
    rescheduleTried: z.boolean(),
  }),
  "consideration.decide": z.strictObject({ id, granted: z.boolean(), reason: text() }),
  "dispensation.grant": z.strictObject({ reference: text(300) }),
};

type Asked = Pick<Adjustment, "id" | "kind" | "normalWay" | "apprenticeInvolved" | "extraTimePercent"> & {
  need: FreeText;
  methods: string[];
};
export type Event =
  | NewEvent<"AdjustmentRequested", Asked>
  | NewEvent<"AdjustmentDecided", { id: string; granted: boolean; extraTimePercent?: number; reason: FreeText }>
  | NewEvent<
      "ConsiderationRequested",
      {
        id: string;
        method: string;
        session?: Consideration["session"];
        what: FreeText;
        rescheduleTried: boolean;
        outcome: Consideration["outcome"];
      }
    >
  | NewEvent<"ConsiderationDecided", { id: string; granted: boolean; reason: FreeText }>
  | NewEvent<"DispensationGranted", { reference: FreeText }>;

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "adjustment.request": (p, c, ctx) => {
    const rule = ctx.pack.rules.adjustments;
    const j = judge(ctx);
    j.need(c.stage !== "withdrawn" && c.stage !== "released", "CASE_CLOSED");
    const strange = p.methods.filter((m) => !ctx.pack.methods.some((x) => x.id === m));
    j.need(strange.length === 0, "NO_SUCH_METHOD", { method: strange[0] }, "methods");
    const late = rule.by === "gatewaySubmission" && c.gateway.accepted !== undefined;
    j.rule(rule, !late, "ADJUSTMENT_AFTER_GATEWAY", {
      accepted: c.gateway.accepted ? londonDate(c.gateway.accepted.at) : undefined,
    });
    // Where the document is silent, late is only warned of.
    if (rule.by === null)
      j.rule(rule, c.gateway.accepted === undefined, "ADJUSTMENT_AFTER_GATEWAY", {}, { effect: "warn" });
    j.rule(
      rule,
      p.apprenticeInvolved,
      "APPRENTICE_NOT_INVOLVED",
      {},
      { input: "apprenticeInvolved", effect: rule.apprenticeInvolved },
    );
    j.rule(rule, p.normalWay, "NOT_NORMAL_WAY", {}, { input: "normalWay", effect: "warn" });
    j.need(p.kind !== "extraTime" || p.extraTimePercent !== undefined, "EXTRA_TIME_NEEDED", {}, "extraTimePercent");
    return j.settle(() => [
      {
        type: "AdjustmentRequested",
        data: {
          id: ctx.newId,
          kind: p.kind,
          need: free(p.need),
          normalWay: p.normalWay,
          apprenticeInvolved: p.apprenticeInvolved,
          methods: p.methods,
          ...(p.extraTimePercent ? { extraTimePercent: p.extraTimePercent } : {}),
        },
      },
    ]);
  },

  "adjustment.decide": (p, c, ctx) => {
    const asked = c.adjustments.find((a) => a.id === p.id);
    if (!asked) return refuse("NO_SUCH_REQUEST", { id: p.id });
    if (asked.decided)
      return (asked.outcome === "granted") === p.granted
        ? { already: asked.decided }
        : refuse("REQUEST_DECIDED", { outcome: asked.outcome });
    const j = judge(ctx);
    j.need(c.stage !== "withdrawn", "CASE_CLOSED");
    const extra = p.extraTimePercent ?? asked.extraTimePercent;
    return j.settle(() => [
      {
        type: "AdjustmentDecided",
        data: {
          id: p.id,
          granted: p.granted,
          reason: free(p.reason),
          ...(p.granted && asked.kind === "extraTime" && extra ? { extraTimePercent: extra } : {}),
        },
      },
    ]);
  },

  "consideration.request": (p, c, ctx) => {
    if (!ctx.pack.methods.some((m) => m.id === p.method)) return refuse("NO_SUCH_METHOD", { method: p.method });
    const rule = ctx.pack.rules.specialConsideration;
    const sitting = sittingMeant(c, p.method, p.session);
    const today = londonDate(ctx.now);
    const j = judge(ctx);
    j.need(c.stage !== "withdrawn", "CASE_CLOSED");
    j.need(sitting !== "none", "NO_SUCH_SESSION", { method: p.method }, "session");
    let outcome: Consideration["outcome"] = "toDecide";
    if (typeof sitting === "object") {
      const on = londonDate(sitting.at);
      const before = today <= on && !sitting.over;
      if (before && rule.workingDaysBefore !== null) {
        // Too late for before, too early for after: it is kept, rescheduling is advised, and it may be lodged afterwards.
        if (today > addWorkingDays(on, -rule.workingDaysBefore)) outcome = "reschedule";
      } else if (!before && rule.workingDaysAfter !== null) {
        const last = addWorkingDays(on, rule.workingDaysAfter);
        j.rule(
          rule,
          today <= last,
          "CONSIDERATION_TOO_LATE",
          { on, last, days: rule.workingDaysAfter },
          { method: p.method, ...(p.session === undefined ? {} : { input: "session" }) },
        );
      }
    }
    j.rule(rule, p.rescheduleTried, "RESCHEDULE_NOT_TRIED", {}, { input: "rescheduleTried", effect: "warn" });
    return j.settle(() => [
      {
        type: "ConsiderationRequested",
        data: {
          id: ctx.newId,
          method: p.method,
          session: typeof sitting === "object" ? sitting.at : "next",
          what: free(p.what),
          rescheduleTried: p.rescheduleTried,
          outcome,
        },
      },
    ]);
  },

  "consideration.decide": (p, c, ctx) => {
    const asked = c.considerations.find((x) => x.id === p.id);
    if (!asked) return refuse("NO_SUCH_REQUEST", { id: p.id });
    if (asked.decided)
      return (asked.outcome === "granted") === p.granted
        ? { already: asked.decided }
        : refuse("REQUEST_DECIDED", { outcome: asked.outcome });
    const j = judge(ctx);
    j.need(c.stage !== "withdrawn", "CASE_CLOSED");
    return j.settle(() => [
      { type: "ConsiderationDecided", data: { id: p.id, granted: p.granted, reason: free(p.reason) } },
    ]);
  },

  "dispensation.grant": (p, c, ctx) => {
    if (c.dispensation) return { already: c.dispensation };
    const j = judge(ctx);
    j.need(c.stage !== "withdrawn", "CASE_CLOSED");
    j.need(
      ctx.pack.methods.some((m) => m.session.setting?.dispensation),
      "NO_DISPENSATION_HERE",
    );
    return j.settle(() => [{ type: "DispensationGranted", data: { reference: free(p.reference) } }]);
  },
};

export const evolve: Evolves<Event> = {
  AdjustmentRequested: (c, d, e) => ({
    ...c,
    adjustments: [...c.adjustments, { ...d, outcome: "toDecide", ...stampOf(e) }],
  }),
  AdjustmentDecided: (c, d, e) => ({
    ...c,
    adjustments: c.adjustments.map((a) =>
      a.id === d.id
        ? {
            ...a,
            outcome: d.granted ? "granted" : "refused",
            decided: stampOf(e),
            reason: d.reason,
            ...(d.extraTimePercent ? { extraTimePercent: d.extraTimePercent } : {}),
          }
        : a,
    ),
  }),
  ConsiderationRequested: (c, d, e) => ({ ...c, considerations: [...c.considerations, { ...d, ...stampOf(e) }] }),
  ConsiderationDecided: (c, d, e) => ({
    ...c,
    considerations: c.considerations.map((x) =>
      x.id === d.id ? { ...x, outcome: d.granted ? "granted" : "refused", decided: stampOf(e), reason: d.reason } : x,
    ),
  }),
  DispensationGranted: (c, d, e) => ({ ...c, dispensation: { ...d, ...stampOf(e) } }),
};

/** The session meant; "next" where the present attempt has none yet; "none" where there is no such one. */
function sittingMeant(c: Case, method: string, named: Instant | "next" | undefined): Sitting | "next" | "none" {
  const all = sittingsOf(c, method);
  const { n, session } = attemptAt(c, method);
  if (named === "next") return session.booking === undefined ? "next" : "none";
  if (named !== undefined) return all.findLast((s) => compareInstants(s.at, named) === 0) ?? "none";
  return all.findLast((s) => s.attempt === n) ?? "next";
}

/** Once results are out there is only what the rule leaves after the assessment (R33). */
function soonAfter(c: Case, pack: Pack, method: string, now: Instant): boolean {
  const { workingDaysAfter } = pack.rules.specialConsideration;
  if (workingDaysAfter === null) return false;
  return sittingsOf(c, method).some((s) => londonDate(now) <= addWorkingDays(londonDate(s.at), workingDaysAfter));
}

const undecided = (c: Case, all: readonly { id: string; decided?: unknown }[]) =>
  c.stage === "withdrawn" ? never : all.filter((x) => x.decided === undefined).map((x) => ({ id: x.id }));

export const offers: Offers<keyof typeof commands> = {
  "adjustment.request": (c) => (c.stage === "withdrawn" || c.stage === "released" ? never : once),
  "adjustment.decide": (c) => undecided(c, c.adjustments),
  "consideration.request": (c, pack, now) =>
    c.stage === "withdrawn"
      ? never
      : pack.methods
          .filter((m) => c.stage !== "released" || soonAfter(c, pack, m.id, now))
          .map((m) => ({ method: m.id })),
  "consideration.decide": (c) => undecided(c, c.considerations),
  "dispensation.grant": (c, pack) =>
    !c.dispensation && c.stage !== "withdrawn" && pack.methods.some((m) => m.session.setting?.dispensation)
      ? once
      : never,
};
