import { randomUUID } from "node:crypto";
import type { Store } from "../../../src/ports";
import type { Connection, Stored } from "./connection";
import { escaped, lockId, partition, unescaped } from "./keys";

/**
 * A reference is held by one partition at most, though no transaction spans two partitions.
 *
 * Before the batch that gives a partition its reference, `ref:<reference>` is created: who is to have it, and a fresh
 * `lock`. The batch itself creates the item `r-<lock>` in its own partition. So:
 *
 * - held: the lock's item stands. Only then is anything found by the reference.
 * - reserved: no lock item yet. Its owner is about to append, or ended before it did. The owner trying again goes on with
 *   the same lock: two batches of one partition exclude each other anyway. Anybody else waits a minute, as for one in flight.
 * - After that minute another may take it over, and need not know whether the owner still lives: first it creates the lock's
 *   item itself, as void, in the owner's partition. If that goes, the owner's batch can never go any more (it creates the same
 *   id, and conflicts); if it does not, the owner was first and holds the reference. No clock decides this, only the item.
 *   Then the reservation is replaced, under its ETag, with a lock of the new owner's.
 * - An owner that finds its lock void reserves anew, with a fresh lock, under the ETag: whoever made it void and ended, or
 *   has not replaced the reservation yet, is too late.
 */

type Reservation = Stored<{ owner: string; lock: string; at: number }>;
type Lock = Stored<{ void?: true }>;

/** Milliseconds for which a reservation is left to its owner. */
const inFlight = 60_000;
const tries = 5;
const ID = "ref";
const pkOf = (ref: string): string => `ref:${escaped(ref)}`;

export interface References {
  /** The lock with which the partition's batch takes the reference; undefined when it is another's, or about to be. */
  reserve(ref: string, owner: string): Promise<string | undefined>;
  byRef: Store["byRef"];
}

export function references(cosmos: Connection): References {
  const reservation = (ref: string) => cosmos.read<Reservation>(pkOf(ref), ID);
  const lockOf = ({ owner, lock }: Reservation) => cosmos.read<Lock>(owner, lockId(lock));

  return {
    async reserve(ref, pk) {
      const owner = partition(pk);
      for (let n = 0; n < tries; n++) {
        const mine = { id: ID, pk: pkOf(ref), owner, lock: randomUUID(), at: cosmos.time.milliseconds() };
        if (n === 0 && (await cosmos.put(mine, "create"))) return mine.lock;
        const standing = await reservation(ref);
        if (!standing) {
          if (await cosmos.put(mine, "create")) return mine.lock;
          continue;
        }
        const lock = await lockOf(standing);
        if (standing.owner === owner) {
          if (!lock?.void) return standing.lock;
        } else {
          if (lock && !lock.void) return undefined;
          if (!lock) {
            if (mine.at - standing.at < inFlight) return undefined;
            const id = lockId(standing.lock);
            if (!(await cosmos.put({ id, pk: standing.owner, void: true }, "create"))) continue;
          }
        }
        if (await cosmos.put(mine, { etag: standing._etag })) return mine.lock;
      }
      return undefined;
    },

    async byRef(ref) {
      if (ref === "") return undefined;
      const standing = await reservation(ref);
      const lock = standing && (await lockOf(standing));
      return standing && lock && !lock.void ? unescaped(standing.owner) : undefined;
    },
  };
}
