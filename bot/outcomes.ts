import type { MailOutcome } from "./mail/smtp";
import type { Outcome } from "./teams/connector";

/** What became of a notice, as the Connector's and the mail server's answers say. */

/**
 * - `retryIn`: not done; again after so many seconds, 0: as its tries say. `free`: nothing was tried, so it counts as no try
 *   (Teams asked to wait, or time ran out before the call), and 0 means at once.
 * - `unconfirmed`: it may have arrived, and is not sent again.
 * - `dead`: there is no way to them.
 */
export type Ended =
  | "sent"
  | { retryIn: number; code: string; free?: true }
  | { unconfirmed: string }
  | { dead: string };
/** tooLarge: nothing went out, Teams takes less at once. */
export type Sent = Ended | { tooLarge: string };

/** Called off before it began: another time. */
export const calledOff: Ended = { retryIn: 0, code: "called off", free: true };

/** @param repeat whether it may be sent again when nobody knows whether it arrived. */
export function judged(sent: Outcome<unknown>, repeat: boolean): Ended {
  if (sent.kind === "throttled")
    return { retryIn: Math.max(1, Math.ceil(sent.retryAfterMs / 1000)), code: "throttled", free: true };
  return judgedMail(sent.kind === "ok" ? { kind: "ok" } : sent, repeat);
}

/** The same of a mail. */
export function judgedMail(sent: { kind: "ok" } | Exclude<MailOutcome, { kind: "ok" }>, repeat: boolean): Ended {
  switch (sent.kind) {
    case "ok":
      return "sent";
    case "dead":
      return { dead: sent.code };
    case "ambiguous":
      return repeat ? { retryIn: 0, code: sent.code } : { unconfirmed: sent.code };
    case "failed":
      if (sent.code === "Aborted") return calledOff;
      return sent.retryable ? { retryIn: 0, code: sent.code } : { dead: sent.code };
  }
}

/** More than Teams takes in one message (413): it says so under several codes. */
export const isTooLarge = (sent: Outcome<unknown>): sent is Extract<Outcome<unknown>, { kind: "failed" }> =>
  sent.kind === "failed" && (sent.status === 413 || /TooBig|TooLarge/.test(sent.code));

/** To be tried again later, whatever was meant to come after it. */
export const waits = (sent: Sent): sent is Extract<Ended, { retryIn: number }> => sent !== "sent" && "retryIn" in sent;
