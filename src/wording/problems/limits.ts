import type { LimitedList } from "../../case/limits";
import { counted, thousands } from "../format";
import { type Sayings, when } from "./facts";

/** A case holds so much and no more. No document says it, so no clause is named. */

const lists: Readonly<Record<LimitedList, { many: string; instead: string }>> = {
  allocations: { many: "changes of staff", instead: "Those who are on the case stay on it." },
  adjustments: { many: "requests for adjustments", instead: "Ask the coordinator to decide on those that are there." },
  considerations: {
    many: "requests for special consideration",
    instead: "Ask the coordinator to decide on those that are there.",
  },
  challenges: { many: "enquiries and appeals", instead: "Write to the awarding body." },
  permits: { many: "rules lifted beforehand", instead: "Use one of them first." },
  lifted: { many: "lifted rules", instead: "Do it without lifting a rule." },
  evidence: { many: "versions of one item", instead: "Ask the coordinator how to go on." },
  gateways: { many: "earlier gateways", instead: "Register the apprentice in a new case." },
  proposals: { many: "versions of the proposal", instead: "Ask the coordinator how to go on." },
  attempts: { many: "attempts at one assessment", instead: "Register the apprentice in a new case." },
  handIns: { many: "versions of one hand-in", instead: "The latest one stands." },
  notHeld: { many: "sessions that were not held", instead: "Withdraw the case, or hold the session." },
  pauses: { many: "pauses of one session", instead: "Go on without a pause, or end the session." },
  questionParts: {
    many: "parts for questions in one session",
    instead: "Go on in the part that there was, or end the session.",
  },
  asked: { many: "questions asked in one session", instead: "Put what else was asked in a note." },
  notes: { many: "notes of one session", instead: "Add to a note that is there." },
  releases: { many: "results", instead: "Register the apprentice in a new case." },
  people: { many: "members of staff who took part", instead: "Leave it to somebody who has taken part already." },
};

const listed = (name: string | undefined) =>
  name !== undefined && Object.hasOwn(lists, name) ? lists[name as LimitedList] : undefined;

export const limits = {
  LIST_FULL: (f) => {
    const list = listed(f.text("list"));
    return {
      short: "no more fit",
      fact: when(
        f.number("most"),
        (n) => `A case holds at most ${list ? `${thousands(n)} ${list.many}` : counted(n, "entry", "entries")}.`,
        "A case holds no more of these.",
      ),
      lawful: list?.instead ?? "Work with those that are there.",
    };
  },
  CASE_FULL: (f) => ({
    short: "the case is full",
    fact: when(
      f.number("kilobytes"),
      (n) => `This case holds as much as a case can: ${thousands(n)} kilobytes.`,
      "This case holds as much as a case can.",
    ),
    lawful: "Decide on what is open, or put long text into a document and name where it is.",
  }),
} satisfies Sayings;
