import { type LocalTeams, type LocalTeamsOptions, startLocalTeams } from "../../bot/local/localTeams";
import type { Action, ChatView, Dialog, Mail, Message, Pressed } from "../../bot/local/protocol";
import { type Button, buttonsOf, type Filled, fill, inputsOf, type Json, theButton, wordsOf } from "./cardReading";

/** A service under test, started against the stand-in. */
export interface StartedBot {
  /** Where it takes activities, `http://…/api/messages`. */
  endpoint: string;
  stop(): Promise<void>;
  /** Resolves once the notices of what was done have gone out. */
  settled?(): Promise<void>;
}

/** How long a person takes between two deeds, for the send rates and refreshes: ten seconds. */
const HUMAN = 10_000;

/**
 * Starts Local Teams and a service in it. People act through the same calls as the page; nothing is reached round them.
 *
 * ```ts
 * const teams = await localTeams({ bot: startService });
 * const cora = teams.as("coordinator");
 * await cora.say("register");
 * await cora.dialog("Register").submit({ "Apprentice": "Ada Example" });
 * await teams.as("ada").in("Ada Example, assessment").press("Accept proposal");
 * ```
 */
export async function localTeams({
  bot,
  ...options
}: LocalTeamsOptions & { bot(local: LocalTeams): Promise<StartedBot> }): Promise<Teams> {
  const local = await startLocalTeams({ pageFolder: "/nowhere", ...options });
  try {
    const started = await bot(local);
    local.connect(started.endpoint);
    return new Teams(local, started);
  } catch (error) {
    await local.stop();
    throw error;
  }
}

export class Teams {
  constructor(
    readonly local: LocalTeams,
    private readonly bot: StartedBot,
  ) {}

  /** Someone by role, id or name: "coordinator", "cora", "Cora Placeholder". */
  as(who: string): Player {
    const wanted = who.toLowerCase();
    const person = this.local
      .people()
      .find((one) => [one.id, one.role, one.name].some((name) => name.toLowerCase() === wanted));
    if (!person)
      throw new Error(
        `Nobody is "${who}"; there are: ${this.local
          .people()
          .map((one) => one.role)
          .join(", ")}`,
      );
    return new Player(this, person.id, "bot");
  }

  /** Does something as the page would, and waits until all that follows has happened. */
  async act<A extends Action>(action: A) {
    this.local.pace.skip(HUMAN);
    const answer = await this.local.perform(action);
    await this.settled();
    return answer;
  }

  async settled(): Promise<void> {
    await this.local.idle();
    await this.bot.settled?.();
    await this.local.idle();
  }

  /** Moves the clock: to an instant, or onwards by so many days. */
  async goTo(at: string): Promise<void> {
    await this.act({ do: "clock.set", at });
  }
  async days(days: number): Promise<void> {
    await this.act({ do: "clock.advance", ms: days * 86_400_000 });
  }

  async stop(): Promise<void> {
    await this.settled();
    await this.bot.stop();
    await this.local.stop();
  }
}

/** One person, at one of their chats: their own with the app unless `in` says another. */
export class Player {
  constructor(
    private readonly teams: Teams,
    readonly id: string,
    private readonly chatId: string,
  ) {}

  /** The same person in a chat that they are in, by its title. */
  in(title: string): Player {
    const chat = this.teams.local.snapshot(this.id).chats.find((one) => one.title === title);
    if (!chat) throw new Error(`${this.id} is in no chat "${title}"`);
    return new Player(this.teams, this.id, chat.id);
  }

  /** Starts a group chat with others, the app in it, and goes there. */
  async starts(title: string, others: string[], addBot = true): Promise<Player> {
    const members = others.map((who) => this.teams.as(who).id);
    const { chatId } = await this.teams.act({ do: "group.create", as: this.id, title, members, addBot });
    return new Player(this.teams, this.id, chatId);
  }

  /** Says something; in groups "@Epilogue" is the mention. */
  async say(text: string): Promise<Message> {
    const { message } = await this.teams.act({ do: "chat.send", as: this.id, chatId: this.chatId, text });
    return message;
  }

  /** Opens the chat, waits for what refreshes by itself, and reads it. */
  async chat(): Promise<ChatView> {
    const action = { do: "chat.open", as: this.id, chatId: this.chatId } as const;
    await this.teams.act(action);
    return this.teams.local.perform(action);
  }

  /** The bot's messages here, deleted ones left out, oldest first. */
  async messages(): Promise<Message[]> {
    return (await this.chat()).messages.filter((message) => message.from.kind === "bot" && !message.deleted);
  }

  /** The words of the bot's last message: its text, or what stands on its card. */
  async lastWords(): Promise<string> {
    const last = (await this.messages()).at(-1);
    return last ? [last.text ?? "", ...last.cards.map(({ card }) => wordsOf(card))].filter(Boolean).join("\n") : "";
  }

  /** All cards here as this person sees them, oldest first. */
  async cards(): Promise<Card[]> {
    const chat = await this.chat();
    return chat.messages.flatMap((message) =>
      message.cards.map((shown, index) => new Card(chat.id, message.id, index, shown.card, shown.own)),
    );
  }

  /** The newest card; with words, the newest that holds them. */
  async lastCard(words = ""): Promise<Card> {
    const card = (await this.cards()).findLast((one) => one.text.includes(words));
    if (!card) throw new Error(`${this.id} sees no card${words && ` with "${words}"`}`);
    return card;
  }

  /** Presses a button of the newest card that has it, or of a card kept from before. Fails when Teams shows an error. */
  async press(button: string, filled: Filled = {}, card?: Card): Promise<Pressed> {
    const pressed = await this.tryPress(button, filled, card);
    if (pressed.outcome === "error") throw new Error(`${this.id} pressed "${button}": ${pressed.text}`);
    return pressed;
  }

  /** As `press`, an error being an answer too. */
  async tryPress(button: string, filled: Filled = {}, card?: Card): Promise<Pressed> {
    const on = card ?? (await this.cardWith(button));
    const action = await this.ready(theButton(buttonsOf(on.json), button), filled);
    return this.teams.act({
      do: "card.press",
      as: this.id,
      chatId: on.chatId,
      messageId: on.messageId,
      card: on.index,
      action,
    });
  }

  /** Opens a dialog with a button; `await` it to look first, or fill it straight away with `.submit({…})`. */
  dialog(button: string, card?: Card): DialogToCome {
    const opened = this.tryPress(button, {}, card).then((pressed) => {
      if (pressed.outcome !== "dialog")
        throw new Error(`"${button}" opens no dialog: ${"text" in pressed ? pressed.text : pressed.outcome}`);
      return new OpenDialog(this, this.teams, pressed.dialog);
    });
    return Object.assign(opened, {
      submit: async (filled?: Filled, with_?: string) => (await opened).submit(filled, with_),
      refused: async (filled?: Filled, with_?: string) => (await opened).refused(filled, with_),
    });
  }

  /** All mail, newest first, whole. */
  async mails(): Promise<Mail[]> {
    await this.teams.settled();
    const { mail } = this.teams.local.snapshot(this.id);
    return Promise.all(mail.map(({ id }) => this.teams.local.perform({ do: "mail.open", as: this.id, mailId: id })));
  }

  /** The newest mail; with words, the newest whose subject or text holds them. */
  async mail(words = ""): Promise<Mail> {
    const mail = (await this.mails()).find((one) => `${one.subject}\n${one.text}`.includes(words));
    if (!mail) throw new Error(`${this.id} has no mail${words && ` with "${words}"`}`);
    return mail;
  }

  /** Fills a button's inputs, people by name, and gives the action as the renderer does. */
  async ready(button: Button, filled: Filled) {
    const values = fill(button.inputs, await this.picked(button.inputs, filled));
    const data = { ...((button.action.data as Json | undefined) ?? {}), ...values };
    const id = typeof button.action.id === "string" ? { id: button.action.id } : {};
    if (button.type === "Action.Submit") return { type: "Action.Submit" as const, ...id, data };
    return { type: "Action.Execute" as const, ...id, verb: String(button.action.verb ?? ""), data };
  }

  /** In people pickers, names become what the picker yields for them. */
  private async picked(inputs: Json[], filled: Filled): Promise<Filled> {
    const ready = { ...filled };
    for (const input of inputs.filter((one) => one["choices.data"])) {
      const key = Object.keys(filled).find((one) =>
        [input.id, input.label].some((name) => String(name).startsWith(one)),
      );
      if (key === undefined || filled[key] === "") continue;
      const dataset = (input["choices.data"] as { dataset: string }).dataset;
      const names = Array.isArray(filled[key]) ? (filled[key] as string[]) : [String(filled[key])];
      const values = await Promise.all(names.map((name) => this.pick(dataset, name)));
      ready[key] = values.join(",");
    }
    return ready;
  }

  private async pick(dataset: string, name: string): Promise<string> {
    const { people } = await this.teams.local.perform({ do: "people.search", as: this.id, text: name, dataset });
    if (people.length !== 1) throw new Error(`The people picker finds ${people.length} people for "${name}"`);
    return people[0]?.value ?? "";
  }

  private async cardWith(button: string): Promise<Card> {
    const cards = await this.cards();
    const names = (one: Button): unknown[] => [
      one.title,
      one.tooltip,
      one.action.verb,
      one.action.id,
      (one.action.data as Json | undefined)?.verb,
    ];
    const card = cards.findLast((one) => buttonsOf(one.json).some((found) => names(found).includes(button)));
    if (card) return card;
    const last = cards.at(-1);
    throw new Error(
      last
        ? `${this.id} sees no "${button}"; the newest card offers: ${last.buttons.join(", ") || "nothing"}\n${last.text}`
        : `${this.id} sees no card, so no "${button}"`,
    );
  }
}

/** A card as one person saw it at one time. */
export class Card {
  constructor(
    readonly chatId: string,
    readonly messageId: string,
    readonly index: number,
    readonly json: Json,
    /** Whether it is this person's own view rather than what everyone sees. */
    readonly own: boolean,
  ) {}

  get text(): string {
    return wordsOf(this.json);
  }
  /** Titles of the buttons, in order. */
  get buttons(): string[] {
    return buttonsOf(this.json).map((button) => button.title);
  }
}

interface DialogToCome extends Promise<OpenDialog> {
  submit(filled?: Filled, button?: string): Promise<string | undefined>;
  refused(filled?: Filled, button?: string): Promise<OpenDialog>;
}

/** A dialog on the screen. */
export class OpenDialog {
  constructor(
    private readonly player: Player,
    private readonly teams: Teams,
    private shown: Dialog,
  ) {}

  get title(): string {
    return this.shown.title;
  }
  get text(): string {
    return wordsOf(this.shown.card);
  }
  get json(): Json {
    return this.shown.card;
  }
  /** What stands in the inputs, by id. */
  get values(): Record<string, unknown> {
    return Object.fromEntries(inputsOf(this.shown.card).map((input) => [String(input.id), input.value]));
  }

  /** Fills and sends it; fails if it stays open. Resolves with the closing message, if there is one. */
  async submit(filled: Filled = {}, button?: string): Promise<string | undefined> {
    const pressed = await this.send(filled, button);
    if (pressed.outcome === "closed") return pressed.text;
    if (pressed.outcome === "dialog") throw new Error(`"${this.title}" is still open:\n${this.text}`);
    throw new Error(`"${this.title}": ${"text" in pressed ? pressed.text : pressed.outcome}`);
  }

  /** Fills and sends it; fails unless it stays open, refused or gone on to another step. */
  async refused(filled: Filled = {}, button?: string): Promise<OpenDialog> {
    const pressed = await this.send(filled, button);
    if (pressed.outcome !== "dialog") throw new Error(`"${this.title}" was not refused: ${pressed.outcome}`);
    return this;
  }

  async close(): Promise<void> {
    await this.teams.act({ do: "dialog.close", as: this.player.id, dialogId: this.shown.id });
  }

  private async send(filled: Filled, named?: string): Promise<Pressed> {
    const buttons = buttonsOf(this.shown.card);
    const button = named === undefined ? buttons[0] : theButton(buttons, named);
    if (!button) throw new Error(`"${this.title}" has no button`);
    const action = await this.player.ready(button, filled);
    const pressed = await this.teams.act({ do: "dialog.submit", as: this.player.id, dialogId: this.shown.id, action });
    if (pressed.outcome === "dialog") this.shown = pressed.dialog;
    return pressed;
  }
}
