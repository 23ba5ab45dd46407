import type { Clock, Notice, Store } from "../src/ports";
import { addSeconds, type Instant } from "../src/rules/calendar";
import { Hold } from "./hold";
import type { Log } from "./log";

/**
 * Claims what is due and hands it on, on any number of instances: each claim is one instance's for a lease, by the store's
 * own time, and anybody's afterwards. Woken by a commit, or by what falls due next; at rest it asks the store one small
 * question an interval, at a moment of its own.
 */

export interface SweeperOptions {
  store: Store;
  /** This instance's clock, by which what it commits falls due. */
  clock: Clock;
  log: Log;
  /** Delivers what was claimed. What it does not mark is claimed again after the lease. */
  work(claimed: readonly Notice[], hold: Hold): Promise<void>;
  /** Notices claimed at once; 50 unless told. */
  batch?: number;
  /** 60 unless told. */
  leaseSeconds?: number;
  /** Milliseconds between looks when nothing is known to fall due sooner: others' leftovers may be there. 30,000 unless told. */
  intervalMs?: number;
  /** In [0, 1): spreads the looks of several instances. */
  chance?: () => number;
}

const usualBatch = 50;
const soonest = 1_000;
/** Milliseconds by which this instance's clock may be ahead of the store's, and what it commits still go out at once. */
const longestLead = 5_000;
const afterFailure = 10_000;
/** By how much of itself a wait is made longer by chance, and at most by how many milliseconds. */
const spread = 0.2;

export class Sweeper {
  private running: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private stopping: { graceMs: number } | undefined;
  private held: Hold | undefined;
  /** Notices that can be delivered within half a lease, as far as was seen: fewer while store or Teams are slow. */
  private size: number;

  constructor(private readonly o: SweeperOptions) {
    this.size = o.batch ?? usualBatch;
  }

  /** Something may be due: sweeps now, once more if a sweep is under way. Resolves when nothing due is left; never rejects. */
  kick(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    this.again = true;
    this.running ??= this.loop();
    return this.running;
  }

  /**
   * Begins nothing more. Calls under way may end within `graceMs` and are called off then; what was claimed and not begun is
   * free again at once, for the other instances or the next start.
   */
  async stop(graceMs = 10_000): Promise<void> {
    this.stopping ??= { graceMs };
    this.held?.drain(graceMs);
    clearTimeout(this.timer);
    await this.running;
  }

  private async loop(): Promise<void> {
    let failed = false;
    // A kick may come at any moment, also while the next waking is looked up: it is asked for again before this ends.
    while (this.again && !this.stopping) {
      this.again = false;
      failed = false;
      try {
        while (!this.stopping && (await this.sweep()));
        if (!this.again && !this.stopping) await this.rest();
      } catch (error) {
        failed = true;
        this.o.log.error("delivery.failed", { error });
      }
    }
    this.running = undefined;
    if (failed) this.wake(afterFailure);
  }

  /** One batch; true when there may be more. */
  private async sweep(): Promise<boolean> {
    const { store, batch = usualBatch, leaseSeconds = 60 } = this.o;
    const hold = new Hold(leaseSeconds);
    this.held = hold;
    try {
      const now = await store.now();
      const leaseUntil = addSeconds(now, leaseSeconds);
      const claimed = await store.claim({ now: this.due(now, leaseSeconds), leaseUntil, limit: this.size });
      // Stopped while it was claiming: what came is given back by whoever works on it.
      if (this.stopping) hold.drain(this.stopping.graceMs);
      if (claimed.length > 0) await this.o.work(claimed, hold);
      // What was claimed in vain kept the others from it: less next time, until it goes smoothly again.
      this.size = hold.signal.aborted ? Math.max(1, this.size >> 1) : Math.min(batch, this.size * 2);
      return claimed.length > 0;
    } finally {
      hold.close();
      this.held = undefined;
    }
  }

  /**
   * What this instance committed a moment ago is due at once, also where its clock is a little ahead of the store's. Leases
   * then end as much sooner for others, by less than the half of them in which nothing is called any more.
   */
  private due(now: Instant, leaseSeconds: number): Instant {
    const lead = Date.parse(this.o.clock.now()) - Date.parse(now);
    const allowed = Math.min(longestLead, leaseSeconds * 250);
    return lead > 0 ? new Date(Date.parse(now) + Math.min(lead, allowed)).toISOString() : now;
  }

  /** Sleeps until the next notice falls due, an interval at most. True when one is due already. */
  private async rest(): Promise<boolean> {
    const { store, intervalMs = 30_000 } = this.o;
    const due = await store.nextDue();
    const wait = due === undefined ? intervalMs : Date.parse(due) - Date.parse(await store.now());
    this.wake(Math.min(Math.max(wait, soonest), intervalMs));
    return wait <= 0;
  }

  /** At the end of the wait looks first, and claims only if something is due: at rest that is one question. */
  private wake(inMs: number): void {
    clearTimeout(this.timer);
    if (this.stopping) return;
    const { chance = Math.random } = this.o;
    this.timer = setTimeout(() => void this.look(), inMs * (1 + spread * chance()));
    this.timer.unref();
  }

  private async look(): Promise<void> {
    if (this.running) return;
    try {
      if (await this.rest()) await this.kick();
    } catch (error) {
      this.o.log.error("delivery.failed", { error });
      this.wake(afterFailure);
    }
  }
}
