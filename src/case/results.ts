import { z } from "zod";
import { overallGrade } from "../rules/grade";
import type { Grade, Pack } from "../rules/pack";
import {
  allSettled,
  assessedHere,
  attemptAt,
  type Case,
  type Decide,
  type Evolves,
  type FreeText,
  free,
  isSettled,
  judge,
  methodsOf,
  type NewEvent,
  never,
  type Offers,
  once,
  refuse,
  stampOf,
} from "./case";
import { text } from "./payload";

/** Results go out together, once all methods are complete; may be withheld; the cap after a resit (R24–R27, R31, R35). */

export const commands = {
  "results.release": z.strictObject({ feedback: text(4000).optional() }),
  "results.withhold": z.strictObject({ reason: text() }),
  "results.resume": z.strictObject({ reason: text() }),
  "cap.lift": z.strictObject({ reason: text() }),
};

export type Event =
  | NewEvent<
      "ResultsReleased",
      {
        n: number;
        grades: Record<string, Grade>;
        attempts: Record<string, number>;
        overall: Grade;
        uncapped: Grade;
        capped: boolean;
        feedback?: FreeText;
      }
    >
  | NewEvent<"ResultsWithheld", { reason: FreeText }>
  | NewEvent<"ResultsResumed", { reason: FreeText }>
  | NewEvent<"CapLifted", { reason: FreeText }>;

/** R31: any attempt beyond the first caps the overall grade, where the pack caps at all and unless the cap was lifted. */
export const isCapped = (c: Case, pack: Pack): boolean =>
  pack.rules.cap.effect !== "none" &&
  c.capLifted === undefined &&
  Object.values(c.attempts).some((all) => all.some((a) => a.kind !== "first"));

/** The result that the present grades make. @throws when a method has no confirmed grade. */
export function resultOf(c: Case, pack: Pack) {
  const grades = Object.fromEntries(
    methodsOf(pack).map((m) => {
      const confirmed = attemptAt(c, m).confirmed;
      if (!confirmed) throw new Error(`No confirmed grade for ${m} in ${c.id}`);
      return [m, confirmed.grade];
    }),
  );
  const { grade, uncapped, capped } = overallGrade(grades, {
    capped: isCapped(c, pack),
    atMost: pack.rules.cap.overallAtMost,
  });
  return { grades, overall: grade, uncapped, capped };
}

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "results.release": (p, c, ctx) => {
    const last = c.releases.at(-1);
    if (c.stage === "released" && last) return { already: last };
    if (c.stage !== "assessment") return refuse("NOT_IN_ASSESSMENT", { stage: c.stage });
    const j = judge(ctx);
    const open = methodsOf(ctx.pack).filter((m) => !isSettled(attemptAt(c, m)));
    j.rule(
      ctx.pack.rules.resultsNotice,
      open.length === 0,
      "METHODS_NOT_COMPLETE",
      { methods: open },
      { effect: "block" },
    );
    if (open.length > 0) return j.settle(() => []);
    j.need(c.withheld === undefined, "RESULT_WITHHELD");
    j.need(!assessedHere(c, ctx.by.person), "GRADED_HERE");
    return j.settle(() => [
      {
        type: "ResultsReleased",
        data: {
          n: c.releases.length + 1,
          ...resultOf(c, ctx.pack),
          attempts: Object.fromEntries(methodsOf(ctx.pack).map((m) => [m, attemptAt(c, m).n])),
          ...(p.feedback ? { feedback: free(p.feedback) } : {}),
        },
      },
    ]);
  },

  "results.withhold": (p, c, ctx) => {
    if (c.withheld) return { already: c.withheld };
    const j = judge(ctx);
    inHand(j, c);
    return j.settle(() => [{ type: "ResultsWithheld", data: { reason: free(p.reason) } }]);
  },

  "results.resume": (p, c, ctx) => {
    const j = judge(ctx);
    j.need(c.stage !== "withdrawn", "CASE_CLOSED");
    j.need(c.withheld !== undefined, "NOT_WITHHELD");
    return j.settle(() => [{ type: "ResultsResumed", data: { reason: free(p.reason) } }]);
  },

  "cap.lift": (p, c, ctx) => {
    if (c.capLifted) return { already: c.capLifted };
    const j = judge(ctx);
    inHand(j, c);
    const { cap } = ctx.pack.rules;
    j.need(isCapped(c, ctx.pack), "NO_CAP");
    j.rule({ ...cap, override: false }, cap.override, "CAP_STANDS", {}, { effect: "block" });
    return j.settle(() => [{ type: "CapLifted", data: { reason: free(p.reason) } }]);
  },
};

/** What is withheld or capped is a result still to come. */
function inHand(j: ReturnType<typeof judge>, c: Case): void {
  if (c.stage === "released") j.need(false, "RESULT_IS_OUT", { stage: c.stage });
  else j.need(c.stage === "assessment", "NOT_IN_ASSESSMENT", { stage: c.stage });
}

export const evolve: Evolves<Event> = {
  ResultsReleased: (c, d, e) =>
    "window" in c
      ? { ...c, stage: "released", window: c.window, releases: [...c.releases, { ...d, ...stampOf(e) }] }
      : c,
  ResultsWithheld: (c, d, e) => ({ ...c, withheld: { ...d, ...stampOf(e) } }),
  ResultsResumed: (c) => {
    const { withheld: _gone, ...rest } = c;
    return rest as Case;
  },
  CapLifted: (c, d, e) => ({ ...c, capLifted: { ...d, ...stampOf(e) } }),
};

export const offers: Offers<keyof typeof commands> = {
  "results.release": (c, pack) => (c.stage === "assessment" && allSettled(c, pack) && !c.withheld ? once : never),
  "results.withhold": (c) => (c.stage === "assessment" && !c.withheld ? once : never),
  "results.resume": (c) => (c.withheld && c.stage === "assessment" ? once : never),
  "cap.lift": (c, pack) => (c.stage === "assessment" && isCapped(c, pack) && pack.rules.cap.override ? once : never),
};
