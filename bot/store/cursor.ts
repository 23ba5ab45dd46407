/**
 * Where a page ended, as an opaque text. It travels through clients, so it grants nothing and is not trusted: one that no
 * page gave reads as the start.
 */
export type Cursor = (string | number)[];

export const toCursor = (position: Cursor): string => Buffer.from(JSON.stringify(position)).toString("base64url");

/** The position, when it has the shape of `like`; undefined for none and for anything else. */
export function fromCursor<C extends Cursor>(text: string | null | undefined, like: C): C | undefined {
  if (!text) return undefined;
  try {
    const position: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    const fits =
      Array.isArray(position) &&
      position.length === like.length &&
      position.every((part, i) => typeof part === typeof like[i]);
    return fits ? (position as C) : undefined;
  } catch {
    return undefined;
  }
}
