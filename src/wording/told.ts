import { type Case, type PersonId, wordsOf } from "../case/case";
import type { EventType } from "../case/decider";
import { capital } from "./format";
import type { Kept } from "./history";
import type { About, Audience, Row, Saying, Telling, Tellings, Told } from "./told/about";
import { delivery } from "./told/delivery";
import { gateway } from "./told/gateway";
import { planning } from "./told/planning";
import { registration } from "./told/registration";
import { requests } from "./told/requests";
import { results } from "./told/results";
import { sessions } from "./told/sessions";
import type { Words } from "./words";

export type { Audience, Row, Told } from "./told/about";

/**
 * What each kind of person is told of an event, in a message or a mail, and what is said in the case's chat.
 * Apprentice, employer and provider learn nothing here of marks, notes, questions, grades, moderation or withholding before
 * release; titles hold no grade at all, as they show on lock screens; health and adjustments never stand in the chat.
 */

const table: Tellings<EventType> = {
  ...registration,
  ...requests,
  ...gateway,
  ...planning,
  ...sessions,
  ...results,
  ...delivery,
};

/**
 * What this kind of person is told of an event, or null: it is not for them. `c` is the case as it stands.
 * The words in `quote` and the values of `facts` may be people's own.
 */
export function told(e: Kept, to: Audience, w: Words, c: Case, reader?: PersonId): Told | null {
  const row = table[e.type as EventType] as Telling<EventType> | undefined;
  if (!row || (row.private && to === "chat")) return null;
  const say = row.say[to] as ((d: never, a: About) => Saying | null) | undefined;
  if (!say) return null;
  const ada = w.person(c.parties.apprentice);
  const who = capital(w.person(e.by.onBehalfOf?.person ?? e.by.person));
  const whose = to === "apprentice" ? "your" : `${ada}'s`;
  const said = say(e.data as never, { to, w, c, who, ada, whose, ...(reader === undefined ? {} : { reader }) });
  if (!said) return null;
  const words = wordsOf(said.quote);
  return {
    title: said.title,
    lines: (said.lines ?? []).filter((l): l is string => Boolean(l)),
    facts: (said.facts ?? []).filter((f): f is Row => Boolean(f?.value)),
    ...(words ? { quote: { by: who, words } } : {}),
    private: row.private === true,
  };
}

/** Several events of one command, told together: the first gives the title, the others a line each; null when none is for them. */
export function toldTogether(events: readonly Kept[], to: Audience, w: Words, c: Case, reader?: PersonId): Told | null {
  const all = events.map((e) => told(e, to, w, c, reader)).filter((t) => t !== null);
  const [first, ...others] = all;
  if (!first) return null;
  const quote = first.quote ?? others.find((t) => t.quote)?.quote;
  return {
    title: first.title,
    lines: [...first.lines, ...others.flatMap((t) => [`${t.title}.`, ...t.lines])],
    facts: all.flatMap((t) => t.facts),
    ...(quote ? { quote } : {}),
    private: all.some((t) => t.private),
  };
}

/** Its lines with its facts among them, for a message that has lines only: "When: Tue 9 Jun 2026, 10:00". */
export const linesOf = (t: Pick<Told, "lines" | "facts">): string[] => [
  ...t.facts.map((f) => `${f.name}: ${f.value}`),
  ...t.lines,
];

export const eventTypes = Object.keys(table) as EventType[];

/** Everyone who is told of an event, as the table says. */
export const toldOf = (type: EventType): Audience[] => Object.keys(table[type].say) as Audience[];
