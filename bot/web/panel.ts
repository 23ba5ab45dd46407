import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type * as restify from "restify";
import { CommandBatch, type Failure, PanelAnswer, PanelQuery } from "../../src/panel/shape";
import type { Desk } from "../desk";
import { answer, correlationOf, jsonBody } from "../http";
import type { Known } from "../identity";
import type { Log } from "../log";
import { etagOf, has } from "./built";
import { guard, knownOf, notLetIn } from "./guard";
import { doBatch } from "./panelCommands";
import { PanelDesk, type Sendable } from "./panelDesk";
import { queryOf } from "./query";
import type { Pace } from "./rate";
import type { CheckToken } from "./token";

/**
 * What the grading panel asks of the service: `GET /api/panel` and `POST /api/panel/commands`, as `src/panel/shape.ts` has them.
 * A sign-in token first, before a body is read; then how often; then who it is. No other origin is ever let in.
 */

export interface PanelOptions {
  readonly desk: Desk;
  /** Whose account it is; undefined until a person was bound to it. */
  readonly who: (account: { tenantId: string; objectId: string }) => Promise<Known | undefined>;
  readonly check: CheckToken;
  readonly clock: { now(): string };
  readonly log: Pick<Log, "warn">;
  /** How often one person may ask, reading and writing each. */
  readonly pace?: Pace;
}

const usualPace: Pace = { burst: 60, everyMs: 500 };
/** Bytes of a batch: fifty commands, or a few with long notes. */
const MAX_BATCH = 512 * 1024;

type Code = Failure["error"]["code"];
const statusOf: Readonly<Record<Code, number>> = {
  ...notLetIn,
  NoSession: 404,
  BadRequest: 400,
  PayloadTooLarge: 413,
  UnsupportedMediaType: 415,
  Busy: 503,
};

function refuse(request: restify.Request, response: restify.Response, code: Code): void {
  answer(response, statusOf[code], { error: { code, correlationId: correlationOf(request) } } satisfies Failure);
}

export function panelRoutes(options: PanelOptions): (server: restify.Server) => void {
  const panels = new PanelDesk(options.desk);
  return (server) => {
    const { check, who, log, pace = usualPace } = options;
    const guarded = () => [timed(options), guard({ name: "panel", check, who, log, pace })];
    server.get("/api/panel", ...guarded(), readRoute(panels));
    server.post("/api/panel/commands", ...guarded(), ...jsonBody(MAX_BATCH), writeRoute(options, panels));
  };
}

/** Shorter than this, packing saves nothing. */
const WORTH_PACKING = 2_000;
const pack = promisify(gzip);

/** JSON, packed where the client takes that, at most once. Nothing in it is both secret and repeated back from the request. */
async function send(request: restify.Request, response: restify.Response, whole: Sendable): Promise<void> {
  const { text } = whole;
  const packs = text.length > WORTH_PACKING && /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  if (packs) whole.packed ??= pack(text, { level: 3 });
  const body = (packs && (await whole.packed)) || Buffer.from(text);
  response.sendRaw(200, body as unknown as string, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": String(body.length),
    ...(packs ? { "Content-Encoding": "gzip" } : {}),
  });
}

/** Answers bear the service's clock. */
const timed =
  ({ clock }: PanelOptions): restify.RequestHandler =>
  (_request, response, next) => {
    response.setHeader("Epilogue-Time", new Date(clock.now()).toISOString());
    return next();
  };

function readRoute(panels: PanelDesk) {
  const noSession = async (known: Known, inChat: boolean) =>
    JSON.stringify(PanelAnswer.parse(await panels.noSession(known, inChat)));
  return async (request: restify.Request, response: restify.Response) => {
    const known = knownOf(request);
    const query = PanelQuery.safeParse(queryOf(request));
    if (!query.success) return refuse(request, response, "BadRequest");
    const place = await panels.place(query.data);
    const drawn = place && (await panels.panel(known, place));
    // A session named by its case is there or not; a chat without one says what comes next.
    if (!drawn && "case" in query.data) return refuse(request, response, "NoSession");
    const whole: Sendable = drawn ?? { text: await noSession(known, "chat" in query.data) };
    const etag = drawn?.etag ?? etagOf(whole.text);
    response.setHeader("ETag", etag);
    if (has(request, etag)) return void response.sendRaw(304, "");
    await send(request, response, whole);
  };
}

function writeRoute({ desk, log }: PanelOptions, panels: PanelDesk) {
  return async (request: restify.Request, response: restify.Response) => {
    const known = knownOf(request);
    const batch = CommandBatch.safeParse(request.body);
    if (!batch.success) return refuse(request, response, "BadRequest");
    await send(request, response, { text: JSON.stringify(await doBatch(known, batch.data, { desk, panels, log })) });
  };
}
