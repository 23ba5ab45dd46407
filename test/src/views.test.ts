import { type Case, wordsOf } from "../../src/case/case";
import { type Actor, permitted } from "../../src/permissions";
import { historyView, toldView } from "../../src/record";
import type { Pack } from "../../src/rules/pack";
import { caseView, gradingView, handInView } from "../../src/views";
import { toldTogether } from "../../src/wording/told";
import { wordsFor } from "../../src/wording/words";
import { actorOf, gq, type Journey, journey, methodWith, people, spare, tquk } from "../support/case";

const view = (j: Journey, actor: Actor) => {
  const v = caseView(j.case, actor, j.pack, j.now);
  if (!v) throw new Error("Sees nothing");
  return v;
};
const as = (j: Journey, role: keyof typeof people) => actorOf(j.pack, people[role], role);

/** Handed over to an assessor and an IQA who have declared nothing yet. */
const handedOver = (j: Journey): Journey =>
  j
    .do("staff.allocate", { role: "assessor", person: spare.assessor, reason: "Away" })
    .do("staff.allocate", { role: "iqa", person: spare.iqa, reason: "Away" });

describe.each([gq, tquk])("before assessor and IQA have declared, under $id", (pack) => {
  const failing = { [pack.methods[0]?.id ?? ""]: "fail" as const };
  const actors = [actorOf(pack, spare.assessor, "assessor"), actorOf(pack, spare.iqa, "iqa")];

  test.each(actors)("the assessment is closed to $person: no grades, no hand-ins, no result", (actor) => {
    const graded = handedOver(journey(pack).upTo("graded", { grades: failing }));
    const seen = view(graded, actor);
    expect(seen.blind).toBe(true);
    for (const a of seen.assessments) {
      expect(a.grade).toBeUndefined();
      expect(a.state).toBe("done");
      expect(a.handIn?.handedIn).toBeUndefined();
      expect(a.handIn?.words).toBeUndefined();
      expect(a.handIn?.pieces).toBeUndefined();
    }
    for (const m of pack.methods) {
      expect(handInView(graded.case, actor, pack, m.id)).toBeUndefined();
      expect(gradingView(graded.case, actor, pack, m.id, graded.now)).toBeUndefined();
    }
    expect(historyView(graded.case, graded.log, actor, pack)).toBeUndefined();
    const released = view(handedOver(journey(pack).upTo("released", { grades: failing })), actor);
    expect(released.result).toBeUndefined();
    expect(JSON.stringify(released)).not.toMatch(/agreeResit|Well prepared/);
  });

  test("once declared it is open", () => {
    const j = handedOver(journey(pack).upTo("graded"))
      .do("interest.declare", { conflict: false }, { by: "assessor" })
      .do("interest.declare", { conflict: false }, { by: "iqa" });
    for (const actor of actors) {
      const seen = view(j, actor);
      expect(seen.blind).toBe(false);
      expect(seen.assessments.map((a) => a.grade)).toEqual(pack.methods.map(() => "pass"));
    }
  });
});

describe("words about health", () => {
  const need = "Dyslexia, diagnosed at school";
  const because = "The report of a psychologist";
  const what = "Migraine on the day";
  const asked = (pack: Pack) =>
    journey(pack).upTo("staffed").do(
      "adjustment.request",
      {
        kind: "extraTime",
        need,
        normalWay: true,
        apprenticeInvolved: true,
        extraTimePercent: 25,
        methods: [],
      },
      { onBehalfOf: "apprentice" },
    );
  const decide = (j: Journey, granted: boolean) =>
    j.do("adjustment.decide", { id: j.case.adjustments[0]?.id ?? "", granted, reason: because });
  const all = decide(asked(tquk), true).do("consideration.request", {
    method: tquk.methods[0]?.id ?? "",
    what,
    rescheduleTried: true,
  });

  test("a coordinator reads them in the record", () => {
    const record = JSON.stringify(historyView(all.case, all.log, as(all, "coordinator"), tquk));
    for (const w of [need, because, what]) expect(record).toContain(w);
  });

  test.each(["auditor", "iqa", "assessor"] as const)("the %s reads the record without them", (role) => {
    const entries = historyView(all.case, all.log, as(all, role), tquk) ?? [];
    const record = JSON.stringify(entries);
    for (const w of [need, because, what, "Letter of the same day"]) expect(record).not.toContain(w);
    expect(entries.map((e) => e.type)).toContain("AdjustmentDecided");
    expect(entries.map((e) => e.type).includes("AdjustmentRequested")).toBe(role !== "assessor");
  });

  test.each(["apprentice", "employer", "provider"] as const)("the record is not for the %s", (role) => {
    expect(historyView(all.case, all.log, as(all, role), tquk)).toBeUndefined();
  });

  const words = wordsFor(tquk, () => undefined);
  const told = (j: Journey, actor: Actor) => {
    const heard = toldView(j.case, j.log.slice(-1), actor, tquk);
    return heard && toldTogether(heard.events, heard.role, words, j.case, actor.person);
  };

  test("the assessor is told how much time was granted, not why; and nothing where nothing was granted", () => {
    const granted = decide(asked(tquk), true);
    expect(JSON.stringify(told(granted, as(granted, "assessor")))).toContain("25%");
    expect(JSON.stringify(told(granted, as(granted, "assessor")))).not.toContain(because);
    expect(JSON.stringify(told(granted, as(granted, "apprentice")))).toContain(because);
    const refused = decide(asked(tquk), false);
    expect(told(refused, as(refused, "assessor"))).toBeNull();
  });

  test("why a rule about adjustments was lifted beforehand is not the assessor's to know", () => {
    const lifted = journey(gq).upTo("gatewayAccepted").do("rule.lift", { rule: "R32", reason: because });
    const heard = (role: "assessor" | "coordinator") =>
      JSON.stringify(toldView(lifted.case, lifted.log.slice(-1), as(lifted, role), gq));
    expect(heard("coordinator")).toContain(because);
    expect(heard("assessor")).toContain("RuleLifted");
    expect(heard("assessor")).not.toContain(because);
    const read = JSON.stringify(historyView(lifted.case, lifted.log, as(lifted, "iqa"), gq));
    expect(read).toContain("RuleLifted");
    expect(read).not.toContain(because);
  });

  test("which exceptions fit is not the assessor's to know, and why they were wrong the coordinator's alone", () => {
    const j = journey(gq)
      .upTo("gatewayAccepted")
      .do("exceptions.correct", { exceptions: ["plan"], reason: because });
    const seen = (role: "assessor" | "iqa" | "coordinator") =>
      caseView(j.case, as(j, role), gq, j.now)?.englishMathsExceptions;
    expect([seen("coordinator"), seen("assessor"), seen("iqa")]).toEqual([["plan"], undefined, undefined]);
    expect(JSON.stringify(historyView(j.case, j.log, as(j, "assessor"), gq))).not.toContain("ExceptionsCorrected");
    expect(JSON.stringify(historyView(j.case, j.log, as(j, "iqa"), gq))).not.toContain(because);
    expect(JSON.stringify(historyView(j.case, j.log, as(j, "coordinator"), gq))).toContain(because);
  });

  test("an assessor who has not declared is told only of their own part", () => {
    const undeclared = asked(tquk).do("staff.allocate", {
      role: "assessor",
      person: spare.assessor,
      reason: "Away",
    });
    const una = actorOf(tquk, spare.assessor, "assessor");
    expect(told(undeclared, una)?.title).toMatch(/^You assess/);
    expect(told(decide(undeclared, true), una)).toBeNull();
  });
});

describe("people who left", () => {
  const j = journey(tquk).upTo("staffed").do("staff.allocate", {
    role: "assessor",
    person: spare.assessor,
    reason: "Away",
  });
  const dev = actorOf(tquk, people.assessor, "assessor");

  test("somebody just taken off the case hears just that", () => {
    expect(toldView(j.case, j.log.slice(-1), dev, tquk)?.events.map((e) => e.type)).toEqual(["StaffAllocated"]);
    const later = j.upTo("gatewayAccepted");
    expect(toldView(later.case, later.log.slice(-1), dev, tquk)?.events).toEqual([]);
  });

  test("who is no longer on the body's list hears nothing, on the case or not", () => {
    expect(toldView(j.case, j.log.slice(-1), { person: people.assessor, staff: null }, tquk)).toBeUndefined();
    expect(toldView(j.case, j.log.slice(-1), { person: people.coordinator, staff: null }, tquk)).toBeUndefined();
  });

  test("outside people are in no list and hear what is theirs", () => {
    expect(toldView(j.case, j.log.slice(-1), as(j, "employer"), tquk)?.role).toBe("employer");
  });
});

describe("what was handed in", () => {
  const report = methodWith(tquk, "report");
  const portfolio = methodWith(tquk, "portfolio");
  const j = journey(tquk).upTo("handedIn");

  test.each(["assessor", "iqa", "coordinator", "auditor"] as const)("the %s finds it, whole", (role) => {
    const one = handInView(j.case, as(j, role), tquk, report.id);
    expect(one?.kind).toBe("report");
    const [latest] = one?.versions ?? [];
    expect(wordsOf(latest?.reference)).toBe("report.docx");
    expect(latest?.words).toBeGreaterThan(0);
    expect(latest?.contents.length).toBeGreaterThan(0);
    expect(latest?.contents.every((x) => x.ticked)).toBe(true);
    const [selection] = handInView(j.case, as(j, role), tquk, portfolio.id)?.versions ?? [];
    expect(selection?.mapping).toEqual(portfolio.ksbs.map((k) => ({ ksb: k.id, pieces: [1] })));
  });

  test.each(["apprentice", "employer", "provider"] as const)("not the %s", (role) => {
    expect(handInView(j.case, as(j, role), tquk, report.id)).toBeUndefined();
  });

  test("earlier versions stand behind the latest", () => {
    const again = j.do("report.submit", {
      method: report.id,
      reference: "report-2.docx",
      words: report.handIn?.kind === "report" ? report.handIn.words.target : 0,
      contents: report.handIn?.kind === "report" ? report.handIn.contents.items.map((x) => x.id) : [],
    });
    const one = handInView(again.case, as(again, "assessor"), tquk, report.id);
    expect(one?.versions.map((v) => wordsOf(v.reference))).toEqual(["report-2.docx", "report.docx"]);
  });
});

test("for each outside person who may raise it, a coordinator is offered to record it", () => {
  const released = journey(tquk).upTo("released");
  const whose = (j: Journey, type: string) =>
    permitted(as(j, "coordinator"), j.case, j.pack, j.now)
      .filter((p) => p.type === type && p.onBehalfOf !== undefined)
      .map((p) => p.onBehalfOf);
  const each = ["apprentice", "employer", "provider"];
  expect(new Set(whose(released, "enquiry.raise"))).toEqual(new Set(each));
  expect(new Set(whose(released, "appeal.raise"))).toEqual(new Set(each));
  const planned = journey(tquk).upTo("booked");
  expect(new Set(whose(planned, "adjustment.request"))).toEqual(new Set(each));
  expect(new Set(whose(planned, "consideration.request"))).toEqual(new Set(each));
  expect(whose(journey(tquk).upTo("handedIn"), "proposal.submit").every((r) => r === "apprentice")).toBe(true);
});

describe("who decides an appeal", () => {
  const raised = journey(tquk)
    .upTo("released")
    .do("enquiry.raise", { grounds: "The grade" })
    .do("staff.allocate", { role: "iqa", person: "una-untrue-iqa", reason: "Away" });
  const appeal = (() => {
    const enquiry = raised.case.challenges[0]?.id ?? "";
    return raised
      .do("enquiry.answer", { id: enquiry, answer: "It stands" })
      .do("appeal.raise", { grounds: "It should not" });
  })();
  const method = tquk.methods[0]?.id ?? "";
  const max = actorOf(tquk, spare.iqa, "iqa");

  test("IQA staff who took no part see the marks, the record and the grounds, without declaring", () => {
    const seen = view(appeal, max);
    expect(seen.blind).toBe(false);
    expect(seen.requests.challenges).toHaveLength(1);
    expect(gradingView(appeal.case, max, tquk, method, appeal.now)?.counts.passMet).toBeGreaterThan(0);
    expect(historyView(appeal.case, appeal.log, max, tquk)?.length).toBe(appeal.log.length);
    expect(handInView(appeal.case, max, tquk, methodWith(tquk, "report").id)).toBeDefined();
  });

  test("those who took part, and everyone once it is decided, see nothing of it", () => {
    const ivy = actorOf(tquk, people.iqa, "iqa");
    expect(gradingView(appeal.case, ivy, tquk, method, appeal.now)).toBeUndefined();
    const id = appeal.case.challenges.find((x) => x.kind === "appeal")?.id ?? "";
    const over = appeal.do(
      "appeal.decide",
      { id, upheld: false, answer: "It stands" },
      { by: { person: spare.iqa, role: "iqa" } },
    );
    expect(caseView(over.case as Case, max, tquk, over.now)).toBeUndefined();
  });
});
