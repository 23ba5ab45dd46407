import { createHash } from "node:crypto";
import type { Case, MaybeCase } from "../../src/case/case";
import { evolve, initial } from "../../src/case/decider";
import { indexOf } from "../../src/caseIndex";
import { casePk } from "../../src/handle";
import type { Appended, Head, Index, NewNotice, Notice, Recorded, Store } from "../../src/ports";
import type { Bank } from "../../src/rules/bank";
import type { Pack } from "../../src/rules/pack";
import { bankDigest, type KeptBank, keptBank, putBank } from "../banks";
import { type Clash, type Incoming, People } from "../people";
import { keepSessionChats } from "../sessionChats";
import { chatTakenBy, tieChat } from "../teams/caseChat";
import { type Bundle, type BundledNotice, checkBanks, checkRecord, keptIn } from "./bundle";
import { packDigest, stateDigest } from "./gather";

/**
 * Restores a bundle into a store: everything is judged before anything is written; then people, then the record, a command at
 * a time as it came about, so that an import which ended in between goes on where it was. Whatever the record tells of,
 * nothing of it is sent again.
 */

export type Refusal =
  | { code: "packUnknown"; pack: string }
  /** The rules have the same name and are not the same. */
  | { code: "packDiffers"; pack: string }
  /** The records make another state than they made where they were exported. */
  | { code: "stateDiffers" }
  | { code: "refTaken"; ref: string }
  | { code: "person"; person: string; clash: Clash }
  /** The store has a question bank of that version with other questions. */
  | { code: "bankDiffers"; version: string }
  /** The case's chat is another case's here. */
  | { code: "chatTaken"; ref: string }
  /** More than the store takes in one transaction. */
  | { code: "tooLarge" }
  /** The store has this case otherwise: the first record that differs. */
  | { code: "recordDiffers"; record: number }
  /** Somebody wrote to the case meanwhile. */
  | { code: "changedMeanwhile" };

export type Restored =
  | { kind: "restored" | "finished" | "there"; events: number }
  /** The store has all of it and has gone on: nothing is to be done. */
  | { kind: "further"; revision: number }
  | { kind: "refused"; refusal: Refusal };

export interface Restoring {
  store: Store;
  packs: ReadonlyMap<string, Pack>;
  /** The sample banks that come with the packs, by pack id. */
  samples: ReadonlyMap<string, Bank>;
  now: string;
}

/** Notices written with one command: a store's transaction holds a hundred operations. */
const NOTICES_AT_ONCE = 40;
/** Until its own state is noted, a notice of the past must not fall due. */
const NEVER = "9999-12-31T00:00:00Z";

/** @throws BrokenBundle when the bundle's records are not chained; store failures. */
export async function restore(bundle: Bundle, r: Restoring): Promise<Restored> {
  const { head, events } = bundle;
  const { store } = r;
  checkRecord(bundle);
  const pack = r.packs.get(head.pack.id);
  if (!pack) return refused({ code: "packUnknown", pack: head.pack.id });
  if (packDigest(pack) !== head.pack.digest) return refused({ code: "packDiffers", pack: head.pack.id });
  checkBanks(bundle);
  const caseId = head.pk.slice("case:".length);
  const states = folded(events, caseId);
  const last = states?.at(-1);
  if (!states || !last || stateDigest(last) !== head.state || last.ref !== head.ref || last.packId !== pack.id)
    return refused({ code: "stateDiffers" });

  const standing = await store.head<Case>(head.pk);
  const differs = standing && (await firstOther(standing, events, store));
  if (differs !== undefined) return refused({ code: "recordDiffers", record: differs });
  if (standing && standing.revision > head.revision) return { kind: "further", revision: standing.revision };
  const holder = await store.byRef(head.ref);
  if (holder !== undefined && holder !== head.pk) return refused({ code: "refTaken", ref: head.ref });
  const people = new People(store, { now: () => r.now });
  const incoming = bundle.people.map(
    ({ kind: _line, accounts, ...person }): Incoming => ({ ...person, bindings: accounts ?? [] }),
  );
  for (const person of incoming) {
    const clash = await people.clash(person);
    if (clash) return refused({ code: "person", person: person.id, clash });
  }

  const newBanks: KeptBank[] = [];
  for (const bank of bundle.banks) {
    const here = await keptBank(store, pack.id, bank.version, r.samples.get(pack.id));
    if (!here) newBanks.push(keptIn(bank));
    else if (bankDigest(here) !== bank.digest) return refused({ code: "bankDiffers", version: bank.version });
  }
  const [chat] = bundle.chats;
  const taken = chat && (await chatTakenBy(store, chat.conversation, caseId));
  if (taken !== undefined) {
    const ref = (await store.head<Case>(casePk(taken)))?.state.ref ?? taken;
    return refused({ code: "chatTaken", ref });
  }

  for (const person of incoming) await people.take(person);
  for (const bank of newBanks) await putBank(store, bank);
  const from = standing?.revision ?? 0;
  const notices = bundle.notices.map((n) => ({ n, state: stateOf(n, bundle, r.now) }));
  const written = await append(
    bundle,
    states,
    from,
    notices.map(({ n }) => n),
    pack,
    store,
  );
  if (written === "full") return refused({ code: "tooLarge" });
  if (written !== "appended") return refused({ code: "changedMeanwhile" });
  const noted = await note(head.pk, notices, store);
  // Whoever opens the panel in a meeting is led to its session here too.
  if (last.stage !== "erased") await keepSessionChats(store, last, pack, () => true);
  const tie = chat && last.chat?.conversation === chat.conversation;
  const tied =
    tie && (await tieChat(store, { serviceUrl: chat.serviceUrl, conversationId: chat.conversation }, caseId));
  const nothing = from === head.revision && noted === 0 && newBanks.length === 0 && !tied;
  return { kind: nothing ? "there" : from > 0 ? "finished" : "restored", events: events.length };
}

const refused = (refusal: Refusal): Restored => ({ kind: "refused", refusal });

/** The case after each event; undefined when this version cannot fold them. */
function folded(events: readonly Recorded[], caseId: string): Case[] | undefined {
  const states: Case[] = [];
  try {
    for (const e of events) states.push(evolve((states.at(-1) ?? initial) as MaybeCase, caseId, e));
    return states;
  } catch {
    return undefined;
  }
}

/** The first record that the store has otherwise than the bundle, as far as both go. */
async function firstOther(standing: Head, events: readonly Recorded[], store: Store): Promise<number | undefined> {
  const there = await store.events(standing.pk, { from: 1, to: Math.min(standing.revision, events.length) });
  const other = there.findIndex((e, i) => e.hash !== events[i]?.hash);
  return other < 0 ? undefined : other + 1;
}

/** A command's events at a time, under its own id: a press of then that comes once more is known to be used. */
async function append(
  { head, events }: Bundle,
  states: readonly Case[],
  from: number,
  notices: readonly BundledNotice[],
  pack: Pack,
  store: Store,
): Promise<Appended> {
  let waiting = from === 0 ? notices : await missing(head.pk, notices, store);
  for (let at = from; at < events.length; ) {
    const { commandId } = events[at] as Recorded;
    let to = at + 1;
    while (events[to]?.commandId === commandId) to++;
    const last = events[to - 1] as Recorded;
    const state = states[to - 1] as Case;
    const whole = to === events.length;
    const now = whole ? waiting : waiting.slice(0, NOTICES_AT_ONCE);
    waiting = waiting.slice(now.length);
    const done = await store.append({
      pk: head.pk,
      expected: at,
      command: { id: commandId, digest: imported(last.hash) },
      events: events.slice(at, to),
      head: { pk: head.pk, revision: to, hash: last.hash, state, index: whole ? indexOf(state, pack) : held(state) },
      notices: now.map(untilNoted),
    });
    if (done !== "appended") return done;
    at = to;
  }
  return "appended";
}

const missing = async (pk: string, notices: readonly BundledNotice[], store: Store): Promise<BundledNotice[]> => {
  const there = new Set((await store.notices(pk)).map((n) => n.id));
  return notices.filter((n) => !there.has(n.id));
};

/** No press has this digest: whoever repeats one of then is told that its id is used. */
const imported = (hash: string) => createHash("sha256").update(`imported ${hash}`).digest("hex");

/** While it is not whole it stands in no list; its reference is held. */
const held = (c: Case): Index => ({
  kind: "case",
  bodyId: c.bodyId,
  ref: c.ref,
  closed: true,
  people: [],
  row: null,
  due: [],
});

const untilNoted = (n: BundledNotice): NewNotice => ({
  id: n.id,
  kind: n.what,
  to: n.to,
  dueAt: NEVER,
  repeat: n.repeat,
  data: n.data,
});

type Noted = Pick<Notice, "state" | "outcome" | "dueAt" | "tries">;

/**
 * What became of a notice stays as it was. What had not gone out by then goes out from here only if it is still to come and the
 * case was moved; anything else may have gone out there since.
 */
function stateOf(n: BundledNotice, { head }: Bundle, now: string): Noted {
  const { state, outcome, dueAt, tries } = n;
  if (state === "sending" && n.repeat === "never") return { state: "unconfirmed", outcome: "exported", dueAt, tries };
  if (state !== "waiting" && state !== "claimed" && state !== "sending") return { state, outcome, dueAt, tries };
  const toCome = head.purpose === "move" && Date.parse(dueAt) > Date.parse(now);
  return toCome
    ? { state: "waiting", outcome, dueAt, tries }
    : { state: "dropped", outcome: "exported unsent", dueAt, tries };
}

/** Gives each notice the state it is to have; how many had none yet. */
async function note(pk: string, notices: readonly { n: BundledNotice; state: Noted }[], store: Store): Promise<number> {
  const states = new Map(notices.map(({ n, state }) => [n.id, state]));
  let noted = 0;
  for (const there of await store.notices(pk)) {
    const state = states.get(there.id);
    if (!state || there.state !== "waiting" || Date.parse(there.dueAt) !== Date.parse(NEVER)) continue;
    await store.mark(there, { ...state, leaseUntil: null });
    noted += 1;
  }
  return noted;
}
