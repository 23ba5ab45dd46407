/** What goes wrong with the account, told apart: what passes by itself, and what somebody must put right. */

/** Failed for now, on every try: too busy, out of reach, or a copy that lags. Nobody knows whether a write was done. */
export class Passing extends Error {
  override name = "Passing";
  constructor(reason: string, cause: unknown) {
    super(`The record's store cannot be used at the moment: ${reason}`, { cause });
  }
}

const LAGGING = 1002;
const passingStatus = new Set([408, 410, 429, 449, 500, 502, 503, 504]);

/** Whether the same request may do better later. Whatever bears no status of the server's never came back from it. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Passing) return true;
  const { code, substatus } = error as { code?: unknown; substatus?: unknown };
  if (typeof code === "number") return passingStatus.has(code) || (code === 404 && substatus === LAGGING);
  return typeof code === "string" || error instanceof SyntaxError;
}

/** Why, in few words: a status or the network's own code, never what was sent. */
export function reasonOf(error: unknown): string {
  const { code, substatus } = error as { code?: unknown; substatus?: unknown };
  if (code === 404 && substatus === LAGGING) return "its copy lags";
  return typeof code === "number" ? `status ${code}` : typeof code === "string" ? code : "no answer";
}

/** Milliseconds, somewhat varied so that those who were held up together do not come back together. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms * (0.75 + Math.random() / 2)));

export type Refusal =
  | "key"
  | "access"
  | "database"
  | "container"
  | "partition-key"
  | "write-regions"
  | "consistency"
  | "network";

/** The account cannot be served with, and which of its parts is the reason. Never quotes the key. */
export class CosmosRefused extends Error {
  override name = "CosmosRefused";
  constructor(
    readonly why: Refusal,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
