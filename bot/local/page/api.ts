import type {
  Action,
  Answers,
  Deadline,
  LiveEvent,
  Mail,
  PersonId,
  Problem,
  Snapshot,
  TrafficDetail,
  TrafficLine,
} from "../protocol";

/** A call the stand-in refused, or never answered (`code` "Unreachable"). */
export class CallFailed extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function call<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new CallFailed("Unreachable", "The service does not answer. Is it still running?");
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as Answer;
  const problem = body as Partial<Problem> | undefined;
  throw new CallFailed(problem?.code ?? String(response.status), problem?.message ?? "Something went wrong.");
}

/** Does one thing as a persona, or as the person behind the screen. */
export function act<Name extends Action["do"]>(action: Extract<Action, { do: Name }>): Promise<Answers[Name]> {
  return call("/api/do", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(action),
  });
}

export const fetchState = (as: PersonId | undefined): Promise<Snapshot> =>
  call(as ? `/api/state?as=${encodeURIComponent(as)}` : "/api/state");
export const fetchMail = (as: PersonId, mailId: string): Promise<Mail> =>
  call(`/api/mail/${encodeURIComponent(mailId)}?as=${encodeURIComponent(as)}`);
export const fetchDeadlines = (): Promise<Deadline[]> => call("/api/deadlines");
export const fetchTraffic = (after: number): Promise<TrafficLine[]> => call(`/api/traffic?after=${after}`);
export const fetchTrafficDetail = (n: number): Promise<TrafficDetail> => call(`/api/traffic/${n}`);

/** Listens to the stand-in; the browser reconnects by itself, and `connected` says how it stands. */
export function listen(heard: (event: LiveEvent) => void, connected: (now: boolean) => void): void {
  const source = new EventSource("/api/events");
  source.onopen = () => connected(true);
  source.onerror = () => connected(false);
  source.onmessage = (message) => heard(JSON.parse(message.data) as LiveEvent);
}
