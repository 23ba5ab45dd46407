import type { Append, Recorded } from "../../src/ports";
import { appendTo, due, minute, notice } from "./appends";

/**
 * The append that follows on an event: one to three events, large enough for several pages, with a notice, a person and a
 * due row that name its revision, so that a batch torn anywhere shows.
 */
export function loadOf(pk: string, before: Recorded | undefined): Append {
  const expected = before?.seq ?? 0;
  const words = Array.from({ length: 1 + (expected % 3) }, (_, n) => `${n}${"x".repeat((expected * 97) % 6000)}`);
  const revision = expected + words.length;
  return appendTo(pk, before, {
    words,
    state: { revision, filler: "y".repeat((expected * 193) % 20_000) },
    index: { ref: pk.toUpperCase(), people: [`at-${revision}`], due: [due(`at-${revision}`, "ada", minute(revision))] },
    notices: [notice(`n-${revision}`, minute(revision))],
  });
}
