import { casesCard, dueCard, type NextStep, rowsPerPage } from "../../cards/list";
import type { Button } from "../../cards/press";
import type { Card } from "../../cards/render";
import type { Page } from "../../src/ports";
import type { Task } from "../../src/tasks";
import { type Words, wordsFor } from "../../src/wording/words";
import type { Desk, Seen } from "../desk";
import type { Known } from "../identity";
import { gradesAwaited, listingOf } from "../listing";

/** The lists of a chat: my cases, and what is due. */
export class Lists {
  constructor(
    private readonly desk: Desk,
    private readonly newId: () => string,
  ) {}

  draw(which: "view.cases" | "view.due", known: Known, after: string | null): Promise<Card> {
    return which === "view.cases" ? this.cases(known, after) : this.due(known, after);
  }

  async cases(known: Known, after: string | null = null): Promise<Card> {
    const page = await listingOf(this.desk, known).cases(after, rowsPerPage);
    return casesCard(
      page.rows.map(({ view }) => ({
        caseId: view.caseId,
        ref: view.ref,
        stage: view.stage,
        apprentice: view.people.apprentice ?? "",
        employerName: view.employerName,
        packId: view.packId,
        waiting: gradesAwaited(view),
        next: view.next && !gradesAwaited(view) ? step(view.next) : null,
      })),
      { ...this.drawing(known, page), buttons: this.register(known) },
    );
  }

  async due(known: Known, after: string | null = null): Promise<Card> {
    const page = await listingOf(this.desk, known).due(after, rowsPerPage);
    return dueCard(
      page.rows.map(({ seen: { view }, task }) => ({
        ...step(task),
        caseId: view.caseId,
        ref: view.ref,
        day: task.day,
        ...(task.at ? { at: task.at } : {}),
        apprentice: view.people.apprentice ?? "",
        packId: view.packId,
      })),
      this.drawing(known, { rows: page.rows.map(({ seen }) => seen), next: page.next }),
    );
  }

  /** The only case this person has, open or closed; undefined when there are several, or none. */
  async only(known: Known): Promise<{ only: Seen | undefined; several: boolean }> {
    const { rows, next } = await listingOf(this.desk, known).cases(null, 2);
    const one = rows.length === 1 && next === null ? rows[0] : undefined;
    return { only: one, several: one === undefined && rows.length > 0 };
  }

  /** Rows name people of several cases, each in the words of its own pack. */
  private drawing(known: Known, page: Page<Seen>) {
    const own = new Map(page.rows.map(({ view, words }) => [view.packId, words]));
    const name = (id: string) => page.rows.map(({ words }) => words.person(id)).find((n) => n !== "someone");
    return {
      me: known.person.id,
      now: this.desk.o.ports.clock.now(),
      wordsOf: (packId: string): Words => {
        const words = own.get(packId);
        if (!words) throw new Error(`No row falls under ${packId}`);
        return wordsFor(words.pack, name);
      },
      after: page.next,
    };
  }

  private register(known: Known): Button[] {
    const may = [...known.staff.values()].some((roles) => roles.includes("coordinator"));
    return may
      ? [
          {
            title: "Register apprentice",
            dialog: true,
            data: { verb: "form", command: "register", commandId: this.newId() },
          },
        ]
      : [];
  }
}

const step = (t: Task): NextStep => ({
  code: t.code,
  person: t.person,
  day: t.day ?? null,
  method: t.method ?? null,
});
