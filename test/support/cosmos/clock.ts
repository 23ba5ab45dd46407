/** The double's own time: the machine's, moved by what a test asked for. */
export interface DoubleClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves the time on (or back, when negative) by that many milliseconds; documents past their time to live are gone. */
  advance(ms: number): void;
}

/** A clock that runs with the machine's. */
export function doubleClock(): DoubleClock {
  let moved = 0;
  return {
    now: () => Date.now() + moved,
    advance: (ms) => {
      moved += ms;
    },
  };
}
