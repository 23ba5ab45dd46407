import { randomUUID } from "node:crypto";
import { openCosmos } from "../../bot/store/cosmos";
import type { CosmosSettings } from "../../bot/store/cosmos/connection";
import { setUp } from "../../bot/store/cosmos/setup";
import type { Store } from "../../src/ports";
import { startCosmosDouble } from "../support/cosmos/double";
import { settingsOf } from "./account";
import { type StoreUnderTest, storeContract } from "./contract";

/** A store and its rival on one container, each with a client, and so a session, of its own. */
async function underTest(settings: CosmosSettings, end: () => Promise<void>): Promise<StoreUnderTest> {
  await setUp(settings);
  const opened: Store[] = [];
  const open = async () => {
    const store = await openCosmos(settings, { timeoutMs: 10_000 });
    opened.push(store);
    return store;
  };
  const store = await open();
  return {
    store,
    rival: await open(),
    async reopen() {
      await store.close();
      return open();
    },
    async end() {
      for (const one of opened) await one.close();
      await end();
    },
  };
}

describe.each([1, 4])("a double of %i physical partitions", (ranges) => {
  storeContract("Cosmos DB", async () => {
    const double = await startCosmosDouble({ ranges });
    return underTest(settingsOf(double.endpoint, double.key), double.end);
  });
});

// Against a real account, or Microsoft's emulator: a container for each test, in a database of its own, removed afterwards.
const { COSMOS_ENDPOINT: endpoint, COSMOS_KEY: key } = process.env;
if (endpoint && key) {
  describe("the account that the environment names", () => {
    const database = `epilogue-contract-${randomUUID().slice(0, 8)}`;
    const withClient = async (work: (client: import("@azure/cosmos").CosmosClient) => Promise<unknown>) => {
      const { CosmosClient } = await import("@azure/cosmos");
      const client = new CosmosClient({ endpoint, key });
      await work(client).finally(() => client.dispose());
    };
    jest.setTimeout(120_000);
    afterAll(() => withClient((client) => client.database(database).delete()));

    storeContract("Cosmos DB", () => {
      const container = `record-${randomUUID().slice(0, 8)}`;
      return underTest({ ...settingsOf(endpoint, key), database, container }, () =>
        withClient((client) => client.database(database).container(container).delete()),
      );
    });
  });
}
