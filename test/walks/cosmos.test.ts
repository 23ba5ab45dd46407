import { chance } from "../../bot/service";
import { checkStore } from "../../bot/store/chainCheck";
import { refold } from "../../bot/store/refold";
import { type AccountDouble, accountDouble } from "../store/account";
import { tquk } from "../support/case";
import { costOf, Turns } from "../support/cosmos/turns";
import { type Product, product } from "../support/service";
import { Course } from "./course";
import { Watch } from "./watch";

/**
 * A whole case on Cosmos DB, over four physical partitions, on an account that has its moods: some requests are too many, some
 * answers are lost before or after the write, copies lag. Nobody in the case may notice.
 */

let account: AccountDouble;
let p: Product;
let watch: Watch;
const turns = new Turns();
const passed = { observation: "pass", discussion: "pass", project: "distinction" } as const;

beforeAll(async () => {
  account = await accountDouble({ ranges: 4 });
  p = await product({
    startAt: "2026-02-02T09:00:00Z",
    open: (clock) => account.open({ clock, timeoutMs: 1_000, observed: turns.observed }),
  });
  turns.follow(p.service);
  watch = new Watch(p);
  const { faults } = account.double;
  faults.lag = { ms: 15, share: 0.3 };
  faults.add({ answer: 429, retryAfterMs: 5, share: 0.02 });
  faults.add({ answer: 503, share: 0.01 });
  faults.add({ answer: "reset", share: 0.01 });
  faults.add({ answer: "reset", after: true, share: 0.01 });
  faults.add({ answer: 449, share: 0.01 });
});
afterAll(async () => {
  await p.stop();
  await account.end();
});

test("from registration to results, through an account that has its moods", async () => {
  const c = await Course.begin(p, tquk);
  await c.sampling(100);
  await c.upToGraded(passed);
  for (const { id } of tquk.methods) await c.upheld(id);
  await c.on("2026-04-13");
  await (await c.seat("coordinator").open("results.release")).submit();
  for (const who of ["ada", "dev", "priya"])
    expect((await p.teams.as(who).mail("esults")).text).toMatch(/Overall\W+\w+/);
  expect((await c.seat("apprentice").card()).text).toContain("Pass");
  await c.seat("apprentice").live();
}, 180_000);

test("nothing failed, nobody read an apology, no notice was lost", async () => {
  expect(Object.values(account.double.faults.struck).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(20);
  account.double.faults.clear();
  expect(await watch.faults()).toEqual([]);
});

test("the record is whole, and its events make the present state", async () => {
  const store = await account.open();
  expect(await checkStore(store, chance.digest, refold)).toMatchObject({ ok: true });
});

test("the head stays small however long the case: a point read of few request units", async () => {
  const store = await account.open();
  for await (const pk of store.partitions()) {
    const head = await store.head(pk);
    const bytes = Buffer.byteLength(JSON.stringify(head));
    expect({ pk, large: bytes > 40_000 }).toEqual({ pk, large: false });
  }
});

test("each command cost one point read and one batch; people and bodies are read once a minute", () => {
  // A turn that was struck by a fault, or by a copy that lags, has asked again.
  const smooth = turns.all.filter((turn) => turn.requests.every(({ status }) => status < 400 && status > 0));
  const commands = smooth.filter(({ command }) => command !== undefined && command !== "case.register");
  expect(commands.length).toBeGreaterThan(25);
  for (const turn of commands) {
    const { reads, batches, others } = costOf(turn);
    expect({ ...turn, reads, batches, others }).toEqual({ ...turn, reads: 1, batches: 1, others: [] });
  }
});
