import { type Case, type FreeText, type OutsideRole, outsideRoles, type PersonId } from "../../case/case";
import type { EventType } from "../../case/decider";
import type { Role } from "../../rules/pack";
import { capital, dateTime } from "../format";
import type { DataOf } from "../history";
import type { Words } from "../words";

/** What a stage's sayings are made from, and what they give. */

export type Audience = Role | "chat";

export interface Told {
  /** In one line, what happened: "Observation on Wed 10 Jun 2026". */
  title: string;
  lines: readonly string[];
  /** "When", "Where": a name and what stands behind it. */
  facts: readonly Row[];
  /** Somebody's own words that belong to it. */
  quote?: { by: string; words: string };
  /** About health or an adjustment: for personal chat and mail only. */
  private: boolean;
}
export interface Row {
  name: string;
  value: string;
  /** The value is an address to open: a card has a button for it. */
  opens?: true;
}

/** What a saying is made from, beside the event's data. */
export interface About {
  to: Audience;
  w: Words;
  c: Case;
  /** Who did it, by name. */
  who: string;
  /** The apprentice by name. */
  ada: string;
  /** "your", or "Ada Example's". */
  whose: string;
  /** Who reads it, where that is known: a part may have passed to another. */
  reader?: PersonId;
}
export interface Saying {
  title: string;
  lines?: readonly (string | undefined)[];
  facts?: readonly (Row | undefined)[];
  quote?: FreeText | undefined;
}
export type Say<T extends EventType> = (d: DataOf<T>, a: About) => Saying | null;
/** Who is told of an event, and what: nobody else is. `private` rows never speak to the chat. */
export interface Telling<T extends EventType> {
  private?: true;
  say: Partial<Readonly<Record<Audience, Say<T>>>>;
}

/** A stage's events, none left out. */
export type Tellings<T extends EventType> = { readonly [K in T]: Telling<K> };

/** An event of which nobody is told. */
export const nobody = { say: {} };
/** The same saying for several. */
export const tell = <T extends EventType>(roles: readonly Audience[], say: Say<T>): Telling<T>["say"] =>
  Object.fromEntries(roles.map((r) => [r, say])) as Telling<T>["say"];

export const parties = outsideRoles;
export const everyone = ["apprentice", "employer", "provider", "assessor", "coordinator", "chat"] as const;
export const isOutside = (to: Audience): to is OutsideRole => (outsideRoles as readonly string[]).includes(to);

/** Times to choose from: by the button, or, without Teams, by an answer to the coordinator. */
export const toChoose = (a: About, what: string, slots: readonly string[]): Saying => ({
  title: `Choose a time for ${a.whose} ${what}`,
  lines: [`What is chosen first is booked. If none suits, tell ${a.w.person(a.c.staff.coordinator)}.`],
  facts: slots.map((at, i) => ({ name: `Time ${i + 1}`, value: dateTime(at) })),
});

/** "Interview". */
export const sessionName = (a: About, id: string): string => capital(a.w.theSession(id).replace(/^the /, ""));

/** "If this day cannot work, tell …": whom outside people turn to. */
export const otherwise = (a: About): string | undefined =>
  isOutside(a.to) ? `If this day cannot work, tell ${a.w.person(a.c.staff.coordinator)}.` : undefined;
