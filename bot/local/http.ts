import type { IncomingMessage, ServerResponse } from "node:http";
import { TeamsRefusal } from "./refusal";

/** Reads a body whole, as text. Refuses with 413 what is larger than `most` bytes. */
export async function readBody(request: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= most) chunks.push(chunk as Buffer);
  }
  if (size > most) throw new TeamsRefusal(413, "MessageSizeTooBig", `${size} bytes; ${most} at most`);
  return Buffer.concat(chunks).toString("utf8");
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    ...headers,
  });
  response.end(text);
}

const DEEPEST = 100;

/** Parses JSON. Refuses with 400 what is not JSON, or nested so deep that walking it would break. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > DEEPEST) throw new TeamsRefusal(400, "BadSyntax", "The body is nested too deep");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new TeamsRefusal(400, "BadSyntax", "The body is not JSON");
  }
}

/** How deep brackets are nested, those in strings left out. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/g)) {
    if (token === "[" || token === "{") deepest = Math.max(deepest, ++depth);
    else if (token === "]" || token === "}") depth -= 1;
  }
  return deepest;
}
