import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Keys } from "../../bot/local/keys";
import { steadyGuid, tenants } from "../../bot/local/people";
import { Secret } from "../../bot/secret";
import type { Trust } from "../../bot/teams/trust";
import type { StandInSignIn } from "../../bot/web/token";

/**
 * The other side of the measured processes, in a process of its own: it signs what Teams signs, answers each call of the
 * Bot Connector with an id and does nothing else, so that what is measured is the service alone.
 */
export interface Channel {
  settings: ChannelSettings;
  /** The `Authorization` header of what Teams posts. */
  authorization: string;
  /** A person's sign-in token, as a page in Teams gets it. */
  tokenOf(account: { objectId: string; name: string }): string;
  /** Activities posted or put since the last call. */
  taken(): { method: string; path: string; body: string }[];
  stop(): Promise<void>;
}

/** What a measured process is told of the channel; plain data, it crosses a process boundary. */
export interface ChannelSettings {
  appId: string;
  appPassword: string;
  tenantId: string;
  url: string;
  serviceUrl: string;
  issuer: string;
}

const text = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", reject);
  });

export async function openChannel(): Promise<Channel> {
  const appId = steadyGuid("app: bench");
  let serviceUrl = "";
  const keys = new Keys(appId, () => serviceUrl);
  let taken: { method: string; path: string; body: string }[] = [];
  let sent = 0;
  const server: Server = createServer(async (request, response) => {
    const { method = "GET", url: path = "/" } = request;
    const body = await text(request);
    const answer = (value: object) => {
      const json = JSON.stringify(value);
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(json) });
      response.end(json);
    };
    if (path === "/openid")
      return answer({ issuer: keys.issuer, jwks_uri: `${url}/keys`, id_token_signing_alg_values_supported: ["RS256"] });
    if (path === "/keys") return answer(keys.jwks());
    if (path.endsWith("/token")) return answer({ access_token: keys.tokenOfBot("bot"), expires_in: 3600 });
    taken.push({ method, path, body });
    sent += 1;
    return answer({ id: `${1_700_000_000_000 + sent}` });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.keepAliveTimeout = 60_000;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  serviceUrl = `${url}/uk/`;
  return {
    settings: {
      appId,
      appPassword: keys.appPassword,
      tenantId: tenants.awardingBody.id,
      url,
      serviceUrl,
      issuer: keys.issuer,
    },
    authorization: `Bearer ${keys.tokenForBot()}`,
    tokenOf: ({ objectId, name }) =>
      keys.tokenOfPerson({ aadObjectId: objectId, tenantId: tenants.awardingBody.id, name }),
    taken() {
      const all = taken;
      taken = [];
      return all;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The authority URLs that point botbuilder at the channel. */
export const authorities = ({ url, issuer }: ChannelSettings) => ({
  ToChannelFromBotLoginUrl: `${url}/entra`,
  ToChannelFromBotOAuthScope: "https://api.botframework.com",
  ToBotFromChannelTokenIssuer: issuer,
  OAuthUrl: url,
  ToBotFromChannelOpenIdMetadataUrl: `${url}/openid`,
  ToBotFromEmulatorOpenIdMetadataUrl: `${url}/openid`,
  CallerId: "urn:botframework:azure",
});

/** Who signs people's tokens: the channel. */
export const signInAt = ({ appId, url }: ChannelSettings): StandInSignIn => ({
  audience: appId,
  jwksUrl: `${url}/keys`,
  issuer: (tenantId) => `https://login.microsoftonline.com/${tenantId}/v2.0`,
});

/** Trust in the channel and nothing else. */
export const trustOf = (settings: ChannelSettings): Trust => ({
  appId: settings.appId,
  appType: "SingleTenant",
  appPassword: new Secret(settings.appPassword),
  tenantId: settings.tenantId,
  tenants: [settings.tenantId],
  serviceHosts: [],
  authorities: { ...authorities(settings), ValidateAuthority: false },
  loopback: true,
});
