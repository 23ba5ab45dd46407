import { z } from "zod";
import { attemptAt, type Case, interestOf } from "./case/case";
import { type Instant, type IsoDate, londonDate } from "./rules/calendar";
import type { Pack } from "./rules/pack";
import { byDue, dueAt, isPast, type Task, type TaskCode, tasksOf } from "./tasks";
import { type CaseView, type TrackStage, track, trackStages } from "./views";
import { urgency } from "./wording/format";

/**
 * The work queue: open cases as a short summary each, and which of them are asked for, in which order. The body's index keeps
 * the summary of every open case, for its coordinators; what an assessor sees is made from their own view of the case.
 */

export const queueStages = ["gateway", "planning", "handIn", "sessions", "results"] as const satisfies TrackStage[];
export const awaitedRoles = ["coordinator", "assessor", "iqa", "apprentice", "employer", "provider"] as const;
export type AwaitedRole = (typeof awaitedRoles)[number];
export const dueTones = ["late", "soon", "later", "none"] as const;
export type DueTone = (typeof dueTones)[number];
export const queueSorts = ["due", "ref", "name", "stage", "assessor"] as const;
export type QueueSort = (typeof queueSorts)[number];

const Wait = z.object({
  code: z.string(),
  role: z.string(),
  person: z.string(),
  day: z.string().optional(),
  at: z.string().optional(),
  until: z.string().optional(),
  method: z.string().optional(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
/** Something that is to be done in a case, by whom, by when. */
export interface Wait extends Pick<Task, "role" | "person" | "day" | "at" | "until" | "method" | "facts"> {
  code: TaskCode;
}

const Row = z.object({
  packId: z.string(),
  stage: z.string(),
  now: z.enum(queueStages).nullable(),
  attempt: z.int(),
  apprentice: z.string(),
  parties: z.array(z.string()),
  employer: z.string(),
  staff: z.object({ assessor: z.string().optional(), iqa: z.string().optional() }),
  conflicts: z.array(z.string()).optional(),
  waits: z.array(Wait),
});

/** What the queue knows of a case. Names are no part of it: people's own records have them. */
export interface QueueRow {
  packId: string;
  stage: Case["stage"];
  /** The stage of the track in which it is; null once all are done. */
  now: TrackStage | null;
  attempt: number;
  apprentice: string;
  /** Apprentice, employer and provider: who is one of them sees the case as such, whatever else they are. */
  parties: string[];
  /** The firm. */
  employer: string;
  staff: { assessor?: string; iqa?: string };
  /** Who declared a conflict of interest: they are not put on it again. For those alone who put people on cases. */
  conflicts?: string[];
  /** What is to be done, by what is due first. */
  waits: Wait[];
}

/** A summary as an index keeps it; undefined for one of another version, whose case is to be read instead. */
export function readQueueRow(kept: unknown): QueueRow | undefined {
  const read = Row.safeParse(kept);
  return read.success ? (read.data as QueueRow) : undefined;
}

const waitOf = ({ code, role, person, day, at, until, method, facts }: Task): Wait => ({
  code,
  role,
  person,
  ...(day === undefined ? {} : { day }),
  ...(at === undefined ? {} : { at }),
  ...(until === undefined ? {} : { until }),
  ...(method === undefined ? {} : { method }),
  ...(facts === undefined ? {} : { facts }),
});

/** The summary that the body's index keeps; null of a case that is closed: then it is in no queue. */
export function queueRow(c: Case, pack: Pack): QueueRow | null {
  const tasks = tasksOf(c, pack);
  if (c.stage === "erased" || (c.stage === "withdrawn" && tasks.length === 0)) return null;
  const { assessor, iqa } = c.staff;
  const conflicts = Object.keys(c.interests).filter((person) => interestOf(c, person)?.conflict);
  return {
    packId: c.packId,
    stage: c.stage,
    now: track(c, pack).find((s) => s.state === "now")?.stage ?? null,
    attempt: Math.max(1, ...pack.methods.map((m) => attemptAt(c, m.id).n)),
    apprentice: c.parties.apprentice,
    parties: Object.values(c.parties),
    employer: c.employerName,
    staff: { ...(assessor ? { assessor } : {}), ...(iqa ? { iqa } : {}) },
    ...(conflicts.length > 0 ? { conflicts } : {}),
    // The end of the window is nobody's deed.
    waits: tasks
      .filter((t) => t.code !== "windowEnds")
      .sort(byDue)
      .map(waitOf),
  };
}

/** The same from what one person may see of the case. */
export function queueRowOf(view: CaseView): QueueRow {
  const { assessor, iqa } = view.people;
  const tasks = [...view.due, ...(view.next && view.next.day === undefined ? [view.next] : [])];
  return {
    packId: view.packId,
    stage: view.stage,
    now: view.track.find((s) => s.state === "now")?.stage ?? null,
    attempt: view.attempt,
    apprentice: view.people.apprentice ?? "",
    parties: [],
    employer: view.employerName,
    staff: { ...(assessor ? { assessor } : {}), ...(iqa ? { iqa } : {}) },
    waits: tasks
      .filter((t) => t.code !== "windowEnds")
      .sort(byDue)
      .map(waitOf),
  };
}

/** The track as views have it. */
export const trackOf = ({ now }: Pick<QueueRow, "now">): CaseView["track"] => {
  const at = now === null ? trackStages.length : trackStages.indexOf(now);
  return trackStages.map((stage, i) => ({ stage, state: i < at ? "done" : i === at ? "now" : "todo" }));
};

export interface QueueCase {
  caseId: string;
  ref: string;
  bodyId: string;
  row: QueueRow;
}

/** What is asked of the queue: every part narrows it. */
export interface QueueAsked {
  stage?: TrackStage | undefined;
  /** Something is to be done by somebody in this role. */
  who?: AwaitedRole | undefined;
  due?: DueTone | undefined;
  /** Something is to be done for that method's assessment. */
  method?: string | undefined;
  /** A person's id, or "none" for cases without an assessor. */
  assessor?: string | undefined;
  body?: string | undefined;
  /** Within the reference, the employer's firm, or the apprentice's name. */
  q?: string | undefined;
  sort: QueueSort;
  down: boolean;
}

/** The case without what nobody can do any more: a summary is as old as its case's last change. */
function living(c: QueueCase, now: Instant): QueueCase {
  const waits = c.row.waits.filter((w) => !isPast(w, now));
  return waits.length === c.row.waits.length ? c : { ...c, row: { ...c.row, waits } };
}

/** Everything awaited of that role, or of anyone. */
const waitsFor = (row: QueueRow, { who, method }: Pick<QueueAsked, "who" | "method">): Wait[] =>
  who === undefined && method === undefined
    ? row.waits
    : row.waits.filter((w) => (who ?? w.role) === w.role && (method ?? w.method) === w.method);

/** What stands first in the case, of whom and for which assessment is asked for. */
export const firstWait = (row: QueueRow, asked: Pick<QueueAsked, "who" | "method">): Wait | undefined =>
  waitsFor(row, asked)[0];

const dayOf = (w: Wait): IsoDate | undefined => (w.at ? londonDate(w.at) : w.day);

/** How near what is awaited first is. */
export function toneOf(row: QueueRow, asked: Pick<QueueAsked, "who" | "method">, now: Instant): DueTone {
  const wait = firstWait(row, asked);
  const day = wait && dayOf(wait);
  return day === undefined ? "none" : urgency(day, now);
}

const plain = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

/** Cases by each choice there is, counted over what the other choices leave: what choosing it would show. */
export interface QueueCounts {
  stage: Record<string, number>;
  who: Record<string, number>;
  due: Record<string, number>;
  method: Record<string, number>;
  assessor: Record<string, number>;
  body: Record<string, number>;
}

/**
 * The cases asked for, in order, and what each other choice would show.
 * @param nameOf a person's name, where it is known.
 */
export function queueOf(
  all: readonly QueueCase[],
  asked: QueueAsked,
  now: Instant,
  nameOf: (person: string) => string | undefined,
): { rows: QueueCase[]; counts: QueueCounts } {
  const wanted = asked.q === undefined ? "" : plain(asked.q);
  const tests: Record<keyof QueueCounts | "q", (c: QueueCase) => boolean> = {
    stage: ({ row }) => asked.stage === undefined || row.now === asked.stage,
    who: ({ row }) => asked.who === undefined || waitsFor(row, { who: asked.who }).length > 0,
    due: ({ row }) => asked.due === undefined || toneOf(row, asked, now) === asked.due,
    method: ({ row }) => asked.method === undefined || waitsFor(row, asked).length > 0,
    assessor: ({ row }) => asked.assessor === undefined || (row.staff.assessor ?? "none") === asked.assessor,
    body: ({ bodyId }) => asked.body === undefined || bodyId === asked.body,
    q: ({ ref, row }) =>
      wanted === "" || [ref, row.employer, nameOf(row.apprentice) ?? ""].some((text) => plain(text).includes(wanted)),
  };
  const keys = Object.keys(tests) as (keyof typeof tests)[];
  const counts: QueueCounts = { stage: {}, who: {}, due: {}, method: {}, assessor: {}, body: {} };
  const rows: QueueCase[] = [];
  for (const one of all.map((c) => living(c, now))) {
    const failed = keys.filter((k) => !tests[k](one));
    if (failed.length === 0) rows.push(one);
    // It counts for a choice of which it fails at most that one test; what is awaited for an assessment is so of somebody.
    for (const key of Object.keys(counts) as (keyof QueueCounts)[])
      if (failed.every((k) => k === key || (key === "who" && k === "method")))
        for (const value of choicesIn(one, key, asked, now)) counts[key][value] = (counts[key][value] ?? 0) + 1;
  }
  return { rows: sorted(rows, asked, nameOf), counts };
}

function choicesIn({ row, bodyId }: QueueCase, key: keyof QueueCounts, asked: QueueAsked, now: Instant): string[] {
  if (key === "stage") return row.now === null ? [] : [row.now];
  if (key === "who") return [...new Set<string>(waitsFor(row, { method: asked.method }).map((w) => w.role))];
  if (key === "method") return [...new Set(waitsFor(row, { who: asked.who }).flatMap((w) => w.method ?? []))];
  if (key === "due") return [toneOf(row, asked, now)];
  return key === "body" ? [bodyId] : [row.staff.assessor ?? "none"];
}

/** Undated last, whichever way it goes; equal ones by reference. */
function sorted(rows: QueueCase[], asked: QueueAsked, nameOf: (person: string) => string | undefined): QueueCase[] {
  const { sort, down } = asked;
  const keyOf = ({ ref, row }: QueueCase): string => {
    if (sort === "ref") return ref;
    if (sort === "name") return plain(nameOf(row.apprentice) ?? "");
    if (sort === "stage") return String(row.now === null ? 9 : queueStages.indexOf(row.now));
    if (sort === "assessor") return row.staff.assessor ? plain(nameOf(row.staff.assessor) ?? "") : "";
    const wait = firstWait(row, asked);
    return (wait && dueAt(wait)) ?? "";
  };
  const sign = down ? -1 : 1;
  const compare = (a: string, b: string): number => {
    if ((a === "") !== (b === "")) return a === "" ? 1 : -1;
    return sign * (a < b ? -1 : a > b ? 1 : 0);
  };
  return rows
    .map((one) => ({ one, key: keyOf(one) }))
    .sort((a, b) => compare(a.key, b.key) || (a.one.ref < b.one.ref ? -1 : 1))
    .map(({ one }) => one);
}
