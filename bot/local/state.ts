import { createHash, randomUUID } from "node:crypto";
import type { MovableClock } from "./clock";
import type { Faults } from "./faults";
import { GraphGrants } from "./grants";
import type { Keys } from "./keys";
import type { Limits, Pace } from "./limits";
import { Line } from "./line";
import { mriOf, type Person } from "./people";
import type { AdaptiveCardJson, ChatKind, Command, LiveEvent, Meeting, PersonId, Tab } from "./protocol";
import { PageRefusal } from "./refusal";
import type { Traffic } from "./traffic";

/** One person's own view of a card: the answer to a button or a refresh. */
export interface OwnView {
  card: AdaptiveCardJson;
  revision: number;
}

/** A card in a message: the base that everyone sees, and the views of those who have one. */
export interface CardState {
  base: AdaptiveCardJson;
  revision: number;
  views: Record<PersonId, OwnView>;
  /** When each person's client last refreshed it, on the pace of `Pace`; emptied when the base changes. */
  refreshed: Record<PersonId, number>;
}

export type Author = { kind: "person"; id: PersonId } | { kind: "bot" } | { kind: "system" };

export interface StoredMessage {
  /** Epoch milliseconds as Teams has them, never twice the same. */
  id: string;
  at: string;
  from: Author;
  text?: string;
  textFormat?: "plain" | "markdown" | "xml";
  cards: CardState[];
  editedAt?: string;
  deleted?: true;
  failed?: string;
}

export interface Chat {
  /** The conversation id that the bot sees. */
  id: string;
  kind: ChatKind;
  title: string;
  tenantId: string;
  members: PersonId[];
  hasBot: boolean;
  messages: StoredMessage[];
  /** The last message each person has seen. */
  seen: Record<PersonId, string>;
  meetingId?: string;
  /** Put beside it through Graph. */
  tabs?: { id: string; name: string; url: string }[];
}

/** An event in an organiser's calendar, made through Graph, with its meeting. */
export interface CalendarEvent {
  id: string;
  uid: string;
  organiser: PersonId;
  transactionId: string;
  properties: { id: string; value: string }[];
  subject: string;
  start: string;
  end: string;
  /** Mail addresses, in lower case. */
  attendees: string[];
  meetingId: string;
  cancelled?: true;
}

export interface StoredMail {
  id: string;
  at: string;
  from: string;
  /** Addresses in lower case. */
  to: string[];
  subject: string;
  text: string;
  html?: string;
  attachments: { name: string; contentType: string; bytes: number }[];
  readBy: PersonId[];
}

/** All that survives a restart. */
export interface Saved {
  appId: string;
  port: number;
  /** The line's: what browsers keep for a page goes by its address. */
  linePort?: number;
  clockOffset: number;
  lastId: number;
  people: Person[];
  chats: Chat[];
  mails: StoredMail[];
  meetings: Meeting[];
  calendar?: CalendarEvent[];
}

export interface AppOptions {
  name: string;
  commands: Record<ChatKind, Command[]>;
  tabs: Tab[];
  /** What stands beside a meeting. */
  panel?: Tab;
}

/** What the parts of the stand-in share. */
export class World {
  people: Person[] = [];
  chats: Chat[] = [];
  mails: StoredMail[] = [];
  meetings: Meeting[] = [];
  calendar: CalendarEvent[] = [];
  readonly grants = new GraphGrants();
  /** Those whose sign-in has run out: no tokens for pages. */
  readonly signedOut = new Set<PersonId>();
  readonly line = new Line();
  linePort: number | undefined;
  /** Where the bot listens; unknown until the service has started. */
  botEndpoint: string | undefined;
  /** Where the bot's calls go: `http://127.0.0.1:<port>/uk/`. */
  serviceUrl = "";
  /** Milliseconds that Teams gives the bot. */
  readonly timeouts = { invoke: 5_000, message: 15_000 };
  private lastId = 0;
  private readonly listeners = new Set<(event: LiveEvent) => void>();
  private readonly busy = new Set<Promise<unknown>>();

  constructor(
    readonly appId: string,
    readonly app: AppOptions,
    readonly clock: MovableClock,
    readonly pace: Pace,
    readonly limits: Limits,
    readonly faults: Faults,
    readonly traffic: Traffic,
  ) {}

  /** Set once the port is known. */
  keys!: Keys;

  get botId(): string {
    return `28:${this.appId}`;
  }

  mri(person: Pick<Person, "id">): string {
    return mriOf(person, this.appId);
  }

  /** Refuses an unknown id with 404. */
  person(id: PersonId): Person {
    const person = this.people.find((one) => one.id === id);
    if (!person) throw new PageRefusal(404, "UnknownPerson", `No one is called ${id}`);
    return person;
  }

  /** By MRI or Entra object id. */
  personKnownAs(id: string): Person | undefined {
    return this.people.find((one) => this.mri(one) === id || one.aadObjectId === id);
  }

  /** A chat that this person is in; refuses others with 404, as if they did not exist. */
  chatOf(person: Person, chatId: string): Chat {
    const chat = this.chats.find((one) => one.id === chatId && one.members.includes(person.id));
    if (!chat) throw new PageRefusal(404, "UnknownChat", `${person.name} is in no such chat`);
    return chat;
  }

  /** A message id: milliseconds, as in Teams, later than every one before. */
  nextId(): string {
    this.lastId = Math.max(this.lastId + 1, Date.now());
    return String(this.lastId);
  }

  /** A thread id of the form Teams uses. */
  threadId(kind: ChatKind): string {
    const unique = randomUUID().replaceAll("-", "");
    if (kind === "personal") return `a:1${createHash("sha256").update(unique).digest("base64url")}`;
    return kind === "meeting"
      ? `19:meeting_${Buffer.from(unique).toString("base64url")}@thread.v2`
      : `19:${unique}@thread.v2`;
  }

  /** The clock was moved: to those who look it is more than a minute later, so every card may refresh again. */
  timePassed(): void {
    for (const chat of this.chats) {
      const cards = chat.messages.flatMap((message) => message.cards);
      if (cards.length === 0) continue;
      for (const card of cards) card.refreshed = {};
      this.tell({ type: "chat", chatId: chat.id, people: chat.members });
    }
  }

  tell(event: LiveEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Calls `listener` on every change. Returns the way to stop. */
  onChange(listener: (event: LiveEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Lets work run on its own; `idle` waits for it. Its failures are the worker's to report. */
  inBackground(work: Promise<unknown>): void {
    const settled = work
      .catch(() => undefined)
      .finally(() => {
        this.busy.delete(settled);
      });
    this.busy.add(settled);
  }

  /** Resolves once nothing runs in the background. */
  async idle(): Promise<void> {
    while (this.busy.size > 0) await Promise.all(this.busy);
  }

  saved(port: number): Saved {
    return {
      appId: this.appId,
      port,
      ...(this.linePort === undefined ? {} : { linePort: this.linePort }),
      clockOffset: this.clock.view().offset,
      lastId: this.lastId,
      people: this.people,
      chats: this.chats,
      mails: this.mails,
      meetings: this.meetings,
      calendar: this.calendar,
    };
  }

  restore(saved: Saved): void {
    this.people = saved.people;
    this.chats = saved.chats;
    this.mails = saved.mails;
    this.meetings = saved.meetings;
    this.calendar = saved.calendar ?? [];
    this.lastId = saved.lastId;
    // The pace of another run says nothing here: let every card refresh afresh.
    for (const chat of this.chats) {
      for (const message of chat.messages) for (const card of message.cards) card.refreshed = {};
    }
    this.clock.restore(saved.clockOffset);
  }
}
