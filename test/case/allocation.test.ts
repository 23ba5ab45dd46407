import { hasDeclared } from "../../src/permissions";
import { gq, journey, people, spare } from "../support/case";

const dev = people.assessor;
const una = spare.assessor;
const registered = journey(gq).upTo("registered");
const staffed = journey(gq).upTo("staffed");

describe("putting staff on a case", () => {
  it("records who, since when, by whom; the one before keeps their time", () => {
    const first = registered.when("staff.allocate", { role: "assessor", person: dev }).events("StaffAllocated");
    const j = first.inDays(3).do("staff.allocate", { role: "assessor", person: una, reason: "On leave" });
    expect(j.case.staff.assessor).toBe(una);
    expect(j.case.allocations.filter((a) => a.role === "assessor")).toMatchObject([
      { person: dev, at: first.now, until: j.now },
      { person: una, at: j.now },
    ]);
  });

  it("stands already for the one who has the part", () => {
    staffed.inDays(1).when("staff.allocate", { role: "assessor", person: dev }).already({ person: people.coordinator });
  });

  it("asks a reason for a change, not for the first", () => {
    staffed.when("staff.allocate", { role: "iqa", person: spare.iqa }).refusedWith("REASON_NEEDED");
    staffed.when("staff.allocate", { role: "iqa", person: spare.iqa, reason: "Moved on" }).accepted();
    staffed.when("staff.allocate", { role: "coordinator", person: spare.coordinator }).refusedWith("REASON_NEEDED");
  });

  it("keeps parties off the staff, and gives one person one part", () => {
    registered
      .when("staff.allocate", { role: "assessor", person: people.employer })
      .refusedWithOnly("PARTY_CANNOT_BE_STAFF");
    staffed
      .when("staff.allocate", { role: "iqa", person: dev, reason: "Short of people" })
      .refusedWith("HAS_ANOTHER_ROLE", { role: "assessor" });
    registered
      .when("staff.allocate", { role: "assessor", person: people.coordinator })
      .refusedWith("HAS_ANOTHER_ROLE", { role: "coordinator" });
    registered.when("staff.allocate", { role: "assessor", person: "constructor" }).accepted();
  });

  it.each(["iqa", "coordinator"] as const)("refuses as %s who graded here, even when they are off the case", (role) => {
    const graded = journey(gq).upTo("graded");
    const left = graded.do("staff.allocate", { role: "assessor", person: una, reason: "Left" });
    left.when("staff.allocate", { role, person: dev, reason: "Back" }).refusedWith("ASSESSED_HERE", { person: dev });
  });

  it("nobody who was ever the assessor moderates or releases in the case, marks or no marks", () => {
    const j = journey(gq)
      .upTo("held")
      .do("staff.allocate", { role: "assessor", person: una, reason: "Left" })
      .do("interest.declare", { conflict: false });
    for (const role of ["iqa", "coordinator"] as const)
      j.when("staff.allocate", { role, person: dev, reason: "Back" }).refusedWith("ASSESSED_HERE", { person: dev });
    const graded = j.sampling(1).confirmedGrade("observation");
    const again = { by: { person: dev, role: "iqa" } } as const;
    graded.when("moderation.uphold", { method: "observation" }, again).refusedWith("OWN_GRADE");
    graded.when("moderation.sendBack", { method: "observation", reason: "x" }, again).refusedWith("OWN_GRADE");
    const done = j.graded();
    done.when("results.release", {}, { by: { person: dev, role: "coordinator" } }).refusedWith("GRADED_HERE");
    done.when("results.release", {}).accepted();
    staffed
      .do("staff.allocate", { role: "assessor", person: una, reason: "Mistaken" })
      .when("staff.allocate", { role: "iqa", person: dev, reason: "x" })
      .refusedWith("ASSESSED_HERE");
  });

  it("does not take the assessor out of a session that runs, paused or not", () => {
    const running = journey(gq).upTo("booked").started("project");
    const change = { role: "assessor", person: una, reason: "Ill" } as const;
    running.when("staff.allocate", change).refusedWith("SESSION_IS_RUNNING");
    const paused = running.do("session.pause", { method: "project", reason: "Alarm" });
    paused.when("staff.allocate", change).refusedWith("SESSION_IS_RUNNING");
    running.when("staff.allocate", { role: "iqa", person: spare.iqa, reason: "Ill" }).accepted();
    paused
      .do("session.notHeld", { method: "project", why: "abandoned", detail: "Fire" })
      .when("staff.allocate", change)
      .accepted();
  });
});

describe("declaring an interest", () => {
  const allocated = registered
    .do("staff.allocate", { role: "assessor", person: dev })
    .do("staff.allocate", { role: "iqa", person: people.iqa });

  it("is asked of assessor and IQA, and of nobody else", () => {
    allocated
      .when("interest.declare", { conflict: false })
      .events(["InterestDeclared", { role: "assessor", conflict: false }]);
    allocated
      .when("interest.declare", { conflict: false }, { by: "iqa" })
      .events(["InterestDeclared", { role: "iqa", conflict: false }]);
    allocated.when("interest.declare", { conflict: false }, { by: "coordinator" }).refusedWith("NOTHING_TO_DECLARE");
  });

  it("a conflict needs its detail, ends the part at once, and bars the person from it", () => {
    allocated.when("interest.declare", { conflict: true }).refusedWith("DETAIL_NEEDED");
    const j = allocated.do("interest.declare", { conflict: true, detail: "A cousin" });
    expect(j.case.staff.assessor).toBeUndefined();
    expect(j.case.allocations.find((a) => a.person === dev)).toMatchObject({ until: j.now });
    j.when("staff.allocate", { role: "assessor", person: dev }).refusedWith("CONFLICT_DECLARED", { role: "assessor" });
    j.when("staff.allocate", { role: "assessor", person: una }).accepted();
    j.when("interest.declare", { conflict: false }, { by: { person: dev, role: "assessor" } }).refusedWith(
      "NOTHING_TO_DECLARE",
    );
    j.inDays(1)
      .when("interest.declare", { conflict: true, detail: "A cousin" }, { by: { person: dev, role: "assessor" } })
      .already({ at: j.now });
  });

  it("ends with the part it was made for: each part, and each time, asks its own", () => {
    const back = staffed
      .do("staff.allocate", { role: "assessor", person: una, reason: "On leave" })
      .do("staff.allocate", { role: "assessor", person: dev, reason: "Back from leave" });
    expect(hasDeclared(back.case, dev)).toBe(false);
    expect(hasDeclared(back.do("interest.declare", { conflict: false }).case, dev)).toBe(true);
    const ivy = people.iqa;
    const moved = staffed
      .do("staff.allocate", { role: "iqa", person: spare.iqa, reason: "Short of assessors" })
      .do("staff.allocate", { role: "assessor", person: ivy, reason: "Short of assessors" });
    expect(hasDeclared(moved.case, ivy)).toBe(false);
    moved
      .when("interest.declare", { conflict: false })
      .events(["InterestDeclared", { role: "assessor", conflict: false }]);
  });

  it("stands already when said again, and can turn into a conflict later", () => {
    staffed.inDays(1).when("interest.declare", { conflict: false }).already({ person: dev });
    const j = staffed.do("interest.declare", { conflict: true, detail: "Now a neighbour" });
    expect(j.case.staff.assessor).toBeUndefined();
  });
});
