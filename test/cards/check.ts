import { readFileSync } from "node:fs";
import { AdaptiveCard, SerializationContext, ValidationEvent } from "adaptivecards";
import Ajv from "ajv";
import draft06 from "ajv/dist/refs/json-schema-draft-06.json";
import { PressData } from "../../cards/press";
import type { Card } from "../../cards/render";
import { commandTypes } from "../../src/case/decider";

/** What must hold of every card, however it was made. Gives what is wrong with it; nothing when it is well. */

type Json = Record<string, unknown>;

/** Every object in the card, itself included; buttons' data is not looked into. */
export function* objects(value: unknown): Generator<Json> {
  if (Array.isArray(value)) for (const one of value) yield* objects(one);
  else if (typeof value === "object" && value !== null) {
    yield value as Json;
    for (const [key, inner] of Object.entries(value)) if (key !== "data") yield* objects(inner);
  }
}
export const partsOf = (card: unknown, type: string): Json[] =>
  [...objects(card)].filter((x) => typeof x.type === "string" && x.type.startsWith(type));
export const buttonsIn = (card: unknown): Json[] =>
  partsOf(card, "Action.").filter((a) => a.type !== "Action.ToggleVisibility" && a.type !== "Action.OpenUrl");

/** Under this Teams takes a card with room to spare. */
const mostBytes = 25 * 1024;

/** The official schema, where its file is named; the renderer's own checks are made in any case. */
const schema = (() => {
  const file = process.env.EPILOGUE_CARD_SCHEMA;
  if (!file) return undefined;
  const raw = JSON.parse(readFileSync(file, "utf8"));
  delete raw.id;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addMetaSchema(draft06);
  return ajv.compile(raw);
})();

/** The card without what Teams reads and neither the schema of 1.5 nor the renderer knows: people pickers, search by typing. */
function standIn(card: Card): unknown {
  return JSON.parse(JSON.stringify(card), (_key, value) => {
    if (value?.type !== "Input.ChoiceSet") return value;
    const { "choices.data": people, ...plain } = value;
    return {
      ...plain,
      ...(people ? { choices: [{ title: "Somebody", value: "somebody" }] } : {}),
      ...(plain.style === "filtered" ? { style: "compact" } : {}),
    };
  });
}

/** The official renderer's complaints of reading and of its own validation. */
function renderersComplaints(card: Card): string[] {
  const context = new SerializationContext();
  const drawn = new AdaptiveCard();
  drawn.parse(standIn(card), context);
  const reading = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message);
  // It counts buttons behind "…" too; how many stand in sight is looked at below.
  const own = drawn
    .validateProperties()
    .validationEvents.filter((e) => e.event !== ValidationEvent.TooManyActions)
    .map((e) => e.message);
  return [...reading, ...own];
}

function schemasComplaints(card: Card): string[] {
  if (!schema) return [];
  return schema(standIn(card))
    ? []
    : (schema.errors ?? []).slice(0, 5).map((e) => `schema ${e.instancePath} ${e.message}`);
}

export interface Place {
  dialog?: boolean;
  /** Names and words that people chose: they must stand in text runs only, as a text block renders markdown. */
  words?: readonly string[];
  /** People typed `${…}` into it: it is theirs and stays. */
  hostile?: boolean;
}

export function complaints(card: Card, { dialog = false, words = [], hostile = false }: Place = {}): string[] {
  const wrong: string[] = [];
  const say = (holds: boolean, what: string) => {
    if (!holds) wrong.push(what);
  };
  const json = JSON.stringify(card);
  say(Buffer.byteLength(json) < mostBytes, `${Buffer.byteLength(json)} bytes`);
  say(card.type === "AdaptiveCard" && card.version === "1.5", "not an Adaptive Card 1.5");
  say(typeof card.fallbackText === "string" && card.fallbackText.trim() !== "", "no fallbackText");
  if (!hostile) say(!json.includes("${"), `a binding was left: ${/\$\{[^}]*\}/.exec(json)?.[0]}`);
  say(
    !/"[^"]*\b(undefined|NaN|null|\[object Object\])\b[^"]*"/.test(withoutData(card)),
    "undefined, NaN or null in words",
  );
  const left = [...objects(card)]
    .flatMap((x) => Object.keys(x))
    .filter((key) => key.startsWith("$") && key !== "$schema");
  say(left.length === 0, `template keys were left: ${left}`);

  const inputs = partsOf(card, "Input.");
  for (const i of inputs) {
    const named = i.type === "Input.Toggle" ? i.title : i.label;
    say(typeof named === "string" && named !== "", `input ${i.id} has no label`);
    say(i.isRequired !== true || typeof i.errorMessage === "string", `input ${i.id} does not say what is missing`);
    say(/-r\d+(x[a-z0-9]*)?$/i.test(String(i.id)), `input ${i.id} has no revision in its id`);
  }
  const ids = [...objects(card)].flatMap((x) => (typeof x.id === "string" ? [x.id] : []));
  say(new Set(ids).size === ids.length, `ids stand twice: ${ids.filter((x, i) => ids.indexOf(x) !== i)}`);
  const targets = partsOf(card, "Action.ToggleVisibility").flatMap((a) => a.targetElements as string[]);
  say(
    targets.every((t) => ids.includes(t)),
    "a toggle has no target",
  );

  const headings = partsOf(card, "TextBlock").filter((t) => t.style === "heading");
  say(headings.length > 0 || inputs.length > 0, "no heading");
  for (const t of partsOf(card, "TextBlock")) {
    const found = words.find((w) => String(t.text).includes(w));
    say(found === undefined, `a text block holds people's words: ${t.text}`);
    say(String(t.text).trim() !== "", "an empty text block");
  }

  for (const set of [card, ...partsOf(card, "ActionSet")]) {
    const actions = (set.actions ?? []) as Json[];
    say(actions.filter((a) => a.mode !== "secondary").length <= 6, "more than six buttons in sight");
  }
  const lead = (card.actions ?? []).filter((a) => a.style === "positive");
  say(lead.length <= 1, "more than one primary button");
  for (const a of buttonsIn(card)) {
    say(!dialog || a.type === "Action.Submit", `${a.title}: only Action.Submit works in a dialog`);
    const data = a.data as Json | undefined;
    const teams = data?.msteams as { type?: string } | undefined;
    if (teams?.type === "imBack") continue;
    const press = PressData.safeParse(data);
    say(press.success, `${a.title}: its data is no press`);
    if (!press.success) continue;
    const command = (commandTypes as string[]).includes(press.data.verb);
    say(!command || press.data.commandId !== undefined, `${a.title}: a command without an id of its own`);
    if (a.type === "Action.Execute") say(a.verb === press.data.verb, `${a.title}: verb and data differ`);
    if (a.type === "Action.Submit" && !dialog) say(teams?.type === "task/fetch", `${a.title}: opens no dialog`);
    if (dialog) say(teams === undefined, `${a.title}: a dialog cannot open another`);
  }
  const refresh = card.refresh as { userIds?: string[] } | undefined;
  if (refresh)
    say(
      (refresh.userIds?.length ?? 0) > 0 && (refresh.userIds ?? []).every((u) => u.startsWith("29:")),
      "refreshes for others than MRIs",
    );
  return [...wrong, ...renderersComplaints(card), ...schemasComplaints(card)];
}

const withoutData = (card: Card): string =>
  JSON.stringify(card, (key, value) => (key === "data" || key === "value" ? undefined : value));

/** The words of a card in one string, for what must or must not be said. */
export function said(card: Card): string {
  return [...objects(card)]
    .flatMap((x) => [x.text, x.title, x.label, x.tooltip])
    .filter((t): t is string => typeof t === "string")
    .join("\n");
}
