import { attemptAt } from "../../src/case/case";
import { clash, type MeetingNews, presenceOf } from "../../src/case/meetings";
import type { MeetingWork } from "../../src/meetingNotices";
import { noticesOf } from "../../src/notices";
import type { Recorded } from "../../src/ports";
import { caseView } from "../../src/views";
import { actorOf, gq, type Journey, journey, people, tquk } from "../support/case";

/** Meetings on Teams: what a booking asks for, and which steps follow from what came about. */

const meeting = { lobby: "invited" as const, recording: false };
const method = tquk.methods.find((m) => m.handIn?.kind === "report")?.id ?? "";
const at = "2026-05-07T09:00:00Z";
const booking = { method, at, setting: "teams" as const, where: "Microsoft Teams" };
const link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0";

/** What the last step has to be done, as steps. */
function works(before: Journey, after: Journey): MeetingWork[] {
  const events = after.log.slice(before.log.length) as Recorded[];
  return noticesOf(before.case, after.case, events, after.pack)
    .filter((n) => n.kind === "meeting")
    .map((n) => n.data as MeetingWork);
}
const steps = (before: Journey, after: Journey) => works(before, after).map((w) => w.step);
const online = (j: Journey) => attemptAt(j.case, method).session.online;
const made = (j: Journey, over: Partial<MeetingNews> = {}): Journey =>
  j.noted({
    kind: "made",
    of: method,
    asked: online(j)?.asked ?? 0,
    event: "AAMk1",
    uid: "0400",
    link,
    at,
    ...over,
  } as MeetingNews);
const setUp = (j: Journey, step: "options" | "app" | "tab", chat?: string): Journey =>
  j.noted({ kind: "setUp", of: method, asked: online(j)?.asked ?? 0, step, ...(chat ? { chat } : {}) });

const open = journey(tquk).upTo("handedIn");
const book = (j: Journey, over: object = {}): Journey =>
  attemptAt(j.case, method).session.booking
    ? j.do("session.move", { ...booking, reason: "A better day", ...over })
    : j.do("session.book", { ...booking, ...over });

describe("a booking on Teams", () => {
  it("with a choice for its meeting asks for one; what names it is of this booking alone", () => {
    const j = book(open, { meeting });
    expect(online(j)).toEqual({ asked: j.log.at(-1)?.seq, ...meeting });
    const [work, ...more] = works(open, j);
    expect(more).toEqual([]);
    expect(work).toMatchObject({ step: "make", of: method, asked: j.log.at(-1)?.seq });
    const [notice] = noticesOf(open.case, j.case, j.log.slice(-1) as Recorded[], tquk).filter(
      (n) => n.kind === "meeting",
    );
    expect(work).toMatchObject({ transaction: `${j.case.id}-${notice?.id}` });
    expect(notice).toMatchObject({ to: "meeting", repeat: "repeat" });
  });

  it.each([
    ["with a pasted link", { meeting, link }],
    ["in a room", { meeting, setting: "faceToFace", where: "Room 5" }],
    ["without a choice", {}],
  ])("%s asks for none", (_what, over) => {
    const j = book(open, over);
    expect(online(j)).toBeUndefined();
    expect(works(open, j)).toEqual([]);
  });

  it("that is finished in planning asks for a meeting a session", () => {
    const planned = journey(gq).upTo("planningScheduled");
    expect(planned.case.stage).toBe("planning");
    const j = planned.do("planning.schedule", { at: "2026-04-02T13:00:00Z", where: "Microsoft Teams", meeting });
    expect(works(planned, j)).toMatchObject([{ step: "make", of: "planning" }]);
    const again = j.do("planning.schedule", { at: "2026-04-03T13:00:00Z", where: "Microsoft Teams" });
    expect(again.case.planning.online).toEqual(j.case.planning.online);
  });
});

describe("what is done calls for the next step", () => {
  const asked = book(open, { meeting });
  const there = made(asked);
  const opened = setUp(there, "options", "19:meeting_x@thread.v2");
  const added = setUp(opened, "app");

  it("made, then lobby and recording, then the app, then the panel, and then nothing more", () => {
    expect(steps(asked, there)).toEqual(["options"]);
    expect(steps(there, opened)).toEqual(["app"]);
    expect(steps(opened, added)).toEqual(["tab"]);
    expect(steps(added, setUp(added, "tab"))).toEqual([]);
    expect(online(opened)?.chat).toBe("19:meeting_x@thread.v2");
  });

  it("said twice, it is on the record once", () => {
    expect(made(there).log).toHaveLength(there.log.length);
    expect(setUp(opened, "options", "19:meeting_x@thread.v2").log).toHaveLength(opened.log.length);
  });

  it("its link is for those who may see the case, and the booking's own stays what was typed", () => {
    const view = caseView(there.case, actorOf(tquk, people.apprentice, "apprentice"), tquk, there.now);
    expect(view?.assessments.find((a) => a.method === method)).toMatchObject({
      link,
      meeting: { ...meeting, made: true },
    });
    expect(attemptAt(there.case, method).session.booking?.link).toBeUndefined();
  });

  it("what is set up, outside people do not learn of, not by a counter either", () => {
    const of = (j: Journey) => caseView(j.case, actorOf(tquk, people.employer, "employer"), tquk, j.now);
    expect(of(added)).toEqual(of(there));
  });
});

describe("a booking that changes", () => {
  const asked = book(open, { meeting });
  const there = setUp(made(asked), "options", "19:meeting_x@thread.v2");
  const move = (j: Journey, over: object = {}) =>
    j.do("session.move", { ...booking, at: "2026-05-08T09:00:00Z", reason: "A stock count", ...over });

  it("moves its meeting, and keeps it", () => {
    const moved = move(there);
    expect(steps(there, moved)).toEqual(["move"]);
    expect(online(moved)?.made?.event).toBe("AAMk1");
  });

  it("before it is made, is made good once it is", () => {
    const moved = move(asked);
    expect(steps(asked, moved)).toEqual([]);
    expect(steps(moved, made(moved))).toEqual(["move", "options"]);
  });

  it("in what was chosen for its meeting, has that set", () => {
    const chosen = move(there, { at, meeting: { lobby: "everyone", recording: true } });
    expect(steps(there, chosen)).toEqual(["options"]);
    expect(online(chosen)).toMatchObject({ lobby: "everyone", recording: true });
  });

  it.each([
    ["a room", { setting: "faceToFace", where: "Room 5" }],
    ["a pasted link", { link }],
  ])("to %s, calls the meeting off", (_what, over) => {
    const gone = move(there, over);
    expect(works(there, gone)).toEqual([{ step: "cancel", of: method, asked: online(there)?.asked, event: "AAMk1" }]);
    expect(online(gone)).toBeUndefined();
  });

  it("to a room and back, asks for a meeting of its own", () => {
    const back = move(move(there, { setting: "faceToFace", where: "Room 5" }), { at, meeting });
    expect(online(back)).toMatchObject(meeting);
    expect(online(back)?.asked).not.toBe(online(there)?.asked);
    expect(online(back)?.made).toBeUndefined();
  });

  it("called off before it was made, has it called off once it turns out that it was", () => {
    const gone = move(asked, { setting: "faceToFace", where: "Room 5" });
    const late = made(gone, { asked: online(asked)?.asked ?? 0 } as Partial<MeetingNews>);
    expect(works(gone, late)).toEqual([{ step: "cancel", of: method, asked: online(asked)?.asked, event: "AAMk1" }]);
    expect(online(late)).toBeUndefined();
  });

  it("with the case that is withdrawn, calls every meeting off", () => {
    const gone = there.do("case.withdraw", { reason: "Left the firm" });
    expect(steps(there, gone)).toEqual(["cancel"]);
  });

  it("of other people, has them invited", () => {
    const other = there.do("person.correct", { role: "apprentice", field: "mail", reason: "A slip" });
    expect(steps(there, other)).toEqual(["move"]);
  });
});

describe("what Teams says of a session's meeting", () => {
  const booked = book(open, { meeting });
  const ada = booked.case.parties.apprentice;
  const started = { what: "started" as const, at: "2026-05-07T09:01:00Z" };
  const joined = { what: "joined" as const, at: "2026-05-07T09:02:00Z", person: ada };

  it("is on the record once, however often it is told, and changes nothing of the session's own time", () => {
    const j = booked.seen(method, started, joined).seen(method, joined);
    expect(attemptAt(j.case, method).session.seen).toEqual([started, joined]);
    expect(attemptAt(j.case, method).session.state).toBe("booked");
    expect(attemptAt(j.case, method).session.spans).toEqual([]);
    expect(presenceOf([started, joined, { ...joined, at: "2026-05-07T09:30:00Z" }])).toEqual({
      startedAt: started.at,
      endedAt: null,
      people: [ada],
      guests: 0,
    });
  });

  it("of a session that is not booked is nothing", () => {
    const off = booked.do("session.notHeld", { method, why: "technical", detail: "No power" });
    expect(off.seen(method, started).log).toHaveLength(off.log.length);
  });

  it("moves nobody's card, tells nobody, and outside people do not learn of it", () => {
    const j = booked.seen(method, started, joined);
    expect(noticesOf(booked.case, j.case, j.log.slice(booked.log.length) as Recorded[], tquk)).toEqual([]);
    const of = (x: Journey) => caseView(x.case, actorOf(tquk, people.employer, "employer"), tquk, x.now);
    expect(of(j)).toEqual(of(booked));
  });

  it("decides nothing of a session under way, nor of one that ended: both times stay", () => {
    const running = journey(tquk).upTo("booked").started("discussion");
    const end = { what: "ended" as const, at: running.inSeconds(1800).now };
    const told = running.seen("discussion", { what: "started", at: running.inSeconds(-300).now }, joined, end);
    expect(told.attempt("discussion").session).toMatchObject({ state: "running", spans: [{ from: running.now }] });
    const over = told.inSeconds(3600).do("session.end", { method: "discussion", discretion: false });
    const late = over.seen("discussion", { what: "ended", at: over.inSeconds(900).now });
    expect(late.attempt("discussion").session.ended).toMatchObject({ at: over.now, seconds: 3600 });
    expect(late.attempt("discussion").session.seen?.map((s) => s.what)).toEqual([
      "started",
      "joined",
      "ended",
      "ended",
    ]);
    expect(presenceOf(late.attempt("discussion").session.seen ?? [])).toMatchObject({
      endedAt: over.inSeconds(900).now,
      people: [ada],
    });
  });

  it("fills no case", () => {
    const many = Array.from({ length: 400 }, (_, i) => ({ ...joined, at: new Date(i * 1000).toISOString() }));
    expect(attemptAt(booked.seen(method, ...many).case, method).session.seen).toHaveLength(200);
  });
});

describe("two meetings of one person", () => {
  const hour = { at: "2026-05-07T09:00:00Z", minutes: 60 };
  it.each([
    ["one begins as the other ends", "2026-05-07T10:00:00Z", 30, false],
    ["one begins in the other's last minute", "2026-05-07T09:59:00Z", 30, true],
    ["one lies inside the other", "2026-05-07T09:15:00Z", 15, true],
    ["one goes on into the other", "2026-05-07T08:30:00Z", 31, true],
    ["one ends as the other begins", "2026-05-07T08:30:00Z", 30, false],
  ])("%s", (_when, at, minutes, clashes) => {
    expect(clash(hour, { at, minutes })).toBe(clashes);
    expect(clash({ at, minutes }, hour)).toBe(clashes);
  });
});
