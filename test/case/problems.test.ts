import { createHash } from "node:crypto";
import { type BodyCommand, decideBody, evolveBody, noBody } from "../../src/body";
import type { Problem } from "../../src/case/case";
import { type ProblemCode, problemCodes } from "../../src/case/problems";
import { overridable } from "../../src/case/registration";
import { handle, type Ports } from "../../src/handle";
import { can } from "../../src/permissions";
import type { Store } from "../../src/ports";
import type { Pack, Source } from "../../src/rules/pack";
import {
  actorOf,
  bookingOn,
  days,
  goodEvidence,
  goodPlan,
  goodPortfolio,
  goodProposal,
  goodReport,
  gq,
  type Journey,
  journey,
  type Outcome,
  people,
  spare,
  tquk,
  words,
} from "../support/case";
import { thirdPack } from "../support/thirdPack";

/**
 * Every code that a refusal or a warning can bear, raised once by the rules themselves: a code that nothing raises any more
 * fails here, and so does one that nobody wrote a case for.
 */

const reason = "Because";
const registered = journey(gq).upTo("registered");
const staffed = journey(gq).upTo("staffed");
const gateway = journey(gq).upTo("staffed").on(days.gatewaySubmitted);
const meeting = journey(gq).upTo("planningScheduled").on(days.planning, "15:00");
const handedIn = journey(gq).upTo("handedIn");
const tHandedIn = journey(tquk).upTo("handedIn");
const running = handedIn.started("project");
const sat = handedIn.sat("project");
const graded = journey(gq).upTo("graded");
const released = journey(gq).upTo("released");
const failed = journey(gq).upTo("released", { grades: { project: "fail" } });
const waiting = sat.sampling(1).confirmedGrade("project");
const returned = journey(tquk)
  .upTo("planningFinished")
  .do("proposal.return", { n: 1, reasons: ["ksbs"], feedback: "More" });
const finish = (j: Journey, change: object) => j.when("planning.finish", { ...goodPlan(j.pack), ...change });
const move = (j: Journey, method: string, day: string, change: object = {}) =>
  j.when("session.move", { ...bookingOn(j.pack, method, day), reason, ...change });
const start = (j: Journey, change: object = {}, method = "project") =>
  j.at(j.attempt(method).session.booking?.at ?? j.now).when("session.start", {
    method,
    identityChecked: true,
    conditions: ["quiet", "onlyWatching"],
    recording: false,
    ...change,
  });
const end = (j: Journey, method: string) => j.when("session.end", { method, discretion: false });
const evidence = (change: object) => gateway.when("gateway.submit", { item: "maths", reference: "x", ...change });
const proposal = (change: object) =>
  journey(tquk)
    .upTo("staffed")
    .on(days.gatewaySubmitted)
    .when("gateway.submit", { ...goodEvidence(tquk, "proposal"), ...change });
const open = (j: Journey, change: object = {}) =>
  j.when("resit.open", { kind: "resit", methods: ["project"], actionPlan: "x", developed: true, ...change });
const appeal = released.do("appeal.raise", { grounds: "x" });
const appealId = appeal.case.challenges[0]?.id ?? "";
const judged = (j: Journey, change: object = {}) =>
  j.when(
    "appeal.decide",
    { id: appealId, upheld: true, answer: "x", ...change },
    { by: { person: spare.iqa, role: "iqa" } },
  );
const adjusted = registered.do("adjustment.request", {
  kind: "venue",
  need: "x",
  normalWay: true,
  apprenticeInvolved: true,
  methods: [],
});
const asking = (j: Journey, change: object = {}) =>
  j.when("adjustment.request", {
    kind: "venue",
    need: "x",
    normalWay: true,
    apprenticeInvolved: true,
    methods: [],
    ...change,
  });
const of = (granted: { refused: Problem[] } | object): Problem[] => ("refused" in granted ? granted.refused : []);

const priya = { person: people.coordinator, role: "coordinator" as const };
const body = (...commands: BodyCommand[]): Problem[] => {
  let state = noBody(gq.body.id);
  let last: Problem[] = [];
  for (const command of commands) {
    const decision = decideBody(command, state, { by: priya, now: "2026-01-12T09:00:00Z" });
    last = of(decision);
    if ("events" in decision) for (const e of decision.events) state = evolveBody(state, e);
  }
  return last;
};
const first: BodyCommand = { type: "staff.add", data: { person: people.coordinator, roles: ["coordinator"] } };

/** Only what `handle` asks of a store, with one case or none in it. */
const handled = async (packs: Pack[], store: Partial<Store>): Promise<Problem[]> => {
  const ports: Ports = {
    store: {
      head: async () => undefined,
      byRef: async () => undefined,
      marker: async () => undefined,
      ...store,
    } as unknown as Store,
    clock: { now: () => registered.now },
    chance: { id: () => "id-1", draw: () => 0.5, digest: (t) => createHash("sha256").update(t).digest("hex") },
    packs: new Map(packs.map((p) => [p.id, p])),
    settings: async () => ({ sampling: { usual: 0, byAssessor: {} }, retentionMonths: 72 }),
  };
  const data = {
    ref: "EX-1000",
    bodyId: gq.body.id,
    apprentice: people.apprentice,
    employer: people.employer,
    provider: people.provider,
    employerName: "Fictional Foods Ltd",
    programmeStart: days.programmeStart,
  };
  const request = { id: "press-1", caseId: "case-1", command: { type: "case.register" as const, data } };
  const outcome = await handle(request, actorOf(gq, people.coordinator, "coordinator"), ports);
  return outcome.kind === "refused" ? outcome.problems : [];
};

/** Raised by the edge alone, and tested there: what people send is read, looked up and redeemed before it is a command. */
const atTheEdge = [
  "BOUND_ALREADY",
  "CODE_NOT_GOOD",
  "INPUT_UNREADABLE",
  "MAIL_TAKEN",
  "NAMED_OTHERWISE",
  "NOT_IN_DIRECTORY",
  "SLOT_TAKEN",
] as const;
type Inner = Exclude<ProblemCode, (typeof atTheEdge)[number]>;

const adjustment = { kind: "venue" as const, need: "x", normalWay: true, apprenticeInvolved: true, methods: [] };
const asked = (j: Journey, times: number): Journey =>
  times === 0 ? j : asked(j.do("adjustment.request", adjustment, { by: "apprentice" }), times - 1);

const raised: Readonly<Record<Inner, () => Outcome | Problem[] | Promise<Problem[]>>> = {
  ADJUSTMENT_AFTER_GATEWAY: () => asking(meeting),
  AFTER_RESIT_LIMIT: () => failed.reopened("resit", ["project"]).on("2026-07-22").when("report.submit", goodReport(gq)),
  AFTER_WINDOW: () => move(handedIn, "project", "2026-05-10"),
  AGENDA_OPEN: () => finish(meeting, { agenda: [] }),
  ALREADY_SAMPLED: () => waiting.when("moderation.sample", { method: "project" }),
  APPRENTICE_NOT_ASKED: () =>
    gateway
      .do("gateway.submit", goodEvidence(gq, "meetingRecord"))
      .do("gateway.confirm", {}, { by: "employer" })
      .do("gateway.confirm", {}, { by: "provider" })
      .when("gateway.accept", {}, { lifting: { R01: reason, R02: reason } }),
  APPRENTICE_NOT_INVOLVED: () => asking(registered, { apprenticeInvolved: false }),
  ASSESSED_HERE: () =>
    graded
      .do("staff.allocate", { role: "assessor", person: spare.assessor, reason })
      .when("staff.allocate", { role: "iqa", person: people.assessor, reason }),
  BANK_CHANGED: () =>
    body(first, {
      type: "bank.import",
      data: {
        pack: tquk.id,
        method: "interview",
        version: "2026-01-02-a",
        after: "2026-01-01-b",
        digest: "0".repeat(64),
        questions: 20,
      },
    }),
  AUDITOR_ONLY_READS: () => body(first, { type: "staff.add", data: { person: "x", roles: ["auditor", "iqa"] } }),
  BEFORE_PROGRAMME: () =>
    gateway.when("gateway.attest", { lastDay: "2024-09-01", offTheJobPercent: 20, portfolioOwn: true }),
  CAP_STANDS: () => {
    const strict: Pack = { ...gq, rules: { ...gq.rules, cap: { ...gq.rules.cap, override: false } } };
    return journey(strict)
      .upTo("released", { grades: { project: "fail" } })
      .reopened("resit", ["project"])
      .when("cap.lift", { reason });
  },
  CASE_CLOSED: () =>
    staffed.do("case.withdraw", { reason }).when("staff.allocate", { role: "iqa", person: spare.iqa, reason }),
  CASE_ERASED: () =>
    staffed
      .do("case.withdraw", { reason })
      .inMonths(72)
      .do("case.erase", { ref: staffed.case.ref })
      .when("staff.allocate", { role: "iqa", person: spare.iqa, reason }),
  CASE_FULL: () => handled([gq], { append: async () => "full" }),
  LIST_FULL: () => asked(registered, 20).when("adjustment.request", adjustment, { by: "apprentice" }),
  CASE_NOT_CLOSED: () => staffed.when("case.erase", { ref: staffed.case.ref }),
  CHALLENGE_DATE_NEEDED: () => proposal({ challengeOn: undefined }),
  CHALLENGE_NEEDED: () => proposal({ challenge: undefined }),
  CHALLENGE_OPEN: () => appeal.when("appeal.raise", { grounds: "x" }),
  CHALLENGE_OUTSIDE_APPRENTICESHIP: () => proposal({ challengeOn: "2024-09-01" }),
  CHALLENGE_UNANSWERED: () =>
    journey(gq)
      .upTo("released", { grades: { project: "fail" } })
      .do("appeal.raise", { grounds: "x" })
      .reopened("resit", ["project"])
      .when("case.withdraw", { reason }),
  CHALLENGE_TOO_LATE: () => journey(thirdPack).upTo("released").inMonths(3).when("appeal.raise", { grounds: "x" }),
  CHECKLIST_OPEN: () => start(handedIn, { conditions: ["noInterference"] }, "observation"),
  COMMAND_ID_REUSED: () => handled([gq], { append: async () => "reused" }),
  CONDITIONS_NOT_DECLARED: () => start(handedIn, { conditions: [] }),
  CONFIRMATION_MISSING: () => gateway.when("gateway.accept", {}),
  CONFLICT_DECLARED: () =>
    staffed
      .do("interest.declare", { conflict: true, detail: "x" })
      .when("staff.allocate", { role: "assessor", person: people.assessor }),
  CONNECTED_WITH_CASE: () => appeal.when("appeal.decide", { id: appealId, upheld: false, answer: "x" }),
  CONSIDERATION_TOO_LATE: () =>
    handedIn
      .on("2026-04-22")
      .when("consideration.request", { method: "observation", what: "x", rescheduleTried: true }),
  CONTENTS_NOT_TICKED: () => handedIn.when("report.submit", { ...goodReport(gq), contents: [] }),
  CRITERIA_UNMARKED: () => running.when("grade.confirm", { method: "project", grade: "fail", declared: true }),
  DATE_IN_FUTURE: () => evidence({ item: "meetingRecord", on: "2026-02-05" }),
  DATE_NEEDED: () => finish(meeting, { sessions: [] }),
  DATE_UNCHANGED: () => registered.when("case.correct", { what: "programmeStart", value: days.programmeStart, reason }),
  DECLARATION_NEEDED: () => sat.when("grade.confirm", { method: "project", grade: "pass", declared: false }),
  DESCRIPTOR_AGAINST_GRADE: () =>
    handedIn
      .sat("project", { ticked: ["project-F1"] })
      .when("grade.confirm", { method: "project", grade: "pass", declared: true }),
  DETAIL_NEEDED: () => staffed.when("interest.declare", { conflict: true }),
  DISCRETION_NEEDED: () => end(handedIn.run("observation", { seconds: 3601 }), "observation"),
  EMPLOYER_NOT_AGREED: () => open(failed),
  EVIDENCE_MISSING: () => gateway.when("gateway.accept", {}),
  EXCEPTIONS_UNCHANGED: () => registered.when("exceptions.correct", { exceptions: [], reason }),
  EXTRA_TIME_NEEDED: () => asking(registered, { kind: "extraTime" }),
  FAIL_WITHOUT_DESCRIPTOR: () =>
    handedIn
      .sat("project", { grade: "fail", ticked: [] })
      .when("grade.confirm", { method: "project", grade: "fail", declared: true }),
  FEEDBACK_NEEDED: () =>
    journey(tquk)
      .upTo("planningFinished")
      .when("proposal.return", { n: 1, reasons: ["other"], feedback: "" }),
  GATEWAY_NOT_ACCEPTED: () => journey(tquk).upTo("confirmed").when("proposal.accept", { n: 1 }),
  GRADED_HERE: () => graded.when("results.release", {}, { by: { person: people.assessor, role: "coordinator" } }),
  GRADE_HAS_CHANGED: () => sat.when("grade.confirm", { method: "project", grade: "fail", declared: true }),
  GRADE_UNCHANGED: () => judged(appeal, { regrade: { method: "project", grade: "pass" } }),
  HAS_ANOTHER_ROLE: () => staffed.when("staff.allocate", { role: "iqa", person: people.assessor, reason }),
  IDENTITY_NOT_CHECKED: () => start(handedIn, { identityChecked: false }),
  INTEREST_NOT_DECLARED: () => {
    const undeclared = registered.do("staff.allocate", { role: "assessor", person: people.assessor });
    return of(can(actorOf(gq, people.assessor, "assessor"), "planning.save", undeclared.case));
  },
  IN_THE_PAST: () =>
    journey(gq).upTo("gatewayAccepted").when("planning.schedule", { at: "2026-01-01T09:00:00Z", where: "x" }),
  ITEM_ACCEPTED: () =>
    journey(gq)
      .upTo("confirmed")
      .do("gateway.acceptItem", { item: "maths" })
      .when("gateway.submit", goodEvidence(gq, "maths")),
  ITEM_DECIDED: () =>
    journey(gq)
      .upTo("confirmed")
      .do("gateway.acceptItem", { item: "maths" })
      .when("gateway.returnItem", { item: "maths", reason }),
  ITEM_IN_REVIEW: () => journey(gq).upTo("confirmed").when("gateway.submit", goodEvidence(gq, "maths")),
  ITEM_NOT_SUBMITTED: () => gateway.when("gateway.acceptItem", { item: "maths" }),
  KEPT_UNTIL: () => staffed.do("case.withdraw", { reason }).inMonths(71).when("case.erase", { ref: staffed.case.ref }),
  KSB_NOT_OF_METHOD: () => proposal({ ksbs: ["B8"] }),
  KSB_WITHOUT_PIECE: () => tHandedIn.when("portfolio.submit", { ...goodPortfolio(tquk), mapping: {} }),
  LAST_COORDINATOR: () => body(first, { type: "staff.leave", data: { person: people.coordinator } }),
  LENGTH_OUTSIDE: () => end(handedIn.run("project", { seconds: 60 }), "project"),
  LEVEL_NEEDED: () => evidence({}),
  LEVEL_TOO_LOW: () => evidence({ level: "level1" }),
  MAPPING_FORM_NEEDED: () =>
    journey(tquk).upTo("staffed").when("gateway.submit", { item: "portfolio", reference: "x", pieces: 3 }),
  MARK_CONFLICT: () =>
    running
      .do("session.mark", { method: "project", marks: { "project-P1": "met" }, after: { "project-P1": null } })
      .when("session.mark", { method: "project", marks: { "project-P1": "notMet" }, after: { "project-P1": null } }),
  NOTE_CONFLICT: () =>
    running
      .do("session.note", { method: "project", text: "One", criteria: [] }, { command: "note" })
      .do("session.correctNote", { method: "project", note: "note", text: "Two", criteria: [] })
      .when("session.correctNote", { method: "project", note: "note", text: "Three", criteria: [], after: "note" }),
  NO_BANK: () => running.when("session.draw", { method: "project" }, { bank: null }),
  NO_CONSENT_TO_RECORDING: () =>
    handedIn.when("session.start", {
      method: "project",
      identityChecked: true,
      conditions: [],
      recording: true,
      consent: false,
    }),
  NO_SUCH_NOTE: () =>
    running.when("session.correctNote", { method: "project", note: "none", text: "Two", criteria: [] }),
  NO_SUCH_QUESTION: () =>
    running.when("session.note", { method: "project", text: "One", criteria: [], question: "none" }),
  TOO_FEW_QUESTIONS: () =>
    running.when(
      "session.draw",
      { method: "project" },
      { bank: { version: "1", questions: new Map([["project", []]]) } },
    ),
  MARKS_CLOSED: () => graded.when("session.mark", { method: "project", marks: {} }),
  MARK_UNCHANGED: () =>
    waiting
      .do("moderation.sendBack", { method: "project", reason })
      .when("mark.correct", { method: "project", criterion: "project-P1", mark: "met", reason }),
  MEETING_AFTER_GATEWAY: () => handedIn.when("case.correct", { what: "gatewayMeeting", value: "2026-02-10", reason }),
  MEETING_DATE_NEEDED: () => evidence({ item: "meetingRecord" }),
  METHODS_NOT_COMPLETE: () => sat.when("results.release", {}),
  METHOD_NOT_FAILED: () => open(failed, { methods: ["discussion"] }),
  NOTHING_TO_DECLARE: () => staffed.when("interest.declare", { conflict: false }, { by: "coordinator" }),
  NOTHING_TO_HAND_IN: () => handedIn.when("report.submit", { ...goodReport(gq), method: "observation" }),
  NOTICE_TOO_SHORT: () => finish(meeting, { sessions: [bookingOn(gq, "observation", "2026-03-01")] }),
  NOT_ALLOWED: () => of(can(actorOf(gq, people.employer, "employer"), "gateway.accept", registered.case)),
  NOT_AT_GATEWAY: () => meeting.when("gateway.confirm", {}),
  NOT_CONFIRMED_YET: () => sat.when("moderation.sample", { method: "project" }),
  NOT_HANDED_IN: () => start(journey(gq).upTo("planningFinished")),
  NOT_IN_ASSESSMENT: () => meeting.when("results.release", {}),
  NOT_IN_MODERATION: () => sat.when("moderation.uphold", { method: "project" }),
  NOT_IN_PLANNING: () => gateway.when("planning.save", { agenda: [] }),
  NOT_NORMAL_WAY: () => asking(registered, { normalWay: false }),
  NOT_ON_CASE: () => registered.when("party.remind", { person: "nobody", about: "x" }),
  NOT_SENT_BACK: () =>
    waiting.when("mark.correct", { method: "project", criterion: "project-P1", mark: "notMet", reason }),
  NOT_STAFF: () => body(first, { type: "staff.leave", data: { person: "nobody" } }),
  NOT_THE_DAY: () =>
    handedIn.when("session.start", { method: "project", identityChecked: true, conditions: [], recording: true }),
  NOT_WITHHELD: () => graded.when("results.resume", { reason }),
  NOT_YET_TIME: () => handedIn.when("session.notHeld", { method: "project", why: "noShow", detail: "x" }),
  NOT_YOURS_TO_CONFIRM: () => gateway.when("gateway.confirm", {}, { by: "apprentice" }),
  NO_ACTION_PLAN: () => open(failed.do("resit.agree", { kind: "resit" }), { actionPlan: undefined }),
  NO_ASSESSOR: () =>
    handedIn
      .do("interest.declare", { conflict: true, detail: "x" })
      .do("session.notHeld", { method: "project", why: "technical", detail: "x" }, { by: "coordinator" })
      .when("session.book", bookingOn(gq, "project", "2026-04-20")),
  NO_CAP: () => graded.when("cap.lift", { reason }),
  NO_DISPENSATION_HERE: () => registered.when("dispensation.grant", { reference: "x" }),
  NO_FAIL: () => released.when("resit.agree", { kind: "resit" }),
  NO_FURTHER_DEVELOPMENT: () =>
    open(journey(tquk).upTo("released", { grades: { project: "fail" } }), { developed: false }),
  NO_GATEWAY_MEETING_YET: () => gateway.when("gateway.confirm", {}),
  NO_PACK_FOR_START: () => handled([tquk], {}),
  NO_PROPOSAL: () => meeting.when("proposal.accept", { n: 1 }),
  NO_QUESTIONS_PART: () => running.when("session.questions", { method: "project", part: "open" }),
  NO_QUESTION_ASKED: () => end(handedIn.run("observation", { questions: 0 }), "observation"),
  NO_RESULT_YET: () => graded.when("appeal.raise", { grounds: "x" }),
  NO_SUCH_CASE: () => of(can(actorOf(tquk, spare.coordinator, "coordinator"), "gateway.accept", registered.case)),
  NO_SUCH_CRITERION: () => running.when("session.mark", { method: "project", marks: { "project-P99": "met" } }),
  NO_SUCH_ITEM: () => evidence({ item: "horoscope" }),
  NO_SUCH_METHOD: () => handedIn.when("session.pause", { method: "essay", reason }),
  NO_SUCH_PIECE: () => tHandedIn.when("portfolio.submit", { ...goodPortfolio(tquk), mapping: { K1: [99] } }),
  NO_SUCH_POINT: () => meeting.when("planning.save", { agenda: ["parking"] }),
  NO_SUCH_SESSION: () =>
    registered.when("consideration.request", {
      method: "project",
      session: "2026-04-14T09:00:00Z",
      what: "x",
      rescheduleTried: true,
    }),
  NO_SUCH_REQUEST: () => released.when("enquiry.answer", { id: "x", answer: "x" }),
  NO_UPGRADE: () => open(released),
  OBSERVATION_NOT_PLANNED: () => finish(meeting, { observationPlan: [] }),
  OFF_THE_JOB_LOW: () =>
    gateway.when("gateway.attest", { lastDay: "2026-02-02", offTheJobPercent: 10, portfolioOwn: true }),
  OFF_THE_JOB_NOT_ATTESTED: () =>
    gateway
      .do("gateway.submit", goodEvidence(gq, "meetingRecord"))
      .do("gateway.confirm", {}, { by: "employer" })
      .do("gateway.confirm", {}, { by: "provider" })
      .when("gateway.accept", {}, { lifting: { R01: reason, R02: reason } }),
  ORDER_NOT_ADVISED: () => move(handedIn, "observation", "2026-04-08"),
  OWN_GRADE: () =>
    waiting.when("moderation.uphold", { method: "project" }, { by: { person: people.assessor, role: "iqa" } }),
  PARTY_CANNOT_BE_STAFF: () => registered.when("staff.allocate", { role: "iqa", person: people.employer }),
  PIECES_NEEDED: () =>
    journey(tquk).upTo("staffed").when("gateway.submit", { item: "portfolio", reference: "x", mapped: true }),
  PIECES_OUTSIDE_RANGE: () => tHandedIn.when("portfolio.submit", { ...goodPortfolio(tquk), pieces: 9 }),
  PLANNING_NOT_HELD: () => journey(gq).upTo("planningScheduled").when("planning.finish", goodPlan(gq)),
  PLANNING_NOT_SCHEDULED: () => journey(gq).upTo("gatewayAccepted").when("planning.finish", goodPlan(gq)),
  PLAN_DOES_NOT_FIT: () => {
    const late = journey(gq)
      .upTo("gatewayAccepted")
      .planningScheduled("2026-03-09")
      .on("2026-03-09", "15:00")
      .do("rule.lift", { rule: "R06", reason });
    const sessions = goodPlan(gq).sessions.map((s) => ({ ...s, at: bookingOn(gq, s.method, "2026-05-14").at }));
    return late.when("planning.finish", { ...goodPlan(gq), reportDue: "2026-04-30", sessions });
  },
  PORTFOLIO_MANNER_NEEDED: () => finish(meeting, { portfolioManner: undefined }),
  PORTFOLIO_NOT_OWN: () =>
    gateway.when("gateway.attest", { lastDay: "2026-02-02", offTheJobPercent: 20, portfolioOwn: false }),
  PROPOSAL_DECIDED: () => returned.when("proposal.accept", { n: 1 }),
  PROPOSAL_NOT_ACCEPTED: () => returned.when("report.submit", goodReport(tquk)),
  PROPOSAL_NOT_RETURNED: () => tHandedIn.when("proposal.submit", goodProposal(tquk)),
  PROPOSAL_NOT_WITH_YOU: () => returned.when("proposal.reopen", { reason }),
  PROPOSAL_SUPERSEDED: () => returned.do("proposal.submit", goodProposal(tquk)).when("proposal.accept", { n: 1 }),
  PROPOSAL_TEXT_NEEDED: () => proposal({ text: undefined }),
  PROPOSAL_TOO_LONG: () => proposal({ text: words(501) }),
  PROPOSAL_WITHOUT_KSBS: () => proposal({ ksbs: [] }),
  QUESTIONS_ALREADY: () =>
    handedIn.started("observation").when("session.questions", { method: "observation", part: "close" }),
  QUESTIONS_NOT_EXACT: () => end(handedIn.run("project", { questions: 9 }), "project"),
  QUESTIONS_TOO_LONG: () => end(handedIn.run("observation", { questionsSeconds: 541 }), "observation"),
  QUESTION_NEEDED: () => running.when("session.ask", { method: "project", kind: "main", criteria: [] }),
  QUESTION_NOT_FROM_BANK: () =>
    running.when("session.ask", { method: "project", text: "Why?", kind: "main", criteria: [] }),
  REASON_NEEDED: () => staffed.when("staff.allocate", { role: "iqa", person: spare.iqa }),
  REF_NOT_TYPED: () => staffed.do("case.withdraw", { reason }).inMonths(72).when("case.erase", { ref: "EX-2026-0001" }),
  REF_TAKEN: () => handled([gq], { byRef: async () => "case:another" }),
  REGRADE_WITHOUT_UPHOLDING: () =>
    judged(appeal, { upheld: false, regrade: { method: "project", grade: "distinction" } }),
  REMIND_YOURSELF: () => registered.when("party.remind", { person: people.coordinator, about: "x" }),
  REPORT_AFTER_WINDOW: () =>
    journey(gq).upTo("planningFinished").on("2026-04-17").when("report.submit", goodReport(gq)),
  REPORT_DATE_NEEDED: () => finish(meeting, { reportDue: undefined }),
  REPORT_PAST_ADVISED: () =>
    journey(gq).upTo("planningFinished").on("2026-04-03").when("report.submit", goodReport(gq)),
  REQUEST_DECIDED: () => {
    const id = adjusted.case.adjustments[0]?.id ?? "";
    return adjusted
      .do("adjustment.decide", { id, granted: true, reason })
      .when("adjustment.decide", { id, granted: false, reason });
  },
  RESCHEDULE_NOT_TRIED: () =>
    registered.when("consideration.request", { method: "project", what: "x", rescheduleTried: false }),
  RESIT_LIMIT_PAST: () => open(failed.on("2026-07-22")),
  RESOURCES_NOT_AGREED: () => finish(meeting, { employerResources: false }),
  RESULT_IS_OUT: () => released.when("results.withhold", { reason }),
  RESULT_MOVED_ON: () => {
    const moved = failed.do("appeal.raise", { grounds: "x" }).reopened("resit", ["project"]);
    return judged(moved, { id: moved.case.challenges[0]?.id ?? "", regrade: { method: "project", grade: "pass" } });
  },
  RESULT_WITHHELD: () => graded.do("results.withhold", { reason }).when("results.release", {}),
  RETURN_REASON_NEEDED: () =>
    journey(tquk).upTo("planningFinished").when("proposal.return", { n: 1, reasons: [], feedback: "x" }),
  REWORK_LATE: () => returned.inDays(8).when("proposal.submit", goodProposal(tquk)),
  REWORK_PAST: () =>
    journey(tquk)
      .upTo("released", { grades: { project: "fail" } })
      .reopened("resit", ["project"])
      .on("2026-05-22")
      .when("report.submit", goodReport(tquk)),
  RULE_HAS_NO_OVERRIDE: () => registered.when("rule.lift", { rule: "R17", reason }),
  SAME_PERSON_TWICE: () =>
    journey(gq).when("case.register", {
      ref: "EX-1",
      bodyId: gq.body.id,
      apprentice: "a",
      employer: "a",
      provider: "b",
      employerName: "x",
      programmeStart: "2025-01-01",
    }),
  SESSION_BEFORE_REPORT_READ: () => finish(meeting, { reportDue: "2026-03-25" }),
  SESSION_BEGUN: () => running.when("report.submit", goodReport(gq)),
  SESSION_IS_RUNNING: () => running.when("staff.allocate", { role: "assessor", person: spare.assessor, reason }),
  SESSION_MUST_MOVE: () => journey(gq).upTo("planningFinished").on("2026-03-25").when("report.submit", goodReport(gq)),
  SESSION_NOT_BEGUN: () => handedIn.when("session.notHeld", { method: "project", why: "abandoned", detail: "x" }),
  SESSION_NOT_ENDED: () => running.when("grade.confirm", { method: "project", grade: "fail", declared: true }),
  SLOT_GONE: () =>
    handedIn
      .do("session.notHeld", { method: "project", why: "technical", detail: "x" })
      .when("session.accept", { method: "project", at: "2026-04-20T09:00:00Z" }, { by: "apprentice" }),
  SESSION_STATE: () => running.when("session.resume", { method: "project" }),
  SETTING_NOT_ALLOWED: () => move(handedIn, "observation", "2026-04-14", { setting: "teams" }),
  START_IN_FUTURE: () =>
    journey(gq).when("case.register", {
      ref: "EX-1",
      bodyId: gq.body.id,
      apprentice: "a",
      employer: "c",
      provider: "b",
      employerName: "x",
      programmeStart: "2027-01-01",
    }),
  START_OUTSIDE_PACK: () =>
    journey(thirdPack).when("case.register", {
      ref: "EX-1",
      bodyId: thirdPack.body.id,
      apprentice: "a",
      employer: "c",
      provider: "b",
      employerName: "x",
      programmeStart: "2019-01-01",
    }),
  SUBJECT_NEEDED: () => finish(meeting, { subject: undefined }),
  SUBJECT_NOT_AGREED: () => meeting.when("report.submit", goodReport(gq)),
  TIME_NOT_ATTESTED: () => gateway.when("gateway.accept", {}),
  TIME_ON_PROGRAMME_SHORT: () => journey(gq).registered({ programmeStart: "2025-06-01" }).when("gateway.accept", {}),
  TOO_SOON_AFTER_HAND_IN: () => move(handedIn, "project", "2026-03-29"),
  UNSEEN_NOT_ASKED: () => {
    const method = "observation";
    const unasked = tHandedIn
      .run(method, { questions: 0 })
      .do("session.ask", { method, text: "Why?", kind: "main", criteria: [] })
      .do("session.end", { method, discretion: false });
    return unasked.when("grade.confirm", { method, grade: "pass", declared: true });
  },
  WHOLE_EPA: () => open(failed.on("2026-07-22"), { kind: "again" }),
  WHOLE_EPA_NOT_DUE: () => open(failed, { kind: "again" }),
  WORDS_OUTSIDE_RANGE: () => handedIn.when("report.submit", { ...goodReport(gq), words: 2249 }),
};

const sources = (value: unknown): Source[] => {
  if (typeof value !== "object" || value === null) return [];
  const own = "source" in value && value.source ? [value.source as Source] : [];
  return [...own, ...Object.values(value).flatMap(sources)];
};
const locators = (pack: Pack) => new Set(sources(pack).map((s) => JSON.stringify(s)));
const known = new Map([gq, tquk, thirdPack].map((p) => [p.id, locators(p)]));

describe("every problem", () => {
  it("has a case of its own", () => {
    expect([...Object.keys(raised), ...atTheEdge].sort()).toEqual([...problemCodes].sort());
  });

  it.each(Object.entries(raised))("%s is raised, with facts and its clause", async (code, raise) => {
    const got = raise();
    const outcome = "decision" in got ? got : undefined;
    const problems = outcome ? [...outcome.refused, ...outcome.warned] : await (got as Problem[] | Promise<Problem[]>);
    const found = problems.find((p) => p.code === code);
    expect(problems.map((p) => p.code)).toContain(code);
    if (!found) return;
    // Facts are plain, so that a sentence can be made of them anywhere.
    for (const fact of Object.values(found.facts))
      expect(fact === undefined || ["string", "number", "boolean"].includes(typeof fact) || Array.isArray(fact)).toBe(
        true,
      );
    if (found.rule === undefined || !outcome) return;
    const { pack } = outcome.journey;
    if (found.source) expect(known.get(pack.id) ?? locators(pack)).toContain(JSON.stringify(found.source));
    expect(found).toHaveProperty("source");
    if (found.remedy === "override") expect(overridable(pack)).toContain(found.rule);
  });
});
