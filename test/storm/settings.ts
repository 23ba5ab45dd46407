import type { ChannelSettings } from "../support/signing";

/** What one run of the storm is made of. */
export interface StormOptions {
  /** Of everything drawn by chance: presses, faults, kills. */
  seed: number;
  /** How long presses and faults go on. */
  seconds: number;
  /** Presses that are answered with "done" before it ends: on a busy machine it goes on for longer. */
  least: number;
  cases: number;
  instances: number;
  /** How long until everything fails at once, and days pass. */
  outageSeconds: number;
}

/** What an instance is told; plain data, it crosses a process boundary. */
export interface InstanceSettings {
  channel: ChannelSettings;
  cosmos: { endpoint: string; key: string };
  /** Milliseconds by which the world of the cases lies from the computer's time. */
  offset: number;
  /** Milliseconds by which this instance's clock is wrong. */
  skew: number;
  seed: number;
  leaseSeconds: number;
}

/** Seconds of a lease: short, so that a run sees many of them end. */
export const leaseSeconds = 5;

/** Chance with a seed (mulberry32): the same seed draws the same. */
export function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
export const oneOf = <T>(draw: () => number, all: readonly T[]): T => all[Math.floor(draw() * all.length)] as T;
