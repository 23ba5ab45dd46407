import { z } from "zod";
import type { Repeat } from "../ports";
import {
  accept,
  type Case,
  type Channel,
  type Decide,
  type Decision,
  type Evolves,
  type FreeText,
  free,
  type Lost,
  type NewEvent,
  never,
  type Offers,
  once,
  refuse,
  type Stamp,
  type Undelivered,
} from "./case";
import { latest, mostDealt, mostUndelivered } from "./limits";
import { onlineOf } from "./meetings";
import { text } from "./payload";

/**
 * What did not arrive, or may not have: the service puts it on the record, and it is due of the case's coordinator until they
 * have it sent again or record how the person was told otherwise. In every stage, a withdrawn case's too.
 */

const notice = z.string().min(1).max(400);

export const commands = {
  /** Sends it again, as a notice of its own. What may have arrived may then come twice: the coordinator chose so. */
  "notice.resend": z.strictObject({ notice }),
  /** The person was told in another way. */
  "notice.told": z.strictObject({
    notice,
    channel: z.enum(["phone", "mail", "letter", "meeting"]),
    evidence: text(300),
  }),
};

export type Event =
  | NewEvent<"NoticeLost", Lost>
  | NewEvent<"NoticeResent", { notice: string; kind: string; to: Lost["to"]; repeat: Repeat; about: unknown }>
  | NewEvent<"ToldOtherwise", { notice: string; kind: string; to: Lost["to"]; channel: Channel; evidence: FreeText }>;

/** What stands undelivered and is not dealt with, the longest first; a step of a meeting as long as that is wanted. */
export const standing = (c: Case): Undelivered[] => (c.undelivered ?? []).filter((x) => !x.dealt && !moot(x, c));

/** Of a meeting that is no more wanted nothing is left to be done, but to call it off: `src/meetingNotices.ts` sees to that. */
function moot({ kind, about }: Undelivered, c: Case): boolean {
  if (kind !== "meeting") return false;
  const { step, of, asked } = about as { step?: string; of?: string; asked?: number };
  return step !== "cancel" && step !== "recall" && of !== undefined && onlineOf(c, of)?.asked !== asked;
}

/** The service's own: puts losses on the record, each once while it stands. Nobody can ask for it. */
export function lose(lost: readonly Lost[], c: Case): Decision<Event> {
  const known = new Set(standing(c).map((x) => x.notice));
  const fresh = lost.filter((x) => !known.has(x.notice)).slice(0, Math.max(0, mostUndelivered - known.size));
  return accept(...fresh.map((data): Event => ({ type: "NoticeLost", data })));
}

const find = (c: Case, id: string) => (c.undelivered ?? []).findLast((x) => x.notice === id);

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "notice.resend": (p, c) => {
    const x = find(c, p.notice);
    if (!x) return refuse("NO_SUCH_REQUEST", { id: p.notice }, "notice");
    if (x.dealt) return { already: x.dealt };
    const { kind, to, repeat, about } = x;
    return accept({ type: "NoticeResent", data: { notice: x.notice, kind, to, repeat, about } });
  },

  "notice.told": (p, c) => {
    const x = find(c, p.notice);
    if (!x) return refuse("NO_SUCH_REQUEST", { id: p.notice }, "notice");
    if (x.dealt) return { already: x.dealt };
    const { kind, to } = x;
    const { channel } = p;
    return accept({
      type: "ToldOtherwise",
      data: { notice: x.notice, kind, to, channel, evidence: free(p.evidence) },
    });
  },
};

/** Those seen to longest ago stand in their events only. */
function dealt(c: Case, id: string, { at, by }: Stamp): Case {
  const all = (c.undelivered ?? []).map((x) => (x.notice === id && !x.dealt ? { ...x, dealt: { at, by } } : x));
  const shown = new Set(
    latest(
      mostDealt,
      all.filter((x) => x.dealt),
    ),
  );
  return { ...c, undelivered: all.filter((x) => !x.dealt || shown.has(x)) };
}

export const evolve: Evolves<Event> = {
  NoticeLost: (c, d, e) => ({
    ...c,
    undelivered: latest(mostUndelivered + mostDealt, [...(c.undelivered ?? []), { ...d, at: e.at }]),
  }),
  NoticeResent: (c, d, e) => dealt(c, d.notice, e),
  ToldOtherwise: (c, d, e) => dealt(c, d.notice, e),
};

const any = (c: Case) => (standing(c).length > 0 ? once : never);
export const offers: Offers<keyof typeof commands> = { "notice.resend": any, "notice.told": any };
