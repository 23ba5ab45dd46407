import { ofTotal } from "../../src/wording/format";
import { markState } from "../../src/wording/labels";
import type { Field, Form, FormContext, FormOf } from "../form";
import { argOf, carried, formOf, heading, line, subtle } from "./fields";
import { arg, many, numberArg, under } from "./read";

/** Marks of the criteria, and fail descriptors. */

/** How many choices a dialog holds at most, so that its card stays well under what Teams takes. */
const most = 30;

interface Row {
  group: string;
  key: string;
  label: string;
  mark: string;
}

/** Every choice in the pack's order, under its group or, where the pack lists criteria flat, under its level. */
const rowsOf = ({ grading, words }: FormContext): Row[] =>
  (grading?.groups ?? []).flatMap(({ group, criteria }) =>
    criteria.flatMap((x) =>
      x.keys.map((k) => ({
        group: group ?? (x.level === "pass" ? "For a pass" : "For a distinction"),
        key: k.key,
        label:
          group !== null && x.level === "distinction"
            ? `Distinction: ${words.criterion(k.key)}`
            : words.criterion(k.key),
        mark: k.mark,
      })),
    ),
  );

/** The parts of a form too long for one dialog: whole groups as far as they fit. */
function parts(rows: readonly Row[]): Row[][] {
  const all: Row[][] = [[]];
  for (const group of new Set(rows.map((r) => r.group))) {
    const own = rows.filter((r) => r.group === group);
    for (let i = 0; i < own.length; i += most) {
      const piece = own.slice(i, i + most);
      const last = all.at(-1) as Row[];
      if (last.length > 0 && last.length + piece.length > most) all.push(piece);
      else last.push(...piece);
    }
  }
  return all;
}

const marks = (["met", "notMet", "notYet"] as const).map((value) => ({ value, title: markState[value].word }));

export const sessionMark: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.mark", "method");
    const all = parts(rowsOf(ctx));
    const part = Math.min(Math.max(numberArg(ctx.args, "part") ?? 1, 1), all.length);
    const rows = all[part - 1] ?? [];
    return formOf(
      "session.mark",
      ctx,
      [
        ...standing(ctx),
        ...(all.length > 1 ? [subtle(`Part ${ofTotal(part, all.length)}. Save it before you open another.`)] : []),
        ...choices(rows),
      ],
      {
        size: "large",
        args: { ...carried("method", id), ...(all.length > 1 ? { part } : {}) },
        ...(all.length > 1 ? { also: otherParts(ctx, id, part, all.length) } : {}),
      },
    );
  },
  payload: (inputs, args) => ({
    ...carried("method", arg(args, "method")),
    marks: Object.fromEntries(under(inputs, "mark-")),
  }),
};

/** "14 of 20 pass criteria met". */
function standing({ grading }: FormContext): Field[] {
  if (!grading) return [];
  const { passMet, passOf, distinctionMet, distinctionOf } = grading.counts;
  return [
    line(`Met: ${ofTotal(passMet, passOf)} for a pass, ${ofTotal(distinctionMet, distinctionOf)} for a distinction.`),
  ];
}

const choices = (rows: readonly Row[]): Field[] =>
  [...new Set(rows.map((r) => r.group))].flatMap((group) => [
    heading(group),
    ...rows
      .filter((r) => r.group === group)
      .map(
        (r): Field => ({
          kind: "choice",
          id: `mark-${r.key}`,
          label: r.label,
          compact: true,
          options: marks,
          value: r.mark,
        }),
      ),
  ]);

const otherParts = (ctx: FormContext, id: string | undefined, part: number, of: number): NonNullable<Form["also"]> =>
  Array.from({ length: of }, (_, i) => i + 1)
    .filter((n) => n !== part)
    .map((n) => ({
      title: `Open part ${n}`,
      dialog: true,
      data: {
        verb: "form",
        command: "session.mark",
        caseId: ctx.view.caseId,
        seen: ctx.view.seen,
        args: { ...carried("method", id), part: n },
      },
    }));

export const sessionDescriptors: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.descriptors", "method");
    const descriptors = ctx.grading?.descriptors ?? [];
    return formOf(
      "session.descriptors",
      ctx,
      [
        {
          kind: "choice",
          id: "ticked",
          label: "What was seen",
          many: true,
          options: descriptors.map((d) => ({ value: d.id, title: d.text })),
          value: descriptors
            .filter((d) => d.ticked)
            .map((d) => d.id)
            .join(","),
        },
        subtle("They inform; the grade comes from the marks alone."),
      ],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) => ({ ...carried("method", arg(args, "method")), ticked: many(inputs, "ticked") }),
};
