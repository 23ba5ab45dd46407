import type { Case } from "./case/case";
import type { Due, Index } from "./ports";
import type { Pack } from "./rules/pack";
import { attendancesOf, dueAt, type Task, tasksOf } from "./tasks";

/** The index of a case: who is in it, what is due of whom. Grows with the case's open tasks, never with its history. */
export function indexOf(c: Case, pack: Pack): Index {
  const tasks = tasksOf(c, pack);
  return {
    kind: "case",
    bodyId: c.bodyId,
    ref: c.ref,
    closed: c.stage === "withdrawn" || (c.stage === "released" && tasks.length === 0),
    people: [...new Set([...Object.values(c.parties), ...Object.values(c.staff).filter((p) => p !== undefined)])],
    // Lists are drawn from what each reader may see: what is kept beside a case would be the same for all.
    row: null,
    due: [
      ...tasks.flatMap((t) => dueOf(t)),
      ...attendancesOf(c, pack).flatMap((t) => dueOf(t).map((d) => ({ ...d, own: true as const }))),
    ],
  };
}

function dueOf(t: Task): Due[] {
  const at = dueAt(t);
  if (!at || !t.day) return [];
  const facts = { code: t.code, ...(t.method ? { method: t.method } : {}), ...t.facts };
  return [{ key: t.key, at, day: t.day, who: t.person, facts }];
}
