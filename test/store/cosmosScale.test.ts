import type { Store } from "../../src/ports";
import { type AccountDouble, accountDouble } from "./account";
import { crowd, few, questions } from "./crowd";

/** What is asked over all cases costs by its answer: the same requests, partitions and pages among many cases as among few. */

let account: AccountDouble;
let store: Store;
beforeAll(async () => {
  account = await accountDouble({ ranges: 4 });
  store = await account.open();
  await few(store);
  await crowd(store, 0, 40);
});
afterAll(() => account.end());

async function counted(): Promise<Record<string, object>> {
  const { counts } = account.double;
  const found: Record<string, object> = {};
  for (const [name, ask] of Object.entries(questions)) {
    counts.reset();
    await ask(store);
    const { operations, ranges, partitions, pages } = counts.now();
    found[name] = { operations, ranges, partitions, pages };
  }
  return found;
}

test("given forty cases, and six hundred, then each question touches as much and reads as many pages", async () => {
  // The plan of a container's ranges is fetched once.
  await counted();
  const among40 = await counted();
  await crowd(store, 40, 600);

  expect(await counted()).toEqual(among40);
  for (const [name, cost] of Object.entries(among40)) {
    const { pages } = cost as { pages: number };
    expect({ name, pages: pages <= 4 }).toEqual({ name, pages: true });
  }
}, 60_000);

test("given its page is longer, then only what is given grows", async () => {
  const { counts } = account.double;
  const of = async (limit: number) => {
    counts.reset();
    const { rows } = await store.casesOf({ bodyId: "body" }, { limit });
    const { operations, partitions, pages } = counts.now();
    return { rows: rows.length, cost: { operations, partitions, pages } };
  };
  const [short, long] = [await of(5), await of(50)];
  expect([short.rows, long.rows]).toEqual([5, 50]);
  expect(long.cost).toEqual(short.cost);
});
