import { staffInvitation } from "../src/wording/letters";
import type { Log } from "./log";
import { layout } from "./mail/layout";
import type { Mailer } from "./mail/smtp";
import type { People, Person } from "./people";
import type { Connector } from "./teams/connector";
import { within } from "./within";

/** Who a picked colleague is: looked up in the tenant's roster where Teams lets us, else named when they first write. */

export interface DirectoryOptions {
  people: People;
  connector: Connector;
  mailer: Mailer;
  log: Log;
  /** Where the Connector was last met; undefined before the first activity. */
  serviceUrl(): Promise<string | undefined>;
  /** Milliseconds that a look-up may take: somebody waits, and Teams gives an answer five seconds in all. */
  patience?: number;
}

export class Directory {
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly o: DirectoryOptions) {}

  /**
   * The person to put on the staff list: picked by object id from the coordinator's own tenant, or by mail address. Sends
   * nothing: see `invite`. Undefined when neither is given.
   */
  async staffMember(
    who: { person?: string | undefined; mail?: string | undefined },
    tenantId: string,
  ): Promise<Person | undefined> {
    if (who.person !== undefined) {
      const objectId = who.person.toLowerCase();
      // Whoever is known already needs no look-up, which opens a chat with them.
      const known = await this.o.people.byBinding(tenantId, objectId);
      if (known) return known;
      const found = await within(this.o.patience ?? 1_500, this.look(tenantId, objectId));
      return this.o.people.ensureMember({
        tenantId,
        objectId,
        name: found?.name ?? "",
        ...(found?.mail ? { mail: found.mail } : {}),
      });
    }
    if (who.mail === undefined) return undefined;
    const name = who.mail.split("@")[0] ?? who.mail;
    return this.o.people.ensure({ name, mail: who.mail, guessed: true });
  }

  /**
   * Mails a code to a colleague who has no account here yet, once nobody waits for an answer any more; a mail server may
   * take long. If it cannot be sent, whoever asked is told.
   */
  invite(person: Person, asker: Person): void {
    const work = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.send(person, asker))
      .catch((error: unknown) => this.o.log.error("staff.invitation.failed", { error }))
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async send(person: Person, asker: Person): Promise<void> {
    if (person.bindings.length > 0 || person.mail === undefined) return;
    const code = await this.o.people.issueCode(person.id);
    const id = `staff-${person.id}-${code.expires}`;
    const sent = await this.o.mailer.send({ id, ...layout(staffInvitation(code)), to: { address: person.mail } });
    if (sent.kind === "ok") return;
    this.o.log.warn("staff.invitation.not.sent", { outcome: sent.kind, code: sent.code });
    const fate = sent.kind === "ambiguous" ? "may not have arrived" : "could not be sent";
    const text = `The invitation to ${person.mail} ${fate}. Check the address, and add them again for a new one.`;
    const chat = asker.bindings.find((b) => b.chat && !b.dead)?.chat;
    const told = chat && (await this.o.connector.send(chat, { text, textFormat: "plain" }));
    if (told?.kind !== "ok") this.o.log.warn("asker.not.told", { outcome: told?.kind ?? "no chat" });
  }

  private async look(tenantId: string, objectId: string): Promise<{ name?: string; mail?: string } | undefined> {
    const service = await this.o.serviceUrl();
    if (!service) return undefined;
    const chat = await this.o.connector.createPersonalConversation(service, tenantId, objectId);
    if (chat.kind !== "ok") return undefined;
    const member = await this.o.connector.member(chat.value, objectId);
    return member.kind === "ok" ? member.value : undefined;
  }
}
