import { counted } from "../format";
import { challengeTitle, gradeNoun, wordIn } from "../labels";
import { type Known, type Sayings, sentences, when } from "./facts";

/** Enquiries and appeals. */

const title = (f: Known) => wordIn(challengeTitle, f.text("kind"));
const aKind = (f: Known) => when(title(f), (t) => `an ${t.toLowerCase()}`, "this");

export const appeals = {
  NO_RESULT_YET: () => ({
    short: "no result yet",
    fact: "No result is out.",
    lawful: "Ask about a result once it is released.",
  }),
  CHALLENGE_UNANSWERED: (f) => ({
    short: "something is still open",
    fact:
      f.text("kind") === "appeal"
        ? "An appeal against a result is not decided yet."
        : "An enquiry about a result is not answered yet.",
    lawful: f.text("kind") === "appeal" ? "Have it decided first." : "Answer it first.",
  }),
  CHALLENGE_TOO_LATE: (f, w) => ({
    short: "too late",
    fact: sentences(
      when(f.day("last"), (d) => `The last day for ${aKind(f)} was ${d}`, `The time for ${aKind(f)} is over`).concat(
        when(f.number("days"), (n) => `, ${counted(n, "working day")} after the result.`, "."),
      ),
    ),
    lawful: `See the ${w.pack.rules.appeals.policy}.`,
  }),
  CHALLENGE_OPEN: (f) => ({
    short: "open already",
    fact: `${title(f) ? `An ${title(f)?.toLowerCase()}` : "A request"} about this result is open already.`,
    lawful: "Wait for its answer.",
  }),
  CONNECTED_WITH_CASE: () => ({
    short: "connected with the case",
    fact: "You have, or had, a part in this case.",
    lawful: "Someone who took no part in the case decides its appeal.",
  }),
  RESULT_MOVED_ON: () => ({
    short: "another result",
    fact: "The result that this appeal is about is no longer the latest.",
    lawful: "Show the case to see its result as it is now.",
  }),
  REGRADE_WITHOUT_UPHOLDING: () => ({
    short: "not upheld",
    fact: "A grade changes only where the appeal is upheld.",
    lawful: "Uphold the appeal, or leave the grade.",
  }),
  GRADE_UNCHANGED: (f) => ({
    short: "unchanged",
    fact: when(wordIn(gradeNoun, f.text("grade")), (g) => `The grade is ${g} already.`, "The grade is this already."),
    lawful: "Choose another grade, or leave it.",
  }),
} satisfies Sayings;
