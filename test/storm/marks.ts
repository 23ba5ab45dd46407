import type { Compose, Message } from "../../bot/compose";
import type { Notice, Recorded } from "../../src/ports";

/**
 * Each message bears once what caused it, in chat as its first card's name and in a mail as a line, so that where it arrives
 * it can be counted against its notice, also where several are joined in one. Nothing else of it changes.
 */

/** What a notice is about, as its message bears it; undefined for what makes no message of its own. */
export function markOf({ pk, kind, to, data }: Notice): string | undefined {
  const of = data as { from?: number; key?: string; release?: number; role?: string };
  const about = of.key ?? of.release ?? of.role ?? of.from;
  return kind === "cards" || kind === "erase" ? undefined : mark(kind, pk.slice("case:".length), about ?? "", to);
}

const mark = (kind: string, caseId: string, about: string | number, to: string) =>
  `[${kind} ${caseId} ${about} ${to}]`.replaceAll(/\s+/g, " ");

/** Every mark in what arrived, as often as it stands there: a message's cards, a mail's letters. */
export const marksIn = (words: string): string[] =>
  words.match(/\[(?:told|reminder|alarm|chat|result|record|invite) [^\]"]+\]/g) ?? [];

/** The composer, each of its messages with its mark. */
export function marking(usual: Compose): Compose {
  const borne = <M extends Message | undefined>(message: M, m: string): M =>
    message && {
      ...message,
      activity: {
        ...message.activity,
        attachments: (message.activity.attachments ?? []).map((a, n) => (n === 0 ? { ...a, name: m } : a)),
      },
      letter: { ...message.letter, parts: [...message.letter.parts, { kind: "text", text: m }] },
    };
  const first = (events: readonly Recorded[]) => events[0]?.seq ?? 0;
  return {
    ...usual,
    told: async (c, events, person) =>
      borne(await usual.told(c, events, person), mark("told", c.id, first(events), person)),
    reminder: async (c, person, about) =>
      borne(await usual.reminder(c, person, about), mark("reminder", c.id, about.key, person)),
    toChat: async (c, events) => borne(await usual.toChat(c, events), mark("chat", c.id, first(events), "chat")),
    notReached: async (c, events, to) =>
      borne(await usual.notReached(c, events, to), mark("alarm", c.id, first(events), to)),
    async result(head, person, kind, release) {
      const made = await usual.result(head, person, kind, release);
      const m = mark(kind, head.state.id, release, person);
      // The message beside the letter is no result: only the letter is counted.
      return made && { ...borne(made, m), activity: made.activity };
    },
    async invitation(c, person, role, code) {
      const letter = await usual.invitation(c, person, role, code);
      return { ...letter, parts: [...letter.parts, { kind: "text", text: mark("invite", c.id, role, person.id) }] };
    },
  };
}
