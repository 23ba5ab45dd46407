import type { BatchAnswer, CommandBatch, Failure, PanelAnswer } from "../../src/panel/shape";
import { token } from "./host";

/** What the panel asks of the service over the network. */

export type Code = Failure["error"]["code"] | "Unreachable";

/** No answer, or one that says why not; `after` is how many seconds to wait. */
export class NoAnswer extends Error {
  override name = "NoAnswer";
  constructor(
    readonly code: Code,
    readonly after = 0,
  ) {
    super(code);
  }
}

const TIMEOUT_MS = 20_000;

/** One person's line. `heard` is told the service's clock with every answer. */
export class Line {
  constructor(
    private readonly who: string,
    private readonly heard: (instant: string | null) => void,
  ) {}

  /** Undefined when it still is what `etag` names. @throws NoAnswer */
  async read(query: string, etag: string | null): Promise<{ answer: PanelAnswer; etag: string | null } | undefined> {
    const response = await this.ask(`/api/panel${query}`, etag ? { headers: { "if-none-match": etag } } : {});
    if (response.status === 304) return undefined;
    return { answer: await json<PanelAnswer>(response), etag: response.headers.get("etag") };
  }

  /** @throws NoAnswer */
  async send(batch: CommandBatch): Promise<BatchAnswer> {
    const headers = { "content-type": "application/json" };
    return json(await this.ask("/api/panel/commands", { method: "POST", headers, body: JSON.stringify(batch) }));
  }

  private async ask(url: string, init: { method?: string; body?: string; headers?: Record<string, string> }) {
    let bearer: string;
    try {
      bearer = await token(this.who);
    } catch {
      // Without a network Teams gives no token either: that is no reason to sign in again.
      throw new NoAnswer(navigator.onLine ? "SignInNeeded" : "Unreachable");
    }
    try {
      const response = await fetch(url, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${bearer}` },
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      this.heard(response.headers.get("epilogue-time"));
      return response;
    } catch {
      throw new NoAnswer("Unreachable");
    }
  }
}

async function json<T>(response: Response): Promise<T> {
  const body = (await response.json().catch(() => undefined)) as (T & { error?: undefined }) | Failure | undefined;
  if (response.ok && body && !(body as Failure).error) return body as T;
  const after = Number(response.headers.get("retry-after")) || 0;
  throw new NoAnswer((body as Failure | undefined)?.error?.code ?? "Unreachable", after);
}
