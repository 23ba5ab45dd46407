import { type Body, decideBody, evolveBody, inForce, noBody } from "../src/body";

const by = { person: "priya-pretend", role: "coordinator" as const };
const ctx = { by, now: "2026-01-12T09:00:00Z" };
const body: Body = evolveBody(noBody("invented-awards"), {
  type: "StaffAdded",
  data: { person: by.person, roles: ["coordinator"] },
});

describe("an awarding body's staff", () => {
  it.each(["constructor", "toString", "__proto__"])("nobody is staff for being called %s", (person) => {
    const notStaff = { refused: [expect.objectContaining({ code: "NOT_STAFF" })] };
    expect(decideBody({ type: "staff.leave", data: { person } }, body, ctx)).toEqual(notStaff);
    expect(decideBody({ type: "sampling.set", data: { person, rate: 0.5 } }, body, ctx)).toEqual(notStaff);
    const added = decideBody({ type: "staff.add", data: { person, roles: ["iqa"] } }, body, ctx);
    expect(added).toMatchObject({ events: [{ type: "StaffAdded" }] });
  });
});

describe("an awarding body's question banks", () => {
  it("given ever more versions, then the record shows the latest, the one in force last", () => {
    let now = body;
    for (let n = 1; n <= 130; n++) {
      const data = { pack: "p", method: "m", version: `v${n}`, after: null, digest: "0".repeat(64), questions: 1 };
      now = evolveBody(now, { type: "BankImported", data, at: ctx.now, by });
    }
    expect(now.banks?.p).toHaveLength(100);
    expect(inForce(now, "p")?.version).toBe("v130");
  });
});
