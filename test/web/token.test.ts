import { generateKeyPairSync } from "node:crypto";
import { loopbackTrust } from "../../bot/teams/trust";
import { createTokenCheck, signInOf } from "../../bot/web/token";
import { temporaryFolder } from "../store/folder";
import { people } from "../support/case";
import { APP, Entra, PARTNER, STRANGER, seconds, TENANT, URI } from "./entra";
import { Office, oidOf } from "./office";

const ada = oidOf(people.apprentice);
const otherKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const tampered = (token: string, change: (claims: Record<string, unknown>) => object) => {
  const [head, body = "", signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  return [head, Buffer.from(JSON.stringify(change(claims))).toString("base64url"), signature].join(".");
};
describe("a token at the tab", () => {
  let office: Office;
  let entra: Entra;
  beforeAll(async () => {
    office = await new Office(temporaryFolder()).start();
    entra = office.entra;
  });
  afterAll(() => office.stop());
  beforeEach(() => {
    office.reads = 0;
    office.lines = [];
  });

  const good: [string, () => string][] = [
    ["as Teams gives it", () => entra.token({ oid: ada })],
    ["for the app's identifier URI", () => entra.token({ oid: ada }, { aud: URI })],
    ["a moment past its end, for clocks differ", () => entra.token({ oid: ada }, { exp: seconds(-30) })],
    ["with ids in capitals", () => entra.token({ oid: ada.toUpperCase() })],
    ["with further scopes", () => entra.token({ oid: ada }, { scp: "User.Read access_as_user" })],
  ];
  test.each(good)("%s is let in", async (_, token) => {
    const response = await office.ask({ authorization: `Bearer ${token()}` });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ name: "Ada Example" });
  });

  const bad: [string, () => string | undefined][] = [
    ["none", () => undefined],
    ["an empty header", () => "Bearer"],
    ["another scheme", () => `Basic ${Buffer.from("ada:x").toString("base64")}`],
    ["no token at all", () => "Bearer a.b.c"],
    ["of another audience", () => `Bearer ${entra.token({ oid: ada }, { aud: STRANGER })}`],
    ["for the bot's own calls", () => `Bearer ${entra.token({ oid: ada }, { aud: "https://api.botframework.com" })}`],
    ["without audience", () => `Bearer ${entra.token({ oid: ada }, { aud: undefined })}`],
    ["of another issuer", () => `Bearer ${entra.token({ oid: ada }, { iss: `https://evil.example/${TENANT}/v2.0` })}`],
    ["of another tenant's issuer", () => `Bearer ${entra.token({ oid: ada }, { iss: entra.signIn.issuer(PARTNER) })}`],
    ["without issuer", () => `Bearer ${entra.token({ oid: ada }, { iss: undefined })}`],
    ["of a tenant not let in", () => `Bearer ${entra.token({ oid: ada, tid: STRANGER })}`],
    ["without tenant", () => `Bearer ${entra.token({ oid: ada }, { tid: undefined })}`],
    ["that has ended", () => `Bearer ${entra.token({ oid: ada }, { exp: seconds(-120) })}`],
    ["without an end", () => `Bearer ${entra.token({ oid: ada }, { exp: undefined })}`],
    ["not valid yet", () => `Bearer ${entra.token({ oid: ada }, { nbf: seconds(600) })}`],
    ["of nobody", () => `Bearer ${entra.token({})}`],
    ["of something that is no object id", () => `Bearer ${entra.token({ oid: "ada@example.org" })}`],
    ["of version 1", () => `Bearer ${entra.token({ oid: ada }, { ver: "1.0" })}`],
    ["of no version", () => `Bearer ${entra.token({ oid: ada }, { ver: undefined })}`],
    ["without the scope of Teams' sign-in", () => `Bearer ${entra.token({ oid: ada }, { scp: "User.Read" })}`],
    ["of an app and not a person", () => `Bearer ${entra.token({ oid: ada }, { scp: undefined, roles: ["x"] })}`],
    ["signed with another key", () => `Bearer ${entra.token({ oid: ada }, {}, {}, otherKey)}`],
    [
      "signed with another key of another name",
      () => `Bearer ${entra.token({ oid: ada }, {}, { keyid: "x" }, otherKey)}`,
    ],
    ["signed HS256 with the public key", () => `Bearer ${entra.symmetric({ oid: ada })}`],
    // The tenant's own key, but not the algorithm that Entra signs with.
    ["signed RS512 with the right key", () => `Bearer ${entra.token({ oid: ada }, {}, { algorithm: "RS512" })}`],
    ["signed PS256 with the right key", () => `Bearer ${entra.token({ oid: ada }, {}, { algorithm: "PS256" })}`],
    ["unsigned", () => `Bearer ${entra.unsigned({ oid: ada })}`],
    ["unsigned with a signature of rubbish", () => `Bearer ${entra.unsigned({ oid: ada })}AAAA`],
    [
      "changed after it was signed",
      () => `Bearer ${tampered(entra.token({ oid: ada }), (c) => ({ ...c, oid: oidOf(people.coordinator) }))}`,
    ],
    ["with a payload that is a list", () => `Bearer ${tampered(entra.token({ oid: ada }), (c) => [c])}`],
    ["longer than any of Entra's", () => `Bearer ${entra.token({ oid: ada }, { more: "x".repeat(9_000) })}`],
    ["twice in one header", () => `Bearer ${entra.token({ oid: ada })} ${entra.token({ oid: ada })}`],
  ];
  test.each(bad)("%s: 401, and nothing is done", async (_, header) => {
    const authorization = header();
    const response = await office.ask({ ...(authorization === undefined ? {} : { authorization }) });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    const body = await response.json();
    expect(body).toEqual({ error: { code: "SignInNeeded", correlationId: expect.any(String) } });
    expect(office.reads).toBe(0);
    const [, sent] = /^Bearer (.{12,})/.exec(authorization ?? "") ?? [];
    if (sent) expect(office.lines.join()).not.toContain(sent.slice(0, 40));
  });

  test("keys are fetched for tenants let in only, once, and a token of an unknown key fetches no flood of them", async () => {
    const before = entra.keyRequests.length;
    for (let n = 0; n < 20; n += 1)
      await office.ask({ authorization: `Bearer ${entra.token({ oid: ada }, {}, { keyid: `k-${n}` }, otherKey)}` });
    expect(entra.keyRequests.length - before).toBeLessThanOrEqual(1);
    expect(new Set(entra.keyRequests)).toEqual(new Set([`/${TENANT}/keys`]));
  });

  test("an account bound to nobody is told apart from one not signed in", async () => {
    const response = await office.ask({ authorization: `Bearer ${entra.token({ oid: STRANGER })}` });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "NotBound" } });
  });

  test("the same object id of another tenant is somebody else", async () => {
    const response = await office.ask({ authorization: `Bearer ${entra.token({ oid: ada, tid: PARTNER })}` });
    expect(response.status).toBe(403);
  });
});

describe("when the keys cannot be had", () => {
  let entra: Entra;
  beforeEach(async () => {
    entra = await new Entra().start();
  });
  afterEach(() => entra.stop());

  test("nobody is called a forger for it, and the next token does not ask again at once", async () => {
    entra.status = 500;
    const check = createTokenCheck(entra.signIn);
    const header = `Bearer ${entra.token({ oid: ada })}`;
    for (let n = 0; n < 5; n += 1) expect(await check(header)).toEqual({ kind: "unavailable" });
    expect(entra.keyRequests).toHaveLength(1);
  });

  test("what is no key set counts as none", async () => {
    const check = createTokenCheck(entra.signIn, async () => new Response("<html>", { status: 200 }));
    expect(await check(`Bearer ${entra.token({ oid: ada })}`)).toEqual({ kind: "unavailable" });
    const listed = createTokenCheck(entra.signIn, async () => Response.json([1]));
    expect(await listed(`Bearer ${entra.token({ oid: ada })}`)).toEqual({ kind: "unavailable" });
  });

  test("many at once ask once", async () => {
    const check = createTokenCheck(entra.signIn);
    const header = `Bearer ${entra.token({ oid: ada })}`;
    const all = await Promise.all(Array.from({ length: 20 }, () => check(header)));
    expect(all.every(({ kind }) => kind === "ok")).toBe(true);
    expect(entra.keyRequests).toHaveLength(1);
  });
});

describe("whose tokens count", () => {
  const trust = { appId: APP.toUpperCase(), tenants: [TENANT.toUpperCase()] };

  test("in the public cloud, Entra's for this app", () => {
    const signIn = signInOf(trust, "https://epilogue.example.org");
    expect(signIn.audiences).toEqual([APP, `api://epilogue.example.org/${APP}`, URI]);
    expect(signIn.tenants).toEqual([TENANT]);
    expect(signIn.issuer(TENANT)).toBe(`https://login.microsoftonline.com/${TENANT}/v2.0`);
    expect(signIn.keysUrl(TENANT)).toBe(`https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`);
  });

  test("in another cloud, that of its login address", () => {
    const settings = {
      MicrosoftAppId: APP,
      MicrosoftAppPassword: "x",
      MicrosoftAppTenantId: TENANT,
      ToChannelFromBotLoginUrl: "https://login.microsoftonline.us/botframework.example",
      ToChannelFromBotOAuthScope: "https://api.botframework.us",
      ToBotFromChannelTokenIssuer: "https://api.botframework.us",
      OAuthUrl: "https://tokengcch.botframework.azure.us",
      ToBotFromChannelOpenIdMetadataUrl: "https://login.botframework.azure.us/metadata",
      ToBotFromEmulatorOpenIdMetadataUrl: "https://login.microsoftonline.us/metadata",
      CallerId: "urn:botframework:azureusgov",
    };
    const signIn = signInOf(loopbackTrust(settings, [TENANT]));
    expect(signIn.audiences).toEqual([APP]);
    expect(signIn.issuer(TENANT)).toBe(`https://login.microsoftonline.us/${TENANT}/v2.0`);
    expect(signIn.keysUrl(TENANT)).toBe(`https://login.microsoftonline.us/${TENANT}/discovery/v2.0/keys`);
  });
});
