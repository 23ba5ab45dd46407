import { within } from "./within";

/** Work that nobody waits for, so that a stop can: what follows an answer. */
export class UnderWay {
  private readonly all = new Set<Promise<unknown>>();

  /** Takes note of it until it ends. It must not reject. */
  add(work: Promise<unknown>): void {
    const noted = work.finally(() => this.all.delete(noted));
    this.all.add(noted);
  }

  /** Resolves once nothing is under way, what was added meanwhile included, or when that takes longer than `ms`. */
  async settled(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (this.all.size > 0 && performance.now() < end)
      await within(end - performance.now(), Promise.allSettled([...this.all]));
  }
}
