import type { Instant } from "../../../src/rules/calendar";

/**
 * The server's clock, read from the `Date` of its answers: whole seconds, and old by the answer's way here, so the latest
 * reckoning of the last minutes is the nearest, and never ahead. Between answers the process's steady clock goes on.
 */
export class StoreTime {
  private readonly windows = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  private windowEnds = 0;
  private last = 0;

  /** @param steady milliseconds that only go forward, from any start. */
  constructor(private readonly steady: () => number = () => performance.now()) {}

  /** An answer came, with this `Date`. */
  heard(date: unknown): void {
    const at = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(at)) return;
    const steady = this.steady();
    if (steady >= this.windowEnds) {
      // Two windows, so that a clock that runs fast is forgotten, and never all is.
      this.windows.shift();
      this.windows.push(Number.NEGATIVE_INFINITY);
      this.windowEnds = steady + 60_000;
    }
    this.windows[1] = Math.max(this.windows[1] ?? 0, at - steady);
  }

  /** Whether the server has been heard at all. */
  get known(): boolean {
    return Math.max(...this.windows) > Number.NEGATIVE_INFINITY;
  }

  /** Milliseconds since 1970 by the server; never less than before. */
  milliseconds(): number {
    this.last = Math.max(this.last, Math.floor(Math.max(...this.windows) + this.steady()));
    return this.last;
  }

  now(): Instant {
    return new Date(this.milliseconds()).toISOString();
  }
}
