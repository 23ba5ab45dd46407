import { offered, type Payload } from "../../src/case/decider";
import { neededItems } from "../../src/case/gateway";
import type { Pack } from "../../src/rules/pack";
import { gq, type Journey, journey, people, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

const good: Payload<"adjustment.request"> = {
  kind: "venue",
  need: "A room on the ground floor",
  normalWay: true,
  apprenticeInvolved: true,
  methods: [],
};
const ask = (j: Journey, change: Partial<typeof good> = {}, how = {}) =>
  j.when("adjustment.request", { ...good, ...change }, how);

describe("reasonable adjustments (R32)", () => {
  it("GQ: at the latest with the gateway, else refused unless a coordinator lifts it", () => {
    ask(journey(gq).upTo("registered")).accepted();
    ask(journey(gq).upTo("confirmed").itemsAccepted()).accepted();
    const late = journey(gq).upTo("gatewayAccepted");
    expect(ask(late).refusedWith("ADJUSTMENT_AFTER_GATEWAY", { accepted: "2026-02-09" })).toMatchObject({
      rule: "R32",
      source: gq.rules.adjustments.source,
      remedy: "override",
    });
    ask(late, {}, { lifting: { R32: "Diagnosed since" } }).lifting("R32", "ADJUSTMENT_AFTER_GATEWAY");
  });

  it.each([tquk, thirdPack])("where the document is silent, late is only warned of: $id", (pack) => {
    ask(journey(pack).upTo("confirmed")).accepted();
    ask(journey(pack).upTo("gatewayAccepted")).warnedOnlyOf("ADJUSTMENT_AFTER_GATEWAY");
  });

  it("after a new gateway's opening it is in time again", () => {
    const again = journey(gq)
      .upTo("released", { grades: { project: "fail" } })
      .on("2026-07-22")
      .reopened("again", ["observation", "project", "discussion"]);
    ask(again).accepted();
  });

  it("warns when it is not the normal way of working, or the apprentice took no part in it", () => {
    for (const pack of [gq, tquk]) {
      ask(journey(pack).upTo("registered"), { normalWay: false }).warnedOnlyOf("NOT_NORMAL_WAY");
      ask(journey(pack).upTo("registered"), { apprenticeInvolved: false }).warnedOnlyOf("APPRENTICE_NOT_INVOLVED");
    }
    ask(journey(thirdPack).upTo("registered"), { apprenticeInvolved: false }).accepted();
  });

  it("extra time says how much; methods are the pack's", () => {
    const j = journey(gq).upTo("registered");
    ask(j, { kind: "extraTime" }).refusedWith("EXTRA_TIME_NEEDED");
    ask(j, { kind: "extraTime", extraTimePercent: 25 }).events(["AdjustmentRequested", { extraTimePercent: 25 }]);
    ask(j, { methods: ["essay"] }).refusedWith("NO_SUCH_METHOD", { method: "essay" });
  });

  it("is decided once, with a reason; the coordinator may grant another share", () => {
    const j = ask(journey(gq).upTo("registered"), { kind: "extraTime", extraTimePercent: 25 }).after;
    const id = j.case.adjustments[0]?.id ?? "";
    const granted = j.do("adjustment.decide", {
      id,
      granted: true,
      extraTimePercent: 15,
      reason: "As the report advises",
    });
    expect(granted.case.adjustments).toMatchObject([
      {
        outcome: "granted",
        extraTimePercent: 15,
        reason: { text: "As the report advises" },
        decided: { by: { person: people.coordinator } },
      },
    ]);
    granted.inDays(1).when("adjustment.decide", { id, granted: true, reason: "x" }).already({ at: granted.now });
    granted
      .when("adjustment.decide", { id, granted: false, reason: "x" })
      .refusedWith("REQUEST_DECIDED", { outcome: "granted" });
    const refused = j.do("adjustment.decide", { id, granted: false, reason: "No evidence" });
    expect(refused.case.adjustments).toMatchObject([{ outcome: "refused", extraTimePercent: 25 }]);
    refused.when("adjustment.decide", { id, granted: false, reason: "x" }).already();
    j.when("adjustment.decide", { id: "nobody's", granted: true, reason: "x" }).refusedWith("NO_SUCH_REQUEST");
  });

  it("is not asked for once the result is out, nor decided once the case is withdrawn", () => {
    ask(journey(gq).upTo("released")).refusedWith("CASE_CLOSED");
    const gone = ask(journey(gq).upTo("registered")).after.do("case.withdraw", { reason: "Left" });
    gone
      .when("adjustment.decide", { id: gone.case.adjustments[0]?.id ?? "", granted: true, reason: "x" })
      .refusedWith("CASE_CLOSED");
    ask(gone).refusedWith("CASE_CLOSED");
  });
});

describe("special consideration (R33)", () => {
  const consider = (j: Journey, change: Partial<Payload<"consideration.request">> = {}, how = {}) =>
    j.when(
      "consideration.request",
      { method: "observation", what: "A broken arm", rescheduleTried: true, ...change },
      how,
    );
  /** The observation is on Tuesday 14 April 2026; Good Friday is 3 April, Easter Monday 6 April. */
  const booked = journey(gq).upTo("planningFinished");

  it("GQ: ten working days before the assessment, Easter left out", () => {
    // Back from 14 April: 13, 10, 9, 8, 7 April, then 2 April, 1 April, 31, 30 March, 27 March.
    expect(consider(booked.on("2026-03-27")).after.case.considerations).toMatchObject([{ outcome: "toDecide" }]);
    expect(consider(booked.on("2026-03-28")).after.case.considerations).toMatchObject([{ outcome: "reschedule" }]);
  });

  it("GQ: in between it is kept, with the advice to reschedule, on the day itself too", () => {
    const between = consider(booked.on("2026-04-14")).accepted();
    expect(between.case.considerations).toMatchObject([{ outcome: "reschedule" }]);
    expect(consider(between.on("2026-04-15")).accepted().case.considerations).toMatchObject([
      { outcome: "reschedule" },
      { outcome: "toDecide" },
    ]);
  });

  it("GQ: at most five working days after it; a coordinator may lift it", () => {
    consider(booked.on("2026-04-21")).accepted();
    expect(
      consider(booked.on("2026-04-22")).refusedWith("CONSIDERATION_TOO_LATE", {
        on: "2026-04-14",
        last: "2026-04-21",
        days: 5,
      }),
    ).toMatchObject({ rule: "R33", source: gq.rules.specialConsideration.source, remedy: "override" });
    consider(booked.on("2026-04-22"), {}, { by: "coordinator", lifting: { R33: "Was unconscious" } }).lifting(
      "R33",
      "CONSIDERATION_TOO_LATE",
    );
  });

  it("GQ: across bank holidays, after the assessment", () => {
    const j = journey(gq)
      .upTo("planningScheduled")
      .planningFinished({
        sessions: [
          { method: "project", at: "2026-04-07T09:00:00Z", setting: "teams", where: "x" },
          { method: "discussion", at: "2026-04-09T09:00:00Z", setting: "teams", where: "x" },
          { method: "observation", at: "2026-04-30T09:00:00Z", setting: "workplace", where: "x" },
        ],
      });
    // 1 May, then the bank holiday on 4 May is left out: 5, 6, 7, 8 May.
    consider(j.on("2026-05-08")).accepted();
    consider(j.on("2026-05-09")).refusedWith("CONSIDERATION_TOO_LATE", { last: "2026-05-08" });
  });

  it("counts from a session that was missed", () => {
    const missed = booked
      .on("2026-04-14", "12:00")
      .do("session.notHeld", { method: "observation", why: "noShow", detail: "Nobody came" });
    consider(missed.on("2026-04-21")).accepted();
    consider(missed.on("2026-04-22")).refusedWith("CONSIDERATION_TOO_LATE");
  });

  describe("for a session of before, once another is to come", () => {
    const failed = journey(gq).upTo("released", { grades: { observation: "fail" } });
    const first = failed.attempt("observation").session.booking?.at ?? "";
    /** The failed observation was on Tuesday 14 April, in the first attempt. */
    const resit = failed.reopened("resit", ["observation"]);
    const on = "2026-04-14";

    it("GQ: counts from that session, though a resit has opened meanwhile", () => {
      expect(first.slice(0, 10)).toBe(on);
      const asked = consider(resit.on("2026-04-21"), { session: first });
      expect(asked.accepted().case.considerations).toMatchObject([{ outcome: "toDecide", session: first }]);
      const late = { on, last: "2026-04-21", days: 5 };
      expect(
        consider(resit.on("2026-04-22"), { session: first }).refusedWith("CONSIDERATION_TOO_LATE", late),
      ).toMatchObject({
        rule: "R33",
        input: "session",
        remedy: "override",
      });
      consider(
        resit.on("2026-04-22"),
        { session: first },
        { by: "coordinator", lifting: { R33: "Unconscious" } },
      ).lifting("R33", "CONSIDERATION_TOO_LATE");
    });

    it("GQ: the resit itself has nothing to count from until it is booked, and then counts for itself", () => {
      for (const change of [{}, { session: "next" as const }])
        expect(consider(resit.on("2026-04-30"), change).accepted().case.considerations).toMatchObject([
          { outcome: "toDecide", session: "next" },
        ]);
      const at = "2026-05-20T09:00:00Z";
      const again = resit.do("session.book", { method: "observation", at, setting: "workplace", where: "Shop" });
      expect(consider(again.on("2026-04-21"), { session: first }).accepted().case.considerations).toMatchObject([
        { outcome: "toDecide", session: first },
      ]);
      consider(again.on("2026-04-22"), { session: first }).refusedWith("CONSIDERATION_TOO_LATE");
      expect(consider(again.on("2026-05-14")).accepted().case.considerations).toMatchObject([
        { outcome: "reschedule", session: at },
      ]);
      expect(consider(again, { session: "next" }).refusedWith("NO_SUCH_SESSION").input).toBe("session");
      consider(again, { session: "2026-05-20T10:00:00Z" }).refusedWith("NO_SUCH_SESSION", { method: "observation" });
    });

    it("GQ: a missed session keeps its days when it is booked anew", () => {
      const missed = booked
        .on(on, "12:00")
        .do("session.notHeld", { method: "observation", why: "noShow", detail: "Nobody came" });
      const anew = missed.do("session.book", {
        method: "observation",
        at: "2026-05-06T09:00:00Z",
        setting: "workplace",
        where: "Shop",
      });
      const was = booked.attempt("observation").session.booking?.at ?? "";
      expect(consider(anew.on("2026-04-21"), { session: was }).accepted().case.considerations).toMatchObject([
        { outcome: "toDecide", session: was },
      ]);
      consider(anew.on("2026-04-22"), { session: was }).refusedWith("CONSIDERATION_TOO_LATE", { on });
      consider(missed.on("2026-04-22"), { session: "next" }).accepted();
    });

    it("GQ: on the day, once it is over there is nothing to reschedule", () => {
      const over = booked
        .on(on, "12:00")
        .do("session.notHeld", { method: "observation", why: "technical", detail: "The line broke" });
      expect(consider(over).accepted().case.considerations).toMatchObject([{ outcome: "toDecide" }]);
    });
  });

  it("is offered at any stage before the result, and after it for the days that the rule leaves", () => {
    const methods = (j: Journey) =>
      offered(j.case, j.pack, j.now)
        .filter((o) => o.type === "consideration.request")
        .map((o) => o.data.method);
    const all = gq.methods.map((m) => m.id);
    for (const milestone of ["registered", "gatewayAccepted", "booked", "graded"] as const)
      expect(methods(journey(gq).upTo(milestone))).toEqual(all);
    // The last session was on 14 April.
    const out = journey(gq).upTo("released").on("2026-04-21");
    const last = gq.methods.filter((m) => out.attempt(m.id).session.booking?.at.startsWith("2026-04-14"));
    expect(last).toHaveLength(1);
    expect(methods(out)).toEqual(last.map((m) => m.id));
    expect(methods(out.on("2026-04-22"))).toEqual([]);
    expect(methods(journey(tquk).upTo("released"))).toEqual([]);
  });

  it("GQ: asked for at the gateway, its form belongs to the evidence", () => {
    const j = consider(journey(gq).upTo("registered")).after;
    const forms = gq.rules.gatewayEvidence.items.filter((i) => i.needed === "whenAdjusted").map((i) => i.id);
    expect(forms.length).toBeGreaterThan(0);
    expect(neededItems(j.case, gq).map((i) => i.id)).toEqual(expect.arrayContaining(forms));
  });

  it("without a date there is nothing to count", () => {
    expect(consider(journey(gq).upTo("registered")).accepted().case.considerations).toMatchObject([
      { outcome: "toDecide" },
    ]);
  });

  it("TQUK states no days; an invented pack states three and two", () => {
    const t = journey(tquk).upTo("planningFinished");
    expect(consider(t.on("2026-04-14")).accepted().case.considerations).toMatchObject([{ outcome: "toDecide" }]);
    consider(t.on("2026-06-30")).accepted();
    // The showing is on 7 April, after Easter: 2 April, 1 April, 31 March; then 8 and 9 April.
    const j = journey(thirdPack).upTo("planningFinished");
    const outcome = (day: string) => consider(j.on(day), { method: "showing" }).after.case.considerations[0]?.outcome;
    expect(outcome("2026-03-31")).toBe("toDecide");
    expect(outcome("2026-04-01")).toBe("reschedule");
    consider(j.on("2026-04-09"), { method: "showing" }).accepted();
    consider(j.on("2026-04-10"), { method: "showing" }, { by: "coordinator", lifting: { R33: "x" } }).refusedWith(
      "CONSIDERATION_TOO_LATE",
    );
  });

  it("warns when rescheduling was not tried first", () => {
    for (const pack of [gq, tquk] as Pack[])
      consider(journey(pack).upTo("registered"), { rescheduleTried: false }).warnedOnlyOf("RESCHEDULE_NOT_TRIED");
  });

  it("is decided once, with a reason", () => {
    const j = consider(booked).after;
    const id = j.case.considerations[0]?.id ?? "";
    const granted = j.do("consideration.decide", { id, granted: true, reason: "Doctor's letter" });
    granted.inDays(1).when("consideration.decide", { id, granted: true, reason: "x" }).already({ at: granted.now });
    granted
      .when("consideration.decide", { id, granted: false, reason: "x" })
      .refusedWith("REQUEST_DECIDED", { outcome: "granted" });
    expect(j.do("consideration.decide", { id, granted: false, reason: "No letter" }).case.considerations).toMatchObject(
      [{ outcome: "refused" }],
    );
    j.when("consideration.decide", { id: "x", granted: true, reason: "x" }).refusedWith("NO_SUCH_REQUEST");
    consider(booked, { method: "essay" }).refusedWith("NO_SUCH_METHOD");
    j.do("case.withdraw", { reason: "x" })
      .when("consideration.decide", { id, granted: true, reason: "x" })
      .refusedWith("CASE_CLOSED");
    consider(j.do("case.withdraw", { reason: "x" })).refusedWith("CASE_CLOSED");
  });
});

describe("a dispensation (R10)", () => {
  it("is for a pack that knows one, with its reference, once", () => {
    const j = journey(tquk)
      .upTo("registered")
      .when("dispensation.grant", { reference: "IfATE 12/2026" })
      .events("DispensationGranted");
    expect(j.case.dispensation?.reference).toEqual({ text: "IfATE 12/2026" });
    j.inDays(1).when("dispensation.grant", { reference: "x" }).already({ at: j.now });
    journey(gq).upTo("registered").when("dispensation.grant", { reference: "x" }).refusedWith("NO_DISPENSATION_HERE");
  });
});
