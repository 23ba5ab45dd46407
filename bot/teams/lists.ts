import { casesCard, dueCard, keptButton, keptCard, type NextStep, rowsPerPage } from "../../cards/list";
import type { Button } from "../../cards/press";
import type { Card } from "../../cards/render";
import { keepingMonths } from "../../src/case/retention";
import type { Page } from "../../src/ports";
import type { Task } from "../../src/tasks";
import { type Words, wordsFor } from "../../src/wording/words";
import type { Desk, Seen } from "../desk";
import type { Known } from "../identity";
import { CASE, gradesAwaited, listingOf } from "../listing";

const listVerbs = ["view.cases", "view.due", "view.kept"] as const;
type ListVerb = (typeof listVerbs)[number];
export const isListVerb = (verb: string): verb is ListVerb => (listVerbs as readonly string[]).includes(verb);

/** The lists of a chat: my cases, and what is due. */
export class Lists {
  constructor(
    private readonly desk: Desk,
    private readonly newId: () => string,
  ) {}

  draw(which: ListVerb, known: Known, after: string | null): Promise<Card> {
    if (which === "view.kept") return this.kept(known, after);
    return which === "view.cases" ? this.cases(known, after) : this.due(known, after);
  }

  /** Closed cases that have been kept long enough; none for anyone but coordinators. */
  async kept(known: Known, after: string | null = null): Promise<Card> {
    const page = await this.desk.kept(known, after, rowsPerPage);
    const rows = (page?.rows ?? []).map(({ pk, ref, day }) => ({ caseId: pk.slice(CASE.length), ref, closed: day }));
    return keptCard(rows, page?.months ?? keepingMonths.usual, { after: page?.next ?? null });
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
      {
        ...this.drawing(known, { rows: page.rows.map(({ seen }) => seen), next: page.next }),
        buttons: await this.toErase(known),
      },
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

  /** Cases past their keeping are no task of anyone's, so they have a list of their own; what is due says that there are some. */
  private async toErase(known: Known): Promise<Button[]> {
    return ((await this.desk.kept(known, null, 1))?.rows.length ?? 0) > 0 ? [keptButton] : [];
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
  ...(t.facts ? { facts: t.facts } : {}),
});
