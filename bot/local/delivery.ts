import type { Activity } from "./activities";
import type { World } from "./state";
import { summarise } from "./traffic";

/** What the bot made of an activity; status 0 when nothing came back. */
export interface BotAnswer {
  status: number;
  body: unknown;
  timedOut: boolean;
}

/** How often an invoke is sent again when the bot does not answer in time or breaks. */
const REDELIVERIES = 2;

/** Sends one activity, signed as Teams signs, and logs it. Never throws. */
export async function deliver(world: World, activity: Activity, timeout = world.timeouts.message): Promise<BotAnswer> {
  const began = performance.now();
  const answer = await attempt(world, activity, timeout);
  world.traffic.add({
    direction: "toBot",
    method: "POST",
    path: world.botEndpoint ? new URL(world.botEndpoint).pathname : "/api/messages",
    status: answer.timedOut ? 408 : answer.status,
    ms: Math.round(performance.now() - began),
    summary: summarise(activity),
    request: structuredClone(activity),
    response: answer.body,
  });
  return answer;
}

/**
 * Sends an invoke. The bot has five seconds; when it is late, broken (5xx) or gone, the activity is sent again, at most
 * twice, each time under a new id: the work may by then be done more than once.
 */
export async function deliverInvoke(world: World, build: () => Activity): Promise<BotAnswer> {
  let answer = await deliver(world, build(), world.timeouts.invoke);
  for (let again = 0; again < REDELIVERIES && (answer.status === 0 || answer.status >= 500); again += 1)
    answer = await deliver(world, build(), world.timeouts.invoke);
  return answer;
}

async function attempt(world: World, activity: Activity, timeout: number): Promise<BotAnswer> {
  if (!world.botEndpoint) return { status: 0, body: "The bot has not started", timedOut: false };
  try {
    const response = await fetch(world.botEndpoint, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        authorization: `Bearer ${world.keys.tokenForBot()}`,
        "x-ms-conversation-id": (activity.conversation as { id: string }).id,
        "x-ms-tenant-id": (activity.channelData as { tenant: { id: string } }).tenant.id,
      },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(timeout),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text), timedOut: false };
  } catch (error) {
    const timedOut = (error as Error).name === "TimeoutError";
    return { status: 0, body: timedOut ? "No answer in time" : (error as Error).message, timedOut };
  }
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return text;
  }
}
