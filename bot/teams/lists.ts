import { casesCard, dueCard, rowsPerPage } from "../../cards/list";
import type { Button } from "../../cards/press";
import type { Card } from "../../cards/render";
import type { CaseRowData } from "../../src/caseIndex";
import type { TaskCode } from "../../src/tasks";
import { type Words, wordsFor } from "../../src/wording/words";
import type { Desk } from "../desk";
import type { Known } from "../identity";

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
    const page = await this.desk.cases(known, after, rowsPerPage);
    const rows = page.rows.map((r) => ({ ...r, data: r.row as CaseRowData, caseId: r.pk.slice("case:".length) }));
    const names = await this.names(rows.flatMap((r) => [r.data.apprentice, r.data.next?.person]));
    return casesCard(
      rows.map(({ data, caseId, ref }) => ({
        caseId,
        ref,
        stage: data.stage,
        apprentice: data.apprentice,
        employerName: data.employerName,
        packId: data.packId,
        next:
          data.next && !(data.next.secret && known.staff.size === 0)
            ? { ...data.next, code: data.next.code as TaskCode }
            : null,
      })),
      {
        me: known.person.id,
        now: this.desk.o.ports.clock.now(),
        wordsOf: this.words(names),
        after: page.next,
        buttons: this.register(known),
      },
    );
  }

  async due(known: Known, after: string | null = null): Promise<Card> {
    const page = await this.desk.due(known, after, rowsPerPage);
    const heads = await Promise.all(
      page.rows.map((r) => this.desk.o.ports.store.head<{ packId: string; parties: { apprentice: string } }>(r.pk)),
    );
    const names = await this.names([...page.rows.map((r) => r.who), ...heads.map((h) => h?.state.parties.apprentice)]);
    return dueCard(
      page.rows.map((r, i) => ({
        caseId: r.pk.slice("case:".length),
        ref: r.ref,
        code: r.facts.code as TaskCode,
        person: r.who,
        day: r.day,
        at: r.at,
        method: (r.facts.method as string | undefined) ?? null,
        apprentice: heads[i]?.state.parties.apprentice ?? "",
        packId: heads[i]?.state.packId ?? "",
      })),
      { me: known.person.id, now: this.desk.o.ports.clock.now(), wordsOf: this.words(names), after: page.next },
    );
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

  private words(names: ReadonlyMap<string, string>) {
    const { packs } = this.desk.o.ports;
    const first = [...packs.values()][0];
    return (packId: string): Words => {
      const pack = packs.get(packId) ?? first;
      if (!pack) throw new Error("No packs");
      return wordsFor(pack, (id) => names.get(id));
    };
  }

  private names = (ids: readonly (string | undefined)[]) =>
    this.desk.o.people.names(ids.filter((id): id is string => id !== undefined));
}
