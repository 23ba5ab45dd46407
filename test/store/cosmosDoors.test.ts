import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import { CosmosClient, type CosmosClientOptions } from "@azure/cosmos";
import { createLog } from "../../bot/log";
import { Secret } from "../../bot/secret";
import { type CosmosOptions, openCosmos } from "../../bot/store/cosmos";
import type { CosmosSettings } from "../../bot/store/cosmos/connection";
import { CosmosRefused } from "../../bot/store/cosmos/faults";
import { containerDefinition } from "../../bot/store/cosmos/layout";
import { setUp } from "../../bot/store/cosmos/setup";
import { whenThere } from "../../bot/waiting";
import { type CosmosDouble, type DoubleOptions, startCosmosDouble } from "../support/cosmos/double";
import { product } from "../support/service";
import { settingsOf } from "./account";
import { appendTo } from "./appends";

/** Faults of configuration: each is refused at the start, by the name of what is wrong. */

const TOKEN = "a-token-of-nobody";
jest.mock("@azure/identity", () => ({
  DefaultAzureCredential: class {
    async getToken() {
      const token = process.env.TEST_IDENTITY;
      if (!token) throw Object.assign(new Error("no identity"), { name: "CredentialUnavailableError" });
      return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
    }
  },
}));

/** The SDK sends tokens over TLS only, which the double does not speak: below the SDK, plain HTTP takes its place. */
const untied: NonNullable<CosmosOptions["httpClient"]> = {
  sendRequest(request) {
    request.url = request.url.replace(/^https:/, "http:");
    request.allowInsecureConnection = true;
    delete request.agent;
    return createDefaultHttpClient().sendRequest(request);
  },
};

const doubles: CosmosDouble[] = [];
afterEach(async () => {
  delete process.env.TEST_IDENTITY;
  for (const double of doubles.splice(0)) await double.end();
});

async function account(options: DoubleOptions = {}): Promise<{ double: CosmosDouble; settings: CosmosSettings }> {
  const double = await startCosmosDouble(options);
  doubles.push(double);
  return { double, settings: settingsOf(double.endpoint, double.key) };
}

/** Why the account was refused, and what was said. */
async function refusal(settings: CosmosSettings, more: CosmosOptions = {}): Promise<{ why: string; message: string }> {
  const opened = openCosmos(settings, { timeoutMs: 500, ...more });
  const refused = await opened.then(
    (store) => store.close().then(() => undefined),
    (error: unknown) => error,
  );
  if (!(refused instanceof CosmosRefused)) throw new Error(`Not refused: ${refused}`);
  return refused;
}

async function withClient<T>(settings: CosmosSettings, work: (client: CosmosClient) => Promise<T>): Promise<T> {
  const options: CosmosClientOptions = { endpoint: settings.endpoint, key: settings.key?.reveal() ?? "" };
  const client = new CosmosClient(options);
  try {
    return await work(client);
  } finally {
    client.dispose();
  }
}

describe("an account", () => {
  it("given another key, then the key is named, and not told", async () => {
    const { settings } = await account();
    await setUp(settings);
    const other = Buffer.from("another key, which the account does not know").toString("base64");
    const { why, message } = await refusal({ ...settings, key: new Secret(other) });
    expect(why).toBe("key");
    expect(message).toContain("COSMOS_KEY");
    expect(message).not.toContain(other);
  });

  it("given no database, then the database is named", async () => {
    const { settings } = await account();
    const { why, message } = await refusal(settings);
    expect(why).toBe("database");
    expect(message).toMatch(/epilogue.*COSMOS_DATABASE.*cosmos:setup/);
  });

  it("given a database without the container, then the container is named", async () => {
    const { settings } = await account();
    await setUp({ ...settings, container: "another" });
    const { why, message } = await refusal(settings);
    expect(why).toBe("container");
    expect(message).toMatch(/record.*COSMOS_CONTAINER.*cosmos:setup/);
  });

  it("given a container of another make, then it is refused, by setup too", async () => {
    const { settings } = await account();
    await withClient(settings, async (client) => {
      const { database } = await client.databases.create({ id: settings.database });
      await database.containers.create({
        id: settings.container,
        partitionKey: { paths: ["/id"], version: 2 },
      } as never);
    });
    expect(await refusal(settings)).toMatchObject({ why: "partition-key" });
    await expect(setUp(settings)).rejects.toMatchObject({ why: "partition-key" });
  });

  it("given nobody answers at its address, then the address is named", async () => {
    const { double, settings } = await account();
    await double.end();
    const { why, message } = await refusal(settings);
    expect(why).toBe("network");
    expect(message).toContain("COSMOS_ENDPOINT");
    expect(message).toContain(new URL(settings.endpoint).host);
  });

  it("given several regions that write, then it is refused, by setup too", async () => {
    const { settings } = await account({ writeRegions: 2 });
    expect(await refusal(settings)).toMatchObject({ why: "write-regions" });
    await expect(setUp(settings)).rejects.toMatchObject({ why: "write-regions" });
  });

  it.each(["Eventual", "ConsistentPrefix"] as const)("given it promises only %s, then it is refused", async (level) => {
    const { settings } = await account({ consistency: level });
    expect(await refusal(settings)).toMatchObject({ why: "consistency" });
  });

  it.each(["Strong", "BoundedStaleness", "Session"] as const)(
    "given it promises %s, then it is served",
    async (level) => {
      const { settings } = await account({ consistency: level });
      await setUp(settings);
      const store = await openCosmos(settings);
      expect(await store.append(appendTo("case:1", undefined))).toBe("appended");
      expect(await store.head("case:1")).toMatchObject({ revision: 1 });
      await store.close();
    },
  );
});

describe("Entra ID instead of a key", () => {
  const keyless = ({ key: _, ...settings }: CosmosSettings): CosmosSettings => {
    return { ...settings, endpoint: settings.endpoint.replace("http:", "https:") };
  };
  const httpClient = untied;

  it("given an identity with the right role, then it is served", async () => {
    const { settings } = await account({ tokens: [TOKEN] });
    await setUp(settings);
    process.env.TEST_IDENTITY = TOKEN;
    const store = await openCosmos(keyless(settings), { httpClient });
    expect(await store.append(appendTo("case:1", undefined))).toBe("appended");
    await store.close();
  });

  it("given an identity that the account does not let in, or none, then access is refused, and how to give it is said", async () => {
    const { settings } = await account({ tokens: [TOKEN] });
    await setUp(settings);
    process.env.TEST_IDENTITY = "of-somebody-else";
    expect(await refusal(keyless(settings), { httpClient })).toMatchObject({ why: "access" });
    delete process.env.TEST_IDENTITY;
    expect((await refusal(keyless(settings), { httpClient })).message).toContain("COSMOS_KEY");
  });
});

describe("setup", () => {
  const definition = (settings: CosmosSettings) =>
    withClient(settings, async (client) => {
      const found = await client.database(settings.database).container(settings.container).read();
      return found.resource as unknown as ReturnType<typeof containerDefinition>;
    });

  it("given an empty account, then it makes all; run again, it changes nothing", async () => {
    const { settings } = await account();
    expect(await setUp(settings)).toEqual({ database: "made", container: "made" });
    const made = await definition(settings);
    expect(made.partitionKey?.paths).toEqual(["/pk"]);
    expect(made.defaultTtl).toBe(-1);
    const wanted = containerDefinition("record").indexingPolicy?.includedPaths;
    expect(made.indexingPolicy?.includedPaths?.map((p) => p.path)).toEqual(wanted?.map((p) => p.path));

    expect(await setUp(settings)).toEqual({ database: "there", container: "there" });
    expect(await definition(settings)).toEqual(made);
  });

  it("given a container with another indexing and no time to live, then both are mended, and what it holds stays", async () => {
    const { settings } = await account();
    await withClient(settings, async (client) => {
      const { database } = await client.databases.create({ id: settings.database });
      await database.containers.create({
        id: settings.container,
        partitionKey: { paths: ["/pk"], version: 2 },
      } as never);
    });
    const store = await openCosmos(settings);
    await store.append(appendTo("case:1", undefined));

    expect(await setUp(settings)).toEqual({ database: "there", container: "mended" });
    expect((await definition(settings)).defaultTtl).toBe(-1);
    expect(await store.head("case:1")).toMatchObject({ revision: 1 });
    expect(await setUp(settings)).toEqual({ database: "there", container: "there" });
    await store.close();
  });
});

describe("a start while the account is out of reach", () => {
  const log = createLog({ write: () => undefined });
  let said: jest.SpyInstance;
  beforeEach(() => {
    said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  });
  afterEach(() => said.mockRestore());

  it("then it waits, says why, is not ready, and goes on once the account is there", async () => {
    const { double, settings } = await account();
    await setUp(settings);
    double.faults.outage = "unavailable";
    const port = await freePort();
    const opening = whenThere(() => openCosmos(settings, { timeoutMs: 500 }), { port, host: "127.0.0.1" }, log, [0.05]);
    const notReady = await until(() => fetch(`http://127.0.0.1:${port}/readyz`));
    expect(notReady.status).toBe(503);
    expect(await notReady.json()).toMatchObject({ ready: false, notReady: ["store"] });
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(said.mock.calls.flat().join()).toContain("COSMOS_ENDPOINT");

    double.faults.clear();
    const store = await opening;
    await store.ready();
    await store.close();
    await expect(fetch(`http://127.0.0.1:${port}/readyz`)).rejects.toThrow();
  });

  it("given what nobody but the administrator can put right, then it does not wait", async () => {
    const { settings } = await account();
    const port = await freePort();
    await expect(whenThere(() => openCosmos(settings), { port }, log)).rejects.toMatchObject({ why: "database" });
  });
});

test("given the account goes away and comes back under a running service, then readiness names the store, and the log says why, once", async () => {
  const { double, settings } = await account();
  await setUp(settings);
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line) });
  const p = await product({ log, open: (clock) => openCosmos(settings, { clock, timeoutMs: 500 }) });
  try {
    const ready = async () => (await fetch(`${p.url}/readyz`)).json() as Promise<{ notReady: string[] }>;
    expect((await ready()).notReady).toEqual([]);
    double.faults.outage = "unavailable";
    for (let n = 0; n < 2; n++) expect((await ready()).notReady).toEqual(["store"]);
    const said = lines.map((line) => JSON.parse(line)).filter((line) => line.event === "store.not.ready");
    expect(said).toMatchObject([{ error: { cause: { code: 503 } } }]);
    double.faults.clear();
    expect((await ready()).notReady).toEqual([]);
  } finally {
    double.faults.clear();
    await p.stop();
  }
});

/** A port that nobody has at the moment. */
async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as import("node:net").AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function until<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const got = await ask().catch(() => undefined);
    if (got !== undefined) return got;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
