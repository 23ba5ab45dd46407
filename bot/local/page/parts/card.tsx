import { useLayoutEffect, useRef } from "preact/hooks";
import type { AdaptiveCardJson, PressedAction } from "../../protocol";
import { type DrawnCard, drawCard } from "../card/draw";

interface CardProps {
  /** Person, chat, message and card: the same place keeps what was typed, even out of sight. */
  place: string;
  json: AdaptiveCardJson;
  revision: number;
  working: boolean;
  press: (action: PressedAction) => void;
}

interface Kept extends DrawnCard {
  revision: number;
  /** The card as drawn, to tell one that came again unchanged. */
  source: string;
  press: (action: PressedAction) => void;
}

/** Cards drawn already, oldest first: changing chat or person and coming back loses no typed word. */
const kept = new Map<string, Kept>();
const MOST_KEPT = 300;

/** An Adaptive Card in the page; drawn anew only when its revision is another. */
export function Card({ place, json, revision, working, press }: CardProps) {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const drawn = cardAt(place, json, revision);
    drawn.press = press;
    if (holder.current && drawn.element.parentElement !== holder.current) {
      const hadFocus = holder.current.contains(document.activeElement);
      holder.current.replaceChildren(drawn.element);
      if (hadFocus) drawn.element.focus({ preventScroll: true });
    }
    drawn.busy(working);
  });
  return <div class="card" ref={holder} data-testid="card" />;
}

function cardAt(place: string, json: AdaptiveCardJson, revision: number): Kept {
  const known = kept.get(place);
  if (known?.revision === revision) return known;
  const source = JSON.stringify(json);
  if (known?.source === source) {
    known.revision = revision;
    return known;
  }
  const drawn = drawCard(json, (action) => made.press(action), known?.typed());
  const made: Kept = { ...drawn, revision, source, press: () => {} };
  kept.delete(place);
  kept.set(place, made);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest) kept.delete(oldest);
  return made;
}
