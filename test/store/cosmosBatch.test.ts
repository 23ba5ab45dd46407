import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import { People } from "../../bot/people";
import type { CosmosOptions } from "../../bot/store/cosmos";
import type { Store } from "../../src/ports";
import { type AccountDouble, accountDouble } from "./account";
import { appendTo, due, minute, notice } from "./appends";

/** What an append is on the wire: one transactional batch, in the order that tells the conflicts apart. */

interface Operation {
  operationType: string;
  id?: string;
  ifMatch?: string;
  resourceBody: { id: string; pk: string; ttl?: number };
}

let account: AccountDouble;
let store: Store;
const sent: { method: string; url: string; body: string }[] = [];
const overheard: NonNullable<CosmosOptions["httpClient"]> = {
  sendRequest(request) {
    sent.push({ method: request.method, url: request.url, body: String(request.body ?? "") });
    return createDefaultHttpClient().sendRequest(request);
  },
};
beforeAll(async () => {
  account = await accountDouble();
  store = await account.open({ httpClient: overheard });
});
afterAll(() => account.end());
beforeEach(() => {
  sent.length = 0;
});

const kinds = (operations: readonly Operation[]) =>
  operations.map(({ operationType, resourceBody: { id } }) => `${operationType} ${id.replace(/-.*/, "")}`);

test("given an append, then it is one batch in one partition: marker, events, head, lists, notices; the next one replaces the head by its ETag", async () => {
  const index = { people: ["ada"], due: [due("report", "ada", minute(9))] };
  const first = appendTo("case:1", undefined, { words: ["1", "2"], index, notices: [notice("told", minute(1))] });
  expect(await store.append(first)).toBe("appended");
  const made = sent.map(({ body }) => JSON.parse(body) as Operation[]);
  expect(made).toHaveLength(1);
  const [operations = []] = made;
  expect(kinds(operations)).toEqual([
    "Create c",
    "Create e",
    "Create e",
    "Create head",
    "Upsert l",
    "Upsert l",
    "Upsert l",
    "Upsert n",
  ]);
  expect(new Set(operations.map((o) => o.resourceBody.pk))).toEqual(new Set(["case:1"]));
  // A marker answers for its command for good.
  expect(operations[0]?.resourceBody.ttl).toBeUndefined();

  sent.length = 0;
  expect(await store.append(appendTo("case:1", first.events[1], { index }))).toBe("appended");
  const [next = []] = sent.map(({ body }) => JSON.parse(body) as Operation[]);
  expect(kinds(next)).toEqual(["Create c", "Create e", "Replace head"]);
  expect(next.at(-1)?.ifMatch).toMatch(/./);
});

test("given a name and an address are corrected, then no item of the account holds the former ones", async () => {
  const people = new People(store, { now: () => minute(0) });
  const ada = await people.ensure({ name: "Ada Exemple", mail: "ada.exemple@example.org" });
  await people.issueCode(ada.id);
  const { CosmosClient } = await import("@azure/cosmos");
  const { endpoint, database, container } = account.settings;
  const client = new CosmosClient({ endpoint, key: account.double.key });
  const everything = async () =>
    JSON.stringify((await client.database(database).container(container).items.readAll().fetchAll()).resources);
  try {
    expect(await everything()).toContain("Exemple");
    expect(await people.correct(ada.id, "name", "Ada Example")).toBe(true);
    expect(await people.correct(ada.id, "mail", "ada.example@example.org")).toBe(true);
    const left = await everything();
    expect(left).toContain("Ada Example");
    expect(left.toLowerCase()).not.toContain("exemple");
  } finally {
    client.dispose();
  }
});
