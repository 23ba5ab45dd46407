import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { LocalTeamsOptions } from "../../bot/local/localTeams";
import { bindPersonas, seedSamples, seedStaff } from "../../bot/local/samples";
import { localBodies, startIn } from "../../bot/local/start";
import { createLog, type Log } from "../../bot/log";
import type { Service } from "../../bot/service";
import type { Clock, Store } from "../../src/ports";
import { localTeams, type Teams } from "./teams";

/** The whole service in Local Teams, on a store of its own, for walks. */
export interface Product {
  teams: Teams;
  service: Service;
  /** Where it listens: for what a tab asks. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts it with the usual cast's staff in their roles; `samples` also brings the two sample cases. The clock stands still
 * until it is moved. `log` takes what the service logs. `open` gives the store, of which `clock` is the time; the embedded
 * one unless told.
 */
export async function product({
  startAt = "2026-02-02T09:00:00Z",
  samples = false,
  log = createLog({ level: "error" }),
  open,
  ...options
}: LocalTeamsOptions & {
  startAt?: string;
  samples?: boolean;
  log?: Log;
  open?: (clock: Clock) => Promise<Store>;
} = {}): Promise<Product> {
  const folder = mkdtempSync(path.join(tmpdir(), "epilogue-"));
  let service: Service | undefined;
  let url = "";
  const teams = await localTeams({
    clock: { startAt, frozen: true },
    ...options,
    bot: async (local) => {
      const started = await startIn(local, { port: 0, dataFolder: folder, coordinators: [], mode: "local" }, log, open);
      service = started.service;
      url = `http://127.0.0.1:${started.port}`;
      const cast = await seedStaff(service, local.people(), localBodies);
      if (samples) {
        await seedSamples(service, cast);
        await bindPersonas(service, local.people(), cast);
      }
      const running = service;
      return {
        endpoint: `http://127.0.0.1:${started.port}/api/messages`,
        stop: () => running.stop(),
        settled: () => running.settled(),
      };
    },
  });
  if (!service) throw new Error("The service did not start");
  return {
    teams,
    service,
    url,
    async stop() {
      await teams.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
