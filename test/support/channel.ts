import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import jwt from "jsonwebtoken";
import { loopbackTrust, type Trust } from "../../bot/teams/trust";

/** One call that reached the channel. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** What the channel answers a call with; undefined hangs up without an answer, "never" does not answer at all. */
export type Reply = { status: number; headers?: Record<string, string>; body?: unknown } | undefined | "never";

export const APP = "11111111-1111-4111-8111-111111111111";
export const TENANT = "aaaaaaaa-1111-4111-8111-111111111111";
export const PARTNER = "bbbbbbbb-1111-4111-8111-111111111111";

/**
 * The barest Bot Connector: signing keys, a token endpoint, and a record of every call with answers that a test sets.
 * It signs whatever it is asked to: a forger with the real key, when need be.
 */
export class Channel {
  readonly issuer = "https://api.botframework.com";
  readonly kid = "key-1";
  /** Calls to the Connector's routes; keys and tokens are counted apart. */
  readonly calls: Recorded[] = [];
  keyRequests = 0;
  tokenRequests = 0;
  reply: (call: Recorded) => Reply = () => ({ status: 201, body: { id: `sent-${this.calls.length}` } });
  base = "";
  private server!: http.Server;
  private issued = 0;

  private pair: KeyPairKeyObjectResult | undefined;

  /** Made when first wanted: it takes a while, and many tests sign nothing. */
  get keys(): KeyPairKeyObjectResult {
    this.pair ??= generateKeyPairSync("rsa", { modulusLength: 2048 });
    return this.pair;
  }

  get serviceUrl(): string {
    return `${this.base}/uk/`;
  }

  async start(): Promise<this> {
    this.server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => this.serve(request, response, Buffer.concat(chunks).toString("utf8")));
    });
    // A machine that stands still for some seconds would find the connection closed under its next call.
    this.server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.base = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse, raw: string): unknown {
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body === undefined ? "" : JSON.stringify(body));
    };
    const path = request.url ?? "/";
    if (path === "/metadata") {
      this.keyRequests += 1;
      return send(200, { issuer: this.issuer, jwks_uri: `${this.base}/keys` });
    }
    if (path === "/keys") {
      const jwk = this.keys.publicKey.export({ format: "jwk" });
      return send(200, { keys: [{ ...jwk, kid: this.kid, use: "sig", endorsements: ["msteams"] }] });
    }
    if (path === "/login/oauth2/v2.0/token") {
      this.tokenRequests += 1;
      this.issued += 1;
      return send(200, { token_type: "Bearer", expires_in: 3600, access_token: `outbound-${this.issued}` });
    }
    const call: Recorded = {
      method: request.method ?? "",
      path,
      authorization: request.headers.authorization,
      body: raw === "" ? undefined : JSON.parse(raw),
    };
    this.calls.push(call);
    const reply = this.reply(call);
    if (reply === undefined) return response.socket?.destroy();
    if (reply === "never") return undefined;
    return send(reply.status, reply.body, reply.headers);
  }

  /** How the bot is set up to speak to this channel. */
  trust(tenants: readonly string[] = [TENANT]): Trust {
    return loopbackTrust(
      {
        MicrosoftAppId: APP,
        MicrosoftAppPassword: "not-a-real-secret",
        MicrosoftAppTenantId: TENANT,
        ToChannelFromBotLoginUrl: `${this.base}/login`,
        ToChannelFromBotOAuthScope: "https://api.botframework.com",
        ToBotFromChannelTokenIssuer: this.issuer,
        OAuthUrl: this.base,
        ToBotFromChannelOpenIdMetadataUrl: `${this.base}/metadata`,
        ToBotFromEmulatorOpenIdMetadataUrl: `${this.base}/metadata`,
        CallerId: "urn:botframework:azure",
      },
      tenants,
    );
  }

  /** A token as the channel signs it, or with other claims, options or key. */
  token(claims: object = {}, options: jwt.SignOptions = {}, key: KeyObject | string = this.keys.privateKey): string {
    return jwt.sign({ serviceurl: this.serviceUrl, ...claims }, key as jwt.Secret, {
      algorithm: "RS256",
      keyid: this.kid,
      issuer: this.issuer,
      audience: APP,
      expiresIn: "1h",
      ...options,
    });
  }

  /** The public key as text: what a forger signs HS256 with. */
  publicPem(): string {
    return this.keys.publicKey.export({ type: "spki", format: "pem" }).toString();
  }

  /** A message in personal chat from Ada Example. */
  activity(over: object = {}): Record<string, unknown> {
    return {
      type: "message",
      id: "in-1",
      channelId: "msteams",
      serviceUrl: this.serviceUrl,
      text: "cases",
      from: { id: "29:ada", name: "Ada Example", aadObjectId: "ADA00000-0000-4000-8000-000000000001" },
      recipient: { id: `28:${APP}`, name: "Epilogue" },
      conversation: { id: "a:ada", conversationType: "personal", tenantId: TENANT },
      channelData: { tenant: { id: TENANT } },
      ...over,
    };
  }
}
