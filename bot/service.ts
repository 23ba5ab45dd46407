import { createHash, randomUUID } from "node:crypto";
import type { Lost } from "../src/case/case";
import { type Ports, recordLost, recordMeeting } from "../src/handle";
import type { Chance, Clock, Store } from "../src/ports";
import { readBanks } from "../src/rules/banks";
import type { Pack } from "../src/rules/pack";
import { published, readPacks } from "../src/rules/packs";
import { Banks } from "./banks";
import type { Compose } from "./compose";
import { createComposer } from "./composer";
import { bodiesOf, type Config } from "./config";
import { Delivery, type DeliveryOptions } from "./delivery";
import { Desk } from "./desk";
import { Directory } from "./directory";
import { eraseCase } from "./erasing";
import type { Invited, Meetings } from "./graph/meetings";
import { createHttp, type HttpService } from "./http";
import { Bodies, createIdentity, createWho } from "./identity";
import type { Log } from "./log";
import type { Mailer } from "./mail/smtp";
import { MeetingSteps } from "./meetingWork";
import { People } from "./people";
import { keepSessionChats } from "./sessionChats";
import type { LostNotice } from "./settling";
import { createActivities } from "./teams/activities";
import { connectorFor, createAdapter, type TeamsAdapter } from "./teams/adapter";
import { livingCards } from "./teams/live";
import { Pace } from "./teams/pace";
import { counted, paced } from "./teams/paced";
import { ServiceUrl } from "./teams/serviceUrl";
import type { Trust } from "./teams/trust";
import { UnderWay } from "./underWay";
import { type PanelOptions, panelRoutes } from "./web/panel";
import { panelPage } from "./web/panelPage";
import { tabRoutes } from "./web/tab";
import { createTokenCheck, type StandInSignIn, signInOf } from "./web/token";
import { workRoutes } from "./web/work";
import { within } from "./within";

/** The service put together from its parts; what differs between production and Local Teams comes in. */

export interface ServiceOptions {
  config: Pick<Config, "coordinators" | "baseUrl" | "mode"> & Partial<Pick<Config, "retentionMonths">>;
  trust: Trust;
  store: Store;
  clock: Clock;
  mailer: Mailer;
  log: Log;
  /** Which awarding bodies' staff a member of the tenant may be. */
  bodiesOfTenant(tenantId: string): readonly string[];
  /** Makes meetings on Teams; without it coordinators paste links. */
  meetings?: Meetings;
  /** Local Teams only: who signs people's tokens, and the page's origins that may frame the tab. */
  standIn?: { signIn: StandInSignIn; origins: readonly string[] };
  /** How fast messages go out; as Teams takes them, by this process's time, unless told. */
  pace?: Pace;
  /** How often one person's panel may ask; see there. */
  panelPace?: NonNullable<PanelOptions["pace"]>;
  /** How notices are swept for; see there. */
  sweeps?: DeliveryOptions["sweeps"];
  /** Rule packs; the published ones unless told. */
  packs?: ReadonlyMap<string, Pack>;
  /** Wraps what notices are put into: tests mark each message with what caused it, to count them where they arrive. */
  compose?(usual: Compose): Compose;
}

export interface Service {
  http: HttpService;
  adapter: TeamsAdapter;
  desk: Desk;
  people: People;
  ports: Ports;
  bodies: Bodies;
  delivery: Delivery;
  /** Resolves once nothing that is due is left to send. */
  settled(): Promise<void>;
  /**
   * Says at /readyz that it is no longer ready, takes no more connections, lets turns and calls under way end, gives back the
   * notices it holds, and closes the store: within some 25 seconds.
   */
  stop(): Promise<void>;
}

/** Randomness of this process. */
export const chance: Chance = {
  id: () => randomUUID(),
  draw: () => Math.random(),
  digest: (text) => createHash("sha256").update(text).digest("hex"),
};

/** Milliseconds that a stop gives: to turns, to what follows an answer, to calls under way. Platforms kill after thirty seconds. */
const grace = { turns: 10_000, afterwards: 3_000, sends: 8_000 };

/** In whose calendar meetings are made: asked once it is needed, and kept. */
function organiserOf(meetings: Meetings | undefined) {
  let kept: Invited | undefined;
  if (!meetings) return undefined;
  return async (): Promise<Invited | undefined> => {
    if (kept) return kept;
    const asked = await meetings.organiser();
    if (asked.kind === "ok") kept = asked.value;
    return kept;
  };
}

/** What the record keeps of a lost notice: enough to make it again. */
const lossOf = ({ notice: { id, kind, to, repeat, data }, state, code }: LostNotice): Lost => ({
  notice: id,
  kind,
  to,
  repeat,
  about: data,
  state,
  code: code.slice(0, 80),
});

/** @throws BrokenPack when a rule pack does not hold: the service must not start on it. */
export function createService(o: ServiceOptions): Service {
  const packs = o.packs ?? readPacks(published);
  const people = new People(o.store, o.clock);
  const bodies: Bodies = new Bodies(() => ports, o.config.retentionMonths);
  const hasCards = async (pk: string) => (await livingCards(o.store, pk.slice("case:".length))).length > 0;
  const banks = new Banks(o.store, bodies, readBanks(packs));
  const ports: Ports = {
    store: o.store,
    clock: o.clock,
    chance,
    packs,
    settings: bodies.settings,
    bank: (pack, version, how) => banks.get(pack, version, how),
    // Over a network the question costs as much as the notice that it may save.
    ...(o.store.remote ? {} : { hasCards }),
  };
  const connector = connectorFor(o.trust);
  const pace = o.pace ?? new Pace();
  const answering = counted(connector, pace);
  const serviceUrl = new ServiceUrl(o.store);
  const underWay = new UnderWay();
  const desk: Desk = new Desk({
    ports,
    people,
    bodies,
    ...(o.meetings ? { meetings: o.meetings } : {}),
    committed: () => setImmediate(() => void delivery.kick()),
    renamed: (person) => delivery.renamed(person),
  });
  const organiser = organiserOf(o.meetings);
  const usual = createComposer({ desk, people, ports, bodies, ...(organiser ? { organiser } : {}) });
  const compose = o.compose?.(usual) ?? usual;
  const bodyIds = [...new Set([...packs.values()].map((p) => p.body.id))];
  const isStaff = async (person: string) =>
    (await Promise.all(bodyIds.map((id) => bodies.get(id)))).some((body) => Object.hasOwn(body.staff, person));
  const delivery = new Delivery({
    ports,
    people,
    connector: paced(connector, pace),
    mailer: o.mailer,
    compose,
    log: o.log,
    lost: async (pk, lost) => {
      const outcome = await recordLost(pk.slice("case:".length), lost.map(lossOf), ports);
      // Without a case nobody is to be told; whoever reads the log is.
      if (outcome.kind === "refused") o.log.warn("loss.without.case", { code: outcome.problems[0]?.code ?? "" });
    },
    serviceUrl,
    meetings: new MeetingSteps({
      ports,
      people,
      ...(o.meetings ? { meetings: o.meetings } : {}),
      note: async (caseId, news) => {
        const outcome = await recordMeeting(caseId, news, ports);
        if (outcome.kind === "refused") o.log.warn("meeting.without.case", { code: outcome.problems[0]?.code ?? "" });
        else if (outcome.kind === "done") {
          // The panel beside the meeting finds its session by the chat.
          await keepSessionChats(o.store, outcome.state, desk.packOf(outcome.state), (of) => of === news.of);
          setImmediate(() => void delivery.kick());
        }
      },
    }),
    erase: (pk) => eraseCase(pk, { store: o.store, people, isStaff }),
    ...(o.sweeps ? { sweeps: o.sweeps } : {}),
  });
  const identify = createIdentity({
    people,
    bodies,
    ports,
    bodiesOfTenant: o.bodiesOfTenant,
    coordinators: o.config.coordinators,
    member: async (turn) => {
      const found = await connector.member(turn.conversation, turn.who.mri);
      return found.kind === "ok" ? found.value : undefined;
    },
  });
  const directory = new Directory({
    people,
    connector,
    mailer: o.mailer,
    log: o.log,
    serviceUrl: () => serviceUrl.get(),
  });
  const handlers = createActivities({
    desk,
    identify,
    people,
    bodies,
    ports,
    delivery,
    directory,
    serviceUrl,
    underWay,
    log: o.log,
  });
  const adapter = createAdapter({ trust: o.trust, handlers, log: o.log, connector: answering });
  const who = createWho({ people, bodies, bodiesOfTenant: o.bodiesOfTenant });
  const check = createTokenCheck(signInOf(o.trust, o.config.baseUrl, o.standIn?.signIn));
  const framing = { local: o.standIn?.origins ?? [], sovereign: o.trust.authorities !== undefined };
  const http = createHttp({
    receive: adapter.receive,
    checks: {
      store: storeCheck(o),
    },
    watched: { mail: () => o.mailer.ready() },
    log: o.log,
    routes: [
      panelPage({ framing, log: o.log }),
      panelRoutes({ desk, who, check, clock: o.clock, log: o.log, ...(o.panelPace ? { pace: o.panelPace } : {}) }),
      workRoutes({ desk, banks, who, check, appId: o.trust.appId, log: o.log }),
      tabRoutes({
        desk,
        who,
        check,
        clock: o.clock,
        appId: o.trust.appId,
        framing,
        log: o.log,
      }),
    ],
    secure: o.config.mode === "production",
  });
  return {
    http,
    adapter,
    desk,
    people,
    ports,
    bodies,
    delivery,
    async settled() {
      // What a turn started is kicked off after its answer.
      await new Promise((resolve) => setImmediate(resolve));
      await directory.settled();
      await delivery.kick();
    },
    async stop() {
      // Turns first: what they cause is sent while there is time, and is due to the other instances, or the next start, if not.
      await http.close(grace.turns);
      await underWay.settled(grace.afterwards);
      await within(grace.afterwards, directory.settled());
      await delivery.stop(grace.sends);
      o.mailer.close();
      connector.close();
      await o.store.close();
    },
  };
}

/** Whether the store can be used; why not is logged once, and not again until it could be. */
function storeCheck({ store, log }: Pick<ServiceOptions, "store" | "log">): () => Promise<boolean> {
  let told = false;
  return async () => {
    try {
      await store.ready();
      told = false;
      return true;
    } catch (error) {
      if (!told) log.error("store.not.ready", { error });
      told = true;
      return false;
    }
  };
}

/** The bodies that a tenant's staff may belong to, as the configuration says. */
export const configured = (config: Config) => (tenantId: string) => bodiesOf(config, tenantId);
