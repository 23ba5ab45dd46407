import type { Case, Offer, OutsideRole, PersonId, Problem } from "./case/case";
import { interestOf, outsideRoles, refuse } from "./case/case";
import { type CommandType, offered } from "./case/decider";
import type { Instant } from "./rules/calendar";
import type { Pack, Role } from "./rules/pack";

/** Who may do what: one table. It refuses commands and draws the buttons. */

/** A person as the edge knows them. Roles in a case come from the case; staff roles from the awarding body's own list. */
export interface Actor {
  person: PersonId;
  /** The awarding body whose staff they are, and in what roles, or null for outside people. */
  staff: { bodyId: string; roles: readonly Role[] } | null;
}

/** One sentence of the table. */
interface Rule {
  /** In which role of the case. `staffOf` roles need not be on the case: it is enough to be the body's staff in that role. */
  roles: readonly Role[];
  /** Any of the body's staff in these roles may, on the case or not. */
  staffOf?: readonly Role[];
  /** Assessor and IQA: only once they declared that they have no interest in the case. */
  declared?: true;
  /** A coordinator may record it as an outside person's own decision. */
  onBehalf?: true;
  /** Only by someone who is not on the case. */
  unconnected?: true;
}

const coordinator: Rule = { roles: ["coordinator"], staffOf: ["coordinator"] };
const assessor: Rule = { roles: ["assessor"], declared: true };
const iqa: Rule = { roles: ["iqa"], declared: true };
const outside = (...roles: OutsideRole[]): Rule => ({ roles, onBehalf: true });
const and = (a: Rule, b: Rule): Rule => ({ ...a, ...b, roles: [...a.roles, ...b.roles] });

export const permissions: Readonly<Record<CommandType, Rule>> = {
  "case.register": coordinator,
  "case.withdraw": coordinator,
  "case.correct": coordinator,
  "exceptions.correct": coordinator,
  "case.erase": coordinator,
  "person.correct": coordinator,
  "rule.lift": coordinator,
  "chat.bind": coordinator,
  "party.remind": coordinator,
  "party.invite": coordinator,
  "notice.resend": coordinator,
  "notice.told": coordinator,
  "staff.allocate": coordinator,
  "interest.declare": { roles: ["assessor", "iqa"] },

  "adjustment.request": and(coordinator, outside("apprentice", "employer", "provider")),
  "adjustment.decide": coordinator,
  "consideration.request": and(coordinator, outside("apprentice", "employer", "provider")),
  "consideration.decide": coordinator,
  "dispensation.grant": coordinator,

  "gateway.attest": outside("provider"),
  "gateway.submit": outside("provider"),
  "gateway.confirm": outside("employer", "provider"),
  "gateway.ready": outside("apprentice"),
  "gateway.acceptItem": coordinator,
  "gateway.returnItem": coordinator,
  "gateway.accept": coordinator,

  "planning.schedule": coordinator,
  "planning.offer": coordinator,
  "planning.accept": outside("apprentice", "employer"),
  "planning.save": assessor,
  "planning.finish": assessor,

  "proposal.submit": outside("apprentice"),
  "proposal.return": assessor,
  "proposal.accept": assessor,
  "proposal.reopen": coordinator,

  "report.submit": outside("apprentice"),
  "portfolio.submit": outside("apprentice"),

  "session.book": and(coordinator, assessor),
  "session.move": and(coordinator, assessor),
  "session.offer": and(coordinator, assessor),
  "session.accept": outside("apprentice", "employer"),
  "session.start": assessor,
  "session.pause": assessor,
  "session.resume": assessor,
  "session.questions": assessor,
  "session.draw": assessor,
  "session.ask": assessor,
  "session.unask": assessor,
  "session.note": assessor,
  "session.correctNote": assessor,
  "session.mark": assessor,
  "session.descriptors": assessor,
  "session.present": assessor,
  "session.end": assessor,
  "session.notHeld": and(coordinator, assessor),

  "grade.confirm": assessor,
  "mark.correct": assessor,
  "moderation.sample": iqa,
  "moderation.uphold": iqa,
  "moderation.sendBack": iqa,

  "results.release": coordinator,
  "results.withhold": coordinator,
  "results.resume": coordinator,
  "cap.lift": coordinator,

  "resit.agree": outside("employer"),
  "resit.open": coordinator,

  "enquiry.raise": outside("apprentice", "employer", "provider"),
  "enquiry.answer": coordinator,
  "appeal.raise": outside("apprentice", "employer", "provider"),
  "appeal.decide": { roles: [], staffOf: ["coordinator", "iqa"], unconnected: true },
};

/** Whether the actor is staff of the case's awarding body in that role. Another body's staff are strangers. */
const staffAs = (actor: Actor, bodyId: string, role: Role) =>
  actor.staff?.bodyId === bodyId && actor.staff.roles.includes(role);

/** The actor's own roles in the case, as the case and the body's list say. */
export function rolesIn(actor: Actor, c: Case): Role[] {
  const roles: Role[] = outsideRoles.filter((r) => c.parties[r] === actor.person);
  for (const r of ["assessor", "iqa", "coordinator"] as const)
    if (c.staff[r] === actor.person && staffAs(actor, c.bodyId, r)) roles.push(r);
  return roles;
}

/** The role in which the actor sees the case: a part in it first, else as staff of the body; undefined for strangers. */
export function viewRole(actor: Actor, c: Case): Role | undefined {
  const own = rolesIn(actor, c)[0];
  if (own) return own;
  for (const r of ["coordinator", "auditor"] as const) if (staffAs(actor, c.bodyId, r)) return r;
  // IQA staff off the case see it only to decide an appeal on it.
  const appeal = c.challenges.some((x) => x.kind === "appeal" && x.outcome === "toDecide");
  return appeal && staffAs(actor, c.bodyId, "iqa") ? "iqa" : undefined;
}

/** Has this assessor or IQA declared that nothing stands against their part? Evidence is shown only then. */
export const hasDeclared = (c: Case, person: PersonId): boolean => interestOf(c, person)?.conflict === false;

const wasOnCase = (c: Case, person: PersonId) => c.allocations.some((a) => a.person === person);

/** Where the actor stands in the case: the same whatever is asked of it. */
interface Standing {
  seen: Role | undefined;
  own: readonly Role[];
}
const standingOf = (actor: Actor, c: Case): Standing => ({ seen: viewRole(actor, c), own: rolesIn(actor, c) });

export type Granted = { role: Role } | { refused: Problem[] };

/** May the actor register a case for this body? */
export const canRegister = (actor: Actor, bodyId: string): Granted =>
  staffAs(actor, bodyId, "coordinator") ? { role: "coordinator" } : refuse("NOT_ALLOWED", { command: "case.register" });

/**
 * May the actor do this on the case, and in which role?
 * Strangers learn nothing, not even that the case exists: `NO_SUCH_CASE`.
 * `onBehalfOf` asks it as a coordinator recording an outside person's decision.
 */
export function can(
  actor: Actor,
  type: CommandType,
  c: Case,
  onBehalfOf?: OutsideRole,
  { seen, own }: Standing = standingOf(actor, c),
): Granted {
  const rule = permissions[type];
  if (seen === undefined) return refuse("NO_SUCH_CASE");
  if (onBehalfOf !== undefined) {
    const lawful = rule.onBehalf === true && rule.roles.includes(onBehalfOf) && staffAs(actor, c.bodyId, "coordinator");
    const party = own.some((r) => r !== "coordinator");
    return lawful && !party ? { role: "coordinator" } : refuse("NOT_ALLOWED", { command: type, role: seen });
  }
  if (rule.unconnected) {
    const free = own.length === 0 && !wasOnCase(c, actor.person) && !c.tookPart.includes(actor.person);
    const role = rule.staffOf?.find((r) => staffAs(actor, c.bodyId, r));
    if (role === undefined) return refuse("NOT_ALLOWED", { command: type, role: seen });
    return free ? { role } : refuse("CONNECTED_WITH_CASE");
  }
  const role =
    own.find((r) => rule.roles.includes(r)) ??
    (own.length === 0 ? rule.staffOf?.find((r) => staffAs(actor, c.bodyId, r)) : undefined);
  if (role === undefined) return refuse("NOT_ALLOWED", { command: type, role: seen });
  if (rule.declared && (role === "assessor" || role === "iqa") && !hasDeclared(c, actor.person))
    return refuse("INTEREST_NOT_DECLARED", { role });
  return { role };
}

/**
 * Is the assessment closed to this actor: an assessor or IQA on the case who has not declared? IQA staff off the case see it to
 * decide an appeal; they took no part in it and so declare nothing, and whoever may not decide it sees nothing of it (R34).
 */
export function closedTo(actor: Actor, c: Case): boolean {
  const role = viewRole(actor, c);
  if (role !== "assessor" && role !== "iqa") return false;
  return rolesIn(actor, c).length > 0 ? !hasDeclared(c, actor.person) : "refused" in can(actor, "appeal.decide", c);
}

/** A thing this person may do now, with the arguments that a button carries. */
export interface Permitted {
  type: CommandType;
  data: Offer;
  role: Role;
  onBehalfOf?: OutsideRole;
}

/** Everything the actor may do on the case now: the same table that refuses also draws the buttons. */
export function permitted(actor: Actor, c: Case, pack: Pack, now: Instant): Permitted[] {
  const standing = standingOf(actor, c);
  const may: Permitted[] = [];
  for (const { type, data } of offered(c, pack, now)) {
    const own = can(actor, type, c, undefined, standing);
    // Whose confirmation it is, is who presses: the button need not say so, and the payload does not take it.
    const carried = ofRole.has(type) ? withoutRole(data) : data;
    if ("role" in own && lawfulFor(own.role, type, data, actor, c)) may.push({ type, data: carried, role: own.role });
    const { roles, onBehalf } = permissions[type];
    if (!onBehalf) continue;
    const named = data.role as OutsideRole | undefined;
    for (const party of named ? [named] : outsideRoles) {
      if (!named && !roles.includes(party)) continue;
      const other = can(actor, type, c, party, standing);
      if ("role" in other) may.push({ type, data: carried, role: other.role, onBehalfOf: party });
    }
  }
  return may;
}

const withoutRole = ({ role: _whose, ...rest }: Offer): Offer => rest;

/** Offers that name whose they are. */
const ofRole: ReadonlySet<CommandType> = new Set(["gateway.confirm", "session.accept"]);

/** Offers that name a role are for that role; a declaration is for who has not declared, a conflict found for who has. */
function lawfulFor(role: Role, type: CommandType, data: Permitted["data"], actor: Actor, c: Case): boolean {
  if (type === "interest.declare") return (interestOf(c, actor.person) === undefined) === (data.conflict === undefined);
  if (ofRole.has(type)) return data.role === role;
  return true;
}
