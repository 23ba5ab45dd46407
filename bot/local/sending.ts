import { CARD, checkCard, MOST_BYTES } from "./cardRules";
import { changed, newCard, personalChat, post } from "./chats";
import { canChatAlone } from "./people";
import type { AdaptiveCardJson } from "./protocol";
import { TeamsRefusal } from "./refusal";
import type { Chat, StoredMessage, World } from "./state";

type Json = Record<string, unknown>;

const object = (value: unknown): Json => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TeamsRefusal(400, "BadSyntax", "The body must be a JSON object");
  return value as Json;
};

/** The conversation, if the bot may speak there: known, the bot a member, and not blocked by the one it speaks to. */
export function openTo(world: World, conversationId: string): Chat {
  const chat = world.chats.find((one) => one.id === conversationId);
  if (!chat) throw new TeamsRefusal(404, "ConversationNotFound", "Conversation not found.");
  if (!chat.hasBot)
    throw new TeamsRefusal(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.");
  if (chat.kind === "personal" && chat.members.some((id) => world.person(id).blocksBot))
    throw new TeamsRefusal(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.");
  return chat;
}

/** Counts a send against the conversation and the tenant. */
export function spendSend(world: World, chat: Chat): void {
  world.limits.spend(["send", chat.id], ["tenant", chat.tenantId]);
}

/**
 * A message, or typing, from the bot.
 * @returns the message's id; nothing for typing, and nothing when words and card came in one activity: Teams makes two
 *   messages of it and tells the id of neither
 */
export function send(world: World, chat: Chat, body: unknown): { id?: string } {
  const activity = object(body);
  if (activity.type === "typing") {
    world.tell({ type: "typing", chatId: chat.id });
    return { id: world.nextId() };
  }
  if (activity.type !== "message") throw new TeamsRefusal(400, "BadArgument", `Unknown activity type ${activity.type}`);
  const { text, textFormat, cards } = read(activity);
  if (text === undefined && cards.length === 0)
    throw new TeamsRefusal(400, "BadSyntax", "The activity has neither text nor attachments");
  const from = { kind: "bot" } as const;
  if (text !== undefined && cards.length > 0) {
    post(world, chat, { from, text, textFormat });
    post(world, chat, { from, cards });
    return {};
  }
  return { id: post(world, chat, { from, ...(text === undefined ? {} : { text, textFormat }), cards }).id };
}

function read(activity: Json): { text?: string; textFormat: "plain" | "markdown" | "xml"; cards: AdaptiveCardJson[] } {
  if (Buffer.byteLength(JSON.stringify(activity)) > MOST_BYTES)
    throw new TeamsRefusal(413, "MessageSizeTooBig", "Message size too large.");
  const attachments = Array.isArray(activity.attachments) ? activity.attachments : [];
  const cards = attachments.map((attachment: { contentType?: unknown; content?: unknown }) => {
    if (attachment?.contentType !== CARD)
      throw new TeamsRefusal(400, "BadArgument", `Unknown attachment type ${String(attachment?.contentType)}`);
    return checkCard(attachment.content, "message");
  });
  const format = activity.textFormat ?? "markdown";
  if (format !== "plain" && format !== "markdown" && format !== "xml")
    throw new TeamsRefusal(400, "BadArgument", `Unknown textFormat ${String(format)}`);
  const text = typeof activity.text === "string" && activity.text !== "" ? activity.text : undefined;
  return { ...(text === undefined ? {} : { text }), textFormat: format, cards };
}

function ownMessage(chat: Chat, id: string): StoredMessage {
  const message = chat.messages.find((one) => one.id === id);
  if (!message || message.deleted)
    throw new TeamsRefusal(404, "ActivityNotFoundInConversation", "Activity not found in conversation.");
  if (message.from.kind !== "bot")
    throw new TeamsRefusal(403, "ActivityNotOwned", "A bot changes only messages that it sent.");
  return message;
}

/** Replaces a message. Everyone's own views of its cards fall, and those who look get refreshed afresh. */
export function update(world: World, chat: Chat, id: string, body: unknown): { id: string } {
  const message = ownMessage(chat, id);
  const { text, textFormat, cards } = read(object(body));
  if (text === undefined && cards.length === 0)
    throw new TeamsRefusal(400, "BadSyntax", "The activity has neither text nor attachments");
  const revisions = message.cards.map((card) => card.revision);
  delete message.text;
  if (text !== undefined) Object.assign(message, { text, textFormat });
  message.cards = cards.map((card, index) => ({ ...newCard(card), revision: (revisions[index] ?? 0) + 1 }));
  message.editedAt = world.clock.now();
  changed(world, chat);
  return { id };
}

export function remove(world: World, chat: Chat, id: string): void {
  const message = ownMessage(chat, id);
  message.deleted = true;
  message.cards = [];
  delete message.text;
  changed(world, chat);
  world.tell({ type: "state" });
}

/**
 * `POST /v3/conversations`: the bot opens its personal chat with one person, named by MRI or object id, who has the app.
 * The same person gives the same conversation each time.
 */
export function createConversation(
  world: World,
  body: unknown,
  once: (chat: Chat) => void,
): { id: string; activityId?: string; serviceUrl: string } {
  const { isGroup, members, channelData, tenantId, activity } = object(body);
  if (isGroup === true) throw new TeamsRefusal(403, "BadArgument", "A bot cannot create a group chat");
  const [member, ...others] = Array.isArray(members) ? (members as { id?: unknown }[]) : [];
  if (typeof member?.id !== "string" || others.length > 0)
    throw new TeamsRefusal(400, "BadArgument", "members must hold one person, by MRI or object id");
  const tenant = tenantId ?? (channelData as { tenant?: { id?: unknown } } | undefined)?.tenant?.id;
  if (typeof tenant !== "string") throw new TeamsRefusal(400, "BadArgument", "The tenant's id is missing");
  const person = world.personKnownAs(member.id);
  if (!person || !canChatAlone(person) || person.tenantId !== tenant)
    throw new TeamsRefusal(400, "BadArgument", "Unknown member: an MRI or an object id of the tenant is needed");
  world.limits.spend(["create", person.id], ["tenant", tenant]);
  const chat = openTo(world, personalChat(world, person).id);
  once(chat);
  const sent = activity === undefined || activity === null ? undefined : send(world, chat, activity);
  return { id: chat.id, ...(sent?.id ? { activityId: sent.id } : {}), serviceUrl: world.serviceUrl };
}
