import type { Case } from "../src/case/case";
import { attendeesOf, bookingOf, type MeetingNews, type MeetingOf, minutesOf, onlineOf } from "../src/case/meetings";
import { casePk, type Ports } from "../src/handle";
import type { MeetingWork } from "../src/meetingNotices";
import type { Notice } from "../src/ports";
import type { Pack } from "../src/rules/pack";
import type { MeetingFault } from "../src/wording/meetings";
import type { Invited, MadeMeeting, MeetingPlan, Meetings } from "./graph/meetings";
import { type Ended, judged } from "./outcomes";
import type { People } from "./people";
import type { CallOptions, Outcome } from "./teams/connector";

/**
 * Does one step of a meeting on Teams: reads what the case wants now, has it done, and puts on the record that it was. Every step
 * may be done again, whatever became of it before: what was made and never answered is found by its transaction.
 */

export interface MeetingWorkOptions {
  /** Absent: nobody makes meetings here. */
  meetings?: Meetings;
  ports: Ports;
  people: Pick<People, "find">;
  /** Puts on the record what was done, and has sent what that causes. */
  note(caseId: string, news: MeetingNews): Promise<void>;
}

/** Times that a calendar is brought up to date for one notice while its case moves on. */
const redone = 3;

/** "dropped": nothing in the case asks for it any more. */
export type Worked = Ended | "dropped";

export class MeetingSteps {
  constructor(private readonly o: MeetingWorkOptions) {}

  /** Whether there is still something to do for that notice, as far as the case says. */
  async wanted(n: Notice): Promise<boolean> {
    const work = n.data as MeetingWork;
    // What may have been made is looked for, wanted or not.
    if (work.step === "cancel" || work.step === "recall" || work.step === "make") return true;
    const c = await this.caseOf(n.pk);
    const online = c && onlineOf(c, work.of);
    return online?.asked === work.asked && online.made !== undefined;
  }

  async work(n: Notice, options: CallOptions): Promise<Worked> {
    const { meetings } = this.o;
    if (!meetings) return { dead: "MeetingsNotConfigured" satisfies MeetingFault };
    const work = n.data as MeetingWork;
    const c = await this.caseOf(n.pk);
    if (!c) return "dropped";
    switch (work.step) {
      case "make":
        return this.make(c, n, work, meetings, options);
      case "move":
        return this.move(c, work, meetings, options);
      case "recall": {
        const found = await meetings.find(work.transaction, options);
        if (found.kind !== "ok") return ended(found);
        return found.value ? ended(await meetings.cancel(found.value.event, options)) : "dropped";
      }
      case "cancel":
        return ended(await meetings.cancel(work.event, options));
      default:
        return this.setUp(c, work, meetings, options);
    }
  }

  private async make(
    c: Case,
    n: Notice,
    { of, asked, transaction }: Extract<MeetingWork, { step: "make" }>,
    meetings: Meetings,
    options: CallOptions,
  ): Promise<Worked> {
    const online = onlineOf(c, of);
    const booked = bookingOf(c, of);
    const wanted = online?.asked === asked && booked !== undefined;
    if (wanted && online.made) return "dropped";
    // Not the first go, or sent again by hand: it may be there already.
    const again = n.tries > 0 || transaction !== `${c.id}-${n.id}`;
    let made: MadeMeeting | null = null;
    if (again) {
      const found = await meetings.find(transaction, options);
      if (found.kind !== "ok") return ended(found);
      made = found.value;
    }
    if (!wanted) return made ? ended(await meetings.cancel(made.event, options)) : "dropped";
    // One that was made and never answered is there for the time at which it was asked for: it is brought to the present one.
    let at = made ? "" : booked.at;
    if (!made) {
      const plan = await this.plan(c, of, options);
      if ("failed" in plan) return ended(plan.failed);
      const outcome = await meetings.make(plan, transaction, options);
      if (outcome.kind !== "ok") return ended(outcome);
      made = outcome.value;
    } else {
      const moved = await this.bring(c, of, made.event, meetings, options);
      if (moved.kind !== "ok") return ended(moved);
      at = booked.at;
    }
    await this.o.note(c.id, { kind: "made", of, asked, ...made, at });
    return "sent";
  }

  private async move(c: Case, { of, asked }: MeetingWork, meetings: Meetings, options: CallOptions): Promise<Worked> {
    let present: Case | undefined = c;
    for (let n = 0; present && n < redone; n++) {
      const online = onlineOf(present, of);
      if (online?.asked !== asked || !online.made) return "dropped";
      const moved = await this.bring(present, of, online.made.event, meetings, options);
      if (moved.kind !== "ok") return ended(moved);
      // Another instance may have brought a later state there meanwhile, and this one its own over it: once more then.
      const now = await this.caseOf(casePk(c.id));
      if (now?.revision === present.revision) break;
      present = now;
    }
    return "sent";
  }

  private async setUp(
    c: Case,
    { of, asked, step }: Extract<MeetingWork, { step: "options" | "app" | "tab" }>,
    meetings: Meetings,
    options: CallOptions,
  ): Promise<Worked> {
    const online = onlineOf(c, of);
    if (online?.asked !== asked || !online.made) return "dropped";
    if (step === "options") {
      const link = "text" in online.made.link ? online.made.link.text : undefined;
      if (link === undefined) return "dropped";
      const { lobby, recording } = online;
      const set = await meetings.options(link, { lobby, recording }, options);
      if (set.kind !== "ok") return ended(set);
      await this.o.note(c.id, { kind: "setUp", of, asked, step, chat: set.value.chat });
      return "sent";
    }
    const { chat } = online;
    if (chat === undefined) return { retryIn: 0, code: "NotThere" };
    const set = step === "app" ? await meetings.install(chat, options) : await meetings.addTab(chat, options);
    if (set.kind !== "ok") return ended(set);
    await this.o.note(c.id, { kind: "setUp", of, asked, step });
    return "sent";
  }

  private async bring(
    c: Case,
    of: MeetingOf,
    event: string,
    meetings: Meetings,
    options: CallOptions,
  ): Promise<Outcome<true>> {
    const plan = await this.plan(c, of, options);
    if ("failed" in plan) return plan.failed;
    return meetings.move(event, plan, options);
  }

  /** Who cannot be looked up is not left out: then it is another try, or somebody's to put right. */
  private async plan(
    c: Case,
    of: MeetingOf,
    options: CallOptions,
  ): Promise<MeetingPlan | { failed: Exclude<Outcome<string | null>, { kind: "ok" }> }> {
    const pack = this.packOf(c);
    const people: Invited[] = [];
    for (const id of attendeesOf(c, of, pack)) {
      const person = await this.o.people.find(id);
      if (!person) continue;
      const asked = person.mail === undefined ? await this.addressOf(person.bindings, options) : undefined;
      if (asked && asked.kind !== "ok") return { failed: asked };
      const address = person.mail ?? asked?.value;
      if (address) people.push({ address, name: person.name });
    }
    return {
      subject: `${of === "planning" ? "Planning meeting" : methodOf(pack, of).session.name}, ${c.ref}`,
      start: bookingOf(c, of)?.at ?? this.o.ports.clock.now(),
      minutes: minutesOf(of, pack),
      people,
    };
  }

  /** Staff picked by their account may have no address here: their account's. */
  private async addressOf(
    bindings: readonly { tenantId: string; objectId: string }[],
    options: CallOptions,
  ): Promise<Outcome<string | null> | undefined> {
    let asked: Outcome<string | null> | undefined;
    for (const { objectId } of bindings) {
      asked = await this.o.meetings?.address(objectId, options);
      if (asked?.kind !== "ok" || asked.value) return asked;
    }
    return asked;
  }

  private packOf(c: Case): Pack {
    const pack = this.o.ports.packs.get(c.packId);
    if (!pack) throw new Error(`No pack ${c.packId}`);
    return pack;
  }

  private readonly caseOf = async (pk: string): Promise<Case | undefined> =>
    (await this.o.ports.store.head<Case>(pk))?.state;
}

const ended = (outcome: Outcome<unknown>): Ended => judged(outcome, true);

const methodOf = (pack: Pack, id: string) => {
  const method = pack.methods.find((m) => m.id === id);
  if (!method) throw new Error(`No method ${id}`);
  return method;
};
