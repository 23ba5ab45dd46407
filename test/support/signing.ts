import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Keys } from "../../bot/local/keys";
import { steadyGuid, tenants } from "../../bot/local/people";
import { Secret } from "../../bot/secret";
import type { Trust } from "../../bot/teams/trust";
import type { StandInSignIn } from "../../bot/web/token";

/** What a process of the service is told of the channel; plain data, it crosses a process boundary. */
export interface ChannelSettings {
  appId: string;
  appPassword: string;
  tenantId: string;
  url: string;
  serviceUrl: string;
  issuer: string;
}

/** A call of the Bot Connector's routes. */
export interface Call {
  method: string;
  path: string;
  body: string;
  answer(status: number, value: object, headers?: Record<string, string>): void;
  /** Ends the connection without an answer. */
  hangUp(): void;
}

/** The other side of processes of the service, in a process of its own. */
export interface Signing {
  settings: ChannelSettings;
  keys: Keys;
  /** The `Authorization` header of what Teams posts. */
  authorization: string;
  stop(): Promise<void>;
}

/**
 * Signs what Teams signs, and answers whoever asks for keys and tokens; each other call is for `served`.
 * @param name makes the app's id: the same name, the same id.
 */
export async function openSigning(name: string, served: (call: Call) => void | Promise<void>): Promise<Signing> {
  const appId = steadyGuid(`app: ${name}`);
  let url = "";
  const keys = new Keys(appId, () => `${url}/uk/`);
  const server = createServer(async (request, response) => {
    const { method = "GET", url: path = "/" } = request;
    const answer = answering(response);
    const hangUp = () => void request.socket.destroy();
    try {
      const body = await text(request);
      if (path === "/openid")
        return answer(200, {
          issuer: keys.issuer,
          jwks_uri: `${url}/keys`,
          id_token_signing_alg_values_supported: ["RS256"],
        });
      if (path === "/keys") return answer(200, keys.jwks());
      if (path.endsWith("/token")) return answer(200, { access_token: keys.tokenOfBot("bot"), expires_in: 3600 });
      await served({ method, path, body, answer, hangUp });
    } catch {
      // Whoever asked is gone.
      hangUp();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.keepAliveTimeout = 60_000;
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    settings: {
      appId,
      appPassword: keys.appPassword,
      tenantId: tenants.awardingBody.id,
      url,
      serviceUrl: `${url}/uk/`,
      issuer: keys.issuer,
    },
    keys,
    authorization: `Bearer ${keys.tokenForBot()}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const answering =
  (response: ServerResponse): Call["answer"] =>
  (status, value, headers = {}) => {
    const json = JSON.stringify(value);
    const length = Buffer.byteLength(json);
    response.writeHead(status, { "content-type": "application/json", "content-length": length, ...headers });
    response.end(json);
  };

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
