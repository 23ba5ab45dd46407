import { wordsOf } from "../../case/case";
import { handInDue } from "../../case/timing";
import { londonDate } from "../../rules/calendar";
import { capital, dateText, dateTime, ordinal } from "../format";
import { returnReasonSentence, wordIn } from "../labels";
import { everyone, nobody, otherwise, sessionName, type Tellings, tell, toChoose } from "./about";

/** Planning and the project proposal. */

const version = (n: number): string => (n > 1 ? `the ${ordinal(n)} version` : "it");

export const planning: Tellings<
  | "PlanningScheduled"
  | "PlanningOffered"
  | "PlanningSaved"
  | "PlanningFinished"
  | "ProposalSubmitted"
  | "ProposalReturned"
  | "ProposalAccepted"
  | "ProposalReopened"
> = {
  PlanningScheduled: {
    say: tell([...everyone], (d, a) => ({
      title: `Planning on ${dateText(londonDate(d.at))}`,
      lines: [
        `The planning meeting agrees how ${a.to === "apprentice" ? "your" : `${a.ada}'s`} assessment runs.`,
        otherwise(a),
      ],
      facts: [
        { name: "When", value: dateTime(d.at) },
        { name: "Where", value: wordsOf(d.where) },
        d.link ? { name: "Join", value: wordsOf(d.link) } : undefined,
      ],
    })),
  },
  PlanningOffered: {
    say: tell(["apprentice", "employer"], (d, a) => toChoose(a, "planning meeting", d.slots)),
  },
  PlanningSaved: nobody,
  PlanningFinished: {
    say: tell([...everyone], (d, a) => ({
      title: "Planning is finished",
      lines: [d.sessions.length > 0 ? undefined : "Dates of the assessments follow."],
      facts: [
        ...d.sessions.map((s) => ({
          name: sessionName(a, s.method),
          value: `${dateTime(s.at)}, ${a.w.setting(s.setting)}`,
        })),
        d.reportDue ? { name: "Report due", value: dateText(d.reportDue) } : undefined,
        d.subject ? { name: "Project", value: wordsOf(d.subject) } : undefined,
      ],
    })),
  },
  ProposalSubmitted: {
    say: {
      assessor: (d, a) => ({
        title: `${a.ada}'s proposal came in`,
        lines: [
          a.c.stage === "gateway" ? "You decide on it once the gateway is accepted." : `You decide on ${version(d.n)}.`,
        ],
      }),
      chat: (d, a) => ({
        title: `${a.ada}'s proposal came in`,
        lines: [
          `${a.w.person(a.c.staff.assessor) === "someone" ? "The assessor" : a.w.person(a.c.staff.assessor)} decides on ${version(d.n)}.`,
        ],
      }),
    },
  },
  ProposalReturned: {
    say: {
      apprentice: (d, a) => ({
        title: "Your proposal came back",
        lines: [
          ...d.reasons.map((r) => wordIn(returnReasonSentence, r)),
          d.reworkBy
            ? `Rework it by ${dateText(d.reworkBy)}. Do not start the report until it is accepted.`
            : `${a.w.person(a.c.staff.coordinator)} tells you how it goes on.`,
        ],
        quote: d.feedback,
      }),
      coordinator: (d, a) => ({
        title: `${a.ada}'s proposal came back`,
        lines: [
          d.reworkBy
            ? `${a.who} returned it, to be reworked by ${dateText(d.reworkBy)}.`
            : `${a.who} returned it again. Decide how it goes on.`,
        ],
      }),
    },
  },
  ProposalAccepted: {
    say: tell(["apprentice", "coordinator", "chat"], (_d, a) => {
      const report = a.w.pack.methods.find((m) => m.handIn?.kind === "report");
      const due = report && handInDue(a.c, a.w.pack, report);
      return {
        title: `${capital(a.whose)} proposal is accepted`,
        lines: [
          `${a.who} accepted it.`,
          `${a.to === "apprentice" ? "You" : a.ada} may start the report${due ? `, due by ${dateText(due)}` : ""}.`,
        ],
      };
    }),
  },
  ProposalReopened: {
    say: tell(["apprentice", "assessor"], (d, a) => ({
      title:
        a.to === "apprentice" ? "You may rework your proposal once more" : `${a.ada} may rework the proposal once more`,
      lines: [d.reworkBy ? `It is due by ${dateText(d.reworkBy)}.` : undefined],
      quote: d.reason,
    })),
  },
};
