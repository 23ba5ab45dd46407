import { compareDates, londonDate } from "../../src/rules/calendar";
import { dateText, listed, monthsText } from "../../src/wording/format";
import { gradeNoun } from "../../src/wording/labels";
import type { Field, FormContext, FormOf } from "../form";
import { apprentice, firstName, formOf, line, long, methods, strong, subtle } from "./fields";
import { given, many, text, tick } from "./read";

/** After a fail: what the employer agrees to, and what the coordinator opens. */

const resitTitle = "Resit: taken again as things are";
const retakeTitle = "Retake: taken again after further learning";

/** By when, and what it does to the overall grade. */
function consequences(ctx: FormContext): Field[] {
  const { rules } = ctx.pack;
  const by = ctx.view.result?.resitBy;
  const again = rules.resitLimit.beyond === "wholeEpaAgain" ? " After that, the whole assessment is taken again." : "";
  return [
    ...(by
      ? [line(`To be taken by ${dateText(by)}, ${monthsText(rules.resitLimit.months)} after the result.${again}`)]
      : []),
    ...(rules.cap.overallAtMost === "distinction"
      ? []
      : [line(`The overall grade can then be ${gradeNoun[rules.cap.overallAtMost]} at most.`)]),
    ...(rules.resit.retakeThroughGateway ? [subtle("A retake goes through the gateway once more.")] : []),
  ];
}

/** "Not passed: observation and professional discussion." */
function failed(ctx: FormContext): Field[] {
  const titles = (ctx.view.result?.failed ?? []).map((m) => ctx.words.method(m));
  return titles.length > 0 ? [strong(`To take again: ${listed(titles)}`)] : [];
}

export const resitAgree: FormOf = {
  form: (ctx) =>
    formOf("resit.agree", ctx, [
      ...failed(ctx),
      {
        kind: "choice",
        id: "kind",
        label: `What ${firstName(apprentice(ctx))} is to take`,
        required: true,
        options: [
          { value: "resit", title: resitTitle },
          { value: "retake", title: retakeTitle },
        ],
      },
      ...consequences(ctx),
    ]),
  payload: (inputs) => given({ kind: text(inputs, "kind") }),
};

export const resitOpen: FormOf = {
  form: (ctx) => {
    const { view, pack } = ctx;
    const { resit } = pack.rules;
    const by = view.result?.resitBy;
    // Without a result in force, a resit that was opened was not taken in time.
    const past = by === undefined || compareDates(londonDate(ctx.now), by) > 0;
    const whole = past && pack.rules.resitLimit.beyond === "wholeEpaAgain";
    const kind = view.resitAgreed ?? (whole ? "again" : undefined);
    return formOf("resit.open", ctx, [
      ...((resit.employerAgrees === "none" || !view.result) && !view.resitAgreed
        ? []
        : [
            line(
              view.resitAgreed
                ? `The employer agreed to a ${view.resitAgreed}.`
                : `The employer has not agreed yet${resit.employerAgrees === "block" ? ", and has to" : ""}.`,
            ),
          ]),
      {
        kind: "choice",
        id: "kind",
        label: "Kind",
        required: true,
        ...(kind ? { value: kind } : {}),
        options: [
          { value: "resit", title: resitTitle },
          { value: "retake", title: retakeTitle },
          { value: "again", title: "Whole assessment again, through the gateway" },
        ],
      },
      {
        kind: "choice",
        id: "methods",
        label: "Assessments to take again",
        many: true,
        required: true,
        options: methods(ctx),
        value: (whole ? pack.methods.map((m) => m.id) : (view.result?.failed ?? [])).join(","),
      },
      ...consequences(ctx),
      long("actionPlan", "Action plan", {
        required: false,
        placeholder: "What supports the apprentice until then",
        ...(resit.actionPlan === "block" ? { hint: "It must be there." } : {}),
      }),
      {
        kind: "toggle",
        id: "developed",
        label: "Further development has taken place.",
        ...(resit.furtherDevelopmentFirst === "block" ? { hint: "It comes first." } : {}),
      },
    ]);
  },
  payload: (inputs) =>
    given({
      kind: text(inputs, "kind"),
      methods: many(inputs, "methods"),
      actionPlan: text(inputs, "actionPlan"),
      developed: tick(inputs, "developed"),
    }),
};
