import { inspect } from "node:util";
import {
  bodiesOf,
  ConfigError,
  describe as describeConfig,
  type Environment,
  readConfig,
  readCosmos,
} from "../../bot/config";

const APP = "11111111-1111-4111-8111-111111111111";
const TENANT = "aaaaaaaa-1111-4111-8111-111111111111";
const PARTNER = "bbbbbbbb-1111-4111-8111-111111111111";
const PERSON = "dddddddd-1111-4111-8111-111111111111";
const SECRET = "a-secret-nobody-may-read";
const COSMOS_KEY = Buffer.from("a key of an account that is nowhere").toString("base64");

const production: Environment = {
  MicrosoftAppId: APP,
  MicrosoftAppPassword: SECRET,
  MicrosoftAppTenantId: TENANT,
  SMTP_URL: `smtp://post%40example.org:${SECRET}@mail.example.org:587`,
  EPILOGUE_COORDINATORS: "cora@example.org",
  EPILOGUE_BODY: "tquk",
};
const sovereign: Environment = {
  ToChannelFromBotLoginUrl: "https://login.example.org/tenant",
  ToChannelFromBotOAuthScope: "https://api.example.org",
  ToBotFromChannelTokenIssuer: "https://api.example.org",
  OAuthUrl: "https://tokens.example.org",
  ToBotFromChannelOpenIdMetadataUrl: "https://login.example.org/v1/.well-known/openidconfiguration",
  ToBotFromEmulatorOpenIdMetadataUrl: "https://login.example.org/v2/.well-known/openid-configuration",
  CallerId: "urn:botframework:example",
  ValidateAuthority: "true",
};

/** What is wrong with an environment, as `variable: problem`, sorted. */
function problems(env: Environment): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable, problem }) => `${variable}: ${problem}`).sort();
  }
}

function inProduction(env: Environment = {}) {
  const config = readConfig({ ...production, ...env });
  if (config.mode !== "production") throw new Error("expected production");
  return config;
}

describe("without an app id", () => {
  test("an empty environment is Local Teams on this computer only", () => {
    expect(readConfig({})).toMatchObject({ mode: "local", host: "127.0.0.1", port: 3978, coordinators: [] });
    expect(readConfig({}).dataFolder).toMatch(/\.data$/);
  });

  test("closed cases are kept six years, or as long as is set", () => {
    expect(readConfig({}).retentionMonths).toBe(72);
    expect(readConfig({ EPILOGUE_RETENTION_MONTHS: "36" }).retentionMonths).toBe(36);
    for (const wrong of ["0", "11", "601", "six", "1.5", "-72"])
      expect(() => readConfig({ EPILOGUE_RETENTION_MONTHS: wrong })).toThrow(ConfigError);
  });

  test("blank variables count as unset", () => {
    expect(readConfig({ MicrosoftAppId: " ", PORT: "", COSMOS_ENDPOINT: "  " }).mode).toBe("local");
  });

  test.each<[string, Environment, string[]]>([
    ["NODE_ENV=production", { NODE_ENV: "production" }, ["MicrosoftAppId: missing"]],
    ["NODE_ENV=Staging", { NODE_ENV: "Staging" }, ["MicrosoftAppId: missing"]],
    ["a hosted web app", { WEBSITE_SITE_NAME: "epilogue" }, ["MicrosoftAppId: missing"]],
    ["a password without its id", { MicrosoftAppPassword: SECRET }, ["MicrosoftAppId: missing"]],
    ["a tenant without its app", { MicrosoftAppTenantId: TENANT }, ["MicrosoftAppId: missing"]],
    ["an authority URL", { OAuthUrl: "https://a.example.org" }, ["OAuthUrl: conflict"]],
  ])("%s is refused: Local Teams never runs by mistake", (_name, env, expected) => {
    expect(problems(env)).toEqual(expected);
  });

  test.each(["development", "test"])("NODE_ENV=%s is a developer's computer", (name) => {
    expect(readConfig({ NODE_ENV: name }).mode).toBe("local");
  });
});

describe("with an app id", () => {
  test("the least that is needed is enough", () => {
    expect(inProduction()).toMatchObject({
      teams: {
        appId: APP,
        appType: "SingleTenant",
        tenantId: TENANT,
        tenants: [TENANT],
        serviceHosts: ["smba.trafficmanager.net", "*.botframework.com"],
      },
      smtp: { from: "post@example.org" },
      coordinators: [{ kind: "mail", address: "cora@example.org" }],
    });
    expect(inProduction().host).toBeUndefined();
  });

  test("everything missing is named at once", () => {
    expect(problems({ MicrosoftAppId: APP })).toEqual([
      "EPILOGUE_BODY: missing",
      "EPILOGUE_COORDINATORS: missing",
      "MicrosoftAppPassword: missing",
      "MicrosoftAppTenantId: missing",
      "SMTP_URL: missing",
    ]);
  });

  const ways: [string, Environment, string[]][] = [
    ["an app id that is no GUID", { MicrosoftAppId: "epilogue" }, ["MicrosoftAppId: invalid"]],
    ["a tenant that is no GUID", { MicrosoftAppTenantId: "example.org" }, ["MicrosoftAppTenantId: invalid"]],
    ["an unknown app type", { MicrosoftAppType: "Single" }, ["MicrosoftAppType: invalid"]],
    ["no password", { MicrosoftAppPassword: undefined }, ["MicrosoftAppPassword: missing"]],
    ["a managed identity with a password", { MicrosoftAppType: "UserAssignedMSI" }, ["MicrosoftAppPassword: conflict"]],
    ["a port that is none", { PORT: "http" }, ["PORT: invalid"]],
    ["a port too high", { PORT: "70000" }, ["PORT: invalid"]],
    ["a negative port", { PORT: "-1" }, ["PORT: invalid"]],
    ["a mail server over http", { SMTP_URL: "http://mail.example.org" }, ["SMTP_URL: invalid"]],
    ["a mail server without a sender", { SMTP_URL: "smtp://mail.example.org" }, ["EPILOGUE_MAIL_FROM: missing"]],
    ["a sender that is no address", { EPILOGUE_MAIL_FROM: "Epilogue" }, ["EPILOGUE_MAIL_FROM: invalid"]],
    [
      "one bad coordinator among good",
      { EPILOGUE_COORDINATORS: `${PERSON}, cora` },
      ["EPILOGUE_COORDINATORS: invalid"],
    ],
    ["coordinators that are only commas", { EPILOGUE_COORDINATORS: ", ;" }, ["EPILOGUE_COORDINATORS: missing"]],
    ["a tenant wildcard", { EPILOGUE_TENANTS: "*" }, ["EPILOGUE_TENANTS: invalid"]],
    ["a tenant by its domain", { EPILOGUE_TENANTS: "example.org" }, ["EPILOGUE_TENANTS: invalid"]],
    ["an awarding body misspelt", { EPILOGUE_BODY: "TQUK!" }, ["EPILOGUE_BODY: invalid"]],
    [
      "an awarding body of a tenant that is not let in",
      { EPILOGUE_BODY: `${PARTNER}=tquk` },
      ["EPILOGUE_TENANTS: missing"],
    ],
    [
      "a public address over http",
      { EPILOGUE_BASE_URL: "http://epilogue.example.org" },
      ["EPILOGUE_BASE_URL: invalid"],
    ],
    ["any host as service host", { EPILOGUE_SERVICE_HOSTS: "*" }, ["EPILOGUE_SERVICE_HOSTS: invalid"]],
    ["a top-level domain as service host", { EPILOGUE_SERVICE_HOSTS: "*.com" }, ["EPILOGUE_SERVICE_HOSTS: invalid"]],
    ["a Cosmos account over http", { COSMOS_ENDPOINT: "http://a.documents.example.org" }, ["COSMOS_ENDPOINT: invalid"]],
    ["the Cosmos emulator without its key", { COSMOS_ENDPOINT: "http://localhost:8081" }, ["COSMOS_KEY: missing"]],
    ["a Cosmos key without its account", { COSMOS_KEY: COSMOS_KEY }, ["COSMOS_ENDPOINT: missing"]],
    ["a Cosmos container without its account", { COSMOS_CONTAINER: "record" }, ["COSMOS_ENDPOINT: missing"]],
    [
      "a Cosmos account with everything else wrong, all named at once",
      { COSMOS_ENDPOINT: "a", COSMOS_KEY: "not base64!", COSMOS_DATABASE: "a/b", COSMOS_CONTAINER: "x".repeat(256) },
      ["COSMOS_CONTAINER: invalid", "COSMOS_DATABASE: invalid", "COSMOS_ENDPOINT: invalid", "COSMOS_KEY: invalid"],
    ],
    [
      "the old switch for a cloud",
      { ChannelService: "https://botframework.azure.us" },
      ["ChannelService: unsupported"],
    ],
    ["an authority URL over http", { ...sovereign, OAuthUrl: "http://a.example.org" }, ["OAuthUrl: invalid"]],
    ["ValidateAuthority=yes", { ...sovereign, ValidateAuthority: "yes" }, ["ValidateAuthority: invalid"]],
  ];
  test.each(ways)("%s is refused", (_name, env, expected) => {
    expect(problems({ ...production, ...env })).toEqual(expected);
  });

  test.each(Object.keys(sovereign))("every authority URL but %s is refused: all or none", (left) => {
    expect(problems({ ...production, ...sovereign, [left]: undefined })).toEqual([`${left}: missing`]);
  });

  test("all authority URLs together describe a sovereign cloud", () => {
    expect(inProduction(sovereign).teams.authorities).toEqual({ ...sovereign, ValidateAuthority: true });
    expect(inProduction().teams.authorities).toBeUndefined();
  });

  test("a managed identity needs no password", () => {
    const env = { MicrosoftAppType: "UserAssignedMSI", MicrosoftAppPassword: undefined };
    expect(inProduction(env).teams).not.toHaveProperty("appPassword");
  });

  test("coordinators are addresses, object ids, or object ids of a tenant, however parted", () => {
    const { coordinators } = inProduction({
      EPILOGUE_COORDINATORS: `Cora@example.org; ${PERSON.toUpperCase()},\n${PARTNER}/${PERSON}`,
    });
    expect(coordinators).toEqual([
      { kind: "mail", address: "cora@example.org" },
      { kind: "objectId", objectId: PERSON },
      { kind: "objectId", objectId: PERSON, tenantId: PARTNER },
    ]);
  });

  test("the app's own tenant is always let in, once", () => {
    expect(inProduction({ EPILOGUE_TENANTS: `${PARTNER} ${TENANT.toUpperCase()}` }).teams.tenants).toEqual([
      TENANT,
      PARTNER,
    ]);
  });

  test("staff belong to the awarding bodies of their tenant, those of another tenant to none", () => {
    const config = inProduction({
      EPILOGUE_TENANTS: PARTNER,
      EPILOGUE_BODY: `gateway-qualifications, ${PARTNER}=tquk ${TENANT}=third-body`,
    });
    expect(bodiesOf(config, TENANT.toUpperCase())).toEqual(["gateway-qualifications", "third-body"]);
    expect(bodiesOf(config, PARTNER)).toEqual(["tquk"]);
    expect(bodiesOf(config, PERSON)).toEqual([]);
  });
});

describe("where the record is kept", () => {
  const COSMOS_ENDPOINT = "https://a.documents.example.org:443/";

  test("without an account it is the embedded store, of one instance", () => {
    expect(inProduction().cosmos).toBeUndefined();
    expect(describeConfig(inProduction())).toMatchObject({ store: "embedded", instances: 1 });
  });

  test("an account alone is enough: names have defaults, and sign-in is by Entra ID", () => {
    const config = inProduction({ COSMOS_ENDPOINT });
    expect(config.cosmos).toEqual({ endpoint: COSMOS_ENDPOINT, database: "epilogue", container: "record" });
    expect(describeConfig(config)).toMatchObject({ store: "cosmos", instances: "any", signIn: "entra" });
  });

  test("a key and names are taken, the emulator's plain http on this computer too", () => {
    const names = { COSMOS_DATABASE: "exams", COSMOS_CONTAINER: "cases 2026" };
    const config = inProduction({ COSMOS_ENDPOINT: "http://localhost:8081/", COSMOS_KEY, ...names });
    expect(config.cosmos).toMatchObject({ database: "exams", container: "cases 2026" });
    expect(config.cosmos?.key?.reveal()).toBe(COSMOS_KEY);
    expect(describeConfig(config)).toMatchObject({ account: "localhost:8081", signIn: "key" });
  });

  test("programs beside the service read that alone", () => {
    expect(readCosmos({})).toBeUndefined();
    expect(readCosmos({ COSMOS_ENDPOINT })).toMatchObject({ database: "epilogue" });
    expect(() => readCosmos({ COSMOS_KEY })).toThrow(ConfigError);
  });
});

describe("secrets", () => {
  const config = inProduction({ ...sovereign, COSMOS_ENDPOINT: "https://a.example.org", COSMOS_KEY });
  const printed = {
    "the start log": JSON.stringify(describeConfig(config)),
    JSON: JSON.stringify(config),
    "console.log": inspect(config, { depth: 10, showHidden: true }),
    "string concatenation": `${config.teams.appPassword}${config.smtp.url}`,
  };
  test.each(Object.entries(printed))("do not show in %s", (_name, text) => {
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(COSMOS_KEY);
    expect(text.length).toBeGreaterThan(10);
  });

  test("do not show in the refusal either, nor does any other value", () => {
    const read = () =>
      readConfig({ ...production, SMTP_URL: `ftp://${SECRET}@a`, EPILOGUE_COORDINATORS: "nobody-known" });
    expect(read).toThrow(ConfigError);
    expect(read).not.toThrow(new RegExp(`${SECRET}|nobody-known`));
  });

  test("can still be used", () => {
    expect(config.teams.appPassword?.reveal()).toBe(SECRET);
    expect(describeConfig(config)).toMatchObject({ appPassword: "set", smtp: "mail.example.org:587", coordinators: 1 });
  });
});

describe("meetings on Teams", () => {
  const on: Environment = { EPILOGUE_MEETING_ORGANISER: PERSON, EPILOGUE_BASE_URL: "https://epilogue.example.org/" };

  test("are made once an organiser is named, in the app's own tenant and as the app", () => {
    const { graph } = inProduction(on);
    expect(graph).toMatchObject({
      organiser: PERSON,
      url: "https://graph.microsoft.com",
      scope: "https://graph.microsoft.com",
      login: `https://login.microsoftonline.com/${TENANT}`,
      appId: APP,
      baseUrl: "https://epilogue.example.org",
    });
    expect(inspect(graph)).not.toContain(SECRET);
    expect(inProduction().graph).toBeUndefined();
  });

  test.each([
    ["no address of this service", { ...on, EPILOGUE_BASE_URL: "" }, ["EPILOGUE_BASE_URL: missing"]],
    [
      "no object id",
      { ...on, EPILOGUE_MEETING_ORGANISER: "cora@example.org" },
      ["EPILOGUE_MEETING_ORGANISER: invalid"],
    ],
    [
      "a managed identity",
      { ...on, MicrosoftAppType: "UserAssignedMSI", MicrosoftAppPassword: "" },
      ["EPILOGUE_MEETING_ORGANISER: unsupported"],
    ],
    [
      "half of another cloud",
      { ...on, EPILOGUE_GRAPH_URL: "https://graph.example.org" },
      ["EPILOGUE_GRAPH_LOGIN: missing"],
    ],
    [
      "another cloud without its Graph",
      { ...on, ...sovereign },
      ["EPILOGUE_GRAPH_LOGIN: missing", "EPILOGUE_GRAPH_URL: missing"],
    ],
    [
      "a cloud and no organiser",
      { EPILOGUE_GRAPH_URL: "https://graph.example.org", EPILOGUE_GRAPH_LOGIN: "https://login.example.org" },
      ["EPILOGUE_MEETING_ORGANISER: missing"],
    ],
    [
      "a plain address",
      { ...on, EPILOGUE_GRAPH_URL: "http://graph.example.org" },
      ["EPILOGUE_GRAPH_LOGIN: missing", "EPILOGUE_GRAPH_URL: invalid"],
    ],
  ])("with %s are refused, and what is missing is named", (_what, env, expected) => {
    expect(problems({ ...production, ...env })).toEqual(expected);
  });

  test("in another cloud go to that cloud's Graph only", () => {
    const cloud = {
      EPILOGUE_GRAPH_URL: "https://graph.example.org/",
      EPILOGUE_GRAPH_LOGIN: "https://login.example.org",
    };
    expect(inProduction({ ...on, ...sovereign, ...cloud }).graph).toMatchObject({
      url: "https://graph.example.org",
      scope: "https://graph.example.org",
      login: `https://login.example.org/${TENANT}`,
    });
  });

  test("are Local Teams' own there", () => {
    expect(problems(on)).toEqual(["EPILOGUE_MEETING_ORGANISER: conflict"]);
  });
});
