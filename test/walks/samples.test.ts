import { type Product, product } from "../support/service";

/** What a first start shows. */
describe("given a first start with its two samples", () => {
  let p: Product;
  beforeAll(async () => {
    p = await product({ samples: true });
  });
  afterAll(() => p.stop());

  test("the coordinator's list holds both, and each opens as a card with its next step", async () => {
    const cora = p.teams.as("coordinator");
    await cora.say("cases");
    expect((await cora.lastCard()).text).toContain("EX-2026-0147");
    await cora.say("case ex-2026-0147");
    expect((await cora.lastCard()).text).toContain("Stage 3 of 5: Hand-in");
  });
});
