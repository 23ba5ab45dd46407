import type { DoubleClock } from "./clock";
import type { Partition } from "./container";
import type { Lag } from "./faults";
import { Refused } from "./refused";

/**
 * The number of the last write that a lagging replica has, as far as it may lag.
 * @returns undefined for a replica that has everything
 */
export function replicaSight(partition: Partition, lag: Lag, clock: DoubleClock): number | undefined {
  const { log } = partition;
  // A replica never falls behind the moment it began to lag.
  const floor = log[0]?.lsn ?? partition.lsn;
  const byWrites = lag.writes === undefined ? partition.lsn : partition.lsn - lag.writes;
  const until = clock.now() - (lag.ms ?? 0);
  const byTime = lag.ms === undefined ? partition.lsn : (log.findLast(({ at }) => at <= until)?.lsn ?? floor);
  const seen = Math.max(floor, Math.min(byWrites, byTime));
  return seen === partition.lsn ? undefined : seen;
}

/** A partition's part of a session token. */
export const sessionToken = (range: string, lsn: number): string => `${range}:-1#${lsn}`;

/** @throws Refused 404, substatus 1002, when the session has seen a later write than this replica has */
export function checkSession(header: string | string[] | undefined, range: string, lsn: number): void {
  for (const part of `${header ?? ""}`.split(",").filter(Boolean)) {
    const found = /^(\w+):-?\d+#(\d+)/.exec(part.trim());
    if (!found) throw new Refused(400, "The session token could not be parsed.");
    if (found[1] === range && Number(found[2]) > lsn) {
      throw new Refused(404, "The read session is not available for the input session token.", 1002);
    }
  }
}
