import type { Clock, Store } from "../../src/ports";
import type { Config } from "../config";
import { openEmbedded } from "./embedded";

/**
 * The store that the configuration names. What Cosmos DB needs is loaded only for it.
 * @param clock the store's own time where the service's is not the world's, as in Local Teams.
 * @throws when it cannot be served from; see `openEmbedded` and `openCosmos`.
 */
export async function openStore(config: Pick<Config, "dataFolder" | "cosmos">, clock?: Clock): Promise<Store> {
  if (config.cosmos === undefined) return openEmbedded(config.dataFolder, clock);
  const { openCosmos } = await import("./cosmos");
  return openCosmos(config.cosmos, clock ? { clock } : {});
}
