import type { CommandAnswer, Envelope, PanelProblem } from "../../src/panel/shape";
import type { Entry, Held } from "./vault";

/** What waits, in the order pressed, and what becomes of it. Pure. */

/** As many as the service takes at once, and well under its bytes. */
const MOST = 50;
const MOST_CHARACTERS = 300_000;

export const waitingOf = (entries: readonly Entry[]): Envelope[] =>
  entries.filter((e) => !e.held).map((e) => e.envelope);

/** The next to be sent: the first ones of those that wait; at least one, if any waits. */
export function batchOf(entries: readonly Entry[], most = MOST): Envelope[] {
  let characters = 0;
  const batch: Envelope[] = [];
  for (const envelope of waitingOf(entries)) {
    characters += JSON.stringify(envelope).length;
    if (batch.length > 0 && (batch.length >= most || characters > MOST_CHARACTERS)) break;
    batch.push(envelope);
  }
  return batch;
}

/** What the answers settle: ids to be forgotten, entries to be held for the person, and whether some are to be sent again. */
export function settled(
  sent: readonly Envelope[],
  answers: readonly CommandAnswer[],
): { gone: string[]; held: Entry[]; again: boolean } {
  const gone: string[] = [];
  const held: Entry[] = [];
  const of = new Map(answers.map((a) => [a.id, a]));
  for (const envelope of sent) {
    const answer = of.get(envelope.id);
    if (answer?.kind === "done" || answer?.kind === "already") gone.push(envelope.id);
    else if (answer?.kind === "refused" || answer?.kind === "conflict") held.push({ envelope, held: answer });
  }
  return { gone, held, again: gone.length + held.length < sent.length };
}

/** A command that the service could not even read: held with words of the panel's own. */
export function unreadable(envelope: Envelope): Entry {
  const problem: PanelProblem = {
    code: "UNREADABLE",
    short: "not taken",
    fact: "The service could not take this.",
    lawful: "Copy your words, and tell the coordinator.",
    clause: null,
    remedy: null,
    input: null,
    needsReason: false,
    facts: {},
  };
  const held: Held = { kind: "refused", id: envelope.id, revision: 0, problems: [problem] };
  return { envelope, held };
}

/** What is in memory and what lies in the vault, which another tab may have changed: the vault's, then those still on their way to it. */
export function merged(stored: readonly Entry[], mine: readonly Entry[], onTheirWay: ReadonlySet<string>): Entry[] {
  const there = new Set(stored.map((e) => e.envelope.id));
  return [...stored, ...mine.filter((e) => onTheirWay.has(e.envelope.id) && !there.has(e.envelope.id))];
}
