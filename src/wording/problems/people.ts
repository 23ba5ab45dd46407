import type { CommandType } from "../../case/decider";
import { permissions } from "../../permissions";
import { commandTitle } from "../commands";
import { dateRange, dateText, listed, monthsText, thousands } from "../format";
import { wordIn } from "../labels";
import type { Words } from "../words";
import { type Known, type Sayings, when } from "./facts";

/** Registration, staff and their interests, and who may do what. */

/** The person by name, at the beginning of a sentence. */
function who(f: Known, w: Words): string {
  const name = w.person(f.text("person"));
  return name === "someone" ? "This person" : name;
}

/** Between the pack's dates, an open end left out. */
function starts(f: Known): string {
  const from = f.iso("from");
  const until = f.iso("until");
  if (from && until) return `Programmes that started ${dateRange(from, until)} fall under these rules.`;
  if (from) return `Programmes that started on ${dateText(from)} or later fall under these rules.`;
  if (until) return `Programmes that started up to ${dateText(until)} fall under these rules.`;
  return "Programmes of other dates fall under these rules.";
}

export const people = {
  START_IN_FUTURE: (f) => ({
    short: "in the future",
    fact: "The programme has not started on this day.",
    lawful: when(f.day("today"), (d) => `Choose a day up to today, ${d}.`, "Choose a day up to today."),
  }),
  START_OUTSIDE_PACK: (f) => ({
    short: "under other rules",
    fact: starts(f),
    lawful: "Check the day on which the programme started.",
  }),
  NO_PACK_FOR_START: () => ({
    short: "no rules for it",
    fact: "There are no rules of this awarding body for a programme that started on this day.",
    lawful: "Check the day on which the programme started.",
  }),
  SAME_PERSON_TWICE: () => ({
    short: "named twice",
    fact: "Apprentice, employer, provider and coordinator are four different people.",
    lawful: "Choose a different person for each.",
  }),
  REF_TAKEN: (f) => ({
    short: "taken",
    fact: `${f.text("ref") ?? "This reference"} is the reference of another case.`,
    lawful: "Choose another reference.",
  }),
  CASE_ERASED: () => ({
    short: "erased",
    fact: "The case was erased: its people and their words are gone.",
    lawful: "Nothing can be done in it any more.",
  }),
  CASE_NOT_CLOSED: (f) => ({
    short: "not closed",
    fact: f.text("stage") === "released" ? "Something may still come of this result." : "The assessment is not over.",
    lawful: "A case is erased once it is closed and has been kept long enough.",
  }),
  KEPT_UNTIL: (f) => ({
    short: "too early",
    fact: when(
      f.number("months"),
      (n) => `A closed case is kept for ${monthsText(n)}.`,
      "A closed case is kept for some time.",
    ),
    lawful: when(f.day("until"), (d) => `It may be erased from ${d}.`, "It may be erased later."),
  }),
  REF_NOT_TYPED: (f) => ({
    short: "not this reference",
    fact: "What was typed is not the reference of this case.",
    lawful: when(f.text("ref"), (ref) => `To erase it, type ${ref}.`, "To erase it, type its reference."),
  }),
  DATE_UNCHANGED: (f) => ({
    short: "unchanged",
    fact: when(f.day("date"), (d) => `The date is ${d} already.`, "The date is this already."),
    lawful: "Choose the right date, or leave it.",
  }),
  EXCEPTIONS_UNCHANGED: () => ({
    short: "unchanged",
    fact: "These are the exceptions recorded already.",
    lawful: "Tick those that fit, or leave them.",
  }),
  NOT_ON_CASE: (f, w) => ({
    short: "not on the case",
    fact: `${who(f, w)} has no part in this case.`,
    lawful: "Choose someone who has.",
  }),
  REMIND_YOURSELF: () => ({
    short: "this is you",
    fact: "A reminder goes to someone else.",
    lawful: "Choose another person.",
  }),

  PARTY_CANNOT_BE_STAFF: () => ({
    short: "has a part in the case",
    fact: "Apprentice, employer and provider cannot be staff of their own case.",
    lawful: "Choose another person.",
  }),
  CONFLICT_DECLARED: (f, w) => ({
    short: "has an interest",
    fact: `${who(f, w)} declared an interest in this case.`,
    lawful: "Choose another person.",
  }),
  HAS_ANOTHER_ROLE: (f, w) => ({
    short: "has another part",
    fact: `${who(f, w)} is ${w.theRole(f.text("role"))} of this case.`,
    lawful: "One person has one part: choose another person.",
  }),
  ASSESSED_HERE: (f, w) => ({
    short: "assessed here",
    fact: `${who(f, w)} is or was the assessor of this case.`,
    lawful: "Choose someone who never was.",
  }),
  REASON_NEEDED: () => ({
    short: "missing",
    fact: "A reason is needed here.",
    lawful: "Write it: it stays in the record.",
  }),
  SESSION_IS_RUNNING: () => ({
    short: "not now",
    fact: "A session is running.",
    lawful: "Change the assessor once it has ended.",
  }),
  NOTHING_TO_DECLARE: () => ({
    short: "not asked of you",
    fact: "Only the assessor and the quality assurer of a case declare their interest.",
    lawful: "Nothing is left to do for it.",
  }),
  DETAIL_NEEDED: () => ({
    short: "missing",
    fact: "An interest is recorded with a word on what it is.",
    lawful: "Write how you know the apprentice, employer or provider.",
  }),

  NOT_ALLOWED: (f, w) => {
    const command = f.text("command") as CommandType | undefined;
    const rule = wordIn(permissions, command);
    const roles = rule === undefined ? [] : [...new Set([...rule.roles, ...(rule.staffOf ?? [])])];
    const theirs = listed(roles.map(w.theRole), "or");
    const what = rule === undefined || command === undefined ? "This" : `“${commandTitle(command, {}, w)}”`;
    return {
      short: "not yours to do",
      fact: `${what} is not for ${when(f.text("role"), w.theRole, "you")} to do.`,
      lawful: theirs ? `It is for ${theirs}.` : "Ask a coordinator.",
    };
  },
  NO_SUCH_CASE: () => ({
    short: "no such case",
    fact: "There is no such case among yours.",
    lawful: "Check the reference, or ask the coordinator.",
  }),
  INTEREST_NOT_DECLARED: () => ({
    short: "declare first",
    fact: "You have not declared yet whether you have an interest in this case.",
    lawful: "Declare it first; then the case opens to you.",
  }),
  INPUT_UNREADABLE: (f) => {
    switch (f.text("why")) {
      case "empty":
        return { short: "missing", fact: "Nothing stands here yet.", lawful: "Fill this in, then send it again." };
      case "tooLong":
        return {
          short: "too long",
          fact: when(f.number("most"), (n) => `At most ${thousands(n)} characters fit here.`, "This is too long."),
          lawful: "Shorten it, then send it again.",
        };
      case "mail":
        return {
          short: "no mail address",
          fact: "This is not a whole mail address.",
          lawful: "Write it like name@example.org.",
        };
      case "day":
        return {
          short: "no day of the calendar",
          fact: "This is no day of the calendar.",
          lawful: "Write it like 2026-05-12.",
        };
      default:
        return {
          short: "not readable",
          fact: "This is not of the kind asked for.",
          lawful: "Check what stands here and send it again.",
        };
    }
  },
  RULE_HAS_NO_OVERRIDE: () => ({
    short: "no override",
    fact: "The document leaves no room to lift this rule.",
    lawful: "Choose a rule from the list.",
  }),
  COMMAND_ID_REUSED: () => ({
    short: "pressed before",
    fact: "This button was used for something else before. Nothing was changed now.",
    lawful: "Show the case again and press there.",
  }),
  AUDITOR_ONLY_READS: () => ({
    short: "auditor only",
    fact: "An auditor reads and decides nothing, so no other role goes with it.",
    lawful: "Choose the auditor's role alone, or the others.",
  }),
  BANK_CHANGED: () => ({
    short: "changed meanwhile",
    fact: "Somebody else brought in questions since this was looked at.",
    lawful: "Look at the file again, then import it.",
  }),
  LAST_COORDINATOR: () => ({
    short: "last coordinator",
    fact: "This is the only coordinator left.",
    lawful: "Make someone else a coordinator first.",
  }),
  NOT_IN_DIRECTORY: () => ({
    short: "not reached",
    fact: "The invitation could not be sent to this address.",
    lawful: "Check the address, or pick the person by name.",
  }),
  BOUND_ALREADY: (f, w) => ({
    short: "in already",
    fact: `${who(f, w)} has entered a code before, and is reached here.`,
    lawful: "No new invitation is needed.",
  }),
  MAIL_TAKEN: () => ({
    short: "someone else's",
    fact: "This mail address belongs to someone else here.",
    lawful: "Check the address. Two people do not share one.",
  }),
  NAMED_OTHERWISE: (f, w) => ({
    short: "known by another name",
    fact: `The mail address is known here, and belongs to ${w.person(f.text("person"))}.`,
    lawful: "If it is the same person, write the name as it is known; else check the address.",
  }),
  CODE_NOT_GOOD: (f) => ({
    short: "not accepted",
    fact:
      f.text("why") === "expired"
        ? "This code has run out."
        : f.text("why") === "used"
          ? "This code was used before, or your account belongs to someone else here."
          : "No invitation has this code.",
    lawful: "Check it against your mail, or ask the coordinator for a new one.",
  }),
  NOT_STAFF: () => ({
    short: "not on the list",
    fact: "This person is not on the awarding body's list in that role.",
    lawful: "Choose someone from the list.",
  }),
} satisfies Sayings;
