import { type Case, type OutsideRole, outsideRoles } from "../src/case/case";
import { type CommandType, commandTypes, payloads } from "../src/case/decider";
import { type Actor, can, canRegister, hasDeclared, permitted, viewRole } from "../src/permissions";
import type { Role } from "../src/rules/pack";
import { gq, type Journey, journey, milestones, people, spare, tquk } from "./support/case";
import { thirdPack } from "./support/thirdPack";

/**
 * The table of permissions, written out a second time. Columns, left to right:
 *   apprentice employer provider · assessor (declared, not yet) · IQA (declared, not yet) · coordinator (of the case, of the
 *   body) · assessor and IQA of the body who are not on the case · auditor · coordinator of another body, an outsider ·
 *   the coordinator on behalf of apprentice, employer, provider.
 * + granted · - not allowed · ! only after declaring an interest · ~ only for someone unconnected · ? sees no such case
 */
const grid: Readonly<Record<CommandType, readonly [sentence: string, verdicts: string]>> = {
  "case.register": ["A coordinator of the body registers a case.", "--- -- -- ++ ?? - ?? ---"],
  "case.withdraw": ["A coordinator withdraws it.", "--- -- -- ++ ?? - ?? ---"],
  "case.correct": ["A coordinator puts a wrong date right.", "--- -- -- ++ ?? - ?? ---"],
  "exceptions.correct": ["A coordinator puts wrong exceptions right.", "--- -- -- ++ ?? - ?? ---"],
  "case.erase": ["A coordinator erases it, once it was kept long enough.", "--- -- -- ++ ?? - ?? ---"],
  "person.correct": ["A coordinator puts a wrong name right.", "--- -- -- ++ ?? - ?? ---"],
  "rule.lift": ["A coordinator lifts a rule beforehand.", "--- -- -- ++ ?? - ?? ---"],
  "chat.bind": ["A coordinator binds the case's chat.", "--- -- -- ++ ?? - ?? ---"],
  "party.remind": ["A coordinator reminds somebody.", "--- -- -- ++ ?? - ?? ---"],
  "party.invite": ["A coordinator sends a new invitation.", "--- -- -- ++ ?? - ?? ---"],
  "notice.resend": ["A coordinator has sent again what did not arrive.", "--- -- -- ++ ?? - ?? ---"],
  "notice.told": ["A coordinator records that they were told otherwise.", "--- -- -- ++ ?? - ?? ---"],
  "staff.allocate": ["A coordinator puts staff on the case.", "--- -- -- ++ ?? - ?? ---"],
  "interest.declare": ["Assessor and IQA declare their interest.", "--- ++ ++ -- ?? - ?? ---"],

  "adjustment.request": ["A party asks for an adjustment, or a coordinator does.", "+++ -- -- ++ ?? - ?? +++"],
  "adjustment.decide": ["A coordinator decides on it.", "--- -- -- ++ ?? - ?? ---"],
  "consideration.request": [
    "A party asks for special consideration, or a coordinator does.",
    "+++ -- -- ++ ?? - ?? +++",
  ],
  "consideration.decide": ["A coordinator decides on it.", "--- -- -- ++ ?? - ?? ---"],
  "dispensation.grant": ["A coordinator records a dispensation.", "--- -- -- ++ ?? - ?? ---"],

  "gateway.attest": ["The provider attests the time on programme.", "--+ -- -- -- ?? - ?? --+"],
  "gateway.submit": ["The provider hands in evidence.", "--+ -- -- -- ?? - ?? --+"],
  "gateway.confirm": ["Employer and provider confirm the gateway.", "-++ -- -- -- ?? - ?? -++"],
  "gateway.ready": ["The apprentice says that they are ready.", "+-- -- -- -- ?? - ?? +--"],
  "gateway.acceptItem": ["A coordinator accepts an item.", "--- -- -- ++ ?? - ?? ---"],
  "gateway.returnItem": ["A coordinator returns an item.", "--- -- -- ++ ?? - ?? ---"],
  "gateway.accept": ["A coordinator accepts the gateway.", "--- -- -- ++ ?? - ?? ---"],

  "planning.schedule": ["A coordinator sets the planning meeting.", "--- -- -- ++ ?? - ?? ---"],
  "planning.offer": ["A coordinator offers times for it.", "--- -- -- ++ ?? - ?? ---"],
  "planning.accept": ["Apprentice or employer chooses one of them.", "++- -- -- -- ?? - ?? ++-"],
  "planning.save": ["The assessor saves the form.", "--- +! -- -- ?? - ?? ---"],
  "planning.finish": ["The assessor finishes the planning.", "--- +! -- -- ?? - ?? ---"],

  "proposal.submit": ["The apprentice hands a proposal in again.", "+-- -- -- -- ?? - ?? +--"],
  "proposal.return": ["The assessor returns a proposal.", "--- +! -- -- ?? - ?? ---"],
  "proposal.accept": ["The assessor accepts a proposal.", "--- +! -- -- ?? - ?? ---"],
  "proposal.reopen": ["A coordinator opens it after a second return.", "--- -- -- ++ ?? - ?? ---"],

  "report.submit": ["The apprentice hands in the report.", "+-- -- -- -- ?? - ?? +--"],
  "portfolio.submit": ["The apprentice hands in the selection.", "+-- -- -- -- ?? - ?? +--"],

  "session.book": ["The assessor or a coordinator books a session.", "--- +! -- ++ ?? - ?? ---"],
  "session.move": ["The assessor or a coordinator moves it.", "--- +! -- ++ ?? - ?? ---"],
  "session.offer": ["The assessor or a coordinator offers times for it.", "--- +! -- ++ ?? - ?? ---"],
  "session.accept": ["Apprentice or employer chooses one of them.", "++- -- -- -- ?? - ?? ++-"],
  "session.start": ["The assessor starts it.", "--- +! -- -- ?? - ?? ---"],
  "session.pause": ["The assessor pauses it.", "--- +! -- -- ?? - ?? ---"],
  "session.resume": ["The assessor resumes it.", "--- +! -- -- ?? - ?? ---"],
  "session.questions": ["The assessor opens and closes the questions part.", "--- +! -- -- ?? - ?? ---"],
  "session.draw": ["The assessor draws the questions.", "--- +! -- -- ?? - ?? ---"],
  "session.ask": ["The assessor records a question.", "--- +! -- -- ?? - ?? ---"],
  "session.unask": ["The assessor takes back a question that was not asked.", "--- +! -- -- ?? - ?? ---"],
  "session.note": ["The assessor writes a note.", "--- +! -- -- ?? - ?? ---"],
  "session.correctNote": ["The assessor corrects a note.", "--- +! -- -- ?? - ?? ---"],
  "session.mark": ["The assessor marks criteria.", "--- +! -- -- ?? - ?? ---"],
  "session.descriptors": ["The assessor ticks descriptors.", "--- +! -- -- ?? - ?? ---"],
  "session.present": ["The assessor records who was present.", "--- +! -- -- ?? - ?? ---"],
  "session.end": ["The assessor ends it.", "--- +! -- -- ?? - ?? ---"],
  "session.notHeld": ["The assessor or a coordinator says that it was not held.", "--- +! -- ++ ?? - ?? ---"],

  "grade.confirm": ["The assessor confirms a grade.", "--- +! -- -- ?? - ?? ---"],
  "mark.correct": ["The assessor corrects a mark.", "--- +! -- -- ?? - ?? ---"],
  "moderation.sample": ["IQA samples a grade.", "--- -- +! -- ?? - ?? ---"],
  "moderation.uphold": ["IQA upholds a grade.", "--- -- +! -- ?? - ?? ---"],
  "moderation.sendBack": ["IQA sends a grade back.", "--- -- +! -- ?? - ?? ---"],

  "results.release": ["A coordinator releases the result.", "--- -- -- ++ ?? - ?? ---"],
  "results.withhold": ["A coordinator withholds it.", "--- -- -- ++ ?? - ?? ---"],
  "results.resume": ["A coordinator resumes it.", "--- -- -- ++ ?? - ?? ---"],
  "cap.lift": ["A coordinator lifts the cap.", "--- -- -- ++ ?? - ?? ---"],

  "resit.agree": ["The employer agrees to a resit or a retake.", "-+- -- -- -- ?? - ?? -+-"],
  "resit.open": ["A coordinator opens it.", "--- -- -- ++ ?? - ?? ---"],

  "enquiry.raise": ["A party enquires about the result.", "+++ -- -- -- ?? - ?? +++"],
  "enquiry.answer": ["A coordinator answers.", "--- -- -- ++ ?? - ?? ---"],
  "appeal.raise": ["A party appeals.", "+++ -- -- -- ?? - ?? +++"],
  "appeal.decide": ["Staff who took no part in the case decide an appeal.", "--- -- ~~ ~+ ?? - ?? ---"],
};

const outsider = (person: string): Actor => ({ person, staff: null });
const staff = (person: string, ...roles: Role[]): Actor => ({ person, staff: { bodyId: gq.body.id, roles } });
const elsewhere = (person: string, ...roles: Role[]): Actor => ({ person, staff: { bodyId: tquk.body.id, roles } });

const declared = journey(gq).upTo("staffed").case;
const undeclared = journey(gq)
  .upTo("registered")
  .do("staff.allocate", { role: "assessor", person: people.assessor })
  .do("staff.allocate", { role: "iqa", person: people.iqa }).case;

const columns: readonly (readonly [who: string, actor: Actor, c: Case, onBehalfOf?: OutsideRole])[] = [
  ["the apprentice", outsider(people.apprentice), declared],
  ["the employer", outsider(people.employer), declared],
  ["the provider", outsider(people.provider), declared],
  ["the assessor", staff(people.assessor, "assessor"), declared],
  ["the assessor, undeclared", staff(people.assessor, "assessor"), undeclared],
  ["the IQA", staff(people.iqa, "iqa"), declared],
  ["the IQA, undeclared", staff(people.iqa, "iqa"), undeclared],
  ["the coordinator", staff(people.coordinator, "coordinator"), declared],
  ["another coordinator", staff(spare.coordinator, "coordinator"), declared],
  ["another assessor", staff(spare.assessor, "assessor"), declared],
  ["another IQA", staff(spare.iqa, "iqa"), declared],
  ["the auditor", staff(people.auditor, "auditor"), declared],
  ["another body's coordinator", elsewhere("zoe-zero", "coordinator"), declared],
  ["an outsider", outsider("nobody"), declared],
  ["on behalf of the apprentice", staff(people.coordinator, "coordinator"), declared, "apprentice"],
  ["on behalf of the employer", staff(people.coordinator, "coordinator"), declared, "employer"],
  ["on behalf of the provider", staff(people.coordinator, "coordinator"), declared, "provider"],
];

const signs: Readonly<Record<string, string>> = {
  NOT_ALLOWED: "-",
  INTEREST_NOT_DECLARED: "!",
  CONNECTED_WITH_CASE: "~",
  NO_SUCH_CASE: "?",
};
function verdict(actor: Actor, type: CommandType, c: Case, onBehalfOf?: OutsideRole): string {
  const granted = can(actor, type, c, onBehalfOf);
  return "role" in granted ? "+" : (signs[granted.refused[0]?.code ?? ""] ?? "unknown");
}

describe("who may do what", () => {
  it("has a row for every command", () => {
    expect(Object.keys(grid).sort()).toEqual([...commandTypes].sort());
  });

  it.each(
    Object.entries(grid).map(([type, [sentence, verdicts]]) => [type as CommandType, sentence, verdicts] as const),
  )("%s: %s", (type, _sentence, verdicts) => {
    const wanted = verdicts.replaceAll(" ", "");
    expect(wanted).toHaveLength(columns.length);
    const got = columns.map(([who, actor, c, onBehalfOf]) => [who, verdict(actor, type, c, onBehalfOf)]);
    expect(got).toEqual(columns.map(([who], i) => [who, wanted[i]]));
  });

  it("grants in the role that the record then shows", () => {
    expect(can(outsider(people.employer), "gateway.confirm", declared)).toEqual({ role: "employer" });
    expect(can(staff(people.assessor, "assessor"), "session.book", declared)).toEqual({ role: "assessor" });
    expect(can(staff(spare.coordinator, "coordinator"), "session.book", declared)).toEqual({ role: "coordinator" });
    expect(can(staff(people.coordinator, "coordinator"), "gateway.ready", declared, "apprentice")).toEqual({
      role: "coordinator",
    });
    expect(can(staff(people.iqa, "iqa"), "moderation.uphold", declared)).toEqual({ role: "iqa" });
  });
});

describe("another body's staff", () => {
  const roles = ["coordinator", "assessor", "iqa", "auditor"] as const;
  it.each(roles)("are strangers as %s, whatever the command, even with a person's id that the case knows", (role) => {
    for (const type of commandTypes) {
      expect(verdict(elsewhere("zoe-zero", role), type, declared)).toBe("?");
      expect(verdict(elsewhere(spare.coordinator, role), type, declared)).toBe("?");
      for (const party of outsideRoles) expect(verdict(elsewhere("zoe-zero", role), type, declared, party)).toBe("?");
    }
    expect(viewRole(elsewhere("zoe-zero", role), declared)).toBeUndefined();
    expect(canRegister(elsewhere("zoe-zero", role), gq.body.id)).toHaveProperty("refused");
  });

  it("do not act in a part of the case that they once held as this body's staff", () => {
    for (const [role, person] of [
      ["assessor", people.assessor],
      ["iqa", people.iqa],
      ["coordinator", people.coordinator],
    ] as const)
      for (const type of commandTypes) expect(verdict(elsewhere(person, role), type, declared)).toBe("?");
  });
});

describe("staff who left", () => {
  it("are strangers, though the case still names them", () => {
    for (const person of [people.assessor, people.iqa, people.coordinator])
      for (const type of commandTypes) {
        expect(verdict(outsider(person), type, declared)).toBe("?");
        expect(verdict(staff(person), type, declared)).toBe("?");
      }
  });

  it("who were taken off the case lose their part in it", () => {
    const replaced = journey(gq)
      .upTo("booked")
      .do("staff.allocate", { role: "assessor", person: spare.assessor, reason: "Ill" }).case;
    expect(verdict(staff(people.assessor, "assessor"), "session.start", replaced)).toBe("?");
    expect(verdict(staff(spare.assessor, "assessor"), "session.start", replaced)).toBe("!");
  });
});

describe("several roles in one person", () => {
  it("a part in the case comes before the body's role: its assessor does not coordinate it, nor a party", () => {
    const both = staff(people.assessor, "assessor", "coordinator");
    for (const type of ["results.release", "gateway.accept", "staff.allocate", "cap.lift"] as const)
      expect(verdict(both, type, declared)).toBe("-");
    for (const party of outsideRoles) expect(verdict(both, "gateway.confirm", declared, party)).toBe("-");
    const employs = staff(people.employer, "coordinator");
    expect(verdict(employs, "gateway.confirm", declared)).toBe("+");
    expect(verdict(employs, "gateway.accept", declared)).toBe("-");
    expect(verdict(employs, "gateway.confirm", declared, "provider")).toBe("-");
  });

  it("a coordinator of the case who is also on the list of IQA moderates nothing in it", () => {
    expect(verdict(staff(people.coordinator, "coordinator", "iqa"), "moderation.uphold", declared)).toBe("-");
  });
});

describe("on behalf of an outside person", () => {
  it("is for coordinators alone, of the case or of the body", () => {
    for (const type of commandTypes)
      for (const party of outsideRoles) {
        const own = verdict(staff(people.coordinator, "coordinator"), type, declared, party);
        expect(verdict(staff(spare.coordinator, "coordinator"), type, declared, party)).toBe(own);
        for (const actor of [
          staff(people.assessor, "assessor"),
          staff(people.iqa, "iqa"),
          staff(people.auditor, "auditor"),
          outsider(people.apprentice),
          outsider(people.employer),
          outsider(people.provider),
        ])
          expect(verdict(actor, type, declared, party)).toBe("-");
        expect(verdict(outsider("nobody"), type, declared, party)).toBe("?");
      }
  });
});

describe("declaring an interest", () => {
  it("a declared conflict opens nothing", () => {
    const j = journey(gq).upTo("staffed").do("interest.declare", { conflict: true, detail: "A cousin" });
    expect(hasDeclared(j.case, people.assessor)).toBe(false);
    expect(verdict(staff(people.assessor, "assessor"), "planning.save", j.case)).toBe("?");
    expect(hasDeclared(declared, people.assessor)).toBe(true);
    expect(hasDeclared(undeclared, people.assessor)).toBe(false);
  });
});

describe("an appeal", () => {
  const appealed = journey(gq).upTo("released").do("appeal.raise", { grounds: "D1 was met" }).case;
  const decides = (actor: Actor, c = appealed) => verdict(actor, "appeal.decide", c);
  it("shows the case to the body's IQA who are not on it, and they may decide it", () => {
    expect(decides(staff(spare.iqa, "iqa"))).toBe("+");
    expect(viewRole(staff(spare.iqa, "iqa"), appealed)).toBe("iqa");
    expect(viewRole(staff(spare.iqa, "iqa"), declared)).toBeUndefined();
    expect(verdict(staff(spare.iqa, "iqa"), "moderation.uphold", appealed)).toBe("-");
  });

  it("is decided by nobody who is or was on the case, took a part in it, or has no such role", () => {
    expect(decides(staff(people.iqa, "iqa"))).toBe("~");
    expect(decides(staff(people.coordinator, "coordinator"))).toBe("~");
    expect(decides(staff(people.assessor, "assessor"))).toBe("-");
    expect(decides(staff(spare.assessor, "assessor"))).toBe("?");
    expect(decides(staff(people.auditor, "auditor"))).toBe("-");
    expect(decides(elsewhere("zoe-zero", "iqa"))).toBe("?");
    const helped = journey(gq)
      .upTo("graded")
      .do("results.release", {}, { by: { person: spare.coordinator, role: "coordinator" } })
      .do("appeal.raise", { grounds: "x" });
    expect(decides(staff(spare.coordinator, "coordinator"), helped.case)).toBe("~");
    expect(decides(staff(spare.coordinator, "coordinator"))).toBe("+");
  });
});

describe("registering", () => {
  it("is for the body's own coordinators", () => {
    expect(canRegister(staff("x", "coordinator"), gq.body.id)).toEqual({ role: "coordinator" });
    for (const role of ["assessor", "iqa", "auditor"] as const)
      expect(canRegister(staff("x", role), gq.body.id)).toHaveProperty("refused");
    expect(canRegister(outsider("x"), gq.body.id)).toHaveProperty("refused");
    expect(canRegister(elsewhere("x", "coordinator"), gq.body.id)).toHaveProperty("refused");
  });
});

describe("what a person sees the case as", () => {
  it.each([
    ["the apprentice", outsider(people.apprentice), "apprentice"],
    ["the employer", outsider(people.employer), "employer"],
    ["the provider", outsider(people.provider), "provider"],
    ["its assessor", staff(people.assessor, "assessor"), "assessor"],
    ["its IQA", staff(people.iqa, "iqa"), "iqa"],
    ["its coordinator", staff(people.coordinator, "coordinator"), "coordinator"],
    ["another coordinator", staff(spare.coordinator, "coordinator"), "coordinator"],
    ["an auditor", staff(people.auditor, "auditor"), "auditor"],
    ["another assessor", staff(spare.assessor, "assessor"), undefined],
    ["its assessor who also coordinates elsewhere", staff(people.assessor, "coordinator", "assessor"), "assessor"],
    ["an outsider", outsider("nobody"), undefined],
  ] as const)("%s", (_who, actor, role) => {
    expect(viewRole(actor, declared)).toBe(role);
  });
});

describe("the buttons", () => {
  const everyone: Actor[] = [...new Map(columns.map(([, actor]) => [actor.person, actor])).values()];
  const types = (actor: Actor, j: Journey) =>
    permitted(actor, j.case, j.pack, j.now)
      .filter((p) => !p.onBehalfOf)
      .map((p) => p.type);

  it.each([gq, tquk, thirdPack].flatMap((pack) => milestones.map((m) => [pack.id, m, pack] as const)))(
    "%s, %s: each is permitted by the table, and carries only what its payload takes",
    (_id, milestone, pack) => {
      const j = journey(pack).upTo(milestone);
      for (const { person, staff: of } of everyone) {
        const actor: Actor = {
          person,
          staff: of && { ...of, bodyId: of.bodyId === gq.body.id ? pack.body.id : "another" },
        };
        for (const { type, data, role, onBehalfOf } of permitted(actor, j.case, pack, j.now)) {
          expect(can(actor, type, j.case, onBehalfOf)).toEqual({ role });
          const { shape } = payloads[type];
          for (const [key, value] of Object.entries(data)) {
            expect(Object.keys(shape)).toContain(key);
            expect(shape[key as keyof typeof shape]).toHaveProperty("parse");
            (shape[key as keyof typeof shape] as { parse(v: unknown): unknown }).parse(value);
          }
        }
      }
      const unseen = [staff(people.auditor, "auditor"), outsider("nobody"), elsewhere("zoe-zero", "coordinator")];
      if (pack === gq) for (const actor of unseen) expect(permitted(actor, j.case, pack, j.now)).toEqual([]);
    },
  );

  it("at the gateway, each to their own", () => {
    const j = journey(gq).upTo("evidenceSubmitted");
    const asks = ["adjustment.request", ...gq.methods.map(() => "consideration.request")];
    expect(types(outsider(people.apprentice), j)).toEqual([...asks, "gateway.ready"]);
    expect(types(outsider(people.employer), j)).toEqual([...asks, "gateway.confirm"]);
    expect(types(outsider(people.provider), j)).toEqual([...asks, "gateway.confirm"]);
    expect(types(staff(people.assessor, "assessor"), j)).toEqual(["interest.declare"]);
    expect(types(staff(people.coordinator, "coordinator"), j)).toEqual(
      expect.arrayContaining(["gateway.acceptItem", "gateway.returnItem", "gateway.accept", "staff.allocate"]),
    );
    const behalf = permitted(staff(people.coordinator, "coordinator"), j.case, gq, j.now).filter(
      (p) => p.type === "gateway.confirm",
    );
    expect(behalf).toEqual([
      { type: "gateway.confirm", data: {}, role: "coordinator", onBehalfOf: "employer" },
      { type: "gateway.confirm", data: {}, role: "coordinator", onBehalfOf: "provider" },
    ]);
  });

  it("a confirmation is offered to who has not given theirs", () => {
    const j = journey(gq).upTo("evidenceSubmitted").do("gateway.confirm", {}, { by: "employer" });
    expect(types(outsider(people.employer), j)).not.toContain("gateway.confirm");
    expect(types(outsider(people.provider), j)).toContain("gateway.confirm");
  });

  it("a declaration is offered to who has not made theirs", () => {
    const j = journey(gq)
      .upTo("registered")
      .do("staff.allocate", { role: "assessor", person: people.assessor })
      .do("staff.allocate", { role: "iqa", person: people.iqa });
    expect(types(staff(people.assessor, "assessor"), j)).toEqual(["interest.declare"]);
    const done = j.do("interest.declare", { conflict: false });
    const drawn = (c: Case) => permitted(staff(people.assessor, "assessor"), c, gq, j.now);
    expect(drawn(j.case).map((p) => p.data)).toEqual([{}]);
    // Who declared none may find one later.
    expect(drawn(done.case)).toEqual([{ type: "interest.declare", data: { conflict: true }, role: "assessor" }]);
    expect(types(staff(people.iqa, "iqa"), done)).toEqual(["interest.declare"]);
  });

  it("while a session runs, and when it has ended", () => {
    const assessor = staff(people.assessor, "assessor");
    const running = journey(gq).upTo("handedIn").run("project");
    expect(types(assessor, running)).toEqual(
      expect.arrayContaining([
        "session.pause",
        "session.ask",
        "session.note",
        "session.mark",
        "session.end",
        "session.notHeld",
      ]),
    );
    expect(types(assessor, running)).not.toContain("grade.confirm");
    const ended = running.do("session.end", { method: "project", discretion: false });
    expect(types(assessor, ended)).toContain("grade.confirm");
    const confirmed = ended.sampling(1).confirmedGrade("project");
    expect(types(staff(people.iqa, "iqa"), confirmed)).toEqual([
      "interest.declare",
      "moderation.uphold",
      "moderation.sendBack",
    ]);
    expect(types(staff(people.iqa, "iqa"), ended.confirmedGrade("project"))).toEqual([
      "interest.declare",
      "moderation.sample",
    ]);
  });

  it("once the result is out", () => {
    const failed = journey(gq).upTo("released", { grades: { project: "fail" } });
    expect(types(outsider(people.employer), failed)).toEqual([
      "consideration.request",
      "resit.agree",
      "enquiry.raise",
      "appeal.raise",
    ]);
    const late = failed.inDays(1);
    expect(types(outsider(people.apprentice), late)).toEqual(["enquiry.raise", "appeal.raise"]);
    expect(types(staff(people.coordinator, "coordinator"), failed)).toContain("resit.open");
    expect(types(staff(people.coordinator, "coordinator"), journey(gq).upTo("released"))).not.toContain("resit.open");
  });
});
