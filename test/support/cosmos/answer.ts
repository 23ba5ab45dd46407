import type { Counted } from "./counts";

/** An answer before it is sent. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Estimated request units. */
  charge?: number;
  /** Physical partitions touched. */
  ranges?: Counted["ranges"];
}
