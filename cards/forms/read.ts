import { atLondon, type Instant } from "../../src/rules/calendar";

/**
 * Reads inputs as Teams sends them: strings by id, dates "2026-05-12", times "14:00", ticks "true" and "false", lists joined
 * by commas. What cannot be read is undefined; the payload's own schema then says that it is missing. Nothing here throws.
 */
export type Inputs = Readonly<Record<string, string>>;
export type Args = Readonly<Record<string, string | number | boolean>>;

/** What was written, without white space around it; undefined when that is nothing. */
export function text(inputs: Inputs, id: string): string | undefined {
  const value: unknown = Object.hasOwn(inputs, id) ? inputs[id] : undefined;
  if (typeof value !== "string") return undefined;
  return value.trim() || undefined;
}

/** The option that stands for choosing nothing: an empty value would not be sent, and would not stand chosen either. */
export const nothing = "-";

/** What was chosen; undefined when nothing was. */
export function chosen(inputs: Inputs, id: string): string | undefined {
  const value = text(inputs, id);
  return value === nothing ? undefined : value;
}

/** A plain decimal number: "2500", "12.5". "2500 words" and "1e3" are none. */
export function number(inputs: Inputs, id: string): number | undefined {
  const value = text(inputs, id);
  return value !== undefined && /^-?\d{1,12}(\.\d{1,6})?$/.test(value) ? Number(value) : undefined;
}

/** Ticked or not; a box that was not sent is not ticked. */
export const tick = (inputs: Inputs, id: string): boolean => text(inputs, id) === "true";

/** A yes or no that must be chosen: undefined until it is. */
export function yesNo(inputs: Inputs, id: string): boolean | undefined {
  const value = text(inputs, id);
  return value === "true" ? true : value === "false" ? false : undefined;
}

/** Everything ticked, once each; empty when nothing is. */
export const many = (inputs: Inputs, id: string): string[] => [
  ...new Set(
    (text(inputs, id) ?? "")
      .split(",")
      .map((x) => x.trim())
      .filter(Boolean),
  ),
];

/** The moment at which London shows that date and time; undefined when one is missing or does not exist. */
export function moment(inputs: Inputs, dateId: string, timeId: string): Instant | undefined {
  const date = text(inputs, dateId);
  const time = text(inputs, timeId);
  if (date === undefined || time === undefined) return undefined;
  try {
    return atLondon(date, time);
  } catch {
    return undefined;
  }
}

/** An argument of the button as text. */
export function arg(args: Args, name: string): string | undefined {
  const value: unknown = Object.hasOwn(args, name) ? args[name] : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** An argument of the button as a number. */
export function numberArg(args: Args, name: string): number | undefined {
  const value = arg(args, name);
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** Inputs whose id begins so, by the rest of the id: "mark-" finds "mark-talk-P1" as "talk-P1". */
export const under = (inputs: Inputs, prefix: string): [rest: string, value: string][] =>
  Object.keys(inputs)
    .filter((id) => id.startsWith(prefix) && id.length > prefix.length)
    .flatMap((id) => {
      const value = text(inputs, id);
      return value === undefined ? [] : [[id.slice(prefix.length), value] as [string, string]];
    });

/** The same without what is undefined, so that a payload holds only what was given. */
export const given = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined));
