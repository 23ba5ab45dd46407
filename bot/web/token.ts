import type { JWTVerifyGetKey } from "jose";
import { z } from "zod";
import type { Trust } from "../teams/trust";

/**
 * Whose sign-in tokens count: those that Teams gives a page inside it for this app (Microsoft Entra, version 2.0), as
 * https://learn.microsoft.com/entra/identity-platform/access-tokens says how to check them.
 */
export interface SignIn {
  readonly audiences: readonly string[];
  /** Tenants let in, lower case. */
  readonly tenants: readonly string[];
  issuer(tenantId: string): string;
  /** Where the tenant's signing keys are. */
  keysUrl(tenantId: string): string;
}

/** Where a stand-in for Entra has its keys, and what it writes into its tokens. */
export interface StandInSignIn {
  readonly audience: string;
  readonly jwksUrl: string;
  issuer(tenantId: string): string;
}

const PUBLIC_AUTHORITY = "https://login.microsoftonline.com";

/**
 * How people sign in to this app: at Entra, or at the cloud that the configuration's authorities name, or at a stand-in.
 * `baseUrl` gives the app's identifier URI its domain, as the manifest's `webApplicationInfo.resource` has it.
 */
export function signInOf(
  trust: Pick<Trust, "appId" | "tenants" | "authorities">,
  baseUrl?: string,
  standIn?: StandInSignIn,
): SignIn {
  const tenants = trust.tenants.map((tenant) => tenant.toLowerCase());
  if (standIn)
    return {
      audiences: [standIn.audience],
      tenants,
      issuer: (tenantId) => standIn.issuer(tenantId),
      keysUrl: () => standIn.jwksUrl,
    };
  const appId = trust.appId.toLowerCase();
  const uri = baseUrl === undefined ? undefined : `api://${new URL(baseUrl).host}`;
  const authority = trust.authorities ? new URL(trust.authorities.ToChannelFromBotLoginUrl).origin : PUBLIC_AUTHORITY;
  return {
    audiences: [appId, ...(uri === undefined ? [] : [`${uri}/${appId}`, `${uri}/botid-${appId}`])],
    tenants,
    issuer: (tenantId) => `${authority}/${tenantId}/v2.0`,
    keysUrl: (tenantId) => `${authority}/${tenantId}/discovery/v2.0/keys`,
  };
}

/** ok: this account signed in. refused: no token that counts. unavailable: the keys to check it with cannot be had now. */
export type Checked =
  | { readonly kind: "ok"; readonly account: { readonly tenantId: string; readonly objectId: string } }
  | { readonly kind: "refused" }
  | { readonly kind: "unavailable" };

export type CheckToken = (authorization: string | undefined) => Promise<Checked>;

/** Longer than any token of Entra's; shorter than what would be work to read. */
const MAX_TOKEN = 8_192;
/** What Teams asks for on a person's behalf: a token without it was not given to a page in Teams. */
const SCOPE = "access_as_user";
/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE = 60;
/** Keys are asked for again after this, or when a token names one that is not among them. */
const KEYS_LAST_MS = 6 * 3_600_000;
/** The least time between two fetches of a tenant's keys, whatever tokens arrive. */
const REFETCH_MS = 30_000;
const FETCH_TIMEOUT_MS = 5_000;

const guid = z.guid().toLowerCase();
const Claimed = z.object({ tid: guid });
const Claims = z.object({
  ver: z.literal("2.0"),
  oid: guid,
  scp: z.string().refine((scopes) => scopes.split(" ").includes(SCOPE)),
});

class KeysUnavailable extends Error {
  override name = "KeysUnavailable";
}

/**
 * A check of `Authorization` headers: signature by the tenant's own keys, issuer, audience, tenant on the list, time,
 * version, scope, and who it is. Never throws; says nothing of what was wrong, and keeps nothing of the token.
 */
export function createTokenCheck(signIn: SignIn, fetchKeys: typeof fetch = fetch): CheckToken {
  const tenants = new Set(signIn.tenants);
  /** One key set a tenant on the list, so never more than that. */
  const keySets = new Map<string, JWTVerifyGetKey>();

  function keysOf(tenantId: string, { createRemoteJWKSet, customFetch }: typeof import("jose")): JWTVerifyGetKey {
    const url = signIn.keysUrl(tenantId);
    let keys = keySets.get(url);
    if (!keys) {
      keys = createRemoteJWKSet(new URL(url), {
        timeoutDuration: FETCH_TIMEOUT_MS,
        cooldownDuration: REFETCH_MS,
        cacheMaxAge: KEYS_LAST_MS,
        [customFetch]: afterFailureNotBefore(REFETCH_MS, fetchKeys),
      });
      keySets.set(url, keys);
    }
    return keys;
  }

  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined || token.length > MAX_TOKEN) return { kind: "refused" };
    const jose = await import("jose");
    const { decodeJwt, errors, jwtVerify } = jose;
    try {
      // What it claims only says which keys to try: nobody makes this service ask for a foreign tenant's.
      const { tid } = Claimed.parse(decodeJwt(token));
      if (!tenants.has(tid)) return { kind: "refused" };
      const { payload } = await jwtVerify(token, keysOf(tid, jose), {
        algorithms: ["RS256"],
        issuer: signIn.issuer(tid),
        audience: [...signIn.audiences],
        clockTolerance: CLOCK_TOLERANCE,
        requiredClaims: ["exp"],
      });
      // Verified is the very payload that was read before: its tenant is the one whose keys and issuer were asked for.
      const { oid } = Claims.parse(payload);
      return { kind: "ok", account: { tenantId: tid, objectId: oid } };
    } catch (error) {
      const ours =
        error instanceof KeysUnavailable || error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid;
      return { kind: ours ? "unavailable" : "refused" };
    }
  };
}

/** Fetches keys; after a failure not again for a while, so that a flood of tokens is no flood of requests. */
function afterFailureNotBefore(waitMs: number, fetchKeys: typeof fetch) {
  let failedAt = Number.NEGATIVE_INFINITY;
  return async (url: string, options: RequestInit): Promise<Response> => {
    if (performance.now() < failedAt + waitMs) throw new KeysUnavailable();
    try {
      const response = await fetchKeys(url, options);
      if (response.status !== 200) throw new KeysUnavailable();
      // Read here, so that a body that breaks off or is no JSON counts as a failure too.
      return new Response(JSON.stringify(await response.json()), { status: 200 });
    } catch {
      failedAt = performance.now();
      throw new KeysUnavailable();
    }
  };
}
