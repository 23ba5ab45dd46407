import path from "node:path";
import { modelCheck } from "../../cards/modelCheck";
import type { Clock, Store } from "../../src/ports";
import type { Config } from "../config";
import { graphMeetings } from "../graph/meetings";
import type { Log } from "../log";
import { createMailer } from "../mail/smtp";
import { Secret } from "../secret";
import { createService, type Service } from "../service";
import { openStore } from "../store/open";
import { Pace } from "../teams/pace";
import { loopbackTrust } from "../teams/trust";
import { chips } from "./chips";
import type { ClockOptions } from "./clock";
import { deadlinesOf } from "./deadlines";
import { type LocalTeams, startLocalTeams } from "./localTeams";
import { bindPersonas, seedSamples, seedStaff } from "./samples";

/** The awarding bodies that Local Teams plays: one a published pack. */
export const localBodies = ["tquk", "gateway-qualifications"] as const;

/**
 * The whole product on this computer: the service on its store, with the stand-in for Teams round it. Its clock
 * begins at the computer's time unless `clock` says otherwise.
 */
export async function startLocally(
  config: Config,
  { log, pageFolder, clock }: { log: Log; pageFolder: string; clock?: ClockOptions },
): Promise<Pick<Service, "stop"> & { url: string; service: Service }> {
  modelCheck.strict = true;
  const teams = await startLocalTeams({
    dataFolder: path.join(config.dataFolder, "local-teams"),
    pageFolder,
    app: { name: "Epilogue", commands: chips, tabs: [] },
    ...(clock === undefined ? {} : { clock }),
  });
  // A store that cannot be served from ends the whole: the stand-in alone would go on for nobody.
  const { service } = await startIn(teams, config, log).catch(async (error: unknown) => {
    await teams.stop();
    throw error;
  });
  const cast = await seedStaff(service, teams.people(), localBodies);
  if (!teams.resumed) {
    await seedSamples(service, cast);
    await bindPersonas(service, teams.people(), cast);
  }
  await service.delivery.kick();
  console.log(`\nEpilogue is running. Open ${teams.url}\n`);
  return {
    url: teams.url,
    service,
    async stop() {
      await service.stop();
      await teams.stop();
    },
  };
}

/** What the service needs of the stand-in round it: one that runs in another process can give that much. */
export type Around = Pick<
  LocalTeams,
  | "botFrameworkEnv"
  | "tenantIds"
  | "smtpUrl"
  | "url"
  | "sso"
  | "connect"
  | "showTab"
  | "showPanel"
  | "graphConfig"
  | "deadlinesFrom"
> & {
  clock: Clock & Pick<LocalTeams["clock"], "onMoved">;
  pace: Pick<LocalTeams["pace"], "now">;
};

/**
 * The service inside a stand-in that runs: its tokens, its mail, its clock. Tests use it too, on a store of their own
 * choice.
 */
export async function startIn(
  teams: Around,
  config: Pick<Config, "port" | "dataFolder" | "cosmos" | "coordinators" | "mode"> & Partial<Config>,
  log: Log,
  open: (clock: Clock) => Promise<Store> = (clock) => openStore(config, clock),
): Promise<{ service: Service; port: number }> {
  let baseUrl = "";
  const service = createService({
    config,
    trust: loopbackTrust(teams.botFrameworkEnv, [teams.tenantIds.employer]),
    // One time for what falls due and for leases, so that moving the clock moves both.
    store: await open(teams.clock),
    clock: teams.clock,
    mailer: createMailer(config.smtp ?? { url: new Secret(teams.smtpUrl), from: "epilogue@example.org" }),
    log,
    // The stand-in counts its limits by a time that tests can put forward: so does whoever keeps to them.
    pace: new Pace(() => teams.pace.now()),
    standIn: { signIn: teams.sso, origins: [teams.url, teams.url.replace("127.0.0.1", "localhost")] },
    bodiesOfTenant: (tenantId) => (tenantId === teams.tenantIds.awardingBody ? localBodies : []),
    meetings: graphMeetings(teams.graphConfig(() => baseUrl)),
  });
  const port = await service.http.listen(config.port, "127.0.0.1");
  teams.connect(`http://127.0.0.1:${port}/api/messages`);
  teams.showTab({ id: "cases", name: "Cases", url: `http://127.0.0.1:${port}/tab` });
  const panel = await teams.showPanel(port, "/panel");
  // By itself too, as the manifest has it: an observation is in no meeting.
  teams.showTab({ id: "sessions", name: "Sessions", url: panel });
  baseUrl = new URL(panel).origin;
  teams.clock.onMoved(() => service.delivery.kick());
  teams.deadlinesFrom(() => deadlinesOf(service));
  return { service, port };
}
