import { z } from "zod";
import {
  assessedHere,
  attemptAt,
  type Case,
  type Decide,
  type Evolves,
  type FreeText,
  free,
  type Interest,
  interestOf,
  isOut,
  judge,
  type NewEvent,
  never,
  type Offers,
  once,
  type PersonId,
  refuse,
  roleOf,
  type Sampled,
} from "./case";
import { personId, text } from "./payload";

/** Staff are put on a case and replaced; assessor and IQA declare any interest before they see evidence. */

const staffRole = z.enum(["coordinator", "assessor", "iqa"]);

export const commands = {
  "staff.allocate": z.strictObject({ role: staffRole, person: personId, reason: text().optional() }),
  "interest.declare": z.strictObject({ conflict: z.boolean(), detail: text().optional() }),
};

export type Event =
  | NewEvent<"StaffAllocated", { role: z.infer<typeof staffRole>; person: PersonId; reason?: FreeText }>
  | NewEvent<"InterestDeclared", { role: "assessor" | "iqa"; conflict: boolean; detail?: FreeText }>
  | Sampled;

/** Grades not out yet that stand on this person's word alone: they confirmed them and IQA did not look, or they upheld them. */
const gradesOnWordOf = (c: Case, person: PersonId): string[] =>
  Object.keys(c.attempts).filter((m) => {
    const { confirmed, moderation } = attemptAt(c, m);
    const alone = confirmed?.by.person === person && moderation?.state === "notSampled";
    return (alone || (moderation?.state === "upheld" && moderation.by.person === person)) && !isOut(c, m);
  });

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "staff.allocate": (p, c, ctx) => {
    const present = c.staff[p.role];
    if (present === p.person) {
      const since = c.allocations.filter((a) => a.role === p.role).at(-1);
      if (since) return { already: since };
    }
    const j = judge(ctx);
    j.need(c.stage !== "withdrawn", "CASE_CLOSED", {});
    const party = Object.values(c.parties).includes(p.person);
    j.need(!party, "PARTY_CANNOT_BE_STAFF", {}, "person");
    if (p.role !== "coordinator")
      j.need(!interestOf(c, p.person)?.conflict, "CONFLICT_DECLARED", { person: p.person, role: p.role }, "person");
    // Who graded may not moderate, who coordinates may not grade: one person, one part.
    const other = roleOf(c, p.person);
    j.need(party || other === undefined, "HAS_ANOTHER_ROLE", { person: p.person, role: other }, "person");
    if (p.role === "iqa" || p.role === "coordinator")
      j.need(!assessedHere(c, p.person), "ASSESSED_HERE", { person: p.person, role: p.role }, "person");
    j.need(present === undefined || p.reason !== undefined, "REASON_NEEDED", {}, "reason");
    if (p.role === "assessor")
      j.need(
        !Object.values(c.attempts).some((a) => ["running", "paused"].includes(a.at(-1)?.session.state ?? "none")),
        "SESSION_IS_RUNNING",
        {},
      );
    return j.settle(() => [
      {
        type: "StaffAllocated",
        data: { role: p.role, person: p.person, ...(p.reason ? { reason: free(p.reason) } : {}) },
      },
    ]);
  },

  "interest.declare": (p, c, ctx) => {
    // A declared conflict ended the part: saying so again is no new matter.
    const before = interestOf(c, ctx.by.person);
    if (before && before.conflict === p.conflict) return { already: { at: before.at, by: ctx.by } };
    if (c.stage === "withdrawn") return refuse("CASE_CLOSED");
    const role = roleOf(c, ctx.by.person);
    const j = judge(ctx);
    if (role !== "assessor" && role !== "iqa") {
      j.need(false, "NOTHING_TO_DECLARE", {});
      return j.settle(() => []);
    }
    j.need(!p.conflict || p.detail !== undefined, "DETAIL_NEEDED", {}, "detail");
    return j.settle(() => [
      {
        type: "InterestDeclared",
        data: { role, conflict: p.conflict, ...(p.detail ? { detail: free(p.detail) } : {}) },
      },
      // What they graded or upheld is not released on their word alone.
      ...(p.conflict ? gradesOnWordOf(c, ctx.by.person) : []).map(
        (method): Event => ({ type: "GradeSampled", data: { method } }),
      ),
    ]);
  },
};

export const evolve: Omit<Evolves<Event>, "GradeSampled"> = {
  StaffAllocated: (c, d, e) => ({
    ...c,
    interests: withoutLapsed(c, c.staff[d.role], d.person),
    staff: { ...c.staff, [d.role]: d.person },
    allocations: [
      ...c.allocations.map((a) => (a.role === d.role && a.until === undefined ? { ...a, until: e.at } : a)),
      { role: d.role, person: d.person, at: e.at, by: e.by },
    ],
  }),
  // A declared conflict ends the allocation there and then: the coordinator allocates someone else.
  InterestDeclared: (c, d, e) => {
    const { [d.role]: _gone, ...others } = c.staff;
    return {
      ...c,
      interests: { ...c.interests, [e.by.person]: { role: d.role, conflict: d.conflict, at: e.at } },
      ...(d.conflict
        ? {
            staff: others as Case["staff"],
            allocations: c.allocations.map((a) =>
              a.person === e.by.person && a.until === undefined ? { ...a, until: e.at } : a,
            ),
          }
        : {}),
    };
  },
};

export const offers: Offers<keyof typeof commands> = {
  "staff.allocate": (c) => {
    if (c.stage === "withdrawn") return never;
    return (["assessor", "iqa", "coordinator"] as const).map((role) => ({ role }));
  },
  "interest.declare": (c) => {
    if (c.stage === "withdrawn") return never;
    const declared = [c.staff.assessor, c.staff.iqa].flatMap((p) => (p === undefined ? [] : [interestOf(c, p)]));
    // Who declared none may find one later.
    return [
      ...(declared.includes(undefined) ? once : never),
      ...(declared.some(Boolean) ? [{ conflict: true }] : never),
    ];
  },
};

/** A declaration ends with the part it was made for, and each part asks its own; a conflict stays. */
const withoutLapsed = (c: Case, ...people: (PersonId | undefined)[]): Readonly<Record<PersonId, Interest>> =>
  Object.fromEntries(Object.entries(c.interests).filter(([p, said]) => said.conflict || !people.includes(p)));
