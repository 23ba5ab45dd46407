import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Account } from "./account";
import type { Answer } from "./answer";
import type { Asked } from "./asked";
import type { DoubleClock } from "./clock";

/** Sends an answer with the headers that every answer of the service has. */
export function send(
  response: ServerResponse,
  answer: Answer,
  asked: Asked,
  account: Account,
  clock: DoubleClock,
): void {
  const { status, body, headers = {}, charge = 1 } = answer;
  response.writeHead(status, {
    "content-type": "application/json",
    date: new Date(clock.now()).toUTCString(),
    "x-ms-version": `${asked.headers["x-ms-version"] ?? "2020-07-15"}`,
    "x-ms-activity-id": randomUUID(),
    "x-ms-request-charge": `${charge}`,
    ...ownerOf(asked, account),
    ...headers,
  });
  response.end(body === undefined || status === 204 || status === 304 ? undefined : JSON.stringify(body));
}

/** By these the SDK files session tokens. */
function ownerOf(asked: Asked, account: Account): Record<string, string> {
  if (asked.path[4] !== "docs") return {};
  try {
    const { rid } = account.container(asked);
    return {
      "x-ms-content-path": rid,
      "x-ms-alt-content-path": asked.path.slice(0, 4).map(encodeURIComponent).join("/"),
    };
  } catch {
    return {};
  }
}

/** The body of a request; undefined when the client went away before its end. */
export async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}
