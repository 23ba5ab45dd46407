import type { Challenge } from "../../src/case/case";
import { addWorkingDays, londonDate } from "../../src/rules/calendar";
import { dateText } from "../../src/wording/format";
import { gradeTitle } from "../../src/wording/labels";
import type { Field, FormContext, FormOf } from "../form";
import {
  argOf,
  carried,
  either,
  formOf,
  heading,
  line,
  long,
  methods,
  optionsOf,
  quote,
  strong,
  subtle,
} from "./fields";
import { arg, chosen, given, nothing, text, yesNo } from "./read";

/** Enquiries and appeals about a released result. */

const whole = { value: nothing, title: "The result as a whole" };

/** Which result, why, by when, and under which policy. */
function raise(kind: Challenge["kind"]): FormOf {
  const command = kind === "enquiry" ? "enquiry.raise" : "appeal.raise";
  return {
    form: (ctx) => {
      const { policy, policyUrl, enquiryWorkingDays, appealWorkingDays } = ctx.pack.rules.appeals;
      const days = kind === "enquiry" ? enquiryWorkingDays : appealWorkingDays;
      const { result } = ctx.view;
      return formOf(command, ctx, [
        line(
          kind === "enquiry"
            ? "The awarding body looks into it and answers. An appeal can still follow."
            : "Somebody who had no part in the assessment decides. No enquiry is needed first.",
        ),
        {
          kind: "choice",
          id: "method",
          label: "About",
          compact: true,
          value: nothing,
          options: [whole, ...methods(ctx)],
        },
        long("grounds", kind === "enquiry" ? "What you would like to know, and why" : "Grounds of the appeal", {
          max: 4000,
        }),
        ...(days !== null && result ? [line(`By ${dateText(addWorkingDays(londonDate(result.at), days))}.`)] : []),
        subtle(`Policy: ${policy}${policyUrl ? `, ${policyUrl}` : ""}`),
      ]);
    },
    payload: (inputs) => given({ method: chosen(inputs, "method"), grounds: text(inputs, "grounds") }),
  };
}

export const enquiryRaise = raise("enquiry");
export const appealRaise = raise("appeal");

/** What was asked, by whom, when. */
function asked(ctx: FormContext, id: string | undefined): Field[] {
  const x = ctx.view.requests.challenges.find((c) => c.id === id);
  if (!x) return [];
  const who = x.by.onBehalfOf?.person ?? x.by.person;
  return [
    strong(
      `${ctx.words.person(who)}, ${dateText(londonDate(x.at))}, about ${x.method ? ctx.words.method(x.method) : "the result as a whole"}`,
    ),
    quote(x.grounds),
  ];
}

export const enquiryAnswer: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "enquiry.answer", "id");
    return formOf("enquiry.answer", ctx, [...asked(ctx, id), long("answer", "Answer", { max: 4000 })], {
      args: carried("id", id),
    });
  },
  payload: (inputs, args) => given({ id: arg(args, "id"), answer: text(inputs, "answer") }),
};

export const appealDecide: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "appeal.decide", "id");
    const x = ctx.view.requests.challenges.find((c) => c.id === id);
    return formOf(
      "appeal.decide",
      ctx,
      [
        ...asked(ctx, id),
        ...(ctx.view.result?.grades ?? []).map((g) => subtle(`${g.title}: ${gradeTitle[g.grade]}`)),
        either("upheld", "Decision", "Uphold the appeal", "Do not uphold it"),
        heading("If a grade changes"),
        {
          kind: "choice",
          id: "regrade",
          label: "Assessment",
          compact: true,
          value: x?.method ?? nothing,
          options: [{ value: nothing, title: "No grade changes" }, ...methods(ctx)],
          hint: "A changed grade goes out in a new result, released by the coordinator.",
        },
        {
          kind: "choice",
          id: "regrade-grade",
          label: "Grade that now stands",
          compact: true,
          value: nothing,
          options: [{ value: nothing, title: "As it is" }, ...optionsOf(gradeTitle)],
        },
        long("answer", "Answer with reasons", { max: 4000 }),
      ],
      { args: carried("id", id) },
    );
  },
  payload: (inputs, args) => {
    const method = chosen(inputs, "regrade");
    const grade = chosen(inputs, "regrade-grade");
    return given({
      id: arg(args, "id"),
      upheld: yesNo(inputs, "upheld"),
      answer: text(inputs, "answer"),
      // With a grade left as it is, nothing is regraded, whichever assessment was looked at.
      regrade: grade === undefined ? undefined : given({ method, grade }),
    });
  },
};
