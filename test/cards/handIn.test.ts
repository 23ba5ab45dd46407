import { caseCard } from "../../cards/case";
import { handInCard } from "../../cards/handIn";
import { handInView } from "../../src/views";
import { type Json, wordsOf } from "../support/cardReading";
import { actorOf, goodPortfolio, goodReport, type Journey, journey, methodWith, people, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";
import { buttonsIn, complaints } from "./check";
import { drawing, packs, viewOf } from "./fixtures";

const card = (j: Journey, method: string) => {
  const view = handInView(j.case, actorOf(j.pack, people.assessor, "assessor"), j.pack, method);
  if (!view) throw new Error("Nothing handed in");
  return handInCard(view, drawing(j));
};
const said = (j: Journey, method: string) => wordsOf(card(j, method) as unknown as Json);

describe("the card of what was handed in", () => {
  const report = methodWith(tquk, "report");
  const portfolio = methodWith(tquk, "portfolio");
  const j = journey(tquk).upTo("handedIn");

  test("says where the report is, how long, and what it holds", () => {
    const good = goodReport(tquk);
    expect(said(j, report.id)).toContain("report.docx");
    expect(said(j, report.id)).toContain(`${good.contents.length} of ${good.contents.length} ticked`);
    expect(said(j, report.id)).toContain(good.words.toLocaleString("en-GB"));
  });

  test("says which pieces of the portfolio show each KSB, and which KSB none shows", () => {
    const [first, second] = portfolio.ksbs;
    const good = goodPortfolio(tquk);
    const mapping = { ...good.mapping, [first?.id ?? ""]: [1, 3] };
    const again = j.do("portfolio.submit", { ...good, reference: "portfolio-2.zip", mapping });
    expect(said(again, portfolio.id)).toContain(`${first?.id}: pieces 1, 3`);
    expect(said(again, portfolio.id)).toContain(`${second?.id}: piece 1`);
    expect(said(again, portfolio.id)).toContain("Earlier version");
    expect(said(again, portfolio.id)).toContain("portfolio.zip");
  });

  test("stays small with a long reference and every piece shown for every KSB", () => {
    const good = goodPortfolio(tquk);
    const every = Array.from({ length: good.pieces }, (_, i) => i + 1);
    let long = j;
    for (let n = 0; n < 12; n++)
      long = long.do("portfolio.submit", {
        ...good,
        reference: `${n} ${"x".repeat(180)}`,
        mapping: Object.fromEntries(portfolio.ksbs.map((k) => [k.id, every])),
      });
    expect(complaints(card(long, portfolio.id))).toEqual([]);
  });
});

describe.each([...packs, thirdPack])("its button, under $id", (pack) => {
  const shows = (j: Journey, role: keyof typeof people) => {
    const view = viewOf(j, role);
    if (!view) throw new Error("Sees nothing");
    return buttonsIn(caseCard(view, drawing(j)))
      .map((b) => b as { verb?: string })
      .filter((b) => b.verb === "view.handIn");
  };
  const j = journey(pack).upTo("handedIn");
  const n = pack.methods.filter((m) => m.handIn).length;

  test("is on the case card of assessor and IQA, and on nobody's outside", () => {
    expect(shows(j, "assessor")).toHaveLength(n);
    expect(shows(j, "iqa")).toHaveLength(n);
    for (const role of ["apprentice", "employer", "provider"] as const) expect(shows(j, role)).toEqual([]);
  });
});
