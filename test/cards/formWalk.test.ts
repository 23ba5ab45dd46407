import { isSettled } from "../../src/case/case";
import { type CommandType, payloads } from "../../src/case/decider";
import { neededItems } from "../../src/case/gateway";
import { londonDate } from "../../src/rules/calendar";
import { markKeys } from "../../src/rules/grade";
import type { EvidenceItem, Method, Pack } from "../../src/rules/pack";
import {
  days,
  inAdvisedOrder,
  type Journey,
  journey,
  marksFor,
  people,
  settingOf,
  spare,
  words,
} from "../support/case";
import { type Args, contextOf, formFor, type Inputs, packs, send } from "./formFilling";

/** From a registered case to a result, an appeal and a resit, by nothing but forms filled in as people would. */

const ids = (of: readonly { id: string }[]) => of.map((x) => x.id).join(",");

const proposal = (pack: Pack): Inputs => ({
  challenge: "Refunds take three weeks",
  challengeOn: "2025-11-03",
  text: words(100),
  ksbs: pack.methods.find((m) => m.handIn?.kind === "report")?.ksbs[0]?.id ?? "",
});

const evidence = (pack: Pack, item: EvidenceItem): Inputs => {
  const reference = `${item.id}.pdf`;
  switch (item.kind) {
    case "meetingRecord":
      return { reference, on: days.gatewayMeeting };
    case "qualification":
      return { reference, level: "level2" };
    case "portfolio":
      return { reference, pieces: "24", mapped: "true" };
    case "proposal":
      return { reference, ...proposal(pack) };
    default:
      return { reference };
  }
};

function throughGateway(start: Journey): Journey {
  let j = start;
  for (const role of ["assessor", "iqa"] as const) j = send(j, "staff.allocate", { person: people[role] }, { role });
  for (const role of ["assessor", "iqa"] as const) j = send(j, "interest.declare", { conflict: "false" }, {}, role);
  j = j.on(days.gatewaySubmitted);
  j = send(j, "gateway.attest", { lastDay: days.gatewayMeeting, offTheJobPercent: "22.5", portfolioOwn: "true" });
  j = send(j, "adjustment.request", {
    kind: "extraTime",
    need: "Reads slowly",
    extraTimePercent: "25",
    normalWay: "true",
    apprenticeInvolved: "true",
  });
  const id = j.case.adjustments[0]?.id ?? "";
  j = send(j, "adjustment.decide", { granted: "true", reason: "As the report asks" }, { id });
  expect(j.case.adjustments).toMatchObject([{ outcome: "granted", extraTimePercent: 25, methods: [] }]);
  for (const item of neededItems(j.case, j.pack))
    j = send(j, "gateway.submit", evidence(j.pack, item), { item: item.id });
  const first = neededItems(j.case, j.pack)[0]?.id ?? "";
  j = send(j, "gateway.returnItem", { reason: "The date is covered" }, { item: first });
  j = send(j, "gateway.submit", evidence(j.pack, neededItems(j.case, j.pack)[0] as EvidenceItem), { item: first });
  for (const by of j.pack.rules.gatewayConfirmation.by) j = send(j, "gateway.confirm", {}, { role: by }, by);
  j = send(j, "gateway.ready");
  return j.gatewayAccepted();
}

/** Dates for every session, in the order the pack advises, far enough off for what is handed in. */
const dates = (pack: Pack): Inputs =>
  Object.fromEntries(
    inAdvisedOrder(pack).flatMap((m, i) => {
      const setting = settingOf(m);
      const own = { date: days.sessions[i] ?? "", time: "09:30", setting, where: "Room 4" };
      return Object.entries(own).map(([k, v]) => [`${m.id}-${k}`, v]);
    }),
  );

function throughPlanning(start: Journey): Journey {
  const { planning, observationPlan, projectSubject } = start.pack.rules;
  let j = send(start, "planning.schedule", { date: days.planning, time: "14:00" });
  expect(j.case.planning.meeting?.at).toBe("2026-02-16T14:00:00Z");
  j = j.on(days.planning, "15:00");
  const some = planning.agenda[0]?.id ?? "";
  const subject: Inputs = projectSubject.how.kind === "agreedAtPlanning" ? { subject: "How refunds are handled" } : {};
  const [day] = Object.entries(dates(j.pack));
  j = send(j, "planning.save", {
    agenda: some,
    reportDue: days.handIn,
    ...subject,
    ...(day ? { [day[0]]: day[1] } : {}),
  });
  const again = formFor("planning.finish").form(contextOf(j, "assessor"));
  expect(again.fields).toContainEqual(expect.objectContaining({ id: "agenda", value: some }));
  expect(again.fields).toContainEqual(expect.objectContaining({ id: day?.[0], value: day?.[1] }));
  expect(again.fields).toContainEqual(expect.objectContaining({ id: "reportDue", value: days.handIn }));
  if (subject.subject)
    expect(again.fields).toContainEqual(expect.objectContaining({ id: "subject", value: subject.subject }));
  j = send(j, "planning.finish", {
    agenda: ids(planning.agenda),
    employerResources: "true",
    reportDue: days.handIn,
    ...(observationPlan.aspects.length > 0 ? { observationPlan: ids(observationPlan.aspects) } : {}),
    ...(planning.needs.includes("portfolioManner") ? { portfolioManner: "By upload" } : {}),
    ...dates(j.pack),
  });
  for (const m of j.pack.methods) expect(j.attempt(m.id).session).toMatchObject({ state: "booked" });
  return j;
}

function throughProposal(start: Journey): Journey {
  let j = start;
  const last = () => j.case.proposals.at(-1);
  if (last()?.outcome !== "toDecide") return j;
  j = send(j, "proposal.return", { reasons: "ksbs,other", feedback: "Say what you did yourself" }, { n: 1 });
  expect(j.case.proposals).toMatchObject([{ outcome: "returned", reasons: ["ksbs", "other"] }]);
  // What was written before stands in the form: only what is to change is typed.
  j = send(j, "proposal.submit", { text: words(120) });
  expect(last()).toMatchObject({ n: 2, words: 120, challengeOn: "2025-11-03" });
  j = send(j, "proposal.return", { reasons: "challenge", feedback: "Choose one" }, { n: 2 });
  j = send(j, "proposal.reopen", { reason: "A third go is fair" });
  return send(j, "proposal.submit").do("proposal.accept", { n: 3 });
}

function handedIn(start: Journey): Journey {
  let j = start.on(days.handIn);
  for (const m of j.pack.methods) {
    if (m.handIn?.kind === "report") {
      const rules = m.handIn;
      const typed = {
        reference: "report.docx",
        words: String(rules.words.target),
        contents: ids(rules.contents.items),
      };
      j = send(j, "report.submit", typed, { method: m.id });
    } else if (m.handIn?.kind === "portfolio") {
      const mapping = Object.fromEntries(m.ksbs.map((k) => [`mapping-${k.id}`, "1, 2 and 3"]));
      const pieces = String(m.handIn.selection.min ?? 6);
      j = send(j, "portfolio.submit", { reference: "portfolio.zip", pieces, ...mapping }, { method: m.id });
      expect(Object.values(j.attempt(m.id).handIns.at(-1)?.mapping ?? {})).toEqual(m.ksbs.map(() => [1, 2, 3]));
    }
  }
  return j;
}

/** The assessor presses a button that asks nothing: what it carries is the payload. */
function press(j: Journey, command: CommandType, m: Method): Journey {
  const { may } = contextOf(j, "assessor").view;
  const offered = may.find((p) => p.type === command && p.data.method === m.id);
  return j.do(command, payloads[command].parse(offered?.data) as never, { by: "assessor" });
}

/** One session, with everything that can be asked of an assessor in it. */
function held(start: Journey, m: Method, fail: boolean): Journey {
  const args: Args = { method: m.id };
  const at = start.attempt(m.id).session.booking?.at ?? "";
  const day = londonDate(at);
  let j = send(start, "session.move", { time: "11:15", reason: "The room is taken" }, args).on(day, "11:15");
  expect(j.attempt(m.id).session.booking?.at).toBe(j.now);
  expect(j.attempt(m.id).session.booking?.where).toEqual({ text: "Room 4" });
  const { conditions, setting, length, questionsPart, questions } = m.session;
  j = send(
    j,
    "session.start",
    { identityChecked: "true", conditions: ids([...conditions, ...(setting?.checklist ?? [])]) },
    args,
  );
  j = send(j.inSeconds(60), "session.pause", { reason: "The line dropped" }, args).do("session.resume", {
    method: m.id,
  });

  const bank = contextOf(j, "assessor", args).questions;
  const main = questions && "exactly" in questions ? questions.exactly : 1;
  for (let n = 0; n < main; n++) {
    const question = bank[n];
    const typed: Inputs = question
      ? { questionId: question.id }
      : { text: `Question ${n}`, criteria: m.criteria.pass[0]?.id ?? "" };
    j = send(j, "session.ask", typed, args);
    // Nothing was ticked: the bank says what its question gives a chance to show.
    if (question) expect(j.attempt(m.id).session.asked.at(-1)?.criteria).toEqual(question.criteria);
  }
  j = send(
    j,
    "session.ask",
    { kind: "followUp", text: "And then?", criteria: m.criteria.pass.map((x) => x.id).join(",") },
    args,
  );
  j = send(
    j,
    "session.note",
    { text: "Spoke of it at length", criteria: m.criteria.pass[0]?.id ?? "", question: "1" },
    args,
  );

  const marks = marksFor(m, fail ? "fail" : "pass");
  j = send(j, "session.mark", Object.fromEntries(Object.entries(marks).map(([k, v]) => [`mark-${k}`, v])), args);
  expect(j.attempt(m.id).marks).toEqual(marks);
  const descriptor = m.criteria.fail[0]?.id;
  if (fail && descriptor) {
    j = send(j, "session.descriptors", { ticked: descriptor }, args);
    expect(j.attempt(m.id).descriptors).toEqual([descriptor]);
  }
  j = j.inSeconds(length.minutes * 60 - 60);
  if (questionsPart) {
    j = press(j.inSeconds(questionsPart.limit.kind === "insideShare" ? -300 : 0), "session.questions", m);
    j = press(j.inSeconds(300), "session.questions", m);
    expect(j.attempt(m.id).session.questionsPart).toMatchObject([{ to: j.now }]);
  }
  return send(j, "session.end", {}, args);
}

/** Confirmed, sent back, a mark put right, confirmed again, upheld. */
function graded(start: Journey, m: Method): Journey {
  const args: Args = { method: m.id };
  let j = send(start, "grade.confirm", { declared: "true" }, args);
  j = send(j, "moderation.sendBack", { reason: "Look again at the last criterion" }, args);
  const met = markKeys(m).find((k) => j.attempt(m.id).marks[k.key] === "met");
  for (const mark of ["notMet", "met"])
    j = send(j, "mark.correct", { criterion: met?.key ?? "", mark, reason: "Misread my note" }, args);
  j = send(j, "grade.confirm", { declared: "true" }, args);
  j = send(j, "moderation.uphold", { note: "Agreed" }, args);
  expect(isSettled(j.attempt(m.id))).toBe(true);
  return j;
}

describe.each(packs)("a case under $id, by its forms alone", (pack) => {
  const failing = inAdvisedOrder(pack).at(-1) as Method;
  const done = inAdvisedOrder(pack).reduce(
    (j, m) => held(j, m, m === failing),
    handedIn(throughProposal(throughPlanning(throughGateway(journey(pack).registered().sampling(1))))),
  );
  const gradedAll = pack.methods.reduce(graded, done.on(days.grading));

  it("reaches a released result", () => {
    let j = send(gradedAll, "results.withhold", { reason: "Under review" });
    j = send(j, "results.resume", { reason: "Reviewed" });
    const form = formFor("results.release").form(contextOf(j, "coordinator"));
    expect(form.fields).toContainEqual({ kind: "line", text: "Overall: Fail", strong: true });
    j = send(j, "results.release", { feedback: "More on what customers said." });
    expect(j.case.releases).toMatchObject([{ overall: "fail", feedback: { text: "More on what customers said." } }]);
  });

  const released = send(gradedAll, "results.release", { feedback: "More on what customers said." });

  it("is enquired about and appealed against, and a grade changes on appeal", () => {
    let j = send(released, "enquiry.raise", { grounds: "How did this come about?" });
    j = send(j, "enquiry.answer", { answer: "So." }, { id: j.case.challenges[0]?.id ?? "" });
    j = send(j, "appeal.raise", { grounds: "The criterion was met", method: failing.id }, {}, "employer");
    const id = j.case.challenges.at(-1)?.id ?? "";
    const other = { person: spare.iqa, role: "iqa" as const };
    const typed = { upheld: "true", "regrade-grade": "pass", answer: "It was met." };
    // The assessment appealed about stands in the form already.
    j = send(j, "appeal.decide", typed, { id }, other);
    expect(j.case.challenges).toMatchObject([{ outcome: "answered" }, { outcome: "upheld", method: failing.id }]);
    expect(j.attempt(failing.id).confirmed?.grade).toBe("pass");
  });

  it("is resat, and its cap lifted", () => {
    let j = send(released, "resit.agree", { kind: "resit" });
    const open = formFor("resit.open").form(contextOf(j, "coordinator"));
    expect(open.fields).toContainEqual(expect.objectContaining({ id: "methods", value: failing.id }));
    expect(open.fields).toContainEqual(expect.objectContaining({ id: "kind", value: "resit" }));
    j = send(j, "resit.open", { actionPlan: "Two sessions with the tutor", developed: "true" });
    expect(j.attempt(failing.id)).toMatchObject({ n: 2, kind: "resit" });
    if (pack.rules.cap.override) j = send(j, "cap.lift", { reason: "Nobody could help it" });
    j = j.inDays(1);
    if (failing.handIn)
      j =
        failing.handIn.kind === "report"
          ? j.handedIn()
          : send(
              j,
              "portfolio.submit",
              {
                reference: "again.zip",
                ...Object.fromEntries(failing.ksbs.map((k) => [`mapping-${k.id}`, "1"])),
                pieces: "10",
              },
              { method: failing.id },
            );
    const first = contextOf(j, "coordinator").view.assessments.find((a) => a.method === failing.id)?.earliest ?? "";
    j = send(
      j,
      "session.book",
      { date: first, time: "10:00", setting: settingOf(failing), where: "Room 4" },
      { method: failing.id },
    );
    expect(londonDate(j.attempt(failing.id).session.booking?.at ?? "")).toBe(first);
    j = send(
      j.on(first, "10:30"),
      "session.notHeld",
      { why: "noShow", detail: "Did not come" },
      { method: failing.id },
    );
    expect(j.attempt(failing.id).notHeld).toHaveLength(1);
  });

  it("is corrected, replaced in its staff, and withdrawn", () => {
    let j = send(done, "staff.allocate", { person: spare.iqa, reason: "On leave" }, { role: "iqa" });
    expect(j.case.staff.iqa).toBe(spare.iqa);
    j = send(j, "case.correct", { what: "programmeStart", value: "2024-09-03", reason: "Misread" });
    j = send(j, "rule.lift", { rule: "R06", reason: "The firm closes" });
    expect(j.case.permits).toMatchObject([{ rule: "R06" }]);
    j = send(j, "case.withdraw", { reason: "Left the firm" });
    expect(j.case.stage).toBe("withdrawn");
  });

  it("takes a special consideration, and a dispensation where the pack has one", () => {
    const booked = journey(pack).upTo("planningFinished").upTo("booked");
    const method = pack.methods[0]?.id ?? "";
    let j = send(booked, "consideration.request", { what: "Broke a leg", rescheduleTried: "true" }, { method });
    const id = j.case.considerations[0]?.id ?? "";
    j = send(j, "consideration.decide", { granted: "false", reason: "The date can move" }, { id });
    expect(j.case.considerations).toMatchObject([{ method, outcome: "refused" }]);
    if (!pack.methods.some((m) => m.session.setting?.dispensation)) return;
    j = send(j, "dispensation.grant", { reference: "D-17" });
    expect(j.case.dispensation?.reference).toEqual({ text: "D-17" });
  });

  it("loses an assessor who declares an interest", () => {
    const staffed = send(
      journey(pack).registered(),
      "staff.allocate",
      { person: people.assessor },
      { role: "assessor" },
    );
    const j = send(staffed, "interest.declare", { conflict: "true", detail: "A cousin" }, {}, "assessor");
    expect(j.case.staff.assessor).toBeUndefined();
  });
});
