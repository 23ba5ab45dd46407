import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import type { Channel } from "./channel";
import type { Running } from "./product";

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** Posts an activity as Teams does; the answer's body. @throws for any status but 200. */
export function post(port: number, authorization: string, activity: object): Promise<unknown> {
  const body = JSON.stringify(activity);
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        agent,
        host: "127.0.0.1",
        port,
        path: "/api/messages",
        method: "POST",
        headers: { authorization, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if (response.statusCode === 200) resolve(text === "" ? undefined : JSON.parse(text));
          else reject(new Error(`${response.statusCode} ${text}`));
        });
      },
    );
    sending.on("error", reject);
    sending.end(body);
  });
}

/** The press that opens the questions of a session, and then the one that closes them: on the record, told to nobody. */
export class Presses {
  private made = 0;
  private readonly open = new Map<string, boolean>();
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly channel: Channel,
    private readonly cases: readonly Running[],
  ) {}

  /** The next press: each case in turn, with what its last card had seen. */
  next(): { activity: object; caseId: string } {
    const one = this.cases[this.made++ % this.cases.length];
    if (!one) throw new Error("No cases");
    const { tenantId, serviceUrl, appId } = this.channel.settings;
    const { caseId, method, assessor } = one;
    const open = this.open.get(caseId) ?? false;
    this.open.set(caseId, !open);
    const seen = (this.seen.get(caseId) ?? one.seen) + 1;
    this.seen.set(caseId, seen);
    const verb = "session.questions";
    const args = { method, part: open ? "close" : "open" };
    return {
      caseId,
      activity: {
        type: "invoke",
        name: "adaptiveCard/action",
        id: `f:${randomUUID()}`,
        timestamp: "2026-04-07T09:00:00Z",
        serviceUrl,
        channelId: "msteams",
        locale: "en-GB",
        from: { id: assessor.mri, name: assessor.name, aadObjectId: assessor.objectId },
        recipient: { id: `28:${appId}`, name: "Epilogue" },
        conversation: { conversationType: "personal", tenantId, id: assessor.conversation },
        channelData: { tenant: { id: tenantId } },
        entities: [{ type: "clientInfo", locale: "en-GB", country: "GB", platform: "Web", timezone: "Europe/London" }],
        replyToId: "1700000000001",
        value: {
          action: {
            type: "Action.Execute",
            verb,
            data: { verb, caseId, seen: seen - 1, commandId: randomUUID(), args },
          },
          trigger: "manual",
        },
      },
    };
  }
}

/** An answered press must be the refreshed card, with no word of refusal over it. */
export function mustBeCard(answer: unknown): void {
  const { statusCode, type, value } = answer as { statusCode?: number; type?: string; value?: { type?: string } };
  if (statusCode !== 200 || type !== "application/vnd.microsoft.card.adaptive" || value?.type !== "AdaptiveCard")
    throw new Error(`Not a card: ${JSON.stringify(answer).slice(0, 500)}`);
}

/** So many at once, never more: what a service under load sees. */
export async function inParallel(count: number, width: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < count) await work(next++);
    }),
  );
}
