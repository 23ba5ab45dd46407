import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import type { Notice, Store } from "../../src/ports";
import { addSeconds } from "../../src/rules/calendar";
import type { ConversationRef } from "./connector";

/**
 * Posted cards stay live: where each one is, so that it can be updated when its case moves. Per case and conversation the
 * latest few are kept; older ones are left as they were, and say so when pressed. So is one whose poster ended before it could
 * note where it is: nobody can ask Teams.
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

/** The state of a case that a card shows. */
export type Drawn = Pick<Case, "revision" | "outsideRevision">;
/** For whom a case moved on. */
export type Moved = "staff" | "everyone";

/** For whom the case has moved on since that card was drawn, if it has. */
export function movedSince(drawn: Drawn, now: Drawn): Moved | undefined {
  if (now.revision === drawn.revision) return undefined;
  return now.outsideRevision === drawn.outsideRevision ? "staff" : "everyone";
}

/**
 * Seconds after its posting until somebody makes sure that a card is not older than its case: whoever posted it has brought
 * it up to date by then, or was ended before.
 */
export const looksAgain = 10;

export interface Noted {
  /** For whom the case has moved on since the card was drawn. */
  moved?: Moved;
  /** The look at it that is owed, for whoever brings it up to date to mark. */
  owed?: Notice;
}

/**
 * Notes a posted card, and forgets the oldest of its kind in that conversation. A case that moved between the drawing and
 * this note saw no card to bring up to date, and whoever notes it may not live to: a look at it is owed first.
 * @param drawn the case that the card shows; then it is found out for whom it has moved on since.
 */
export async function notePosted(
  store: Store,
  caseId: string,
  card: Omit<PostedCard, "n">,
  drawn?: Drawn,
): Promise<Noted> {
  const all = await livingCards(store, caseId);
  const same = all
    .filter((c) => c.kind === card.kind && c.conversation.conversationId === card.conversation.conversationId)
    .sort((a, b) => a.n - b.n);
  if (same.some((c) => c.activityId === card.activityId)) return {};
  const n = (same.at(-1)?.n ?? 0) + 1;
  const id = idOf(card.conversation.conversationId, card.activityId);
  const owed =
    drawn &&
    (await store.owe(pk(caseId), {
      id: `posted-${id}`,
      kind: "cards",
      to: "cards",
      dueAt: addSeconds(await store.now(), looksAgain),
      repeat: "repeat",
      data: { drawn: { revision: drawn.revision, outsideRevision: drawn.outsideRevision } },
    }));
  await store.putDoc(pk(caseId), id, { ...card, n }, "any");
  for (const old of same.slice(0, Math.max(0, same.length + 1 - keptEach))) await forget(store, caseId, old);
  const now = drawn && (await store.head<Case>(casePk(caseId)))?.state;
  const moved = drawn && now && movedSince(drawn, now);
  return { ...(moved ? { moved } : {}), ...(owed ? { owed } : {}) };
}

/** The card is gone, or its conversation is closed. */
export const forget = (
  store: Store,
  caseId: string,
  card: Pick<PostedCard, "conversation" | "activityId">,
): Promise<void> => store.removeDoc(pk(caseId), idOf(card.conversation.conversationId, card.activityId));
