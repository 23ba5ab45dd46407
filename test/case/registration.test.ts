import { offered } from "../../src/case/decider";
import { bookingOn, days, gq, type Journey, journey, people, spare, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

const registration = {
  ref: "EX-2026-0147",
  bodyId: gq.body.id,
  apprentice: people.apprentice,
  employer: people.employer,
  provider: people.provider,
  employerName: "Fictional Foods Ltd",
  programmeStart: days.programmeStart,
};

describe("registering a case", () => {
  it("pins the pack, puts the coordinator on the case and opens a first attempt at every method", () => {
    const j = journey(gq)
      .when("case.register", registration)
      .events(["CaseRegistered", { packId: gq.id, coordinator: people.coordinator }]);
    expect(j.case).toMatchObject({
      stage: "gateway",
      packId: "gateway-qualifications-st0071-v1.1",
      bodyId: "gateway-qualifications",
      revision: 1,
      staff: { coordinator: people.coordinator },
      gateway: { round: 1 },
    });
    expect(Object.keys(j.case.attempts)).toEqual(["observation", "project", "discussion"]);
    expect(j.attempt("project")).toMatchObject({ n: 1, kind: "first", session: { state: "none" } });
  });

  it("stands already when it is asked again", () => {
    const j = journey(gq).upTo("registered");
    j.inDays(1).when("case.register", registration).already({ at: j.case.registered.at, person: people.coordinator });
  });

  it("refuses a programme that has not started, and takes one that starts today", () => {
    const start = (programmeStart: string) => journey(gq).when("case.register", { ...registration, programmeStart });
    expect(start("2026-01-13").refusedWith("START_IN_FUTURE", { today: "2026-01-12" }).input).toBe("programmeStart");
    start("2026-01-12").accepted();
  });

  it("refuses a start outside the pack's dates, both ends included", () => {
    const start = (programmeStart: string) =>
      journey(thirdPack).when("case.register", { ...registration, bodyId: thirdPack.body.id, programmeStart });
    start("2019-12-31").refusedWith("START_OUTSIDE_PACK", { from: "2020-01-01", until: "2030-12-31" });
    start("2020-01-01").accepted();
    journey(thirdPack)
      .on("2031-06-02")
      .when("case.register", { ...registration, bodyId: thirdPack.body.id, programmeStart: "2031-01-01" })
      .refusedWith("START_OUTSIDE_PACK");
  });

  it.each([{ employer: people.apprentice }, { provider: people.employer }, { apprentice: people.coordinator }])(
    "refuses one person in two parts: %j",
    (twice) => {
      journey(gq)
        .when("case.register", { ...registration, ...twice })
        .refusedWith("SAME_PERSON_TWICE");
    },
  );

  it("takes an English and maths exception only when the pack has it (R03)", () => {
    journey(gq)
      .when("case.register", { ...registration, englishMathsException: "bsl" })
      .accepted();
    const both = journey(gq).when("case.register", { ...registration, englishMathsException: ["plan", "bsl", "plan"] });
    expect(both.after.case.englishMathsExceptions).toEqual(["plan", "bsl"]);
    journey(gq)
      .when("case.register", { ...registration, englishMathsException: ["bsl", "essay"] })
      .refusedWith("NO_SUCH_ITEM", { item: "essay" });
    journey(tquk)
      .when("case.register", { ...registration, bodyId: tquk.body.id, englishMathsException: "bsl" })
      .refusedWith("NO_SUCH_ITEM", { item: "bsl" });
  });

  it("knows nothing of a case before it is registered", () => {
    journey(gq)
      .when("gateway.accept", {}, { by: { person: people.coordinator, role: "coordinator" } })
      .refusedWith("NO_SUCH_CASE");
  });
});

describe("correcting a case", () => {
  const at = journey(gq).upTo("evidenceSubmitted");
  const reason = "Read wrongly from the form";

  it("keeps what stood before, what stands now, and why", () => {
    const j = at
      .when("case.correct", { what: "programmeStart", value: "2024-09-09", reason })
      .events(["DateCorrected", { from: "2024-09-02", to: "2024-09-09", reason: { text: reason } }]);
    expect(j.case.programmeStart).toBe("2024-09-09");
    expect(
      at.do("case.correct", { what: "gatewayMeeting", value: "2026-02-03", reason }).case.gateway.meeting?.on,
    ).toBe("2026-02-03");
  });

  it("refuses a date to come, the same date, and a meeting that was not held yet", () => {
    at.when("case.correct", { what: "gatewayMeeting", value: "2026-02-05", reason }).refusedWith("DATE_IN_FUTURE", {
      today: "2026-02-04",
    });
    at.when("case.correct", { what: "programmeStart", value: "2024-09-02", reason }).refusedWith("DATE_UNCHANGED");
    journey(gq)
      .upTo("staffed")
      .when("case.correct", { what: "gatewayMeeting", value: "2026-01-10", reason })
      .refusedWith("NO_GATEWAY_MEETING_YET");
  });

  it("keeps the programme's start before the gateway meeting, from either side", () => {
    const start = { start: "2026-02-03" };
    at.when("case.correct", { what: "programmeStart", value: "2026-02-03", reason }).refusedWith(
      "BEFORE_PROGRAMME",
      start,
    );
    const later = journey(gq).upTo("handedIn");
    const correct = (value: string) => later.when("case.correct", { what: "gatewayMeeting", value, reason });
    correct("2026-02-10").refusedWith("MEETING_AFTER_GATEWAY", { accepted: "2026-02-09" });
    correct("2026-02-09").accepted();
    at.when("case.correct", { what: "gatewayMeeting", value: "2024-09-01", reason }).refusedWith("BEFORE_PROGRAMME");
    at.when("case.correct", { what: "gatewayMeeting", value: "2024-09-02", reason }).accepted();
  });

  it("keeps the start inside the pack's dates", () => {
    journey(thirdPack)
      .upTo("registered")
      .when("case.correct", { what: "programmeStart", value: "2019-12-31", reason })
      .refusedWith("START_OUTSIDE_PACK");
  });

  it("judges time on programme again once it was accepted: the record says that it does not hold (R01)", () => {
    const accepted = journey(gq).upTo("gatewayAccepted").inDays(1);
    const start = { what: "programmeStart", value: "2025-02-03", reason } as const;
    const short = { days: 364, least: 366 };
    accepted.when("case.correct", start).warnedOf("TIME_ON_PROGRAMME_SHORT", short);
    const lifted = accepted.when("case.correct", start, { lifting: { R01: "Broke off, and came back" } });
    lifted.lifting("R01", "TIME_ON_PROGRAMME_SHORT");
    accepted.when("case.correct", { ...start, value: "2025-02-01" }).accepted();
    const meeting = { what: "gatewayMeeting", value: "2025-09-02", reason } as const;
    accepted.when("case.correct", meeting).warnedOf("TIME_ON_PROGRAMME_SHORT", { until: "2025-09-02" });
    journey(gq).upTo("confirmed").when("case.correct", start).accepted();
    journey(tquk)
      .upTo("gatewayAccepted")
      .when("case.correct", { ...start, value: "2025-02-04" })
      .warnedOf("TIME_ON_PROGRAMME_SHORT");
  });

  describe("the exceptions of English and maths (R03)", () => {
    const submitted = (named: string[], level: "bsl" | "entry3" | "level2") =>
      journey(gq)
        .registered({ englishMathsException: named })
        .do("gateway.submit", { item: "english", reference: "certificate.pdf", level })
        .do("gateway.submit", { item: "maths", reference: "certificate.pdf", level: "level2" });
    const correct = (j: Journey, exceptions: string[]) => j.when("exceptions.correct", { exceptions, reason });

    it("takes the place of what was recorded, several at once, and serves from then on", () => {
      const j = journey(gq).upTo("registered");
      const entry3 = { item: "maths", reference: "certificate.pdf", level: "entry3" } as const;
      j.when("gateway.submit", entry3).refusedWith("LEVEL_TOO_LOW");
      const one = correct(j, ["plan"]).events([
        "ExceptionsCorrected",
        { from: [], to: ["plan"], reason: { text: reason } },
      ]);
      one.when("gateway.submit", entry3).accepted();
      const both = correct(one, ["bsl", "plan", "bsl"]).events(["ExceptionsCorrected", { to: ["bsl", "plan"] }]);
      expect(both.case.englishMathsExceptions).toEqual(["bsl", "plan"]);
      expect(correct(both, []).events("ExceptionsCorrected").case.englishMathsExceptions).toEqual([]);
    });

    it("refuses the same again in any order, and what the pack does not have", () => {
      const j = journey(gq).registered({ englishMathsException: ["bsl", "plan"] });
      expect(correct(j, ["plan", "bsl"]).refusedWith("EXCEPTIONS_UNCHANGED").input).toBe("exceptions");
      expect(correct(j, ["plan", "essay"]).refusedWith("NO_SUCH_ITEM", { item: "essay" }).input).toBe("exceptions");
      correct(journey(tquk).upTo("registered"), ["plan"]).refusedWith("NO_SUCH_ITEM", { item: "plan" });
    });

    it("at the gateway, returns what stood on an exception that does not fit, in review or accepted", () => {
      const inReview = submitted(["bsl"], "bsl");
      const returned: ["EvidenceReturned", { item: string; n: number }] = [
        "EvidenceReturned",
        { item: "english", n: 1 },
      ];
      const j = correct(inReview, ["plan"]).events("ExceptionsCorrected", returned);
      expect(j.case.gateway.evidence.english?.at(-1)).toMatchObject({ outcome: "returned" });
      correct(inReview.do("gateway.acceptItem", { item: "english" }), []).events("ExceptionsCorrected", returned);
      correct(inReview, ["bsl", "plan"]).events("ExceptionsCorrected");
      correct(submitted(["bsl"], "level2"), []).events("ExceptionsCorrected");
    });

    it("leaves what a coordinator let through without an exception, and what is returned already", () => {
      const low = { item: "english", reference: "certificate.pdf", level: "level1" } as const;
      const lifted = journey(gq)
        .upTo("registered")
        .do("rule.lift", { rule: "R03", reason: "Long experience" })
        .do("gateway.submit", low);
      correct(correct(lifted, ["bsl"]).events("ExceptionsCorrected"), []).events("ExceptionsCorrected");
      const back = submitted(["bsl"], "bsl").do("gateway.returnItem", { item: "english", reason: "Blurred" });
      correct(back, []).events("ExceptionsCorrected");
    });

    it("once the gateway is accepted, undoes nothing: the record says what does not hold, or that it was lifted", () => {
      const accepted = journey(gq)
        .registered({ englishMathsException: ["bsl"] })
        .do("gateway.submit", { item: "english", reference: "certificate.pdf", level: "bsl" })
        .upTo("gatewayAccepted");
      expect(accepted.case.gateway.evidence.english?.at(-1)?.facts).toMatchObject({ level: "bsl" });
      const j = correct(accepted, []);
      j.events("ExceptionsCorrected");
      j.warnedOf("LEVEL_TOO_LOW", { level: "bsl", least: 2 });
      accepted
        .when("exceptions.correct", { exceptions: [], reason }, { lifting: { R03: "Brought since" } })
        .lifting("R03", "LEVEL_TOO_LOW");
      correct(accepted, ["bsl", "plan"]).accepted();
    });

    it("is offered while the case is open, where the pack has exceptions", () => {
      const offers = (j: Journey) => offered(j.case, j.pack, j.now).map((o) => o.type);
      expect(offers(journey(gq).upTo("gatewayAccepted"))).toContain("exceptions.correct");
      expect(offers(journey(tquk).upTo("registered"))).not.toContain("exceptions.correct");
      const withdrawn = journey(gq).upTo("registered").do("case.withdraw", { reason });
      correct(withdrawn, ["bsl"]).refusedWith("CASE_CLOSED");
    });
  });

  it("records that a name was put right, and by whom", () => {
    at.when("person.correct", { role: "apprentice", field: "name", reason }).events([
      "PersonCorrected",
      { role: "apprentice", field: "name", reason: { text: reason } },
    ]);
  });
});

describe("lifting a rule beforehand", () => {
  it("serves the next step that needs it, once, and is then used up", () => {
    const late = journey(gq).upTo("planningFinished").on("2026-04-17");
    const report = { method: "project", reference: "report.docx", words: 2500, contents: [] };
    late.when("report.submit", report).refusedWith("REPORT_AFTER_WINDOW", { latest: "2026-04-16" });
    const lifted = late.do("rule.lift", { rule: "R14", reason: "In hospital" });
    expect(lifted.case.permits).toMatchObject([{ rule: "R14", reason: { text: "In hospital" } }]);
    const done = lifted.when("report.submit", report).lifting("R14", "REPORT_AFTER_WINDOW");
    expect(done.case.permits).toEqual([]);
    expect(done.case.lifted).toMatchObject([{ rule: "R14", reason: { text: "In hospital" } }]);
    done.inDays(1).when("report.submit", report).refusedWith("REPORT_AFTER_WINDOW");
  });

  it("may name one assessment: no other uses it up, and it goes before one that names none", () => {
    const late = journey(tquk).upTo("planningFinished").on("2026-04-01");
    const moved = (j: Journey, method: string) =>
      j.when("session.move", { ...bookingOn(tquk, method, "2026-06-20"), reason: "Flood" });
    const one = late.do("rule.lift", { rule: "R06", method: "observation", reason: "Flood" });
    one.inDays(1).when("rule.lift", { rule: "R06", method: "observation", reason: "Flood" }).already({ at: one.now });
    one.when("rule.lift", { rule: "R06", method: "essay", reason: "x" }).refusedWith("NO_SUCH_METHOD");
    moved(one, "project").refusedWith("AFTER_WINDOW");
    moved(one, "observation").lifting("R06", "AFTER_WINDOW");
    const two = one.do("rule.lift", { rule: "R06", reason: "Long illness" });
    expect(moved(two, "observation").after.case.permits).toMatchObject([{ reason: { text: "Long illness" } }]);
    expect(moved(two, "project").after.case.permits).toMatchObject([{ method: "observation" }]);
  });

  it("unused, does not outlive the gateway, nor the attempt it was meant for", () => {
    const atGateway = journey(gq).upTo("confirmed").do("rule.lift", { rule: "R06", reason: "Flood" });
    expect(atGateway.upTo("gatewayAccepted").case.permits).toEqual([]);
    const failed = journey(gq).upTo("released", { grades: { project: "fail" } });
    const lifted = failed.do("rule.lift", { rule: "R06", reason: "Flood" });
    expect(lifted.reopened("resit", ["project"]).case.permits).toEqual([]);
  });

  it("stands already while it is unused", () => {
    const j = journey(gq).upTo("staffed").do("rule.lift", { rule: "R06", reason: "Flood" });
    j.inDays(1).when("rule.lift", { rule: "R06", reason: "Flood" }).already({ at: j.now });
  });

  it.each([
    [gq, ["R01", "R02", "R03", "R06", "R10", "R14", "R19", "R29", "R32", "R33"]],
    [tquk, ["R02", "R03", "R06", "R10", "R12", "R14", "R19", "R29", "R37"]],
    [thirdPack, ["R03", "R06", "R10", "R15", "R19"]],
  ] as const)("is for the rules that the pack lets a coordinator lift: %#", (pack, wanted) => {
    const j = journey(pack).upTo("registered");
    const rules = Array.from({ length: 44 }, (_, i) => `R${String(i + 1).padStart(2, "0")}`);
    const liftable = rules.filter((rule) => j.when("rule.lift", { rule, reason: "Because" }).refused.length === 0);
    expect(liftable).toEqual(wanted);
    j.when("rule.lift", { rule: "R17", reason: "Because" }).refusedWith("RULE_HAS_NO_OVERRIDE", { rule: "R17" });
  });
});

describe("the case's chat and reminders", () => {
  const j = journey(gq).upTo("staffed");
  it("binds a chat, and another in its place", () => {
    const bound = j.when("chat.bind", { conversation: "19:one" }).events(["ChatBound", { conversation: "19:one" }]);
    bound.inDays(1).when("chat.bind", { conversation: "19:one" }).already({ at: bound.now });
    expect(bound.do("chat.bind", { conversation: "19:two" }).case.chat?.conversation).toBe("19:two");
  });
  it("reminds people of the case, nobody else, and not oneself", () => {
    j.when("party.invite", { role: "employer" }).events("Invited");
    j.when("party.remind", { person: people.provider, about: "evidence" }).events("Reminded");
    j.when("party.remind", { person: people.coordinator, about: "evidence" }).refusedWith("REMIND_YOURSELF");
    j.when("party.remind", { person: spare.coordinator, about: "evidence" }).refusedWith("NOT_ON_CASE");
  });
});

describe("withdrawing a case", () => {
  const withdrawn = journey(tquk).upTo("planningFinished").do("case.withdraw", { reason: "Left the firm" });

  it("closes it, with the reason", () => {
    expect(withdrawn.case).toMatchObject({ stage: "withdrawn", withdrawn: { reason: { text: "Left the firm" } } });
    withdrawn.inDays(1).when("case.withdraw", { reason: "Again" }).already({ at: withdrawn.now });
  });

  it("is refused once the result is out, and possible again in a resit", () => {
    const failed = journey(gq).upTo("released", { grades: { project: "fail" } });
    failed.when("case.withdraw", { reason: "Left" }).refusedWith("RESULT_IS_OUT");
    failed.reopened("resit", ["project"]).when("case.withdraw", { reason: "Left" }).accepted();
  });

  it.each(["enquiry", "appeal"] as const)("waits for an open %s: who raised it is answered first (R34)", (kind) => {
    const reason = "Left the firm";
    const j = journey(gq)
      .upTo("released", { grades: { project: "fail" } })
      .do(`${kind}.raise`, { grounds: "x" })
      .reopened("resit", ["project"]);
    expect(j.when("case.withdraw", { reason }).refusedWith("CHALLENGE_UNANSWERED", { kind }).rule).toBe("R34");
    const offers = (at: Journey) => offered(at.case, at.pack, at.now).map((o) => o.type);
    expect(offers(j)).not.toContain("case.withdraw");
    const id = j.case.challenges[0]?.id ?? "";
    const answered =
      kind === "enquiry"
        ? j.do("enquiry.answer", { id, answer: "x" })
        : j.do("appeal.decide", { id, upheld: false, answer: "x" }, { by: { person: "una-unconnected", role: "iqa" } });
    expect(offers(answered)).toContain("case.withdraw");
    answered.when("case.withdraw", { reason }).accepted();
  });

  it("lets nothing come about, whatever was open in it", () => {
    const reason = "Left the firm";
    const withheld = journey(gq).upTo("graded").do("results.withhold", { reason: "A letter came" });
    const closed = withheld.do("case.withdraw", { reason });
    closed.when("results.resume", { reason }).refusedWith("CASE_CLOSED");
    for (const j of [withdrawn, closed]) expect(offered(j.case, j.pack, j.now)).toEqual([]);
  });

  it("leaves nothing to be done", () => {
    const reason = "Because";
    withdrawn.when("case.correct", { what: "programmeStart", value: "2024-09-09", reason }).refusedWith("CASE_CLOSED");
    withdrawn.when("person.correct", { role: "employer", field: "mail", reason }).refusedWith("CASE_CLOSED");
    withdrawn.when("rule.lift", { rule: "R06", reason }).refusedWith("CASE_CLOSED");
    withdrawn.when("chat.bind", { conversation: "19:x" }).refusedWith("CASE_CLOSED");
    withdrawn.when("party.invite", { role: "provider" }).refusedWith("CASE_CLOSED");
    withdrawn.when("party.remind", { person: people.provider, about: "x" }).refusedWith("CASE_CLOSED");
    withdrawn.when("staff.allocate", { role: "assessor", person: spare.assessor, reason }).refusedWith("CASE_CLOSED");
    withdrawn.when("interest.declare", { conflict: true, detail: "A cousin" }).refusedWith("CASE_CLOSED");
    withdrawn.when("dispensation.grant", { reference: "D-1" }).refusedWith("CASE_CLOSED");
    withdrawn.when("proposal.accept", { n: 1 }).refusedWith("CASE_CLOSED");
    withdrawn.when("gateway.accept", {}).already();
    withdrawn.when("results.release", {}).refusedWith("NOT_IN_ASSESSMENT", { stage: "withdrawn" });
  });
});
