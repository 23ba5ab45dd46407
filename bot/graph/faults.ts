import type { MeetingFault } from "../../src/wording/meetings";
import { type Outcome, retryAfterMs } from "../teams/connector";

/** What Microsoft Graph's refusals mean, and what is to be done about them: a word each, never Graph's own sentences. */

/** An answer of Graph that is none of 2xx. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter: string | null;
  /** The outer and inner codes of its error, and its message, which is read for one thing only. */
  readonly codes: readonly string[];
  readonly message: string;
}

/** Teams says so in words only: the app may speak to Graph, and the organiser has no policy that names it. */
const noPolicy = /application access policy/i;

const failed = (code: MeetingFault, status: number, retryable = false): Outcome<never> => ({
  kind: "failed",
  code,
  status,
  retryable,
});

/** @param missing what a 404 of this call says is not there. */
export function refusal(answer: Refusal, missing: MeetingFault = "NotThere"): Outcome<never> {
  const { status, message, codes } = answer;
  if (status === 429)
    return { kind: "throttled", retryAfterMs: retryAfterMs(answer.retryAfter ?? undefined, Date.now()) };
  // It may have been done all the same; every step may be asked for again.
  if (status >= 500 || status === 408) return { kind: "ambiguous", code: "NoAnswer" satisfies MeetingFault };
  if (status === 401) return failed("SignInRefused", status);
  if (status === 403) return failed(noPolicy.test(message) ? "AccessPolicyMissing" : "PermissionMissing", status);
  if (status === 404) {
    // A mailbox or a user that is not there is not a meeting that is not there.
    const nobody = codes.some((c) =>
      /^(MailboxNotEnabledForRESTAPI|ErrorInvalidUser|Request_ResourceNotFound)$/.test(c),
    );
    return failed(nobody ? "OrganiserNotFound" : missing, status);
  }
  return failed("NotTaken", status, status === 412);
}
