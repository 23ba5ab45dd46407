import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { PersonId } from "../src/case/case";
import type { Clock, Store } from "../src/ports";
import { addSeconds, type Instant } from "../src/rules/calendar";
import type { ConversationRef } from "./teams/connector";

/**
 * Who people are, and how they are reached. Names and mail addresses live here only, apart from the record of cases.
 * A person is bound to one or more (tenant, object id) pairs, each by redeeming a code or by being picked as staff from
 * the awarding body's own tenant; a mail address alone never binds.
 */

export interface Binding {
  tenantId: string;
  objectId: string;
  /** `29:…`, known once they met the bot. */
  mri?: string;
  /** Their personal chat with the bot, once there is one. */
  chat?: ConversationRef;
  /** The way through this chat is closed: why, as the Connector said. */
  dead?: string;
}

export interface Person {
  id: PersonId;
  name: string;
  /** The name is only a guess: their account's own replaces it once they are met. */
  guessed?: true;
  mail?: string;
  /** How often the address was corrected: a code that went to a former one is none of theirs. */
  corrected?: number;
  bindings: Binding[];
}

interface Code {
  person: PersonId;
  expires: Instant;
  /** How often the person's address had been corrected when it was mailed. */
  corrected: number;
  redeemed?: { tenantId: string; objectId: string };
}

/** Days that an invitation's code lasts. */
export const codeDays = 14;
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const normalMail = (mail: string) => mail.trim().toLowerCase();
/** Spaces and dashes are how people read a code aloud. */
const normalCode = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, "");

type Account = Pick<Binding, "tenantId" | "objectId">;
const sameAccount = (a: Account, b: Account) => a.tenantId === b.tenantId && a.objectId === b.objectId;

const personPk = (id: PersonId) => `person:${id}`;
const bindingPk = (tenantId: string, objectId: string) => `binding:${tenantId}:${objectId}`;
const mailPk = (mail: string) => `mail:${digest(normalMail(mail))}`;
const codePk = (code: string) => `code:${digest(normalCode(code))}`;

/** The person as a store keeps them, for those who only read it. */
export const personOf = async (store: Pick<Store, "doc">, id: PersonId): Promise<Person | undefined> =>
  (await store.doc<Person>(personPk(id), "person"))?.body;

/** A directory read is trusted this long, in milliseconds (another instance may have changed it). */
const freshFor = 60_000;
const maxCached = 20_000;

export type Redeemed = { kind: "bound"; person: Person } | { kind: "unknown" | "expired" | "used" };

/** Somebody who comes from another store, under the id they have there. */
export type Incoming = Pick<Person, "id" | "name" | "mail" | "corrected"> & {
  bindings: { tenantId: string; objectId: string }[];
};
/** Why somebody cannot come: the id is another's here, or the address or an account is. */
export type Clash = "id" | "mail" | "account";

export class People {
  private readonly cache = new Map<string, { person: Person; until: number }>();
  private readonly bound = new Map<string, { person: PersonId | undefined; until: number }>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** The person, or undefined. At most a minute old. */
  async find(id: PersonId): Promise<Person | undefined> {
    const kept = this.kept(id);
    if (kept) return kept;
    const doc = await this.store.doc<Person>(personPk(id), "person");
    if (doc) this.keep(doc.body);
    return doc?.body;
  }

  /** Their names, by id; for cards and mails. */
  async names(ids: Iterable<PersonId>): Promise<ReadonlyMap<PersonId, string>> {
    const names = new Map<PersonId, string>();
    const unread: PersonId[] = [];
    for (const id of new Set(ids)) {
      const kept = this.kept(id);
      if (kept) names.set(id, kept.name);
      else unread.push(id);
    }
    for (const p of await Promise.all(unread.map((id) => this.find(id)))) if (p) names.set(p.id, p.name);
    return names;
  }

  async byBinding(tenantId: string, objectId: string): Promise<Person | undefined> {
    const key = bindingPk(tenantId, objectId);
    const kept = this.bound.get(key);
    if (kept && kept.until > Date.now()) return kept.person === undefined ? undefined : this.find(kept.person);
    const doc = await this.store.doc<{ person: PersonId }>(key, "binding");
    // That nobody is bound is not kept: they may redeem a code the next moment.
    if (doc) {
      if (this.bound.size >= maxCached) this.bound.clear();
      this.bound.set(key, { person: doc.body.person, until: Date.now() + freshFor });
    }
    return doc ? this.find(doc.body.person) : undefined;
  }

  /** The person whom that mail address finds, or undefined. An address that its person no longer has finds nobody. */
  async byMail(mail: string): Promise<Person | undefined> {
    return (await this.atMail(mail)).person;
  }

  /**
   * The person with that mail address, made if there is none. The address finds a record; it gives nobody a right.
   * Names are kept as first given: a correction is a command of its own.
   */
  async ensure(who: { name: string; mail: string; guessed?: true }): Promise<Person> {
    for (;;) {
      const { doc, person } = await this.atMail(who.mail);
      if (person) return person;
      // The address was noted and its person not yet: whoever began it, it is finished under the same id.
      const begun = doc && !doc.left ? doc.person : undefined;
      const id = begun ?? `p-${randomUUID()}`;
      if (!begun && !(await this.store.putDoc(mailPk(who.mail), "mail", { person: id }, doc?.version))) continue;
      await this.store.putDoc(
        personPk(id),
        "person",
        {
          id,
          name: who.name,
          mail: normalMail(who.mail),
          bindings: [],
          ...(who.guessed ? { guessed: true as const } : {}),
        },
        undefined,
      );
    }
  }

  /** What is noted at a mail address; `left` when it names somebody who has another address now. */
  private async atMail(
    mail: string,
  ): Promise<{ doc?: { person: PersonId; version: string; left: boolean }; person?: Person }> {
    const doc = await this.store.doc<{ person: PersonId }>(mailPk(mail), "mail");
    if (!doc) return {};
    // Read afresh: another instance may have corrected the address within the minute.
    const person = (await this.store.doc<Person>(personPk(doc.body.person), "person"))?.body;
    const left = person !== undefined && person.mail !== normalMail(mail);
    return { doc: { person: doc.body.person, version: doc.version, left }, ...(person && !left ? { person } : {}) };
  }

  /** Someone of the awarding body's own tenant, picked from it or met in it; bound at once. */
  async ensureMember(who: { tenantId: string; objectId: string; name: string; mail?: string }): Promise<Person> {
    const known = await this.byBinding(who.tenantId, who.objectId);
    if (known) return known;
    const person: Person = {
      id: `p-${randomUUID()}`,
      name: who.name,
      bindings: [{ tenantId: who.tenantId, objectId: who.objectId }],
      ...(who.name ? {} : { guessed: true as const }),
      ...(who.mail ? { mail: normalMail(who.mail) } : {}),
    };
    await this.store.putDoc(personPk(person.id), "person", person, undefined);
    const won = await this.store.putDoc(
      bindingPk(who.tenantId, who.objectId),
      "binding",
      { person: person.id },
      undefined,
    );
    if (won) return person;
    // A rival bound them a moment before: theirs stands.
    await this.store.removeDoc(personPk(person.id), "person");
    return (await this.byBinding(who.tenantId, who.objectId)) ?? person;
  }

  /** A new single-use code for the person: 60 bits, as three groups to read. Only its digest is kept. */
  async issueCode(person: PersonId): Promise<{ code: string; expires: Instant }> {
    const code = [...randomBytes(12)].map((b) => letters[b % letters.length]).join("");
    const expires = addSeconds(this.clock.now(), codeDays * 86_400);
    const corrected = (await this.find(person))?.corrected ?? 0;
    // Noted with the person first: whoever forgets them finds the code.
    await this.store.putDoc(personPk(person), codePk(code), {}, undefined);
    await this.store.putDoc<Code>(codePk(code), "code", { person, expires, corrected }, undefined);
    return { code: code.replace(/(.{4})(?=.)/g, "$1-"), expires };
  }

  /** Binds the account to the code's person, once. The same account may repeat it, also at the same time. */
  async redeem(code: string, who: { tenantId: string; objectId: string }): Promise<Redeemed> {
    for (;;) {
      const doc = await this.store.doc<Code>(codePk(code), "code");
      if (!doc) return { kind: "unknown" };
      const { redeemed, expires, person, corrected } = doc.body;
      // A code that went to an address since corrected may lie with a stranger.
      const now = redeemed ? undefined : await this.store.doc<Person>(personPk(person), "person");
      if (!redeemed && (!now || corrected !== (now.body.corrected ?? 0))) return { kind: "unknown" };
      if (redeemed && (redeemed.tenantId !== who.tenantId || redeemed.objectId !== who.objectId))
        return { kind: "used" };
      if (!redeemed && expires < this.clock.now()) return { kind: "expired" };
      // An account stands for one person: whoever has another record already keeps it.
      const holder = await this.holder(who);
      if (holder !== undefined && holder !== person) return { kind: "used" };
      const account = { tenantId: who.tenantId, objectId: who.objectId };
      if (!redeemed) {
        const taken: Code = { ...doc.body, redeemed: account };
        // A rival had it: read again whether that was another account, or this very request come twice.
        if (!(await this.store.putDoc<Code>(codePk(code), "code", taken, doc.version))) continue;
      }
      const bound =
        (await this.store.putDoc(bindingPk(who.tenantId, who.objectId), "binding", { person }, undefined)) ||
        (await this.holder(who)) === person;
      if (!bound) {
        // Another code bound the account in the meantime. This one has bound nobody: it stays good.
        await this.giveBack(code, account);
        return { kind: "used" };
      }
      const changed = await this.change(person, (p) =>
        p.bindings.some((b) => b.tenantId === who.tenantId && b.objectId === who.objectId)
          ? p
          : { ...p, bindings: [...p.bindings, account] },
      );
      return changed ? { kind: "bound", person: changed } : { kind: "unknown" };
    }
  }

  private async holder(who: { tenantId: string; objectId: string }): Promise<PersonId | undefined> {
    return (await this.store.doc<{ person: PersonId }>(bindingPk(who.tenantId, who.objectId), "binding"))?.body.person;
  }

  private async giveBack(code: string, from: { tenantId: string; objectId: string }): Promise<void> {
    const doc = await this.store.doc<Code>(codePk(code), "code");
    if (doc?.body.redeemed?.tenantId !== from.tenantId || doc.body.redeemed.objectId !== from.objectId) return;
    const { redeemed: _nobody, ...unused } = doc.body;
    await this.store.putDoc<Code>(codePk(code), "code", unused, doc.version);
  }

  /**
   * Notes how a bound person is reached: their MRI, and their personal chat; an open way replaces a dead one. A name that
   * was only guessed gives way to their account's.
   */
  async met(
    person: Person,
    who: { tenantId: string; objectId: string; mri: string; name?: string },
    chat: ConversationRef | undefined,
  ): Promise<void> {
    const known = person.bindings.find((b) => b.tenantId === who.tenantId && b.objectId === who.objectId);
    const name = person.guessed ? who.name?.trim().slice(0, 120) : undefined;
    const there =
      known?.mri === who.mri && !known.dead && (!chat || known.chat?.conversationId === chat.conversationId);
    if (there && !name) return;
    await this.change(person.id, ({ guessed, ...p }) => ({
      ...p,
      ...(name ? { name } : guessed ? { guessed } : {}),
      bindings: p.bindings.map((b) => {
        if (b.tenantId !== who.tenantId || b.objectId !== who.objectId) return b;
        const { dead: _open, ...alive } = b;
        return {
          ...alive,
          mri: who.mri,
          ...(chat ? { chat: { serviceUrl: chat.serviceUrl, conversationId: chat.conversationId } } : {}),
        };
      }),
    }));
  }

  /** A personal chat with them was opened. */
  async opened(
    person: PersonId,
    account: { tenantId: string; objectId: string },
    { serviceUrl, conversationId }: ConversationRef,
  ): Promise<void> {
    await this.change(person, (p) => ({
      ...p,
      bindings: p.bindings.map((b) =>
        b.tenantId === account.tenantId && b.objectId === account.objectId && !b.chat
          ? { ...b, chat: { serviceUrl, conversationId } }
          : b,
      ),
    }));
  }

  /** A way to the person was found closed. */
  async closed(person: PersonId, conversationId: string, why: string): Promise<void> {
    await this.change(person, (p) => ({
      ...p,
      bindings: p.bindings.map((b) => (b.chat?.conversationId === conversationId ? { ...b, dead: why } : b)),
    }));
  }

  /**
   * A corrected name or mail address. The former address finds this person no more. False, and nothing is changed, when
   * the new address is somebody else's.
   */
  async correct(person: PersonId, field: "name" | "mail", value: string): Promise<boolean> {
    const done = field === "name" ? await this.correctName(person, value) : await this.correctMail(person, value);
    // The former one is to be gone, not only out of use.
    if (done) await this.scrubbed();
    return done;
  }

  /** While somebody reads an older state what was replaced stays in the log: then it goes with the next that is scrubbed. */
  private scrubbed = (): Promise<void> => this.store.scrub().catch(() => undefined);

  private async correctName(person: PersonId, value: string): Promise<boolean> {
    // Given by a coordinator: no guess any more.
    await this.change(person, ({ guessed: _sure, ...p }) => ({ ...p, name: value.trim() }));
    return true;
  }

  private async correctMail(person: PersonId, value: string): Promise<boolean> {
    if (!(await this.holdMail(person, value))) return false;
    let former: string | undefined;
    await this.change(person, (p) => {
      former = p.mail;
      const mail = normalMail(value);
      return p.mail === mail ? p : { ...p, mail, corrected: (p.corrected ?? 0) + 1 };
    });
    if (former !== undefined) await this.leaveMail(person, former);
    return true;
  }

  /** Holds a mail address for the person before it becomes theirs; false when it is somebody else's. */
  async holdMail(person: PersonId, mail: string): Promise<boolean> {
    for (;;) {
      const { doc } = await this.atMail(mail);
      if (doc?.person === person) return true;
      if (doc && !doc.left) return false;
      if (await this.store.putDoc(mailPk(mail), "mail", { person }, doc?.version)) return true;
    }
  }

  /** Lets go of an address that is not the person's (any more). Does nothing to one that is theirs, or another's. */
  async leaveMail(person: PersonId, mail: string): Promise<void> {
    const { doc } = await this.atMail(mail);
    if (doc?.person === person && doc.left) await this.store.removeDoc(mailPk(mail), "mail");
  }

  /**
   * Forgets the person: name, mail address, accounts, codes. What names them from now on is an id of nobody. Safe to repeat.
   * @param needed asked once nobody can find them by their address any more: true keeps them after all.
   */
  async forget(id: PersonId, needed: () => Promise<boolean>): Promise<void> {
    const doc = await this.store.doc<Person>(personPk(id), "person");
    if (doc?.body.mail !== undefined) {
      const held = await this.store.doc<{ person: PersonId }>(mailPk(doc.body.mail), "mail");
      if (held?.body.person === id) await this.store.removeDoc(mailPk(doc.body.mail), "mail");
    }
    if (await needed()) {
      if (doc?.body.mail !== undefined) await this.holdMail(id, doc.body.mail);
      return;
    }
    for (const { tenantId, objectId } of doc?.body.bindings ?? []) {
      const key = bindingPk(tenantId, objectId);
      if ((await this.store.doc<{ person: PersonId }>(key, "binding"))?.body.person === id)
        await this.store.removeDoc(key, "binding");
      this.bound.delete(key);
    }
    // The person last: until then it is known what else is theirs.
    for (const { id: other } of await this.store.docs(personPk(id))) {
      if (other === "person") continue;
      await this.store.removeDoc(other, "code");
      await this.store.removeDoc(personPk(id), other);
    }
    await this.store.removeDoc(personPk(id), "person");
    this.cache.delete(id);
  }

  /** What stands against taking in somebody from another store; undefined when nothing does, or they are here already. */
  async clash({ id, name, mail, bindings }: Incoming): Promise<Clash | undefined> {
    const here = await personOf(this.store, id);
    if (here && here.name !== name) return "id";
    if (mail !== undefined) {
      if (here?.mail !== undefined && here.mail !== normalMail(mail)) return "id";
      const { doc } = await this.atMail(mail);
      if (doc && !doc.left && doc.person !== id) return "mail";
    }
    for (const account of bindings) {
      const holder = await this.holder(account);
      if (holder !== undefined && holder !== id) return "account";
    }
    return undefined;
  }

  /** Takes in somebody from another store who does not clash; what is known of them here stays. Safe to repeat. */
  async take({ bindings, ...person }: Incoming): Promise<void> {
    if (person.mail !== undefined) await this.holdMail(person.id, person.mail);
    for (const { tenantId, objectId } of bindings)
      await this.store.putDoc(bindingPk(tenantId, objectId), "binding", { person: person.id }, undefined);
    await this.store.putDoc(personPk(person.id), "person", { ...person, bindings }, undefined);
    await this.change(person.id, (p) => {
      const more = bindings.filter((b) => !p.bindings.some((x) => sameAccount(x, b)));
      const mail = p.mail ?? person.mail;
      if (more.length === 0 && mail === p.mail) return p;
      return { ...p, ...(mail === undefined ? {} : { mail }), bindings: [...p.bindings, ...more] };
    });
    this.cache.delete(person.id);
  }

  private async change(id: PersonId, to: (p: Person) => Person): Promise<Person | undefined> {
    for (;;) {
      const doc = await this.store.doc<Person>(personPk(id), "person");
      if (!doc) return undefined;
      const next = to(doc.body);
      if (next === doc.body || (await this.store.putDoc(personPk(id), "person", next, doc.version))) {
        this.keep(next);
        return next;
      }
    }
  }

  private kept(id: PersonId): Person | undefined {
    const kept = this.cache.get(id);
    return kept && kept.until > Date.now() ? kept.person : undefined;
  }

  private keep(person: Person): void {
    if (this.cache.size >= maxCached) this.cache.clear();
    this.cache.set(person.id, { person, until: Date.now() + freshFor });
  }
}
