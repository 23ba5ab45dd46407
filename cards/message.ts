import { z } from "zod";
import template from "./message.json";
import { Action, actionOf, arranged, clip, Line, linkAction, maybe, Paragraph, paragraphs } from "./parts";
import type { Button } from "./press";
import { type Card, cardFrom } from "./render";

const text = z.string().min(1);
const draw = cardFrom(
  "message",
  template,
  z.strictObject({
    fallbackText: text,
    line: text,
    title: text,
    lines: z.array(Paragraph),
    quote: z.array(z.strictObject({ by: z.array(Line).max(1), words: z.array(Paragraph).min(1) })).max(1),
    actions: z.array(Action),
  }),
);

export interface Message {
  /** The case's reference, where it is about one. */
  ref?: string;
  /** "Reminder", "Booked": small, over the title. */
  kind?: string;
  /** In one line, what happened or is to be done: "Your portfolio is due in 4 days". */
  title: string;
  lines: readonly string[];
  /** Somebody's own words that belong to it. */
  quote?: { by?: string; words: string };
  /** Pages to open, each by a button; one that is not https is a line. */
  links?: readonly { name: string; value: string }[];
  buttons: readonly Button[];
}

/** A message that somebody is told of something by, or reminded; never of a grade: its summary shows on lock screens. */
export function messageCard(m: Message): Card {
  const line = [m.ref ? `Case ${m.ref}` : undefined, m.kind].filter((x) => x !== undefined).join(" · ") || "Epilogue";
  const links = (m.links ?? []).map((l) => ({
    line: `${l.name}: ${l.value}`,
    action: linkAction(l.name, l.value, true),
  }));
  const lines = [...m.lines, ...links.filter((l) => !l.action).map((l) => l.line)];
  const words = m.quote ? paragraphs(m.quote.words, 1500) : [];
  return draw({
    fallbackText: clip(
      `${line}. ${m.title}. ${[...m.lines, ...links.map((l) => l.line)].join(" ")} ${m.ref ? `To see the case, type: case ${m.ref}` : "For help, type: help"}`,
      700,
    ),
    line,
    title: clip(m.title, 200),
    lines: lines
      .filter((l) => l.trim() !== "")
      .slice(0, 12)
      .map((l, i) => ({ text: clip(l, 600), spacing: i === 0 ? ("None" as const) : ("Small" as const) })),
    quote: maybe(words.length > 0 && { by: maybe(m.quote?.by).map((by) => ({ text: clip(by, 200) })), words }),
    actions: [...links.flatMap((l) => maybe(l.action)), ...arranged(m.buttons).map((b) => actionOf(b))],
  });
}
