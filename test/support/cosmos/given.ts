import { createHmac } from "node:crypto";
import {
  BulkOperationType,
  type Container,
  CosmosClient,
  type CosmosClientOptions,
  type OperationInput,
} from "@azure/cosmos";
import { type CosmosDouble, type DoubleOptions, startCosmosDouble } from "./double";

/** An index on what the double's own tests ask for, and nothing else. */
export const indexingPolicy = {
  includedPaths: [
    { path: "/kind/?" },
    { path: "/n/?" },
    { path: "/ref/?" },
    { path: "/people/[]/?" },
    { path: "/pk/?" },
  ],
  excludedPaths: [{ path: "/*" }],
  compositeIndexes: [
    [
      { path: "/kind", order: "ascending" as const },
      { path: "/n", order: "descending" as const },
    ],
  ],
};

const doubles: CosmosDouble[] = [];
const clients: CosmosClient[] = [];

/** A client of the real SDK; another endpoint, key or policy where given. Requests are lost after twenty seconds. */
export function clientOf(
  double: { endpoint: string; key: string },
  more: Partial<CosmosClientOptions> = {},
): CosmosClient {
  const client = new CosmosClient({
    endpoint: double.endpoint,
    key: double.key,
    consistencyLevel: "Session",
    ...more,
    connectionPolicy: { enableBackgroundEndpointRefreshing: false, requestTimeout: 20_000, ...more.connectionPolicy },
  });
  clients.push(client);
  return client;
}

/** A double with a database `epilogue` and in it a container `cases`, and that container through the SDK. */
export async function given(options: DoubleOptions = {}): Promise<{ double: CosmosDouble; cases: Container }> {
  const double = await startCosmosDouble(options);
  doubles.push(double);
  const cases = await setUp(clientOf(double));
  double.counts.reset();
  return { double, cases };
}

/** Makes the database and the container. */
export async function setUp(client: CosmosClient): Promise<Container> {
  const { database } = await client.databases.createIfNotExists({ id: "epilogue" });
  const { container } = await database.containers.createIfNotExists({
    id: "cases",
    partitionKey: { paths: ["/pk"], version: 2 },
    defaultTtl: -1,
    indexingPolicy,
  });
  return container;
}

/** The same container through a client of its own, which has its own session. */
export const another = (
  double: { endpoint: string; key: string },
  more: Partial<CosmosClientOptions> = {},
): Container => clientOf(double, more).database("epilogue").container("cases");

/** Ends every double and client of a test. */
export async function endAll(): Promise<void> {
  for (const client of clients.splice(0)) client.dispose();
  for (const double of doubles.splice(0)) await double.end();
}

/** The code something was refused with, or "done". */
export const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(() => "done").catch((error) => error.code ?? error.message);

/** A batch's operation that makes a document. */
export const create = (resourceBody: { id: string; pk: string; [key: string]: unknown }): OperationInput =>
  ({ operationType: BulkOperationType.Create, resourceBody }) as OperationInput;

/** Headers of a request made without the SDK, signed with the key. */
export function signedHeaders(key: string, method: string, type: string, link: string, date = new Date()) {
  const text = `${method}\n${type}\n${link}\n${date.toUTCString().toLowerCase()}\n\n`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  const authorization = encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
  return { authorization, "x-ms-date": date.toUTCString(), "x-ms-version": "2020-07-15" };
}
