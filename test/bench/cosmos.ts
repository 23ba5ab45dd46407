import { randomUUID } from "node:crypto";
import { CosmosClient } from "@azure/cosmos";
import { readCosmos } from "../../bot/config";
import { Secret } from "../../bot/secret";
import { openCosmos } from "../../bot/store/cosmos";
import type { CosmosSettings, Request } from "../../bot/store/cosmos/connection";
import { setUp } from "../../bot/store/cosmos/setup";
import { minute } from "../store/appends";
import { crowd, few, questions } from "../store/crowd";
import { type CosmosDouble, startCosmosDouble } from "../support/cosmos/double";
import { sow } from "../support/cosmos/sow";
import { type Cost, costOf, Turns } from "../support/cosmos/turns";
import type { Channel } from "./channel";
import type { Figure } from "./figures";
import { mustBeCard, Presses, post } from "./pressing";
import { startProduct } from "./product";

/**
 * What the service asks of Cosmos DB: counted, and charged as the server says. On the account of COSMOS_ENDPOINT and COSMOS_KEY
 * where they are set (in a container of its own, removed afterwards), else on the double, whose charges are estimates.
 */
export async function cosmosCosts(
  channel: Channel,
  { actions, cases }: { actions: number; cases: number },
): Promise<Figure[]> {
  const account = await anAccount();
  try {
    return [
      ...(await cardActions(channel, account.settings, actions, account.charged)),
      // Straight into the double; over the network to an account, and so fewer.
      ...(await lists(account, account.double ? cases : Math.min(cases, 2_000))),
    ];
  } finally {
    await account.end();
  }
}

interface Account {
  settings: CosmosSettings;
  charged: string;
  /** Where it is one. */
  double?: CosmosDouble;
  end(): Promise<void>;
}

async function anAccount(): Promise<Account> {
  const named = readCosmos(process.env);
  const key = named?.key;
  if (named && key) {
    const settings = { ...named, container: `bench-${randomUUID().slice(0, 8)}` };
    const end = async () => {
      const client = new CosmosClient({ endpoint: settings.endpoint, key: key.reveal() });
      await client.database(settings.database).container(settings.container).delete();
      client.dispose();
    };
    return { settings, charged: "as the account reports them", end };
  }
  const double = await startCosmosDouble({ ranges: 4 });
  const settings = {
    endpoint: double.endpoint,
    key: new Secret(double.key),
    database: "epilogue",
    container: "record",
  };
  return { settings, charged: "ESTIMATED by a double", double, end: double.end };
}

/** The presses of the bench, and what each asked for until it was answered. */
async function cardActions(
  channel: Channel,
  settings: CosmosSettings,
  actions: number,
  charged: string,
): Promise<Figure[]> {
  await setUp(settings);
  const turns = new Turns();
  let all = 0;
  const observed = (request: Request) => {
    all += request.charge;
    turns.observed(request);
  };
  const product = await startProduct(channel.settings, () => openCosmos(settings, { observed, timeoutMs: 10_000 }));
  try {
    turns.follow(product.service);
    const presses = new Presses(channel, await product.running(25, true));
    const press = async () => {
      mustBeCard(await post(product.port, channel.authorization, presses.next().activity));
    };
    // People and bodies are read then, and once a minute.
    for (let n = 0; n < 25; n++) await press();
    await product.settled();
    turns.all.length = 0;
    all = 0;
    for (let n = 25; n < 25 + actions; n++) await press();
    await product.settled();
    const costs = turns.all.map(costOf);
    if (costs.length !== actions) throw new Error(`${costs.length} turns of ${actions} were seen`);
    const most = (of: (cost: Cost) => number) => Math.max(...costs.map(of));
    const inTurn = costs.reduce((sum, { charge }) => sum + charge, 0) / actions;
    return [
      { what: "Card action on Cosmos DB: point reads, at most", unit: "", product: most((c) => c.reads), limit: 1 },
      { what: "  transactional batches, at most", unit: "", product: most((c) => c.batches), limit: 1 },
      { what: "  requests of any other kind, at most", unit: "", product: most((c) => c.others.length), limit: 0 },
      { what: `  request units (${charged})`, unit: "RU", product: inTurn },
      {
        what: "  request units of bringing its cards up to date afterwards",
        unit: "RU",
        product: all / actions - inTurn,
      },
    ];
  } finally {
    await product.service.stop();
  }
}

/** What lists ask for among a hundred cases, and among many: requests, physical partitions and pages must be the same. */
async function lists({ settings, double }: Account, cases: number): Promise<Figure[]> {
  let asked: Request[] = [];
  const store = await openCosmos(settings, { observed: (request) => asked.push(request), timeoutMs: 30_000 });
  const counted = async () => {
    const counts: { requests: number; touched?: Touched }[] = [];
    for (const ask of Object.values(questions)) {
      asked = [];
      double?.counts.reset();
      await ask(store);
      counts.push({ requests: asked.length, ...(double ? { touched: double.counts.now() } : {}) });
    }
    return counts;
  };
  try {
    await few(store);
    await crowd(store, 0, 100);
    await counted();
    const before = await counted();
    if (double) crowded(double, cases);
    else await crowd(store, 100, cases);
    // Connections that were left alone meanwhile are made anew.
    await counted();
    const after = await counted();
    const touched = (of: keyof Touched): Figure[] => {
      const total = (all: typeof after) => all.reduce((sum, one) => sum + size(one.touched?.[of]), 0);
      const what = `${of} of all these questions, of ${cases.toLocaleString("en-GB")} beside of 100`;
      return double ? [{ what, unit: "", product: total(after), reference: total(before), limit: 1 }] : [];
    };
    const all = Object.keys(questions).flatMap((name, i): Figure[] => [
      {
        what: `Requests for ${name}, of ${cases.toLocaleString("en-GB")} beside of 100`,
        unit: "",
        product: after[i]?.requests ?? Number.NaN,
        reference: before[i]?.requests ?? Number.NaN,
        limit: 1,
      },
    ]);
    return [...all, ...touched("partitions"), ...touched("ranges"), ...touched("pages")];
  } finally {
    await store.close();
  }
}

type Touched = Pick<ReturnType<CosmosDouble["counts"]["now"]>, "partitions" | "ranges" | "pages">;
const size = (of: number | readonly unknown[] | undefined): number => (typeof of === "number" ? of : (of?.length ?? 0));

/** The last of the crowd, so many times over, each due a minute after the one before. */
function crowded(double: CosmosDouble, cases: number): void {
  const [container] = double.containers();
  if (!container) throw new Error("No container");
  const model = 99;
  const times = [10_000 + model, 100_000 + model];
  sow(container, `case:crowd-${model}`, cases - 100, (text, i) => {
    const n = 100 + i;
    let copy = text
      .replaceAll(`crowd-${model}`, `crowd-${n}`)
      .replaceAll("CR-000099", `CR-${String(n).padStart(6, "0")}`);
    for (const at of times) {
      const [was, is] = [minute(at), minute(at + n)];
      copy = copy.replaceAll(was, is).replaceAll(String(Date.parse(was)), String(Date.parse(is)));
    }
    return copy;
  });
}
