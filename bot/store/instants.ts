import type { Instant } from "../../src/rules/calendar";

/** Milliseconds since 1970, which sort as the texts need not. @throws RangeError when the text is no instant. */
export function milliseconds(instant: Instant): number {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) throw new RangeError(`${instant} is no instant`);
  return at;
}
