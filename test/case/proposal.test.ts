import type { Payload } from "../../src/case/decider";
import { goodEvidence, goodProposal, gq, journey, people, tquk, words } from "../support/case";
import { thirdPack } from "../support/thirdPack";

const atGateway = journey(tquk).upTo("staffed").on("2026-02-04");
const hand = (change: Partial<Payload<"gateway.submit">>) =>
  atGateway.when("gateway.submit", { ...goodEvidence(tquk, "proposal"), ...change });
const planned = journey(tquk).upTo("planningFinished").on("2026-02-17");
const back = { reasons: ["challenge" as const], feedback: "Say which customers." };

describe("what a proposal must hold (R11, R37)", () => {
  it("R37: a challenge before gateway, where the gateway was accepted without a meeting's record", () => {
    const without = atGateway
      .do("gateway.submit", goodEvidence(tquk, "proposal"))
      .do("gateway.attest", { lastDay: "2026-02-03", offTheJobPercent: 20, portfolioOwn: true })
      .do("gateway.confirm", {}, { by: "provider" })
      .do("gateway.accept", {}, { lifting: { R02: "The records burnt" } })
      .do("proposal.return", { n: 1, reasons: ["other"], feedback: "Say more" })
      .on("2026-02-06");
    const again = (challengeOn: string) => without.when("proposal.submit", { ...goodProposal(tquk), challengeOn });
    again("2026-02-05").refusedWith("CHALLENGE_OUTSIDE_APPRENTICESHIP", { until: "2026-02-04" });
    again("2026-02-04").events("ProposalSubmitted");
  });

  it("at most 500 words", () => {
    hand({ text: words(500) }).events("EvidenceSubmitted", ["ProposalSubmitted", { n: 1, words: 500 }]);
    const problem = hand({ text: words(501) }).refusedWith("PROPOSAL_TOO_LONG", { words: 501, most: 500 });
    expect(problem).toMatchObject({ rule: "R11", source: tquk.rules.projectSubject.source });
    expect(problem.remedy).toBeUndefined();
  });

  it("an invented pack: at most 300 words, and no KSBs needed", () => {
    const j = journey(thirdPack).upTo("staffed").on("2026-02-04");
    const plan = { ...goodEvidence(thirdPack, "plan"), ksbs: [] };
    j.when("gateway.submit", { ...plan, text: words(300) }).accepted();
    j.when("gateway.submit", { ...plan, text: words(301) }).refusedWith("PROPOSAL_TOO_LONG", { most: 300 });
  });

  it("a KSB part, of this method's KSBs", () => {
    hand({ ksbs: [] }).refusedWith("PROPOSAL_WITHOUT_KSBS");
    hand({ ksbs: undefined }).refusedWith("PROPOSAL_WITHOUT_KSBS");
    hand({ ksbs: ["K1", "S9"] }).refusedWith("KSB_NOT_OF_METHOD", { ksbs: ["S9"] });
  });

  it("a text, a challenge and its day", () => {
    hand({ text: undefined }).refusedWith("PROPOSAL_TEXT_NEEDED");
    hand({ challenge: undefined }).refusedWith("CHALLENGE_NEEDED");
    hand({ challengeOn: undefined }).refusedWith("CHALLENGE_DATE_NEEDED");
  });

  it("a challenge within the apprenticeship and before gateway: TQUK blocks, and a coordinator may lift it", () => {
    const met = atGateway.do("gateway.submit", goodEvidence(tquk, "meetingRecord"));
    const on = (challengeOn: string, how = {}) =>
      met.when("gateway.submit", { ...goodEvidence(tquk, "proposal"), challengeOn }, how);
    on("2024-09-02").accepted();
    on("2026-02-02").accepted();
    on("2024-09-01").refusedWith("CHALLENGE_OUTSIDE_APPRENTICESHIP", { from: "2024-09-02", until: "2026-02-02" });
    expect(on("2026-02-03").refusedWith("CHALLENGE_OUTSIDE_APPRENTICESHIP")).toMatchObject({
      rule: "R37",
      remedy: "override",
      source: tquk.rules.challenge.source,
    });
    on("2026-02-03", { onBehalfOf: "provider", lifting: { R37: "Began before, ended that week" } }).lifting(
      "R37",
      "CHALLENGE_OUTSIDE_APPRENTICESHIP",
    );
    journey(thirdPack)
      .upTo("staffed")
      .when("gateway.submit", { ...goodEvidence(thirdPack, "plan"), challengeOn: "2019-01-01" })
      .accepted();
  });
});

describe("deciding on a proposal (R12)", () => {
  it("waits for the gateway, and is not for a pack without one", () => {
    journey(tquk).upTo("confirmed").when("proposal.accept", { n: 1 }).refusedWith("GATEWAY_NOT_ACCEPTED");
    journey(gq).upTo("planningFinished").when("proposal.accept", { n: 1 }).refusedWith("NO_PROPOSAL");
  });

  it("is signed off by the assessor, once", () => {
    const j = planned.when("proposal.accept", { n: 1 }).events(["ProposalAccepted", { n: 1 }]);
    j.inDays(1).when("proposal.accept", { n: 1 }).already({ at: j.now, person: people.assessor });
    j.when("proposal.return", { n: 1, ...back }).refusedWith("PROPOSAL_DECIDED", { outcome: "accepted" });
  });

  it("returned: reasons and feedback, both; seven days to hand in again", () => {
    const none = planned.when("proposal.return", { n: 1, reasons: [], feedback: "" });
    expect(none.refusedWith("RETURN_REASON_NEEDED")).toMatchObject({
      rule: "R12",
      source: tquk.rules.proposalReturn.source,
    });
    none.refusedWith("FEEDBACK_NEEDED");
    planned.when("proposal.return", { n: 1, reasons: [], feedback: "x" }).refusedWithOnly("RETURN_REASON_NEEDED");
    planned.when("proposal.return", { n: 1, reasons: ["ksbs"], feedback: "  " }).refusedWithOnly("FEEDBACK_NEEDED");
    const j = planned
      .when("proposal.return", { n: 1, ...back })
      .events(["ProposalReturned", { reworkBy: "2026-02-24" }]);
    j.inDays(1)
      .when("proposal.return", { n: 1, ...back })
      .already({ at: j.now });
    j.when("proposal.accept", { n: 1 }).refusedWith("PROPOSAL_DECIDED", { outcome: "returned" });
  });

  it("reasons and feedback are owed in any case: what is lifted is the day of the rework", () => {
    const lifted = planned.do("rule.lift", { rule: "R12", reason: "Ill" });
    const bare = { n: 1, reasons: [], feedback: "" };
    for (const j of [planned, lifted]) {
      const outcome = j.when("proposal.return", bare, { by: "coordinator", lifting: { R12: "x" } });
      outcome.refusedWithOnly("RETURN_REASON_NEEDED", "FEEDBACK_NEEDED");
      expect(outcome.refused.map((p) => p.remedy)).toEqual([undefined, undefined]);
    }
  });

  it("handed in again within seven days, the last included; a coordinator may lift it", () => {
    const returned = planned.do("proposal.return", { n: 1, ...back });
    returned
      .on("2026-02-24", "23:59")
      .when("proposal.submit", goodProposal(tquk))
      .events(["ProposalSubmitted", { n: 2 }]);
    const late = returned.on("2026-02-25", "00:01");
    expect(
      late.when("proposal.submit", goodProposal(tquk)).refusedWith("REWORK_LATE", { by: "2026-02-24", days: 7 }),
    ).toMatchObject({ rule: "R12", remedy: "override" });
    late
      .when("proposal.submit", goodProposal(tquk), { onBehalfOf: "apprentice", lifting: { R12: "Ill that week" } })
      .lifting("R12", "REWORK_LATE");
    late
      .do("rule.lift", { rule: "R12", reason: "Ill" })
      .when("proposal.submit", goodProposal(tquk))
      .lifting("R12", "REWORK_LATE");
  });

  it("an invented pack gives three days, which nobody lifts", () => {
    const j = journey(thirdPack)
      .upTo("planningFinished")
      .do("proposal.return", { n: 1, ...back });
    expect(j.case.proposals.at(-1)?.reworkBy).toBe("2026-02-19");
    j.on("2026-02-19").when("proposal.submit", goodProposal(thirdPack)).accepted();
    j.on("2026-02-20")
      .when("proposal.submit", goodProposal(thirdPack), { lifting: { R12: "x" } })
      .refusedWith("REWORK_LATE");
  });

  it("is handed in again only when it was returned", () => {
    planned.when("proposal.submit", goodProposal(tquk)).refusedWith("PROPOSAL_NOT_RETURNED");
    planned
      .do("proposal.accept", { n: 1 })
      .when("proposal.submit", goodProposal(tquk))
      .refusedWith("PROPOSAL_NOT_RETURNED");
    journey(gq)
      .upTo("planningFinished")
      .when("proposal.submit", goodProposal(tquk))
      .refusedWith("PROPOSAL_NOT_RETURNED");
  });

  it("a button drawn for an earlier proposal says which one stands", () => {
    const second = planned.do("proposal.return", { n: 1, ...back }).do("proposal.submit", goodProposal(tquk));
    second.when("proposal.accept", { n: 1 }).refusedWith("PROPOSAL_SUPERSEDED", { n: 1, last: 2 });
    second.when("proposal.return", { n: 1, ...back }).refusedWith("PROPOSAL_SUPERSEDED", { n: 1, last: 2 });
    second.when("proposal.accept", { n: 2 }).accepted();
  });

  it("a second return goes to the coordinator, who opens it again for seven days", () => {
    const twice = planned
      .do("proposal.return", { n: 1, ...back })
      .do("proposal.submit", goodProposal(tquk))
      .inDays(1)
      .when("proposal.return", { n: 2, ...back })
      .events(["ProposalReturned", { n: 2, reworkBy: null }]);
    expect(twice.case.proposals.at(-1)).toMatchObject({ outcome: "withCoordinator" });
    twice
      .inDays(1)
      .when("proposal.return", { n: 2, ...back })
      .already({ at: twice.now });
    twice.when("proposal.submit", goodProposal(tquk)).refusedWith("PROPOSAL_NOT_RETURNED");
    const reopened = twice.do("proposal.reopen", { reason: "One more go" });
    expect(reopened.case.proposals.at(-1)).toMatchObject({ outcome: "returned", reworkBy: "2026-02-25" });
    const third = reopened.do("proposal.submit", goodProposal(tquk));
    const again = third.do("proposal.return", { n: 3, ...back });
    expect(again.case.proposals.at(-1)?.outcome).toBe("withCoordinator");
    expect(third.do("proposal.accept", { n: 3 }).case.proposals.map((p) => p.outcome)).toEqual([
      "returned",
      "returned",
      "accepted",
    ]);
  });

  it("is opened again only when it is with the coordinator", () => {
    planned.when("proposal.reopen", { reason: "x" }).refusedWith("PROPOSAL_NOT_WITH_YOU");
    planned
      .do("proposal.return", { n: 1, ...back })
      .when("proposal.reopen", { reason: "x" })
      .refusedWith("PROPOSAL_NOT_WITH_YOU");
  });

  it("is not touched once the result is out or the case withdrawn", () => {
    const gone = planned.do("proposal.return", { n: 1, ...back }).do("case.withdraw", { reason: "Left" });
    gone.when("proposal.submit", goodProposal(tquk)).refusedWith("PROPOSAL_NOT_RETURNED");
    planned
      .do("case.withdraw", { reason: "Left" })
      .when("proposal.return", { n: 1, ...back })
      .refusedWith("CASE_CLOSED");
  });

  it("a proposal returned as evidence is handed in again at the gateway, and the last one counts", () => {
    const j = journey(tquk)
      .upTo("evidenceSubmitted")
      .do("gateway.returnItem", { item: "proposal", reason: "Too general" })
      .do("gateway.submit", { ...goodEvidence(tquk, "proposal"), challenge: "Refunds by post" })
      .upTo("planningFinished");
    j.when("proposal.accept", { n: 1 }).refusedWith("PROPOSAL_SUPERSEDED", { last: 2 });
    expect(j.do("proposal.accept", { n: 2 }).case.proposals.at(-1)).toMatchObject({
      challenge: { text: "Refunds by post" },
    });
  });
});
