import type { Task, TaskCode } from "../tasks";
import { capital } from "./format";
import type { Words } from "./words";

/** What is to be done, in words: asked of the reader, waited for from someone else, or listed as due. */

interface Said {
  /** To whom it falls: "Book the observation". */
  ask: string;
  /** To everyone else: "Portfolio comes in". */
  wait: string;
  /** In a list of what is due: "Portfolio". */
  due: string;
}

type Say = (w: Words, t: Pick<Task, "method" | "facts" | "role">) => Said;

const same =
  (ask: string, wait: string, due: string): Say =>
  () => ({ ask, wait, due });
const bare = (phrase: string) => phrase.replace(/^the /, "");

const said: Readonly<Record<TaskCode, Say>> = {
  attest: same("Confirm time on programme", "The provider confirms time on programme", "Time on programme"),
  evidence: (_w, t) => ({
    ask: Number(t.facts?.returned ?? 0) > 0 ? "Hand in what was returned" : "Hand in the gateway evidence",
    wait: "Gateway evidence comes in",
    due: "Gateway evidence",
  }),
  confirmReady: same("Confirm that the apprentice is ready", "Readiness is confirmed", "Confirmation of readiness"),
  sayReady: same("Say that you are ready", "The apprentice says that they are ready", "Apprentice’s own word"),
  reviewEvidence: same("Review the gateway evidence", "The evidence is reviewed", "Evidence review"),
  acceptGateway: same("Accept the gateway", "The gateway is accepted", "Gateway"),
  allocateAssessor: same("Allocate an assessor", "An assessor is allocated", "Assessor to allocate"),
  allocateIqa: same("Allocate a quality assurer", "A quality assurer is allocated", "Quality assurer to allocate"),
  declareInterest: (_w, t) => ({
    ask: "Declare your interest",
    wait: "An interest is declared",
    due: t.role === "iqa" ? "IQA’s declaration of interest" : "Assessor’s declaration of interest",
  }),
  bookPlanning: same("Book the planning meeting", "The planning meeting is booked", "Planning meeting to book"),
  planningMeeting: same("Hold the planning meeting", "Planning meeting", "Planning meeting"),
  finishPlanning: same("Finish planning", "Planning is finished", "Planning"),
  decideProposal: same("Decide on the proposal", "The assessor decides on the proposal", "Decision on the proposal"),
  reworkProposal: same("Rework your proposal", "The proposal is reworked", "Reworked proposal"),
  reopenProposal: same(
    "Decide how the proposal goes on",
    "The proposal is with the coordinator",
    "Proposal, returned twice",
  ),
  book: (w, t) => ({
    ask: `Book ${w.theSession(t.method)}`,
    wait: `${capital(w.theSession(t.method))} is booked`,
    due: `${capital(bare(w.theSession(t.method)))} to book`,
  }),
  handIn: (w, t) => {
    const what = bare(w.theHandIn(t.method));
    return { ask: `Hand in your ${what}`, wait: `${capital(what)} comes in`, due: capital(what) };
  },
  session: (w, t) => {
    const what = capital(bare(w.theSession(t.method)));
    return { ask: `${what} takes place`, wait: `${what} takes place`, due: what };
  },
  endSession: (w, t) => ({
    ask: `End ${w.theSession(t.method)}`,
    wait: `${capital(w.theSession(t.method))} is under way`,
    due: capital(bare(w.theSession(t.method))),
  }),
  grade: (w, t) => ({
    ask: `Mark and grade: ${w.method(t.method)}`,
    wait: `The assessor grades: ${w.method(t.method)}`,
    due: `Grade: ${w.method(t.method)}`,
  }),
  gradeAgain: (w, t) => ({
    ask: `Look at the grade again: ${w.method(t.method)}`,
    wait: `The assessor looks at the grade again: ${w.method(t.method)}`,
    due: `Grade sent back: ${w.method(t.method)}`,
  }),
  moderate: (w, t) => ({
    ask: `Moderate the grade: ${w.method(t.method)}`,
    wait: `The grade is moderated: ${w.method(t.method)}`,
    due: `Moderation: ${w.method(t.method)}`,
  }),
  release: same("Release the results", "The results are released", "Results to release"),
  resumeResult: same("Resume the withheld result", "The result is withheld", "Withheld result"),
  windowEnds: same("EPA window ends", "EPA window ends", "EPA window ends"),
  agreeResit: same(
    "Choose a resit or a retake",
    "The employer chooses a resit or a retake",
    "Resit or retake to choose",
  ),
  openResit: same("Open the resit or retake", "The resit or retake is opened", "Resit or retake to open"),
  decideAdjustment: same("Decide on an adjustment", "An adjustment is decided", "Adjustment to decide"),
  decideConsideration: same(
    "Decide on a special consideration",
    "A special consideration is decided",
    "Special consideration to decide",
  ),
  answerEnquiry: same("Answer an enquiry", "An enquiry is answered", "Enquiry to answer"),
  decideAppeal: same("Find someone unconnected to decide the appeal", "An appeal is decided", "Appeal to decide"),
};

/** The task in words; `method` and `facts` as the task has them. */
export const taskWords = (t: Pick<Task, "code" | "method" | "facts" | "role">, w: Words): Said => said[t.code](w, t);

/** As a list of what is due shows it. */
export const taskTitle = (code: TaskCode, w: Words, method?: string): string =>
  said[code](w, { role: "coordinator", ...(method ? { method } : {}) }).due;
