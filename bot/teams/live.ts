import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import type { Store } from "../../src/ports";
import type { ConversationRef } from "./connector";

/**
 * Posted cards stay live: where each one is, so that it can be updated when its case moves. Per case and conversation the
 * latest few are kept; older ones are left as they were, and say so when pressed.
 */

export type CardKind = "case" | "proposal" | "planning";

export interface PostedCard {
  kind: CardKind;
  conversation: ConversationRef;
  activityId: string;
  /** For whom it was drawn; null in a group chat, where the base card holds nothing private. */
  person: string | null;
  /** Grows with each posting, to tell the latest. */
  n: number;
}

const keptEach = 2;
/**
 * In the case's own partition: whoever notes a card there sees what happened in the case before, and whoever does something in
 * the case afterwards sees the card, also where copies lag. In another partition both could miss the other.
 */
const pk = casePk;
const idOf = (conversationId: string, activityId: string) => `${conversationId}|${activityId}`;

/** Cards of the case that are kept up to date. */
export async function livingCards(store: Store, caseId: string): Promise<PostedCard[]> {
  return (await store.docs<PostedCard>(pk(caseId))).map((d) => d.body);
}

/**
 * Notes a posted card, and forgets the oldest of its kind in that conversation. A case that moved between the drawing and
 * this note saw no card to bring up to date.
 * @param drawn the case that the card shows. @returns for whom it has moved on since, if it has.
 */
export async function notePosted(
  store: Store,
  caseId: string,
  card: Omit<PostedCard, "n">,
  drawn?: Case,
): Promise<"staff" | "everyone" | undefined> {
  const all = await livingCards(store, caseId);
  const same = all
    .filter((c) => c.kind === card.kind && c.conversation.conversationId === card.conversation.conversationId)
    .sort((a, b) => a.n - b.n);
  if (same.some((c) => c.activityId === card.activityId)) return undefined;
  const n = (same.at(-1)?.n ?? 0) + 1;
  await store.putDoc(pk(caseId), idOf(card.conversation.conversationId, card.activityId), { ...card, n }, "any");
  for (const old of same.slice(0, Math.max(0, same.length + 1 - keptEach))) await forget(store, caseId, old);
  const now = drawn && (await store.head<Case>(casePk(caseId)))?.state;
  if (!drawn || !now || now.revision === drawn.revision) return undefined;
  return now.outsideRevision === drawn.outsideRevision ? "staff" : "everyone";
}

/** The card is gone, or its conversation is closed. */
export const forget = (
  store: Store,
  caseId: string,
  card: Pick<PostedCard, "conversation" | "activityId">,
): Promise<void> => store.removeDoc(pk(caseId), idOf(card.conversation.conversationId, card.activityId));
