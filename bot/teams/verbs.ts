import type { Banner } from "../../cards/banner";
import { behalfCard, moreCard } from "../../cards/behalf";
import { caseCard } from "../../cards/case";
import { hasForm } from "../../cards/forms/forms";
import { gradingCard } from "../../cards/grading";
import { handInCard } from "../../cards/handIn";
import { historyCard } from "../../cards/history";
import { planningCard } from "../../cards/planning";
import { PressData } from "../../cards/press";
import { proposalCard } from "../../cards/proposal";
import type { Card } from "../../cards/render";
import { type CommandType, commandTypes } from "../../src/case/decider";
import { casePk, type Outcome } from "../../src/handle";
import type { Recorded } from "../../src/ports";
import { historyView } from "../../src/record";
import { handInView } from "../../src/views";
import { historyLine } from "../../src/wording/history";
import type { Desk, Seen } from "../desk";
import type { Known } from "../identity";
import { type CardAnswer, cardAnswer, messageAnswer } from "./answers";
import { isListVerb, type Lists } from "./lists";

/** Pressed buttons of cards in a chat: a command that asks nothing more, or a look. Their dialogs are in `dialogs.ts`. */

export interface VerbsOptions {
  desk: Desk;
  lists: Lists;
  newId(): string;
}

/** Where a pressed card stands: what may be shown there. */
export interface Place {
  /** A group chat: the answer goes to the presser alone, but the card under it is everyone's. */
  group: boolean;
  /** MRIs for whom a card here refreshes by itself: in one's own chat one's own, since days pass while nothing happens. */
  refreshFor: readonly string[];
}

const isCommand = (verb: string): verb is CommandType => (commandTypes as string[]).includes(verb);

export function createVerbs(o: VerbsOptions) {
  const { desk } = o;

  const drawing = (seen: Seen) => ({
    words: seen.words,
    pack: seen.pack,
    now: desk.o.ports.clock.now(),
    newId: o.newId,
    hasForm,
  });

  /** The case card as it is now, with what just happened above it. */
  function hub(seen: Seen, banner?: Banner, refreshFor: readonly string[] = []): Card {
    return caseCard(seen.view, {
      ...drawing(seen),
      ...(banner ? { banner } : {}),
      ...(refreshFor.length > 0 ? { refreshFor: [...refreshFor] } : {}),
    });
  }

  /** What is to be said over the card after a command. */
  async function bannerOf(outcome: Outcome, seen: Seen, since: number | undefined): Promise<Banner | undefined> {
    switch (outcome.kind) {
      case "done":
        if (outcome.warned.length > 0) return { kind: "warned", problems: outcome.warned };
        return outcome.repeat ? { kind: "done", title: "Done" } : undefined;
      case "already":
        return {
          kind: "stale",
          text: await meanwhile(seen, since, `${seen.words.person(outcome.by.person)} did this already.`),
        };
      case "refused": {
        const behind = since !== undefined && since < seen.view.seen;
        const text = behind ? await meanwhile(seen, since, "") : "";
        return text ? { kind: "stale", text } : { kind: "refused", title: "Not done yet", problems: outcome.problems };
      }
    }
  }

  /** The record as the presser may read it; undefined when it is not for them, and then nothing is read. */
  async function recordOf(seen: Seen, range?: { from: number }): Promise<Recorded[] | undefined> {
    if (!historyView(seen.c, [], seen.actor, seen.pack)) return undefined;
    const events = await desk.o.ports.store.events(casePk(seen.c.id), range);
    return historyView(seen.c, events, seen.actor, seen.pack);
  }

  /** The last thing that happened since the card was drawn, as far as the presser may know of it. */
  async function meanwhile(seen: Seen, since: number | undefined, otherwise: string): Promise<string> {
    const events = await recordOf(seen, { from: (since ?? seen.c.revision - 1) + 1 });
    if (!events) return otherwise || "The case has moved on since this card was drawn.";
    const last = events.at(-1);
    return last ? `${historyLine(last, seen.words)} Your press changed nothing.` : otherwise;
  }

  async function look(press: PressData, seen: Seen, place: Place): Promise<CardAnswer> {
    // Of an erased case only that is to be seen, whichever card asks.
    if (seen.view.erased && press.verb !== "view.history") return cardAnswer(hub(seen, undefined, place.refreshFor));
    switch (press.verb) {
      case "view.case":
        return cardAnswer(hub(seen, undefined, place.refreshFor));
      case "view.proposal":
        return cardAnswer(
          proposalCard(seen.view, {
            ...drawing(seen),
            all: press.args?.all === 1,
            ...(place.group ? { refreshFor: [...place.refreshFor] } : {}),
          }),
        );
      case "view.planning":
        return cardAnswer(
          planningCard(seen.view, { ...drawing(seen), ...(place.group ? { refreshFor: [...place.refreshFor] } : {}) }),
        );
      case "view.behalf":
        return cardAnswer(behalfCard(seen.view, drawing(seen)));
      case "view.more":
        return cardAnswer(moreCard(seen.view, drawing(seen)));
      case "view.grading": {
        if (place.group) return messageAnswer("Grading is for your own chat with Epilogue.");
        const grading = await desk.grading(seen, String(press.args?.method ?? ""));
        return grading
          ? cardAnswer(gradingCard(grading, drawing(seen)))
          : cardAnswer(hub(seen, undefined, place.refreshFor));
      }
      case "view.handIn": {
        if (place.group) return messageAnswer("What was handed in is for your own chat with Epilogue.");
        const handIn = handInView(seen.c, seen.actor, seen.pack, String(press.args?.method ?? ""));
        return cardAnswer(handIn ? handInCard(handIn, drawing(seen)) : hub(seen, undefined, place.refreshFor));
      }
      case "view.history": {
        const events = place.group ? undefined : await recordOf(seen);
        if (!events) return cardAnswer(hub(seen, undefined, place.refreshFor));
        const before = Number(press.args?.before ?? Number.NaN);
        return cardAnswer(historyCard(seen.view, events, { ...drawing(seen), ...(before > 0 ? { before } : {}) }));
      }
      default:
        return cardAnswer(hub(seen, undefined, place.refreshFor));
    }
  }

  return {
    hub,
    drawing,
    bannerOf,
    /** Answers a pressed button, or a refresh (`automatic`: reads only). `before`: its case, if this turn has read it. */
    async press(known: Known, data: unknown, automatic: boolean, place: Place, before?: Seen): Promise<CardAnswer> {
      const parsed = PressData.safeParse(data);
      if (!parsed.success) return messageAnswer("This button could not be read. Type: cases");
      const press = parsed.data;
      if (isListVerb(press.verb))
        return cardAnswer(
          await o.lists.draw(press.verb, known, typeof press.args?.after === "string" ? press.args.after : null),
        );
      const { caseId } = press;
      if (caseId === undefined) return messageAnswer("This button belongs to no case. Type: cases");
      if (automatic || !isCommand(press.verb)) {
        const seen = before ?? (await desk.see(known, caseId));
        return seen ? look(press, seen, place) : messageAnswer("There is no such case for you. Type: cases");
      }
      if (press.commandId === undefined) return messageAnswer("This button is out of date. Type: cases");
      const how = { id: press.commandId, ...(press.seen === undefined ? {} : { seen: press.seen }) };
      const done = await desk.run(known, caseId, press.verb, press.args ?? {}, how, before);
      if (!done.seen)
        return messageAnswer(
          // Who declares a conflict is on the case no more, and what they said stands.
          done.outcome.kind === "done"
            ? "Saved. The case is no longer yours to see."
            : "There is no such case for you. Type: cases",
        );
      const banner = await bannerOf(done.outcome, done.seen, press.seen);
      const proposal = press.verb.startsWith("proposal.") && !banner;
      const options = { ...drawing(done.seen), ...(place.group ? { refreshFor: [...place.refreshFor] } : {}) };
      return cardAnswer(
        proposal && place.group ? proposalCard(done.seen.view, options) : hub(done.seen, banner, place.refreshFor),
      );
    },
  };
}
export type Verbs = ReturnType<typeof createVerbs>;
