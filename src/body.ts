import { z } from "zod";
import { type Context, type Decision, judge, type NewEvent, type PersonId, refuse, type Settings } from "./case/case";
import { latest } from "./case/limits";
import { id, methodId, personId } from "./case/payload";
import type { Role } from "./rules/pack";

/** An awarding body's own staff and settings: who works for it in which role, and how much of an assessor's grading IQA samples. */

const staffRole = z.enum(["coordinator", "assessor", "iqa", "auditor"]);

export const payloads = {
  "staff.add": z.strictObject({ person: personId, roles: z.array(staffRole).min(1).max(4) }),
  "staff.leave": z.strictObject({ person: personId }),
  /** The share of grades that IQA samples: for one assessor, or the usual share. */
  "sampling.set": z.strictObject({ person: personId.optional(), rate: z.number().min(0).max(1) }),
  /**
   * A version of a pack's question bank comes into force. Its questions lie in the store under that version, and never change;
   * `digest` is of what lies there. `after` is the version it was made from: null for the sample.
   */
  "bank.import": z.strictObject({
    pack: id,
    method: methodId,
    version: z.string().min(1).max(40),
    after: z.string().min(1).max(40).nullable(),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    questions: z.int().positive(),
  }),
};
export type BodyCommandType = keyof typeof payloads;
export type BodyCommand = { [T in BodyCommandType]: { type: T; data: z.infer<(typeof payloads)[T]> } }[BodyCommandType];

export type BodyEvent =
  | NewEvent<"StaffAdded", { person: PersonId; roles: Role[] }>
  | NewEvent<"StaffLeft", { person: PersonId }>
  | NewEvent<"SamplingSet", { person: PersonId | null; rate: number }>
  | NewEvent<"BankImported", Imported>;

type Imported = z.infer<(typeof payloads)["bank.import"]>;
/** Which version came into force, when, by whom, and for which method it was brought in. */
export interface BankInForce extends Pick<Imported, "version" | "method" | "digest"> {
  at: string;
  by: PersonId;
}

/** Earlier versions stand in their events, and as long as a session keeps to them in the store. */
const mostVersions = 100;

export interface Body {
  id: string;
  staff: Readonly<Record<PersonId, { roles: readonly Role[] }>>;
  sampling: Settings["sampling"];
  /** The latest versions of each pack's question bank, the one in force last; none while the sample is. */
  banks?: Readonly<Record<string, readonly BankInForce[]>>;
}

/** A body before anything was set: nobody works for it, and every grade is sampled, the cautious start. */
export const noBody = (id: string): Body => ({ id, staff: {}, sampling: { usual: 1, byAssessor: {} } });

/** The roles of one of the body's staff; undefined for anyone else, whatever their id. */
const rolesOf = (body: Body, person: PersonId): readonly Role[] | undefined =>
  Object.hasOwn(body.staff, person) ? body.staff[person]?.roles : undefined;

const sameRoles = (a: readonly Role[] | undefined, b: readonly Role[]) =>
  a !== undefined && a.length === b.length && b.every((r) => a.includes(r));

/** Decides a change of the body's staff or settings. `ctx.by` has been found to be its coordinator, or the service at start. */
export function decideBody(command: BodyCommand, body: Body, ctx: Pick<Context, "by" | "now">): Decision<BodyEvent> {
  const stamp = { at: ctx.now, by: ctx.by };
  switch (command.type) {
    case "staff.add": {
      const { person, roles } = command.data;
      if (sameRoles(rolesOf(body, person), roles)) return { already: stamp };
      const j = judge(ctx as Context);
      // The auditor reads and decides nothing: no other role goes with it.
      j.need(!roles.includes("auditor") || roles.length === 1, "AUDITOR_ONLY_READS", {}, "roles");
      j.need(roles.includes("coordinator") || !isLastCoordinator(body, person), "LAST_COORDINATOR", {}, "roles");
      return j.settle(() => [{ type: "StaffAdded", data: { person, roles: [...roles] } }]);
    }
    case "staff.leave": {
      const { person } = command.data;
      if (!rolesOf(body, person)) return refuse("NOT_STAFF", {}, "person");
      if (isLastCoordinator(body, person)) return refuse("LAST_COORDINATOR", {}, "person");
      return { events: [{ type: "StaffLeft", data: { person } }], lifted: [], warned: [] };
    }
    case "bank.import": {
      const present = inForce(body, command.data.pack);
      if (present?.version === command.data.version) return { already: { at: present.at, by: stamp.by } };
      // Somebody else brought one in since: what was made from the version before would lose theirs.
      if ((present?.version ?? null) !== command.data.after) return refuse("BANK_CHANGED");
      return { events: [{ type: "BankImported", data: command.data }], lifted: [], warned: [] };
    }
    case "sampling.set": {
      const { person, rate } = command.data;
      if (person !== undefined && !rolesOf(body, person)?.includes("assessor"))
        return refuse("NOT_STAFF", {}, "person");
      return { events: [{ type: "SamplingSet", data: { person: person ?? null, rate } }], lifted: [], warned: [] };
    }
  }
}

/** The pack's imported bank that is in force; undefined while the sample is. */
export const inForce = (body: Body, packId: string): BankInForce | undefined =>
  body.banks && Object.hasOwn(body.banks, packId) ? body.banks[packId]?.at(-1) : undefined;

function isLastCoordinator(body: Body, person: PersonId): boolean {
  const all = Object.entries(body.staff).filter(([, s]) => s.roles.includes("coordinator"));
  return all.length === 1 && all[0]?.[0] === person;
}

/** Folds one event into the body. @throws on an unknown type. */
export function evolveBody(
  body: Body,
  e: { type: string; data: unknown; at?: string; by?: { person: PersonId } },
): Body {
  const event = e as BodyEvent;
  switch (event.type) {
    case "StaffAdded":
      return { ...body, staff: { ...body.staff, [event.data.person]: { roles: event.data.roles } } };
    case "StaffLeft": {
      const { [event.data.person]: _gone, ...staff } = body.staff;
      return { ...body, staff };
    }
    case "SamplingSet": {
      const { person, rate } = event.data;
      const sampling =
        person === null
          ? { ...body.sampling, usual: rate }
          : { ...body.sampling, byAssessor: { ...body.sampling.byAssessor, [person]: rate } };
      return { ...body, sampling };
    }
    case "BankImported": {
      const { pack, version, method, digest } = event.data;
      const before = body.banks && Object.hasOwn(body.banks, pack) ? (body.banks[pack] ?? []) : [];
      const now = { version, method, digest, at: e.at ?? "", by: e.by?.person ?? "" };
      return { ...body, banks: { ...body.banks, [pack]: latest(mostVersions, [...before, now]) } };
    }
    default:
      throw new Error(`Unknown event ${e.type} of body ${body.id}`);
  }
}
