import { outsideRoles } from "../src/case/case";
import type { CommandType } from "../src/case/decider";
import type { Permitted } from "../src/permissions";
import type { Role } from "../src/rules/pack";
import type { Task } from "../src/tasks";
import type { CaseView } from "../src/views";
import { commandTitle } from "../src/wording/commands";
import { taskTitle } from "../src/wording/tasks";
import type { Commanding } from "./parts";
import type { Button, PressData } from "./press";

/** A case's buttons: what this person may press now, the next thing first. */

type Args = NonNullable<PressData["args"]>;

/** A permitted command as a button: it runs at once, or opens its form. */
export function commandButton(
  p: Permitted,
  view: Pick<CaseView, "caseId" | "seen" | "may" | "planning">,
  d: Commanding,
): Button {
  const title = titleOf(p, view, d);
  const args: Args = { ...p.data };
  const common: Omit<PressData, "verb"> = {
    caseId: view.caseId,
    seen: view.seen,
    ...(Object.keys(args).length > 0 ? { args } : {}),
    ...(p.onBehalfOf ? { behalf: p.onBehalfOf } : {}),
  };
  // What is recorded for somebody else always asks by which channel they said it.
  if (d.hasForm(p.type) || p.onBehalfOf)
    return { title, dialog: true, data: { verb: "form", command: p.type, ...common } };
  return { title, data: { verb: p.type, ...common, commandId: d.newId() } };
}

/** The command's title, with the assessment in it where several are offered under one title. */
function titleOf(p: Permitted, { may, planning }: Pick<CaseView, "may" | "planning">, d: Commanding): string {
  const booked = planning?.at !== undefined;
  const titled = (x: Permitted) => commandTitle(x.type, { booked, ...x.data }, d.words, x.onBehalfOf);
  const title = titled(p);
  const twins = may.filter((x) => x.type === p.type && x.onBehalfOf === p.onBehalfOf && titled(x) === title);
  return p.data.method !== undefined && twins.length > 1
    ? `${title}: ${d.words.theSession(String(p.data.method)).replace(/^the /, "")}`
    : title;
}

/** Commands that another button stands for, or that only their own card or the panel shows. */
const elsewhere: ReadonlySet<CommandType> = new Set([
  "gateway.acceptItem",
  "gateway.returnItem",
  "gateway.accept",
  "proposal.accept",
  "proposal.return",
  "party.remind",
  "chat.bind",
  "grade.confirm",
  "mark.correct",
  "session.descriptors",
  "session.mark",
  "session.note",
  "session.draw",
  "session.correctNote",
  "session.unask",
  "session.present",
  "moderation.uphold",
  "moderation.sendBack",
]);

/** In this order behind what is due: what one does on a case first, what sets it right last. */
const rank: readonly (CommandType | "view")[] = [
  "interest.declare",
  "gateway.attest",
  "gateway.submit",
  "gateway.confirm",
  "gateway.ready",
  "planning.finish",
  "planning.save",
  "planning.accept",
  "planning.schedule",
  "planning.offer",
  "session.end",
  "session.pause",
  "session.resume",
  "session.questions",
  "session.ask",
  "session.start",
  "session.accept",
  "session.book",
  "session.offer",
  "report.submit",
  "portfolio.submit",
  "proposal.submit",
  "results.release",
  "resit.agree",
  "resit.open",
  "notice.resend",
  "notice.told",
  "enquiry.answer",
  "appeal.decide",
  "adjustment.decide",
  "consideration.decide",
  "view",
  "session.move",
  "session.notHeld",
  "enquiry.raise",
  "appeal.raise",
  "adjustment.request",
  "consideration.request",
  "staff.allocate",
  "cap.lift",
  "moderation.sample",
  "party.invite",
  "case.correct",
  "exceptions.correct",
  "person.correct",
  "dispensation.grant",
  "rule.lift",
  "results.withhold",
  // What ends a case stands last.
  "case.withdraw",
  "case.erase",
];
const rankOf = (type: CommandType | "view"): number => {
  const at = rank.indexOf(type);
  return at < 0 ? rank.length : at;
};

/** The rank of what does the reader's next task. */
const first = -1000;

interface Ranked {
  rank: number;
  button: Button;
}

export function caseButtons(view: CaseView, d: Commanding): Button[] {
  const { head, tail } = allButtons(view, d);
  const outside = (outsideRoles as readonly string[]).includes(view.role);
  const most = view.role === "apprentice" ? 4 : 9;
  const requests = head.filter((b) => isRequest(b, view));
  if (outside && requests.length > 1)
    return [
      ...head.filter((b) => !isRequest(b, view)),
      moreButton(view, requests.some(isChallenge) ? "Ask or appeal" : "Ask for a change"),
      ...tail,
    ];
  if (head.length + tail.length <= most) return [...head, ...tail];
  return [...head.slice(0, most - tail.length - 1), moreButton(view, "More"), ...tail];
}

/** What does not stand on the case card itself. */
export function otherButtons(view: CaseView, d: Commanding): Button[] {
  const shown = new Set(caseButtons(view, d).map((b) => b.title));
  const { head, tail } = allButtons(view, d);
  return [...head, ...tail].filter((b) => !shown.has(b.title)).map((b) => ({ ...b, primary: false }));
}

const isChallenge = (b: Button) => b.data.command === "enquiry.raise" || b.data.command === "appeal.raise";
/** While a new attempt is under way, questions about the earlier result stand with the other requests. */
const isRequest = (b: Button, view: CaseView) =>
  b.data.command === "adjustment.request" ||
  b.data.command === "consideration.request" ||
  (!view.result && isChallenge(b));

function allButtons(view: CaseView, d: Commanding): { head: Button[]; tail: Button[] } {
  const ranked: Ranked[] = view.may
    .filter((p) => p.onBehalfOf === undefined && !elsewhere.has(p.type))
    .map((p) => ({ rank: rankFor(p, view), button: commandButton(p, view, d) }));
  ranked.push(...ownCards(view, d));
  ranked.sort((a, b) => a.rank - b.rank);
  const mine = (ranked[0]?.rank ?? 0) <= first;
  const buttons = ranked.map((r, i) => (i === 0 && mine ? { ...r.button, primary: true } : r.button));
  const reminder = remindButton(view, d);
  const at = mine ? 1 : 0;
  return {
    head: reminder ? [...buttons.slice(0, at), reminder, ...buttons.slice(at)] : buttons,
    tail: [...behalfButton(view), ...historyButton(view)],
  };
}

/** What a coordinator may record for someone else, by whose it is. */
export function behalfButtons(
  view: CaseView,
  d: Commanding,
): { role: (typeof outsideRoles)[number]; buttons: Button[] }[] {
  return outsideRoles
    .map((role) => ({
      role,
      buttons: view.may
        .filter((p) => p.onBehalfOf === role)
        .sort((a, b) => rankOf(a.type) - rankOf(b.type))
        .map((p) => commandButton(p, view, d)),
    }))
    .filter((x) => x.buttons.length > 0);
}

/** Before everything: what does the reader's next task, then what does their others, soonest first. */
function rankFor(p: Permitted, view: CaseView): number {
  // Of what is handed in, what came back comes first.
  const back = view.evidence.some((e) => e.item === p.data.item && e.state === "returned") ? 0.5 : 0;
  if (does(p, view.next) && view.next?.person === view.me) return first - back;
  // A conflict found since is rare: it is there, and in nobody's way.
  if (p.type === "interest.declare" && p.data.conflict === true) return rank.length;
  // Staff still to be put on the case, before what would only replace somebody.
  if (p.type === "staff.allocate" && view.people[p.data.role as Role] === undefined) return rankOf("view") - 0.5;
  const at = view.due.findIndex((t) => t.person === view.me && does(p, t));
  if (at >= 0) return -100 + at;
  return rankOf(p.type) - back;
}

const does = (p: Permitted, t: Task | undefined): boolean =>
  t?.command === p.type && (t.method === undefined || p.data.method === undefined || t.method === p.data.method);

/** Buttons that open a card of their own: gateway, proposal, marks. */
function ownCards(view: CaseView, d: Commanding): Ranked[] {
  const at = (types: readonly CommandType[]) =>
    view.may.filter((p) => p.onBehalfOf === undefined && types.includes(p.type));
  const data = { caseId: view.caseId, seen: view.seen };
  const place = (types: readonly CommandType[], method?: string) => {
    const next = view.next;
    const mine = next?.person === view.me && next.command !== undefined && types.includes(next.command);
    return mine && (method === undefined || next.method === method) ? first : rankOf("view");
  };
  const made: Ranked[] = [];
  const gateway = ["gateway.acceptItem", "gateway.returnItem", "gateway.accept"] as const;
  if (at(gateway).length > 0)
    made.push({
      rank: place(gateway) < 0 ? place(gateway) : -50,
      button: { title: "Review gateway", dialog: true, data: { verb: "view.gateway", ...data } },
    });
  const proposal = ["proposal.accept", "proposal.return"] as const;
  if (view.proposal)
    made.push({
      rank: place(proposal),
      button: { title: "Show proposal", data: { verb: "view.proposal", ...data } },
    });
  const grading = [
    "session.mark",
    "session.note",
    "session.descriptors",
    "grade.confirm",
    "mark.correct",
    "moderation.uphold",
    "moderation.sendBack",
  ] as const;
  const staff =
    view.role === "assessor" || view.role === "iqa" || view.role === "coordinator" || view.role === "auditor";
  for (const a of view.assessments) {
    const marking = at(grading).some((p) => p.data.method === a.method);
    const look =
      staff && (a.state === "toGrade" || a.state === "inModeration" || a.state === "graded" || a.state === "sentBack");
    if (!marking && !look) continue;
    const verb = a.state === "running" ? "Mark" : marking && view.role === "assessor" ? "Grade" : "Show marks:";
    const session = d.words.theSession(a.method).replace(/^the /, "");
    made.push({
      // A session under way is marked now, whatever else is due.
      rank: a.state === "running" && marking ? -500 : place(grading, a.method),
      button: { title: `${verb} ${session}`, data: { verb: "view.grading", ...data, args: { method: a.method } } },
    });
  }
  // What was handed in is for the staff to whom the assessment is open; its view asks again.
  for (const a of view.assessments)
    if (staff && !view.blind && a.handIn?.handedIn)
      made.push({
        rank: rankOf("view"),
        button: {
          title: `Show ${d.words.theHandIn(a.method).replace(/^the /, "")}`,
          data: { verb: "view.handIn", ...data, args: { method: a.method } },
        },
      });
  return made;
}

/** Reminds the first person that is late, or else whom the next thing waits for. */
function remindButton(view: CaseView, d: Commanding): Button | undefined {
  if (!view.may.some((p) => p.type === "party.remind")) return undefined;
  const waits = [...view.due, ...(view.next ? [view.next] : [])].find(
    (t) => t.person !== view.me && t.code !== "windowEnds" && t.at === undefined,
  );
  if (!waits) return undefined;
  return {
    title: "Remind",
    tooltip: `Remind ${d.words.person(waits.person)}: ${taskTitle(waits.code, d.words, waits.method)}`,
    data: {
      verb: "party.remind",
      caseId: view.caseId,
      seen: view.seen,
      commandId: d.newId(),
      args: { person: waits.person, about: waits.key },
    },
  };
}

const behalfButton = (view: CaseView): Button[] =>
  view.may.some((p) => p.onBehalfOf !== undefined)
    ? [{ title: "Record for someone else", data: { verb: "view.behalf", caseId: view.caseId, seen: view.seen } }]
    : [];

const historyButton = (view: CaseView): Button[] =>
  !view.blind && (view.role === "coordinator" || view.role === "auditor" || view.role === "iqa")
    ? [{ title: "Show history", data: { verb: "view.history", caseId: view.caseId, seen: view.seen } }]
    : [];

const moreButton = (view: CaseView, title: string): Button => ({
  title,
  data: { verb: "view.more", caseId: view.caseId, seen: view.seen },
});
