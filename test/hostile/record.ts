import { createHash } from "node:crypto";
import type { Service } from "../../bot/service";
import { checkStore } from "../../bot/store/chainCheck";
import { refold } from "../../bot/store/refold";
import type { Body } from "../../src/body";
import type { Case } from "../../src/case/case";
import { commandTypes, evolve, initial, service } from "../../src/case/decider";
import { bodyPk } from "../../src/handle";
import { can, canRegister } from "../../src/permissions";
import type { Recorded } from "../../src/ports";
import type { Role } from "../../src/rules/pack";

/** The record before and after: whatever came into it must be what somebody pressed who might. */

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** Of a meeting that a lawful booking asked for, and of what did not arrive. */
const ofService: ReadonlySet<string> = new Set(["MeetingMade", "MeetingSetUp", "MeetingSeen", "NoticeLost"]);

/** What was asked in whose name: verbs by person and the id that they sent. */
export class Asked {
  private readonly verbs = new Map<string, Set<string>>();

  note(person: string | undefined, data: unknown): void {
    if (person === undefined || typeof data !== "object" || data === null) return;
    const { verb, commandId } = data as Record<string, unknown>;
    if (typeof verb !== "string" || typeof commandId !== "string") return;
    const key = `c-${person}-${commandId}`;
    this.verbs.set(key, (this.verbs.get(key) ?? new Set()).add(verb));
  }

  of(commandId: string): ReadonlySet<string> {
    return this.verbs.get(commandId) ?? new Set();
  }
}

export class Ledger {
  private constructor(
    private readonly service: Service,
    private readonly before: ReadonlyMap<string, number>,
    private readonly roles: Map<string, Map<string, Set<Role>>>,
  ) {}

  static async now(service: Service, bodies: readonly string[]): Promise<Ledger> {
    const before = new Map<string, number>();
    for await (const pk of service.ports.store.partitions())
      before.set(pk, (await service.ports.store.head(pk))?.revision ?? 0);
    const roles = new Map<string, Map<string, Set<Role>>>();
    for (const bodyId of bodies) {
      const staff = (await service.ports.store.head<Body>(bodyPk(bodyId)))?.state.staff ?? {};
      roles.set(bodyId, new Map(Object.entries(staff).map(([person, s]) => [person, new Set<Role>(s.roles)])));
    }
    return new Ledger(service, before, roles);
  }

  /** Everything that stands there and should not, said in a line each; and how many events came in. */
  async faults(asked: Asked): Promise<{ faults: string[]; events: number }> {
    const { store } = this.service.ports;
    const faults: string[] = [];
    let events = 0;
    const found = await checkStore(store, digest, refold);
    if (!found.ok) faults.push(`${found.pk} ${found.seq}: ${found.why}`);
    const pks: string[] = [];
    for await (const pk of store.partitions()) pks.push(pk);
    // Who became staff meanwhile first: what they did afterwards was theirs to do.
    for (const pk of pks.filter((one) => one.startsWith("body:")))
      for (const event of await store.events(pk, { from: (this.before.get(pk) ?? 0) + 1 })) {
        events += 1;
        const bodyId = pk.slice("body:".length);
        if (event.type === "StaffAdded") {
          const { person, roles } = event.data as { person: string; roles: Role[] };
          const has = this.roles.get(bodyId)?.get(person) ?? new Set<Role>();
          for (const role of roles) has.add(role);
          this.roles.get(bodyId)?.set(person, has);
        }
        if (!this.has(bodyId, event.by.person, "coordinator")) faults.push(`${pk} ${event.seq}: by ${event.by.person}`);
      }
    for (const pk of pks.filter((one) => one.startsWith("case:"))) {
      const all = await store.events(pk);
      let state: Case | typeof initial = initial;
      const commands = new Set<string>();
      for (const event of all) {
        if (event.seq > (this.before.get(pk) ?? 0)) {
          events += 1;
          if (!commands.has(event.commandId)) faults.push(...this.judge(pk, state, event, asked));
          commands.add(event.commandId);
        }
        state = evolve(state, pk.slice("case:".length), event);
      }
    }
    return { faults, events };
  }

  private has = (bodyId: string, person: string, role: Role) => this.roles.get(bodyId)?.get(person)?.has(role) === true;

  private judge(pk: string, state: Case | typeof initial, event: Recorded, asked: Asked): string[] {
    const { by, commandId, lifted } = event;
    const where = `${pk} ${event.seq} ${event.type} by ${by.person}`;
    // What the service itself puts on the record, and nobody can ask for; in its name stands nothing else.
    if (by.person === service) return ofService.has(event.type) ? [] : [`${where}: not the service's`];
    const verbs = [...asked.of(commandId)].flatMap((verb) =>
      verb === "register" ? ["case.register" as const] : commandTypes.filter((type) => type === verb),
    );
    if (!commandId.startsWith(`c-${by.person}-`)) return [`${where}: another's command ${commandId}`];
    if (verbs.length === 0) return [`${where}: nobody asked for it (${commandId})`];
    const bodyId = state.stage === "none" ? (event.data as { bodyId: string }).bodyId : state.bodyId;
    const roles = [...(this.roles.get(bodyId)?.get(by.person) ?? [])];
    const actor = { person: by.person, staff: roles.length > 0 ? { bodyId, roles } : null };
    const may = verbs.some((verb) => {
      const granted =
        state.stage === "none" ? canRegister(actor, bodyId) : can(actor, verb, state, by.onBehalfOf?.role);
      return "role" in granted && granted.role === by.role;
    });
    const freely = (lifted ?? []).some((x) => !("permit" in x && x.permit) && by.role !== "coordinator");
    return [...(may ? [] : [`${where}: not theirs to do (${verbs})`]), ...(freely ? [`${where}: lifted a rule`] : [])];
  }
}
