import type { Case, PersonId } from "../src/case/case";
import type { Head, Recorded } from "../src/ports";
import type { Letter } from "../src/wording/letters";
import type { MailedEntry } from "./mail/smtp";
import type { Person } from "./people";
import type { OutboundActivity } from "./teams/connector";
import type { CardKind } from "./teams/live";

/** What one person is told: in chat, or by mail where there is no chat. */
export interface Message {
  activity: OutboundActivity;
  letter: Letter;
  /** For the reader's own calendar, where it comes by mail. */
  calendar?: readonly MailedEntry[];
  /** Set when the card in it is to be kept up to date. */
  live?: { caseId: string; kind: CardKind };
}

/** Puts notices into words and cards, for whom they are for. Undefined: it no longer holds, or is not theirs to know. */
export interface Compose {
  told(c: Case, events: readonly Recorded[], person: PersonId): Promise<Message | undefined>;
  reminder(
    c: Case,
    person: PersonId,
    about: { key: string; day?: string; asked?: boolean },
  ): Promise<Message | undefined>;
  toChat(c: Case, events: readonly Recorded[]): Promise<Message | undefined>;
  /** The letter is anchored to the record by the head's hash. */
  result(head: Head<Case>, person: PersonId, kind: "result" | "record", release: number): Promise<Message | undefined>;
  invitation(
    c: Case,
    person: Person,
    role: "apprentice" | "employer" | "provider",
    code: { code: string; expires: string },
  ): Promise<Letter>;
  /** A living card as it stands now; undefined when nothing of it changed for its reader. */
  card(c: Case, kind: CardKind, person: PersonId | null, outside: boolean): Promise<OutboundActivity | undefined>;
  /** In the place of a posted card whose case was erased: names neither it nor anybody. */
  erased(): OutboundActivity;
  /** Tells the case's coordinator what these events say did not arrive; undefined when all of it is dealt with. */
  notReached(c: Case, events: readonly Recorded[], coordinator: PersonId): Promise<Message | undefined>;
  /** Several messages to one person at the same time, as one: every card of theirs, none left out. */
  join(messages: readonly Message[]): OutboundActivity;
}
