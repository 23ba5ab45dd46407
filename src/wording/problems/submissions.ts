import { capital, counted, listed, monthsText, thousands, titles } from "../format";
import { type Known, type Sayings, sentences, when } from "./facts";
import { wordsText } from "./gateway";

/** The report and the portfolio, handed in. */

/** "10 to 15", "at least 10", "at most 15". */
function between(f: Known): string | undefined {
  const least = f.number("least");
  const most = f.number("most");
  if (least !== undefined && most !== undefined)
    return least === most ? thousands(least) : `${thousands(least)} to ${thousands(most)}`;
  if (least !== undefined) return `at least ${thousands(least)}`;
  return most === undefined ? undefined : `at most ${thousands(most)}`;
}

const under = (f: Known, have: string) => {
  const n = f.number(have);
  const least = f.number("least");
  return n !== undefined && least !== undefined && n < least;
};

export const submissions = {
  NOTHING_TO_HAND_IN: () => ({
    short: "not asked for",
    fact: "This assessment has nothing of that kind to hand in.",
    lawful: "Choose the assessment that it belongs to.",
  }),
  PROPOSAL_NOT_ACCEPTED: () => ({
    short: "too early",
    fact: "The report is begun only once the project proposal is accepted.",
    lawful: "Wait until the assessor accepts the proposal.",
  }),
  SUBJECT_NOT_AGREED: () => ({
    short: "too early",
    fact: "The subject of the project is not agreed yet.",
    lawful: "Wait until planning is finished.",
  }),
  WORDS_OUTSIDE_RANGE: (f) => ({
    short: under(f, "words") ? "too short" : "too long",
    fact: sentences(
      when(f.number("words"), (n) => `The report has ${wordsText(n)}.`, undefined),
      when(between(f), (r) => `${capital(r)} are asked for, annexes not counted.`, "Another length is asked for."),
      when(f.text("consequence"), (t) => (/[.?]$/.test(t) ? t : `${t}.`), undefined),
    ),
    lawful: when(between(f), (r) => `Bring it to ${r} words where you can.`, "Change its length where you can."),
  }),
  CONTENTS_NOT_TICKED: (f) => ({
    short: "incomplete",
    fact: `Not ticked: ${titles(f.list("missing")) || "part of the contents"}.`,
    lawful: "Check that the report holds each of them.",
  }),
  PIECES_OUTSIDE_RANGE: (f) => ({
    short: under(f, "pieces") ? "too few" : "too many",
    fact: sentences(
      when(f.number("pieces"), (n) => `The selection has ${counted(n, "piece")}.`, undefined),
      when(between(f), (r) => `${capital(r)} are asked for.`, "Another number is asked for."),
    ),
    lawful: when(between(f), (r) => `Choose ${r} pieces.`, "Change the selection."),
  }),
  NO_SUCH_PIECE: (f) => ({
    short: "no such piece",
    fact: sentences(
      `Named, but not there: piece ${listed(f.list("named")) || "numbers beyond the last"}.`,
      when(f.number("pieces"), (n) => `The selection has ${counted(n, "piece")}.`, undefined),
    ),
    lawful: when(f.number("pieces"), (n) => `Name pieces from 1 to ${n}.`, "Name pieces of the selection."),
  }),
  KSB_WITHOUT_PIECE: (f) => ({
    short: "incomplete",
    fact: `No piece is named for ${listed(f.list("ksbs")) || "some of the knowledge, skills and behaviours"}.`,
    lawful: "Name at least one piece for each.",
  }),
  SESSION_MUST_MOVE: (f, w) => ({
    short: "late for the session",
    fact: when(
      f.day("due"),
      (d) => `It was due by ${d} for ${w.theSession(f.text("method"))} as booked.`,
      `It comes late for ${w.theSession(f.text("method"))} as booked.`,
    ),
    lawful: `${capital(w.theSession(f.text("method")))} must move to ${f.day("earliest") ?? "a later day"}${f.day("earliest") ? " or later" : ""}.`,
  }),
  REWORK_PAST: (f) => ({
    short: "too late",
    fact: `${when(f.day("by"), (d) => `The reworked report was due by ${d}`, "The reworked report is late")}${when(f.number("months"), (n) => `, ${monthsText(n)} after result and feedback`, "")}.`,
    lawful: "Ask the coordinator how to go on; the report is not handed in yet.",
  }),
} satisfies Sayings;
