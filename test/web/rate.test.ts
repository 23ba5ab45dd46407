import { createRate } from "../../bot/web/rate";

describe("how often one may ask", () => {
  let at = 0;
  const rate = () => createRate({ burst: 3, everyMs: 2_000 }, () => at);
  beforeEach(() => {
    at = 0;
  });

  test("a few at once, then one at a time", () => {
    const ask = rate();
    expect([1, 2, 3].map(() => ask("ada"))).toEqual([0, 0, 0]);
    expect(ask("ada")).toBe(2);
    at = 1_999;
    expect(ask("ada")).toBe(1);
    at = 2_000;
    expect(ask("ada")).toBe(0);
    expect(ask("ada")).toBe(2);
  });

  test("each for themselves", () => {
    const ask = rate();
    for (let n = 0; n < 4; n += 1) ask("ada");
    expect(ask("ben")).toBe(0);
  });

  test("who waits long enough has all again, and no more", () => {
    const ask = rate();
    for (let n = 0; n < 3; n += 1) ask("ada");
    at = 3_600_000;
    expect([1, 2, 3, 4].map(() => ask("ada"))).toEqual([0, 0, 0, 2]);
  });

  test("asking while it is refused does not make the wait longer", () => {
    const ask = rate();
    for (let n = 0; n < 50; n += 1) ask("ada");
    at = 2_000;
    expect(ask("ada")).toBe(0);
  });

  test("many others do not make a person's use forgotten while there is room", () => {
    const ask = rate();
    for (let n = 0; n < 3; n += 1) ask("ada");
    for (let n = 0; n < 9_000; n += 1) ask(`other-${n}`);
    expect(ask("ada")).toBe(2);
  });
});
