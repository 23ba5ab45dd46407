import { z } from "zod";
import { wordsOf } from "../src/case/case";
import type { CommandType } from "../src/case/decider";
import { londonDate } from "../src/rules/calendar";
import type { GradedCriterion, GradingView, NoteView } from "../src/views";
import {
  capital,
  counted,
  dateText,
  dateTime,
  duration,
  inSentence,
  ofTotal,
  sessionTime,
} from "../src/wording/format";
import { gradeTitle, markState } from "../src/wording/labels";
import { whyGrade } from "../src/wording/marks";
import { type Banner, BannerModel, bannerModel } from "./banner";
import { commandButton } from "./buttons";
import template from "./grading.json";
import { Action, actionOf, arranged, type Commanding, clip, Heading, Line, Mark, marks, maybe } from "./parts";
import type { Button } from "./press";
import { type Card, cardFrom } from "./render";

const text = z.string().min(1);
const Row = z.strictObject({ mark: Mark, text, under: z.array(Line).max(4) });
const draw = cardFrom(
  "grading",
  template,
  z.strictObject({
    fallbackText: text,
    banner: z.array(BannerModel).max(1),
    heading: Heading,
    box: z.strictObject({ label: text, grade: text, lines: z.array(Line) }),
    state: z.array(z.strictObject({ mark: Mark, text })),
    lists: z.array(
      z.strictObject({
        separator: z.literal(true).nullable(),
        title: text,
        rows: z.array(Row),
        more: z.array(Line).max(1),
      }),
    ),
    all: z
      .array(
        z.strictObject({
          title: text,
          rows: z.array(
            z.strictObject({
              spacing: z.enum(["None", "Small"]),
              signs: z.array(Mark).max(1),
              text,
              weight: z.literal("Bolder").nullable(),
            }),
          ),
        }),
      )
      .max(1),
    actions: z.array(Action),
  }),
);

export interface GradingCard extends Commanding {
  banner?: Banner;
}

/** Criteria named in each list; the rest is counted and stands among all marks. */
const mostNamed = 6;

/** A method's marking for staff, in their own chat: the grade that the marks make, why, what was not met, what to press. */
export function gradingCard(g: GradingView, d: GradingCard): Card {
  const apprentice = clip(d.words.person(g.apprentice), 80);
  const session = d.words.theSession(g.method);
  return draw({
    fallbackText: `Marks of ${session} in case ${g.ref}. Open this chat in a newer Teams, or type: case ${g.ref}`,
    banner: maybe(d.banner).map((b) => bannerModel(b, d)),
    heading: {
      line: `Case ${g.ref} · ${inSentence(g.title)}${g.attempt > 1 ? `, attempt ${g.attempt}` : ""}`,
      name: [{ text: apprentice }],
      under: maybe(held(g)).map((t) => ({ text: t })),
    },
    box: boxOf(g),
    state: stateOf(g, d),
    lists: listsOf(g),
    all: [{ title: "Show all marks", rows: allRows(g) }],
    actions: arranged(buttons(g, d)).map((b) => actionOf(b)),
  });
}

/** "Tue 2 Jun 2026 · 62 min 10 s, inside 54 min to 66 min". */
function held(g: GradingView): string | undefined {
  if (!g.at) return undefined;
  const { least, most } = g.limits;
  const range = least === most ? duration(least) : `${duration(least)} to ${duration(most)}`;
  if (g.seconds === undefined) return `${dateTime(g.at)} · ${range} allowed`;
  const inside = g.seconds >= least && g.seconds <= most;
  return `${dateText(londonDate(g.at))} · ${duration(g.seconds)}, ${inside ? "inside" : "outside"} ${range}`;
}

function boxOf(g: GradingView): { label: string; grade: string; lines: { text: string }[] } {
  if (g.confirmed)
    return {
      label: "Confirmed grade",
      grade: gradeTitle[g.confirmed.grade],
      lines: [{ text: whyGrade(g.proposed, g.counts) }],
    };
  const { unmarked } = g.counts;
  // A grade that is not complete yet is none: a fail is not shown because the marking has only begun.
  if (unmarked > 0)
    return {
      label: "Grade from the marks",
      grade: "Not yet",
      lines: [
        { text: `${capital(counted(unmarked, "criterion", "criteria"))} still to mark.` },
        { text: countLine(g) },
      ],
    };
  return {
    label: "Grade from the marks",
    grade: gradeTitle[g.proposed],
    lines: [{ text: whyGrade(g.proposed, g.counts) }],
  };
}

const countLine = ({ counts: c }: GradingView) =>
  `${ofTotal(c.passMet, c.passOf)} for a pass, ${ofTotal(c.distinctionMet, c.distinctionOf)} for a distinction.`;

function stateOf(g: GradingView, d: GradingCard): { mark: Mark; text: string }[] {
  const person = (id: string) => clip(d.words.person(id), 60);
  const state: { mark: Mark; text: string }[] = [];
  if (g.confirmed) {
    const { by, at } = g.confirmed;
    state.push({ mark: marks.done, text: `Confirmed by ${person(by)} on ${dateTime(at)}.` });
  }
  const m = g.moderation;
  if (m?.state === "waiting") state.push({ mark: marks.now, text: `With ${d.words.theRole("iqa")}.` });
  if (m?.state === "notSampled") state.push({ mark: marks.done, text: "Not sampled: it stands." });
  if (m?.state === "upheld")
    state.push({ mark: marks.done, text: `Upheld by ${person(m.by.person)} on ${dateTime(m.at)}.` });
  if (m?.state === "sentBack") {
    const why = clip(wordsOf(m.reason), 600);
    state.push({ mark: marks.back, text: `Sent back by ${person(m.by.person)} on ${dateTime(m.at)}: “${why}”` });
  }
  return state;
}

const criteria = (g: GradingView): GradedCriterion[] => g.groups.flatMap((x) => x.criteria);

/** A criterion in parts ends in a colon of its own. */
const stem = (x: GradedCriterion): string => x.text.replace(/[:\s]+$/, "");

/** Not met with its parts: "(a) met, (b) not met". */
const partly = (x: GradedCriterion): string =>
  x.keys.length < 2 ? "" : `: ${x.keys.map((k) => `(${k.part}) ${markState[k.mark].word.toLowerCase()}`).join(", ")}`;

function listsOf(g: GradingView) {
  const list = (title: string, level: "pass" | "distinction", of: number) => {
    const missing = criteria(g).filter(
      (x) => g.missing[level].includes(x.id) && x.keys.some((k) => k.mark === "notMet"),
    );
    if (missing.length === 0) return [];
    const rest = missing.length - mostNamed;
    return [
      {
        title: `${title}: ${ofTotal(missing.length, of)}`,
        rows: missing.slice(0, mostNamed).map((x) => ({
          mark: marks.bad,
          text: `${x.keys.length < 2 ? x.text : stem(x)}${partly(x)}`,
          under: evidence(g, x).map((t) => ({ text: t })),
        })),
        more: maybe(rest > 0 && `and ${rest} more`).map((t) => ({ text: t })),
      },
    ];
  };
  const ticked = g.descriptors.filter((x) => x.ticked);
  const lists = [
    ...list("Pass criteria not met", "pass", g.counts.passOf),
    ...list("Distinction criteria not met", "distinction", g.counts.distinctionOf),
    ...maybe(
      ticked.length > 0 && {
        title: "Fail descriptors",
        rows: ticked.slice(0, mostNamed).map((x) => ({ mark: marks.bad, text: x.text, under: [] })),
        more: [],
      },
    ),
    ...otherNotes(g),
  ];
  return lists.map((l, i) => ({ ...l, separator: i > 0 ? (true as const) : null }));
}

/** Notes shown under a criterion; the rest is counted. */
const mostNotes = 3;

/** "17:05 Named one style only.": people's own words, shown as they are. */
const noteLine = (n: NoteView): string =>
  [sessionTime(n.seconds), n.text ? clip(wordsOf(n.text), 300) : undefined].filter((x) => x !== undefined).join(" ");

/** What was noted for it, with the session's time, and how often it was asked. */
function evidence(g: GradingView, x: GradedCriterion): string[] {
  const asked = g.asked.filter((q) => q.criteria.includes(x.id)).length;
  const notes = g.notes.filter((n) => n.criteria.includes(x.id));
  const rest = notes.length - mostNotes;
  return [
    ...notes.slice(0, mostNotes).map(noteLine),
    ...maybe(
      (asked > 0 || rest > 0) &&
        [
          ...maybe(rest > 0 && `${counted(rest, "more note")}`),
          ...maybe(asked > 0 && `Asked in ${counted(asked, "question")}`),
        ].join(" · "),
    ),
  ];
}

/** Notes that are tied to no criterion not met: they stand by themselves, the latest first. */
function otherNotes(g: GradingView) {
  const missing = new Set([...g.missing.pass, ...g.missing.distinction]);
  const own = g.notes.filter((n) => !n.criteria.some((x) => missing.has(x))).reverse();
  if (own.length === 0) return [];
  const rest = own.length - mostNamed;
  return [
    {
      title: "Notes",
      rows: own.slice(0, mostNamed).map((n) => ({
        mark: marks.later,
        text: sessionTime(n.seconds),
        under: maybe(n.text && clip(wordsOf(n.text), 300)).map((t) => ({ text: t })),
      })),
      more: maybe(rest > 0 && `and ${rest} more`).map((t) => ({ text: t })),
    },
  ];
}

const toneMark = { met: marks.done, notMet: marks.bad, notYet: marks.later } as const;

function allRows(g: GradingView) {
  return g.groups.flatMap(({ group, criteria: own }) => [
    ...maybe(group).map((t) => ({ spacing: "Small" as const, signs: [], text: t, weight: "Bolder" as const })),
    ...own.flatMap((x) =>
      x.keys.map((k) => ({
        spacing: "None" as const,
        signs: [toneMark[k.mark]],
        text: `${x.level === "distinction" ? "Distinction: " : ""}${k.part ? `${stem(x)}: (${k.part}) ${k.text}` : x.text}`,
        weight: null,
      })),
    ),
  ]);
}

const order: readonly CommandType[] = [
  "session.mark",
  "session.note",
  "session.ask",
  "session.questions",
  "session.end",
  "session.pause",
  "session.resume",
  "grade.confirm",
  "moderation.uphold",
  "moderation.sendBack",
  "mark.correct",
  "session.descriptors",
  "session.unask",
  "session.present",
  "moderation.sample",
];

function buttons(g: GradingView, d: GradingCard): Button[] {
  const own = g.may.filter((p) => p.onBehalfOf === undefined && p.data.method === g.method && order.includes(p.type));
  const complete = g.counts.unmarked === 0;
  const first: CommandType | undefined = own.some((p) => p.type === "moderation.uphold")
    ? "moderation.uphold"
    : complete && own.some((p) => p.type === "grade.confirm")
      ? "grade.confirm"
      : own.some((p) => p.type === "session.mark")
        ? "session.mark"
        : undefined;
  const rank = (type: CommandType) => (type === first ? -1 : order.indexOf(type));
  const made = [...own]
    .sort((a, b) => rank(a.type) - rank(b.type))
    .map((p): Button => {
      const named = p.type === "grade.confirm" ? { ...p, data: { ...p.data, grade: g.proposed } } : p;
      return { ...commandButton(named, g, d), primary: p.type === first };
    });
  return [...made, { title: "Show case", data: { verb: "view.case", caseId: g.caseId, seen: g.seen } }];
}
