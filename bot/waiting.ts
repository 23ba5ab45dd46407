import type { Store } from "../src/ports";
import type { Config } from "./config";
import { createHttp, type HttpService } from "./http";
import type { Log } from "./log";
import { CosmosRefused } from "./store/cosmos/faults";

/** Seconds until the next look at a store that is out of reach; the last holds from then on. */
const looks = [2, 5, 10, 30];

/**
 * Opens the store. One that is only out of reach is waited for: meanwhile `/healthz` answers, `/readyz` says that the store
 * is not there, and the log says why, so that nothing restarts the process in vain.
 * @throws whatever else stands against opening it: somebody must put that right first.
 */
export async function whenThere(
  open: () => Promise<Store>,
  config: Pick<Config, "port" | "host">,
  log: Log,
  seconds: readonly number[] = looks,
): Promise<Store> {
  let waiting: HttpService | undefined;
  try {
    for (let n = 0; ; n++) {
      try {
        return await open();
      } catch (error) {
        if (!(error instanceof CosmosRefused) || error.why !== "network") throw error;
        const next = seconds[Math.min(n, seconds.length - 1)] ?? 1;
        log.error("store.out.of.reach", { error, againInSeconds: next });
        if (!waiting) {
          // The log masks an error's words; this one names the account, and nothing else.
          console.error(error.message);
          waiting = createHttp({ receive: async () => ({ status: 503 }), checks: { store: () => false }, log });
          await waiting.listen(config.port, config.host);
        }
        await new Promise((resolve) => setTimeout(resolve, next * 1000));
      }
    }
  } finally {
    await waiting?.close();
  }
}
