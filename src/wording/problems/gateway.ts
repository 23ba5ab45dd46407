import { addDays, addMonths, compareDates } from "../../rules/calendar";
import { counted, dateText, inSentence, listed, monthsText, thousands, titles } from "../format";
import { levelTitle, stageSentence, wordIn } from "../labels";
import type { Words } from "../words";
import { type Known, type Said, type Sayings, sentences, when } from "./facts";

/** At the gateway: evidence, attestation, confirmations. */

/** The stage has gone by, or is yet to come. */
export const stands = (f: Known): string => wordIn(stageSentence, f.text("stage")) ?? "The case is at another stage.";

export const another = (f: Known, what: string): Said => ({
  short: "not at this stage",
  fact: `${stands(f)} ${what}`,
  lawful: "Show the case to see what can be done now.",
});

const levelOf = (f: Known) => wordIn(levelTitle, f.text("level"));

/** The first day on which the time on programme is long enough. */
function longEnough(f: Known, w: Words): string | undefined {
  const start = f.iso("start");
  const least = f.number("least");
  if (start === undefined || least === undefined || !Number.isInteger(least) || Math.abs(least) > 36_600)
    return undefined;
  const byDays = addDays(start, least);
  const { months } = w.pack.rules.timeOnProgramme;
  const byMonths = months === null ? byDays : addMonths(start, months);
  return dateText(compareDates(byDays, byMonths) > 0 ? byDays : byMonths);
}

export const gateway = {
  NOT_AT_GATEWAY: (f) => another(f, "This belongs to the gateway."),
  DATE_IN_FUTURE: (f) => ({
    short: "in the future",
    fact: "This day is still to come.",
    lawful: when(f.day("today"), (d) => `Choose a day up to today, ${d}.`, "Choose a day up to today."),
  }),
  MEETING_AFTER_GATEWAY: (f) => ({
    short: "after the gateway",
    fact: when(
      f.day("accepted"),
      (d) => `The gateway was accepted on ${d}, and its meeting came before.`,
      "The gateway was accepted before that day.",
    ),
    lawful: when(f.day("accepted"), (d) => `Choose a day up to ${d}.`, "Choose an earlier day."),
  }),
  BEFORE_PROGRAMME: (f) => ({
    short: "before the programme",
    fact: when(f.day("start"), (d) => `The programme started on ${d}.`, "The programme had not started then."),
    lawful: when(f.day("start"), (d) => `Choose ${d} or later.`, "Choose a later day."),
  }),
  OFF_THE_JOB_LOW: (f) => ({
    short: "low",
    fact: sentences(
      when(f.number("percent"), (n) => `Off-the-job training took ${n}% of the time.`, undefined),
      when(f.number("least"), (n) => `At least ${n}% is asked for.`, "More is asked for."),
    ),
    lawful: "Check the figure with the training provider.",
  }),
  PORTFOLIO_NOT_OWN: () => ({
    short: "not confirmed",
    fact: "A portfolio is made on programme, chosen by the apprentice, and not assessed by the assessor beforehand.",
    lawful: "Tick this once it is so.",
  }),
  NO_SUCH_ITEM: () => ({
    short: "not in the list",
    fact: "This is not in the list of what is asked for.",
    lawful: "Choose from the list.",
  }),
  ITEM_ACCEPTED: (f, w) => ({
    short: "accepted already",
    fact: `${w.evidence(f.text("item"))}: accepted already.`,
    lawful: "Nothing is left to do for it.",
  }),
  ITEM_IN_REVIEW: (f, w) => ({
    short: "handed in already",
    fact: `${w.evidence(f.text("item"))}: handed in, and with the coordinator for review.`,
    lawful: "Wait for the decision; a returned item can be handed in again.",
  }),
  MEETING_DATE_NEEDED: () => ({
    short: "missing",
    fact: "The record needs the day of the gateway meeting.",
    lawful: "Enter the day on which the meeting was held.",
  }),
  LEVEL_NEEDED: () => ({
    short: "missing",
    fact: "The level of the qualification is missing.",
    lawful: "Choose the level on the certificate.",
  }),
  LEVEL_TOO_LOW: (f) => {
    const exceptions = f.list("exceptions");
    const least = when(f.number("least"), (n) => `level ${n}`, "a higher level");
    const brought = levelOf(f) ?? "This level";
    return {
      short: "too low",
      fact: sentences(
        `${f.text("item") ?? "This item"} is asked for. ${brought} does not meet it.`,
        exceptions.length > 0
          ? `Something else serves only where the case is registered with an exception: ${listed(exceptions.map(inSentence), "or")}.`
          : undefined,
      ),
      lawful: `Hand in a certificate at ${least} or above.`,
    };
  },
  PIECES_NEEDED: () => ({
    short: "missing",
    fact: "The number of pieces in the portfolio is missing.",
    lawful: "Enter how many pieces it holds, at least one.",
  }),
  MAPPING_FORM_NEEDED: () => ({
    short: "not ticked",
    fact: "The portfolio comes with its mapping and tracking form, filled in.",
    lawful: "Fill in the form, then tick this.",
  }),
  NOT_YOURS_TO_CONFIRM: (_f, w) => {
    const by = listed(w.pack.rules.gatewayConfirmation.by.map(w.theRole));
    return {
      short: "not yours to confirm",
      fact: `The gateway is confirmed by ${by || "others"}.`,
      lawful: `Ask ${by || "them"} to confirm it.`,
    };
  },
  NO_GATEWAY_MEETING_YET: () => ({
    short: "no meeting yet",
    fact: "The record of the gateway meeting is not handed in, so its day is not known.",
    lawful: "Hand in the meeting record with its day first.",
  }),
  EVIDENCE_MISSING: (f) => ({
    short: "incomplete",
    fact: `Not accepted yet: ${titles(f.list("items")) || "part of the evidence"}.`,
    lawful: "Accept each item first, or ask for what is missing.",
  }),
  CONFIRMATION_MISSING: (f, w) => {
    const by = listed(f.list("by").map(w.theRole)) || "those who must";
    return {
      short: "not confirmed",
      fact: `The gateway still waits to be confirmed by ${by}.`,
      lawful: `Ask ${by} to confirm it, or record the confirmation on their behalf.`,
    };
  },
  TIME_NOT_ATTESTED: () => ({
    short: "not attested",
    fact: "The training provider has not stated the time on programme.",
    lawful: "Ask the training provider to state it, or record it on their behalf.",
  }),
  TIME_ON_PROGRAMME_SHORT: (f, w) => {
    const { months } = w.pack.rules.timeOnProgramme;
    const least = when(f.number("least"), (n) => counted(n, "day"), "more time");
    const both = months === null ? least : `${least} and ${monthsText(months)}`;
    return {
      short: "too short",
      fact: sentences(
        when(
          f.number("days"),
          (n) => `The time on programme is ${counted(n, "day")}${when(f.day("until"), (d) => `, up to ${d}`, "")}.`,
          "The time on programme is too short.",
        ),
        `It takes at least ${both} to the gateway.`,
      ),
      lawful: when(
        longEnough(f, w),
        (d) => `The time is long enough from ${d}.`,
        "Wait until the time on programme is long enough.",
      ),
    };
  },
  APPRENTICE_NOT_ASKED: () => ({
    short: "not said yet",
    fact: "The apprentice has not said that they are ready.",
    lawful: "Ask the apprentice whether they are ready.",
  }),
  OFF_THE_JOB_NOT_ATTESTED: () => ({
    short: "not attested",
    fact: "The training provider has not stated the off-the-job training.",
    lawful: "Ask the training provider to state it.",
  }),
  ITEM_NOT_SUBMITTED: (f) => ({
    short: "not handed in",
    fact: `${f.text("item") ?? "This item"}: not handed in yet.`,
    lawful: "Wait until it comes, or remind the training provider.",
  }),
  ITEM_DECIDED: (f) => {
    const accepted = f.text("outcome") === "accepted";
    return {
      short: accepted ? "accepted already" : "decided already",
      fact: `${f.text("item") ?? "This item"}: ${accepted ? "accepted" : "returned"} already.`,
      lawful: accepted ? "An accepted item stays accepted." : "Decide on the new version when it comes.",
    };
  },
  CASE_CLOSED: () => ({
    short: "closed",
    fact: "The case is closed.",
    lawful: "Nothing can be changed in it any more.",
  }),
} satisfies Sayings;

/** "612 words". */
export const wordsText = (n: number): string => `${thousands(n)} ${n === 1 ? "word" : "words"}`;
