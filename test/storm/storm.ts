import { setTimeout as pause } from "node:timers/promises";
import { openCosmos } from "../../bot/store/cosmos";
import { setUp } from "../../bot/store/cosmos/setup";
import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import type { Store } from "../../src/ports";
import { addDays, type Instant, londonDate } from "../../src/rules/calendar";
import { settingsOf } from "../store/account";
import { forkCosmosDouble, type RemoteDouble } from "../support/cosmos/remote";
import type { Answered } from "./activities";
import { openStormChannel } from "./connector";
import { Fleet } from "./fleet";
import { judge, pending, type Verdict } from "./judge";
import { type Press, pressing } from "./presses";
import { type Seeded, seed as sow } from "./seed";
import { drawing, leaseSeconds, oneOf, type StormOptions } from "./settings";

export interface StormReport extends Verdict {
  cases: number;
  presses: number;
  kindsOfPresses: number;
  /** What each delivery was answered. */
  deliveries: Record<string, number>;
  /** Presses of which nobody was ever told what became of them, by why the last delivery had no answer. */
  unanswered: Record<string, number>;
  /** Cards asked for by a message. */
  asked: number;
  instances: Fleet["counts"];
  /** Days that passed in outages. */
  days: number;
  cosmos: Record<string, number>;
  connector: Record<string, number>;
  messages: number;
  updates: number;
}

/**
 * Longest wait, in milliseconds, for one more of what is still to be sent to go, once nothing fails any more; and for presses
 * enough, once the storm's time is over.
 */
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
  // One in seven outside people has blocked the bot: mail is their way.
  [...seeded.outside.values()].forEach(({ conversation }, n) => {
    if (n % 7 === 3) channel.blocked.add(conversation);
  });
  for (const { conversation, activityId, seen } of seeded.posted)
    channel.shown.set(`${conversation}|${activityId}`, { seen });

  // The store's world is that of the cases, and the instances' clocks follow it as well as clocks do.
  let offset = Date.parse(seeded.now) - Date.now();
  await double.clock.advance(offset);
  const draw = drawing(o.seed);
  const cosmos = { endpoint: double.endpoint, key: double.key };
  const fleet = new Fleet({ channel: channel.settings, cosmos, offset, leaseSeconds }, draw);
  await Promise.all(Array.from({ length: o.instances }, () => fleet.start()));
  const now = (): Instant => new Date(Date.now() + offset).toISOString();

  const end = Date.now() + o.seconds * 1_000;
  let done = 0;
  const enough = () => done >= o.least && fleet.struck > 0;
  const going = () => Date.now() < end || (!enough() && Date.now() < end + patience);
  await failing(double, true);
  channel.failing = true;
  const { settings: told, authorization } = channel;
  let outage: Promise<void> | undefined;
  const blows = (async () => {
    let next = Date.now() + o.outageSeconds * 1_000;
    while (going()) {
      await pause(1_500 + draw() * 2_500);
      if (!going()) break;
      if (Date.now() < next) await fleet.strike();
      else {
        // No message is under way when the clock leaps: nobody lives then who could send one.
        outage = fleet.outage(async () => {
          const leap = await untilNext(store, seeded, now(), draw);
          await double.clock.advance(leap);
          offset += leap;
          return offset;
        });
        await outage;
        outage = undefined;
        next = Date.now() + o.outageSeconds * 1_000;
      }
    }
  })();
  const door = { authorization, ...told };
  const heard = (answer: Answered) => {
    if (answer === "done") done += 1;
  };
  const course = { seeded, store, fleet, draw, door, now, heard, paused: () => outage };
  const { presses, asked } = await pressing(course, going);
  await blows;

  channel.failing = false;
  const struck = await double.faults.struck();
  await failing(double, false);
  // Nobody waits for what was pressed last, and it may still be under way: it ends with those that do it.
  await fleet.relieve();
  await calm(
    store,
    seeded.cases.map((c) => casePk(c.caseId)),
    now,
  );
  await fleet.end();
  const verdict = await judge({ store, now: now(), seeded, presses, taken: channel.taken, shown: channel.shown });
  await store.close();
  await double.end();
  await channel.stop();
  const passed = Math.round((Date.parse(now()) - Date.parse(seeded.now)) / 86_400_000);
  return {
    cases: seeded.cases.length,
    presses: presses.length,
    kindsOfPresses: new Set(presses.map((p) => p.type)).size,
    deliveries: counted(presses.flatMap((p) => p.answers)),
    unanswered: counted(
      presses.flatMap((p) => (p.answers.some(isAnswer) ? [] : [p.answers.at(-1) ?? "the storm ended"])),
    ),
    asked,
    ...verdict,
    instances: fleet.counts,
    days: passed,
    cosmos: struck,
    connector: channel.struck,
    messages: channel.taken.length,
    updates: channel.updates,
  };
}

const isAnswer = (a: Press["answers"][number]) => a === "done" || a === "already" || a === "refused";
const counted = (all: readonly string[]): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const one of all) found[one] = (found[one] ?? 0) + 1;
  return found;
};

/** Milliseconds until something that one of the cases waits for, three weeks at most. */
async function untilNext(store: Store, seeded: Seeded, now: Instant, draw: () => number): Promise<number> {
  const last = addDays(londonDate(now), 21);
  for (let n = 0; n < 20; n++) {
    const c = await store.head<Case>(casePk(oneOf(draw, seeded.cases).caseId)).catch(() => undefined);
    const sessions = Object.values(c?.state.attempts ?? {}).flatMap((all) => all.at(-1)?.session.booking?.at ?? []);
    const [soonest] = [...sessions, c?.state.planning.meeting?.at ?? ""].filter((at) => at > now && at < last).sort();
    if (soonest) return Date.parse(soonest) + 60_000 - Date.parse(now);
  }
  return 86_400_000;
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

/** Resolves once nothing is to be sent any more, or when nothing more of it goes: the judge says of what. */
async function calm(store: Store, pks: readonly string[], clock: () => Instant): Promise<void> {
  const left = new Map(pks.map((pk) => [pk, Number.POSITIVE_INFINITY]));
  for (let end = Date.now() + patience; left.size > 0 && Date.now() < end; ) {
    const before = sum(left.values());
    const some = [...left.keys()].slice(0, 20);
    await Promise.all(
      some.map(async (pk) => {
        const now = clock();
        const waiting = (await store.notices(pk)).filter((n) => pending(n, now)).length;
        // Behind the others.
        left.delete(pk);
        if (waiting > 0) left.set(pk, waiting);
      }),
    );
    const after = sum(left.values());
    if (after < before || after === Number.POSITIVE_INFINITY) end = Date.now() + patience;
    if (some.some((pk) => left.has(pk))) await pause(200);
  }
}
const sum = (all: Iterable<number>): number => [...all].reduce((a, b) => a + b, 0);
