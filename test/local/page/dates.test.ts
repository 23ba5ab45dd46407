import { dayAndTime, fromInputs, fullDay, hint, inputParts, shortWhen } from "../../../bot/local/page/dates";

describe("dates as the page says them, in London", () => {
  test("a day and a time, in summer and in winter", () => {
    expect(dayAndTime("2026-05-22T08:12:00Z")).toBe("Fri 22 May 2026, 09:12");
    expect(dayAndTime("2026-12-01T08:12:00Z")).toBe("Tue 1 Dec 2026, 08:12");
    expect(fullDay("2026-09-30T23:30:00Z")).toBe("Thu 1 Oct 2026");
  });

  test.each([
    ["2026-05-22T08:00:00Z", "09:00"],
    ["2026-05-21T22:30:00Z", "Thu"],
    ["2026-05-16T12:00:00Z", "Sat"],
    ["2026-05-15T12:00:00Z", "15 May"],
    ["2025-05-15T12:00:00Z", "15 May 2025"],
    ["2026-05-29T12:00:00Z", "29 May"],
  ])("a list on Fri 22 May 2026 says of %s: %s", (at, said) => {
    expect(shortWhen(at, "2026-05-22T12:00:00Z")).toBe(said);
  });

  test.each([
    ["2026-05-22T14:00:00Z", "today, 15:00"],
    ["2026-05-22T23:30:00Z", "tomorrow"],
    ["2026-05-26T22:59:00Z", "in 4 days"],
    ["2026-05-21T12:00:00Z", "yesterday"],
    ["2026-05-20T12:00:00Z", "2 days ago"],
  ])("%s is %s, in words that never break", (at, said) => {
    expect(hint(at, "2026-05-22T12:00:00Z")).toBe(said.replaceAll(" ", "\u00a0"));
  });

  test("the native inputs go there and back", () => {
    expect(inputParts("2026-05-22T08:12:34Z")).toEqual({ date: "2026-05-22", time: "09:12" });
    expect(fromInputs("2026-05-22", "09:12")).toBe("2026-05-22T08:12:00Z");
    expect(fromInputs("", "09:12")).toBeUndefined();
    expect(fromInputs("2026-05-22", "")).toBeUndefined();
  });
});
