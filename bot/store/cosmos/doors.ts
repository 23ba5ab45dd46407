import type { Container, CosmosClient } from "@azure/cosmos";
import type { CosmosSettings } from "./connection";
import { CosmosRefused, reasonOf } from "./faults";

/** What must hold of an account before anything is served from it. */

/**
 * The container, when it can be read and is what the store needs.
 * @throws CosmosRefused: the key or identity is not accepted, database or container are missing or of another make, the
 * account writes in several regions or promises less than Session, or it cannot be reached.
 */
export async function checked(client: CosmosClient, settings: CosmosSettings): Promise<Container> {
  await checkAccount(client, settings);
  const database = client.database(settings.database);
  const container = database.container(settings.container);
  const found = await asked(settings, () => container.read());
  if (found === undefined) {
    const there = await asked(settings, () => database.read());
    throw there === undefined
      ? new CosmosRefused("database", `${missing("database", settings.database, "COSMOS_DATABASE")}`)
      : new CosmosRefused("container", `${missing("container", settings.container, "COSMOS_CONTAINER")}`);
  }
  const paths = found.resource?.partitionKey?.paths ?? [];
  if (paths.length !== 1 || paths[0] !== "/pk")
    throw new CosmosRefused(
      "partition-key",
      `The Cosmos DB container ${settings.container} is partitioned by ${paths.join(", ")}, not by /pk: name another in COSMOS_CONTAINER, and make it with npm run cosmos:setup`,
    );
  return container;
}

const missing = (what: string, name: string, variable: string): string =>
  `The Cosmos DB account has no ${what} ${name} (${variable}): make it with npm run cosmos:setup`;

/** Session is what every read relies on; two regions that write would each let a rival be first. */
export async function checkAccount(client: CosmosClient, settings: CosmosSettings): Promise<void> {
  const account = (await asked(settings, () => client.getDatabaseAccount()))?.resource;
  if (!account) throw unreachable(settings, "no account answers there");
  if (account.enableMultipleWritableLocations || account.writableLocations.length > 1)
    throw new CosmosRefused(
      "write-regions",
      "The Cosmos DB account writes in several regions: two of them could each record another event in the same place. Use an account with one write region (COSMOS_ENDPOINT)",
    );
  const promised = String(account.consistencyPolicy ?? "Session");
  if (promised === "Eventual" || promised === "ConsistentPrefix") throw tooLittle(new URL(settings.endpoint).host);
}

const tooLittle = (host: string, cause?: unknown) =>
  new CosmosRefused(
    "consistency",
    `The Cosmos DB account at ${host} promises less than Session consistency by default: set its default consistency to Session`,
    cause,
  );

/** What was asked; undefined when there is no such thing. @throws CosmosRefused for what hinders the asking. */
export async function asked<T extends { statusCode: number } | object>(
  settings: CosmosSettings,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    const found = await ask();
    return (found as { statusCode?: number }).statusCode === 404 ? undefined : found;
  } catch (error) {
    const { code, name, message } = error as { code?: unknown; name?: string; message?: string };
    const host = new URL(settings.endpoint).host;
    if (code === 404) return undefined;
    // Asked for Session, an account that promises less says so.
    if (code === 400 && /consistency/i.test(message ?? "")) throw tooLittle(host, error);
    if (code === 401 && settings.key)
      throw new CosmosRefused("key", `The Cosmos DB account at ${host} does not accept the key in COSMOS_KEY`, error);
    if (code === 401 || code === 403)
      throw new CosmosRefused(
        "access",
        settings.key
          ? `The Cosmos DB account at ${host} refuses access (status ${code}): its firewall may not let this address in, or the key in COSMOS_KEY may be read-only`
          : `The Cosmos DB account at ${host} refuses this process's identity (status ${code}): it needs the role Cosmos DB Built-in Data Contributor, and the firewall must let it in`,
        error,
      );
    if (name && /Credential|Authentication/.test(name))
      throw new CosmosRefused(
        "access",
        `There is no identity to sign in to Cosmos DB with (${name}): give the process a managed identity, or set COSMOS_KEY`,
        error,
      );
    throw unreachable(settings, reasonOf((error as Error).cause ?? error), error);
  }
}

function unreachable(settings: CosmosSettings, reason: string, cause?: unknown): CosmosRefused {
  const { host } = new URL(settings.endpoint);
  return new CosmosRefused(
    "network",
    `The Cosmos DB account at ${host} (COSMOS_ENDPOINT) cannot be reached: ${reason}`,
    cause,
  );
}
