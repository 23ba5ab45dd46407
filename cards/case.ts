import { z } from "zod";
import { outsideRoles, type Stamp, wordsOf } from "../src/case/case";
import { londonDate } from "../src/rules/calendar";
import type { Task } from "../src/tasks";
import type { AssessmentView, CaseView, EvidenceView } from "../src/views";
import {
  capital,
  counted,
  dateText,
  dateTime,
  dueHint,
  listed,
  momentHint,
  spelled,
  urgency,
} from "../src/wording/format";
import { evidenceState, gradeTitle, settingPhrase, yourPart } from "../src/wording/labels";
import { clauseLine, tell } from "../src/wording/problems";
import { nextTitle, taskNote, taskTitle } from "../src/wording/tasks";
import type { Words } from "../src/wording/words";
import { type Banner, BannerModel, bannerModel } from "./banner";
import { caseButtons } from "./buttons";
import template from "./case.json";
import {
  Action,
  actionOf,
  arranged,
  type Commanding,
  clip,
  Heading,
  Hint,
  Line,
  linkAction,
  Mark,
  marks,
  maybe,
  Runs,
  runs,
  urgencyLook,
} from "./parts";
import type { Button } from "./press";
import { type Card, cardFrom } from "./render";
import { ResultModel, resultModel } from "./resultPart";
import { stageLine, TrackModel, trackModel } from "./track";

const text = z.string().min(1);
export const Refresh = z
  .strictObject({
    action: z.strictObject({
      type: z.literal("Action.Execute"),
      title: text,
      verb: text,
      data: z.record(z.string(), z.unknown()),
    }),
    userIds: z.array(z.string().startsWith("29:")).min(1).max(60),
  })
  .nullable();

const draw = cardFrom(
  "case",
  template,
  z.strictObject({
    fallbackText: text,
    speak: text,
    refresh: Refresh,
    banner: z.array(BannerModel).max(1),
    heading: Heading,
    track: z.array(TrackModel).max(1),
    waiting: z.array(z.strictObject({ title: text, text })).max(1),
    result: z.array(ResultModel).max(1),
    next: z.array(z.strictObject({ title: text, who: Runs, reason: z.array(Line).max(1) })).max(1),
    due: z.array(Hint.extend({ what: text, under: text })),
    more: z.array(Line).max(1),
    assessmentsTitle: text,
    assessments: z.array(z.strictObject({ title: text, mark: Mark, under: z.array(Line) })),
    contact: z.array(Line).max(1),
    noted: z.array(z.strictObject({ title: text, lines: z.array(z.strictObject({ runs: Runs })).min(1) })).max(1),
    actions: z.array(Action),
  }),
);

/** The most lines of what is due; the rest is counted. */
const mostDue = 6;

export interface CaseCard extends Commanding {
  banner?: Banner;
  /** Whom Teams refreshes it for by itself: MRIs, at most 60. */
  refreshFor?: readonly string[];
}

const isOutside = (view: CaseView) => (outsideRoles as readonly string[]).includes(view.role);

/** The case as its reader may see it: where it stands, what is next, by whom, by when, and what they may press now. */
export function caseCard(view: CaseView, d: CaseCard): Card {
  const { words, now } = d;
  const apprentice = apprenticeOf(view, words);
  const employer = clip(view.employerName, 80);
  const line = stageLine(view);
  const next = view.next && !(isOutside(view) && view.waitingForResult) ? nextModel(view, view.next, d) : undefined;
  const due = dueOf(view);
  const late = due.filter((t) => t.day && urgency(t.day, now) === "late").length;
  return draw({
    fallbackText: `Case ${view.ref}, ${apprentice}. ${line}. Open this chat in a newer Teams to see the card, or type: case ${view.ref}`,
    speak: spoken(view, apprentice, line, late, d),
    refresh: refreshOf("view.case", view, d.refreshFor),
    banner: maybe(d.banner).map((b) => bannerModel(b, d)),
    heading: {
      line: `Case ${view.ref} · ${yourPart[view.role]}`,
      name: [{ text: apprentice }],
      under: [{ text: isOutside(view) ? employer : [employer, packLabel(d)].filter(Boolean).join(" · ") }],
    },
    track: [trackModel(view)],
    waiting: view.erased
      ? [erasedNote(view.erased, d)]
      : isOutside(view) && view.waitingForResult
        ? [
            {
              title: `All ${spelled(view.assessments.length)} assessments are done.`,
              text: "The grades are being checked. Results come here and by mail, all together.",
            },
          ]
        : view.withheld
          ? [{ title: "Results are withheld.", text: "They go out only when the coordinator stops withholding them." }]
          : [],
    result: maybe(view.result).map((r) => resultModel(view, r, d)),
    next: maybe(next),
    due: due.slice(0, mostDue).map((t) => dueModel(view, t, d)),
    more: maybe(due.length > mostDue && `and ${due.length - mostDue} more`).map((t) => ({ text: t })),
    assessmentsTitle:
      view.stage === "gateway" ? "Evidence" : view.role === "apprentice" ? "Your assessments" : "Assessments",
    assessments:
      view.result || view.erased
        ? []
        : view.stage === "gateway"
          ? view.evidence.map((e) => evidence(e))
          : view.assessments.map((a) => assessment(view, a, d)),
    contact: maybe(contact(view, d)).map((t) => ({ text: t })),
    noted: maybe(noted(view, d)),
    actions: actionsOf(view, d),
  });
}

/** The apprentice's name over a case; of an erased one there is none. */
export const apprenticeOf = (view: Pick<CaseView, "erased" | "people">, words: Words): string =>
  view.erased ? "Erased case" : clip(words.person(view.people.apprentice), 80);

const erasedNote = ({ at, by }: Stamp, { words }: CaseCard) => ({
  title: "This case was erased.",
  text: `${capital(words.person(by.person))} erased it on ${dateText(londonDate(at))}. Names and words are gone; the record of what happened still verifies.`,
});

/** "TQUK ST0071 v1.1". */
export const packLabel = ({ pack }: Pick<CaseCard, "pack">): string =>
  `${pack.body.short} ${pack.standard.reference} v${pack.standard.version.replace(/^v/i, "")}`;

/**
 * A card's own refreshing, for those whose MRIs are given; none without. A base card, which everyone of a group chat holds,
 * says no revision: its number would move with what only staff may know of.
 */
export const refreshOf = (
  verb: string,
  view: Pick<CaseView, "caseId" | "seen">,
  userIds: readonly string[] | undefined,
  base = false,
): z.infer<typeof Refresh> =>
  userIds && userIds.length > 0
    ? {
        action: {
          type: "Action.Execute",
          title: "Refresh",
          verb,
          data: { verb, caseId: view.caseId, ...(base ? {} : { seen: view.seen }) },
        },
        userIds: userIds.slice(0, 60),
      }
    : null;

function spoken(view: CaseView, apprentice: string, line: string, late: number, d: CaseCard): string {
  const parts = [`Case ${view.ref}, ${apprentice}.`, `${line}.`];
  const t = view.next;
  if (view.result) parts.push(`Overall: ${gradeTitle[view.result.overall]}.`);
  if (t && !(isOutside(view) && view.waitingForResult)) {
    const by = t.at ? `, ${dateTime(t.at)}` : t.day ? `, by ${dateText(t.day)}` : "";
    const who = t.person === view.me ? "you" : clip(d.words.person(t.person), 60);
    parts.push(`Next: ${nextTitle(t.code, d.words, t.person === view.me, t)}, ${who}${by}.`);
  }
  if (late > 0) parts.push(`${capital(spelled(late))} ${late === 1 ? "thing is" : "things are"} late.`);
  return parts.join(" ");
}

function nextModel(view: CaseView, t: Task, d: CaseCard) {
  const { words, now } = d;
  const who = t.person === view.me ? "You" : clip(words.person(t.person), 60);
  const when = t.at
    ? ` · ${dateTime(t.at)}, ${dueHint(londonDate(t.at), now)}`
    : t.day
      ? ` · by ${dateText(t.day)}, ${dueHint(t.day, now)}`
      : "";
  const reason = reasonOf(view, t, d);
  return {
    title: nextTitle(t.code, words, t.person === view.me, t),
    who: runs({ bold: who }, when),
    reason: maybe(reason).map((r) => ({ text: r })),
  };
}

/** Why then, or what it takes. */
function reasonOf(view: CaseView, t: Task, { words }: CaseCard): string | undefined {
  if (t.person === view.me) return taskNote(t.code, words, t) ?? undefined;
  if (t.code !== "handIn" || isOutside(view)) return undefined;
  const who = view.role === "assessor" ? "you prepare" : "the assessor prepares";
  return `Then ${who} ${words.theSession(t.method)} from it.`;
}

/** What is due, late first. What "Next" says already is not said again, but for what is handed in. */
const dueOf = (view: CaseView): Task[] => view.due.filter((t) => !(t.key === view.next?.key && t.code !== "handIn"));

function dueModel(view: CaseView, t: Task, d: CaseCard) {
  const { words, now } = d;
  const day = t.day ?? (t.at ? londonDate(t.at) : "");
  const date = t.at ? dateTime(t.at) : dateText(day);
  const who = t.person === view.me ? "You" : clip(words.person(t.person), 60);
  const ask = t.code === "handIn" && t.person === view.me ? taskNote(t.code, words, t) : null;
  const figure = ask?.split(". ")[0]?.replace(/\.$/, "");
  const under = isOutside(view)
    ? [date, figure].filter((x) => x !== undefined).join(" · ")
    : t.code === "windowEnds"
      ? date
      : `${who} · ${date}`;
  return {
    what: taskTitle(t.code, words, t.method, t.facts),
    under,
    hint: capital(t.at ? momentHint(t.at, now) : dueHint(day, now)),
    ...urgencyLook[urgency(day, now)],
  };
}

const assessmentMark: Readonly<Record<AssessmentView["state"], Mark>> = {
  notBooked: marks.later,
  booked: marks.now,
  running: marks.now,
  done: marks.done,
  toGrade: marks.now,
  inModeration: marks.now,
  graded: marks.done,
  sentBack: marks.back,
};

function assessment(view: CaseView, a: AssessmentView, d: CaseCard) {
  const outside = isOutside(view);
  const lines = [sessionLine(a, outside, d), handInLine(a, d)].filter((x) => x !== undefined);
  return {
    title: a.attempt > 1 ? `${a.title}, attempt ${a.attempt}` : a.title,
    mark: assessmentMark[a.state],
    under: lines.map((t) => ({ text: clip(t, 200) })),
  };
}

const evidenceMark = { missing: marks.later, toReview: marks.now, accepted: marks.done, returned: marks.back } as const;

/** A gateway item: how it stands, and why it came back. */
function evidence(e: EvidenceView) {
  const at = e.decidedAt ?? e.at;
  const word = evidenceState[e.state].word;
  const reason = e.state === "returned" ? wordsOf(e.reason) : "";
  return {
    title: e.title,
    mark: evidenceMark[e.state],
    under: [
      { text: at ? `${word}, ${dateText(londonDate(at))}` : word },
      ...maybe(reason).map((r) => ({ text: clip(`“${r}”`, 300) })),
    ],
  };
}

function sessionLine(a: AssessmentView, outside: boolean, d: CaseCard): string {
  const when = a.at ? dateTime(a.at) : "";
  const where = a.setting ? `, ${settingPhrase[a.setting]}` : "";
  const grade = a.grade ? gradeTitle[a.grade] : undefined;
  switch (a.state) {
    case "notBooked": {
      if (a.slots) return "Times are offered, none is chosen yet";
      if (!outside) return a.earliest ? `Not booked. Earliest ${dateText(a.earliest)}` : "Not booked";
      return a.noticeDays === undefined
        ? "No date yet"
        : `No date yet. You get at least ${counted(a.noticeDays, "day")}’ notice`;
    }
    case "booked":
      return outside ? `${when}${where}` : `Booked: ${when}${where}`;
    case "running":
      return `Under way since ${when}`;
    case "done":
      return "Held";
    case "toGrade":
      return "Held, to grade";
    case "inModeration":
      return `${grade ?? "Graded"}, with ${d.words.theRole("iqa")}`;
    case "sentBack":
      return `${grade ?? "Graded"}, sent back by ${d.words.theRole("iqa")}`;
    case "graded":
      return grade ?? "Graded";
  }
}

function handInLine(a: AssessmentView, _d: CaseCard): string | undefined {
  const h = a.handIn;
  if (!h?.handedIn) return undefined;
  const size =
    h.words !== undefined ? counted(h.words, "word") : h.pieces !== undefined ? counted(h.pieces, "piece") : "";
  return [`${h.title} in: ${dateText(londonDate(h.handedIn))}`, size].filter((x) => x !== "").join(" · ");
}

function contact(view: CaseView, d: CaseCard): string | undefined {
  if (view.role !== "apprentice" || view.result) return undefined;
  const { assessor, coordinator } = view.people;
  const assesses = assessor ? `${clip(d.words.person(assessor), 60)} assesses you.` : undefined;
  const answers = coordinator ? `${clip(d.words.person(coordinator), 60)} answers questions about dates.` : undefined;
  return [assesses, answers].filter((x) => x !== undefined).join(" ") || undefined;
}

/** Staff: rules that were lifted, and what was only warned of, behind a button. */
function noted(view: CaseView, d: CaseCard) {
  const all = [
    ...view.lifted.map((p) => ({ p, as: "lifted" as const, why: wordsOf(p.reason) })),
    ...view.warned.map((p) => ({ p, as: "warned" as const, why: "" })),
  ].sort((a, b) => b.p.at.localeCompare(a.p.at));
  if (all.length === 0) return undefined;
  const title = listed(
    [
      maybe(view.lifted.length > 0 && counted(view.lifted.length, "lifted rule")),
      maybe(view.warned.length > 0 && counted(view.warned.length, "warning")),
    ].flat(),
  );
  const shown = all.slice(0, 6).map(({ p, as, why }) => {
    const t = tell(p, d.pack, d.words, { as });
    const said = [t.fact, why && `“${clip(why, 200)}”`, clauseLine(t)].filter(Boolean).join(" ");
    return { runs: runs({ bold: `${dateText(londonDate(p.at))}: ` }, clip(said, 420)) };
  });
  const rest = all.length - shown.length;
  return { title, lines: rest > 0 ? [...shown, { runs: runs(`and ${rest} more in the history`) }] : shown };
}

function actionsOf(view: CaseView, d: CaseCard): Action[] {
  const buttons = [...maybe(retry(d)), ...caseButtons(view, d)];
  // Apprentices find everything in sight: nothing of theirs stands behind "…".
  const placed = view.role === "apprentice" ? buttons : arranged(buttons);
  return [...joinActions(view, d), ...placed.map((b) => actionOf(b))];
}

const retry = (d: CaseCard): Button | undefined => (d.banner?.kind === "notSaved" ? d.banner.again : undefined);

/** On its day, the way into a meeting on Teams. */
function joinActions(view: CaseView, d: CaseCard): Action[] {
  const today = londonDate(d.now);
  const { planning } = view;
  const onPlanning = planning?.at !== undefined && !planning.finished && londonDate(planning.at) === today;
  return [
    ...maybe(linkAction("Join planning meeting", onPlanning ? planning.link : undefined)),
    ...view.assessments
      .filter(
        (a) => (a.state === "booked" || a.state === "running") && a.at !== undefined && londonDate(a.at) === today,
      )
      .flatMap((a) => maybe(linkAction(`Join ${d.words.theSession(a.method).replace(/^the /, "")}`, a.link))),
  ];
}
