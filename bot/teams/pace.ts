/**
 * Keeps to the rates at which Teams takes messages of a bot (Microsoft: rate limiting for bots), before it has to say so.
 * Counted by this instance alone: where several send to one conversation, the 429 that is left is heeded.
 */

/** At most `most` calls in any `ms` milliseconds. */
export interface Window {
  readonly ms: number;
  readonly most: number;
}

/** For each conversation. */
export const conversationRates: readonly Window[] = [
  { ms: 1_000, most: 7 },
  { ms: 2_000, most: 8 },
  { ms: 30_000, most: 60 },
  { ms: 3_600_000, most: 1_800 },
];
/** For all conversations that one tenant has with the app. */
export const tenantRates: readonly Window[] = [{ ms: 1_000, most: 30 }];
const teamsRates = { conversation: conversationRates, tenant: tenantRates };
/** Nothing waits: for measuring what comes before the waiting. */
export const unlimited = { conversation: [], tenant: [] };

/** Milliseconds by which a window is taken longer than it is: calls arrive closer together than they left. */
const margin = 50;
/** Calls of one kind after which those long past are forgotten. */
const tidyAfter = 5_000;
/** The longest that one who is told to wait again and again is left alone beyond what they were told. */
const longestPatience = 300_000;

/** Times of calls in sliding windows, oldest first. */
class Calls {
  private times: number[] = [];

  constructor(private readonly windows: readonly Window[]) {}

  /** When the next call has room, in the same milliseconds as `now`; no later than `now` when it has some. */
  freeAt(now: number): number {
    let free = now;
    for (const { ms, most } of this.windows) {
      const first = this.times[this.times.length - most];
      if (first !== undefined) free = Math.max(free, first + ms + margin);
    }
    return free;
  }

  add(now: number): void {
    this.times.push(now);
    const most = Math.max(0, ...this.windows.map((w) => w.most));
    if (this.times.length > 2 * most) this.times = most === 0 ? [] : this.times.slice(-most);
  }

  /** Nothing of it counts any more. */
  over(now: number): boolean {
    const longest = Math.max(0, ...this.windows.map((w) => w.ms)) + margin;
    return (this.times.at(-1) ?? Number.NEGATIVE_INFINITY) + longest <= now;
  }
}

export class Pace {
  private readonly conversations = new Map<string, Calls>();
  private readonly tenants = new Map<string, Calls>();
  /** Conversations that asked to wait: until when, and how often in a row. */
  private readonly held = new Map<string, { until: number; times: number }>();
  private taken = 0;

  /** @param now milliseconds that only go forward; the process's own unless told. @param rates Teams' own unless told. */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly rates: Readonly<Record<"conversation" | "tenant", readonly Window[]>> = teamsRates,
  ) {}

  /** Milliseconds until a call to that conversation may go. At 0 it may go now, and is counted. */
  take(conversation: string, tenant: string): number {
    const now = this.now();
    const free = Math.max(
      this.of(this.conversations, conversation, this.rates.conversation).freeAt(now),
      this.of(this.tenants, tenant, this.rates.tenant).freeAt(now),
      this.held.get(conversation)?.until ?? now,
    );
    if (free > now) return free - now;
    this.count(conversation, tenant);
    return 0;
  }

  /** Counts a call that does not wait: somebody looks at the screen for it. */
  count(conversation: string, tenant: string): void {
    const now = this.now();
    this.of(this.conversations, conversation, this.rates.conversation).add(now);
    this.of(this.tenants, tenant, this.rates.tenant).add(now);
    this.taken += 1;
    if (this.taken % tidyAfter === 0) this.tidy(now);
  }

  /**
   * That conversation said to wait so many milliseconds; the others go on. Who is told so again and again waits longer than
   * told, doubling, so that one closed way costs ever less.
   * @returns the milliseconds until the next call to it may go.
   */
  hold(conversation: string, ms: number): number {
    const now = this.now();
    const before = this.held.get(conversation);
    // Calls that were under way together are told so together: once.
    const times = before && before.until > now ? before.times : (before?.times ?? 0) + 1;
    const wait = Math.max(ms, times > 1 ? Math.min(1_000 * 2 ** (times - 1), longestPatience) : 0);
    this.held.set(conversation, { until: Math.max(now + wait, before?.until ?? 0), times });
    return wait;
  }

  /** A call to it went through. */
  release(conversation: string): void {
    this.held.delete(conversation);
  }

  private of(calls: Map<string, Calls>, key: string, rates: readonly Window[]): Calls {
    const known = calls.get(key) ?? new Calls(rates);
    calls.set(key, known);
    return known;
  }

  private tidy(now: number): void {
    for (const calls of [this.conversations, this.tenants])
      for (const [key, one] of calls) if (one.over(now)) calls.delete(key);
    for (const [key, { until }] of this.held) if (until + longestPatience < now) this.held.delete(key);
  }
}
