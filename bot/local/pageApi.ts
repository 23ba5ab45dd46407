import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { z } from "zod";
import { perform, snapshot } from "./actions";
import type { Dialogs } from "./dialogs";
import { parseJson, readBody, sendJson } from "./http";
import { mailFor } from "./mail";
import { action, type Deadline, type LiveEvent } from "./protocol";
import { PageRefusal, TeamsRefusal } from "./refusal";
import type { World } from "./state";

const MOST_READ = 1024 * 1024;
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

/** Serves the page of Local Teams and what it asks and does. */
export class PageApi {
  private readonly streams = new Set<ServerResponse>();

  constructor(
    private readonly world: World,
    private readonly dialogs: Dialogs,
    private readonly pageFolder: string,
    private readonly deadlines: () => Promise<Deadline[]>,
  ) {
    world.onChange((event) => this.broadcast(event));
    world.traffic.onLine((line) => this.broadcast({ type: "traffic", line }));
    world.clock.onMoved((clock) => this.broadcast({ type: "clock", clock }));
  }

  async serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    try {
      if (url.pathname.startsWith("/api/")) await this.answer(request, response, url);
      else await this.sendFile(request, response, url.pathname);
    } catch (error) {
      if (error instanceof PageRefusal || error instanceof TeamsRefusal)
        sendJson(response, error.status, { code: error.code, message: error.message });
      else throw error;
    }
  }

  /** Ends the streams, so that the server can close. */
  close(): void {
    for (const stream of this.streams) stream.end();
  }

  private async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { world } = this;
    const as = () => url.searchParams.get("as") ?? "";
    const [, , name, id] = url.pathname.split("/");
    switch (`${request.method} ${name}`) {
      case "GET state":
        return sendJson(response, 200, snapshot(world, as()));
      case "GET deadlines":
        return sendJson(response, 200, await this.upcoming());
      case "GET events":
        return this.stream(request, response);
      case "GET mail":
        return sendJson(response, 200, mailFor(world, world.person(as()), decoded(id ?? ""), false));
      case "GET traffic": {
        if (!id) return sendJson(response, 200, world.traffic.after(Number(url.searchParams.get("after")) || 0));
        const detail = world.traffic.detail(Number(id));
        if (!detail) throw new PageRefusal(404, "UnknownTraffic", "Not kept any longer");
        return sendJson(response, 200, detail);
      }
      case "POST do":
        return sendJson(response, 200, await perform(world, this.dialogs, await this.read(request)));
      default:
        throw new PageRefusal(404, "NotFound", `No such call: ${request.method} ${url.pathname}`);
    }
  }

  private async upcoming(): Promise<Deadline[]> {
    return [...(await this.deadlines())].sort((a, b) => a.at.localeCompare(b.at));
  }

  private async read(request: IncomingMessage) {
    // A form of another site cannot send this type without asking first, and it would be refused.
    if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
      throw new PageRefusal(415, "BadRequest", "Send JSON");
    const body = parseJson(await readBody(request, MOST_READ));
    const parsed = action.safeParse(body);
    if (!parsed.success) throw new PageRefusal(400, "BadRequest", z.prettifyError(parsed.error));
    return parsed.data;
  }

  private stream(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": hello\n\n");
    this.streams.add(response);
    request.on("close", () => this.streams.delete(response));
  }

  private broadcast(event: LiveEvent): void {
    for (const stream of this.streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  private async sendFile(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    if (request.method !== "GET" && request.method !== "HEAD")
      throw new PageRefusal(405, "BadMethod", "Only GET is served here");
    const root = path.resolve(this.pageFolder);
    const name = decoded(pathname);
    const file = path.resolve(root, `.${name.endsWith("/") ? `${name}index.html` : name}`);
    if (!file.startsWith(root + path.sep)) throw new PageRefusal(404, "NotFound", "No such file");
    const content = await readFile(file).catch(() => {
      throw new PageRefusal(404, "NotFound", "No such file");
    });
    const { tabs, panel } = this.world.app;
    const framed = [...tabs, ...(panel ? [panel] : [])].flatMap(({ url }) =>
      URL.canParse(url) ? [new URL(url).origin] : [],
    );
    response.writeHead(200, {
      "content-type": TYPES[path.extname(file)] ?? "application/octet-stream",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "content-security-policy": [
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        ["frame-src 'self'", ...new Set(framed)].join(" "),
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
      ].join("; "),
    });
    response.end(request.method === "HEAD" ? undefined : content);
  }
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    throw new PageRefusal(400, "BadRequest", "The path is not well formed");
  }
}

/**
 * Whether a call may come from the page itself or a program on this computer, and not from another site in the same
 * browser: the Host must name this computer, and an Origin, where there is one, must be the page's own.
 */
export function fromHere(request: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = request.headers;
  if (!host || !hosts.includes(host)) return false;
  if (origin !== undefined && !hosts.some((one) => origin === `http://${one}`)) return false;
  const site = request.headers["sec-fetch-site"];
  return site === undefined || site === "same-origin" || site === "none" || isNavigation(request);
}

/** Following a link to the page is harmless from anywhere: it reads files only. */
const isNavigation = (request: IncomingMessage): boolean =>
  request.method === "GET" && request.headers["sec-fetch-mode"] === "navigate" && !request.url?.startsWith("/api/");
