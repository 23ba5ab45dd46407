import type { Case } from "./case/case";
import type { Due, Index } from "./ports";
import type { Pack } from "./rules/pack";
import { attendancesOf, byDue, dueAt, type Task, tasksOf } from "./tasks";

/** What a list shows of a case without reading it whole. */
export interface CaseRowData {
  stage: Case["stage"];
  apprentice: string;
  employerName: string;
  packId: string;
  next: { code: string; person: string; day: string | null; method: string | null; secret: boolean } | null;
}

/** The index of a case: who is in it, what is due of whom. Grows with the case's open tasks, never with its history. */
export function indexOf(c: Case, pack: Pack): Index {
  const tasks = tasksOf(c, pack);
  const first = [...tasks].sort(byDue)[0];
  const row: CaseRowData = {
    stage: c.stage,
    apprentice: c.parties.apprentice,
    employerName: c.employerName,
    packId: c.packId,
    next: first
      ? {
          code: first.code,
          person: first.person,
          day: first.day ?? null,
          method: first.method ?? null,
          secret: first.secret === true,
        }
      : null,
  };
  return {
    kind: "case",
    bodyId: c.bodyId,
    ref: c.ref,
    closed: c.stage === "withdrawn" || (c.stage === "released" && tasks.length === 0),
    people: [...new Set([...Object.values(c.parties), ...Object.values(c.staff).filter((p) => p !== undefined)])],
    row,
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
