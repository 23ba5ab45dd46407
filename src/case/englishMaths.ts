import type { EvidenceItem, Pack } from "../rules/pack";
import type { Case, EvidenceTry, FreeText, Gateway, Judge, NewEvent } from "./case";

/** Levels of English and maths, and what may stand for them: the level is R02's, its exceptions are R03's. */

export const levels = ["entry3", "level1", "level2", "level3"] as const;
export type Level = (typeof levels)[number] | "bsl";

/** An item of evidence goes back: at its review, or because what it stood on was put right. */
export type Returned = NewEvent<"EvidenceReturned", { item: string; n: number; reason?: FreeText }>;

export const lastTry = (g: Gateway, item: string): EvidenceTry | undefined =>
  Object.hasOwn(g.evidence, item) ? g.evidence[item]?.at(-1) : undefined;

/** Does the level meet the item, or one of these exceptions of the pack serve instead (R03)? The most lenient counts. */
export function levelHolds(
  exceptions: readonly string[] | undefined,
  pack: Pack,
  { qualification }: EvidenceItem,
  level: Level | undefined,
): boolean {
  if (!qualification || !level) return false;
  const serving = pack.rules.englishAndMaths.exceptions
    .filter((x) => exceptions?.includes(x.id) && ["both", qualification.subject].includes(x.subject))
    .map((x) => x.level);
  if (level === "bsl") return serving.includes("bsl");
  const enough = [`level${qualification.level}`, ...serving.filter((x) => x !== "bsl")];
  return enough.some((least) => levels.indexOf(level) >= (levels as readonly string[]).indexOf(least));
}

/** One clause for both, the item's own where R03 is silent. `also.effect` where it is judged again, once it was accepted. */
export function judgeLevel(
  j: Judge,
  item: EvidenceItem,
  level: Level,
  exceptions: Case["englishMathsExceptions"],
  pack: Pack,
  also: { input?: string; effect?: "block" | "warn" } = {},
): void {
  const { englishAndMaths } = pack.rules;
  j.rule(
    { ...englishAndMaths, source: englishAndMaths.source ?? item.source },
    levelHolds(exceptions, pack, item, level),
    "LEVEL_TOO_LOW",
    {
      item: item.title,
      level,
      least: item.qualification?.level,
      exceptions: englishAndMaths.exceptions.map((x) => x.title),
    },
    also,
  );
}

/** Of the evidence handed in at this gateway, what these exceptions leave standing on nothing, though those before bore it. */
export function fallen(
  c: Case,
  pack: Pack,
  exceptions: readonly string[],
): { item: EvidenceItem; level: Level; n: number }[] {
  return pack.rules.gatewayEvidence.items.flatMap((item) => {
    const t = lastTry(c.gateway, item.id);
    const level = t?.facts.level as Level | undefined;
    if (!t || !level || t.outcome === "returned") return [];
    const held = levelHolds(c.englishMathsExceptions, pack, item, level);
    return held && !levelHolds(exceptions, pack, item, level) ? [{ item, level, n: t.n }] : [];
  });
}
