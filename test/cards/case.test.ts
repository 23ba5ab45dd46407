import { caseCard } from "../../cards/case";
import { attemptAt } from "../../src/case/case";
import { addDays } from "../../src/rules/calendar";
import type { Pack, Role } from "../../src/rules/pack";
import { caseView } from "../../src/views";
import { actorOf, bookingOn, gq, type Journey, journey, people, tquk } from "../support/case";
import { buttonsIn, objects, partsOf, said } from "./check";
import { drawing, packs, places, seen, viewOf } from "./fixtures";

/** What the hub says, to whom, and which buttons it offers them. */

function drawn(pack: Pack, place: keyof typeof places, role: Role, also: Partial<Parameters<typeof caseCard>[1]> = {}) {
  const { view, journey } = seen(pack, place, role);
  const card = caseCard(view, { ...drawing(journey), ...also });
  return { card, view, words: said(card), titles: (card.actions ?? []).map((a) => String(a.title)) };
}
const primary = (card: { actions?: Record<string, unknown>[] }) =>
  (card.actions ?? []).filter((a) => a.style === "positive").map((a) => a.title);

describe("where the case stands", () => {
  test.each([
    ["registered", "Stage 1 of 5: Gateway"],
    ["gatewayAccepted", "Stage 2 of 5: Planning"],
    ["planningFinished", "Stage 3 of 5: Hand-in"],
    ["booked", "Stage 4 of 5: Sessions"],
    ["held", "Stage 5 of 5: Results"],
    ["releasedPass", "All 5 stages done"],
  ] as const)("%s", (place, sentence) => {
    const { words, card } = drawn(gq, place, "coordinator");
    expect(words).toContain(sentence);
    expect(card.speak).toContain(sentence);
  });

  test("a new attempt is told in the sentence", () => {
    expect(drawn(gq, "secondAttempt", "apprentice").words).toContain(", second attempt");
  });

  test("the track is five words with five marks, one of them now", () => {
    const track = partsOf(drawn(gq, "planningFinished", "coordinator").card, "ColumnSet")[0];
    const marks = partsOf(track, "TextBlock").map((t) => t.text);
    expect(marks).toEqual(["✓", "Gateway", "✓", "Planning", "●", "Hand-in", "○", "Sessions", "○", "Results"]);
  });
});

describe("next", () => {
  test("is the reader's own task, with its button first and the only primary one", () => {
    const { card, words } = drawn(gq, "planningFinished", "apprentice");
    expect(words).toContain("Hand in your project report");
    expect(words).toContain("You");
    expect(primary(card)).toEqual(["Hand in report"]);
    expect((card.actions ?? [])[0]?.title).toBe("Hand in report");
  });

  test("of someone else gives nobody a primary button", () => {
    const { card, words } = drawn(gq, "planningFinished", "employer");
    expect(words).toContain("The project report comes in");
    expect(primary(card)).toEqual([]);
  });

  test("a session of the reader's is not next before its day, while someone else's work comes first", () => {
    const { words } = drawn(gq, "planningFinished", "assessor");
    expect(words).toContain("The project report comes in");
    expect(words).not.toContain("Hold the interview");
  });

  test("on its day the hour is said once", () => {
    const { view, journey } = seen(gq, "planningScheduled", "assessor");
    const now = view.planning?.at ?? "";
    const today = caseView(journey.case, actorOf(gq, people.assessor, "assessor"), gq, now);
    const words = said(caseCard(today ?? view, { ...drawing(journey), now }));
    expect(words).toMatch(/, 1\d:\d\d, today/);
    expect(words).not.toMatch(/today,\s\d\d:\d\d/);
  });

  test("a meeting that has a date is moved, not booked", () => {
    const at = (place: "gatewayAccepted" | "planningScheduled") =>
      [...objects(drawn(gq, place, "coordinator").card)].map((o) => o.title);
    expect(at("gatewayAccepted")).toContain("Book planning meeting");
    expect(at("planningScheduled")).toContain("Move planning meeting");
    expect(at("planningScheduled")).not.toContain("Book planning meeting");
  });

  test("a session under way runs since it was started, not since the hour it was booked for", () => {
    const { journey } = seen(gq, "booked", "assessor");
    const method = gq.methods[0]?.id ?? "";
    const booked = attemptAt(journey.case, method).session.booking?.at ?? "";
    const late = journey.at(booked).inSeconds(600).started(method);
    const session = attemptAt(late.case, method).session;
    expect(session.started?.at).toBeDefined();
    expect(session.started?.at).not.toBe(booked);
    expect(viewOf(late, "apprentice")?.assessments[0]?.at).toBe(session.started?.at);
  });

  test("a session under way comes before all else", () => {
    const { card, words } = drawn(gq, "running", "assessor");
    expect(words).toMatch(/End the \w+/);
    expect(primary(card)[0]).toMatch(/^End /);
    expect((card.actions ?? [])[1]?.title).toMatch(/^Mark /);
  });

  test("what came back is handed in first", () => {
    const { card, view } = drawn(tquk, "oneReturned", "provider");
    const returned = view.evidence.find((e) => e.state === "returned");
    const first = (card.actions ?? []).find((a) => (a.data as { command?: string }).command === "gateway.submit");
    expect(first?.data).toMatchObject({ args: { item: returned?.item } });
  });
});

describe("due", () => {
  test("late first, in red and bold, with who and when", () => {
    const { card } = drawn(gq, "late", "coordinator");
    const late = partsOf(card, "TextBlock").filter((t) => t.color === "Attention");
    expect(late.length).toBeGreaterThan(0);
    expect(late[0]).toMatchObject({ weight: "Bolder", text: expect.stringMatching(/^Late\sby\s/) });
    const hints = partsOf(card, "TextBlock")
      .filter((t) => t.horizontalAlignment === "Right")
      .map((t) => String(t.text).startsWith("Late"));
    expect(hints).toEqual([...hints].sort((a, b) => Number(b) - Number(a)));
  });

  test("six at most, the rest is counted", () => {
    const { journey, view } = seen(gq, "planningFinished", "coordinator");
    const [task] = view.due;
    const due = task ? Array.from({ length: 9 }, (_, i) => ({ ...task, key: `k${i}` })) : [];
    const card = caseCard({ ...view, due }, drawing(journey));
    expect(said(card)).toContain("and 3 more");
  });
});

describe("buttons", () => {
  test("two and the rest behind “…” for staff; all in sight for an apprentice", () => {
    const staff = drawn(gq, "planningFinished", "coordinator").card.actions ?? [];
    expect(staff.length).toBeGreaterThan(3);
    expect(staff.slice(0, 2).map((a) => a.mode)).toEqual([undefined, undefined]);
    expect(staff.slice(2).every((a) => a.mode === "secondary")).toBe(true);
    for (const pack of packs)
      for (const place of Object.keys(places)) {
        const { view, journey } = seen(pack, place, "apprentice");
        const theirs = caseCard(view, drawing(journey)).actions ?? [];
        expect(theirs.filter((a) => a.mode === "secondary")).toEqual([]);
        expect(theirs.length).toBeLessThanOrEqual(4);
      }
  });

  test("a command that asks something opens its form, one that asks nothing runs with an id of its own", () => {
    const { card } = drawn(gq, "planningFinished", "apprentice");
    expect((card.actions ?? [])[0]).toMatchObject({
      type: "Action.Submit",
      data: { verb: "form", command: "report.submit", msteams: { type: "task/fetch" } },
    });
    const remind = (drawn(gq, "planningFinished", "coordinator").card.actions ?? []).find((a) => a.title === "Remind");
    expect(remind).toMatchObject({
      type: "Action.Execute",
      verb: "party.remind",
      data: { args: { person: people.apprentice }, commandId: expect.stringMatching(/.{8}/) },
    });
  });

  test("no two presses share an id", () => {
    for (const role of ["coordinator", "assessor", "provider"] as const) {
      const ids = buttonsIn(drawn(tquk, "evidenceSubmitted", role).card).flatMap(
        (a) => (a.data as { commandId?: string }).commandId ?? [],
      );
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test("what a coordinator records for others is behind one button", () => {
    const { card } = drawn(gq, "registered", "coordinator");
    const behalf = buttonsIn(card).filter((a) => (a.data as { behalf?: string }).behalf);
    expect(behalf).toEqual([]);
    expect(buttonsIn(card).map((a) => (a.data as { verb?: string }).verb)).toContain("view.behalf");
  });

  test("an auditor reads, and presses nothing that changes the case", () => {
    for (const place of Object.keys(places)) {
      const verbs = buttonsIn(drawn(gq, place, "auditor").card).map((a) => String((a.data as { verb?: string }).verb));
      expect(verbs.filter((v) => !v.startsWith("view."))).toEqual([]);
    }
  });

  test("on its day a session on Teams is joined from the card", () => {
    const { journey, view } = seen(gq, "booked", "apprentice");
    const today = view.assessments.map((a) => ({ ...a, at: journey.now, link: "https://teams.example/meet/1" }));
    const card = caseCard({ ...view, assessments: today }, drawing(journey));
    expect((card.actions ?? [])[0]).toMatchObject({ type: "Action.OpenUrl", url: "https://teams.example/meet/1" });
    const evil = view.assessments.map((a) => ({ ...a, at: journey.now, link: "javascript:alert(1)" }));
    expect(JSON.stringify(caseCard({ ...view, assessments: evil }, drawing(journey)))).not.toContain("javascript");
  });
});

describe("what only some are shown", () => {
  test("an apprentice finds who assesses them and whom to ask", () => {
    const { words } = drawn(gq, "planningFinished", "apprentice");
    expect(words).toContain("Dev Fiction assesses you. Priya Pretend answers questions about dates.");
    expect(drawn(gq, "planningFinished", "coordinator").words).not.toContain("assesses you");
  });

  test("before release outside people wait in the same words; staff see what is to be done", () => {
    for (const role of ["apprentice", "employer", "provider"] as const) {
      const { words } = drawn(gq, "held", role);
      expect(words).toContain("All three assessments are done.");
      expect(words).not.toMatch(/\bgrade of\b|to grade|Fail|Distinction/);
    }
    expect(drawn(gq, "held", "assessor").words).toContain("to grade");
  });

  test("rules lifted and warned of stand behind a button, for staff only", () => {
    const { view, journey } = seen(gq, "planningFinished", "coordinator");
    const warned = [{ code: "ORDER_NOT_ADVISED" as const, facts: {}, rule: "R23", source: null, at: journey.now }];
    const lifted = [
      {
        code: "AFTER_WINDOW" as const,
        facts: {},
        rule: "R06",
        source: null,
        at: journey.now,
        reason: { text: "Stock count" },
      },
    ];
    const card = caseCard({ ...view, warned, lifted }, drawing(journey));
    const toggle = partsOf(card, "Action.ToggleVisibility")[0];
    expect(toggle).toMatchObject({ title: "1\u00a0lifted rule and 1\u00a0warning" });
    const box = [...objects(card)].find((x) => x.id === "noted");
    expect(box?.isVisible).toBe(false);
    expect(JSON.stringify(box)).toContain("Stock count");
  });
});

describe("a session without a date", () => {
  const booked = journey(gq).upTo("booked");
  const method = gq.methods[0]?.id ?? "";
  const unbooked = booked.do("session.notHeld", { method, why: "technical", detail: "No line" });
  const { at, ...place } = bookingOn(gq, method, addDays(unbooked.today, 16));
  const offered = unbooked.do("session.offer", { slots: [at], ...place });
  const words = (j: Journey, role: Role) => {
    const view = viewOf(j, role);
    return view ? said(caseCard(view, drawing(j))) : "";
  };
  test.each(["apprentice", "coordinator"] as const)(
    "no notice is promised to come of times that are offered: %s",
    (role) => {
      expect(words(unbooked, role)).toMatch(/No date yet\. You get at least|Not booked/);
      expect(words(unbooked, role)).not.toContain("Times are offered");
      expect(words(offered, role)).toContain("Times are offered");
      expect(words(offered, role)).not.toMatch(/No date yet\. You get at least|Not booked/);
    },
  );
});

describe("results", () => {
  test("a pass is green and says well done to the apprentice", () => {
    const { card, words } = drawn(gq, "releasedPass", "apprentice");
    expect(partsOf(card, "Container").map((c) => c.style)).toContain("good");
    expect(words).toContain("✓ Pass");
    expect(words).toContain("Well done.");
    expect(words).toContain("Your record of achievement went by mail to you and Fictional Foods Ltd");
  });

  test("a failed project says by when its report is reworked, where the pack sets a time (R29)", () => {
    const failed = (pack: Pack) => journey(pack).upTo("released", { grades: { project: "fail" } });
    const words = (pack: Pack) => {
      const j = failed(pack);
      const view = viewOf(j, "apprentice");
      return view ? said(caseCard(view, drawing(j))) : "";
    };
    expect(words(tquk)).toContain("The project report is reworked within one month of this result");
    expect(words(gq)).not.toContain("reworked");
  });

  test("a fail is told plainly on neutral ground, with what happens next", () => {
    const { card, words } = drawn(gq, "releasedFail", "apprentice");
    expect(partsOf(card, "Container").map((c) => c.style)).not.toContain("good");
    expect(partsOf(card, "Container").map((c) => c.style)).not.toContain("attention");
    expect(words).toContain("One assessment to take again. The other two stand.");
    expect(words).toMatch(/1\. You and your employer choose a resit or a retake, with an action plan\./);
    expect(words).toMatch(/2\. Take the discussion again by /);
    expect(words).toMatch(/3\. The overall grade can then be a pass at most\./);
  });

  test("another pack's rules make other steps, with no change of code", () => {
    const { words } = drawn(tquk, "releasedFail", "apprentice");
    expect(words).toContain("further development");
    expect(words).not.toContain("action plan");
    expect(words).not.toContain("record of achievement");
  });

  test("neither fallback nor anything outside the card's body bears the grade", () => {
    const { card } = drawn(gq, "releasedFail", "apprentice");
    expect(card.fallbackText).not.toMatch(/fail/i);
  });
});

describe("banner", () => {
  test.each([
    ["stale", { kind: "stale", text: "Ben Sample booked it at 09:10." }, "Already done", "accent"],
    ["failed save", { kind: "notSaved" }, "Not saved", "attention"],
    ["done", { kind: "done", title: "Booked" }, "Booked", "emphasis"],
  ] as const)("%s", (_name, banner, title, style) => {
    const { card } = drawn(gq, "booked", "coordinator", { banner });
    expect(card.body[0]).toMatchObject({ type: "Container", style, bleed: true });
    expect(said(card).startsWith(title) || said(card).includes(title)).toBe(true);
  });

  test("a refusal says what is wrong, what would be lawful and the clause", () => {
    const { journey } = seen(gq, "registered", "coordinator");
    const { refused } = journey.when("gateway.accept", {});
    const { card } = drawn(gq, "registered", "coordinator", {
      banner: { kind: "refused", title: "Not accepted yet", problems: refused, mayLift: true },
    });
    const runs = partsOf(card.body[0], "TextRun");
    expect(runs.length).toBeGreaterThan(2);
    expect(runs.some((r) => r.weight === "Bolder")).toBe(true);
    expect(JSON.stringify(runs)).toContain("specification");
  });

  test("after a failed save the same command is there again, first", () => {
    const again = { title: "Try again", data: { verb: "gateway.accept", commandId: "press-again" }, primary: true };
    const { titles } = drawn(gq, "booked", "coordinator", { banner: { kind: "notSaved", again } });
    expect(titles[0]).toBe("Try again");
  });
});

test("a card refreshes by itself only for those whose MRIs are given, sixty at most", () => {
  expect(drawn(gq, "booked", "coordinator").card).not.toHaveProperty("refresh");
  const many = Array.from({ length: 80 }, (_, i) => `29:person-${i}`);
  const { card } = drawn(gq, "booked", "coordinator", { refreshFor: many });
  expect(card.refresh).toMatchObject({ action: { verb: "view.case" }, userIds: many.slice(0, 60) });
  expect(() => drawn(gq, "booked", "coordinator", { refreshFor: ["ada@example.org"] })).toThrow("userIds");
});
