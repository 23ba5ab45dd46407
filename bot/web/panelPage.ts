import path from "node:path";
import type * as restify from "restify";
import { answer, correlationOf } from "../http";
import type { Log } from "../log";
import { builtFolder, readBuilt, sendBuilt } from "./built";
import { ancestors, type Framing, pageHeaders } from "./policy";

export interface PanelPageOptions {
  readonly framing: Framing;
  readonly log: Pick<Log, "warn">;
  /** The built page; beside the running program unless told. */
  readonly pageFolder?: string;
}

/**
 * The panel's page and its files: `GET /panel`, `/panel/main.js` and so on, `/panel/configure` for adding it to a meeting. Its
 * service worker may keep the page itself, which stands beside the worker's folder, not in it.
 */
export function panelPage({ framing, log, pageFolder }: PanelPageOptions): (server: restify.Server) => void {
  return (server) => {
    // teams-js may speak to whoever may frame the page, and to nobody else: its own list is left out of the bundle.
    const origins = ancestors(framing).join(" ");
    const files = readBuilt(pageFolder ?? builtFolder("panel"), (html) => html.replace("{{hosts}}", origins));
    if (!files.has("index.html")) log.warn("panel.notBuilt", { ancestors: ancestors(framing).length });
    const headers = pageHeaders(framing);
    const send =
      (name: string, also = {}) =>
      async (request: restify.Request, response: restify.Response) => {
        const file = files.get(name);
        if (file) sendBuilt(request, response, file, { ...headers, ...also });
        else answer(response, 404, { error: { code: "NotFound", correlationId: correlationOf(request) } });
      };
    server.get("/panel", send("index.html"));
    server.get("/panel/configure", send("configure.html"));
    for (const name of files.keys())
      if (path.extname(name) !== ".html")
        server.get(`/panel/${name}`, send(name, name === "sw.js" ? { "Service-Worker-Allowed": "/panel" } : {}));
  };
}
