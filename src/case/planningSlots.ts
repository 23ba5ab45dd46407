import { z } from "zod";
import { compareInstants, type Instant } from "../rules/calendar";
import { meetingPlace } from "./booking";
import {
  accept,
  type Decide,
  type Evolves,
  free,
  judge,
  type NewEvent,
  never,
  type Offers,
  type OutsideRole,
  once,
  type PlanningOffer,
  refuse,
  stampOf,
} from "./case";
import { instant } from "./payload";
import { mostSlots, openSlots } from "./slots";

/**
 * Times offered for the planning meeting, one of which the apprentice or the employer accepts: then it is scheduled, or moved
 * there. Judged again by then: what was to come when it was offered may be past.
 */

export const commands = {
  "planning.offer": z.strictObject({ slots: z.array(instant).min(1).max(mostSlots), ...meetingPlace }),
  "planning.accept": z.strictObject({ at: instant }),
};

export type Event =
  | NewEvent<"PlanningOffered", Omit<PlanningOffer, "made">>
  | NewEvent<"PlanningScheduled", { at: Instant } & Omit<PlanningOffer, "slots" | "made">>;

/** Who may accept one: both are asked to come. */
export const planningAccepting = ["apprentice", "employer"] as const satisfies readonly OutsideRole[];

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "planning.offer": (p, c, ctx) => {
    if (c.stage !== "planning") return refuse("NOT_IN_PLANNING", { stage: c.stage });
    const j = judge(ctx);
    p.slots.forEach((at, i) => {
      j.need(compareInstants(at, ctx.now) > 0, "IN_THE_PAST", { now: ctx.now }, `slot-${i + 1}`);
    });
    const { where, link, meeting } = p;
    return j.settle(() => [
      {
        type: "PlanningOffered",
        data: {
          slots: [...new Set(p.slots)].sort(compareInstants),
          where: free(where),
          ...(link ? { link: free(link) } : {}),
          ...(meeting && !link ? { meeting } : {}),
        },
      },
    ]);
  },

  "planning.accept": (p, c, ctx) => {
    if (c.stage !== "planning") return refuse("NOT_IN_PLANNING", { stage: c.stage });
    const { offered, meeting: standing, online } = c.planning;
    const at = offered?.slots.find((slot) => compareInstants(slot, p.at) === 0);
    if (!offered || at === undefined)
      return standing && compareInstants(standing.at, p.at) === 0
        ? { already: standing.made }
        : refuse("SLOT_GONE", { at: p.at }, "at");
    if (compareInstants(at, ctx.now) <= 0) return refuse("IN_THE_PAST", { now: ctx.now }, "at");
    const { where, link } = offered;
    // Moved by it without a word of the meeting, that stays as it was chosen.
    const chosen = link ? undefined : (offered.meeting ?? online);
    const meeting = chosen && { lobby: chosen.lobby, recording: chosen.recording };
    return accept({
      type: "PlanningScheduled",
      data: { at, where, ...(link ? { link } : {}), ...(meeting ? { meeting } : {}) },
    });
  },
};

export const evolve: Evolves<Extract<Event, { type: "PlanningOffered" }>> = {
  PlanningOffered: (c, offered, e) => ({
    ...c,
    planning: { ...c.planning, offered: { ...offered, made: stampOf(e) } },
  }),
};

export const offers: Offers<keyof typeof commands> = {
  "planning.offer": (c) => (c.stage === "planning" ? once : never),
  "planning.accept": (c, _pack, now) =>
    c.stage === "planning" && openSlots(c.planning.offered, now).length > 0 ? once : never,
};
