import { decide } from "../../src/case/decider";
import { closedOn } from "../../src/case/retention";
import { indexOf, keptOf } from "../../src/caseIndex";
import { noticesOf } from "../../src/notices";
import { can } from "../../src/permissions";
import type { Recorded } from "../../src/ports";
import { historyView } from "../../src/record";
import { caseView } from "../../src/views";
import { actorOf, bookingOn, gq, type Journey, journey, people, replay, spare, tquk } from "../support/case";
import { eventsOf } from "../wording/lives";

const withdrawn = journey(gq).upTo("staffed").do("case.withdraw", { reason: "Left the firm" });
const released = journey(gq).upTo("released");
const { ref } = withdrawn.case;
const coordinator = (j: Journey) => actorOf(j.pack, people.coordinator, "coordinator");

describe("when a case is closed", () => {
  it("given it was withdrawn, then from that day", () => {
    expect(closedOn(withdrawn.case, gq)).toBe(withdrawn.today);
  });

  it("given its result is out, then from that day; after a fail, from the last day for a resit", () => {
    expect(closedOn(released.case, gq)).toBe(released.today);
    const failed = journey(tquk).upTo("released", { grades: { discussion: "fail" } });
    expect(closedOn(failed.case, tquk)).toBe(failed.inMonths(tquk.rules.resitLimit.months).today);
  });

  it("given an appeal, then not while it is to be decided, and from its decision afterwards", () => {
    const appealed = released.do("appeal.raise", { grounds: "D1 was met" });
    expect(closedOn(appealed.case, gq)).toBeUndefined();
    const decided = appealed
      .inDays(9)
      .do(
        "appeal.decide",
        { id: appealed.case.challenges[0]?.id ?? "", upheld: false, answer: "It was not" },
        { by: { person: spare.iqa, role: "iqa" } },
      );
    expect(closedOn(decided.case, gq)).toBe(decided.today);
  });

  it("given anything before, then it is not", () => {
    for (const at of ["registered", "planningFinished", "graded"] as const)
      expect(closedOn(journey(gq).upTo(at).case, gq)).toBeUndefined();
  });

  it("then the body's list of closed cases has it by that day, and nobody's list of what is due", () => {
    const { due, closed } = indexOf(withdrawn.case, gq);
    expect(closed).toBe(true);
    expect(due).toEqual([expect.objectContaining({ who: keptOf(gq.body.id), day: withdrawn.today, own: true })]);
    expect(indexOf(journey(gq).upTo("booked").case, gq).due.map((d) => d.who)).not.toContain(keptOf(gq.body.id));
  });
});

describe("erasing a case", () => {
  it("given it was kept for the body's months, then a coordinator may, with its reference typed", () => {
    const j = withdrawn.inMonths(72);
    j.when("case.erase", { ref: ` ${ref.toLowerCase()} ` }).events([
      "CaseErased",
      { closed: withdrawn.today, months: 72 },
    ]);
    released.inMonths(72).when("case.erase", { ref: released.case.ref }).accepted();
  });

  it("given a day less, then it says from when", () => {
    const until = withdrawn.inMonths(72).today;
    withdrawn.inMonths(72).inDays(-1).when("case.erase", { ref }).refusedWith("KEPT_UNTIL", { until, months: 72 });
  });

  it("given another reference was typed, then nothing is done", () => {
    withdrawn.inMonths(72).when("case.erase", { ref: "EX-2026-9999" }).refusedWith("REF_NOT_TYPED", { ref });
  });

  it("given it is not closed, then nothing is done, however old it is", () => {
    journey(gq).upTo("booked").inMonths(100).when("case.erase", { ref }).refusedWith("CASE_NOT_CLOSED");
  });

  it("given its button, then it is drawn once the shortest term has passed, and not again afterwards", () => {
    const offered = (j: Journey) => caseView(j.case, coordinator(j), gq, j.now)?.may.map((m) => m.type);
    expect(offered(withdrawn.inMonths(12).inDays(-1))).toEqual([]);
    expect(offered(withdrawn.inMonths(12))).toEqual(["case.erase"]);
    expect(offered(released.inMonths(12))).toContain("case.erase");
    expect(offered(withdrawn.inMonths(72).do("case.erase", { ref }))).toEqual([]);
  });
});

describe.each([
  ["withdrawn", withdrawn],
  ["released", released],
])("an erased case that was %s", (_, before) => {
  const erased = before.inMonths(72).do("case.erase", { ref: before.case.ref });

  it("then nothing of its people is left in it, nor of anything written", () => {
    const text = JSON.stringify(erased.case);
    for (const role of ["apprentice", "employer", "provider", "assessor", "iqa"] as const)
      expect(text).not.toContain(people[role]);
    expect(text).not.toMatch(/Fictional|Left|"text"|grade/i);
    expect(erased.case).toMatchObject({ stage: "erased", ref: before.case.ref, erased: { at: erased.now } });
  });

  it("then replaying its events gives it, and folding it again changes nothing", () => {
    expect(replay(erased.log)).toEqual(erased.case);
  });

  it("then every command is refused, and erasing it again says that it stands", () => {
    erased.when("case.withdraw", { reason: "x" }).refusedWith("CASE_ERASED");
    erased.when("resit.agree", { kind: "resit" }).refusedWith("CASE_ERASED");
    erased.when("case.erase", { ref: "anything" }).already({ at: erased.now });
  });

  it("then its people see no such case, nor do staff who assessed it; the body's coordinators and auditors see a tombstone", () => {
    for (const person of [people.apprentice, people.employer, people.provider])
      expect(caseView(erased.case, { person, staff: null }, gq, erased.now)).toBeUndefined();
    expect(caseView(erased.case, actorOf(gq, people.assessor, "assessor"), gq, erased.now)).toBeUndefined();
    for (const role of ["coordinator", "auditor"] as const) {
      const view = caseView(erased.case, actorOf(gq, people[role], role), gq, erased.now);
      expect(view).toMatchObject({ stage: "erased", people: {}, assessments: [], evidence: [], may: [], due: [] });
    }
    expect(can(coordinator(erased), "case.correct", erased.case)).toEqual({ role: "coordinator" });
  });

  it("then of its history only that it was erased is to be read", () => {
    const events = erased.log as unknown as Recorded[];
    expect(historyView(erased.case, events, coordinator(erased), gq)?.map((e) => e.type)).toEqual(["CaseErased"]);
  });

  it("then it is in no person's list, nothing is due of it, and its one notice takes away what is left", () => {
    expect(indexOf(erased.case, gq)).toMatchObject({ closed: true, people: [], due: [], ref: before.case.ref });
    const last = erased.log.at(-1) as unknown as Recorded;
    expect(noticesOf(before.case, erased.case, [last], gq)).toEqual([
      expect.objectContaining({ kind: "erase", to: "store", dueAt: erased.now, repeat: "repeat" }),
    ]);
  });
});

test("given the body keeps its cases for another term, then that one counts", () => {
  const at = (j: Journey) => ({ ...j.context("case.erase"), settings: { ...j.settings, retentionMonths: 24 } });
  const decided = (j: Journey) => decide({ type: "case.erase", data: { ref } }, j.case, at(j));
  expect(decided(withdrawn.inMonths(24))).toMatchObject({ events: [{ data: { months: 24 } }] });
  expect(decided(withdrawn.inMonths(23))).toMatchObject({ refused: [{ code: "KEPT_UNTIL", facts: { months: 24 } }] });
});

/** Texts of more than one word that stand in an event otherwise than as free text, which is what can be erased. */
function openly(thing: unknown): string[] {
  if (typeof thing === "string") return /\s/.test(thing) || thing.includes("://") ? [thing] : [];
  if (typeof thing !== "object" || thing === null || ("text" in thing && Object.keys(thing).length === 1)) return [];
  return Object.values(thing).flatMap((value) => openly(value));
}

test.each([gq, tquk])("whatever anybody writes stands in an event as words that can be erased: $id", (pack) => {
  const linked = journey(pack)
    .upTo("proposalAccepted")
    .do("session.move", {
      ...bookingOn(pack, pack.methods[0]?.id ?? "", "2026-04-09"),
      reason: "Ill",
      link: "https://example.org/m",
    });
  const events = [...eventsOf(pack).map(({ e }) => e), ...linked.log];
  expect(events.flatMap((e) => openly([e.data, e.by, e.lifted?.map((l) => l.reason)]))).toEqual([]);
});
