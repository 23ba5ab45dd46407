import { behalfCard } from "../../cards/behalf";
import { caseCard } from "../../cards/case";
import { dialogCard } from "../../cards/dialog";
import { gatewayDialog } from "../../cards/gateway";
import { unknownCard } from "../../cards/help";
import { historyCard } from "../../cards/history";
import { casesCard, dueCard } from "../../cards/list";
import { messageCard } from "../../cards/message";
import { planningCard } from "../../cards/planning";
import { proposalCard } from "../../cards/proposal";
import type { Card } from "../../cards/render";
import { resultCard } from "../../cards/result";
import { staffCard } from "../../cards/staff";
import { welcomeCard } from "../../cards/welcome";
import type { CaseView } from "../../src/views";
import { wordsFor } from "../../src/wording/words";
import { gq, type Journey, people, tquk } from "../support/case";
import { complaints, objects } from "./check";
import { counter, drawing, seen } from "./fixtures";

/** What people type is data: it runs nowhere, links nowhere, turns nothing round, and never makes a card too large for Teams. */

const nasty: Readonly<Record<string, string>> = {
  "a binding": "${secret} ${$root.fallbackText} ${json('{}')}",
  "a key of the template": '{"$when":"${false}","$data":"${$root}"}',
  markdown: "[click me](https://evil.example) **bold** # heading ![x](https://evil.example/x.png)",
  html: "<img src=x onerror=alert(1)><script>alert(1)</script>",
  "marks that turn the text": "\u202egnp.exe\u2066 \u200f\u061c",
  "ten thousand letters": "Ada ".repeat(2500).trim(),
  "one long word": "x".repeat(10_000),
  "other scripts": "Zażółć gęślą jaźń 𝕏 👩‍🏫 ".repeat(60).trim(),
  "line breaks": "one\n\ntwo\r\nthree\n".repeat(40).trim(),
};

const f = (text: string) => ({ text });

/** A view in which everything that a person may type is these words. */
function tainted(view: CaseView, words: string): CaseView {
  return {
    ...view,
    employerName: words,
    assessments: view.assessments.map((a) => ({ ...a, where: f(words) })),
    evidence: view.evidence.map((e) => ({ ...e, reference: f(words), reason: f(words) })),
    ...(view.planning ? { planning: { ...view.planning, where: f(words), subject: f(words) } } : {}),
    ...(view.proposal
      ? { proposal: { ...view.proposal, text: f(words), challenge: f(words), feedback: f(words) } }
      : {}),
    earlierProposals: view.earlierProposals.map((p) => ({ ...p, feedback: f(words), text: f(words) })),
    ...(view.result ? { result: { ...view.result, feedback: f(words) } } : {}),
    lifted: view.lifted.map((l) => ({ ...l, reason: f(words) })),
  };
}

const hostileDrawing = (j: Journey, words: string) => ({
  ...drawing(
    j,
    wordsFor(j.pack, () => words),
  ),
});

function everyCard(words: string): Card[] {
  const at = (pack: typeof gq, place: string, role: keyof typeof people) => {
    const { view, journey } = seen(pack, place, role);
    return { view: tainted(view, words), journey, d: hostileDrawing(journey, words) };
  };
  const returned = at(tquk, "oneReturned", "coordinator");
  const gateway = at(tquk, "evidenceSubmitted", "coordinator");
  const proposal = at(tquk, "gatewayAccepted", "assessor");
  const planned = at(gq, "planningFinished", "coordinator");
  const scheduled = at(gq, "planningScheduled", "assessor");
  const released = at(gq, "releasedFail", "apprentice");
  const lifted = {
    ...planned.view,
    lifted: [{ code: "AFTER_WINDOW" as const, facts: {}, at: planned.journey.now, reason: f(words) }],
  };
  const wordsOf = () => planned.d.words;
  const listing = { me: "me", now: planned.journey.now, wordsOf };
  const row = {
    caseId: "case-1",
    ref: "EX-2026-0147",
    apprentice: people.apprentice,
    employerName: words,
    packId: gq.id,
    stage: "planning" as const,
    next: { code: "book" as const, person: people.coordinator, day: "2026-05-01", method: "project" },
  };
  const result = resultCard(released.view, released.d);
  const log = planned.journey.log.map((e) =>
    e.type === "EvidenceSubmitted" ? { ...e, data: { ...(e.data as object), reference: f(words) } } : e,
  );
  return [
    caseCard(lifted, planned.d),
    caseCard(planned.view, { ...planned.d, banner: { kind: "stale", text: words } }),
    caseCard(returned.view, returned.d),
    caseCard(released.view, released.d),
    ...(result ? [result] : []),
    proposalCard(proposal.view, proposal.d),
    proposalCard(
      { ...proposal.view, role: "apprentice", may: [], proposal: returnedProposal(proposal.view) },
      proposal.d,
    ),
    planningCard(scheduled.view, scheduled.d),
    planningCard(planned.view, { ...planned.d, base: true }),
    behalfCard(returned.view, returned.d),
    historyCard(planned.view, log, planned.d),
    casesCard(
      Array.from({ length: 10 }, () => row),
      { ...listing, after: "next" },
    ),
    dueCard(
      Array.from({ length: 10 }, () => ({ ...row, ...row.next, day: "2026-05-01" })),
      listing,
    ),
    messageCard({
      ref: "EX-2026-0147",
      kind: "Returned",
      title: words,
      lines: Array(12).fill(words),
      quote: { by: words, words },
      buttons: [],
    }),
    unknownCard({ text: words, nearest: ["cases", "due", "help"], newId: counter() }),
    welcomeCard({ name: words, staff: ["assessor"], newId: counter() }),
    staffCard(
      {
        bodyId: "gq",
        usual: 1,
        staff: Array.from({ length: 40 }, (_, i) => ({ person: `p${i}`, name: words, roles: ["assessor"] })),
      },
      { newId: counter(), hasForm: () => true },
    ),
    gatewayDialog(gateway.view, gateway.d),
  ];

  function returnedProposal(view: CaseView) {
    const p = view.proposal;
    if (!p) throw new Error("no proposal");
    return { ...p, outcome: "returned" as const, feedback: f(words), reasons: ["challenge"], reworkBy: "2026-03-01" };
  }
}

describe.each(Object.entries(nasty))("%s", (_name, words) => {
  const cards = everyCard(words);

  test("leaves every card whole, valid and small enough", () => {
    expect(cards.length).toBeGreaterThan(15);
    const wrong = cards.map((card, i) => ({
      i,
      wrong: complaints(card, { hostile: true, dialog: i === cards.length - 1 }).filter(
        (w) => !/people's words/.test(w),
      ),
    }));
    expect(wrong.filter((x) => x.wrong.length > 0)).toEqual([]);
  });

  test("stands in text runs only, where nothing reads markdown, and in no text block", () => {
    const start = words.slice(0, 12);
    for (const card of cards)
      for (const x of objects(card)) if (x.type === "TextBlock") expect(String(x.text)).not.toContain(start);
  });
});

test("a binding that somebody typed is shown as typed, and not looked up", () => {
  const [card] = everyCard(nasty["a binding"] ?? "");
  expect(JSON.stringify(card)).toContain("${secret}");
  expect(JSON.stringify(card)).toContain("${$root.fallbackText}");
});

test("words that turn the direction are shut in, so that what follows stays as it is", () => {
  const [card] = everyCard(nasty["marks that turn the text"] ?? "");
  const runs = [...objects(card)].filter((x) => x.type === "TextRun" && /\u202e/.test(String(x.text)));
  expect(runs.length).toBeGreaterThan(0);
  for (const run of runs) expect(String(run.text)).toMatch(/\u2068[^\u2069]*\u202e.*\u2069/su);
});

test("in a dialog hostile values stay in their inputs", () => {
  const { view, journey } = seen(gq, "registered", "coordinator");
  for (const words of Object.values(nasty)) {
    const card = dialogCard(
      {
        title: "T",
        submit: "Send",
        fields: [{ kind: "text", id: "reason", label: "Reason", max: 12_000, multiline: true }],
      },
      { ...drawing(journey), view, command: "case.withdraw", refused: { problems: [], inputs: { reason: words } } },
    );
    expect(complaints(card, { dialog: true, hostile: true })).toEqual([]);
    expect([...objects(card)].find((x) => x.type === "Input.Text")?.value).toBe(words);
  }
});
