import type { Role } from "../../src/rules/pack";
import type { Bodies, Known } from "../identity";
import type { People } from "../people";

/** A body's staff as its coordinator sees them. */
export interface StaffView {
  bodyId: string;
  usual: number;
  staff: { person: string; name: string; roles: readonly Role[]; rate?: number }[];
}

/** The staff of the first body that this person coordinates; undefined for anyone else. */
export async function staffView(
  known: Known,
  bodies: Bodies,
  people: People,
  wanted?: string,
): Promise<StaffView | undefined> {
  const mine = [...known.staff].filter(([, roles]) => roles.includes("coordinator")).map(([id]) => id);
  const bodyId = wanted && mine.includes(wanted) ? wanted : mine[0];
  if (bodyId === undefined) return undefined;
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
