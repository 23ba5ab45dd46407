import type { Criterion, Grade, Method } from "./pack";

/**
 * Grades from marks (R25) and from grades (R26, R31). Pure and without sentences: reasons are ids that a card, a letter or a
 * refusal words for its reader.
 */

/** What the assessor marked. Nothing marked, and `notYet`, count as not met. */
export type Mark = "met" | "notMet" | "notYet";
/** Marks by key: a criterion's id, or "id.part" for each part of a criterion with parts ("discussion-D1.a"). */
export type Marks = Readonly<Record<string, Mark>>;

/** One thing to mark: a whole criterion, or one part of it. */
export type CriterionPart = { key: string; criterion: string; part: string | null };

export type MethodGrade = {
  grade: Grade;
  /** What of the pass criteria is not met: empty for a pass. */
  missingForPass: CriterionPart[];
  /** What of the distinction criteria is not met, whatever became of the pass criteria. */
  missingForDistinction: CriterionPart[];
  /** What bears no mark of met or not met yet. */
  unmarked: CriterionPart[];
  /** Whether every criterion and part is marked met or not met. */
  complete: boolean;
};

const partsOf = (criterion: Criterion): CriterionPart[] =>
  criterion.parts
    ? criterion.parts.map((p) => ({ key: `${criterion.id}.${p.id}`, criterion: criterion.id, part: p.id }))
    : [{ key: criterion.id, criterion: criterion.id, part: null }];

/** Everything an assessor marks in this method, pass criteria first, in the document's order. Fail descriptors are ticked, not marked. */
export function markKeys(method: Method): CriterionPart[] {
  return [...method.criteria.pass, ...method.criteria.distinction].flatMap(partsOf);
}

/**
 * The grade that these marks make (R25): fail unless all pass criteria are met; distinction when all pass and all distinction
 * criteria are met, every part of each; else pass. Keys of no criterion of this method count for nothing.
 */
export function methodGrade(method: Method, marks: Marks): MethodGrade {
  const markOf = (part: CriterionPart): Mark =>
    (Object.hasOwn(marks, part.key) ? marks[part.key] : undefined) ?? "notYet";
  const notMet = (criteria: Criterion[]) => criteria.flatMap(partsOf).filter((p) => markOf(p) !== "met");
  const missingForPass = notMet(method.criteria.pass);
  const missingForDistinction = notMet(method.criteria.distinction);
  const unmarked = markKeys(method).filter((p) => markOf(p) === "notYet");
  const grade = missingForPass.length > 0 ? "fail" : missingForDistinction.length > 0 ? "pass" : "distinction";
  return { grade, missingForPass, missingForDistinction, unmarked, complete: unmarked.length === 0 };
}

/** A tick of the fail descriptors that does not go with the marks: to be shown and recorded, never to change the grade. */
export type Contradiction =
  | { code: "failTickedYetPassed"; grade: Grade; descriptors: string[] }
  | { code: "failedYetNoneTicked"; grade: Grade; descriptors: string[] };

/**
 * Where fail descriptors and marks disagree (R25): a descriptor is ticked while the marks make a pass or better, or the marks
 * make a fail while none is ticked. Says nothing of a method without fail descriptors. A fail with none ticked is only said
 * once every criterion is marked: until then it is merely early.
 */
export function contradictions(method: Method, marks: Marks, tickedDescriptors: readonly string[]): Contradiction[] {
  const known = method.criteria.fail.map((f) => f.id);
  if (known.length === 0) return [];
  const ticked = known.filter((id) => tickedDescriptors.includes(id));
  const { grade, complete } = methodGrade(method, marks);
  if (grade !== "fail") return ticked.length > 0 ? [{ code: "failTickedYetPassed", grade, descriptors: ticked }] : [];
  return complete && ticked.length === 0 ? [{ code: "failedYetNoneTicked", grade, descriptors: known }] : [];
}

const rank: Record<Grade, number> = { fail: 0, pass: 1, distinction: 2 };

export type OverallGrade = {
  grade: Grade;
  /** What the grades make before any cap. */
  uncapped: Grade;
  /** Whether the cap took something away. */
  capped: boolean;
};

/**
 * The overall grade (R26): any fail makes a fail; all distinctions make a distinction; else a pass. With `cap.capped` it is at
 * most `cap.atMost` (R31).
 * @throws when there is no grade at all: results are combined only once every method is complete.
 */
export function overallGrade(
  grades: Readonly<Record<string, Grade>>,
  cap: { capped: boolean; atMost: Grade },
): OverallGrade {
  const all = Object.values(grades);
  if (all.length === 0) throw new Error("No grades to combine");
  const uncapped: Grade = all.includes("fail")
    ? "fail"
    : all.every((g) => g === "distinction")
      ? "distinction"
      : "pass";
  const capped = cap.capped && rank[uncapped] > rank[cap.atMost];
  return { grade: capped ? cap.atMost : uncapped, uncapped, capped };
}
