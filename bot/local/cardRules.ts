import type { AdaptiveCardJson } from "./protocol";
import { TeamsRefusal } from "./refusal";

export const CARD = "application/vnd.microsoft.card.adaptive";

/** The most a message may weigh. Microsoft's figure has moved (28, 40, 100 KB); we hold to the smallest it gave. */
export const MOST_BYTES = 28 * 1024;

const MOST_REFRESHED = 60;
const VERSION = /^1\.([0-5])$/;

/** Every object in the card that has a `type`, itself included. */
function* partsOf(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) {
    for (const one of value) yield* partsOf(one);
  } else if (typeof value === "object" && value !== null) {
    const object = value as Record<string, unknown>;
    if (typeof object.type === "string") yield object;
    for (const [key, inner] of Object.entries(object)) if (key !== "data") yield* partsOf(inner);
  }
}

/**
 * Checks what Teams would not draw, or would draw without working. Refuses with 400 and says why.
 * @param place a dialog takes no `Action.Execute`, and nothing refreshes in it
 */
export function checkCard(content: unknown, place: "message" | "dialog"): AdaptiveCardJson {
  const refuse = (message: string): never => {
    throw new TeamsRefusal(400, "BadArgument", message);
  };
  if (typeof content !== "object" || content === null || (content as { type?: unknown }).type !== "AdaptiveCard")
    return refuse("The attachment's content is not an AdaptiveCard");
  const card = content as AdaptiveCardJson;
  if (Buffer.byteLength(JSON.stringify(card)) > MOST_BYTES)
    throw new TeamsRefusal(413, "MessageSizeTooBig", "Message size too large.");
  if (typeof card.version !== "string" || !VERSION.test(card.version))
    refuse(`Card schema version ${String(card.version)}: Teams draws 1.0 to 1.5`);
  const parts = [...partsOf(card)];
  const executes = parts.some((part) => part.type === "Action.Execute");
  if (executes && place === "dialog") refuse("Action.Execute does not work in a dialog: use Action.Submit");
  if (executes && !["1.4", "1.5"].includes(String(card.version))) refuse("Action.Execute needs schema version 1.4");
  if (card.refresh !== undefined && place === "message") checkRefresh(card.refresh, refuse);
  const inputs = parts.filter((part) => String(part.type).startsWith("Input."));
  const ids = inputs.map((input) => input.id);
  if (ids.some((id) => typeof id !== "string" || id === "")) refuse("An input without an id sends nothing");
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) refuse(`Two inputs share the id ${String(repeated)}: the card does not draw`);
  return card;
}

function checkRefresh(refresh: unknown, refuse: (message: string) => never): void {
  const { action, userIds } = (refresh ?? {}) as { action?: { type?: unknown } | null; userIds?: unknown };
  if (action?.type !== "Action.Execute") refuse("refresh.action must be an Action.Execute");
  if (userIds === undefined) return;
  if (!Array.isArray(userIds)) throw new TeamsRefusal(400, "BadArgument", "refresh.userIds must be a list");
  if (userIds.length > MOST_REFRESHED) refuse(`refresh.userIds has ${userIds.length} ids; ${MOST_REFRESHED} at most`);
  const foreign = userIds.find((id) => typeof id !== "string" || !id.startsWith("29:"));
  if (foreign !== undefined) refuse(`refresh.userIds takes MRIs (29:…), not ${String(foreign)}`);
}

/** Whom a card refreshes by itself for, and with what. Without `userIds`, everyone in a chat of at most sixty. */
export function refreshFor(
  card: AdaptiveCardJson,
  mri: string,
  members: number,
): { type: string; id?: string; verb?: string; data?: unknown } | undefined {
  const refresh = card.refresh as { action?: { type: string }; userIds?: string[] } | undefined;
  if (!refresh?.action) return undefined;
  if (refresh.userIds === undefined) return members <= MOST_REFRESHED ? refresh.action : undefined;
  return refresh.userIds.includes(mri) ? refresh.action : undefined;
}
