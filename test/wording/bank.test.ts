import { wholeFault } from "../../src/wording/bank";

test("criteria that no question reaches stand by their labels, as people write them", () => {
  const said = wholeFault({ code: "unreached", criteria: ["observation-P3", "observation-D1"] });
  expect(said).toContain("P3");
  expect(said).toContain("D1");
  expect(said).not.toContain("observation");
});
