import { type OutsideRole, outsideRoles } from "../src/case/case";
import type { Page } from "../src/ports";
import type { Task } from "../src/tasks";
import type { CaseView } from "../src/views";
import type { Desk, Seen } from "./desk";
import type { Known } from "./identity";

/**
 * A person's cases and what is due of them, for the chat's lists and for the tab. The store says only which cases there are;
 * everything about one comes from what this person may see of it, and a row of a case that is not theirs to see is left out.
 */

export const CASE = "case:";

export interface DueSeen {
  seen: Seen;
  task: Task & { day: string };
}

export type Lister = Pick<Desk, "cases" | "due" | "see">;

/** Pages read on while nothing on them is to be shown; a list that hides more than this ends early, and says it goes on. */
const mostPages = 5;

export interface Listing {
  cases(after: string | null, limit: number): Promise<Page<Seen>>;
  due(after: string | null, limit: number): Promise<Page<DueSeen>>;
}

/** One person's lists; each case is read once, however often it is listed. */
export function listingOf(desk: Lister, known: Known): Listing {
  const cache = new Map<string, Promise<Seen | undefined>>();
  const see = (pk: string) => {
    const found = cache.get(pk) ?? desk.see(known, pk.slice(CASE.length));
    cache.set(pk, found);
    return found;
  };
  return {
    cases: (after, limit) =>
      shown(
        after,
        (from) => desk.cases(known, from, limit),
        (row) => see(row.pk),
      ),
    due: (after, limit) =>
      shown(
        after,
        (from) => desk.due(known, from, limit),
        async ({ pk, key, who }) => {
          const seen = await see(pk);
          if (!seen) return undefined;
          const task = [...seen.view.due, ...seen.view.attends].find((t) => t.key === key && t.person === who);
          return task?.day === undefined ? undefined : { seen, task: { ...task, day: task.day } };
        },
      ),
  };
}

async function shown<R, S>(
  after: string | null,
  read: (from: string | null) => Promise<Page<R>>,
  show: (row: R) => Promise<S | undefined>,
): Promise<Page<S>> {
  let from = after;
  for (let n = 1; ; n++) {
    const page = await read(from);
    const rows = (await Promise.all(page.rows.map(show))).filter((row) => row !== undefined);
    if (rows.length > 0 || page.next === null || n === mostPages) return { rows, next: page.next };
    from = page.next;
  }
}

/** Outside people whose assessments are all held: what is next is said in the same words whatever the grades are. */
export const gradesAwaited = (view: CaseView): boolean =>
  outsideRoles.includes(view.role as OutsideRole) && view.waitingForResult;
