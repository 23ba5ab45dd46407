import { createHash } from "node:crypto";
import type { Case, FreeText, OutsideRole, PersonId } from "../src/case/case";
import { outsideRoles } from "../src/case/case";
import { erase } from "../src/chain";
import { eraseNotice } from "../src/notices";
import type { Store } from "../src/ports";
import type { People } from "./people";
import { forgetSessionChat } from "./sessionChats";
import { leaveChat } from "./teams/caseChat";

/** Events that say a meeting's chat, or a link that does. */
const withChat: ReadonlySet<string> = new Set(["SessionBooked", "SessionMoved", "MeetingMade", "MeetingSetUp"]);

/**
 * Takes away what an erased case still has in the store: the words in its events, its markers and notices, its chat, its
 * people. The tombstone stands before this begins, so nobody sees the case meanwhile; every step may be repeated.
 */

export interface ErasingOptions {
  store: Store;
  people: People;
  /** Whether the person works for an awarding body: then they stay, whatever cases they were in. */
  isStaff(person: PersonId): Promise<boolean>;
}

/** Events rewritten at once: a store's transaction is bounded. */
const PART = 50;

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** @throws when the store fails, or somebody reads an older state of it: to be asked again. */
export async function eraseCase(pk: string, o: ErasingOptions): Promise<void> {
  const { store } = o;
  const head = await store.head<Case>(pk);
  if (head?.state.stage !== "erased") return;
  const keep = eraseNotice(head.revision);
  for (let from = 1; from <= head.revision; from += PART) {
    const events = await store.events(pk, { from, to: from + PART - 1 });
    for (const e of events) {
      if (e.type === "CaseRegistered") await forgetPeople(e.data as Record<OutsideRole, PersonId>, o);
      if (e.type === "ChatBound")
        await leaveChat(store, (e.data as { conversation: string }).conversation, head.state.id);
      if (withChat.has(e.type)) await forgetSessionChat(store, e.data as { link?: FreeText; chat?: string });
    }
    await store.erase(
      pk,
      events.map((e) => erase(e, digest)),
      keep,
    );
  }
  await store.scrub();
}

/** Apprentice, employer and provider, as far as no other case needs them. */
async function forgetPeople(parties: Record<OutsideRole, PersonId>, o: ErasingOptions): Promise<void> {
  for (const role of outsideRoles) {
    const person = parties[role];
    const needed = async () =>
      (await o.isStaff(person)) || (await o.store.casesOf({ person }, { limit: 1, closed: true })).rows.length > 0;
    if (!(await needed())) await o.people.forget(person, needed);
  }
}
