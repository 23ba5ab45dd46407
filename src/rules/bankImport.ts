import type { Bank, Question } from "./bank";
import { drawQuestions } from "./draw";
import type { Method, Pack } from "./pack";

/**
 * The awarding body's own questions for one method, from the rows of a file: judged row by row, then as a whole. Ids are given
 * here: a question that was there before keeps its own, so that a resit still knows which were used; no id is ever used again.
 */

/** How long a question may be, and how many a method may have: a chat's dialog holds them all. */
export const questionLimits = { least: 10, most: 300, count: 100 } as const;

export interface BankRow {
  /** Of the bank in force, where it is the same question in other words; "" for a new one. */
  id: string;
  text: string;
  /** Criteria as the file names them, apart by blanks, commas or semicolons. */
  criteria: string;
}

export type RowFault =
  | { code: "empty" | "noCriteria"; row: number }
  | { code: "tooShort" | "tooLong"; row: number; limit: number }
  | { code: "twice"; row: number; first: number }
  | { code: "noSuchCriterion"; row: number; criterion: string }
  | { code: "noSuchId"; row: number; id: string };

export type WholeFault =
  | { code: "none" }
  | { code: "tooMany"; have: number; most: number }
  | { code: "tooFew"; have: number; wanted: number }
  | { code: "unreached"; criteria: string[] }
  | { code: "undrawable"; size: number };

export interface BankJudged {
  /** Whole, where there are no faults. */
  questions: Question[];
  rows: RowFault[];
  whole: WholeFault[];
  /** What is good to know, and stands against nothing. */
  hints: BankHint[];
}

/** What one draw leaves has no second that reaches every criterion: a resit would miss some. */
export type BankHint = { code: "coversOnce"; size: number };

const plain = (text: string) => text.normalize("NFKC").replace(/\s+/g, " ").trim().toLowerCase();
const words = (text: string) => text.replace(/\s+/g, " ").trim();

/** The criterion that a file means: by its id, or by what follows the method in it ("P1" for "interview-P1"). */
function criterionIn(name: string, ids: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  return ids.find((id) => id.toLowerCase() === wanted || id.slice(id.indexOf("-") + 1).toLowerCase() === wanted);
}

/**
 * Judges a bank for one method, and makes its questions.
 * @param size how many a session draws: there are to be twice as many.
 * @param before the method's questions in force.
 * @param used the highest number ever given in this method.
 */
export function judgeBank(
  method: Method,
  rows: readonly BankRow[],
  { size, before, used }: { size: number; before: readonly Question[]; used: number },
): BankJudged {
  const ids = [...method.criteria.pass, ...method.criteria.distinction].map((c) => c.id);
  const byText = new Map(before.map((q) => [plain(q.text), q.id]));
  const known = new Set(before.map((q) => q.id));
  const faults: RowFault[] = [];
  const firstAt = new Map<string, number>();
  const read: (Omit<Question, "id"> & { id: string | undefined })[] = [];
  rows.forEach((one, i) => {
    const row = i + 1;
    const text = words(one.text);
    const names = one.criteria.split(/[\s,;]+/).filter(Boolean);
    const { least, most } = questionLimits;
    if (text === "") faults.push({ code: "empty", row });
    else if (text.length < least) faults.push({ code: "tooShort", row, limit: least });
    else if (text.length > most) faults.push({ code: "tooLong", row, limit: most });
    const first = text === "" ? undefined : firstAt.get(plain(text));
    if (first !== undefined) faults.push({ code: "twice", row, first });
    else firstAt.set(plain(text), row);
    if (names.length === 0) faults.push({ code: "noCriteria", row });
    const criteria: string[] = [];
    for (const name of names) {
      const id = criterionIn(name, ids);
      if (id === undefined) faults.push({ code: "noSuchCriterion", row, criterion: name });
      else if (!criteria.includes(id)) criteria.push(id);
    }
    const given = one.id.trim();
    const sameId = firstAt.get(`id ${given}`);
    if (given !== "" && sameId !== undefined) faults.push({ code: "twice", row, first: sameId });
    if (given !== "") firstAt.set(`id ${given}`, row);
    if (given !== "" && !known.has(given)) faults.push({ code: "noSuchId", row, id: given });
    read.push({ id: given || byText.get(plain(text)), text, criteria });
  });
  const whole = wholeFaults(read, ids, size);
  const hints =
    whole.length > 0 || faults.length > 0 || coversTwice(read, size) ? [] : [{ code: "coversOnce" as const, size }];
  return { questions: numbered(method, read, used), rows: faults, whole, hints };
}

/** By their places: only what they reach is looked at. */
const drawable = (read: readonly Pick<Question, "criteria">[]): Question[] =>
  read.map((q, i) => ({ id: `q-Q${i + 1}`, text: "", criteria: q.criteria }));

/** Whether a draw that reaches every criterion leaves another that does. */
function coversTwice(read: readonly Pick<Question, "criteria">[], size: number): boolean {
  const questions = drawable(read);
  const drawn = new Set(drawQuestions(questions, size, "judged").ids);
  const left = questions.filter((q) => !drawn.has(q.id));
  return (
    drawQuestions(
      left,
      size,
      "judged",
      read.flatMap((q) => q.criteria),
    ).uncovered.length === 0
  );
}

/** What the questions are together: enough of them, and every criterion within reach of a draw. */
function wholeFaults(read: readonly Pick<Question, "criteria">[], ids: readonly string[], size: number): WholeFault[] {
  if (read.length === 0) return [{ code: "none" }];
  const faults: WholeFault[] = [];
  const { count } = questionLimits;
  if (read.length > count) faults.push({ code: "tooMany", have: read.length, most: count });
  if (read.length < 2 * size) faults.push({ code: "tooFew", have: read.length, wanted: 2 * size });
  const reached = new Set(read.flatMap((q) => q.criteria));
  const criteria = ids.filter((id) => !reached.has(id));
  if (criteria.length > 0) faults.push({ code: "unreached", criteria });
  else if (faults.length === 0) {
    if (drawQuestions(drawable(read), size, "judged").uncovered.length > 0) faults.push({ code: "undrawable", size });
  }
  return faults;
}

/** Each with its id: the one it had, else the next that was never given. */
function numbered(
  method: Method,
  read: readonly (Omit<Question, "id"> & { id: string | undefined })[],
  used: number,
): Question[] {
  const taken = new Set(read.flatMap((q) => (q.id === undefined ? [] : [q.id])));
  const given = new Set<string>();
  let n = used;
  return read.map(({ id, text, criteria }) => {
    // Two that were one before: the first keeps its number.
    const keep = id !== undefined && !given.has(id) ? id : undefined;
    let own = keep;
    while (own === undefined || (own !== keep && taken.has(own))) own = `${method.id}-Q${++n}`;
    given.add(own);
    return { id: own, text, criteria };
  });
}

/** The highest number among a method's questions. */
export const highest = (questions: readonly Question[]): number =>
  Math.max(0, ...questions.map((q) => Number(/-Q(\d+)$/.exec(q.id)?.[1] ?? 0)));

/** The bank with one method's questions in the place of those before; every other method's as they were. */
export const withMethod = (
  pack: Pack,
  bank: Bank | undefined,
  version: string,
  method: string,
  own: Question[],
): Bank => ({
  version,
  questions: new Map(pack.methods.map((m) => [m.id, m.id === method ? own : (bank?.questions.get(m.id) ?? [])])),
});
