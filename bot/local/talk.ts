import { saying } from "./activities";
import { changed, messageFor, personalChat, post } from "./chats";
import { deliver } from "./delivery";
import { installBot } from "./membership";
import type { Person } from "./people";
import type { Message } from "./protocol";
import type { Chat, StoredMessage, World } from "./state";

const UNREACHED = "did not answer. Try again.";

/** The chat that the page names; "bot" is the person's own chat with the app. */
export function chatNamed(world: World, person: Person, chatId: string): Chat {
  return chatId === "bot" ? personalChat(world, person) : world.chatOf(person, chatId);
}

/**
 * Says something in a chat. The bot hears it in its personal chat, and elsewhere only when mentioned. Resolves when the
 * bot has taken it, or has failed to.
 */
export async function say(world: World, chat: Chat, person: Person, text: string): Promise<Message> {
  const heard = mention(world, chat, text);
  const message = post(world, chat, {
    from: { kind: "person", id: person.id },
    text: heard ?? text,
    textFormat: "plain",
  });
  if (heard !== undefined) await reach(world, chat, person, message, heard);
  return messageFor(world, message, person.id);
}

async function reach(world: World, chat: Chat, person: Person, message: StoredMessage, text: string): Promise<void> {
  if (chat.kind === "personal") {
    // Writing to an app that blocks are set against lifts nothing: the message goes nowhere.
    if (person.blocksBot) {
      message.failed = `You have blocked ${world.app.name}.`;
      return changed(world, chat);
    }
    await installBot(world, chat, person);
  }
  const { status } = await deliver(world, saying(world, chat, person, message.id, text));
  if (status < 200 || status >= 300) {
    message.failed = `${world.app.name} ${UNREACHED}`;
    changed(world, chat);
  }
}

/** The text as the bot gets it, or nothing when it is not for the bot. */
function mention(world: World, chat: Chat, text: string): string | undefined {
  if (chat.kind === "personal") return text;
  if (!chat.hasBot) return undefined;
  const at = new RegExp(`@${literally(world.app.name)}(?![\\w-])|<at>${literally(world.app.name)}</at>`, "gi");
  return at.test(text) ? text.replaceAll(at, `<at>${world.app.name}</at>`) : undefined;
}

const literally = (words: string): string => words.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
