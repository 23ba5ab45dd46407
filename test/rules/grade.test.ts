import fc from "fast-check";
import { contradictions, type Mark, markKeys, methodGrade, overallGrade } from "../../src/rules/grade";
import { type Grade, type Method, methodOf, type Pack } from "../../src/rules/pack";
import { published, readPacks } from "../../src/rules/packs";
import { thirdPack } from "../support/thirdPack";

const packs: Pack[] = [...readPacks(published).values(), thirdPack];
const methods = packs.flatMap((pack) => pack.methods.map((method) => ({ pack: pack.id, id: method.id, method })));
const method = (packId: string, methodId: string) => methodOf(packs.find((p) => p.id === packId) as Pack, methodId);
const gq = (id: string) => method("gateway-qualifications-st0071-v1.1", id);
const tquk = (id: string) => method("tquk-st0071-v1.1", id);

/** Every key with one mark, some with another. */
const marked = (of: Method, mark: Mark, but: Record<string, Mark> = {}): Record<string, Mark> => ({
  ...Object.fromEntries(markKeys(of).map((k) => [k.key, mark])),
  ...but,
});
const keys = (parts: { key: string }[]) => parts.map((p) => p.key);
const level = (of: Method, which: "pass" | "distinction") => {
  const ids = of.criteria[which].map((c) => c.id);
  return keys(markKeys(of).filter((k) => ids.includes(k.criterion)));
};

describe.each(methods)("the grade of $id under $pack", ({ method }) => {
  it("given all met, then distinction, and nothing is missing", () => {
    const met = methodGrade(method, marked(method, "met"));
    expect(met).toEqual({
      grade: "distinction",
      missingForPass: [],
      missingForDistinction: [],
      unmarked: [],
      complete: true,
    });
  });

  it("given one pass criterion or part not met, or not marked, then fail, naming it", () => {
    for (const key of level(method, "pass"))
      for (const mark of ["notMet", "notYet"] as const) {
        const made = methodGrade(method, marked(method, "met", { [key]: mark }));
        expect([made.grade, keys(made.missingForPass), made.missingForDistinction]).toEqual(["fail", [key], []]);
        expect(made.complete).toBe(mark === "notMet");
      }
  });

  it("given one distinction criterion or part not met, or not marked, then pass, naming it", () => {
    for (const key of level(method, "distinction"))
      for (const mark of ["notMet", "notYet"] as const) {
        const made = methodGrade(method, marked(method, "met", { [key]: mark }));
        expect([made.grade, made.missingForPass, keys(made.missingForDistinction)]).toEqual(["pass", [], [key]]);
        expect(keys(made.unmarked)).toEqual(mark === "notYet" ? [key] : []);
      }
  });

  it("given nothing marked, then fail, incomplete, and everything is missing", () => {
    const made = methodGrade(method, {});
    expect([made.grade, made.complete]).toEqual(["fail", false]);
    expect(keys([...made.missingForPass, ...made.missingForDistinction])).toEqual(keys(markKeys(method)));
    expect(made.unmarked).toEqual(markKeys(method));
  });

  it("whatever the marks: a better mark never makes a worse grade, and a grade agrees with what is missing", () => {
    const rank = { fail: 0, pass: 1, distinction: 2 };
    const all = keys(markKeys(method));
    const someMarks = fc.record(
      Object.fromEntries(all.map((k) => [k, fc.constantFrom<Mark>("met", "met", "met", "notMet", "notYet")])),
    );
    fc.assert(
      fc.property(someMarks, fc.constantFrom(...all), (marks, key) => {
        const before = methodGrade(method, marks);
        const after = methodGrade(method, { ...marks, [key]: "met" });
        expect(rank[after.grade]).toBeGreaterThanOrEqual(rank[before.grade]);
        expect(before.grade === "fail").toBe(before.missingForPass.length > 0);
        expect(before.grade === "distinction").toBe(
          before.missingForPass.length === 0 && before.missingForDistinction.length === 0,
        );
        expect(before.complete).toBe(before.unmarked.length === 0);
      }),
    );
  });
});

describe("criteria with parts", () => {
  it.each([
    ["sharing knowledge, GQ", gq("discussion"), "discussion-D1"],
    ["sharing knowledge, TQUK", tquk("discussion"), "discussion-D3"],
    ["knowing the customer, TQUK", tquk("project"), "project-D5"],
  ])("%s: a and b must both be met", (_, of, id) => {
    expect(keys(markKeys(of)).filter((k) => k.startsWith(id))).toEqual([`${id}.a`, `${id}.b`]);
    expect(methodGrade(of, marked(of, "met", { [`${id}.b`]: "notMet" })).grade).toBe("pass");
    expect(methodGrade(of, marked(of, "met", { [`${id}.a`]: "notMet" })).grade).toBe("pass");
    expect(methodGrade(of, marked(of, "met")).grade).toBe("distinction");
  });

  it("a mark for the whole criterion does not stand in for its parts", () => {
    const of = gq("discussion");
    const marks = marked(of, "met", {
      "discussion-D1.a": "notYet",
      "discussion-D1.b": "notYet",
      "discussion-D1": "met",
    });
    expect(keys(methodGrade(of, marks).missingForDistinction)).toEqual(["discussion-D1.a", "discussion-D1.b"]);
  });

  it.each([
    [gq("observation"), 22],
    [gq("project"), 17],
    [gq("discussion"), 16],
    [tquk("observation"), 22],
    [tquk("project"), 26],
    [tquk("discussion"), 16],
  ])("there is as much to mark as criteria and parts (%#)", (of, count) => {
    expect(markKeys(of)).toHaveLength(count);
  });

  it("marks inherited from an object's prototype count for nothing", () => {
    const of = gq("project");
    expect(methodGrade(of, Object.create(marked(of, "met"))).grade).toBe("fail");
  });
});

describe("fail descriptors inform", () => {
  const of = gq("project");
  const pass = marked(of, "met", { "project-D1": "notMet" });
  const fail = marked(of, "met", { "project-P3": "notMet" });

  it("given one ticked while the marks make a pass, then a contradiction, and the grade stands", () => {
    expect(contradictions(of, pass, ["project-F2"])).toEqual([
      { code: "failTickedYetPassed", grade: "pass", descriptors: ["project-F2"] },
    ]);
    expect(methodGrade(of, pass).grade).toBe("pass");
  });

  it("given one ticked while the marks make a distinction, then a contradiction", () => {
    expect(contradictions(of, marked(of, "met"), ["project-F1"])).toEqual([
      { code: "failTickedYetPassed", grade: "distinction", descriptors: ["project-F1"] },
    ]);
  });

  it("given a fail with none ticked, then a contradiction naming those there are", () => {
    expect(contradictions(of, fail, [])).toEqual([
      { code: "failedYetNoneTicked", grade: "fail", descriptors: ["project-F1", "project-F2", "project-F3"] },
    ]);
  });

  it.each([
    ["a fail with one ticked", fail, ["project-F2"]],
    ["a pass with none ticked", pass, []],
    ["marks still to come", {}, []],
    ["a descriptor of no such method", pass, ["discussion-F1"]],
  ])("given %s, then none", (_, marks, ticked) => {
    expect(contradictions(of, marks, ticked)).toEqual([]);
  });

  it("given a method without fail descriptors, then none", () => {
    expect(contradictions(tquk("project"), marked(tquk("project"), "notMet"), ["project-F1"])).toEqual([]);
  });
});

describe("the overall grade", () => {
  const grades: Grade[] = ["fail", "pass", "distinction"];
  const all = grades.flatMap((o) => grades.flatMap((p) => grades.map((d) => [o, p, d] as const)));
  // The documents' tables: a fail anywhere fails; distinction is all three; the other seven pass.
  const table: Record<string, Grade> = {
    "pass pass pass": "pass",
    "pass pass distinction": "pass",
    "pass distinction pass": "pass",
    "distinction pass pass": "pass",
    "pass distinction distinction": "pass",
    "distinction pass distinction": "pass",
    "distinction distinction pass": "pass",
    "distinction distinction distinction": "distinction",
  };

  it("knows all 27 combinations", () => expect(all).toHaveLength(27));

  it.each(all)("%s, %s, %s", (observation, project, discussion) => {
    const expected = table[`${observation} ${project} ${discussion}`] ?? "fail";
    const three = { observation, project, discussion };
    expect(overallGrade(three, { capped: false, atMost: "pass" })).toEqual({
      grade: expected,
      uncapped: expected,
      capped: false,
    });
    expect(overallGrade(three, { capped: true, atMost: "pass" })).toEqual({
      grade: expected === "distinction" ? "pass" : expected,
      uncapped: expected,
      capped: expected === "distinction",
    });
    expect(overallGrade(three, { capped: true, atMost: "distinction" }).grade).toBe(expected);
  });

  it("combines as many methods as there are", () => {
    expect(overallGrade({ showing: "distinction", talk: "distinction" }, { capped: false, atMost: "pass" }).grade).toBe(
      "distinction",
    );
    expect(overallGrade({ showing: "pass", talk: "distinction" }, { capped: false, atMost: "pass" }).grade).toBe(
      "pass",
    );
  });

  it("refuses to combine nothing", () => {
    expect(() => overallGrade({}, { capped: false, atMost: "pass" })).toThrow();
  });
});
