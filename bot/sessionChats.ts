import { attemptAt, type Case, type FreeText, wordsOf } from "../src/case/case";
import { bookingOf, type MeetingOf, meetingsIn, onlineOf } from "../src/case/meetings";
import { casePk } from "../src/handle";
import type { Store } from "../src/ports";
import { type Instant, londonDate } from "../src/rules/calendar";
import type { Pack } from "../src/rules/pack";
import { caseIdOf } from "./teams/caseChat";

/**
 * Which session a meeting's chat is of. The link by which people join says the chat; what is kept beside is only where to look,
 * so it is believed as far as the case's own booking agrees.
 */

export interface SessionPlace {
  caseId: string;
  method: string;
}

const pkOf = (chat: string) => `meeting:${chat}`;

/** The chat in a link of a Teams meeting; undefined for links that do not say it. */
export function chatIn(link: string): string | undefined {
  try {
    const { pathname } = new URL(link);
    const id = /^\/l\/meetup-join\/([^/]+)/.exec(pathname)?.[1];
    const chat = id === undefined ? undefined : decodeURIComponent(id);
    return chat !== undefined && /^19:[^\s/]{1,280}$/.test(chat) ? chat : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the chat is of a meeting that the service made or knows the link of: nobody need say what it is for. */
export const isMeetingChat = async (store: Store, chat: string): Promise<boolean> =>
  (await store.doc(pkOf(chat), "session")) !== undefined;

/** Keeps where the meetings' links lead: those pasted, after a command that booked or moved any; one that was made, once it is. */
export async function keepSessionChats(
  store: Store,
  c: Case,
  pack: Pack,
  which: (of: MeetingOf) => boolean = (of) => bookingOf(c, of)?.link !== undefined,
): Promise<void> {
  for (const method of meetingsIn(pack)) {
    const chat = which(method) ? chatOf(c, method) : undefined;
    if (chat === undefined) continue;
    const place: SessionPlace = { caseId: c.id, method };
    const kept = await store.doc<SessionPlace>(pkOf(chat), "session");
    if (kept?.body.caseId !== place.caseId || kept.body.method !== place.method)
      await store.putDoc(pkOf(chat), "session", place, "any");
  }
}

/** Takes that away again, for a booking's link, or the chat of a meeting made of it, as its event has it. */
export async function forgetSessionChat(store: Store, of: { link?: FreeText; chat?: string }): Promise<void> {
  for (const chat of [chatIn(wordsOf(of.link)), of.chat])
    if (chat !== undefined) await store.removeDoc(pkOf(chat), "session");
}

/** A link that was pasted says it, or does not; of a meeting that the service made it is known. */
function chatOf(c: Case, of: MeetingOf): string | undefined {
  const pasted = bookingOf(c, of)?.link;
  const online = onlineOf(c, of);
  return pasted ? chatIn(wordsOf(pasted)) : (online?.chat ?? chatIn(wordsOf(online?.made?.link)));
}

/**
 * The session whose meeting has this chat; or, in the chat of a case, the session that is on now: running, or booked for today.
 * Says nothing of whose it is to see.
 */
export async function sessionOfChat(
  store: Store,
  packs: ReadonlyMap<string, Pack>,
  chat: string,
  now: Instant,
): Promise<SessionPlace | undefined> {
  const kept = (await store.doc<SessionPlace>(pkOf(chat), "session"))?.body;
  if (kept) {
    const c = (await store.head<Case>(casePk(kept.caseId)))?.state;
    if (c && Object.hasOwn(c.attempts, kept.method) && chatOf(c, kept.method) === chat) return kept;
  }
  const caseId = await caseIdOf(store, chat);
  const c = caseId === undefined ? undefined : (await store.head<Case>(casePk(caseId)))?.state;
  const pack = c && packs.get(c.packId);
  if (!c || !pack) return undefined;
  const sessions = pack.methods.map((m) => ({ method: m.id, session: attemptAt(c, m.id).session }));
  const today = (at: Instant | undefined) => at !== undefined && londonDate(at) === londonDate(now);
  const on =
    sessions.find(({ session }) => session.state === "running" || session.state === "paused") ??
    sessions.find(({ session }) => session.state === "booked" && today(session.booking?.at)) ??
    sessions.find(({ session }) => session.state === "ended" && today(session.started?.at));
  return on && { caseId: c.id, method: on.method };
}
