import fc from "fast-check";
import * as calendar from "../../src/rules/calendar";

const { addDays, addMonths, addWorkingDays, atLondon, compareDates, compareInstants, daysBetween, endOfDay, isDate } =
  calendar;
const {
  addSeconds,
  isWorkingDay,
  londonDate,
  londonTime,
  minutesBetween,
  secondsBetween,
  startOfDay,
  workingDaysBetween,
} = calendar;

const anyDate = fc
  .date({ min: new Date("2018-01-01T00:00:00Z"), max: new Date("2040-12-31T00:00:00Z"), noInvalidDate: true })
  .map((d) => d.toISOString().slice(0, 10));

describe("dates of London", () => {
  it.each([
    ["a winter's day is London's own", "2026-01-15T23:59:59Z", "2026-01-15", "23:59"],
    ["in summer the day begins an hour before UTC's", "2026-05-22T23:00:00Z", "2026-05-23", "00:00"],
    ["one second earlier is still the day before", "2026-05-22T22:59:59.999Z", "2026-05-22", "23:59"],
    ["the clocks go forward on 29 March 2026", "2026-03-29T01:00:00Z", "2026-03-29", "02:00"],
    ["and back on 25 October 2026", "2026-10-25T01:00:00Z", "2026-10-25", "01:00"],
    ["a year may end in London as in UTC", "2026-12-31T23:59:59Z", "2026-12-31", "23:59"],
  ])("%s", (_, instant, date, time) => {
    expect([londonDate(instant), londonTime(instant)]).toEqual([date, time]);
  });

  it.each([
    ["2026-01-15", "09:30", "2026-01-15T09:30:00Z"],
    ["2026-07-15", "09:30", "2026-07-15T08:30:00Z"],
    ["2026-03-29", "01:30", "2026-03-29T01:30:00Z"], // skipped by the clocks: an hour later
    ["2026-10-25", "01:30", "2026-10-25T00:30:00Z"], // repeated by the clocks: the first
  ])("%s at %s in London is %s", (date, time, instant) => {
    expect(atLondon(date, time)).toBe(instant);
  });

  it.each([
    ["2026-01-15", "2026-01-15T00:00:00Z", "2026-01-15T23:59:59.999Z", 24],
    ["2026-07-15", "2026-07-14T23:00:00Z", "2026-07-15T22:59:59.999Z", 24],
    ["2026-03-29", "2026-03-29T00:00:00Z", "2026-03-29T22:59:59.999Z", 23],
    ["2026-10-25", "2026-10-24T23:00:00Z", "2026-10-25T23:59:59.999Z", 25],
  ])("%s lasts from %s to %s: %i hours", (date, first, last, hours) => {
    expect([startOfDay(date), endOfDay(date)]).toEqual([first, last]);
    expect(secondsBetween(first, startOfDay(addDays(date, 1)))).toBe(hours * 3600);
  });

  it("a moment lies between the first and the last of its own date", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("2018-01-01"), max: new Date("2040-12-31"), noInvalidDate: true }), (d) => {
        const now = d.toISOString();
        const today = londonDate(now);
        expect(compareInstants(startOfDay(today), now)).toBeLessThanOrEqual(0);
        expect(compareInstants(now, endOfDay(today))).toBeLessThanOrEqual(0);
        expect(londonDate(atLondon(today, "12:00"))).toBe(today);
      }),
    );
  });

  it.each([
    ["2026-02-28", true],
    ["2028-02-29", true],
    ["2026-02-29", false],
    ["2100-02-29", false],
    ["2026-13-01", false],
    ["2026-00-10", false],
    ["2026-1-1", false],
    ["26-01-01", false],
    ["2026-01-01T00:00:00Z", false],
    ["", false],
    ["tomorrow", false],
  ])("“%s” is a date: %s", (text, is) => {
    expect(isDate(text)).toBe(is);
  });

  it.each([
    () => addDays("2026-02-30", 1),
    () => addMonths("2026-02-30", 1),
    () => startOfDay("2026-04-31"),
    () => atLondon("2026-04-30", "24:30"),
    () => londonDate("yesterday"),
  ])("a date or time that does not exist is refused, not bent (%#)", (ask) => {
    expect(ask).toThrow(RangeError);
  });
});

describe("days and months", () => {
  it.each([
    ["fourteen days' notice on 1 March serves 15 March", "2026-03-01", 14, "2026-03-15"],
    ["over a month's end", "2026-01-31", 1, "2026-02-01"],
    ["over a leap day", "2028-02-28", 2, "2028-03-01"],
    ["over the end of a year", "2026-12-31", 1, "2027-01-01"],
    ["over the clocks going forward", "2026-03-28", 2, "2026-03-30"],
    ["backwards", "2026-03-15", -14, "2026-03-01"],
    ["a year with a leap day", "2027-09-01", 366, "2028-09-01"],
  ])("%s", (_, from, days, to) => {
    expect(addDays(from, days)).toBe(to);
    expect(daysBetween(from, to)).toBe(days);
    expect(daysBetween(to, from)).toBe(-days + 0);
  });

  it.each([
    ["the same day of the later month", "2026-05-12", 2, "2026-07-12"],
    ["or the last day, where there is no such day", "2026-01-31", 1, "2026-02-28"],
    ["which in a leap year is the 29th", "2028-01-31", 1, "2028-02-29"],
    ["a month of thirty days", "2026-08-31", 3, "2026-11-30"],
    ["the last day of a short month is not the last of a long one", "2026-02-28", 1, "2026-03-28"],
    ["over the end of a year", "2026-11-30", 3, "2027-02-28"],
    ["twelve months from a leap day", "2028-02-29", 12, "2029-02-28"],
    ["backwards", "2026-03-31", -1, "2026-02-28"],
  ])("%s", (_, from, months, to) => {
    expect(addMonths(from, months)).toBe(to);
  });

  it("twelve months are 365 days, or 366 where they hold a leap day", () => {
    expect(daysBetween("2025-09-01", addMonths("2025-09-01", 12))).toBe(365);
    expect(daysBetween("2027-09-01", addMonths("2027-09-01", 12))).toBe(366);
  });

  it("days add up and back, and order dates", () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -800, max: 800 }), (date, n) => {
        const later = addDays(date, n);
        expect(addDays(later, -n)).toBe(date);
        expect(daysBetween(date, later)).toBe(n);
        expect(Math.sign(compareDates(later, date)) + 0).toBe(Math.sign(n) + 0);
      }),
    );
  });

  it("a period in months keeps the day or falls on the month's last, and never decreases with its start", () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 36 }), (date, n) => {
        const end = addMonths(date, n);
        const sameDay = end.slice(8) === date.slice(8);
        const lastDay = addDays(end, 1).slice(8) === "01";
        expect(sameDay || (lastDay && Number(end.slice(8)) < Number(date.slice(8)))).toBe(true);
        expect(compareDates(end, addMonths(addDays(date, 1), n))).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe("seconds and minutes", () => {
  it.each([
    ["2026-05-22T08:12:00Z", "2026-05-22T09:12:00Z", 3600, 60],
    ["2026-05-22T08:12:00Z", "2026-05-22T08:12:59Z", 59, 0],
    ["2026-05-22T08:12:00.900Z", "2026-05-22T08:13:00Z", 59, 0],
    ["2026-05-22T08:12:00Z", "2026-05-22T08:12:00.999Z", 0, 0],
    ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", 3600, 60],
    ["2026-05-22T09:12:00Z", "2026-05-22T08:11:30Z", -3630, -60],
  ])("from %s to %s", (from, to, seconds, minutes) => {
    expect([secondsBetween(from, to), minutesBetween(from, to)]).toEqual([seconds, minutes]);
    expect(secondsBetween(from, addSeconds(from, seconds))).toBe(seconds);
  });

  it("decimals order moments that texts would not", () => {
    expect(compareInstants("2026-05-22T08:12:00Z", "2026-05-22T08:12:00.500Z")).toBeLessThan(0);
    expect(compareInstants("2026-05-22T08:12:00.000Z", "2026-05-22T08:12:00Z")).toBe(0);
  });
});

describe("working days of England and Wales", () => {
  it.each([
    ["2026-04-02", true, "Maundy Thursday"],
    ["2026-04-03", false, "Good Friday"],
    ["2026-04-05", false, "Easter Sunday"],
    ["2026-04-06", false, "Easter Monday"],
    ["2026-04-07", true, "the day after"],
    ["2026-05-04", false, "early May"],
    ["2026-05-25", false, "spring"],
    ["2026-08-31", false, "summer"],
    ["2026-08-03", true, "Scotland's summer holiday is not England's"],
    ["2026-03-17", true, "Saint Patrick's is Northern Ireland's"],
    ["2026-12-25", false, "Christmas"],
    ["2026-12-26", false, "a Saturday"],
    ["2026-12-28", false, "Boxing Day's substitute"],
    ["2026-12-29", true, "the day after"],
    ["2027-01-01", false, "New Year's Day"],
    ["2027-12-27", false, "Christmas's substitute"],
    ["2027-12-28", false, "Boxing Day's substitute"],
    ["2027-12-29", true, "the day after"],
    ["2028-01-03", false, "New Year's substitute"],
    ["2028-01-04", true, "in Scotland only a holiday"],
    ["2026-05-23", false, "a Saturday"],
    ["2026-05-24", false, "a Sunday"],
    ["2023-05-08", false, "a coronation"],
  ])("%s works: %s (%s)", (date, works) => {
    expect(isWorkingDay(date)).toBe(works);
  });

  it.each([
    ["the working day before counts as one", "2026-05-22", -1, "2026-05-21"],
    ["from a Monday it is the Friday", "2026-05-18", -1, "2026-05-15"],
    ["ten before an assessment after Easter", "2026-04-14", -10, "2026-03-27"],
    ["five after one before Christmas", "2026-12-22", 5, "2026-12-31"],
    ["over two substitute days", "2027-12-24", 1, "2027-12-29"],
    ["from a holiday", "2026-04-03", 1, "2026-04-07"],
    ["none leaves the date as it is, working or not", "2026-04-05", 0, "2026-04-05"],
  ])("%s", (_, from, n, to) => {
    expect(addWorkingDays(from, n)).toBe(to);
    expect(workingDaysBetween(from, to)).toBe(n);
  });

  it("as many lie between as were added, and where one lands people work", () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -40, max: 40 }), (date, n) => {
        const reached = addWorkingDays(date, n);
        expect(workingDaysBetween(date, reached)).toBe(n);
        if (n !== 0) expect(isWorkingDay(reached)).toBe(true);
        expect(Math.abs(daysBetween(date, reached))).toBeGreaterThanOrEqual(Math.abs(n));
      }),
    );
  });
});
