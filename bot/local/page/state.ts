import type {
  ChatId,
  ChatView,
  Clock,
  Deadline,
  Dialog,
  Mail,
  PersonId,
  Snapshot,
  TrafficDetail,
  TrafficLine,
} from "../protocol";
import type { Theme } from "./themes";

export type Section = "chat" | "mail" | "meetings";

/** A line under a card, a dialog or the page: what was said, or that it failed. */
export interface Note {
  tone: "info" | "error";
  text: string;
}

/** Forms of the page itself, not of the product. */
export type Form = "person" | "group" | "members";

export interface State {
  theme: Theme;
  connected: boolean;
  /** A refused call, or a dialog's closing words: at the foot of the page until dismissed. */
  notice?: Note | undefined;
  /** Said once to screen readers. */
  aloud: string;

  snapshot?: Snapshot | undefined;
  /** The clock as last told, and the browser's own time (performance.now) when that was. */
  clock?: { told: Clock; heardAt: number } | undefined;
  deadlines: Deadline[];

  viewer?: PersonId | undefined;
  section: Section;
  /** On a narrow window either the list or what is open is seen. */
  pane: "list" | "main";
  chatId?: ChatId | undefined;
  chat?: ChatView | undefined;
  /** "chat", "about", or the id of one of the app's tabs. */
  appTab: string;
  mail?: Mail | undefined;
  mailId?: string | undefined;
  meetingId?: string | undefined;
  typing?: ChatId | undefined;

  /** One open dialog a person. */
  dialogs: Record<PersonId, Dialog>;
  form?: Form | undefined;
  /** Under cards, by `<messageId>/<card>`; under a dialog, by its id. */
  notes: Record<string, Note>;
  /** The card or dialog whose button is at work. */
  working?: string | undefined;

  trafficOpen: boolean;
  traffic: TrafficLine[];
  trafficDetail?: TrafficDetail | undefined;
}

/** Holds the state and tells who listens, at most once a frame. */
export class Store {
  private readonly listeners = new Set<() => void>();
  private told = false;

  constructor(public state: State) {}

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    if (this.told) return;
    this.told = true;
    queueMicrotask(() => {
      this.told = false;
      for (const listener of this.listeners) listener();
    });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
