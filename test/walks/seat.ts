import type { Message } from "../../bot/local/protocol";
import type { CommandType } from "../../src/case/decider";
import { addDays, atLondon, type IsoDate } from "../../src/rules/calendar";
import type { Method, Pack } from "../../src/rules/pack";
import { type Button, buttonsOf, type Filled, inputsOf, type Json, wordsOf } from "../support/cardReading";
import type { Product } from "../support/service";
import { Card, type OpenDialog, type Player } from "../support/teams";

/**
 * A case walked through Local Teams: people press what their cards offer, and nothing else. A button is named by the command
 * that it does, and found as a person finds it: on the case card, behind "More", among what is recorded for someone else, on
 * the card of marks or of the gateway.
 */

export type Outside = "apprentice" | "employer" | "provider";
type Args = Readonly<Record<string, string | number>>;

/** How a command is done: which of several, for whom, with which button of its dialog. */
export interface How {
  args?: Args;
  behalf?: Outside;
  /** The dialog's button by its title; the first one unless said. */
  button?: string;
}

const dataOf = (button: Button): Json => (button.action.data as Json | undefined) ?? {};
const verbOf = (button: Button): unknown => button.action.verb ?? dataOf(button).verb;

/** Whether a button does that command, with those arguments, for that person. */
const does = (button: Button, command: string, { args = {}, behalf }: How): boolean => {
  const data = dataOf(button);
  const own = data.verb === "form" ? data.command : verbOf(button);
  const carried = (data.args as Args | undefined) ?? {};
  return own === command && data.behalf === behalf && Object.entries(args).every(([k, v]) => carried[k] === v);
};

const looks = (button: Button, verb: string, args: Args = {}): boolean => does(button, verb, { args });

/** Cards of their own on which some commands stand: of an assessment's marks, of the proposal. */
const cardOf: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "session.mark",
      "session.note",
      "session.descriptors",
      "grade.confirm",
      "mark.correct",
      "moderation.uphold",
      "moderation.sendBack",
      "moderation.sample",
    ].map((command) => [command, "view.grading"]),
  ),
  "proposal.accept": "view.proposal",
  "proposal.return": "view.proposal",
};

/** A person at a case. */
export class Seat {
  private messageId: string | undefined;

  constructor(
    readonly p: Product,
    readonly player: Player,
    readonly ref: string,
  ) {}

  /** Their live case card: asked for once, then kept up to date by the service. */
  async card(): Promise<Card> {
    if (this.messageId === undefined) return this.ask();
    const card = (await this.player.cards()).find((one) => one.messageId === this.messageId);
    if (!card) throw new Error(`${this.player.id}'s card of ${this.ref} is gone`);
    const back = buttonsOf(card.json).find((b) => looks(b, "view.case"));
    if (!back) return card;
    await this.player.press(back.title, {}, card);
    return this.card();
  }

  /** Asks for the case anew. */
  async ask(): Promise<Card> {
    await this.player.say(`case ${this.ref}`);
    const card = await this.player.lastCard();
    if (!card.text.includes(`Case ${this.ref}`)) throw new Error(`${this.player.id} was shown ${card.text}`);
    this.messageId = card.messageId;
    return card;
  }

  /** Everything that their card and "More" offer them, as "command" or "command for role". */
  async offers(): Promise<string[]> {
    const titles = (card: Card) =>
      buttonsOf(card.json).map((b) => {
        const { command, behalf } = dataOf(b);
        return `${command ?? verbOf(b)}${behalf ? ` for ${behalf}` : ""}`;
      });
    const card = await this.card();
    const more = buttonsOf(card.json).find((b) => looks(b, "view.more"));
    return [...titles(card), ...(more ? titles(await this.turn(more, card)) : [])];
  }

  /** Presses a button that only shows something: the same message shows another card. */
  private async turn(button: Button, card: Card): Promise<Card> {
    const pressed = await this.player.press(button.tooltip ?? button.title, {}, card);
    if (pressed.outcome !== "card") throw new Error(`"${button.title}" showed nothing: ${JSON.stringify(pressed)}`);
    return shown(pressed.message, card);
  }

  /** A card of its own: of an assessment's marks, of the proposal, of the record. */
  async shows(view: string, args: Args = {}): Promise<Card> {
    const card = await this.card();
    const search = (one: Card) => buttonsOf(one.json).find((b) => looks(b, view, args));
    const found = search(card);
    if (found) return this.turn(found, card);
    const more = buttonsOf(card.json).find((b) => looks(b, "view.more"));
    const second = more ? await this.turn(more, card) : card;
    const behind = search(second);
    if (!behind) throw new Error(`${this.player.id} finds no ${view} ${JSON.stringify(args)}\n${told(second)}`);
    return this.turn(behind, second);
  }

  /** The whole record of the case, leafed through to its beginning. */
  async record(): Promise<string> {
    let card = await this.shows("view.history");
    const pages = [card.text];
    for (let earlier = older(card); earlier; earlier = older(card)) {
      card = await this.turn(earlier, card);
      pages.push(card.text);
    }
    return pages.join("\n");
  }

  /** Where a command's button stands. */
  async find(command: string, how: How = {}): Promise<{ card: Card; button: Button }> {
    const found = await this.look(command, how);
    if ("button" in found) return found;
    throw new Error(`${this.player.id} is not offered ${command} ${JSON.stringify(how)}\n${told(found.last)}`);
  }

  private async look(command: string, how: How): Promise<{ card: Card; button: Button } | { last: Card }> {
    const on = (card: Card) => {
      const button = buttonsOf(card.json).find((b) => does(b, command, how));
      return button && { card, button };
    };
    const card = await this.card();
    const here = on(card);
    if (here) return here;
    const own = cardOf[command];
    if (own) {
      const method = how.args?.method;
      const its = await this.shows(own, method === undefined ? {} : { method });
      return on(its) ?? { last: its };
    }
    const door = how.behalf ? "view.behalf" : "view.more";
    const way = buttonsOf(card.json).find((b) => looks(b, door));
    if (!way) return { last: card };
    const behind = await this.turn(way, card);
    return on(behind) ?? { last: behind };
  }

  /** Whether the command is offered anywhere. */
  async may(command: CommandType, how: How = {}): Promise<boolean> {
    try {
      return "button" in (await this.look(command, how));
    } catch {
      return false;
    }
  }

  /** Opens the command's dialog. */
  async open(command: string, how: How = {}): Promise<OpenDialog> {
    const { card, button } = await this.find(command, how);
    return this.player.dialog(button.tooltip ?? button.title, card);
  }

  /** Does a command, by its dialog or its button. @returns what was said when it closed. @throws when it is refused. */
  async do(command: CommandType, filled: Filled = {}, how: How = {}): Promise<string> {
    const { card, button } = await this.find(command, how);
    if (button.type === "Action.Submit") {
      const dialog = await this.player.dialog(button.tooltip ?? button.title, card);
      return (await dialog.submit(whole(dialog, recorded(filled, how)), how.button)) ?? "";
    }
    const pressed = await this.player.press(button.tooltip ?? button.title, filled, card);
    if (pressed.outcome !== "card") throw new Error(`${command}: ${JSON.stringify(pressed)}`);
    const text = shown(pressed.message, card).text;
    if (/^(Not done yet|Meanwhile)/.test(text)) throw new Error(`${command} was refused:\n${text}`);
    return text;
  }

  /** Tries it, and is refused: the dialog, still open with what is wrong in it. */
  async refused(command: CommandType, filled: Filled = {}, how: How = {}): Promise<OpenDialog> {
    const dialog = await this.open(command, how);
    return dialog.refused(whole(dialog, recorded(filled, how)), how.button);
  }

  /** The card as it stands is the card that would be drawn anew: text and buttons. */
  async live(): Promise<void> {
    const standing = await this.card();
    await this.player.say(`case ${this.ref}`);
    const anew = await this.player.lastCard();
    expect({ text: standing.text, buttons: standing.buttons }).toEqual({ text: anew.text, buttons: anew.buttons });
    this.messageId = anew.messageId;
  }
}

const older = (card: Card) => buttonsOf(card.json).find((b) => looks(b, "view.history"));

/** What is recorded for someone else says how it came. */
const recorded = (filled: Filled, { behalf }: How): Filled =>
  behalf ? { "behalf-channel": "phone", "behalf-evidence": "Note of the call, on file", ...filled } : filled;

const told = (card: Card) => `its card offers: ${card.buttons.join(" | ")}\n${card.text}`;

function shown(message: Message, before: Card): Card {
  const view = message.cards[before.index];
  if (!view) throw new Error("The card is gone");
  return new Card(before.chatId, message.id, before.index, view.card, view.own);
}

/** Fields by the dialog's input ids, which carry a revision: "text" is "text-r14". */
function whole(dialog: OpenDialog, filled: Filled): Filled {
  const ids = inputsOf(dialog.json).map((input) => String(input.id));
  return Object.fromEntries(
    Object.entries(filled).map(([key, value]) => [
      ids.find((id) => id.replace(/-r\d+(x[a-z0-9]*)?$/i, "") === key) ?? key,
      value,
    ]),
  );
}

/** What stands beside an input of a dialog: its label, and the words between it and the next input. */
export function beside(dialog: OpenDialog, field: string): string {
  const lines: string[] = [];
  // A date and its time stand side by side: what is under them is beside both.
  let over: string[] = [];
  let wasInput = false;
  const walk = (element: Json): void => {
    if (String(element.type).startsWith("Input.")) {
      const id = String(element.id).replace(/-r\d+(x[a-z0-9]*)?$/i, "");
      over = wasInput ? [...over, id] : [id];
      wasInput = true;
      if (id === field) lines.push(String(element.label ?? element.title ?? ""));
      return;
    }
    if (element.type === "TextBlock" || element.type === "RichTextBlock") {
      wasInput = false;
      if (over.includes(field)) lines.push(wordsOf({ body: [element] }));
    }
    for (const key of ["body", "items", "columns"]) for (const x of (element[key] as Json[] | undefined) ?? []) walk(x);
  };
  walk(dialog.json);
  return lines.join("\n");
}

const joined = new WeakMap<Product, Set<string>>();

/** Enters the code that was mailed, in one's own chat with the app; once for all one's cases. */
export async function joins(p: Product, who: string): Promise<void> {
  const already = joined.get(p) ?? new Set();
  joined.set(p, already);
  if (already.has(who)) return;
  already.add(who);
  const player = p.teams.as(who);
  const code = /\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b/.exec((await player.mail()).text)?.[0];
  if (!code) throw new Error(`${who} got no code`);
  await player.chat();
  await player.say(code);
}

/** A day and time in London, for the clock. */
export const toDay = (p: Product, day: IsoDate, time = "09:00"): Promise<void> => p.teams.goTo(atLondon(day, time));

export const ids = (of: readonly { id: string }[]): string[] => of.map((x) => x.id);
export const words = (n: number, word = "word"): string => Array.from({ length: n }, (_, i) => `${word}${i}`).join(" ");
export const methodOf = (pack: Pack, id: string): Method => {
  const found = pack.methods.find((m) => m.id === id);
  if (!found) throw new Error(`No ${id}`);
  return found;
};
export { addDays };

/** The cast that most cases have; who they are in Local Teams. */
export const usual = { apprentice: "ada", employer: "dev", provider: "priya" } as const;

/** The coordinator registers an apprentice, with the cast's mail addresses. @returns the case's reference. */
export async function registers(
  p: Product,
  coordinator: string,
  body: string,
  who: Record<Outside, string> = usual,
  also: Filled = {},
): Promise<string> {
  const player = p.teams.as(coordinator);
  await player.say("register");
  const dialog = await player.dialog("Register apprentice");
  const contact = (role: Outside) => {
    const { name, mail } = p.teams.local.people().find((one) => one.id === who[role]) ?? { name: "", mail: "" };
    return { [`${role}-name`]: name, [`${role}-mail`]: mail ?? "" };
  };
  await dialog.submit(
    whole(dialog, {
      bodyId: body,
      ...contact("apprentice"),
      ...contact("employer"),
      ...contact("provider"),
      employerName: "Fictional Foods Ltd",
      programmeStart: "2024-11-04",
      ...also,
    }),
  );
  const ref = /Case (\S+)/.exec((await player.lastCard()).text)?.[1];
  if (!ref) throw new Error("No case was registered");
  return ref;
}
