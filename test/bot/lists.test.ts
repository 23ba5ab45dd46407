import { Lists } from "../../bot/teams/lists";
import { casePk } from "../../src/handle";
import type { Grade } from "../../src/rules/pack";
import { temporaryFolder } from "../store/folder";
import { type Json, wordsOf } from "../support/cardReading";
import { type Journey, journey, people, tquk } from "../support/case";
import { Office } from "../web/office";

/** The lists of a chat and of the tab come from what each may see, not from what the store keeps beside a case. */

let office: Office;
let lists: Lists;
beforeEach(async () => {
  office = await new Office(temporaryFolder()).start();
  lists = new Lists(office.desk, () => "press-000001");
  for (const role of ["coordinator", "assessor", "iqa", "auditor"] as const)
    await office.staff(tquk.body.id, people[role], [role]);
});
afterEach(() => office.stop());

async function stands(j: Journey): Promise<void> {
  await office.put(j);
  office.now = j.now;
}
const cases = async (person: string) => JSON.stringify(await lists.cases(await office.known(person)));
const due = async (person: string) => JSON.stringify(await lists.due(await office.known(person)));
const held = (grade: Grade) =>
  journey(tquk).upTo("held", { grades: Object.fromEntries(tquk.methods.map((m) => [m.id, grade])) });
const outside = [people.apprentice, people.employer, people.provider];

describe("before release the chat's lists tell outside people nothing of the grades", () => {
  const all = async () => [
    ...(await Promise.all(outside.map((person) => cases(person)))),
    ...(await Promise.all(outside.map((person) => due(person)))),
  ];

  test("whatever happens to them, the lists are the same byte for byte", async () => {
    const j = held("pass").sampling(1);
    await stands(j);
    const before = await all();
    const confirmed = j.confirmedGrade(tquk.methods[0]?.id ?? "");
    await office.put(confirmed);
    expect(await all()).toEqual(before);
    const graded = confirmed.sampling(0).graded();
    await office.put(graded);
    expect(await all()).toEqual(before);
    await office.put(graded.do("results.withhold", { reason: "A question is open" }));
    expect(await all()).toEqual(before);
    expect(before.filter((card) => card.includes("The grades are being checked"))).toHaveLength(outside.length);
    // Staff see it, so that there was something to keep back.
    expect(await due(people.coordinator)).toMatch(/[Rr]esults/);
  });
});

test("staff who left the body's list no longer see the case in a list", async () => {
  await stands(journey(tquk).upTo("held"));
  expect(await cases(people.assessor)).toContain("EX-2026-0147");
  expect(await due(people.assessor)).toContain("EX-2026-0147");
  await office.leaves(tquk.body.id, people.assessor);
  expect(await cases(people.assessor)).not.toContain("EX-2026-0147");
  expect(await due(people.assessor)).not.toContain("EX-2026-0147");
  expect((await lists.only(await office.known(people.assessor))).only).toBeUndefined();
});

describe("a case whose result is out stays to be found", () => {
  const passed = () => journey(tquk).upTo("released");

  test("as the apprentice's only case, in the chat and in the tab", async () => {
    await stands(passed());
    const { rows } = await office.desk.cases(await office.known(people.apprentice));
    expect(rows.map((r) => r.closed)).toEqual([true]);
    const ada = await office.known(people.apprentice);
    expect((await lists.only(ada)).only?.view.result?.overall).toBe("pass");
    expect(wordsOf((await lists.cases(ada)) as unknown as Json)).toContain("EX-2026-0147");
    const tab = (await (await office.ask({ person: people.apprentice })).json()) as { cases: { ref: string }[] };
    expect(tab.cases.map((c) => c.ref)).toEqual(["EX-2026-0147"]);
  });

  test.each([people.coordinator, people.assessor])("for %s after the open ones", async (person) => {
    await stands(passed());
    await office.put(journey(tquk, "case-0").registered({ ref: "EX-2025-0001" }).staffed());
    const { rows } = await office.desk.cases(await office.known(person));
    expect(rows.map((r) => [r.pk, r.ref])).toEqual([
      [casePk("case-0"), "EX-2025-0001"],
      [casePk("case-1"), "EX-2026-0147"],
    ]);
  });
});

test("what an apprentice attends is due of them, in the chat and in the tab", async () => {
  await stands(journey(tquk).upTo("booked"));
  expect(await due(people.apprentice)).toContain("EX-2026-0147");
  const tab = (await (await office.ask({ person: people.apprentice })).json()) as { due: { key: string }[] };
  expect(tab.due.map((d) => d.key).filter((k) => k.includes("session-"))).toHaveLength(tquk.methods.length);
});
