import { randomUUID } from "node:crypto";
import type { Answer } from "./answer";
import type { Asked } from "./asked";
import type { DoubleClock } from "./clock";
import { Container, type Definition } from "./container";
import { checkId } from "./items";
import { Offers } from "./offers";
import { defaultPolicy } from "./policy";
import { rangeFeed } from "./ranges";
import { notImplemented, Refused } from "./refused";
import { containerRid, databaseRid } from "./rids";

/** What an account is set up with. */
export interface AccountOptions {
  /** Physical partitions of each container. */
  ranges: number;
  /** Regions that take writes; more than one means several write regions. */
  writeRegions: number;
  consistency: Consistency;
}

/** Consistency levels, strongest first. */
export const consistencies = ["Strong", "BoundedStaleness", "Session", "ConsistentPrefix", "Eventual"] as const;
export type Consistency = (typeof consistencies)[number];

interface Database {
  definition: Record<string, unknown> & { id: string; _rid: string };
  number: number;
  containers: Map<string, Container>;
}

const regions = ["UK South", "UK West", "North Europe", "West Europe"];

/** A database account: its databases and containers, and the requests on them. */
export class Account {
  private readonly databases = new Map<string, Database>();
  private readonly offers = new Offers();
  private made = 0;
  /** Set on containers made while replicas lag. */
  keepsHistory = false;

  constructor(
    private readonly options: AccountOptions,
    private readonly clock: DoubleClock,
  ) {}

  /** Every container. */
  containers(): Container[] {
    return [...this.databases.values()].flatMap(({ containers }) => [...containers.values()]);
  }

  /** The answer on the account itself. @param base its address */
  read(base: string): Answer {
    const { writeRegions, consistency } = this.options;
    const at = (name: string) => ({ name, databaseAccountEndpoint: base });
    return {
      status: 200,
      body: {
        id: "double",
        _rid: "double.documents",
        _self: "",
        _dbs: "//dbs/",
        media: "//media/",
        addresses: "//addresses/",
        writableLocations: regions.slice(0, writeRegions).map(at),
        readableLocations: regions.slice(0, Math.max(writeRegions, 1)).map(at),
        enableMultipleWriteLocations: writeRegions > 1,
        userConsistencyPolicy: { defaultConsistencyLevel: consistency },
      },
    };
  }

  /** @throws Refused 400 when a request asks for a consistency that is stronger than the account's */
  checkConsistency(asked: Asked): void {
    const level = asked.headers["x-ms-consistency-level"];
    if (level === undefined) return;
    const at = consistencies.indexOf(level as Consistency);
    if (at < consistencies.indexOf(this.options.consistency)) {
      throw new Refused(400, `ConsistencyLevel ${level} specified in the request is invalid for the account.`);
    }
  }

  /** Requests on databases. */
  onDatabase({ method, path, text, headers }: Asked): Answer {
    const [, name] = path;
    if (name === undefined) {
      if (method !== "POST" || "x-ms-documentdb-isquery" in headers) throw notImplemented("lists of databases");
      const { id } = JSON.parse(text) as { id: unknown };
      checkId(id);
      if (this.databases.has(id)) throw existsAlready();
      const number = ++this.made;
      const rid = databaseRid(number);
      const definition = { id, ...this.own(rid, `dbs/${rid}/`), _colls: "colls/", _users: "users/" };
      this.databases.set(id, { definition, number, containers: new Map() });
      this.offers.make(rid, `dbs/${rid}/`, headers, false);
      return { status: 201, body: definition };
    }
    const database = this.database(name);
    if (method === "GET") return { status: 200, body: database.definition };
    if (method !== "DELETE") throw notImplemented(`${method} of a database`);
    this.databases.delete(name);
    return { status: 204 };
  }

  /** Requests on containers. */
  onContainer(asked: Asked): Answer {
    const { method, path, text, headers } = asked;
    const database = this.database(path[1] ?? "");
    if (path.length === 3) {
      if (method !== "POST" || "x-ms-documentdb-isquery" in headers) throw notImplemented("lists of containers");
      return this.makeContainer(database, JSON.parse(text) as Definition, headers);
    }
    const container = this.container(asked);
    if (method === "GET") return { status: 200, body: container.definition };
    if (method === "PUT") {
      container.redefine({ ...normalised(JSON.parse(text) as Definition), _etag: `"${randomUUID()}"` });
      return { status: 200, body: container.definition };
    }
    if (method !== "DELETE") throw notImplemented(`${method} of a container`);
    database.containers.delete(path[3] ?? "");
    return { status: 204 };
  }

  /** The feed of a container's physical partitions; unchanged since the last time: 304. */
  onRanges(asked: Asked): Answer {
    const container = this.container(asked);
    return { status: 200, body: rangeFeed(container.partitions, container.rid), headers: { etag: '"1"' } };
  }

  /** Requests on throughput. */
  onOffer(asked: Asked): Answer {
    return this.offers.answer(asked);
  }

  /** The container a request is about. @throws Refused 404 */
  container({ path }: Asked): Container {
    const container = this.database(path[1] ?? "").containers.get(path[3] ?? "");
    if (!container) throw new Refused(404, "Owner resource does not exist", path.length > 4 ? 1003 : 0);
    return container;
  }

  private makeContainer(database: Database, definition: Definition, headers: Asked["headers"]): Answer {
    checkId(definition.id);
    if (database.containers.has(definition.id)) throw existsAlready();
    const rid = containerRid(database.number, ++this.made);
    const self = `dbs/${database.definition._rid}/colls/${rid}/`;
    const full = { ...normalised(definition), ...this.own(rid, self), _docs: "docs/" };
    const container = new Container(full, rid, this.options.ranges, this.clock);
    container.keepHistory(this.keepsHistory);
    database.containers.set(definition.id, container);
    this.offers.make(rid, self, headers, !this.offers.has(database.definition._rid));
    return { status: 201, body: full };
  }

  private database(id: string): Database {
    const database = this.databases.get(id);
    if (!database) throw new Refused(404, "Resource Not Found", 0);
    return database;
  }

  private own(rid: string, self: string) {
    return { _rid: rid, _self: self, _etag: `"${randomUUID()}"`, _ts: Math.floor(this.clock.now() / 1000) };
  }
}

const existsAlready = () => new Refused(409, "Resource with specified id or name already exists.");

/** A definition as the service stores it: an indexing policy in full, with the etag always left out. */
function normalised(definition: Definition): Definition {
  const given = (definition.indexingPolicy ?? {}) as Record<string, unknown>;
  const excluded = (given.excludedPaths ?? []) as { path: string }[];
  const isEtagOut = excluded.some(({ path }) => path === '/"_etag"/?');
  const indexingPolicy = {
    ...defaultPolicy,
    ...given,
    excludedPaths: isEtagOut ? excluded : [...excluded, ...defaultPolicy.excludedPaths],
  };
  return { ...definition, indexingPolicy };
}
