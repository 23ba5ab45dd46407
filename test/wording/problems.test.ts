import fc from "fast-check";
import type { Case, Problem } from "../../src/case/case";
import { type CommandType, commandTypes, payloads } from "../../src/case/decider";
import { type ProblemCode, problemCodes } from "../../src/case/problems";
import { addDays } from "../../src/rules/calendar";
import type { Pack } from "../../src/rules/pack";
import { NBSP } from "../../src/wording/format";
import { clauseLine, sayings, tell } from "../../src/wording/problems";
import { wordsFor } from "../../src/wording/words";
import {
  bookingOn,
  days,
  goodEvidence,
  goodPlan,
  goodProposal,
  goodReport,
  gq,
  type Journey,
  journey,
  type Milestone,
  milestones,
  people,
  spare,
  tquk,
  words,
} from "../support/case";
import { thirdPack } from "../support/thirdPack";
import { factsOf } from "./facts";
import { faultsIn, faultsInSentence } from "./sentences";

const packs = [gq, tquk, thirdPack];
const names: Record<string, string> = { "dev-fiction": "Dev Fiction", "ivy-invented": "Ivy Invented" };
const wordsOf = (pack: Pack) => wordsFor(pack, (id) => names[id]);

function faultsOf(problem: Problem, pack: Pack): string[] {
  const told = tell(problem, pack, wordsOf(pack), { mayLift: true });
  const line = clauseLine(told);
  return [
    ...faultsIn(told.short),
    ...(/^[\p{Lu}]|[.]$/u.test(told.short) ? [`a label's end is no sentence: ${told.short}`] : []),
    ...faultsInSentence(told.fact),
    ...faultsInSentence(told.lawful),
    ...(line === null ? [] : faultsInSentence(line)),
  ].map((fault) => `${problem.code}: ${fault}`);
}

test("each code is worded by one stage only", () => {
  const all = sayings.flatMap((s) => Object.keys(s));
  expect([...all].sort()).toEqual([...new Set(all)].sort());
  expect([...all].sort()).toEqual([...problemCodes].sort());
});

describe.each(packs)("under $id", (pack) => {
  test.each(problemCodes)("%s is told in whole sentences, with its facts and without", (code) => {
    const source = pack.rules.epaWindow.source;
    expect(faultsOf({ code, facts: factsOf[code], rule: "R06", source, remedy: "override" }, pack)).toEqual([]);
    expect(faultsOf({ code, facts: {} }, pack)).toEqual([]);
    expect(faultsOf({ code, facts: factsOf[code], input: "date" }, pack)).toEqual([]);
    for (const one of Object.keys(factsOf[code])) {
      const { [one]: _left, ...rest } = factsOf[code];
      expect(faultsOf({ code, facts: rest }, pack)).toEqual([]);
    }
  });

  test("facts of any other shape never make it throw", () => {
    const fact = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.array(fc.string(), { maxLength: 5 }),
      fc.constantFrom(
        "2026-02-30",
        "2026-99-99T10:00:00Z",
        "2026-05-12",
        "distinction",
        "observation",
        "constructor",
        "toString",
      ),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...problemCodes),
        fc.infiniteStream(fact),
        fc.option(fc.string(), { nil: undefined }),
        (code, values, input) => {
          const facts = Object.fromEntries(
            [...Object.keys(factsOf[code]), "extra", "__proto__"].map((k) => [k, values.next().value]),
          );
          const told = tell(
            { code, facts, ...(input === undefined ? {} : { input }) },
            pack,
            wordsFor(pack, () => undefined),
          );
          for (const text of [told.short, told.fact, told.lawful]) expect(typeof text).toBe("string");
        },
      ),
      { numRuns: 500 },
    );
  });

  test("what the product refuses and warns of, asked at every point of a case, is told well", () => {
    const seen = new Map<string, Problem>();
    const note = (problems: readonly Problem[]) => {
      for (const p of problems) seen.set(`${p.code} ${JSON.stringify(p.facts)} ${p.input ?? ""}`, p);
    };
    let reached = journey(pack);
    for (const milestone of milestones) {
      reached = reached.upTo(milestone, { grades: { [pack.methods[0]?.id ?? ""]: "fail" } });
      for (const j of alsoLate.includes(milestone) ? [reached, reached.inMonths(5)] : [reached])
        for (const type of commandTypes)
          for (const data of asks(j, type)) {
            const outcome = j.when(type, payloads[type].parse(data) as never);
            note(outcome.refused);
            note(outcome.warned);
            note(outcome.lifted);
          }
    }
    expect(new Set([...seen.values()].map((p) => p.code)).size).toBeGreaterThan(70);
    expect([...seen.values()].flatMap((p) => faultsOf(p, pack))).toEqual([]);
    // What the stage files raise is what the sentences were written for.
    const strange = [...seen.values()].flatMap((p) =>
      Object.keys(p.facts)
        .filter((k) => p.facts[k] !== undefined && !(k in factsOf[p.code]))
        .map((k) => `${p.code} ${k}`),
    );
    expect([...new Set(strange)]).toEqual([]);
  });
});

/** Points of a case at which everything is also tried when it is late. */
const alsoLate: readonly Milestone[] = ["staffed", "planningFinished", "booked", "released"];

/** Lawful and unlawful ways to ask each command. */
function asks(j: Journey, type: CommandType): unknown[] {
  const { pack } = j;
  const c: Case = j.case;
  const methods = pack.methods.map((m) => m.id);
  const each = (also: object) => methods.map((method) => ({ method, ...also }));
  const bookings = [0, 3, 20, 200].flatMap((n) =>
    methods.flatMap((m) => {
      const b = bookingOn(pack, m, addDays(j.today, n));
      return [b, { ...b, setting: "simulated" }];
    }),
  );
  const requests = [
    ...c.adjustments.map((a) => a.id),
    ...c.considerations.map((a) => a.id),
    ...c.challenges.map((x) => x.id),
    "nobody",
  ];
  const table: Record<CommandType, () => unknown[]> = {
    "case.register": () => [],
    "case.withdraw": () => [{ reason: "Left the firm" }],
    "case.correct": () => [
      { what: "programmeStart", value: addDays(j.today, 9), reason: "Wrong" },
      { what: "gatewayMeeting", value: days.gatewayMeeting, reason: "Wrong" },
    ],
    "exceptions.correct": () => [
      { exceptions: [], reason: "Wrong" },
      { exceptions: ["essay"], reason: "Wrong" },
    ],
    "case.erase": () => [{ ref: c.ref }, { ref: "another" }],
    "person.correct": () => [],
    "rule.lift": () => [{ rule: "R07", reason: "No other day" }],
    "chat.bind": () => [],
    "party.invite": () => [],
    "party.remind": () => [{ person: people.coordinator, about: "evidence" }],
    "staff.allocate": () =>
      [people.apprentice, people.iqa, people.assessor, spare.assessor].flatMap((person) =>
        ["assessor", "iqa", "coordinator"].map((role) => ({ role, person })),
      ),
    "interest.declare": () => [{ conflict: true }],
    "adjustment.request": () => [
      { kind: "extraTime", need: "Reads slowly", normalWay: false, apprenticeInvolved: false, methods: [] },
    ],
    "adjustment.decide": () => requests.map((id) => ({ id, granted: true, reason: "Fits" })),
    "consideration.request": () => each({ what: "Was ill", rescheduleTried: false }),
    "consideration.decide": () => requests.map((id) => ({ id, granted: true, reason: "Fits" })),
    "dispensation.grant": () => [{ reference: "D-1" }],
    "gateway.attest": () => [
      { lastDay: addDays(j.today, 3), offTheJobPercent: 3, portfolioOwn: false },
      { lastDay: "2020-01-01", offTheJobPercent: 3, portfolioOwn: false },
    ],
    "gateway.submit": () =>
      pack.rules.gatewayEvidence.items.flatMap((i) => {
        const good = goodEvidence(pack, i.id);
        return [
          good,
          { item: i.id, reference: "x" },
          { ...good, level: "entry3" },
          { ...good, level: "bsl" },
          { ...good, on: addDays(j.today, 3) },
          { ...good, text: words(900), challengeOn: "2020-01-01", ksbs: ["K99"] },
          { ...good, item: "nothing" },
        ];
      }),
    "gateway.acceptItem": () => pack.rules.gatewayEvidence.items.map((i) => ({ item: i.id })),
    "gateway.returnItem": () => pack.rules.gatewayEvidence.items.map((i) => ({ item: i.id, reason: "Cut off" })),
    "gateway.confirm": () => [{}],
    "gateway.ready": () => [{}],
    "gateway.accept": () => [{}],
    "planning.schedule": () => [{ at: `${addDays(j.today, -3)}T10:00:00Z`, where: "Teams" }],
    "planning.offer": () => [{ slots: [`${addDays(j.today, -3)}T10:00:00Z`], where: "Teams" }],
    "planning.accept": () => [{ at: `${addDays(j.today, -3)}T10:00:00Z` }],
    "planning.save": () => [{ agenda: ["nothing"] }],
    "planning.finish": () => [
      goodPlan(pack),
      { agenda: [], observationPlan: [], employerResources: false, sessions: [] },
      { ...goodPlan(pack), reportDue: addDays(j.today, 200) },
      { ...goodPlan(pack), reportDue: addDays(j.today, 50) },
    ],
    "proposal.submit": () => [goodProposal(pack), { ...goodProposal(pack), text: words(612), ksbs: [] }],
    "proposal.return": () => [1, 2].map((n) => ({ n, reasons: [], feedback: "" })),
    "proposal.accept": () => [1, 2].map((n) => ({ n })),
    "proposal.reopen": () => [{ reason: "One more" }],
    "report.submit": () => [
      goodReport(pack),
      { ...goodReport(pack), words: 90, contents: [] },
      { ...goodReport(pack), words: 9000, method: methods[0] },
    ],
    "portfolio.submit": () =>
      methods.flatMap((method) => [
        { method, reference: "x", pieces: 3, mapping: { K99: [1], S1: [9] } },
        { method, reference: "x", pieces: 400, mapping: {} },
      ]),
    "session.book": () => bookings,
    "session.move": () => bookings.map((b) => ({ ...b, reason: "Stock count" })),
    "session.offer": () => bookings.map(({ at, ...b }) => ({ ...b, slots: [at] })),
    "session.accept": () => bookings.map(({ method, at }) => ({ method, at })),
    "session.start": () => each({ identityChecked: false, conditions: [], recording: true }),
    "session.pause": () => each({ reason: "Fire alarm" }),
    "session.resume": () => each({}),
    "session.questions": () => [...each({ part: "open" }), ...each({ part: "close" })],
    "session.draw": () => each({}),
    "session.ask": () => each({ kind: "main", criteria: ["x"] }),
    "session.unask": () => each({ question: "x", reason: "x" }),
    "session.note": () => each({ text: "Note", criteria: ["x"] }),
    "session.correctNote": () => each({ note: "x", text: "Note", criteria: ["x"] }),
    "session.mark": () => each({ marks: { x: "met" } }),
    "session.descriptors": () => each({ ticked: ["x"] }),
    "session.present": () => each({ who: ["iqa"] }),
    "session.end": () => each({ discretion: false }),
    "session.notHeld": () => ["noShow", "technical", "abandoned"].flatMap((why) => each({ why, detail: "x" })),
    "grade.confirm": () => each({ grade: "distinction", declared: false }),
    "mark.correct": () => each({ criterion: "x", mark: "met", reason: "Slip" }),
    "moderation.sample": () => each({}),
    "moderation.uphold": () => each({}),
    "moderation.sendBack": () => each({ reason: "Look again" }),
    "results.release": () => [{}],
    "results.withhold": () => [{ reason: "Under enquiry" }],
    "results.resume": () => [{ reason: "Done" }],
    "cap.lift": () => [{ reason: "Flood" }],
    "resit.agree": () => [{ kind: "resit" }],
    "resit.open": () =>
      (["resit", "retake", "again"] as const).flatMap((kind) => [
        { kind, methods: [methods[1]], developed: false },
        { kind, methods: [methods[0]], developed: false },
      ]),
    "enquiry.raise": () => [{ grounds: "Why", method: "x" }],
    "enquiry.answer": () => requests.map((id) => ({ id, answer: "Because" })),
    "appeal.raise": () => [{ grounds: "Why", method: "x" }],
    "notice.resend": () => [{ notice: "nobody" }],
    "notice.told": () => [{ notice: "nobody", channel: "phone", evidence: "A call" }],
    "appeal.decide": () => requests.map((id) => ({ id, upheld: false, answer: "No" })),
  };
  return table[type]();
}

/** A running session reaches what no standing case does. */
describe("while a session runs", () => {
  test.each(packs)("under $id its refusals are told well", (pack) => {
    const seen: Problem[] = [];
    for (const m of pack.methods) {
      const started = journey(pack).upTo("booked").started(m.id);
      for (const j of [started, started.inSeconds(300), started.inSeconds(3660), started.inSeconds(9000)])
        for (const type of commandTypes)
          for (const data of asks(j, type)) {
            const outcome = j.when(type, payloads[type].parse(data) as never);
            seen.push(...outcome.refused, ...outcome.warned);
          }
    }
    const codes = new Set(seen.map((p) => p.code));
    for (const code of ["LENGTH_OUTSIDE", "SESSION_IS_RUNNING", "SESSION_BEGUN"] satisfies ProblemCode[])
      expect(codes).toContain(code);
    expect(seen.flatMap((p) => faultsOf(p, pack))).toEqual([]);
  });
});

describe("a refusal as the picture of it shows", () => {
  const w = wordsOf(tquk);
  const interview = tquk.methods.find((m) => m.handIn?.kind === "report")?.handIn?.beforeSession;

  test("too early for the interview: fact, lawful days, clause, no override", () => {
    const told = tell(
      { code: "TOO_SOON_AFTER_HAND_IN", facts: factsOf.TOO_SOON_AFTER_HAND_IN, rule: "R17", source: interview?.source },
      tquk,
      w,
    );
    expect({ ...told, fact: told.fact.replaceAll(NBSP, " ") }).toEqual({
      short: "too early",
      fact: "The project report came on Sat 30 May 2026. The interview follows at least 14 days later.",
      lawful: "Choose Sat 13 Jun to Wed 24 Jun 2026.",
      clause: "TQUK specification, “Interview”",
      remedy: "This rule has no override.",
    });
    expect(clauseLine(told)).toBe("TQUK specification, “Interview”. This rule has no override.");
  });

  test("after the window: who may lift it is told, and to who may lift it also how", () => {
    const { source } = tquk.rules.epaWindow;
    const problem: Problem = {
      code: "AFTER_WINDOW",
      facts: factsOf.AFTER_WINDOW,
      rule: "R06",
      source,
      remedy: "override",
    };
    expect(tell(problem, tquk, w)).toEqual({
      short: "after the EPA window",
      fact: "The EPA window ends on Wed 24 Jun 2026, three months after the gateway.",
      lawful: "Choose a day up to Wed 24 Jun 2026.",
      clause: "TQUK specification, “EPA Window”",
      remedy: "A coordinator may override it.",
    });
    expect(tell(problem, tquk, w, { mayLift: true }).lawful).toBe(
      "Choose a day up to Wed 24 Jun 2026, or lift the rule with a reason.",
    );
    expect(tell(problem, tquk, w, { as: "lifted" }).remedy).toContain("coordinator lifted");
    expect(tell({ ...problem, remedy: "reason" }, tquk, w).remedy).toBe("Allowed once a reason is written.");
    expect(tell({ ...problem, remedy: undefined }, tquk, w, { as: "warned" }).remedy).toBe(
      "Allowed. This is recorded.",
    );
  });

  test("what no document asks has neither clause nor remedy", () => {
    const told = tell({ code: "IN_THE_PAST", facts: factsOf.IN_THE_PAST }, tquk, w);
    expect(told).toMatchObject({ clause: null, remedy: null, fact: "It is Fri 22 May 2026, 09:12 now." });
    expect(clauseLine(told)).toBeNull();
  });

  test("a rule on which the document is silent has no clause, yet says whether it may be lifted", () => {
    const told = tell({ code: "PLAN_DOES_NOT_FIT", facts: {}, rule: "R44", source: null }, tquk, w, { as: "warned" });
    expect(told).toMatchObject({ clause: null, remedy: "Allowed. This is recorded." });
  });

  test("a code of earlier days is told in general words", () => {
    const gone = { code: "LONG_GONE", facts: {} } as unknown as Problem;
    expect(faultsOf(gone, tquk)).toEqual([]);
  });

  test("no day left is said, instead of a range that runs backwards", () => {
    const facts = { ...factsOf.TOO_SOON_AFTER_HAND_IN, latest: "2026-06-10" };
    expect(tell({ code: "TOO_SOON_AFTER_HAND_IN", facts }, tquk, w).lawful).toBe(
      "No day is left: Sat 13 Jun 2026 would be the first, and Wed 10 Jun 2026 is the last allowed.",
    );
  });

  test("the day from which the time on programme is long enough obeys months and days, whichever is later", () => {
    const told = tell({ code: "TIME_ON_PROGRAMME_SHORT", facts: factsOf.TIME_ON_PROGRAMME_SHORT }, gq, wordsOf(gq));
    expect(told.lawful).toBe("The time is long enough from Thu 2 Apr 2026.");
  });
});
