import { behalfCard, moreCard } from "../../cards/behalf";
import { caseCard } from "../../cards/case";
import { gatewayDialog } from "../../cards/gateway";
import { gradingCard } from "../../cards/grading";
import { handInCard } from "../../cards/handIn";
import { historyCard } from "../../cards/history";
import { planningCard } from "../../cards/planning";
import { proposalCard } from "../../cards/proposal";
import type { Card } from "../../cards/render";
import { resultCard } from "../../cards/result";
import { gradingView, handInView } from "../../src/views";
import { actorOf, people } from "../support/case";
import { complaints, type Place } from "./check";
import { drawing, type Fixture, fixturesOf, names, packs } from "./fixtures";

/** Every card × every place in a case × every role, under each pack. */

const everyone = ["29:ada", "29:ben"];
const base = { base: true, refreshFor: everyone } as const;

type Draw = (f: Fixture) => (Card | undefined)[];
const cards: Readonly<Record<string, { draw: Draw; place?: Place }>> = {
  case: {
    draw: (f) => [
      caseCard(f.view, drawing(f.journey)),
      caseCard(f.view, {
        ...drawing(f.journey),
        refreshFor: everyone,
        banner: { kind: "stale", text: "Ben was first." },
      }),
    ],
  },
  gateway: {
    draw: (f) => (f.view.stage === "gateway" ? [gatewayDialog(f.view, drawing(f.journey))] : []),
    place: { dialog: true },
  },
  proposal: {
    draw: (f) => [
      proposalCard(f.view, drawing(f.journey)),
      proposalCard(f.view, { ...drawing(f.journey), ...base }),
      proposalCard(f.view, { ...drawing(f.journey), all: true }),
    ],
  },
  planning: {
    draw: (f) => [planningCard(f.view, drawing(f.journey)), planningCard(f.view, { ...drawing(f.journey), ...base })],
  },
  grading: {
    draw: (f) =>
      f.pack.methods.map((m) => {
        const { journey: j } = f;
        const g = gradingView(j.case, actorOf(f.pack, people[f.role], f.role), f.pack, m.id, j.now);
        return g && gradingCard(g, drawing(j));
      }),
  },
  handIn: {
    draw: (f) =>
      f.pack.methods.map((m) => {
        const { journey: j } = f;
        const h = handInView(j.case, actorOf(f.pack, people[f.role], f.role), f.pack, m.id);
        return h && handInCard(h, drawing(j));
      }),
  },
  result: { draw: (f) => [resultCard(f.view, drawing(f.journey))] },
  behalf: {
    draw: (f) => [behalfCard(f.view, drawing(f.journey)), moreCard(f.view, drawing(f.journey))],
  },
  history: {
    draw: (f) => [
      historyCard(f.view, f.journey.log, drawing(f.journey)),
      historyCard(f.view, f.journey.log, { ...drawing(f.journey), before: 20 }),
    ],
  },
};

const words = [...Object.values(names), "Fictional Foods"];

describe.each(packs)("under $id", (pack) => {
  test.each(Object.entries(cards))("the %s card is well, whoever sees it and wherever the case stands", (_name, c) => {
    const drawn = fixturesOf(pack).flatMap((f) =>
      c.draw(f).flatMap((card) => (card ? [{ name: f.name, wrong: complaints(card, { ...c.place, words }) }] : [])),
    );
    expect(drawn.length).toBeGreaterThan(5);
    expect(drawn.filter((x) => x.wrong.length > 0)).toEqual([]);
  });
});
