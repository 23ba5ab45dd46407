import type * as restify from "restify";
import type { Desk } from "../desk";
import { answer, correlationOf } from "../http";
import type { Known } from "../identity";
import type { Log } from "../log";
import { built, builtFolder, etagOf, has, readBuilt, sendBuilt } from "./built";
import { guard, knownOf } from "./guard";
import { listing } from "./listing";
import { aboutPage } from "./plain";
import { ancestors, type Framing, pageHeaders } from "./policy";
import { queryOf } from "./query";
import type { Pace } from "./rate";
import { Asked } from "./shape";
import type { CheckToken } from "./token";
import { chatLinkOf, refuse } from "./work";

export interface TabOptions {
  readonly desk: Pick<Desk, "cases" | "due" | "see">;
  /** Whose account it is; undefined until a person was bound to it. */
  readonly who: (account: { tenantId: string; objectId: string }) => Promise<Known | undefined>;
  readonly check: CheckToken;
  readonly clock: { now(): string };
  /** The bot's app id: whose chat a row opens. */
  readonly appId: string;
  readonly framing: Framing;
  readonly log: Pick<Log, "warn">;
  /** The built page; beside the running program unless told. */
  readonly pageFolder?: string;
  /** How often one person may ask. */
  readonly pace?: Pace;
}

const usualPace: Pace = { burst: 30, everyMs: 2_000 };

/**
 * The personal tab: `GET /tab` is its page, `GET /api/tab/cases` what it shows, to whoever's sign-in token it bears; `GET /`
 * says what this is.
 */
export function tabRoutes(options: TabOptions): (server: restify.Server) => void {
  const { check, who, log, pace = usualPace } = options;
  return (server) => {
    pages(server, options);
    server.get("/api/tab/cases", guard({ name: "tab", check, who, log, pace }), casesRoute(options));
  };
}

function pages(server: restify.Server, { framing, pageFolder, log }: TabOptions): void {
  const headers = pageHeaders(framing);
  // teams-js may speak to whoever may frame the page, and to nobody else: its own list is left out of the bundle.
  const origins = ancestors(framing).join(" ");
  const files = readBuilt(pageFolder ?? builtFolder(), (html) => html.replace("{{hosts}}", origins));
  if (!files.has("index.html")) log.warn("tab.notBuilt", { ancestors: ancestors(framing).length });

  const send = (name: string) => async (request: restify.Request, response: restify.Response) => {
    const file = files.get(name);
    if (file) sendBuilt(request, response, file, headers);
    else answer(response, 404, { error: { code: "NotFound", correlationId: correlationOf(request) } });
  };
  server.get("/tab", send("index.html"));
  for (const name of files.keys()) if (name !== "index.html") server.get(`/tab/${name}`, send(name));

  const about = built("index.html", aboutPage);
  server.get("/", async (request: restify.Request, response: restify.Response) =>
    sendBuilt(request, response, about, headers),
  );
}

/** Both lists, or a further page of one, of whoever was let in. */
function casesRoute({ desk, clock, appId }: TabOptions) {
  const chatLink = chatLinkOf(appId);
  return async (request: restify.Request, response: restify.Response) => {
    const known = knownOf(request);
    const asked = Asked.safeParse(queryOf(request));
    if (!asked.success) return refuse(request, response, "BadRequest");
    const told = await listing(known, asked.data, { desk, now: clock.now(), chatLink });
    const etag = etagOf(JSON.stringify(told));
    response.setHeader("ETag", etag);
    if (has(request, etag)) return void response.sendRaw(304, "");
    answer(response, 200, told);
  };
}
