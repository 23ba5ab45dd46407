import { invoking } from "./activities";
import { CARD, checkCard } from "./cardRules";
import { deliverInvoke } from "./delivery";
import type { Person } from "./people";
import type { Dialog, PersonId, Press, Pressed } from "./protocol";
import { PageRefusal, TeamsRefusal, WENT_WRONG } from "./refusal";
import type { Chat, World } from "./state";

interface OpenDialog {
  dialog: Dialog;
  personId: PersonId;
  chatId: string;
}

const SIZES = ["small", "medium", "large"];

/** The dialogs that people have open. They live in a person's client: a restart closes them. */
export class Dialogs {
  private readonly opened = new Map<string, OpenDialog>();

  /** `task/fetch`: the bot answers with the dialog's card, or with a message. */
  async open(world: World, chat: Chat, person: Person, messageId: string, data: object): Promise<Pressed> {
    const id = `d${world.nextId()}`;
    const pressed = await this.ask(world, chat, person, "task/fetch", data, id, messageId);
    return pressed.outcome === "closed"
      ? pressed.text === undefined
        ? { outcome: "error", text: WENT_WRONG }
        : { outcome: "message", text: pressed.text }
      : pressed;
  }

  /** `task/submit`: another card keeps the dialog open, a message or nothing closes it. */
  async submit(world: World, person: Person, dialogId: string, action: Press): Promise<Pressed> {
    const { chatId } = this.mine(person, dialogId);
    const chat = world.chatOf(person, chatId);
    if (action.type !== "Action.Submit") return { outcome: "error", text: WENT_WRONG };
    const pressed = await this.ask(world, chat, person, "task/submit", action.data, dialogId);
    if (pressed.outcome === "closed") this.opened.delete(dialogId);
    return pressed;
  }

  /** Closing tells the bot nothing. */
  close(person: Person, dialogId: string): void {
    if (this.opened.get(dialogId)?.personId === person.id) this.opened.delete(dialogId);
  }

  private mine(person: Person, dialogId: string): OpenDialog {
    const open = this.opened.get(dialogId);
    if (!open || open.personId !== person.id) throw new PageRefusal(404, "UnknownDialog", "The dialog is closed");
    return open;
  }

  private async ask(
    world: World,
    chat: Chat,
    person: Person,
    name: "task/fetch" | "task/submit",
    data: object,
    dialogId: string,
    messageId?: string,
  ): Promise<Pressed> {
    const value = { data, context: { theme: "default" } };
    const { status, body } = await deliverInvoke(world, invoking(world, chat, person, name, value, messageId));
    if (status !== 200) return { outcome: "error", text: WENT_WRONG };
    const task = (body as { task?: { type?: unknown; value?: unknown } } | null | undefined)?.task;
    if (task === undefined || task === null) return { outcome: "closed" };
    if (task.type === "message" && typeof task.value === "string") return { outcome: "closed", text: task.value };
    if (task.type !== "continue") return { outcome: "error", text: WENT_WRONG };
    try {
      const dialog = read(task.value, dialogId, (this.opened.get(dialogId)?.dialog.revision ?? 0) + 1);
      this.opened.set(dialogId, { dialog, personId: person.id, chatId: chat.id });
      return { outcome: "dialog", dialog };
    } catch (error) {
      if (error instanceof TeamsRefusal) return { outcome: "error", text: `${WENT_WRONG} (${error.message})` };
      throw error;
    }
  }
}

/** The dialog in a `continue` answer. The card comes as an attachment; a bare card draws an empty dialog in Teams. */
function read(value: unknown, id: string, revision: number): Dialog {
  const { title, height, width, card } = (value ?? {}) as Record<string, unknown>;
  const attachment = card as { contentType?: unknown; content?: unknown } | undefined;
  if (attachment?.contentType !== CARD)
    throw new TeamsRefusal(400, "BadArgument", "The dialog's card must be an Adaptive Card attachment");
  return {
    id,
    revision,
    title: typeof title === "string" ? title : "",
    height: size(height, "height"),
    width: size(width, "width"),
    card: checkCard(attachment.content, "dialog"),
  };
}

function size(value: unknown, which: string): number | "small" | "medium" | "large" {
  if (value === undefined || value === null) return "medium";
  if (typeof value === "number" && value > 0) return value;
  if (SIZES.includes(String(value))) return value as "small" | "medium" | "large";
  throw new TeamsRefusal(400, "BadArgument", `A dialog's ${which} is a number of pixels, small, medium or large`);
}
