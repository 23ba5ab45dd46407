import { z } from "zod";
import { wordsOf } from "../src/case/case";
import { daysBetween, londonDate } from "../src/rules/calendar";
import type { CaseView, EvidenceView } from "../src/views";
import { capital, counted, dateText, inSentence, monthsText, spelled } from "../src/wording/format";
import { levelTitle } from "../src/wording/labels";
import template from "./gateway.json";
import { inputId } from "./inputs";
import { Action, actionOf, type Commanding, clip, Heading, Line, Mark, marks, maybe } from "./parts";
import type { Button } from "./press";
import { type Card, cardFrom } from "./render";

const text = z.string().min(1);
const Data = z.record(z.string(), z.unknown());
const Lines = z.array(z.strictObject({ text, subtle: z.literal(true).nullable() }));
const draw = cardFrom(
  "gateway",
  template,
  z.strictObject({
    fallbackText: text,
    heading: Heading,
    count: text,
    facts: z.array(Line).max(2),
    items: z.array(
      z.strictObject({
        mark: Mark,
        title: text,
        lines: Lines,
        review: z
          .array(
            z.strictObject({
              accept: z.strictObject({ tooltip: text, style: z.literal("positive").nullable(), data: Data }),
              toggle: z.strictObject({ tooltip: text, target: text }),
              open: z.array(z.strictObject({ tooltip: text, url: text })).max(1),
              reason: z.strictObject({ id: text }),
              back: z.strictObject({ title: text, data: Data }),
            }),
          )
          .max(1),
      }),
    ),
    after: text,
    actions: z.array(Action),
  }),
);

const order = { toReview: 0, returned: 1, missing: 2, accepted: 3 } as const;
const markOf = { toReview: marks.now, returned: marks.back, missing: marks.later, accepted: marks.done } as const;

/** The gateway's checklist, in a dialog: each item with its own Accept and Return, and the gateway itself when all are in. */
export function gatewayDialog(view: CaseView, d: Commanding): Card {
  const may = (type: string, item?: string) =>
    view.may.find((p) => p.type === type && p.onBehalfOf === undefined && (item === undefined || p.data.item === item));
  const items = [...view.evidence].sort((a, b) => order[a.state] - order[b.state]);
  const firstToReview = items.find((i) => i.state === "toReview")?.item;
  const open = items.filter((i) => i.state !== "accepted").length;
  return draw({
    fallbackText: `Gateway evidence of case ${view.ref}. Open this in a newer Teams. To see the case, type: case ${view.ref}`,
    heading: {
      line: `Case ${view.ref}`,
      name: [{ text: clip(d.words.person(view.people.apprentice), 80) }],
      under: [],
    },
    count: countOf(items),
    facts: [...maybe(timeOnProgramme(view, d)), ...maybe(advice(d))].map((t) => ({ text: t })),
    items: items.map((i) => ({
      mark: markOf[i.state],
      title: i.title,
      lines: linesOf(i, view, d),
      review: may("gateway.acceptItem", i.item) ? [reviewOf(i, view, d, i.item === firstToReview)] : [],
    })),
    after: `When all ${spelled(items.length)} are accepted, the gateway opens and ${monthsText(d.pack.rules.epaWindow.months)} for the assessment begin.`,
    actions: may("gateway.accept") ? [actionOf(acceptButton(view, d, open), "dialog")] : [],
  });
}

/** R19: where the document has it said at the gateway by when the portfolio's selection comes. */
function advice(d: Commanding): string | undefined {
  const method = d.pack.methods.find((m) => m.handIn?.kind === "portfolio" && m.handIn.beforeSession.advisedAtGateway);
  if (!method?.handIn) return undefined;
  const { title, beforeSession } = method.handIn;
  return `To be said at the gateway: the ${inSentence(title)} comes ${counted(beforeSession.days, "day")} before ${d.words.theSession(method.id)}.`;
}

function countOf(items: readonly EvidenceView[]): string {
  const n = (state: EvidenceView["state"]) => items.filter((i) => i.state === state).length;
  const rest = [
    ...maybe(n("returned") > 0 && `${n("returned")} returned`),
    ...maybe(n("toReview") > 0 && `${n("toReview")} to review`),
    ...maybe(n("missing") > 0 && `${n("missing")} to come`),
  ];
  return [`${n("accepted")} of ${items.length} accepted`, ...rest].join(", ");
}

function timeOnProgramme(view: CaseView, d: Commanding): string | undefined {
  const { days } = d.pack.rules.timeOnProgramme;
  const lastDay = view.daysOnProgramme?.lastDay;
  if (lastDay === undefined) return `Time on programme is not stated yet; at least ${counted(days, "day")} are needed.`;
  const until = view.gatewayMeeting && view.gatewayMeeting < lastDay ? view.gatewayMeeting : lastDay;
  return `On programme ${counted(daysBetween(view.programmeStart, until), "day")}; at least ${days} are needed.`;
}

type Lines = z.infer<typeof Lines>;
const small = (words: string): Lines[number] => ({ text: words, subtle: true });

function linesOf(i: EvidenceView, view: CaseView, d: Commanding): Lines {
  const on = (at: string | undefined) => (at ? ` ${dateText(londonDate(at))}` : "");
  const facts = factsOf(i);
  const reference = wordsOf(i.reference).trim();
  const filed = reference && !isLink(reference) ? [small(clip(`Filed: ${reference}`, 160))] : [];
  switch (i.state) {
    case "missing":
      return [small(`Waiting for ${clip(d.words.person(view.people.provider), 60)}`)];
    case "toReview":
      return [small(capital([...facts, `received${on(i.at)}`].join(" · "))), ...filed];
    case "returned":
      return [
        small(`Returned${on(i.decidedAt)} · waiting for ${clip(d.words.person(view.people.provider), 60)}`),
        ...maybe(wordsOf(i.reason)).map((r) => ({ text: clip(`“${r}”`, 400), subtle: null })),
      ];
    case "accepted":
      return [small([`Accepted${on(i.decidedAt)}`, ...facts].join(" · "))];
  }
}

/** What was stated with it: "14 pieces", "Level 2", "462 words". */
function factsOf({ facts }: EvidenceView): string[] {
  return [
    ...maybe(typeof facts.pieces === "number" && `${counted(facts.pieces, "piece")}, all mapped`),
    ...maybe(typeof facts.words === "number" && counted(facts.words, "word")),
    ...maybe(typeof facts.level === "string" && (levelTitle[facts.level as keyof typeof levelTitle] ?? facts.level)),
    ...maybe(typeof facts.on === "string" && `held ${dateText(facts.on)}`),
  ];
}

const isLink = (words: string) => /^https:\/\/\S+$/.test(words);

function reviewOf(i: EvidenceView, view: CaseView, d: Commanding, first: boolean) {
  const data = (verb: string) => ({
    verb,
    caseId: view.caseId,
    seen: view.seen,
    commandId: d.newId(),
    args: { item: i.item },
  });
  const reference = wordsOf(i.reference).trim();
  return {
    accept: {
      tooltip: `Accept: ${i.title}`,
      style: first ? ("positive" as const) : null,
      data: data("gateway.acceptItem"),
    },
    toggle: { tooltip: `Return: ${i.title}`, target: `return-${i.item}` },
    open: isLink(reference) ? [{ tooltip: `Open: ${i.title}`, url: reference }] : [],
    reason: { id: inputId("reason", view.seen, undefined, i.item) },
    back: { title: clip(`Return: ${i.title}`, 60), data: data("gateway.returnItem") },
  };
}

/** Opens the gateway; before all is in it is refused, or the coordinator lifts the rule with a reason. */
function acceptButton(view: CaseView, d: Commanding, open: number): Button {
  const data = { verb: "gateway.accept", caseId: view.caseId, seen: view.seen, commandId: d.newId() };
  return open === 0 ? { title: "Accept gateway", primary: true, data } : { title: "Accept anyway", data };
}
