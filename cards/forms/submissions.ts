import { wordRange } from "../../src/case/submissions";
import { counted, dateText, dueHint, thousands } from "../../src/wording/format";
import type { Field, FormContext, FormOf } from "../form";
import { argOf, assessment, carried, formOf, heading, line, methodIn, options, short, strong, subtle } from "./fields";
import { arg, given, many, number, text, under } from "./read";

/** What the apprentice hands in: facts about it; the file stays where it is filed. */

/** When it is due, and what is in already. */
function standing(ctx: FormContext, method: string | undefined): Field[] {
  const handIn = assessment(ctx, method)?.handIn;
  return [
    ...(handIn?.due ? [strong(`By ${dateText(handIn.due)}, ${dueHint(handIn.due, ctx.now)}`)] : []),
    ...(handIn?.handedIn ? [line("You handed one in already. This one replaces it; both stay on the record.")] : []),
  ];
}

const filed = short("reference", "Where it is filed", { placeholder: "File name or link" });

export const reportSubmit: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "report.submit", "method");
    const method = methodIn(ctx, id);
    const rules = method?.handIn?.kind === "report" ? method.handIn : undefined;
    const range = rules && wordRange(rules);
    const before = assessment(ctx, id)?.handIn;
    return formOf(
      "report.submit",
      ctx,
      [
        ...standing(ctx, id),
        filed,
        {
          kind: "number",
          id: "words",
          label: "Number of words",
          min: 0,
          max: 100_000,
          required: true,
          ...(before?.words === undefined ? {} : { value: before.words }),
          ...(range
            ? { hint: `${thousands(range.least)} to ${counted(range.most, "word")}; annexes do not count.` }
            : {}),
        },
        ...(rules
          ? [
              {
                kind: "choice" as const,
                id: "contents",
                label: "What the report contains",
                many: true,
                options: options(rules.contents.items),
              },
              ...(rules.contents.annexes.length > 0
                ? [subtle(`Annexes that are yours, for example: ${rules.contents.annexes.join(", ")}.`)]
                : []),
            ]
          : []),
      ],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) =>
    given({
      method: arg(args, "method"),
      reference: text(inputs, "reference"),
      words: number(inputs, "words"),
      contents: many(inputs, "contents"),
    }),
};

export const portfolioSubmit: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "portfolio.submit", "method");
    const method = methodIn(ctx, id);
    const rules = method?.handIn?.kind === "portfolio" ? method.handIn : undefined;
    const before = assessment(ctx, id)?.handIn;
    const every = rules?.selection.mapEveryKsb === true;
    return formOf(
      "portfolio.submit",
      ctx,
      [
        ...standing(ctx, id),
        filed,
        {
          kind: "number",
          id: "pieces",
          label: "Number of pieces",
          min: 0,
          max: 500,
          required: true,
          ...(before?.pieces === undefined ? {} : { value: before.pieces }),
          ...(rules ? sizeHint(rules.selection) : {}),
        },
        heading("Which pieces show what", "mapping"),
        subtle(
          `Numbers of pieces with commas between them, for example 1, 4. ${every ? "Each needs one at least." : "Leave empty what none shows."}`,
        ),
        ...(method?.ksbs ?? []).map(
          (k): Field => ({
            kind: "text",
            id: `mapping-${k.id}`,
            label: `${k.id} ${k.text}`,
            max: 100,
          }),
        ),
      ],
      { args: carried("method", id), size: "large" },
    );
  },
  payload: (inputs, args) =>
    given({
      method: arg(args, "method"),
      reference: text(inputs, "reference"),
      pieces: number(inputs, "pieces"),
      mapping: Object.fromEntries(under(inputs, "mapping-").map(([ksb, pieces]) => [ksb, numbers(pieces)])),
    }),
};

function sizeHint({ min, max, kinds }: { min: number | null; max: number | null; kinds: readonly string[] }) {
  const size =
    min !== null && max !== null
      ? `${min} to ${counted(max, "piece")}.`
      : min !== null
        ? `At least ${counted(min, "piece")}.`
        : max !== null
          ? `At most ${counted(max, "piece")}.`
          : undefined;
  const hint = [size, kinds.length > 0 ? `For example: ${kinds.join(", ")}.` : undefined].filter(Boolean).join(" ");
  return hint === "" ? {} : { hint };
}

/** "1, 4 and 7" as numbers; what is no number stays as it is, for the schema to refuse. */
const numbers = (pieces: string): (number | string)[] =>
  pieces
    .split(/[\s,;&]+|\band\b/)
    .filter(Boolean)
    .map((n) => (/^\d{1,4}$/.test(n) ? Number(n) : n));
