import { stageLine } from "../../cards/track";
import {
  awaitedRoles,
  dueTones,
  firstWait,
  type QueueAsked,
  type QueueCase,
  type QueueCounts,
  queueOf,
  queueRowOf,
  queueStages,
  readQueueRow,
  trackOf,
} from "../../src/queue";
import type { Instant } from "../../src/rules/calendar";
import type { Pack, Role } from "../../src/rules/pack";
import { capital, dateText, dateTime } from "../../src/wording/format";
import { roleNoun, trackWord } from "../../src/wording/labels";
import { nextTitle } from "../../src/wording/tasks";
import { wordsFor } from "../../src/wording/words";
import type { Desk } from "../desk";
import type { Known } from "../identity";
import { CASE } from "../listing";
import { hint } from "./listing";
import { type Choice, type Colleague, QUEUE_ROWS, type QueueAnswer, type QueueAsk, type QueueLine } from "./queueShape";

/**
 * A person's work queue in words. A coordinator's is the body's open cases, read as one run of the store's index with the
 * summaries that stand in it: it costs by how many are open, never by how many there ever were, and no case is read for it.
 * An assessor's or quality assurer's is made from what they may see of their own cases.
 */

/** Open cases of one body that are looked through; and cases of one person. */
const mostOfBody = 2_000;
const mostOfPerson = 200;
/** Rows the store is asked for at once, and cases that are read at once. */
const atOnce = { rows: 500, cases: 20 } as const;

export interface QueueDesk {
  desk: Desk;
  /** A link that opens the chat with these words written. */
  chatLink(words: string): string;
}

/** Whether the person has a queue: anyone's staff. */
export const hasQueue = (known: Known): boolean => known.staff.size > 0;

/** Whether they coordinate for any body. */
export const coordinates = (known: Known): boolean => bodiesAs(known, "coordinator").length > 0;

const bodiesAs = (known: Known, ...roles: Role[]): string[] =>
  [...known.staff].filter(([, has]) => has.some((r) => roles.includes(r))).map(([id]) => id);

/** The page asked for; the last one where there are fewer. */
export async function queue(known: Known, asked: QueueAsk, { desk, chatLink }: QueueDesk): Promise<QueueAnswer> {
  const { people, ports } = desk.o;
  const now = ports.clock.now();
  const { cases, capped } = await casesFor(known, desk);
  const wanted: QueueAsked = { ...asked, sort: asked.sort ?? "due", down: asked.down === "1" };
  const assessors = [...new Set(cases.flatMap(({ row }) => (row.staff.assessor ? [row.staff.assessor] : [])))];
  // Names are read for what is shown; for all of them only where names decide what that is.
  const byName = Boolean(asked.q) || wanted.sort === "name";
  const names = new Map(await people.names([...assessors, ...(byName ? cases.map(({ row }) => row.apprentice) : [])]));
  const found = queueOf(cases, wanted, now, (id) => names.get(id));
  const rows = found.rows.length > 0 || !asked.q ? found.rows : await closedOne(known, asked.q, desk);
  const pages = Math.max(1, Math.ceil(rows.length / QUEUE_ROWS));
  const page = Math.min(asked.page ?? 1, pages);
  const shown = rows.slice((page - 1) * QUEUE_ROWS, page * QUEUE_ROWS);
  const inRows = shown.flatMap(({ row }) => {
    const wait = firstWait(row, asked);
    return [row.apprentice, ...Object.values(row.staff), ...(wait ? [wait.person] : [])];
  });
  for (const [id, name] of await people.names(inRows)) names.set(id, name);
  const line = { known, asked, now, names, packs: ports.packs, chatLink, several: known.staff.size > 1 };
  return {
    rows: shown.map((one) => lineOf(one, line)),
    fit: rows.length,
    page,
    pages,
    of: cases.length,
    capped,
    filters: filtersOf(found.counts, asked, names, ports.packs),
    staff: await colleagues(known, cases, desk),
  };
}

/** Every open case that is this person's work, as they may see it. */
async function casesFor(known: Known, desk: Desk): Promise<{ cases: QueueCase[]; capped: boolean }> {
  const { store } = desk.o.ports;
  const bodies = bodiesAs(known, "coordinator", "auditor");
  const found = new Map<string, QueueCase | null>();
  const unread: string[] = [];
  let capped = false;
  for (const bodyId of bodies) {
    for (let after: string | null = null, n = 0; ; n += atOnce.rows) {
      const page = await store.casesOf({ bodyId }, { limit: atOnce.rows, after });
      for (const { pk, ref, row: kept } of page.rows) {
        const row = readQueueRow(kept);
        const me = known.person.id;
        // Whoever has a part in the case sees it as that part lets them; and an older summary is not gone by.
        const own = row && [...row.parties, ...Object.values(row.staff)].includes(me);
        if (row && !own) found.set(pk, { caseId: pk.slice(CASE.length), ref, bodyId, row });
        else unread.push(pk);
      }
      after = page.next;
      if (after === null) break;
      if (n + atOnce.rows >= mostOfBody) {
        capped = true;
        break;
      }
    }
  }
  if ([...known.staff.keys()].some((id) => !bodies.includes(id))) {
    const page = await store.casesOf({ person: known.person.id }, { limit: mostOfPerson });
    capped ||= page.next !== null;
    unread.push(...page.rows.map(({ pk }) => pk).filter((pk) => !found.has(pk)));
  }
  for (let i = 0; i < unread.length; i += atOnce.cases)
    await Promise.all(
      unread.slice(i, i + atOnce.cases).map(async (pk) => {
        const seen = await desk.see(known, pk.slice(CASE.length));
        if (seen)
          found.set(pk, { caseId: seen.c.id, ref: seen.c.ref, bodyId: seen.c.bodyId, row: queueRowOf(seen.view) });
      }),
    );
  return { cases: [...found.values()].filter((one) => one !== null), capped };
}

/** A closed case is in no queue, but its reference, typed as a whole, finds it. */
async function closedOne(known: Known, ref: string, desk: Desk): Promise<QueueCase[]> {
  const seen = await desk.byRef(known, ref);
  if (!seen || seen.view.erased) return [];
  return [{ caseId: seen.c.id, ref: seen.c.ref, bodyId: seen.c.bodyId, row: queueRowOf(seen.view) }];
}

interface Drawing {
  known: Known;
  asked: Pick<QueueAsked, "who" | "method">;
  now: Instant;
  names: ReadonlyMap<string, string>;
  packs: ReadonlyMap<string, Pack>;
  chatLink(words: string): string;
  /** The reader works for several bodies. */
  several: boolean;
}

function lineOf({ caseId, ref, bodyId, row }: QueueCase, d: Drawing): QueueLine {
  const pack = d.packs.get(row.packId);
  if (!pack) throw new Error(`No pack ${row.packId}`);
  const words = wordsFor(pack, (id) => d.names.get(id));
  const track = trackOf(row);
  const wait = firstWait(row, d.asked);
  const mine = wait?.person === d.known.person.id;
  return {
    caseId,
    ref,
    name: words.person(row.apprentice),
    employer: row.employer,
    stage: stageLine({ stage: row.stage, track, attempt: row.attempt }),
    track: track.map(({ state }) => state),
    next: wait ? nextTitle(wait.code, words, mine, wait) : null,
    by: wait ? (mine ? "You" : `${words.person(wait.person)}, ${roleNoun[wait.role]}`) : null,
    when: wait?.at ? dateTime(wait.at) : wait?.day ? dateText(wait.day) : null,
    hint: wait?.day ? hint(wait.day, wait.at, d.now) : null,
    assessor: row.staff.assessor ? words.person(row.staff.assessor) : null,
    iqa: row.staff.iqa ? words.person(row.staff.iqa) : null,
    conflicts: d.known.staff.get(bodyId)?.includes("coordinator") ? (row.conflicts ?? []) : [],
    body: d.several ? pack.body.short : null,
    link: d.chatLink(`case ${ref}`),
  };
}

const dueWord = { late: "Late", soon: "Within 7 days", later: "Later", none: "No date" } as const;

function filtersOf(
  counts: QueueCounts,
  asked: QueueAsk,
  names: ReadonlyMap<string, string>,
  packs: ReadonlyMap<string, Pack>,
): QueueAnswer["filters"] {
  const choices = (key: keyof QueueCounts, values: readonly string[], title: (value: string) => string): Choice[] =>
    values
      .map((value) => ({ value, title: title(value), count: counts[key][value] ?? 0 }))
      .filter(({ value, count }) => count > 0 || asked[key] === value);
  const given = (key: "assessor" | "body") => [
    ...new Set([...Object.keys(counts[key]), ...(asked[key] === undefined ? [] : [asked[key]])]),
  ];
  const bodyName = (id: string) => [...packs.values()].find((p) => p.body.id === id)?.body.name ?? "Another body";
  const assessorName = (id: string) => (id === "none" ? "No assessor" : names.get(id) || "Somebody");
  const byTitle = (a: Choice, b: Choice) =>
    Number(b.value === "none") - Number(a.value === "none") || (a.title < b.title ? -1 : 1);
  return {
    stage: choices("stage", queueStages, (s) => trackWord[s as keyof typeof trackWord]),
    who: choices("who", awaitedRoles, (r) => capital(roleNoun[r as Role])),
    due: choices("due", dueTones, (t) => dueWord[t as keyof typeof dueWord]),
    method: choices("method", methodsIn(packs), (id) => methodName(id, packs)),
    assessor: choices("assessor", given("assessor"), assessorName).sort(byTitle),
    body: choices("body", given("body"), bodyName).sort(byTitle),
  };
}

const methodsIn = (packs: ReadonlyMap<string, Pack>): string[] => [
  ...new Set([...packs.values()].flatMap((p) => p.methods.map((m) => m.id))),
];
/** The method as the packs that have it call it. */
const methodName = (id: string, packs: ReadonlyMap<string, Pack>): string =>
  [...packs.values()].flatMap((p) => p.methods).find((m) => m.id === id)?.title ?? id;

/** Assessors and quality assurers of the bodies that this person coordinates, with how many of these cases are theirs. */
async function colleagues(known: Known, cases: readonly QueueCase[], desk: Desk): Promise<Colleague[]> {
  const found = new Map<string, Set<"assessor" | "iqa">>();
  for (const bodyId of bodiesAs(known, "coordinator"))
    for (const [person, { roles }] of Object.entries((await desk.o.bodies.get(bodyId)).staff))
      for (const role of ["assessor", "iqa"] as const)
        if (roles.includes(role)) found.set(person, (found.get(person) ?? new Set()).add(role));
  const names = await desk.o.people.names(found.keys());
  const on = (person: string, part: "assessor" | "iqa") => cases.filter(({ row }) => row.staff[part] === person).length;
  return [...found]
    .map(([person, roles]) => ({
      person,
      name: names.get(person) || "New colleague",
      roles: [...roles],
      open: { assessor: on(person, "assessor"), iqa: on(person, "iqa") },
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
