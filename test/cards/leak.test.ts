import fc from "fast-check";
import { caseCard } from "../../cards/case";
import { planningCard } from "../../cards/planning";
import { proposalCard } from "../../cards/proposal";
import { outsideRoles } from "../../src/case/case";
import type { Grade, Pack } from "../../src/rules/pack";
import { caseView } from "../../src/views";
import { actorOf, type Journey, journey, people } from "../support/case";
import { drawing, packs } from "./fixtures";

/**
 * Before release nothing of marks, notes, questions, grades or moderation reaches a card of apprentice, employer or provider,
 * nor the card that everyone in the group chat holds, not even by a number that moved.
 */

/** Every card that outside people hold or could be shown, as it would be sent. */
function outsideCards(j: Journey): string[] {
  const theirs = outsideRoles.flatMap((role) => {
    const view = caseView(j.case, actorOf(j.pack, people[role], role), j.pack, j.now);
    if (!view) return [];
    return [
      caseCard(view, { ...drawing(j), refreshFor: ["29:them"] }),
      planningCard(view, { ...drawing(j), refreshFor: ["29:them"] }),
      proposalCard(view, { ...drawing(j), refreshFor: ["29:them"] }),
    ];
  });
  // A base card may be drawn from anyone's view, and is seen by all.
  const bases = (["coordinator", "assessor", "apprentice"] as const).flatMap((role) => {
    const view = caseView(j.case, actorOf(j.pack, people[role], role), j.pack, j.now);
    if (!view) return [];
    const base = { ...drawing(j), base: true, refreshFor: ["29:them"] };
    return [planningCard(view, base), proposalCard(view, base)];
  });
  return [...theirs, ...bases].map((card) => JSON.stringify(card));
}

/** Where the first card begins to differ, in both; undefined when all are the same, byte for byte. */
function difference(a: readonly string[], b: readonly string[]): string | undefined {
  if (a.length !== b.length) return `${a.length} cards became ${b.length}`;
  const n = a.findIndex((card, i) => card !== b[i]);
  if (n < 0) return undefined;
  const [x = "", y = ""] = [a[n], b[n]];
  const at = [...x].findIndex((c, i) => c !== y[i]);
  return `card ${n}: …${x.slice(at - 60, at + 60)}… became …${y.slice(at - 60, at + 60)}…`;
}

const grade = fc.constantFrom<Grade>("fail", "pass", "distinction");
const secrets = (pack: Pack) =>
  fc.record({
    grades: fc.record(Object.fromEntries(pack.methods.map((m) => [m.id, grade]))),
    notes: fc.array(
      fc.string({ minLength: 1, maxLength: 40 }).filter((s) => s.trim() !== ""),
      { maxLength: 3 },
    ),
    confirmed: fc.integer({ min: 0, max: pack.methods.length }),
    sampled: fc.boolean(),
    withheld: fc.boolean(),
  });

describe.each(packs)("under $id", (pack) => {
  const booked = journey(pack).upTo("booked");
  const method = pack.methods[0]?.id ?? "";

  test("while a session runs", () => {
    const bare = outsideCards(booked.started(method));
    fc.assert(
      fc.property(secrets(pack), ({ grades, notes }) => {
        let j = booked.started(method);
        for (const text of notes) j = j.do("session.note", { method, text, criteria: [] });
        j = j.do("session.ask", { method, text: notes[0] ?? "Why?", kind: "main", criteria: [] });
        const criterion = pack.methods[0]?.criteria.pass.find((c) => !c.parts)?.id ?? "";
        j = j.do("session.mark", { method, marks: { [criterion]: grades[method] === "fail" ? "notMet" : "met" } });
        expect(difference(bare, outsideCards(j))).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  test("between the sessions and the result", () => {
    const bare = outsideCards(booked.upTo("held"));
    fc.assert(
      fc.property(secrets(pack), ({ grades, notes, confirmed, sampled, withheld }) => {
        let j = booked.upTo("held", { grades });
        for (const text of notes) j = j.do("session.note", { method, text, criteria: [] });
        for (const m of pack.methods.slice(0, confirmed)) {
          j = j.confirmedGrade(m.id);
          if (sampled) j = j.do("moderation.sample", { method: m.id });
        }
        if (withheld) j = j.do("results.withhold", { reason: "A question is open" });
        expect(difference(bare, outsideCards(j))).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });
});
