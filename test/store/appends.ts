import { createHash } from "node:crypto";
import { chainStart, hashOf } from "../../src/chain";
import type { Append, Due, Index, NewNotice, Recorded } from "../../src/ports";

/** Appends as the command handler makes them, for tests of stores. */

export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

export const COORDINATOR = { person: "cora", role: "coordinator" } as const;

/** Noon of the 1st of May 2026, and so many minutes more. */
export const minute = (n: number): string => new Date(Date.UTC(2026, 4, 1, 12) + n * 60_000).toISOString();

export const due = (key: string, who: string, at: string): Due => ({
  key,
  at,
  day: at.slice(0, 10),
  who,
  facts: { days: 3, what: key },
});

export const notice = (id: string, dueAt: string, more: Partial<NewNotice> = {}): NewNotice => ({
  id,
  kind: "told",
  to: "ada",
  dueAt,
  repeat: "repeat",
  data: { code: "something" },
  ...more,
});

export const indexOf = (more: Partial<Index> = {}): Index => ({
  kind: "case",
  bodyId: "body",
  ref: "",
  closed: false,
  people: [],
  row: { apprentice: "Ada Example" },
  due: [],
  ...more,
});

export interface Wanted {
  commandId?: string;
  payload?: string;
  /** One event for each. */
  words?: string[];
  index?: Partial<Index>;
  notices?: NewNotice[];
  state?: unknown;
}

/** The next append to a partition whose last event is `before`: one event unless more are wanted. */
export function appendTo(pk: string, before: Recorded | undefined, wanted: Wanted = {}): Append {
  const { words = ["a note"], commandId = `${pk}-${before?.seq ?? 0}`, payload = commandId, notices = [] } = wanted;
  const start = chainStart(pk, digest).head;
  const events: Recorded[] = [];
  for (const text of words) {
    const last = events.at(-1) ?? before;
    const seq = (last?.seq ?? 0) + 1;
    const event = {
      seq,
      type: "NoteTaken",
      data: { text: { text, salt: `salt-${seq}` }, seq },
      at: minute(seq),
      by: COORDINATOR,
      commandId,
      packId: "example-v1",
      prev: last?.hash ?? start,
    };
    events.push({ ...event, hash: hashOf(event, digest) });
  }
  const last = events.at(-1) ?? before;
  const revision = last?.seq ?? 0;
  return {
    pk,
    expected: before?.seq ?? 0,
    command: { id: commandId, digest: digest(payload) },
    events,
    head: {
      pk,
      revision,
      hash: last?.hash ?? start,
      state: wanted.state ?? { notes: revision },
      index: indexOf(wanted.index),
    },
    notices,
  };
}
