import { counted, dateRange, listed, ordinal } from "../format";
import { wordIn } from "../labels";
import { type Sayings, sentences, when } from "./facts";
import { wordsText } from "./gateway";

/** The project proposal. */

const decidedAs: Record<string, string> = {
  accepted: "The proposal is accepted already.",
  returned: "The proposal is returned already.",
  withCoordinator: "The proposal came back twice, so it is with the coordinator.",
};

export const proposal = {
  PROPOSAL_TEXT_NEEDED: () => ({
    short: "missing",
    fact: "The text of the proposal is missing.",
    lawful: "Write or paste the proposal.",
  }),
  CHALLENGE_NEEDED: () => ({
    short: "missing",
    fact: "The proposal is about one specific challenge.",
    lawful: "Name the challenge in a line.",
  }),
  CHALLENGE_DATE_NEEDED: () => ({
    short: "missing",
    fact: "The day of the challenge is missing.",
    lawful: "Enter the day on which you dealt with it, or its last day.",
  }),
  PROPOSAL_TOO_LONG: (f) => {
    const words = f.number("words");
    const most = f.number("most");
    return {
      short: "too long",
      fact: sentences(
        when(words, (n) => `The proposal has ${wordsText(n)}.`, undefined),
        when(most, (n) => `At most ${n} are allowed.`, "That is too many."),
      ),
      lawful:
        words !== undefined && most !== undefined && words > most
          ? `Shorten it by ${wordsText(words - most)}.`
          : "Shorten it.",
    };
  },
  PROPOSAL_WITHOUT_KSBS: () => ({
    short: "none chosen",
    fact: "The proposal says which knowledge, skills and behaviours the project may show.",
    lawful: "Choose at least one of them.",
  }),
  KSB_NOT_OF_METHOD: (f) => {
    const ksbs = f.list("ksbs");
    return {
      short: "not assessed here",
      fact:
        ksbs.length > 0
          ? `Not part of this assessment: ${listed(ksbs)}.`
          : "One of these is not part of this assessment.",
      lawful: "Choose from the list.",
    };
  },
  CHALLENGE_OUTSIDE_APPRENTICESHIP: (f) => {
    const from = f.iso("from");
    const until = f.iso("until");
    return {
      short: "outside the apprenticeship",
      fact: "The challenge lies within the apprenticeship and before the gateway.",
      lawful:
        from !== undefined && until !== undefined && from <= until
          ? `Choose a challenge from ${dateRange(from, until)}.`
          : "Choose a challenge from within the apprenticeship.",
    };
  },
  PROPOSAL_NOT_RETURNED: () => ({
    short: "not asked for",
    fact: "No proposal has come back, so there is nothing to hand in again.",
    lawful: "Wait for the assessor's decision.",
  }),
  REWORK_LATE: (f) => ({
    short: "too late",
    fact: `${when(f.day("by"), (d) => `The new version was due by ${d}`, "The new version is late")}${when(f.number("days"), (n) => `, ${counted(n, "day")} after it came back`, "")}.`,
    lawful: "Ask the coordinator how to go on; the new version is not handed in yet.",
  }),
  NO_PROPOSAL: () => ({
    short: "no proposal",
    fact: "There is no project proposal to decide on.",
    lawful: "Wait until the apprentice hands one in.",
  }),
  GATEWAY_NOT_ACCEPTED: () => ({
    short: "too early",
    fact: "The gateway is not accepted yet.",
    lawful: "Decide on the proposal once the gateway is accepted.",
  }),
  PROPOSAL_SUPERSEDED: (f) => ({
    short: "replaced",
    fact: `${when(f.number("n"), (n) => `This is the ${ordinal(n)} version`, "This is an older version")}; a newer one has come since.`,
    lawful: when(f.number("last"), (n) => `Decide on the ${ordinal(n)} version.`, "Decide on the newer version."),
  }),
  PROPOSAL_DECIDED: (f) => ({
    short: "decided already",
    fact: wordIn(decidedAs, f.text("outcome")) ?? "The proposal is decided already.",
    lawful: "Show the case to see what can be done now.",
  }),
  RETURN_REASON_NEEDED: () => ({
    short: "missing",
    fact: "The apprentice is told why the proposal comes back.",
    lawful: "Tick at least one reason.",
  }),
  FEEDBACK_NEEDED: () => ({
    short: "missing",
    fact: "The rework is judged by the feedback.",
    lawful: "Write what to change, and why.",
  }),
  PROPOSAL_NOT_WITH_YOU: () => ({
    short: "nothing to decide",
    fact: "The proposal does not wait for a coordinator.",
    lawful: "The assessor decides on it first.",
  }),
} satisfies Sayings;
