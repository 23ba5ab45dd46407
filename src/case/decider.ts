import type { z } from "zod";
import type { Instant } from "../rules/calendar";
import type { Pack } from "../rules/pack";
import * as adjustments from "./adjustments";
import * as allocation from "./allocation";
import * as appeals from "./appeals";
import type { By, Case, Context, Decision, Lifted, MaybeCase, NewEvent, Occurred, Offer, Offers, Warned } from "./case";
import { outsideRoles, refuse } from "./case";
import * as delivery from "./delivery";
import * as gateway from "./gateway";
import * as grading from "./grading";
import { latest, mostWarned, overfull } from "./limits";
import * as marking from "./marking";
import * as meetings from "./meetings";
import * as planning from "./planning";
import * as planningSlots from "./planningSlots";
import * as presence from "./presence";
import * as proposal from "./proposal";
import * as questions from "./questions";
import * as registration from "./registration";
import * as resit from "./resit";
import * as results from "./results";
import * as retention from "./retention";
import { secretEvents } from "./secret";
import * as sessions from "./sessions";
import * as slots from "./slots";
import * as submissions from "./submissions";

/** The whole contract: what may be asked, what came about, and the two pure functions between them. */

export const payloads = {
  ...registration.commands,
  ...allocation.commands,
  ...adjustments.commands,
  ...gateway.commands,
  ...planning.commands,
  ...planningSlots.commands,
  ...proposal.commands,
  ...submissions.commands,
  ...sessions.commands,
  ...slots.commands,
  ...questions.commands,
  ...marking.commands,
  ...presence.commands,
  ...grading.commands,
  ...results.commands,
  ...resit.commands,
  ...appeals.commands,
  ...retention.commands,
  ...delivery.commands,
};
export type CommandType = keyof typeof payloads;
export type Payload<T extends CommandType> = z.infer<(typeof payloads)[T]>;
/** What is asked of a case, parsed; who asks and when come beside it. */
export type Command = { [T in CommandType]: { type: T; data: Payload<T> } }[CommandType];
export const commandTypes = Object.keys(payloads) as CommandType[];

export type CaseEvent =
  | registration.Event
  | allocation.Event
  | adjustments.Event
  | gateway.Event
  | planning.Event
  | planningSlots.Event
  | proposal.Event
  | submissions.Event
  | sessions.Event
  | slots.Event
  | questions.Event
  | marking.Event
  | presence.Event
  | grading.Event
  | results.Event
  | resit.Event
  | appeals.Event
  | retention.Event
  | meetings.Event
  | delivery.Event;
export type EventType = CaseEvent["type"];

type Deciders = {
  [T in Exclude<CommandType, "case.register">]: (p: Payload<T>, c: Case, ctx: Context) => Decision<CaseEvent>;
};
const deciders: Deciders = {
  ...registration.decide,
  ...allocation.decide,
  ...adjustments.decide,
  ...gateway.decide,
  ...planning.decide,
  ...planningSlots.decide,
  ...proposal.decide,
  ...submissions.decide,
  ...sessions.decide,
  ...slots.decide,
  ...questions.decide,
  ...marking.decide,
  ...presence.decide,
  ...grading.decide,
  ...results.decide,
  ...resit.decide,
  ...appeals.decide,
  ...retention.decide,
  ...delivery.decide,
};

type Folds = {
  [T in Exclude<EventType, "CaseRegistered">]: (
    c: Case,
    data: Extract<CaseEvent, { type: T }>["data"],
    stamp: FoldedEvent,
  ) => Case;
};
const folds: Folds = {
  ...registration.evolve,
  ...allocation.evolve,
  ...adjustments.evolve,
  ...gateway.evolve,
  ...planning.evolve,
  ...planningSlots.evolve,
  ...proposal.evolve,
  ...submissions.evolve,
  ...sessions.evolve,
  ...slots.evolve,
  ...questions.evolve,
  ...marking.evolve,
  ...presence.evolve,
  ...grading.evolve,
  ...results.evolve,
  ...resit.evolve,
  ...appeals.evolve,
  ...retention.evolve,
  ...meetings.evolve,
  ...delivery.evolve,
};

export const offers: Offers<Exclude<CommandType, "case.register">> = {
  ...registration.offers,
  ...allocation.offers,
  ...adjustments.offers,
  ...gateway.offers,
  ...planning.offers,
  ...planningSlots.offers,
  ...proposal.offers,
  ...submissions.offers,
  ...sessions.offers,
  ...slots.offers,
  ...questions.offers,
  ...marking.offers,
  ...presence.offers,
  ...grading.offers,
  ...results.offers,
  ...resit.offers,
  ...appeals.offers,
  ...retention.offers,
  ...delivery.offers,
};

/** What may still come about in a case that was withdrawn. */
const afterwards = { ...delivery.offers, ...retention.offers };

export const initial: MaybeCase = { stage: "none" };

/** Decides a command on a case: events, a refusal, or "it stands already". Pure: the same arguments give the same answer. */
export function decide(command: Command, c: MaybeCase, ctx: Context): Decision<CaseEvent> {
  if (command.type === "case.register")
    return c.stage === "none" ? registration.register(command.data, ctx) : { already: c.registered };
  if (c.stage === "none") return refuse("NO_SUCH_CASE");
  if (c.stage === "erased" && command.type !== "case.erase") return refuse("CASE_ERASED");
  // One table, one lookup: the payload's type follows the command's by construction of `Command`.
  const decideOne = deciders[command.type] as (p: unknown, c: Case, ctx: Context) => Decision<CaseEvent>;
  const decision = decideOne(command.data, c, { ...ctx, permits: c.permits });
  // Whatever a stage says: in a case that was withdrawn nothing comes about any more, but that people are told of it, and
  // that it is erased in the end.
  const open = c.stage !== "withdrawn" || Object.hasOwn(afterwards, command.type);
  return !open && "events" in decision ? refuse("CASE_CLOSED") : bounded(decision, c, ctx);
}

/** The decision, or a refusal where the case would hold more than a case does. */
export function bounded(decision: Decision<CaseEvent>, c: Case, ctx: Context): Decision<CaseEvent> {
  if (!("events" in decision)) return decision;
  const { events, lifted, warned } = decision;
  const { now: at, by, occurred } = ctx;
  const stamp = { at, by, ...(occurred ? { occurred } : {}) };
  const after = events.reduce(
    (sofar, e, i) =>
      evolve(sofar, c.id, { ...e, ...stamp, seq: c.revision + 1 + i, ...(i === 0 ? { lifted, warned } : {}) }),
    c,
  );
  return overfull(c, after) ?? decision;
}

/** An event as stored, as far as folding needs it. */
export interface FoldedEvent {
  seq: number;
  type: string;
  data: unknown;
  at: Instant;
  by: By;
  occurred?: Occurred;
  lifted?: readonly Lifted[];
  warned?: readonly Warned[];
}

/** Folds one event into the case. Replaying a case's events from `initial` gives its state. @throws on an unknown type. */
export function evolve(c: MaybeCase, caseId: string, e: FoldedEvent): Case {
  if (e.type === "CaseRegistered") return noted(registration.registered(caseId, e.data as never, e as never), e);
  if (c.stage === "none") throw new Error(`Case ${caseId} begins with ${e.type}`);
  const fold = folds[e.type as keyof Folds] as ((c: Case, data: unknown, e: FoldedEvent) => Case) | undefined;
  if (!fold) throw new Error(`Unknown event ${e.type} in case ${caseId}`);
  return noted(fold(c, e.data, e), e);
}

/** In the place of a person, for what no person did: the service puts on the record what could not be delivered. */
export const service = "service";

/** What was lifted or warned of stays on the case's record; staff who did anything in it took a part (R34). */
function noted(c: Case, e: FoldedEvent): Case {
  const lifted = e.lifted?.map((x) => ({ ...x, at: e.at })) ?? [];
  const warned = e.warned?.map((x) => ({ ...x, at: e.at })) ?? [];
  const { person, role } = e.by;
  const newcomer =
    !(outsideRoles as readonly string[]).includes(role) && person !== service && !c.tookPart.includes(person);
  const used = new Set(lifted.map((x) => x.permit));
  return {
    ...c,
    revision: e.seq,
    outsideRevision: c.outsideRevision + (secretEvents.has(e.type) ? 0 : 1),
    ...(newcomer ? { tookPart: [...c.tookPart, person] } : {}),
    ...(used.size > 0 ? { permits: c.permits.filter((x) => !used.has(x.id)) } : {}),
    ...(lifted.length > 0 ? { lifted: [...c.lifted, ...lifted] } : {}),
    ...(warned.length > 0 ? { warned: latest(mostWarned, [...c.warned, ...warned]) } : {}),
  };
}

type OfferOf = (c: Case, pack: Pack, now: Instant) => readonly Offer[];
const offersOf = (of: Partial<Record<CommandType, OfferOf>>) => Object.entries(of) as [CommandType, OfferOf][];
const allOffers = offersOf(offers);
const afterwardsOffers = offersOf(afterwards);

/** What could be asked of the case now, whoever asks. */
export function offered(c: Case, pack: Pack, now: Instant): { type: CommandType; data: Offer }[] {
  if (c.stage === "erased") return [];
  const found: { type: CommandType; data: Offer }[] = [];
  for (const [type, offer] of c.stage === "withdrawn" ? afterwardsOffers : allOffers)
    for (const data of offer(c, pack, now)) found.push({ type, data });
  return found;
}
export type { NewEvent };
