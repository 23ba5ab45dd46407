import { offered, type Payload } from "../../src/case/decider";
import { tasksOf } from "../../src/tasks";
import { bookingOn, goodPortfolio, goodReport, gq, type Journey, journey, people, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

/** Results went out on 21 April 2026. */
const failed = (pack: typeof gq, ...methods: string[]) =>
  journey(pack).upTo("released", { grades: Object.fromEntries(methods.map((m) => [m, "fail" as const])) });
const open = (j: Journey, change: Partial<Payload<"resit.open">> = {}, how = {}) =>
  j.when(
    "resit.open",
    { kind: "resit", methods: ["project"], actionPlan: "Two sessions", developed: true, ...change },
    how,
  );
const agreed = (j: Journey, kind: "resit" | "retake" = "resit") => j.do("resit.agree", { kind });

describe("agreeing to a resit or retake (R28)", () => {
  it("is for a fail that is out", () => {
    const j = failed(gq, "project")
      .when("resit.agree", { kind: "resit" })
      .events(["ResitAgreed", { kind: "resit" }]);
    j.inDays(1).when("resit.agree", { kind: "resit" }).already({ at: j.now, person: people.employer });
    expect(j.do("resit.agree", { kind: "retake" }).case.resitAgreed?.kind).toBe("retake");
    journey(gq).upTo("released").when("resit.agree", { kind: "resit" }).refusedWith("NO_FAIL", { stage: "released" });
    journey(gq).upTo("graded").when("resit.agree", { kind: "resit" }).refusedWith("NO_FAIL", { stage: "assessment" });
  });

  it("GQ: the employer agrees which; nobody lifts it", () => {
    const problem = open(failed(gq, "project")).refusedWith("EMPLOYER_NOT_AGREED", { kind: "resit" });
    expect(problem).toMatchObject({ rule: "R28", source: gq.rules.resit.source });
    expect(problem.remedy).toBeUndefined();
    open(agreed(failed(gq, "project"), "retake")).refusedWith("EMPLOYER_NOT_AGREED", {
      kind: "resit",
      agreed: "retake",
    });
    open(agreed(failed(gq, "project"))).accepted();
  });

  it("may be agreed otherwise until it is opened; TQUK offers nothing to agree", () => {
    const offer = (j: Journey) => offered(j.case, j.pack, j.now).filter((o) => o.type === "resit.agree");
    const due = (j: Journey) => tasksOf(j.case, j.pack).map((t) => t.code);
    const j = failed(gq, "project");
    expect(due(j)).toContain("agreeResit");
    expect(offer(agreed(j))).toHaveLength(1);
    expect(due(agreed(j))).toContain("openResit");
    const changed = agreed(agreed(j), "retake");
    open(changed).refusedWith("EMPLOYER_NOT_AGREED", { agreed: "retake" });
    expect(offer(open(changed, { kind: "retake" }).after)).toEqual([]);
    expect(offer(failed(tquk, "project"))).toEqual([]);
    expect(due(failed(tquk, "project"))).toEqual(["openResit"]);
  });

  it("TQUK does not ask the employer; an invented pack warns", () => {
    open(failed(tquk, "project")).accepted();
    open(failed(thirdPack, "talk"), { methods: ["talk"] }).warnedOnlyOf("EMPLOYER_NOT_AGREED");
  });
});

describe("opening it (R28, R30)", () => {
  it("failed methods only", () => {
    const j = agreed(failed(gq, "project"));
    open(j, { methods: ["project", "discussion"] }).refusedWith("METHOD_NOT_FAILED", { methods: ["discussion"] });
    open(j, { methods: ["essay"] }).refusedWith("NO_SUCH_METHOD", { method: "essay" });
    const both = open(agreed(failed(gq, "project", "discussion")), {
      methods: ["project", "discussion", "project"],
    }).events(["ResitOpened", { methods: ["project", "discussion"] }]);
    expect(both.case.attempts.project).toHaveLength(2);
    expect(both.case.attempts.observation).toHaveLength(1);
  });

  it.each([gq, tquk, thirdPack])("never to move from pass to distinction (R30): $id", (pack) => {
    const method = pack.methods[1]?.id ?? "";
    for (const kind of ["resit", "retake", "again"] as const) {
      const problem = open(
        journey(pack).upTo("released"),
        { kind, methods: [method] },
        { lifting: { R28: "x", R30: "x" } },
      ).refusedWith("NO_UPGRADE");
      expect(problem).toMatchObject({ rule: "R30", source: pack.rules.noUpgrade.source });
      expect(problem.remedy).toBeUndefined();
    }
  });

  it("an action plan: GQ warns, an invented pack blocks, TQUK does not ask", () => {
    open(agreed(failed(gq, "project")), { actionPlan: undefined }).warnedOnlyOf("NO_ACTION_PLAN");
    open(agreed(failed(thirdPack, "talk")), { methods: ["talk"], actionPlan: undefined }).refusedWith("NO_ACTION_PLAN");
    open(failed(tquk, "project"), { actionPlan: undefined }).accepted();
  });

  it("further development first: TQUK blocks, the others do not ask", () => {
    const problem = open(failed(tquk, "project"), { developed: false }).refusedWith("NO_FURTHER_DEVELOPMENT");
    expect(problem).toMatchObject({ rule: "R28" });
    expect(problem.remedy).toBeUndefined();
    open(agreed(failed(gq, "project")), { developed: false }).accepted();
    open(agreed(failed(thirdPack, "talk")), { methods: ["talk"], developed: false }).accepted();
  });

  it("is for a result that is out", () => {
    open(journey(gq).upTo("graded")).refusedWith("NO_FAIL", { stage: "assessment" });
  });
});

describe("a resit that was not taken within its limit (R29)", () => {
  const methods = gq.methods.map((m) => m.id);
  const again = { kind: "again", methods } as const;
  const opened = open(agreed(failed(gq, "project"))).after;

  it("GQ: is followed by the whole assessment again, once its last day is over", () => {
    open(opened.on("2026-07-21"), again).refusedWith("NO_FAIL", { stage: "assessment" });
    const whole = open(opened.on("2026-07-22"), again).events(["ResitOpened", { kind: "again", throughGateway: true }]);
    expect(whole.case.stage).toBe("gateway");
    expect(whole.case.attempts.project?.map((a) => a.kind)).toEqual(["first", "resit", "again"]);
    expect(whole.case.attempts.discussion?.map((a) => a.kind)).toEqual(["first", "again"]);
    const offer = (j: Journey) => offered(j.case, j.pack, j.now).map((o) => o.type);
    expect(offer(opened.on("2026-07-21"))).not.toContain("resit.open");
    expect(offer(opened.on("2026-07-22"))).toContain("resit.open");
  });

  it("and by nothing else: no second resit beside the first", () => {
    for (const kind of ["resit", "retake"] as const)
      open(opened.on("2026-07-22"), { kind }, { lifting: { R29: "x" } }).refusedWith("NO_FAIL");
  });

  it("says so where a session is booked too late", () => {
    const late = opened.on("2026-06-01").do("report.submit", goodReport(gq));
    late
      .on("2026-07-22")
      .when("session.book", bookingOn(gq, "project", "2026-07-30"))
      .refusedWith("AFTER_RESIT_LIMIT", { by: "2026-07-21", wholeEpa: true });
    for (const j of [late, late.on("2026-07-21")]) {
      const early = j.when("session.book", bookingOn(gq, "project", "2026-07-30")).refusedWith("AFTER_RESIT_LIMIT");
      expect(early.facts.wholeEpa).toBeUndefined();
    }
  });

  it("is not while its session runs, nor once it was held", () => {
    const booked = opened
      .on("2026-07-01")
      .do("report.submit", goodReport(gq))
      .do("session.book", bookingOn(gq, "project", "2026-07-21"));
    const running = booked.started("project");
    open(running.on("2026-07-22"), again).refusedWith("NO_FAIL");
    open(booked.on("2026-07-22"), again).accepted();
    open(booked.sat("project").on("2026-07-22"), again).refusedWith("NO_FAIL");
  });

  it("TQUK: stays to be taken, with a warning", () => {
    const late = open(failed(tquk, "observation"), { methods: ["observation"] }).after.on("2027-04-22");
    open(late, { kind: "again", methods: tquk.methods.map((m) => m.id) }).refusedWith("NO_FAIL");
    late.when("session.book", bookingOn(tquk, "observation", "2027-05-20")).warnedOf("AFTER_RESIT_LIMIT");
  });
});

describe("its limit (R29)", () => {
  it("GQ: within three months of the notification, its day included; a coordinator may lift it", () => {
    const j = agreed(failed(gq, "project"));
    open(j.on("2026-07-21")).events(["ResitOpened", { by: "2026-07-21" }]);
    expect(
      open(j.on("2026-07-22")).refusedWith("RESIT_LIMIT_PAST", { limit: "2026-07-21", months: 3, wholeEpa: true }),
    ).toMatchObject({ rule: "R29", source: gq.rules.resitLimit.source, remedy: "override" });
    const lifted = open(j.on("2026-07-22"), {}, { lifting: { R29: "Long illness" } }).lifting(
      "R29",
      "RESIT_LIMIT_PAST",
    );
    expect(lifted.attempt("project").by).toBeUndefined();
    lifted
      .do("report.submit", goodReport(gq))
      .inDays(1)
      .when("session.book", bookingOn(gq, "project", "2026-09-01"))
      .accepted();
  });

  it("GQ: hand-in and session lie inside it, whatever the EPA window says", () => {
    const j = open(agreed(failed(gq, "project"))).after;
    expect(j.attempt("project")).toMatchObject({ n: 2, kind: "resit", by: "2026-07-21" });
    expect(j.attempt("project").reworkBy).toBeUndefined();
    j.on("2026-07-21").when("report.submit", goodReport(gq)).accepted();
    expect(
      j
        .on("2026-07-22")
        .when("report.submit", goodReport(gq))
        .refusedWith("AFTER_RESIT_LIMIT", { by: "2026-07-21", months: 3 }),
    ).toMatchObject({ rule: "R29", remedy: "override" });
    const written = j.on("2026-06-01").do("report.submit", goodReport(gq));
    written.when("session.book", bookingOn(gq, "project", "2026-07-21")).accepted();
    written.when("session.book", bookingOn(gq, "project", "2026-07-22")).refusedWith("AFTER_RESIT_LIMIT");
    const discussion = open(agreed(failed(gq, "discussion")), { methods: ["discussion"] }).after;
    discussion.on("2026-07-22").when("portfolio.submit", goodPortfolio(gq)).refusedWith("AFTER_RESIT_LIMIT");
    discussion.on("2026-07-21").when("portfolio.submit", goodPortfolio(gq)).accepted();
  });

  it("GQ: a retake goes without a new gateway, and by the same limit", () => {
    const j = open(agreed(failed(gq, "project"), "retake"), { kind: "retake" }).events([
      "ResitOpened",
      { throughGateway: false, by: "2026-07-21" },
    ]);
    expect(j.case.stage).toBe("assessment");
    j.on("2026-06-01")
      .do("report.submit", goodReport(gq))
      .when("session.book", bookingOn(gq, "project", "2026-07-21"))
      .accepted();
  });

  it("GQ: the whole EPA again is for when the limit is past, for every method, through the gateway", () => {
    const j = failed(gq, "project");
    const methods = ["observation", "project", "discussion"];
    const early = open(j.on("2026-07-21"), { kind: "again", methods }, { lifting: { R29: "x" } }).refusedWith(
      "WHOLE_EPA_NOT_DUE",
      { limit: "2026-07-21" },
    );
    expect(early).toMatchObject({ rule: "R29", source: gq.rules.resitLimit.source });
    open(j.on("2026-07-22"), { kind: "again", methods: ["project"] }).refusedWith("WHOLE_EPA");
    const again = open(j.on("2026-07-22"), { kind: "again", methods }).events([
      "ResitOpened",
      { by: null, throughGateway: true },
    ]);
    expect(again.case).toMatchObject({
      stage: "gateway",
      gateway: { round: 2, evidence: {} },
      planning: { agenda: [] },
    });
    expect(again.case.earlierGateways).toHaveLength(1);
    expect(Object.values(again.case.attempts).map((a) => a.length)).toEqual([2, 2, 2]);
  });

  it("TQUK: twelve months are only warned of; the whole EPA is never asked", () => {
    const j = failed(tquk, "discussion");
    const again = { methods: ["discussion"] };
    open(j.on("2027-04-21"), again).accepted();
    const late = open(j.on("2027-04-22"), again).warnedOf("RESIT_LIMIT_PAST", {
      limit: "2027-04-21",
      months: 12,
      wholeEpa: false,
    });
    expect(late.attempt("discussion").by).toBeUndefined();
    open(j.on("2027-04-22"), { kind: "again", methods: ["observation", "project", "discussion"] }).refusedWith(
      "WHOLE_EPA_NOT_DUE",
    );
    const inTime = open(failed(tquk, "discussion"), { methods: ["discussion"] }).after;
    inTime.on("2027-04-22").when("portfolio.submit", goodPortfolio(tquk)).warnedOf("AFTER_RESIT_LIMIT");
    inTime
      .on("2026-06-01")
      .do("portfolio.submit", goodPortfolio(tquk))
      .when("session.book", bookingOn(tquk, "discussion", "2027-04-22"))
      .warnedOf("AFTER_RESIT_LIMIT");
  });

  it("an invented pack: six months, which nobody lifts", () => {
    const j = agreed(failed(thirdPack, "talk"));
    open(j.on("2026-10-21"), { methods: ["talk"] }).accepted();
    expect(
      open(j.on("2026-10-22"), { methods: ["talk"] }, { lifting: { R29: "x" } }).refusedWith("RESIT_LIMIT_PAST", {
        months: 6,
      }).remedy,
    ).toBeUndefined();
  });
});

describe("a partial resit leaves the other fail's clock running (R29)", () => {
  /** Project and discussion failed on 21 April; the discussion alone was taken again, failed again, and told on 17 June. */
  const twice = (pack: typeof gq) =>
    open(agreed(failed(pack, "project", "discussion")), { methods: ["discussion"] })
      .after.on("2026-05-05")
      .do("portfolio.submit", goodPortfolio(pack))
      .do("session.book", bookingOn(pack, "discussion", "2026-06-09"))
      .sat("discussion", { grade: "fail" })
      .confirmedGrade("discussion")
      .on("2026-06-17")
      .do("results.release", { feedback: "Closer" });

  it("GQ: each method counts from its own notification, once", () => {
    const j = agreed(twice(gq));
    open(j.on("2026-07-21"), { methods: ["project"] }).events(["ResitOpened", { by: "2026-07-21" }]);
    open(j.on("2026-07-22"), { methods: ["project"] }).refusedWith("RESIT_LIMIT_PAST", { limit: "2026-07-21" });
    open(j.on("2026-09-17"), { methods: ["discussion"] }).events(["ResitOpened", { by: "2026-09-17" }]);
    const both = open(j.on("2026-07-01"), { methods: ["project", "discussion"] }).after;
    expect(both.attempt("project").by).toBe("2026-07-21");
    expect(both.attempt("discussion").by).toBe("2026-09-17");
    open(j.on("2026-08-01"), { methods: ["project", "discussion"] }).refusedWith("RESIT_LIMIT_PAST", {
      limit: "2026-07-21",
    });
    open(j.on("2026-07-22"), { kind: "again", methods: gq.methods.map((m) => m.id) }).events([
      "ResitOpened",
      { by: null, throughGateway: true },
    ]);
  });

  it("TQUK: nor does the project get a new month of rework", () => {
    open(twice(tquk).on("2026-06-18"), { methods: ["project"] }).refusedWith("REWORK_PAST", { by: "2026-05-21" });
  });
});

describe("TQUK's rework of a failed project (R29)", () => {
  it("one month from notification and feedback, the last day included; a coordinator may lift it", () => {
    const j = open(failed(tquk, "project")).events(["ResitOpened", { reworkBy: { project: "2026-05-21" } }]);
    j.on("2026-05-21", "23:59").when("report.submit", goodReport(tquk)).accepted();
    const late = j.on("2026-05-22", "00:01");
    expect(
      late.when("report.submit", goodReport(tquk)).refusedWith("REWORK_PAST", { by: "2026-05-21", months: 1 }),
    ).toMatchObject({ rule: "R29", source: tquk.rules.projectRework.source, remedy: "override" });
    late
      .when("report.submit", goodReport(tquk), { onBehalfOf: "apprentice", lifting: { R29: "Moved house" } })
      .lifting("R29", "REWORK_PAST");
  });

  it("counts from the feedback when that comes after the notification", () => {
    const silent = journey(tquk)
      .upTo("graded", { grades: { project: "fail" } })
      .released({});
    open(silent.on("2026-05-05")).events(["ResitOpened", { reworkBy: { project: "2026-06-05" } }]);
    const told = journey(tquk)
      .upTo("graded", { grades: { project: "fail" } })
      .released({ feedback: "Say what it cost" });
    open(told.on("2026-05-05")).events(["ResitOpened", { reworkBy: { project: "2026-05-21" } }]);
  });

  it("is not opened once that month is over, unless a coordinator lifts it: then no day is set", () => {
    const j = failed(tquk, "project");
    open(j.on("2026-05-21")).events(["ResitOpened", { reworkBy: { project: "2026-05-21" } }]);
    expect(open(j.on("2026-06-05")).refusedWith("REWORK_PAST", { by: "2026-05-21", months: 1 })).toMatchObject({
      rule: "R29",
      source: tquk.rules.projectRework.source,
      remedy: "override",
    });
    const lifted = open(j.on("2026-06-05"), {}, { lifting: { R29: "In hospital" } }).lifting("R29", "REWORK_PAST");
    expect(lifted.attempt("project")).toMatchObject({ n: 2, by: "2027-04-21" });
    expect(lifted.attempt("project").reworkBy).toBeUndefined();
    lifted.do("report.submit", goodReport(tquk));
    open(j.on("2026-06-05"), { kind: "retake" }).accepted();
  });

  it("needs no new proposal; earlier evidence stays beside the new", () => {
    const j = open(failed(tquk, "project")).after.do("report.submit", goodReport(tquk));
    expect(j.case.attempts.project).toMatchObject([
      { n: 1, handIns: [{ n: 1 }], confirmed: { grade: "fail" } },
      { n: 2, handIns: [{ n: 1 }] },
    ]);
  });

  it("is for the project alone", () => {
    open(failed(tquk, "discussion"), { methods: ["discussion"] }).events(["ResitOpened", { reworkBy: {} }]);
  });
});

describe("TQUK's retake through the gateway (R28, R06)", () => {
  const j = open(agreed(failed(tquk, "project"), "retake"), { kind: "retake" }).events([
    "ResitOpened",
    { throughGateway: true, reworkBy: {} },
  ]);

  it("begins at the gateway, everything anew", () => {
    expect(j.case).toMatchObject({ stage: "gateway", gateway: { round: 2 }, proposals: [] });
    j.when("gateway.accept", {}).refusedWith("EVIDENCE_MISSING");
    j.when("report.submit", goodReport(tquk)).refusedWith("NOT_IN_ASSESSMENT");
  });

  it("opens a new window for what is retaken, and leaves the rest as it is", () => {
    const accepted = j.on("2026-06-01").upTo("gatewayAccepted");
    expect(accepted.case).toMatchObject({ stage: "planning", window: { start: "2026-06-01", end: "2026-09-01" } });
    const planning = accepted.planningScheduled("2026-06-08").on("2026-06-08", "15:00");
    planning
      .when("planning.finish", {
        agenda: ["proposal"],
        observationPlan: [],
        employerResources: true,
        sessions: [bookingOn(tquk, "observation", "2026-07-01")],
      })
      .refusedWith("SESSION_STATE", { method: "observation", state: "ended" });
    const planned = planning
      .do("planning.finish", { agenda: ["proposal"], observationPlan: [], employerResources: true, sessions: [] })
      .do("proposal.accept", { n: 1 });
    planned.on("2026-08-08").when("report.submit", goodReport(tquk)).accepted();
    planned
      .on("2026-08-09")
      .when("report.submit", goodReport(tquk))
      .refusedWith("REPORT_AFTER_WINDOW", { latest: "2026-08-08" });
    const written = planned.on("2026-07-01").do("report.submit", goodReport(tquk));
    written.when("session.book", bookingOn(tquk, "project", "2026-09-01")).accepted();
    written
      .when("session.book", bookingOn(tquk, "project", "2026-09-02"))
      .refusedWith("AFTER_WINDOW", { ends: "2026-09-01" });
    expect(written.attempt("observation")).toMatchObject({ n: 1, confirmed: { grade: "pass" } });
  });
});
