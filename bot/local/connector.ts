import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, failed, respond } from "./answering";
import type { Fault, Route } from "./faults";
import { parseJson, readBody, sendJson } from "./http";
import { GRAPH_SCOPE } from "./keys";
import { TeamsRefusal } from "./refusal";
import { meetingInfo, member, notification, pageOfMembers, participant } from "./roster";
import { createConversation, openTo, remove, send, spendSend, update } from "./sending";
import type { World } from "./state";

const MOST_READ = 256 * 1024;
const TOKEN_SECONDS = 3600;

interface Call {
  query: URLSearchParams;
  body: unknown;
  /** The pieces of the path, decoded. */
  parts: string[];
}

interface Entry {
  method: string;
  path: RegExp;
  route: Route;
  /** What the first piece of the path is a member of, for faults and limits. */
  run(world: World, call: Call): Answer;
}

const part = (call: Call, index: number): string => call.parts[index] ?? "";

function sending(world: World, call: Call): Answer {
  const chat = openTo(world, part(call, 0));
  spendSend(world, chat);
  return { status: 201, body: send(world, chat, call.body) };
}

function reading(world: World, call: Call) {
  const chat = openTo(world, part(call, 0));
  world.limits.spend(["members", chat.id], ["tenant", chat.tenantId]);
  return chat;
}

/** The Bot Connector's routes below the service URL. */
const entries: Entry[] = [
  {
    method: "POST",
    path: /^v3\/conversations\/?$/,
    route: "create",
    run: (world, call) => ({
      status: 201,
      body: createConversation(world, call.body, (chat) => {
        if ((call.body as { activity?: unknown }).activity) spendSend(world, chat);
      }),
    }),
  },
  { method: "POST", path: /^v3\/conversations\/([^/]+)\/activities(?:\/[^/]+)?$/, route: "send", run: sending },
  {
    method: "PUT",
    path: /^v3\/conversations\/([^/]+)\/activities\/([^/]+)$/,
    route: "update",
    run(world, call) {
      const chat = openTo(world, part(call, 0));
      spendSend(world, chat);
      return { status: 200, body: update(world, chat, part(call, 1), call.body) };
    },
  },
  {
    method: "DELETE",
    path: /^v3\/conversations\/([^/]+)\/activities\/([^/]+)$/,
    route: "delete",
    run(world, call) {
      const chat = openTo(world, part(call, 0));
      spendSend(world, chat);
      remove(world, chat, part(call, 1));
      return { status: 200 };
    },
  },
  {
    method: "GET",
    path: /^v3\/conversations\/([^/]+)\/members\/([^/]+)$/,
    route: "member",
    run: (world, call) => ({ status: 200, body: member(world, reading(world, call), part(call, 1)) }),
  },
  {
    method: "GET",
    path: /^v3\/conversations\/([^/]+)\/pagedmembers$/,
    route: "members",
    run: (world, call) => ({ status: 200, body: pageOfMembers(world, reading(world, call), call.query) }),
  },
  {
    method: "GET",
    path: /^v1\/meetings\/([^/]+)$/,
    route: "meeting",
    run: (world, call) => ({ status: 200, body: meetingInfo(world, part(call, 0)) }),
  },
  {
    method: "GET",
    path: /^v1\/meetings\/([^/]+)\/participants\/([^/]+)$/,
    route: "participant",
    run: (world, call) => ({
      status: 200,
      body: participant(world, part(call, 0), part(call, 1), call.query.get("tenantId")),
    }),
  },
  {
    method: "POST",
    path: /^v1\/meetings\/([^/]+)\/notification$/,
    route: "notification",
    run: (world, call) => notification(world, part(call, 0), call.body),
  },
];

/** Serves one call of the bot to the connector: token, fault, limits, work, log. `path` is below the service URL. */
export async function serveConnector(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const began = performance.now();
  const method = request.method ?? "GET";
  let body: unknown;
  let answer: Answer;
  let fault: Fault | undefined;
  try {
    const text = await readBody(request, MOST_READ);
    if (!world.keys.isTokenOfBot(request.headers.authorization))
      throw new TeamsRefusal(401, "Unauthorized", "Authorization has been denied for this request.");
    const entry = entries.find((one) => one.method === method && one.path.test(path));
    if (!entry) throw new TeamsRefusal(404, "NotFound", `No such route: ${method} ${path}`);
    const parts = (entry.path.exec(path) ?? []).slice(1).map((piece) => decoded(piece));
    fault = world.faults.take(entry.route, parts[0]);
    if (fault && !fault.afterEffect) answer = failed(fault);
    else {
      body = text ? parseJson(text) : undefined;
      answer = entry.run(world, { query, body, parts });
      if (fault) answer = failed(fault);
    }
  } catch (error) {
    if (!(error instanceof TeamsRefusal)) throw error;
    const { status, code, message, retryAfter } = error;
    answer = { status, body: { error: { code, message } } };
    if (retryAfter !== undefined) answer.headers = { "retry-after": String(retryAfter) };
  }
  respond(world, request, response, { path: `/${path}`, began, body, answer });
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    throw new TeamsRefusal(400, "BadSyntax", "The path is not well formed");
  }
}

/** The token endpoint: `client_credentials` with the app's id and password, for the connector or for Graph. */
export async function serveToken(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(await readBody(request, MOST_READ));
  const { status, body } = grant(world, form);
  if (status === 0) request.socket.destroy();
  else sendJson(response, status, body);
}

function grant(world: World, form: URLSearchParams): Answer {
  const fault = world.faults.take("token");
  if (fault) return { status: fault.status, body: { error: fault.code ?? "server_error" } };
  if (form.get("grant_type") !== "client_credentials")
    return { status: 400, body: { error: "unsupported_grant_type" } };
  if (form.get("client_id") !== world.appId || form.get("client_secret") !== world.keys.appPassword)
    return { status: 401, body: { error: "invalid_client" } };
  const scope = form.get("scope") ?? "";
  if (scope !== "https://api.botframework.com/.default" && scope !== GRAPH_SCOPE)
    return { status: 400, body: { error: "invalid_scope" } };
  return {
    status: 200,
    body: {
      token_type: "Bearer",
      expires_in: TOKEN_SECONDS,
      access_token: world.keys.tokenOfBot(scope, TOKEN_SECONDS),
    },
  };
}
