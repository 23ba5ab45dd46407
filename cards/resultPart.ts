import { z } from "zod";
import { wordsOf } from "../src/case/case";
import { londonDate } from "../src/rules/calendar";
import type { CaseView, ResultView } from "../src/views";
import { capital, dateText, listed, ordinal, spelled } from "../src/wording/format";
import { gradeNoun, gradeTitle, markOf } from "../src/wording/labels";
import { completion, reworkLines } from "../src/wording/letters";
import { clip, type Drawing, Line, maybe, Paragraph, paragraphs } from "./parts";

/** A released result: the overall grade, each assessment's, and after a fail what happens next, on neutral ground. */

const text = z.string().min(1);
export const ResultModel = z.strictObject({
  style: z.enum(["good", "emphasis"]),
  subtle: z.literal(true).nullable(),
  title: text,
  grade: text,
  sentence: text,
  grades: z.array(z.strictObject({ title: text, grade: text })).min(1),
  under: z.array(Line).max(1),
  next: z.array(Line).max(5),
  feedback: z.array(Paragraph),
  record: z.array(Line).max(1),
});
type Model = z.infer<typeof ResultModel>;

/** The result's view model, worded to its reader. */
export function resultModel(view: CaseView, r: ResultView, d: Drawing): Model {
  const failed = r.overall === "fail";
  return {
    style: failed ? "emphasis" : "good",
    subtle: failed ? true : null,
    title: r.n > 1 ? `Overall, ${ordinal(r.n)} result` : "Overall",
    grade: failed ? gradeTitle.fail : `${markOf.done} ${gradeTitle[r.overall]}`,
    sentence: failed ? toTakeAgain(r) : [passed(view, r), ...completion(whom(view, d), d.words)].join(" "),
    grades: r.grades.map((g) => ({ title: g.title, grade: gradeTitle[g.grade] })),
    under: maybe(overallLine(r, d)).map((t) => ({ text: t })),
    next: failed ? steps(view, r, d).map((t, i) => ({ text: `${i + 1}. ${t}` })) : [],
    feedback: paragraphs(wordsOf(r.feedback), 1500),
    record: maybe(recordLine(view, r, d)).map((t) => ({ text: t })),
  };
}

const whom = (view: CaseView, d: Drawing) =>
  view.role === "apprentice" ? "You" : clip(d.words.person(view.people.apprentice), 60);

function toTakeAgain(r: ResultView): string {
  const stand = r.grades.length - r.failed.length;
  const again = `${capital(spelled(r.failed.length))} ${r.failed.length === 1 ? "assessment" : "assessments"} to take again.`;
  if (stand === 0) return again;
  return `${again} The other ${stand === 1 ? "one stands" : `${spelled(stand)} stand`}.`;
}

function passed(view: CaseView, r: ResultView): string {
  if (r.capped) return "A new attempt is capped: the grade is the highest that it allows.";
  return view.role === "apprentice"
    ? "Well done. You have completed the apprenticeship."
    : "The apprenticeship is completed.";
}

/** Why three grades make this one, where it is not plain to see. */
function overallLine(r: ResultView, _d: Drawing): string | undefined {
  const mixed = r.overall === "pass" && r.grades.some((g) => g.grade === "distinction");
  return mixed && !r.capped ? `Overall is a distinction when all ${spelled(r.grades.length)} are.` : undefined;
}

function steps(view: CaseView, r: ResultView, d: Drawing): string[] {
  const { resit, cap } = d.pack.rules;
  const you = view.role === "apprentice";
  const apprentice = you ? "you" : clip(d.words.person(view.people.apprentice), 60);
  const choose =
    resit.employerAgrees === "none"
      ? undefined
      : you
        ? "You and your employer choose a resit or a retake"
        : view.role === "employer"
          ? `You and ${apprentice} choose a resit or a retake`
          : `${apprentice} and the employer choose a resit or a retake`;
  const plan = resit.actionPlan === "none" ? "" : ", with an action plan";
  const develop =
    resit.furtherDevelopmentFirst === "none"
      ? undefined
      : `First comes further development of what was not met${resit.retakeThroughGateway ? "; a retake goes through the gateway again" : ""}.`;
  const what = listed(r.failed.map((m) => d.words.theSession(m)));
  const take = you ? `Take ${what} again` : `${capital(apprentice)} takes ${what} again`;
  const by = r.resitBy ? ` by ${dateText(r.resitBy)}` : "";
  return [
    ...maybe(choose && `${choose}${plan}.`),
    ...maybe(develop),
    ...reworkLines(r.failed, d.words),
    `${take}${by}.`,
    ...(cap.effect === "none" ? [] : [`The overall grade can then be ${gradeNoun[cap.overallAtMost]} at most.`]),
  ];
}

function recordLine(view: CaseView, r: ResultView, d: Drawing): string | undefined {
  const { record } = d.pack.rules.resultsNotice;
  if (!record.grades.includes(r.overall) || record.to.length === 0) return undefined;
  const to = record.to.map((role) =>
    role === view.role ? "you" : role === "employer" ? clip(view.employerName, 80) : d.words.theRole(role),
  );
  return `${view.role === "apprentice" ? "Your" : "The"} record of achievement went by mail to ${listed(to)} on ${dateText(londonDate(r.at))}.`;
}
