import { noticesOf } from "../../src/notices";
import type { NewNotice, Recorded } from "../../src/ports";
import { addDays, londonDate, londonTime } from "../../src/rules/calendar";
import { tasksOf } from "../../src/tasks";
import { bookingOn, type Journey, journey, tquk } from "../support/case";

/** The reminders that a step put down. */
function reminders(before: Journey, after: Journey): NewNotice[] {
  const events = after.log.slice(before.log.length) as Recorded[];
  return noticesOf(before.case, after.case, events, after.pack).filter((n) => n.kind === "reminder");
}
const at = (n: NewNotice) => `${londonDate(n.dueAt)} ${londonTime(n.dueAt)}`;
const of = (all: NewNotice[], person: string) => all.filter((n) => n.to === person);

const [method] = tquk.methods;
if (!method) throw new Error("A method at least");
/** A session moved to that day at ten in London, rules lifted: it is the clock that is looked at. */
const bookedOn = (day: string) => {
  const planned = journey(tquk).upTo("booked").on(addDays(day, -30));
  const move = { ...bookingOn(tquk, method.id, day), reason: "Another day" };
  return { planned, booked: planned.when("session.move", move, { lifting: everything }).after };
};
const everything = Object.fromEntries(
  Object.values(tquk.rules).flatMap((r) => ("id" in r && r.override ? [[r.id, "For this test"]] : [])),
);

describe("reminders over the change of clocks", () => {
  it.each([
    [
      "spring, when London goes forward on Sunday 29 March",
      "2026-03-30",
      "2026-03-23T09:00:00Z",
      "2026-03-29T08:00:00Z",
    ],
    ["autumn, when it goes back on Sunday 25 October", "2026-10-26", "2026-10-19T08:00:00Z", "2026-10-25T09:00:00Z"],
  ])("in %s: at nine by London's clocks, seven days and one day before", (_when, day, week, eve) => {
    const { planned, booked } = bookedOn(day);
    const theirs = of(reminders(planned, booked), booked.case.parties.apprentice);
    const own = theirs.filter((n) => (n.data as { day: string }).day === day);
    expect(own.map((n) => new Date(n.dueAt).toISOString()).sort()).toEqual(
      [week, eve].map((x) => new Date(x).toISOString()),
    );
    for (const n of own) expect(londonTime(n.dueAt)).toBe("09:00");
  });

  it("given the session itself is at ten in London, then it is an hour after, winter and summer", () => {
    for (const day of ["2026-03-30", "2026-10-26"]) {
      const { booked } = bookedOn(day);
      expect(londonTime(booked.attempt(method.id).session.booking?.at ?? "")).toBe("10:00");
    }
  });
});

describe("reminders over bank holidays", () => {
  /** A proposal handed in that day: the assessor aims to decide within five working days. */
  const handedIn = (day: string) => {
    const before = journey(tquk).upTo("gatewayAccepted").on(day);
    const after = before.do("adjustment.request", {
      kind: "other",
      need: "A quiet room",
      normalWay: true,
      apprenticeInvolved: true,
      methods: [],
    });
    return { before, after };
  };

  it.each([
    ["Easter", "2026-04-01", "2026-04-10", ["2026-04-03 09:00", "2026-04-09 09:00"]],
    ["Christmas and New Year", "2026-12-23", "2027-01-04", ["2026-12-28 09:00", "2027-01-03 09:00"]],
  ])("%s: five working days end after them, and the reminders go by that day", (_name, from, day, whens) => {
    const { before, after } = handedIn(from);
    const task = tasksOf(after.case, tquk).find((t) => t.code === "decideAdjustment");
    expect(task?.day).toBe(day);
    const own = reminders(before, after).filter((n) => (n.data as { key: string }).key === task?.key);
    expect(own.map(at).sort()).toEqual(whens);
  });
});
