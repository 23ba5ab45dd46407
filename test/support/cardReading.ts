/** Reading and filling an Adaptive Card as a person does: by what is written on it. */

export type Json = Record<string, unknown>;

/** A button as it stands on a card, with the card (or the opened part of it) whose inputs it sends. */
export interface Button {
  type: string;
  title: string;
  tooltip?: string;
  action: Json;
  inputs: Json[];
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** What an element holds, one level down, in reading order; not the cards behind buttons. */
function inside(element: Json): Json[] {
  const rows = list(element.rows).flatMap((row) => list(row.cells));
  return [...list(element.items), ...list(element.columns), ...list(element.body), ...rows];
}

function elements(card: Json): Json[] {
  return inside(card).flatMap((element) => [element, ...elements(element)]);
}

/** All inputs of a card, those behind "show card" buttons left out. */
export const inputsOf = (card: Json): Json[] =>
  elements(card).filter((element) => String(element.type).startsWith("Input."));

/** Every button, those behind "show card" buttons included: a person opens them. */
export function buttonsOf(card: Json, outer: Json[] = []): Button[] {
  const inputs = [...outer, ...inputsOf(card)];
  const within = elements(card);
  const actions = [
    ...within.filter((element) => element.type === "ActionSet").flatMap((set) => list(set.actions)),
    ...within.flatMap((element) => (element.selectAction ? [element.selectAction as Json] : [])),
    ...list(card.actions),
  ];
  return actions.flatMap((action) => {
    if (action.type === "Action.ShowCard") return buttonsOf(action.card as Json, inputs);
    if (action.type !== "Action.Submit" && action.type !== "Action.Execute") return [];
    const button: Button = {
      type: String(action.type),
      title: String(action.title ?? ""),
      action,
      inputs: action.associatedInputs === "None" || action.associatedInputs === "none" ? [] : inputs,
    };
    return [typeof action.tooltip === "string" ? { ...button, tooltip: action.tooltip } : button];
  });
}

/** All words on a card in reading order, a line each, spaces that do not break as any other; what is behind buttons and hidden parts included. */
export function wordsOf(card: Json): string {
  const lines: string[] = [];
  for (const element of elements(card)) {
    if (element.type === "TextBlock") lines.push(String(element.text));
    if (element.type === "RichTextBlock")
      lines.push(
        list(element.inlines)
          .map((run) => (typeof run === "string" ? run : String(run.text ?? "")))
          .join(""),
      );
    if (element.type === "FactSet") for (const fact of list(element.facts)) lines.push(`${fact.title} ${fact.value}`);
    if (typeof element.label === "string") lines.push(element.label);
  }
  for (const action of list(card.actions))
    if (action.type === "Action.ShowCard") lines.push(wordsOf(action.card as Json));
  return lines.join("\n").replaceAll("\u00a0", " ");
}

/** Which of the buttons is meant by a title, tooltip, verb or id. Complains of none and of several. */
export function theButton(buttons: Button[], named: string): Button {
  const verbOf = ({ action }: Button): unknown => action.verb ?? (action.data as Json | undefined)?.verb;
  const tests: ((button: Button) => boolean)[] = [
    (button) => button.title === named,
    (button) => button.tooltip === named,
    (button) => verbOf(button) === named,
    (button) => button.action.id === named,
  ];
  for (const test of tests) {
    const found = buttons.filter(test);
    if (found.length === 1) return found[0] as Button;
    if (found.length > 1)
      throw new Error(
        `Several buttons are called "${named}": ${found.map((one) => one.tooltip ?? one.title).join(", ")}`,
      );
  }
  throw new Error(`No button "${named}"; there are: ${buttons.map((one) => `"${one.title}"`).join(", ") || "none"}`);
}

export type Filled = Record<string, string | number | boolean | string[]>;

/**
 * The values a press sends: what stands in the inputs, with the person's own put over it. An input is named by its label
 * or its id, or the beginning of either. Complains, as the renderer does beside the input, of required ones left empty
 * and of choices not offered.
 */
export function fill(inputs: Json[], filled: Filled): Record<string, string> {
  const values: Record<string, string> = {};
  const used = new Set<string>();
  for (const input of inputs) {
    const key = keyFor(input, filled);
    if (key !== undefined) used.add(key);
    const value = key === undefined ? standing(input) : chosen(input, filled[key] as Filled[string]);
    check(input, value);
    if (value !== "") values[String(input.id)] = value;
  }
  const unused = Object.keys(filled).filter((key) => !used.has(key));
  if (unused.length > 0)
    throw new Error(
      `No input ${unused.map((key) => `"${key}"`).join(", ")}; there are: ${inputs.map(nameOf).join(", ")}`,
    );
  return values;
}

const nameOf = (input: Json): string => `"${input.label ?? input.title ?? input.id}" (${input.id})`;

function keyFor(input: Json, filled: Filled): string | undefined {
  const names = [input.label, input.title, input.id].filter((name): name is string => typeof name === "string");
  const keys = Object.keys(filled);
  return (
    keys.find((key) => names.includes(key)) ??
    keys.find((key) =>
      names.some((name) => new RegExp(`^${key.replaceAll(/[^\w ]/g, "\\$&")}(?![a-z])`, "i").test(name)),
    )
  );
}

function standing(input: Json): string {
  if (input.type === "Input.Toggle") return String(input.value ?? input.valueOff ?? "false");
  return input.value === undefined || input.value === null ? "" : String(input.value);
}

function chosen(input: Json, value: Filled[string]): string {
  if (input.type === "Input.Toggle")
    return value === true || value === "true" ? String(input.valueOn ?? "true") : String(input.valueOff ?? "false");
  if (input.type !== "Input.ChoiceSet" || input["choices.data"]) return String(value);
  const choices = list(input.choices);
  return (Array.isArray(value) ? value : [String(value)])
    .filter((one) => one !== "")
    .map((one) => {
      const choice = choices.find((choice) => choice.value === one || choice.title === one);
      if (!choice)
        throw new Error(`${nameOf(input)} has no choice "${one}": ${choices.map((c) => c.title).join(", ")}`);
      return String(choice.value);
    })
    .join(",");
}

function check(input: Json, value: string): void {
  const off = input.type === "Input.Toggle" && value === String(input.valueOff ?? "false");
  if (input.isRequired === true && (value === "" || off)) throw new Error(`${nameOf(input)} is required`);
  if (value !== "" && typeof input.regex === "string" && !new RegExp(input.regex).test(value))
    throw new Error(`${nameOf(input)} does not take "${value}": ${input.errorMessage}`);
  if (input.type === "Input.Date" && value !== "" && !/^\d{4}-\d{2}-\d{2}$/.test(value))
    throw new Error(`${nameOf(input)} takes YYYY-MM-DD, not "${value}"`);
  if (input.type === "Input.Time" && value !== "" && !/^\d{2}:\d{2}$/.test(value))
    throw new Error(`${nameOf(input)} takes HH:MM, not "${value}"`);
  if (input.type !== "Input.Number" || value === "") return;
  const [min, max, number] = [input.min ?? -Infinity, input.max ?? Infinity, value].map(Number);
  if (!(Number(number) >= Number(min) && Number(number) <= Number(max)))
    throw new Error(`${nameOf(input)} takes ${min} to ${max}, not ${value}`);
}
