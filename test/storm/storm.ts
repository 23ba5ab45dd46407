import { setTimeout as pause } from "node:timers/promises";
import { openCosmos } from "../../bot/store/cosmos";
import { setUp } from "../../bot/store/cosmos/setup";
import { casePk } from "../../src/handle";
import type { Store } from "../../src/ports";
import { settingsOf } from "../store/account";
import { forkCosmosDouble, type RemoteDouble } from "../support/cosmos/remote";
import { openStormChannel } from "./connector";
import { Fleet } from "./fleet";
import { judge, pending, type Verdict } from "./judge";
import { pressing } from "./presses";
import { seed as sow } from "./seed";
import { drawing, leaseSeconds, type StormOptions } from "./settings";

export interface StormReport extends Verdict {
  presses: number;
  deliveries: number;
  instances: Fleet["counts"];
  cosmos: Record<string, number>;
  connector: Record<string, number>;
  messages: number;
  updates: number;
}

/** Longest wait, in milliseconds, for what is still to be sent once nothing fails any more. */
const patience = 90_000;

/**
 * Several instances on one store, under presses and everything that goes wrong; then, once it is calm, what is left is held
 * against what was promised.
 */
export async function storm(o: StormOptions): Promise<StormReport> {
  const channel = await openStormChannel(o.seed);
  const double = await forkCosmosDouble({ seed: o.seed, ranges: 3 });
  const settings = settingsOf(double.endpoint, double.key);
  await setUp(settings);
  const store = await openCosmos(settings, { timeoutMs: 5_000 });
  const seeded = await sow(store, channel.settings, o.cases);
  // One in seven has somebody who blocked the bot: mail is their way.
  // One apprentice in seven has blocked the bot: mail is their way.
  seeded.cases.forEach(({ apprentice }, n) => {
    const [chat] = seeded.reach.get(apprentice) ?? [];
    if (n % 7 === 3 && chat) channel.blocked.add(chat);
  });

  // The store's world is that of the cases, and the instances' clocks follow it as well as clocks do.
  const offset = Date.parse(seeded.now) + 3_600_000 - Date.now();
  await double.clock.advance(offset);
  const draw = drawing(o.seed);
  const cosmos = { endpoint: double.endpoint, key: double.key };
  const fleet = new Fleet({ channel: channel.settings, cosmos, offset, leaseSeconds }, draw);
  await Promise.all(Array.from({ length: o.instances }, () => fleet.start()));

  const end = Date.now() + o.seconds * 1_000;
  const going = () => Date.now() < end;
  await failing(double, true);
  channel.failing = true;
  const { settings: told, authorization } = channel;
  const blows = (async () => {
    while (going()) {
      await pause(600 + draw() * 1_400);
      if (going()) await fleet.strike();
    }
  })();
  const pressed = await pressing({ seeded, fleet, draw, authorization, ...told }, going);
  await blows;

  channel.failing = false;
  const struck = await double.faults.struck();
  await failing(double, false);
  await calm(
    store,
    seeded.cases.map((c) => casePk(c.caseId)),
  );
  await fleet.end();
  const verdict = await judge(store, seeded, pressed.presses, channel.taken);
  await store.close();
  await double.end();
  await channel.stop();
  return {
    ...verdict,
    presses: pressed.presses.length,
    deliveries: pressed.deliveries,
    instances: fleet.counts,
    cosmos: struck,
    connector: channel.struck,
    messages: channel.taken.length,
    updates: channel.updates,
  };
}

async function failing(double: RemoteDouble, on: boolean): Promise<void> {
  if (!on) return double.faults.clear();
  await double.faults.add({ answer: 429, share: 0.02, retryAfterMs: 20 });
  await double.faults.add({ answer: 503, share: 0.01 });
  await double.faults.add({ answer: 449, share: 0.005 });
  await double.faults.add({ answer: "reset", share: 0.005 });
  await double.faults.add({ answer: "reset", share: 0.01, after: true });
  await double.faults.add({ answer: 408, share: 0.005, after: true });
  await double.faults.lag({ writes: 2, share: 0.1 });
}

/** Resolves once nothing is to be sent any more, or when that takes too long: the judge says of what. */
async function calm(store: Store, pks: readonly string[]): Promise<void> {
  const end = Date.now() + patience;
  let left = [...pks];
  while (left.length > 0 && Date.now() < end) {
    const checked = await Promise.all(
      left.slice(0, 20).map(async (pk) => ((await store.notices(pk)).some(pending) ? [pk] : [])),
    );
    left = [...left.slice(20), ...checked.flat()];
    if (checked.flat().length > 0) await pause(200);
  }
}
