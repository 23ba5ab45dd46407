import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault } from "./faults";
import { sendJson } from "./http";
import type { World } from "./state";
import { summarise } from "./traffic";

/** What a call of the bot is answered; a `status` of 0 cuts the line instead. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The answer of a call that a test ordered to fail. */
export function failed(fault: Fault): Answer {
  const body = { error: { code: fault.code ?? "ServiceError", message: "A fault ordered by a test" } };
  const headers = fault.retryAfter === undefined ? undefined : { "retry-after": String(fault.retryAfter) };
  return { status: fault.status, body, ...(headers ? { headers } : {}) };
}

/** Writes a call of the bot into the log, as `path` names it there, and answers it. `began` is of `performance.now()`. */
export function respond(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  call: { path: string; began: number; body: unknown; answer: Answer },
): void {
  const { path, began, body, answer } = call;
  world.traffic.add({
    direction: "fromBot",
    method: request.method ?? "GET",
    path,
    status: answer.status,
    ms: Math.round(performance.now() - began),
    summary: summarise(body),
    request: body,
    response: answer.body,
  });
  if (answer.status === 0) request.socket.destroy();
  else sendJson(response, answer.status, answer.body, answer.headers);
}
