import { setTimeout as timer } from "node:timers/promises";
import type { CallOptions, Connector, ConversationRef, Outcome } from "./connector";
import type { Pace } from "./pace";

/** Waits so many milliseconds; ends early when the signal does. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;
const sleepFor: Sleep = (ms, signal) =>
  timer(ms, undefined, signal ? { signal } : {}).then(
    () => undefined,
    () => undefined,
  );

/** Milliseconds that a message waits for room; what would take longer is to come back. */
const patience = 3_000;

/**
 * The tenant of a conversation, as far as its service URL says: Teams gives each tenant its own. Those whose URL names none
 * share one count: slower than they must be, never faster.
 */
const tenantOf = (to: ConversationRef) => to.serviceUrl;

/**
 * A connector that keeps to the rates. What has no room within a few seconds is not called for: it is `throttled`, with the
 * time to come back. A 429 holds its own conversation only.
 */
export function paced(connector: Connector, pace: Pace, sleep: Sleep = sleepFor): Connector {
  const spaced = async <T>(
    to: ConversationRef,
    options: CallOptions | undefined,
    call: () => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> => {
    const until = { waited: 0 };
    for (;;) {
      const wait = pace.take(to.conversationId, tenantOf(to));
      if (wait === 0) break;
      if (until.waited + wait > patience) return { kind: "throttled", retryAfterMs: wait };
      until.waited += wait;
      await sleep(wait, options?.signal);
      if (options?.signal?.aborted) return { kind: "throttled", retryAfterMs: wait };
    }
    return heeding(pace, to, await call());
  };
  return {
    ...connector,
    send: (to, activity, options) => spaced(to, options, () => connector.send(to, activity, options)),
    update: (to, id, activity, options) => spaced(to, options, () => connector.update(to, id, activity, options)),
    remove: (to, id, options) => spaced(to, options, () => connector.remove(to, id, options)),
  };
}

/** The same for answers to somebody who waits: counted, so that notices leave room for them, and never held back. */
export function counted(connector: Connector, pace: Pace): Connector {
  const noting = async <T>(to: ConversationRef, call: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    pace.count(to.conversationId, tenantOf(to));
    return heeding(pace, to, await call());
  };
  return {
    ...connector,
    send: (to, activity, options) => noting(to, () => connector.send(to, activity, options)),
    update: (to, id, activity, options) => noting(to, () => connector.update(to, id, activity, options)),
    remove: (to, id, options) => noting(to, () => connector.remove(to, id, options)),
  };
}

function heeding<T>(pace: Pace, to: ConversationRef, outcome: Outcome<T>): Outcome<T> {
  if (outcome.kind === "throttled")
    return { kind: "throttled", retryAfterMs: pace.hold(to.conversationId, outcome.retryAfterMs) };
  if (outcome.kind === "ok") pace.release(to.conversationId);
  return outcome;
}
