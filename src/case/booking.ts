import type { Instant } from "../rules/calendar";
import { type Booking, free, type MeetingChoice } from "./case";
import { meetingChoice } from "./meetings";
import { instant, link, setting, text } from "./payload";

/** What a booking says, whether it is made at once or by one of several times that were offered. */

/** Where a meeting is. `meeting`: the service makes one on Teams of it. A pasted `link` stands in the place of one. */
export const meetingPlace = {
  where: text(300),
  link: link.optional(),
  meeting: meetingChoice.optional(),
};
/** Where a session is, and in which kind of place. */
export const place = { setting, ...meetingPlace };
export const booking = { at: instant, ...place };

/** A booking, with the meeting that it asks for. */
export type Booked = { method: string; meeting?: MeetingChoice } & Booking;

export const toBooking = (p: {
  at: Instant;
  setting: Booking["setting"];
  where: string;
  link?: string | undefined;
}): Booking => ({
  at: p.at,
  setting: p.setting,
  where: free(p.where),
  ...(p.link ? { link: free(p.link) } : {}),
});

/** A meeting is made of what is on Teams and has no link of its own; moved without a word of it, it stays as it was chosen. */
export function meetingFor(
  p: { setting: Booking["setting"]; link?: string | undefined; meeting?: MeetingChoice | undefined },
  before?: MeetingChoice,
): { meeting?: MeetingChoice } {
  const chosen = p.meeting ?? before;
  if (p.setting !== "teams" || p.link || !chosen) return {};
  return { meeting: { lobby: chosen.lobby, recording: chosen.recording } };
}
