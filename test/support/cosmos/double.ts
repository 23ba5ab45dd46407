import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Account, type Consistency } from "./account";
import type { Answer } from "./answer";
import { type Asked, readAsked } from "./asked";
import { type DoubleClock, doubleClock } from "./clock";
import type { Container } from "./container";
import { type Counts, newCounts } from "./counts";
import { decide } from "./decide";
import { readDocument, type SightOf, writeBatch, writeDocument } from "./documents";
import { type Faults, newFaults } from "./faults";
import { planQuery, runQuery } from "./queries";
import { notImplemented } from "./refused";
import { replicaSight } from "./replicas";
import { send, textOf } from "./wire";

/** How a double is set up. */
export interface DoubleOptions {
  /** Physical partitions of each container; 1 when absent. */
  ranges?: number;
  /** The master key, base64; drawn when absent. */
  key?: string;
  /** Regions that take writes; 1 when absent. */
  writeRegions?: number;
  /** The account's consistency; `Session` when absent. */
  consistency?: Consistency;
  /** Milliseconds before each answer; none when absent. */
  latency?: number;
  /** Bearer tokens that are taken besides the key. */
  tokens?: string[];
  /** Of everything drawn by chance. */
  seed?: number;
  /** The TCP port; the system chooses when absent. */
  port?: number;
}

/** A running double. */
export interface CosmosDouble {
  endpoint: string;
  key: string;
  faults: Faults;
  counts: Counts;
  clock: DoubleClock;
  /** Its containers, to be filled in this very process. */
  containers(): Container[];
  /** Stops it; connections are cut and what it stored is gone. */
  end(): Promise<void>;
}

/**
 * Starts a stand-in for an Azure Cosmos DB account (NoSQL), spoken to over HTTP on the loopback by the real SDK. It keeps
 * documents in memory and does what the project uses as the service does it; everything else it answers 400. Request charges are
 * estimates by size.
 */
export async function startCosmosDouble(options: DoubleOptions = {}): Promise<CosmosDouble> {
  const { ranges = 1, writeRegions = 1, consistency = "Session", seed = 1, latency = 0, tokens = [] } = options;
  const key = options.key ?? randomBytes(64).toString("base64");
  const clock = doubleClock();
  const account = new Account({ ranges, writeRegions, consistency }, clock);
  const counts = newCounts();
  const inside = newFaults(seed, (lag) => {
    account.keepsHistory = !!lag;
    for (const container of account.containers()) container.keepHistory(!!lag);
  });
  const { faults } = inside;
  const sightOf: SightOf = (partition) =>
    faults.lag && inside.chance(faults.lag.share) ? replicaSight(partition, faults.lag, clock) : undefined;

  const perform = (asked: Asked): Answer => {
    account.checkConsistency(asked);
    switch (asked.kind) {
      case "account":
        return account.read(`http://${asked.headers.host}/`);
      case "database":
        return account.onDatabase(asked);
      case "container":
        return account.onContainer(asked);
      case "pkranges":
        return account.onRanges(asked);
      case "offer":
        return account.onOffer(asked);
      case "read":
        return readDocument(account.container(asked), asked, sightOf);
      case "batch":
        return writeBatch(account.container(asked), asked);
      case "query":
        return runQuery(account.container(asked), asked, sightOf);
      case "plan":
        return planQuery(account.container(asked), asked);
      case "other":
        throw notImplemented(`${asked.method} /${asked.path.join("/")}`);
      default:
        return writeDocument(account.container(asked), asked);
    }
  };

  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    if (text === undefined) return;
    const asked = readAsked(request.method ?? "", request.url ?? "", request.headers, text);
    const outcome = await decide(asked, perform, inside, { key, tokens });
    if (latency) await pause(latency);
    const counted = {
      kind: asked.kind,
      ...(asked.pk === undefined ? {} : { pk: asked.pk }),
      ...(asked.id === undefined ? {} : { id: asked.id }),
    };
    if (typeof outcome === "string") {
      counts.add({ ...counted, status: 0, ranges: [], charge: 0 });
      if (outcome === "reset") request.socket.destroy();
      return;
    }
    const { status, ranges: touched = [], charge = 1 } = outcome;
    counts.add({ ...counted, status, ranges: touched, charge });
    send(response, outcome, asked, account, clock);
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    key,
    faults,
    counts,
    clock,
    containers: () => account.containers(),
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
