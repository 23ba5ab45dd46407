import { randomUUID } from "node:crypto";
import type {
  Container,
  CosmosClient,
  CosmosClientOptions,
  OperationInput,
  OperationResponse,
  Plugin,
  PluginConfig,
  RequestOptions,
  SqlParameter,
} from "@azure/cosmos";
import type { Secret } from "../../secret";
import { isPassing, Passing, pause, reasonOf } from "./faults";
import type { StoreTime } from "./time";

/** Where the account is and how to sign in to it. */
export interface CosmosSettings {
  /** `https://<account>.documents.azure.com:443/` */
  readonly endpoint: string;
  /** Absent: Entra ID, by whatever identity the process has. */
  readonly key?: Secret;
  readonly database: string;
  readonly container: string;
}

/** One request as it was answered, for whoever counts. */
export interface Request {
  /** What the SDK calls it: read, query, batch, create, upsert, replace … */
  operation: string;
  /** docs, colls, dbs, pkranges … */
  resource: string;
  /** The logical partition, when one was named. */
  pk: string | undefined;
  /** The physical partition, when one was named: a part of a query over several. */
  range: string | undefined;
  /** HTTP status; 0 when there was no answer. */
  status: number;
  /** Request units, as the server says. */
  charge: number;
}

type HttpClient = NonNullable<CosmosClientOptions["httpClient"]>;

export interface Tuning {
  /** Milliseconds until a request counts as lost; 3,000 unless told: an invoke of Teams has five seconds in all. */
  timeoutMs?: number;
  /** Hears of every request. */
  observed?: (request: Request) => void;
  /** How requests travel; by Node's own HTTP unless told. */
  httpClient?: HttpClient;
}

/** What every item has beside its own: system properties of the server, and the write that it comes from. */
export type Stored<T> = T & { id: string; pk: string; _etag: string; _ts: number; w?: string };
export type Fresh = { id: string; pk: string; ttl?: number; [property: string]: unknown };

/** Milliseconds before each try after the first. */
const pauses = [25, 100, 400];
const read = new Set(["read", "query"]);

/** Without, the SDK asks for the plan only once the query itself has been refused. */
const overAll = { forceQueryPlan: true };

type Noted = RequestOptions & { fault?: unknown };

/** Makes the SDK's client; the SDK itself is loaded here and not before. */
export async function createClient(
  settings: CosmosSettings,
  { timeoutMs = 3_000, observed, httpClient }: Tuning,
  time: StoreTime,
): Promise<CosmosClient> {
  const { CosmosClient } = await import("@azure/cosmos");
  const options: CosmosClientOptions & { plugins: PluginConfig[] } = {
    endpoint: settings.endpoint,
    ...(settings.key ? { key: settings.key.reveal() } : { aadCredentials: await entraId() }),
    ...(httpClient ? { httpClient } : {}),
    consistencyLevel: "Session",
    connectionPolicy: {
      requestTimeout: timeoutMs,
      // The account's own address leads to its one write region. With discovery on, the SDK answers a replica that lags by
      // dropping the session token, and so by an old copy.
      enableEndpointDiscovery: false,
      enableBackgroundEndpointRefreshing: false,
      enablePartitionLevelFailover: false,
      retryOptions: { maxRetryAttemptCount: 9, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 5 },
    },
    plugins: [{ on: "request", plugin: attending(time, observed) }],
  };
  return new CosmosClient(options);
}

async function entraId() {
  const { DefaultAzureCredential } = await import("@azure/identity");
  return new DefaultAzureCredential();
}

/**
 * Round each request: reads that fail in passing are tried again, writes only where the server says that nothing was done
 * (449); the server's clock is read; and a batch's fault is kept, since the SDK hands on only its words.
 * 429 is left to the SDK, which waits as it is told, within bounds.
 */
function attending(time: StoreTime, observed: Tuning["observed"]): Plugin<unknown> {
  return async (context, _node, next) => {
    const operation = context.operationType ?? "";
    const told = (status: number, headers: Record<string, unknown> | undefined) => {
      time.heard(headers?.date);
      observed?.({
        operation: context.headers?.["x-ms-cosmos-is-query-plan-request"] ? "queryplan" : operation,
        resource: context.resourceType ?? "",
        pk: typeof context.partitionKey === "string" ? context.partitionKey : firstOf(context.partitionKey),
        range: context.headers?.["x-ms-documentdb-partitionkeyrangeid"] as string | undefined,
        status,
        charge: Number(headers?.["x-ms-request-charge"] ?? 0),
      });
    };
    for (let n = 0; ; n++) {
      try {
        const response = await next(context);
        told(response.code ?? 0, response.headers);
        return response;
      } catch (error) {
        const { code, headers } = error as { code?: unknown; headers?: Record<string, unknown> };
        told(typeof code === "number" ? code : 0, headers);
        (context.options as Noted).fault = error;
        const again = code === 449 || (read.has(operation) && isPassing(error));
        const wait = pauses[n];
        if (again && wait !== undefined) {
          await pause(wait);
          continue;
        }
        // Under its own code the SDK would try a read ten times more, a second apart, or take a lagging copy for none.
        throw again ? new Passing(reasonOf(error), error) : error;
      }
    }
  };
}

const firstOf = (key: unknown): string | undefined =>
  Array.isArray(key) && typeof key[0] === "string" ? key[0] : undefined;

/** Point reads, queries and writes of one container; what a fault in passing left unknown is found out before it answers. */
export class Connection {
  private closed = false;

  constructor(
    private readonly client: CosmosClient,
    private readonly container: Container,
    readonly time: StoreTime,
  ) {}

  private open(): Container {
    if (this.closed) throw new Error("The store is closed");
    return this.container;
  }

  async read<T>(pk: string, id: string): Promise<Stored<T> | undefined> {
    const found = await this.open().item(id, pk).read<Stored<T>>();
    return found.resource;
  }

  /** Every row of a query in one partition. */
  async all<T>(pk: string, query: string, parameters: SqlParameter[]): Promise<T[]> {
    const asked = this.open().items.query<T>({ query, parameters }, { partitionKey: pk, maxItemCount: 1_000 });
    return (await asked.fetchAll()).resources;
  }

  /** The first rows of an ordered query, over every physical partition unless one logical one is named. */
  async first<T>(limit: number, query: string, parameters: SqlParameter[], pk?: string): Promise<T[]> {
    const rows: T[] = [];
    const asked = this.open().items.query<T>(
      { query, parameters },
      { maxItemCount: limit, maxDegreeOfParallelism: -1, ...(pk === undefined ? overAll : { partitionKey: pk }) },
    );
    while (rows.length < limit && asked.hasMoreResults()) rows.push(...((await asked.fetchNext()).resources ?? []));
    return rows.slice(0, limit);
  }

  /** Rows one after another, however many. */
  async *each<T>(query: string, parameters: SqlParameter[]): AsyncGenerator<T> {
    const asked = this.open().items.query<T>({ query, parameters }, { maxItemCount: 500, ...overAll });
    while (asked.hasMoreResults()) yield* (await asked.fetchNext()).resources ?? [];
  }

  /**
   * Writes an item: `create` if there is none, an ETag if it is still that one, `any` in any case. The new ETag;
   * undefined when the condition failed. A write whose answer was lost is sent again, and known by its mark `w`.
   */
  async put(item: Fresh, condition: "create" | "any" | { etag: string }): Promise<string | undefined> {
    const { items } = this.open();
    const body = { ...item, w: randomUUID() };
    return this.surely(async (again) => {
      try {
        const written =
          condition === "create"
            ? await items.create(body)
            : condition === "any"
              ? await items.upsert(body)
              : await this.open()
                  .item(item.id, item.pk)
                  .replace(body, { accessCondition: { type: "IfMatch", condition: condition.etag } });
        return written.etag;
      } catch (error) {
        if (![404, 409, 412].includes((error as { code?: number }).code ?? 0)) throw error;
        const now = again ? await this.read(item.pk, item.id) : undefined;
        return now?.w === body.w ? now._etag : undefined;
      }
    });
  }

  async remove(pk: string, id: string): Promise<void> {
    await this.surely(async () => {
      try {
        await this.open().item(id, pk).delete();
      } catch (error) {
        if ((error as { code?: number }).code !== 404) throw error;
      }
    });
  }

  /**
   * One transaction in a partition. `operations` makes them anew for each try, since the SDK alters what it is given.
   * `again`: an earlier try of this very call may have been done.
   */
  async batch(
    pk: string,
    operations: () => OperationInput[],
  ): Promise<{ results: OperationResponse[]; again: boolean }> {
    return this.surely(async (again) => {
      const options: Noted = {};
      const made = operations();
      let results: OperationResponse[];
      try {
        results = (await this.open().items.batch(made, pk, options)).result ?? [];
      } catch (error) {
        throw options.fault ?? error;
      }
      // A transaction that failed as a whole, for a reason that passes: nothing of it was done.
      const passing = results.find((r) => [408, 410, 429, 449, 503].includes(r.statusCode));
      if (passing) throw new Passing(`status ${passing.statusCode} in a batch`, undefined);
      return { results, again };
    });
  }

  /** Does a write until it is known whether it was done, within bounds. */
  private async surely<T>(work: (again: boolean) => Promise<T>): Promise<T> {
    for (let n = 0; ; n++) {
      try {
        return await work(n > 0);
      } catch (error) {
        if (!isPassing(error)) throw error;
        const wait = pauses[n];
        // Too many requests: the SDK has waited as long as it may.
        const enough = wait === undefined || (error as { code?: unknown }).code === 429;
        if (enough) throw error instanceof Passing ? error : new Passing(reasonOf(error), error);
        await pause(wait);
      }
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.client.dispose();
  }
}
