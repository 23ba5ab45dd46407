import { z } from "zod";
import { type Proposal, wordsOf } from "../src/case/case";
import { addDays, londonDate } from "../src/rules/calendar";
import type { CaseView } from "../src/views";
import { counted, dateText, dateTime, dueHint, ordinal } from "../src/wording/format";
import { markOf, returnReasonSentence } from "../src/wording/labels";
import { commandButton } from "./buttons";
import { Refresh, refreshOf } from "./case";
import {
  Action,
  actionOf,
  arranged,
  type Commanding,
  clip,
  Heading,
  Line,
  maybe,
  Paragraph,
  paragraphs,
  Run,
  Runs,
  runs,
} from "./parts";
import type { Button } from "./press";
import template from "./proposal.json";
import { type Card, cardFrom } from "./render";

const text = z.string().min(1);
const draw = cardFrom(
  "proposal",
  template,
  z.strictObject({
    fallbackText: text,
    refresh: Refresh,
    heading: Heading,
    state: z.array(
      z.strictObject({
        spacing: z.enum(["None", "Small", "Medium"]),
        runs: z
          .array(
            Run.extend({
              color: z.literal("Good").nullable(),
              size: z.literal("Small").nullable(),
              subtle: z.literal(true).nullable(),
            }),
          )
          .min(1),
      }),
    ),
    words: z.array(z.strictObject({ paragraphs: z.array(Paragraph).min(1), actions: z.array(Action) })).max(1),
    returned: z
      .array(z.strictObject({ title: text, reasons: z.array(Line), by: text, feedback: z.array(Paragraph).min(1) }))
      .max(1),
    effects: z.array(z.strictObject({ lines: z.array(z.strictObject({ runs: Runs })).min(1) })).max(1),
    note: z.array(Line).max(1),
    actions: z.array(Action),
  }),
);

export interface ProposalCard extends Commanding {
  refreshFor?: readonly string[];
  /** The card that everyone in a group chat gets until their own view comes: no word of the proposal. */
  base?: boolean;
  /** The whole text instead of its beginning. */
  all?: boolean;
}

/** How much of the proposal stands on the card before "Read all". */
const excerpt = 420;
const whole = 14_000;

type State = z.input<typeof Run> & { color: "Good" | null; size: "Small" | null; subtle: true | null };
const line = (of: z.infer<typeof Runs>, spacing: "None" | "Small" | "Medium" = "None", small = false) => ({
  spacing,
  runs: of.map((r): State => ({ ...r, color: null, size: small ? "Small" : null, subtle: small ? true : null })),
});

/** The proposal as its reader may see it: to decide on, decided, to be reworked, or just how it stands. */
export function proposalCard(view: CaseView, d: ProposalCard): Card {
  const p = d.base ? undefined : view.proposal;
  const decides = view.may.some((x) => x.type === "proposal.accept" && x.onBehalfOf === undefined);
  const apprentice = clip(d.words.person(view.people.apprentice), 80);
  const common = {
    fallbackText: fallback(view, apprentice),
    refresh: refreshOf("view.proposal", view, d.refreshFor, d.base),
  };
  const heading = headingOf(view, p, apprentice);
  const rest = { state: [], words: [], returned: [], effects: [], note: [], actions: [] };
  if (!p) return draw({ ...common, ...rest, heading, ...waiting(view, d) });
  if (d.all) return draw({ ...common, ...rest, ...read(p, view, d) });
  if (decides) return draw({ ...common, ...rest, ...deciding(p, view, d) });
  if (p.outcome === "returned" && view.role === "apprentice")
    return draw({ ...common, ...rest, ...reworking(p, view, d) });
  return draw({ ...common, ...rest, heading, ...standing(p, view, d) });
}

const fallback = (view: CaseView, apprentice: string) =>
  `Project proposal of case ${view.ref}, ${apprentice}. Open this chat in a newer Teams, or type: case ${view.ref}`;

function headingOf(view: CaseView, p: Proposal | undefined, apprentice: string): z.infer<typeof Heading> {
  const version = p && p.n > 1 ? `, ${ordinal(p.n)} version` : "";
  return { line: `Case ${view.ref} · project proposal${version}`, name: [{ text: apprentice }], under: [] };
}

const handedIn = (p: Proposal, d: ProposalCard) => {
  const { how } = d.pack.rules.projectSubject;
  const of = how.kind === "proposal" ? ` of ${how.maxWords}` : "";
  return { text: `Handed in ${dateTime(p.at)} · ${p.words}${of} words` };
};

const data = (view: CaseView) => ({ caseId: view.caseId, seen: view.seen });
const showCase = (view: CaseView, base = false): Button => ({
  title: "Show case",
  data: { verb: "view.case", ...(base ? { caseId: view.caseId } : data(view)) },
});
const readAll = (view: CaseView, title = "Read all"): Button => ({
  title,
  data: { verb: "view.proposal", ...data(view), args: { all: 1 } },
});

function textOf(p: Proposal, view: CaseView, most: number) {
  const own = wordsOf(p.text);
  const paras = paragraphs(own, most);
  const cut = own.length > most;
  return maybe(paras.length > 0 && { paragraphs: paras, actions: cut ? [actionOf(readAll(view))] : [] });
}

function deciding(p: Proposal, view: CaseView, d: ProposalCard) {
  const name = clip(d.words.person(view.people.apprentice), 60);
  const report = view.assessments.find(
    (a) => a.handIn && d.pack.methods.find((m) => m.id === a.method)?.handIn?.kind === "report",
  );
  const due = report?.handIn?.due ? `, due by ${dateText(report.handIn.due)}` : "";
  const { days } = d.pack.rules.proposalReturn;
  const again = view.earlierProposals.some((x) => x.outcome === "returned");
  const back = again
    ? "the coordinator decides how it goes on."
    : days === null
      ? `${name} reworks it.`
      : `${name} has ${counted(days, "day")}, until ${dateText(addDays(londonDate(d.now), days))}, to rework it.`;
  const buttons = view.may
    .filter((x) => x.onBehalfOf === undefined && (x.type === "proposal.accept" || x.type === "proposal.return"))
    .sort((a) => (a.type === "proposal.accept" ? -1 : 1))
    .map((x): Button => ({ ...commandButton(x, view, d), primary: x.type === "proposal.accept" }));
  return {
    heading: { ...headingOf(view, p, name), under: [handedIn(p, d)] },
    words: textOf(p, view, excerpt),
    returned: maybe(view.earlierProposals.filter((x) => x.outcome === "returned").at(-1)).flatMap((x) =>
      returnOf(x, view, d),
    ),
    effects: [
      {
        lines: [
          { runs: runs({ bold: "Accept" }, `: ${name} writes the report${due}.`) },
          { runs: runs({ bold: "Return" }, `: ${back}`) },
        ],
      },
    ],
    actions: arranged([
      ...buttons.map((b) => ({ ...b, title: b.data.command === "proposal.return" ? "Return" : b.title })),
      showCase(view),
    ]).map((b) => actionOf(b)),
  };
}

/** Why and by whom a version came back. */
function returnOf(p: Proposal, view: CaseView, d: ProposalCard) {
  const feedback = paragraphs(wordsOf(p.feedback), 1200, true);
  if (feedback.length === 0) return [];
  const who = p.decided?.by.person === view.me ? "You" : clip(d.words.person(p.decided?.by.person), 60);
  const version = p.n === view.proposal?.n ? "it" : `the ${ordinal(p.n)} version`;
  return [
    {
      title: view.role === "apprentice" ? "Why it came back" : `${who} returned ${version}`,
      reasons: (p.reasons ?? [])
        .flatMap((r) =>
          r in returnReasonSentence && r !== "other"
            ? [returnReasonSentence[r as keyof typeof returnReasonSentence]]
            : [],
        )
        .map((t) => ({ text: t })),
      by: [who, ...maybe(p.decided && dateText(londonDate(p.decided.at)))].join(", "),
      feedback,
    },
  ];
}

function reworking(p: Proposal, view: CaseView, d: ProposalCard) {
  const by = p.reworkBy ? ` · by ${dateText(p.reworkBy)}, ${dueHint(p.reworkBy, d.now)}` : "";
  const submit = view.may.find((x) => x.type === "proposal.submit" && x.onBehalfOf === undefined);
  const buttons: Button[] = [
    ...maybe(submit).map((x) => ({ ...commandButton(x, view, d), primary: true })),
    readAll(view, "Read my proposal"),
    showCase(view),
  ];
  return {
    heading: { line: `Case ${view.ref} · project proposal`, name: [{ text: "Rework your proposal" }], under: [] },
    state: [line(runs({ bold: "You" }, by))],
    returned: returnOf(p, view, d),
    note: [{ text: "Do not start the report until the proposal is accepted." }],
    actions: buttons.map((b) => actionOf(b)),
  };
}

function read(p: Proposal, view: CaseView, d: ProposalCard) {
  const challenge = clip(wordsOf(p.challenge), 300);
  return {
    heading: { ...headingOf(view, p, clip(d.words.person(view.people.apprentice), 80)), under: [handedIn(p, d)] },
    state: maybe(challenge && line(runs({ bold: "Challenge: " }, challenge))),
    words: textOf(p, view, whole),
    note: maybe(p.ksbs.length > 0 && { text: clip(`Shows: ${p.ksbs.join(", ")}`, 400) }),
    actions: [actionOf({ title: "Back", data: { verb: "view.proposal", ...data(view) } }), actionOf(showCase(view))],
  };
}

/** How it stands, for whoever has nothing to do with it now. */
function standing(p: Proposal, view: CaseView, d: ProposalCard) {
  const person = (id: string | undefined) => (id === view.me ? "You" : clip(d.words.person(id), 60));
  const on = p.decided ? ` on ${dateTime(p.decided.at)}.` : ".";
  const reads: Button[] = [
    readAll(view, view.role === "apprentice" ? "Read my proposal" : "Read proposal"),
    showCase(view),
  ];
  const actions = reads.map((b) => actionOf(b));
  switch (p.outcome) {
    case "accepted": {
      const tick = line(runs({ bold: `${markOf.done} ` }, { bold: `${person(p.decided?.by.person)} accepted it` }, on));
      const report = view.assessments.find((a) => a.handIn?.due && !a.handIn.handedIn);
      const next = report?.handIn
        ? line(
            runs(
              `Next: ${report.handIn.title.toLowerCase()}, ${person(view.people.apprentice)}${report.handIn.due ? `, by ${dateText(report.handIn.due)}` : ""}.`,
            ),
          )
        : undefined;
      return { state: [green(tick), ...maybe(next)], actions };
    }
    case "returned": {
      const by = p.reworkBy ? ` until ${dateText(p.reworkBy)}` : "";
      const rework = line(runs(`${clip(d.words.person(view.people.apprentice), 60)} reworks it${by}.`));
      return {
        state: [line(runs({ bold: `${markOf.back} ${person(p.decided?.by.person)} returned it` }, on)), rework],
        actions,
      };
    }
    case "withCoordinator":
      return {
        state: [
          line(runs({ bold: `${markOf.back} Returned again` }, on)),
          line(runs("The coordinator decides how it goes on.")),
        ],
        actions,
      };
    case "toDecide":
      return { ...waiting(view, d), actions };
  }
}

const green = (of: ReturnType<typeof line>) => ({
  ...of,
  runs: of.runs.map((r, i) => (i === 0 ? { ...r, color: "Good" as const } : r)),
});

/** Everyone else: who decides, and that they will be told. Holds nothing that a reader's role would change. */
function waiting(view: CaseView, d: ProposalCard) {
  const assessor = view.people.assessor;
  const who = assessor === undefined ? "The assessor" : clip(d.words.person(assessor), 60);
  const n = view.proposal?.n ?? 1;
  const what = n > 1 && !d.base ? `the ${ordinal(n)} version` : "the proposal";
  return {
    state: [
      line(runs({ bold: who }, ` decides on ${what}.`)),
      line(runs("You will be told when the decision is made."), "None", true),
    ],
    actions: [actionOf(showCase(view, d.base))],
  };
}
