import { type LimitedList, limitedLists, limits, mostDealt, mostUndelivered, mostWarned } from "../../src/case/limits";
import { overridable } from "../../src/case/registration";
import { gq, type Journey, journey, milestones, type Outcome, people, spare, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

/** Every list of a case that somebody can make longer has an end, told as a refusal; what ends or decides is never refused for it. */

const reason = "Because";
const registered = journey(gq).upTo("registered");
const staffed = journey(gq).upTo("staffed");
const accepted = journey(gq).upTo("gatewayAccepted");
const handedIn = journey(gq).upTo("handedIn");
const running = journey(tquk).upTo("handedIn").started("observation");
const released = journey(gq).upTo("released");
const failed = journey(gq).upTo("released", { grades: { project: "fail" } });
/** Too late to ask for an adjustment, unless a coordinator lifts the rule. */
const late = journey(gq).upTo("planningScheduled");

interface Growing {
  from: Journey;
  /** What makes it longer. */
  press(j: Journey, n: number): Outcome;
  /** What has to come about before it can be pressed again. */
  next?(j: Journey): Journey;
}

const adjustment = { kind: "venue" as const, need: "x", normalWay: true, apprenticeInvolved: true, methods: [] };
const times = <T>(n: number, one: T | undefined): T[] => Array.from({ length: n }, () => one as T);
const item = gq.rules.gatewayEvidence.items[0]?.id ?? "";
const rules = overridable(gq);
const places = gq.methods.map((m) => m.id);

/** Each from where it can grow; those that only a life of years would fill are as if it had been lived. */
const growing: Readonly<Record<LimitedList, Growing>> = {
  adjustments: { from: registered, press: (j) => j.when("adjustment.request", adjustment, { by: "apprentice" }) },
  considerations: {
    from: staffed,
    press: (j) => j.when("consideration.request", { method: "project", what: "Ill", rescheduleTried: true }),
  },
  allocations: {
    from: staffed,
    press: (j, n) =>
      j.when("staff.allocate", { role: "assessor", person: n % 2 === 0 ? spare.assessor : people.assessor, reason }),
  },
  challenges: {
    from: released,
    press: (j) => j.when("enquiry.raise", { grounds: "D1 was met" }),
    next: (j) => j.do("enquiry.answer", { id: j.case.challenges.at(-1)?.id ?? "", answer: "It was not" }),
  },
  permits: {
    from: handedIn,
    press: (j, n) => {
      const rule = rules[n % rules.length] ?? "";
      const method = places[Math.floor(n / rules.length)];
      return j.when("rule.lift", { rule, ...(method === undefined ? {} : { method }), reason });
    },
  },
  lifted: {
    from: late.as((c) => ({ ...c, lifted: times(limits.lifted.most, lifts(late).after.case.lifted[0]) })),
    press: lifts,
  },
  evidence: {
    from: journey(gq).upTo("staffed"),
    press: (j) => j.when("gateway.submit", { item, reference: "x", on: "2026-01-05", level: "level2" }),
    next: (j) => j.do("gateway.returnItem", { item, reason }),
  },
  gateways: {
    from: agreed("retake", tquk).as((c) => ({ ...c, earlierGateways: times(limits.gateways.most, c.gateway) })),
    press: (j) => j.when("resit.open", { kind: "retake", methods: ["project"], actionPlan: "Tutor", developed: true }),
  },
  proposals: {
    from: journey(tquk).upTo("planningFinished").do("proposal.return", feedback(1)),
    press: (j) => j.when("proposal.submit", { text: "x", challenge: "x", challengeOn: "2025-11-03", ksbs: ["K1"] }),
    next: (j) => j.do("proposal.return", feedback(j.case.proposals.length)).do("proposal.reopen", { reason }),
  },
  attempts: {
    from: agreed("resit").as((c) => ({
      ...c,
      attempts: { ...c.attempts, project: times(limits.attempts.most, c.attempts.project?.[0]) },
    })),
    press: (j) => j.when("resit.open", { kind: "resit", methods: ["project"], actionPlan: "Tutor", developed: true }),
  },
  handIns: {
    from: journey(gq).upTo("planningFinished"),
    press: (j) => {
      const contents = j.method("project").handIn;
      const titled = contents?.kind === "report" ? contents.contents.items.map((x) => x.id) : [];
      return j.when("report.submit", { method: "project", reference: "x", words: 2500, contents: titled });
    },
  },
  notHeld: {
    from: handedIn,
    press: (j) => j.when("session.notHeld", { method: "project", why: "technical", detail: "No line" }),
    next: (j) => j.booked(),
  },
  pauses: {
    from: running,
    press: (j) => j.inSeconds(2).when("session.pause", { method: "observation", reason }),
    next: (j) => j.inSeconds(2).do("session.resume", { method: "observation" }),
  },
  questionParts: {
    from: running,
    press: (j) => j.inSeconds(2).when("session.questions", { method: "observation", part: "open" }),
    next: (j) => j.inSeconds(2).do("session.questions", { method: "observation", part: "close" }),
  },
  asked: {
    from: running,
    press: (j) => j.when("session.ask", { method: "observation", text: "Why?", kind: "followUp", criteria: [] }),
  },
  notes: {
    from: running,
    press: (j) => j.when("session.note", { method: "observation", text: "x", criteria: [] }),
  },
  releases: {
    from: journey(gq)
      .upTo("graded")
      .as((c) => ({ ...c, releases: times(limits.releases.most, failed.case.releases[0]) })),
    press: (j) => j.notBefore("2026-05-22").when("results.release", {}),
  },
  people: {
    from: staffed.as((c) => ({ ...c, tookPart: Array.from({ length: limits.people.most }, (_, i) => `p-${i}`) })),
    press: (j) => j.when("party.invite", { role: "apprentice" }, { by: { person: "p-one-more", role: "coordinator" } }),
  },
};

function agreed(kind: "resit" | "retake", pack = gq): Journey {
  return journey(pack)
    .upTo("released", { grades: { project: "fail" } })
    .do("resit.agree", { kind });
}
function lifts(j: Journey): Outcome {
  return j.when("adjustment.request", adjustment, { by: "coordinator", lifting: { R32: reason } });
}
function feedback(n: number) {
  return { n, reasons: ["ksbs" as const], feedback: "More" };
}
describe("a list of a case", () => {
  it.each(limitedLists)("%s ends where it is said to, with a refusal that says so", (list) => {
    const { from, press, next } = growing[list];
    const { most, lengths } = limits[list];
    let j = from;
    for (let n = 0; n <= most + 1; n++) {
      const outcome = press(j, n);
      if (outcome.refused.length > 0) {
        outcome.refusedWithOnly("LIST_FULL");
        outcome.refusedWith("LIST_FULL", { list, most });
        expect(Math.max(...lengths(j.case))).toBe(most);
        return;
      }
      j = next ? next(outcome.after) : outcome.after;
    }
    throw new Error(`${list} went on past ${most}`);
  });

  it("given it is full, then what is in it is still decided, and the case can be withdrawn", () => {
    let j = registered;
    for (let n = 0; n < limits.adjustments.most; n++) j = growing.adjustments.press(j, n).after;
    const [first] = j.case.adjustments;
    j = j.do("adjustment.decide", { id: first?.id ?? "", granted: true, reason });
    j.when("case.withdraw", { reason }).events("CaseWithdrawn");
  });

  it("given warnings go on for ever, then the case shows the latest, and nothing is refused for them", () => {
    let j = handedIn;
    for (let n = 0; n < mostWarned + 20; n++)
      j = j
        .as((c) => ({ ...c, considerations: [] }))
        .do("consideration.request", {
          method: "project",
          session: j.attempt("project").session.booking?.at,
          what: "Ill",
          rescheduleTried: false,
        });
    expect(j.case.warned).toHaveLength(mostWarned);
  });

  it("given messages go astray for ever, then those not seen to are kept up to a limit, and of those seen to the latest", () => {
    const astray = (n: number) => ({
      notice: `n-${n}`,
      kind: "told",
      to: people.apprentice,
      repeat: "never" as const,
      about: { from: n },
      state: "dead" as const,
      code: "gone",
    });
    const all = Array.from({ length: mostUndelivered + 5 }, (_, n) => astray(n));
    let j = registered.lost(...all);
    expect(j.case.undelivered).toHaveLength(mostUndelivered);
    expect(j.lost(astray(9_999)).case.undelivered).toHaveLength(mostUndelivered);
    for (let n = 0; n < mostDealt + 10; n++) j = j.do("notice.resend", { notice: `n-${n}` });
    expect(j.case.undelivered?.filter((x) => x.dealt).map((x) => x.notice)).toEqual(
      Array.from({ length: mostDealt }, (_, i) => `n-${i + 10}`),
    );
    expect(j.case.undelivered?.filter((x) => !x.dealt)).toHaveLength(mostUndelivered - mostDealt - 10);
  });
});

/** Lists that end by themselves: of the pack, of the form that sets them anew, or one behind a list that ends. */
const bounded = new Set([
  "lifted[].facts.*[]",
  "lifted[].source.path[]",
  "warned[]",
  "warned[].facts.*[]",
  "warned[].source.path[]",
  "undelivered[]",
  "englishMathsExceptions[]",
  "gateway.evidence.*[].facts.*[]",
  "planning.agenda[]",
  "planning.offered.slots[]",
  "planning.draft.observationPlan[]",
  "planning.draft.sessions[]",
  "planning.finished.observationPlan[]",
  "planning.online.done[]",
  "proposals[].ksbs[]",
  "proposals[].reasons[]",
  "adjustments[].methods[]",
  "attempts.*[].handIns[].contents[]",
  "attempts.*[].handIns[].mapping.*[]",
  "attempts.*[].descriptors[]",
  "attempts.*[].used[]",
  "attempts.*[].confirmed.missingForPass[]",
  "attempts.*[].confirmed.missingForDistinction[]",
  "attempts.*[].session.started.conditions[]",
  "attempts.*[].session.drawn.ids[]",
  "attempts.*[].session.drawn.uncovered[]",
  "attempts.*[].session.asked[].criteria[]",
  "attempts.*[].session.notes[].criteria[]",
  "attempts.*[].session.offered.slots[]",
  "attempts.*[].session.present.who[]",
  "attempts.*[].session.online.done[]",
  // One more than the pauses.
  "attempts.*[].session.spans[]",
  // Told by Teams, and ended by itself.
  "attempts.*[].session.seen[]",
]);
const ended: Readonly<Record<string, LimitedList>> = {
  "allocations[]": "allocations",
  "adjustments[]": "adjustments",
  "considerations[]": "considerations",
  "challenges[]": "challenges",
  "permits[]": "permits",
  "lifted[]": "lifted",
  "gateway.evidence.*[]": "evidence",
  "earlierGateways[]": "gateways",
  "proposals[]": "proposals",
  "attempts.*[]": "attempts",
  "attempts.*[].handIns[]": "handIns",
  "attempts.*[].notHeld[]": "notHeld",
  "attempts.*[].session.pauses[]": "pauses",
  "attempts.*[].session.questionsPart[]": "questionParts",
  "attempts.*[].session.asked[]": "asked",
  "attempts.*[].session.notes[]": "notes",
  "releases[]": "releases",
  "tookPart[]": "people",
};
/** Whose members are named by people, methods, items or criteria. */
const maps = new Set(["attempts", "gateway.evidence", "facts", "mapping", "earlierGateways[].evidence"]);

function listsIn(value: unknown, path = "", found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    found.add(`${path}[]`);
    for (const one of value) listsIn(one, `${path}[]`, found);
  } else if (typeof value === "object" && value !== null) {
    const named = maps.has(path) || maps.has(path.split(".").at(-1) ?? "");
    for (const [key, one] of Object.entries(value))
      listsIn(one, `${path}${path === "" ? "" : "."}${named ? "*" : key}`, found);
  }
  return found;
}

it("every list that a case was seen to hold ends, by a limit or by itself", () => {
  const lives = [
    ...Object.values(growing).flatMap(({ from, press }) => [from, press(from, 0).journey]),
    ...[gq, tquk, thirdPack].flatMap((pack) => milestones.map((m) => journey(pack).upTo(m))),
    journey(gq).upTo("booked").do("session.draw", { method: "project" }),
    accepted.do("planning.offer", { slots: [accepted.inSeconds(3600).now], where: "Microsoft Teams" }),
    running.do("session.present", { method: "observation", who: ["apprentice", "assessor"] }),
    running.seen("observation", { what: "started", at: running.now }),
    registered.lost({
      notice: "n-1",
      kind: "told",
      to: people.apprentice,
      repeat: "never",
      about: {},
      state: "dead",
      code: "gone",
    }),
  ];
  const seen = new Set(lives.flatMap((j) => (j.state.stage === "none" ? [] : [...listsIn(j.case)])));
  // What an earlier gateway holds, the gateway held.
  const plain = (path: string) => path.replace(/^earlierGateways\[\]\./, "gateway.");
  expect([...seen].filter((x) => !Object.hasOwn(ended, plain(x)) && !bounded.has(plain(x)))).toEqual([]);
  expect(Object.values(ended).sort()).toEqual([...limitedLists].sort());
});
