import { wordsOf } from "../../src/case/case";
import type { Method } from "../../src/rules/pack";
import { ofTotal } from "../../src/wording/format";
import type { Field, FormContext, FormOf, Option } from "../form";
import { argOf, carried, formOf, line, long, methodIn } from "./fields";
import { arg, chosen, given, many, nothing, number, text } from "./read";

/** In the session: a question that was asked, a note on what was seen or heard. */

/** Pass and distinction criteria to choose among; the chosen grade level stands before each. */
const criteria = (method: Method | undefined): Option[] =>
  (["pass", "distinction"] as const).flatMap((level) =>
    (method?.criteria[level] ?? []).map((x) => ({
      value: x.id,
      title: level === "distinction" ? `Distinction: ${x.text}` : x.text,
    })),
  );

const criteriaField = (method: Method | undefined, label: string, hint?: string): Field => ({
  kind: "choice",
  id: "criteria",
  label,
  many: true,
  compact: true,
  options: criteria(method),
  ...(hint === undefined ? {} : { hint }),
});

/** A bank's question as a choice: a card holds a hundred of them in the 25 KB that Teams takes. */
const shortened = (text: string) => (text.length > 160 ? `${text.slice(0, 100)}…` : text);

export const sessionAsk: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.ask", "method");
    const method = methodIn(ctx, id);
    const asked = ctx.grading?.asked ?? [];
    const used = new Set(asked.map((q) => q.questionId));
    const open = ctx.questions.filter((q) => !used.has(q.id));
    const rule = method?.session.questions;
    const main = asked.filter((q) => q.kind === "main").length;
    return formOf(
      "session.ask",
      ctx,
      [
        ...(rule && "exactly" in rule ? [line(`Main questions asked: ${ofTotal(main, rule.exactly)}.`)] : []),
        ...(open.length > 0
          ? [
              {
                kind: "choice" as const,
                id: "questionId",
                label: "Question from the bank",
                compact: true,
                value: nothing,
                options: [
                  { value: nothing, title: "None: in my own words" },
                  ...open.map((q) => ({ value: q.id, title: shortened(q.text) })),
                ],
              },
            ]
          : []),
        long("text", "In your own words", {
          required: false,
          max: 1000,
          ...(rule?.fromBank ? { hint: "Main questions here come from the bank; follow-ups are your own." } : {}),
        }),
        {
          kind: "choice",
          id: "kind",
          label: "Kind",
          required: true,
          value: rule && "exactly" in rule && main >= rule.exactly ? "followUp" : "main",
          options: [
            { value: "main", title: "Main question" },
            { value: "followUp", title: "Follow-up" },
          ],
        },
        criteriaField(
          method,
          "What it gives a chance to show",
          open.length > 0 ? "With nothing ticked, what the bank says of its question." : undefined,
        ),
      ],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args, ctx) => {
    const questionId = chosen(inputs, "questionId");
    const ticked = many(inputs, "criteria");
    const ofBank = ctx?.questions?.find((q) => q.id === questionId)?.criteria ?? [];
    return given({
      method: arg(args, "method"),
      questionId,
      text: text(inputs, "text"),
      kind: text(inputs, "kind"),
      criteria: ticked.length > 0 ? ticked : [...ofBank],
    });
  },
};

/** A question that was asked, as the assessor knows it again. */
const askedTitle = (ctx: FormContext, q: { questionId: string | null; text: Parameters<typeof wordsOf>[0] | null }) =>
  ctx.questions.find((x) => x.id === q.questionId)?.text ?? (wordsOf(q.text ?? undefined) || "A question of the bank");

/** "3. What would you do otherwise?" by its number. */
const askedOptions = (ctx: FormContext): Option[] =>
  (ctx.grading?.asked ?? []).map((q) => ({ value: String(q.n), title: `${q.n}. ${askedTitle(ctx, q)}` }));

export const sessionUnask: FormOf = {
  form: (ctx) =>
    formOf(
      "session.unask",
      ctx,
      [
        {
          kind: "choice",
          id: "question",
          label: "Question that was not asked",
          required: true,
          compact: true,
          options: askedOptions(ctx),
        },
        long("reason", "Reason", { max: 300, hint: "The question stays on the record, taken back." }),
      ],
      { args: carried("method", argOf(ctx, "session.unask", "method")) },
    ),
  payload: (inputs, args) =>
    given({ method: arg(args, "method"), question: number(inputs, "question"), reason: text(inputs, "reason") }),
};

export const sessionNote: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.note", "method");
    const asked = ctx.grading?.asked ?? [];
    return formOf(
      "session.note",
      ctx,
      [
        long("text", "Note", {
          max: 8000,
          placeholder: "What you saw or heard",
          hint: "Never shown to the apprentice.",
        }),
        criteriaField(methodIn(ctx, id), "About"),
        ...(asked.length > 0
          ? [
              {
                kind: "choice" as const,
                id: "question",
                label: "In answer to",
                compact: true,
                value: nothing,
                options: [{ value: nothing, title: "No question" }, ...askedOptions(ctx)],
              },
            ]
          : []),
      ],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) =>
    given({
      method: arg(args, "method"),
      text: text(inputs, "text"),
      criteria: many(inputs, "criteria"),
      question: number(inputs, "question"),
    }),
};
