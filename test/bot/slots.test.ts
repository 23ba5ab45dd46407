import { randomUUID } from "node:crypto";
import type { CommandType } from "../../src/case/decider";
import { temporaryFolder } from "../store/folder";
import { type Journey, journey, people, tquk } from "../support/case";
import { Office } from "../web/office";

/** Times offered for a planning meeting, beside other cases of the same assessor. */

let office: Office;
let planning: Journey;
let other: Journey;
beforeEach(async () => {
  office = await new Office(temporaryFolder()).start();
  for (const role of ["assessor", "coordinator"] as const) await office.staff(tquk.body.id, people[role], [role]);
  await office.bind("zoe", "Zoë Pretence");
  planning = journey(tquk, "case-1").registered({ ref: "EX-2026-0001" }).upTo("staffed").upTo("gatewayAccepted");
  await office.put(planning);
  other = journey(tquk, "case-2").registered({ ref: "EX-2026-0002", apprentice: "zoe" }).upTo("planningScheduled");
  await office.put(other);
  office.now = planning.now;
});
afterEach(() => office.stop());

const run = async (person: string, type: CommandType, data: object, caseId = "case-1") =>
  (await office.desk.run(await office.known(person), caseId, type, data, { id: randomUUID() })).outcome;
const later = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();
const place = { where: "Microsoft Teams" };

test("another case's planning meeting of the same assessor stands in the way; its neighbours do not", async () => {
  const theirs = other.case.planning.meeting?.at ?? "";
  const seen = await office.desk.byRef(await office.known(people.coordinator), "EX-2026-0001");
  if (!seen) throw new Error("not seen");
  expect(await office.desk.busy(seen, "planning")).toContainEqual({ name: "Ben Sample", at: theirs });
  const slots = [later(theirs, -60), later(theirs, 30), later(theirs, 60)];
  const refused = await run(people.coordinator, "planning.offer", { slots, ...place });
  expect(refused).toMatchObject({
    kind: "refused",
    problems: [{ code: "SLOT_TAKEN", input: "slot-2", facts: { who: people.assessor } }],
  });
  const free = [slots[0], slots[2]];
  expect((await run(people.coordinator, "planning.offer", { slots: free, ...place })).kind).toBe("done");
});

test("one that the other case's meeting moved to meanwhile is refused; whose that is nobody outside learns", async () => {
  const theirs = other.case.planning.meeting?.at ?? "";
  const [taken, free] = [later(theirs, 24 * 60), later(theirs, 48 * 60)];
  await run(people.coordinator, "planning.offer", { slots: [taken, free], ...place });
  await run(people.coordinator, "planning.schedule", { at: later(taken, 15), ...place }, "case-2");
  for (const person of [people.apprentice, people.employer]) {
    const refused = await run(person, "planning.accept", { at: taken });
    expect(refused).toMatchObject({ kind: "refused", problems: [{ code: "SLOT_TAKEN", facts: { open: [free] } }] });
    expect(JSON.stringify(refused.kind === "refused" && refused.problems)).not.toMatch(/ben|zoe|EX-2026-0002/i);
  }
  expect((await run(people.employer, "planning.accept", { at: free })).kind).toBe("done");
  // Pressed by both, it was one of them.
  expect((await run(people.apprentice, "planning.accept", { at: free })).kind).toBe("already");
});

test("a meeting that is under way stands in the way until it is over", async () => {
  const theirs = other.case.planning.meeting?.at ?? "";
  office.now = later(theirs, 15);
  const slots = [later(theirs, 30), later(theirs, 60)];
  expect(await run(people.coordinator, "planning.offer", { slots, ...place })).toMatchObject({
    kind: "refused",
    problems: [{ code: "SLOT_TAKEN", input: "slot-1" }],
  });
  expect((await run(people.coordinator, "planning.offer", { slots: slots.slice(1), ...place })).kind).toBe("done");
});
