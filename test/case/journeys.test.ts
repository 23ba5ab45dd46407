import { gq, journey, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

describe.each([gq, tquk, thirdPack])("a case under $id", (pack) => {
  it.each(["pass", "distinction", "fail"] as const)(
    "goes from registration to a released %s, with nothing lifted and nothing to warn of",
    (grade) => {
      const grades = Object.fromEntries(pack.methods.map((m) => [m.id, grade]));
      const j = journey(pack).upTo("released", { grades });
      expect(j.case).toMatchObject({ stage: "released", lifted: [] });
      expect(j.case.releases).toMatchObject([{ n: 1, overall: grade, uncapped: grade, capped: false, grades }]);
      expect(j.case.warned).toEqual([]);
    },
  );
});
