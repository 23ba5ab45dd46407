import { type BankRow, judgeBank, questionLimits } from "../../src/rules/bankImport";
import { bankOf, tquk } from "../support/case";

const method = tquk.methods.find((m) => m.session.questions) ?? tquk.methods[0];
if (!method) throw new Error("No method");
const ids = [...method.criteria.pass, ...method.criteria.distinction].map((c) => c.id);
const before = bankOf(tquk).questions.get(method.id) ?? [];
const how = { size: 10, before, used: before.length };

/** Enough questions, each with a share of the criteria. */
const good = (n = 20): BankRow[] =>
  Array.from({ length: n }, (_, i) => ({
    id: "",
    text: `What did you do in the case of customer ${i + 1}?`,
    criteria: ids.filter((_c, k) => k % 5 === i % 5).join(", "),
  }));
const judged = (change: (rows: BankRow[]) => BankRow[] | undefined) => {
  const rows = good();
  return judgeBank(method, change(rows) ?? rows, how);
};
const first = (also: Partial<BankRow>) =>
  judged((rows) => [{ ...(rows[0] as BankRow), ...also }, ...rows.slice(1)]).rows;

test("a good bank has no faults; its questions have numbers that no question ever had", () => {
  const { questions, rows, whole } = judgeBank(method, good(), how);
  expect([rows, whole]).toEqual([[], []]);
  expect(questions.map(({ id }) => id)).toEqual(good().map((_, i) => `${method.id}-Q${before.length + i + 1}`));
});

test.each<[string, Partial<BankRow>, string]>([
  ["no question", { text: " " }, "empty"],
  ["a word", { text: "Why?" }, "tooShort"],
  ["a page", { text: "x".repeat(questionLimits.most + 1) }, "tooLong"],
  ["no criterion", { criteria: " ;, " }, "noCriteria"],
  ["a criterion of another method", { criteria: `${ids[0]} elsewhere-P1` }, "noSuchCriterion"],
  ["an id that is none", { id: `${method.id}-Q999` }, "noSuchId"],
])("%s is a fault of its row", (_, also, code) => {
  expect(first(also)).toMatchObject([{ code, row: 1 }]);
});

test("the same question twice, in other capitals and spaces, is a fault of the second row", () => {
  const { rows } = judged((all) => [...all, { ...(all[2] as BankRow), text: `  ${all[2]?.text.toUpperCase()} ` }]);
  expect(rows).toEqual([{ code: "twice", row: 21, first: 3 }]);
});

test("criteria are named in full or by what follows the method, in any capitals, apart by anything", () => {
  const short = ids.slice(0, 3).map((id) => id.slice(id.indexOf("-") + 1).toLowerCase());
  const { questions, rows } = judged((all) => [
    { ...(all[0] as BankRow), criteria: short.join(" ; ") },
    ...all.slice(1),
  ]);
  expect(rows).toEqual([]);
  expect(questions[0]?.criteria).toEqual(ids.slice(0, 3));
});

test("fewer than twice as many as a session draws, too many, none, a criterion out of reach: faults of the whole", () => {
  expect(judgeBank(method, good(19), how).whole).toEqual([{ code: "tooFew", have: 19, wanted: 20 }]);
  expect(judgeBank(method, good(101), how).whole).toEqual([{ code: "tooMany", have: 101, most: 100 }]);
  expect(judgeBank(method, [], how).whole).toEqual([{ code: "none" }]);
  const without = good().map((row) => ({ ...row, criteria: ids.slice(1).join(" ") }));
  expect(judgeBank(method, without, how).whole).toEqual([{ code: "unreached", criteria: [ids[0]] }]);
});

test("questions that only together reach the criteria, more than a session draws, are a fault", () => {
  const one = good(2 * ids.length).map((row, i) => ({ ...row, criteria: ids[i % ids.length] ?? "" }));
  expect(judgeBank(method, one, { ...how, size: ids.length - 1 }).whole.map(({ code }) => code)).toContain(
    "undrawable",
  );
});

test("a bank that a resit could not draw from again, reaching everything, is taken with a hint", () => {
  const [rare = "", ...others] = ids;
  // One question alone reaches the first criterion; the others reach all the rest.
  const rows = good(30).map((row, i) => ({ ...row, criteria: (i === 0 ? ids : others).join(" ") }));
  const judgedSo = judgeBank(method, rows, how);
  expect([judgedSo.whole, judgedSo.rows, judgedSo.hints]).toEqual([[], [], [{ code: "coversOnce", size: 10 }]]);
  const twice = rows.map((row, i) => (i === 1 ? { ...row, criteria: `${rare} ${row.criteria}` } : row));
  expect(judgeBank(method, twice, how).hints).toEqual([]);
  expect(judgeBank(method, good(), how).hints).toEqual([]);
});

test("a question that was there keeps its number: by its words, or by its id in other words", () => {
  const [q1, q2] = before;
  if (!q1 || !q2) throw new Error("No bank");
  const { questions, rows } = judged((all) => [
    { id: "", text: ` ${q1.text}`, criteria: q1.criteria.join(" ") },
    { id: q2.id, text: "The second one in other words, what was it?", criteria: q2.criteria.join(" ") },
    ...all,
  ]);
  expect(rows).toEqual([]);
  expect(questions.slice(0, 3).map(({ id }) => id)).toEqual([q1.id, q2.id, `${method.id}-Q${before.length + 1}`]);
});
