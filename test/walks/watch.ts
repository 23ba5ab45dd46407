import type { TrafficLine } from "../../bot/local/protocol";

import { wordsOf } from "../support/cardReading";
import type { Product } from "../support/service";

/** What nobody should ever meet on a walk: failed traffic, apologies, messages that did not arrive, notices that died. */
export class Watch {
  private readonly failed: string[] = [];

  /** Watches from now on: Local Teams keeps only the latest traffic. */
  constructor(private readonly p: Product) {
    p.teams.local.traffic.onLine((line: TrafficLine) => {
      // Who can be written to is found by trying: a chat that was never opened is closed to the app, and mail goes instead.
      const trying = line.path === "/v3/conversations" && line.status === 403;
      if (line.status >= 400 && !trying)
        this.failed.push(`${line.direction} ${line.method} ${line.path}: ${line.status} ${line.summary}`);
    });
  }

  /** Everything that went wrong so far; empty when nothing did. */
  async faults(): Promise<string[]> {
    await this.p.teams.settled();
    return [...this.failed, ...(await this.said()), ...(await this.notices())];
  }

  private async said(): Promise<string[]> {
    const bad =
      /[Ss]orry|[Ss]omething went wrong|could not be read|\bundefined\b|\[object|\$\{|\bNaN\b|Invalid Date|::/;
    const faults: string[] = [];
    for (const person of this.p.teams.local.people()) {
      for (const text of await receivedBy(this.p, person.id))
        if (bad.test(text)) faults.push(`${person.id} read: ${text.slice(0, 300)}`);
      for (const chat of this.p.teams.local.snapshot(person.id).chats) {
        const { messages } = await this.p.teams.local.perform({ do: "chat.open", as: person.id, chatId: chat.id });
        for (const m of messages) if (m.failed) faults.push(`${person.id}'s "${m.text}" did not arrive: ${m.failed}`);
      }
    }
    return faults;
  }

  private async notices(): Promise<string[]> {
    const { store, clock } = this.p.service.ports;
    const faults: string[] = [];
    const bodies = ["tquk", "gateway-qualifications"];
    for (const bodyId of bodies)
      for (let after: string | null = null, more = true; more; ) {
        const page: Awaited<ReturnType<typeof store.casesOf>> = await store.casesOf({ bodyId }, { limit: 50, after });
        for (const row of page.rows)
          for (const n of await store.notices(row.pk))
            if (
              n.state === "dead" ||
              n.state === "unconfirmed" ||
              (n.state !== "sent" && n.state !== "dropped" && n.dueAt <= clock.now())
            )
              faults.push(`${row.ref}: notice ${n.id} is ${n.state}: ${n.outcome}`);
        after = page.next;
        more = after !== null;
      }
    return faults;
  }
}

/** Every word that someone has in front of them: chats with their cards, dialogs apart, and mails. */
export async function receivedBy(p: Product, personId: string): Promise<string[]> {
  const { local } = p.teams;
  const { chats, mail } = local.snapshot(personId);
  const texts: string[] = [];
  for (const { id } of chats) {
    const { messages } = await local.perform({ do: "chat.open", as: personId, chatId: id });
    for (const m of messages)
      if (m.from.kind === "bot") texts.push(m.text ?? "", ...m.cards.map((one) => wordsOf(one.card)));
  }
  for (const { id } of mail) {
    const m = await local.perform({ do: "mail.open", as: personId, mailId: id });
    texts.push(m.subject, m.text, m.html ?? "");
  }
  return texts.filter(Boolean).map((text) => text.replaceAll("\u00a0", " "));
}
