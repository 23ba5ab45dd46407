import { journey, people, tquk } from "../support/case";

/** Who was present, as the assessor records and corrects it. */
const method = "observation";
const running = journey(tquk).upTo("booked").started(method);
const present = (j = running) => j.attempt(method).session.present;

describe("who was present", () => {
  it("is recorded by the assessor from the start on, by parts in the case and in words", () => {
    const j = running
      .when("session.present", { method, who: ["assessor", "apprentice"], others: "A shop manager" })
      .events(["PresenceRecorded", { method, who: ["apprentice", "assessor"] }]);
    expect(present(j)).toMatchObject({
      who: ["apprentice", "assessor"],
      others: { text: "A shop manager" },
      at: j.now,
      by: { person: people.assessor },
    });
  });

  it("is corrected by recording it anew; the same once more changes nothing", () => {
    const first = running.do("session.present", { method, who: ["apprentice", "assessor", "iqa"] });
    first.when("session.present", { method, who: ["iqa", "assessor", "apprentice"] }).nothing();
    const again = first.inSeconds(60).do("session.present", { method, who: ["apprentice", "assessor"] });
    expect(present(again)).toMatchObject({ who: ["apprentice", "assessor"], at: again.now });
    // What was recorded before stays on the record.
    expect(again.log.filter((e) => e.type === "PresenceRecorded")).toHaveLength(2);
  });

  it("is neither recorded before the start, nor once the grade is confirmed, nor of somebody who has no part", () => {
    const who = ["apprentice" as const];
    journey(tquk).upTo("booked").when("session.present", { method, who }).refusedWith("MARKS_CLOSED");
    running.sat(method).do("session.present", { method, who });
    running.sat(method).confirmedGrade(method).when("session.present", { method, who }).refusedWith("MARKS_CLOSED");
    running.when("session.present", { method: "essay", who }).refusedWith("NO_SUCH_METHOD");
  });

  it("begins anew with a session that is held anew", () => {
    const j = running
      .do("session.present", { method, who: ["apprentice"] })
      .do("session.notHeld", { method, why: "technical", detail: "The till broke down" });
    expect(present(j)).toBeUndefined();
  });

  it("moves nothing that people outside can see", () => {
    const j = running.do("session.present", { method, who: ["apprentice", "iqa"] });
    expect(j.case.outsideRevision).toBe(running.case.outsideRevision);
  });
});
