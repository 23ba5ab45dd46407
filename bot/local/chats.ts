import type { Person } from "./people";
import { canChatAlone, hasTeams } from "./people";
import type { AdaptiveCardJson, ChatSummary, ChatView, Message, PersonId, Sender } from "./protocol";
import { PageRefusal } from "./refusal";
import type { CardState, Chat, StoredMessage, World } from "./state";

/** The person's own chat with the bot, made when it is first asked for; the app is not installed by this. */
export function personalChat(world: World, person: Person): Chat {
  if (!canChatAlone(person)) throw new PageRefusal(409, "NoTeams", `${person.name} has no chat with an app`);
  const known = world.chats.find((chat) => chat.kind === "personal" && chat.members[0] === person.id);
  if (known) return known;
  const chat: Chat = {
    id: world.threadId("personal"),
    kind: "personal",
    title: world.app.name,
    tenantId: person.tenantId ?? "",
    members: [person.id],
    hasBot: false,
    messages: [],
    seen: {},
  };
  world.chats.push(chat);
  world.tell({ type: "state" });
  return chat;
}

/** A new chat of several people, without the bot. Those who have no Teams cannot be in it. */
export function groupChat(world: World, owner: Person, title: string, members: PersonId[], meetingId?: string): Chat {
  if (!owner.tenantId) throw new PageRefusal(409, "NoTeams", `${owner.name} cannot start a chat`);
  const all = [...new Set([owner.id, ...members])].map((id) => world.person(id));
  for (const person of all) mayJoin(person, meetingId !== undefined);
  const chat: Chat = {
    id: world.threadId(meetingId ? "meeting" : "group"),
    kind: meetingId ? "meeting" : "group",
    title,
    tenantId: owner.tenantId,
    members: all.map((person) => person.id),
    hasBot: false,
    messages: [],
    seen: {},
    ...(meetingId ? { meetingId } : {}),
  };
  world.chats.push(chat);
  world.tell({ type: "state" });
  return chat;
}

/** Refuses those who cannot be in a chat: people without Teams, and anonymous guests outside a meeting. */
export function mayJoin(person: Person, meeting: boolean): void {
  if (!hasTeams(person)) throw new PageRefusal(409, "NoTeams", `${person.name} has no Teams`);
  if (person.kind === "anonymous" && !meeting)
    throw new PageRefusal(409, "NoAccount", `${person.name} can only join a meeting`);
}

/** Puts a message into a chat and tells its people. */
export function post(
  world: World,
  chat: Chat,
  message: Omit<StoredMessage, "id" | "at" | "cards"> & { cards?: AdaptiveCardJson[] },
): StoredMessage {
  const stored: StoredMessage = {
    ...message,
    id: world.nextId(),
    at: world.clock.now(),
    cards: (message.cards ?? []).map(newCard),
  };
  chat.messages.push(stored);
  if (message.from.kind === "person") chat.seen[message.from.id] = stored.id;
  changed(world, chat);
  world.tell({ type: "state" });
  return stored;
}

export function newCard(base: AdaptiveCardJson): CardState {
  return { base, revision: 1, views: {}, refreshed: {} };
}

export function changed(world: World, chat: Chat, people: PersonId[] = chat.members): void {
  world.tell({ type: "chat", chatId: chat.id, people });
}

/** What others wrote after the last message this person saw. */
export function unreadIn(chat: Chat, personId: PersonId): number {
  const seen = Number(chat.seen[personId] ?? 0);
  return chat.messages.filter(
    (message) =>
      Number(message.id) > seen &&
      !message.deleted &&
      message.from.kind !== "system" &&
      !(message.from.kind === "person" && message.from.id === personId),
  ).length;
}

/** Marks all as seen; tells of it only when something was not. */
export function markSeen(world: World, chat: Chat, personId: PersonId): void {
  const last = chat.messages.at(-1)?.id;
  if (!last || chat.seen[personId] === last) return;
  const unread = unreadIn(chat, personId);
  chat.seen[personId] = last;
  if (unread > 0) world.tell({ type: "state" });
}

const senderOf = (world: World, from: StoredMessage["from"]): Sender => {
  if (from.kind === "bot") return { kind: "bot", name: world.app.name };
  if (from.kind === "system") return { kind: "system" };
  return { kind: "person", id: from.id, name: world.person(from.id).name };
};

/** A message as this person sees it: their own view of a card, or the base; nothing of a deleted one. */
export function messageFor(world: World, message: StoredMessage, viewer: PersonId): Message {
  const view: Message = { id: message.id, at: message.at, from: senderOf(world, message.from), cards: [] };
  if (message.editedAt) view.editedAt = message.editedAt;
  if (message.failed && message.from.kind === "person" && message.from.id === viewer) view.failed = message.failed;
  if (message.deleted) return { ...view, deleted: true };
  if (message.text !== undefined) view.text = message.text;
  if (message.textFormat) view.textFormat = message.textFormat;
  view.cards = message.cards.map((card) => {
    const own = card.views[viewer];
    return own
      ? { card: own.card, revision: own.revision, own: true }
      : { card: card.base, revision: card.revision, own: false };
  });
  return view;
}

export function summaryFor(world: World, chat: Chat, viewer: PersonId): ChatSummary {
  const summary: ChatSummary = {
    id: chat.id,
    kind: chat.kind,
    title: chat.title,
    hasBot: chat.hasBot,
    unread: unreadIn(chat, viewer),
  };
  const last = chat.messages.filter((message) => !message.deleted && message.from.kind !== "system").at(-1);
  if (last) {
    const from = last.from.kind === "person" && last.from.id === viewer ? "You" : nameOf(world, last);
    summary.last = { at: last.at, from, preview: previewOf(last) };
  }
  return summary;
}

const nameOf = (world: World, message: StoredMessage): string => {
  const sender = senderOf(world, message.from);
  return sender.kind === "system" ? "" : sender.name;
};

/** One line for the chat list: the words, or what a card without words says of itself. Never a person's own view. */
function previewOf(message: StoredMessage): string {
  const words = message.text
    ?.replaceAll(/<[^>]+>/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (words) return words.slice(0, 120);
  const card = message.cards[0]?.base;
  const said = card?.fallbackText ?? card?.speak;
  return typeof said === "string" ? said.slice(0, 120) : "Card";
}

export function viewFor(world: World, chat: Chat, viewer: PersonId): ChatView {
  const meeting = chat.meetingId ? world.meetings.find((one) => one.id === chat.meetingId) : undefined;
  return {
    ...summaryFor(world, chat, viewer),
    members: chat.members.map((id) => ({ id, name: world.person(id).name })),
    messages: chat.messages.map((message) => messageFor(world, message, viewer)),
    ...(meeting ? { meeting } : {}),
  };
}
