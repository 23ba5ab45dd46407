import type { Payload } from "../../src/case/decider";
import type { Pack } from "../../src/rules/pack";
import { goodEvidence, gq, journey, people, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

const due = (pack: Pack, programmeStart?: string) =>
  journey(pack)
    .registered(programmeStart === undefined ? {} : { programmeStart })
    .upTo("confirmed")
    .itemsAccepted();

describe("time on programme (R01)", () => {
  it("GQ: twelve months date to date and 366 elapsed days to the gateway meeting", () => {
    due(gq, "2025-02-01").when("gateway.accept", {}).accepted();
    const problem = due(gq, "2025-02-02")
      .when("gateway.accept", {})
      .refusedWith("TIME_ON_PROGRAMME_SHORT", { days: 365, least: 366, start: "2025-02-02", until: "2026-02-02" });
    expect(problem).toMatchObject({ rule: "R01", source: gq.rules.timeOnProgramme.source, remedy: "override" });
  });

  it("GQ: a coordinator lifts it with a reason, which stays on the record", () => {
    const j = due(gq, "2025-02-02")
      .when("gateway.accept", {}, { lifting: { R01: "Transferred from another programme" } })
      .lifting("R01", "TIME_ON_PROGRAMME_SHORT");
    expect(j.case.lifted).toMatchObject([{ rule: "R01", reason: { text: "Transferred from another programme" } }]);
    due(gq, "2025-02-02")
      .when("gateway.accept", {}, { lifting: { R02: "The wrong rule" } })
      .refusedWith("TIME_ON_PROGRAMME_SHORT");
  });

  it("counts no day after the last day on programme that the provider attests", () => {
    const attested = (lastDay: string) =>
      journey(gq)
        .registered({ programmeStart: "2025-02-01" })
        .staffed()
        .on("2026-02-04")
        .do("gateway.attest", { lastDay, offTheJobPercent: 20, portfolioOwn: true })
        .upTo("confirmed")
        .itemsAccepted()
        .when("gateway.accept", {});
    attested("2026-02-01").refusedWith("TIME_ON_PROGRAMME_SHORT", { days: 365, until: "2026-02-01" });
    attested("2026-02-02").accepted();
    attested("2026-02-04").accepted();
  });

  it("TQUK: only warns under 366 days", () => {
    due(tquk, "2025-02-02").when("gateway.accept", {}).warnedOnlyOf("TIME_ON_PROGRAMME_SHORT");
    due(tquk, "2025-02-01").when("gateway.accept", {}).accepted();
  });

  it("an invented pack: eight months and 243 days, which nobody can lift", () => {
    due(thirdPack, "2025-06-02").when("gateway.accept", {}).accepted();
    const problem = due(thirdPack, "2025-06-03")
      .when("gateway.accept", {}, { lifting: { R01: "Please" } })
      .refusedWith("TIME_ON_PROGRAMME_SHORT", { days: 244, least: 243 });
    expect(problem.remedy).toBeUndefined();
  });

  it("is attested by the provider: a block under GQ, a warning under TQUK", () => {
    const bare = (pack: Pack) => {
      let j = journey(pack).upTo("staffed").on("2026-02-04");
      for (const item of pack.rules.gatewayEvidence.items.filter((i) => i.needed === "always"))
        j = j.do("gateway.submit", goodEvidence(pack, item.id));
      return j.confirmed().itemsAccepted().when("gateway.accept", {});
    };
    expect(bare(gq).refusedWith("TIME_NOT_ATTESTED").remedy).toBe("override");
    bare(tquk).warnedOnlyOf("TIME_NOT_ATTESTED");
  });
});

describe("the gateway meeting's record (R04)", () => {
  const item = gq.rules.gatewayEvidence.items.find((i) => i.kind === "meetingRecord")?.id ?? "";
  const returned = journey(gq).upTo("confirmed").do("gateway.returnItem", { item, reason: "Another apprentice's" });
  const again = (on: string) => returned.do("gateway.submit", { ...goodEvidence(gq, item), on });

  it("of another meeting asks for its confirmations anew; of the same one it does not", () => {
    expect(Object.keys(returned.case.gateway.confirmed)).toEqual(["employer", "provider"]);
    const other = again("2026-02-03");
    expect(other.case.gateway).toMatchObject({ meeting: { on: "2026-02-03" }, confirmed: {} });
    other
      .itemsAccepted()
      .when("gateway.accept", {})
      .refusedWith("CONFIRMATION_MISSING", { by: ["employer", "provider"] });
    other.when("gateway.confirm", {}, { by: "employer" }).accepted();
    again("2026-02-02").itemsAccepted().when("gateway.accept", {}).accepted();
  });
});

describe("the provider's attestation (R41, R43)", () => {
  const at = (pack: Pack) => journey(pack).upTo("staffed").on("2026-02-04");
  const attest = { lastDay: "2026-02-02", offTheJobPercent: 20, portfolioOwn: true };

  it("is kept, can be put right, and stands already when nothing changed", () => {
    const j = at(gq).when("gateway.attest", attest).events(["TimeOnProgrammeAttested", attest]);
    j.inDays(1).when("gateway.attest", attest).already({ at: j.now, person: people.provider });
    j.when("gateway.attest", { ...attest, offTheJobPercent: 21 }).events("TimeOnProgrammeAttested");
  });

  it("lies between the programme's start and today", () => {
    at(gq)
      .when("gateway.attest", { ...attest, lastDay: "2026-02-05" })
      .refusedWith("DATE_IN_FUTURE", { today: "2026-02-04" });
    at(gq)
      .when("gateway.attest", { ...attest, lastDay: "2024-09-01" })
      .refusedWith("BEFORE_PROGRAMME", { start: "2024-09-02" });
    at(gq)
      .when("gateway.attest", { ...attest, lastDay: "2024-09-02" })
      .accepted();
    at(gq)
      .when("gateway.attest", { ...attest, lastDay: "2026-02-04" })
      .accepted();
  });

  it("off-the-job training below 20 % is warned of under GQ, unknown to TQUK", () => {
    at(gq)
      .when("gateway.attest", { ...attest, offTheJobPercent: 19.9 })
      .warnedOf("OFF_THE_JOB_LOW", { percent: 19.9, least: 20 });
    at(gq).when("gateway.attest", attest).accepted();
    at(tquk)
      .when("gateway.attest", { ...attest, offTheJobPercent: 0 })
      .accepted();
  });

  it("a portfolio not made and selected by the apprentice is warned of", () => {
    for (const pack of [gq, tquk])
      at(pack)
        .when("gateway.attest", { ...attest, portfolioOwn: false })
        .warnedOnlyOf("PORTFOLIO_NOT_OWN");
  });

  it("GQ: none at all is warned of when the gateway is accepted, beside R01's block", () => {
    const j = journey(gq).upTo("staffed").on("2026-02-04").do("gateway.submit", goodEvidence(gq, "meetingRecord"));
    j.when("gateway.accept", {}, { lifting: { R01: "x", R02: "x" } }).refusedWithOnly("CONFIRMATION_MISSING");
    j.confirmed()
      .when("gateway.accept", {}, { lifting: { R01: "x", R02: "x" } })
      .warnedOf("OFF_THE_JOB_NOT_ATTESTED");
  });
});

describe("gateway evidence (R02)", () => {
  it.each([
    [gq, ["Gateway meeting record", "English at level 2", "Maths at level 2"]],
    [tquk, tquk.rules.gatewayEvidence.items.map((i) => i.title)],
  ] as const)("a refusal lists everything that is missing: %#", (pack, titles) => {
    const j = journey(pack).upTo("staffed");
    const problem = j.when("gateway.accept", {}).refusedWith("EVIDENCE_MISSING", { items: titles });
    expect(problem).toMatchObject({ rule: "R02", source: pack.rules.gatewayEvidence.source, remedy: "override" });
  });

  it("handed in is not accepted, and returned is not either", () => {
    const j = journey(gq).upTo("confirmed");
    j.when("gateway.accept", {}).refusedWith("EVIDENCE_MISSING");
    const one = j.itemsAccepted().log.length;
    expect(one).toBeGreaterThan(j.log.length);
    const back = j
      .do("gateway.acceptItem", { item: "meetingRecord" })
      .do("gateway.acceptItem", { item: "maths" })
      .do("gateway.returnItem", { item: "english", reason: "The copy cannot be read" });
    back.when("gateway.accept", {}).refusedWith("EVIDENCE_MISSING", { items: ["English at level 2"] });
  });

  it("a returned item is handed in again; accepted ones stay; every attempt is kept", () => {
    const j = journey(gq)
      .upTo("confirmed")
      .do("gateway.acceptItem", { item: "maths" })
      .do("gateway.returnItem", { item: "english", reason: "The copy cannot be read" })
      .inDays(1)
      .do("gateway.submit", { item: "english", reference: "english-2.pdf", level: "level2" });
    expect(j.case.gateway.evidence.english).toMatchObject([
      {
        n: 1,
        outcome: "returned",
        reason: { text: "The copy cannot be read" },
        decided: { by: { person: people.coordinator } },
      },
      { n: 2, outcome: "toReview", reference: { text: "english-2.pdf" } },
    ]);
    expect(j.case.gateway.evidence.maths).toMatchObject([{ n: 1, outcome: "accepted" }]);
    j.gatewayAccepted();
  });

  it("an item is decided once: again is already, the other way is refused", () => {
    const accepted = journey(gq).upTo("evidenceSubmitted").do("gateway.acceptItem", { item: "maths" });
    accepted.when("gateway.acceptItem", { item: "maths" }).already({ at: accepted.now });
    accepted
      .when("gateway.returnItem", { item: "maths", reason: "No" })
      .refusedWith("ITEM_DECIDED", { item: "Maths at level 2", outcome: "accepted" });
    const returned = journey(gq).upTo("evidenceSubmitted").do("gateway.returnItem", { item: "maths", reason: "No" });
    returned.when("gateway.returnItem", { item: "maths", reason: "No" }).already({ at: returned.now });
    returned.when("gateway.acceptItem", { item: "maths" }).refusedWith("ITEM_DECIDED", { outcome: "returned" });
  });

  it("nothing comes twice while it waits, nor after it was accepted; nothing unknown comes", () => {
    const j = journey(gq).upTo("evidenceSubmitted");
    j.when("gateway.submit", goodEvidence(gq, "maths")).refusedWith("ITEM_IN_REVIEW");
    j.do("gateway.acceptItem", { item: "maths" })
      .when("gateway.submit", goodEvidence(gq, "maths"))
      .refusedWith("ITEM_ACCEPTED");
    j.when("gateway.submit", { item: "photoId", reference: "x" }).refusedWith("NO_SUCH_ITEM", { item: "photoId" });
    journey(gq).upTo("staffed").when("gateway.acceptItem", { item: "maths" }).refusedWith("ITEM_NOT_SUBMITTED");
  });

  it("the adjustment form belongs to it once an adjustment or special consideration was asked for", () => {
    const ask = { kind: "venue", need: "A ramp", normalWay: true, apprenticeInvolved: true, methods: [] } as const;
    const j = journey(gq)
      .upTo("confirmed")
      .do("adjustment.request", { ...ask, methods: [] })
      .itemsAccepted();
    j.when("gateway.accept", {}).refusedWith("EVIDENCE_MISSING", {
      items: [gq.rules.gatewayEvidence.items[3]?.title ?? ""],
    });
    j.do("gateway.submit", { item: "adjustmentForm", reference: "form.pdf" })
      .do("gateway.acceptItem", { item: "adjustmentForm" })
      .when("gateway.accept", {})
      .accepted();
    journey(gq)
      .upTo("confirmed")
      .do("consideration.request", { method: "project", what: "A broken arm", rescheduleTried: true })
      .itemsAccepted()
      .when("gateway.accept", {})
      .refusedWith("EVIDENCE_MISSING");
    journey(tquk)
      .upTo("confirmed")
      .do("adjustment.request", { ...ask, methods: [] })
      .itemsAccepted()
      .when("gateway.accept", {})
      .accepted();
  });

  it("a meeting record bears its day, between the programme's start and today", () => {
    const j = journey(gq).upTo("staffed").on("2026-02-04");
    const record = { item: "meetingRecord", reference: "record.pdf" };
    j.when("gateway.submit", record).refusedWith("MEETING_DATE_NEEDED");
    j.when("gateway.submit", { ...record, on: "2026-02-05" }).refusedWith("DATE_IN_FUTURE");
    j.when("gateway.submit", { ...record, on: "2024-09-01" }).refusedWith("BEFORE_PROGRAMME");
    expect(j.do("gateway.submit", { ...record, on: "2026-02-04" }).case.gateway.meeting?.on).toBe("2026-02-04");
  });

  it("TQUK: the portfolio bears its pieces and its mapping form", () => {
    const j = journey(tquk).upTo("staffed").on("2026-02-04");
    const portfolio = { item: "portfolio", reference: "p.zip" };
    j.when("gateway.submit", { ...portfolio, mapped: true }).refusedWith("PIECES_NEEDED");
    j.when("gateway.submit", { ...portfolio, pieces: 0, mapped: true }).refusedWith("PIECES_NEEDED");
    j.when("gateway.submit", { ...portfolio, pieces: 20, mapped: false }).refusedWith("MAPPING_FORM_NEEDED");
    j.when("gateway.submit", { ...portfolio, pieces: 1, mapped: true }).accepted();
  });
});

describe("English and maths (R02, R03)", () => {
  type Level = NonNullable<Payload<"gateway.submit">["level"]>;
  const submit = (pack: Pack, item: string, level: Level | undefined, exception?: string | string[]) =>
    journey(pack)
      .registered(exception === undefined ? {} : { englishMathsException: exception })
      .when("gateway.submit", { item, reference: "certificate.pdf", ...(level ? { level } : {}) });

  it("GQ: both exceptions may fit one apprentice, and each serves where it can", () => {
    const both = ["plan", "bsl"];
    submit(gq, "english", "bsl", both).accepted();
    submit(gq, "english", "entry3", both).accepted();
    submit(gq, "maths", "entry3", both).accepted();
    submit(gq, "maths", "bsl", both).refusedWith("LEVEL_TOO_LOW");
    submit(gq, "english", "entry3", ["bsl"]).refusedWith("LEVEL_TOO_LOW");
    submit(gq, "english", "entry3", []).refusedWith("LEVEL_TOO_LOW");
  });

  it("asks the level", () => {
    submit(gq, "english", undefined).refusedWithOnly("LEVEL_NEEDED");
  });

  it.each([
    ["english", "level2", undefined, true],
    ["english", "level3", undefined, true],
    ["english", "level1", undefined, false],
    ["english", "bsl", undefined, false],
    ["english", "entry3", "plan", true],
    ["maths", "entry3", "plan", true],
    ["maths", "entry3", undefined, false],
    ["english", "bsl", "bsl", true],
    ["english", "level1", "bsl", false],
    ["maths", "bsl", "bsl", false],
    ["maths", "entry3", "bsl", false],
    ["english", "bsl", "plan", false],
  ] as const)("GQ: %s at %s with exception %s: %s", (item, level, exception, lawful) => {
    const outcome = submit(gq, item, level, exception);
    if (lawful) outcome.accepted();
    else {
      const problem = outcome.refusedWith("LEVEL_TOO_LOW", { level, least: 2 });
      expect(problem).toMatchObject({ rule: "R03", source: gq.rules.englishAndMaths.source, remedy: "override" });
    }
  });

  it("TQUK knows no exception: below level 2 a coordinator may lift it, for the provider, with a reason", () => {
    const problem = submit(tquk, "english", "level1").refusedWith("LEVEL_TOO_LOW");
    expect(problem).toMatchObject({ rule: "R03", remedy: "override" });
    expect(problem.source).toEqual(tquk.rules.englishAndMaths.source);
    const j = journey(tquk)
      .upTo("staffed")
      .when(
        "gateway.submit",
        { item: "english", reference: "certificate.pdf", level: "level1" },
        { onBehalfOf: "provider", lifting: { R03: "A plan of the council" } },
      )
      .lifting("R03", "LEVEL_TOO_LOW");
    expect(j.case.gateway.evidence.english).toMatchObject([
      { by: { onBehalfOf: { role: "provider", channel: "phone" } } },
    ]);
  });

  it("a reason lifts nothing when it is not the coordinator who gives it", () => {
    journey(tquk)
      .upTo("staffed")
      .when(
        "gateway.submit",
        { item: "english", reference: "x", level: "level1" },
        { by: "provider", lifting: { R03: "Please" } },
      )
      .refusedWith("LEVEL_TOO_LOW");
  });

  it("an invented pack asks level 1", () => {
    submit(thirdPack, "sums", "level1").accepted();
    submit(thirdPack, "sums", "entry3").refusedWith("LEVEL_TOO_LOW", { least: 1 });
  });
});

describe("confirmations (R04, R42)", () => {
  it("GQ: employer and provider, both, once the gateway meeting has its day; nobody lifts it", () => {
    const bare = journey(gq).upTo("staffed");
    const problem = bare.when("gateway.confirm", {}, { by: "employer" }).refusedWith("NO_GATEWAY_MEETING_YET");
    expect(problem).toMatchObject({ rule: "R04", source: gq.rules.gatewayConfirmation.source });
    const j = journey(gq).upTo("evidenceSubmitted").itemsAccepted();
    j.when("gateway.accept", {}, { lifting: { R04: "x" } }).refusedWith("CONFIRMATION_MISSING", {
      by: ["employer", "provider"],
    });
    const one = j.do("gateway.confirm", {}, { by: "employer" });
    one.when("gateway.accept", {}).refusedWith("CONFIRMATION_MISSING", { by: ["provider"] });
    one.do("gateway.confirm", {}, { by: "provider" }).when("gateway.accept", {}).warnedOnlyOf("APPRENTICE_NOT_ASKED");
  });

  it("GQ: without a meeting the gateway is not accepted, even with the record lifted", () => {
    journey(gq)
      .upTo("staffed")
      .when("gateway.accept", {}, { lifting: { R01: "x", R02: "x" } })
      .refusedWith("NO_GATEWAY_MEETING_YET");
  });

  it("TQUK: the provider alone, without a meeting", () => {
    const j = journey(tquk).upTo("staffed");
    j.when("gateway.confirm", {}, { by: "employer" }).refusedWith("NOT_YOURS_TO_CONFIRM", { role: "employer" });
    j.when("gateway.confirm", {}, { by: "provider" }).events(["GatewayConfirmed", { role: "provider" }]);
    j.when("gateway.accept", {}, { lifting: { R02: "x" } }).refusedWith("CONFIRMATION_MISSING", { by: ["provider"] });
  });

  it("stands already when pressed again; is not the apprentice's", () => {
    const j = journey(gq).upTo("evidenceSubmitted").do("gateway.confirm", {}, { by: "employer" });
    j.inDays(1).when("gateway.confirm", {}, { by: "employer" }).already({ at: j.now, person: people.employer });
    j.when("gateway.confirm", {}, { by: "apprentice" }).refusedWith("NOT_YOURS_TO_CONFIRM", { role: "apprentice" });
  });

  it("a coordinator records it for the employer, with channel and evidence, and it is shown as such", () => {
    const j = journey(gq)
      .upTo("evidenceSubmitted")
      .do("gateway.confirm", {}, { onBehalfOf: "employer", channel: "letter" });
    expect(j.case.gateway.confirmed.employer?.by).toEqual({
      person: people.coordinator,
      role: "coordinator",
      onBehalfOf: {
        role: "employer",
        person: people.employer,
        channel: "letter",
        evidence: { text: "Letter of the same day, on file" },
      },
    });
  });

  it("the apprentice's own word is warned of when missing, under GQ", () => {
    const j = (pack: Pack) =>
      pack.rules.gatewayConfirmation.by
        .reduce((x, by) => x.do("gateway.confirm", {}, { by }), journey(pack).upTo("evidenceSubmitted"))
        .itemsAccepted();
    j(gq).when("gateway.accept", {}).warnedOnlyOf("APPRENTICE_NOT_ASKED");
    j(tquk).when("gateway.accept", {}).accepted();
    const ready = j(gq).do("gateway.ready", {});
    ready.when("gateway.accept", {}).accepted();
    ready.inDays(1).when("gateway.ready", {}).already({ at: ready.now });
  });
});

describe("accepting the gateway (R06)", () => {
  it.each([
    [gq, "2026-05-09"],
    [tquk, "2026-05-09"],
    [thirdPack, "2026-07-09"],
  ] as const)("starts the window on that day: %#", (pack, end) => {
    const j = journey(pack)
      .upTo("confirmed")
      .itemsAccepted()
      .when("gateway.accept", {})
      .events(["GatewayAccepted", { window: { start: "2026-02-09", end } }]);
    expect(j.case.stage).toBe("planning");
    j.inDays(1).when("gateway.accept", {}).already({ at: j.now });
  });

  it("ends the window on the last day of a shorter month", () => {
    const j = journey(gq).upTo("confirmed").on("2026-11-30").itemsAccepted().do("gateway.accept", {});
    expect(j.case).toMatchObject({ window: { start: "2026-11-30", end: "2027-02-28" } });
  });

  it("leaves nothing to do at the gateway", () => {
    const j = journey(gq).upTo("gatewayAccepted");
    const stage = { stage: "planning" };
    j.when("gateway.attest", { lastDay: "2026-02-01", offTheJobPercent: 20, portfolioOwn: true }).refusedWith(
      "NOT_AT_GATEWAY",
      stage,
    );
    j.when("gateway.submit", goodEvidence(gq, "maths")).refusedWith("NOT_AT_GATEWAY", stage);
    j.when("gateway.acceptItem", { item: "maths" }).refusedWith("NOT_AT_GATEWAY", stage);
    j.when("gateway.confirm", {}, { by: "provider" }).refusedWith("NOT_AT_GATEWAY", stage);
    journey(gq)
      .upTo("registered")
      .do("case.withdraw", { reason: "x" })
      .when("gateway.accept", {})
      .refusedWith("CASE_CLOSED");
    journey(gq)
      .upTo("registered")
      .do("case.withdraw", { reason: "x" })
      .when("gateway.ready", {})
      .refusedWith("NOT_AT_GATEWAY");
  });
});
