import type { LocalTeams } from "../../bot/local/localTeams";
import { bindPersonas, seedSamples, seedStaff } from "../../bot/local/samples";
import { type Around, localBodies, startIn } from "../../bot/local/start";
import { createLog } from "../../bot/log";
import { Secret } from "../../bot/secret";

/** What the service is told of a stand-in that runs in another process, and outlives it. */
export interface Elsewhere extends Pick<LocalTeams, "botFrameworkEnv" | "tenantIds" | "smtpUrl" | "url"> {
  appId: string;
  people: ReturnType<LocalTeams["people"]>;
  dataFolder: string;
  /** Milliseconds by which its clock is ahead: what its predecessor had claimed is free by then. */
  ahead: number;
  jwksUrl: string;
}

/** The service by itself; it ends only by being killed. Says its port, and "seeded" once the samples are there. */
async function main(told: Elsewhere): Promise<void> {
  const teams: Around = {
    ...told,
    sso: { audience: told.appId, jwksUrl: told.jwksUrl, issuer: (tenantId: string) => `${told.url}/${tenantId}` },
    clock: { now: () => new Date(Date.now() + told.ahead).toISOString(), onMoved: () => () => undefined },
    // Its presses come as fast as a program's: time for sending passes as fast.
    pace: { now: () => performance.now() * 1_000 },
    connect: () => undefined,
    showTab: () => undefined,
    showPanel: async () => `${told.url}/panel`,
    graphConfig: (baseUrl: () => string) => ({
      organiser: told.people.find(({ role }) => role === "Coordinator")?.aadObjectId ?? "",
      url: `${told.url}/graph`,
      scope: "https://graph.microsoft.com",
      login: `${told.url}/entra/${told.tenantIds.awardingBody}`,
      appId: told.appId,
      appPassword: new Secret(told.botFrameworkEnv.MicrosoftAppPassword),
      get baseUrl() {
        return baseUrl();
      },
    }),
    deadlinesFrom: () => undefined,
  };
  const config = { port: 0, dataFolder: told.dataFolder, coordinators: [], mode: "local" as const };
  const { service, port } = await startIn(teams, config, createLog({ level: "error" }));
  const cast = await seedStaff(service, told.people, localBodies);
  if ((await service.ports.store.head("case:sample-ada")) === undefined) {
    await seedSamples(service, cast);
    await bindPersonas(service, told.people, cast);
  }
  void service.delivery.kick();
  process.send?.({ port });
}

main(JSON.parse(process.argv[2] ?? "{}") as Elsewhere).catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});
