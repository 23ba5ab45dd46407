import type { Problem } from "../case/case";
import type { ProblemCode } from "../case/problems";
import type { Pack } from "../rules/pack";
import { adjustments } from "./problems/adjustments";
import { appeals } from "./problems/appeals";
import { known, type Said, type Say } from "./problems/facts";
import { gateway } from "./problems/gateway";
import { grading } from "./problems/grading";
import { limits } from "./problems/limits";
import { people } from "./problems/people";
import { planning } from "./problems/planning";
import { proposal } from "./problems/proposal";
import { results } from "./problems/results";
import { sessions } from "./problems/sessions";
import { submissions } from "./problems/submissions";
import type { Words } from "./words";

/** Refusals and warnings in sentences: what is wrong, what would be lawful, where it stands, what may lift it. */

/** The stages' sayings, a code in one of them only. */
export const sayings = [
  gateway,
  planning,
  proposal,
  submissions,
  sessions,
  grading,
  results,
  adjustments,
  appeals,
  limits,
  people,
] as const;

const all: Readonly<Record<ProblemCode, Say>> = {
  ...gateway,
  ...planning,
  ...proposal,
  ...submissions,
  ...sessions,
  ...grading,
  ...results,
  ...adjustments,
  ...appeals,
  ...limits,
  ...people,
};

/** For a record of earlier days whose code is no longer raised. */
const unknown: Say = () => ({
  short: "not in order",
  fact: "A rule was not kept.",
  lawful: "Show the case to see what can be done now.",
});

export interface Told extends Said {
  /** "TQUK specification, “Interview”", or null where no rule of a document is behind it. */
  clause: string | null;
  /** What may lift it, or what became of it, as a sentence; null where there is no rule to lift. */
  remedy: string | null;
}

/** Where a rule stands in the body's document, by its innermost heading. */
export const clauseOf = (source: Problem["source"], pack: Pack): string | null => {
  const heading = source?.path.at(-1);
  return heading === undefined ? null : `${pack.body.short} specification, “${heading}”`;
};

/**
 * A problem as people read it. `as`: it refused, it was allowed with a warning, or a coordinator lifted its rule.
 * `mayLift`: the reader may lift the rule here, so the lawful choice says so.
 */
export function tell(
  problem: Problem,
  pack: Pack,
  w: Words,
  { as = "refused", mayLift = false }: { as?: "refused" | "warned" | "lifted"; mayLift?: boolean } = {},
): Told {
  const said = (Object.hasOwn(all, problem.code) ? all[problem.code] : unknown)(known(problem), w);
  const lift = mayLift && as === "refused" && problem.remedy === "override";
  return {
    ...said,
    lawful: lift ? said.lawful.replace(/\.$/, ", or lift the rule with a reason.") : said.lawful,
    clause: clauseOf(problem.source, pack),
    remedy: problem.rule === undefined ? null : remedyOf(problem, as),
  };
}

function remedyOf(problem: Problem, as: "refused" | "warned" | "lifted"): string {
  if (as === "warned") return "Allowed. This is recorded.";
  if (as === "lifted") return "A coordinator lifted this rule. The reason is recorded.";
  if (problem.remedy === "override") return "A coordinator may override it.";
  return problem.remedy === "reason" ? "Allowed once a reason is written." : "This rule has no override.";
}

/** Clause and remedy in one line, as under a refusal: "TQUK specification, “Interview”. This rule has no override." */
export const clauseLine = (t: Told): string | null =>
  [t.clause === null ? null : `${t.clause}.`, t.remedy].filter((x) => x !== null).join(" ") || null;
