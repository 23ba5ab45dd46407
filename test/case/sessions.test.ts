import type { Payload } from "../../src/case/decider";
import type { Pack } from "../../src/rules/pack";
import { gradingView } from "../../src/views";
import { historyEntry, type Kept } from "../../src/wording/history";
import { wordsFor } from "../../src/wording/words";
import { actorOf, bookingOn, gq, type Journey, journey, people, type Sitting, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

/** Handed in on 16 March, nothing booked (TQUK and the invented pack may book later; GQ books at planning). */
const unbooked = journey(tquk).upTo("planningScheduled").planningFinished({ sessions: [] }).upTo("proposalAccepted");
const handedIn = unbooked.handedIn();
const booked = (pack: Pack) => journey(pack).upTo("handedIn");
const book = (j: Journey, method: string, day: string, change: Partial<Payload<"session.book">> = {}, how = {}) =>
  j.when("session.book", { ...bookingOn(j.pack, method, day), ...change }, how);
const start = (pack: Pack, method: string, change: Partial<Payload<"session.start">> = {}, j = booked(pack)) => {
  const { session } = j.method(method);
  const conditions = [...session.conditions, ...(session.setting?.checklist ?? [])].map((x) => x.id);
  return j
    .at(j.attempt(method).session.booking?.at ?? j.now)
    .when("session.start", { method, identityChecked: true, conditions, recording: false, ...change });
};
const later = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString();
const hms = (minutes: number, seconds = 0) => minutes * 60 + seconds;

describe("booking a session", () => {
  it("keeps when it will be apart from when it was booked", () => {
    const j = book(handedIn, "project", "2026-03-30").events("SessionBooked");
    expect(j.attempt("project").session.booking).toMatchObject({ at: "2026-03-30T09:00:00Z", made: { at: j.now } });
    book(j.inDays(1), "project", "2026-03-30").already({ at: j.now });
    book(j, "project", "2026-03-31").refusedWith("SESSION_STATE", { state: "booked" });
  });

  it("is for the assessment, an assessor and a method that exists", () => {
    book(journey(tquk).upTo("planningScheduled"), "observation", "2026-03-30").refusedWith("NOT_IN_ASSESSMENT", {
      stage: "planning",
    });
    book(handedIn, "observation", "2026-04-07", { method: "essay" }).refusedWith("NO_SUCH_METHOD", { method: "essay" });
    const alone = handedIn.do("interest.declare", { conflict: true, detail: "A cousin" });
    book(alone, "project", "2026-03-30").refusedWith("NO_ASSESSOR");
  });

  it("is to come", () => {
    book(handedIn.on("2026-03-31", "12:00"), "project", "2026-03-31").refusedWith("IN_THE_PAST");
    book(handedIn.on("2026-03-31", "10:00"), "project", "2026-03-31").refusedWith("IN_THE_PAST");
    book(handedIn.on("2026-03-31", "09:59"), "project", "2026-03-31").accepted();
  });

  it("R07: fourteen days' notice of the observation, date to date", () => {
    book(unbooked.on("2026-03-01", "23:59"), "observation", "2026-03-15").accepted();
    const problem = book(unbooked.on("2026-03-02", "00:01"), "observation", "2026-03-15").refusedWith(
      "NOTICE_TOO_SHORT",
      {
        days: 14,
        earliest: "2026-03-16",
      },
    );
    expect(problem).toMatchObject({ rule: "R07", source: tquk.methods[0]?.session.notice?.source, input: "date" });
    expect(problem.remedy).toBeUndefined();
  });

  it("R06: inside the window, its last day included; a coordinator may lift it", () => {
    book(handedIn, "observation", "2026-05-09").accepted();
    expect(
      book(handedIn, "observation", "2026-05-10").refusedWith("AFTER_WINDOW", { ends: "2026-05-09", months: 3 }),
    ).toMatchObject({
      rule: "R06",
      remedy: "override",
    });
    book(handedIn, "observation", "2026-05-10", {}, { lifting: { R06: "Long illness" } }).lifting(
      "R06",
      "AFTER_WINDOW",
    );
  });

  it("R17: fourteen days after the report; nobody lifts it", () => {
    book(handedIn, "project", "2026-03-30").accepted();
    const problem = book(handedIn, "project", "2026-03-29").refusedWith("TOO_SOON_AFTER_HAND_IN", {
      handedIn: "2026-03-16",
      days: 14,
      earliest: "2026-03-30",
      latest: "2026-05-09",
    });
    expect(problem).toMatchObject({ rule: "R17" });
    expect(problem.remedy).toBeUndefined();
  });

  it("R19: fourteen days after the selection; a coordinator may lift it", () => {
    book(handedIn, "discussion", "2026-03-30").accepted();
    expect(book(handedIn, "discussion", "2026-03-29").refusedWith("TOO_SOON_AFTER_HAND_IN")).toMatchObject({
      rule: "R19",
      remedy: "override",
    });
    book(handedIn, "discussion", "2026-03-29", {}, { lifting: { R19: "The assessor has read it" } }).lifting(
      "R19",
      "TOO_SOON_AFTER_HAND_IN",
    );
  });

  it("leaves the days to read what is still to come: from the agreed date, else from today", () => {
    const agreed = journey(tquk).upTo("planningScheduled").planningFinished({ sessions: [], reportDue: "2026-03-16" });
    book(agreed, "project", "2026-03-30").accepted();
    book(agreed, "project", "2026-03-29").refusedWith("SESSION_BEFORE_REPORT_READ", {
      due: "2026-03-16",
      earliest: "2026-03-30",
      days: 14,
    });
    const open = journey(tquk).upTo("planningScheduled").planningFinished({ sessions: [], reportDue: undefined });
    book(open, "project", "2026-03-02").accepted();
    book(open, "project", "2026-03-01").refusedWith("SESSION_BEFORE_REPORT_READ", {
      due: "2026-02-16",
      earliest: "2026-03-02",
    });
    expect(book(open, "discussion", "2026-03-01").refusedWith("SESSION_BEFORE_REPORT_READ")).toMatchObject({
      rule: "R19",
      remedy: "override",
    });
    book(agreed.on("2026-03-20"), "project", "2026-04-02").refusedWith("SESSION_BEFORE_REPORT_READ", {
      due: "2026-03-20",
    });
    book(agreed.on("2026-03-20"), "project", "2026-04-03").accepted();
  });

  it("an invented pack: five days' notice, seven days for photographs, ten for the recipe", () => {
    const j = booked(thirdPack);
    const again = (method: string, day: string) =>
      j.when("session.move", { ...bookingOn(thirdPack, method, day), reason: "x" });
    again("showing", "2026-03-23").accepted();
    again("showing", "2026-03-22").refusedWith("TOO_SOON_AFTER_HAND_IN", { earliest: "2026-03-23" });
    again("talk", "2026-03-26").notRefusedWith("TOO_SOON_AFTER_HAND_IN");
    again("talk", "2026-03-25").refusedWith("TOO_SOON_AFTER_HAND_IN", { earliest: "2026-03-26" });
    j.on("2026-03-25")
      .when("session.move", { ...bookingOn(thirdPack, "showing", "2026-03-30"), reason: "x" })
      .notRefusedWith("NOTICE_TOO_SHORT");
    j.on("2026-03-25")
      .when("session.move", { ...bookingOn(thirdPack, "showing", "2026-03-29"), reason: "x" })
      .refusedWith("NOTICE_TOO_SHORT");
  });

  it("R10: at the workplace; simulated only under a dispensation, or lifted", () => {
    for (const setting of ["faceToFace", "teams", "simulated"] as const)
      expect(
        book(handedIn, "observation", "2026-04-14", { setting }).refusedWith("SETTING_NOT_ALLOWED", { setting }),
      ).toMatchObject({ rule: "R10", remedy: "override" });
    book(
      handedIn,
      "observation",
      "2026-04-14",
      { setting: "faceToFace" },
      { lifting: { R10: "The site burnt down" } },
    ).lifting("R10", "SETTING_NOT_ALLOWED");
    const dispensed = handedIn.do("dispensation.grant", { reference: "IfATE 12/2026" });
    book(dispensed, "observation", "2026-04-14", { setting: "simulated" }).accepted();
    book(dispensed, "observation", "2026-04-14", { setting: "teams" }).refusedWith("SETTING_NOT_ALLOWED");
  });

  it("interview and discussion are face to face or in Teams", () => {
    for (const method of ["project", "discussion"]) {
      for (const setting of ["faceToFace", "teams"] as const)
        book(handedIn, method, "2026-04-07", { setting }).notRefusedWith("SETTING_NOT_ALLOWED");
      for (const setting of ["workplace", "simulated"] as const)
        book(handedIn, method, "2026-04-07", { setting }).refusedWith("SETTING_NOT_ALLOWED", {
          allowed: ["faceToFace", "teams"],
        });
    }
  });

  it("R40, GQ: the observation is planned; TQUK does not ask", () => {
    const j = booked(gq).do("session.notHeld", { method: "observation", why: "technical", detail: "Power cut" });
    book(j, "observation", "2026-04-20").accepted();
    book(handedIn, "observation", "2026-04-20").accepted();
  });

  it("R23: on one day, by the hour", () => {
    const j = journey(gq).upTo("handedIn");
    const same = (time: string) =>
      j.when("session.move", { ...bookingOn(gq, "observation", "2026-04-09", time), reason: "The shop is shut" });
    same("09:59").warnedOf("ORDER_NOT_ADVISED", { earlier: "discussion", later: "observation" });
    same("10:00").accepted();
    expect(same("10:00").warned).toEqual([]);
  });

  it("R23: the advised order is warned of, never refused", () => {
    const first = book(handedIn, "project", "2026-04-07").after;
    const early = book(
      journey(gq).upTo("handedIn").do("session.notHeld", { method: "discussion", why: "technical", detail: "x" }),
      "discussion",
      "2026-04-20",
    );
    early.warnedOf("ORDER_NOT_ADVISED", { earlier: "discussion", earlierWhat: "session", later: "observation" });
    book(first, "discussion", "2026-04-07").accepted();
    const late = journey(tquk)
      .upTo("planningScheduled")
      .planningFinished({ sessions: [], reportDue: undefined })
      .upTo("proposalAccepted")
      .do("portfolio.submit", {
        method: "discussion",
        reference: "p",
        pieces: 10,
        mapping: Object.fromEntries((tquk.methods[2]?.ksbs ?? []).map((k) => [k.id, [1]])),
      });
    book(late, "discussion", "2026-04-15").warnedOf("ORDER_NOT_ADVISED", {
      earlier: "project",
      earlierWhat: "handIn",
      later: "discussion",
    });
    book(late, "discussion", "2026-04-16").accepted();
  });
});

describe("moving a session", () => {
  const move = (j: Journey, method: string, day: string, change: Partial<Payload<"session.move">> = {}) =>
    j.when("session.move", { ...bookingOn(j.pack, method, day), reason: "The assessor is ill", ...change });

  it("keeps from when and why", () => {
    const j = move(booked(gq), "project", "2026-04-08").events([
      "SessionMoved",
      { from: "2026-04-07T09:00:00Z", reason: { text: "The assessor is ill" } },
    ]);
    expect(j.attempt("project").session.booking?.at).toBe("2026-04-08T09:00:00Z");
  });

  it("to where it stands is already; what is not booked cannot move", () => {
    move(booked(gq), "project", "2026-04-07").already();
    move(unbooked, "project", "2026-04-07").refusedWith("SESSION_STATE", { state: "none" });
    move(booked(gq), "project", "2026-04-07", { where: "Room 5" }).accepted();
  });

  it("to another day gives new notice; within its day it keeps the notice given (R07)", () => {
    const j = booked(gq).on("2026-04-01");
    move(j, "observation", "2026-04-15").accepted();
    move(j, "observation", "2026-04-13").refusedWith("NOTICE_TOO_SHORT", { earliest: "2026-04-15" });
    move(j.on("2026-04-13"), "observation", "2026-04-14", { at: "2026-04-14T13:00:00Z" }).accepted();
    move(j.on("2026-04-13"), "observation", "2026-04-15").refusedWith("NOTICE_TOO_SHORT");
  });

  it("is judged as a booking is", () => {
    move(booked(gq), "project", "2026-05-10").refusedWith("AFTER_WINDOW");
    move(booked(gq), "project", "2026-03-29").refusedWith("TOO_SOON_AFTER_HAND_IN");
  });
});

describe("starting a session", () => {
  it("on its day, with identity checked and the conditions declared", () => {
    const j = booked(gq);
    const ask = { method: "project", identityChecked: true, conditions: ["quiet", "onlyWatching"], recording: true };
    j.on("2026-04-06", "23:59").when("session.start", ask).refusedWith("NOT_THE_DAY", { on: "2026-04-07" });
    j.on("2026-04-08", "00:01").when("session.start", ask).refusedWith("NOT_THE_DAY");
    j.on("2026-04-07", "00:01").when("session.start", ask).accepted();
    start(gq, "project", { identityChecked: false }).refusedWith("IDENTITY_NOT_CHECKED");
    start(gq, "project", { conditions: ["quiet"] }).refusedWith("CONDITIONS_NOT_DECLARED");
    start(gq, "project", { conditions: ["quiet", "onlyWatching", "sunny"] }).refusedWith("NO_SUCH_POINT");
  });

  it("R10: the rest of the observation's checklist is warned of", () => {
    for (const pack of [gq, tquk])
      expect(
        start(pack, "observation", { conditions: ["noInterference"] })
          .warnedOf("CHECKLIST_OPEN")
          .attempt("observation").session.state,
      ).toBe("running");
    start(gq, "observation").accepted();
  });

  it("runs once: again is already, and records what was declared", () => {
    const j = start(gq, "project").events(["SessionStarted", { recording: false }]);
    j.inSeconds(5)
      .when("session.start", { method: "project", identityChecked: true, conditions: [], recording: true })
      .already({ at: j.now, person: people.assessor });
  });

  it("R17, R19: not without the hand-in", () => {
    const without = journey(gq).upTo("planningFinished");
    expect(start(gq, "project", {}, without).refusedWith("NOT_HANDED_IN")).toMatchObject({ rule: "R17" });
    expect(start(gq, "discussion", {}, without).refusedWith("NOT_HANDED_IN")).toMatchObject({
      rule: "R19",
      remedy: "override",
    });
    start(gq, "observation", {}, without).accepted();
  });

  it("R19: a coordinator may lift the fourteen days beforehand, for the assessor's start", () => {
    const late = journey(gq)
      .upTo("planningFinished")
      .on("2026-03-27")
      .do("report.submit", { method: "project", reference: "r", words: 2500, contents: [] })
      .do("portfolio.submit", { method: "discussion", reference: "p", pieces: 5, mapping: {} });
    start(gq, "discussion", {}, late).refusedWith("TOO_SOON_AFTER_HAND_IN", { earliest: "2026-04-10" });
    start(gq, "discussion", {}, late.do("rule.lift", { rule: "R19", reason: "Read already" })).lifting(
      "R19",
      "TOO_SOON_AFTER_HAND_IN",
    );
    start(gq, "project", {}, late).refusedWith("TOO_SOON_AFTER_HAND_IN");
  });
});

describe("the clock of a session", () => {
  it("leaves pauses out", () => {
    const j = booked(tquk).run("discussion", { seconds: hms(30) });
    const done = j
      .do("session.pause", { method: "discussion", reason: "Fire alarm" })
      .inSeconds(hms(25))
      .do("session.resume", { method: "discussion" })
      .inSeconds(hms(25))
      .do("session.end", { method: "discussion", discretion: false });
    expect(done.attempt("discussion").session.ended?.seconds).toBe(hms(55));
  });

  it("adds up what ran to the millisecond, however often it was paused", () => {
    let j = booked(tquk).started("discussion");
    for (let n = 0; n < 5; n++)
      j = j
        .at(later(j.now, 600_900))
        .do("session.pause", { method: "discussion", reason: "x" })
        .inSeconds(60)
        .do("session.resume", { method: "discussion" });
    j = j.at(later(j.now, 235_500)).do("session.end", { method: "discussion", discretion: false });
    expect(j.attempt("discussion").session.ended?.seconds).toBe(3240);
  });

  it("questions that a pause breaks off go on when it is over, and those that were over do not", () => {
    const method = "observation";
    const paused = (j: Journey) =>
      j.do("session.pause", { method, reason: "x" }).inSeconds(120).do("session.resume", { method });
    const asking = booked(tquk)
      .run(method, { seconds: hms(60), questionsSeconds: 0 })
      .do("session.questions", { method, part: "open" })
      .inSeconds(60);
    const on = paused(asking).inSeconds(90);
    expect(on.attempt(method).session.questionsPart).toMatchObject([{ to: asking.now }, {}]);
    expect(on.do("session.end", { method, discretion: false }).attempt(method).session.ended).toMatchObject({
      seconds: hms(60),
      questionsSeconds: 150,
    });
    const over = paused(asking.do("session.questions", { method, part: "close" }).inSeconds(1));
    expect(over.attempt(method).session.questionsPart).toMatchObject([{ to: asking.now }]);
  });

  it("ended while paused counts up to the pause; the questions part too", () => {
    const j = booked(gq)
      .run("observation", { seconds: hms(60), questionsSeconds: hms(8) })
      .do("session.pause", { method: "observation", reason: "x" });
    expect(
      j.inSeconds(hms(20)).do("session.end", { method: "observation", discretion: false }).attempt("observation")
        .session.ended,
    ).toMatchObject({ seconds: hms(60), questionsSeconds: hms(8) });
  });

  it("pauses what runs and resumes what is paused", () => {
    const j = booked(tquk).started("discussion");
    j.when("session.resume", { method: "discussion" }).refusedWith("SESSION_STATE", { state: "running" });
    const paused = j.do("session.pause", { method: "discussion", reason: "x" });
    paused
      .when("session.pause", { method: "discussion", reason: "x" })
      .refusedWith("SESSION_STATE", { state: "paused" });
    paused
      .when("session.ask", { method: "discussion", text: "Why?", kind: "main", criteria: [] })
      .refusedWith("SESSION_STATE");
    booked(tquk).when("session.pause", { method: "essay", reason: "x" }).refusedWith("NO_SUCH_METHOD");
  });

  it("a second press of end is already", () => {
    const j = booked(tquk).sat("discussion");
    j.inSeconds(9).when("session.end", { method: "discussion", discretion: false }).already({ at: j.now });
  });
});

/** Ends a session that ran so long; the last question was asked, the questions part ran so long. */
const ended = (
  pack: Pack,
  method: string,
  sitting: Sitting,
  adjust: (j: Journey) => Journey = (j) => j,
  end: Partial<Payload<"session.end">> = {},
) =>
  adjust(booked(pack))
    .run(method, sitting)
    .when("session.end", { method, discretion: false, ...end });
const extraTime =
  (percent: number, methods: string[] = []) =>
  (j: Journey) => {
    const asked = j.do(
      "adjustment.request",
      {
        kind: "extraTime",
        need: "Dyslexia",
        normalWay: true,
        apprenticeInvolved: true,
        extraTimePercent: percent,
        methods,
      },
      { lifting: { R32: "Diagnosed since" } },
    );
    return asked.do("adjustment.decide", {
      id: asked.case.adjustments[0]?.id ?? "",
      granted: true,
      reason: "Report seen",
    });
  };

describe("how long a session may last (R08, R18, R22)", () => {
  const lengths = [
    [tquk, "project", "R18", hms(54), hms(66)],
    [tquk, "discussion", "R22", hms(54), hms(66)],
    [tquk, "observation", "R08", hms(54), hms(66)],
    [gq, "project", "R18", hms(54), hms(66)],
    [gq, "discussion", "R22", hms(54), hms(66)],
    [thirdPack, "showing", "R08", hms(36), hms(54)],
  ] as const;
  it.each(lengths)("%#: %s", (pack, method, rule, least, most) => {
    // Questions after the session are not part of its length.
    const questionsSeconds = 60;
    for (const seconds of [least, most]) ended(pack, method, { seconds, questionsSeconds }).accepted();
    for (const seconds of [least - 1, most + 1]) {
      const problem = ended(pack, method, { seconds, questionsSeconds }).refusedWith("LENGTH_OUTSIDE", {
        seconds,
        least,
        most,
      });
      expect(problem).toMatchObject({ rule, remedy: "reason", input: "reason" });
      ended(pack, method, { seconds, questionsSeconds }, undefined, { reason: "The fire alarm rang" }).warnedOnlyOf(
        "LENGTH_OUTSIDE",
      );
    }
  });

  it("GQ's observation: 60:00 to 66:00, above 60:00 at the assessor's discretion", () => {
    const of = (seconds: number, end = {}) =>
      ended(gq, "observation", { seconds, questionsSeconds: 60 }, undefined, end);
    of(hms(60)).accepted();
    of(hms(59, 59)).refusedWith("LENGTH_OUTSIDE", { least: 3600, most: 3960 });
    const problem = of(hms(60, 1)).refusedWith("DISCRETION_NEEDED", { seconds: 3601, planned: 3600 });
    expect(problem).toMatchObject({ rule: "R08", source: gq.methods[0]?.session.length.source, input: "discretion" });
    of(hms(60, 1), { discretion: true }).accepted();
    of(hms(66), { discretion: true }).accepted();
    of(hms(66)).refusedWith("DISCRETION_NEEDED");
    of(hms(66, 1), { discretion: true }).refusedWith("LENGTH_OUTSIDE");
    of(hms(66, 1), { reason: "A customer needed help" }).warnedOnlyOf("LENGTH_OUTSIDE");
  });

  it("an invented pack's talk: 27 to 45 minutes, above 30 at discretion", () => {
    const of = (seconds: number, end = {}) => ended(thirdPack, "talk", { seconds }, undefined, end);
    of(hms(27)).accepted();
    of(hms(26, 59)).refusedWith("LENGTH_OUTSIDE", { least: 1620, most: 2700 });
    of(hms(30, 1)).refusedWith("DISCRETION_NEEDED");
    of(hms(45), { discretion: true }).accepted();
    of(hms(45, 1), { discretion: true }).refusedWith("LENGTH_OUTSIDE");
  });

  it("a second is only within a limit when it does not go over it", () => {
    // 15 % of 60:04 is 9:00.6; 33 % on top of 60 min, and 10 % of that, make 87:46.8.
    const asking = (questionsSeconds: number) =>
      ended(gq, "observation", { seconds: 3604, questionsSeconds }, undefined, { discretion: true });
    asking(540).accepted();
    asking(541).refusedWith("QUESTIONS_TOO_LONG", { seconds: 541, most: 540 });
    const long = (seconds: number) => ended(tquk, "project", { seconds }, extraTime(33));
    long(5266).accepted();
    long(5267).refusedWith("LENGTH_OUTSIDE", { most: 5266 });
  });

  it("extra time of 25 % raises the upper limit only: 82:30", () => {
    for (const [pack, method] of [
      [tquk, "project"],
      [tquk, "discussion"],
      [gq, "project"],
    ] as const) {
      ended(pack, method, { seconds: hms(82, 30) }, extraTime(25)).accepted();
      ended(pack, method, { seconds: hms(82, 31) }, extraTime(25)).refusedWith("LENGTH_OUTSIDE", {
        least: 3240,
        most: 4950,
      });
      ended(pack, method, { seconds: hms(53, 59) }, extraTime(25)).refusedWith("LENGTH_OUTSIDE");
      ended(pack, method, { seconds: hms(54) }, extraTime(25)).accepted();
    }
    ended(gq, "observation", { seconds: hms(82, 30) }, extraTime(25), { discretion: true }).accepted();
    ended(gq, "observation", { seconds: hms(75) }, extraTime(25)).accepted();
    ended(gq, "observation", { seconds: hms(75, 1) }, extraTime(25)).refusedWith("DISCRETION_NEEDED", {
      planned: 4500,
    });
  });

  it("what it was judged by is kept with it, and no later decision changes it", () => {
    const j = ended(gq, "observation", { seconds: hms(75), questionsSeconds: 600 }, extraTime(25)).accepted();
    const limits = { least: 3600, planned: 3600, most: 4950, extra: 0.25, questions: 675 };
    expect(j.attempt("observation").session.ended?.limits).toEqual(limits);
    const sentence = historyEntry(
      j.log.findLast((e) => e.type === "SessionEnded") as Kept,
      wordsFor(gq, () => "Ben"),
    ).text;
    expect(sentence.replaceAll("\u00a0", " ")).toContain("60 min to 82 min 30 s were permitted");
    expect(sentence).toContain("25% extra time");
    const request = { kind: "extraTime" as const, need: "x", normalWay: true, apprenticeInvolved: true };
    const asked = j.do(
      "adjustment.request",
      { ...request, extraTimePercent: 50, methods: [] },
      { lifting: { R32: "Diagnosed since" } },
    );
    const { id = "" } = asked.case.adjustments.at(-1) ?? {};
    const more = asked.do("adjustment.decide", { id, granted: true, reason: "It is how they work" });
    const actor = actorOf(gq, people.assessor, "assessor");
    expect(gradingView(more.case, actor, gq, "observation", more.now)?.limits).toMatchObject({
      most: 4950,
      extra: 0.25,
    });
    // Another method goes by what is approved now.
    expect(gradingView(more.case, actor, gq, "project", more.now)?.limits.extra).toBe(0.5);
  });

  it("extra time is for the methods it was granted for, and only when granted as such", () => {
    ended(tquk, "project", { seconds: hms(66, 1) }, extraTime(25, ["discussion"])).refusedWith("LENGTH_OUTSIDE");
    ended(tquk, "discussion", { seconds: hms(82, 30) }, extraTime(25, ["discussion"])).accepted();
    const asked = (j: Journey) =>
      j.do("adjustment.request", {
        kind: "extraTime",
        need: "x",
        normalWay: true,
        apprenticeInvolved: true,
        extraTimePercent: 25,
        methods: [],
      });
    ended(tquk, "project", { seconds: hms(66, 1) }, asked).refusedWith("LENGTH_OUTSIDE");
    const reader = (j: Journey) => {
      const r = j.do("adjustment.request", {
        kind: "readerOrScribe",
        need: "x",
        normalWay: true,
        apprenticeInvolved: true,
        extraTimePercent: 25,
        methods: [],
      });
      return r.do("adjustment.decide", { id: r.case.adjustments[0]?.id ?? "", granted: true, reason: "x" });
    };
    ended(tquk, "project", { seconds: hms(66, 1) }, reader).refusedWith("LENGTH_OUTSIDE");
  });
});

describe("the questions part of the observation (R09)", () => {
  it("GQ: at most 15 % of the whole, inside it: 60 → 9:00, 66 → 9:54", () => {
    const of = (seconds: number, questionsSeconds: number, end = {}) =>
      ended(gq, "observation", { seconds, questionsSeconds }, undefined, { discretion: true, ...end });
    of(hms(60), hms(9)).accepted();
    const problem = of(hms(60), hms(9, 1)).refusedWith("QUESTIONS_TOO_LONG", { seconds: 541, most: 540 });
    expect(problem).toMatchObject({
      rule: "R09",
      remedy: "reason",
      source: gq.methods[0]?.session.questionsPart?.source,
    });
    of(hms(60), hms(9, 1), { reason: "One long answer" }).warnedOnlyOf("QUESTIONS_TOO_LONG");
    of(hms(66), hms(9, 54)).accepted();
    of(hms(66), hms(9, 55)).refusedWith("QUESTIONS_TOO_LONG", { most: 594 });
  });

  it("TQUK: ten minutes after the observation, which they do not lengthen", () => {
    const of = (questionsSeconds: number) => ended(tquk, "observation", { seconds: hms(66), questionsSeconds });
    expect(of(hms(10)).accepted().attempt("observation").session.ended).toMatchObject({
      seconds: 3960,
      questionsSeconds: 600,
    });
    of(hms(10, 1)).refusedWith("QUESTIONS_TOO_LONG", { seconds: 601, most: 600 });
    ended(tquk, "observation", { seconds: hms(60), questionsSeconds: hms(12, 30) }, extraTime(25)).accepted();
    ended(tquk, "observation", { seconds: hms(60), questionsSeconds: hms(12, 31) }, extraTime(25)).refusedWith(
      "QUESTIONS_TOO_LONG",
      { most: 750 },
    );
  });

  it("an invented pack: fifteen minutes", () => {
    ended(thirdPack, "showing", { questionsSeconds: hms(15) }).accepted();
    ended(thirdPack, "showing", { questionsSeconds: hms(15, 1) }).refusedWith("QUESTIONS_TOO_LONG", { most: 900 });
  });

  it("none recorded is refused under both bodies; an invented pack only warns", () => {
    for (const pack of [gq, tquk]) {
      const problem = ended(pack, "observation", { questions: 0 }, undefined, {
        reason: "There was no time",
      }).refusedWith("NO_QUESTION_ASKED");
      expect(problem).toMatchObject({ rule: "R09" });
      expect(problem.remedy).toBeUndefined();
      ended(pack, "observation", { questions: 1 }).accepted();
    }
    ended(thirdPack, "showing", { questions: 0 }).warnedOnlyOf("NO_QUESTION_ASKED");
  });

  it("has a clock that is opened and closed, where the method has such a part", () => {
    const j = booked(gq).started("observation").do("session.questions", { method: "observation", part: "open" });
    j.when("session.questions", { method: "observation", part: "open" }).refusedWith("QUESTIONS_ALREADY", {
      open: true,
    });
    const closed = j
      .inSeconds(60)
      .do("session.ask", { method: "observation", text: "Why?", kind: "main", criteria: [] })
      .do("session.questions", { method: "observation", part: "close" });
    closed
      .when("session.questions", { method: "observation", part: "close" })
      .refusedWith("QUESTIONS_ALREADY", { open: false });
    expect(closed.attempt("observation").session.questionsPart).toMatchObject([{ from: j.now, to: closed.now }]);
    expect(closed.attempt("observation").session.asked).toMatchObject([{ inQuestionsPart: true }]);
    booked(gq)
      .started("project")
      .when("session.questions", { method: "project", part: "open" })
      .refusedWith("NO_QUESTIONS_PART");
  });

  it("stands still in a pause and goes on after it, where the pause came in the middle of it", () => {
    const part = { method: "observation", part: "open" as const };
    const asking = booked(tquk).started("observation").inSeconds(hms(58)).do("session.questions", part);
    const paused = asking.inSeconds(120).do("session.pause", { method: "observation", reason: "Fire alarm" });
    const resumed = paused.inSeconds(600).do("session.resume", { method: "observation" });
    expect(resumed.attempt("observation").session.questionsPart).toMatchObject([
      { from: asking.now, to: paused.now },
      { from: resumed.now },
    ]);
    const over = resumed
      .inSeconds(60)
      .do("session.ask", { method: "observation", text: "Why?", kind: "main", criteria: [] })
      .do("session.end", { method: "observation", discretion: false });
    expect(over.attempt("observation").session.ended).toMatchObject({ seconds: hms(58), questionsSeconds: 180 });
    // Closed before the pause, it stays closed.
    const closed = asking
      .inSeconds(60)
      .do("session.questions", { ...part, part: "close" })
      .inSeconds(60);
    const later = closed.do("session.pause", { method: "observation", reason: "Noise" }).inSeconds(60);
    expect(
      later.do("session.resume", { method: "observation" }).attempt("observation").session.questionsPart,
    ).toHaveLength(1);
  });
});

describe("questions of the interview (R18)", () => {
  it.each([gq, tquk])("ten main questions, else a reason: $id", (pack) => {
    ended(pack, "project", { questions: 10 }).accepted();
    for (const questions of [9, 11]) {
      expect(
        ended(pack, "project", { questions }).refusedWith("QUESTIONS_NOT_EXACT", { asked: questions, wanted: 10 }),
      ).toMatchObject({ rule: "R18", remedy: "reason" });
      ended(pack, "project", { questions }, undefined, { reason: "Two were answered at once" }).warnedOnlyOf(
        "QUESTIONS_NOT_EXACT",
      );
    }
  });

  it("follow-ups are not counted; an invented pack asks four", () => {
    const j = booked(tquk)
      .run("project")
      .do("session.ask", { method: "project", text: "Go on?", kind: "followUp", criteria: [] });
    j.when("session.end", { method: "project", discretion: false }).accepted();
    ended(thirdPack, "talk", { questions: 4 }).accepted();
    ended(thirdPack, "talk", { questions: 5 }).refusedWith("QUESTIONS_NOT_EXACT", { wanted: 4 });
  });

  it("GQ: main questions come from the bank, else warned; follow-ups and TQUK's are the assessor's own", () => {
    const ask = (pack: Pack, method: string, kind: "main" | "followUp", own = true) =>
      booked(pack)
        .started(method)
        .when("session.ask", { method, kind, criteria: [], ...(own ? { text: "Why?" } : { questionId: "q-1" }) });
    ask(gq, "project", "main").warnedOnlyOf("QUESTION_NOT_FROM_BANK");
    ask(gq, "discussion", "main").warnedOnlyOf("QUESTION_NOT_FROM_BANK");
    ask(gq, "project", "followUp").accepted();
    ask(gq, "project", "main", false).accepted();
    ask(tquk, "project", "main").accepted();
    ask(gq, "observation", "main").accepted();
  });

  it("a question has words, and touches criteria that exist", () => {
    const j = booked(gq).started("project");
    const asked = j
      .do("session.ask", { method: "project", questionId: "q-1", kind: "main", criteria: ["project-P1"] })
      .do("session.ask", { method: "project", text: "Why then?", kind: "followUp", criteria: [] });
    expect(asked.attempt("project").session.asked).toMatchObject([
      { n: 1, questionId: "q-1", text: null, kind: "main", criteria: ["project-P1"], inQuestionsPart: false },
      { n: 2, questionId: null, text: { text: "Why then?" }, kind: "followUp" },
    ]);
    j.when("session.ask", { method: "project", kind: "main", criteria: [] }).refusedWith("QUESTION_NEEDED");
    j.when("session.ask", {
      method: "project",
      questionId: "q",
      kind: "main",
      criteria: ["discussion-P1"],
    }).refusedWith("NO_SUCH_CRITERION", { criteria: ["discussion-P1"] });
  });
});

describe("marks, notes and descriptors", () => {
  const running = booked(gq).started("discussion");
  it("are kept while the session runs and until the grade is confirmed", () => {
    const j = running.do("session.mark", {
      method: "discussion",
      marks: { "discussion-P1": "met", "discussion-D1.a": "notMet" },
    });
    expect(j.attempt("discussion").marks).toEqual({ "discussion-P1": "met", "discussion-D1.a": "notMet" });
    expect(
      j.do("session.mark", { method: "discussion", marks: { "discussion-P1": "notMet" } }).attempt("discussion").marks,
    ).toMatchObject({ "discussion-P1": "notMet" });
    j.when("session.mark", {
      method: "discussion",
      marks: { "discussion-P1": "met", "discussion-P2": "notYet" },
    }).nothing();
    j.when("session.mark", { method: "discussion", marks: { "discussion-P1": "met", "discussion-P2": "met" } }).events([
      "CriteriaMarked",
      { marks: { "discussion-P2": "met" } },
    ]);
    const asked = running.do("session.ask", { method: "discussion", text: "Why?", kind: "main", criteria: [] });
    const noted = asked.do(
      "session.note",
      { method: "discussion", text: "Calm", criteria: ["discussion-P1"], question: 1 },
      { command: "note" },
    );
    expect(noted.attempt("discussion").session.notes).toEqual([
      { seq: noted.log.length, id: "note", at: noted.now, criteria: ["discussion-P1"], question: 1 },
    ]);
    expect(
      running.do("session.descriptors", { method: "discussion", ticked: ["discussion-F2"] }).attempt("discussion")
        .descriptors,
    ).toEqual(["discussion-F2"]);
  });

  it("ticked again as they stand change nothing", () => {
    running.when("session.descriptors", { method: "discussion", ticked: [] }).nothing();
    const j = running.do("session.descriptors", { method: "discussion", ticked: ["discussion-F2", "discussion-F2"] });
    expect(j.attempt("discussion").descriptors).toEqual(["discussion-F2"]);
    j.when("session.descriptors", { method: "discussion", ticked: ["discussion-F2"] }).nothing();
    j.when("session.descriptors", { method: "discussion", ticked: [] }).events(["DescriptorsTicked", { ticked: [] }]);
  });

  it("of what does not exist are refused", () => {
    const criteria = { criteria: ["discussion-D1"] };
    running
      .when("session.mark", { method: "discussion", marks: { "discussion-D1": "met" } })
      .refusedWith("NO_SUCH_CRITERION", criteria);
    running
      .when("session.mark", { method: "discussion", marks: { valueOf: "met" } as never })
      .refusedWith("NO_SUCH_CRITERION");
    running
      .when("session.descriptors", { method: "discussion", ticked: ["project-F1"] })
      .refusedWith("NO_SUCH_CRITERION");
    running
      .when("session.note", { method: "discussion", text: "x", criteria: ["project-P1"] })
      .refusedWith("NO_SUCH_CRITERION");
  });

  it("are closed before the session and after the confirmed grade", () => {
    const closed = [booked(gq), journey(gq).upTo("graded")];
    for (const j of closed) {
      j.when("session.mark", { method: "discussion", marks: { "discussion-P1": "notMet" } }).refusedWith(
        "MARKS_CLOSED",
      );
      j.when("session.note", { method: "discussion", text: "x", criteria: [] }).refusedWith("MARKS_CLOSED");
      j.when("session.descriptors", { method: "discussion", ticked: [] }).refusedWith("MARKS_CLOSED");
    }
    const mark = { method: "discussion", marks: {} };
    journey(gq).upTo("released").when("session.mark", mark).refusedWith("NOT_IN_ASSESSMENT", { stage: "released" });
    running.when("session.mark", { ...mark, method: "essay" }).refusedWith("NO_SUCH_METHOD");
    running.when("session.note", { method: "essay", text: "x", criteria: [] }).refusedWith("NO_SUCH_METHOD");
    running.when("session.descriptors", { method: "essay", ticked: [] }).refusedWith("NO_SUCH_METHOD");
  });
});

describe("a session that was not held", () => {
  const notHeld = (j: Journey, why: Payload<"session.notHeld">["why"], method = "project") =>
    j.when("session.notHeld", { method, why, detail: "As told on the phone" });

  it("a no-show only after its time, and not once it began", () => {
    const j = booked(gq);
    notHeld(j.on("2026-04-07", "09:59"), "noShow").refusedWith("NOT_YET_TIME", { at: "2026-04-07T09:00:00Z" });
    notHeld(j.on("2026-04-07", "10:00"), "noShow").accepted();
    notHeld(j.started("project"), "noShow").refusedWith("SESSION_BEGUN");
  });

  it("abandoned only once it began; a technical failure at any time", () => {
    notHeld(booked(gq), "abandoned").refusedWith("SESSION_NOT_BEGUN");
    notHeld(booked(gq).started("project"), "abandoned").accepted();
    notHeld(booked(gq), "technical").accepted();
    notHeld(booked(gq).started("project"), "technical").accepted();
    notHeld(unbooked, "technical").refusedWith("SESSION_STATE", { state: "none" });
  });

  it("begins anew: no clock, questions or marks; what was stays on the record", () => {
    const j = notHeld(booked(gq).run("project"), "abandoned").after;
    expect(j.attempt("project")).toMatchObject({
      n: 1,
      session: { state: "none", asked: [] },
      marks: {},
      descriptors: [],
      notHeld: [{ why: "abandoned", booking: { at: "2026-04-07T09:00:00Z" } }],
    });
    expect(j.attempt("project").handIns).toHaveLength(1);
    expect(j.happened).toContain("CriteriaMarked");
    book(j, "project", "2026-04-20").accepted();
  });
});
