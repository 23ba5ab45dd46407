import { TeamsRefusal } from "./refusal";

/** A window: at most `most` operations in `seconds`. */
interface Window {
  seconds: number;
  most: number;
}

/** Microsoft's published limits, a bot and a conversation; the last is a bot and a tenant. See `documents.rateLimit`. */
export const rates = {
  send: [
    { seconds: 1, most: 7 },
    { seconds: 2, most: 8 },
    { seconds: 30, most: 60 },
    { seconds: 3600, most: 1800 },
  ],
  create: [
    { seconds: 1, most: 7 },
    { seconds: 2, most: 8 },
    { seconds: 30, most: 60 },
    { seconds: 3600, most: 1800 },
  ],
  members: [
    { seconds: 1, most: 14 },
    { seconds: 2, most: 16 },
    { seconds: 30, most: 120 },
    { seconds: 3600, most: 3600 },
  ],
  tenant: [{ seconds: 1, most: 30 }],
} as const satisfies Record<string, Window[]>;

export type Rate = keyof typeof rates;

/**
 * The computer's time as the stand-in's users would spend it. A walk driven by a program does in milliseconds what takes
 * people minutes; `skip` puts that time back, so that only real bursts meet the limits.
 */
export class Pace {
  private skipped = 0;
  constructor(private readonly realNow: () => number = Date.now) {}
  /** Milliseconds. */
  now(): number {
    return this.realNow() + this.skipped;
  }
  skip(ms: number): void {
    this.skipped += ms;
  }
}

/** Counts operations in sliding windows; a refused one is not counted. */
export class Limits {
  private readonly done = new Map<string, number[]>();

  constructor(private readonly pace: Pace) {}

  /** Counts one operation against each of the keys, or refuses it with 429 and Retry-After if one has no room. */
  spend(...keys: [Rate, string][]): void {
    const now = this.pace.now();
    const spent = keys.map(([rate, key]) => {
      const windows: readonly Window[] = rates[rate];
      const longest = Math.max(...windows.map((window) => window.seconds)) * 1000;
      const times = (this.done.get(`${rate} ${key}`) ?? []).filter((time) => time > now - longest);
      for (const { seconds, most } of windows) {
        const within = times.filter((time) => time > now - seconds * 1000);
        const first = within[within.length - most];
        if (first !== undefined) {
          const wait = Math.max(1, Math.ceil((first + seconds * 1000 - now) / 1000));
          throw new TeamsRefusal(429, "Throttled", `More than ${most} in ${seconds} s: ${rate}`, wait);
        }
      }
      return { name: `${rate} ${key}`, times };
    });
    for (const { name, times } of spent) this.done.set(name, [...times, now]);
  }
}
