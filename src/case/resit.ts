import { z } from "zod";
import { addMonths, type IsoDate, londonDate } from "../rules/calendar";
import type { Pack } from "../rules/pack";
import {
  type Attempt,
  attemptAt,
  type Case,
  type Decide,
  type Evolves,
  emptySession,
  type FreeText,
  free,
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
        reworkBy: Record<string, IsoDate>;
        throughGateway: boolean;
        actionPlan?: FreeText;
      }
    >;

export const failedMethods = (r: Release): string[] =>
  Object.entries(r.grades)
    .filter(([, g]) => g === "fail")
    .map(([m]) => m);

/** R29: counted from the day of the fail notification. */
export const resitLimit = (r: Release, pack: Pack): IsoDate =>
  addMonths(londonDate(r.at), pack.rules.resitLimit.months);

/** The fail in force, when one is. */
const failIn = (c: Case): Release | undefined => {
  const last = c.releases.at(-1);
  return c.stage === "released" && last?.overall === "fail" ? last : undefined;
};

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "resit.agree": (p, c, ctx) => {
    const fail = failIn(c);
    if (!fail) return refuse("NO_FAIL", { stage: c.stage });
    if (c.resitAgreed?.kind === p.kind) return { already: c.resitAgreed };
    return judge(ctx).settle(() => [{ type: "ResitAgreed", data: { kind: p.kind } }]);
  },

  "resit.open": (p, c, ctx) => {
    const release = c.releases.at(-1);
    if (c.stage !== "released" || !release) return refuse("NO_FAIL", { stage: c.stage });
    const { rules } = ctx.pack;
    const j = judge(ctx);
    const failed = failedMethods(release);
    const all = methodsOf(ctx.pack);
    const again = p.kind === "again";
    j.need(
      p.methods.every((m) => all.includes(m)),
      "NO_SUCH_METHOD",
      { method: p.methods.find((m) => !all.includes(m)) },
      "methods",
    );
    if (failed.length === 0) j.rule(rules.noUpgrade, false, "NO_UPGRADE", {}, { effect: "block" });
    const limit = resitLimit(release, ctx.pack);
    const today = londonDate(ctx.now);
    // R29: the whole EPA is for when the time for a resit is past; before that, a method that was passed stays passed (R28).
    const wholeDue = rules.resitLimit.beyond === "wholeEpaAgain" && today > limit;
    if (failed.length > 0)
      j.rule(
        { ...rules.resitLimit, override: false },
        !again || wholeDue,
        "WHOLE_EPA_NOT_DUE",
        { limit },
        { input: "kind", effect: "block" },
      );
    const passed = again ? [] : p.methods.filter((m) => !failed.includes(m));
    j.rule(
      rules.resit,
      failed.length === 0 || passed.length === 0,
      "METHOD_NOT_FAILED",
      { methods: passed },
      { input: "methods" },
    );
    j.need(!again || all.every((m) => p.methods.includes(m)), "WHOLE_EPA", {}, "methods");

    if (!again) {
      j.rule(
        rules.resitLimit,
        today <= limit,
        "RESIT_LIMIT_PAST",
        { limit, months: rules.resitLimit.months, wholeEpa: rules.resitLimit.beyond === "wholeEpaAgain" },
        { input: "kind" },
      );
      const agreed = c.resitAgreed?.kind;
      j.rule(
        rules.resit,
        agreed === p.kind,
        "EMPLOYER_NOT_AGREED",
        { kind: p.kind, agreed },
        { input: "kind", effect: rules.resit.employerAgrees },
      );
    }
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

    const throughGateway = again || (p.kind === "retake" && rules.resit.retakeThroughGateway);
    const rework = rules.projectRework.months;
    // A retake through the gateway brings a new proposal, and with it a new report window; what is reworked is a resit's report.
    const reworked = ctx.pack.methods.filter(
      (m) => rework !== null && !throughGateway && m.handIn?.kind === "report" && p.methods.includes(m.id),
    );
    return j.settle(() => [
      {
        type: "ResitOpened",
        data: {
          kind: p.kind,
          methods: [...new Set(p.methods)],
          by: again || today > limit ? null : limit,
          // R29: a month from notification and feedback; feedback goes with the result or with the opening, whichever is later.
          reworkBy: Object.fromEntries(
            reworked.map((m) => [m.id, addMonths(release.feedback ? londonDate(release.at) : today, rework ?? 0)]),
          ),
          throughGateway,
          ...(p.actionPlan ? { actionPlan: free(p.actionPlan) } : {}),
        },
      },
    ]);
  },
};

export const evolve: Evolves<Event> = {
  ResitAgreed: (c, d, e) => ({ ...c, resitAgreed: { kind: d.kind, at: e.at, by: e.by } }),
  ResitOpened: (c, d, e) => {
    if (!("window" in c)) return c;
    // A cap that was lifted for one resit stands again for the next.
    const { resitAgreed: _used, capLifted: _lifted, ...rest } = c;
    const attempts = { ...c.attempts };
    for (const m of d.methods) {
      const reworkBy = d.reworkBy[m];
      const next: Attempt = {
        n: attemptAt(c, m).n + 1,
        kind: d.kind,
        opened: e.at,
        ...(d.by && !d.throughGateway ? { by: d.by } : {}),
        ...(reworkBy ? { reworkBy } : {}),
        handIns: [],
        session: emptySession,
        notHeld: [],
        marks: {},
        descriptors: [],
      };
      attempts[m] = [...(c.attempts[m] ?? []), next];
    }
    const base = { ...rest, attempts };
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
  "resit.agree": (c) => (failIn(c) && !c.resitAgreed ? once : never),
  "resit.open": (c) => (failIn(c) ? once : never),
};
