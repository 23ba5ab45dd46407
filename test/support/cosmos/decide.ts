import { setTimeout as pause } from "node:timers/promises";
import type { Answer } from "./answer";
import type { Asked } from "./asked";
import { authorise } from "./auth";
import { missCharge } from "./charges";
import { type Fault, type FaultsInside, refusalOf } from "./faults";
import { Refused } from "./refused";

/** The answer to a request, faults included; or that its connection is cut, or nothing ever comes. */
export async function decide(
  asked: Asked,
  perform: (asked: Asked) => Answer,
  { faults, strike }: FaultsInside,
  { key, tokens }: { key: string; tokens: string[] },
): Promise<Answer | "reset" | "silence"> {
  const answered = (): Answer => {
    try {
      authorise(asked, key, tokens);
      return perform(asked);
    } catch (refusal) {
      if (refusal instanceof Refused) return refused(refusal);
      if (refusal instanceof SyntaxError) return refused(new Refused(400, "The request's body is not JSON."));
      return refused(new Refused(500, `The double failed: ${(refusal as Error).stack}`));
    }
  };
  if (faults.outage === "unreachable") return "reset";
  if (faults.outage === "unavailable") return refused(refusalOf({ answer: 503 }));
  const fault: Fault | undefined = strike(asked);
  if (!fault) return answered();
  if (fault.answer === "slow") {
    await pause(fault.delayMs ?? 100);
    return answered();
  }
  if (fault.after) answered();
  return fault.answer === "reset" || fault.answer === "silence" ? fault.answer : refused(refusalOf(fault));
}

const refused = ({ status, message, substatus, extra, headers }: Refused): Answer => ({
  status,
  body: { code: names[status] ?? `${status}`, message, ...extra },
  headers: { ...headers, ...(substatus === undefined ? {} : { "x-ms-substatus": `${substatus}` }) },
  charge: status === 429 ? 0 : missCharge,
});

const names: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  412: "PreconditionFailed",
  413: "RequestEntityTooLarge",
  429: "TooManyRequests",
  503: "ServiceUnavailable",
};
