import { randomUUID } from "node:crypto";
import { casePk } from "../../src/handle";
import { type Json, wordsOf } from "../support/cardReading";
import { type Product, product } from "../support/service";
import type { Card } from "../support/teams";
import { cardsIn, everyButton, type Found } from "./buttons";
import { activityOf, pressing, send, submitting, vouched } from "./wire";

/** What crosses: the same press twice, two people at one button, another's press again, one code and two accounts. */

let running: Product;
let pool: Found[];
let list: Card;
const pk = casePk("sample-sam");

beforeEach(async () => {
  running = await product({ samples: true });
  const { teams, url } = running;
  for (const who of ["cora", "noor", "sam"]) await teams.as(who).say("cases");
  pool = await everyButton(url, teams.local, ["cora"], ["sample-sam"]);
});
afterEach(() => running.stop());

/** The button as it stands on the coordinator's card. */
function button(verb: string): Json {
  const found = pool.find((one) => one.data.verb === verb);
  if (!found) throw new Error(`There is no ${verb}`);
  return found.data;
}

async function answered(activity: Json): Promise<Json> {
  const { status, text } = await send(running.url, vouched(running.teams.local, activity));
  expect(status).toBe(200);
  return JSON.parse(text || "{}") as Json;
}
const press = (who: string, data: Json, over: Json = {}) =>
  answered(pressing({ ...activityOf(running.teams.local, who), ...over }, data));
const submit = (who: string, data: Json, over: Json = {}) =>
  answered(submitting({ ...activityOf(running.teams.local, who), ...over }, data));

const revision = async () => (await running.service.ports.store.head(pk))?.revision ?? 0;
const wordsIn = (answer: Json) => cardsIn(answer).map(wordsOf).join("\n");
const person = async (who: string) => {
  const one = running.teams.local.people().find((p) => p.id === who);
  return running.service.people.byBinding(one?.tenantId ?? "", one?.aadObjectId?.toLowerCase() ?? "");
};

test.each([
  ["the same activity id", true],
  ["new activity ids", false],
])(
  "a press that is delivered three times at once with %s is done once, and each is answered with the card",
  async (_, same) => {
    const before = await revision();
    const data = button("gateway.acceptItem");
    const id = `f:${randomUUID()}`;
    const answers = await Promise.all([1, 2, 3].map(() => press("cora", data, same ? { id } : {})));
    for (const answer of answers) {
      expect(answer).toMatchObject({ statusCode: 200, type: "application/vnd.microsoft.card.adaptive" });
      expect(wordsIn(answer)).toContain("EX-2026-0151");
    }
    expect(await revision()).toBe(before + 1);
  },
);

test("a press that is delivered again later changes nothing, and shows the present case, in which it was done", async () => {
  const data = button("gateway.acceptItem");
  await press("cora", data);
  const after = await revision();
  const again = await press("cora", data);
  expect(again).toMatchObject({ statusCode: 200, type: "application/vnd.microsoft.card.adaptive" });
  expect(wordsIn(again)).not.toMatch(/Not done|Already done/);
  expect(await revision()).toBe(after);
});

test("of two who press one button at once, one does it and the other is told who was first", async () => {
  const before = await revision();
  const answers = await Promise.all(
    ["cora", "noor"].map((who) => press(who, { ...button("gateway.acceptItem"), commandId: randomUUID() })),
  );
  expect(await revision()).toBe(before + 1);
  const [event] = await running.service.ports.store.events(pk, { from: before + 1 });
  const first = event?.by.person === (await person("cora"))?.id ? "Cora Placeholder" : "Noor Notional";
  const told = answers
    .map(wordsIn)
    .filter((words) => words.includes(`${first} accepted`) || words.includes("changed nothing"));
  expect(told.length).toBe(1);
  expect(told[0]).toContain(first);
});

test("another's press, sent as one's own, is one's own: under one's own name, and the other's is not used up", async () => {
  const before = await revision();
  const accept = button("gateway.acceptItem");
  // Sam may not, whoever's id he sends.
  await press("sam", accept);
  expect(await revision()).toBe(before);
  await press("noor", accept);
  const late = wordsIn(await press("cora", accept));
  const events = await running.service.ports.store.events(pk, { from: before + 1 });
  expect(events.map((e) => e.by.person)).toEqual([(await person("noor"))?.id]);
  // Hers was not done, and she is told so; the id alone would have passed for her own press, repeated.
  expect(late).toContain("Noor Notional");
});

test("one's own id for something else is refused, and nothing is written", async () => {
  const accept = button("gateway.acceptItem");
  await press("cora", accept);
  const after = await revision();
  const other = { ...button("gateway.accept"), commandId: accept.commandId };
  await press("cora", other);
  await press("cora", { ...accept, args: { item: "another" } });
  expect(await revision()).toBe(after);
});

test("a dialog's submit that is sent three times at once, and once more, is done once", async () => {
  const before = await revision();
  const data = button("gateway.acceptItem");
  await Promise.all([1, 2, 3].map(() => submit("cora", data)));
  await submit("cora", data);
  expect(await revision()).toBe(before + 1);
});

test("a code that two accounts redeem at once binds one of them", async () => {
  const { teams, service } = running;
  const { personId: one } = await teams.local.perform({
    do: "people.add",
    name: "Una Untrue",
    role: "Nobody",
    kind: "federated",
  });
  const { personId: two } = await teams.local.perform({
    do: "people.add",
    name: "Max Mock",
    role: "Nobody",
    kind: "guest",
  });
  const invited = await service.people.ensure({ name: "Una Untrue", mail: "una@example.org" });
  const { code } = await service.people.issueCode(invited.id);
  await Promise.all([one, two, one, two].map((who) => answered({ ...activityOf(teams.local, who), text: code })));
  const bound = (await Promise.all([one, two].map(person))).filter((p) => p !== undefined);
  expect(bound.map((p) => p.id)).toEqual([invited.id]);
  expect((await service.people.find(invited.id))?.bindings.length).toBe(1);
});

test.each([
  ["asked for by a message", () => running.teams.as("cora").say("case EX-2026-0151")],
  ["put in the place of a list", () => running.teams.as("cora").press("Show case EX-2026-0151", {}, list)],
])("a case that moves as its card is %s stands on the card as it is", async (_, shown) => {
  const { store } = running.service.ports;
  list = await running.teams.as("cora").lastCard("EX-2026-0151");
  const accept = { ...button("gateway.acceptItem"), commandId: randomUUID() };
  const before = await revision();
  // After the card was drawn, and before anybody knows where it is.
  const { owe } = store;
  store.owe = async (...owed) => {
    store.owe = owe;
    await press("noor", accept);
    return owe(...owed);
  };
  await shown();
  await running.teams.settled();
  expect(await revision()).toBe(before + 1);
  const card = await running.teams.as("cora").lastCard("EX-2026-0151");
  expect(JSON.stringify(card.json)).toContain(`"seen":${before + 1}`);
  expect(JSON.stringify(card.json)).not.toContain(`"seen":${before},`);
});

test("a service told to stop in the midst of a press answers it, keeps what it caused, and holds no notice back", async () => {
  const { service } = running;
  const { store } = service.ports;
  const close = store.close;
  // Read after the stop.
  store.close = async () => undefined;
  const before = await revision();
  const append = store.append;
  let stopped: Promise<void> | undefined;
  store.append = async (asked) => {
    stopped ??= service.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return append(asked);
  };
  const answer = await press("cora", button("gateway.acceptItem"));
  expect(answer).toMatchObject({ statusCode: 200, type: "application/vnd.microsoft.card.adaptive" });
  await stopped;
  expect(await revision()).toBe(before + 1);
  expect((await store.notices(pk)).filter((n) => n.state === "claimed" || n.state === "sending")).toEqual([]);
  await expect(send(running.url, { method: "GET", path: "/readyz" })).rejects.toThrow();
  store.close = close;
});
