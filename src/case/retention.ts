import { z } from "zod";
import { addMonths, type Instant, type IsoDate, londonDate } from "../rules/calendar";
import type { Pack } from "../rules/pack";
import {
  type Case,
  type Decide,
  type Evolves,
  emptyCase,
  judge,
  type NewEvent,
  never,
  type Offers,
  once,
  type Stamp,
} from "./case";

/**
 * A case that is closed is kept for as long as its awarding body says, and then erased: its people, and every word that
 * anybody wrote, go; what remains is a tombstone, and a chain of events that still holds.
 */

export const commands = {
  /** The reference, typed by hand: nobody erases by a slip. */
  "case.erase": z.strictObject({ ref: z.string().trim().min(1).max(40) }),
};

export type Event = NewEvent<"CaseErased", { closed: IsoDate; months: number }>;

/**
 * For how many months closed cases may be kept. No document of the awarding bodies says it: the usual six years are those in
 * which a contract may be sued on in England.
 */
export const keepingMonths = { least: 12, usual: 72, most: 600 } as const;

/**
 * The day from which a case's keeping is counted: of its withdrawal; or of its last result, or what was decided on that later,
 * or, after a fail, the last day on which anything in it can be taken again. Undefined while something may still come about in it, and once erased.
 */
export function closedOn(c: Case, pack: Pack): IsoDate | undefined {
  if (c.stage === "withdrawn") return londonDate(c.withdrawn.at);
  const release = c.releases.at(-1);
  if (c.stage !== "released" || !release) return undefined;
  const requests = [...c.adjustments, ...c.considerations, ...c.challenges];
  if (requests.some((x) => x.outcome === "toDecide")) return undefined;
  const days = [release.at, ...requests.flatMap((x) => (x.decided ? [x.decided.at] : []))].map((at) => londonDate(at));
  return [...days, ...(release.overall === "fail" ? [resitsEnd(release.at, pack)] : [])].sort().at(-1);
}

const resitsEnd = (told: Instant, pack: Pack): IsoDate => addMonths(londonDate(told), pack.rules.resitLimit.months);

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "case.erase": (p, c, ctx) => {
    if (c.stage === "erased") return { already: c.erased };
    const j = judge(ctx);
    const closed = closedOn(c, ctx.pack);
    const months = ctx.settings.retentionMonths;
    const until = closed && addMonths(closed, months);
    j.need(until !== undefined, "CASE_NOT_CLOSED", { stage: c.stage });
    j.need(until === undefined || londonDate(ctx.now) >= until, "KEPT_UNTIL", { until, months });
    j.need(p.ref.toUpperCase() === c.ref, "REF_NOT_TYPED", { ref: c.ref }, "ref");
    return j.settle(() => [{ type: "CaseErased", data: { closed: closed ?? "", months } }]);
  },
};

const bareStamp = ({ at, by: { person, role } }: Stamp): Stamp => ({ at, by: { person, role } });

export const evolve: Evolves<Event> = {
  /** Made anew rather than emptied: whatever a case may come to hold, none of it is left. Ids of people are none of theirs. */
  CaseErased: (c, _d, e) => {
    const { id, ref, packId, bodyId, revision, outsideRevision, programmeStart } = c;
    const own = {
      id,
      ref,
      packId,
      bodyId,
      revision,
      outsideRevision,
      registered: bareStamp(c.registered),
      programmeStart,
    };
    return { ...emptyCase(own, Object.keys(c.attempts)), stage: "erased", erased: { at: e.at, by: e.by } };
  },
};

export const offers: Offers<keyof typeof commands> = {
  // The body's own term is judged when it is pressed; before the shortest there is, the button would only frighten.
  "case.erase": (c, pack, now) => {
    const closed = closedOn(c, pack);
    return closed !== undefined && londonDate(now) >= addMonths(closed, keepingMonths.least) ? once : never;
  },
};
