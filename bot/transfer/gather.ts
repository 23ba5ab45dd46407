import type { Case, MaybeCase } from "../../src/case/case";
import { outsideRoles } from "../../src/case/case";
import { evolve, initial } from "../../src/case/decider";
import { canonical, erase } from "../../src/chain";
import { casePk } from "../../src/handle";
import type { Head, Recorded, Store } from "../../src/ports";
import type { Pack } from "../../src/rules/pack";
import { personOf } from "../people";
import { type Bundle, type BundledPerson, bundledNotice, checkRecord, digest, FORMAT, type Purpose } from "./bundle";

/** Gathers one case from a store into a bundle. Only reads: a service may be running on the store. */

export type Readable = Pick<Store, "byRef" | "head" | "events" | "notices" | "doc">;

export interface Gathering {
  store: Readable;
  packs: ReadonlyMap<string, Pack>;
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
  const { store, packs, now, purpose } = g;
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
  const notices = (await store.notices(head.pk)).map(bundledNotice);
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
      banks: banksOf(state),
      counts: { people: people.length, events: events.length, notices: notices.length, files: 0 },
    },
    people,
    events,
    notices,
    // A place for files that are handed in: today a hand-in is a reference, and stands in its event.
    files: [],
  };
  return { bundle, state };
}

/** The events up to the head; of a case that is being erased, as they will stand. */
async function recordOf(head: Head<Case>, store: Readable): Promise<Recorded[]> {
  const events = await store.events(head.pk, { from: 1, to: head.revision });
  return head.state.stage === "erased" ? events.map((e) => erase(e, digest)) : events;
}

const banksOf = (c: Case): string[] => [
  ...new Set(Object.values(c.attempts).flatMap((all) => all.flatMap((a) => (a.session.bank ? [a.session.bank] : [])))),
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
