import { earliestSession, handInDue, reportLimit } from "../../src/case/timing";
import type { Pack } from "../../src/rules/pack";
import { bookingOn, goodPortfolio, goodReport, gq, type Journey, journey, tquk } from "../support/case";

const due = (j: Journey, method: string) => handInDue(j.case, j.pack, j.method(method));
const failed = (pack: Pack, method: string) => journey(pack).upTo("released", { grades: { [method]: "fail" } });
/** Results went out on 21 April 2026. */
const resit = (pack: Pack, method: string) => failed(pack, method).reopened("resit", [method]);

describe("the last day to hand in", () => {
  it("of a report: the day agreed, the end of its window, fourteen days before its session, whichever is first", () => {
    const agreed = (reportDue: string | undefined) =>
      journey(tquk).upTo("planningScheduled").planningFinished({ sessions: [], reportDue });
    expect(due(agreed("2026-03-16"), "project")).toBe("2026-03-16");
    expect(due(agreed(undefined), "project")).toBe("2026-04-16");
    const booked = agreed("2026-03-16").do("session.book", bookingOn(tquk, "project", "2026-03-30"));
    expect(due(booked, "project")).toBe("2026-03-16");
    const early = agreed(undefined).do("session.book", bookingOn(tquk, "project", "2026-03-10"));
    expect(due(early, "project")).toBe("2026-02-24");
  });

  it("of a report taken again: the resit's own last day (GQ), the rework's (TQUK); nothing of the first agreement", () => {
    expect(due(resit(gq, "project"), "project")).toBe("2026-07-21");
    expect(due(resit(tquk, "project"), "project")).toBe("2026-05-21");
    const handedIn = resit(gq, "project").do("report.submit", goodReport(gq));
    expect(due(handedIn.do("session.book", bookingOn(gq, "project", "2026-07-15")), "project")).toBe("2026-07-01");
  });

  it("of a portfolio taken again: the resit's last day, until a session is booked before it", () => {
    const again = resit(gq, "discussion");
    expect(due(again, "discussion")).toBe("2026-07-21");
    expect(due(again.do("session.book", bookingOn(gq, "discussion", "2026-07-15")), "discussion")).toBe("2026-07-01");
    expect(
      due(journey(tquk).upTo("planningScheduled").planningFinished({ sessions: [] }), "discussion"),
    ).toBeUndefined();
    expect(due(again, "observation")).toBeUndefined();
  });
});

describe("the report's window (R14)", () => {
  it("never begins before the gateway meeting", () => {
    const { case: c } = journey(gq).upTo("planningFinished");
    expect(reportLimit(c, gq)).toBe("2026-04-16");
    const { meeting } = c.gateway;
    if (!meeting) throw new Error("no meeting");
    const later = { ...c, gateway: { ...c.gateway, meeting: { ...meeting, on: "2026-02-28" } } };
    expect(reportLimit(later, gq)).toBe("2026-04-28");
  });
});

describe("the advised order (R23)", () => {
  it("is not asked of what is taken again alone: neither its booking nor its hand-in", () => {
    // The observation was held in April; the discussion, taken again, comes after it.
    const again = resit(gq, "discussion").do("portfolio.submit", goodPortfolio(gq));
    again.when("session.book", bookingOn(gq, "discussion", "2026-06-01")).warnedOnlyOf();
    // The discussion was held; the report is handed in once more.
    resit(gq, "project").when("report.submit", goodReport(gq)).warnedOnlyOf();
  });
});

describe("the first day for a session", () => {
  it("keeps the notice, and the days to read", () => {
    const j = journey(tquk).upTo("planningScheduled").planningFinished({ sessions: [], reportDue: "2026-03-16" });
    const first = (method: string, today: string) => earliestSession(j.case, tquk, j.method(method), today);
    expect(first("observation", "2026-03-01")).toBe("2026-03-15");
    expect(first("project", "2026-03-01")).toBe("2026-03-30");
    expect(first("project", "2026-03-20")).toBe("2026-04-03");
    expect(first("discussion", "2026-03-01")).toBe("2026-03-15");
    // What was read long ago asks for no day that is past.
    const read = journey(gq).upTo("handedIn");
    expect(earliestSession(read.case, gq, read.method("project"), "2026-03-17")).toBe("2026-03-30");
    expect(earliestSession(read.case, gq, read.method("project"), "2026-05-20")).toBe("2026-05-20");
  });
});
