import { whyGrade } from "../../src/wording/marks";

/** Why marks make a grade, in words: one criterion is not "all 1". */

const of = (n: number) => ({ passMet: 12, passOf: 12, distinctionMet: n, distinctionOf: n });

test("all of several, and the one", () => {
  expect(whyGrade("distinction", of(3))).toMatch(/and all 3\sdistinction criteria\.$/);
  expect(whyGrade("distinction", of(1))).toMatch(/and the distinction criterion\.$/);
});

test("what is wanting for a distinction", () => {
  expect(whyGrade("pass", { ...of(3), distinctionMet: 1 })).toMatch(/all three of its criteria; one is met\.$/);
  expect(whyGrade("pass", { ...of(1), distinctionMet: 0 })).toMatch(
    /needs the distinction criterion too; it is not met\.$/,
  );
});

test("a fail says how many are met, a cap that they all are", () => {
  expect(whyGrade("fail", { ...of(3), passMet: 10 })).toMatch(/needs all 12\spass criteria; ten are met\.$/);
  expect(whyGrade("pass", of(3))).toMatch(/and all 3\sdistinction criteria\.$/);
});
