import { setMaxListeners } from "node:events";

/**
 * One instance's hold on the notices that it claimed: how long calls may begin and be under way. They are called off when half
 * of the lease is over, so that nobody else has taken the notices by then, however long a call hangs or this process stood
 * still. Counted from before the claim was asked for, by a clock that goes on while the process is stopped.
 */
export class Hold {
  private readonly off = new AbortController();
  private readonly end: number;
  private readonly timer: NodeJS.Timeout;
  private letGo = false;

  /** @param leaseSeconds of the claim. @param now milliseconds that only go forward. */
  constructor(
    leaseSeconds: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    const half = leaseSeconds * 500;
    this.end = now() + half;
    this.timer = setTimeout(() => this.off.abort(), half);
    this.timer.unref();
    // Every call of a batch listens to it.
    setMaxListeners(0, this.off.signal);
  }

  /** Ends the calls under way. */
  get signal(): AbortSignal {
    return this.off.signal;
  }

  /** Whether another notice may be begun. */
  open(): boolean {
    return !this.letGo && this.lasts();
  }

  /** Whether what is begun may go on to its next call. After a standstill the timer is late: the clock is asked. */
  lasts(): boolean {
    if (this.now() >= this.end) this.off.abort();
    return !this.off.signal.aborted;
  }

  /** Nothing more begins; what is under way has so many milliseconds left at most. */
  drain(graceMs: number): void {
    this.letGo = true;
    setTimeout(() => this.off.abort(), graceMs).unref();
  }

  /** All calls are over. */
  close(): void {
    clearTimeout(this.timer);
  }
}
