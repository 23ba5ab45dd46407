/** How often one person may ask: `burst` at once, then one every `everyMs`. */
export interface Pace {
  readonly burst: number;
  readonly everyMs: number;
}

const MOST_KEPT = 10_000;

/**
 * A token bucket for each key, in memory: this instance's share only, which is enough to keep one person from wearing it out.
 * @param now milliseconds that only go forward.
 * @returns seconds to wait, 0 when it may go ahead.
 */
export function createRate({ burst, everyMs }: Pace, now: () => number = () => performance.now()) {
  /** When each key's bucket will be full again; one that is in the past is a full bucket and need not be kept. */
  const fullAt = new Map<string, number>();
  return (key: string): number => {
    const at = now();
    const full = Math.max(fullAt.get(key) ?? at, at) + everyMs;
    const wait = full - at - burst * everyMs;
    if (wait > 0) return Math.ceil(wait / 1000);
    if (fullAt.size >= MOST_KEPT) forget(fullAt, at);
    fullAt.delete(key);
    fullAt.set(key, full);
    return 0;
  };
}

/** Drops full buckets; when all are in use, the one used longest ago. */
function forget(fullAt: Map<string, number>, at: number): void {
  for (const [key, full] of fullAt) if (full <= at) fullAt.delete(key);
  if (fullAt.size < MOST_KEPT) return;
  const [oldest] = fullAt.keys();
  if (oldest !== undefined) fullAt.delete(oldest);
}
