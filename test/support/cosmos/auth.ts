import { createHmac, timingSafeEqual } from "node:crypto";
import type { Asked } from "./asked";
import { Refused } from "./refused";

/** How far a request's date may lie from the service's time. */
const mostSkewMs = 15 * 60_000;

/**
 * Checks the master-key signature of a request, or its bearer token, as the service does.
 * @param key the account's key, base64
 * @param tokens the bearer tokens that are taken
 * @throws Refused 401 for a wrong key, signature or token; 403 for a date more than a quarter of an hour off the machine's time
 */
export function authorise(asked: Asked, key: string, tokens: readonly string[]): void {
  const [type, version, signature] = fields(asked.headers.authorization);
  if (version !== "1.0") throw unauthorised();
  if (type === "aad") {
    if (!tokens.includes(signature)) throw unauthorised();
    return;
  }
  const date = `${asked.headers["x-ms-date"] ?? asked.headers.date}`;
  if (type !== "master" || !isSame(signature, signatureOf(asked, date, key))) throw unauthorised();
  const skew = Math.abs(Date.parse(date) - Date.now());
  if (!(skew <= mostSkewMs)) throw new Refused(403, "The authorization token is not valid at the current time.");
}

/** What the master key makes of a request, base64: verb, kind and link of the resource, and date. */
export function signatureOf({ method, path }: Pick<Asked, "method" | "path">, date: string, key: string): string {
  const isFeed = path.length % 2 === 1;
  const type = (isFeed ? path.at(-1) : path.at(-2)) ?? "";
  const owner = (isFeed ? path.slice(0, -1) : path).join("/");
  const link = type === "offers" ? (path[1] ?? "").toLowerCase() : owner;
  const text = `${method.toLowerCase()}\n${type}\n${link}\n${date.toLowerCase()}\n\n`;
  return createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
}

/** `type=master&ver=1.0&sig=…`, percent-encoded as a whole. */
function fields(header: string | undefined): [string, string, string] {
  const text = header?.includes("%") ? decodeURIComponent(header) : (header ?? "");
  const found = /^type=(\w+)&ver=([\d.]+)&sig=(.+)$/s.exec(text);
  return [found?.[1] ?? "", found?.[2] ?? "", found?.[3] ?? ""];
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const unauthorised = () =>
  new Refused(
    401,
    "The input authorization token can't serve the request. Please check that the expected payload is built.",
  );
