import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Fleet } from "./fleet";
import type { Moving, Presser, Seeded } from "./seed";
import { oneOf } from "./settings";

/** A session moved: by whom, to when, and what was answered. */
export interface Press {
  caseId: string;
  commandId: string;
  by: Presser;
  /** "14:07": no two presses in a case have the same. */
  time: string;
  acknowledged: boolean;
}

export interface Pressing {
  seeded: Seeded;
  fleet: Fleet;
  draw: () => number;
  authorization: string;
  appId: string;
  tenantId: string;
  serviceUrl: string;
}

/** Presses until told to end; each is delivered again, under the same or a new activity id, when its answer was lost, and now and then when not. */
export async function pressing(o: Pressing, going: () => boolean): Promise<{ presses: Press[]; deliveries: number }> {
  const presses: Press[] = [];
  const counted = { deliveries: 0 };
  const worker = async () => {
    while (going()) {
      const moving = oneOf(o.draw, o.seeded.cases);
      if (moving.next >= 480) continue;
      const press = pressOf(moving, o.draw() < 0.5 ? o.seeded.coordinator : o.seeded.assessor);
      presses.push(press);
      const body = activityOf(o, press, moving);
      for (let n = 0; n < 4; n++) {
        // Teams delivers to any instance, and again under a new id as often as under the old.
        if (n > 0 && o.draw() < 0.5) body.id = `f:${randomUUID()}`;
        const twice = o.draw() < 0.1;
        const answers = await Promise.all([deliver(o, body), ...(twice ? [deliver(o, body)] : [])]);
        counted.deliveries += answers.length;
        if (answers.some(Boolean)) {
          press.acknowledged = true;
          // Once more, though it was answered.
          if (o.draw() < 0.1) {
            counted.deliveries += 1;
            await deliver(o, { ...body, id: `f:${randomUUID()}` });
          }
          break;
        }
        await pause(100);
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return { presses, ...counted };
}

function pressOf(moving: Moving, by: Presser): Press {
  const minute = moving.next++;
  const time = new Date(Date.UTC(2026, 0, 1, 9, minute)).toISOString().slice(11, 16);
  return { caseId: moving.caseId, commandId: randomUUID(), by, time, acknowledged: false };
}

/** Whether the service said that it was done. */
async function deliver(o: Pressing, body: object): Promise<boolean> {
  const port = o.fleet.port();
  if (port === undefined) return false;
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: o.authorization },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(3_000),
    });
    const words = await response.text();
    return response.status === 200 && !/"continue"|went wrong/.test(words);
  } catch {
    return false;
  }
}

function activityOf(o: Pressing, press: Press, { method, day, setting }: Moving): Record<string, unknown> {
  const { by } = press;
  return {
    type: "invoke",
    name: "task/submit",
    id: `f:${randomUUID()}`,
    timestamp: "2026-04-07T09:00:00Z",
    serviceUrl: o.serviceUrl,
    channelId: "msteams",
    locale: "en-GB",
    from: { id: by.mri, name: by.name, aadObjectId: by.objectId },
    recipient: { id: `28:${o.appId}`, name: "Epilogue" },
    conversation: { conversationType: "personal", tenantId: o.tenantId, id: by.conversation },
    channelData: { tenant: { id: o.tenantId } },
    value: {
      data: {
        verb: "session.move",
        caseId: press.caseId,
        commandId: press.commandId,
        args: { method },
        "date-r1": day,
        "time-r1": press.time,
        "setting-r1": setting,
        "where-r1": "Room 4",
        "reason-r1": "The room is taken",
      },
    },
  };
}
