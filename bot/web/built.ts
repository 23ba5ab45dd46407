import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type * as restify from "restify";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A file ready to be sent. */
export interface Built {
  readonly type: string;
  readonly body: Buffer;
  readonly zipped: Buffer;
  readonly etag: string;
}

export function built(name: string, content: Buffer | string): Built {
  const body = Buffer.from(content);
  const type = TYPES[path.extname(name)] ?? "application/octet-stream";
  return { type, body, zipped: gzipSync(body), etag: etagOf(body) };
}

/** Weak: the same content, packed or not. */
export const etagOf = (content: Buffer | string): string =>
  `W/"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;

/** The built page beside the running program; from the sources, in dist/ of the house. */
export function builtFolder(name = "web"): string {
  const beside = path.join(__dirname, name);
  return existsSync(path.join(beside, "index.html")) ? beside : path.resolve(__dirname, "../../dist", name);
}

/** Every file of a built page by name, in memory: what is not among them is not served. Empty when it was never built. */
export function readBuilt(folder: string, change: (html: string) => string): ReadonlyMap<string, Built> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).filter((name) => path.extname(name) in TYPES);
  return new Map(
    names.map((name) => {
      const content = readFileSync(path.join(folder, name));
      return [name, built(name, name.endsWith(".html") ? change(content.toString("utf8")) : content)];
    }),
  );
}

/** Sends a file, packed where the client takes that; 304 when it has it already. It is asked for anew each time. */
export function sendBuilt(
  request: restify.Request,
  response: restify.Response,
  file: Built,
  headers: Readonly<Record<string, string>> = {},
): void {
  const all = { ...headers, ETag: file.etag, "Cache-Control": "no-cache", Vary: "Accept-Encoding" };
  if (has(request, file.etag)) return void response.sendRaw(304, "", all);
  const packed = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const body = packed ? file.zipped : file.body;
  response.sendRaw(200, body as unknown as string, {
    ...all,
    "Content-Type": file.type,
    "Content-Length": String(body.length),
    ...(packed ? { "Content-Encoding": "gzip" } : {}),
  });
}

/** Whether the client names this ETag as what it has. */
export function has(request: restify.Request, etag: string): boolean {
  const named = request.headers["if-none-match"];
  return typeof named === "string" && named.split(",").some((one) => one.trim() === etag);
}
