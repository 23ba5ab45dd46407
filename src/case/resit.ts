import { z } from "zod";
import { addMonths, type IsoDate, londonDate } from "../rules/calendar";
import type { Pack } from "../rules/pack";
import {
  type Attempt,
  attemptAt,
  type Case,
  type Context,
  type Decide,
  type Evolves,
  emptyAttempt,
  type FreeText,
  free,
  type Judge,
  judge,
  methodsOf,
  type NewEvent,
  never,
  type Offers,
  once,
  type Release,
  refuse,
} from "./case";
import { methodId, text } from "./payload";

/** After a fail: the employer agrees to a resit or a retake, the coordinator opens it; new attempts stand beside the old (R28–R30). */

const kind = z.enum(["resit", "retake"]);

export const commands = {
  "resit.agree": z.strictObject({ kind }),
  "resit.open": z.strictObject({
    /** "again": the whole EPA, where the limit has passed. */
    kind: z.enum(["resit", "retake", "again"]),
    methods: z.array(methodId).min(1).max(10),
    actionPlan: text().optional(),
    developed: z.boolean(),
  }),
};

export type Event =
  | NewEvent<"ResitAgreed", { kind: "resit" | "retake" }>
  | NewEvent<
      "ResitOpened",
      {
        kind: "resit" | "retake" | "again";
        methods: string[];
        by: IsoDate | null;
        /** Each method's last day, where they are not all `by`. */
        limits?: Record<string, IsoDate>;
        reworkBy: Record<string, IsoDate>;
        throughGateway: boolean;
        actionPlan?: FreeText;
      }
    >;

export const failedMethods = (r: Release): string[] =>
  Object.entries(r.grades)
    .filter(([, g]) => g === "fail")
    .map(([m]) => m);

/** The results that told of the present attempt's fail, the first of them first: a partial resit's result tells of it again. */
function failsOf(c: Pick<Case, "releases">, method: string, upTo: Release | undefined = c.releases.at(-1)): Release[] {
  const told: Release[] = [];
  const n = upTo?.attempts[method];
  for (const r of c.releases.filter((x) => upTo !== undefined && x.n <= upTo.n).reverse()) {
    if (r.grades[method] !== "fail" || r.attempts[method] !== n) break;
    told.unshift(r);
  }
  return told;
}

/** R29: each failed method's last day, counted from the day on which its own fail was first told. */
function limitsOf(
  c: Pick<Case, "releases">,
  pack: Pack,
  release: Release | undefined = c.releases.at(-1),
): Record<string, IsoDate> {
  const limits: Record<string, IsoDate> = {};
  for (const m of release ? failedMethods(release) : []) {
    const [first] = failsOf(c, m, release);
    if (first) limits[m] = addMonths(londonDate(first.at), pack.rules.resitLimit.months);
  }
  return limits;
}

const earliestOf = (days: readonly IsoDate[]): IsoDate | undefined => [...days].sort()[0];

/** R29: the day by which everything that failed in that result can be taken again; counted from each fail's own notification. */
export const resitLimit = (c: Pick<Case, "releases">, r: Release, pack: Pack): IsoDate =>
  earliestOf(Object.values(limitsOf(c, pack, r))) ?? addMonths(londonDate(r.at), pack.rules.resitLimit.months);

/** The fail in force, when one is. */
const failIn = (c: Case): Release | undefined => {
  const last = c.releases.at(-1);
  return c.stage === "released" && last?.overall === "fail" ? last : undefined;
};

/**
 * R29: a resit or retake that was opened and not taken by its last day: what follows is the whole EPA again. Not while a session
 * of it runs, nor once it was held.
 */
const notTaken = (c: Case, pack: Pack, today: IsoDate): boolean =>
  c.stage === "assessment" &&
  pack.rules.resitLimit.beyond === "wholeEpaAgain" &&
  methodsOf(pack).every((m) => !["running", "paused"].includes(attemptAt(c, m).session.state)) &&
  methodsOf(pack).some((m) => {
    const { by, session } = attemptAt(c, m);
    return by !== undefined && today > by && session.state !== "ended";
  });

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "resit.agree": (p, c, ctx) => {
    const fail = failIn(c);
    if (!fail) return refuse("NO_FAIL", { stage: c.stage });
    if (c.resitAgreed?.kind === p.kind) return { already: c.resitAgreed };
    return judge(ctx).settle(() => [{ type: "ResitAgreed", data: { kind: p.kind } }]);
  },

  "resit.open": (p, c, ctx) => {
    const release = c.releases.at(-1);
    const overdue = p.kind === "again" && notTaken(c, ctx.pack, londonDate(ctx.now));
    if ((c.stage !== "released" && !overdue) || !release) return refuse("NO_FAIL", { stage: c.stage });
    const { rules } = ctx.pack;
    const j = judge(ctx);
    judgeMethods(j, p, release, ctx.pack);
    const limits = limitsOf(c, ctx.pack);
    judgeLimit(j, p, limits, ctx);
    if (p.kind !== "again") judgeAgreement(j, p, c, ctx.pack);
    j.rule(
      rules.resit,
      p.actionPlan !== undefined,
      "NO_ACTION_PLAN",
      {},
      { input: "actionPlan", effect: rules.resit.actionPlan },
    );
    j.rule(
      rules.resit,
      p.developed,
      "NO_FURTHER_DEVELOPMENT",
      {},
      { input: "developed", effect: rules.resit.furtherDevelopmentFirst },
    );
    const throughGateway = p.kind === "again" || (p.kind === "retake" && rules.resit.retakeThroughGateway);
    // A retake through the gateway brings a new proposal, and with it a new report window; what is reworked is a resit's report.
    const reworkBy = throughGateway ? {} : judgeRework(j, p, c, ctx);
    const today = londonDate(ctx.now);
    const chosen = [...new Set(p.methods)];
    const inTime = Object.fromEntries(
      Object.entries(limits).filter(([m, limit]) => chosen.includes(m) && p.kind !== "again" && today <= limit),
    );
    return j.settle(() => [
      {
        type: "ResitOpened",
        data: {
          kind: p.kind,
          methods: chosen,
          by: earliestOf(Object.values(inTime)) ?? null,
          // Where they differ: a method that a partial resit left behind keeps the clock of its own notification.
          ...(new Set(Object.values(inTime)).size > 1 ? { limits: inTime } : {}),
          reworkBy,
          throughGateway,
          ...(p.actionPlan ? { actionPlan: free(p.actionPlan) } : {}),
        },
      },
    ]);
  },
};

type Opening = z.infer<(typeof commands)["resit.open"]>;

/** R28, R30: failed methods only, but for the whole EPA again, which is every method. */
function judgeMethods(j: Judge, p: Opening, release: Release, pack: Pack): void {
  const { rules } = pack;
  const failed = failedMethods(release);
  const all = methodsOf(pack);
  const again = p.kind === "again";
  const strange = p.methods.find((m) => !all.includes(m));
  j.need(strange === undefined, "NO_SUCH_METHOD", { method: strange }, "methods");
  if (failed.length === 0) j.rule(rules.noUpgrade, false, "NO_UPGRADE", {}, { effect: "block" });
  const passed = again ? [] : p.methods.filter((m) => !failed.includes(m));
  j.rule(
    rules.resit,
    failed.length === 0 || passed.length === 0,
    "METHOD_NOT_FAILED",
    { methods: passed },
    { input: "methods" },
  );
  j.need(!again || all.every((m) => p.methods.includes(m)), "WHOLE_EPA", {}, "methods");
}

/** R29: a resit or retake inside the limit of each of its methods; the whole EPA again once the time of one is past. */
function judgeLimit(j: Judge, p: Opening, limits: Readonly<Record<string, IsoDate>>, ctx: Context): void {
  const { resitLimit: rule } = ctx.pack.rules;
  const today = londonDate(ctx.now);
  const first = earliestOf(Object.values(limits));
  if (first === undefined) return;
  if (p.kind === "again") {
    // Before that, a method that was passed stays passed (R28).
    j.rule(
      { ...rule, override: false },
      rule.beyond === "wholeEpaAgain" && today > first,
      "WHOLE_EPA_NOT_DUE",
      { limit: first },
      { input: "kind", effect: "block" },
    );
    return;
  }
  const limit = earliestOf(p.methods.flatMap((m) => (Object.hasOwn(limits, m) ? [limits[m] as IsoDate] : []))) ?? first;
  j.rule(
    rule,
    today <= limit,
    "RESIT_LIMIT_PAST",
    { limit, months: rule.months, wholeEpa: rule.beyond === "wholeEpaAgain" },
    { input: "kind" },
  );
}

/** R28: the employer agrees which of the two. */
function judgeAgreement(j: Judge, p: Opening, c: Case, pack: Pack): void {
  const { resit } = pack.rules;
  const agreed = c.resitAgreed?.kind;
  j.rule(
    resit,
    agreed === p.kind,
    "EMPLOYER_NOT_AGREED",
    { kind: p.kind, agreed },
    { input: "kind", effect: resit.employerAgrees },
  );
}

/**
 * R29: a failed project is reworked within its months of notification and feedback, whichever came later; feedback that did
 * not go with a result goes with the opening. Once they are over the coordinator may open it all the same, and no day is set.
 */
function judgeRework(j: Judge, p: Opening, c: Case, ctx: Context): Record<string, IsoDate> {
  const { projectRework } = ctx.pack.rules;
  const { months } = projectRework;
  if (months === null) return {};
  const today = londonDate(ctx.now);
  const days: Record<string, IsoDate> = {};
  for (const m of ctx.pack.methods) {
    if (m.handIn?.kind !== "report" || !p.methods.includes(m.id)) continue;
    const told = failsOf(c, m.id);
    const feedback = told.find((r) => r.feedback !== undefined);
    if (told.length === 0) continue;
    const by = addMonths(feedback ? londonDate(feedback.at) : today, months);
    j.rule(projectRework, today <= by, "REWORK_PAST", { by, months }, { input: "methods", method: m.id });
    if (today <= by) days[m.id] = by;
  }
  return days;
}

export const evolve: Evolves<Event> = {
  ResitAgreed: (c, d, e) => ({ ...c, resitAgreed: { kind: d.kind, at: e.at, by: e.by } }),
  ResitOpened: (c, d, e) => {
    if (!("window" in c)) return c;
    // A cap that was lifted for one resit stands again for the next.
    const { resitAgreed: _used, capLifted: _lifted, ...rest } = c;
    const attempts = { ...c.attempts };
    for (const m of d.methods) {
      const reworkBy = d.reworkBy[m];
      const by = d.limits ? d.limits[m] : d.by;
      const next: Attempt = {
        ...emptyAttempt(attemptAt(c, m).n + 1, d.kind, e.at),
        ...(by && !d.throughGateway ? { by } : {}),
        ...(reworkBy ? { reworkBy } : {}),
      };
      attempts[m] = [...(c.attempts[m] ?? []), next];
    }
    const base = { ...rest, attempts, permits: [] };
    if (!d.throughGateway) return { ...base, stage: "assessment", window: c.window } as Case;
    const { window: _old, ...open } = base as typeof base & { window?: unknown };
    return {
      ...open,
      stage: "gateway",
      earlierGateways: [...c.earlierGateways, c.gateway],
      gateway: { round: c.gateway.round + 1, evidence: {}, confirmed: {} },
      planning: { agenda: [] },
      proposals: [],
    } as unknown as Case;
  },
};

export const offers: Offers<keyof typeof commands> = {
  // Until it is opened the employer may change their mind.
  "resit.agree": (c, pack) => (failIn(c) && pack.rules.resit.employerAgrees !== "none" ? once : never),
  "resit.open": (c, pack, now) => (failIn(c) || notTaken(c, pack, londonDate(now)) ? once : never),
};
