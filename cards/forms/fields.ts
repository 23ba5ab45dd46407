import { wordsOf } from "../../src/case/case";
import type { CommandType } from "../../src/case/decider";
import { commandTitle } from "../../src/wording/commands";
import type { Field, Form, FormContext } from "../form";
import { arg } from "./read";

/** What several forms have in common. */

/**
 * What the button that opened the form says, over the dialog and on the button that sends it. For whom it is recorded stands
 * over the dialog: on the button it would be cut off on a phone.
 */
export function titled(command: CommandType, ctx: FormContext, args = ctx.args): { title: string; submit: string } {
  const title = commandTitle(command, args, ctx.words, ctx.behalf);
  return { title, submit: shortOf(command, title) ?? commandTitle(command, args, ctx.words) };
}

/** Readiness is said by the apprentice alone: recorded for them, it keeps its title. An item's name may be long. */
const shortOf = (command: CommandType, title: string): string | undefined =>
  command === "gateway.ready" ? title : command === "gateway.submit" ? "Hand in" : undefined;

/** A form of that command with these fields. */
export const formOf = (command: CommandType, ctx: FormContext, fields: Field[], also: Partial<Form> = {}): Form => ({
  ...titled(command, ctx, { ...ctx.args, ...also.args }),
  fields,
  ...also,
});

/**
 * An argument that the button carries; where it carries none, that of the first such thing this person may do now, so that a
 * button that names only the command opens its form too.
 */
export const argOf = (ctx: FormContext, command: CommandType, name: string): string | undefined =>
  arg(ctx.args, name) ?? offer(ctx, command, name);

const offer = (ctx: FormContext, command: CommandType, name: string): string | undefined => {
  const found = ctx.view.may.find((p) => p.type === command && p.data[name] !== undefined)?.data[name];
  return found === undefined ? undefined : String(found);
};

/** The argument under its name, or nothing: for `Form.args`. */
export const carried = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };

export const heading = (words: string, id?: string): Field => ({
  kind: "heading",
  text: words,
  ...(id === undefined ? {} : { id }),
});
export const line = (words: string): Field => ({ kind: "line", text: words });
export const subtle = (words: string): Field => ({ kind: "line", text: words, subtle: true });
export const strong = (words: string): Field => ({ kind: "line", text: words, strong: true });
/** People's own words. */
export const quote = (words: Parameters<typeof wordsOf>[0]): Field => ({
  kind: "line",
  text: wordsOf(words),
  quote: true,
});

type Text = Extract<Field, { kind: "text" }>;

/** One line of text, required unless said otherwise. */
export const short = (id: string, label: string, also: Partial<Text> = {}): Field => ({
  kind: "text",
  id,
  label,
  max: 300,
  required: true,
  ...also,
});
/** Several lines of text, required unless said otherwise. */
export const long = (id: string, label: string, also: Partial<Text> = {}): Field => ({
  kind: "text",
  id,
  label,
  max: 2000,
  multiline: true,
  required: true,
  ...also,
});
/** Why, as the record keeps it. */
export const reason = (label = "Reason, kept in the record", also: Partial<Text> = {}): Field =>
  long("reason", label, also);

/** Yes or no where neither goes without saying. */
export const either = (
  id: string,
  label: string,
  yes: string,
  no: string,
  also: { value?: string; hint?: string } = {},
): Field => ({
  kind: "choice",
  id,
  label,
  required: true,
  options: [
    { value: "true", title: yes },
    { value: "false", title: no },
  ],
  ...also,
});

export const options = <T extends { id: string; title: string }>(of: readonly T[]) =>
  of.map(({ id, title }) => ({ value: id, title }));

/** Titles of a closed set as options, in the set's order. */
export const optionsOf = <K extends string>(titles: Readonly<Record<K, string>>, of?: readonly K[]) =>
  (of ?? (Object.keys(titles) as K[])).map((value) => ({ value, title: titles[value] }));

/** The pack's methods as options. */
export const methods = (ctx: Pick<FormContext, "pack">) => options(ctx.pack.methods);

/** The name by which somebody is spoken of: the first word of it. */
export const firstName = (name: string): string => name.split(/\s+/)[0] || name;

export const apprentice = (ctx: FormContext): string => ctx.words.person(ctx.view.people.apprentice);

/** The assessment of that method as this person sees it. */
export const assessment = (ctx: FormContext, method: string | undefined) =>
  ctx.view.assessments.find((a) => a.method === method);
export const methodIn = (ctx: FormContext, method: string | undefined) => ctx.pack.methods.find((m) => m.id === method);
/** The method's session without article: "interview". */
export const sessionNoun = (ctx: FormContext, method: string | undefined) =>
  ctx.words.theSession(method).replace(/^the /, "");
