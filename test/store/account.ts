import { Secret } from "../../bot/secret";
import { type CosmosOptions, openCosmos } from "../../bot/store/cosmos";
import type { CosmosSettings } from "../../bot/store/cosmos/connection";
import { setUp } from "../../bot/store/cosmos/setup";
import type { Store } from "../../src/ports";
import { type CosmosDouble, type DoubleOptions, startCosmosDouble } from "../support/cosmos/double";

/** A double of an account with the container made, and instances of the store on it. */
export interface AccountDouble {
  double: CosmosDouble;
  settings: CosmosSettings;
  /** One more instance, with a client, and so a session, of its own. */
  open(options?: CosmosOptions): Promise<Store>;
  end(): Promise<void>;
}

/** The database and container of an account, by the names that the configuration has of its own. */
export const settingsOf = (endpoint: string, key: string): CosmosSettings => ({
  endpoint,
  key: new Secret(key),
  database: "epilogue",
  container: "record",
});

export async function accountDouble(options: DoubleOptions = {}): Promise<AccountDouble> {
  const double = await startCosmosDouble(options);
  const settings = settingsOf(double.endpoint, double.key);
  await setUp(settings);
  const opened: Store[] = [];
  return {
    double,
    settings,
    async open(more = {}) {
      const store = await openCosmos(settings, { timeoutMs: 10_000, ...more });
      opened.push(store);
      return store;
    },
    async end() {
      for (const store of opened) await store.close();
      await double.end();
    },
  };
}
