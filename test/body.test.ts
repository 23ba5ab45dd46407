import { type Body, decideBody, evolveBody, noBody } from "../src/body";

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
