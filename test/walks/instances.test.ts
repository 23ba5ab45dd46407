import { createLog } from "../../bot/log";
import { createService, type Service } from "../../bot/service";
import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import { type Channel, openChannel } from "../bench/channel";
import { post } from "../bench/pressing";
import { type AccountDouble, accountDouble } from "../store/account";
import { pressed } from "../storm/activities";
import { type Presser, type Seeded, seed } from "../storm/seed";
import { tquk } from "../support/case";
import { trustOf } from "../support/signing";

/** Two services on one account, behind one address: Teams posts to either, and nobody can tell which. */

let account: AccountDouble;
let channel: Channel;
let seeded: Seeded;
const services: { service: Service; port: number }[] = [];

beforeAll(async () => {
  account = await accountDouble({ ranges: 3 });
  channel = await openChannel();
  const begun = Date.now();
  const store = await account.open();
  seeded = await seed(store, channel.settings, 18);
  const clock = { now: () => new Date(Date.parse(seeded.now) + Date.now() - begun).toISOString() };
  for (let n = 0; n < 2; n++) {
    const service = createService({
      config: { coordinators: [], mode: "production" },
      trust: trustOf(channel.settings),
      store: await account.open(),
      clock,
      mailer: { send: async ({ id }) => ({ kind: "ok", messageId: id }), ready: async () => true, close() {} },
      log: createLog({ level: "error", write: () => undefined }),
      bodiesOfTenant: () => [tquk.body.id],
    });
    services.push({ service, port: await service.http.listen(0, "127.0.0.1") });
  }
});
afterAll(async () => {
  for (const { service } of services) await service.stop();
  await channel.stop();
  await account.end();
});

const door = () => ({ authorization: channel.authorization, ...channel.settings });

/** A case whose results may be released, as everybody sees it now. */
async function graded(): Promise<Case> {
  const store = await account.open();
  for (const { caseId } of seeded.cases) {
    const c = (await store.head<Case>(casePk(caseId)))?.state;
    const settled = tquk.methods.every((m) => c?.attempts[m.id]?.at(-1)?.confirmed);
    if (c?.stage === "assessment" && settled) return c;
  }
  throw new Error("No case is graded");
}

const coordinators = (): Presser[] => seeded.staff.filter((s) => s.role === "coordinator");
const press = (n: number, by: Presser, c: Case, commandId: string) =>
  post(
    services[n]?.port ?? 0,
    channel.authorization,
    pressed(door(), c, { type: "results.release", by, args: { feedback: "Well prepared" } }, commandId),
  );

test("given two people press the same button at two instances at once, then it is one event, and one of them reads who was first", async () => {
  const c = await graded();
  const [cora, tom] = coordinators() as [Presser, Presser];
  const answers = await Promise.all([press(0, cora, c, "press-of-cora"), press(1, tom, c, "press-of-tom")]);

  const events = await (await account.open()).events(casePk(c.id), { from: c.revision + 1 });
  const released = events.filter((e) => e.type === "ResultsReleased");
  expect(released).toHaveLength(1);
  const [first, other] = released[0]?.by.person === cora.person ? [cora, tom] : [tom, cora];
  const said = answers.map((a) => JSON.stringify(a));
  const stale = said.filter((words) => words.includes('"Already done"'));
  expect(stale).toHaveLength(1);
  expect(said.indexOf(stale[0] ?? "")).toBe([cora, tom].indexOf(other));
  expect(stale[0]).toContain(first.name);
  for (const answer of answers) expect(answer).toMatchObject({ statusCode: 200, value: { type: "AdaptiveCard" } });
});

test("given one press comes to both instances under two activity ids, then it is one event, and both say that it is done", async () => {
  const c = await graded();
  const [cora] = coordinators() as [Presser];
  const answers = await Promise.all([press(0, cora, c, "press-twice"), press(1, cora, c, "press-twice")]);

  const events = await (await account.open()).events(casePk(c.id), { from: c.revision + 1 });
  expect(events.filter((e) => e.type === "ResultsReleased")).toHaveLength(1);
  for (const answer of answers) expect(JSON.stringify(answer)).not.toMatch(/"Already done"|something went wrong/);
});
