import { randomUUID } from "node:crypto";
import { bindPersonas, seedStaff } from "../../bot/local/samples";
import { localBodies } from "../../bot/local/start";
import type { Case } from "../../src/case/case";
import type { Command } from "../../src/case/decider";
import { casePk, handle } from "../../src/handle";
import type { Role } from "../../src/rules/pack";
import { actorOf, type Journey, people } from "./case";
import type { Product } from "./service";

/**
 * A journey's case in the whole product: each of its commands given again through the service at the journey's time, by the
 * persona in that role. What was told on those days is history: nothing of it goes out now.
 * @param who persona ids by role; the people with an account are bound to it.
 * @throws naming the command that was refused.
 */
export async function enact(p: Product, j: Journey, who: Readonly<Record<keyof typeof people, string>>): Promise<void> {
  const { service, teams } = p;
  const cast = await seedStaff(service, teams.local.people(), localBodies);
  await bindPersonas(service, teams.local.people(), cast);
  const idOf = new Map(
    (Object.entries(who) as [keyof typeof people, string][]).map(([role, persona]) => {
      const person = cast.get(persona);
      if (!person) throw new Error(`Nobody is ${persona}`);
      return [people[role] as string, person] as const;
    }),
  );
  const mapped = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_key, part) => (typeof part === "string" ? (idOf.get(part) ?? part) : part));
  for (const { command, by, at } of j.done) {
    const actor = actorOf(j.pack, mapped(by.person), by.role as Role);
    const request = { id: randomUUID(), caseId: j.id, command: mapped(command) as Command };
    const outcome = await handle(request, actor, { ...service.ports, clock: { now: () => at } });
    if (outcome.kind === "refused") throw new Error(`${command.type}: ${JSON.stringify(outcome.problems)}`);
  }
  const now = service.ports.clock.now();
  for (const n of await service.ports.store.notices(casePk(j.id)))
    if (n.state === "waiting" && n.dueAt <= now)
      await service.ports.store.mark(n, { state: "dropped", outcome: "history" });
}

/** One command on a case of the whole product, by its coordinator or its apprentice. @throws saying why it was refused. */
export async function given(
  { service, teams }: Product,
  caseId: string,
  command: Command,
  role: "coordinator" | "apprentice",
): Promise<void> {
  const head = await service.ports.store.head<Case>(casePk(caseId));
  if (!head) throw new Error(`No case ${caseId}`);
  const { staff, parties, bodyId } = head.state;
  const actor =
    role === "coordinator"
      ? { person: staff.coordinator, staff: { bodyId, roles: [role] } }
      : { person: parties.apprentice, staff: null };
  const outcome = await handle({ id: randomUUID(), caseId, command }, actor, service.ports);
  if (outcome.kind === "refused") throw new Error(`${command.type}: ${JSON.stringify(outcome.problems)}`);
  await teams.settled();
}
