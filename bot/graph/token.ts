import type { GraphConfig } from "../config";

/** The app's own token for Microsoft Graph: the client credentials grant (RFC 6749, 4.4), kept until shortly before it expires. */

/** Why there is no token: refused for good, or not to be had now. */
export class NoToken extends Error {
  constructor(readonly refused: boolean) {
    super(refused ? "the sign-in was refused" : "no token was issued");
    this.name = "NoToken";
  }
}

export type GraphTokens = (renew?: boolean) => Promise<string>;

const MARGIN_MS = 300_000;
const TIMEOUT_MS = 10_000;

/** Asked for by many at once, it is fetched once. @throws NoToken, from the function that it gives. */
export function graphTokens(config: GraphConfig): GraphTokens {
  let held: { token: string; until: number } | undefined;
  let running: Promise<string> | undefined;
  const fetched = async (): Promise<string> => {
    const answer = await fetch(`${config.login}/oauth2/v2.0/token`, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: config.appId,
        client_secret: config.appPassword.reveal(),
        scope: `${config.scope}/.default`,
      }),
    }).catch(() => {
      throw new NoToken(false);
    });
    const body = (await answer.json().catch(() => ({}))) as { access_token?: unknown; expires_in?: unknown };
    if (!answer.ok || typeof body.access_token !== "string")
      throw new NoToken(answer.status === 400 || answer.status === 401);
    const seconds = typeof body.expires_in === "number" ? body.expires_in : 3600;
    held = { token: body.access_token, until: Date.now() + seconds * 1000 - MARGIN_MS };
    return held.token;
  };
  return async (renew = false) => {
    if (!renew && held && Date.now() < held.until) return held.token;
    running ??= fetched().finally(() => {
      running = undefined;
    });
    return running;
  };
}
