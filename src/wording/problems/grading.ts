import { capital, counted, titles } from "../format";
import { gradeNoun, wordIn } from "../labels";
import type { Words } from "../words";
import { type Known, type Sayings, sentences, when } from "./facts";

/** Marks, grades and their moderation. For assessor and quality assurer only. */

const gradeIn = (f: Known, name: string) => wordIn(gradeNoun, f.text(name));

/** At most three criteria by their text, the rest counted. */
function criteria(f: Known, w: Words): string | undefined {
  const keys = f.list("criteria");
  if (keys.length === 0) return undefined;
  const shown = titles(keys.slice(0, 3).map(w.criterion));
  return keys.length > 3 ? `${shown}; and ${counted(keys.length - 3, "more", "more")}` : shown;
}

export const grading = {
  SESSION_NOT_ENDED: (f, w) => ({
    short: "too early",
    fact: `${capital(w.theSession(f.text("method")))} has not ended yet.`,
    lawful: "Confirm the grade once the session has ended.",
  }),
  CRITERIA_UNMARKED: (f) => ({
    short: "not all marked",
    fact: when(
      f.number("count"),
      (n) => `${counted(n, "criterion has", "criteria have")} no mark yet.`,
      "Some criteria have no mark yet.",
    ),
    lawful: "Mark each as met or not met.",
  }),
  GRADE_HAS_CHANGED: (f) => ({
    short: "changed",
    fact: `The marks now make ${gradeIn(f, "now") ?? "another grade"}${when(gradeIn(f, "shown"), (g) => `, not ${g} as shown to you`, "")}.`,
    lawful: "Look at the marks again, then confirm the grade that they make.",
  }),
  DECLARATION_NEEDED: () => ({
    short: "not ticked",
    fact: "You declare that you marked this yourself, on what you saw and heard.",
    lawful: "Tick the declaration.",
  }),
  DESCRIPTOR_AGAINST_GRADE: (f) => ({
    short: "against the marks",
    fact: `A fail descriptor is ticked, while the marks make ${gradeIn(f, "grade") ?? "a pass or better"}.`,
    lawful: "Check the ticks and the marks; the grade follows the marks.",
  }),
  FAIL_WITHOUT_DESCRIPTOR: () => ({
    short: "none ticked",
    fact: "The marks make a fail, while no fail descriptor is ticked.",
    lawful: "Tick the descriptor that fits; the grade follows the marks.",
  }),
  UNSEEN_NOT_ASKED: (f, w) => ({
    short: "not asked about",
    fact: sentences(
      "What was not seen is to be asked about.",
      when(criteria(f, w), (c) => `Not met and never asked about: ${c}.`, "Part of it was not."),
    ),
    lawful: "Ask about each next time; this stays in the record.",
  }),
  NOT_CONFIRMED_YET: (f, w) => ({
    short: "not confirmed",
    fact: `The grade of ${w.theSession(f.text("method"))} is not confirmed yet.`,
    lawful: "Wait until the assessor confirms it.",
  }),
  NOT_SENT_BACK: () => ({
    short: "confirmed",
    fact: "The grade is confirmed, so its marks stand.",
    lawful: "Marks change only after the quality assurer sends the grade back.",
  }),
  MARK_UNCHANGED: () => ({
    short: "unchanged",
    fact: "The criterion bears this mark already.",
    lawful: "Choose the other mark.",
  }),
  ALREADY_SAMPLED: () => ({
    short: "sampled already",
    fact: "This grade is sampled already.",
    lawful: "Uphold it or send it back.",
  }),
  NOT_IN_MODERATION: () => ({
    short: "not with you",
    fact: "This grade does not wait for a quality assurer.",
    lawful: "Sample it first, if it is confirmed.",
  }),
  OWN_GRADE: () => ({
    short: "you assessed here",
    fact: "You are or were the assessor of this case.",
    lawful: "Another quality assurer moderates it.",
  }),
} satisfies Sayings;
