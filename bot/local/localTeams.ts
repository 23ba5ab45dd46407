import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import type { GraphConfig } from "../config";
import { Secret } from "../secret";
import { perform, snapshot } from "./actions";
import { personalChat } from "./chats";
import { type ClockOptions, MovableClock } from "./clock";
import { serveConnector, serveToken } from "./connector";
import { Dialogs } from "./dialogs";
import { Faults } from "./faults";
import type { GraphGrants } from "./grants";
import { serveGraph } from "./graph";
import { sendJson } from "./http";
import { Keys } from "./keys";
import { Limits, Pace } from "./limits";
import { listen } from "./listen";
import { startMail } from "./mail";
import { fromHere, PageApi } from "./pageApi";
import { canChatAlone, cast, invent, type NewPerson, type Person, steadyGuid, tenants } from "./people";
import { type Action, type Answers, action, type Deadline, type LiveEvent, type Snapshot, type Tab } from "./protocol";
import { TeamsRefusal } from "./refusal";
import { load, Saver } from "./saving";
import { type AppOptions, type CalendarEvent, World } from "./state";
import { Traffic } from "./traffic";

export interface LocalTeamsOptions {
  /** Where the bot listens; can be told later with `connect`. */
  botEndpoint?: string;
  /** A GUID; without it one that is the same in every run. */
  appId?: string;
  /** Name, commands (chips) and tabs of the app, as its manifest has them. */
  app?: Partial<AppOptions>;
  /** Instead of the usual cast. */
  people?: NewPerson[];
  /** 0, or nothing: the saved port if it is free, else any. Saved conversations name the port, so it matters. */
  port?: number;
  /** Where chats, mail and clock are kept over a restart; without it they are not. */
  dataFolder?: string;
  /** The built page; `local/` beside the running program if not given. */
  pageFolder?: string;
  clock?: ClockOptions;
  deadlines?: () => Promise<Deadline[]>;
}

/** The settings under which a bot talks to this stand-in instead of Microsoft: all of them, or none. */
export interface BotFrameworkEnv {
  MicrosoftAppId: string;
  MicrosoftAppPassword: string;
  MicrosoftAppType: "SingleTenant";
  MicrosoftAppTenantId: string;
  ToChannelFromBotLoginUrl: string;
  ToChannelFromBotOAuthScope: string;
  ToBotFromChannelTokenIssuer: string;
  OAuthUrl: string;
  ToBotFromChannelOpenIdMetadataUrl: string;
  ToBotFromEmulatorOpenIdMetadataUrl: string;
  CallerId: string;
  ValidateAuthority: "false";
}

export interface LocalTeams {
  /** The page's address. */
  url: string;
  serviceUrl: string;
  smtpUrl: string;
  appId: string;
  botFrameworkEnv: BotFrameworkEnv;
  /** `POST` a client-credentials form here for the bot's own tokens; `graphUrl` takes those of the Graph scope. */
  tokenUrl: string;
  graphUrl: string;
  /** What the administrator of its tenant granted; a test may take some away. */
  grants: GraphGrants;
  /** The events in calendars, those called off too. */
  calendar(): readonly CalendarEvent[];
  /** Addresses of what apps put beside a chat, each as often as it was put there. */
  tabsIn(chatId: string): readonly string[];
  /** How the service makes meetings here, once it knows where its panel is: in the coordinator's calendar. */
  graphConfig(baseUrl: () => string): GraphConfig;
  /** Keys and issuer of the tokens that people bring from tabs. */
  sso: { audience: string; jwksUrl: string; issuer(tenantId: string): string };
  tenantIds: { awardingBody: string; employer: string };
  /** Everyone, as they are now. */
  people(): readonly Person[];
  /** The person's id to this bot, `29:…`. */
  mri(personId: string): string;
  clock: MovableClock;
  faults: Faults;
  pace: Pace;
  limits: Limits;
  /** Milliseconds until Teams gives up on the bot; a test may shorten them. */
  timeouts: { invoke: number; message: number };
  traffic: Traffic;
  keys: Keys;
  /** True when an earlier run's chats were taken up: sample cases are there already. */
  resumed: boolean;
  connect(botEndpoint: string): void;
  /** Puts a page of the service beside meetings, reached through a line that can be cut; answers with its address. */
  showPanel(servicePort: number, path: string): Promise<string>;
  /** Adds a tab to the chat with the app, in the place of one by the same id. */
  showTab(tab: Tab): void;
  deadlinesFrom(callback: () => Promise<Deadline[]>): void;
  /** What the page does, in process; refuses as it would. */
  perform<A extends Action>(what: A): Promise<Answers[A["do"]]>;
  snapshot(as: string): Snapshot;
  onChange(listener: (event: LiveEvent) => void): () => void;
  /** Resolves once refreshes and other work in the background are done. */
  idle(): Promise<void>;
  save(): void;
  stop(): Promise<void>;
}

/** Milliseconds that calls under way are given at the end. */
const longestAnswer = 2_000;

const usualApp: AppOptions = { name: "Epilogue", commands: { personal: [], group: [], meeting: [] }, tabs: [] };

/** Starts the stand-in for Teams on this computer only: connector, identity, mail and page. */
export async function startLocalTeams(options: LocalTeamsOptions = {}): Promise<LocalTeams> {
  const saved = options.dataFolder ? load(options.dataFolder) : undefined;
  const appId = options.appId ?? saved?.appId ?? steadyGuid("app: Epilogue");
  const resumed = saved !== undefined && saved.appId === appId;
  const clock = new MovableClock(options.clock);
  const pace = new Pace(options.clock?.realNow);
  const faults = new Faults();
  const traffic = new Traffic(() => clock.now());
  const limits = new Limits(pace);
  const world = new World(appId, { ...usualApp, ...options.app }, clock, pace, limits, faults, traffic);
  world.botEndpoint = options.botEndpoint;
  if (saved && resumed) world.restore(saved);
  else world.people = options.people?.map(invent) ?? cast();
  for (const person of world.people) if (canChatAlone(person)) personalChat(world, person);

  clock.onMoved(() => world.timePassed());

  const dialogs = new Dialogs();
  let deadlines = options.deadlines ?? (async () => []);
  const pageFolder = options.pageFolder ?? path.join(__dirname, "local");
  const page = new PageApi(world, dialogs, pageFolder, () => deadlines());
  const server = createServer();
  const port = await listen(server, options.port ?? 0, resumed ? saved?.port : undefined);
  const url = `http://127.0.0.1:${port}`;
  world.serviceUrl = `${url}/uk/`;
  const keys = new Keys(appId, () => world.serviceUrl);
  world.keys = keys;
  server.on("request", (request, response) => {
    serve(world, page, port, request, response).catch((error: unknown) => {
      console.error("Local Teams:", error);
      if (!response.headersSent) sendJson(response, 500, { code: "ServiceError", message: "Local Teams failed" });
    });
  });
  const mail = await startMail(world);
  const saver = options.dataFolder ? new Saver(options.dataFolder, () => world.saved(port)) : undefined;
  if (saver) {
    world.onChange(() => saver.soon());
    clock.onMoved(() => saver.soon());
  }

  const metadata = `${url}/.well-known/openidconfiguration`;
  return {
    url,
    serviceUrl: world.serviceUrl,
    smtpUrl: mail.url,
    appId,
    botFrameworkEnv: {
      MicrosoftAppId: appId,
      MicrosoftAppPassword: keys.appPassword,
      MicrosoftAppType: "SingleTenant",
      MicrosoftAppTenantId: tenants.awardingBody.id,
      ToChannelFromBotLoginUrl: `${url}/entra/${tenants.awardingBody.id}`,
      ToChannelFromBotOAuthScope: "https://api.botframework.com",
      ToBotFromChannelTokenIssuer: keys.issuer,
      OAuthUrl: url,
      ToBotFromChannelOpenIdMetadataUrl: metadata,
      ToBotFromEmulatorOpenIdMetadataUrl: metadata,
      CallerId: "urn:botframework:azure",
      ValidateAuthority: "false",
    },
    tokenUrl: `${url}/entra/${tenants.awardingBody.id}/oauth2/v2.0/token`,
    graphUrl: `${url}/graph/v1.0`,
    grants: world.grants,
    calendar: () => world.calendar,
    tabsIn: (chatId) => world.chats.find((one) => one.id === chatId)?.tabs?.map((t) => t.url) ?? [],
    graphConfig: (baseUrl) => ({
      organiser: world.people.find((p) => p.role === "Coordinator")?.aadObjectId ?? "",
      url: `${url}/graph`,
      scope: "https://graph.microsoft.com",
      login: `${url}/entra/${tenants.awardingBody.id}`,
      appId,
      appPassword: new Secret(keys.appPassword),
      get baseUrl() {
        return baseUrl();
      },
    }),
    sso: { audience: appId, jwksUrl: `${url}/keys`, issuer: (tenantId) => keys.personIssuer(tenantId) },
    tenantIds: { awardingBody: tenants.awardingBody.id, employer: tenants.employer.id },
    people: () => world.people,
    mri: (personId) => world.mri(world.person(personId)),
    clock,
    faults,
    pace,
    limits,
    timeouts: world.timeouts,
    traffic,
    keys,
    resumed,
    connect(botEndpoint) {
      world.botEndpoint = botEndpoint;
    },
    async showPanel(servicePort, path) {
      world.linePort = await world.line.open(servicePort, saved?.linePort);
      saver?.soon();
      const url = `http://127.0.0.1:${world.linePort}${path}`;
      world.app.panel = { id: "panel", name: world.app.name, url };
      world.tell({ type: "state" });
      return url;
    },
    showTab(tab) {
      world.app.tabs = [...world.app.tabs.filter(({ id }) => id !== tab.id), tab];
      world.tell({ type: "state" });
    },
    deadlinesFrom(callback) {
      deadlines = callback;
    },
    perform: async <A extends Action>(what: A) =>
      (await perform(world, dialogs, action.parse(what))) as Answers[A["do"]],
    snapshot: (as) => snapshot(world, as),
    onChange: (listener) => world.onChange(listener),
    idle: () => world.idle(),
    save: () => saver?.now(),
    async stop() {
      saver?.now();
      page.close();
      await Promise.all([
        mail.stop(),
        world.line.close(),
        new Promise<void>((resolve) => {
          // Who asked something before is answered.
          const cut = setTimeout(() => server.closeAllConnections(), longestAnswer);
          server.close(() => {
            clearTimeout(cut);
            resolve();
          });
          server.closeIdleConnections();
        }),
      ]);
    },
  };
}

const TOKEN = /^\/entra\/[^/]+\/oauth2\/v2\.0\/token$/;
const GRAPH = "/graph/v1.0/";

async function serve(
  world: World,
  page: PageApi,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!fromHere(request, port))
    return sendJson(response, 403, { code: "ForeignOrigin", message: "Only this computer's own page may ask" });
  let url: URL;
  try {
    url = new URL(request.url ?? "/", `http://127.0.0.1:${port}`);
  } catch {
    return sendJson(response, 400, { code: "BadRequest", message: "The path is not well formed" });
  }
  if (url.pathname.startsWith("/uk/"))
    return serveConnector(world, request, response, url.pathname.slice("/uk/".length), url.searchParams);
  if (url.pathname === "/.well-known/openidconfiguration")
    return sendJson(response, 200, {
      issuer: world.keys.issuer,
      jwks_uri: `http://127.0.0.1:${port}/keys`,
      id_token_signing_alg_values_supported: ["RS256"],
    });
  if (url.pathname === "/keys") return sendJson(response, 200, world.keys.jwks());
  if (request.method === "POST" && TOKEN.test(url.pathname))
    return serveToken(world, request, response).catch((error: unknown) => {
      if (!(error instanceof TeamsRefusal)) throw error;
      sendJson(response, error.status, { error: "invalid_request" });
    });
  if (url.pathname.startsWith(GRAPH))
    return serveGraph(world, request, response, url.pathname.slice(GRAPH.length), url.searchParams);
  return page.serve(request, response, url);
}
