import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { another, clientOf, codeOf, endAll, given, signedHeaders } from "./given";

afterEach(endAll);

const wrongKey = Buffer.from("another key altogether").toString("base64");

test("a wrong key is refused, the right one is not", async () => {
  const { double } = await given();
  expect(await codeOf(clientOf(double, { key: wrongKey }).database("epilogue").read())).toBe(401);
  expect(await codeOf(clientOf(double).database("epilogue").read())).toBe("done");
});

test("the signature covers the resource: one for another document is refused", async () => {
  const { double, cases } = await given();
  await cases.items.create({ id: "a", pk: "p" });
  const read = async (signedFor: string) => {
    const headers = signedHeaders(double.key, "get", "docs", `dbs/epilogue/colls/cases/docs/${signedFor}`);
    const address = `${double.endpoint}dbs/epilogue/colls/cases/docs/a`;
    return (await fetch(address, { headers: { ...headers, "x-ms-documentdb-partitionkey": '["p"]' } })).status;
  };
  expect(await read("a")).toBe(200);
  expect(await read("b")).toBe(401);
});

test.each([
  [-20 * 60_000, 403],
  [20 * 60_000, 403],
  [-10 * 60_000, 200],
])("a date %i ms away from now: %i", async (skew, status) => {
  const { double } = await given();
  const date = new Date(Date.now() + skew);
  const headers = signedHeaders(double.key, "get", "dbs", "dbs/epilogue", date);
  expect((await fetch(`${double.endpoint}dbs/epilogue`, { headers })).status).toBe(status);
});

/** The SDK hands a token to https only: what it sends there goes to the double's http. */
const unencrypted: HttpClient = {
  sendRequest(request) {
    request.url = request.url.replace("https://", "http://");
    request.allowInsecureConnection = true;
    request.agent = undefined;
    return createDefaultHttpClient().sendRequest(request);
  },
};

test.each([
  ["a token that was given out", "good", "done"],
  ["any other token", "forged", 401],
])("%s", async (_, token, outcome) => {
  const { double } = await given({ tokens: ["good"] });
  const aadCredentials: TokenCredential = {
    getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const endpoint = double.endpoint.replace("http://", "https://");
  const more = {
    endpoint,
    aadCredentials,
    httpClient: unencrypted,
    connectionPolicy: { enableEndpointDiscovery: false },
  };
  const { key: _key, ...withoutKey } = { ...double };
  const database = clientOf({ ...withoutKey, key: undefined as never }, more).database("epilogue");
  expect(await codeOf(database.read())).toBe(outcome);
});

test("the service's date is the double's own clock", async () => {
  const { double, cases } = await given();
  double.clock.advance(3 * 86_400_000);
  const { headers, resource } = await cases.items.create({ id: "a", pk: "p" });
  const told = Date.parse(`${headers.date}`);
  expect(Math.floor(told / 1000)).toBeGreaterThanOrEqual(resource?._ts ?? Number.POSITIVE_INFINITY);
  expect(told).toBeGreaterThan(Date.now() + 2 * 86_400_000);
});

test.each([
  ["Session", "Strong", 400],
  ["Strong", "Session", "done"],
  ["Session", "Eventual", "done"],
] as const)(
  "on an account of %s consistency a client may ask for %s: %s",
  async (consistency, consistencyLevel, outcome) => {
    const { double, cases } = await given({ consistency: consistency === "Session" ? "Session" : consistency });
    await cases.items.create({ id: "a", pk: "p" });
    expect(await codeOf(another(double, { consistencyLevel }).item("a", "p").read())).toBe(outcome);
  },
);
