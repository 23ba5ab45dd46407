import { randomUUID } from "node:crypto";
import type { Body } from "../src/body";
import { noBody } from "../src/body";
import type { Settings } from "../src/case/case";
import { keepingMonths } from "../src/case/retention";
import { bodyPk, handleBody, type Ports } from "../src/handle";
import type { Actor } from "../src/permissions";
import type { Role } from "../src/rules/pack";
import type { Coordinator } from "./config";
import type { People, Person } from "./people";
import type { Member } from "./teams/connector";
import type { Turn } from "./teams/turn";
import { within } from "./within";

/**
 * The sole maker of an Actor: from what Teams vouches for (tenant and object id), the people's bindings, and the awarding
 * bodies' own lists of staff. Nothing that a card or a text carries says who somebody is.
 */

export interface Known {
  kind: "known";
  person: Person;
  tenantId: string;
  objectId: string;
  /** Staff roles by awarding body; empty for outside people. */
  staff: ReadonlyMap<string, readonly Role[]>;
}
export interface Stranger {
  kind: "stranger";
  /** Absent for those without an account: they can use nothing. */
  account?: { tenantId: string; objectId: string };
  name: string;
}

/** The actor for a case of that body. Staff of another body are outside people to it. */
export function actorFor(known: Known, bodyId: string): Actor {
  const roles = known.staff.get(bodyId);
  return { person: known.person.id, staff: roles ? { bodyId, roles } : null };
}

/** Awarding bodies, their staff and settings, at most a minute old; what this instance changes, it sees at once. */
export class Bodies {
  private readonly cache = new Map<string, { body: Body; until: number }>();

  /** @param retentionMonths for which closed cases are kept. */
  constructor(
    private readonly ports: () => Ports,
    private readonly retentionMonths: number = keepingMonths.usual,
  ) {}

  /** `now`: as the store has it now. */
  async get(bodyId: string, how?: "now"): Promise<Body> {
    const kept = how === "now" ? undefined : this.cache.get(bodyId);
    if (kept && kept.until > Date.now()) return kept.body;
    const head = await this.ports().store.head<Body>(bodyPk(bodyId));
    return this.keep(bodyId, head?.state ?? noBody(bodyId));
  }

  keep(bodyId: string, body: Body): Body {
    this.cache.set(bodyId, { body, until: Date.now() + 60_000 });
    return body;
  }

  settings = async (bodyId: string): Promise<Settings> => ({
    sampling: (await this.get(bodyId)).sampling,
    retentionMonths: this.retentionMonths,
  });
}

export interface IdentityOptions {
  people: People;
  bodies: Bodies;
  ports: Ports;
  /** The sender's entry in the conversation's roster. */
  member(turn: Turn): Promise<Member | undefined>;
  /** The bodies whose staff a member of the tenant may be. */
  bodiesOfTenant(tenantId: string): readonly string[];
  /** The first coordinators, as the environment names them. */
  coordinators: readonly Coordinator[];
  /** Milliseconds that the roster may take; 1,500 unless told: Teams gives an answer five seconds in all. */
  patience?: number;
}

/** Milliseconds for which somebody who was looked up and is no coordinator is not looked up again … */
const knownNot = 300_000;
/** … and somebody whom the roster did not tell of. */
const notTold = 30_000;
const maxKept = 10_000;

type WhoOptions = Pick<IdentityOptions, "people" | "bodies" | "bodiesOfTenant">;

async function staffOf(o: WhoOptions, person: Person, tenantId: string): Promise<Map<string, readonly Role[]>> {
  const staff = new Map<string, readonly Role[]>();
  for (const bodyId of o.bodiesOfTenant(tenantId)) {
    const roles = (await o.bodies.get(bodyId)).staff[person.id]?.roles;
    if (roles) staff.set(bodyId, roles);
  }
  return staff;
}

/**
 * Who holds this account, outside a turn: a tab or the panel, whose token vouches for it. Finds only: an account is bound to a
 * person in chat. Ids in lower case.
 */
export const createWho =
  (o: WhoOptions) =>
  async (account: { tenantId: string; objectId: string }): Promise<Known | undefined> => {
    const { tenantId, objectId } = account;
    const person = await o.people.byBinding(tenantId, objectId);
    return person && { kind: "known", person, tenantId, objectId, staff: await staffOf(o, person, tenantId) };
  };

/** Asks who wrote or pressed. A way to reach them is noted on the way. */
export function createIdentity(options: IdentityOptions) {
  const { people, bodies } = options;
  const namedByMail = options.coordinators.some((c) => c.kind === "mail");
  /** Accounts that need no look-up, until when. */
  const others = new Map<string, number>();

  /** A coordinator whom the environment names, met for the first time in the body's own tenant. */
  async function firstCoordinator(
    turn: Turn,
    account: { tenantId: string; objectId: string },
  ): Promise<Person | undefined> {
    const own = options.bodiesOfTenant(account.tenantId);
    if (own.length === 0 || options.coordinators.length === 0) return undefined;
    const byId = options.coordinators.some(
      (c) =>
        c.kind === "objectId" &&
        c.objectId === account.objectId &&
        (c.tenantId ?? account.tenantId) === account.tenantId,
    );
    // A mail address is looked up in the tenant's own roster, which vouches for it; afterwards the object id counts.
    const key = `${account.tenantId} ${account.objectId}`;
    if (!byId && (!namedByMail || (others.get(key) ?? 0) > Date.now())) return undefined;
    const member = await within(options.patience ?? 1_500, options.member(turn));
    const addresses = [member?.mail, member?.userPrincipalName]
      .filter((a) => a !== undefined)
      .map((a) => a.toLowerCase());
    const byMail = options.coordinators.some((c) => c.kind === "mail" && addresses.includes(c.address));
    if (!byId && !byMail) {
      if (others.size >= maxKept) others.clear();
      others.set(key, Date.now() + (member ? knownNot : notTold));
      return undefined;
    }
    const person = await people.ensureMember({
      ...account,
      name: member?.name ?? turn.who.name,
      ...(member?.mail ? { mail: member.mail } : {}),
    });
    for (const bodyId of own) {
      const body = await bodies.get(bodyId);
      if (body.staff[person.id]) continue;
      const command = { type: "staff.add" as const, data: { person: person.id, roles: ["coordinator" as const] } };
      const outcome = await handleBody(bodyId, { id: randomUUID(), command }, "service", options.ports);
      if (outcome.kind === "done") bodies.keep(bodyId, outcome.state);
    }
    return person;
  }

  return async function identify(turn: Turn): Promise<Known | Stranger> {
    const { aadObjectId: objectId, name } = turn.who;
    const tenantId = objectId === undefined ? undefined : await turn.senderTenant();
    if (objectId === undefined || tenantId === undefined) return { kind: "stranger", name };
    const account = { tenantId, objectId };
    const person = (await people.byBinding(tenantId, objectId)) ?? (await firstCoordinator(turn, account));
    if (!person) return { kind: "stranger", name, account };
    await people.met(
      person,
      { ...account, mri: turn.who.mri, name },
      turn.conversation.type === "personal" ? turn.conversation : undefined,
    );
    const present = (await people.find(person.id)) ?? person;
    return { kind: "known", person: present, ...account, staff: await staffOf(options, person, tenantId) };
  };
}
export type Identify = ReturnType<typeof createIdentity>;
