import type { Payload } from "../../src/case/decider";
import { atLondon } from "../../src/rules/calendar";
import type { Pack } from "../../src/rules/pack";
import { bookingOn, goodPlan, gq, type Journey, journey, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

/** The meeting is held: on its day, an hour after it began. */
const held = (pack: Pack) => journey(pack).upTo("planningScheduled").on("2026-02-16", "15:00");
const finish = (j: Journey, change: Partial<Payload<"planning.finish">> = {}, lifting: Record<string, string> = {}) =>
  j.when("planning.finish", { ...goodPlan(j.pack, j.case), ...change }, { lifting });
/** The good plan with this method's session on another day, or in another place. */
const withSession = (pack: Pack, method: string, change: Partial<Payload<"session.book">>) => ({
  sessions: goodPlan(pack).sessions.map((s) => (s.method === method ? { ...s, ...change } : s)),
});
const onDay = (pack: Pack, method: string, day: string) =>
  withSession(pack, method, { at: bookingOn(pack, method, day).at });

describe("the planning meeting's date", () => {
  it("is set after the gateway, can be moved, and is kept apart from when it was set", () => {
    journey(gq)
      .upTo("confirmed")
      .when("planning.schedule", { at: "2026-02-16T14:00:00Z", where: "Teams" })
      .refusedWith("NOT_IN_PLANNING", { stage: "gateway" });
    const j = journey(gq)
      .upTo("gatewayAccepted")
      .do("planning.schedule", { at: "2026-02-16T14:00:00Z", where: "Teams" });
    expect(j.case.planning.meeting).toMatchObject({ at: "2026-02-16T14:00:00Z", made: { at: j.now } });
    j.inDays(1).when("planning.schedule", { at: "2026-02-16T14:00:00.000Z", where: "Teams" }).already({ at: j.now });
    expect(j.do("planning.schedule", { at: "2026-02-17T09:00:00Z", where: "On site" }).case.planning.meeting?.at).toBe(
      "2026-02-17T09:00:00Z",
    );
  });

  it("is not in the past", () => {
    const j = journey(gq).upTo("gatewayAccepted");
    j.when("planning.schedule", { at: j.now, where: "Teams" }).refusedWith("IN_THE_PAST");
    j.inSeconds(-1).when("planning.schedule", { at: j.now, where: "Teams" }).accepted();
  });
});

describe("saving the form for later", () => {
  it("keeps what was filled in, until the meeting is finished", () => {
    const j = held(gq).do("planning.save", { agenda: ["schedule"], subject: "Refunds", observationPlan: ["timing"] });
    expect(j.case.planning).toMatchObject({
      agenda: ["schedule"],
      draft: { subject: { text: "Refunds" }, observationPlan: ["timing"] },
    });
    const done = finish(j).accepted();
    expect(done.case.planning.draft).toBeUndefined();
    expect(done.case.planning.agenda).toHaveLength(9);
  });

  it("knows only the pack's points", () => {
    held(gq)
      .when("planning.save", { agenda: ["parking"] })
      .refusedWith("NO_SUCH_POINT");
    held(gq)
      .when("planning.save", { agenda: [], observationPlan: ["parking"] })
      .refusedWith("NO_SUCH_POINT");
    finish(held(gq), { agenda: [...goodPlan(gq).agenda, "parking"] }).refusedWith("NO_SUCH_POINT");
    finish(held(tquk), { observationPlan: ["timing"] }).refusedWith("NO_SUCH_POINT");
    const sessions = [{ method: "project", on: "2026-04-07" }];
    held(gq).when("planning.save", { agenda: [], sessions }).accepted();
    held(gq)
      .when("planning.save", { agenda: [], sessions: [...sessions, { method: "essay" }] })
      .refusedWith("NO_SUCH_METHOD", { method: "essay" });
    journey(gq).upTo("planningFinished").when("planning.save", { agenda: [] }).refusedWith("NOT_IN_PLANNING");
  });
});

describe("finishing the planning meeting (R05)", () => {
  it("needs the meeting to be set, and held", () => {
    const plan = goodPlan(gq);
    journey(gq).upTo("gatewayAccepted").when("planning.finish", plan).refusedWith("PLANNING_NOT_SCHEDULED");
    const set = journey(gq).upTo("planningScheduled");
    set.on("2026-02-15").when("planning.finish", plan).refusedWith("PLANNING_NOT_HELD", { on: "2026-02-16" });
    set.on("2026-02-16").when("planning.finish", plan).notRefusedWith("PLANNING_NOT_HELD");
    journey(gq).upTo("confirmed").when("planning.finish", plan).refusedWith("NOT_IN_PLANNING", { stage: "gateway" });
  });

  it.each(gq.rules.planning.agenda.map((a) => [a.id, a.title]))("GQ: the point “%s” must be ticked", (id, title) => {
    const agenda = gq.rules.planning.agenda.map((a) => a.id).filter((x) => x !== id);
    const problem = finish(held(gq), { agenda }).refusedWith("AGENDA_OPEN", { points: [title] });
    expect(problem).toMatchObject({ rule: "R05", source: gq.rules.planning.source });
    expect(problem.remedy).toBeUndefined();
  });

  it("TQUK: only the proposal must be talked over", () => {
    finish(held(tquk), { agenda: [] }).refusedWith("AGENDA_OPEN", {
      points: [tquk.rules.planning.agenda[0]?.title ?? ""],
    });
  });

  it("GQ: subject, report date, manner of the portfolio, each session's date and the observation plan are agreed", () => {
    const j = held(gq);
    finish(j, { subject: undefined }).refusedWith("SUBJECT_NEEDED");
    finish(j, { portfolioManner: undefined }).refusedWith("PORTFOLIO_MANNER_NEEDED");
    finish(j, { reportDue: undefined }).refusedWith("REPORT_DATE_NEEDED", { latest: "2026-04-16" });
    for (const method of ["observation", "project", "discussion"])
      finish(j, { sessions: goodPlan(gq).sessions.filter((s) => s.method !== method) }).refusedWith("DATE_NEEDED", {
        method,
      });
    finish(j, { observationPlan: ["timing", "space"] }).refusedWith("OBSERVATION_NOT_PLANNED");
  });

  it("TQUK: none of these is asked for", () => {
    const bare = {
      subject: undefined,
      portfolioManner: undefined,
      reportDue: undefined,
      sessions: [],
      observationPlan: [],
    };
    finish(held(tquk), bare).accepted();
  });

  it("an invented pack asks only the dates", () => {
    const bare = { subject: undefined, portfolioManner: undefined, reportDue: undefined, observationPlan: [] };
    finish(held(thirdPack), bare).accepted();
    finish(held(thirdPack), { ...bare, sessions: [] }).refusedWith("DATE_NEEDED", { method: "showing" });
  });

  it("books the sessions for when they will be, and says when that was agreed", () => {
    const j = finish(held(gq)).events(["PlanningFinished", { on: "2026-02-16" }]);
    expect(j.case.stage).toBe("assessment");
    expect(j.attempt("project").session).toMatchObject({
      state: "booked",
      booking: { at: "2026-04-07T09:00:00Z", made: { at: j.now } },
    });
    j.inDays(1).when("planning.finish", goodPlan(gq)).already({ at: j.now });
  });

  it("counts from the day of the meeting, also when it is finished later", () => {
    const j = finish(held(gq).on("2026-02-19")).accepted();
    expect(j.case.planning.finished).toMatchObject({ on: "2026-02-16", at: j.now });
  });

  it("books each method once, and only those that the pack has", () => {
    const [first] = goodPlan(tquk).sessions;
    if (!first) throw new Error("no session");
    finish(held(tquk), { sessions: [first, first] }).refusedWith("SESSION_STATE", { method: first.method });
    finish(held(tquk), { sessions: [{ ...first, method: "essay" }] }).refusedWith("NO_SUCH_METHOD", {
      method: "essay",
    });
  });

  it("warns when the employer does not give time and resources (R36)", () => {
    for (const pack of [gq, tquk])
      finish(held(pack), { employerResources: false }).warnedOnlyOf("RESOURCES_NOT_AGREED");
    finish(held(thirdPack), { employerResources: false }).accepted();
  });
});

describe("the report's date at planning (R14, R17, R44)", () => {
  it.each([
    [gq, "2026-04-16", "2026-04-17"],
    [tquk, "2026-04-16", "2026-04-17"],
  ] as const)("is within two months of the meeting: %#", (pack, last, after) => {
    const sessions = goodPlan(pack).sessions.map((s) => ({ ...s, at: bookingOn(pack, s.method, "2026-05-07").at }));
    finish(held(pack), { reportDue: last, sessions }).notRefusedWith("REPORT_AFTER_WINDOW");
    const problem = finish(held(pack), { reportDue: after, sessions }).refusedWith("REPORT_AFTER_WINDOW", {
      latest: last,
      months: 2,
    });
    expect(problem).toMatchObject({ rule: "R14", source: pack.rules.reportWindow.source, remedy: "override" });
  });

  it("is not past", () => {
    finish(held(tquk), { reportDue: "2026-02-15" }).refusedWith("IN_THE_PAST");
    finish(held(tquk), { reportDue: "2026-02-16" }).accepted();
  });

  it("GQ: past two months from the gateway meeting is warned of, TQUK says nothing", () => {
    const sessions = (pack: Pack) =>
      goodPlan(pack).sessions.map((s) => ({ ...s, at: bookingOn(pack, s.method, "2026-04-27").at }));
    finish(held(gq), { reportDue: "2026-04-02", sessions: sessions(gq) }).accepted();
    finish(held(gq), { reportDue: "2026-04-03", sessions: sessions(gq) }).warnedOnlyOf("REPORT_PAST_ADVISED");
    finish(held(tquk), { reportDue: "2026-04-03", sessions: sessions(tquk) }).accepted();
  });

  it("leaves fourteen days before the interview", () => {
    const due = { reportDue: "2026-03-24" };
    finish(held(gq), due).notRefusedWith("SESSION_BEFORE_REPORT_READ");
    const problem = finish(held(gq), { reportDue: "2026-03-25" }).refusedWith("SESSION_BEFORE_REPORT_READ", {
      due: "2026-03-25",
      earliest: "2026-04-08",
      days: 14,
    });
    expect(problem).toMatchObject({ rule: "R17", input: "project-date" });
  });

  it("an invented pack asks ten days, and counts a month from the accepted proposal", () => {
    finish(held(thirdPack), { reportDue: "2026-03-30" }).notRefusedWith("SESSION_BEFORE_REPORT_READ");
    finish(held(thirdPack), { reportDue: "2026-03-31" }).refusedWith("SESSION_BEFORE_REPORT_READ", {
      earliest: "2026-04-10",
      days: 10,
    });
    const accepted = held(thirdPack).do("proposal.accept", { n: 1 });
    finish(accepted, { reportDue: "2026-03-16" }).accepted();
    finish(accepted, { reportDue: "2026-03-17" }).refusedWith("REPORT_AFTER_WINDOW", {
      latest: "2026-03-16",
      months: 1,
    });
  });

  it("warns when reading time does not fit into the window", () => {
    // The window ends on 9 May; planned late, the report can come so late that fourteen days reach beyond it.
    const late = journey(gq).upTo("gatewayAccepted").planningScheduled("2026-02-26").on("2026-02-26", "15:00");
    const plan = (reportDue: string, interview: string) => ({
      ...goodPlan(gq),
      ...onDay(gq, "project", interview),
      reportDue,
    });
    const just = late.when("planning.finish", plan("2026-04-25", "2026-05-09"));
    expect(just.refused).toEqual([]);
    expect(just.warned.map((w) => w.code)).not.toContain("PLAN_DOES_NOT_FIT");
    late
      .when("planning.finish", plan("2026-04-26", "2026-05-10"))
      .refusedWith("AFTER_WINDOW", { ends: "2026-05-09", months: 3 });
    late
      .do("rule.lift", { rule: "R06", reason: "Illness" })
      .when("planning.finish", plan("2026-04-26", "2026-05-10"))
      .warnedOf("PLAN_DOES_NOT_FIT", { readBy: "2026-05-10", ends: "2026-05-09" });
  });
});

describe("sessions agreed at planning", () => {
  it.each([gq, tquk])("the observation has fourteen days' notice (R07): $id", (pack) => {
    finish(held(pack), onDay(pack, "observation", "2026-03-02")).notRefusedWith("NOTICE_TOO_SHORT");
    const problem = finish(held(pack), onDay(pack, "observation", "2026-03-01")).refusedWith("NOTICE_TOO_SHORT", {
      days: 14,
      earliest: "2026-03-02",
    });
    expect(problem).toMatchObject({ rule: "R07", input: "observation-date" });
    expect(problem.remedy).toBeUndefined();
  });

  it("an invented pack gives five days' notice", () => {
    finish(held(thirdPack), onDay(thirdPack, "showing", "2026-02-20")).refusedWith("NOTICE_TOO_SHORT", {
      earliest: "2026-02-21",
    });
  });

  it.each([gq, tquk])("every session lies inside the window, its last day included (R06): $id", (pack) => {
    for (const { id } of pack.methods) {
      finish(held(pack), onDay(pack, id, "2026-05-09")).notRefusedWith("AFTER_WINDOW");
      const problem = finish(held(pack), onDay(pack, id, "2026-05-10")).refusedWith("AFTER_WINDOW", {
        ends: "2026-05-09",
        months: 3,
      });
      expect(problem).toMatchObject({ rule: "R06", source: pack.rules.epaWindow.source, remedy: "override" });
    }
  });

  it("the setting is the pack's (R10)", () => {
    for (const pack of [gq, tquk]) {
      const problem = finish(held(pack), withSession(pack, "observation", { setting: "teams" })).refusedWith(
        "SETTING_NOT_ALLOWED",
        {
          setting: "teams",
          allowed: ["workplace"],
        },
      );
      expect(problem).toMatchObject({ rule: "R10", remedy: "override", input: "observation-setting" });
      finish(held(pack), withSession(pack, "discussion", { setting: "workplace" })).refusedWith("SETTING_NOT_ALLOWED");
      finish(held(pack), withSession(pack, "discussion", { setting: "faceToFace" })).accepted();
    }
  });

  it("the advised order is warned of, once for each pair (R23)", () => {
    // Report due on 16 March: a discussion before it; an observation before the discussion.
    finish(held(gq), onDay(gq, "discussion", "2026-03-16")).accepted();
    finish(held(gq), onDay(gq, "discussion", "2026-03-15")).warnedOnlyOf("ORDER_NOT_ADVISED");
    finish(held(gq), onDay(gq, "observation", "2026-04-08")).warnedOf("ORDER_NOT_ADVISED", {
      earlier: "discussion",
      earlierWhat: "session",
      later: "observation",
    });
    expect(finish(held(gq), onDay(gq, "observation", "2026-04-08")).warned).toHaveLength(1);
    finish(held(tquk), onDay(tquk, "observation", "2026-04-08")).accepted();
    finish(held(gq), onDay(gq, "observation", "2026-04-09")).accepted();
    // On one day the hours say which came first.
    const at = (time: string) => finish(held(gq), withSession(gq, "observation", { at: atLondon("2026-04-09", time) }));
    at("09:59").warnedOnlyOf("ORDER_NOT_ADVISED");
    at("10:00").accepted();
  });
});
