import { stageLine } from "../../cards/track";
import { outsideRoles } from "../../src/case/case";
import { type Instant, londonDate } from "../../src/rules/calendar";
import type { Task } from "../../src/tasks";
import type { CaseView } from "../../src/views";
import { capital, dateText, dateTime, dueHint, momentHint, urgency } from "../../src/wording/format";
import { nextTitle, taskTitle } from "../../src/wording/tasks";
import type { Desk, Seen } from "../desk";
import type { Known } from "../identity";
import { Answer, type Asked, type CaseLine, type DueLine, type Hint, ROWS } from "./shape";

const CASE = "case:";

export interface Listing {
  desk: Pick<Desk, "cases" | "due" | "see">;
  now: Instant;
  /** A link that opens the chat with these words written. */
  chatLink(words: string): string;
}

/**
 * A person's cases and what is due of them, in words. The lists say which cases there are; every word about one comes from
 * what this person may see of it, so what the view keeps back is not here either. A row that the view no longer has is left out.
 */
export async function listing(known: Known, asked: Asked, l: Listing): Promise<Answer> {
  const list = "list" in asked ? asked.list : undefined;
  const after = "list" in asked ? asked.after : null;
  const none = { rows: [], next: null };
  const [cases, due] = await Promise.all([
    list === "due" ? none : l.desk.cases(known, after, ROWS),
    list === "cases" ? none : l.desk.due(known, after, ROWS),
  ]);
  const seen = new Map<string, Promise<Seen | undefined>>();
  const see = (pk: string) => {
    const found = seen.get(pk) ?? l.desk.see(known, pk.slice(CASE.length));
    seen.set(pk, found);
    return found;
  };
  const caseLines = cases.rows.map(async ({ pk }) => {
    const one = await see(pk);
    return one && caseLine(one, l);
  });
  const dueLines = due.rows.map(async ({ pk, key }) => {
    const one = await see(pk);
    const task = one?.view.due.find((t) => t.key === key);
    return one && task?.day && dueLine(one, task, task.day, l);
  });
  return Answer.parse({
    name: known.person.name,
    cases: (await Promise.all(caseLines)).filter((line) => line !== undefined),
    due: (await Promise.all(dueLines)).filter((line) => typeof line === "object"),
    more: { cases: cases.next, due: due.next },
  });
}

const isOutside = (view: CaseView) => (outsideRoles as readonly string[]).includes(view.role);

function caseLine({ view, words }: Seen, l: Listing): CaseLine {
  // As on the case's card: the same words whatever the grades are.
  const waiting = isOutside(view) && view.waitingForResult;
  const next = waiting ? undefined : view.next;
  const mine = next?.person === view.me;
  return {
    ref: view.ref,
    name: words.person(view.people.apprentice),
    meta: `${view.ref} · ${view.employerName}`,
    stage: stageLine(view),
    track: view.track.map(({ state }) => state),
    next: waiting
      ? "The grades are being checked"
      : next
        ? `${nextTitle(next.code, words, mine, next)}${mine ? "" : ` · ${words.person(next.person)}`}`
        : null,
    hint: next?.day ? hint(next.day, next.at, l.now) : null,
    link: l.chatLink(`case ${view.ref}`),
  };
}

function dueLine({ view, words }: Seen, task: Task, day: string, l: Listing): DueLine {
  const ends = task.code === "windowEnds";
  const mine = task.person === view.me;
  const apprentice = words.person(view.people.apprentice);
  // The end of the window is nobody's deed; the apprentice need not be told who they are.
  const who = ends ? undefined : mine ? "You" : words.person(task.person);
  const whose = view.role === "apprentice" ? undefined : apprentice;
  const meta = [...new Set([who, whose, view.ref])].filter((part) => part !== undefined);
  return {
    key: `${view.ref} ${task.key}`,
    ref: view.ref,
    what: mine && !ends ? nextTitle(task.code, words, true, task) : taskTitle(task.code, words, task.method),
    meta: meta.join(" · "),
    when: task.at ? dateTime(task.at) : dateText(day),
    hint: hint(day, task.at, l.now),
    link: l.chatLink(`case ${view.ref}`),
  };
}

const hint = (day: string, at: Instant | undefined, now: Instant): Hint => ({
  text: capital(at ? momentHint(at, now) : dueHint(day, now)),
  tone: urgency(at ? londonDate(at) : day, now),
});
