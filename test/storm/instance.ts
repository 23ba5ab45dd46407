import { createLog } from "../../bot/log";
import type { Mail, Mailer, MailOutcome } from "../../bot/mail/smtp";
import { createService } from "../../bot/service";
import { openCosmos } from "../../bot/store/cosmos";
import { Pace } from "../../bot/teams/pace";
import { settingsOf } from "../store/account";
import { tquk } from "../support/case";
import { trustOf } from "../support/signing";
import { marking } from "./marks";
import { type InstanceSettings, leaseSeconds } from "./settings";

/** One instance of the service as production wires it, on the double, until it is killed or told to stop. */
export async function runInstance(told: InstanceSettings): Promise<void> {
  const { channel, cosmos, offset, skew } = told;
  const store = await openCosmos(settingsOf(cosmos.endpoint, cosmos.key), { timeoutMs: 1_500 });
  const service = createService({
    config: { coordinators: [], mode: "production" },
    trust: trustOf(channel),
    store,
    // Its clock is a little wrong, as clocks are: leases go by the store's.
    clock: { now: () => new Date(Date.now() + offset + skew).toISOString() },
    mailer: mailerAt(channel.url),
    log: createLog({ level: "error", write: () => undefined }),
    bodiesOfTenant: (tenantId) => (tenantId === channel.tenantId ? [tquk.body.id] : []),
    // Hours of sending in minutes: Teams' rates, by a clock that runs twenty times as fast.
    pace: new Pace(() => performance.now() * 20),
    compose: marking,
    sweeps: { leaseSeconds, batch: 16, intervalMs: 700, backoff: () => 1 },
  });
  const port = await service.http.listen(0, "127.0.0.1");
  process.on("SIGTERM", () => void service.stop().then(() => process.exit(0)));
  process.on("disconnect", () => process.exit(0));
  process.send?.({ port });
  void service.delivery.kick();
}

/** Mail by HTTP to whoever made the storm, so that all that was sent is counted in one place. */
function mailerAt(url: string): Mailer {
  return {
    async send(mail: Mail, signal?: AbortSignal): Promise<MailOutcome> {
      if (signal?.aborted) return { kind: "failed", code: "Aborted", retryable: true };
      try {
        const response = await fetch(`${url}/mail`, {
          method: "POST",
          body: JSON.stringify(mail),
          ...(signal ? { signal } : {}),
        });
        return response.ok
          ? { kind: "ok", messageId: mail.id }
          : { kind: "failed", code: `Smtp${response.status}`, retryable: true };
      } catch {
        return { kind: "ambiguous", code: "ECONNRESET" };
      }
    },
    ready: async () => true,
    close() {},
  };
}
