import { wordRange } from "../case/submissions";
import type { TaskCode } from "../tasks";
import { capital, counted, inSentence, listed, thousands } from "./format";
import { meetingFailure, meetingNoun, meetingRemedy } from "./meetings";
import { noticeNoun, reachedWhom } from "./notReached";
import type { Words } from "./words";

/** What is due, what is next, and what helps to do it. Said of tasks: see `src/tasks.ts`. */

export interface About {
  method?: string | undefined;
  facts?: Readonly<Record<string, string | number>> | undefined;
}

interface Name {
  /** In a list of what is due: "Portfolio selection". */
  due(w: Words, about: About): string;
  /** Under "Next", to who does it: "Book the observation". */
  you(w: Words, about: About): string;
  /** Under "Next", to everyone else: "The portfolio selection comes in". */
  they(w: Words, about: About): string;
}

const named = (due: string, you: string, they: string): Name => ({ due: () => due, you: () => you, they: () => they });
const session = (w: Words, a: About) => w.theSession(a.method);
const handIn = (w: Words, a: About) => w.theHandIn(a.method);
const bare = (the: string) => the.replace(/^the /, "");

const names: Readonly<Record<TaskCode, Name>> = {
  attest: named(
    "Time on programme",
    "State the time on programme",
    "The training provider states the time on programme",
  ),
  evidence: named("Gateway evidence", "Hand in the gateway evidence", "The gateway evidence comes in"),
  confirmReady: named("Gateway confirmation", "Confirm the gateway", "The gateway is confirmed"),
  sayReady: named(
    "Word that the apprentice is ready",
    "Say that you are ready",
    "The apprentice says that they are ready",
  ),
  reviewEvidence: named(
    "Gateway evidence to review",
    "Review the gateway evidence",
    "The gateway evidence is reviewed",
  ),
  acceptGateway: named("Gateway to accept", "Accept the gateway", "The gateway is accepted"),
  allocateAssessor: named("Assessor to allocate", "Allocate an assessor", "An assessor is allocated"),
  allocateIqa: named("Quality assurer to allocate", "Allocate a quality assurer", "A quality assurer is allocated"),
  declareInterest: named(
    "Declaration of interest",
    "Declare whether you have an interest",
    "The declaration of interest comes in",
  ),
  bookPlanning: named("Planning meeting to book", "Book the planning meeting", "The planning meeting is booked"),
  planningMeeting: named("Planning meeting", "Hold the planning meeting", "The planning meeting takes place"),
  finishPlanning: named("Planning to finish", "Finish planning", "Planning is finished"),
  decideProposal: named("Decision on the proposal", "Decide on the proposal", "The proposal is decided on"),
  reworkProposal: named("Reworked proposal", "Rework your proposal", "The reworked proposal comes in"),
  reopenProposal: named(
    "Proposal returned twice",
    "Decide how the proposal goes on",
    "It is decided how the proposal goes on",
  ),
  chooseTime: {
    due: (w, a) => `Time to choose for ${a.method ? session(w, a) : "planning"}`,
    you: (w, a) => `Choose a time for ${a.method ? session(w, a) : "the planning meeting"}`,
    they: (w, a) => `A time is chosen for ${a.method ? session(w, a) : "the planning meeting"}`,
  },
  book: {
    due: (w, a) => `${capital(bare(session(w, a)))} to book`,
    you: (w, a) => `Book ${session(w, a)}`,
    they: (w, a) => `${capital(session(w, a))} is booked`,
  },
  handIn: {
    due: (w, a) => capital(bare(handIn(w, a))),
    you: (w, a) => `Hand in your ${bare(handIn(w, a))}`,
    they: (w, a) => `${capital(handIn(w, a))} comes in`,
  },
  session: {
    due: (w, a) => capital(bare(session(w, a))),
    you: (w, a) => `Hold ${session(w, a)}`,
    they: (w, a) => `${capital(session(w, a))} takes place`,
  },
  endSession: {
    due: (w, a) => `${capital(bare(session(w, a)))} to end`,
    you: (w, a) => `End ${session(w, a)}`,
    they: (w, a) => `${capital(session(w, a))} is under way`,
  },
  grade: {
    due: (w, a) => `Grade of ${session(w, a)}`,
    you: (w, a) => `Grade ${session(w, a)}`,
    they: (w, a) => `${capital(session(w, a))} is graded`,
  },
  gradeAgain: {
    due: (w, a) => `Grade of ${session(w, a)}, sent back`,
    you: (w, a) => `Look at the grade of ${session(w, a)} again`,
    they: (w, a) => `The grade of ${session(w, a)} is looked at again`,
  },
  moderate: {
    due: (w, a) => `Moderation of ${session(w, a)}`,
    you: (w, a) => `Moderate ${session(w, a)}`,
    they: (w, a) => `${capital(session(w, a))} is moderated`,
  },
  release: named("Results to release", "Release the results", "The results are released"),
  resumeResult: named("Results withheld", "Decide on the withheld results", "The withheld results are decided on"),
  attendPlanning: named("Your planning meeting", "Come to the planning meeting", "The planning meeting is attended"),
  attend: {
    due: (w, a) => `Your ${bare(session(w, a))}`,
    you: (w, a) => `Be there for your ${bare(session(w, a))}`,
    they: (w, a) => `${capital(session(w, a))} is attended`,
  },
  windowEnds: named("EPA window ends", "Finish inside the EPA window", "The EPA window ends"),
  agreeResit: named(
    "Word on a resit or retake",
    "Agree to a resit or a retake",
    "The employer agrees to a resit or a retake",
  ),
  openResit: named("Resit or retake to open", "Open the resit or retake", "The resit or retake is opened"),
  decideAdjustment: named("Adjustment to decide", "Decide on the adjustment", "The adjustment is decided"),
  decideConsideration: named(
    "Special consideration to decide",
    "Decide on the special consideration",
    "The special consideration is decided",
  ),
  answerEnquiry: named("Enquiry to answer", "Answer the enquiry", "The enquiry is answered"),
  undelivered: {
    due: (w, a) => {
      if (a.facts?.kind === "meeting") return `${meetingNoun(a.facts.step)} to see to`;
      const [what, who] = missed(w, a);
      return who
        ? `${what} to ${who} ${a.facts?.state === "unconfirmed" ? "in doubt" : "not delivered"}`
        : `${what} not delivered`;
    },
    you: (w, a) => {
      if (a.facts?.kind === "meeting") return `See to ${inSentence(meetingNoun(a.facts.step))}`;
      const [what, who] = missed(w, a);
      return who ? `See to ${inSentence(what)} to ${who}` : "See to what was not delivered";
    },
    they: (w, a) => {
      if (a.facts?.kind === "meeting") return `${meetingNoun(a.facts.step)}: it is seen to`;
      const [what, who] = missed(w, a);
      return who ? `${what} to ${who} is seen to` : "What was not delivered is seen to";
    },
  },
  decideAppeal: named("Appeal to decide", "See to it that the appeal is decided", "The appeal is decided"),
};

/** What was not delivered, and to whom. */
const missed = (w: Words, { facts }: About): [what: string, who: string | undefined] => [
  facts?.kind === undefined ? "Message" : noticeNoun(String(facts.kind)),
  facts?.to === undefined ? undefined : reachedWhom(String(facts.to), w),
];

/** What is due, as a list names it; `method` for what belongs to one assessment, `facts` the task's own. */
export const taskTitle = (code: TaskCode, w: Words, method?: string, facts?: About["facts"]): string =>
  names[code].due(w, { method: method || undefined, facts });

/** What is next: said to who does it (`mine`), or of them. */
export const nextTitle = (code: TaskCode, w: Words, mine: boolean, about: About = {}): string =>
  mine ? names[code].you(w, about) : names[code].they(w, about);

/** "between 10 and 15", with one end only where the pack has one; nothing where it has none. */
const pieces = (min: number | null, max: number | null): string | null => {
  if (min !== null && max !== null) return `${min} to ${max} pieces`;
  if (min !== null) return `At least ${counted(min, "piece")}`;
  return max === null ? null : `At most ${counted(max, "piece")}`;
};

/** A line that helps to do it, from the pack's figures; null where there is nothing to add. */
export function taskNote(code: TaskCode, w: Words, about: About = {}): string | null {
  const method = w.pack.methods.find((m) => m.id === about.method);
  switch (code) {
    case "book":
      return method?.session.notice
        ? `The last day that leaves ${counted(method.session.notice.days, "day")}' notice inside the time allowed.`
        : null;
    case "handIn": {
      if (!method?.handIn) return null;
      if (method.handIn.kind === "report") {
        const { least, most } = wordRange(method.handIn);
        return `${thousands(least)} to ${thousands(most)} words.`;
      }
      const { min, max, mapEveryKsb } = method.handIn.selection;
      const count = pieces(min, max);
      return (
        [count === null ? null : `${count}.`, mapEveryKsb ? "Say for each what it shows." : null]
          .filter((x) => x !== null)
          .join(" ") || null
      );
    }
    case "evidence": {
      const open = Number(about.facts?.open ?? 0);
      const returned = Number(about.facts?.returned ?? 0);
      if (open === 0) return null;
      return `${counted(open, "item is", "items are")} still to come${returned > 0 ? `, ${returned} of them returned` : ""}.`;
    }
    case "reviewEvidence": {
      const count = Number(about.facts?.count ?? 0);
      return count === 0 ? null : `${counted(count, "item waits", "items wait")} for you.`;
    }
    case "planningMeeting": {
      const { agenda } = w.pack.rules.planning;
      return `The agenda has ${counted(agenda.length, "point")}.`;
    }
    case "undelivered":
      if (about.facts?.kind === "meeting")
        return `${meetingFailure(about.facts.step)}. ${meetingRemedy(about.facts.code)} Then have it sent again.`;
      return about.facts?.state === "unconfirmed"
        ? "No answer says whether it arrived. Have it sent again, or record how you told them."
        : "Put right the mail address and have it sent again, or record how you told them.";
    case "decideAppeal":
      return "Someone who took no part in the case decides it.";
    case "sayReady":
      return "Say so when you feel ready for the assessment.";
    case "confirmReady":
      return `Confirmed by ${listed(w.pack.rules.gatewayConfirmation.by.map(w.theRole))}.`;
    default:
      return null;
  }
}
