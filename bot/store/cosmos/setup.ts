import type { CosmosClient } from "@azure/cosmos";
import { type CosmosSettings, createClient } from "./connection";
import { asked, checkAccount } from "./doors";
import { CosmosRefused } from "./faults";
import { containerDefinition } from "./layout";
import { StoreTime } from "./time";

/** What was found and what was made of it. */
export interface SetUp {
  database: "made" | "there";
  container: "made" | "there" | "mended";
}

/** Most request units a second that the container takes by itself; it falls to a tenth of that when nothing happens. */
export const startingThroughput = 1_000;

/**
 * Makes the database and the container with its indexing and time to live, where they are missing, and mends indexing and
 * time to live where they differ. May be run again at any time, beside a running service; nothing is ever removed, and the
 * throughput of a container that is there stays as it is.
 * @throws CosmosRefused as `openCosmos` does; also when the container is partitioned otherwise, which cannot be mended.
 */
export async function setUp(settings: CosmosSettings, throughput = startingThroughput): Promise<SetUp> {
  const client: CosmosClient = await createClient(settings, { timeoutMs: 30_000 }, new StoreTime());
  try {
    await checkAccount(client, settings);
    const database = await made(settings, () => client.databases.createIfNotExists({ id: settings.database }));
    const wanted = containerDefinition(settings.container);
    const container = await made(settings, () =>
      client
        .database(settings.database)
        .containers.createIfNotExists({ ...wanted, maxThroughput: throughput } as never),
    );
    const result: SetUp = {
      database: database.statusCode === 201 ? "made" : "there",
      container: container.statusCode === 201 ? "made" : "there",
    };
    const { resource: found } = container as { resource?: ReturnType<typeof containerDefinition> };
    const paths = found?.partitionKey?.paths ?? [];
    if (paths.length !== 1 || paths[0] !== "/pk")
      throw new CosmosRefused(
        "partition-key",
        `The container ${settings.container} is there, partitioned by ${paths.join(", ")} and not by /pk: name another in COSMOS_CONTAINER`,
      );
    if (result.container === "there" && !fits(found, wanted)) {
      await made(settings, () =>
        client
          .database(settings.database)
          .container(settings.container)
          .replace({ ...found, indexingPolicy: wanted.indexingPolicy, defaultTtl: wanted.defaultTtl } as never),
      );
      result.container = "mended";
    }
    return result;
  } finally {
    client.dispose();
  }
}

async function made<T extends { statusCode: number }>(settings: CosmosSettings, make: () => Promise<T>): Promise<T> {
  const done = await asked(settings, make);
  if (!done) throw new CosmosRefused("network", `The Cosmos DB account does not make what was asked (404)`);
  return done;
}

type Definition = ReturnType<typeof containerDefinition>;

/** The service adds paths of its own to what is excluded; what is included must be as wanted. */
function fits(found: Definition | undefined, wanted: Definition): boolean {
  const included = (one: Definition | undefined) =>
    JSON.stringify((one?.indexingPolicy?.includedPaths ?? []).map(({ path }) => path).sort());
  const all = found?.indexingPolicy?.excludedPaths?.some(({ path }) => path === "/*");
  return found?.defaultTtl === wanted.defaultTtl && all === true && included(found) === included(wanted);
}
