import type { MeetingFault } from "../../src/wording/meetings";
import type { GraphConfig } from "../config";
import type { CallOptions, Outcome } from "../teams/connector";
import { refusal } from "./faults";
import { type GraphTokens, NoToken } from "./token";

/** One call of Microsoft Graph: never throws, never repeats but once with a fresh token, follows no redirect, ends in time. */

export interface Asked<T> {
  readonly method: "GET" | "POST" | "PATCH";
  /** Below the version: `/users/…`. */
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the answer is worth; undefined when it cannot be read as that. */
  read(body: unknown): T | undefined;
  /** What a 404 of it means. */
  readonly missing?: MeetingFault;
  /** Statuses that say it stands already: worth as much as having done it. */
  readonly already?: Readonly<Record<number, T>>;
}

export type Ask = <T>(what: Asked<T>, options?: CallOptions) => Promise<Outcome<T>>;

const TIMEOUT_MS = 15_000;

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
const words = (value: unknown): string => (typeof value === "string" ? value : "");

export function graphCalls(config: GraphConfig, tokens: GraphTokens): Ask {
  return async (what, { signal, timeoutMs = TIMEOUT_MS } = {}) => {
    if (signal?.aborted) return { kind: "failed", code: "Aborted", retryable: true };
    const limits = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
    try {
      for (const renew of [false, true]) {
        const token = await tokens(renew);
        const answer = await fetch(`${config.url}/v1.0${what.path}`, {
          method: what.method,
          redirect: "error",
          signal: limits,
          headers: {
            authorization: `Bearer ${token}`,
            accept: "application/json",
            ...(what.body ? { "content-type": "application/json" } : {}),
            ...what.headers,
          },
          ...(what.body ? { body: JSON.stringify(what.body) } : {}),
        });
        const body: unknown = await answer.json().catch(() => undefined);
        if (answer.ok) {
          const value = what.read(body);
          return value === undefined
            ? { kind: "ambiguous", code: "NoAnswer" satisfies MeetingFault }
            : { kind: "ok", value };
        }
        const stands = what.already && Object.hasOwn(what.already, answer.status);
        if (stands) return { kind: "ok", value: what.already[answer.status] as never };
        if (answer.status === 401 && !renew) continue;
        const error = field(body, "error");
        const codes = [field(error, "code"), field(field(error, "innerError"), "code")].map(words);
        const retryAfter = answer.headers.get("retry-after");
        return refusal(
          { status: answer.status, retryAfter, codes, message: words(field(error, "message")) },
          what.missing,
        );
      }
      return { kind: "failed", code: "SignInRefused", retryable: false };
    } catch (error) {
      if (error instanceof NoToken)
        return { kind: "failed", code: error.refused ? "SignInRefused" : "NoAnswer", retryable: !error.refused };
      // Whether it was done nobody knows.
      return { kind: "ambiguous", code: "NoAnswer" satisfies MeetingFault };
    }
  };
}
