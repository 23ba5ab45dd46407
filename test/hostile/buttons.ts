import type { LocalTeams } from "../../bot/local/localTeams";
import { buttonsOf, inputsOf, type Json } from "../support/cardReading";
import { activityOf, opening, pressing, send, vouched } from "./wire";

/** One thing that a person could press: the data behind it, and the inputs that go with it. */
export interface Found {
  who: string;
  kind: "press" | "fetch" | "submit";
  data: Json;
  inputs: Json[];
}

/** The cards in an answer, wherever they stand. */
export function cardsIn(answer: unknown): Json[] {
  if (Array.isArray(answer)) return answer.flatMap(cardsIn);
  if (typeof answer !== "object" || answer === null) return [];
  if ((answer as Json).type === "AdaptiveCard") return [answer as Json];
  return Object.values(answer).flatMap(cardsIn);
}

/**
 * Everything that these people's cards and dialogs offer for those cases, found by looking only: views are opened, and the
 * dialogs behind buttons; nothing is submitted.
 */
export async function everyButton(
  url: string,
  local: LocalTeams,
  people: readonly string[],
  caseIds: readonly string[],
): Promise<Found[]> {
  const found: Found[] = [];
  for (const who of people) {
    const base = activityOf(local, who);
    const known = new Set<string>();
    const todo: Json[] = [
      { verb: "view.cases" },
      { verb: "view.due" },
      ...caseIds.map((caseId) => ({ verb: "view.case", caseId })),
    ];
    const keep = (kind: Found["kind"], data: Json, inputs: Json[]): boolean => {
      const { commandId: _, seen: __, ...same } = data;
      const key = JSON.stringify([kind, same]);
      if (known.has(key)) return false;
      known.add(key);
      found.push({ who, kind, data, inputs });
      return true;
    };
    for (let look = todo.pop(); look !== undefined; look = todo.pop()) {
      const answer = await send(url, vouched(local, pressing(base, look)));
      for (const card of cardsIn(JSON.parse(answer.text || "null")))
        for (const button of buttonsOf(card)) {
          const data = (button.action.data ?? {}) as Json;
          const dialog = button.type === "Action.Submit";
          if (!keep(dialog ? "fetch" : "press", data, [])) continue;
          if (!dialog && String(data.verb).startsWith("view.")) todo.push(data);
          if (dialog) await inside(data);
        }
    }

    /** What the dialog behind a button offers in turn. */
    async function inside(data: Json): Promise<void> {
      const answer = await send(url, vouched(local, opening(base, data)));
      for (const card of cardsIn(JSON.parse(answer.text || "null"))) {
        const inputs = inputsOf(card);
        for (const button of buttonsOf(card)) keep("submit", (button.action.data ?? {}) as Json, inputs);
      }
    }
  }
  return found;
}
