import type { Grade } from "../rules/pack";
import { counted, spelled } from "./format";

/** How many criteria there are, and how many of them are met. */
export interface Counts {
  passMet: number;
  passOf: number;
  distinctionMet: number;
  distinctionOf: number;
}

/** Why these marks make that grade (R25), in a sentence or two. */
export function whyGrade(grade: Grade, { passMet, passOf, distinctionMet, distinctionOf }: Counts): string {
  if (grade === "fail") return `A pass needs ${allOf(passOf, "pass criterion", "pass criteria")}; ${met(passMet)}.`;
  const pass = `${passOf === 1 ? "The pass criterion is" : `All ${counted(passOf, "pass criterion", "pass criteria")} are`} met`;
  if (grade === "distinction" || distinctionMet === distinctionOf)
    return `${pass}, and ${allOf(distinctionOf, "distinction criterion", "distinction criteria")}.`;
  return distinctionOf === 1
    ? `${pass}. A distinction needs the distinction criterion too; it is not met.`
    : `${pass}. A distinction needs all ${spelled(distinctionOf)} of its criteria; ${met(distinctionMet)}.`;
}

const allOf = (n: number, one: string, many: string): string =>
  n === 1 ? `the ${one}` : `all ${counted(n, one, many)}`;
const met = (n: number): string => `${spelled(n)} ${n === 1 ? "is" : "are"} met`;
