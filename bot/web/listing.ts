import { stageLine } from "../../cards/track";
import { type Instant, londonDate } from "../../src/rules/calendar";
import { capital, dateText, dateTime, dueHint, momentHint, urgency } from "../../src/wording/format";
import { nextTitle, taskTitle } from "../../src/wording/tasks";
import type { Seen } from "../desk";
import type { Known } from "../identity";
import { type DueSeen, gradesAwaited, type Lister, listingOf } from "../listing";
import { Answer, type Asked, type CaseLine, type DueLine, type Hint, ROWS } from "./shape";

export interface Listing {
  desk: Lister;
  now: Instant;
  /** A link that opens the chat with these words written. */
  chatLink(words: string): string;
}

/** A person's cases and what is due of them, in words. */
export async function listing(known: Known, asked: Asked, l: Listing): Promise<Answer> {
  const list = "list" in asked ? asked.list : undefined;
  const after = "list" in asked ? asked.after : null;
  const none = { rows: [], next: null };
  const lists = listingOf(l.desk, known);
  const [cases, due] = await Promise.all([
    list === "due" ? none : lists.cases(after, ROWS),
    list === "cases" ? none : lists.due(after, ROWS),
  ]);
  return Answer.parse({
    name: known.person.name,
    role: [...known.staff.values()].some((roles) => roles.includes("coordinator"))
      ? "coordinator"
      : known.staff.size > 0
        ? "staff"
        : "party",
    cases: cases.rows.map((seen) => caseLine(seen, l)),
    due: due.rows.map(({ seen, task }) => dueLine(seen, task, l)),
    more: { cases: cases.next, due: due.next },
  });
}

function caseLine({ view, words }: Seen, l: Listing): CaseLine {
  const waiting = gradesAwaited(view);
  const next = waiting ? undefined : view.next;
  const mine = next?.person === view.me;
  return {
    ref: view.ref,
    name: view.erased ? "Erased case" : words.person(view.people.apprentice),
    meta: [view.ref, view.employerName].filter(Boolean).join(" · "),
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

function dueLine({ view, words }: Seen, task: DueSeen["task"], l: Listing): DueLine {
  const { day } = task;
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
    what:
      mine && !ends ? nextTitle(task.code, words, true, task) : taskTitle(task.code, words, task.method, task.facts),
    meta: meta.join(" · "),
    when: task.at ? dateTime(task.at) : dateText(day),
    hint: hint(day, task.at, l.now),
    link: l.chatLink(`case ${view.ref}`),
  };
}

/** How near a day or a moment is: the words, and how they are to look. */
export const hint = (day: string, at: Instant | undefined, now: Instant): Hint => ({
  text: capital(at ? momentHint(at, now) : dueHint(day, now)),
  tone: urgency(at ? londonDate(at) : day, now),
});
