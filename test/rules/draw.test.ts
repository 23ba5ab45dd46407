import fc from "fast-check";
import type { Question } from "../../src/rules/bank";
import { readBanks } from "../../src/rules/banks";
import { drawQuestions } from "../../src/rules/draw";
import { published, readPacks } from "../../src/rules/packs";

const packs = readPacks(published);
const banks = readBanks(packs);
const methods = [...packs.values()].flatMap((pack) =>
  pack.methods.map((m) => [`${pack.body.short} ${m.id}`, banks.get(pack.id)?.questions.get(m.id) ?? []] as const),
);
const reach = (questions: readonly Question[]) => new Set(questions.flatMap((q) => q.criteria));

describe.each(methods)("ten questions for %s", (_, bank) => {
  const pick = (ids: readonly string[]) => bank.filter((q) => ids.includes(q.id));

  it("reach every criterion, whatever the seed, none of them twice", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { ids, uncovered } = drawQuestions(bank, 10, seed);
        expect(new Set(ids).size).toBe(10);
        expect(reach(pick(ids))).toEqual(reach(bank));
        expect(uncovered).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("leave ten others for a second attempt, which reach every criterion again", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        const first = drawQuestions(bank, 10, one).ids;
        const left = bank.filter((q) => !first.includes(q.id));
        const second = drawQuestions(left, 10, two, [...reach(bank)]);
        expect(second.ids.filter((id) => first.includes(id))).toEqual([]);
        expect(reach(pick(second.ids))).toEqual(reach(bank));
        expect(second.uncovered).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("are not the same for every seed", () => {
    const seen = new Set(Array.from({ length: 20 }, (_, i) => drawQuestions(bank, 10, `seed ${i}`).ids.sort().join()));
    expect(seen.size).toBeGreaterThan(3);
  });
});

const letters = ["a", "b", "c", "d", "e", "f"];
const anyBank = fc
  .array(fc.uniqueArray(fc.constantFrom(...letters), { minLength: 1, maxLength: 3 }), { minLength: 4, maxLength: 8 })
  .map((all) => all.map((criteria, i): Question => ({ id: `talk-Q${i + 1}`, text: `Question ${i + 1}?`, criteria })));

/** Every choice of `size`: the slow and certain way. */
function choices<T>(all: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return all.flatMap((one, i) => choices(all.slice(i + 1), size - 1).map((others) => [one, ...others]));
}

describe("any bank", () => {
  it("is drawn from so that every criterion is reached, wherever any choice would reach them all", () => {
    fc.assert(
      fc.property(anyBank, fc.integer({ min: 1, max: 4 }), fc.string(), (bank, size, seed) => {
        const { ids, uncovered } = drawQuestions(bank, size, seed);
        expect(ids).toHaveLength(size);
        const possible = choices(bank, size).some((some) => reach(some).size === reach(bank).size);
        expect(uncovered.length === 0).toBe(possible);
      }),
    );
  });

  it("says which of the criteria to be reached none of the drawn reaches, those that it has no question for among them", () => {
    fc.assert(
      fc.property(anyBank, fc.string(), (bank, seed) => {
        const { ids, uncovered } = drawQuestions(bank, 3, seed, [...letters, "g"]);
        const reached = reach(bank.filter((q) => ids.includes(q.id)));
        expect(uncovered).toEqual([...letters, "g"].filter((c) => !reached.has(c)));
      }),
    );
  });

  it("gives the same draw for the same seed, and is left as it was", () => {
    fc.assert(
      fc.property(anyBank, fc.string(), (bank, seed) => {
        const before = structuredClone(bank);
        expect(drawQuestions(bank, 3, seed)).toEqual(drawQuestions(bank, 3, seed));
        expect(bank).toEqual(before);
      }),
    );
  });

  it("of too few questions gives none", () => {
    expect(() => drawQuestions([], 1, "x")).toThrow(RangeError);
  });
});
