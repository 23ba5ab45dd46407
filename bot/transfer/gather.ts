import type { Case, MaybeCase } from "../../src/case/case";
import { outsideRoles } from "../../src/case/case";
import { evolve, initial } from "../../src/case/decider";
import { canonical, erase } from "../../src/chain";
import { casePk } from "../../src/handle";
import type { Head, Recorded, Store } from "../../src/ports";
import type { Bank } from "../../src/rules/bank";
import type { Pack } from "../../src/rules/pack";
import { keptBank } from "../banks";
import { personOf } from "../people";
import { chatTie } from "../teams/caseChat";
import {
  type Bundle,
  type BundledPerson,
  bundledBank,
  bundledNotice,
  checkRecord,
  digest,
  FORMAT,
  type Purpose,
} from "./bundle";

/** Gathers one case from a store into a bundle. Only reads: a service may be running on the store. */

export type Readable = Pick<Store, "byRef" | "head" | "events" | "notices" | "doc">;

export interface Gathering {
  store: Readable;
  packs: ReadonlyMap<string, Pack>;
  /** The sample banks that come with the packs, by pack id. */
  samples: ReadonlyMap<string, Bank>;
  now: string;
  purpose: Purpose;
}

/** The present state is not what the records make: nothing is exported that would not verify. */
export class StateDiffers extends Error {
  override name = "StateDiffers";
}

export const packDigest = (pack: Pack): string => digest(canonical(pack));
export const stateDigest = (state: unknown): string => digest(canonical(JSON.parse(JSON.stringify(state))));

/**
 * The case with that reference, verified on the way; undefined when there is none.
 * @throws BrokenBundle naming the first altered record, StateDiffers when only the present state does not fit them.
 */
export async function gather(ref: string, g: Gathering): Promise<{ bundle: Bundle; state: Case } | undefined> {
  const { store, packs, samples, now, purpose } = g;
  const pk = await store.byRef(ref.trim().toUpperCase());
  const head = pk?.startsWith(casePk("")) ? await store.head<Case>(pk) : undefined;
  if (!head) return undefined;
  const events = await recordOf(head, store);
  const { state } = head;
  const pack = packs.get(state.packId);
  if (!pack) throw new Error(`This version does not know the rules ${state.packId}`);
  const folded = { revision: head.revision, anchor: head.hash, pk: head.pk };
  checkRecord({ head: folded, events } as Pick<Bundle, "head" | "events">);
  const made = events.reduce<MaybeCase>((c, e) => evolve(c, state.id, e), initial);
  if (stateDigest(made) !== stateDigest(state))
    throw new StateDiffers("Altered: the present state of the case is not what its records make.");
  const people = await peopleIn(events, state, purpose, store);
  const named = banksOf(events);
  const kept = await Promise.all(named.map((v) => keptBank(store, pack.id, v, samples.get(pack.id))));
  const tie = purpose === "move" ? await chatTie(store, state) : undefined;
  // Cards that were brought up to date are no part of the record, and stores forget them.
  const notices = (await store.notices(head.pk)).filter((n) => n.to !== "cards").map(bundledNotice);
  const bundle: Bundle = {
    head: {
      kind: "case",
      format: FORMAT,
      purpose,
      pk: head.pk,
      ref: state.ref,
      bodyId: state.bodyId,
      stage: state.stage,
      exportedAt: now,
      revision: head.revision,
      anchor: head.hash,
      state: stateDigest(made),
      pack: { id: pack.id, digest: packDigest(pack) },
      banks: named,
      counts: { people: people.length, events: events.length, notices: notices.length, files: 0 },
    },
    people,
    events,
    banks: kept.flatMap((bank) => (bank ? [bundledBank(bank)] : [])),
    chats: tie ? [{ kind: "chat", conversation: tie.conversationId, serviceUrl: tie.serviceUrl }] : [],
    notices,
    // Those written beside it are added as they are written. What was handed in is a reference, and stands in its event.
    files: [],
  };
  return { bundle, state };
}

/** The events up to the head; of a case that is being erased, as they will stand. */
async function recordOf(head: Head<Case>, store: Readable): Promise<Recorded[]> {
  const events = await store.events(head.pk, { from: 1, to: head.revision });
  return head.state.stage === "erased" ? events.map((e) => erase(e, digest)) : events;
}

/** Every version that the records name: also of a session that was broken off, of which the case itself keeps nothing. */
const banksOf = (events: readonly Recorded[]): string[] => [
  ...new Set(
    events.flatMap(({ type, data }) => {
      const { bank } = data as { bank?: unknown };
      return (type === "QuestionsDrawn" || type === "QuestionAsked") && typeof bank === "string" ? [bank] : [];
    }),
  ),
];

/** Everyone whom the records name: names; to move a case also the addresses and accounts of those who are not staff. */
async function peopleIn(
  events: readonly Recorded[],
  c: Case,
  purpose: Purpose,
  store: Readable,
): Promise<BundledPerson[]> {
  const parties = outsideRoles.map((role) => c.parties[role]);
  const ids = new Set([
    ...parties,
    ...c.allocations.map((a) => a.person),
    ...events.flatMap((e) => [e.by.person, ...(e.by.onBehalfOf ? [e.by.onBehalfOf.person] : [])]),
  ]);
  const found: BundledPerson[] = [];
  for (const id of [...ids].sort()) {
    const person = id === "" ? undefined : await personOf(store, id);
    if (!person) continue;
    const whole = purpose === "move" && parties.includes(id);
    found.push({
      kind: "person",
      id,
      name: person.name,
      ...(whole && person.mail !== undefined ? { mail: person.mail } : {}),
      ...(whole && person.corrected !== undefined ? { corrected: person.corrected } : {}),
      ...(whole ? { accounts: person.bindings.map(({ tenantId, objectId }) => ({ tenantId, objectId })) } : {}),
    });
  }
  return found;
}
