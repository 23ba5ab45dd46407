import { staffInvitation } from "../src/wording/letters";
import { layout } from "./mail/layout";
import type { Mailer } from "./mail/smtp";
import type { People, Person } from "./people";
import type { Connector } from "./teams/connector";

/** Who a picked colleague is: looked up in the tenant's roster where Teams lets us, else named when they first write. */

export interface DirectoryOptions {
  people: People;
  connector: Connector;
  mailer: Mailer;
  /** Where the Connector was last met; undefined before the first activity. */
  serviceUrl(): string | undefined;
}

export class Directory {
  constructor(private readonly o: DirectoryOptions) {}

  /**
   * The person to put on the staff list: picked by object id from the coordinator's own tenant, or by mail address, to which
   * a code then goes. Undefined when the code could not be sent.
   */
  async staffMember(
    who: { person?: string | undefined; mail?: string | undefined },
    tenantId: string,
  ): Promise<Person | undefined> {
    if (who.person !== undefined) {
      const objectId = who.person.toLowerCase();
      const found = await this.look(tenantId, objectId);
      return this.o.people.ensureMember({
        tenantId,
        objectId,
        name: found?.name ?? "",
        ...(found?.mail ? { mail: found.mail } : {}),
      });
    }
    if (who.mail === undefined) return undefined;
    const name = who.mail.split("@")[0] ?? who.mail;
    const person = await this.o.people.ensure({ name, mail: who.mail, guessed: true });
    if (person.bindings.length > 0) return person;
    const code = await this.o.people.issueCode(person.id);
    const id = `staff-${person.id}-${code.expires}`;
    const sent = await this.o.mailer.send({ id, ...layout(staffInvitation(code)), to: { address: who.mail } });
    return sent.kind === "ok" ? person : undefined;
  }

  private async look(tenantId: string, objectId: string): Promise<{ name?: string; mail?: string } | undefined> {
    const service = this.o.serviceUrl();
    if (!service) return undefined;
    const chat = await this.o.connector.createPersonalConversation(service, tenantId, objectId);
    if (chat.kind !== "ok") return undefined;
    const member = await this.o.connector.member(chat.value, objectId);
    return member.kind === "ok" ? member.value : undefined;
  }
}
