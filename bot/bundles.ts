import type { Message } from "./compose";

/** Cards in one message: more are a wall, and Teams shows ten at most. */
export const maxCards = 5;
/** Bytes of all cards in one message. Teams refuses about 28 KB; names and addresses of the activity come on top. */
export const maxBytes = 20_000;

/**
 * Parts laid together in their order, as many as one message takes; nothing is left out. One that is too large by itself
 * stands alone.
 */
export function bundles<P extends { message: Message }>(parts: readonly P[]): P[][] {
  const made: P[][] = [];
  let cards = 0;
  let bytes = 0;
  for (const part of parts) {
    const { attachments = [] } = part.message.activity;
    const size = Buffer.byteLength(JSON.stringify(attachments));
    const last = made.at(-1);
    if (last && cards + attachments.length <= maxCards && bytes + size <= maxBytes) {
      last.push(part);
      cards += attachments.length;
      bytes += size;
    } else {
      made.push([part]);
      cards = attachments.length;
      bytes = size;
    }
  }
  return made;
}
