import type { TaskCode } from "../../src/tasks";
import { taskTitle } from "../../src/wording/tasks";
import { wordsFor } from "../../src/wording/words";
import type { Service } from "../service";
import type { Deadline } from "./protocol";

/** What the clock can be moved to: everything due in any case, soonest first. */
export async function deadlinesOf(service: Service): Promise<Deadline[]> {
  const { packs, store, clock } = service.ports;
  const now = clock.now();
  const all: Deadline[] = [];
  for (const bodyId of new Set([...packs.values()].map((p) => p.body.id))) {
    const due = await store.dueOf({ bodyId }, { limit: 20 });
    for (const row of due.rows.filter((r) => r.at > now)) {
      const head = await store.head<{ packId: string; parties: { apprentice: string } }>(row.pk);
      const pack = head && packs.get(head.state.packId);
      if (!head || !pack) continue;
      const name = (await service.people.find(head.state.parties.apprentice))?.name ?? "";
      all.push({
        label: taskTitle(row.facts.code as TaskCode, wordsFor(pack), String(row.facts.method ?? "")),
        sub: `${row.ref}, ${name}`,
        at: row.at,
      });
    }
  }
  return all.sort((a, b) => a.at.localeCompare(b.at)).slice(0, 12);
}
