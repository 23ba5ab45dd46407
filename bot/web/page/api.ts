import type { Answer, Refused } from "../shape";
import { token } from "./host";

/** The service did not give what was asked: why, in its own word; `Unreachable` when there was no answer of its. */
export class NoAnswer extends Error {
  override name = "NoAnswer";
  constructor(readonly code: Refused | "Unreachable") {
    super(code);
  }
}

/** Both lists from their start; nothing when they still are what `last` was. */
export interface Told {
  answer: Answer;
  etag: string | null;
}

const TIMEOUT_MS = 20_000;

/** @throws NoAnswer, or NoHost when Teams gives no token. */
export async function fetchLists(last?: string | null): Promise<Told | undefined> {
  const response = await ask("", last);
  if (response.status === 304) return undefined;
  return { answer: await read(response), etag: response.headers.get("etag") };
}

/** The next page of one list. @throws as {@link fetchLists}. */
export async function fetchMore(list: "cases" | "due", after: string): Promise<Answer> {
  return read(await ask(`?${new URLSearchParams({ list, after })}`));
}

/**
 * Asks another of the tab's routes: with a body it is posted as JSON.
 * @throws NoAnswer with the service's code, or NoHost when Teams gives no token.
 */
export async function work<T>(path: string, body?: unknown): Promise<T> {
  const authorization = `Bearer ${await token()}`;
  let response: Response;
  try {
    response = await fetch(`/api/tab/${path}`, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      // Some register hundreds: the service does them one after the other.
      signal: AbortSignal.timeout(body === undefined ? TIMEOUT_MS : 3 * TIMEOUT_MS),
    });
  } catch {
    throw new NoAnswer("Unreachable");
  }
  const told = (await response.json().catch(() => undefined)) as (T & { error?: { code: Refused } }) | undefined;
  if (response.ok && told && !told.error) return told;
  throw new NoAnswer(told?.error?.code ?? "Unreachable");
}

async function ask(query: string, last?: string | null): Promise<Response> {
  const headers = { authorization: `Bearer ${await token()}`, ...(last ? { "if-none-match": last } : {}) };
  try {
    return await fetch(`/api/tab/cases${query}`, {
      headers,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new NoAnswer("Unreachable");
  }
}

async function read(response: Response): Promise<Answer> {
  const body = (await response.json().catch(() => undefined)) as
    | (Answer & { error?: undefined })
    | { error: { code: Refused } }
    | undefined;
  if (response.ok && body && !body.error) return body;
  throw new NoAnswer(body?.error?.code ?? "Unreachable");
}
