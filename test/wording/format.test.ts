import {
  capital,
  counted,
  dateRange,
  dateText,
  dateTime,
  dueHint,
  duration,
  inSentence,
  listed,
  momentHint,
  monthsText,
  NBSP,
  ofTotal,
  ordinal,
  sessionTime,
  thousands,
  urgency,
} from "../../src/wording/format";

const now = "2026-05-22T08:12:00Z";
const nb = (text: string) => text.replaceAll(" ", NBSP);

describe("dates and times", () => {
  test.each([
    ["2026-05-12", "Tue 12 May 2026"],
    ["2024-02-29", "Thu 29 Feb 2024"],
    ["2027-01-03", "Sun 3 Jan 2027"],
  ])("the date %s reads %s", (date, text) => expect(dateText(date)).toBe(text));

  test.each([
    ["2026-05-12T09:00:00Z", "Tue 12 May 2026, 10:00"],
    ["2026-01-12T09:00:00Z", "Mon 12 Jan 2026, 09:00"],
    ["2026-06-30T23:30:00.123Z", "Wed 1 Jul 2026, 00:30"],
  ])("the moment %s reads as London shows it: %s", (at, text) => expect(dateTime(at)).toBe(text));

  test.each([
    ["2026-06-13", "2026-06-24", "Sat 13 Jun to Wed 24 Jun 2026"],
    ["2026-12-22", "2027-01-04", "Tue 22 Dec 2026 to Mon 4 Jan 2027"],
    ["2026-06-13", "2026-06-13", "Sat 13 Jun 2026"],
  ])("the range %s to %s", (from, to, text) => expect(dateRange(from, to)).toBe(text));

  test("a day that does not exist is refused, not guessed", () => {
    expect(() => dateText("2026-02-30")).toThrow(RangeError);
  });

  test.each([
    ["2026-05-26", "in 4 days", "soon"],
    ["2026-05-29", "in 7 days", "soon"],
    ["2026-05-30", "in 8 days", "later"],
    ["2026-05-23", "tomorrow", "soon"],
    ["2026-05-22", "today", "soon"],
    ["2026-05-21", "late by 1 day", "late"],
    ["2026-05-20", "late by 2 days", "late"],
  ])("due on %s it is %s", (day, hint, how) => {
    expect(dueHint(day, now)).toBe(nb(hint));
    expect(urgency(day, now)).toBe(how);
  });

  test("what has a time says when, on its day only", () => {
    expect(momentHint("2026-05-22T14:00:00Z", now)).toBe(nb("today, 15:00"));
    expect(momentHint("2026-05-23T14:00:00Z", now)).toBe("tomorrow");
  });

  test("days are London's: at half past midnight there, yesterday's work is late", () => {
    expect(dueHint("2026-05-22", "2026-05-22T23:30:00Z")).toBe(nb("late by 1 day"));
  });
});

describe("counts", () => {
  test.each([
    [3730, "62 min 10 s"],
    [3600, "60 min"],
    [40, "40 s"],
    [0, "0 s"],
    [-5, "0 s"],
  ])("%d seconds last %s", (seconds, text) => expect(duration(seconds)).toBe(nb(text)));

  test.each([
    [575, "09:35"],
    [3730, "62:10"],
    [6065, "101:05"],
    [-1, "00:00"],
  ])("%d seconds stand on the clock as %s", (seconds, text) => expect(sessionTime(seconds)).toBe(text));

  test("numbers stay with what they count", () => {
    expect(ofTotal(7, 12)).toBe(nb("7 of 12"));
    expect(counted(1, "day")).toBe(nb("1 day"));
    expect(counted(2250, "word")).toBe(nb("2,250 words"));
    expect(counted(2, "criterion", "criteria")).toBe(nb("2 criteria"));
    expect(thousands(1234567)).toBe("1,234,567");
    expect(monthsText(3)).toBe("three months");
    expect(monthsText(1)).toBe("one month");
    expect(ordinal(2)).toBe("second");
    expect(ordinal(11)).toBe("11th");
  });
});

describe("words", () => {
  test.each([
    [[], ""],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
  ])("%j is listed as %j", (items, text) => expect(listed(items)).toBe(text));

  test("titles fit into sentences, names and initials stay", () => {
    expect(inSentence("Project report")).toBe("project report");
    expect(inSentence("EPA window")).toBe("EPA window");
    expect(inSentence("K1")).toBe("K1");
    expect(capital("the report")).toBe("The report");
    expect(listed(["x", "y"], "or")).toBe("x or y");
  });
});
