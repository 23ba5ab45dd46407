import path from "node:path";
import { z } from "zod";
import { keepingMonths } from "../src/case/retention";
import { Secret } from "./secret";
import type { CosmosSettings } from "./store/cosmos/connection";

/** What the environment may say, by variable name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `mail` is only a hint whom to look up in the directory: it never binds anybody by itself. */
export type Coordinator =
  | { readonly kind: "mail"; readonly address: string }
  | { readonly kind: "objectId"; readonly objectId: string; readonly tenantId?: string };

export interface SmtpConfig {
  /** `smtp:` or `smtps:` URL; holds the password. */
  readonly url: Secret;
  /** The address mails come from. */
  readonly from: string;
}

/** Staff of which tenant belong to which awarding bodies. `own` is the tenant the app is registered in. */
export interface Bodies {
  readonly own: readonly string[];
  readonly byTenant: ReadonlyMap<string, readonly string[]>;
}

/** The authority URLs of the Bot Framework, for sovereign and private clouds. Named as botbuilder names them. */
export interface Authorities {
  readonly ToChannelFromBotLoginUrl: string;
  readonly ToChannelFromBotOAuthScope: string;
  readonly ToBotFromChannelTokenIssuer: string;
  readonly OAuthUrl: string;
  readonly ToBotFromChannelOpenIdMetadataUrl: string;
  readonly ToBotFromEmulatorOpenIdMetadataUrl: string;
  readonly CallerId: string;
  readonly ValidateAuthority: boolean;
}

export type AppType = "SingleTenant" | "MultiTenant" | "UserAssignedMSI";

/** How the bot is known to Teams, and whom it trusts. */
export interface TeamsConfig {
  readonly appId: string;
  readonly appType: AppType;
  /** Absent for a managed identity only. */
  readonly appPassword?: Secret;
  readonly tenantId: string;
  /** Every tenant whose conversations and people are let in; lower case; the app's own is always among them. */
  readonly tenants: readonly string[];
  /** Hosts that may be sent a token: exact names, or `*.` and a domain. */
  readonly serviceHosts: readonly string[];
  /** Absent: the public cloud. */
  readonly authorities?: Authorities;
}

/** Meetings on Teams, made by Microsoft Graph as the app itself. */
export interface GraphConfig {
  /** Object id of the account in whose calendar meetings are made. */
  readonly organiser: string;
  /** Graph's address without a version: `https://graph.microsoft.com`. */
  readonly url: string;
  /** The audience of its tokens: in Microsoft's clouds the same as `url`. */
  readonly scope: string;
  /** The authority of the app's tenant. */
  readonly login: string;
  readonly appId: string;
  readonly appPassword: Secret;
  /** Where the panel is served. */
  readonly baseUrl: string;
}

interface Common {
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  /** Address to listen on; absent means every interface. */
  readonly host?: string;
  /** Absolute path of the embedded store's folder. */
  readonly dataFolder: string;
  /** The record is in Azure Cosmos DB instead. */
  readonly cosmos?: CosmosSettings;
  /** Where people reach this service from outside, without a slash at the end. */
  readonly baseUrl?: string;
  readonly coordinators: readonly Coordinator[];
  readonly bodies: Bodies;
  /** Months for which closed cases are kept before a coordinator may erase them. */
  readonly retentionMonths: number;
}

/** No app id: Local Teams stands in for Microsoft's, and only this computer can reach it. */
export interface LocalConfig extends Common {
  readonly mode: "local";
  readonly host: "127.0.0.1";
  readonly smtp?: SmtpConfig;
}

/** An app id is given: the real Teams. Local Teams does not exist in this mode. */
export interface ProductionConfig extends Common {
  readonly mode: "production";
  readonly teams: TeamsConfig;
  readonly smtp: SmtpConfig;
  /** Absent: coordinators paste links of meetings that they make themselves. */
  readonly graph?: GraphConfig;
}

export type Config = LocalConfig | ProductionConfig;

/** One thing wrong with the environment: the variable, and what to do about it. */
export interface Problem {
  readonly variable: string;
  readonly problem: "missing" | "invalid" | "conflict" | "unsupported";
  readonly remedy: string;
}

/** The environment cannot be served with. Lists everything wrong at once; never quotes a value. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map((p) => `  ${p.variable} (${p.problem}): ${p.remedy}`);
    super(["Epilogue cannot start with this configuration:", ...lines].join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

const AUTHORITY_URLS = [
  "ToChannelFromBotLoginUrl",
  "ToChannelFromBotOAuthScope",
  "ToBotFromChannelTokenIssuer",
  "OAuthUrl",
  "ToBotFromChannelOpenIdMetadataUrl",
  "ToBotFromEmulatorOpenIdMetadataUrl",
] as const;
const AUTHORITY_KEYS = [...AUTHORITY_URLS, "CallerId", "ValidateAuthority"] as const;

/** Settings botbuilder also knows which Epilogue does not read: to ignore them silently would surprise. */
const NOT_READ = ["ChannelService", "OAuthApiEndpoint", "BotOpenIdMetadata"] as const;

/** The hosts of Teams in the public cloud. */
const PUBLIC_SERVICE_HOSTS = ["smba.trafficmanager.net", "*.botframework.com"] as const;

const guid = z.guid().toLowerCase();
const address = z.email().max(254);
const bodyId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const hostPattern = z
  .string()
  .toLowerCase()
  .regex(/^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/);
const port = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().max(65535));
const appType = z.enum(["SingleTenant", "MultiTenant", "UserAssignedMSI"]);

/** Words parted by commas, semicolons or white space. */
const words = (value: string | undefined): string[] => (value ?? "").split(/[\s,;]+/).filter((word) => word !== "");

/** Collects every problem instead of stopping at the first. */
class Reader {
  readonly problems: Problem[] = [];

  constructor(private readonly env: Environment) {}

  /** The trimmed value, or undefined when unset or blank. */
  raw(variable: string): string | undefined {
    const value = this.env[variable]?.trim();
    return value === "" ? undefined : value;
  }

  fault(variable: string, problem: Problem["problem"], remedy: string): undefined {
    this.problems.push({ variable, problem, remedy });
    return undefined;
  }

  /** The parsed value; undefined when unset or invalid, the latter being noted. */
  optional<T>(variable: string, schema: z.ZodType<T, string>, remedy: string): T | undefined {
    const value = this.raw(variable);
    if (value === undefined) return undefined;
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : this.fault(variable, "invalid", remedy);
  }

  required<T>(variable: string, schema: z.ZodType<T, string>, remedy: string): T | undefined {
    if (this.raw(variable) === undefined) return this.fault(variable, "missing", remedy);
    return this.optional(variable, schema, remedy);
  }

  list<T>(variable: string, schema: z.ZodType<T, string>, remedy: string): T[] {
    const parsed = words(this.raw(variable)).map((word) => schema.safeParse(word));
    if (parsed.some((p) => !p.success)) this.fault(variable, "invalid", remedy);
    return parsed.flatMap((p) => (p.success ? [p.data] : []));
  }
}

const coordinator = z.string().transform((word, context): Coordinator => {
  const mail = address.safeParse(word);
  if (mail.success) return { kind: "mail", address: mail.data.toLowerCase() };
  const [first, second, ...rest] = word.split("/");
  const ids = z.array(guid).safeParse(second === undefined ? [first] : [first, second]);
  if (!ids.success || rest.length > 0) {
    context.addIssue({ code: "custom", message: "neither a mail address nor an object id" });
    return z.NEVER;
  }
  const [one = "", two] = ids.data;
  return two === undefined ? { kind: "objectId", objectId: one } : { kind: "objectId", objectId: two, tenantId: one };
});

const bodyOfTenant = z.string().transform((word, context): { tenantId?: string; bodyId: string } => {
  const [left = "", right, ...rest] = word.split("=");
  const body = bodyId.safeParse(right ?? left);
  const tenant = right === undefined ? undefined : guid.safeParse(left);
  if (!body.success || tenant?.success === false || rest.length > 0) {
    context.addIssue({ code: "custom", message: "not tenant=body" });
    return z.NEVER;
  }
  return tenant === undefined ? { bodyId: body.data } : { tenantId: tenant.data, bodyId: body.data };
});

/** An absolute URL of one of the schemes, without credentials in it unless `credentials` says so. */
function url(schemes: readonly string[], credentials = false): z.ZodType<string, string> {
  return z.string().refine((value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (parsed === undefined || !schemes.includes(parsed.protocol) || parsed.hostname === "") return false;
    return credentials || (parsed.username === "" && parsed.password === "");
  });
}

function readBodies(reader: Reader, ownTenant: string | undefined): Bodies {
  const entries = reader.list(
    "EPILOGUE_BODY",
    bodyOfTenant,
    "write the awarding body's id, such as gateway-qualifications, for the app's own tenant; for others tenant-id=body-id; part several with commas",
  );
  const byTenant = new Map<string, string[]>();
  const own: string[] = [];
  for (const { tenantId, bodyId } of entries) {
    if (tenantId === undefined || tenantId === ownTenant) own.push(bodyId);
    else byTenant.set(tenantId, [...(byTenant.get(tenantId) ?? []), bodyId]);
  }
  return { own: [...new Set(own)], byTenant };
}

function readSmtp(reader: Reader, production: boolean): SmtpConfig | undefined {
  const urlRemedy = "set the mail server as smtp://user:password@host:587 or smtps://user:password@host:465";
  const schema = url(["smtp:", "smtps:"], true);
  const smtp = production
    ? reader.required("SMTP_URL", schema, urlRemedy)
    : reader.optional("SMTP_URL", schema, urlRemedy);
  const fromRemedy = "set the mail address that invitations and notices come from";
  const given = reader.optional("EPILOGUE_MAIL_FROM", address, fromRemedy);
  if (smtp === undefined) return undefined;
  const user = address.safeParse(decodeURIComponentSafely(new URL(smtp).username));
  const from = given ?? (user.success ? user.data : undefined);
  if (from !== undefined) return { url: new Secret(smtp), from };
  if (reader.raw("EPILOGUE_MAIL_FROM") === undefined) reader.fault("EPILOGUE_MAIL_FROM", "missing", fromRemedy);
  return undefined;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All the keys or none: botbuilder takes a half-set cloud as intended and would check tokens against nothing. */
function readAuthorities(reader: Reader): Authorities | undefined {
  for (const key of NOT_READ)
    if (reader.raw(key) !== undefined)
      reader.fault(key, "unsupported", `unset it; a sovereign cloud is described by ${AUTHORITY_KEYS.join(", ")}`);
  const present = AUTHORITY_KEYS.filter((key) => reader.raw(key) !== undefined);
  if (present.length === 0) return undefined;
  const together = `set it too: ${AUTHORITY_KEYS.join(", ")} are set all together or not at all`;
  const urls = AUTHORITY_URLS.map(
    (key) => [key, reader.required(key, url(["https:"]), reader.raw(key) ? "set an https URL" : together)] as const,
  );
  const callerId = reader.required("CallerId", z.string().max(200), together);
  const validate = reader.required(
    "ValidateAuthority",
    z.enum(["true", "false"]),
    reader.raw("ValidateAuthority") ? "set true or false" : together,
  );
  if (callerId === undefined || validate === undefined || urls.some(([, value]) => value === undefined))
    return undefined;
  const values = Object.fromEntries(urls) as Record<(typeof AUTHORITY_URLS)[number], string>;
  return { ...values, CallerId: callerId, ValidateAuthority: validate === "true" };
}

function readTeams(reader: Reader): TeamsConfig | undefined {
  const appId = reader.required("MicrosoftAppId", guid, "set the application (client) id of the bot, a GUID");
  const type =
    reader.optional("MicrosoftAppType", appType, "set SingleTenant, MultiTenant or UserAssignedMSI") ?? "SingleTenant";
  const tenantId = reader.required(
    "MicrosoftAppTenantId",
    guid,
    "set the directory (tenant) id the bot is registered in, a GUID",
  );
  const password = reader.raw("MicrosoftAppPassword");
  if (type === "UserAssignedMSI" && password !== undefined)
    reader.fault("MicrosoftAppPassword", "conflict", "unset it: a managed identity has no password");
  if (type !== "UserAssignedMSI" && password === undefined)
    reader.fault(
      "MicrosoftAppPassword",
      "missing",
      "set the bot's client secret, or MicrosoftAppType=UserAssignedMSI to use a managed identity",
    );
  const tenants = reader.list(
    "EPILOGUE_TENANTS",
    guid,
    "name each tenant whose people may use the bot by its id (a GUID); there is no wildcard",
  );
  const hosts = reader.list(
    "EPILOGUE_SERVICE_HOSTS",
    hostPattern,
    "name the hosts of the Bot Connector, such as smba.trafficmanager.net or *.botframework.com",
  );
  const authorities = readAuthorities(reader);
  if (appId === undefined || tenantId === undefined) return undefined;
  return {
    appId,
    appType: type,
    ...(password === undefined ? {} : { appPassword: new Secret(password) }),
    tenantId,
    tenants: [...new Set([tenantId, ...tenants])],
    serviceHosts: hosts.length > 0 ? hosts : [...PUBLIC_SERVICE_HOSTS],
    ...(authorities === undefined ? {} : { authorities }),
  };
}

const PUBLIC_GRAPH = { url: "https://graph.microsoft.com", login: "https://login.microsoftonline.com" } as const;

/** On by naming the organiser; then whatever it needs must be there. */
function readGraph(
  reader: Reader,
  teams: TeamsConfig | undefined,
  baseUrl: string | undefined,
): GraphConfig | undefined {
  const organiser = reader.optional(
    "EPILOGUE_MEETING_ORGANISER",
    guid,
    "set the object id of the account in whose calendar meetings are made, a GUID, or unset it to paste links",
  );
  const address = url(["https:"]);
  const graph = reader.optional(
    "EPILOGUE_GRAPH_URL",
    address,
    "set the cloud's Graph, such as https://graph.microsoft.us",
  );
  const login = reader.optional(
    "EPILOGUE_GRAPH_LOGIN",
    address,
    "set the cloud's sign-in, such as https://login.microsoftonline.us",
  );
  const on = reader.raw("EPILOGUE_MEETING_ORGANISER") !== undefined;
  const given = (["EPILOGUE_GRAPH_URL", "EPILOGUE_GRAPH_LOGIN"] as const).filter((n) => reader.raw(n) !== undefined);
  if (!on) {
    if (given.length > 0)
      reader.fault(
        "EPILOGUE_MEETING_ORGANISER",
        "missing",
        `set it, or unset ${given.join(", ")}: without it no meetings are made`,
      );
    return undefined;
  }
  const missing = (name: string, why: string) => {
    if (reader.raw(name) === undefined) reader.fault(name, "missing", why);
  };
  // Another cloud has another Graph: a token for one is never sent to the other.
  if (given.length === 1 || teams?.authorities !== undefined)
    for (const name of ["EPILOGUE_GRAPH_URL", "EPILOGUE_GRAPH_LOGIN"])
      missing(name, "set it too: in another cloud Graph and its sign-in are set together");
  missing("EPILOGUE_BASE_URL", "set the public https URL of this service: the panel beside meetings is there");
  if (teams?.appType === "UserAssignedMSI")
    reader.fault(
      "EPILOGUE_MEETING_ORGANISER",
      "unsupported",
      "unset it: meetings need a client secret, not a managed identity",
    );
  if (!organiser || !teams?.appPassword || !baseUrl) return undefined;
  const at = (graph ?? PUBLIC_GRAPH.url).replace(/\/+$/, "");
  return {
    organiser,
    url: at,
    scope: at,
    login: `${(login ?? PUBLIC_GRAPH.login).replace(/\/+$/, "")}/${teams.tenantId}`,
    appId: teams.appId,
    appPassword: teams.appPassword,
    baseUrl: baseUrl.replace(/\/+$/, ""),
  };
}

/** A name as Cosmos DB takes it for a database or a container. */
const cosmosName = z.string().regex(/^[^/\\?#\s](?:[^/\\?#]{0,253}[^/\\?#\s])?$/);
const cosmosKey = z.base64().min(16);
/** Plain http only to this computer, where Microsoft's emulator may run. */
const cosmosEndpoint = url(["https:"]).or(
  url(["http:"]).refine((value) => /^http:\/\/(localhost|127\.0\.0\.1)[:/]/i.test(value)),
);

function cosmosIn(reader: Reader): CosmosSettings | undefined {
  const remedy = "set the account's URI, such as https://<account>.documents.azure.com:443/";
  const endpoint = reader.optional("COSMOS_ENDPOINT", cosmosEndpoint, remedy);
  const key = reader.optional(
    "COSMOS_KEY",
    cosmosKey,
    "set a key of the account as Azure shows it (base64), or unset it",
  );
  const name = "set a name without / \\ ? # and without blanks at its ends";
  const database = reader.optional("COSMOS_DATABASE", cosmosName, name) ?? "epilogue";
  const container = reader.optional("COSMOS_CONTAINER", cosmosName, name) ?? "record";
  const half = ["COSMOS_KEY", "COSMOS_DATABASE", "COSMOS_CONTAINER"].filter((given) => reader.raw(given) !== undefined);
  if (reader.raw("COSMOS_ENDPOINT") === undefined && half.length > 0)
    reader.fault("COSMOS_ENDPOINT", "missing", `${remedy}, or unset ${half.join(", ")} to use the embedded store`);
  if (endpoint?.startsWith("http:") && reader.raw("COSMOS_KEY") === undefined)
    reader.fault("COSMOS_KEY", "missing", "set the emulator's key: no other sign-in goes over plain http");
  if (endpoint === undefined) return undefined;
  return { endpoint, ...(key === undefined ? {} : { key: new Secret(key) }), database, container };
}

/**
 * Only where the record is kept: undefined for the embedded store. For the programs beside the service.
 * @throws ConfigError naming every missing or invalid variable.
 */
export function readCosmos(env: Environment): CosmosSettings | undefined {
  const reader = new Reader(env);
  const cosmos = cosmosIn(reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return cosmos;
}

/** Signs that this is no developer's computer, where Local Teams must not run. */
function deployment(reader: Reader): string | undefined {
  if (/^(prod|production|staging)$/i.test(reader.raw("NODE_ENV") ?? "")) return "NODE_ENV";
  return ["WEBSITE_SITE_NAME", "CONTAINER_APP_NAME", "K_SERVICE"].find((name) => reader.raw(name) !== undefined);
}

function readLocalOnly(reader: Reader): void {
  const appId = "set the application (client) id of the bot; Local Teams runs on a developer's computer only";
  const sign = deployment(reader);
  if (sign !== undefined) reader.fault("MicrosoftAppId", "missing", `${appId} (${sign} says this is none)`);
  const half = ["MicrosoftAppPassword", "MicrosoftAppTenantId", "MicrosoftAppType"].filter(
    (name) => reader.raw(name) !== undefined,
  );
  if (sign === undefined && half.length > 0)
    reader.fault("MicrosoftAppId", "missing", `${appId}, so unset ${half.join(", ")} to use it`);
  const authority = AUTHORITY_KEYS.filter((name) => reader.raw(name) !== undefined);
  if (authority.length > 0)
    reader.fault(authority[0] ?? "", "conflict", "unset it: Local Teams brings its own authority URLs");
  for (const name of ["EPILOGUE_MEETING_ORGANISER", "EPILOGUE_GRAPH_URL", "EPILOGUE_GRAPH_LOGIN"])
    if (reader.raw(name) !== undefined)
      reader.fault(name, "conflict", "unset it: Local Teams makes meetings of its own");
}

/**
 * Reads the whole configuration. Without `MicrosoftAppId` the mode is `local` (Local Teams, this computer only); with it,
 * `production`, where everything a token check or an invitation depends on must be given.
 *
 * @param env usually `process.env`; blank values count as unset.
 * @throws ConfigError naming every missing, invalid or contradictory variable at once.
 */
export function readConfig(env: Environment): Config {
  const reader = new Reader(env);
  const production = reader.raw("MicrosoftAppId") !== undefined;

  const teams = production ? readTeams(reader) : undefined;
  if (!production) readLocalOnly(reader);
  const cosmos = cosmosIn(reader);

  const listen = reader.optional("PORT", port, "set a TCP port from 0 to 65535") ?? 3978;
  const smtp = readSmtp(reader, production);
  const baseUrl = reader.optional(
    "EPILOGUE_BASE_URL",
    url(production ? ["https:"] : ["https:", "http:"]),
    production ? "set the public https URL of this service" : "set the URL of this service",
  );
  const graph = production ? readGraph(reader, teams, baseUrl) : undefined;
  const { least, usual, most } = keepingMonths;
  const retentionMonths =
    reader.optional(
      "EPILOGUE_RETENTION_MONTHS",
      z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().min(least).max(most)),
      `set for how many months closed cases are kept, from ${least} to ${most}; ${usual} unless set`,
    ) ?? usual;
  const coordinatorRemedy = "set mail addresses or object ids (or tenant-id/object-id), parted by commas or spaces";
  const coordinators = reader.list("EPILOGUE_COORDINATORS", coordinator, coordinatorRemedy);
  if (production && words(reader.raw("EPILOGUE_COORDINATORS")).length === 0)
    reader.fault("EPILOGUE_COORDINATORS", "missing", `${coordinatorRemedy}: without one nobody could begin`);
  const bodies = readBodies(reader, teams?.tenantId);
  if (production && words(reader.raw("EPILOGUE_BODY")).length === 0)
    reader.fault("EPILOGUE_BODY", "missing", "set the id of the awarding body whose staff use it, such as tquk");
  const strangers = teams === undefined ? [] : [...bodies.byTenant.keys()].filter((t) => !teams.tenants.includes(t));
  if (strangers.length > 0)
    reader.fault("EPILOGUE_TENANTS", "missing", "name the tenants that EPILOGUE_BODY speaks of here too");

  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  const common = {
    port: listen,
    dataFolder: path.resolve(reader.raw("EPILOGUE_DATA") ?? ".data"),
    ...(cosmos === undefined ? {} : { cosmos }),
    ...(baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\/+$/, "") }),
    coordinators,
    bodies,
    retentionMonths,
  };
  if (teams !== undefined && smtp !== undefined) {
    return { mode: "production", ...common, teams, smtp, ...(graph === undefined ? {} : { graph }) };
  }
  return { mode: "local", host: "127.0.0.1", ...common, ...(smtp === undefined ? {} : { smtp }) };
}

/** The awarding bodies whose staff a member of this tenant may be; empty when the tenant has none. */
export function bodiesOf(config: Config, tenantId: string): readonly string[] {
  const tenant = tenantId.toLowerCase();
  if (config.mode === "production" && tenant === config.teams.tenantId) return config.bodies.own;
  return config.bodies.byTenant.get(tenant) ?? [];
}

/** What the start log may say of the configuration: counts, hosts and modes, no secret and no mail address. */
export function describe(config: Config): Readonly<Record<string, string | number>> {
  const smtp = config.smtp === undefined ? "none" : new URL(config.smtp.url.reveal()).host;
  const common = {
    mode: config.mode,
    port: config.port,
    host: config.host ?? "all",
    ...(config.cosmos === undefined
      ? { store: "embedded", data: config.dataFolder }
      : {
          store: "cosmos",
          account: new URL(config.cosmos.endpoint).host,
          database: config.cosmos.database,
          container: config.cosmos.container,
          signIn: config.cosmos.key === undefined ? "entra" : "key",
        }),
    baseUrl: config.baseUrl ?? "none",
    smtp,
    coordinators: config.coordinators.length,
    retentionMonths: config.retentionMonths,
  };
  if (config.mode === "local") return common;
  const { appId, appType, appPassword, tenantId, tenants, serviceHosts, authorities } = config.teams;
  return {
    ...common,
    instances: config.cosmos === undefined ? 1 : "any",
    appId: `${appId.slice(0, 8)}-…`,
    appType,
    appPassword: appPassword === undefined ? "none" : "set",
    tenantId: `${tenantId.slice(0, 8)}-…`,
    tenants: tenants.length,
    serviceHosts: serviceHosts.join(","),
    meetings: config.graph === undefined ? "pasted links" : new URL(config.graph.url).host,
    cloud: authorities === undefined ? "public" : new URL(authorities.ToChannelFromBotLoginUrl).host,
  };
}
