import { capital, listed } from "../../src/wording/format";
import { gradeNoun, gradeTitle } from "../../src/wording/labels";
import type { Field, FormContext, FormOf } from "../form";
import { apprentice, firstName, formOf, line, long, reason, strong, subtle } from "./fields";
import { given, text } from "./read";

/** Results: released together, withheld, the cap lifted. */

const onlyReason: FormOf["payload"] = (inputs) => given({ reason: text(inputs, "reason") });

export const resultsRelease: FormOf = {
  form: (ctx) => {
    const { to } = ctx.pack.rules.resultsNotice;
    return formOf("results.release", ctx, [
      ...grades(ctx),
      line(`It goes by mail to ${listed(to.map((r) => ctx.words.theRole(r)))}, all at once, and cannot be taken back.`),
      long("feedback", `Feedback that ${firstName(apprentice(ctx))} will read`, { required: false, max: 4000 }),
    ]);
  },
  payload: (inputs) => given({ feedback: text(inputs, "feedback") }),
};

/** Each grade, the overall grade, and the cap where it bites. */
function grades(ctx: FormContext): Field[] {
  const { assessments, toRelease } = ctx.view;
  return [
    ...(toRelease ? [strong(`Overall: ${gradeTitle[toRelease.overall]}`)] : []),
    ...assessments.flatMap((a) => (a.grade ? [line(`${a.title}: ${gradeTitle[a.grade]}`)] : [])),
    ...(toRelease?.capped && toRelease.overall !== toRelease.uncapped
      ? [
          subtle(
            `${capital(gradeNoun[toRelease.uncapped])} without the cap: after a resit or a retake the overall grade is at most ${gradeNoun[ctx.pack.rules.cap.overallAtMost]}.`,
          ),
        ]
      : []),
  ];
}

export const resultsWithhold: FormOf = {
  form: (ctx) =>
    formOf("results.withhold", ctx, [
      line("No result goes out until you stop withholding it. Apprentice, employer and provider are not told why."),
      reason(),
    ]),
  payload: onlyReason,
};

export const resultsResume: FormOf = {
  form: (ctx) => formOf("results.resume", ctx, [line("The result can then be released."), reason()]),
  payload: onlyReason,
};

export const capLift: FormOf = {
  form: (ctx) => {
    const most = gradeNoun[ctx.pack.rules.cap.overallAtMost];
    return formOf("cap.lift", ctx, [
      line(
        `After a resit or a retake the overall grade is at most ${most}. It is lifted only where exceptional circumstances made the resit or retake necessary.`,
      ),
      reason("Which circumstances, kept in the record"),
    ]);
  },
  payload: onlyReason,
};
