import type { Case, OnlineMeeting } from "./case/case";
import { attendeesOf, bookingOf, type MeetingOf, meetingsIn, onlineOf, setUpSteps, toCome } from "./case/meetings";
import type { NewNotice, Recorded } from "./ports";
import type { Pack } from "./rules/pack";

/**
 * What is to be done with meetings on Teams, a notice a step, each with its own state. A step that is done is an event, and the
 * event causes the next step: wherever it stops, it goes on from there.
 */

export type MeetingWork =
  /** In the organiser's calendar, with the people who come. `transaction` names it there: asked twice, it is made once. */
  | { step: "make"; of: MeetingOf; asked: number; transaction: string }
  /** Brought to the booking's present time, place and people. */
  | { step: "move"; of: MeetingOf; asked: number }
  | { step: "options" | "app" | "tab"; of: MeetingOf; asked: number }
  /** Wanted no more, and every try to make it was lost: it may stand all the same. It is looked for, and called off. */
  | { step: "recall"; of: MeetingOf; asked: number; transaction: string }
  /** Called off: nothing in the case needs it any more. */
  | { step: "cancel"; of: MeetingOf; asked: number; event: string };

/** The notices about meetings that these events of one command cause. */
export function meetingNotices(
  before: Case | undefined,
  after: Case,
  events: readonly Recorded[],
  pack: Pack,
): NewNotice[] {
  const last = events.at(-1);
  if (!last) return [];
  const notice = (work: MeetingWork): NewNotice => ({
    id: noticeId(last.seq, work),
    kind: "meeting",
    to: "meeting",
    dueAt: last.at,
    repeat: "repeat",
    data: work,
  });
  const works = meetingsIn(pack).flatMap((of) => workOn(of, before, after, last, pack));
  // An address that was put right: the invitation goes to it.
  if (events.some((e) => e.type === "PersonCorrected"))
    for (const of of meetingsIn(pack)) {
      const is = onlineOf(after, of);
      if (is?.made) works.push({ step: "move", of, asked: is.asked });
    }
  // What was lost in the making may have been made: nobody is to find it in their calendar.
  const wanted = (c: Case | undefined, { of, asked }: MeetingWork) =>
    c !== undefined && onlineOf(c, of)?.asked === asked;
  for (const { kind, about, dealt } of before?.undelivered ?? []) {
    const lost = about as MeetingWork;
    if (kind === "meeting" && !dealt && lost.step === "make" && wanted(before, lost) && !wanted(after, lost))
      works.push({ ...lost, step: "recall" });
  }
  // Made after all, though it had been called off meanwhile: it exists, and is called off now.
  const unwanted = events.flatMap((e): MeetingWork[] => {
    if (e.type !== "MeetingMade") return [];
    const { of, asked, event } = e.data as { of: MeetingOf; asked: number; event: string };
    return onlineOf(after, of)?.asked === asked ? [] : [{ step: "cancel", of, asked, event }];
  });
  return [...works, ...unwanted].map(notice);
}

const noticeId = (seq: number, { step, of }: MeetingWork): string => `n-${seq}-meeting-${of}-${step}`;

function workOn(of: MeetingOf, before: Case | undefined, after: Case, last: Recorded, pack: Pack): MeetingWork[] {
  const was = before && onlineOf(before, of);
  const is = onlineOf(after, of);
  const works: MeetingWork[] = [];
  const gone = was?.made && was.asked !== is?.asked ? was.made : undefined;
  // One that was held, or whose hour is past, stays in people's calendars as it was.
  const old = before && bookingOf(before, of);
  if (was && gone && old && toCome(old.at, last.at))
    works.push({ step: "cancel", of, asked: was.asked, event: gone.event });
  if (!is) return works;
  const { asked } = is;
  if (was?.asked !== asked) {
    const work = { step: "make" as const, of, asked };
    return [...works, { ...work, transaction: `${after.id}-${noticeId(last.seq, { ...work, transaction: "" })}` }];
  }
  if (!is.made) return works;
  const there = was?.made;
  if (stale(of, before as Case, after, is, there !== undefined, pack)) works.push({ step: "move", of, asked });
  const chosenAnew = there && (was.lobby !== is.lobby || was.recording !== is.recording);
  if (!there || chosenAnew) works.push({ step: "options", of, asked });
  // Each step that is done calls for the one after it.
  const done = is.done ?? [];
  const latest = setUpSteps.filter((s) => done.includes(s) && !was.done?.includes(s)).at(-1);
  const next = latest && setUpSteps[setUpSteps.indexOf(latest) + 1];
  if (next && !done.includes(next)) works.push({ step: next, of, asked });
  return works;
}

/** Whether the calendar's meeting is not (or may not be) the booking's any more: its time or its people changed. */
function stale(of: MeetingOf, before: Case, after: Case, is: OnlineMeeting, there: boolean, pack: Pack): boolean {
  const booked = bookingOf(after, of);
  if (!booked) return false;
  if (!there) return is.made?.at !== booked.at;
  const people = (c: Case) => attendeesOf(c, of, pack).join(" ");
  return bookingOf(before, of)?.at !== booked.at || people(before) !== people(after);
}
