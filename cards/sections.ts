import { z } from "zod";
import { Action, clip, Line, maybe, Paragraph } from "./parts";
import { type Card, cardFrom } from "./render";
import template from "./sections.json";

/** A card of sections, each with a title and buttons: what one may do, and where. */

const text = z.string().min(1);
const draw = cardFrom(
  "sections",
  template,
  z.strictObject({
    fallbackText: text,
    line: text,
    title: z.array(z.strictObject({ text, size: z.enum(["Default", "Large"]) })).max(1),
    lines: z.array(Paragraph),
    sections: z.array(
      z.strictObject({
        separator: z.literal(true).nullable(),
        title: z.array(Line).max(1),
        lines: z.array(Line),
        sets: z.array(z.strictObject({ actions: z.array(Action).min(1).max(6) })),
      }),
    ),
    actions: z.array(Action),
  }),
);

export interface Section {
  title?: string;
  lines?: readonly string[];
  actions: readonly Action[];
}

export interface Sections {
  /** Small, first: "Case EX-2026-0147 · for someone else". */
  line: string;
  title?: string;
  large?: boolean;
  lines?: readonly string[];
  sections: readonly Section[];
  actions?: readonly Action[];
  fallbackText: string;
}

/** Teams shows six buttons of a set. */
const perSet = 6;
const sets = (actions: readonly Action[]) =>
  Array.from({ length: Math.ceil(actions.length / perSet) }, (_, i) => ({
    actions: actions.slice(i * perSet, (i + 1) * perSet),
  }));

export function sectionsCard(s: Sections): Card {
  return draw({
    fallbackText: s.fallbackText,
    line: s.line,
    title: maybe(s.title).map((t) => ({
      text: clip(t, 120),
      size: s.large ? ("Large" as const) : ("Default" as const),
    })),
    lines: (s.lines ?? []).map((l, i) => ({
      text: clip(l, 600),
      spacing: i === 0 ? ("None" as const) : ("Small" as const),
    })),
    sections: s.sections.map((x, i) => ({
      separator: i > 0 || s.lines?.length ? true : null,
      title: maybe(x.title).map((t) => ({ text: clip(t, 120) })),
      lines: (x.lines ?? []).map((t) => ({ text: clip(t, 300) })),
      sets: sets(x.actions),
    })),
    actions: [...(s.actions ?? [])],
  });
}
