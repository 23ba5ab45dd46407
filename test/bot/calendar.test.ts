import { type CalendarEntry, calendarFile } from "../../bot/mail/calendar";

/** iCalendar as RFC 5545 has it. */

const entry: CalendarEntry = {
  method: "REQUEST",
  uid: "c1-talk-0@epilogue",
  sequence: 3,
  summary: "Interview, EX-2026-0147",
  start: "2026-03-10T14:00:00Z",
  minutes: 75,
  stamp: "2026-02-02T09:00:00.123Z",
  organiser: { address: "post@example.org", name: "Epilogue" },
  attendee: { address: "ada@example.com", name: 'Ada "Ace" Example; Q.C.' },
};
/** Its properties, unfolded. */
const properties = (e: CalendarEntry): string[] =>
  calendarFile(e).replaceAll("\r\n ", "").split("\r\n").filter(Boolean);
const value = (e: CalendarEntry, name: string) =>
  properties(e)
    .find((l) => l.startsWith(`${name}:`) || l.startsWith(`${name};`))
    ?.slice(name.length + 1);

test("holds what a calendar needs, in UTC", () => {
  expect(properties(entry)).toEqual(
    expect.arrayContaining([
      "VERSION:2.0",
      "METHOD:REQUEST",
      "UID:c1-talk-0@epilogue",
      "SEQUENCE:3",
      "DTSTAMP:20260202T090000Z",
      "DTSTART:20260310T140000Z",
      "DTEND:20260310T151500Z",
      "STATUS:CONFIRMED",
    ]),
  );
});

test("calls off under the same id", () => {
  const off = { ...entry, method: "CANCEL" as const, sequence: 4 };
  expect(properties(off)).toEqual(
    expect.arrayContaining(["METHOD:CANCEL", "STATUS:CANCELLED", "UID:c1-talk-0@epilogue", "SEQUENCE:4"]),
  );
});

test("takes nobody's words for more than words", () => {
  const hostile = "Room 5; block\\2, left\r\nEND:VEVENT\nBEGIN:VALARM\u0007";
  const file = { ...entry, location: hostile };
  expect(properties(file)).toHaveLength(properties(entry).length + 1);
  expect(value(file, "LOCATION")).toBe("Room 5\\; block\\\\2\\, left\\nEND:VEVENT\\nBEGIN:VALARM");
  const name = { ...entry, attendee: { address: "ada@example.com\r\nX-A:1", name: 'Ada"\r\nX-B:1' } };
  expect(properties(name)).toHaveLength(properties(entry).length);
  expect(value(name, "ATTENDEE")).toMatch(/^CN="Ada {2,3}X-B:1";.*:mailto:ada@example\.comX-A:1$/);
});

test("has no line over 75 octets, and breaks no character", () => {
  const long = { ...entry, description: "Café 👩‍🏫 ".repeat(40) };
  const lines = calendarFile(long).split("\r\n");
  expect(lines.filter((l) => Buffer.byteLength(l) > 75)).toEqual([]);
  expect(value(long, "DESCRIPTION")).toBe("Café 👩‍🏫 ".repeat(40));
  expect(calendarFile(long)).not.toMatch(/\uFFFD/);
});
