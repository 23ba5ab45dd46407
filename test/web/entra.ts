import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import jwt from "jsonwebtoken";
import type { SignIn } from "../../bot/web/token";

export const APP = "11111111-1111-4111-8111-111111111111";
export const TENANT = "aaaaaaaa-1111-4111-8111-111111111111";
export const PARTNER = "bbbbbbbb-1111-4111-8111-111111111111";
export const STRANGER = "cccccccc-1111-4111-8111-111111111111";
export const URI = `api://epilogue.example.org/botid-${APP}`;

/** So many seconds from now, as claims have it. */
export const seconds = (n: number) => Math.floor(Date.now() / 1000) + n;

const joined = (...parts: object[]) => parts.map((p) => Buffer.from(JSON.stringify(p)).toString("base64url")).join(".");

interface Asked {
  oid?: string;
  tid?: string;
}

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

  private get publicPem(): string {
    return this.pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  }

  /** A token as Teams gets it for a person, or with other claims (undefined takes one away), options or key. */
  token(
    person: Asked,
    claims: Record<string, unknown> = {},
    options: jwt.SignOptions = {},
    key: KeyObject | string = this.pair.privateKey,
  ): string {
    const all = { ...this.claims(person), ...claims };
    const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return jwt.sign(kept, key as jwt.Secret, { algorithm: "RS256", keyid: this.kid, ...options });
  }

  /** The same for a person, signed by nobody. */
  unsigned(person: Asked): string {
    return `${joined({ alg: "none", typ: "JWT" }, this.claims(person))}.`;
  }

  /** The same, signed HS256 with our public key as if it were a shared secret. */
  symmetric(person: Asked): string {
    const text = joined({ alg: "HS256", typ: "JWT", kid: this.kid }, this.claims(person));
    return `${text}.${createHmac("sha256", this.publicPem).update(text).digest("base64url")}`;
  }

  private claims({ oid, tid = TENANT }: Asked): Record<string, unknown> {
    return {
      iss: this.signIn.issuer(tid),
      aud: APP,
      exp: seconds(3600),
      ver: "2.0",
      scp: "access_as_user",
      name: "Ada Example",
      tid,
      ...(oid ? { oid } : {}),
    };
  }
}
