import { type By, type Case, free, type Lifted, outsideRoles } from "./case/case";
import type { EventType } from "./case/decider";
import { type Actor, closedTo, hasDeclared, rolesIn, viewRole } from "./permissions";
import type { Pack, Role } from "./rules/pack";

/**
 * Who reads what of the record, and what may be said of an event to whom. What somebody wrote of their health is for those who
 * decide on it: auditor, IQA and assessor learn what was granted, and not why.
 */

/** An event as kept, as far as reading it asks. */
export interface Readable {
  type: string;
  data: unknown;
  by: By;
  lifted?: readonly Lifted[] | undefined;
}

/** Words of these events that may speak of health, by event. */
const healthWords: Partial<Readonly<Record<EventType, readonly string[]>>> = {
  ExceptionsCorrected: ["reason"],
  AdjustmentRequested: ["need"],
  AdjustmentDecided: ["reason"],
  ConsiderationRequested: ["what"],
  ConsiderationDecided: ["reason"],
};

/** Rules about adjustments and special consideration: why they were lifted may speak of health too. */
const ofHealth = (rule: string | undefined, { rules }: Pack): boolean =>
  rule === rules.adjustments.id || rule === rules.specialConsideration.id;

/** A lifted rule as it may be read by those who do not decide on health. */
export const withoutHealth = <L extends Lifted>(l: L, pack: Pack): L =>
  ofHealth(l.rule, pack) ? { ...l, reason: free("") } : l;

function withoutWords<E extends Readable>(e: E, pack: Pack): E {
  const kept = { ...e, ...(e.lifted ? { lifted: e.lifted.map((l) => withoutHealth(l, pack)) } : {}) };
  if (e.type === "RuleLifted")
    return ofHealth((e.data as { rule: string }).rule, pack) ? { ...kept, data: without(e.data, ["reason"]) } : kept;
  const words = healthWords[e.type as EventType];
  if (!words) return kept;
  const { onBehalfOf } = e.by;
  // What shows that somebody asked for it, a doctor's letter, says as much as the words themselves.
  const by = onBehalfOf ? { ...e.by, onBehalfOf: { ...onBehalfOf, evidence: free("") } } : e.by;
  return { ...kept, by, data: without(e.data, words) };
}

const without = (data: unknown, names: readonly string[]): unknown =>
  Object.fromEntries(Object.entries(data as object).filter(([name]) => !names.includes(name)));

/** Of what was asked about health the assessor learns only what was granted: it is a limit to assess by. */
const forAssessor = (e: Readable): boolean =>
  healthWords[e.type as EventType] === undefined ||
  (e.type === "AdjustmentDecided" && (e.data as { granted: boolean }).granted);

/**
 * The record as this actor may read it, entries and words: a coordinator all of it; auditor, and assessor and IQA who have
 * declared (or may decide an open appeal), without words about health. Undefined for everyone else.
 */
export function historyView<E extends Readable>(
  c: Case,
  events: readonly E[],
  actor: Actor,
  pack: Pack,
): E[] | undefined {
  const role = viewRole(actor, c);
  if (role === undefined || (outsideRoles as readonly Role[]).includes(role) || closedTo(actor, c)) return undefined;
  // Of an erased case: that it was, and by whom.
  if (c.stage === "erased") return events.filter((e) => e.type === "CaseErased");
  if (role === "coordinator") return [...events];
  return (role === "assessor" ? events.filter(forAssessor) : [...events]).map((e) => withoutWords(e, pack));
}

/** What assessor and IQA are told before they declared: their own part, and when and where it is to be played. */
const beforeDeclaring: ReadonlySet<string> = new Set<EventType>([
  "StaffAllocated",
  "CaseWithdrawn",
  "GatewayAccepted",
  "PlanningScheduled",
  "SessionBooked",
  "SessionMoved",
  "MeetingMade",
]);

/**
 * Of these events, those of which this actor may be told, and in which role. Only people who are in the case now are told of it,
 * staff as long as the body's list has them; to an assessor or IQA who has not declared only their own part. Staff just taken
 * off the case are told just that.
 */
export function toldView<E extends Readable>(
  c: Case,
  events: readonly E[],
  actor: Actor,
  pack: Pack,
): { role: Role; events: E[] } | undefined {
  const role = rolesIn(actor, c)[0];
  if (role !== undefined) {
    const closed = (role === "assessor" || role === "iqa") && !hasDeclared(c, actor.person);
    const theirs = closed ? events.filter((e) => beforeDeclaring.has(e.type)) : [...events];
    return { role, events: role === "assessor" || role === "iqa" ? theirs.map((e) => withoutWords(e, pack)) : theirs };
  }
  const left = c.allocations.filter((a) => a.person === actor.person && a.until !== undefined).at(-1);
  if (!left || actor.staff?.bodyId !== c.bodyId || !actor.staff.roles.includes(left.role)) return undefined;
  return {
    role: left.role,
    events: events.filter((e) => e.type === "StaffAllocated" && (e.data as { role: Role }).role === left.role),
  };
}
