import { z } from "zod";
import { capital } from "../src/wording/format";
import type { Field } from "./form";
import { clip, shutIn } from "./parts";

/** Fields of a form as inputs of a card. */

const text = z.string().min(1);

/** Any input: what its type does not know is null, and so left out of the card. */
export const Input = z.strictObject({
  type: z.enum(["Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.ChoiceSet", "Input.Toggle"]),
  id: text,
  label: text.nullable(),
  title: text.nullable(),
  isRequired: z.literal(true).nullable(),
  errorMessage: text.nullable(),
  placeholder: text.nullable(),
  value: z.union([z.string(), z.number()]).nullable(),
  isMultiline: z.literal(true).nullable(),
  maxLength: z.int().positive().nullable(),
  min: z.union([z.string(), z.number()]).nullable(),
  max: z.union([z.string(), z.number()]).nullable(),
  style: z.enum(["compact", "expanded", "filtered"]).nullable(),
  isMultiSelect: z.literal(true).nullable(),
  wrap: z.literal(true).nullable(),
  choices: z.array(z.strictObject({ title: text, value: z.string() })).nullable(),
  people: z.strictObject({ type: z.literal("Data.Query"), dataset: text }).nullable(),
});
export type Input = z.infer<typeof Input>;

const nothing: Omit<Input, "type" | "id"> = {
  label: null,
  title: null,
  isRequired: null,
  errorMessage: null,
  placeholder: null,
  value: null,
  isMultiline: null,
  maxLength: null,
  min: null,
  max: null,
  style: null,
  isMultiSelect: null,
  wrap: null,
  choices: null,
  people: null,
};

/**
 * An input's id on this drawing of the form: a client keeps what was typed under an id it knows, so a new revision, or the
 * same form refused, has new ids. `drawing` tells two drawings at one revision apart; `item` the inputs of one name for
 * several items on one card.
 */
export const inputId = (id: string, seen: number, drawing?: string, item?: string): string =>
  `${id}${item ? `--${item}` : ""}-r${seen}${drawing ? `x${drawing.replaceAll(/[^a-z0-9]/gi, "").slice(-6)}` : ""}`;

/** The field's own id again, from what a client sends. */
export const fieldId = (id: string): string => id.replace(/-r\d+(x[a-z0-9]*)?$/i, "");

/**
 * Inputs by their fields' ids; what is no input of ours is left out. Of inputs for several items, those of the item that the
 * pressed button names.
 */
export function fieldsOf(data: Readonly<Record<string, unknown>>): Record<string, string> {
  const item = (data.args as { item?: unknown } | null | undefined)?.item;
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) => {
      const id = fieldId(key);
      if (typeof value !== "string" || id === key) return [];
      const [name = "", of] = id.split("--");
      return of === undefined || of === item ? [[name, value]] : [];
    }),
  );
}

export type InputField = Exclude<Field, { kind: "heading" } | { kind: "line" }>;
export const isInput = (f: Field): f is InputField => f.kind !== "heading" && f.kind !== "line";

/** More options than this are looked for by typing; ticks stand all in sight for longer. */
const mostInSight = { one: 8, many: 16 };

/** A label with the short reason of a refusal behind it: "Interview date: too early"; after a question, "Why? Missing". */
export const withShort = (label: string, short: string | undefined): string => {
  if (short === undefined) return label;
  return label.endsWith("?") ? `${label} ${capital(short)}` : `${label.replace(/\.$/, "")}: ${short}`;
};

/** The input for a field. `typed`: what stood in it when it was refused; `short`: why, behind its label. */
export function inputOf(f: InputField, id: string, typed: string | undefined, short: string | undefined): Input {
  const label = shutIn(withShort(f.label, short));
  const need = f.required ? { isRequired: true as const, errorMessage: complaint(f) } : {};
  const base = { ...nothing, id, label, ...need };
  switch (f.kind) {
    case "text":
      return {
        ...base,
        type: "Input.Text",
        maxLength: f.max,
        isMultiline: f.multiline ? true : null,
        placeholder: f.placeholder || null,
        value: (typed ?? f.value) || null,
      };
    case "number": {
      const value = typed === undefined ? f.value : Number(typed || Number.NaN);
      return {
        ...base,
        errorMessage: complaint(f),
        type: "Input.Number",
        min: f.min ?? null,
        max: f.max ?? null,
        value: value !== undefined && Number.isFinite(value) ? value : null,
      };
    }
    case "date":
      return {
        ...base,
        type: "Input.Date",
        min: f.min ?? null,
        max: f.max ?? null,
        value: like(/^\d{4}-\d\d-\d\d$/, typed ?? f.value),
      };
    case "time":
      return { ...base, type: "Input.Time", value: like(/^\d\d:\d\d$/, typed ?? f.value) };
    case "toggle":
      return {
        ...base,
        type: "Input.Toggle",
        label: null,
        title: label,
        wrap: true,
        value: (typed ?? String(f.value ?? false)) === "true" ? "true" : "false",
      };
    case "choice":
      return choiceOf(f, base, typed);
    case "person":
      return {
        ...base,
        type: "Input.ChoiceSet",
        placeholder: "Search for people",
        value: typed || null,
        choices: [],
        people: { type: "Data.Query", dataset: "graph.microsoft.com/users" },
      };
  }
}

function choiceOf(f: Extract<Field, { kind: "choice" }>, base: Omit<Input, "type">, typed: string | undefined): Input {
  const most = f.many ? mostInSight.many : mostInSight.one;
  const style = f.options.length > most ? "filtered" : f.compact || f.options.some(hasSigns) ? "compact" : "expanded";
  return {
    ...base,
    type: "Input.ChoiceSet",
    style: f.many && style === "compact" && !f.compact ? "filtered" : style,
    isMultiSelect: f.many ? true : null,
    wrap: style === "expanded" ? true : null,
    placeholder: style === "expanded" ? null : style === "filtered" ? "Type to find" : "Choose",
    value: (typed ?? f.value) || null,
    choices: f.options.map((o) => ({ title: clip(o.title, 200) || o.value, value: o.value })),
  };
}

/** Ticks and rounds read their titles as markdown; drop-downs do not. */
const hasSigns = (o: { title: string }) => /[*_[\]`~<>\\]/.test(o.title);

const like = (form: RegExp, value: string | undefined): string | null =>
  value !== undefined && form.test(value) ? value : null;

/** Said beside an input that was left empty, before anything is sent. */
function complaint(f: InputField): string {
  switch (f.kind) {
    case "text":
      return "Write something here.";
    case "number":
      return f.min !== undefined && f.max !== undefined
        ? `Write a number from ${f.min} to ${f.max}.`
        : "Write a number.";
    case "date":
      return "Choose a date.";
    case "time":
      return "Choose a time.";
    case "toggle":
      return "Tick this to go on.";
    case "choice":
      return f.many ? "Choose at least one." : "Choose one.";
    case "person":
      return "Choose a person.";
  }
}
