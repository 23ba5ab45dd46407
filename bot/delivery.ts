import type { Case, PersonId } from "../src/case/case";
import { casePk, type Ports } from "../src/handle";
import type { Head, Notice, Recorded } from "../src/ports";
import { addSeconds } from "../src/rules/calendar";
import type { Letter } from "../src/wording/letters";
import type { Lost } from "../src/wording/notReached";
import { bundles } from "./bundles";
import type { Compose, Message } from "./compose";
import type { Log } from "./log";
import { layout } from "./mail/layout";
import type { Mailer } from "./mail/smtp";
import type { People, Person } from "./people";
import type { Connector, ConversationRef, OutboundActivity, Outcome } from "./teams/connector";
import { type CardKind, forget, livingCards, notePosted } from "./teams/live";

/**
 * Notices go out: claimed with a lease, state written before the call, along each person's reach (personal chat, then
 * mail). What is due to one person at the same time makes one message, or a few when it is much. A result is never sent
 * again blindly. What did not arrive, or may not have, the case's coordinator is told.
 */

export interface DeliveryOptions {
  ports: Ports;
  people: People;
  connector: Connector;
  mailer: Mailer;
  compose: Compose;
  log: Log;
  /** Takes away what an erased case still has in the store; repeated until it succeeds. */
  erase(pk: string): Promise<void>;
  /** Notices claimed at once. */
  batch?: number;
}

const leaseSeconds = 60;
/** Seconds that a call may be under way, mails waiting for one another included, before others think it ended in the midst. */
const sendingSeconds = 180;
/** Milliseconds between looks when nothing is known to fall due: another instance's leftovers may be there. */
const longestSleep = 300_000;
const afterFailure = 10_000;
const maxTries = 6;
/** Seconds until the next try: a minute, doubling. */
const backoff = (tries: number) => 60 * 2 ** Math.min(tries, 6);

type Ended = "sent" | { retryIn: number; code: string } | { unconfirmed: string } | { dead: string };
/** tooLarge: nothing went out, Teams takes less at once. */
type Sent = Ended | { tooLarge: string };

/** One notice with the message that it makes. */
interface Part {
  notice: Notice;
  message: Message;
}

export class Delivery {
  private running: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly o: DeliveryOptions) {}

  /** Something may be due: sweeps now, once more if a sweep is under way. Resolves when nothing due is left; never rejects. */
  kick(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.again = true;
    this.running ??= this.loop();
    return this.running;
  }

  /** Finishes what is under way and sends no more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async loop(): Promise<void> {
    let failed = false;
    // A kick may come at any moment, also while the next waking is looked up: it is asked for again before this ends.
    while (this.again && !this.stopped) {
      this.again = false;
      failed = false;
      try {
        while (!this.stopped && (await this.sweep()));
        if (!this.again) await this.sleep();
      } catch (error) {
        failed = true;
        this.o.log.error("delivery.failed", { error });
      }
    }
    this.running = undefined;
    if (failed) this.wake(afterFailure);
  }

  /** Wakes when the next notice falls due. */
  private async sleep(): Promise<void> {
    const due = await this.o.ports.store.nextDue();
    const wait = due === undefined ? longestSleep : Date.parse(due) - Date.parse(this.o.ports.clock.now());
    this.wake(Math.min(Math.max(wait, 1_000), longestSleep));
  }

  private wake(inMs: number): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.kick(), inMs);
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
        await this.settle([n], { unconfirmed: "stopped while sending" });
        continue;
      }
      const talk = n.kind === "told" || n.kind === "reminder";
      const key = talk ? `talk ${n.to}` : `${n.pk} ${n.id}`;
      groups.set(key, [...(groups.get(key) ?? []), n]);
    }
    await Promise.all([...groups.values()].map((g) => this.deliver(g).catch((error) => this.fault(g, error))));
    return claimed.length > 0;
  }

  /** Broke before anything was sent: again later, a few times. What was marked since it was claimed stays as it is. */
  private async fault(group: readonly Notice[], error: unknown): Promise<void> {
    this.o.log.error("notice.failed", { kind: group[0]?.kind, error });
    const tried = group.map((n) => ({ ...n, tries: n.tries + 1 }));
    await this.settle(tried, { retryIn: 0, code: "error" });
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
      case "erase":
        return this.erase(first);
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
    const parts: Part[] = [];
    const reminded = new Set<string>();
    for (const notice of [...group].sort(byDay)) {
      // Two reminders of one thing that come due at once, after a stop or a moved clock, are one.
      if (notice.kind === "reminder") {
        const about = `${notice.pk} ${(notice.data as { key: string }).key}`;
        if (reminded.has(about)) {
          await this.mark(notice, "dropped", "said with another");
          continue;
        }
        reminded.add(about);
      }
      // Each by itself: one that cannot be put into words holds up no other.
      try {
        const head = await this.head(notice.pk);
        const message = person && head ? await this.messageOf(notice, head, person) : undefined;
        if (message) parts.push({ notice, message });
        else await this.mark(notice, "dropped", "no longer so");
      } catch (error) {
        await this.fault([notice], error);
      }
    }
    if (!person || parts.length === 0) return;
    // A mail takes them all; a message in chat only so many.
    const made = person.bindings.some((b) => !b.dead) ? bundles(parts) : [parts];
    for (const [i, bundle] of made.entries()) {
      const sent = await this.say(person, bundle);
      if (sent === "sent" || !("retryIn" in sent)) continue;
      // The way is stopped for now: what comes after waits behind, so that it also comes after.
      for (const { notice } of made.slice(i + 1).flat()) await this.later(notice, this.wait(notice, sent), sent.code);
      return;
    }
  }

  /** One message to one person; if it is too large after all, its halves, and one alone by mail. */
  private async say(person: Person, parts: readonly Part[]): Promise<Sent> {
    const messages = parts.map((p) => p.message);
    const what = {
      activity: this.o.compose.join(messages),
      letters: messages.map((m) => m.letter),
      id: mailId(parts.map((p) => p.notice)),
      repeat: parts.every((p) => p.notice.repeat === "repeat"),
    };
    const { sent, held } = await this.send(
      parts.map((p) => p.notice),
      () => this.reach(person, what),
    );
    if (sent === "sent" || !("tooLarge" in sent)) return sent;
    const again = parts.flatMap(({ notice, message }) => {
      const now = held.find((n) => n.pk === notice.pk && n.id === notice.id);
      // This try sent nothing: it is none.
      return now ? [{ notice: { ...now, tries: now.tries - 1 }, message }] : [];
    });
    if (again.length <= 1) {
      const notices = again.map((p) => p.notice);
      return (await this.send(notices, () => this.mail(person, what.letters, what.id, what.repeat))).sent;
    }
    const half = Math.ceil(again.length / 2);
    const first = await this.say(person, again.slice(0, half));
    const second = await this.say(person, again.slice(half));
    return first !== "sent" && "retryIn" in first ? first : second;
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
      if (isTooLarge(sent)) return { tooLarge: sent.code };
      if (sent.kind !== "dead") return judged(sent, what.repeat);
      const { code } = sent;
      await this.noting("way.closed", () => this.o.people.closed(person.id, chat.conversationId, code));
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

  private async mail(person: Person, letters: readonly Letter[], id: string, repeat: boolean): Promise<Ended> {
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
      // The letter is what counts: whatever becomes of the message beside it, the mail went out, or did not.
      if (made.live) await this.noting("message.beside.letter", () => this.besides(person, made, head?.state));
      return mailed;
    });
  }

  /** The chat message beside a letter: the letter is what counts, so its outcome is only logged. */
  private async besides(person: Person, message: Message, drawn: Case | undefined): Promise<void> {
    const chat = person.bindings.find((b) => b.chat && !b.dead)?.chat;
    if (!chat) return;
    const sent = await this.o.connector.send(chat, message.activity);
    if (sent.kind === "ok" && message.live)
      await this.posted(message.live, drawn, {
        kind: message.live.kind,
        conversation: chat,
        activityId: sent.value.id,
        person: person.id,
      });
    else if (sent.kind !== "ok") this.o.log.warn("message.beside.letter", { outcome: sent.kind });
  }

  /** From now on the card is kept up to date; what happened while it was on its way is made good. */
  private async posted(
    { caseId }: { caseId: string },
    drawn: Case | undefined,
    card: Parameters<typeof notePosted>[2],
  ): Promise<void> {
    const moved = await notePosted(this.o.ports.store, caseId, card, drawn);
    if (moved) await this.refresh(caseId, moved);
  }

  private async invite(n: Notice): Promise<void> {
    const head = await this.head(n.pk);
    const person = await this.o.people.find(n.to as PersonId);
    if (!head || !person || head.state.stage === "withdrawn" || head.state.stage === "erased")
      return this.mark(n, "dropped", "no longer so");
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
      const { live } = message;
      if (sent.kind === "ok" && live)
        await this.noting("card.posted", () =>
          this.posted(live, head?.state, {
            kind: live.kind,
            conversation: where,
            activityId: sent.value.id,
            person: null,
          }),
        );
      return sent.kind === "dead" ? { dead: sent.code } : judged(sent, false);
    });
  }

  /** What an erased case leaves behind is taken away, and this is tried until it is done: it is never given up. */
  private async erase(n: Notice): Promise<void> {
    const caseId = n.pk.slice("case:".length);
    try {
      await this.o.erase(n.pk);
      await this.blank(caseId);
      if ((await livingCards(this.o.ports.store, caseId)).length === 0) return this.mark(n, "sent", null);
    } catch (error) {
      this.o.log.error("erasing.failed", { error });
    }
    await this.later(n, backoff(0), "not done");
  }

  /** Posted cards of an erased case say only that; one that cannot be reached any more is left alone. */
  private async blank(caseId: string): Promise<void> {
    const { store } = this.o.ports;
    for (const card of await livingCards(store, caseId)) {
      const done = await this.o.connector.update(card.conversation, card.activityId, this.o.compose.erased());
      if (done.kind === "ok" || done.kind === "dead" || (done.kind === "failed" && !done.retryable))
        await forget(store, caseId, card);
    }
  }

  /** Brings every living card of the case up to date; the latest state is drawn, whatever revision caused it. */
  private async cards(n: Notice): Promise<void> {
    const caseId = n.pk.slice("case:".length);
    if ((await livingCards(this.o.ports.store, caseId)).length === 0) return this.mark(n, "dropped", "no card");
    await this.send([n], () => this.bringUpToDate(caseId, (n.data as { outside: boolean }).outside));
  }

  /** Brings a case's cards up to date for one that was posted while the case moved. Never rejects: it is a courtesy. */
  async refresh(caseId: string, moved: "staff" | "everyone"): Promise<void> {
    await this.bringUpToDate(caseId, moved === "everyone").catch((error) => this.o.log.warn("cards.stale", { error }));
  }

  private async bringUpToDate(caseId: string, outside: boolean): Promise<Sent> {
    const { store } = this.o.ports;
    const head = await this.head(casePk(caseId));
    let worst: Sent = "sent";
    for (const card of head ? await livingCards(store, caseId) : []) {
      const drawn = head && (await this.o.compose.card(head.state, card.kind as CardKind, card.person, outside));
      if (!drawn) continue;
      const done = await this.o.connector.update(card.conversation, card.activityId, drawn);
      if (done.kind === "dead" || (done.kind === "failed" && !done.retryable)) await forget(store, caseId, card);
      else if (done.kind !== "ok") worst = judged(done, true);
    }
    return worst;
  }

  // ---- states -------------------------------------------------------------------------------------------------

  /**
   * Writes "sending" before the call and the outcome after it. What may be repeated needs no such mark: should this end
   * in the midst of the call, the claim runs out and it is sent again, which is what its kind says.
   */
  private async send(notices: readonly Notice[], call: () => Promise<Sent>): Promise<{ sent: Sent; held: Notice[] }> {
    const held: Notice[] = [];
    const leaseUntil = addSeconds(this.o.ports.clock.now(), sendingSeconds);
    for (const n of notices) {
      if (n.repeat === "repeat") {
        held.push({ ...n, tries: n.tries + 1 });
        continue;
      }
      const sending = { state: "sending" as const, tries: n.tries + 1, leaseUntil };
      const version = await this.o.ports.store.mark(n, sending);
      if (version !== undefined) held.push({ ...n, ...sending, version });
    }
    if (held.length === 0) return { sent: "sent", held };
    let sent: Sent;
    try {
      sent = await call();
    } catch (error) {
      this.o.log.error("notice.failed", { kind: held[0]?.kind, error });
      const never = held.filter((n) => n.repeat === "never");
      const again = held.filter((n) => n.repeat === "repeat");
      await this.settle(never, { unconfirmed: "error" });
      sent = { retryIn: 0, code: "error" };
      await this.settle(again, sent);
      return { sent, held };
    }
    if (sent === "sent" || !("tooLarge" in sent)) await this.settle(held, sent);
    return { sent, held };
  }

  /** Writes the outcome. What is lost is told before it is marked: if this ends in between, it is told again rather than never. */
  private async settle(held: readonly Notice[], sent: Ended): Promise<void> {
    const gone = (n: Notice) => sent !== "sent" && "retryIn" in sent && n.tries >= maxTries;
    if (sent !== "sent" && "unconfirmed" in sent) await this.alarm(held, "unconfirmed");
    else if (sent !== "sent") await this.alarm("dead" in sent ? held : held.filter(gone), "dead");
    for (const n of held)
      await this.noting("notice.unmarked", async () => {
        if (sent === "sent") await this.mark(n, "sent", null);
        else if ("unconfirmed" in sent) await this.mark(n, "unconfirmed", sent.unconfirmed);
        else if ("dead" in sent) await this.mark(n, "dead", sent.dead);
        else if (gone(n)) await this.mark(n, "dead", sent.code);
        else await this.later(n, this.wait(n, sent), sent.code);
      });
  }

  private wait = (n: Notice, sent: { retryIn: number }) => sent.retryIn || backoff(n.tries);

  /** One message to each case's coordinator about what did not arrive. They are not told of what was to reach themselves. */
  private async alarm(lost: readonly Notice[], state: Lost["state"]): Promise<void> {
    for (const pk of new Set(lost.map((n) => n.pk)))
      await this.noting("coordinator.not.told", async () => {
        const head = await this.head(pk);
        const coordinator = head?.state.staff.coordinator;
        const person = coordinator && (await this.o.people.find(coordinator));
        if (!head || !person) return;
        const theirs = lost.filter((n) => n.pk === pk && n.to !== person.id);
        const about = theirs.map(({ kind, to }) => ({ kind, to, state }));
        const message = about.length > 0 ? await this.o.compose.notReached(head.state, about, person.id) : undefined;
        if (!message) return;
        const id = `lost-${mailId(theirs)}`;
        let sent = await this.reach(person, {
          activity: message.activity,
          letters: [message.letter],
          id,
          repeat: true,
        });
        if (sent !== "sent" && !("dead" in sent)) sent = await this.mail(person, [message.letter], id, true);
        if (sent !== "sent") this.o.log.warn("coordinator.not.told", { state });
      });
  }

  /** Something beside the sending: if it fails, the outcome of the sending stays what it is. */
  private async noting(event: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.o.log.error(event, { error });
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

/** More than Teams takes in one message (413): it says so under several codes. */
const isTooLarge = (sent: Outcome<unknown>): sent is Extract<Outcome<unknown>, { kind: "failed" }> =>
  sent.kind === "failed" && (sent.status === 413 || /TooBig|TooLarge/.test(sent.code));

function judged(sent: Outcome<unknown>, repeat: boolean): Ended {
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
