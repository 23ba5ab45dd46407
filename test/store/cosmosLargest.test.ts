import { chance } from "../../bot/service";
import { casePk, handle, type Outcome, type Ports } from "../../src/handle";
import type { Store } from "../../src/ports";
import { published, readPacks } from "../../src/rules/packs";
import { actorOf, days, people, spare, tquk } from "../support/case";
import { type AccountDouble, accountDouble } from "./account";

/** A transaction of Cosmos DB holds a hundred operations: whatever people do in a case, no command of theirs needs more. */

let account: AccountDouble;
let store: Store;
beforeAll(async () => {
  account = await accountDouble();
  store = await account.open();
});
afterAll(() => account.end());

test("given sixty requests that nobody decided, then another coordinator takes the case, and it can be withdrawn", async () => {
  const ports: Ports = {
    store,
    clock: { now: () => "2026-01-12T09:00:00Z" },
    chance,
    packs: readPacks(published),
    settings: async () => ({ sampling: { usual: 0, byAssessor: {} }, retentionMonths: 72 }),
  };
  let presses = 0;
  const does = (role: "coordinator" | "apprentice", type: string, data: object): Promise<Outcome> =>
    handle(
      { id: `press-${++presses}`, caseId: "1", command: { type, data } as never },
      actorOf(tquk, people[role], role),
      ports,
    );
  const { apprentice, employer, provider } = people;
  const parties = { apprentice, employer, provider, employerName: "Fictional Foods Ltd" };
  const { programmeStart } = days;
  expect(
    await does("coordinator", "case.register", {
      ref: "EX-2026-0147",
      bodyId: tquk.body.id,
      ...parties,
      programmeStart,
    }),
  ).toMatchObject({ kind: "done" });
  const need = { kind: "extraTime", need: "Reads slowly", normalWay: true, apprenticeInvolved: true };
  for (let n = 0; n < 60; n++)
    expect(
      await does("apprentice", "adjustment.request", { ...need, extraTimePercent: 25, methods: [] }),
    ).toMatchObject({ kind: "done" });

  const over = { role: "coordinator", person: spare.coordinator, reason: "On leave" };
  expect(await does("coordinator", "staff.allocate", over)).toMatchObject({ kind: "done" });
  const theirs = await store.dueOf({ person: spare.coordinator }, { limit: 100 });
  expect(theirs.rows.length).toBeGreaterThan(10);
  expect((await store.dueOf({ person: people.coordinator }, { limit: 100 })).rows).toEqual([]);
  expect(await does("coordinator", "case.withdraw", { reason: "Left the firm" })).toMatchObject({ kind: "done" });
  expect(await store.head(casePk("1"))).toMatchObject({ state: { stage: "withdrawn" } });
}, 60_000);
