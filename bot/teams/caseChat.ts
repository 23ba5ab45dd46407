import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import type { Store } from "../../src/ports";
import type { Desk, Seen } from "../desk";
import type { Known } from "../identity";
import { forget, livingCards } from "./live";
import type { Turn } from "./turn";

/**
 * Which group chat is whose: a chat is for one case and a case has one chat, as a coordinator said in that chat. The case
 * keeps it in its record; the chat keeps which case it is, so that the way back needs no search.
 */

interface Chat {
  serviceUrl: string;
  conversationId: string;
  caseId?: string;
}

export type Joined =
  /** The chat is the case's now, or was already. */
  | { kind: "bound"; seen: Seen }
  /** The chat is another case's: nothing is changed silently. */
  | { kind: "taken" }
  /** The chat is not the case's, and this person does not say whose it is. */
  | { kind: "elsewhere" };

const pkOf = (conversationId: string) => `chat:${conversationId}`;

/** The id of the case that the chat is for; undefined while it is for none. */
export async function caseIdOf(store: Store, conversationId: string): Promise<string | undefined> {
  const caseId = (await store.doc<Chat>(pkOf(conversationId), "chat"))?.body.caseId;
  if (caseId === undefined) return undefined;
  return (await chatOf(store, caseId)) === conversationId ? caseId : undefined;
}

/** The case's chat and where the Connector reaches it; undefined where it has none. For a case that is moved to another store. */
export async function chatTie(store: Pick<Store, "doc">, c: Case): Promise<Omit<Chat, "caseId"> | undefined> {
  const conversation = c.chat?.conversation;
  const kept = conversation === undefined ? undefined : await store.doc<Chat>(pkOf(conversation), "chat");
  if (kept?.body.caseId !== c.id) return undefined;
  const { serviceUrl, conversationId } = kept.body;
  return { serviceUrl, conversationId };
}

/** The case, other than this one, whose chat it is in this store. */
export async function chatTakenBy(store: Store, conversationId: string, caseId: string): Promise<string | undefined> {
  const kept = await store.doc<Chat>(pkOf(conversationId), "chat");
  const holder = await holderOf(store, conversationId, kept?.body.caseId);
  return holder === caseId ? undefined : holder;
}

/** Makes the chat that case's, as it was where the case comes from. @returns whether it was not so before. */
export async function tieChat(store: Store, tie: Omit<Chat, "caseId">, caseId: string): Promise<boolean> {
  const kept = await store.doc<Chat>(pkOf(tie.conversationId), "chat");
  if (kept?.body.caseId === caseId) return false;
  return store.putDoc(pkOf(tie.conversationId), "chat", { ...tie, ...kept?.body, caseId }, kept?.version);
}

/** Who holds the chat, even if only just claimed: the case named in it, unless that case has gone to another chat. */
async function holderOf(store: Store, conversationId: string, caseId: string | undefined): Promise<string | undefined> {
  if (caseId === undefined) return undefined;
  return ((await chatOf(store, caseId)) ?? conversationId) === conversationId ? caseId : undefined;
}

const chatOf = async (store: Store, caseId: string): Promise<string | undefined> =>
  (await store.head<Case>(casePk(caseId)))?.state.chat?.conversation;

/**
 * Someone names a case in a group chat. A coordinator says with it that the chat is the case's: a chat that is another case's is
 * refused, the chat that the case had before ends. Whoever else does it only asks, and is answered where the case is.
 */
export async function join(desk: Desk, turn: Turn, known: Known, seen: Seen, newId: () => string): Promise<Joined> {
  const { store } = desk.o.ports;
  const { conversationId, serviceUrl } = turn.conversation;
  const kept = await store.doc<Chat>(pkOf(conversationId), "chat");
  const holder = await holderOf(store, conversationId, kept?.body.caseId);
  if (holder === seen.c.id && seen.c.chat?.conversation === conversationId) return { kind: "bound", seen };
  if (holder !== undefined && holder !== seen.c.id) return { kind: "taken" };
  if (!seen.view.may.some((p) => p.type === "chat.bind")) return { kind: "elsewhere" };

  // The chat is claimed first, so that of two cases named in it at once one is refused.
  const chat = { serviceUrl, conversationId };
  if (!(await store.putDoc(pkOf(conversationId), "chat", { ...chat, caseId: seen.c.id }, kept?.version)))
    return { kind: "taken" };
  const before = seen.c.chat?.conversation;
  const done = await desk.run(
    known,
    seen.c.id,
    "chat.bind",
    { conversation: conversationId },
    { id: `bind-${turn.activityId ?? newId()}` },
  );
  if (done.outcome.kind === "refused" || !done.seen) {
    await store.putDoc(pkOf(conversationId), "chat", chat, "any");
    return { kind: "elsewhere" };
  }
  if (before !== undefined && before !== conversationId) await leave(store, before, seen.c.id);
  return { kind: "bound", seen: done.seen };
}

/** The chat is the case's no more: it is free for another. Does nothing to a chat that is another's. */
export async function leaveChat(store: Store, conversationId: string, caseId: string): Promise<void> {
  const chat = await store.doc<Chat>(pkOf(conversationId), "chat");
  if (chat?.body.caseId === caseId) {
    const { caseId: _left, ...free } = chat.body;
    await store.putDoc(pkOf(conversationId), "chat", free, chat.version);
  }
}

/** The chat is left, and the cards in it stand still. */
async function leave(store: Store, conversationId: string, caseId: string): Promise<void> {
  await leaveChat(store, conversationId, caseId);
  for (const card of await livingCards(store, caseId))
    if (card.conversation.conversationId === conversationId) await forget(store, caseId, card);
}
