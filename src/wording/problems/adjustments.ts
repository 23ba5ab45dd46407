import { counted } from "../format";
import { wordIn } from "../labels";
import { type Sayings, sentences, when } from "./facts";

/** Reasonable adjustments, special consideration, dispensation. Told in private only. */

export const adjustments = {
  ADJUSTMENT_AFTER_GATEWAY: (f) => ({
    short: "late",
    fact: when(
      f.day("accepted"),
      (d) => `An adjustment is asked for with the gateway evidence at the latest. The gateway was accepted on ${d}.`,
      "An adjustment is best asked for with the gateway evidence. The gateway is accepted already.",
    ),
    lawful: "For a sudden illness or event, ask for special consideration.",
  }),
  APPRENTICE_NOT_INVOLVED: () => ({
    short: "not ticked",
    fact: "The apprentice has a say in their adjustment.",
    lawful: "Talk it over with the apprentice, then tick this.",
  }),
  NOT_NORMAL_WAY: () => ({
    short: "not ticked",
    fact: "An adjustment reflects how the apprentice normally works.",
    lawful: "Tick this if it does, or say why not.",
  }),
  EXTRA_TIME_NEEDED: () => ({
    short: "missing",
    fact: "How much extra time is asked for is missing.",
    lawful: "Enter it in per cent, for example 25.",
  }),
  NO_SUCH_SESSION: (f, w) => ({
    short: "not one of them",
    fact: `There is no such session of ${w.theSession(f.text("method"))}.`,
    lawful: "Choose one that is booked, was held or was missed.",
  }),
  CONSIDERATION_TOO_LATE: (f) => ({
    short: "too late",
    fact: sentences(
      when(f.day("on"), (d) => `The assessment was on ${d}.`, undefined),
      when(
        f.number("days"),
        (n) =>
          `Special consideration is asked for within ${counted(n, "working day")} after it${when(f.day("last"), (d) => `, so by ${d}`, "")}.`,
        "Special consideration is asked for soon after it.",
      ),
    ),
    lawful: "Ask the coordinator how to go on.",
  }),
  RESCHEDULE_NOT_TRIED: () => ({
    short: "not ticked",
    fact: "Special consideration is the last resort: another date is tried first.",
    lawful: "Ask for another date first.",
  }),
  NO_SUCH_REQUEST: () => ({
    short: "no such request",
    fact: "This request is not part of the case.",
    lawful: "Show the case and choose the request there.",
  }),
  REQUEST_DECIDED: (f) => ({
    short: "decided already",
    fact: when(wordIn(decided, f.text("outcome")), (o) => `This is decided already: ${o}.`, "This is decided already."),
    lawful: "The decision stands.",
  }),
  NO_DISPENSATION_HERE: () => ({
    short: "not possible",
    fact: "No assessment of this case can be held under a dispensation.",
    lawful: "Hold each at the place that its rules name.",
  }),
} satisfies Sayings;

const decided: Record<string, string> = {
  granted: "granted",
  refused: "refused",
  upheld: "upheld",
  rejected: "not upheld",
  answered: "answered",
};
