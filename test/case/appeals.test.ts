import { offered } from "../../src/case/decider";
import { gq, type Journey, journey, people, spare, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

const grounds = "The recording shows that D1 was met";
const released = journey(gq).upTo("released");
const appealed = released.do("appeal.raise", { method: "project", grounds });
const id = appealed.case.challenges[0]?.id ?? "";
const stranger = { by: { person: spare.iqa, role: "iqa" as const } };
const decideIt = (j: Journey, change: object = {}, how: object = stranger) =>
  j.when("appeal.decide", { id, upheld: true, answer: "It was met", ...change }, how);

describe("raising an enquiry or an appeal (R34)", () => {
  it.each(["enquiry.raise", "appeal.raise"] as const)("%s: of a result that is out, one at a time", (type) => {
    journey(gq).upTo("graded").when(type, { grounds }).refusedWith("NO_RESULT_YET");
    const j = released.when(type, { grounds }).events(["ChallengeRaised", { release: 1, method: null }]);
    j.when(type, { grounds }).refusedWith("CHALLENGE_OPEN", { kind: type.split(".")[0] });
    released.when(type, { grounds, method: "essay" }).refusedWith("NO_SUCH_METHOD");
    released.when(type, { grounds, method: "constructor" }).refusedWith("NO_SUCH_METHOD");
  });

  it("an appeal needs no enquiry first, and may stand beside one", () => {
    released.do("enquiry.raise", { grounds }).when("appeal.raise", { grounds }).accepted();
  });

  it("by any of the three parties, or recorded for them", () => {
    for (const by of ["apprentice", "employer", "provider"] as const) released.do("appeal.raise", { grounds }, { by });
    expect(
      released.do("appeal.raise", { grounds }, { onBehalfOf: "apprentice", channel: "letter" }).case.challenges[0]?.by
        .onBehalfOf?.role,
    ).toBe("apprentice");
  });

  it("within the pack's working days, where it gives any", () => {
    // Results went out on Tuesday 21 April; 4 May is a bank holiday.
    const j = journey(thirdPack).upTo("released");
    j.on("2026-05-06").when("enquiry.raise", { grounds }).accepted();
    expect(
      j
        .on("2026-05-07")
        .when("enquiry.raise", { grounds })
        .refusedWith("CHALLENGE_TOO_LATE", { kind: "enquiry", last: "2026-05-06", days: 10 }),
    ).toMatchObject({ rule: "R34", source: thirdPack.rules.appeals.source });
    j.on("2026-05-20").when("appeal.raise", { grounds }).accepted();
    j.on("2026-05-21")
      .when("appeal.raise", { grounds })
      .refusedWith("CHALLENGE_TOO_LATE", { kind: "appeal", last: "2026-05-20", days: 20 });
    for (const pack of [gq, tquk])
      journey(pack).upTo("released").on("2027-12-31").when("appeal.raise", { grounds }).accepted();
  });
});

describe("while what failed is taken again", () => {
  const fail = journey(gq).upTo("released", { grades: { project: "fail" } });
  const resit = fail.reopened("resit", ["project"]);

  it.each(["enquiry.raise", "appeal.raise"] as const)("%s: the result that is out can still be questioned", (type) => {
    const j = resit.when(type, { grounds, method: "project" }).events(["ChallengeRaised", { release: 1 }]);
    expect(offered(resit.case, gq, resit.now).map((o) => o.type)).toContain(type);
    expect(j.case.stage).toBe("assessment");
    const retake = journey(tquk)
      .upTo("released", { grades: { project: "fail" } })
      .reopened("retake", ["project"]);
    expect(retake.when(type, { grounds }).events("ChallengeRaised").case.stage).toBe("gateway");
  });

  it("not while a grade that was changed on appeal waits to be released: that result is still to come", () => {
    const j = decideIt(appealed, { regrade: { method: "project", grade: "distinction" } }).after;
    j.when("appeal.raise", { grounds }).refusedWith("NO_RESULT_YET");
    j.released()
      .when("appeal.raise", { grounds })
      .events(["ChallengeRaised", { release: 2 }]);
  });

  it("not once the case is withdrawn", () => {
    resit.do("case.withdraw", { reason: "Left" }).when("appeal.raise", { grounds }).refusedWith("NO_RESULT_YET");
  });
});

describe("answering an enquiry", () => {
  it("is done once, and changes no grade", () => {
    const j = released.do("enquiry.raise", { grounds });
    const enquiry = j.case.challenges[0]?.id ?? "";
    const answered = j
      .when("enquiry.answer", { id: enquiry, answer: "The marks were added up rightly" })
      .events("EnquiryAnswered");
    expect(answered.case).toMatchObject({ stage: "released", challenges: [{ outcome: "answered" }] });
    answered.inDays(1).when("enquiry.answer", { id: enquiry, answer: "x" }).already({ at: answered.now });
    j.when("enquiry.answer", { id: "x", answer: "x" }).refusedWith("NO_SUCH_REQUEST");
    appealed.when("enquiry.answer", { id, answer: "x" }).refusedWith("NO_SUCH_REQUEST");
  });
});

describe("deciding an appeal (R34)", () => {
  it.each([
    ["who graded", people.assessor],
    ["who moderates", people.iqa],
    ["who coordinates", people.coordinator],
    ["a party", people.employer],
  ])("is not for %s; nobody lifts it", (_who, person) => {
    const problem = decideIt(appealed, {}, { by: { person, role: "coordinator" }, lifting: { R34: "x" } }).refusedWith(
      "CONNECTED_WITH_CASE",
    );
    expect(problem).toMatchObject({ rule: "R34", source: gq.rules.appeals.source });
    expect(problem.remedy).toBeUndefined();
  });

  it("is not for staff who ever did anything in the case, on it or not", () => {
    const helped = journey(gq)
      .upTo("confirmed")
      .do("gateway.acceptItem", { item: "maths" }, { by: { person: spare.coordinator, role: "coordinator" } })
      .upTo("released")
      .do("appeal.raise", { grounds });
    const its = { id: helped.case.challenges[0]?.id ?? "", upheld: false, answer: "x" };
    helped
      .when("appeal.decide", its, { by: { person: spare.coordinator, role: "coordinator" } })
      .refusedWith("CONNECTED_WITH_CASE");
    helped.when("appeal.decide", its, stranger).accepted();
    const replaced = journey(gq)
      .upTo("booked")
      .do("staff.allocate", { role: "iqa", person: spare.iqa, reason: "x" })
      .do("staff.allocate", { role: "iqa", person: people.iqa, reason: "x" })
      .upTo("released")
      .do("appeal.raise", { grounds });
    replaced
      .when("appeal.decide", { ...its, id: replaced.case.challenges[0]?.id ?? "" }, stranger)
      .refusedWith("CONNECTED_WITH_CASE");
  });

  it("and who decided one appeal decides no second one", () => {
    const first = decideIt(appealed, { upheld: false }).after.do("appeal.raise", { grounds });
    first
      .when("appeal.decide", { id: first.case.challenges[1]?.id ?? "", upheld: false, answer: "x" }, stranger)
      .refusedWith("CONNECTED_WITH_CASE");
  });

  it("is done once", () => {
    const j = decideIt(appealed, { upheld: false }).events(["AppealDecided", { upheld: false }]);
    expect(j.case).toMatchObject({ stage: "released", challenges: [{ outcome: "rejected" }] });
    decideIt(j.inDays(1), { upheld: false }).already({ at: j.now, person: spare.iqa });
    decideIt(j, { upheld: true }).refusedWith("REQUEST_DECIDED", { outcome: "rejected" });
    decideIt(appealed, { id: "x" }).refusedWith("NO_SUCH_REQUEST");
  });

  it("a grade is changed only where it is upheld, to another grade, of a method that has one", () => {
    const regrade = { method: "project", grade: "distinction" as const };
    decideIt(appealed, { upheld: false, regrade }).refusedWith("REGRADE_WITHOUT_UPHOLDING");
    decideIt(appealed, { regrade: { ...regrade, grade: "pass" } }).refusedWith("GRADE_UNCHANGED", { grade: "pass" });
    decideIt(appealed, { regrade: { ...regrade, method: "essay" } }).refusedWith("NO_SUCH_METHOD");
    decideIt(appealed, { regrade: { ...regrade, method: "constructor" } }).refusedWith("NO_SUCH_METHOD");
    const j = decideIt(appealed, { regrade }).events("AppealDecided", [
      "GradeChangedOnAppeal",
      { from: "pass", to: "distinction" },
    ]);
    expect(j.case.stage).toBe("assessment");
    expect(j.attempt("project").confirmed?.grade).toBe("distinction");
    expect(j.case.releases).toMatchObject([{ grades: { project: "pass" } }]);
    j.when("case.withdraw", { reason: "x" }).refusedWith("RESULT_IS_OUT");
  });

  it("the result is then released anew, beside the old one", () => {
    const all = { observation: "distinction", project: "pass", discussion: "distinction" } as const;
    const j = journey(gq).upTo("released", { grades: all }).do("appeal.raise", { method: "project", grounds });
    const again = j
      .do(
        "appeal.decide",
        {
          id: j.case.challenges[0]?.id ?? "",
          upheld: true,
          answer: "It was met",
          regrade: { method: "project", grade: "distinction" },
        },
        stranger,
      )
      .released();
    expect(again.case.releases.map((r) => [r.n, r.overall, r.capped])).toEqual([
      [1, "pass", false],
      [2, "distinction", false],
    ]);
  });

  it("once the result moved on, an answer can be given and no grade changed", () => {
    const j = journey(gq)
      .upTo("released", { grades: { project: "fail" } })
      .do("appeal.raise", { grounds })
      .reopened("resit", ["project"]);
    const its = { id: j.case.challenges[0]?.id ?? "", upheld: true, answer: "x" };
    j.when("appeal.decide", { ...its, regrade: { method: "project", grade: "pass" } }, stranger).refusedWith(
      "RESULT_MOVED_ON",
    );
    j.when("appeal.decide", its, stranger).accepted();
  });
});
