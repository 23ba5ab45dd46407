import type { Instant } from "../../src/rules/calendar";

/**
 * A session for a calendar program, as a mail carries it: iCalendar (RFC 5545) with one event, by the rules of invitations
 * (RFC 5546). Times are UTC, so no time zone need be described.
 */

/** REQUEST: it is to be so, whether it is new or changed. CANCEL: it is not any more. */
export type CalendarMethod = "REQUEST" | "CANCEL";

export interface CalendarEntry {
  readonly method: CalendarMethod;
  /** The same for one session for good: a calendar changes the entry that it has instead of making another. */
  readonly uid: string;
  /** Rises with every change; a calendar keeps to the highest that it has seen. */
  readonly sequence: number;
  readonly summary: string;
  readonly start: Instant;
  readonly minutes: number;
  readonly location?: string;
  readonly description?: string;
  readonly url?: string;
  /** When this was written. */
  readonly stamp: Instant;
  readonly organiser: { readonly address: string; readonly name: string };
  readonly attendee: { readonly address: string; readonly name: string };
}

/** TEXT values (RFC 5545, 3.3.11). Other control characters are none of theirs. */
const text = (words: string): string =>
  words
    .replaceAll("\\", "\\\\")
    .replaceAll(/\r\n|\r|\n/g, "\\n")
    .replaceAll(/[;,]/g, (mark) => `\\${mark}`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: just these are taken out
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");

/** Parameter values (3.2): no quotation mark, in quotation marks; no line break either. */
const parameter = (words: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: just these are taken out
  `"${words.replaceAll(/[\u0000-\u001f\u007f"]/g, " ").trim()}"`;

/** DATE-TIME in UTC (3.3.5): 20260310T140000Z. */
const moment = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

/** Lines of at most 75 octets, broken between characters (3.1). */
function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > 75) {
      parts.push(part);
      part = " ";
      octets = 1;
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join("\r\n");
}

const person = (property: string, { address, name }: CalendarEntry["attendee"], also = ""): string =>
  `${property};CN=${parameter(name || address)}${also}:mailto:${address.replaceAll(/[^\x21-\x7e]/g, "")}`;

/** The whole file. */
export function calendarFile(e: CalendarEntry): string {
  const end = new Date(Date.parse(e.start) + e.minutes * 60_000).toISOString();
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Epilogue//End-point assessment//EN",
    "CALSCALE:GREGORIAN",
    `METHOD:${e.method}`,
    "BEGIN:VEVENT",
    `UID:${text(e.uid)}`,
    `SEQUENCE:${e.sequence}`,
    `DTSTAMP:${moment(e.stamp)}`,
    `DTSTART:${moment(e.start)}`,
    `DTEND:${moment(end)}`,
    `SUMMARY:${text(e.summary)}`,
    ...(e.location ? [`LOCATION:${text(e.location)}`] : []),
    ...(e.description ? [`DESCRIPTION:${text(e.description)}`] : []),
    ...(e.url && URL.canParse(e.url) ? [`URL:${new URL(e.url).href}`] : []),
    `STATUS:${e.method === "CANCEL" ? "CANCELLED" : "CONFIRMED"}`,
    person("ORGANIZER", e.organiser),
    person("ATTENDEE", e.attendee, ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"),
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(folded).join("\r\n")}\r\n`;
}
