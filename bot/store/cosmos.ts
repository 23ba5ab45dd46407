import { randomUUID } from "node:crypto";
import type { CosmosClient } from "@azure/cosmos";
import type { Clock, Store } from "../../src/ports";
import { Connection, type CosmosSettings, createClient, type Tuning } from "./cosmos/connection";
import { docs } from "./cosmos/docs";
import { checked } from "./cosmos/doors";
import { erasing } from "./cosmos/erasing";
import { traceTtl } from "./cosmos/layout";
import { lists } from "./cosmos/lists";
import { notices } from "./cosmos/notices";
import { references } from "./cosmos/references";
import { streams } from "./cosmos/streams";
import { StoreTime } from "./cosmos/time";

/**
 * The store in Azure Cosmos DB (NoSQL), for any number of instances: one container by `/pk`.
 *
 * A case is one logical partition. It holds `head`, `e-000017` (events), `c-<command>` (markers, for good), `n-<notice>`,
 * `l-…` (its rows in lists) and `r-<lock>` (its hold on its reference, see `references.ts`); an append is one transactional
 * batch of these. Documents (`d-…`) and reservations of references are partitions of their own.
 * The head holds the folded case with its proposals and short reasons; the notes of the sessions stand in the events only. That of
 * a whole case of sixty events is 30 KB, a point read of some 3.5 RU (the walk on Cosmos DB holds it under 40 KB), so no text
 * has an item of its own. How large it can become is bounded by the case itself (`src/case/limits.ts`): the largest fits a
 * transaction. What does not fit all the same is refused, and nothing of it is written.
 *
 * Plan for more than one physical partition (the account splits them by itself: 50 GB or 10,000 RU/s each):
 *
 * - By partition key, one physical partition whatever there are: head, events, markers, documents, notices of a case, a
 *   reference, and every write. A user's action is of this kind only: one point read, one batch. So actions grow with the
 *   partitions, and no partition is hotter than one case. (A registration also looks up its reference and reserves it.)
 * - Over all physical partitions, in parallel, each answering from an index by its key: lists of cases (`k`), what is due
 *   (`k` of a person, `b` of a body), free notices (`free`), names of partitions (`part`). Each partition reads a run of keys
 *   as long as the page, one page of it, and the SDK merges them in order. So a list costs one request a physical partition,
 *   and as much as the page is long; it does not grow with the number of cases. Rows lie beside their case, not in a partition
 *   by person: that way the batch that changes a case changes the lists too, and they never tell of what is not so.
 * - What that costs: a list asks every physical partition, some 3 RU each even where it finds nothing. 100,000 cases of 100 KB
 *   are 10 GB: one partition, four with room to grow. Were there dozens, person by person list partitions, filled from the
 *   change feed, would be cheaper to read; the rows here are what they would be filled from.
 * - Nothing scans: what is queried over partitions is in the indexing policy (`layout.ts`), bodies are not.
 *
 * Consistency is Session. What another instance wrote can be missing for a moment: `head` reads again when the caller has
 * seen a later one, an append on an old head conflicts, and claims are replaced under their ETag.
 */

export interface CosmosOptions extends Tuning {
  /** The store's own time; the server's unless told, as Local Teams does, whose clock is moved. */
  clock?: Clock;
}

/**
 * Opens the container, which `npm run cosmos:setup` makes.
 * @throws CosmosRefused when it cannot be served with, naming the reason: see `doors.ts`.
 */
export async function openCosmos(settings: CosmosSettings, options: CosmosOptions = {}): Promise<Store> {
  const time = new StoreTime();
  const client: CosmosClient = await createClient(settings, options, time);
  try {
    const cosmos = new Connection(client, await checked(client, settings), time);
    const held = references(cosmos);
    return {
      ...streams(cosmos, held),
      ...docs(cosmos),
      ...lists(cosmos),
      ...notices(cosmos),
      ...erasing(cosmos),
      byRef: held.byRef,
      remote: true,
      now: async () => options.clock?.now() ?? time.now(),
      ready: probe(cosmos),
      close: async () => cosmos.close(),
    };
  } catch (error) {
    client.dispose();
    throw error;
  }
}

/** Writes and reads a document of this instance's own. */
function probe(cosmos: Connection): Store["ready"] {
  const place = { id: "probe", pk: `probe:${randomUUID()}`, ttl: traceTtl };
  return async () => {
    const etag = await cosmos.put(place, "any");
    const found = await cosmos.read(place.pk, place.id);
    if (found?._etag !== etag) throw new Error("The store did not read what it had written");
  };
}
