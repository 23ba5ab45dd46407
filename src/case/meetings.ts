import { z } from "zod";
import { addSeconds, compareInstants, type Instant } from "../rules/calendar";
import type { Pack } from "../rules/pack";
import {
  accept,
  attemptAt,
  type Case,
  type Decision,
  type Evolves,
  type FreeText,
  free,
  type MeetingChoice,
  type MeetingStep,
  type MethodId,
  type NewEvent,
  type OnlineMeeting,
  type PersonId,
  type Sight,
} from "./case";
import { withSession } from "./sitting";

/**
 * Meetings on Teams that the service makes itself: asked for with a booking, made and set up step by step. What came about is put
 * on the record by the service; nobody can ask for these events.
 */

export const lobbies = ["invited", "organization", "everyone"] as const satisfies readonly MeetingChoice["lobby"][];

/** What whoever books chooses for the meeting: who need not wait in its lobby, and whether it is recorded from its start. */
export const meetingChoice = z.strictObject({ lobby: z.enum(lobbies), recording: z.boolean() });

/** What a meeting is of: a method's session, or planning. */
export type MeetingOf = MethodId | "planning";

/** After the meeting itself: lobby and recording, the app in its chat, the panel beside it; each needs the one before. */
export const setUpSteps = ["options", "app", "tab"] as const satisfies readonly MeetingStep[];

/** One meeting, and no other: the same session booked anew has another `asked`. */
interface Named {
  of: MeetingOf;
  asked: number;
}

/** What the service has done with a meeting. */
export type MeetingNews =
  | ({ kind: "made"; event: string; uid: string; link: string; at: Instant } & Named)
  | ({ kind: "setUp"; step: MeetingStep; chat?: string } & Named);

/** Sightings that one session keeps: a meeting that people join and leave for ever fills no case. */
export const mostSights = 200;

export type Event =
  | NewEvent<"MeetingSeen", { method: MethodId } & Sight>
  | NewEvent<"MeetingMade", { event: string; uid: string; link: FreeText; at: Instant } & Named>
  | NewEvent<"MeetingSetUp", { step: MeetingStep; chat?: string } & Named>;

/** The meeting that the service makes or made of it, where one is wanted now. */
export function onlineOf(c: Case, of: MeetingOf): OnlineMeeting | undefined {
  if (c.stage === "withdrawn" || c.stage === "erased") return undefined;
  if (of === "planning") return c.planning.online;
  return Object.hasOwn(c.attempts, of) ? attemptAt(c, of).session.online : undefined;
}

/** When and where it is to be, whoever makes its meeting; undefined where nothing is booked. */
export function bookingOf(c: Case, of: MeetingOf): { at: Instant; link?: FreeText } | undefined {
  if (of === "planning") return c.planning.meeting;
  return Object.hasOwn(c.attempts, of) ? attemptAt(c, of).session.booking : undefined;
}

/** The address by which people join: pasted with the booking, else of the meeting that the service made. */
export const joinLinkOf = (c: Case, of: MeetingOf): FreeText | undefined =>
  bookingOf(c, of)?.link ?? onlineOf(c, of)?.made?.link;

/** Everything that may have a meeting. */
export const meetingsIn = (pack: Pack): MeetingOf[] => ["planning", ...pack.methods.map((m) => m.id)];

/** Who is to be at it: the planning meeting's are all who plan; a session's the two who hold it, and an employer who may watch. */
export function attendeesOf(c: Case, of: MeetingOf, pack: Pack): PersonId[] {
  const { apprentice, employer } = c.parties;
  const { assessor, coordinator } = c.staff;
  const present = (...ids: (PersonId | undefined)[]) => [...new Set(ids.filter((id) => id !== undefined))];
  if (of === "planning") return present(apprentice, employer, assessor, coordinator);
  const watching = pack.methods.find((m) => m.id === of)?.session.observers.includes("employer");
  return present(apprentice, assessor, watching ? employer : undefined);
}

/** What becomes of a meeting with a booking: kept where one is wanted still, asked for where it is new, else gone. */
export function online(
  before: OnlineMeeting | undefined,
  wanted: MeetingChoice | undefined,
  seq: number,
): { online?: OnlineMeeting } {
  if (!wanted) return {};
  return { online: before ? { ...before, ...wanted } : { asked: seq, ...wanted } };
}

/** The service's own: what it did with a meeting, once each. A meeting that is wanted no more is noted too: it exists. */
export function note(news: MeetingNews, c: Case): Decision<Event> {
  const { of, asked } = news;
  const present = onlineOf(c, of);
  const same = present?.asked === asked ? present : undefined;
  if (news.kind === "made") {
    if (same?.made) return accept();
    const { event, uid, link, at } = news;
    return accept({ type: "MeetingMade", data: { of, asked, event, uid, link: free(link), at } });
  }
  if (!same || (same.done?.includes(news.step) && (news.chat ?? same.chat) === same.chat)) return accept();
  const { step, chat } = news;
  return accept({ type: "MeetingSetUp", data: { of, asked, step, ...(chat ? { chat } : {}) } });
}

/**
 * The service's own: what Teams said of a session's meeting, each once however often it was told. Of a session that is not booked
 * there is nothing to corroborate.
 */
export function see(method: MethodId, sights: readonly Sight[], c: Case): Decision<Event> {
  if (c.stage !== "assessment" || !Object.hasOwn(c.attempts, method)) return accept();
  const { session } = attemptAt(c, method);
  if (session.state === "none") return accept();
  const keyOf = (s: Sight) => `${s.what} ${s.at} ${s.person ?? ""}`;
  const known = new Set((session.seen ?? []).map(keyOf));
  const fresh = sights.filter((s) => !known.has(keyOf(s))).slice(0, mostSights - known.size);
  return accept(...fresh.map((s): Event => ({ type: "MeetingSeen", data: { method, ...s } })));
}

/** Who was there by what Teams said: people of the case in the order in which they came, and how many comings of guests. */
export function presenceOf(seen: readonly Sight[]) {
  const at = (what: Sight["what"]) => seen.filter((s) => s.what === what).map((s) => s.at);
  const joined = seen.filter((s) => s.what === "joined");
  return {
    startedAt: at("started").sort(compareInstants)[0] ?? null,
    endedAt: at("ended").sort(compareInstants).at(-1) ?? null,
    people: [...new Set(joined.flatMap((s) => s.person ?? []))],
    guests: joined.filter((s) => s.person === undefined).length,
  };
}

/** The case with that meeting changed, if it is still the one wanted. */
function changed(c: Case, { of, asked }: Named, change: Partial<OnlineMeeting>): Case {
  const present = onlineOf(c, of);
  if (present?.asked !== asked) return c;
  const next: OnlineMeeting = { ...present, ...change };
  return of === "planning" ? { ...c, planning: { ...c.planning, online: next } } : withSession(c, of, { online: next });
}

export const evolve: Evolves<Event> = {
  MeetingMade: (c, { event, uid, link, at, ...named }) => changed(c, named, { made: { event, uid, link, at } }),
  MeetingSeen: (c, { method, ...sight }) =>
    withSession(c, method, { seen: [...(attemptAt(c, method).session.seen ?? []), sight] }),
  MeetingSetUp: (c, { step, chat, ...named }) =>
    changed(c, named, {
      done: [...(onlineOf(c, named.of)?.done ?? []).filter((x) => x !== step), step],
      ...(chat ? { chat } : {}),
    }),
};

/** Whether that instant is still to come. */
export const toCome = (at: Instant, now: Instant): boolean => compareInstants(at, now) > 0;

/** How a meeting's length is rounded up in calendars, in minutes. */
const rounding = 15;
/** Planning meetings; no document says how long they take. */
const planningMinutes = 60;

/** How long calendars keep free for it: by the document, so that they say nothing of extra time; rounded up. */
export function minutesOf(of: MeetingOf, pack: Pack): number {
  const session = pack.methods.find((m) => m.id === of)?.session;
  if (!session) return planningMinutes;
  const { length, questionsPart } = session;
  const after = questionsPart?.limit.kind === "afterMinutes" ? questionsPart.limit.minutes : 0;
  return Math.ceil((length.minutes * (1 + length.over) + after) / rounding) * rounding;
}

/** Whether both cannot be attended: one begins before the other is over. */
export const clash = (a: { at: Instant; minutes: number }, b: { at: Instant; minutes: number }): boolean =>
  compareInstants(a.at, addSeconds(b.at, b.minutes * 60)) < 0 &&
  compareInstants(b.at, addSeconds(a.at, a.minutes * 60)) < 0;
