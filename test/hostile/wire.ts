import { randomUUID } from "node:crypto";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import type { LocalTeams } from "../../bot/local/localTeams";
import type { Json } from "../support/cardReading";

/** The wire itself: activities as any client of a valid token could post them, and whatever else can be sent. */

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * Sends bytes to a path. Resolves with what came back: a refused body is taken off the wire, so its answer is always heard.
 * Only a kept connection may be gone when it is used again, as with any client: that request is sent anew, once, on one of
 * its own.
 */
export async function send(url: string, sent: Sent = {}): Promise<Answer> {
  try {
    return await once(url, sent, agent);
  } catch (error) {
    if (!["ECONNRESET", "EPIPE"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return once(url, sent, false);
  }
}

function once(
  url: string,
  { method = "POST", path = "/api/messages", headers = {}, body }: Sent,
  through: Agent | false,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  // Node frames no body of DELETE or OPTIONS by itself: unframed bytes would be no request at all.
  const framed = body === undefined ? headers : { ...headers, "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sending = request({ agent: through, host: hostname, port, path, method, headers: framed }, (response) => {
      const chunks: Buffer[] = [];
      const end = () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        });
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", end);
      response.on("error", end);
    });
    sending.on("error", reject);
    sending.end(body);
  });
}

export interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What an activity of that person, in their own chat with the app or in one named, says of who and where. */
export function activityOf(local: LocalTeams, personId: string, chatId?: string): Json {
  const person = local.people().find((one) => one.id === personId);
  if (!person) throw new Error(`Nobody is ${personId}`);
  const { chats } = local.snapshot(personId);
  const chat = chatId === undefined ? chats.find((one) => one.kind === "personal") : chats.find((c) => c.id === chatId);
  const tenantId = chat?.kind === "personal" && person.tenantId ? person.tenantId : local.tenantIds.awardingBody;
  return {
    type: "message",
    id: `f:${randomUUID()}`,
    timestamp: "2026-02-02T09:00:00Z",
    serviceUrl: local.serviceUrl,
    channelId: "msteams",
    locale: "en-GB",
    from: {
      id: local.mri(personId),
      name: person.name,
      ...(person.aadObjectId ? { aadObjectId: person.aadObjectId } : {}),
    },
    recipient: { id: `28:${local.appId}`, name: "Epilogue" },
    conversation: {
      conversationType: chat?.kind === "personal" ? "personal" : "groupChat",
      ...(chat?.kind === "personal" ? {} : { isGroup: true }),
      tenantId,
      id: chat?.id ?? "a:nowhere",
    },
    channelData: { tenant: { id: tenantId } },
  };
}

/** An activity with a token that holds: what is wrong with it is not the signature. */
export const vouched = (local: LocalTeams, activity: unknown): Sent => ({
  headers: { "content-type": "application/json", authorization: `Bearer ${local.keys.tokenForBot()}` },
  body: typeof activity === "string" ? activity : JSON.stringify(activity),
});

/** A pressed `Action.Execute`, a button that opens a dialog, a dialog's submit. */
export const pressing = (base: Json, data: unknown, over: Json = {}): Json => ({
  ...base,
  type: "invoke",
  name: "adaptiveCard/action",
  value: {
    action: { type: "Action.Execute", verb: (data as Json | null)?.verb ?? "view.case", data },
    trigger: "manual",
  },
  ...over,
});
export const opening = (base: Json, data: unknown): Json => ({
  ...base,
  type: "invoke",
  name: "task/fetch",
  value: { data },
});
export const submitting = (base: Json, data: unknown): Json => ({
  ...base,
  type: "invoke",
  name: "task/submit",
  value: { data },
});
