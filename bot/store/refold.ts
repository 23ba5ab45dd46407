import { type Body, evolveBody, noBody } from "../../src/body";
import type { MaybeCase } from "../../src/case/case";
import { evolve, initial } from "../../src/case/decider";
import type { Recorded } from "../../src/ports";

/** What the records make: a case by the assessment's own fold, an awarding body by its. */
export function refold(pk: string, state: unknown, event: Recorded): unknown {
  const [kind, id = ""] = [pk.slice(0, pk.indexOf(":")), pk.slice(pk.indexOf(":") + 1)];
  if (kind === "case") return evolve((state as MaybeCase | undefined) ?? initial, id, event);
  if (kind === "body") return evolveBody((state as Body | undefined) ?? noBody(id), event);
  return undefined;
}
