import { z } from "zod";
import { addDays, compareInstants, type Instant, type IsoDate, londonDate } from "../rules/calendar";
import { type Booked, meetingFor, place, toBooking } from "./booking";
import {
  accept,
  attemptAt,
  type Booking,
  type Case,
  type Context,
  type Decide,
  type Evolves,
  judge,
  type NewEvent,
  never,
  type Offer,
  type Offers,
  type OutsideRole,
  type Problem,
  refuse,
  type SlotOffer,
} from "./case";
import { instant, methodId } from "./payload";
import { inState, known, momentStamp, sessionIn, withSession } from "./sitting";
import { judgeBooking } from "./timing";

/**
 * Times offered for a session, one of which the apprentice accepts; for a session at the workplace the employer may, who arranges
 * it. It is booked by that acceptance, by the same rules as any booking: what was lawful when it was offered may be so no more.
 */

export const mostSlots = 5;

export const commands = {
  "session.offer": z.strictObject({ method: methodId, slots: z.array(instant).min(1).max(mostSlots), ...place }),
  "session.accept": z.strictObject({ method: methodId, at: instant }),
};

export type Event =
  | NewEvent<"SlotsOffered", { method: string } & Omit<SlotOffer, "made">>
  | NewEvent<"SessionBooked", Booked>;

/** Who may accept: whoever is assessed, and who arranges the place where that is the employer's. */
export const accepting = (setting: Booking["setting"]): readonly OutsideRole[] =>
  setting === "workplace" ? ["apprentice", "employer"] : ["apprentice"];

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "session.offer": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "none");
    if ("refused" in s) return s;
    if (c.staff.assessor === undefined) return refuse("NO_ASSESSOR");
    const slots = [...new Set(p.slots)].sort(compareInstants);
    // Each as it would be judged if it were accepted now; what is wrong stands beside its own input.
    const refused = p.slots.flatMap((at, i) => problemsOf({ ...toBooking({ ...p, at }), method: p.method }, c, ctx, i));
    if (refused.length > 0) return { refused };
    const { at: _each, ...where } = toBooking({ ...p, at: slots[0] ?? ctx.now });
    return accept({ type: "SlotsOffered", data: { method: p.method, slots, ...where, ...meetingFor(p) } });
  },

  "session.accept": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "none");
    if ("refused" in s) {
      const present = known(ctx.pack, p.method) ? attemptAt(c, p.method).session.booking : undefined;
      return present && compareInstants(present.at, p.at) === 0 ? { already: present.made } : s;
    }
    const offered = s.attempt.session.offered;
    const at = offered?.slots.find((slot) => compareInstants(slot, p.at) === 0);
    if (!offered || at === undefined) return refuse("SLOT_GONE", { at: p.at }, "at");
    const role = ctx.by.onBehalfOf?.role ?? ctx.by.role;
    if (!(accepting(offered.setting) as readonly string[]).includes(role))
      return refuse("NOT_ALLOWED", { command: "session.accept", role });
    const { setting, where, link, meeting } = offered;
    const booked: Booked = { method: p.method, at, setting, where, ...(link ? { link } : {}) };
    const j = judge(ctx);
    j.need(c.staff.assessor !== undefined, "NO_ASSESSOR");
    judgeBooking(j, c, ctx, booked);
    return j.settle(() => [{ type: "SessionBooked", data: { ...booked, ...(meeting ? { meeting } : {}) } }]);
  },
};

/** What stands against booking it; a rule lifted beforehand is used by the acceptance, not by the offer. */
function problemsOf(booking: Booking & { method: string }, c: Case, ctx: Context, slot: number): Problem[] {
  const j = judge(ctx);
  judgeBooking(j, c, ctx, booking);
  const judged = j.settle(() => []);
  return "refused" in judged
    ? judged.refused.map((p) => (p.input === "date" ? { ...p, input: `slot-${slot + 1}` } : p))
    : [];
}

export const evolve: Evolves<Extract<Event, { type: "SlotsOffered" }>> = {
  SlotsOffered: (c, { method, ...offered }, e) =>
    withSession(c, method, { offered: { ...offered, made: momentStamp(e) } }),
};

/** Slots that are still to come. */
export const openSlots = (offered: Pick<SlotOffer, "slots"> | undefined, now: Instant): Instant[] =>
  (offered?.slots ?? []).filter((at) => compareInstants(at, now) > 0);

/** The last day on which one of them can be accepted: they leave the notice that the session needs. */
export const chooseBy = (offered: Pick<SlotOffer, "slots">, noticeDays = 0): IsoDate | undefined => {
  const last = offered.slots.at(-1);
  return last && addDays(londonDate(last), -noticeDays);
};

export const offers: Offers<keyof typeof commands> = {
  "session.offer": inState("none"),
  "session.accept": (c, pack, now) => {
    if (c.stage !== "assessment") return never;
    return pack.methods.flatMap((m): Offer[] => {
      const { session } = attemptAt(c, m.id);
      if (session.state !== "none" || !session.offered || openSlots(session.offered, now).length === 0) return [];
      return accepting(session.offered.setting).map((role) => ({ method: m.id, role }));
    });
  },
};
