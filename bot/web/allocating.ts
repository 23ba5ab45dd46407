import type { Pack } from "../../src/rules/pack";
import { tell } from "../../src/wording/problems";
import { wordsFor } from "../../src/wording/words";
import type { Desk, Done } from "../desk";
import type { Known } from "../identity";
import type { Log } from "../log";
import type { Allocate, Allocated } from "./queueShape";

/**
 * Puts somebody on several cases: for each the same command as in the chat, one after the other, with an id made of the
 * request's. Sent again, what was done stands and what was not is done; one that is refused keeps none of the others back.
 */
export async function allocate(
  known: Known,
  { id, role, person, cases, reason }: Allocate,
  { desk, log }: { desk: Desk; log: Pick<Log, "warn"> },
): Promise<Allocated> {
  const told: Allocated["cases"] = [];
  for (const caseId of new Set(cases)) {
    try {
      const data = { role, person, ...(reason === undefined ? {} : { reason }) };
      const done = await desk.run(known, caseId, "staff.allocate", data, { id });
      told.push({ caseId, kind: done.outcome.kind, says: await refusal(done, person, desk) });
    } catch (error) {
      log.warn("queue.allocation.failed", { error });
      told.push({ caseId, kind: "failed", says: "It could not be saved just now. Try again." });
    }
  }
  return { cases: told };
}

/** The first problem in words, as beside an input in the chat. */
async function refusal({ outcome, seen }: Done, person: string, desk: Desk): Promise<string | null> {
  if (outcome.kind !== "refused") return null;
  const [problem] = outcome.problems;
  const names = await desk.o.people.names([person]);
  const { value: anyPack } = desk.o.ports.packs.values().next();
  const pack = seen?.pack ?? (anyPack as Pack);
  const words = seen?.words ?? wordsFor(pack, (id) => names.get(id));
  if (!problem) return "It was refused.";
  const { fact, lawful } = tell(problem, pack, {
    ...words,
    person: (id) => (id === undefined ? "someone" : (names.get(id) ?? words.person(id))),
  });
  return `${fact} ${lawful}`;
}
