import { z } from "zod";
import type { Role } from "../rules/pack";
import {
  type Case,
  type Decide,
  type Evolves,
  type FreeText,
  free,
  judge,
  type MethodId,
  type NewEvent,
  type Offers,
  type PersonId,
  wordsOf,
} from "./case";
import { methodId, text } from "./payload";
import { momentStamp, openIn, whileOpen, withSession } from "./sitting";

/**
 * Who was present at a session, as the assessor saw it: Teams' own list corroborates, knows guests by no name, and of a workplace
 * tells nothing. Recorded anew it is corrected; what was recorded before stays in the events.
 */

export const attendees = [
  "apprentice",
  "assessor",
  "employer",
  "provider",
  "iqa",
  "coordinator",
] as const satisfies readonly Role[];
export type Attendee = (typeof attendees)[number];

export const commands = {
  "session.present": z.strictObject({
    method: methodId,
    /** People of the case, by their roles. */
    who: z.array(z.enum(attendees)).min(1).max(attendees.length),
    /** Anybody else, in words: "An interpreter". */
    others: text(300).optional(),
  }),
};

export type Event = NewEvent<"PresenceRecorded", { method: MethodId; who: Attendee[]; others?: FreeText }>;

/** Who of the case could have been there. */
export function couldAttend(c: Case): { role: Attendee; person: PersonId }[] {
  return attendees.flatMap((role) => {
    const person = { ...c.parties, ...c.staff }[role];
    return person === undefined ? [] : [{ role, person }];
  });
}

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "session.present": (p, c, ctx) => {
    const s = openIn(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const there = couldAttend(c).map(({ role }) => role);
    const strange = p.who.filter((role) => !there.includes(role));
    const j = judge(ctx);
    j.need(strange.length === 0, "NO_SUCH_POINT", {}, "who");
    const who = attendees.filter((role) => p.who.includes(role));
    const before = s.attempt.session.present;
    const same = before?.who.join() === who.join() && (wordsOf(before.others) || undefined) === p.others;
    return j.settle(() =>
      same
        ? []
        : [
            {
              type: "PresenceRecorded",
              data: { method: p.method, who, ...(p.others ? { others: free(p.others) } : {}) },
            },
          ],
    );
  },
};

export const evolve: Evolves<Event> = {
  PresenceRecorded: (c, { method, ...d }, e) => withSession(c, method, { present: { ...d, ...momentStamp(e) } }),
};

export const offers: Offers<keyof typeof commands> = {
  "session.present": whileOpen,
};
