import { caseCard } from "../../cards/case";
import { drawing, fixturesOf, packs } from "./fixtures";

describe.each(packs)("$id", (pack) => {
  test("draws", () => {
    for (const f of fixturesOf(pack)) {
      const card = caseCard(f.view, drawing(f.journey));
      expect(card.type).toBe("AdaptiveCard");
    }
  });
});
