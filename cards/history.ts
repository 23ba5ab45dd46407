import { z } from "zod";
import { wordsOf } from "../src/case/case";
import type { CaseView } from "../src/views";
import { dateTime } from "../src/wording/format";
import { historyEntry, type Kept } from "../src/wording/history";
import { apprenticeOf } from "./case";
import template from "./history.json";
import { Action, actionOf, clip, type Drawing, Heading, Line, maybe } from "./parts";
import { type Card, cardFrom } from "./render";

const text = z.string().min(1);
const draw = cardFrom(
  "history",
  template,
  z.strictObject({
    fallbackText: text,
    heading: Heading,
    entries: z.array(z.strictObject({ at: text, text, quote: z.array(Line).max(5), notes: z.array(Line) })),
    actions: z.array(Action),
  }),
);

/** Entries of one page: quotes make the longest of them half a kilobyte. */
const perPage = 14;

export interface HistoryCard extends Drawing {
  /** Only what came before this event; undefined for the latest. */
  before?: number;
}

/** The record of a case, latest first, a page at a time. For staff only: it names marks and grades. */
export function historyCard(view: CaseView, events: readonly (Kept & { seq: number })[], d: HistoryCard): Card {
  const { before } = d;
  const older = before === undefined ? events : events.filter((e) => e.seq < before);
  const shown = older.slice(-perPage);
  const rest = older.length - shown.length;
  const next = shown[0]?.seq;
  const data = { caseId: view.caseId, seen: view.seen };
  return draw({
    fallbackText: `History of case ${view.ref}. Open this in a newer Teams. To see the case, type: case ${view.ref}`,
    heading: {
      line: `Case ${view.ref} · history`,
      name: [{ text: apprenticeOf(view, d.words) }],
      under: [{ text: `${events.length} entries, the latest first` }],
    },
    entries: [...shown].reverse().map((e) => {
      const entry = historyEntry(e, d.words);
      return {
        at: dateTime(e.at),
        text: clip(entry.text, 400),
        quote: [
          ...maybe(entry.quote && wordsOf(entry.quote)).map((q) => `“${q}”`),
          ...maybe(entry.shownBy && wordsOf(entry.shownBy)).map((q) => `What shows it: ${q}`),
          ...entry.reasons
            .slice(0, 3)
            .flatMap((r) => maybe(wordsOf(r)))
            .map((r) => `Lifted because: ${r}`),
        ].map((q) => ({ text: clip(q, 300) })),
        notes: entry.notes.slice(0, 3).map((n) => ({ text: clip(n, 300) })),
      };
    }),
    actions: [
      ...(rest > 0 && next !== undefined
        ? [actionOf({ title: "Show earlier", data: { verb: "view.history", ...data, args: { before: next } } })]
        : []),
      actionOf({ title: "Show case", data: { verb: "view.case", ...data } }),
    ],
  });
}
