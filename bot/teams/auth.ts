import { type Activity, ConfigurationBotFrameworkAuthentication } from "botbuilder";
import type { InboundActivity } from "./inbound";
import { serviceUrlCheck, type Trust } from "./trust";

/** Why a request was turned away; for the log only, callers are told just the status. */
export type AuthRefusal =
  | "no-token"
  | "not-a-token"
  | "algorithm"
  | "issuer"
  | "audience"
  | "expired"
  | "not-yet-valid"
  | "channel"
  | "service-url-missing"
  | "service-url-untrusted"
  | "service-url-mismatch"
  | "signature"
  | "keys-unavailable"
  | "tenant-unknown"
  | "tenant-foreign";

/** An activity that Teams has vouched for. */
export interface Authenticated {
  readonly ok: true;
  readonly serviceUrl: string;
  /** Tenant of the conversation, lower case. In a group this need not be the sender's. */
  readonly conversationTenant: string;
}

export type AuthResult =
  | Authenticated
  | { readonly ok: false; readonly status: 401 | 403; readonly reason: AuthRefusal };

/** Clocks may differ by this much, as in botbuilder. */
const TOLERANCE_SECONDS = 300;
const MAX_TOKEN = 16_384;
const BEARER = /^Bearer ([\w-]+)\.([\w-]+)\.[\w-]+$/;
const ALGORITHMS: readonly unknown[] = ["RS256", "RS384", "RS512"];
/** The issuer of the public cloud's channel tokens. */
const PUBLIC_ISSUER = "https://api.botframework.com";

/** botbuilder's settings for this bot; the authority URLs go in all together or not at all. */
function settings(trust: Trust): ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[0] {
  return {
    MicrosoftAppId: trust.appId,
    MicrosoftAppType: trust.appType,
    MicrosoftAppTenantId: trust.tenantId,
    ...(trust.appPassword === undefined ? {} : { MicrosoftAppPassword: trust.appPassword.reveal() }),
    ...trust.authorities,
  } as ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[0];
}

function decoded(part: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Decides whether an activity comes from Teams, for this bot, from a tenant let in. botbuilder checks the signature
 * against the channel's published keys; before it runs, everything in the token that can be judged without a key is
 * judged here. That closes what botbuilder leaves open (a missing `serviceUrl` skips its check, tokens of the emulator and
 * of other bots are entertained, a token without expiry passes) and means that a forger cannot make the service call out.
 */
export class StrictAuth extends ConfigurationBotFrameworkAuthentication {
  readonly #appId: string;
  readonly #issuer: string;
  readonly #tenants: ReadonlySet<string>;
  readonly #trusted: (serviceUrl: string) => boolean;
  readonly #now: () => number;

  /** @param now milliseconds since 1970, for what is judged before botbuilder; the computer's clock unless told. */
  constructor(trust: Trust, now: () => number = Date.now) {
    if (trust.appId.trim() === "") throw new Error("an app id is needed: without one botbuilder checks no token");
    super(settings(trust));
    this.#appId = trust.appId;
    this.#issuer = trust.authorities?.ToBotFromChannelTokenIssuer ?? PUBLIC_ISSUER;
    this.#tenants = new Set(trust.tenants.map((tenant) => tenant.toLowerCase()));
    this.#trusted = serviceUrlCheck(trust);
    this.#now = now;
  }

  /** Whether a tenant is on the allow-list. */
  admits(tenantId: string): boolean {
    return this.#tenants.has(tenantId.toLowerCase());
  }

  /**
   * @param header the `Authorization` header.
   * @returns the conversation's tenant, or 401 for a token that does not hold, 403 for a tenant not let in. Never throws.
   */
  async authenticate(activity: InboundActivity, header: string | undefined): Promise<AuthResult> {
    const { serviceUrl } = activity;
    const early = this.#judge(activity, header);
    if (early !== undefined) return { ok: false, status: 401, reason: early };
    try {
      // Only channelId and serviceUrl are read of the activity.
      await this.authenticateRequest({ channelId: activity.channelId, serviceUrl } as Activity, header ?? "");
    } catch (error) {
      const { name } = error as Error;
      const unavailable = name === "FetchError" || name === "TypeError" || name === "SyntaxError";
      return { ok: false, status: 401, reason: unavailable ? "keys-unavailable" : "signature" };
    }
    return this.#admit(activity, serviceUrl ?? "");
  }

  /** What is wrong with the token or its fit to the activity, as far as can be seen without the key. */
  #judge(activity: InboundActivity, header: string | undefined): AuthRefusal | undefined {
    if (header === undefined || header === "") return "no-token";
    const parts = header.length > MAX_TOKEN ? null : BEARER.exec(header);
    const head = decoded(parts?.[1]);
    const claims = decoded(parts?.[2]);
    if (head === undefined || claims === undefined || typeof head.kid !== "string") return "not-a-token";
    if (!ALGORITHMS.includes(head.alg)) return "algorithm";
    if (claims.iss !== this.#issuer) return "issuer";
    if (claims.aud !== this.#appId) return "audience";
    const seconds = this.#now() / 1000;
    if (typeof claims.exp !== "number" || claims.exp + TOLERANCE_SECONDS <= seconds) return "expired";
    if (claims.nbf !== undefined && !(typeof claims.nbf === "number" && claims.nbf - TOLERANCE_SECONDS <= seconds))
      return "not-yet-valid";
    if (activity.channelId !== "msteams") return "channel";
    if (!activity.serviceUrl) return "service-url-missing";
    if (!this.#trusted(activity.serviceUrl)) return "service-url-untrusted";
    if (claims.serviceurl !== activity.serviceUrl) return "service-url-mismatch";
    return undefined;
  }

  /** The conversation's tenant must be known, and every tenant the activity names must be on the list. */
  #admit(activity: InboundActivity, serviceUrl: string): AuthResult {
    const named = [activity.channelData?.tenant?.id, activity.conversation.tenantId].filter(
      (tenant): tenant is string => typeof tenant === "string" && tenant !== "",
    );
    const conversationTenant = named[0];
    if (conversationTenant === undefined) return { ok: false, status: 403, reason: "tenant-unknown" };
    const all = activity.from.tenantId ? [...named, activity.from.tenantId] : named;
    if (!all.every((tenant) => this.admits(tenant))) return { ok: false, status: 403, reason: "tenant-foreign" };
    return { ok: true, serviceUrl, conversationTenant: conversationTenant.toLowerCase() };
  }
}
