import type { Grade } from "../../src/rules/pack";
import { type Grades, gq, journey, people, spare, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

const all: Grade[] = ["fail", "pass", "distinction"];
const release = {};

describe("releasing results (R24, R26, R27)", () => {
  it.each([gq, tquk])(
    "only once every method is complete; any may be assessed before another's result: $id",
    (pack) => {
      let j = journey(pack).upTo("handedIn");
      const left = pack.methods.map((m) => m.id);
      for (const m of j.pack.methods
        .slice()
        .sort((a, b) =>
          (j.attempt(a.id).session.booking?.at ?? "") < (j.attempt(b.id).session.booking?.at ?? "") ? -1 : 1,
        )) {
        const problem = j.when("results.release", release).refusedWith("METHODS_NOT_COMPLETE", { methods: left });
        expect(problem).toMatchObject({ rule: "R27", source: pack.rules.resultsNotice.source });
        expect(problem.remedy).toBeUndefined();
        j = j.sat(m.id).confirmedGrade(m.id);
        left.splice(left.indexOf(m.id), 1);
      }
      j.when("results.release", release).events(["ResultsReleased", { n: 1, overall: "pass" }]);
    },
  );

  it("not while a grade waits for IQA or was sent back", () => {
    const j = journey(gq)
      .upTo("held")
      .sampling(1)
      .confirmedGrade("project")
      .sampling(0)
      .confirmedGrade("observation")
      .confirmedGrade("discussion");
    j.when("results.release", release).refusedWith("METHODS_NOT_COMPLETE", { methods: ["project"] });
    const back = j.do("moderation.sendBack", { method: "project", reason: "x" });
    back.when("results.release", release).refusedWith("METHODS_NOT_COMPLETE", { methods: ["project"] });
    j.do("moderation.uphold", { method: "project" }).when("results.release", release).accepted();
  });

  it.each(
    [gq, tquk].flatMap((pack) =>
      all.flatMap((a) => all.flatMap((b) => all.map((c) => [pack.body.short, a, b, c, pack] as const))),
    ),
  )("%s: observation %s, project %s, discussion %s", (_body, observation, project, discussion, pack) => {
    const grades: Grades = { observation, project, discussion };
    const overall = Object.values(grades).includes("fail")
      ? "fail"
      : Object.values(grades).every((g) => g === "distinction")
        ? "distinction"
        : "pass";
    const j = journey(pack).upTo("released", { grades });
    expect(j.case.releases).toMatchObject([{ grades, overall, uncapped: overall, capped: false }]);
  });

  it("an invented pack combines two methods", () => {
    for (const showing of all)
      for (const talk of all) {
        const overall = [showing, talk].includes("fail")
          ? "fail"
          : showing === "distinction" && talk === "distinction"
            ? "distinction"
            : "pass";
        expect(journey(thirdPack).upTo("released", { grades: { showing, talk } }).case.releases[0]?.overall).toBe(
          overall,
        );
      }
  });

  it("never by who graded; once; and only in the assessment", () => {
    const graded = journey(gq).upTo("graded");
    graded
      .when("results.release", release, { by: { person: people.assessor, role: "coordinator" } })
      .refusedWith("GRADED_HERE");
    graded.when("results.release", release, { by: { person: spare.coordinator, role: "coordinator" } }).accepted();
    const out = graded.do("results.release", { feedback: "Well done" });
    expect(out.case.releases).toMatchObject([
      { attempts: { observation: 1, project: 1, discussion: 1 }, feedback: { text: "Well done" } },
    ]);
    out.inDays(1).when("results.release", release).already({ at: out.now });
    journey(gq)
      .upTo("planningScheduled")
      .when("results.release", release)
      .refusedWith("NOT_IN_ASSESSMENT", { stage: "planning" });
  });
});

describe("withholding a result", () => {
  it("holds it back, with the reason, until it is resumed", () => {
    const held = journey(gq)
      .upTo("graded")
      .when("results.withhold", { reason: "A complaint is looked into" })
      .events("ResultsWithheld");
    held.when("results.release", release).refusedWith("RESULT_WITHHELD");
    held.inDays(1).when("results.withhold", { reason: "x" }).already({ at: held.now });
    const resumed = held.do("results.resume", { reason: "Nothing in it" });
    expect(resumed.case.withheld).toBeUndefined();
    resumed.when("results.release", release).accepted();
    resumed.when("results.resume", { reason: "x" }).refusedWith("NOT_WITHHELD");
  });

  it("is for a result still to come", () => {
    journey(gq)
      .upTo("released")
      .when("results.withhold", { reason: "x" })
      .refusedWith("RESULT_IS_OUT", { stage: "released" });
    journey(gq)
      .upTo("confirmed")
      .when("results.withhold", { reason: "x" })
      .refusedWith("NOT_IN_ASSESSMENT", { stage: "gateway" });
  });
});

describe("the cap after a resit (R31)", () => {
  const distinction = { observation: "distinction", discussion: "distinction" } as const;
  const resat = (pack: typeof gq) =>
    journey(pack)
      .upTo("released", { grades: { ...distinction, project: "fail" } })
      .reopened("resit", ["project"])
      .inDays(1)
      .upTo("held", { grades: { project: "distinction" } })
      .upTo("graded");

  it.each([gq, tquk])("a pass at most, however good: $id", (pack) => {
    const j = resat(pack).released();
    expect(j.case.releases.at(-1)).toMatchObject({
      n: 2,
      overall: "pass",
      uncapped: "distinction",
      capped: true,
      grades: { project: "distinction" },
    });
  });

  it("lifted by a coordinator for exceptional circumstances, with the reason", () => {
    const lifted = resat(gq).when("cap.lift", { reason: "Evacuated during the first interview" }).events("CapLifted");
    lifted.inDays(1).when("cap.lift", { reason: "x" }).already({ at: lifted.now });
    expect(lifted.released().case.releases.at(-1)).toMatchObject({ overall: "distinction", capped: false });
  });

  it("released again, a repeat tells of the latest", () => {
    const j = resat(gq).released();
    j.inDays(1).when("results.release", release).already({ at: j.now });
  });

  it("stands again for the next resit", () => {
    const failedAgain = journey(gq)
      .upTo("released", { grades: { ...distinction, project: "fail" } })
      .reopened("resit", ["project"])
      .do("cap.lift", { reason: "Evacuated" })
      .inDays(1)
      .upTo("released", { grades: { project: "fail" } });
    const third = failedAgain
      .reopened("resit", ["project"])
      .inDays(1)
      .upTo("released", { grades: { project: "distinction" } });
    expect(third.case.releases.at(-1)).toMatchObject({ n: 3, overall: "pass", capped: true });
  });

  it("is there to lift only after a resit, before the result, and where the pack caps", () => {
    journey(gq).upTo("graded").when("cap.lift", { reason: "x" }).refusedWith("NO_CAP");
    resat(gq).released().when("cap.lift", { reason: "x" }).refusedWith("RESULT_IS_OUT");
    journey(gq).upTo("confirmed").when("cap.lift", { reason: "x" }).refusedWith("NOT_IN_ASSESSMENT");
    const grades = { showing: "distinction", talk: "fail" } as const;
    const third = journey(thirdPack)
      .upTo("released", { grades })
      .reopened("resit", ["talk"])
      .inDays(1)
      .upTo("graded", { grades: { talk: "distinction" } });
    third.when("cap.lift", { reason: "x" }).refusedWith("NO_CAP");
    expect(third.released().case.releases.at(-1)).toMatchObject({ overall: "distinction", capped: false });
  });

  it("stands where the pack lets nobody lift it", () => {
    const strict = { ...tquk, rules: { ...tquk.rules, cap: { ...tquk.rules.cap, override: false } } };
    expect(resat(strict).when("cap.lift", { reason: "x" }).refusedWith("CAP_STANDS")).toMatchObject({ rule: "R31" });
  });
});
