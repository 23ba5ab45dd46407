import { attemptAt } from "../../src/case/case";
import { indexOf } from "../../src/caseIndex";
import { noticesOf } from "../../src/notices";
import { permitted } from "../../src/permissions";
import type { Recorded } from "../../src/ports";
import { queueOf, queueRow } from "../../src/queue";
import { addDays, atLondon } from "../../src/rules/calendar";
import { caseView } from "../../src/views";
import { actorOf, bookingOn, type Journey, journey, people, tquk } from "../support/case";

/** Times offered for a session, and the one that is chosen. */

const observation = tquk.methods.find((m) => m.session.questionsPart)?.id ?? "";
const project = tquk.methods.find((m) => m.handIn?.kind === "report")?.id ?? "";
const meeting = { lobby: "invited" as const, recording: false };
const unbooked = (method: string): Journey => {
  const j = journey(tquk).upTo("handedIn");
  const booked = attemptAt(j.case, method).session.state === "booked";
  return booked ? j.do("session.notHeld", { method, why: "technical", detail: "No line" }) : j;
};
const slotsFor = (j: Journey, method: string, from = 15) =>
  [0, 1, 2].map((n) => bookingOn(tquk, method, addDays(j.today, from + n)).at);
function offered(method: string, over: object = {}): { j: Journey; slots: string[] } {
  const before = unbooked(method);
  const slots = slotsFor(before, method);
  const { at: _one, ...place } = bookingOn(tquk, method, before.today);
  return { j: before.do("session.offer", { ...place, slots, ...over }), slots };
}
const may = (j: Journey, role: "apprentice" | "employer" | "coordinator" | "assessor") =>
  permitted(actorOf(tquk, people[role], role), j.case, tquk, j.now).map((p) =>
    p.onBehalfOf ? `${p.type} for ${p.onBehalfOf}` : p.type,
  );

describe("given times that were offered for an interview", () => {
  const { j, slots } = offered(project, { setting: "teams", where: "Microsoft Teams", meeting });
  const [first = "", second = ""] = slots;

  it("the apprentice may choose, and the coordinator for them; the employer may not", () => {
    expect(may(j, "apprentice")).toContain("session.accept");
    expect(may(j, "coordinator")).toContain("session.accept for apprentice");
    expect(may(j, "coordinator")).not.toContain("session.accept for employer");
    expect(may(j, "employer")).not.toContain("session.accept");
    j.when("session.accept", { method: project, at: first }, { by: "employer" }).refusedWith("NOT_ALLOWED");
  });

  it("when one is chosen, then it is booked as it was offered, its meeting is asked for, and nothing is left to choose", () => {
    const done = j.do("session.accept", { method: project, at: second }, { by: "apprentice" });
    const { session } = attemptAt(done.case, project);
    expect(session).toMatchObject({ state: "booked", booking: { at: second, setting: "teams" }, online: meeting });
    expect(session.offered).toBeUndefined();
    expect(session.booking?.made.by).toMatchObject({ person: people.apprentice, role: "apprentice" });
    expect(may(done, "apprentice")).not.toContain("session.accept");
    const events = done.log.slice(j.log.length) as Recorded[];
    const kinds = noticesOf(j.case, done.case, events, tquk).map((n) => `${n.kind} ${n.to}`);
    expect(kinds).toContain("meeting meeting");
    expect(kinds).toContain(`told ${people.assessor}`);
  });

  it("when it was not offered, or is offered no more, then it is refused", () => {
    const other = bookingOn(tquk, project, addDays(j.today, 25)).at;
    j.when("session.accept", { method: project, at: other }, { by: "apprentice" }).refusedWith("SLOT_GONE");
    const again = j.do("session.offer", {
      method: project,
      slots: [other],
      setting: "faceToFace",
      where: "Room 5",
    });
    again.when("session.accept", { method: project, at: first }, { by: "apprentice" }).refusedWith("SLOT_GONE");
  });

  it("when the rules allow it no more by then, then it is refused by them", () => {
    const late = j.on(first.slice(0, 10), "23:00");
    late.when("session.accept", { method: project, at: first }, { by: "apprentice" }).refusedWith("IN_THE_PAST");
  });

  it("when it is chosen twice, then it stands already; another one then is refused", () => {
    const done = j.do("session.accept", { method: project, at: first }, { by: "apprentice" });
    const again = done.when("session.accept", { method: project, at: first }, { by: "apprentice" });
    expect(again.decision).toHaveProperty("already");
    done.when("session.accept", { method: project, at: second }, { by: "apprentice" }).refusedWith("SESSION_STATE");
  });

  it("they are told the apprentice, and seen by them, as long as they are to come", () => {
    const before = unbooked(project);
    const events = j.log.slice(before.log.length) as Recorded[];
    const told = noticesOf(before.case, j.case, events, tquk).filter((n) => n.kind === "told");
    expect(told.map((n) => n.to)).toContain(people.apprentice);
    const seen = (x: Journey) =>
      caseView(x.case, actorOf(tquk, people.apprentice, "apprentice"), tquk, x.now)?.assessments.find(
        (a) => a.method === project,
      )?.slots?.at;
    expect(seen(j)).toEqual(slots);
    expect(seen(j.on(second.slice(0, 10), "23:00"))).toEqual(slots.slice(2));
  });
});

describe("given times at the workplace", () => {
  const { j, slots } = offered(observation);

  it("the employer may choose too", () => {
    expect(attemptAt(j.case, observation).session.offered?.setting).toBe("workplace");
    expect(may(j, "employer")).toContain("session.accept");
    const done = j.do("session.accept", { method: observation, at: slots[0] ?? "" }, { by: "employer" });
    expect(attemptAt(done.case, observation).session.state).toBe("booked");
  });
});

describe("offering", () => {
  it("a time that the rules do not allow is refused beside it, and the others are not", () => {
    const before = unbooked(observation);
    const { at: _one, ...place } = bookingOn(tquk, observation, before.today);
    const soon = bookingOn(tquk, observation, addDays(before.today, 2)).at;
    const good = slotsFor(before, observation)[0] ?? "";
    before.when("session.offer", { ...place, slots: [good, soon] }).refusedWith("NOTICE_TOO_SHORT", {});
    const { decision } = before.when("session.offer", { ...place, slots: [good, soon] });
    expect("refused" in decision && decision.refused.map((p) => p.input)).toEqual(["slot-2"]);
  });

  it("twice the same time is once, in order; of what is booked nothing is offered", () => {
    const before = unbooked(project);
    const [a = "", b = ""] = slotsFor(before, project);
    const j = before.do("session.offer", { method: project, slots: [b, a, b], setting: "faceToFace", where: "Room 5" });
    expect(attemptAt(j.case, project).session.offered?.slots).toEqual([a, b]);
    const booked = j.do("session.book", bookingOn(tquk, project, addDays(j.today, 16)));
    expect(attemptAt(booked.case, project).session.offered).toBeUndefined();
    booked
      .when("session.offer", { method: project, slots: [a], setting: "faceToFace", where: "Room 5" })
      .refusedWith("SESSION_STATE");
  });
});

describe("whose turn it is", () => {
  const { j, slots } = offered(project, { setting: "teams", where: "Microsoft Teams" });
  const view = (x: Journey, role: "apprentice" | "employer" | "coordinator") =>
    caseView(x.case, actorOf(tquk, people[role], role), tquk, x.now);
  const choosing = (x: Journey, role: "apprentice" | "employer" | "coordinator") =>
    view(x, role)?.due.filter((t) => t.code === "chooseTime" && t.method === project) ?? [];

  it("to choose is the apprentice's, due while the notice is left; nobody books meanwhile", () => {
    const notice = tquk.methods.find((m) => m.id === project)?.session.notice?.days ?? 0;
    const [task] = choosing(j, "apprentice");
    expect(task).toMatchObject({ person: people.apprentice, command: "session.accept", until: slots[2] });
    expect(task?.day).toBe(addDays((slots[2] ?? "").slice(0, 10), -notice));
    expect(choosing(j, "employer")).toEqual([]);
    const next = view(j, "coordinator")?.next;
    expect(next?.code === "book" && next.method === project).toBe(false);
    expect(indexOf(j.case, tquk).due.map((d) => d.facts.code)).toContain("chooseTime");
  });

  it("the last of them past, nobody is to choose; the coordinator books again", () => {
    const late = j.on((slots[2] ?? "").slice(0, 10), "23:00");
    expect(choosing(late, "apprentice")).toEqual([]);
    expect(view(late, "coordinator")?.due.map((t) => `${t.code} ${t.method}`)).toContain(`book ${project}`);
    const row = queueRow(late.case, tquk);
    const all = row ? [{ caseId: "x", ref: "EX-1", bodyId: tquk.body.id, row }] : [];
    const asked = { who: "apprentice" as const, sort: "due" as const, down: false };
    const shown = (now: string) => queueOf(all, asked, now, () => "Ada Example").rows[0]?.row.waits.map((w) => w.code);
    expect(shown(j.now)).toContain("chooseTime");
    expect(shown(late.now) ?? []).not.toContain("chooseTime");
  });

  it("one is chosen: nothing is left to choose", () => {
    const done = j.do("session.accept", { method: project, at: slots[0] ?? "" }, { by: "apprentice" });
    expect(choosing(done, "apprentice")).toEqual([]);
  });
});

describe("given times offered for the planning meeting", () => {
  const before = journey(tquk).upTo("gatewayAccepted");
  const slots = [3, 4, 5].map((n) => atLondon(addDays(before.today, n), "10:00"));
  const [first = "", second = "", third = ""] = slots;
  const place = { where: "Microsoft Teams", meeting };
  const j = before.do("planning.offer", { slots: [third, first, second, first], ...place });
  const view = (x: Journey, role: "apprentice" | "employer" | "coordinator" | "provider") =>
    caseView(x.case, actorOf(tquk, people[role], role), tquk, x.now);

  it("they stand in order, once each; apprentice, employer and the coordinator for them may choose, nobody else", () => {
    expect(j.case.planning.offered).toMatchObject({ slots, meeting });
    for (const role of ["apprentice", "employer"] as const) {
      expect(may(j, role)).toContain("planning.accept");
      expect(view(j, role)?.next).toMatchObject({ code: "chooseTime", person: people[role], day: third.slice(0, 10) });
      expect(view(j, role)?.planning?.slots).toEqual(slots);
      expect(may(j, "coordinator")).toContain(`planning.accept for ${role}`);
    }
    expect(may(j, "assessor")).not.toContain("planning.accept");
    expect(view(j, "coordinator")?.next?.code).not.toBe("bookPlanning");
    expect(view(before, "coordinator")?.due.map((t) => t.code)).toContain("bookPlanning");
  });

  it("they are told apprentice and employer", () => {
    const events = j.log.slice(before.log.length) as Recorded[];
    const told = noticesOf(before.case, j.case, events, tquk).filter((n) => n.kind === "told");
    expect(told.map((n) => n.to).sort()).toEqual([people.apprentice, people.employer].sort());
  });

  it.each(["apprentice", "employer"] as const)("the %s chooses one: it is scheduled, and its meeting is made", (by) => {
    const done = j.do("planning.accept", { at: second }, { by });
    expect(done.case.planning).toMatchObject({ meeting: { at: second }, online: meeting });
    expect(done.case.planning.meeting?.made.by).toMatchObject({ person: people[by], role: by });
    expect(done.case.planning.offered).toBeUndefined();
    expect(may(done, "apprentice")).not.toContain("planning.accept");
    expect(view(done, "employer")?.due.map((t) => t.code)).not.toContain("chooseTime");
    const kinds = noticesOf(j.case, done.case, done.log.slice(j.log.length) as Recorded[], tquk).map(
      (n) => `${n.kind} ${n.to}`,
    );
    expect(kinds).toContain("meeting meeting");
    const again = done.when("planning.accept", { at: second }, { by });
    expect(again.decision).toHaveProperty("already");
    done.when("planning.accept", { at: first }, { by: "apprentice" }).refusedWith("SLOT_GONE");
  });

  it("one that is past, or was never offered, is refused; a past one is not offered", () => {
    const late = j.on(first.slice(0, 10), "23:00");
    late.when("planning.accept", { at: first }, { by: "apprentice" }).refusedWith("IN_THE_PAST");
    expect(view(late, "apprentice")?.planning?.slots).toEqual([second, third]);
    const other = atLondon(addDays(before.today, 9), "10:00");
    j.when("planning.accept", { at: other }, { by: "apprentice" }).refusedWith("SLOT_GONE");
    const { decision } = late.when("planning.offer", { slots: [second, first], where: "Room 5" });
    expect("refused" in decision && decision.refused.map((p) => p.input)).toEqual(["slot-2"]);
    const over = j.on(third.slice(0, 10), "23:00");
    expect(may(over, "apprentice")).not.toContain("planning.accept");
    expect(view(over, "apprentice")?.due.map((t) => t.code)).not.toContain("chooseTime");
    expect(view(over, "coordinator")?.due.map((t) => t.code)).toContain("bookPlanning");
  });

  it("booked by hand, they are offered no more; offered for a meeting that stands, the one chosen moves it", () => {
    const booked = j.do("planning.schedule", { at: first, where: "Room 5" });
    expect(booked.case.planning.offered).toBeUndefined();
    const moving = j
      .do("planning.accept", { at: first }, { by: "employer" })
      .do("planning.offer", { slots: [third], where: "Microsoft Teams" });
    const { asked } = moving.case.planning.online ?? {};
    const moved = moving.do("planning.accept", { at: third }, { by: "apprentice" });
    expect(moved.case.planning).toMatchObject({ meeting: { at: third }, online: { ...meeting, asked } });
  });
});
