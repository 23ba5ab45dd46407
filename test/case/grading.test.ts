import { offered } from "../../src/case/decider";
import type { Grade } from "../../src/rules/pack";
import { gq, type Journey, journey, marksFor, people, spare, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

const sat = (grade: Grade = "pass", pack = gq) =>
  journey(pack)
    .upTo("handedIn")
    .sat(pack.methods[1]?.id ?? "", { grade });
const confirm = (j: Journey, grade: Grade, how = {}, declared = true, method = "project") =>
  j.when("grade.confirm", { method, grade, declared }, how);

describe("confirming a grade (R25)", () => {
  it.each(["fail", "pass", "distinction"] as const)("the marks make a %s, and only that is confirmed", (grade) => {
    const j = sat(grade);
    for (const other of ["fail", "pass", "distinction"] as const)
      if (other !== grade) confirm(j, other).refusedWith("GRADE_HAS_CHANGED", { shown: other, now: grade });
    const done = confirm(j, grade).events(["GradeConfirmed", { grade }]);
    expect(done.attempt("project").confirmed).toMatchObject({ grade, at: done.now, by: { person: people.assessor } });
    confirm(done.inDays(1), grade).already({ at: done.now, person: people.assessor });
  });

  it("says what is missing, criterion by criterion", () => {
    expect(confirm(sat("fail"), "fail").after.attempt("project").confirmed).toMatchObject({
      missingForPass: ["project-P1"],
      missingForDistinction: [],
    });
    expect(confirm(sat("pass"), "pass").after.attempt("project").confirmed).toMatchObject({
      missingForPass: [],
      missingForDistinction: ["project-D1"],
    });
    const both = journey(tquk)
      .upTo("handedIn")
      .run("project")
      .do("session.mark", { method: "project", marks: { "project-D1": "met", "project-D5.b": "notMet" } })
      .do("session.end", { method: "project", discretion: false });
    expect(
      both.do("grade.confirm", { method: "project", grade: "pass", declared: true }).attempt("project").confirmed
        ?.missingForDistinction,
    ).toEqual(["project-D5.b"]);
  });

  it("waits for the session's end, every mark, and the assessor's declaration", () => {
    const running = journey(gq).upTo("handedIn").run("project");
    confirm(running, "pass").refusedWith("SESSION_NOT_ENDED");
    const unmarked = journey(gq)
      .upTo("handedIn")
      .run("project")
      .do("session.mark", { method: "project", marks: { "project-P3": "notYet" } })
      .do("session.end", { method: "project", discretion: false });
    confirm(unmarked, "fail").refusedWith("CRITERIA_UNMARKED", { open: ["project-P3"], count: 1 });
    confirm(sat(), "pass", {}, false).refusedWith("DECLARATION_NEEDED");
    confirm(journey(gq).upTo("released"), "pass").refusedWith("NOT_IN_ASSESSMENT");
    confirm(sat(), "pass", {}, true, "essay").refusedWith("NO_SUCH_METHOD");
  });

  it("fail descriptors that contradict the marks are warned of, and change nothing", () => {
    const ticked = (grade: Grade, ids: string[]) => journey(gq).upTo("handedIn").sat("project", { grade, ticked: ids });
    expect(
      confirm(ticked("pass", ["project-F1"]), "pass")
        .warnedOf("DESCRIPTOR_AGAINST_GRADE", { descriptors: ["project-F1"] })
        .attempt("project").confirmed?.grade,
    ).toBe("pass");
    expect(confirm(ticked("fail", []), "fail").warned).toMatchObject([
      { code: "FAIL_WITHOUT_DESCRIPTOR", rule: "R25", source: gq.rules.methodGrade.source },
    ]);
    confirm(ticked("fail", ["project-F1"]), "fail").accepted();
  });

  it("TQUK has no fail descriptors, so nothing to contradict; an invented pack warns as it says", () => {
    confirm(sat("fail", tquk), "fail").accepted();
    const j = journey(thirdPack)
      .upTo("handedIn")
      .sat("showing", { grade: "pass", ticked: ["showing-F1"] });
    j.when("grade.confirm", { method: "showing", grade: "pass", declared: true }).warnedOf("DESCRIPTOR_AGAINST_GRADE");
  });

  it("R38: an unmet criterion that no question touched is warned of where the pack carries it into the questions", () => {
    const untouched = (pack: typeof gq) => {
      const method = pack.methods[0]?.id ?? "";
      const j = journey(pack)
        .upTo("handedIn")
        .started(method)
        .do("session.ask", { method, questionId: "q", kind: "main", criteria: [`${method}-P2`] });
      const marks = { ...marksFor(j.method(method), "fail"), [`${method}-P2`]: "notMet" as const };
      return j
        .do("session.mark", { method, marks })
        .inSeconds(3600)
        .do("session.end", { method, discretion: false, reason: "x" });
    };
    untouched(tquk)
      .when("grade.confirm", { method: "observation", grade: "fail", declared: true })
      .warnedOf("UNSEEN_NOT_ASKED", { criteria: ["observation-P1"] });
    expect(
      untouched(gq)
        .when("grade.confirm", { method: "observation", grade: "fail", declared: true })
        .warned.map((w) => w.code),
    ).toEqual(["FAIL_WITHOUT_DESCRIPTOR"]);
  });

  it("R38 is about the observation's questions: a session without such a part is not warned of", () => {
    const method = "project";
    const j = journey(tquk).upTo("handedIn").started(method);
    const done = j
      .do("session.mark", { method, marks: marksFor(j.method(method), "fail") })
      .inSeconds(3600)
      .do("session.end", { method, discretion: false, reason: "x" });
    done.when("grade.confirm", { method, grade: "fail", declared: true }).accepted();
  });
});

describe("sampling", () => {
  const state = (j: Journey) => j.attempt("project").moderation?.state;
  it("by the usual rate, or the assessor's own: a draw below the rate is sampled", () => {
    const at = (rate: number, draw: number, byAssessor = {}) =>
      state(confirm(sat().sampling(rate, byAssessor), "pass", { draw }).after);
    expect(at(0.25, 0.2499)).toBe("waiting");
    expect(at(0.25, 0.25)).toBe("notSampled");
    expect(at(0, 0)).toBe("notSampled");
    expect(at(1, 0.9999)).toBe("waiting");
    expect(at(0, 0.5, { [people.assessor]: 1 })).toBe("waiting");
    expect(at(1, 0.5, { [people.assessor]: 0 })).toBe("notSampled");
    expect(at(0, 0.5, { [spare.assessor]: 1 })).toBe("notSampled");
  });

  it("records the rate with the grade", () => {
    confirm(sat().sampling(0.3), "pass", { draw: 0.1 }).events(["GradeConfirmed", { sampled: true, rate: 0.3 }]);
  });

  it("IQA may ask for a grade that was not drawn, once it is confirmed", () => {
    sat().when("moderation.sample", { method: "project" }).refusedWith("NOT_CONFIRMED_YET");
    const j = sat().confirmedGrade("project");
    const asked = j.when("moderation.sample", { method: "project" }).events("GradeSampled");
    expect(state(asked)).toBe("waiting");
    asked.when("moderation.sample", { method: "project" }).refusedWith("ALREADY_SAMPLED");
    j.when("moderation.sample", { method: "essay" }).refusedWith("NO_SUCH_METHOD");
  });
});

describe("what is out is out: quality assurance comes before release", () => {
  const refusedHere = (j: Journey, method: string) =>
    expect(j.when("moderation.sample", { method }).refusedWith("RESULT_IS_OUT", { method }).rule).toBeUndefined();

  it("a grade that passed is not sampled again while the failed one is taken again", () => {
    const again = journey(gq)
      .upTo("released", { grades: { project: "fail" } })
      .reopened("resit", ["project"]);
    refusedHere(again, "observation");
    const offers = offered(again.case, gq, again.now).map((o) => o.type);
    expect(offers).not.toContain("moderation.sample");
  });

  it("nor while a result waits to be released anew after an appeal", () => {
    const appealed = journey(gq).upTo("released").do("appeal.raise", { method: "project", grounds: "It was met" });
    const changed = appealed.do(
      "appeal.decide",
      {
        id: appealed.case.challenges[0]?.id ?? "",
        upheld: true,
        answer: "So it was",
        regrade: { method: "project", grade: "distinction" },
      },
      { by: { person: spare.iqa, role: "iqa" } },
    );
    expect(changed.case.stage).toBe("assessment");
    refusedHere(changed, "observation");
  });

  it("the new attempt's grade is", () => {
    const second = journey(gq)
      .upTo("released", { grades: { project: "fail" } })
      .reopened("resit", ["project"])
      .handedIn()
      .booked()
      .sat("project")
      .confirmedGrade("project");
    second.when("moderation.sample", { method: "project" }).events("GradeSampled");
  });
});

describe("a grade by somebody who did not hold the session", () => {
  const una = spare.assessor;
  const handed = sat()
    .do("staff.allocate", { role: "assessor", person: una, reason: "On leave" })
    .do("interest.declare", { conflict: false }, { by: { person: una, role: "assessor" } });
  const by = { by: { person: una, role: "assessor" as const } };

  it("goes to IQA whatever the draw", () => {
    expect(handed.sampling(0).confirmedGrade("project", by).attempt("project").moderation).toEqual({
      state: "waiting",
    });
    expect(sat().sampling(0).confirmedGrade("project").attempt("project").moderation).toEqual({ state: "notSampled" });
  });
});

describe("a conflict found by who graded", () => {
  const conflict = { conflict: true, detail: "Now a neighbour" };
  const graded = journey(gq).upTo("graded");

  it("sends every grade of theirs that is not out and was not moderated to IQA", () => {
    const found = graded
      .when("interest.declare", conflict)
      .events(
        "InterestDeclared",
        ["GradeSampled", { method: "observation" }],
        ["GradeSampled", { method: "project" }],
        ["GradeSampled", { method: "discussion" }],
      );
    found.when("results.release", {}).refusedWith("METHODS_NOT_COMPLETE");
    journey(gq).sampling(1).upTo("graded").when("interest.declare", conflict).events("InterestDeclared");
    graded.when("interest.declare", conflict, { by: "iqa" }).events("InterestDeclared");
  });

  it("and every grade that they upheld, to another IQA", () => {
    const upheld = journey(gq)
      .sampling(1)
      .upTo("held")
      .confirmedGrade("project")
      .do("moderation.uphold", { method: "project" });
    const found = upheld
      .when("interest.declare", conflict, { by: "iqa" })
      .events("InterestDeclared", ["GradeSampled", { method: "project" }]);
    expect(found.attempt("project").moderation).toEqual({ state: "waiting" });
    upheld.when("interest.declare", conflict).events("InterestDeclared");
  });

  it("leaves what is out to an appeal", () => {
    graded.released().when("interest.declare", conflict).events("InterestDeclared");
  });
});

describe("moderation", () => {
  const waiting = sat().sampling(1).confirmedGrade("project");

  it("upholds: the grade is settled, once", () => {
    const j = waiting
      .when("moderation.uphold", { method: "project", note: "Sound" })
      .events(["GradeUpheld", { note: { text: "Sound" } }]);
    expect(j.attempt("project").moderation).toMatchObject({ state: "upheld", by: { person: people.iqa } });
    j.inDays(1).when("moderation.uphold", { method: "project" }).already({ at: j.now });
    j.when("moderation.sendBack", { method: "project", reason: "x" }).refusedWith("NOT_IN_MODERATION");
  });

  it("sends back with a reason; then a mark is corrected with a reason, and the grade confirmed anew for IQA to see", () => {
    const back = waiting
      .when("moderation.sendBack", { method: "project", reason: "D1 was shown" })
      .events("GradeSentBack");
    back.inDays(1).when("moderation.sendBack", { method: "project", reason: "x" }).already({ at: back.now });
    back.when("moderation.uphold", { method: "project" }).refusedWith("NOT_IN_MODERATION");
    const corrected = back
      .when("mark.correct", { method: "project", criterion: "project-D1", mark: "met", reason: "Heard again" })
      .events(["MarkCorrected", { from: "notMet", to: "met" }]);
    confirm(corrected, "pass").refusedWith("GRADE_HAS_CHANGED", { now: "distinction" });
    const again = confirm(corrected.sampling(0), "distinction").after;
    expect(again.attempt("project")).toMatchObject({
      confirmed: { grade: "distinction" },
      moderation: { state: "waiting" },
    });
    again.when("moderation.uphold", { method: "project" }).events("GradeUpheld");
  });

  it("is not for who graded, and not for what is not sampled", () => {
    const own = { by: { person: people.assessor, role: "iqa" as const } };
    const unsampled = sat().confirmedGrade("project");
    waiting.when("moderation.uphold", { method: "project" }, own).refusedWith("OWN_GRADE");
    waiting.when("moderation.sendBack", { method: "project", reason: "x" }, own).refusedWith("OWN_GRADE");
    unsampled.when("moderation.uphold", { method: "project" }).refusedWith("NOT_IN_MODERATION");
    unsampled.when("moderation.sendBack", { method: "project", reason: "x" }).refusedWith("NOT_IN_MODERATION");
    waiting.when("moderation.uphold", { method: "essay" }).refusedWith("NO_SUCH_METHOD");
    waiting.when("moderation.sendBack", { method: "essay", reason: "x" }).refusedWith("NO_SUCH_METHOD");
  });

  it("a mark moves after confirmation only when the grade was sent back", () => {
    const correct = { method: "project", criterion: "project-P1", mark: "notMet", reason: "x" } as const;
    sat().when("mark.correct", correct).refusedWith("NOT_CONFIRMED_YET");
    waiting.when("mark.correct", correct).refusedWith("NOT_SENT_BACK");
    sat().confirmedGrade("project").when("mark.correct", correct).refusedWith("NOT_SENT_BACK");
    const back = waiting.do("moderation.sendBack", { method: "project", reason: "x" });
    back.when("mark.correct", { ...correct, criterion: "project-P99" }).refusedWith("NO_SUCH_CRITERION");
    back.when("mark.correct", { ...correct, mark: "met" }).refusedWith("MARK_UNCHANGED");
    back.when("mark.correct", { ...correct, method: "essay" }).refusedWith("NO_SUCH_METHOD");
    back.when("mark.correct", correct).accepted();
  });
});
