import type * as restify from "restify";
import { answer, correlationOf } from "../http";
import type { Known } from "../identity";
import type { Log } from "../log";
import { createRate, type Pace } from "./rate";
import type { CheckToken } from "./token";

/** Who may ask at all: a sign-in token first, before a body is read; then how often; then who it is. */

export interface GuardOptions {
  /** Names its lines in the log. */
  readonly name: string;
  readonly check: CheckToken;
  /** Whose account it is; undefined until a person was bound to it. */
  readonly who: (account: { tenantId: string; objectId: string }) => Promise<Known | undefined>;
  readonly log: Pick<Log, "warn">;
  /** How often one person may ask. */
  readonly pace: Pace;
}

export type NotLetIn = "SignInNeeded" | "SignInUnavailable" | "TooManyRequests" | "NotBound";
export const notLetIn: Readonly<Record<NotLetIn, number>> = {
  SignInNeeded: 401,
  SignInUnavailable: 503,
  NotBound: 403,
  TooManyRequests: 429,
};

/** Who asks, once their token, their pace and their account are in order. */
const asking = new WeakMap<object, Known>();

/** Who was let in with this request. @throws where no guard stood before the route. */
export function knownOf(request: restify.Request): Known {
  const known = asking.get(request);
  if (!known) throw new Error("Nobody was let in");
  return known;
}

/** Refuses with a code, and reads nothing, unless whoever asks may. */
export function guard({ name, check, who, log, pace }: GuardOptions): restify.RequestHandler {
  const rate = createRate(pace);
  const admit = async (request: restify.Request, response: restify.Response): Promise<boolean> => {
    const no = (code: NotLetIn) => {
      // A body that comes with it is not read: the connection cannot be used again.
      if (request.method !== "GET") response.header("Connection", "close");
      answer(response, notLetIn[code], { error: { code, correlationId: correlationOf(request) } });
      return false;
    };
    response.setHeader("Cache-Control", "private, no-store");
    response.setHeader("Vary", "Authorization, Accept-Encoding");
    const checked = await check(request.headers.authorization);
    if (checked.kind === "unavailable") {
      log.warn(`${name}.keysUnavailable`, { correlationId: correlationOf(request) });
      response.setHeader("Retry-After", "30");
      return no("SignInUnavailable");
    }
    if (checked.kind === "refused") {
      response.setHeader("WWW-Authenticate", "Bearer");
      return no("SignInNeeded");
    }
    const { account } = checked;
    const wait = rate(`${account.tenantId} ${account.objectId}`);
    if (wait > 0) {
      response.setHeader("Retry-After", String(wait));
      return no("TooManyRequests");
    }
    const known = await who(account);
    if (!known) return no("NotBound");
    asking.set(request, known);
    return true;
  };
  return (request, response, next) => {
    admit(request, response).then(
      (ok) => next(ok ? undefined : false),
      (error: unknown) => next(error instanceof Error ? error : new Error(name)),
    );
  };
}
