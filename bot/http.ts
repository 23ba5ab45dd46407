import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as restify from "restify";
import type { Log } from "./log";

/** Largest body of a request to /api/messages, in bytes. */
export const MAX_BODY = 256 * 1024;

/** One POST to /api/messages and its answer; the adapter of Teams fits. */
export type ReceiveMessage = (message: {
  readonly authorization: string | undefined;
  readonly body: unknown;
  readonly correlationId: string;
}) => Promise<{ readonly status: number; readonly body?: unknown }>;

/** Whether something that the service depends on works now. */
export type ReadyCheck = () => boolean | Promise<boolean>;

export interface HttpOptions {
  readonly receive: ReceiveMessage;
  /** What /readyz asks, by the name it tells. */
  readonly checks: Readonly<Record<string, ReadyCheck>>;
  /** Told by /readyz too, but the service goes on without: what waits for it is sent later. */
  readonly watched?: Readonly<Record<string, ReadyCheck>>;
  readonly log: Log;
  /** More routes. Their handlers are `async (req, res)` or take `next`; {@link jsonBody} reads a body. */
  readonly routes?: readonly ((server: restify.Server) => void)[];
  /** Answers over TLS somewhere in front: tells browsers never to come without. */
  readonly secure?: boolean;
  /** Milliseconds that /readyz gives each check; 2,000 unless told. */
  readonly checkTimeoutMs?: number;
}

export interface HttpService {
  readonly server: restify.Server;
  /** Begins to listen. @returns the port, the system's choice for 0. Rejects if it is taken. */
  listen(port: number, host?: string): Promise<number>;
  /**
   * Stops taking connections, says so at /readyz, waits for the requests under way and then cuts what is left.
   * @param graceMs longest wait in milliseconds.
   */
  close(graceMs?: number): Promise<void>;
}

/** For answers that are data. Routes that serve a page set a policy of their own. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

const headers = Object.entries(HEADERS);

const correlations = new WeakMap<object, string>();

/** The id that names this request in the log and in its answer's `X-Correlation-Id`. */
export function correlationOf(request: restify.Request): string {
  let id = correlations.get(request);
  if (id === undefined) {
    id = randomUUID();
    correlations.set(request, id);
  }
  return id;
}

/** Answers with JSON, whatever the client says it accepts. An undefined body answers with none. */
export function answer(response: restify.Response, status: number, body?: unknown): void {
  if (body === undefined) {
    response.sendRaw(status, "", { "Content-Length": "0" });
    return;
  }
  // Encoded once: a text would be gone through to count its bytes and again to write them.
  const bytes = Buffer.from(JSON.stringify(body));
  response.sendRaw(status, bytes, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": String(bytes.length),
  });
}

/** How much of a body that nobody reads is still taken off the wire, in bytes, and for how long, in milliseconds. */
const UNREAD = { bytes: 4 * MAX_BODY, ms: 2_000 } as const;

/**
 * Makes an answer heard though the request's body was not read: it goes out at once, and the exchange ends only when the body
 * is through. A connection closed before would be reset, and the reset can overtake the answer. Nothing of the body is kept,
 * and whoever sends too much of it or too slowly is cut.
 */
function hear(request: IncomingMessage, response: ServerResponse): void {
  const { headers } = request;
  if (headers["transfer-encoding"] === undefined && !(Number(headers["content-length"] ?? 0) > 0)) return;
  const end = response.end;
  response.end = ((...last: []) => {
    response.end = end;
    if (request.readableDidRead || request.complete) return response.end(...last);
    if (last.length > 0) throw new Error("What is answered is written before the end");
    response.flushHeaders();
    discard(request, (through) => {
      if (!through) response.once("finish", () => request.socket.destroySoon());
      response.end();
    });
    return response;
  }) as typeof end;
}

/** Takes the rest off the wire; `then` once: true when it is through, false when it was too much, too slow or cut off. */
function discard(request: IncomingMessage, then: (through: boolean) => void): void {
  let left: number = UNREAD.bytes;
  const settle = (through: boolean) => {
    clearTimeout(late);
    request.off("data", count).off("end", whole).off("close", cut).pause();
    then(through);
  };
  const count = (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) settle(false);
  };
  const whole = () => settle(true);
  const cut = () => settle(false);
  const late = setTimeout(cut, UNREAD.ms);
  request.on("data", count).on("end", whole).on("close", cut);
}

/** What a failed request is answered: a code and where to find it in the log, never a message of the engine's or a stack. */
function fault(response: restify.Response, status: number, code: string, correlationId: string): void {
  answer(response, status, { error: { code, correlationId } });
}

const FAULTS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  404: "NotFound",
  405: "MethodNotAllowed",
  413: "PayloadTooLarge",
  415: "UnsupportedMediaType",
};

/**
 * Handlers that read a JSON body into `req.body`: 415 for anything but plain `application/json` (a compressed body could
 * unfold without bound), 413 over the limit, 400 if it is no JSON.
 */
export function jsonBody(maxBytes = MAX_BODY): restify.RequestHandler[] {
  const gate: restify.RequestHandler = (request, response, next) => {
    const refuse = (status: number) => {
      // The rest of the body is not wanted, so the connection is not used again.
      response.header("Connection", "close");
      fault(response, status, FAULTS[status] ?? "BadRequest", correlationOf(request));
      next(false);
    };
    if (request.headers["content-encoding"] !== undefined) return refuse(415);
    if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) return refuse(415);
    if (Number(request.headers["content-length"] ?? 0) > maxBytes) return refuse(413);
    return next();
  };
  const read = restify.plugins.jsonBodyParser({ mapParams: false, maxBodySize: maxBytes } as object);
  return [gate, ...(read as unknown as restify.RequestHandler[])];
}

/** Whether a check says yes in time. */
async function passes(check: ReadyCheck, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The HTTP server: `POST /api/messages`, `GET /healthz` (the process lives), `GET /readyz` (503 names what does not work)
 * and the routes given. Every answer bears security headers and a correlation id.
 */
export function createHttp(options: HttpOptions): HttpService {
  const { log, receive } = options;
  let closing = false;
  let busy = 0;
  let idle: (() => void) | undefined;

  const server = restify.createServer({ name: "", ignoreTrailingSlash: true });
  const { server: raw } = server as unknown as { server: import("node:http").Server };
  // Slow clients are cut: whole head within 10 s, whole request within 30 s.
  raw.headersTimeout = 10_000;
  raw.requestTimeout = 30_000;
  raw.keepAliveTimeout = 75_000;

  server.pre((request, response, next) => {
    busy += 1;
    response.once("close", () => {
      busy -= 1;
      if (busy === 0) idle?.();
    });
    response.removeHeader("Server");
    hear(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    response.header("X-Correlation-Id", correlationOf(request));
    for (const [name, value] of headers) response.setHeader(name, value);
    if (options.secure) response.header("Strict-Transport-Security", "max-age=31536000");
    if (closing) response.header("Connection", "close");
    next();
  });

  server.on(
    "restifyError",
    (request: restify.Request, response: restify.Response, error: unknown, done: () => void) => {
      const said = (error as { statusCode?: unknown } | undefined)?.statusCode;
      const status = typeof said === "number" && said in FAULTS ? said : 500;
      const correlationId = correlationOf(request);
      if (status === 500) log.error("http.failed", { correlationId, route: request.getRoute()?.path, error });
      if (!response.headersSent) fault(response, status, FAULTS[status] ?? "InternalServerError", correlationId);
      done();
    },
  );

  server.post("/api/messages", ...jsonBody(), async (request: restify.Request, response: restify.Response) => {
    const correlationId = correlationOf(request);
    const told = await receive({ authorization: request.headers.authorization, body: request.body, correlationId });
    answer(response, told.status, told.body);
  });

  server.get("/healthz", async (_request: restify.Request, response: restify.Response) => {
    answer(response, 200, { alive: true });
  });

  server.get("/readyz", async (_request: restify.Request, response: restify.Response) => {
    const timeout = options.checkTimeoutMs ?? 2_000;
    const failing = async (checks: Readonly<Record<string, ReadyCheck>>): Promise<string[]> => {
      const asked = Object.entries(checks).map(async ([name, check]) => ((await passes(check, timeout)) ? [] : [name]));
      return (await Promise.all(asked)).flat();
    };
    const [notReady, degraded] = await Promise.all([failing(options.checks), failing(options.watched ?? {})]);
    if (closing) notReady.push("closing");
    const ready = notReady.length === 0;
    answer(response, ready ? 200 : 503, { ready, notReady, ...(degraded.length > 0 ? { degraded } : {}) });
  });

  for (const add of options.routes ?? []) add(server);

  return {
    server,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        // restify hands the socket's errors on, and one that nobody hears would end the process.
        server.once("error", reject);
        const ready = () => {
          server.removeListener("error", reject);
          server.on("error", (error: unknown) => log.error("http.socket", { error }));
          resolve((raw.address() as AddressInfo).port);
        };
        if (host === undefined) server.listen(port, ready);
        else server.listen(port, host, ready);
      }),
    close: (graceMs = 10_000) =>
      new Promise((resolve) => {
        closing = true;
        const cut = setTimeout(() => raw.closeAllConnections(), graceMs);
        raw.close(() => {
          clearTimeout(cut);
          resolve();
        });
        idle = () => raw.closeIdleConnections();
        raw.closeIdleConnections();
      }),
  };
}
