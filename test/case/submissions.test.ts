import type { Payload } from "../../src/case/decider";
import { bookingOn, goodPortfolio, goodReport, gq, type Journey, journey, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

const report = (j: Journey, change: Partial<Payload<"report.submit">> = {}, how = {}) =>
  j.when("report.submit", { ...goodReport(j.pack), ...change }, how);
const portfolio = (j: Journey, change: Partial<Payload<"portfolio.submit">> = {}, how = {}) =>
  j.when("portfolio.submit", { ...goodPortfolio(j.pack), ...change }, how);
const ready = { gq: journey(gq).upTo("proposalAccepted"), tquk: journey(tquk).upTo("proposalAccepted") };
const third = journey(thirdPack).upTo("proposalAccepted");

describe("when the report may come (R13, R14)", () => {
  it("GQ: once the subject is agreed at planning", () => {
    const problem = report(journey(gq).upTo("planningScheduled")).refusedWith("SUBJECT_NOT_AGREED");
    expect(problem).toMatchObject({ rule: "R14", source: gq.rules.reportWindow.source });
    report(journey(gq).upTo("planningFinished")).accepted();
    report(journey(gq).upTo("confirmed")).refusedWith("NOT_IN_ASSESSMENT", { stage: "gateway" });
  });

  it("TQUK: only after the proposal is accepted; nobody lifts it", () => {
    const waiting = journey(tquk).upTo("planningFinished");
    const problem = report(waiting, {}, { onBehalfOf: "apprentice", lifting: { R13: "x" } }).refusedWith(
      "PROPOSAL_NOT_ACCEPTED",
    );
    expect(problem).toMatchObject({ rule: "R13", source: tquk.rules.reportStart.source });
    expect(problem.remedy).toBeUndefined();
    report(waiting.do("proposal.accept", { n: 1 })).accepted();
    report(journey(tquk).upTo("planningScheduled").do("proposal.accept", { n: 1 })).accepted();
  });

  it.each(["gq", "tquk"] as const)("two months, the last day included: %s", (which) => {
    const j = ready[which];
    report(j.on("2026-04-16", "23:59")).notRefusedWith("REPORT_AFTER_WINDOW");
    const problem = report(j.on("2026-04-17", "00:01")).refusedWith("REPORT_AFTER_WINDOW", {
      latest: "2026-04-16",
      months: 2,
      late: 1,
    });
    expect(problem).toMatchObject({ rule: "R14", remedy: "override" });
    report(j.on("2026-04-17"), {}, { onBehalfOf: "apprentice", lifting: { R14: "In hospital" } }).lifting(
      "R14",
      "REPORT_AFTER_WINDOW",
    );
  });

  it("TQUK: counted from the meeting, also when acceptance comes later", () => {
    const late = journey(tquk).upTo("planningFinished").on("2026-03-30").do("proposal.accept", { n: 1 });
    report(late.on("2026-04-16")).notRefusedWith("REPORT_AFTER_WINDOW");
    report(late.on("2026-04-17")).refusedWith("REPORT_AFTER_WINDOW", { latest: "2026-04-16" });
  });

  it("an invented pack: a month from the accepted proposal, which nobody lifts", () => {
    report(third.on("2026-03-17")).notRefusedWith("REPORT_AFTER_WINDOW");
    expect(
      report(third.on("2026-03-18"), {}, { lifting: { R14: "x" } }).refusedWith("REPORT_AFTER_WINDOW", {
        latest: "2026-03-17",
        months: 1,
      }).remedy,
    ).toBeUndefined();
  });

  it("GQ: past two months from the gateway meeting is warned of", () => {
    report(ready.gq.on("2026-04-02")).warnedOf("SESSION_MUST_MOVE");
    expect(report(ready.gq.on("2026-04-02")).warned.map((w) => w.code)).not.toContain("REPORT_PAST_ADVISED");
    report(ready.gq.on("2026-04-03")).warnedOf("REPORT_PAST_ADVISED", { advised: "2026-04-02" });
  });
});

describe("the report itself (R15, R16)", () => {
  it.each(["gq", "tquk"] as const)("2250 to 2750 words, else warned: %s", (which) => {
    for (const words of [2250, 2500, 2750]) report(ready[which], { words }).accepted();
    for (const words of [2249, 2751, 0])
      report(ready[which], { words }).warnedOf("WORDS_OUTSIDE_RANGE", { words, least: 2250, most: 2750 });
  });

  it("an invented pack: 600 to 1000, else refused unless lifted, and it says what follows", () => {
    report(third, { words: 600 }).accepted();
    report(third, { words: 1000 }).accepted();
    report(third, { words: 599 }).refusedWith("WORDS_OUTSIDE_RANGE", { least: 600, most: 1000 });
    expect(report(third, { words: 1001 }).refusedWith("WORDS_OUTSIDE_RANGE")).toMatchObject({
      facts: { consequence: "Too long is not read" },
      remedy: "override",
    });
  });

  it.each(goodReport(gq).contents)("lacking “%s” is warned of", (id) => {
    const contents = goodReport(gq).contents.filter((x) => x !== id);
    for (const j of [ready.gq, ready.tquk])
      expect(report(j, { contents }).warned).toMatchObject([{ code: "CONTENTS_NOT_TICKED", rule: "R16" }]);
  });

  it("a new version stands beside the old one, until the interview begins", () => {
    const j = report(report(ready.gq).after.inDays(1), { reference: "report-2.docx" }).after;
    expect(j.attempt("project").handIns).toMatchObject([{ n: 1 }, { n: 2, reference: { text: "report-2.docx" } }]);
    const begun = journey(gq).upTo("booked").started("project");
    report(begun).refusedWith("SESSION_BEGUN", { method: "project" });
  });

  it("is for the method that has a report", () => {
    report(ready.gq, { method: "discussion" }).refusedWith("NOTHING_TO_HAND_IN");
    report(ready.gq, { method: "constructor" }).refusedWith("NOTHING_TO_HAND_IN");
    portfolio(ready.gq, { method: "project" }).refusedWith("NOTHING_TO_HAND_IN");
    portfolio(ready.gq, { method: "observation" }).refusedWith("NOTHING_TO_HAND_IN");
  });
});

describe("a hand-in and the session booked (R17, R19)", () => {
  it("too late for it: taken, and the session must move", () => {
    // The interview is on 7 April.
    report(ready.gq.on("2026-03-24")).accepted();
    const j = report(ready.gq.on("2026-03-25")).warnedOf("SESSION_MUST_MOVE", {
      due: "2026-03-24",
      earliest: "2026-04-08",
    });
    j.at(j.attempt("project").session.booking?.at ?? "")
      .when("session.start", {
        method: "project",
        identityChecked: true,
        conditions: ["quiet", "onlyWatching"],
        recording: false,
      })
      .refusedWith("TOO_SOON_AFTER_HAND_IN", { handedIn: "2026-03-25", earliest: "2026-04-08", days: 14 });
    // The discussion is on 9 April.
    portfolio(ready.tquk.on("2026-03-26")).accepted();
    portfolio(ready.tquk.on("2026-03-27")).warnedOf("SESSION_MUST_MOVE", { method: "discussion", due: "2026-03-26" });
  });

  it("after the discussion that it was advised to precede is warned of (R23)", () => {
    const moved = ready.tquk
      .do("portfolio.submit", goodPortfolio(tquk))
      .on("2026-02-20")
      .do("session.move", { ...bookingOn(tquk, "discussion", "2026-03-10"), reason: "Earlier" });
    report(moved.on("2026-03-10")).accepted();
    report(moved.on("2026-03-11")).warnedOnlyOf("ORDER_NOT_ADVISED");
  });
});

describe("the portfolio's selection (R19, R20, R21)", () => {
  it("TQUK: ten to fifteen pieces; nobody lifts it", () => {
    for (const pieces of [10, 15]) portfolio(ready.tquk, { pieces }).accepted();
    for (const pieces of [9, 16]) {
      const problem = portfolio(ready.tquk, { pieces }).refusedWith("PIECES_OUTSIDE_RANGE", {
        pieces,
        least: 10,
        most: 15,
      });
      expect(problem).toMatchObject({ rule: "R20" });
      expect(problem.remedy).toBeUndefined();
    }
  });

  it("GQ: of any size, no mapping asked", () => {
    for (const pieces of [0, 1, 500]) portfolio(ready.gq, { pieces, mapping: {} }).accepted();
  });

  it("an invented pack: three to five", () => {
    portfolio(third, { pieces: 3 }).accepted();
    portfolio(third, { pieces: 5 }).accepted();
    portfolio(third, { pieces: 2 }).refusedWith("PIECES_OUTSIDE_RANGE", { least: 3, most: 5 });
    portfolio(third, { pieces: 6 }).refusedWith("PIECES_OUTSIDE_RANGE");
  });

  it.each(tquk.methods.find((m) => m.id === "discussion")?.ksbs.map((k) => k.id) ?? [])(
    "TQUK: %s needs a piece",
    (ksb) => {
      const mapping = { ...goodPortfolio(tquk).mapping };
      portfolio(ready.tquk, { mapping: { ...mapping, [ksb]: [] } }).refusedWith("KSB_WITHOUT_PIECE", { ksbs: [ksb] });
      delete mapping[ksb];
      portfolio(ready.tquk, { mapping }).refusedWith("KSB_WITHOUT_PIECE", { ksbs: [ksb] });
    },
  );

  it("names only this method's KSBs and pieces that are there", () => {
    const { mapping } = goodPortfolio(tquk);
    portfolio(ready.tquk, { mapping: { ...mapping, S8: [1] } }).refusedWith("KSB_NOT_OF_METHOD", { ksbs: ["S8"] });
    portfolio(ready.tquk, { mapping: { ...mapping, K1: [10, 11] } }).refusedWith("NO_SUCH_PIECE", {
      pieces: 10,
      named: ["11"],
    });
    portfolio(ready.tquk, { mapping: { ...mapping, K1: [10] } }).accepted();
  });
});
