import { z } from "zod";
import type { Problem } from "../src/case/case";
import type { CommandType } from "../src/case/decider";
import type { CaseView } from "../src/views";
import { notDoneYet, overrideTitle } from "../src/wording/commands";
import { spelled } from "../src/wording/format";
import { clauseLine, tell } from "../src/wording/problems";
import { type Banner, BannerModel, bannerModel } from "./banner";
import template from "./dialog.json";
import type { Field, Form, Refused } from "./form";
import { behalfFields } from "./forms/behalf";
import { Input, type InputField, inputId, inputOf, withShort } from "./inputs";
import { Action, actionOf, clip, type Drawing, Line, maybe, paragraphs } from "./parts";
import type { Button, OutsideRole, PressData } from "./press";
import { type Card, cardFrom } from "./render";

const text = z.string().min(1);
const Problems = z.array(z.strictObject({ fact: text, lawful: text, clause: z.array(Line).max(1) }));
const Model = z.strictObject({
  fallbackText: text,
  banner: z.array(BannerModel).max(1),
  case: z.array(z.strictObject({ line: text, name: text })).max(1),
  intro: z.array(Line),
  count: z.array(Line).max(1),
  problems: Problems,
  fields: z.array(
    z.strictObject({
      spacing: z.enum(["Small", "Default", "Medium"]),
      separator: z.literal(true).nullable(),
      heading: z.array(Line).max(1),
      lines: z.array(
        z.strictObject({
          text,
          spacing: z.enum(["None", "Small", "Medium"]),
          weight: z.literal("Bolder").nullable(),
          size: z.literal("Small").nullable(),
          subtle: z.literal(true).nullable(),
        }),
      ),
      input: z.array(Input).max(1),
      pair: z
        .array(
          z.strictObject({
            columns: z
              .array(z.strictObject({ width: z.union([z.literal(3), z.literal(2)]), input: z.array(Input).length(1) }))
              .length(2),
          }),
        )
        .max(1),
      hints: z.array(Line),
      problems: Problems,
    }),
  ),
  actions: z.array(Action),
});
type FieldModel = z.infer<typeof Model>["fields"][number];
const draw = cardFrom("dialog", template, Model);

/** The input that a rule is lifted by, and the one that a rule's reason is written in. */
export const overrideReason = "override-reason";
const reasonLabel = "Reason, kept in the record";
const reasonField: Field = { kind: "text", id: "reason", label: reasonLabel, max: 2000, multiline: true };

export interface DialogCard extends Drawing {
  /** What its button sends: a command's type, or a body command's. */
  command: string;
  /** Undefined where there is no case: registration, staff, a binding. */
  view?: CaseView;
  /** What the button that opened it carried. */
  args?: NonNullable<PressData["args"]>;
  /** A coordinator records it as that person's own decision. */
  behalf?: OutsideRole;
  refused?: Refused;
  /** Rules that the refused press was to lift. */
  override?: readonly string[];
  /** Over all: "Not saved". What was typed stands in `refused.inputs`. */
  banner?: Banner;
  /** Over a refusal where the command is none of a case's. */
  notDone?: string;
}

/** Draws a form as a dialog's card; refused, with what is wrong beside each input and everything typed still there. */
export function dialogCard(form: Form, d: DialogCard): Card {
  const { view, refused } = d;
  const seen = view?.seen ?? 0;
  const problems = refused?.problems ?? [];
  const commandId = d.newId();
  // What is said of the present before anything is asked stands under the name, over a refusal.
  // A small line that says what the words under it are stays with them.
  const first = form.fields.findIndex((f, i) => f.kind !== "line" || !f.subtle || isWords(form.fields[i + 1]));
  const lead = first < 0 ? form.fields.length : first;
  const intro = form.fields.slice(0, lead).flatMap((f) => (f.kind === "line" ? [{ text: clip(f.text, 400) }] : []));
  const fields = [
    ...form.fields.slice(lead),
    ...reasonFields(form, problems),
    ...(d.behalf ? behalfFields(d.behalf, d.words) : []),
    ...overrideFields(form, problems, d),
  ];
  const ids = new Set(fields.flatMap((f) => ("id" in f && f.id ? [f.id] : [])));
  const beside = (id: string | undefined) => problems.filter((p) => id !== undefined && p.input === id);
  const idOf = (id: string) => inputId(id, seen, refused ? commandId : undefined);
  return draw({
    fallbackText: `${form.title}${view ? `, case ${view.ref}` : ""}. Open this in a newer Teams. For help, type: help`,
    banner: maybe(d.banner).map((b) => bannerModel(b, d)),
    case: maybe(view).map((v) => ({ line: `Case ${v.ref}`, name: clip(d.words.person(v.people.apprentice), 80) })),
    intro,
    count: maybe(problems.length > 0 && countOf(problems.length, d)).map((t) => ({ text: t })),
    problems: problems.filter((p) => p.input === undefined || !ids.has(p.input)).map((p) => problemModel(p, d)),
    fields: inRows(fields).map((row) => rowModel(row, { d, refused, beside, idOf })),
    actions: buttonsOf(form, d, commandId).map((b) => actionOf(b, "dialog")),
  });
}

const isWords = (f: Field | undefined): boolean => f?.kind === "line" && !f.subtle;

const countOf = (n: number, d: DialogCard): string =>
  d.notDone !== undefined
    ? `${d.notDone}: ${spelled(n)} ${n === 1 ? "thing" : "things"} to put right.`
    : notDoneYet(d.command as CommandType, n);

const isCoordinator = (d: DialogCard) => d.view?.role === "coordinator";

function problemModel(p: Problem, d: DialogCard) {
  const t = tell(p, d.pack, d.words, { mayLift: isCoordinator(d) });
  return {
    fact: clip(t.fact, 800),
    lawful: clip(t.lawful, 800),
    clause: maybe(clauseLine(t)).map((x) => ({ text: clip(x, 300) })),
  };
}

/** A rule that is kept once a reason is written asks for it, where the form has no place for one yet. */
const reasonFields = (form: Form, problems: readonly Problem[]): Field[] =>
  problems.some((p) => p.remedy === "reason") && !form.fields.some((f) => "id" in f && f.id === "reason")
    ? [reasonField]
    : [];

/** Rules that this coordinator may lift here: of this refusal, and of the press that lifted without a reason. */
const liftable = (problems: readonly Problem[], d: DialogCard): string[] =>
  isCoordinator(d)
    ? [
        ...new Set([
          ...(d.override ?? []),
          ...problems.flatMap((p) => (p.remedy === "override" && p.rule !== undefined ? [p.rule] : [])),
        ]),
      ]
    : [];

const overrideFields = (form: Form, problems: readonly Problem[], d: DialogCard): Field[] => {
  if (liftable(problems, d).length === 0) return [];
  const another = form.fields.some((f) => "id" in f && f.id === "reason");
  const label = another ? "Why the rule is lifted, kept in the record" : reasonLabel;
  return [{ kind: "text", id: overrideReason, label, max: 2000, multiline: true }];
};

// ---- fields -----------------------------------------------------------------------------------------------------

/** A date and the time that follows it stand side by side. */
type Row = { date: Extract<Field, { kind: "date" }>; time: Extract<Field, { kind: "time" }> } | { field: Field };

function inRows(fields: readonly Field[]): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < fields.length; i++) {
    const [field, next] = [fields[i], fields[i + 1]];
    if (!field) continue;
    if (field.kind === "date" && next?.kind === "time") {
      rows.push({ date: field, time: next });
      i += 1;
    } else rows.push({ field });
  }
  return rows;
}

interface Around {
  d: DialogCard;
  refused: Refused | undefined;
  beside(id: string | undefined): Problem[];
  idOf(id: string): string;
}

const empty: FieldModel = {
  spacing: "Medium",
  separator: null,
  heading: [],
  lines: [],
  input: [],
  pair: [],
  hints: [],
  problems: [],
};

function rowModel(row: Row, around: Around): FieldModel {
  const { d, beside } = around;
  if (!("field" in row)) {
    const problems = [...beside(row.date.id), ...beside(row.time.id)];
    return {
      ...empty,
      pair: [
        {
          columns: [
            { width: 3, input: [drawn(row.date, around)] },
            { width: 2, input: [drawn(row.time, around)] },
          ],
        },
      ],
      hints: [...hints(row.date), ...hints(row.time)],
      problems: problems.map((p) => problemModel(p, d)),
    };
  }
  const { field } = row;
  if (field.kind === "heading") {
    const own = beside(field.id);
    return {
      ...empty,
      separator: true,
      heading: [{ text: withShort(field.text, shortOf(own, d)) }],
      problems: own.map((p) => problemModel(p, d)),
    };
  }
  if (field.kind === "choice" && field.options.length === 0)
    return {
      ...empty,
      lines: lineModel({ kind: "line", text: `${field.label}: there is nothing to choose from yet.` }),
    };
  if (field.kind === "line") return { ...empty, spacing: "Small", lines: lineModel(field) };
  return {
    ...empty,
    input: [drawn(field, around)],
    hints: hints(field),
    problems: beside(field.id).map((p) => problemModel(p, d)),
  };
}

/** An input that was sent empty is not among those that came: it stays empty. */
function drawn(f: InputField, { d, refused, beside, idOf }: Around): Input {
  const sent = refused !== undefined && Object.keys(refused.inputs).length > 0;
  return inputOf(f, idOf(f.id), refused?.inputs[f.id] ?? (sent ? "" : undefined), shortOf(beside(f.id), d));
}

const shortOf = (problems: readonly Problem[], d: DialogCard): string | undefined =>
  problems[0] && tell(problems[0], d.pack, d.words).short;

const hints = (f: InputField) => maybe(f.hint).map((t) => ({ text: clip(t, 400) }));

function lineModel(f: Extract<Field, { kind: "line" }>): FieldModel["lines"] {
  return paragraphs(f.text, 6000, f.quote === true).map((p) => ({
    ...p,
    weight: f.strong ? "Bolder" : null,
    size: f.subtle ? "Small" : null,
    subtle: f.subtle ? true : null,
  }));
}

// ---- buttons ----------------------------------------------------------------------------------------------------

function buttonsOf(form: Form, d: DialogCard, commandId: string): Button[] {
  const problems = d.refused?.problems ?? [];
  const args = { ...d.args, ...form.args };
  const common: Omit<PressData, "verb"> = {
    ...(d.view ? { caseId: d.view.caseId, seen: d.view.seen } : {}),
    ...(Object.keys(args).length > 0 ? { args } : {}),
    ...(d.behalf ? { behalf: d.behalf } : {}),
  };
  const rules = liftable(problems, d);
  return [
    { title: form.submit, primary: true, data: { verb: d.command, ...common, commandId } },
    ...(rules.length > 0
      ? [
          {
            title: overrideTitle(d.command as CommandType),
            data: { verb: d.command, ...common, commandId: d.newId(), override: rules },
          },
        ]
      : []),
    ...(form.also ?? []).map((b) => ({ ...b, data: { ...common, commandId: d.newId(), ...b.data } })),
  ];
}
