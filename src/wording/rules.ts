import { overridable } from "../case/registration";
import type { Pack, Rules } from "../rules/pack";

/** What each rule is about, for who lifts it and for the record. Ids are never shown. */
const titles: Readonly<Record<RuleIdIn<Rules>, string>> = {
  R01: "Time on programme",
  R02: "Gateway evidence that must be there",
  R03: "Level of English and maths",
  R04: "Who confirms the gateway",
  R05: "Planning meeting",
  R06: "Assessments inside the EPA window",
  R11: "Subject of the project",
  R12: "Days to rework the proposal",
  R13: "When the report may begin",
  R14: "Last day for the report",
  R21: "The portfolio is not graded",
  R23: "Advised order",
  R24: "Results do not wait on each other",
  R25: "Grade of an assessment",
  R26: "Overall grade",
  R27: "Notice of results",
  R28: "Resit or retake",
  R29: "Last day for a resit, retake or rework",
  R30: "No better grade after a pass",
  R31: "Cap after a resit or retake",
  R32: "When an adjustment may be asked for",
  R33: "When special consideration may be asked for",
  R34: "Enquiries and appeals",
  R35: "Equal weight",
  R36: "Time and resources from the employer",
  R37: "The challenge lies within the apprenticeship",
  R38: "Asking about what was not seen",
  R39: "Moving between areas of the business",
  R40: "Plan of the observation",
  R41: "Off-the-job training",
  R42: "The apprentice is ready",
  R43: "Where the portfolio comes from",
  R44: "Whether the plan fits",
};
/** Rules that stand with a method instead of the pack. */
const ofMethods: Readonly<Record<string, string>> = {
  R07: "Notice of the observation",
  R08: "Length of the observation",
  R09: "Questions after the observation",
  R10: "Where the observation is held",
  R15: "Length of the report",
  R16: "Contents of the report",
  R17: "Days between report and interview",
  R18: "Length and questions of the interview",
  R19: "Days between portfolio and discussion",
  R20: "Selection of the portfolio",
  R22: "Length and agenda of the discussion",
};

type RuleIdIn<R> = { [K in keyof R]: R[K] extends { id: infer I } ? I : never }[keyof R];

/** "Assessments inside the EPA window"; "A rule" for an id that there is none of. */
export const ruleTitle = (id: string): string =>
  (titles as Readonly<Record<string, string>>)[id] ?? ofMethods[id] ?? "A rule";

/** The rules of a pack that a coordinator may lift beforehand, as choices, by title. */
export const liftable = (pack: Pack): { rule: string; title: string }[] =>
  overridable(pack)
    .map((rule) => ({ rule, title: ruleTitle(rule) }))
    .sort((a, b) => (a.title < b.title ? -1 : 1));
