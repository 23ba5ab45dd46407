import { attemptAt } from "../../src/case/case";
import { type Invitation, invitationsOf } from "../../src/invitations";
import { type Journey, journey, tquk } from "../support/case";

/** What people's calendars hold of a session, worked out from the record. */

const meeting = { lobby: "invited" as const, recording: false };
const method = tquk.methods.find((m) => m.handIn?.kind === "report")?.id ?? "";
const at = "2026-05-07T09:00:00Z";
const room = { method, at, setting: "faceToFace" as const, where: "Room 5" };
const teams = { method, at, setting: "teams" as const, where: "Microsoft Teams", meeting };
const open = journey(tquk).upTo("handedIn");
const set = (j: Journey, how: object) => {
  const booked = attemptAt(j.case, method).session.booking !== undefined;
  return booked
    ? j.do("session.move", { reason: "A better hour", ...how } as never)
    : j.do("session.book", how as never);
};
const made = (j: Journey, uid = "0400") => {
  const asked = attemptAt(j.case, method).session.online?.asked ?? 0;
  const link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0";
  return j.noted({ kind: "made", of: method, asked, event: "AAMk1", uid, link, at });
};
/** What the last steps cause. */
const caused = (before: Journey, after: Journey): Invitation[] =>
  invitationsOf(after.case, after.log, { from: before.log.length + 1, to: after.log.length }, tquk).filter(
    (x) => x.of === method,
  );
const short = (all: Invitation[]) => all.map((x) => [x.method, x.uid, x.sequence]);

describe("a session in a room, or with a pasted link", () => {
  const booked = set(open, room);
  const first = caused(open, booked)[0];

  it("keeps its id over moves, and its number rises", () => {
    const moved = set(booked, { ...room, at: "2026-05-08T09:00:00Z" });
    const again = set(moved, { ...room, at: "2026-05-08T11:00:00Z" });
    const [second] = caused(booked, moved);
    const [third] = caused(moved, again);
    expect([second?.uid, third?.uid]).toEqual([first?.uid, first?.uid]);
    expect((second?.sequence ?? 0) > (first?.sequence ?? 0)).toBe(true);
    expect((third?.sequence ?? 0) > (second?.sequence ?? 0)).toBe(true);
    expect(third).toMatchObject({ method: "REQUEST", at: "2026-05-08T11:00:00Z", where: "Room 5", made: false });
  });

  it("is called off where it stands when it is not held, and booked anew it is another", () => {
    const off = booked.do("session.notHeld", { method, why: "technical", detail: "No power" });
    const [cancelled] = caused(booked, off);
    expect(cancelled).toMatchObject({ method: "CANCEL", uid: first?.uid, at });
    expect((cancelled?.sequence ?? 0) > (first?.sequence ?? 0)).toBe(true);
    const anew = set(off, { ...room, at: "2026-05-08T09:00:00Z" });
    expect(caused(off, anew)[0]?.uid).not.toBe(first?.uid);
  });

  it("is called off with the case", () => {
    const gone = booked.do("case.withdraw", { reason: "Left the firm" });
    expect(caused(booked, gone)).toMatchObject([{ method: "CANCEL", uid: first?.uid }]);
  });
});

describe("a session whose meeting the service makes", () => {
  const asked = set(open, teams);
  const there = made(asked);

  it("is in no calendar before it is made; then under the id that the organiser's calendar has, with its link", () => {
    const fresh = caused(open, asked).filter((x) => x.method === "REQUEST");
    expect(fresh).toEqual([]);
    expect(caused(asked, there)).toMatchObject([
      { method: "REQUEST", uid: "0400", sequence: 0, made: true, link: expect.stringContaining("meetup-join") },
    ]);
    const moved = set(there, { ...teams, at: "2026-05-08T09:00:00Z" });
    expect(caused(there, moved)).toMatchObject([
      { uid: "0400", sequence: 1, link: expect.stringContaining("meetup-join") },
    ]);
  });

  it("takes the place of an entry of our own, which is called off", () => {
    const own = set(open, room);
    const [entry] = caused(open, own);
    const changed = set(own, teams);
    expect(short(caused(own, changed))).toEqual([["CANCEL", entry?.uid, (entry?.sequence ?? 0) + 1]]);
    expect(short(caused(changed, made(changed)))).toEqual([["REQUEST", "0400", 0]]);
  });

  it("made after it was given up, it comes into no calendar", () => {
    const given = set(asked, room);
    const { asked: seq } = attemptAt(asked.case, method).session.online ?? { asked: 0 };
    const late = given.noted({
      kind: "made",
      of: method,
      asked: seq,
      event: "E",
      uid: "0401",
      link: "https://x.org",
      at,
    });
    expect(caused(given, late)).toEqual([]);
  });
});
