import { z } from "zod";
import type { Case } from "../src/case/case";
import { type Instant, type IsoDate, londonDate } from "../src/rules/calendar";
import type { Task, TaskCode } from "../src/tasks";
import { capital, dateText, dueHint, momentHint, monthsText, urgency } from "../src/wording/format";
import { stageSentence } from "../src/wording/labels";
import { nextTitle, taskTitle } from "../src/wording/tasks";
import type { Words } from "../src/wording/words";
import { BannerModel } from "./banner";
import template from "./list.json";
import { Action, actionOf, clip, Hint, Line, maybe, urgencyLook } from "./parts";
import type { Button } from "./press";
import { type Card, cardFrom } from "./render";

const text = z.string().min(1);
const Row = z.strictObject({
  name: text,
  what: z.array(Line).max(1),
  under: z.array(Line).max(1),
  hint: z.array(Hint).max(1),
  action: Action,
});
const draw = cardFrom(
  "list",
  template,
  z.strictObject({
    fallbackText: text,
    speak: text,
    banner: z.array(BannerModel).max(1),
    title: text,
    under: z
      .array(z.strictObject({ text, size: z.enum(["Small", "Default"]), subtle: z.literal(true).nullable() }))
      .max(1),
    rows: z.array(Row),
    actions: z.array(Action),
  }),
);

/** The most rows of one page: with longer names the card would grow over what Teams takes. */
export const rowsPerPage = 10;

/** The next step of a case as lists keep it. */
export interface NextStep {
  code: TaskCode;
  person: string;
  day: IsoDate | null;
  method: string | null;
  facts?: Task["facts"];
}
export interface CaseLine {
  caseId: string;
  ref: string;
  stage: Case["stage"];
  apprentice: string;
  employerName: string;
  packId: string;
  /** Leave it out where the reader must not learn of it. */
  next: NextStep | null;
  /** Everything is held and the result is not out: nothing is said of what happens to the grades. */
  waiting?: boolean;
}
export interface DueLine extends NextStep {
  caseId: string;
  ref: string;
  day: IsoDate;
  at?: Instant;
  apprentice: string;
  packId: string;
}

/** A closed case that has been kept long enough. */
export interface KeptLine {
  caseId: string;
  ref: string;
  closed: IsoDate;
}

/** What a list is drawn with: rows may fall under several packs. */
export interface Listing {
  me: string;
  now: Instant;
  wordsOf(packId: string): Words;
  /** Where the next page begins, when there is one. */
  after?: string | null;
  /** Under the rows: "Register apprentice". */
  buttons?: readonly Button[];
}

const hintOf = (day: IsoDate, now: Instant, at?: Instant) => ({
  hint: capital(at ? momentHint(at, now) : dueHint(day, now)),
  ...urgencyLook[urgency(at ? londonDate(at) : day, now)],
});

const open = (ref: string, caseId: string) =>
  actionOf({ title: `Show case ${ref}`, tooltip: `Show case ${ref}`, data: { verb: "view.case", caseId } });

const more = (verb: string, after: string | null | undefined): Button[] =>
  after ? [{ title: "Show more", data: { verb, args: { after } } }] : [];

const lines = (x: string | undefined) => maybe(x).map((t) => ({ text: clip(t, 160) }));

/** The reader's cases: where each stands, what is next in it. */
export function casesCard(rows: readonly CaseLine[], l: Listing): Card {
  if (rows.length === 0) return emptyCard("No cases yet", noCases(l), l.buttons ?? []);
  const shown = rows.slice(0, rowsPerPage);
  return draw({
    fallbackText: fallback("Your cases", shown),
    speak: `Your cases: ${shown.length} on this page.`,
    banner: [],
    title: "Your cases",
    under: [],
    rows: shown.map((c) => {
      const w = l.wordsOf(c.packId);
      const next = c.next;
      const what = next
        ? `${nextTitle(next.code, w, next.person === l.me, about(next))}${next.person === l.me ? "" : ` · ${w.person(next.person)}`}`
        : c.waiting
          ? "The grades are being checked"
          : stageSentence[c.stage];
      return {
        name: c.stage === "erased" ? "Erased case" : clip(w.person(c.apprentice), 80),
        what: lines(what),
        under: lines([c.ref, c.employerName].filter(Boolean).join(" · ")),
        hint: maybe(next?.day).map((day) => hintOf(day, l.now)),
        action: open(c.ref, c.caseId),
      };
    }),
    actions: [...more("view.cases", l.after), ...(l.buttons ?? [])].map((b) => actionOf(b)),
  });
}

/** What is due of the reader, or of a whole body: soonest first, late above all. */
export function dueCard(rows: readonly DueLine[], l: Listing): Card {
  if (rows.length === 0) return emptyCard("Nothing is due", "You are told here when something is.", l.buttons ?? []);
  const shown = rows.slice(0, rowsPerPage);
  const late = shown.filter((r) => urgency(r.day, l.now) === "late").length;
  return draw({
    fallbackText: fallback("What is due", shown),
    speak: `What is due: ${shown.length} on this page, ${late} late.`,
    banner: [],
    title: "What is due",
    under: [],
    rows: shown.map((r) => {
      const w = l.wordsOf(r.packId);
      const mine = r.person === l.me;
      const who = mine ? "You" : w.person(r.person);
      return {
        name: clip(
          mine ? nextTitle(r.code, w, true, about(r)) : taskTitle(r.code, w, r.method ?? undefined, r.facts),
          100,
        ),
        what: lines(`${w.person(r.apprentice)} · ${r.ref}`),
        under: lines(r.code === "windowEnds" ? dateText(r.day) : `${who} · ${dateText(r.day)}`),
        hint: [hintOf(r.day, l.now, r.at)],
        action: open(r.ref, r.caseId),
      };
    }),
    actions: [...more("view.due", l.after), ...(l.buttons ?? [])].map((b) => actionOf(b)),
  });
}

/** A body's cases that closed so long ago that they may be erased, the longest closed first. No name stands in it. */
export function keptCard(rows: readonly KeptLine[], months: number, l: Pick<Listing, "after">): Card {
  const kept = `A closed case is kept for ${monthsText(months)}.`;
  if (rows.length === 0) return emptyCard("No case is to be erased", `${kept} Those kept longer stand here.`, []);
  const shown = rows.slice(0, rowsPerPage);
  return draw({
    fallbackText: fallback("To be erased", shown),
    speak: `To be erased: ${shown.length} on this page.`,
    banner: [],
    title: "To be erased",
    under: [{ text: `${kept} Open one to erase it.`, size: "Small", subtle: true }],
    rows: shown.map(({ caseId, ref, closed }) => ({
      name: `Case ${ref}`,
      what: lines(`Closed on ${dateText(closed)}`),
      under: [],
      hint: [],
      action: open(ref, caseId),
    })),
    actions: more("view.kept", l.after).map((b) => actionOf(b)),
  });
}

/** The way to them, under what is due. */
export const keptButton: Button = { title: "Show cases to be erased", data: { verb: "view.kept" } };

const about = (n: NextStep) => ({ method: n.method ?? undefined, facts: n.facts });

const fallback = (title: string, rows: readonly { ref: string }[]) =>
  `${title}: ${[...new Set(rows.map((r) => r.ref))].join(", ")}. To see one, type: case ${rows[0]?.ref ?? "REFERENCE"}`;

const noCases = (l: Listing) =>
  (l.buttons ?? []).length > 0
    ? "Register an apprentice and the case appears here, with what to do next."
    : "When you are put on a case it appears here, with what to do next.";

/** Nothing to list: what would be here, and the first step. */
export function emptyCard(title: string, sentence: string, buttons: readonly Button[]): Card {
  return draw({
    fallbackText: `${title}. ${sentence} For help, type: help`,
    speak: `${title}. ${sentence}`,
    banner: [],
    title,
    under: [{ text: sentence, size: "Default", subtle: null }],
    rows: [],
    actions: buttons.map((b, i) => actionOf({ ...b, primary: b.primary ?? i === 0 })),
  });
}
