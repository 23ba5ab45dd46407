import { wordsOf } from "../../src/case/case";
import { londonDate } from "../../src/rules/calendar";
import type { GradedCriterion, GradingView } from "../../src/views";
import { counted, dateText, duration, ofTotal } from "../../src/wording/format";
import { gradeTitle, markState } from "../../src/wording/labels";
import { whyGrade } from "../../src/wording/marks";
import type { Field, FormContext, FormOf } from "../form";
import { argOf, carried, formOf, heading, line, long, quote, reason, strong, subtle } from "./fields";
import { arg, given, text, tick } from "./read";

/** A method's grade: confirmed by the assessor, moderated by IQA. */

const all = (g: GradingView): GradedCriterion[] => g.groups.flatMap((x) => x.criteria);

/** "Tue 2 Jun 2026, 62 min 10 s, inside 54 min to 66 min". */
function held(g: GradingView): Field[] {
  if (!g.at) return [];
  const { least, most } = g.limits;
  const range = least === most ? duration(least) : `${duration(least)} to ${duration(most)}`;
  const ran =
    g.seconds === undefined
      ? ""
      : `, ${duration(g.seconds)}, ${g.seconds >= least && g.seconds <= most ? "inside" : "outside"} ${range}`;
  return [subtle(`${dateText(londonDate(g.at))}${ran}`)];
}

/** What was not met, criterion by criterion, with the parts of it that were not. */
function notMet(g: GradingView, level: "pass" | "distinction"): Field[] {
  const of = level === "pass" ? g.counts.passOf : g.counts.distinctionOf;
  const missing = all(g).filter((x) => g.missing[level].includes(x.id));
  if (missing.length === 0) return [];
  const title = level === "pass" ? "Pass criteria not met" : "Distinction criteria not met";
  return [heading(`${title}: ${ofTotal(missing.length, of)}`), ...missing.map((x) => line(`✕ ${partly(x)}`))];
}

const partly = (x: GradedCriterion): string =>
  x.keys.length < 2
    ? x.text
    : `${x.text.replace(/[:\s]+$/, "")}: ${x.keys.map((k) => `(${k.part}) ${markState[k.mark].word.toLowerCase()}`).join(", ")}`;

const summary = (g: GradingView | undefined): Field[] =>
  g ? [...held(g), ...notMet(g, "pass"), ...notMet(g, "distinction")] : [];

export const gradeConfirm: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "grade.confirm", "method");
    const { grading } = ctx;
    // The grade shown is the grade confirmed: when the marks move meanwhile, the confirmation is refused.
    const args = { ...carried("method", id), ...carried("grade", grading?.proposed) };
    return formOf(
      "grade.confirm",
      ctx,
      [
        ...(grading ? held(grading) : []),
        ...(grading
          ? [
              subtle("Grade from your marks"),
              heading(gradeTitle[grading.proposed]),
              line(whyGrade(grading.proposed, grading.counts)),
              ...(grading.counts.unmarked > 0
                ? [strong(`! ${counted(grading.counts.unmarked, "criterion", "criteria")} not marked yet.`)]
                : []),
              ...notMet(grading, "pass"),
              ...notMet(grading, "distinction"),
            ]
          : []),
        { kind: "toggle", id: "declared", label: "I marked this myself, on what I saw and heard." },
      ],
      { args },
    );
  },
  payload: (inputs, args) =>
    given({ method: arg(args, "method"), grade: arg(args, "grade"), declared: tick(inputs, "declared") }),
};

export const markCorrect: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "mark.correct", "method");
    const { grading } = ctx;
    const keys = grading ? all(grading).flatMap((x) => x.keys) : [];
    return formOf(
      "mark.correct",
      ctx,
      [
        ...sentBack(ctx),
        {
          kind: "choice",
          id: "criterion",
          label: "Criterion",
          required: true,
          compact: true,
          options: keys.map((k) => ({
            value: k.key,
            title: `${markState[k.mark].word}: ${ctx.words.criterion(k.key)}`,
          })),
        },
        {
          kind: "choice",
          id: "mark",
          label: "Right mark",
          required: true,
          options: (["met", "notMet"] as const).map((value) => ({ value, title: markState[value].word })),
        },
        reason("Why it changes, kept in the record"),
        subtle("Confirm the grade again afterwards: it goes to the quality assurer once more."),
      ],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) =>
    given({
      method: arg(args, "method"),
      criterion: text(inputs, "criterion"),
      mark: text(inputs, "mark"),
      reason: text(inputs, "reason"),
    }),
};

/** Why IQA sent the grade back. */
function sentBack({ grading }: FormContext): Field[] {
  const m = grading?.moderation;
  return m?.state === "sentBack" ? [strong("Why it was sent back"), quote({ text: wordsOf(m.reason) })] : [];
}

/** What IQA moderates: the confirmed grade and what was not met. */
function confirmed(ctx: FormContext): Field[] {
  const { grading } = ctx;
  if (!grading) return [];
  const { confirmed: c } = grading;
  return [
    ...(c
      ? [strong(`${gradeTitle[c.grade]}, confirmed by ${ctx.words.person(c.by)} on ${dateText(londonDate(c.at))}`)]
      : []),
    ...summary(grading),
  ];
}

export const moderationUphold: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "moderation.uphold", "method");
    return formOf(
      "moderation.uphold",
      ctx,
      [...confirmed(ctx), long("note", "Note for the record", { required: false })],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) => given({ method: arg(args, "method"), note: text(inputs, "note") }),
};

export const moderationSendBack: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "moderation.sendBack", "method");
    return formOf(
      "moderation.sendBack",
      ctx,
      [...confirmed(ctx), long("reason", "What the assessor should look at again, and why")],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) => given({ method: arg(args, "method"), reason: text(inputs, "reason") }),
};
