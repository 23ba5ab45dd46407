import { type Attempt, type Case, type Problem, refuse } from "./case";

/**
 * How much one case holds. No document says it: a case is kept as one document and changed in one transaction, which stores
 * bound (Azure Cosmos DB at 2 MB), and nobody can read more. Whatever makes a list longer is refused past its limit, and past
 * what the case holds in all; what decides, ends or closes something is never refused for it.
 */

export const limitedLists = [
  "allocations",
  "adjustments",
  "considerations",
  "challenges",
  "permits",
  "lifted",
  "evidence",
  "gateways",
  "proposals",
  "attempts",
  "handIns",
  "notHeld",
  "pauses",
  "questionParts",
  "asked",
  "notes",
  "releases",
  "people",
] as const;
export type LimitedList = (typeof limitedLists)[number];

interface Limit {
  most: number;
  /** How long it is now: of each one of its kind in the case, the item's, the session's. */
  lengths(c: Case): readonly number[];
}

const attempts = (c: Case): Attempt[] => Object.values(c.attempts).flat();
const eachAttempt = (of: (a: Attempt) => number) => (c: Case) => attempts(c).map(of);

/** Several times as many as any case was ever seen to need. */
export const limits: Readonly<Record<LimitedList, Limit>> = {
  allocations: { most: 100, lengths: (c) => [c.allocations.length] },
  adjustments: { most: 20, lengths: (c) => [c.adjustments.length] },
  considerations: { most: 20, lengths: (c) => [c.considerations.length] },
  challenges: { most: 20, lengths: (c) => [c.challenges.length] },
  permits: { most: 20, lengths: (c) => [c.permits.length] },
  lifted: { most: 200, lengths: (c) => [c.lifted.length] },
  evidence: { most: 20, lengths: (c) => Object.values(c.gateway.evidence).map((tries) => tries.length) },
  gateways: { most: 5, lengths: (c) => [c.earlierGateways.length] },
  proposals: { most: 20, lengths: (c) => [c.proposals.length] },
  attempts: { most: 10, lengths: (c) => Object.values(c.attempts).map((all) => all.length) },
  handIns: { most: 20, lengths: eachAttempt((a) => a.handIns.length) },
  notHeld: { most: 20, lengths: eachAttempt((a) => a.notHeld.length) },
  pauses: { most: 50, lengths: eachAttempt((a) => a.session.pauses?.length ?? 0) },
  questionParts: { most: 50, lengths: eachAttempt((a) => a.session.questionsPart.length) },
  asked: { most: 80, lengths: eachAttempt((a) => a.session.asked.length) },
  notes: { most: 400, lengths: eachAttempt((a) => a.session.notes.length) },
  releases: { most: 20, lengths: (c) => [c.releases.length] },
  people: { most: 200, lengths: (c) => [c.tookPart.length] },
};

/** Bytes of the case as UTF-8 JSON past which no list gets longer: a third of what a store takes, the rest is for what ends it. */
export const mostBytes = 700_000;
/** Warnings that a case shows, the latest: each stands with its event as well, so none is refused for them. */
export const mostWarned = 100;
/** What did not arrive and waits for the coordinator; past it the service puts no more on the record. */
export const mostUndelivered = 200;
/** Of what a coordinator saw to, the latest that the case shows. */
export const mostDealt = 50;

const sum = (lengths: readonly number[]): number => lengths.reduce((a, b) => a + b, 0);

/** Why the case cannot become so; undefined where it can. Only what made a list longer is judged. */
export function overfull(before: Case, after: Case): { refused: Problem[] } | undefined {
  let grew = false;
  for (const list of limitedLists) {
    const { most, lengths } = limits[list];
    const [was, is] = [lengths(before), lengths(after)];
    if (sum(is) <= sum(was)) continue;
    grew = true;
    if (Math.max(...is) > most) return refuse("LIST_FULL", { list, most });
  }
  return grew && isFull(after) ? refuse("CASE_FULL", { kilobytes: mostBytes / 1000 }) : undefined;
}

/** Whether no list of it gets longer. */
export function isFull(c: Case): boolean {
  const text = JSON.stringify(c);
  // No character takes more than three bytes: most cases need not be counted.
  return text.length * 3 > mostBytes && utf8Bytes(text) > mostBytes;
}

/** Bytes of a value as UTF-8 JSON. */
export const bytesOf = (value: unknown): number => utf8Bytes(JSON.stringify(value));

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A pair of surrogates is four bytes, two of which are counted.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

/** The latest of them. */
export const latest = <T>(most: number, all: readonly T[]): readonly T[] =>
  all.length > most ? all.slice(-most) : all;
