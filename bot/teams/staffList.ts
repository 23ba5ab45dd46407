import type { Role } from "../../src/rules/pack";
import type { Bodies, Known } from "../identity";
import type { People } from "../people";

/** A body's staff as its coordinator sees them. */
export interface StaffView {
  bodyId: string;
  /** Which body it is, where this person coordinates several. */
  bodyName?: string;
  usual: number;
  staff: { person: string; name: string; roles: readonly Role[]; rate?: number }[];
}

/** The staff of each body that this person coordinates; none for anyone else. */
export async function staffViews(
  known: Known,
  bodies: Bodies,
  people: People,
  nameOf: (bodyId: string) => string | undefined,
): Promise<StaffView[]> {
  const mine = [...known.staff].filter(([, roles]) => roles.includes("coordinator")).map(([id]) => id);
  const views = await Promise.all(mine.map((id) => staffOf(id, bodies, people)));
  if (views.length < 2) return views;
  return views.map((v) => ({ ...v, bodyName: nameOf(v.bodyId) ?? v.bodyId }));
}

async function staffOf(bodyId: string, bodies: Bodies, people: People): Promise<StaffView> {
  const body = await bodies.get(bodyId);
  const names = await people.names(Object.keys(body.staff));
  return {
    bodyId,
    usual: body.sampling.usual,
    staff: Object.entries(body.staff).map(([person, { roles }]) => ({
      person,
      name: names.get(person) ?? "",
      roles,
      ...(body.sampling.byAssessor[person] === undefined ? {} : { rate: body.sampling.byAssessor[person] }),
    })),
  };
}
