import { randomUUID } from "node:crypto";
import type { Case } from "../../src/case/case";
import type { Move } from "./moves";
import type { Presser } from "./seed";

/** What Teams posts for a person, and what its answer says. */

/** Where Teams stands: who signs, for which bot. */
export interface Door {
  authorization: string;
  appId: string;
  tenantId: string;
  serviceUrl: string;
}
export type Post = Record<string, unknown>;

/**
 * - `done`, `already` (somebody's press stood before it), `refused`: what the service said of the press.
 * - `failed`: it said that something went wrong. The rest: no answer came, and why.
 */
export type Answered =
  | "done"
  | "already"
  | "refused"
  | "failed"
  | "no instance"
  | "cut off"
  | "too slow"
  | `status ${number}`;

const from = (door: Door, by: Presser): Post => ({
  id: `f:${randomUUID()}`,
  timestamp: "2026-04-07T09:00:00Z",
  serviceUrl: door.serviceUrl,
  channelId: "msteams",
  locale: "en-GB",
  from: { id: by.mri, name: by.name, aadObjectId: by.objectId },
  recipient: { id: `28:${door.appId}`, name: "Epilogue" },
  conversation: { conversationType: "personal", tenantId: door.tenantId, id: by.conversation },
  channelData: { tenant: { id: door.tenantId } },
});

/** Somebody asks for a case: its card is posted, and lives on. */
export const askCase = (door: Door, by: Presser, ref: string): Post => ({
  ...from(door, by),
  type: "message",
  text: `case ${ref}`,
});

/** A button of the card that shows this state of the case, or its dialog filled in. */
export function pressed(door: Door, shown: Case, { type, by, args, typed, behalf }: Move, commandId: string): Post {
  const seen = by.role ? shown.revision : shown.outsideRevision;
  const data = { verb: type, caseId: shown.id, seen, commandId, args, ...(behalf ? { behalf } : {}) };
  return typed ? dialog(door, by, { ...data, ...revised(typed, seen) }) : card(door, by, type, data);
}

export const registering = (door: Door, by: Presser, bodyId: string, ref: string, commandId: string): Post =>
  dialog(door, by, {
    verb: "register",
    commandId,
    args: { bodyId },
    ...revised(
      {
        ref,
        employerName: "Fictional Foods Ltd",
        programmeStart: "2024-09-02",
        ...Object.fromEntries(
          ["apprentice", "employer", "provider"].flatMap((role) => [
            [`${role}-name`, `Sam Specimen ${ref} ${role}`],
            [`${role}-mail`, `${role}.${ref.toLowerCase()}@example.org`],
          ]),
        ),
      },
      0,
    ),
  });

const card = (door: Door, by: Presser, verb: string, data: object): Post => ({
  ...from(door, by),
  type: "invoke",
  name: "adaptiveCard/action",
  replyToId: "1700000000001",
  value: { action: { type: "Action.Execute", verb, data }, trigger: "manual" },
});

const dialog = (door: Door, by: Presser, data: object): Post => ({
  ...from(door, by),
  type: "invoke",
  name: "task/submit",
  value: { data },
});

/** Inputs under the ids of that drawing. */
const revised = (typed: Readonly<Record<string, string>>, seen: number) =>
  Object.fromEntries(Object.entries(typed).map(([id, value]) => [`${id}-r${seen}`, value]));

/** Posts it to an instance as Teams does, and reads what it was answered. */
export async function post(port: number | undefined, door: Door, activity: Post): Promise<Answered> {
  if (port === undefined) return "no instance";
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: door.authorization },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(5_000),
    });
    const words = await response.text();
    if (response.status !== 200) return `status ${response.status}`;
    return readAnswer(words === "" ? {} : JSON.parse(words));
  } catch (error) {
    return (error as Error).name === "TimeoutError" ? "too slow" : "cut off";
  }
}

function readAnswer(answer: { task?: { type: string; value: unknown }; type?: string; value?: unknown }): Answered {
  const said = JSON.stringify(answer.task?.value ?? answer.value ?? "");
  if (said.includes("something went wrong")) return "failed";
  if (answer.task)
    return answer.task.type === "message" && said.startsWith('"Saved.')
      ? "done"
      : said.startsWith('"This stood already')
        ? "already"
        : "refused";
  if (answer.type === undefined) return "done";
  if (answer.type !== "application/vnd.microsoft.card.adaptive") return said.startsWith('"Saved.') ? "done" : "refused";
  if (said.includes('"Already done"')) return "already";
  return said.includes('"Not done yet"') ? "refused" : "done";
}
