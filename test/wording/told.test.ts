import type { OutsideRole } from "../../src/case/case";
import { outsideRoles } from "../../src/case/case";
import type { EventType } from "../../src/case/decider";
import { secretEvents } from "../../src/case/secret";
import type { Grade, Pack } from "../../src/rules/pack";
import { historyEntry, historyLine } from "../../src/wording/history";
import { type Audience, eventTypes, linesOf, type Told, told, toldOf, toldTogether } from "../../src/wording/told";
import { wordsFor } from "../../src/wording/words";
import { gq, type Journey, journey, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";
import { eventsOf } from "./lives";
import { faultsIn, faultsInSentence } from "./sentences";

const packs = [gq, tquk, thirdPack];
const audiences: Audience[] = [
  "apprentice",
  "employer",
  "provider",
  "assessor",
  "coordinator",
  "iqa",
  "auditor",
  "chat",
];
const names: Record<string, string> = {
  "ada-example": "Ada Example",
  "ben-sample": "Ben Sample",
  "cora-placeholder": "Cora Placeholder",
  "dev-fiction": "Dev Fiction",
  "ivy-invented": "Ivy Invented",
  "priya-pretend": "Priya Pretend",
  "una-untrue": "Una Untrue",
  "max-mock": "Max Mock",
};
const wordsOf = (pack: Pack) => wordsFor(pack, (id) => names[id]);

test("between them, the lives hold every event that there is", () => {
  const seen = new Set(packs.flatMap((p) => eventsOf(p).map(({ e }) => e.type)));
  expect(eventTypes.filter((t) => !seen.has(t))).toEqual([]);
});

describe.each(packs)("under $id", (pack) => {
  const all = eventsOf(pack);

  test("every event has its line in the record, in a whole sentence", () => {
    const faults = all.flatMap(({ e }) => {
      const entry = historyEntry(e, wordsOf(pack));
      return [...faultsInSentence(entry.text), ...entry.notes.flatMap(faultsInSentence)].map((f) => `${e.type}: ${f}`);
    });
    expect([...new Set(faults)]).toEqual([]);
  });

  test("who is told of an event is told it in whole sentences, without a grade in the title", () => {
    const faults = all.flatMap(({ j, e }) =>
      audiences.flatMap((to) => {
        const t = told(e, to, wordsOf(pack), j.case);
        if (!t) return [];
        return [
          ...faultsIn(t.title),
          ...(/\b(fail|pass|distinction)\b/i.test(t.title) ? [`a grade: ${t.title}`] : []),
          ...t.lines.flatMap(faultsInSentence),
          ...linesOf(t).flatMap(faultsIn),
        ].map((f) => `${e.type} to ${to}: ${f}`);
      }),
    );
    expect([...new Set(faults)]).toEqual([]);
  });

  test("whoever gets a notice of an event finds words in it, unless it is another's allocation or an unsampled grade", () => {
    const conditional: EventType[] = ["StaffAllocated", "GradeConfirmed"];
    for (const { j, e } of all) {
      const type = e.type as EventType;
      if (conditional.includes(type)) continue;
      for (const to of toldOf(type))
        expect([type, to, told(e, to, wordsOf(pack), j.case)?.title]).toEqual([type, to, expect.any(String)]);
    }
  });
});

test.each(eventTypes)("of %s, outside people and the chat learn only what they may", (type) => {
  const outside = toldOf(type).filter((to) => to === "chat" || (outsideRoles as readonly string[]).includes(to));
  if (secretEvents.has(type)) expect(outside).toEqual([]);
  if (/^(Adjustment|Consideration|Dispensation)/.test(type)) expect(outside).not.toContain("chat");
});

test("nobody is told of anything by an event that this version does not know", () => {
  const { case: c, log } = journey(tquk).upTo("registered");
  const odd = {
    ...log[0],
    type: "SomethingNew",
    data: {},
    at: "2026-05-12T09:00:00Z",
    by: { person: "x", role: "iqa" as const },
  };
  expect(told(odd, "apprentice", wordsOf(tquk), c)).toBeNull();
  expect(faultsInSentence(historyLine(odd, wordsOf(tquk)))).toEqual([]);
});

describe("before release outside people are told the same whatever the grades", () => {
  const heard = (j: Journey, to: OutsideRole | "chat") =>
    j.log.map((e) => told(e, to, wordsOf(j.pack), j.case)).filter((t): t is Told => t !== null);
  test.each(packs.flatMap((p) => [...outsideRoles, "chat" as const].map((to) => [p.id, to, p] as const)))(
    "%s, %s",
    (_id, to, pack) => {
      const graded = (grade: Grade) =>
        journey(pack).upTo("graded", { grades: Object.fromEntries(pack.methods.map((m) => [m.id, grade])) });
      const [fail, best] = [graded("fail"), graded("distinction")];
      expect(heard(fail, to)).toEqual(heard(best, to));
      expect(JSON.stringify(heard(fail, to))).not.toMatch(/\b(grade|mark|fail|distinction|moderat|sampl|withh)/i);
    },
  );
});

describe("examples", () => {
  const w = wordsOf(tquk);
  const j = journey(tquk).upTo("booked");
  const of = (type: EventType, n = 0) => {
    const e = j.log.filter((x) => x.type === type)[n];
    if (!e) throw new Error(`No ${type}`);
    return e;
  };

  test("an accepted proposal, as the record and the apprentice have it", () => {
    expect(historyLine(of("ProposalAccepted"), w)).toBe("Dev Fiction accepted the proposal.");
    expect(told(of("ProposalAccepted"), "apprentice", w, j.case)).toMatchObject({
      title: "Your proposal is accepted",
      lines: ["Dev Fiction accepted it.", expect.stringMatching(/^You may start the report, due by /)],
      private: false,
    });
    expect(told(of("ProposalAccepted"), "employer", w, j.case)).toBeNull();
  });

  test("a booking says when, where and for how long, and to the employer what to arrange", () => {
    const planned = journey(tquk).upTo("proposalAccepted").on("2026-02-20");
    const method = tquk.methods.find((m) => m.session.questionsPart)?.id ?? "";
    const data = { method, at: "2026-04-10T08:30:00Z", setting: "workplace", where: { text: "Returns desk" } };
    const e = {
      type: "SessionBooked",
      data,
      at: planned.now,
      by: { person: "priya-pretend", role: "coordinator" as const },
    };
    const t = told(e, "employer", w, planned.case);
    expect(t?.title).toBe("Observation on Fri 10 Apr 2026");
    expect(t?.facts.map((f) => [f.name, f.value.replaceAll("\u00a0", " ")])).toEqual([
      ["When", "Fri 10 Apr 2026, 09:30, for 54 to 66 minutes, then up to 10 minutes of questions"],
      ["Where", "At the workplace, Returns desk"],
    ]);
    expect(t?.lines).toEqual([
      "Please arrange access and a quiet place for the questions.",
      "If this day cannot work, tell Priya Pretend.",
    ]);
  });

  test("extra time is not told to an employer by the length of a session", () => {
    const need = { kind: "extraTime" as const, need: "x", normalWay: true, apprenticeInvolved: true, methods: [] };
    const asked = journey(tquk)
      .upTo("staffed")
      .do("adjustment.request", { ...need, extraTimePercent: 25 });
    const id = asked.case.adjustments[0]?.id ?? "";
    const with25 = asked.do("adjustment.decide", { id, granted: true, reason: "x" }).upTo("booked");
    const said = (x: Journey) =>
      x.log.filter((e) => e.type === "PlanningFinished").map((e) => told(e, "employer", w, x.case)?.facts);
    expect(said(with25)).toEqual(said(j));
    expect(
      told(with25.log.filter((e) => e.type === "AdjustmentDecided")[0] as never, "chat", w, with25.case),
    ).toBeNull();
  });

  test("someone's own decision, recorded by a coordinator, is shown as such", () => {
    const on = journey(tquk)
      .upTo("evidenceSubmitted")
      .do("gateway.confirm", {}, { onBehalfOf: "provider", channel: "phone" });
    expect(historyLine(on.log.at(-1) as never, w)).toBe(
      "Cora Placeholder confirmed the gateway (by phone, recorded by Priya Pretend).",
    );
  });

  test("events of one command make one message", () => {
    const at = j.log.filter((e) => e.type === "EvidenceSubmitted" || e.type === "ProposalSubmitted").slice(-2);
    const t = toldTogether(at, "coordinator", w, j.case);
    expect(t?.title).toBe("Gateway evidence came in");
    expect(toldTogether(at, "iqa", w, j.case)).toBeNull();
    expect(toldTogether([], "coordinator", w, j.case)).toBeNull();
  });
});
