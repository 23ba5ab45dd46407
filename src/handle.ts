import { z } from "zod";
import type { Body, BodyCommand } from "./body";
import { decideBody, evolveBody, noBody } from "./body";
import {
  accept,
  attemptAt,
  type By,
  type Case,
  type Channel,
  type Context,
  type Decision,
  free,
  type Lost,
  type MaybeCase,
  type NewEvent,
  type Occurred,
  type OutsideRole,
  type Override,
  type Problem,
  refuse,
  type Settings,
  type Sight,
  type Warned,
} from "./case/case";
import { type Command, decide, evolve, initial, service } from "./case/decider";
import { lose } from "./case/delivery";
import { isFull } from "./case/limits";
import { type MeetingNews, note, see } from "./case/meetings";
import { placed } from "./case/occurred";
import { text } from "./case/payload";
import { indexOf } from "./caseIndex";
import { canonical, chainStart, hashOf, type Link, seal } from "./chain";
import { noticesOf } from "./notices";
import { type Actor, can, canRegister } from "./permissions";
import type { Appended, Chance, Clock, Head, Index, NewNotice, Recorded, Store } from "./ports";
import type { Bank } from "./rules/bank";
import type { Pack } from "./rules/pack";

/**
 * The one way in: load, ask whether this person may, decide, append; three tries when a rival is first.
 * Safe to repeat: the command's id is its marker, for good.
 */

export interface Ports {
  store: Store;
  clock: Clock;
  chance: Chance;
  packs: ReadonlyMap<string, Pack>;
  /** The body's settings of the moment. */
  settings(bodyId: string): Promise<Settings>;
  /**
   * The bank of questions in that version, else the one in force; undefined where there is none. Without it, there is none.
   * `now`: what is in force is read anew, since something is to be decided by it; else it may be a minute old.
   */
  bank?(pack: Pack, version?: string, how?: "now"): Promise<Bank | undefined>;
  /** Whether a card of that partition's case stands in a chat, to be kept up to date. Without it, one may. */
  hasCards?(pk: string): Promise<boolean>;
}

export interface Request {
  /** Made where the button was drawn: the same press, sent again, has the same id. */
  id: string;
  caseId: string;
  command: Command;
  /** The revision that the person saw; an older head is read again. */
  seen?: number;
  /** When it happened, where it was sent later than that. */
  occurred?: Occurred;
  overrides?: readonly Override[];
  onBehalfOf?: { role: OutsideRole; channel: Channel; evidence: string };
}

export type Outcome<S = Case> =
  | {
      kind: "done";
      state: S;
      revision: number;
      events: Recorded[];
      warned: readonly Warned[];
      repeat: boolean;
      /** Whether it caused anything that is to be sent, now or later. */
      sends: boolean;
    }
  /** It stood already: by whom, when. Nothing was written. */
  | { kind: "already"; state: S; revision: number; by: By; at: string }
  | { kind: "refused"; problems: Problem[]; state?: S; revision: number };

/** Thrown when a rival was first three times over, or the store's copy stays behind: worth trying again later. */
export class Busy extends Error {
  override name = "Busy";
}

const tries = 3;
export const casePk = (caseId: string) => `case:${caseId}`;
export const bodyPk = (bodyId: string) => `body:${bodyId}`;

/**
 * Handles a person's request on a case. Refusals are values; store failures and `Busy` are thrown.
 * @param loaded the case's head, when the same turn has read it already: it is decided on first, and read again only if it
 * is older than what the person saw, or a rival was first.
 */
export async function handle(request: Request, actor: Actor, ports: Ports, loaded?: Head<Case>): Promise<Outcome> {
  const aggregate: Aggregate<Case, MaybeCase> = {
    initial,
    decide: deciding(request, actor, ports),
    fold: (c, e) => evolve(c, request.caseId, e),
    after: afterwards,
  };
  return append<Case, MaybeCase>(casePk(request.caseId), request, actor, ports, aggregate, loaded);
}

/** What `handle` would refuse of the request now, without doing it; empty when it would be done, or stands already. */
export async function foresee(request: Request, actor: Actor, ports: Ports): Promise<Problem[]> {
  const head = await ports.store.head<Case>(casePk(request.caseId));
  const decided = await deciding(
    request,
    actor,
    ports,
  )(head?.state ?? initial, {
    now: ports.clock.now(),
    overrides: request.overrides ?? [],
    draw: ports.chance.draw(),
    newId: ports.chance.id(),
  });
  if ("refused" in decided) return decided.refused;
  return "refused" in decided.decision ? decided.decision.refused : [];
}

/** Permission, pack and reference, then the case's own decision. */
function deciding(request: Request, actor: Actor, ports: Ports): Aggregate<Case, MaybeCase>["decide"] {
  const { command } = request;
  return async (c, base) => {
    const unfit = unfitWords(request);
    if (unfit) return unfit;
    const granted =
      command.type === "case.register"
        ? canRegister(actor, command.data.bodyId)
        : c.stage === "none"
          ? refuse("NO_SUCH_CASE")
          : can(actor, command.type, c, request.onBehalfOf?.role);
    if ("refused" in granted) return granted;
    const pack =
      command.type === "case.register" && c.stage === "none"
        ? packFor(ports.packs, command.data.bodyId, command.data.programmeStart)
        : c.stage === "none"
          ? undefined
          : ports.packs.get(c.packId);
    if (!pack) return refuse("NO_PACK_FOR_START", {}, "programmeStart");
    const taken =
      command.type === "case.register" && c.stage === "none" ? await refTaken(request, command.data.ref, ports) : [];
    const by: By = { person: actor.person, role: granted.role, ...behalf(request, c) };
    const ctx: Context = {
      ...base,
      pack,
      by,
      permits: [],
      command: request.id,
      settings: await ports.settings(pack.body.id),
      ...(request.occurred && c.stage !== "none" ? { occurred: placed(request.occurred, command, c) } : {}),
      ...(c.stage === "none" ? {} : await bankFor(command, c, pack, ports)),
    };
    const decision = decide(command, c, ctx);
    if (taken.length === 0) return { ctx, decision };
    return { refused: [...taken, ...("refused" in decision ? decision.refused : [])] };
  };
}

/** A reference is one case's. */
async function refTaken(request: Request, ref: string, { store }: Ports): Promise<Problem[]> {
  const holder = await store.byRef(ref);
  return holder === undefined || holder === casePk(request.caseId) ? [] : refuse("REF_TAKEN", { ref }, "ref").refused;
}

/** What stands beside the command is bounded as its payload is. */
const Beside = z.object({ reasons: z.array(text()), evidence: text(300).optional() });
function unfitWords({ overrides = [], onBehalfOf }: Request): { refused: Problem[] } | undefined {
  const read = Beside.safeParse({ reasons: overrides.map((o) => o.reason), evidence: onBehalfOf?.evidence });
  if (read.success) return undefined;
  const issue = read.error.issues[0];
  return refuse(
    "INPUT_UNREADABLE",
    issue?.code === "too_big" ? { why: "tooLong", most: Number(issue.maximum) } : { why: "empty" },
  );
}

/** The bank, for commands that take questions from it: in the version that their session keeps to, once it has taken any. */
async function bankFor(command: Command, c: Case, pack: Pack, ports: Ports): Promise<{ bank?: Bank }> {
  if (command.type !== "session.draw" && command.type !== "session.ask") return {};
  const { method } = command.data;
  const version = pack.methods.some((m) => m.id === method) ? attemptAt(c, method).session.bank : undefined;
  const bank = await ports.bank?.(pack, version, "now");
  return bank ? { bank } : {};
}

/** Handles a change of the body's staff or settings, by its coordinator or by the service itself at start. */
export async function handleBody(
  bodyId: string,
  request: { id: string; command: BodyCommand },
  actor: Actor | "service",
  ports: Ports,
): Promise<Outcome<Body>> {
  const who: Actor = actor === "service" ? { person: "service", staff: { bodyId, roles: ["coordinator"] } } : actor;
  return append<Body, Body>(bodyPk(bodyId), request, who, ports, {
    initial: noBody(bodyId),
    async decide(body, base) {
      const granted = canRegister(who, bodyId);
      if ("refused" in granted) return granted;
      const by: By = { person: who.person, role: "coordinator" };
      const ctx = { ...base, by, permits: [] } as unknown as Context;
      return { ctx, decision: decideBody(request.command, body, ctx) };
    },
    fold: evolveBody,
    after: () => ({
      index: { kind: "body", bodyId, ref: bodyPk(bodyId).toUpperCase(), closed: false, people: [], row: null, due: [] },
      notices: [],
      packId: "",
    }),
  });
}

/**
 * Puts on a case's record what did not reach whom it was for: the service's own deed. Safe to repeat: what stands there is not
 * put twice. A case that does not exist, or was erased, has nobody to tell, and is refused.
 */
export const recordLost = (caseId: string, lost: readonly Lost[], ports: Ports): Promise<Outcome> =>
  ofService(caseId, "notice.lost", lost, (c) => lose(lost, c), ports);

/** Puts on a case's record what the service did with a meeting of it. Safe to repeat, as {@link recordLost} is. */
export const recordMeeting = (caseId: string, news: MeetingNews, ports: Ports): Promise<Outcome> =>
  ofService(caseId, "meeting.note", news, (c) => note(news, c), ports);

/** Puts on a case's record what Teams said of a session's meeting. Safe to repeat, as {@link recordLost} is. */
export const recordSeen = (caseId: string, method: string, sights: readonly Sight[], ports: Ports): Promise<Outcome> =>
  ofService(caseId, "meeting.see", { method, sights }, (c) => (isFull(c) ? accept() : see(method, sights, c)), ports);

async function ofService(
  caseId: string,
  type: string,
  data: unknown,
  judged: (c: Case) => Decision,
  ports: Ports,
): Promise<Outcome> {
  const by: By = { person: service, role: "coordinator" };
  const request = { id: ports.chance.id(), command: { type, data } as never };
  return append<Case, MaybeCase>(casePk(caseId), request, { person: service, staff: null }, ports, {
    initial,
    async decide(c, base) {
      const pack = c.stage === "none" ? undefined : ports.packs.get(c.packId);
      if (c.stage === "none" || !pack) return refuse("NO_SUCH_CASE");
      if (c.stage === "erased") return refuse("CASE_ERASED");
      const settings = await ports.settings(pack.body.id);
      const ctx: Context = { ...base, pack, by, permits: [], settings, command: request.id };
      return { ctx, decision: judged(c) };
    },
    fold: (c, e) => evolve(c, caseId, e),
    after: afterwards,
  });
}

const afterwards: Aggregate<Case, MaybeCase>["after"] = (c, before, events, ctx) => ({
  index: indexOf(c, ctx.pack),
  notices: noticesOf(before.stage === "none" ? undefined : before, c, events, ctx.pack),
  packId: ctx.pack.id,
});

/** The body's pack under which a programme that started that day falls; the newest when several do. */
export function packFor(packs: ReadonlyMap<string, Pack>, bodyId: string, start: string): Pack | undefined {
  return [...packs.values()]
    .filter((p) => p.body.id === bodyId)
    .filter(({ startsBetween: s }) => (s.from === null || start >= s.from) && (s.until === null || start <= s.until))
    .sort((a, b) => a.id.localeCompare(b.id))
    .at(-1);
}

function behalf(request: Request, c: MaybeCase): Pick<By, "onBehalfOf"> {
  const { onBehalfOf } = request;
  if (!onBehalfOf || c.stage === "none") return {};
  const { role, channel, evidence } = onBehalfOf;
  return { onBehalfOf: { role, channel, evidence: free(evidence), person: c.parties[role] } };
}

interface Aggregate<S, I> {
  initial: I;
  decide(
    state: S | I,
    base: Pick<Context, "now" | "overrides" | "draw" | "newId">,
  ): Promise<{ refused: Problem[] } | { ctx: Context; decision: Decision }>;
  fold(state: S | I, event: Recorded): S;
  after(
    state: S,
    before: S | I,
    events: Recorded[],
    ctx: Context,
  ): { index: Index; notices: NewNotice[]; packId: string };
}

async function append<S, I>(
  pk: string,
  request: Pick<Request, "id" | "seen" | "overrides" | "onBehalfOf"> & { command: Command | BodyCommand },
  actor: Actor,
  ports: Ports,
  aggregate: Aggregate<S, I>,
  loaded?: Head<S>,
): Promise<Outcome<S>> {
  const { store, clock, chance } = ports;
  const commandId = `c-${actor.person}-${request.id}`;
  const digest = chance.digest(
    canonical({ command: request.command, overrides: request.overrides ?? [], onBehalfOf: request.onBehalfOf ?? null }),
  );
  for (let n = 0; n < tries; n++) {
    const fresh = n === 0 && loaded !== undefined && loaded.revision >= (request.seen ?? 0);
    const head = fresh ? loaded : await store.head<S>(pk, request.seen);
    // Another instance wrote what this one does not see yet.
    if (request.seen !== undefined && (head?.revision ?? 0) < request.seen && n < tries - 1) continue;
    const before = head?.state ?? aggregate.initial;
    const revision = head?.revision ?? 0;
    const refused = (problems: Problem[]): Outcome<S> => ({
      kind: "refused",
      problems,
      revision,
      ...(head ? { state: head.state } : {}),
    });
    const decided = await aggregate.decide(before, {
      now: clock.now(),
      overrides: request.overrides ?? [],
      draw: chance.draw(),
      newId: chance.id(),
    });
    if ("refused" in decided) return refused(decided.refused);
    const { ctx, decision } = decided;
    if ("refused" in decision) return (await wasMine<S>(pk, commandId, digest, ports)) ?? refused(decision.refused);
    if ("already" in decision || decision.events.length === 0) {
      const mine = await wasMine<S>(pk, commandId, digest, ports);
      if (mine) return mine;
      const stamp = "already" in decision ? decision.already : { at: ctx.now, by: ctx.by };
      return { kind: "already", state: before as S, revision, by: stamp.by, at: stamp.at };
    }
    const drafts = decision.events.map((e, i) => draft(e, i, decision, ctx, commandId));
    const packId = "pack" in ctx && ctx.pack ? ctx.pack.id : "";
    const from = head ? { head: head.hash, revision: head.revision } : chainStart(pk, chance.digest);
    const events = chained(drafts, from, packId, chance);
    let state: S | I = before;
    for (const e of events) state = aggregate.fold(state, e);
    const { index, notices } = aggregate.after(state as S, before, events, ctx);
    const idle = ports.hasCards && !(await ports.hasCards(pk));
    const toSend = idle ? notices.filter((n) => n.to !== "cards") : notices;
    const last = events.at(-1) as Recorded;
    const next: Head<S> = { pk, revision: last.seq, hash: last.hash, state: state as S, index };
    const result: Appended = await store.append({
      pk,
      expected: revision,
      command: { id: commandId, digest },
      events,
      head: next,
      notices: toSend,
    });
    if (result === "appended")
      return {
        kind: "done",
        state: state as S,
        revision: last.seq,
        events,
        warned: decision.warned,
        repeat: false,
        sends: toSend.length > 0,
      };
    if (result === "full") return refused(refuse("CASE_FULL").refused);
    if (result === "reused") return refused(refuse("COMMAND_ID_REUSED").refused);
    if (result === "repeat") {
      const mine = await wasMine<S>(pk, commandId, digest, ports);
      if (mine) return mine;
    }
  }
  throw new Busy(`${pk} changed under ${request.command.type} ${tries} times`);
}

/** This very command, if it was handled before: its effect stands, whatever the case would say of it now. */
async function wasMine<S>(
  pk: string,
  commandId: string,
  digest: string,
  { store }: Ports,
): Promise<Outcome<S> | undefined> {
  const marker = await store.marker(pk, commandId);
  if (marker?.digest !== digest) return undefined;
  const head = await store.head<S>(pk);
  if (!head) return undefined;
  return {
    kind: "done",
    state: head.state,
    revision: head.revision,
    events: [],
    warned: [],
    repeat: true,
    sends: true,
  };
}

type Draft = Omit<Recorded, "seq" | "prev" | "hash" | "packId">;

/** What was lifted and warned of stands with the first event of the command. */
function draft(
  e: NewEvent,
  i: number,
  decision: Exclude<Decision, { refused: unknown } | { already: unknown }>,
  ctx: Context,
  commandId: string,
): Draft {
  const { lifted, warned } = decision;
  return {
    type: e.type,
    data: e.data,
    at: ctx.now,
    by: ctx.by,
    commandId,
    ...(ctx.occurred ? { occurred: ctx.occurred } : {}),
    ...(i === 0 && lifted.length > 0 ? { lifted } : {}),
    ...(i === 0 && warned.length > 0 ? { warned } : {}),
  };
}

function chained(drafts: Draft[], from: Link, packId: string, chance: Chance): Recorded[] {
  let prev = from.head;
  let seq = from.revision;
  return drafts.map((d) => {
    const open = seal({ ...d, seq: ++seq, packId, prev }, () => chance.id()) as Omit<Recorded, "hash">;
    const event: Recorded = { ...open, hash: hashOf(open, chance.digest) };
    prev = event.hash;
    return event;
  });
}
