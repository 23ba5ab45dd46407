import { z } from "zod";
import { wordsOf } from "../src/case/case";
import { londonDate } from "../src/rules/calendar";
import type { AssessmentView, CaseView } from "../src/views";
import { capital, dateText, dateTime, dueHint, ofTotal } from "../src/wording/format";
import { settingPhrase } from "../src/wording/labels";
import { type Banner, BannerModel, bannerModel } from "./banner";
import { commandButton } from "./buttons";
import { Refresh, refreshOf } from "./case";
import { Action, actionOf, arranged, type Commanding, clip, Heading, Line, Mark, marks, maybe } from "./parts";
import template from "./planning.json";
import type { Button } from "./press";
import { type Card, cardFrom } from "./render";
import { TrackModel, trackModel } from "./track";

const text = z.string().min(1);
const draw = cardFrom(
  "planning",
  template,
  z.strictObject({
    fallbackText: text,
    refresh: Refresh,
    banner: z.array(BannerModel).max(1),
    heading: Heading,
    track: z.array(TrackModel).length(1),
    meeting: z.array(z.strictObject({ title: text, lines: z.array(Line), note: z.array(Line).max(1) })).max(1),
    dates: z.array(z.strictObject({ mark: Mark, title: text, under: z.array(Line) })),
    agenda: z
      .array(z.strictObject({ title: text, points: z.array(z.strictObject({ mark: Mark, text })).min(1) }))
      .max(1),
    actions: z.array(Action),
  }),
);

export interface PlanningCard extends Commanding {
  banner?: Banner;
  refreshFor?: readonly string[];
  /** The card that everyone in the case's chat gets until their own view comes: the same whoever it was drawn from. */
  base?: boolean;
}

/** The case in its chat: planning meeting and dates for everyone, and for each their own buttons. No health, no grades. */
export function planningCard(view: CaseView, d: PlanningCard): Card {
  const apprentice = clip(d.words.person(view.people.apprentice), 80);
  return draw({
    fallbackText: `Case ${view.ref}, ${apprentice}. Open this chat in a newer Teams, or open your own chat with Epilogue and type: case ${view.ref}`,
    refresh: refreshOf("view.planning", view, d.refreshFor, d.base),
    banner: d.base ? [] : maybe(d.banner).map((b) => bannerModel(b, d)),
    heading: {
      line: `Case ${view.ref}`,
      name: [{ text: apprentice }],
      under: [{ text: clip(view.employerName, 80) }],
    },
    track: [trackModel(view)],
    meeting: maybe(meeting(view, d)),
    dates: view.stage === "gateway" || view.stage === "withdrawn" ? [] : view.assessments.map((a) => dateOf(a, d)),
    agenda: d.base ? [] : maybe(agenda(view, d)),
    actions: buttons(view, d).map((b) => actionOf(b)),
  });
}

function meeting(view: CaseView, d: PlanningCard) {
  const { planning } = view;
  if (view.stage === "gateway")
    return { title: "Gateway", lines: [{ text: "Planning begins when the gateway is accepted." }], note: [] };
  if (view.stage === "planning" && planning?.at) {
    const where = wordsOf(planning.where).trim();
    return {
      title: "Planning meeting",
      lines: [
        { text: `${dateTime(planning.at)}, ${dueHint(londonDate(planning.at), d.now)}` },
        ...maybe(where).map((w) => ({ text: clip(w, 200) })),
      ],
      note: [{ text: "Apprentice, employer and assessor agree the dates there." }],
    };
  }
  if (view.stage === "planning")
    return { title: "Planning meeting", lines: [{ text: "It has no date yet." }], note: [] };
  if (view.stage === "released")
    return {
      title: "The results are out",
      lines: [{ text: "Each of you finds them in your own chat with Epilogue." }],
      note: [],
    };
  const subject = wordsOf(planning?.subject).trim();
  return subject ? { title: "Project subject", lines: [{ text: clip(subject, 300) }], note: [] } : undefined;
}

/** Booked, under way or held: what everyone in the chat may know, whatever was marked. */
function dateOf(a: AssessmentView, _d: PlanningCard) {
  const where = a.setting ? `, ${settingPhrase[a.setting]}` : "";
  const held = a.state !== "notBooked" && a.state !== "booked" && a.state !== "running";
  const session =
    a.state === "notBooked"
      ? "No date yet"
      : a.state === "booked"
        ? `${a.at ? dateTime(a.at) : "Booked"}${where}`
        : a.state === "running"
          ? "Under way"
          : "Held";
  const h = a.handIn;
  const handIn = h?.handedIn
    ? `${h.title} in: ${dateText(londonDate(h.handedIn))}`
    : h?.due
      ? `${h.title} due by ${dateText(h.due)}`
      : undefined;
  return {
    mark: held ? marks.done : a.state === "notBooked" ? marks.later : marks.now,
    title: a.title,
    under: [session, ...maybe(handIn)].map((t) => ({ text: t })),
  };
}

function agenda(view: CaseView, d: PlanningCard) {
  if (view.stage !== "planning" || !view.planning?.at) return undefined;
  const points = d.pack.rules.planning.agenda;
  const ticked = view.role === "assessor" || view.role === "coordinator" ? (view.planning.agenda ?? []) : [];
  const staff = ticked.length > 0;
  return {
    title: staff
      ? `Agenda: ${ofTotal(points.filter((p) => ticked.includes(p.id)).length, points.length)} covered`
      : "Agenda",
    points: points.map((p) => ({ mark: ticked.includes(p.id) ? marks.done : marks.later, text: capital(p.title) })),
  };
}

const here = [
  "planning.accept",
  "planning.finish",
  "planning.schedule",
  "session.accept",
  "session.book",
  "session.move",
  "report.submit",
  "portfolio.submit",
] as const;

function buttons(view: CaseView, d: PlanningCard): Button[] {
  const show: Button = {
    title: "Show my view",
    data: { verb: "view.planning", caseId: view.caseId, ...(d.base ? {} : { seen: view.seen }) },
  };
  if (d.base) return [show];
  const own = view.may.filter((p) => p.onBehalfOf === undefined && (here as readonly string[]).includes(p.type));
  const sorted = [...own].sort((a, b) => here.indexOf(a.type as never) - here.indexOf(b.type as never));
  const proposal: Button[] = view.proposal
    ? [{ title: "Show proposal", data: { verb: "view.proposal", caseId: view.caseId, seen: view.seen } }]
    : [];
  const mine = view.next?.person === view.me ? view.next.command : undefined;
  const made = sorted.map(
    (p): Button => ({
      ...commandButton(p, view, d),
      primary: p.type === mine && p === sorted.find((x) => x.type === mine),
    }),
  );
  return arranged([...made, ...proposal].sort((a, b) => Number(b.primary ?? false) - Number(a.primary ?? false)));
}
