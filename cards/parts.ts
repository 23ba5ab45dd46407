import { z } from "zod";
import type { CommandType } from "../src/case/decider";
import type { Instant } from "../src/rules/calendar";
import type { Pack } from "../src/rules/pack";
import type { Words } from "../src/wording/words";
import type { Button } from "./press";

/** What view models are made of. Optional parts are lists of none or one, so that a template needs no condition. */

/** What every card is drawn with. No clock and no chance: both come in. */
export interface Drawing {
  words: Words;
  pack: Pack;
  now: Instant;
  /** A new id at each call: the name of one press, so that two deliveries of it are one command. */
  newId(): string;
}

/** For cards with a case's commands on them. */
export interface Commanding extends Drawing {
  /** Whether the command asks something first, in a dialog. */
  hasForm(command: CommandType): boolean;
}

const text = z.string().min(1);
const spacing = z.enum(["None", "Small", "Medium"]);
export const Line = z.strictObject({ text });
export const Run = z.strictObject({ text, weight: z.enum(["Default", "Bolder"]) });
export const Runs = z.array(Run).min(1);
export const Paragraph = z.strictObject({ text, spacing });

export const Heading = z.strictObject({
  line: text,
  name: z.array(Line).max(1),
  under: z.array(Line).max(2),
});

export const Action = z.strictObject({
  type: z.enum(["Action.Execute", "Action.Submit", "Action.OpenUrl"]),
  title: z.string().min(1).max(80),
  tooltip: z.string().max(200).nullable(),
  style: z.literal("positive").nullable(),
  mode: z.literal("secondary").nullable(),
  verb: z.string().nullable(),
  url: z.string().nullable(),
  /** "none": sends no input of the card, and checks none. */
  associatedInputs: z.literal("none").nullable(),
  /** A button's own data, made by `commandButton` and its like: looked at by whoever it comes back to. */
  data: z.custom<Record<string, unknown>>((x) => typeof x === "object" && x !== null && !Array.isArray(x)).nullable(),
});
export type Action = z.infer<typeof Action>;

/** One row: what and who on the left, how urgent on the right; a press on it shows the case where it has data. */
export const urgencyLook = {
  late: { color: "Attention", weight: "Bolder", subtle: null },
  soon: { color: null, weight: "Bolder", subtle: null },
  later: { color: null, weight: null, subtle: true },
} as const;
export const Hint = z.strictObject({
  hint: text,
  color: z.literal("Attention").nullable(),
  weight: z.literal("Bolder").nullable(),
  subtle: z.literal(true).nullable(),
});

/** Beside a thing: how it stands. */
export const Mark = z.strictObject({
  mark: z.string().length(1),
  color: z.enum(["Good", "Accent", "Attention"]).nullable(),
  subtle: z.literal(true).nullable(),
});
export type Mark = z.infer<typeof Mark>;
const mark = (sign: string, color: Mark["color"] = null, subtle: true | null = null): Mark => ({
  mark: sign,
  color,
  subtle,
});
/** Marks by tone, as everywhere: done, now, later, not met, come back. */
export const marks = {
  done: mark("✓", "Good"),
  now: mark("●", "Accent"),
  later: mark("○", null, true),
  bad: mark("✕", "Attention"),
  back: mark("↺"),
} as const;

// ---- words ------------------------------------------------------------------------------------------------------

const controls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** The words, shut in where they hold marks that turn the direction of what follows them. */
export const shutIn = (words: string): string => (controls.test(words) ? `\u2068${words}\u2069\u2069` : words);

/** At most `most` characters, cut at a space where there is one, with "…" where something was cut. */
export function clip(words: string, most: number): string {
  const all = [...words];
  if (all.length <= most) return shutIn(words);
  const cut = all.slice(0, most - 1).join("");
  const space = cut.lastIndexOf(" ");
  return shutIn(`${(space > most * 0.6 ? cut.slice(0, space) : cut).trimEnd()}…`);
}

/** People's words as paragraphs of a card; blank lines are left out. `quoted`: between quotation marks. */
export function paragraphs(words: string, most: number, quoted = false): { text: string; spacing: "None" | "Small" }[] {
  const lines = clip(quoted ? `“${words.trim()}”` : words, most)
    .split(/\r?\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.map((line, i) => ({ text: line, spacing: i === 0 ? "None" : "Small" }));
}

/** Text with the parts between asterisks in bold: for our own sentences, never for people's words. */
export const runs = (...pieces: (string | { bold: string } | undefined)[]): z.infer<typeof Runs> =>
  pieces
    .filter((p): p is string | { bold: string } => p !== undefined && p !== "")
    .map((p) => (typeof p === "string" ? { text: p, weight: "Default" } : { text: p.bold, weight: "Bolder" }));

/** None or one. */
export const maybe = <T>(x: T | undefined | null | false | ""): T[] =>
  x === undefined || x === null || x === false || x === "" ? [] : [x as T];

// ---- buttons ----------------------------------------------------------------------------------------------------

/**
 * A button as a card's action. In a chat it runs at once, or opens its dialog; inside a dialog everything is submitted.
 */
export function actionOf(b: Button, place: "chat" | "dialog" = "chat"): Action {
  const submit = place === "dialog" || b.dialog === true;
  const fetches = place === "chat" && b.dialog === true;
  return {
    type: submit ? "Action.Submit" : "Action.Execute",
    title: clip(b.title, 80),
    tooltip: b.tooltip === undefined ? null : clip(b.tooltip, 200),
    style: b.primary ? "positive" : null,
    mode: b.secondary ? "secondary" : null,
    verb: submit ? null : b.data.verb,
    url: null,
    associatedInputs: null,
    data: fetches ? { msteams: { type: "task/fetch" }, ...b.data } : { ...b.data },
  };
}

/** Says a line in the chat in the person's name, as if typed: for commands that a person is to learn. */
export const sayAction = (title: string, line: string, primary = false): Action => ({
  type: "Action.Submit",
  title: clip(title, 80),
  tooltip: null,
  style: primary ? "positive" : null,
  mode: null,
  verb: null,
  url: null,
  associatedInputs: null,
  data: { msteams: { type: "imBack", value: line } },
});

/** Opens a page; undefined for anything but https. */
export const linkAction = (title: string, url: string | undefined, primary = false): Action | undefined =>
  url !== undefined && /^https:\/\/[^\s]+$/.test(url)
    ? {
        type: "Action.OpenUrl",
        title: clip(title, 80),
        tooltip: null,
        style: primary ? "positive" : null,
        mode: null,
        verb: null,
        url,
        associatedInputs: null,
        data: null,
      }
    : undefined;

/** Three buttons side by side, or two and the rest behind "…". */
export function arranged(buttons: readonly Button[]): Button[] {
  if (buttons.length <= 3) return buttons.map((b) => ({ ...b, secondary: false }));
  return buttons.map((b, i) => ({ ...b, secondary: i >= 2 }));
}
