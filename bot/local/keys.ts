import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import jwt from "jsonwebtoken";

const BOT_FRAMEWORK = "https://api.botframework.com";
export const GRAPH_SCOPE = "https://graph.microsoft.com/.default";

let pair: ReturnType<typeof newPair> | undefined;
const newPair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });

/** One key pair for all stand-ins of the process: making one takes as long as a whole test. */
function processPair(): ReturnType<typeof newPair> {
  pair ??= newPair();
  return pair;
}

/**
 * Everything signed: the tokens under which Teams calls the bot, the bot's own tokens, and those of people in tabs.
 * One RSA key for the life of the process; nothing here is a secret worth keeping.
 */
export class Keys {
  private readonly pair = processPair();
  private readonly jwk = this.pair.publicKey.export({ format: "jwk" });
  /** From the key, so that a restarted stand-in never serves a new key under an old id. */
  readonly keyId = createHash("sha256").update(String(this.jwk.n)).digest("base64url").slice(0, 16);
  /** What the bot must present to the token endpoint. */
  readonly appPassword = randomBytes(24).toString("base64url");
  readonly issuer = BOT_FRAMEWORK;

  constructor(
    readonly appId: string,
    private readonly serviceUrl: () => string,
  ) {}

  /** The key set behind the OpenID metadata, endorsed for Teams as Microsoft's is. */
  jwks(): object {
    return { keys: [{ ...this.jwk, kid: this.keyId, x5t: this.keyId, use: "sig", endorsements: ["msteams"] }] };
  }

  /** The bearer token of a call to the bot; `over` and `options` forge it for tests. */
  tokenForBot(over: object = {}, options: jwt.SignOptions = {}): string {
    return this.sign(
      { serviceurl: this.serviceUrl(), ...over },
      { issuer: this.issuer, audience: this.appId, expiresIn: 3600, ...options },
    );
  }

  /** What the token endpoint hands out for `client_credentials`. `lifetime` in seconds. */
  tokenOfBot(scope: string, lifetime = 3600): string {
    const audience = scope === GRAPH_SCOPE ? "https://graph.microsoft.com" : BOT_FRAMEWORK;
    return this.sign(
      { appid: this.appId },
      { issuer: `${this.serviceUrl()}entra`, audience, subject: this.appId, expiresIn: lifetime },
    );
  }

  /** Whether a bearer token is one of {@link tokenOfBot}'s, for this audience and not expired. */
  isTokenOfBot(header: string | undefined, api: "connector" | "graph" = "connector"): boolean {
    const token = /^Bearer (\S+)$/.exec(header ?? "")?.[1];
    if (!token) return false;
    try {
      jwt.verify(token, this.pair.publicKey, {
        algorithms: ["RS256"],
        issuer: `${this.serviceUrl()}entra`,
        audience: api === "graph" ? "https://graph.microsoft.com" : BOT_FRAMEWORK,
        subject: this.appId,
      });
      return true;
    } catch {
      return false;
    }
  }

  /** What `getAuthToken` yields in a tab: a version 2 Entra access token for the app. */
  tokenOfPerson(person: { aadObjectId: string; tenantId: string; name: string; upn?: string }): string {
    return this.sign(
      {
        ver: "2.0",
        oid: person.aadObjectId,
        tid: person.tenantId,
        name: person.name,
        preferred_username: person.upn,
        scp: "access_as_user",
      },
      {
        issuer: this.personIssuer(person.tenantId),
        audience: this.appId,
        subject: createHash("sha256").update(person.aadObjectId).digest("base64url"),
        expiresIn: 3600,
      },
    );
  }

  /** The issuer of people's tokens, a tenant. */
  personIssuer(tenantId: string): string {
    return `https://login.microsoftonline.com/${tenantId}/v2.0`;
  }

  private sign(claims: object, options: jwt.SignOptions): string {
    return jwt.sign(claims, this.pair.privateKey, { algorithm: "RS256", keyid: this.keyId, ...options });
  }
}
