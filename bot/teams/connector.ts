import * as http from "node:http";
import * as https from "node:https";
import type { Tokens } from "./tokens";

/** Where a message goes. */
export interface ConversationRef {
  readonly serviceUrl: string;
  readonly conversationId: string;
}

/** A message as the bot writes it; type, sender and conversation are added when it is sent. */
export interface OutboundActivity {
  readonly type?: "message" | "typing";
  readonly text?: string;
  readonly textFormat?: "plain" | "markdown" | "xml";
  /** Shows on lock screens: never a grade. */
  readonly summary?: string;
  readonly attachments?: readonly { readonly contentType: string; readonly content: unknown; readonly name?: string }[];
  readonly entities?: readonly object[];
  readonly channelData?: Readonly<Record<string, unknown>>;
}

/**
 * What became of a call.
 * - `ok`: the Connector says so.
 * - `dead`: this way to the person is closed (they blocked the bot, the bot is not there); use another.
 * - `throttled`: not done; may be tried again after so many milliseconds.
 * - `ambiguous`: sent, but no proof of the outcome (time-out, reset, 5xx): it may have been done.
 * - `failed`: certainly not done; `retryable` says whether trying the same again makes sense.
 */
export type Outcome<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "dead"; readonly code: string }
  | { readonly kind: "throttled"; readonly retryAfterMs: number }
  | { readonly kind: "ambiguous"; readonly code: string }
  | { readonly kind: "failed"; readonly code: string; readonly status?: number; readonly retryable: boolean };

/** A member of a conversation, as the roster has it. A mail address in it is a hint, never an identity. */
export interface Member {
  /** `29:…`: names this person to this bot only. */
  readonly mri: string;
  readonly name?: string;
  readonly aadObjectId?: string;
  /** The person's own tenant: a guest's or federated person's differs from the conversation's. */
  readonly tenantId?: string;
  readonly mail?: string;
  readonly userPrincipalName?: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole call; the connector's own unless told. */
  readonly timeoutMs?: number;
}

/** Everything the bot asks of the Bot Connector of its own accord. No method throws, repeats a call or follows a redirect. */
export interface Connector {
  send(to: ConversationRef, activity: OutboundActivity, options?: CallOptions): Promise<Outcome<{ id: string }>>;
  update(
    to: ConversationRef,
    activityId: string,
    activity: OutboundActivity,
    options?: CallOptions,
  ): Promise<Outcome<{ id: string }>>;
  remove(to: ConversationRef, activityId: string, options?: CallOptions): Promise<Outcome<undefined>>;
  /** The personal chat with a member (MRI or Entra object id) of a tenant; the same chat each time. */
  createPersonalConversation(
    serviceUrl: string,
    tenantId: string,
    memberId: string,
    options?: CallOptions,
  ): Promise<Outcome<ConversationRef>>;
  /** One member, by MRI or Entra object id. */
  member(of: ConversationRef, id: string, options?: CallOptions): Promise<Outcome<Member>>;
  /** All members, page by page. */
  members(of: ConversationRef, options?: CallOptions): Promise<Outcome<readonly Member[]>>;
  /** Ends idle connections. */
  close(): void;
}

export interface ConnectorOptions {
  readonly appId: string;
  readonly tokens: Tokens;
  /** Whether a service URL may be sent a token. */
  readonly trusted: (serviceUrl: string) => boolean;
  /** Milliseconds a call may take; 10,000 unless told. */
  readonly timeoutMs?: number;
}

/** Refusals that close a conversation to the bot (Microsoft: status codes of the bot conversational APIs). */
const DEAD = new Set([
  "BotNotInConversationRoster",
  "ConversationBlockedByUser",
  "BotDisabledByAdmin",
  "ConversationNotFound",
  "ForbiddenOperationException",
  "NotEnoughPermissions",
  "MessageWritesBlocked",
]);
const MAX_ANSWER = 4 * 1024 * 1024;
const MAX_PAGES = 100;
const DEFAULT_RETRY_MS = 2_000;

/** Whether any byte of a call may have left: before that, a failure is certain; after it, it is ambiguous. */
interface Progress {
  begun: boolean;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: unknown;
}

/** Milliseconds from a `Retry-After` header: seconds or an HTTP date. At most an hour. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined || header.trim() === "") return DEFAULT_RETRY_MS;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isNaN(ms) ? DEFAULT_RETRY_MS : Math.min(Math.max(ms, 0), 3_600_000);
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** The code in a Connector's error: the inner one, which is the more exact, if there is one. */
function errorCode(body: unknown): string | undefined {
  const error = property(body, "error");
  const code = text(property(property(error, "innerHttpError"), "code")) ?? text(property(error, "code"));
  return code !== undefined && /^\w{1,64}$/.test(code) ? code : undefined;
}

function refused(answer: Answer): Outcome<never> {
  const { status } = answer;
  const outer = text(property(property(answer.body, "error"), "code"));
  const code = errorCode(answer.body) ?? `Http${status}`;
  if (status === 429) return { kind: "throttled", retryAfterMs: retryAfterMs(answer.retryAfter, Date.now()) };
  if (DEAD.has(code) || (outer !== undefined && DEAD.has(outer)))
    return { kind: "dead", code: DEAD.has(code) ? code : (outer ?? code) };
  if (status === 403 && code !== "InvalidBotApiHost") return { kind: "dead", code };
  if (status >= 500 || status === 408) return { kind: "ambiguous", code };
  return { kind: "failed", code, status, retryable: status === 412 };
}

function member(body: unknown): Member | undefined {
  const mri = text(property(body, "id"));
  if (mri === undefined) return undefined;
  const optional: [keyof Member, unknown][] = [
    ["name", property(body, "name")],
    ["aadObjectId", property(body, "aadObjectId") ?? property(body, "objectId")],
    ["tenantId", property(body, "tenantId")],
    ["mail", property(body, "email")],
    ["userPrincipalName", property(body, "userPrincipalName")],
  ];
  return { mri, ...Object.fromEntries(optional.filter(([, value]) => text(value) !== undefined)) };
}

/**
 * The bot's side of the Bot Connector's REST interface, version 3, over kept-alive connections. botbuilder's own client is
 * not used: it silently repeats a POST after a 5xx, follows redirects with the token, and hides `Retry-After`, so that
 * a message never to be repeated could come twice.
 */
export function createConnector(options: ConnectorOptions): Connector {
  const agentOptions = { keepAlive: true, maxSockets: 64, timeout: 30_000 };
  const agents = { "http:": new http.Agent(agentOptions), "https:": new https.Agent(agentOptions) };
  const bot = { id: `28:${options.appId}` };

  const request = (
    method: string,
    url: URL,
    token: string,
    payload: string | undefined,
    signal: AbortSignal,
    progress: Progress,
  ) =>
    new Promise<Answer>((resolve, reject) => {
      const secure = url.protocol === "https:";
      const call = (secure ? https : http).request(
        url,
        {
          method,
          agent: secure ? agents["https:"] : agents["http:"],
          signal,
          headers: {
            authorization: `Bearer ${token}`,
            accept: "application/json",
            ...(payload === undefined
              ? {}
              : { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(payload) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on("data", (chunk: Buffer) => {
            size += chunk.length;
            if (size > MAX_ANSWER) response.destroy(new Error("answer too large"));
            else chunks.push(chunk);
          });
          response.on("error", reject);
          response.on("end", () => {
            const raw = Buffer.concat(chunks).toString("utf8");
            let body: unknown;
            try {
              body = raw === "" ? undefined : JSON.parse(raw);
            } catch {
              body = undefined;
            }
            resolve({ status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"], body });
          });
        },
      );
      call.on("error", reject);
      call.on("socket", (socket) => {
        const begin = () => {
          progress.begun = true;
        };
        if (socket.connecting) socket.once(secure ? "secureConnect" : "connect", begin);
        else begin();
      });
      call.end(payload);
    });

  const call = async <T>(
    method: string,
    serviceUrl: string,
    path: string,
    activity: object | undefined,
    { signal, timeoutMs = options.timeoutMs ?? 10_000 }: CallOptions,
    read: (body: unknown) => T | undefined,
  ): Promise<Outcome<T>> => {
    if (!options.trusted(serviceUrl)) return { kind: "failed", code: "ServiceUrlUntrusted", retryable: false };
    if (signal?.aborted) return { kind: "failed", code: "Aborted", retryable: true };
    const url = new URL(path, serviceUrl.endsWith("/") ? serviceUrl : `${serviceUrl}/`);
    const payload = activity === undefined ? undefined : JSON.stringify(activity);
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    const timer = setTimeout(onAbort, timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    let progress: Progress = { begun: false };
    try {
      for (const renew of [false, true]) {
        let token: string;
        try {
          token = await options.tokens(renew);
        } catch {
          return { kind: "failed", code: "TokenUnavailable", retryable: true };
        }
        if (stop.signal.aborted) return { kind: "failed", code: "Aborted", retryable: true };
        progress = { begun: false };
        const answer = await request(method, url, token, payload, stop.signal, progress);
        if (answer.status >= 200 && answer.status < 300) {
          const value = read(answer.body);
          return value === undefined ? { kind: "ambiguous", code: "UnreadableAnswer" } : { kind: "ok", value };
        }
        // A refused token means that nothing was done: once more with a fresh one.
        if (answer.status !== 401 || renew || DEAD.has(errorCode(answer.body) ?? "")) return refused(answer);
      }
      return { kind: "failed", code: "Unauthorized", status: 401, retryable: false };
    } catch (error) {
      const stopped = signal?.aborted ? "Aborted" : stop.signal.aborted ? "TimedOut" : undefined;
      const code = stopped ?? text((error as { code?: unknown }).code) ?? "ConnectionLost";
      return progress.begun ? { kind: "ambiguous", code } : { kind: "failed", code, retryable: true };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  };

  const conversation = (ref: ConversationRef) => `v3/conversations/${encodeURIComponent(ref.conversationId)}`;
  const addressed = (ref: ConversationRef, activity: OutboundActivity, id?: string) => ({
    type: "message",
    ...activity,
    ...(id === undefined ? {} : { id }),
    channelId: "msteams",
    from: bot,
    conversation: { id: ref.conversationId },
  });
  const sentId = (body: unknown) => ({ id: text(property(body, "id")) ?? "" });

  return {
    send: (to, activity, call_ = {}) =>
      call("POST", to.serviceUrl, `${conversation(to)}/activities`, addressed(to, activity), call_, sentId),

    update: (to, id, activity, call_ = {}) =>
      call(
        "PUT",
        to.serviceUrl,
        `${conversation(to)}/activities/${encodeURIComponent(id)}`,
        addressed(to, activity, id),
        call_,
        () => ({ id }),
      ),

    remove: async (to, id, call_ = {}) => {
      const path = `${conversation(to)}/activities/${encodeURIComponent(id)}`;
      const outcome = await call("DELETE", to.serviceUrl, path, undefined, call_, () => true);
      return outcome.kind === "ok" ? { kind: "ok", value: undefined } : outcome;
    },

    createPersonalConversation: (serviceUrl, tenantId, memberId, call_ = {}) =>
      call(
        "POST",
        serviceUrl,
        "v3/conversations",
        { isGroup: false, bot, members: [{ id: memberId }], tenantId, channelData: { tenant: { id: tenantId } } },
        call_,
        (body) => {
          const conversationId = text(property(body, "id"));
          return conversationId === undefined ? undefined : { serviceUrl, conversationId };
        },
      ),

    member: (of, id, call_ = {}) =>
      call("GET", of.serviceUrl, `${conversation(of)}/members/${encodeURIComponent(id)}`, undefined, call_, member),

    members: async (of, call_ = {}) => {
      const found: Member[] = [];
      let next: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const query = next === undefined ? "" : `&continuationToken=${encodeURIComponent(next)}`;
        const path = `${conversation(of)}/pagedmembers?pageSize=500${query}`;
        const outcome = await call("GET", of.serviceUrl, path, undefined, call_, (body) => {
          const list = property(body, "members");
          return Array.isArray(list) ? { list, next: text(property(body, "continuationToken")) } : undefined;
        });
        if (outcome.kind !== "ok") return outcome;
        found.push(...outcome.value.list.flatMap((one) => member(one) ?? []));
        next = outcome.value.next;
        if (next === undefined) return { kind: "ok", value: found };
      }
      return { kind: "failed", code: "TooManyPages", retryable: false };
    },

    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}
