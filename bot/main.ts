import path from "node:path";
import { type Config, ConfigError, describe, type ProductionConfig, readConfig } from "./config";
import { graphMeetings } from "./graph/meetings";
import { createLog } from "./log";
import { createMailer } from "./mail/smtp";
import { configured, createService, type Service } from "./service";
import { openStore } from "./store/open";
import { whenThere } from "./waiting";

/** Wiring only: configuration, store, and the way into Teams or its stand-in. */

const log = createLog();

async function start(): Promise<void> {
  const config = readConfig(process.env);
  log.info("starting", describe(config));
  const running = config.mode === "production" ? await production(config) : await local(config);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      // Asked twice, it ends as it stands: everything acknowledged is in the store.
      if (stopping) process.exit(1);
      stopping = true;
      log.info("stopping", { signal });
      setTimeout(() => {
        log.error("stop.took.too.long", { seconds: longestStop / 1_000 });
        process.exit(1);
      }, longestStop).unref();
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error("stop.failed", { error });
          process.exit(1);
        },
      );
    });
}

/** Milliseconds; platforms kill after thirty seconds. */
const longestStop = 28_000;
let stopping = false;

async function production(config: ProductionConfig): Promise<Pick<Service, "stop">> {
  // An embedded record is in this computer's folder: a second instance would not see it.
  if (config.cosmos === undefined) log.info("store.embedded.one.instance", { instances: 1 });
  const service = createService({
    config,
    trust: config.teams,
    store: await whenThere(() => openStore(config), config, log),
    clock: { now: () => new Date().toISOString() },
    mailer: createMailer(config.smtp),
    log,
    bodiesOfTenant: configured(config),
    ...(config.graph === undefined ? {} : { meetings: graphMeetings(config.graph) }),
  });
  const port = await service.http.listen(config.port, config.host);
  log.info("listening", { port });
  void service.delivery.kick();
  return service;
}

/** Loaded only here and only without an app id: the stand-in is no part of production. */
async function local(config: Config): Promise<Pick<Service, "stop">> {
  const { startLocally } = await import("./local/start");
  return startLocally(config, { log, pageFolder: path.join(__dirname, "local") });
}

start().catch((error: unknown) => {
  if (error instanceof ConfigError) console.error(error.message);
  else {
    log.error("start.failed", { error });
    console.error(error instanceof Error ? error.message : String(error));
  }
  process.exitCode = 1;
});
