import { ConfigurationServiceClientCredentialFactory } from "botbuilder";
import type { Trust } from "./trust";

/** Hands out the token that the Bot Connector wants; `renew` when the last one was refused. */
export type Tokens = (renew?: boolean) => Promise<string>;

const PUBLIC_SCOPE = "https://api.botframework.com";
const PUBLIC_LOGIN = "https://login.microsoftonline.com/botframework.com";
/** A token is given up this long before it expires. */
const MARGIN_MS = 300_000;

/** Calls under way are shared: a crowd at expiry makes one request. */
function shared(fetchToken: (renew: boolean) => Promise<string>): Tokens {
  const running = new Map<boolean, Promise<string>>();
  return (renew = false) => {
    const under = running.get(renew);
    if (under !== undefined) return under;
    const begun = fetchToken(renew).finally(() => running.delete(renew));
    running.set(renew, begun);
    return begun;
  };
}

/** The standard client credentials grant, for Local Teams, whose authority MSAL refuses as it is plain HTTP. */
function loopbackTokens(trust: Trust, login: string, scope: string): Tokens {
  let held: { token: string; until: number } | undefined;
  return shared(async (renew) => {
    if (!renew && held !== undefined && Date.now() < held.until) return held.token;
    const answer = await fetch(`${login}/oauth2/v2.0/token`, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: trust.appId,
        client_secret: trust.appPassword?.reveal() ?? "",
        scope: `${scope}/.default`,
      }),
    });
    const body = (await answer.json()) as { access_token?: unknown; expires_in?: unknown };
    if (!answer.ok || typeof body.access_token !== "string") throw new Error("no token was issued");
    const seconds = typeof body.expires_in === "number" ? body.expires_in : 3600;
    held = { token: body.access_token, until: Date.now() + seconds * 1000 - MARGIN_MS };
    return held.token;
  });
}

/**
 * Tokens for calls to the Bot Connector, kept until shortly before they expire. Production goes through botbuilder and
 * MSAL (secret or managed identity); Local Teams has a token endpoint of its own.
 */
export function createTokens(trust: Trust): Tokens {
  const scope = trust.authorities?.ToChannelFromBotOAuthScope ?? PUBLIC_SCOPE;
  const login = trust.authorities?.ToChannelFromBotLoginUrl ?? PUBLIC_LOGIN;
  if (trust.loopback) return loopbackTokens(trust, login, scope);

  const factory = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: trust.appId,
    MicrosoftAppType: trust.appType,
    MicrosoftAppTenantId: trust.tenantId,
    ...(trust.appPassword === undefined ? {} : { MicrosoftAppPassword: trust.appPassword.reveal() }),
  });
  const validate = trust.authorities?.ValidateAuthority ?? true;
  // One set of credentials for good: botbuilder would build an MSAL client for each message sent.
  let credentials: Promise<{ getToken(force?: boolean): Promise<string> }> | undefined;
  return shared(async (renew) => {
    credentials ??= factory.createCredentials(trust.appId, scope, login, validate) as unknown as typeof credentials;
    return (await credentials)?.getToken(renew) ?? Promise.reject(new Error("no credentials"));
  });
}
