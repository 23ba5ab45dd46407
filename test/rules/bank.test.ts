import { type Question, readBank } from "../../src/rules/bank";
import { publishedBanks, readBanks } from "../../src/rules/banks";
import { BrokenPack, type Pack } from "../../src/rules/pack";
import { published, readPacks } from "../../src/rules/packs";
import { thirdPack, thirdPackRaw } from "../support/thirdPack";

const packs = readPacks(published);
const banks = readBanks(packs);
type Raw = { pack: string; version: string; questions: Question[] };
const ask = (id: string, text: string, ...criteria: string[]): Question => ({ id, text, criteria });
const bread: Raw = {
  pack: thirdPack.id,
  version: "1",
  questions: [
    ask("showing-Q1", "How does dough come to rise?", "showing-P1", "showing-P2"),
    ask("showing-Q2", "What makes a loaf beautiful?", "showing-D1"),
    ask("talk-Q1", "How does the recipe go?", "talk-P1", "talk-P2", "talk-P3"),
    ask("talk-Q2", "What would you change in it?", "talk-D1", "talk-D2"),
  ],
};

describe.each([...packs.values()].map((p) => [p.id, p] as const))("the sample bank of %s", (id, pack) => {
  const { version, questions: bank } = banks.get(id) as NonNullable<ReturnType<typeof banks.get>>;
  const all = [...bank.values()].flat();

  it("has twice the ten questions of a session for each method, and a version", () => {
    expect([...bank.keys()]).toEqual(pack.methods.map((m) => m.id));
    for (const questions of bank.values()) expect(questions.length).toBeGreaterThanOrEqual(20);
    expect(version).toBe("1");
  });

  it("reaches every pass and distinction criterion of each method", () => {
    for (const m of pack.methods) {
      const reached = new Set(bank.get(m.id)?.flatMap((q) => q.criteria));
      expect([...m.criteria.pass, ...m.criteria.distinction].filter((c) => !reached.has(c.id))).toEqual([]);
    }
  });

  it("asks openly: no question can be answered with yes or no", () => {
    for (const q of all) expect(q.text).toMatch(/^(What|Which|How|Why|When|Where|Who|With whom|In which)\b.*\?$/);
  });

  it("numbers the questions of a method from one", () => {
    for (const [method, questions] of bank)
      expect(questions.map((q) => q.id)).toEqual(questions.map((_, i) => `${method}-Q${i + 1}`));
  });
});

describe("reading a bank", () => {
  it("gives each method its questions, in order", () => {
    expect([...readBank(thirdPack, bread).questions].map(([m, qs]) => [m, qs.map((q) => q.id)])).toEqual([
      ["showing", ["showing-Q1", "showing-Q2"]],
      ["talk", ["talk-Q1", "talk-Q2"]],
    ]);
  });

  it.each<[string, (raw: Raw) => void, RegExp]>([
    ["another pack's", (r) => Object.assign(r, { pack: "other" }), /pack: .*other/],
    [
      "a criterion that is not there",
      (r) => r.questions[0]?.criteria.push("showing-P9"),
      /questions\.0\.criteria\.2: .*showing-P9/,
    ],
    [
      "a criterion of another method",
      (r) => r.questions[0]?.criteria.push("talk-P1"),
      /questions\.0\.criteria\.2: .*talk-P1/,
    ],
    [
      "a fail descriptor",
      (r) => r.questions[0]?.criteria.push("showing-F1"),
      /questions\.0\.criteria\.2: .*showing-F1/,
    ],
    [
      "a method that is not there",
      (r) => r.questions.push(ask("race-Q1", "How fast is it?", "talk-P1")),
      /questions\.4\.id: .*race/,
    ],
    [
      "an id twice",
      (r) => r.questions.push(ask("talk-Q1", "What else is there?", "talk-P1")),
      /questions\.4\.id: .*twice/,
    ],
    [
      "a text twice",
      (r) => r.questions.push(ask("talk-Q3", "How does the recipe go?", "talk-P1")),
      /questions\.4\.text: .*twice/,
    ],
    [
      "a question about nothing",
      (r) => r.questions.push(ask("talk-Q3", "What time is it, please?")),
      /questions\.4\.criteria: /,
    ],
    ["a criterion that nothing reaches", (r) => r.questions.pop(), /questions: .*talk-D1, talk-D2/],
    ["no version", (r) => Object.assign(r, { version: undefined }), /version/],
    ["something of its own", (r) => Object.assign(r, { luck: 1 }), /luck/],
  ])("given %s, then it is refused, naming path and problem", (_, spoil, message) => {
    const raw = structuredClone(bread);
    spoil(raw);
    expect(() => readBank(thirdPack, raw)).toThrow(BrokenPack);
    expect(() => readBank(thirdPack, raw)).toThrow(message);
  });

  it("leaves a pack without a bank alone", () => {
    const withThird: ReadonlyMap<string, Pack> = readPacks([...published, ["third.json", thirdPackRaw]]);
    expect([...readBanks(withThird).keys()]).toEqual([...publishedBanks.keys()]);
  });
});
