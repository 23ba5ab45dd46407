/**
 * What the page of Local Teams and its server say to each other, over HTTP and server-sent events.
 *
 * | call                                  | answer                                              |
 * | ------------------------------------- | --------------------------------------------------- |
 * | `GET /api/state[?as=<personId>]`      | {@link Snapshot}: all that is drawn round a chat    |
 * | `POST /api/do`, an {@link Action}     | {@link Answers} by the action's `do`                |
 * | `GET /api/mail/<mailId>?as=<person>`  | {@link Mail}                                        |
 * | `GET /api/deadlines`                  | {@link Deadline}`[]`, soonest first                 |
 * | `GET /api/traffic?after=<n>`          | {@link TrafficLine}`[]`, oldest first               |
 * | `GET /api/traffic/<n>`                | {@link TrafficDetail}                               |
 * | `GET /api/events`                     | stream of {@link LiveEvent}, `data:` lines of JSON  |
 *
 * Refused calls have a 4xx status and the body {@link Problem}. Instants are ISO 8601 in UTC, on the movable clock.
 * `GET /api/state` without `as`, on the first look, is that of the first coordinator, else of the first person.
 * Everything but types here is for the server; the page takes `import type`.
 */
import { z } from "zod";

/** Short, stable, readable: "ada", "cora", "p-7". */
export type PersonId = string;
export type ChatId = string;

// ---------------------------------------------------------------------------------------------- what is drawn

/** How a person reaches the bot: who has what in Teams is the whole point of the personas. */
export type PersonKind = "staff" | "guest" | "federated" | "mailOnly" | "anonymous";

/** One entry in the rail of people. */
export interface Persona {
  id: PersonId;
  name: string;
  initials: string;
  /** What stands under the picture: "Apprentice", "Second assessor". */
  role: string;
  kind: PersonKind;
  /** Firm or awarding body, for the tooltip. */
  organisation: string;
  mail?: string;
  /** Entra object id, absent for those without an account. The people picker yields it. */
  aadObjectId?: string;
  /** False for `mailOnly`: no chats, the page opens on Mail. */
  hasTeams: boolean;
  /** Unread messages in all chats. */
  unread: number;
  unreadMail: number;
  /** This person has blocked the bot. */
  blocksBot: boolean;
  /** Where the account is. */
  tenantId?: string;
  /** Their sign-in has run out: pages inside Teams get no token. */
  signedOut: boolean;
}

export type ChatKind = "personal" | "group" | "meeting";

/** One row of the chat list. */
export interface ChatSummary {
  id: ChatId;
  kind: ChatKind;
  title: string;
  /** Epilogue is a member here. In a personal chat it is installed when the chat is opened first. */
  hasBot: boolean;
  unread: number;
  last?: { at: string; from: string; preview: string };
}

export interface ChatView extends ChatSummary {
  members: { id: PersonId; name: string }[];
  messages: Message[];
  meeting?: Meeting;
}

export type Sender =
  | { kind: "person"; id: PersonId; name: string }
  | { kind: "bot"; name: string }
  | { kind: "system" };

/** A message as one viewer sees it. */
export interface Message {
  id: string;
  at: string;
  from: Sender;
  /** Plain for people; for the bot as `textFormat` says. Mentions are `<at>Name</at>`. */
  text?: string;
  textFormat?: "plain" | "markdown" | "xml";
  cards: CardView[];
  editedAt?: string;
  deleted?: true;
  /** The sender's own message did not reach the bot ("Epilogue did not answer"). */
  failed?: string;
}

export interface CardView {
  /** An Adaptive Card for this viewer: the base card, or this viewer's own view of it. */
  card: AdaptiveCardJson;
  /** Grows whenever `card` changes: redraw when it differs from what is drawn, keep typed input otherwise. */
  revision: number;
  /** True when this is the viewer's own view (refresh or answer to a button). */
  own: boolean;
}

export interface AdaptiveCardJson {
  type: "AdaptiveCard";
  version?: string;
  [property: string]: unknown;
}

export interface MailSummary {
  id: string;
  at: string;
  from: string;
  subject: string;
  preview: string;
  unread: boolean;
}

export interface Mail extends MailSummary {
  to: string[];
  text: string;
  /** Sanitised: no script, no outside resource; show it in a sandboxed iframe with `srcdoc`. Absent when sent as text only. */
  html?: string;
  /** `text`: of an invitation what it says, as a calendar reads it. */
  attachments: { name: string; contentType: string; bytes: number; text?: string }[];
}

export interface Meeting {
  id: string;
  chatId: ChatId;
  title: string;
  startsAt: string;
  state: "scheduled" | "running" | "ended";
  startedAt?: string;
  /** Those who have joined now. */
  present: PersonId[];
  /** Those who wait in the lobby until somebody inside lets them in. */
  waiting?: PersonId[];
  organiser: PersonId;
  /** As set through Graph: who need not wait in the lobby, and whether it is recorded. */
  lobby?: string;
  recorded?: boolean;
}

export interface Clock {
  /** The product's instant now. */
  now: string;
  /** Milliseconds ahead of the computer's clock; 0 is "today". The page ticks by itself from these. */
  offset: number;
}

/** An instant worth going to: "Portfolio due", "EX-2026-0147, Ada Example". */
export interface Deadline {
  label: string;
  sub: string;
  at: string;
}

export interface Command {
  title: string;
  description: string;
}

/** A tab of the app. `url` may hold no placeholders; the page adds nothing and frames it. */
export interface Tab {
  id: string;
  name: string;
  url: string;
}

export interface Snapshot {
  app: {
    name: string /** Chips over the input, by kind of chat. */;
    commands: Record<ChatKind, Command[]>;
    tabs: Tab[];
    /** What stands beside a meeting. */
    panel?: Tab;
  };
  clock: Clock;
  people: Persona[];
  /** The viewer's, newest first. */
  chats: ChatSummary[];
  mail: MailSummary[];
  meetings: Meeting[];
  /** False: the pages inside Teams cannot reach the service. */
  network: boolean;
  trafficCount: number;
}

/** An open dialog (task module). A refused form comes back as a new `revision` of the same `id`. */
export interface Dialog {
  id: string;
  revision: number;
  title: string;
  /** Pixels, or the named sizes of Teams. */
  height: number | "small" | "medium" | "large";
  width: number | "small" | "medium" | "large";
  card: AdaptiveCardJson;
}

export interface TrafficLine {
  n: number;
  at: string;
  direction: "toBot" | "fromBot" | "mail";
  /** "POST", "PUT"; for mail "SMTP". */
  method: string;
  path: string;
  status: number;
  ms: number;
  /** "invoke task/submit session.move", "message: due". */
  summary: string;
}

export interface TrafficDetail extends TrafficLine {
  request?: unknown;
  response?: unknown;
}

// ---------------------------------------------------------------------------------------------- what is done

const person = z.string().min(1).max(64);
const id = z.string().min(1).max(400);
const data = z.record(z.string(), z.unknown());
const name = z.string().trim().min(1).max(120);

/** An action of a card as pressed: inputs are already merged into `data`, as the official renderer does. */
export const pressedAction = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("Action.Submit"),
    id: z.string().optional(),
    title: z.string().optional(),
    data,
  }),
  z.strictObject({
    type: z.literal("Action.Execute"),
    id: z.string().optional(),
    title: z.string().optional(),
    verb: z.string().default(""),
    data,
  }),
]);
export type PressedAction = z.input<typeof pressedAction>;

/** Everything a persona, or the person behind the screen, can do. */
export const action = z.discriminatedUnion("do", [
  /**
   * Look at a chat. Marks it read, sends due refreshes (the fresh views arrive as a `chat` event), and on the first look
   * at the personal chat installs the app. Call again on each `chat` event for the chat that is open.
   * `chatId: "bot"` is the persona's personal chat with Epilogue.
   */
  z.strictObject({ do: z.literal("chat.open"), as: person, chatId: id }),
  /** Say something. In group and meeting chats "@Epilogue" in the text mentions the bot; without it the bot hears nothing. */
  z.strictObject({
    do: z.literal("chat.send"),
    as: person,
    chatId: id,
    text: z.string().max(28_000),
  }),
  z.strictObject({
    do: z.literal("card.press"),
    as: person,
    chatId: id,
    messageId: id,
    /** Which card of the message. */
    card: z.number().int().min(0).default(0),
    action: pressedAction,
  }),
  z.strictObject({
    do: z.literal("dialog.submit"),
    as: person,
    dialogId: id,
    action: pressedAction,
  }),
  z.strictObject({ do: z.literal("dialog.close"), as: person, dialogId: id }),
  z.strictObject({
    do: z.literal("group.create"),
    as: person,
    title: name,
    members: z.array(person).max(250),
    addBot: z.boolean().default(true),
  }),
  z.strictObject({
    do: z.literal("group.add"),
    as: person,
    chatId: id,
    member: person,
  }),
  z.strictObject({
    do: z.literal("group.remove"),
    as: person,
    chatId: id,
    member: person,
  }),
  /** Add the bot to, or take it out of, a chat; in the personal chat: install, uninstall. */
  z.strictObject({ do: z.literal("bot.install"), as: person, chatId: id }),
  z.strictObject({ do: z.literal("bot.uninstall"), as: person, chatId: id }),
  z.strictObject({
    do: z.literal("bot.block"),
    as: person,
    blocked: z.boolean(),
  }),
  z.strictObject({
    do: z.literal("people.add"),
    name,
    role: name,
    kind: z.enum(["staff", "guest", "federated", "mailOnly", "anonymous"]),
    organisation: z.string().trim().max(120).optional(),
  }),
  /** For `Input.ChoiceSet` with `choices.data`; pass the `dataset` and the chat it stands in. */
  z.strictObject({
    do: z.literal("people.search"),
    as: person,
    text: z.string().max(200),
    dataset: z.string().max(200).default("graph.microsoft.com/users"),
    chatId: id.optional(),
  }),
  z.strictObject({
    do: z.literal("meeting.schedule"),
    as: person,
    title: name,
    startsAt: z.iso.datetime(),
    members: z.array(person).max(250),
    addBot: z.boolean().default(true),
  }),
  /** Starting, and joining before the start, begins the meeting; `sendEvent: false` is Teams forgetting to say so. */
  z.strictObject({
    do: z.literal("meeting.start"),
    as: person,
    meetingId: id,
    sendEvent: z.boolean().default(true),
  }),
  z.strictObject({
    do: z.literal("meeting.end"),
    as: person,
    meetingId: id,
    sendEvent: z.boolean().default(true),
  }),
  z.strictObject({ do: z.literal("meeting.join"), as: person, meetingId: id }),
  z.strictObject({ do: z.literal("meeting.leave"), as: person, meetingId: id }),
  /** Whoever is inside lets somebody in from the lobby. */
  z.strictObject({ do: z.literal("meeting.admit"), as: person, meetingId: id, who: person }),
  /** Cuts, or mends, the line between the pages inside Teams and the service. */
  z.strictObject({ do: z.literal("network.set"), up: z.boolean() }),
  /** Lets somebody's sign-in run out, or signs them in again. */
  z.strictObject({ do: z.literal("signIn.set"), as: person, good: z.boolean() }),
  z.strictObject({ do: z.literal("mail.open"), as: person, mailId: id }),
  z.strictObject({
    do: z.literal("clock.set"),
    at: z.iso.datetime({ offset: true }),
  }),
  z.strictObject({ do: z.literal("clock.advance"), ms: z.number().int() }),
  z.strictObject({ do: z.literal("clock.reset") }),
  /** Says `register` in the coordinator's personal chat. */
  z.strictObject({ do: z.literal("case.new") }),
  /** The token that `authentication.getAuthToken` of teams-js yields in a tab. */
  z.strictObject({ do: z.literal("tab.token"), as: person }),
]);
/** As sent (defaults may be left out). */
export type Action = z.input<typeof action>;
/** As the server works with it (defaults filled in). */
export type ParsedAction = z.output<typeof action>;

/** A button of a card, as it is pressed. */
export type Press = Extract<ParsedAction, { do: "card.press" }>["action"];
export type ActionName = Action["do"];

/** What became of a button. */
export type Pressed =
  /** The message's card changed for this viewer: draw the view anew (a `chat` event comes too). */
  | { outcome: "card"; message: Message }
  /** Show this line under the card or dialog for a while, as Teams does. */
  | { outcome: "message"; text: string }
  | { outcome: "dialog"; dialog: Dialog }
  /** The dialog is over; `text` when the bot sent a closing message. */
  | { outcome: "closed"; text?: string }
  /** Sent; what follows arrives as messages. */
  | { outcome: "sent" }
  /** Show in red: "Something went wrong. Please try again." or what the bot said. Typed words stay. */
  | { outcome: "error"; text: string };

export interface FoundPerson {
  /** What the input's value becomes: the Entra object id. */
  value: string;
  title: string;
  subtitle: string;
}

type Done = { ok: true };

/** The answer to `POST /api/do`, by the action's `do`. */
export interface Answers {
  "chat.open": ChatView;
  "chat.send": { message: Message };
  "card.press": Pressed;
  "dialog.submit": Pressed;
  "dialog.close": Done;
  "group.create": { chatId: ChatId };
  "group.add": Done;
  "group.remove": Done;
  "bot.install": Done;
  "bot.uninstall": Done;
  "bot.block": Done;
  "people.add": { personId: PersonId };
  "people.search": { people: FoundPerson[] };
  "meeting.schedule": { meetingId: string; chatId: ChatId };
  "meeting.start": Done;
  "meeting.end": Done;
  "meeting.join": Done;
  "meeting.leave": Done;
  "meeting.admit": Done;
  "network.set": Done;
  "signIn.set": Done;
  "mail.open": Mail;
  "clock.set": Clock;
  "clock.advance": Clock;
  "clock.reset": Clock;
  "case.new": { personId: PersonId; chatId: ChatId };
  "tab.token": { token: string };
}

// ---------------------------------------------------------------------------------------------- what is heard

/** Hints, not contents: fetch what they name. Sent to every page. */
export type LiveEvent =
  /** Messages, cards or members of a chat changed for these people. */
  | { type: "chat"; chatId: ChatId; people: PersonId[] }
  /** The bot is typing in this chat. */
  | { type: "typing"; chatId: ChatId }
  /** Rail, badges, chat lists or meetings changed: fetch `/api/state` again. */
  | { type: "state" }
  | { type: "mail"; person: PersonId }
  | { type: "clock"; clock: Clock }
  | { type: "traffic"; line: TrafficLine };

/** Body of every refused call (4xx). */
export interface Problem {
  /** "UnknownPerson", "UnknownChat", "NotAMember", "BadRequest", "ForeignOrigin"… */
  code: string;
  message: string;
}
