import { type Case, type FreeText, type MeetingChoice, wordsOf } from "./case/case";
import { type MeetingOf, meetingsIn } from "./case/meetings";
import type { Instant } from "./rules/calendar";
import type { Pack } from "./rules/pack";

/**
 * What people's own calendars are to hold of a case's meetings and sessions, worked out from its record: an entry has the same id
 * for as long as it is the same entry, and a number that rises with each change of it (RFC 5545, 3.8.4.7; RFC 5546, 2.1.4).
 */

export interface Invitation {
  of: MeetingOf;
  method: "REQUEST" | "CANCEL";
  uid: string;
  sequence: number;
  at: Instant;
  where: string;
  link?: string;
  /** In the calendar of whoever makes meetings here, in whose name it goes out. */
  made: boolean;
}

/** An event of the record, as far as this reads it. */
interface Entry {
  seq: number;
  type: string;
  data: unknown;
}

interface BookedAs {
  at: Instant;
  where: FreeText;
  link?: FreeText;
  meeting?: MeetingChoice;
}

/** What a calendar holds of one meeting. */
interface Held {
  uid: string;
  made: boolean;
}

/**
 * The invitations that the events of `from` to `to` cause: sent, changed, called off. `events` is the record from its beginning.
 * Of a meeting that is still to be made there is none yet; what stood in its place is called off.
 */
export function invitationsOf(
  c: Pick<Case, "id">,
  events: readonly Entry[],
  range: { from: number; to: number },
  pack: Pack,
): Invitation[] {
  return meetingsIn(pack).flatMap((of) => {
    const all = new Course(c.id, of).over(events.filter((e) => e.seq <= range.to));
    // What one command changes twice is said once, as it is in the end.
    const latest = new Map(all.filter((x) => x.seq >= range.from).map((x) => [x.invitation.uid, x.invitation]));
    return [...latest.values()];
  });
}

/** One meeting's course through the record. */
class Course {
  private held: Held | undefined;
  private booked: BookedAs | undefined;
  /** The `seq` that asked for the meeting that the service is to make. */
  private asked: number | undefined;
  private runs = 0;
  private readonly numbers = new Map<string, number>();
  private readonly said: { seq: number; invitation: Invitation }[] = [];

  constructor(
    private readonly caseId: string,
    private readonly of: MeetingOf,
  ) {}

  over(events: readonly Entry[]): typeof this.said {
    for (const e of events) this.take(e);
    return this.said;
  }

  private take({ seq, type, data }: Entry): void {
    const d = data as { method?: string; of?: string } & BookedAs;
    const mine = type === "PlanningScheduled" ? this.of === "planning" : d.method === this.of;
    if (mine && (type === "PlanningScheduled" || type === "SessionBooked" || type === "SessionMoved")) {
      this.book(seq, d);
      return;
    }
    if (type === "PlanningFinished") {
      const { sessions } = data as { sessions: readonly ({ method: string } & BookedAs)[] };
      for (const s of sessions) if (s.method === this.of) this.book(seq, s);
      return;
    }
    if (type === "MeetingMade") this.made(seq, data as Parameters<Course["made"]>[1]);
    if ((type === "SessionNotHeld" && mine) || type === "CaseWithdrawn") {
      this.cancel(seq);
      this.booked = undefined;
      this.asked = undefined;
      this.runs += 1;
    }
  }

  private book(seq: number, booked: BookedAs): void {
    if (!booked.meeting) {
      this.asked = undefined;
      const uid = `${this.caseId}-${this.of}-${this.runs}@epilogue`;
      // The other's calendar calls its own off.
      this.held = { uid, made: false };
      this.booked = booked;
      this.say(seq, "REQUEST");
      return;
    }
    this.asked ??= seq;
    if (this.held?.made) {
      const { link } = this.booked ?? {};
      this.booked = { ...booked, ...(link ? { link } : {}) };
      this.say(seq, "REQUEST");
      return;
    }
    this.cancel(seq);
    this.booked = booked;
  }

  private made(seq: number, d: { of: string; asked: number; uid: string; link: FreeText }): void {
    if (d.of !== this.of || d.asked !== this.asked || !this.booked) return;
    this.held = { uid: d.uid, made: true };
    this.booked = { ...this.booked, link: d.link };
    this.say(seq, "REQUEST");
  }

  private cancel(seq: number): void {
    if (this.held && this.booked) this.say(seq, "CANCEL");
    this.held = undefined;
  }

  private say(seq: number, method: Invitation["method"]): void {
    if (!this.held || !this.booked) return;
    const { uid, made } = this.held;
    const { at, where, link } = this.booked;
    const sequence = (this.numbers.get(uid) ?? -1) + 1;
    this.numbers.set(uid, sequence);
    const words = wordsOf(link);
    this.said.push({
      seq,
      invitation: {
        of: this.of,
        method,
        uid,
        sequence,
        at,
        where: wordsOf(where),
        made,
        ...(words ? { link: words } : {}),
      },
    });
  }
}
