import { monthsText, titles } from "../format";
import { attemptTitle, wordIn } from "../labels";
import { type Known, type Sayings, sentences, when } from "./facts";
import { stands } from "./gateway";

/** Results, and what follows a fail. */

const kindOf = (f: Known, name: string) => {
  const title = wordIn(attemptTitle, f.text(name));
  return title === undefined ? undefined : `a ${title.toLowerCase()}`;
};

export const results = {
  METHODS_NOT_COMPLETE: (f, w) => ({
    short: "not complete",
    fact: `Still without a settled grade: ${titles(f.list("methods").map(w.method)) || "some assessments"}.`,
    lawful: "Results go out together, once every grade is settled.",
  }),
  RESULT_WITHHELD: () => ({
    short: "withheld",
    fact: "The result is withheld.",
    lawful: "End the withholding first.",
  }),
  GRADED_HERE: () => ({
    short: "you assessed here",
    fact: "You are or were the assessor of this case.",
    lawful: "Another coordinator releases its results.",
  }),
  RESULT_IS_OUT: (f) => ({
    short: "not possible now",
    fact: f.text("stage") === undefined ? "The results are out." : stands(f),
    lawful: "Show the case to see what can be done now.",
  }),
  NOT_WITHHELD: () => ({
    short: "not withheld",
    fact: "The result is not withheld.",
    lawful: "Nothing is left to do for it.",
  }),
  NO_CAP: () => ({
    short: "no cap",
    fact: "Nothing caps the overall grade: every assessment is at its first attempt, or the cap is lifted.",
    lawful: "Nothing is left to do for it.",
  }),
  CAP_STANDS: (_f, w) => ({
    short: "not allowed",
    fact: `After a resit or retake the overall grade is at most ${w.pack.rules.cap.overallAtMost}.`,
    lawful: "The cap stands.",
  }),
  NO_FAIL: (f) => ({
    short: "no fail",
    fact: f.text("stage") === "released" ? "The released result is not a fail." : "No fail has been released.",
    lawful: "A resit or retake follows a released fail.",
  }),
  NO_UPGRADE: () => ({
    short: "passed",
    fact: "Every assessment is passed. None is taken again for a better grade.",
    lawful: "The result stands.",
  }),
  METHOD_NOT_FAILED: (f, w) => ({
    short: "not failed",
    fact: `Not failed: ${titles(f.list("methods").map(w.method)) || "one of these"}.`,
    lawful: "Choose only what was failed.",
  }),
  WHOLE_EPA: () => ({
    short: "not all chosen",
    fact: "Taking the whole assessment again covers every part of it.",
    lawful: "Choose all of them.",
  }),
  WHOLE_EPA_NOT_DUE: (f) => ({
    short: "not due",
    fact: when(
      f.day("limit"),
      (d) => `A resit or retake is possible until ${d}.`,
      "A resit or retake is still possible.",
    ),
    lawful: "Open a resit or retake of what was failed.",
  }),
  RESIT_LIMIT_PAST: (f) => ({
    short: "after the limit",
    fact: `${when(f.day("limit"), (d) => `The limit for a resit or retake was ${d}`, "The limit for a resit or retake has passed")}${when(f.number("months"), (n) => `, ${monthsText(n)} after the result`, "")}.`,
    lawful: f.flag("wholeEpa") ? "Open the whole assessment again." : "Record why it comes later.",
  }),
  EMPLOYER_NOT_AGREED: (f) => ({
    short: "not agreed",
    fact: sentences(
      when(kindOf(f, "kind"), (k) => `The employer has not agreed to ${k}.`, "The employer has not agreed to this."),
      when(kindOf(f, "agreed"), (k) => `What is agreed is ${k}.`, undefined),
    ),
    lawful: "Ask the employer to agree, or record the agreement on their behalf.",
  }),
  NO_ACTION_PLAN: () => ({
    short: "missing",
    fact: "A supportive action plan goes with a resit or retake.",
    lawful: "Write what helps the apprentice to pass.",
  }),
  NO_FURTHER_DEVELOPMENT: () => ({
    short: "not ticked",
    fact: "Further development comes before another attempt.",
    lawful: "Tick this once it has taken place.",
  }),
} satisfies Sayings;
