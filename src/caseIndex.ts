import type { Case, PersonId } from "./case/case";
import { closedOn } from "./case/retention";
import type { Due, Index } from "./ports";
import { queueRow } from "./queue";
import { endOfDay } from "./rules/calendar";
import type { Pack } from "./rules/pack";
import { attendancesOf, dueAt, type Task, tasksOf } from "./tasks";

/**
 * Whose list holds a body's closed cases, by the day they closed: nobody's, so that no person finds them due. For how long they
 * are kept is asked when the list is read, so a change of it needs no case to be written anew.
 */
export const keptOf = (bodyId: string): PersonId => `kept:${bodyId}`;

/**
 * Things due that one case has in the lists at once, the soonest of them: however many requests are made of it, what one command
 * writes stays within a store's transaction (a hundred operations). The case itself shows all of them.
 */
export const mostDue = 24;

/** The index of a case: who is in it, what is due of whom. Grows with the case's open tasks, never with its history. */
export function indexOf(c: Case, pack: Pack): Index {
  const tasks = tasksOf(c, pack);
  const closed = closedOn(c, pack);
  return {
    kind: "case",
    bodyId: c.bodyId,
    ref: c.ref,
    closed: c.stage === "erased" || ((c.stage === "withdrawn" || c.stage === "released") && tasks.length === 0),
    people: [...new Set([...Object.values(c.parties), ...Object.values(c.staff)])].filter(
      (p) => p !== undefined && p !== "",
    ),
    // For the body's own list. What others see of a case is drawn from it for each of them.
    row: queueRow(c, pack),
    due: [
      ...soonest([
        ...tasks.flatMap((t) => dueOf(t)),
        ...attendancesOf(c, pack).flatMap((t) => dueOf(t).map((d) => ({ ...d, own: true as const }))),
      ]),
      ...(closed
        ? [{ key: "kept", at: endOfDay(closed), day: closed, who: keptOf(c.bodyId), facts: {}, own: true as const }]
        : []),
    ],
  };
}

/** As they stand while they are few. */
const soonest = (due: Due[]): Due[] =>
  due.length <= mostDue ? due : [...due].sort((a, b) => a.at.localeCompare(b.at)).slice(0, mostDue);

function dueOf(t: Task): Due[] {
  const at = dueAt(t);
  if (!at || !t.day) return [];
  const facts = { code: t.code, ...(t.method ? { method: t.method } : {}), ...t.facts };
  return [{ key: t.key, at, day: t.day, who: t.person, facts }];
}
