import { attemptAt, type Case, type PersonId } from "../case/case";
import type { CommandType } from "../case/decider";
import { lastTry } from "../case/englishMaths";
import { neededItems } from "../case/gateway";
import { wordRange } from "../case/submissions";
import type { Instant } from "../rules/calendar";
import type { EvidenceItem } from "../rules/pack";
import { type Task, tasksOf } from "../tasks";
import { counted, dateText, dateTime, listed, thousands } from "./format";
import { taskTitle } from "./tasks";
import type { Row } from "./told/about";
import type { Words } from "./words";

/**
 * How somebody who only reads mail does what is asked of them: they tell the coordinator, who records it for them, and say
 * what the form in Teams would have asked.
 */

/** Whom outside people write to: the coordinator, by mail where the address is known. */
export interface Contact {
  name: string;
  address?: string;
}

/** "answer this mail or tell Cora Placeholder": an answer goes to the coordinator where their address is known. */
export const telling = ({ name, address }: Contact): string =>
  address === undefined ? `tell ${name}` : `answer this mail or tell ${name}`;

type Needed = (c: Case, w: Words, method: string | undefined) => string;

const filed = "Say where it is filed";

/** By what a coordinator may record for them: what is to be said. */
const needed: Partial<Readonly<Record<CommandType, Needed>>> = {
  "gateway.attest": () =>
    "Say which was the last day on programme, how many per cent of the time were off-the-job training, and whether the portfolio was made on programme and selected by the apprentice.",
  "gateway.submit": (c, w) => {
    const open = neededItems(c, w.pack).filter((i) => (lastTry(c.gateway, i.id)?.outcome ?? "returned") === "returned");
    return `${filed}, for each: ${listed(open.map((i) => `“${i.title}”${besides(i)}`))}.`;
  },
  "gateway.confirm": (c, w) =>
    `Say that you confirm that ${w.person(c.parties.apprentice)} is ready for the assessment.`,
  "gateway.ready": () => "Say that you are ready for the assessment.",
  "proposal.submit": (_c, w) => {
    const { how } = w.pack.rules.projectSubject;
    const most = how.kind === "proposal" ? `, of at most ${counted(how.maxWords, "word")}` : "";
    return `Send the new text${most}, and say in one line which challenge it is about, on which day that was and which knowledge, skills and behaviours it can show.`;
  },
  "report.submit": (_c, w, id) => {
    const handIn = w.pack.methods.find((m) => m.id === id)?.handIn;
    if (handIn?.kind !== "report") return `${filed}.`;
    const { least, most } = wordRange(handIn);
    return `${filed}, how many words it has (${thousands(least)} to ${thousands(most)}), and which of these it contains: ${handIn.contents.items.map((x) => x.title.replace(/\.$/, "")).join("; ")}.`;
  },
  "portfolio.submit": (_c, w, id) => {
    const handIn = w.pack.methods.find((m) => m.id === id)?.handIn;
    if (handIn?.kind !== "portfolio") return `${filed}.`;
    return `${filed}, how many pieces it has, and which pieces show ${handIn.selection.mapEveryKsb ? "each" : "which"} of the assessment's knowledge, skills and behaviours.`;
  },
  "planning.accept": (c) => which(c.planning.offered?.slots),
  "session.accept": (c, _w, id) => which(id === undefined ? [] : attemptAt(c, id).session.offered?.slots),
  "resit.agree": () => "Say whether you agree to a resit, which needs no further learning, or to a retake, which does.",
};

const which = (slots: readonly Instant[] = []): string =>
  `Say which of these times you choose: ${listed(slots.map((at) => dateTime(at)))}.`;

/** What an item is to come with, beside where it is filed. */
function besides({ kind }: EvidenceItem): string {
  switch (kind) {
    case "meetingRecord":
      return " with the day of the meeting";
    case "qualification":
      return " with the level reached";
    case "portfolio":
      return " with its number of pieces and whether the mapping form is complete";
    case "proposal":
      return " with its text, the challenge in one line, the day of that challenge and what it can show";
    case "identity":
    case "form":
      return "";
  }
}

/** What has to be said to have this done, in a sentence; undefined for what nobody records for them. */
export function neededFor(task: Pick<Task, "command" | "method">, c: Case, w: Words): string | undefined {
  return task.command && needed[task.command]?.(c, w, task.method);
}

/** What waits for this person, each with its last day and what to say: for mails, as there is no card. */
export function waitsFor(person: PersonId, c: Case, w: Words): Row[] {
  return tasksOf(c, w.pack).flatMap((t) => {
    const say = t.person === person && !t.secret ? neededFor(t, c, w) : undefined;
    if (say === undefined) return [];
    return [{ name: taskTitle(t.code, w, t.method), value: `${t.day ? `By ${dateText(t.day)}. ` : ""}${say}` }];
  });
}

/** How a task that is reminded of is done without Teams: whom to tell, and what to say. */
export function doing(task: Pick<Task, "command" | "method">, contact: Contact, c: Case, w: Words): string[] {
  const say = neededFor(task, c, w);
  return say === undefined ? [asking(contact)] : [recording(contact), say];
}

/** For what is asked of them. */
export const recording = (contact: Contact): string => `Without Teams, ${telling(contact)}, who records it for you.`;

/** For whatever else they have to say. */
export const asking = (contact: Contact): string => `If you want to say or ask something, ${telling(contact)}.`;

/** The foot of a letter to an outside person: who coordinates, and where they are reached. */
export const coordinatorLine = ({ name, address }: Contact): string =>
  `Coordinator: ${name}${address === undefined ? "" : `, ${address}`}`;
