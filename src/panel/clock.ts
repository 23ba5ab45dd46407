import { Temporal } from "temporal-polyfill";
import type { Occurred, OccurredFlag } from "../case/case";
import type { Instant } from "../rules/calendar";
import type { ClockReading, OccurredAt } from "./shape";

/**
 * When a command happened, from what a device says of its own clocks. Three ways of reckoning it, of which any one can be wrong:
 *
 * - by the device's clock and the server offset known at the press: wrong when the clock was moved before the press;
 * - by how long the device's clock says it waited to be sent: wrong when the clock was moved while it waited;
 * - by how long a monotonic clock says it waited: wrong when the device slept; none when the page was loaded anew meanwhile.
 *
 * The middle one of the three is taken: one that is wrong by itself never counts. Where they differ, that is flagged.
 */

/** Clocks that differ by less than this agree: requests take their time, and clocks are set every now and then. */
const AGREE = 5_000;
/** Later than this it is asked how it came. */
const LONG = 24 * 3_600_000;
/** Nothing waits longer than this. */
const MOST = 31 * LONG;

const millis = (at: Instant): number => Temporal.Instant.from(at).epochMilliseconds;

/**
 * @param received when the batch arrived, by the service's clock.
 * @param sent the device's readings when it was sent.
 * @returns never later than `received`, nor more than 31 days before it.
 */
export function occurredAt(
  received: Instant,
  sent: ClockReading,
  pressed: OccurredAt,
  device: Occurred["device"],
): Occurred {
  const now = millis(received);
  const ways = [
    now - (millis(sent.device) - millis(pressed.device)),
    ...(pressed.serverOffset === null ? [] : [millis(pressed.device) + pressed.serverOffset]),
    ...(sent.origin === pressed.origin ? [now - (sent.monotonic - pressed.monotonic)] : []),
  ].sort((a, b) => a - b);
  // Of two the later: the other would make it longer ago, which is the stranger claim.
  const at = ways[Math.floor(ways.length / 2)] ?? now;
  const spread = Math.max(...ways) - Math.min(...ways);
  const flags: OccurredFlag[] = [
    ...(spread > AGREE ? ["clockJump" as const] : []),
    ...(at - now > AGREE ? ["future" as const] : []),
    ...(now - at > LONG ? ["longAgo" as const] : []),
  ];
  const kept = Math.round(Math.max(now - MOST, Math.min(now, at)));
  return {
    at: Temporal.Instant.fromEpochMilliseconds(kept).toString(),
    deviceTime: pressed.device,
    device,
    flags,
  };
}
