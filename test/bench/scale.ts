import { randomUUID } from "node:crypto";
import type { Channel } from "./channel";
import { type Figure, median } from "./figures";
import { mustBeCard, Presses, post } from "./pressing";
import { Remote } from "./processes";
import type { Account, Running } from "./product";

/**
 * Two services side by side, one on a store of a hundred cases, one on a store of very many: the same is asked of both by turns,
 * so that each has the machine of the other, and the ratio is what many cases cost.
 */
export async function scale(channel: Channel, { cases, times }: { cases: number; times: number }): Promise<Figure[]> {
  const few = 100;
  const [small, large] = [
    await Remote.start("product", channel.settings),
    await Remote.start("product", channel.settings),
  ];
  try {
    const sides: Side[] = [];
    for (const [remote, count] of [
      [small, few],
      [large, cases],
    ] as const) {
      const running = await remote.ask<Running[]>("running", 20, false);
      const coordinator = await remote.ask<Account>("coordinator");
      await remote.ask("many", count);
      const port = await remote.ask<number>("port");
      sides.push({ remote, port, presses: new Presses(channel, running), coordinator });
    }
    const [one, many] = sides as [Side, Side];
    const of = `of ${cases.toLocaleString("en-GB")} cases beside ${few}`;
    const figures: Figure[] = [];
    const asks: Record<string, (side: Side) => Promise<void>> = {
      "a card action": async ({ port, presses }) =>
        mustBeCard(await post(port, channel.authorization, presses.next().activity)),
      "the list of cases": (side) => say(channel, side, "cases"),
      "what is due": (side) => say(channel, side, "due"),
    };
    for (const [name, ask] of Object.entries(asks)) {
      const taken: { one: number[]; many: number[] } = { one: [], many: [] };
      for (let n = -times / 3; n < times; n++) {
        const [a, b] = [await spent(() => ask(one)), await spent(() => ask(many))];
        if (n >= 0) {
          taken.one.push(a);
          taken.many.push(b);
        }
      }
      figures.push({
        what: `p50 of ${name}, ${of}`,
        unit: "ms",
        product: median(taken.many),
        reference: median(taken.one),
        limit: 1.3,
      });
    }
    const idle = async ({ remote }: Side): Promise<number> => {
      const before = await remote.ask<number>("cpu");
      await remote.ask("idle", 300);
      return ((await remote.ask<number>("cpu")) - before) / 300;
    };
    const idles = { one: [] as number[], many: [] as number[] };
    for (let n = 0; n < 9; n++) {
      idles.one.push(await idle(one));
      idles.many.push(await idle(many));
    }
    figures.push({
      what: `CPU of a sweep that finds nothing due, ${of}`,
      unit: "µs",
      product: median(idles.many),
      reference: median(idles.one),
      limit: 1.3,
    });
    const [light, heavy] = [await memoryOf(one), await memoryOf(many)];
    figures.push({
      what: `Heap, ${of}`,
      unit: "MB",
      product: heavy.heap / MB,
      reference: light.heap / MB,
      limit: 1.1,
    });
    figures.push({
      what: `Resident, ${of}`,
      unit: "MB",
      product: heavy.resident / MB,
      reference: light.resident / MB,
      limit: 1.3,
    });
    return figures;
  } finally {
    await small.stop();
    await large.stop();
  }
}

interface Side {
  remote: Remote;
  port: number;
  presses: Presses;
  coordinator: Account;
}

const MB = 1024 * 1024;

const spent = async (work: () => Promise<void>): Promise<number> => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

const memoryOf = ({ remote }: Side) => remote.ask<{ resident: number; heap: number }>("memory");

/** A coordinator types it; done when the card that answers is posted. */
async function say(channel: Channel, { port, coordinator }: Side, text: string): Promise<void> {
  const { tenantId, serviceUrl, appId } = channel.settings;
  await post(port, channel.authorization, {
    type: "message",
    text,
    id: `f:${randomUUID()}`,
    timestamp: "2026-04-07T09:00:00Z",
    serviceUrl,
    channelId: "msteams",
    from: { id: coordinator.mri, name: coordinator.name, aadObjectId: coordinator.objectId },
    recipient: { id: `28:${appId}`, name: "Epilogue" },
    conversation: { conversationType: "personal", tenantId, id: coordinator.conversation },
    channelData: { tenant: { id: tenantId } },
  });
  const answered = channel.taken().map(({ body }) => body);
  if (!answered.some((body) => body.includes("EX-2026") || body.includes("SC-0")))
    throw new Error(`No cases: ${answered}`);
}
