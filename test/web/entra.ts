import { generateKeyPairSync, type KeyObject } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import jwt from "jsonwebtoken";
import type { SignIn } from "../../bot/web/token";

export const APP = "11111111-1111-4111-8111-111111111111";
export const TENANT = "aaaaaaaa-1111-4111-8111-111111111111";
export const PARTNER = "bbbbbbbb-1111-4111-8111-111111111111";
export const STRANGER = "cccccccc-1111-4111-8111-111111111111";
export const URI = `api://epilogue.example.org/botid-${APP}`;

/** The barest Entra: a key set, tokens signed with its key or any other, and a count of who asked for the keys. */
export class Entra {
  readonly kid = "key-1";
  private readonly pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  keyRequests: string[] = [];
  /** What the next requests for keys are answered. */
  status = 200;
  base = "";
  private server!: http.Server;

  async start(): Promise<this> {
    this.server = http.createServer((request, response) => {
      this.keyRequests.push(request.url ?? "");
      response.writeHead(this.status, { "content-type": "application/json" });
      const jwk = this.pair.publicKey.export({ format: "jwk" });
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: this.kid, use: "sig" }] }));
    });
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.base = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  get signIn(): SignIn {
    return {
      audiences: [APP, URI],
      tenants: [TENANT, PARTNER],
      issuer: (tenantId) => `https://login.example.org/${tenantId}/v2.0`,
      keysUrl: (tenantId) => `${this.base}/${tenantId}/keys`,
    };
  }

  get publicPem(): string {
    return this.pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  }

  /** A token as Teams gets it for a person, or with other claims (undefined takes one away), options or key. */
  token(
    person: { oid?: string; tid?: string },
    claims: Record<string, unknown> = {},
    options: jwt.SignOptions = {},
    key: KeyObject | string = this.pair.privateKey,
  ): string {
    const tid = person.tid ?? TENANT;
    const all: Record<string, unknown> = {
      iss: this.signIn.issuer(tid),
      aud: APP,
      exp: Math.floor(Date.now() / 1000) + 3600,
      ver: "2.0",
      scp: "access_as_user",
      name: "Ada Example",
      tid,
      ...(person.oid ? { oid: person.oid } : {}),
      ...claims,
    };
    const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return jwt.sign(kept, key as jwt.Secret, { algorithm: "RS256", keyid: this.kid, ...options });
  }
}
