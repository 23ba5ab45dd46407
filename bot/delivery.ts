import type { Case, PersonId } from "../src/case/case";
import type { Ports } from "../src/handle";
import type { Head, Notice, Recorded } from "../src/ports";
import { addSeconds } from "../src/rules/calendar";
import type { Letter } from "../src/wording/letters";
import type { Compose, Message } from "./compose";
import type { Log } from "./log";
import { layout } from "./mail/layout";
import type { Mailer } from "./mail/smtp";
import type { People, Person } from "./people";
import type { Connector, ConversationRef, OutboundActivity, Outcome } from "./teams/connector";
import { type CardKind, forget, livingCards, notePosted } from "./teams/live";

/**
 * Notices go out: claimed with a lease, state written before the call, along each person's reach (personal chat, then
 * mail). What is due to one person at the same time makes one message. A result is never sent again blindly.
 */

export interface DeliveryOptions {
  ports: Ports;
  people: People;
  connector: Connector;
  mailer: Mailer;
  compose: Compose;
  log: Log;
  /** Notices claimed at once. */
  batch?: number;
}

const leaseSeconds = 60;
const maxTries = 6;
/** Seconds until the next try: a minute, doubling. */
const backoff = (tries: number) => 60 * 2 ** Math.min(tries, 6);

type Sent = "sent" | { retryIn: number; code: string } | { unconfirmed: string } | { dead: string };

export class Delivery {
  private running: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly o: DeliveryOptions) {}

  /** Something may be due: sweeps now, once more if a sweep is under way. Resolves when nothing due is left. */
  kick(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.again = true;
    this.running ??= this.loop().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Finishes what is under way and sends no more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async loop(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        while (await this.sweep()) if (this.stopped) return;
      } catch (error) {
        this.o.log.error("delivery.failed", { error });
      }
    }
    await this.sleep();
  }

  /** Wakes when the next notice falls due. */
  private async sleep(): Promise<void> {
    clearTimeout(this.timer);
    if (this.stopped) return;
    const due = await this.o.ports.store.nextDue();
    if (due === undefined) return;
    const wait = Math.min(Math.max(Date.parse(due) - Date.parse(this.o.ports.clock.now()), 1_000), 3_600_000);
    this.timer = setTimeout(() => void this.kick(), wait);
    this.timer.unref();
  }

  /** One batch; true when there may be more. */
  private async sweep(): Promise<boolean> {
    const { ports, batch = 50 } = this.o;
    const now = ports.clock.now();
    const claimed = await ports.store.claim({ now, leaseUntil: addSeconds(now, leaseSeconds), limit: batch });
    if (claimed.length === 0) return false;
    // What concerns one person goes together; each group on its own, so that one closed way holds up nobody else.
    const groups = new Map<string, Notice[]>();
    for (const n of claimed) {
      // Whoever had it stopped in the middle of sending: nobody knows whether it went out.
      if (n.state === "sending" && n.repeat === "never") {
        await this.mark(n, "unconfirmed", "stopped while sending");
        continue;
      }
      const talk = n.kind === "told" || n.kind === "reminder";
      const key = talk ? `talk ${n.to}` : `${n.pk} ${n.id}`;
      groups.set(key, [...(groups.get(key) ?? []), n]);
    }
    await Promise.all([...groups.values()].map((g) => this.deliver(g).catch((error) => this.fault(g, error))));
    return claimed.length > 0;
  }

  private async fault(group: Notice[], error: unknown): Promise<void> {
    this.o.log.error("notice.failed", { kind: group[0]?.kind, error });
    for (const n of group) await this.later(n, backoff(n.tries), "error");
  }

  private async deliver(group: Notice[]): Promise<void> {
    const first = group[0];
    if (!first) return;
    switch (first.kind) {
      case "told":
      case "reminder":
        return this.talk(group);
      case "cards":
        return this.cards(first);
      case "chat":
        return this.chat(first);
      case "invite":
        return this.invite(first);
      case "result":
      case "record":
        return this.letter(first);
      default:
        this.o.log.warn("notice.unknown", { kind: first.kind });
        await this.mark(first, "dropped", "unknown kind");
    }
  }

  // ---- one message to one person ------------------------------------------------------------------------------

  private async talk(group: Notice[]): Promise<void> {
    const person = await this.o.people.find(group[0]?.to as PersonId);
    const parts: { notice: Notice; message: Message }[] = [];
    for (const notice of [...group].sort(byDay)) {
      const head = await this.head(notice.pk);
      const message = person && head ? await this.messageOf(notice, head, person) : undefined;
      if (message) parts.push({ notice, message });
      else await this.mark(notice, "dropped", "no longer so");
    }
    if (!person || parts.length === 0) return;
    const messages = parts.map((p) => p.message);
    const notices = parts.map((p) => p.notice);
    await this.send(notices, () =>
      this.reach(person, {
        activity: this.o.compose.join(messages),
        letters: messages.map((m) => m.letter),
        id: mailId(notices),
        repeat: notices.every((n) => n.repeat === "repeat"),
      }),
    );
  }

  private async messageOf(n: Notice, head: Head<Case>, person: Person): Promise<Message | undefined> {
    if (n.kind === "reminder")
      return this.o.compose.reminder(head.state, person.id, n.data as { key: string; day?: string; asked?: boolean });
    const { from, to } = n.data as { from: number; to: number };
    return this.o.compose.told(head.state, await this.events(n.pk, from, to), person.id);
  }

  /** Personal chat first, then mail. Found by trying, never assumed. */
  private async reach(
    person: Person,
    what: { activity: OutboundActivity; letters: Letter[]; id: string; repeat: boolean },
  ): Promise<Sent> {
    for (const binding of person.bindings) {
      if (binding.dead) continue;
      const chat = binding.chat ?? (await this.open(binding));
      if (!chat) continue;
      const sent = await this.o.connector.send(chat, what.activity);
      if (sent.kind !== "dead") return judged(sent, what.repeat);
      await this.o.people.closed(person.id, chat.conversationId, sent.code);
    }
    return this.mail(person, what.letters, what.id, what.repeat);
  }

  private async open(binding: Person["bindings"][number]): Promise<ConversationRef | undefined> {
    const service = this.lastServiceUrl;
    if (!service) return undefined;
    const made = await this.o.connector.createPersonalConversation(
      service,
      binding.tenantId,
      binding.mri ?? binding.objectId,
    );
    return made.kind === "ok" ? made.value : undefined;
  }

  /** Where the Connector was last met: new chats are opened through it. */
  lastServiceUrl: string | undefined;

  private async mail(person: Person, letters: readonly Letter[], id: string, repeat: boolean): Promise<Sent> {
    if (!person.mail) return { dead: "no address" };
    const sent = await this.o.mailer.send({
      id,
      ...layout(...letters),
      to: { address: person.mail, name: person.name },
    });
    switch (sent.kind) {
      case "ok":
        return "sent";
      case "dead":
        return { dead: sent.code };
      case "ambiguous":
        return repeat ? { retryIn: 60, code: sent.code } : { unconfirmed: sent.code };
      case "failed":
        return sent.retryable ? { retryIn: 0, code: sent.code } : { dead: sent.code };
    }
  }

  // ---- the other kinds ----------------------------------------------------------------------------------------

  /** Mail for what must come by mail (R27), and a message beside it where there is a chat. */
  private async letter(n: Notice): Promise<void> {
    const head = await this.head(n.pk);
    const person = await this.o.people.find(n.to as PersonId);
    const { release } = n.data as { release: number };
    const made =
      head && person ? await this.o.compose.result(head, person.id, n.kind as "result" | "record", release) : undefined;
    if (!made || !person) return this.mark(n, "dropped", "no longer so");
    await this.send([n], async () => {
      const mailed = await this.mail(person, [made.letter], mailId([n]), false);
      if (made.live) await this.besides(person, made);
      return mailed;
    });
  }

  /** The chat message beside a letter: the letter is what counts, so its outcome is only logged. */
  private async besides(person: Person, message: Message): Promise<void> {
    const chat = person.bindings.find((b) => b.chat && !b.dead)?.chat;
    if (!chat) return;
    const sent = await this.o.connector.send(chat, message.activity);
    if (sent.kind === "ok" && message.live)
      await notePosted(this.o.ports.store, message.live.caseId, {
        kind: message.live.kind,
        conversation: chat,
        activityId: sent.value.id,
        person: person.id,
      });
    else if (sent.kind !== "ok") this.o.log.warn("message.beside.letter", { outcome: sent.kind });
  }

  private async invite(n: Notice): Promise<void> {
    const head = await this.head(n.pk);
    const person = await this.o.people.find(n.to as PersonId);
    if (!head || !person || head.state.stage === "withdrawn") return this.mark(n, "dropped", "no longer so");
    if (person.bindings.length > 0) return this.mark(n, "dropped", "bound already");
    await this.send([n], async () => {
      const { code, expires } = await this.o.people.issueCode(person.id);
      const role = (n.data as { role: "apprentice" | "employer" | "provider" }).role;
      return this.mail(
        person,
        [await this.o.compose.invitation(head.state, person, role, { code, expires })],
        mailId([n]),
        true,
      );
    });
  }

  private async chat(n: Notice): Promise<void> {
    const head = await this.head(n.pk);
    const chat = head?.state.chat;
    const { from, to } = n.data as { from: number; to: number };
    const message =
      head && chat ? await this.o.compose.toChat(head.state, await this.events(n.pk, from, to)) : undefined;
    const where = chat && (await this.chatRef(chat.conversation));
    if (!message || !where) return this.mark(n, "dropped", "no chat");
    await this.send([n], async () => {
      const sent = await this.o.connector.send(where, message.activity);
      if (sent.kind === "ok" && message.live)
        await notePosted(this.o.ports.store, message.live.caseId, {
          kind: message.live.kind,
          conversation: where,
          activityId: sent.value.id,
          person: null,
        });
      return sent.kind === "dead" ? { dead: sent.code } : judged(sent, false);
    });
  }

  /** Brings every living card of the case up to date; the latest state is drawn, whatever revision caused it. */
  private async cards(n: Notice): Promise<void> {
    const head = await this.head(n.pk);
    if (!head) return this.mark(n, "dropped", "no case");
    const { outside } = n.data as { outside: boolean };
    await this.send([n], async () => {
      let worst: Sent = "sent";
      for (const card of await livingCards(this.o.ports.store, head.state.id)) {
        const drawn = await this.o.compose.card(head.state, card.kind as CardKind, card.person, outside);
        if (!drawn) continue;
        const done = await this.o.connector.update(card.conversation, card.activityId, drawn);
        if (done.kind === "dead" || (done.kind === "failed" && !done.retryable))
          await forget(this.o.ports.store, head.state.id, card);
        else if (done.kind !== "ok") worst = judged(done, true);
      }
      return worst;
    });
  }

  // ---- states -------------------------------------------------------------------------------------------------

  /** Writes "sending" before the call and the outcome after it. */
  private async send(notices: Notice[], call: () => Promise<Sent>): Promise<void> {
    const held: Notice[] = [];
    for (const n of notices) {
      const version = await this.o.ports.store.mark(n, { state: "sending", tries: n.tries + 1 });
      if (version !== undefined) held.push({ ...n, version, state: "sending", tries: n.tries + 1 });
    }
    if (held.length === 0) return;
    const sent = await call();
    for (const n of held) {
      if (sent === "sent") await this.mark(n, "sent", null);
      else if ("unconfirmed" in sent) await this.mark(n, "unconfirmed", sent.unconfirmed);
      else if ("dead" in sent) await this.mark(n, "dead", sent.dead);
      else if (n.tries >= maxTries) await this.mark(n, "dead", sent.code);
      else await this.later(n, sent.retryIn || backoff(n.tries), sent.code);
    }
  }

  private async mark(n: Notice, state: Notice["state"], outcome: string | null): Promise<void> {
    await this.o.ports.store.mark(n, { state, outcome, leaseUntil: null });
    if (state === "unconfirmed" || state === "dead")
      this.o.log.warn("notice.not.sent", { kind: n.kind, state, outcome: outcome ?? "" });
  }

  private async later(n: Notice, seconds: number, code: string): Promise<void> {
    await this.o.ports.store.mark(n, {
      state: "waiting",
      leaseUntil: null,
      outcome: code,
      dueAt: addSeconds(this.o.ports.clock.now(), seconds),
    });
  }

  private head = (pk: string) => this.o.ports.store.head<Case>(pk);
  private events = (pk: string, from: number, to: number): Promise<Recorded[]> =>
    this.o.ports.store.events(pk, { from, to });
  private chatRef = async (conversation: string): Promise<ConversationRef | undefined> =>
    (await this.o.ports.store.doc<ConversationRef>(`chat:${conversation}`, "chat"))?.body;
}

/** News first, then what is due, soonest first. */
function byDay(a: Notice, b: Notice): number {
  const day = (n: Notice) => (n.kind === "reminder" ? ((n.data as { day?: string }).day ?? "9999") : "");
  return day(a).localeCompare(day(b));
}

/** Names the mail: a repeat has the same name, so a receiver can tell. */
const mailId = (notices: readonly Notice[]) =>
  notices
    .map((n) => `${n.pk}-${n.id}`)
    .join(".")
    .replace(/[^\w.-]/g, "-")
    .slice(0, 200);

function judged(sent: Outcome<unknown>, repeat: boolean): Sent {
  switch (sent.kind) {
    case "ok":
      return "sent";
    case "throttled":
      return { retryIn: Math.max(1, Math.ceil(sent.retryAfterMs / 1000)), code: "throttled" };
    case "ambiguous":
      return repeat ? { retryIn: 60, code: sent.code } : { unconfirmed: sent.code };
    case "dead":
      return { dead: sent.code };
    case "failed":
      return sent.retryable ? { retryIn: 0, code: sent.code } : { dead: sent.code };
  }
}
