import type { Clock } from "./protocol";

export interface ClockOptions {
  /** Where the clock stands at first; without it, at the computer's time. */
  startAt?: string;
  /** A frozen clock moves only when it is moved: for tests. */
  frozen?: boolean;
  /** The computer's time in milliseconds; injected in tests. */
  realNow?: () => number;
}

/**
 * The product's time: the computer's clock plus an offset that a person can move. Tokens, time-outs and send rates are
 * not on it: those stay on the computer's time, as the real ones would.
 */
export class MovableClock {
  private offset = 0;
  private standsAt: number | undefined;
  private readonly realNow: () => number;
  private readonly listeners = new Set<(clock: Clock) => unknown>();

  constructor(options: ClockOptions = {}) {
    this.realNow = options.realNow ?? Date.now;
    if (options.startAt) this.offset = Date.parse(options.startAt) - this.realNow();
    if (options.frozen) this.standsAt = this.realNow() + this.offset;
  }

  /** The instant now, ISO 8601 in UTC with milliseconds. */
  now(): string {
    return new Date(this.millis()).toISOString();
  }

  view(): Clock {
    return { now: this.now(), offset: this.millis() - this.realNow() };
  }

  /** Calls `listener` after each move; a move is over when all listeners are. Returns the way to stop. */
  onMoved(listener: (clock: Clock) => unknown): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Goes to an instant, forwards or back. */
  async set(at: string): Promise<Clock> {
    const target = Date.parse(at);
    if (Number.isNaN(target)) throw new RangeError(`Not an instant: ${at}`);
    return this.moveTo(target);
  }

  async advance(ms: number): Promise<Clock> {
    return this.moveTo(this.millis() + ms);
  }

  /** Back to today: the computer's own time. */
  async reset(): Promise<Clock> {
    return this.moveTo(this.realNow());
  }

  /** Takes up a saved offset without telling anyone; for a restart. */
  restore(offset: number): void {
    this.place(this.realNow() + offset);
  }

  private millis(): number {
    return this.standsAt ?? this.realNow() + this.offset;
  }

  private place(target: number): void {
    this.offset = target - this.realNow();
    if (this.standsAt !== undefined) this.standsAt = target;
  }

  private async moveTo(target: number): Promise<Clock> {
    this.place(target);
    const view = this.view();
    await Promise.all([...this.listeners].map(async (listener) => listener(view)));
    return this.view();
  }
}
