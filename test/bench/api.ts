import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import * as restify from "restify";
import { createTokenCheck, signInOf } from "../../bot/web/token";
import { CommandBatch } from "../../src/panel/shape";
import { type ChannelSettings, signInAt, trustOf } from "../support/signing";
import type { Channel } from "./channel";
import { type Figure, median } from "./figures";
import { type Measured, Remote } from "./processes";
import type { Running } from "./product";

/** What an answer to the panel costs, beside a bare restify route that answers with JSON behind the same token check. */

/**
 * That route: it checks the token as the product does and answers with what it is told to; what is posted it parses and checks
 * by the same schema.
 */
export async function startBare(settings: ChannelSettings): Promise<Measured> {
  const check = createTokenCheck(signInOf(trustOf(settings), undefined, signInAt(settings)));
  const server = restify.createServer();
  let shown: unknown = {};
  server.use(async (incoming: restify.Request, response: restify.Response) => {
    if ((await check(incoming.headers.authorization)).kind !== "ok") response.send(401, {});
  });
  server.get("/api/panel", async (_: restify.Request, response: restify.Response) => {
    response.send(200, shown);
  });
  server.use(restify.plugins.jsonBodyParser({ mapParams: false }));
  server.post("/api/panel/commands", async (incoming: restify.Request, response: restify.Response) => {
    CommandBatch.parse(incoming.body);
    response.send(200, shown);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    async settled() {},
    show(answer: unknown) {
      shown = answer;
    },
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Asked {
  port: number;
  authorization: string;
  path: string;
  etag?: string;
  body?: string;
}
interface Answered {
  status: number;
  etag: string;
  body: Buffer;
}

/** As a browser asks: it takes gzip. */
function ask({ port, authorization, path, etag, body }: Asked): Promise<Answered> {
  const headers = {
    authorization,
    "accept-encoding": "gzip",
    ...(etag === undefined ? {} : { "if-none-match": etag }),
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const sending = request(
      { agent, host: "127.0.0.1", port, path, method: body === undefined ? "GET" : "POST", headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const { statusCode: status = 0, headers: got } = response;
          resolve({ status, etag: String(got.etag ?? ""), body: Buffer.concat(chunks) });
        });
      },
    );
    sending.on("error", reject);
    sending.end(body);
  });
}

/** What is asked of both, and how the product must answer. */
interface Kind {
  what: string;
  status: number;
  limit?: number;
  /** What the bare route answers with. */
  bare: unknown;
  next(): Promise<Omit<Asked, "port" | "authorization">>;
}

/** @param rounds of so many requests `each`, by turns with the bare route's. */
export async function apiAnswers(channel: Channel, rounds: number, each: number, warmUp: number): Promise<Figure[]> {
  const product = await Remote.start("product", channel.settings);
  const bare = await Remote.start("bare", channel.settings);
  try {
    const [one] = await product.ask<Running[]>("running", 1, false);
    if (!one) throw new Error("No case");
    const authorization = `Bearer ${channel.tokenOf(one.assessor)}`;
    const ours = { port: await product.ask<number>("port"), authorization };
    const theirs = { port: await bare.ask<number>("port"), authorization };
    const path = `/api/panel?${new URLSearchParams({ case: one.caseId, method: one.method })}`;
    const plain = await (await fetch(`http://127.0.0.1:${ours.port}${path}`, { headers: { authorization } })).json();
    const marks = new Marks(one, plain);
    const command = async () => ({ path: "/api/panel/commands", body: marks.next() });
    const { etag } = await ask({ ...ours, path });
    const kinds: Kind[] = [
      { what: "CPU per answer to the panel", status: 200, bare: plain, limit: 1.5, next: async () => ({ path }) },
      { what: "  where nothing is new", status: 304, bare: {}, limit: 1.5, next: async () => ({ path, etag }) },
      { what: "  to a mark, written and drawn anew", status: 200, bare: plain, next: command },
    ];
    const figures: Figure[] = [];
    for (const kind of kinds) {
      await bare.ask("show", kind.bare);
      const turns = async (count: number) => {
        const cpu = async () => [await product.ask<number>("cpu"), await bare.ask<number>("cpu")] as const;
        const before = await cpu();
        for (let i = 0; i < count; i++) {
          const asked = await kind.next();
          const [got, echoed] = [await ask({ ...ours, ...asked }), await ask({ ...theirs, ...asked })];
          if (got.status !== kind.status || echoed.status !== 200)
            throw new Error(`${kind.what}: ${got.status} ${got.body}, bare ${echoed.status} ${echoed.body}`);
        }
        await product.ask("settled");
        const after = await cpu();
        return { product: (after[0] - before[0]) / count, reference: (after[1] - before[1]) / count };
      };
      await turns(warmUp);
      const taken: Awaited<ReturnType<typeof turns>>[] = [];
      for (let round = 0; round < rounds; round++) taken.push(await turns(each));
      const { what, limit } = kind;
      figures.push({
        what,
        unit: "µs",
        product: median(taken.map((t) => t.product)),
        reference: median(taken.map((t) => t.reference)),
        ...(limit === undefined ? {} : { limit }),
      });
    }
    return figures;
  } finally {
    await product.stop();
    await bare.stop();
  }
}

/** Marks of one criterion, met and not met by turns, as a panel sends them. */
class Marks {
  private made = 0;
  private readonly key: string;
  private readonly origin = randomUUID();
  private readonly began = Date.now();

  constructor(
    private readonly one: Running,
    answer: unknown,
  ) {
    const { panel } = answer as { panel: { groups: { criteria: { keys: { key: string }[] }[] }[] } };
    this.key = panel.groups[0]?.criteria[0]?.keys[0]?.key ?? "";
  }

  next(): string {
    const { caseId, method } = this.one;
    const now = this.began + this.made;
    const reading = { device: new Date(now).toISOString(), monotonic: 1_000 + this.made, origin: this.origin };
    const mark = this.made++ % 2 === 0 ? "met" : "notMet";
    const command = { type: "session.mark", data: { method, marks: { [this.key]: mark } } };
    const envelope = {
      id: randomUUID(),
      caseId,
      command,
      occurred: { ...reading, serverOffset: 0 },
      device: "computer",
    };
    return JSON.stringify({ sent: reading, commands: [envelope] });
  }
}
