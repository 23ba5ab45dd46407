import type { Pack } from "../../src/rules/pack";
import {
  bookingOn,
  goodEvidence,
  goodProposal,
  gq,
  inAdvisedOrder,
  journey,
  people,
  replay,
  spare,
  tquk,
} from "../support/case";
import { thirdPack } from "../support/thirdPack";

/** Whole assessments from registration to a result, every step a command that the table of permissions grants. */

const all = (pack: Pack, grade: "fail" | "pass" | "distinction") =>
  Object.fromEntries(pack.methods.map((m) => [m.id, grade]));
const stranger = { by: { person: spare.iqa, role: "iqa" as const } };

describe.each([gq, tquk, thirdPack])("a case under $id", (pack) => {
  it.each(["pass", "distinction", "fail"] as const)(
    "goes from registration to a released %s, with nothing lifted and nothing to warn of",
    (grade) => {
      const j = journey(pack).upTo("released", { grades: all(pack, grade) });
      expect(j.case).toMatchObject({ stage: "released", lifted: [], warned: [] });
      expect(j.case.releases).toMatchObject([
        { n: 1, overall: grade, uncapped: grade, capped: false, grades: all(pack, grade) },
      ]);
      expect(replay(j.log)).toEqual(j.case);
    },
  );

  it("goes on after a fail, by a resit, to a result that stands beside the first", () => {
    const report = pack.methods.find((m) => m.handIn?.kind === "report")?.id ?? "";
    const failed = journey(pack).upTo("released", { grades: { ...all(pack, "distinction"), [report]: "fail" } });
    expect(failed.case.releases.at(-1)?.overall).toBe("fail");
    const j = failed
      .inDays(7)
      .reopened("resit", [report])
      .inDays(7)
      .upTo("released", { grades: { [report]: "distinction" } });
    const capped = pack !== thirdPack;
    expect(j.case.releases).toMatchObject([
      { n: 1, overall: "fail" },
      { n: 2, overall: capped ? "pass" : "distinction", uncapped: "distinction", capped },
    ]);
    expect(j.case.attempts[report]).toMatchObject([
      { n: 1, kind: "first", confirmed: { grade: "fail" } },
      { n: 2, kind: "resit", confirmed: { grade: "distinction" } },
    ]);
    expect(replay(j.log)).toEqual(j.case);
  });

  it("is carried to the end with every outside decision recorded by the coordinator", () => {
    const behalf = { channel: "letter" as const };
    let j = journey(pack).upTo("staffed").on("2026-02-04");
    j = j.do(
      "gateway.attest",
      { lastDay: "2026-02-02", offTheJobPercent: 22, portfolioOwn: true },
      { ...behalf, onBehalfOf: "provider" },
    );
    for (const item of pack.rules.gatewayEvidence.items.filter((i) => i.needed === "always"))
      j = j.do("gateway.submit", goodEvidence(pack, item.id), { ...behalf, onBehalfOf: "provider" });
    for (const role of pack.rules.gatewayConfirmation.by)
      j = j.do("gateway.confirm", {}, { ...behalf, onBehalfOf: role });
    j = j
      .do("gateway.ready", {}, { ...behalf, onBehalfOf: "apprentice" })
      .upTo("proposalAccepted")
      .on("2026-03-16");
    for (const m of pack.methods) {
      if (m.handIn?.kind === "report")
        j = j.do(
          "report.submit",
          {
            method: m.id,
            reference: "By post",
            words: m.handIn.words.target,
            contents: m.handIn.contents.items.map((x) => x.id),
          },
          { ...behalf, onBehalfOf: "apprentice" },
        );
      if (m.handIn?.kind === "portfolio")
        j = j.do(
          "portfolio.submit",
          {
            method: m.id,
            reference: "By post",
            pieces: m.handIn.selection.min ?? 4,
            mapping: Object.fromEntries(m.ksbs.map((k) => [k.id, [1]])),
          },
          { ...behalf, onBehalfOf: "apprentice" },
        );
    }
    j = j.upTo("released");
    expect(j.case.releases.at(-1)?.overall).toBe("pass");
    const outside = j.log.filter((e) => ["apprentice", "employer", "provider"].includes(e.by.role));
    expect(outside).toEqual([]);
    expect(j.log.filter((e) => e.by.onBehalfOf)).not.toHaveLength(0);
    for (const e of j.log.filter((x) => x.by.onBehalfOf))
      expect(e.by).toMatchObject({
        role: "coordinator",
        onBehalfOf: { channel: "letter", evidence: { text: expect.any(String) } },
      });
  });

  it("survives a no-show, a technical failure and an abandoned session, each held again", () => {
    let j = journey(pack).upTo("handedIn");
    const methods = inAdvisedOrder(pack);
    const why = ["noShow", "technical", "abandoned"] as const;
    methods.forEach((m, i) => {
      const reason = why[i % 3] ?? "technical";
      const at = j.attempt(m.id).session.booking?.at ?? "";
      j = reason === "abandoned" ? j.run(m.id, { grade: "fail" }) : j.at(at);
      j = j.do("session.notHeld", { method: m.id, why: reason, detail: "As the log of calls says" });
    });
    expect(methods.every((m) => j.attempt(m.id).session.state === "none")).toBe(true);
    j = j.upTo("graded");
    for (const m of methods)
      expect(j.attempt(m.id)).toMatchObject({ n: 1, notHeld: [{}], confirmed: { grade: "pass" } });
    expect(j.released().case.releases.at(-1)?.overall).toBe("pass");
  });

  it("changes its assessor midway: the new one declares, goes on, and the old one's part ends", () => {
    const half = journey(pack)
      .upTo("handedIn")
      .sat(inAdvisedOrder(pack)[0]?.id ?? "");
    const j = half
      .do("staff.allocate", { role: "assessor", person: spare.assessor, reason: "Long leave" })
      .do("interest.declare", { conflict: false });
    expect(() =>
      half.do("staff.allocate", { role: "assessor", person: spare.assessor, reason: "x" }).upTo("held"),
    ).toThrow("INTEREST_NOT_DECLARED");
    const done = j.upTo("released");
    const graders = pack.methods.map((m) => done.attempt(m.id).confirmed?.by.person);
    expect(new Set(graders)).toEqual(new Set([spare.assessor]));
    expect(done.case.allocations.filter((a) => a.role === "assessor")).toMatchObject([
      { person: people.assessor, until: half.now },
      { person: spare.assessor },
    ]);
  });

  it("is withheld while something is looked into, then released", () => {
    const held = journey(pack).upTo("graded").do("results.withhold", { reason: "A complaint" });
    held.when("results.release", {}).refusedWith("RESULT_WITHHELD");
    expect(held.inDays(5).do("results.resume", { reason: "Nothing in it" }).released().case.stage).toBe("released");
  });

  it("is moderated: a grade sent back, its mark corrected, upheld, and the corrected grade released", () => {
    const method = pack.methods[0]?.id ?? "";
    const missing =
      journey(pack).upTo("held").confirmedGrade(method, { draw: 0 }).attempt(method).confirmed
        ?.missingForDistinction[0] ?? "";
    const back = journey(pack)
      .upTo("held")
      .sampling(1)
      .confirmedGrade(method)
      .do("moderation.sendBack", { method, reason: "It was shown at minute 40" });
    const j = back
      .do("mark.correct", { method, criterion: missing, mark: "met", reason: "Seen again on the recording" })
      .confirmedGrade(method)
      .do("moderation.uphold", { method })
      .upTo("released");
    expect(back.attempt(method).confirmed?.grade).toBe("pass");
    expect(j.case.releases.at(-1)?.grades[method]).toBe("distinction");
    expect(j.attempt(method).marks[missing]).toBe("met");
    expect(j.happened.filter((t) => t === "GradeConfirmed")).toHaveLength(pack.methods.length + 1);
  });

  it("is enquired about and appealed against: regraded by someone unconnected, and released anew", () => {
    const method = pack.methods[0]?.id ?? "";
    const out = journey(pack).upTo("released", { grades: { ...all(pack, "distinction"), [method]: "pass" } });
    const asked = out.inDays(1).do("enquiry.raise", { method, grounds: "Was the last part seen?" }, { by: "employer" });
    const answered = asked.do("enquiry.answer", { id: asked.case.challenges[0]?.id ?? "", answer: "It was" });
    const appealed = answered.do("appeal.raise", { method, grounds: "D1 was shown" });
    const id = appealed.case.challenges[1]?.id ?? "";
    const decided = appealed.do(
      "appeal.decide",
      { id, upheld: true, answer: "It was shown", regrade: { method, grade: "distinction" } },
      stranger,
    );
    const j = decided.released({ feedback: "After the appeal" });
    expect(j.case.releases).toMatchObject([
      { n: 1, overall: "pass", grades: { [method]: "pass" } },
      { n: 2, overall: "distinction", grades: { [method]: "distinction" }, capped: false },
    ]);
    expect(j.case.challenges).toMatchObject([
      { kind: "enquiry", outcome: "answered" },
      { kind: "appeal", outcome: "upheld", decided: { by: { person: spare.iqa } } },
    ]);
    expect(replay(j.log)).toEqual(j.case);
  });

  it("is withdrawn at any point before the result, and nothing more happens", () => {
    for (const at of ["registered", "confirmed", "planningScheduled", "handedIn", "graded"] as const) {
      const j = journey(pack).upTo(at).do("case.withdraw", { reason: "Left the firm" });
      expect(j.case.stage).toBe("withdrawn");
      expect(j.case.releases).toEqual([]);
    }
  });

  it("hands a returned item of evidence in again, and loses nothing by it", () => {
    const [item] = pack.rules.gatewayEvidence.items;
    if (!item) throw new Error("no evidence");
    const j = journey(pack)
      .upTo("evidenceSubmitted")
      .do("gateway.returnItem", { item: item.id, reason: "A page is missing" })
      .inDays(1);
    const done = j.do("gateway.submit", goodEvidence(pack, item.id)).upTo("released");
    expect(done.case.gateway.evidence[item.id]?.map((t) => t.outcome)).toEqual(["returned", "accepted"]);
    expect(done.case.releases.at(-1)?.overall).toBe("pass");
  });
});

describe("what only one body knows", () => {
  it("GQ: a resit after the limit becomes the whole EPA again, through the gateway, in a new window", () => {
    const failed = journey(gq)
      .upTo("released", { grades: { project: "fail" } })
      .on("2026-07-22");
    const again = failed.reopened("again", ["observation", "project", "discussion"]).inDays(5);
    const gate = again.upTo("evidenceSubmitted").upTo("gatewayAccepted");
    expect(gate.case).toMatchObject({
      stage: "planning",
      window: { start: "2026-07-27", end: "2026-10-27" },
      gateway: { round: 2 },
    });
    const meeting = gate.planningScheduled("2026-08-03").planningFinished();
    expect(meeting.case.planning.finished).toMatchObject({ on: "2026-08-03", reportDue: "2026-08-31" });
    const written = meeting.on("2026-08-31").handedIn();
    const j = written.upTo("graded", { grades: all(gq, "distinction") }).released();
    expect(j.case.releases).toMatchObject([
      { n: 1, overall: "fail" },
      {
        n: 2,
        overall: "pass",
        uncapped: "distinction",
        capped: true,
        attempts: { observation: 2, project: 2, discussion: 2 },
      },
    ]);
    expect(replay(j.log)).toEqual(j.case);
  });

  it("TQUK: a retake goes through a new gateway with a new proposal, and what was passed stays passed", () => {
    const failed = journey(tquk)
      .upTo("released", { grades: { project: "fail", observation: "distinction" } })
      .inDays(14);
    const j = failed.reopened("retake", ["project"]).inDays(30).upTo("evidenceSubmitted").upTo("gatewayAccepted");
    expect(j.case.proposals).toMatchObject([{ n: 1, outcome: "toDecide" }]);
    const planned = j.planningScheduled().planningFinished({ reportDue: undefined, sessions: [] }).proposalAccepted();
    const done = planned
      .inDays(20)
      .handedIn()
      .upTo("released", { grades: { project: "pass" } });
    expect(done.case.releases).toMatchObject([
      { overall: "fail" },
      {
        overall: "pass",
        grades: { observation: "distinction", project: "pass" },
        attempts: { observation: 1, project: 2 },
      },
    ]);
    expect(done.case.earlierGateways).toHaveLength(1);
    expect(replay(done.log)).toEqual(done.case);
  });

  it("TQUK: a failed project is reworked within a month, without a new proposal", () => {
    const j = journey(tquk)
      .upTo("released", { grades: { project: "fail" } })
      .inDays(1)
      .reopened("resit", ["project"]);
    expect(j.attempt("project").reworkBy).toBe("2026-05-21");
    const done = j.on("2026-05-21").upTo("released");
    expect(done.case.releases.at(-1)).toMatchObject({ n: 2, overall: "pass" });
    expect(done.happened.filter((t) => t === "ProposalSubmitted")).toHaveLength(1);
  });

  it("TQUK: a proposal returned twice goes to the coordinator and on from there", () => {
    const back = { reasons: ["challenge" as const], feedback: "Which customers?" };
    const j = journey(tquk)
      .upTo("planningFinished")
      .do("proposal.return", { n: 1, ...back })
      .inDays(7)
      .do("proposal.submit", goodProposal(tquk))
      .do("proposal.return", { n: 2, ...back })
      .do("proposal.reopen", { reason: "A last go, after a talk with the employer" })
      .inDays(2)
      .do("proposal.submit", goodProposal(tquk))
      .upTo("released");
    expect(j.case.proposals.map((p) => p.outcome)).toEqual(["returned", "returned", "accepted"]);
    expect(j.case.releases.at(-1)?.overall).toBe("pass");
  });

  it("TQUK: a simulated observation under a dispensation, its resit included", () => {
    const granted = journey(tquk).upTo("planningScheduled").do("dispensation.grant", { reference: "IfATE 12/2026" });
    const plan = inAdvisedOrder(tquk).map((m, i) => ({
      ...bookingOn(tquk, m.id, ["2026-04-07", "2026-04-09", "2026-04-14"][i] ?? ""),
      ...(m.id === "observation" ? { setting: "simulated" as const } : {}),
    }));
    const failed = granted.planningFinished({ sessions: plan }).upTo("released", { grades: { observation: "fail" } });
    const resit = failed.reopened("resit", ["observation"]);
    const booked = resit.do("session.book", { ...bookingOn(tquk, "observation", "2026-05-20"), setting: "simulated" });
    expect(booked.upTo("released").case.releases.at(-1)?.overall).toBe("pass");
  });

  it("a second resit follows a failed first, as often as the limit allows", () => {
    let j = journey(tquk).upTo("released", { grades: { discussion: "fail" } });
    for (let n = 2; n <= 4; n++)
      j = j
        .reopened("resit", ["discussion"])
        .inDays(2)
        .upTo("released", { grades: { discussion: n < 4 ? "fail" : "distinction" } });
    expect(j.case.releases.map((r) => r.overall)).toEqual(["fail", "fail", "fail", "pass"]);
    expect(j.case.attempts.discussion?.map((a) => a.n)).toEqual([1, 2, 3, 4]);
  });
});
