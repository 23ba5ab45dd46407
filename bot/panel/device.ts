import type { ClockReading, OccurredAt } from "../../src/panel/shape";

/** The clocks of this device, and the service's as last heard. */

/** Monotonic readings count within one load of the page. */
const origin = crypto.randomUUID();

export const reading = (): ClockReading => ({
  device: new Date().toISOString(),
  monotonic: performance.now(),
  origin,
});

export const deviceKind = (): "computer" | "phone" =>
  matchMedia("(pointer: coarse) and (max-width: 600px), (pointer: coarse) and (max-height: 600px)").matches
    ? "phone"
    : "computer";

/** Less than this is the way that an answer takes. */
const NEAR = 750;
/** By more than this the device slept, or its clock was moved. */
const APART = 5_000;

/** The service's clock, kept by the monotonic one: a clock that somebody moves does not move it. */
export class ServiceClock {
  private server = Date.now();
  private wall = Date.now();
  private mono = performance.now();
  private known = false;
  /** Milliseconds, service minus device; null before it was ever heard. */
  offset: number | null = null;

  /** As a run of this page before has left it: better than nothing while there is no network. */
  recall(offset: number): void {
    if (!this.known) this.anchor(Date.now() + offset);
    this.offset ??= offset;
  }

  /** An answer said what time it is. */
  heard(instant: string | null): void {
    const at = instant === null ? Number.NaN : Date.parse(instant);
    if (Number.isNaN(at)) return;
    // Also where only the device's own clock was moved: it is not to be asked about each second from now on.
    if (!this.known || this.apart || Math.abs(at - this.now()) > NEAR) this.anchor(at);
    this.known = true;
    this.offset = at - Date.now();
  }

  now(): number {
    return this.server + performance.now() - this.mono;
  }

  /** The two clocks of the device have come apart since the last anchor. */
  get apart(): boolean {
    return Math.abs(this.slept) > APART;
  }

  private get slept(): number {
    return Date.now() - this.wall - (performance.now() - this.mono);
  }

  /** Nobody can be asked: the device slept, most likely, and its monotonic clock with it. */
  awoke(): void {
    if (this.slept > APART) this.anchor(this.now() + this.slept);
  }

  occurred(): OccurredAt {
    return { ...reading(), serverOffset: this.offset };
  }

  private anchor(at: number): void {
    this.server = at;
    this.wall = Date.now();
    this.mono = performance.now();
  }
}
