import { invoking, submitting } from "./activities";
import { CARD, checkCard, refreshFor } from "./cardRules";
import { changed, messageFor } from "./chats";
import { type BotAnswer, deliver, deliverInvoke } from "./delivery";
import type { Dialogs } from "./dialogs";
import type { Person } from "./people";
import type { Press, Pressed } from "./protocol";
import { PageRefusal, TeamsRefusal, WENT_WRONG } from "./refusal";
import type { CardState, Chat, StoredMessage, World } from "./state";
import { say } from "./talk";

const UNREACHABLE = "Unable to reach app. Please try again.";
const ONCE_IN = 60_000;
/** How far up a client has a chat on its screen. */
const ON_SCREEN = 20;
const MESSAGE = "application/vnd.microsoft.activity.message";

/** Presses a button of a card in a message. */
export async function press(
  world: World,
  dialogs: Dialogs,
  chat: Chat,
  person: Person,
  at: { messageId: string; card: number },
  action: Press,
): Promise<Pressed> {
  const message = chat.messages.find((one) => one.id === at.messageId && !one.deleted);
  const card = message?.cards[at.card];
  if (!message || !card) throw new PageRefusal(404, "UnknownCard", "The message is gone");
  if (!chat.hasBot) return { outcome: "error", text: UNREACHABLE };
  if (action.type === "Action.Execute") return execute(world, chat, person, message, card, action);

  const teams = action.data.msteams as
    | { type?: string; text?: string; value?: unknown; displayText?: string }
    | undefined;
  switch (teams?.type) {
    case "task/fetch":
      return dialogs.open(world, chat, person, message.id, action.data);
    case "imBack":
      await say(world, chat, person, String(teams.value ?? ""));
      return { outcome: "sent" };
    case "messageBack": {
      const { msteams: _, ...data } = action.data;
      const value = typeof teams.value === "object" && teams.value !== null ? { ...data, ...teams.value } : data;
      return sent(await deliver(world, submitting(world, chat, person, message.id, value, teams.text)));
    }
    case undefined:
      return sent(await deliver(world, submitting(world, chat, person, message.id, action.data)));
    default:
      return { outcome: "error", text: WENT_WRONG };
  }
}

const sent = ({ status }: BotAnswer): Pressed =>
  status >= 200 && status < 300 ? { outcome: "sent" } : { outcome: "error", text: UNREACHABLE };

async function execute(
  world: World,
  chat: Chat,
  person: Person,
  message: StoredMessage,
  card: CardState,
  action: Extract<Press, { type: "Action.Execute" }>,
): Promise<Pressed> {
  const answer = await runAction(world, chat, person, message.id, action, "manual");
  if ("card" in answer) {
    keepView(world, chat, card, person, answer.card);
    return { outcome: "card", message: messageFor(world, message, person.id) };
  }
  return "text" in answer ? { outcome: "message", text: answer.text } : { outcome: "error", text: answer.error };
}

/** Sends `adaptiveCard/action` and reads the answer as Teams does: HTTP 200 outside, the outcome inside. */
async function runAction(
  world: World,
  chat: Chat,
  person: Person,
  messageId: string,
  action: { type: string; id?: string | undefined; verb?: string | undefined; data?: unknown },
  trigger: "manual" | "automatic",
): Promise<{ card: CardState["base"] } | { text: string } | { error: string }> {
  const { type, id, verb, data } = action;
  const value = { action: { type, id, verb: verb ?? "", data: data ?? {} }, trigger };
  const { status, body } = await deliverInvoke(
    world,
    invoking(world, chat, person, "adaptiveCard/action", value, messageId),
  );
  if (status !== 200) return { error: status === 0 ? UNREACHABLE : WENT_WRONG };
  const inner = (body ?? {}) as { statusCode?: unknown; type?: unknown; value?: unknown };
  const code = inner.statusCode ?? 200;
  if (code !== 200) return { error: messageIn(inner.value) ?? WENT_WRONG };
  if (inner.type === MESSAGE && typeof inner.value === "string") return { text: inner.value };
  if (inner.type !== CARD) return { error: WENT_WRONG };
  try {
    return { card: checkCard(inner.value, "message") };
  } catch (error) {
    if (error instanceof TeamsRefusal) return { error: `${WENT_WRONG} (${error.message})` };
    throw error;
  }
}

function messageIn(value: unknown): string | undefined {
  const message = (value as { message?: unknown } | null | undefined)?.message;
  return typeof message === "string" && message ? message : undefined;
}

function keepView(world: World, chat: Chat, card: CardState, person: Person, content: CardState["base"]): void {
  card.revision += 1;
  card.views[person.id] = { card: content, revision: card.revision };
  changed(world, chat, [person.id]);
}

/**
 * Refreshes, for the person who is looking, the cards on screen that ask for it: once when first seen, once after each
 * change of the base card, and otherwise at most once a minute.
 */
export function refreshCards(world: World, chat: Chat, person: Person): void {
  if (!chat.hasBot) return;
  for (const message of chat.messages.slice(-ON_SCREEN)) {
    if (message.deleted) continue;
    for (const card of message.cards) {
      const shown = card.views[person.id]?.card ?? card.base;
      const action = refreshFor(shown, world.mri(person), chat.members.length);
      const last = card.refreshed[person.id];
      if (!action || (last !== undefined && world.pace.now() - last < ONCE_IN)) continue;
      card.refreshed[person.id] = world.pace.now();
      world.inBackground(refresh(world, chat, person, message, card, action));
    }
  }
}

async function refresh(
  world: World,
  chat: Chat,
  person: Person,
  message: StoredMessage,
  card: CardState,
  action: NonNullable<ReturnType<typeof refreshFor>>,
): Promise<void> {
  const base = card.base;
  const answer = await runAction(world, chat, person, message.id, action, "automatic");
  // A base card that changed meanwhile brings its own refresh: this answer is of the past.
  if ("card" in answer && card.base === base && !message.deleted) keepView(world, chat, card, person, answer.card);
}
