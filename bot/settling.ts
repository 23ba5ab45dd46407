import type { Notice, Store } from "../src/ports";
import { addSeconds } from "../src/rules/calendar";
import type { Hold } from "./hold";
import type { Log } from "./log";
import { calledOff, type Ended, type Sent, waits } from "./outcomes";

/** What is written of a notice before and after its call, so that whoever finds it knows what may have happened. */

export interface LostNotice {
  notice: Notice;
  state: "dead" | "unconfirmed";
  code: string;
}

export interface SettlingOptions {
  store: Store;
  log: Log;
  /** Puts on the case's record what did not arrive, for its coordinator. Safe to repeat. */
  lost(pk: string, lost: readonly LostNotice[]): Promise<void>;
  /** Seconds until the next try, by the tries so far; a minute, doubling, unless told. */
  backoff?: (tries: number) => number;
  /** In [0, 1): spreads tries. */
  chance?: () => number;
}

/** Tries of one notice; then it is dead, and its coordinator knows. */
const maxTries = 6;
const doubling = (tries: number) => 60 * 2 ** Math.min(tries, 6);
const spread = 0.2;

/** A card that is drawn anew at its next refresh, and the word about a loss, which stands in `due` already. */
const missedByNobody = new Set(["cards", "names", "alarm"]);

export class Settling {
  constructor(private readonly o: SettlingOptions) {}

  /**
   * Writes "sending" before the call and the outcome after it. What may be repeated needs no such mark: should this end
   * in the midst of the call, the claim runs out and it is sent again, which is what its kind says. What has no time left
   * is not begun.
   */
  async send(
    notices: readonly Notice[],
    hold: Hold,
    call: () => Promise<Sent>,
  ): Promise<{ sent: Sent; held: Notice[] }> {
    const held = hold.open() ? await this.marked(notices) : notices.map(tried);
    if (held.length === 0) return { sent: "sent", held };
    let sent: Sent;
    try {
      // Asked again: marking takes time, and this process may have stood still.
      sent = hold.open() ? await call() : calledOff;
    } catch (error) {
      this.o.log.error("notice.failed", { kind: held[0]?.kind, error });
      await this.settle(
        held.filter((n) => n.repeat === "never"),
        { unconfirmed: "error" },
      );
      sent = { retryIn: 0, code: "error" };
      await this.settle(
        held.filter((n) => n.repeat === "repeat"),
        sent,
      );
      return { sent, held };
    }
    if (sent === "sent" || !("tooLarge" in sent)) await this.settle(held, sent);
    return { sent, held };
  }

  /** Those still ours, as they stand before the call. */
  private async marked(notices: readonly Notice[]): Promise<Notice[]> {
    const all = await Promise.all(
      notices.map(async (n): Promise<Notice[]> => {
        if (n.repeat === "repeat") return [tried(n)];
        const sending = { state: "sending" as const, tries: n.tries + 1 };
        const version = await this.o.store.mark(n, sending);
        return version === undefined ? [] : [{ ...n, ...sending, version }];
      }),
    );
    return all.flat();
  }

  /**
   * Writes the outcome. What is lost is put on the record before it is marked: if this ends in between, it is found again,
   * and stands there once all the same.
   */
  async settle(held: readonly Notice[], outcome: Ended): Promise<void> {
    // In one message with what is never repeated, what may be is tried again, by itself.
    const of = ({ repeat }: Notice): Ended =>
      outcome !== "sent" && "unconfirmed" in outcome && repeat === "repeat"
        ? { retryIn: 0, code: outcome.unconfirmed }
        : outcome;
    const lost = held.flatMap((notice): LostNotice[] => {
      const sent = of(notice);
      if (sent === "sent") return [];
      if ("unconfirmed" in sent) return [{ notice, state: "unconfirmed", code: sent.unconfirmed }];
      if ("dead" in sent) return [{ notice, state: "dead", code: sent.dead }];
      return !sent.free && notice.tries >= maxTries ? [{ notice, state: "dead", code: sent.code }] : [];
    });
    const told = await this.record(lost);
    for (const n of held)
      await this.noting("notice.unmarked", async () => {
        const sent = of(n);
        const own = lost.find((l) => l.notice === n);
        // Not on the record yet: it stays as it is, and is found again when the lease ends.
        if (own && !told.has(n.pk)) return;
        if (own) await this.mark(n, own.state, own.code);
        else if (sent === "sent") await this.mark(n, "sent", null);
        else if (waits(sent)) await this.later(n, sent);
      });
  }

  /** The partitions whose losses are on the record, or need not be. */
  private async record(lost: readonly LostNotice[]): Promise<ReadonlySet<string>> {
    const told = new Set<string>();
    for (const pk of new Set(lost.map((l) => l.notice.pk)))
      await this.noting("loss.unrecorded", async () => {
        const missed = lost.filter((l) => l.notice.pk === pk && !missedByNobody.has(l.notice.kind));
        if (missed.length > 0) await this.o.lost(pk, missed);
        told.add(pk);
      });
    return told;
  }

  /** Again later; what was not tried at all is no try, and at once unless it is told when. */
  async later(n: Notice, { retryIn, code, free }: Extract<Ended, { retryIn: number }>): Promise<void> {
    const { store, chance = Math.random, backoff = doubling } = this.o;
    const seconds = retryIn || (free ? 0 : Math.ceil(backoff(n.tries) * (1 + spread * chance())));
    await store.mark(n, {
      state: "waiting",
      leaseUntil: null,
      outcome: code,
      tries: free ? Math.max(0, n.tries - 1) : n.tries,
      ...(seconds > 0 ? { dueAt: addSeconds(await store.now(), seconds) } : {}),
    });
  }

  /** Gives back what was not begun. */
  async giveBack(notices: readonly Notice[]): Promise<void> {
    await this.settle(notices.map(tried), calledOff);
  }

  /** Something beside the sending: if it fails, the outcome of the sending stays what it is. */
  async noting(event: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.o.log.error(event, { error });
    }
  }

  async mark(n: Notice, state: Notice["state"], outcome: string | null): Promise<void> {
    await this.o.store.mark(n, { state, outcome, leaseUntil: null });
    if (state === "unconfirmed" || state === "dead")
      this.o.log.warn("notice.not.sent", { kind: n.kind, state, outcome: outcome ?? "" });
  }
}

/** One try more, written with its outcome. */
export const tried = (n: Notice): Notice => ({ ...n, tries: n.tries + 1 });
