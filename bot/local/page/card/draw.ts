import {
  type Action,
  AdaptiveCard,
  type CardElement,
  CardObjectRegistry,
  ExecuteAction,
  GlobalRegistry,
  OpenUrlAction,
  SerializationContext,
  SubmitAction,
} from "adaptivecards";
import type { AdaptiveCardJson, PressedAction } from "../../protocol";
import { TeamsChoiceSet } from "./choiceSet";
import { hostConfig } from "./host";
import { toHtml } from "./markdown";
import { openMenu } from "./menu";

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = toHtml(text);
  result.didProcess = true;
};

const elements = new CardObjectRegistry<CardElement>();
GlobalRegistry.populateWithDefaultElements(elements);
elements.register("Input.ChoiceSet", TeamsChoiceSet);

/** A card as drawn, and what the page may ask of it. */
export interface DrawnCard {
  element: HTMLElement;
  /** What has been typed or chosen since it was drawn, by the input's id. */
  typed: () => Record<string, unknown>;
  /** Shows the pressed button as working and takes no other press, until it is called with false. */
  busy: (working: boolean) => void;
}

/**
 * Draws a card with the official renderer. `press` is told of buttons that go to the bot, their inputs checked and merged;
 * the others (open a page, show a card, toggle) work by themselves.
 * @param typedBefore stands in the inputs with these ids whatever the card says, as Teams keeps what was typed when a card
 *   comes again with the same ids
 */
export function drawCard(
  json: AdaptiveCardJson,
  press: (action: PressedAction) => void,
  typedBefore: Record<string, unknown> = {},
): DrawnCard {
  const card = new AdaptiveCard();
  card.hostConfig = hostConfig;
  const context = new SerializationContext();
  context.setElementRegistry(elements);
  let pressed: HTMLElement | undefined;
  let element: HTMLElement | undefined;
  try {
    card.parse(withValues(json, typedBefore), context);
    element = card.render();
  } catch (error) {
    console.error("This card cannot be drawn", error, json);
  }
  if (!element) return { element: fallback(json), typed: () => ({}), busy: () => {} };
  const drawn = element;

  card.onExecuteAction = (action) => {
    if (drawn.classList.contains("busy")) return;
    if (action instanceof OpenUrlAction) return openUrl(action.url);
    const sent = toSend(action);
    if (!sent) return;
    pressed = action.renderedElement ?? overflowButton(drawn);
    press(sent);
  };
  card.onDisplayOverflowActionMenu = (actions, target) => {
    if (!target) return false;
    const entries = actions.map((action) => ({
      title: action.title ?? "",
      enabled: action.isEffectivelyEnabled(),
      run: () => action.execute(),
    }));
    openMenu(target, entries);
    return true;
  };
  // The renderer's buttons stop the click from rising, so it is seen on its way down and looked at afterwards.
  for (const event of ["click", "input"])
    drawn.addEventListener(event, () => setTimeout(() => markInvalid(drawn)), true);
  nameForReaders(drawn, json);
  const first = new Map(card.getAllInputs().map((input) => [input.id, input.value as unknown]));
  return {
    element: drawn,
    typed: () => {
      const changed = card
        .getAllInputs()
        .filter(({ id, value }) => id && (id in typedBefore || value !== first.get(id)));
      return Object.fromEntries(changed.map((input) => [input.id, input.value as unknown]));
    },
    busy: (working) => {
      drawn.classList.toggle("busy", working);
      pressed?.classList.toggle("working", working);
      if (working) pressed?.setAttribute("aria-busy", "true");
      else pressed?.removeAttribute("aria-busy");
    },
  };
}

/** The card with these values in its inputs; the card given stays as it is. */
function withValues(json: AdaptiveCardJson, values: Record<string, unknown>): AdaptiveCardJson {
  if (Object.keys(values).length === 0) return json;
  return JSON.parse(JSON.stringify(json), (_key, part) => {
    const own = typeof part?.type === "string" && part.type.startsWith("Input.") && Object.hasOwn(values, part.id);
    return own ? { ...part, value: values[part.id] } : part;
  });
}

function toSend(action: Action): PressedAction | undefined {
  const named = { ...(action.id && { id: action.id }), ...(action.title && { title: action.title }) };
  if (action instanceof ExecuteAction) {
    return { type: "Action.Execute", ...named, verb: action.verb ?? "", data: asData(action.data) };
  }
  if (action instanceof SubmitAction) return { type: "Action.Submit", ...named, data: asData(action.data) };
  return undefined;
}

function asData(data: unknown): Record<string, unknown> {
  return typeof data === "object" && data !== null && !Array.isArray(data) ? { ...data } : {};
}

function openUrl(url: string | undefined): void {
  if (url && /^(https?|mailto|tel):/i.test(url)) window.open(url, "_blank", "noopener");
}

function overflowButton(element: HTMLElement): HTMLElement | undefined {
  return element.querySelector<HTMLElement>('.ac-pushButton[aria-haspopup="menu"]') ?? undefined;
}

function fallback(json: AdaptiveCardJson): HTMLElement {
  const element = document.createElement("div");
  element.className = "ac-adaptiveCard card-fallback";
  element.textContent =
    typeof json.fallbackText === "string" ? json.fallbackText : "This card cannot be shown. It is not valid.";
  return element;
}

/** The renderer shows a wrong input by a class only; readers need it said. */
function markInvalid(element: HTMLElement): void {
  for (const input of element.querySelectorAll<HTMLElement>(".ac-input")) {
    const control = input.matches("input, select, textarea") ? input : input.querySelector("input");
    if (input.classList.contains("ac-input-validation-failed")) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
  }
}

/** A card is one thing to a screen reader, named by what it says of itself; inside it nothing takes the Tab key twice. */
function nameForReaders(element: HTMLElement, json: AdaptiveCardJson): void {
  const name = [json.speak, json.fallbackText].find((text) => typeof text === "string" && text !== "");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", typeof name === "string" ? name : "Card");
  element.tabIndex = -1;
}
