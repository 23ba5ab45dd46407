import type { Occurred } from "../../src/case/case";
import { gq, type Journey, journey, tquk } from "../support/case";

/** Sent late: what counts is when it was pressed. */

const method = "discussion";
const booked = journey(tquk).upTo("booked");
const running = booked.started(method);
const minutes = (n: number, j: Journey = running) => j.inSeconds(n * 60);
const pressed = (j: Journey, more: Partial<Occurred> = {}) => ({ occurred: { at: j.now, ...more } });
const flags = (j: Journey) => j.log.at(-1)?.occurred?.flags;

describe("a session run offline", () => {
  it("that was ended in time is in time, however late that arrives", () => {
    const arrives = minutes(95);
    arrives.when("session.end", { method, discretion: false }).refusedWith("LENGTH_OUTSIDE", { seconds: 95 * 60 });
    const ended = arrives.do("session.end", { method, discretion: false }, pressed(minutes(60)));
    expect(ended.attempt(method).session).toMatchObject({
      ended: { seconds: 3600, at: minutes(60).now },
      spans: [{ to: minutes(60).now }],
    });
  });

  it("that was ended too early asks for the reason, however late that arrives", () => {
    minutes(60)
      .when("session.end", { method, discretion: false }, pressed(minutes(50)))
      .refusedWith("LENGTH_OUTSIDE", { seconds: 3000 });
  });

  it("keeps in the record when it happened and when it was received", () => {
    const paused = minutes(30).do("session.pause", { method, reason: "Sound lost" }, pressed(minutes(10)));
    expect(paused.log.at(-1)).toMatchObject({ at: minutes(30).now, occurred: { at: minutes(10).now } });
    expect(paused.attempt(method).session).toMatchObject({ spans: [{ to: minutes(10).now }], pauses: [{}] });
    const resumed = minutes(31, running).at(minutes(31).now);
    const on = paused.at(resumed.now).do("session.resume", { method }, pressed(minutes(12)));
    expect(on.attempt(method).session.pauses).toMatchObject([{ from: minutes(10).now, to: minutes(12).now }]);
  });

  it("starts when it was started, on the day for which it is booked", () => {
    const { session } = booked.method(method);
    const start = {
      method,
      identityChecked: true,
      conditions: session.conditions.map((x) => x.id),
      recording: false,
      storage: true,
    };
    const at = booked.at(booked.attempt(method).session.booking?.at ?? "");
    const nextDay = at.inDays(1);
    nextDay.when("session.start", start).refusedWith("NOT_THE_DAY");
    const started = nextDay.do("session.start", start, pressed(at));
    expect(started.attempt(method).session).toMatchObject({ started: { at: at.now, storage: true }, spans: [{}] });
  });

  it("ended on one device before what another did later: what came after the end does not count", () => {
    const paused = minutes(58).do("session.pause", { method, reason: "Fire alarm" });
    const resumed = paused.at(minutes(70).now).do("session.resume", { method });
    const ended = resumed.at(minutes(80).now).do("session.end", { method, discretion: false }, pressed(minutes(55)));
    expect(ended.attempt(method).session.ended?.seconds).toBe(55 * 60);
    expect(ended.attempt(method).session.spans).toHaveLength(1);
  });

  it("has its questions part and its limits by when it was pressed (R09)", () => {
    const observed = journey(gq).upTo("booked").started("observation");
    const ask = { method: "observation", text: "Why?", kind: "main" as const, criteria: [] };
    const opened = observed
      .at(minutes(52, observed).now)
      .do("session.questions", { method: "observation", part: "open" }, pressed(minutes(51, observed)))
      .do("session.ask", ask);
    const end = (at: number) =>
      opened
        .at(minutes(90, observed).now)
        .when("session.end", { method: "observation", discretion: false }, pressed(minutes(at, observed)));
    end(60).events(["SessionEnded", { seconds: 3600, questionsSeconds: 540 }]);
    end(64).refusedWith("QUESTIONS_TOO_LONG", { seconds: 13 * 60 });
  });
});

describe("what cannot have been", () => {
  it("before the start is moved there, and flagged", () => {
    const before = running.inSeconds(-90);
    const noted = minutes(5).do("session.note", { method, text: "Calm", criteria: [] }, pressed(before));
    expect(flags(noted)).toEqual(["beforeStart"]);
    expect(noted.attempt(method).session.notes[0]?.at).toBe(running.now);
  });

  it("a resume before its pause is moved there, and flagged; the session never runs backwards", () => {
    const paused = minutes(20).do("session.pause", { method, reason: "Sound lost" });
    const resumed = paused.inSeconds(60).do("session.resume", { method }, pressed(minutes(10)));
    expect(flags(resumed)).toEqual(["outOfOrder"]);
    expect(resumed.attempt(method).session.spans).toMatchObject([{ to: minutes(20).now }, { from: minutes(20).now }]);
  });

  it("keeps the flags with which it came", () => {
    const noted = minutes(5).do(
      "session.note",
      { method, text: "Calm", criteria: [] },
      {
        occurred: { at: minutes(4).now, flags: ["clockJump"] },
      },
    );
    expect(flags(noted)).toEqual(["clockJump"]);
  });
});

describe("consent", () => {
  it("is needed for a recording, and is on record", () => {
    const at = booked.at(booked.attempt(method).session.booking?.at ?? "");
    const conditions = booked.method(method).session.conditions.map((x) => x.id);
    const start = (change: object) =>
      at.when("session.start", { method, identityChecked: true, conditions, recording: true, ...change });
    start({ consent: false }).refusedWith("NO_CONSENT_TO_RECORDING");
    start({ consent: true }).events(["SessionStarted", { consent: true, recording: true }]);
    start({ consent: false, recording: false }).events(["SessionStarted", { consent: false, recording: false }]);
  });
});
