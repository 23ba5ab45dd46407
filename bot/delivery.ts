import type { Case, PersonId } from "../src/case/case";
import { casePk, type Ports } from "../src/handle";
import type { CaseRow, Head, Notice, Page, Recorded } from "../src/ports";
import type { Letter } from "../src/wording/letters";
import { bundles } from "./bundles";
import type { Compose, Message } from "./compose";
import { Hold } from "./hold";
import type { Log } from "./log";
import { layout } from "./mail/layout";
import type { MailedEntry, Mailer } from "./mail/smtp";
import type { MeetingSteps } from "./meetingWork";
import { calledOff, type Ended, isTooLarge, judged, judgedMail, type Sent, waits } from "./outcomes";
import type { People, Person } from "./people";
import { Settling, type SettlingOptions, tried } from "./settling";
import { Sweeper, type SweeperOptions } from "./sweeper";
import type { Connector, ConversationRef, OutboundActivity } from "./teams/connector";
import {
  type CardKind,
  type Drawn,
  forget,
  livingCards,
  looksAgain,
  movedSince,
  type Noted,
  notePosted,
} from "./teams/live";

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
  /** Makes and keeps meetings on Teams, a step a notice. Without it they are left to an instance that has it. */
  meetings?: Pick<MeetingSteps, "wanted" | "work">;
  /** Puts on the case's record what did not arrive. Safe to repeat. */
  lost: SettlingOptions["lost"];
  /** Where the Connector was last met: new chats are opened through it. */
  serviceUrl: { get(): Promise<string | undefined> };
  /** How it sweeps; see there for what is usual. */
  sweeps?: Pick<SweeperOptions, "batch" | "leaseSeconds" | "intervalMs" | "chance"> & Pick<SettlingOptions, "backoff">;
}

/** Takeovers of one notice that nobody ever marked; then it is taken for what ends them. */
const maxTakeovers = 12;
/** Times that a card is drawn for one notice while its case moves on. */
const redrawn = 3;

/** What a mail is made of; `repeat` whether it may go twice. */
interface Wording {
  letters: readonly Letter[];
  calendar?: readonly MailedEntry[];
  id: string;
  repeat: boolean;
}

/** One notice with the message that it makes. */
interface Part {
  notice: Notice;
  message: Message;
}

export class Delivery {
  private readonly sweeper: Sweeper;
  private readonly settling: Settling;

  constructor(private readonly o: DeliveryOptions) {
    const { store } = o.ports;
    this.settling = new Settling({ store, log: o.log, lost: o.lost, ...o.sweeps });
    this.sweeper = new Sweeper({
      store,
      clock: o.ports.clock,
      log: o.log,
      ...o.sweeps,
      work: (claimed, hold) => this.work(claimed, hold),
    });
  }

  /** Something may be due: sends it, once more if that is under way. Resolves when nothing due is left; never rejects. */
  kick(): Promise<void> {
    return this.sweeper.kick();
  }

  /** Finishes what is under way, within `graceMs`, and sends no more; what was claimed and not begun is free again. */
  stop(graceMs?: number): Promise<void> {
    return this.sweeper.stop(graceMs);
  }

  private async work(claimed: readonly Notice[], hold: Hold): Promise<void> {
    // What concerns one person goes together; each group on its own, so that one closed way holds up nobody else.
    const groups = new Map<string, Notice[]>();
    for (const n of claimed) {
      // Whoever had it stopped in the middle of sending: nobody knows whether it went out.
      if (n.state === "sending" && n.repeat === "never") {
        await this.settling.settle([n], { unconfirmed: "stopped while sending" });
        continue;
      }
      // It was claimed time and again and never marked: it may itself be what ends those who try it.
      if (n.tries >= maxTakeovers && n.kind !== "erase") {
        await this.settling.settle([n], { dead: "too many tries" });
        continue;
      }
      const talk = n.kind === "told" || n.kind === "reminder" || n.kind === "alarm";
      const key = talk ? `talk ${n.to}` : `${n.pk} ${n.id}`;
      groups.set(key, [...(groups.get(key) ?? []), n]);
    }
    await Promise.all([...groups.values()].map((g) => this.deliver(g, hold).catch((error) => this.fault(g, error))));
  }

  /** Broke before anything was sent: again later, a few times. What was marked since it was claimed stays as it is. */
  private async fault(group: readonly Notice[], error: unknown): Promise<void> {
    this.o.log.error("notice.failed", { kind: group[0]?.kind, error });
    await this.settling.settle(group.map(tried), { retryIn: 0, code: "error" });
  }

  private async deliver(group: Notice[], hold: Hold): Promise<void> {
    const first = group[0];
    if (!first) return;
    if (!hold.open()) return this.settling.giveBack(group);
    switch (first.kind) {
      case "told":
      case "reminder":
      case "alarm":
        return this.talk(group, hold);
      case "cards":
        return this.cards(first, hold);
      case "names":
        return this.names(first, hold);
      case "chat":
        return this.chat(first, hold);
      case "invite":
        return this.invite(first, hold);
      case "meeting":
        return this.meeting(first, hold);
      case "erase":
        return this.erase(first);
      case "result":
      case "record":
        return this.letter(first, hold);
      default:
        // An instance of a newer version may know it.
        this.o.log.warn("notice.unknown", { kind: first.kind });
        await this.settling.settle([tried(first)], { retryIn: 0, code: "unknown kind" });
    }
  }

  // ---- one message to one person ------------------------------------------------------------------------------

  private async talk(group: Notice[], hold: Hold): Promise<void> {
    const person = await this.o.people.find(group[0]?.to as PersonId);
    const parts: Part[] = [];
    const reminded = new Set<string>();
    for (const notice of [...group].sort(byDay)) {
      // Two reminders of one thing that come due at once, after a stop or a moved clock, are one.
      if (notice.kind === "reminder") {
        const about = `${notice.pk} ${(notice.data as { key: string }).key}`;
        if (reminded.has(about)) {
          await this.settling.mark(notice, "dropped", "said with another");
          continue;
        }
        reminded.add(about);
      }
      // Each by itself: one that cannot be put into words holds up no other.
      try {
        const head = await this.head(notice.pk);
        const message = person && head ? await this.messageOf(notice, head, person) : undefined;
        if (message) parts.push({ notice, message });
        else await this.settling.mark(notice, "dropped", "no longer so");
      } catch (error) {
        await this.fault([notice], error);
      }
    }
    if (!person || parts.length === 0) return;
    // A mail takes them all; a message in chat only so many.
    const made = person.bindings.some((b) => !b.dead) ? bundles(parts) : [parts];
    for (const [i, bundle] of made.entries()) {
      const sent = await this.say(person, bundle, hold);
      if (!waits(sent)) continue;
      // The way is stopped for now: what comes after waits behind, untried, so that it also comes after.
      const behind = made.slice(i + 1).flatMap((parts) => parts.map((p) => tried(p.notice)));
      await this.settling.settle(behind, { ...sent, retryIn: sent.retryIn || (sent.free ? 0 : 60), free: true });
      return;
    }
  }

  /** One message to one person; if it is too large after all, its halves, and one alone by mail. */
  private async say(person: Person, parts: readonly Part[], hold: Hold): Promise<Sent> {
    const messages = parts.map((p) => p.message);
    const what = {
      activity: this.o.compose.join(messages),
      letters: messages.map((m) => m.letter),
      calendar: messages.flatMap((m) => m.calendar ?? []),
      id: mailId(parts.map((p) => p.notice)),
      repeat: parts.every((p) => p.notice.repeat === "repeat"),
    };
    const { sent, held } = await this.settling.send(
      parts.map((p) => p.notice),
      hold,
      () => this.reach(person, what, hold),
    );
    if (sent === "sent" || !("tooLarge" in sent)) return sent;
    const again = parts.flatMap(({ notice, message }) => {
      const now = held.find((n) => n.pk === notice.pk && n.id === notice.id);
      // This try sent nothing: it is none.
      return now ? [{ notice: { ...now, tries: now.tries - 1 }, message }] : [];
    });
    if (again.length <= 1) {
      const notices = again.map((p) => p.notice);
      return (await this.settling.send(notices, hold, () => this.mail(person, what, hold))).sent;
    }
    const half = Math.ceil(again.length / 2);
    const first = await this.say(person, again.slice(0, half), hold);
    const second = await this.say(person, again.slice(half), hold);
    return waits(first) ? first : second;
  }

  private async messageOf(n: Notice, head: Head<Case>, person: Person): Promise<Message | undefined> {
    if (n.kind === "reminder")
      return this.o.compose.reminder(head.state, person.id, n.data as { key: string; day?: string; asked?: boolean });
    const { from, to } = n.data as { from: number; to: number };
    if (n.kind === "alarm") return this.o.compose.notReached(head.state, await this.events(n.pk, from, to), person.id);
    return this.o.compose.told(head.state, await this.events(n.pk, from, to), person.id);
  }

  /** Personal chat first, then mail. Found by trying, never assumed. */
  private async reach(person: Person, what: Wording & { activity: OutboundActivity }, hold: Hold): Promise<Sent> {
    const { signal } = hold;
    for (const binding of person.bindings) {
      if (binding.dead) continue;
      const opened = binding.chat ? { chat: binding.chat } : await this.open(person, binding, signal);
      if ("wait" in opened) return opened.wait;
      if (!opened.chat) continue;
      const { chat } = opened;
      const sent = await this.o.connector.send(chat, what.activity, { signal });
      if (isTooLarge(sent)) return { tooLarge: sent.code };
      if (sent.kind !== "dead") return judged(sent, what.repeat);
      const { code } = sent;
      await this.settling.noting("way.closed", () => this.o.people.closed(person.id, chat.conversationId, code));
    }
    return this.mail(person, what, hold);
  }

  /** Opens a personal chat, which says nothing yet: what is not clear is tried again. None, if there cannot be one. */
  private async open(
    person: Person,
    binding: Person["bindings"][number],
    signal: AbortSignal,
  ): Promise<{ chat?: ConversationRef } | { wait: Ended }> {
    const service = await this.o.serviceUrl.get();
    if (!service) return {};
    const { tenantId, objectId, mri } = binding;
    const made = await this.o.connector.createPersonalConversation(service, tenantId, mri ?? objectId, { signal });
    if (made.kind === "ok") {
      const chat = made.value;
      await this.settling.noting("way.open", () => this.o.people.opened(person.id, { tenantId, objectId }, chat));
      return { chat };
    }
    const ended = judged(made, true);
    return waits(ended) ? { wait: ended } : {};
  }

  private async mail(person: Person, { letters, calendar, id, repeat }: Wording, hold: Hold): Promise<Ended> {
    if (!person.mail) return { dead: "no address" };
    // The chat may have taken its time.
    if (!hold.open()) return calledOff;
    const to = { address: person.mail, name: person.name };
    return judgedMail(
      await this.o.mailer.send({ id, ...layout(...letters), to, ...(calendar ? { calendar } : {}) }, hold.signal),
      repeat,
    );
  }

  // ---- the other kinds ----------------------------------------------------------------------------------------

  /** Mail for what must come by mail (R27), and a message beside it where there is a chat. */
  private async letter(n: Notice, hold: Hold): Promise<void> {
    const head = await this.head(n.pk);
    const person = await this.o.people.find(n.to as PersonId);
    const { release } = n.data as { release: number };
    const made =
      head && person ? await this.o.compose.result(head, person.id, n.kind as "result" | "record", release) : undefined;
    if (!made || !person) return this.settling.mark(n, "dropped", "no longer so");
    await this.settling.send([n], hold, async () => {
      const what = { letters: [made.letter], id: mailId([n]), repeat: false };
      const mailed = await this.mail(person, what, hold);
      // The letter is what counts: whatever becomes of the message beside it, the mail went out, or did not.
      const { live } = made;
      if (live && !waits(mailed))
        await this.settling.noting("message.beside.letter", () => this.besides(person, made, head?.state, hold));
      return mailed;
    });
  }

  /** The chat message beside a letter: the letter is what counts, so its outcome is only logged. */
  private async besides(person: Person, message: Message, drawn: Case | undefined, hold: Hold): Promise<void> {
    const chat = person.bindings.find((b) => b.chat && !b.dead)?.chat;
    if (!chat) return;
    const sent = await this.o.connector.send(chat, message.activity, { signal: hold.signal });
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
    await this.noted(caseId, await notePosted(this.o.ports.store, caseId, card, drawn));
  }

  private async invite(n: Notice, hold: Hold): Promise<void> {
    const head = await this.head(n.pk);
    const person = await this.o.people.find(n.to as PersonId);
    if (!head || !person || head.state.stage === "withdrawn" || head.state.stage === "erased")
      return this.settling.mark(n, "dropped", "no longer so");
    if (person.bindings.length > 0) return this.settling.mark(n, "dropped", "bound already");
    await this.settling.send([n], hold, async () => {
      const code = await this.o.people.issueCode(person.id);
      const role = (n.data as { role: "apprentice" | "employer" | "provider" }).role;
      const letters = [await this.o.compose.invitation(head.state, person, role, code)];
      return this.mail(person, { letters, id: mailId([n]), repeat: true }, hold);
    });
  }

  private async meeting(n: Notice, hold: Hold): Promise<void> {
    const { meetings } = this.o;
    if (!meetings) return this.settling.settle([tried(n)], { retryIn: 0, code: "unknown kind" });
    if (!(await meetings.wanted(n))) return this.settling.mark(n, "dropped", "no longer so");
    await this.settling.send([n], hold, async () => {
      const worked = await meetings.work(n, { signal: hold.signal });
      return worked === "dropped" ? "sent" : worked;
    });
  }

  private async chat(n: Notice, hold: Hold): Promise<void> {
    const head = await this.head(n.pk);
    const chat = head?.state.chat;
    const { from, to } = n.data as { from: number; to: number };
    const message =
      head && chat ? await this.o.compose.toChat(head.state, await this.events(n.pk, from, to)) : undefined;
    const where = chat && (await this.chatRef(chat.conversation));
    if (!message || !where) return this.settling.mark(n, "dropped", "no chat");
    await this.settling.send([n], hold, async () => {
      const sent = await this.o.connector.send(where, message.activity, { signal: hold.signal });
      const { live } = message;
      if (sent.kind === "ok" && live)
        await this.settling.noting("card.posted", () =>
          this.posted(live, head?.state, {
            kind: live.kind,
            conversation: where,
            activityId: sent.value.id,
            person: null,
          }),
        );
      return judged(sent, n.repeat === "repeat");
    });
  }

  /** What an erased case leaves behind is taken away, and this is tried until it is done: it is never given up. */
  private async erase(n: Notice): Promise<void> {
    const caseId = n.pk.slice("case:".length);
    try {
      await this.o.erase(n.pk);
      await this.blank(caseId);
      if ((await livingCards(this.o.ports.store, caseId)).length === 0) return this.settling.mark(n, "sent", null);
    } catch (error) {
      this.o.log.error("erasing.failed", { error });
    }
    await this.settling.later(n, { retryIn: 60, code: "not done" });
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
  private async cards(n: Notice, hold: Hold): Promise<void> {
    const caseId = n.pk.slice("case:".length);
    if ((await livingCards(this.o.ports.store, caseId)).length === 0)
      return this.settling.mark(n, "dropped", "no card");
    const { outside, drawn } = n.data as
      | ({ outside: boolean } & { drawn?: undefined })
      | { outside?: undefined; drawn: Drawn };
    // Owed for a card as it was posted.
    const now = drawn && (await this.head(n.pk))?.state;
    const moved = drawn && now && movedSince(drawn, now);
    if (drawn && !moved) return this.settling.mark(n, ...looked(moved));
    await this.settling.send([n], hold, () => this.bringUpToDate(caseId, outside ?? moved === "everyone", hold));
  }

  /** Somebody's name was corrected: every posted card of theirs, of whichever case, is drawn anew. */
  private async names(n: Notice, hold: Hold): Promise<void> {
    const { person } = n.data as { person: PersonId };
    await this.settling.send([n], hold, () => this.redrawAll(person, hold));
  }

  /** As {@link names}, at once. Never rejects: its notice makes good what this leaves. */
  async renamed(person: PersonId): Promise<void> {
    await this.atOnce((hold) => this.redrawAll(person, hold));
  }

  /** Draws cards for which a look is owed to come: no longer than until then. What goes wrong is for that look. */
  private async atOnce(work: (hold: Hold) => Promise<unknown>): Promise<void> {
    const hold = new Hold(2 * looksAgain);
    await work(hold).catch((error) => this.o.log.warn("cards.stale", { error }));
    hold.close();
  }

  private async redrawAll(person: PersonId, hold: Hold): Promise<Sent> {
    let worst: Sent = "sent";
    for (let after: string | null = null; ; ) {
      const page: Page<CaseRow> = await this.o.ports.store.casesOf({ person }, { limit: 50, after, closed: true });
      for (const { pk } of page.rows) {
        const done = await this.bringUpToDate(pk.slice("case:".length), true, hold);
        if (done !== "sent") worst = done;
      }
      if (page.next === null) return worst;
      after = page.next;
    }
  }

  /** Brings a case's cards up to date if one was posted while the case moved. Never rejects: what it leaves is owed. */
  async noted(caseId: string, { moved, owed }: Noted): Promise<void> {
    await this.atOnce(async (hold) => {
      const done = moved ? await this.bringUpToDate(caseId, moved === "everyone", hold) : "sent";
      if (owed && done === "sent") await this.settling.mark(owed, ...looked(moved));
    });
  }

  private async bringUpToDate(caseId: string, outside: boolean, hold: Hold): Promise<Sent> {
    let head = await this.head(casePk(caseId));
    let worst: Sent = "sent";
    // Another instance may have drawn a later state in the meantime, and this one put its own over it: once more then.
    for (let n = 0; head && n < redrawn; n++) {
      worst = await this.draw(head.state, outside, hold);
      const now = await this.head(casePk(caseId));
      if (now?.revision === head.revision) break;
      head = now;
    }
    return worst;
  }

  private async draw(c: Case, outside: boolean, hold: Hold): Promise<Sent> {
    const { store } = this.o.ports;
    let worst: Sent = "sent";
    for (const card of await livingCards(store, c.id)) {
      const drawn = await this.o.compose.card(c, card.kind as CardKind, card.person, outside);
      if (!drawn) continue;
      // Drawing takes time, and this process may have stood still: others have drawn a later state by then.
      if (!hold.lasts()) return calledOff;
      const done = await this.o.connector.update(card.conversation, card.activityId, drawn, { signal: hold.signal });
      if (done.kind === "dead" || (done.kind === "failed" && !done.retryable)) await forget(store, c.id, card);
      else if (done.kind !== "ok") worst = judged(done, true);
    }
    return worst;
  }

  private head = (pk: string) => this.o.ports.store.head<Case>(pk);
  private events = (pk: string, from: number, to: number): Promise<Recorded[]> =>
    this.o.ports.store.events(pk, { from, to });
  private chatRef = async (conversation: string): Promise<ConversationRef | undefined> =>
    (await this.o.ports.store.doc<ConversationRef>(`chat:${conversation}`, "chat"))?.body;
}

/** What becomes of a look at a posted card that is up to date. */
const looked = (moved: unknown): ["sent" | "dropped", string | null] =>
  moved ? ["sent", null] : ["dropped", "as it was drawn"];

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
