import { z } from "zod";
import { BrokenPack, type Pack } from "./pack";

/**
 * A bank of questions for the methods of one pack, in our own words: what an assessor may ask when the awarding body's bank is
 * not at hand. Questions name the criteria they give a chance to show; that is advice to the assessor, not a tie that grades.
 */

export const Question = z.strictObject({
  id: z.string().regex(/^[a-z]+-Q[1-9]\d*$/, "method-Q1"),
  text: z.string().trim().min(10).max(160),
  criteria: z.array(z.string()).min(1),
});
export type Question = z.infer<typeof Question>;

const Bank = z.strictObject({ pack: z.string(), version: z.string().min(1).max(40), questions: z.array(Question) });

/** A session keeps the version from which its questions came: a bank changes by a new version only. */
export interface Bank {
  version: string;
  /** By method id, in the bank's order; a method of the pack always has its list. */
  questions: ReadonlyMap<string, readonly Question[]>;
}

/**
 * Reads the bank of a pack: each question belongs to a method of the pack and names criteria of that method, no id or text
 * stands twice, and together a method's questions reach every pass and distinction criterion.
 * @throws BrokenPack naming every path and problem.
 */
export function readBank(pack: Pack, raw: unknown): Bank {
  const read = Bank.superRefine((bank, ctx) => {
    const issue = (path: (string | number)[], message: string) => ctx.addIssue({ code: "custom", path, message });
    if (bank.pack !== pack.id) issue(["pack"], `“${bank.pack}” is not ${pack.id}`);
    const seen = new Set<string>();
    bank.questions.forEach((q, i) => {
      for (const key of ["id", "text"] as const) {
        if (seen.has(q[key])) issue(["questions", i, key], `“${q[key]}” stands twice`);
        seen.add(q[key]);
      }
      const known = criteriaOf(pack, methodIn(q.id));
      if (!known) issue(["questions", i, "id"], `no method “${methodIn(q.id)}”`);
      q.criteria.forEach((c, j) => {
        if (known && !known.includes(c))
          issue(["questions", i, "criteria", j], `no criterion “${c}” of ${methodIn(q.id)}`);
      });
    });
    const reached = new Set(bank.questions.flatMap((q) => q.criteria));
    for (const method of pack.methods) {
      const missed = (criteriaOf(pack, method.id) ?? []).filter((c) => !reached.has(c));
      if (missed.length > 0) issue(["questions"], `no question reaches ${missed.join(", ")}`);
    }
  }).safeParse(raw);
  if (!read.success) {
    const problems = read.error.issues.map((i) => `  ${i.path.join(".") || "(root)"}: ${i.message}`);
    throw new BrokenPack(`The question bank of ${pack.id} does not hold:\n${problems.join("\n")}`);
  }
  const { version, questions } = read.data;
  return {
    version,
    questions: new Map(pack.methods.map((m) => [m.id, questions.filter((q) => methodIn(q.id) === m.id)])),
  };
}

const methodIn = (questionId: string): string => questionId.split("-")[0] ?? "";

function criteriaOf(pack: Pack, methodId: string): string[] | undefined {
  const method = pack.methods.find((m) => m.id === methodId);
  return method && [...method.criteria.pass, ...method.criteria.distinction].map((c) => c.id);
}
