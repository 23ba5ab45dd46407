import { type Case, type PersonId, type Problem, refuse } from "../src/case/case";
import { clash, type MeetingOf, minutesOf, toCome } from "../src/case/meetings";
import { casePk, type Ports } from "../src/handle";
import type { DueRow } from "../src/ports";
import { addDays, addSeconds, compareInstants, endOfDay, type Instant, londonDate } from "../src/rules/calendar";
import type { Pack } from "../src/rules/pack";
import type { Meetings } from "./graph/meetings";
import type { People } from "./people";

/**
 * Where people are to be besides: meetings of every case, and the calendars of staff where those can be asked. Whoever offers
 * times is told of all of it; a time is refused only for another case's meeting, which alone is on record here.
 */

export interface EngagementsOptions {
  ports: Pick<Ports, "store" | "clock" | "packs">;
  people: Pick<People, "find">;
  /** Asks the calendars of staff; without it only the cases' own meetings are known. */
  meetings?: Pick<Meetings, "busy">;
}

/** A meeting at which somebody is to be. */
interface Engaged {
  person: PersonId;
  at: Instant;
  pk: string;
  of: MeetingOf;
}

/** The case whose meeting it is for. */
interface For {
  c: Case;
  pack: Pack;
}

/** How far ahead times are offered, in days; a calendar answers for 62 at most. */
const daysAhead = 56;
/** How long a calendar is waited for, in milliseconds: a dialog opens within seconds. */
const patience = 1_500;
/** Of what is known, the soonest that are shown. */
const mostShown = 12;
/** Rows of a person's list that are looked through for meetings. */
const mostEngaged = 200;
/** No meeting is longer, in hours: of what begins further away the length need not be read. */
const longest = 6;

/** Tasks that have an hour of their own. */
const timed: ReadonlySet<string> = new Set(["session", "planningMeeting", "attend", "attendPlanning"]);

export class Engagements {
  constructor(private readonly o: EngagementsOptions) {}

  /**
   * When assessor and apprentice have something else in the next weeks, soonest first, at most a dozen. What cannot be asked in
   * time is left out.
   * @param of the meeting for which they are to be free: a method's session, or planning.
   */
  async soon({ c }: For, of: MeetingOf): Promise<{ person: PersonId; at: Instant }[]> {
    const now = this.o.ports.clock.now();
    const until = endOfDay(addDays(londonDate(now), daysAhead));
    const [own, others] = await Promise.all([this.onRecord(c, of, until), this.inCalendar(c, now, until)]);
    const all = new Map([...others, ...own].map((b) => [`${b.person} ${Date.parse(b.at)}`, b]));
    return [...all.values()]
      .filter(({ at }) => toCome(at, now))
      .sort((a, b) => compareInstants(a.at, b.at))
      .slice(0, mostShown);
  }

  /** Beside each time that is to be offered and is not free: whose it is not. Undefined where all are. */
  async againstOffer(it: For, of: MeetingOf, slots: readonly Instant[]): Promise<Problem[] | undefined> {
    const taken = await this.taken(it, of, slots);
    const problems = slots.flatMap((at, i) =>
      taken.has(at) ? refuse("SLOT_TAKEN", { at, who: taken.get(at), open: [] }, `slot-${i + 1}`).refused : [],
    );
    return problems.length > 0 ? problems : undefined;
  }

  /** The time that is chosen was given to something else since: which of the others are free. Whose it was is not said. */
  async againstChoice(
    it: For,
    of: MeetingOf,
    chosen: Instant,
    offered: readonly Instant[] = [],
  ): Promise<Problem[] | undefined> {
    const now = this.o.ports.clock.now();
    const at = offered.find((slot) => compareInstants(slot, chosen) === 0);
    if (at === undefined) return undefined;
    const open = offered.filter((slot) => toCome(slot, now));
    const taken = await this.taken(it, of, [...new Set([at, ...open])]);
    if (!taken.has(at)) return undefined;
    return refuse("SLOT_TAKEN", { at, open: open.filter((slot) => !taken.has(slot)) }, "at").refused;
  }

  /** Which of those times somebody who is to come has given to another case's meeting, and who. */
  private async taken({ c, pack }: For, of: MeetingOf, slots: readonly Instant[]): Promise<Map<Instant, PersonId>> {
    const last = [...slots].sort(compareInstants).at(-1);
    if (last === undefined) return new Map();
    const minutes = minutesOf(of, pack);
    const booked = await this.onRecord(c, of, addSeconds(last, minutes * 60));
    const near = booked.filter((b) =>
      slots.some((at) => Math.abs(Date.parse(b.at) - Date.parse(at)) < longest * 3_600_000),
    );
    const others = await Promise.all(near.map(async (b) => ({ ...b, minutes: await this.minutes(b) })));
    return new Map(
      slots.flatMap((at): [Instant, PersonId][] => {
        const other = others.find((o) => clash({ at, minutes }, o));
        return other ? [[at, other.person]] : [];
      }),
    );
  }

  private async minutes({ pk, of }: Engaged): Promise<number> {
    const c = (await this.o.ports.store.head<Case>(pk))?.state;
    const pack = c && this.o.ports.packs.get(c.packId);
    return pack ? minutesOf(of, pack) : 0;
  }

  /** Meetings of any case but this one of it, at which assessor or apprentice are to be until then: also what is under way. */
  private async onRecord(c: Case, of: MeetingOf, until: Instant): Promise<Engaged[]> {
    const two = [c.staff.assessor, c.parties.apprentice].filter((p) => p !== undefined);
    const meant = (r: DueRow): MeetingOf => String(r.facts.method ?? "planning");
    const each = two.map(async (person) => {
      const { rows } = await this.o.ports.store.dueOf({ person }, { limit: mostEngaged, until });
      return rows
        .filter((r) => timed.has(String(r.facts.code)) && !(r.pk === casePk(c.id) && meant(r) === of))
        .map((r) => ({ person, at: r.at, pk: r.pk, of: meant(r) }));
    });
    return (await Promise.all(each)).flat();
  }

  private async inCalendar(c: Case, from: Instant, until: Instant): Promise<{ person: PersonId; at: Instant }[]> {
    const { people, meetings } = this.o;
    const assessor = c.staff.assessor === undefined ? undefined : await people.find(c.staff.assessor);
    if (!assessor?.mail) return [];
    const said = await meetings?.busy([assessor.mail], from, until, { timeoutMs: patience });
    return said?.kind === "ok" ? said.value.map(({ from: at }) => ({ person: assessor.id, at })) : [];
  }
}
