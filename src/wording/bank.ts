import { labelOf } from "../panel/coverage";
import type { BankHint, RowFault, WholeFault } from "../rules/bankImport";
import { listed } from "./format";

/** What is wrong with a bank of questions that is brought in, in sentences. */

export function rowFault(f: RowFault): string {
  switch (f.code) {
    case "empty":
      return "There is no question.";
    case "noCriteria":
      return "It names no criterion. Name those it gives a chance to show.";
    case "tooShort":
      return `A question has at least ${f.limit} characters.`;
    case "tooLong":
      return `A question has at most ${f.limit} characters.`;
    case "twice":
      return `It stands in row ${f.first} already.`;
    case "noSuchCriterion":
      return `This assessment has no criterion “${f.criterion}”.`;
    case "noSuchId":
      return `The bank in force has no question “${f.id}”. Leave the id empty for a new one.`;
  }
}

export function wholeFault(f: WholeFault): string {
  switch (f.code) {
    case "none":
      return "There are no questions under the titles.";
    case "tooMany":
      return `There are ${f.have} questions; ${f.most} are the most.`;
    case "tooFew":
      return `There are ${f.have} questions. At least ${f.wanted} are needed: twice as many as a session draws, so that a resit has others.`;
    case "unreached":
      return `No question reaches ${listed(f.criteria.map(labelOf))}.`;
    case "undrawable":
      return `No ${f.size} of these questions reach every criterion together.`;
  }
}

export const bankHint = ({ size }: BankHint): string =>
  `Once ${size} are drawn, no other ${size} of these questions reach every criterion together: a resit would miss some.`;
