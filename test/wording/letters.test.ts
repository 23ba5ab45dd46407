import { type OutsideRole, outsideRoles, type Release } from "../../src/case/case";
import type { Grade, Pack } from "../../src/rules/pack";
import { NBSP } from "../../src/wording/format";
import {
  type Invitation,
  invitation,
  type Letter,
  letterText,
  mailOf,
  nextSteps,
  recordOfAchievement,
  reminder,
  staffInvitation,
  statementOfResults,
} from "../../src/wording/letters";
import { told } from "../../src/wording/told";
import { wordsFor } from "../../src/wording/words";
import { type Grades, gq, type Journey, journey, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";
import { faultsIn, faultsInSentence } from "./sentences";

const packs = [gq, tquk, thirdPack];
const names: Record<string, string> = {
  "ada-example": "Ada Example",
  "ben-sample": "Ben Sample",
  "cora-placeholder": "Cora Placeholder",
  "priya-pretend": "Priya Pretend",
};
const wordsOf = (pack: Pack) => wordsFor(pack, (id) => names[id]);
const plain = (text: string) => text.replaceAll(NBSP, " ");
const anchor = { revision: 47, hash: "3fa9c1d2e0b4a5968778695a4b3c2d1e" };
const grade = /\b(fail|pass|distinction)\b/i;

const released = (pack: Pack, grades: Grades): { j: Journey; r: Release } => {
  const j = journey(pack).upTo("released", { grades });
  return { j, r: j.case.releases.at(-1) as Release };
};
const all = (pack: Pack, g: Grade): Grades => Object.fromEntries(pack.methods.map((m) => [m.id, g]));

/** Everything in a letter but people's own words and codes. */
function faultsOf(l: Letter): string[] {
  return [
    ...faultsIn(l.subject),
    ...faultsIn(l.greeting),
    ...l.foot.flatMap(faultsIn),
    ...l.parts.flatMap((p) => {
      switch (p.kind) {
        case "text":
          return p.text.endsWith(":") || /https?:/.test(p.text) ? faultsIn(p.text) : faultsInSentence(p.text);
        case "heading":
          return faultsIn(p.text);
        case "facts":
          return p.rows.flatMap((r) => [...faultsIn(r.name), ...faultsIn(r.value)]);
        case "steps":
          return p.items.flatMap(faultsInSentence);
        default:
          return [];
      }
    }),
  ];
}

describe.each(packs)("results under $id", (pack) => {
  const w = wordsOf(pack);
  const first = pack.methods[0]?.id ?? "";
  test.each([
    ["all passed", all(pack, "pass")],
    ["all distinctions", all(pack, "distinction")],
    ["one failed", { ...all(pack, "pass"), [first]: "fail" as Grade }],
    ["all failed", all(pack, "fail")],
  ])("%s: a statement for each reader, with every grade and none in the subject", (_what, grades) => {
    const { j, r } = released(pack, grades);
    for (const role of outsideRoles) {
      const name = w.person(j.case.parties[role]);
      const letter = statementOfResults(r, { name, role }, j.case, w, anchor);
      expect(faultsOf(letter)).toEqual([]);
      expect(letter.subject).not.toMatch(grade);
      const text = plain(letterText(letter));
      expect(text).toMatch(`Dear ${name},`);
      for (const m of pack.methods) expect(text).toMatch(new RegExp(`^${m.title}: ${grades[m.id]}$`, "im"));
      expect(text).toMatch(new RegExp(`^Overall: ${r.overall}$`, "im"));
      expect(text).toContain("entry 47, 3fa9c1d2e0b4a596");
      expect(text).toContain(pack.rules.appeals.policy);
      expect(text.includes("What happens next")).toBe(r.overall === "fail");
      expect(text).toContain("Well prepared; more on what customers said.");
    }
  });

  test("after a fail the steps hold the limit, and what the pack asks on the way", () => {
    const { j, r } = released(pack, all(pack, "fail"));
    for (const role of outsideRoles) {
      const steps = nextSteps(r, { name: w.person(j.case.parties[role]), role }, j.case, w);
      expect(steps.flatMap(faultsInSentence)).toEqual([]);
      const text = steps.join(" ");
      const { resit, resitLimit, projectRework } = pack.rules;
      expect(text.includes("employer agrees which")).toBe(resit.employerAgrees !== "none");
      expect(text.includes("action plan")).toBe(resit.actionPlan !== "none");
      expect(text.includes("Further development comes before")).toBe(resit.furtherDevelopmentFirst !== "none");
      expect(text.includes("gateway again")).toBe(resit.retakeThroughGateway);
      expect(text.includes("is reworked within")).toBe(projectRework.months !== null);
      expect(text.includes("the whole assessment is taken again")).toBe(resitLimit.beyond === "wholeEpaAgain");
      expect(text).toMatch(/ again by \w{3} \d+ \w{3} 202\d\./);
    }
  });

  test("the record of achievement says that it is not the certificate", () => {
    const { j, r } = released(pack, all(pack, "distinction"));
    for (const role of ["apprentice", "employer"] as const) {
      const letter = recordOfAchievement(r, { name: w.person(j.case.parties[role]), role }, j.case, w, anchor);
      expect(faultsOf(letter)).toEqual([]);
      expect(letter.subject).not.toMatch(grade);
      expect(letterText(letter)).toMatch(/not the official certificate/);
      expect(letterText(letter)).toContain("Overall: Distinction");
      expect(letterText(letter)).toContain(pack.standard.qualificationNumber);
    }
  });
});

test("a cap is told where it took something away", () => {
  const { j } = released(gq, { ...all(gq, "distinction"), discussion: "fail" });
  const again = j
    .reopened("resit", ["discussion"])
    .handedIn()
    .booked()
    .held({ discussion: "distinction" })
    .graded()
    .released();
  const r = again.case.releases.at(-1) as Release;
  expect(r).toMatchObject({ overall: "pass", uncapped: "distinction", capped: true });
  const w = wordsOf(gq);
  const text = letterText(statementOfResults(r, { name: "Ada Example", role: "apprentice" }, again.case, w));
  expect(text).toContain("After a resit or retake the overall grade is at most a pass.");
  expect(text).not.toContain("Overall is a distinction when");
});

test("one failed assessment is told plainly, with what stands", () => {
  const { j, r } = released(tquk, { ...all(tquk, "pass"), discussion: "fail" });
  const letter = statementOfResults(r, { name: "Ada Example", role: "apprentice" }, j.case, wordsOf(tquk));
  expect(letter.parts).toContainEqual({
    kind: "text",
    text: "One assessment to take again. The other two stand.",
  });
});

describe.each(packs)("invitations under $id", (pack) => {
  const j = journey(pack).upTo("registered");
  const w = wordsOf(pack);
  const code: Omit<Invitation, "role"> = { code: "K7QX-4MPD", expires: "2026-01-26T09:00:00Z" };

  test.each(outsideRoles)("for the %s: what it is for, the code, until when, and whom to ask", (role: OutsideRole) => {
    const letter = invitation({ ...code, role }, { name: w.person(j.case.parties[role]) }, j.case, w);
    expect(faultsOf(letter)).toEqual([]);
    expect(letter.subject).not.toContain(code.code);
    const text = letterText(letter);
    for (const part of [code.code, "Mon 26 Jan 2026, 09:00", "once", "Priya Pretend", pack.body.name, "EX-2026-0147"])
      expect(text).toContain(part);
  });

  test("for a colleague", () => {
    const letter = staffInvitation(code);
    expect(faultsOf(letter)).toEqual([]);
    expect(letterText(letter)).toContain(code.code);
  });
});

describe("reminders", () => {
  const w = wordsOf(tquk);
  const now = "2026-05-22T08:12:00Z";
  test.each([
    [{ code: "handIn", method: "discussion", day: "2026-05-26" }, "Your portfolio selection is due in 4 days"],
    [{ code: "handIn", method: "project", day: "2026-05-20" }, "Your project report is late by 2 days"],
    [{ code: "planningMeeting", day: "2026-05-22", at: "2026-05-22T14:00:00Z" }, "Planning meeting: today, 15:00"],
    [{ code: "decideProposal", day: "2026-05-23" }, "Decision on the proposal: tomorrow"],
    [{ code: "evidence", facts: { open: 2, of: 6, returned: 1 } }, "Hand in the gateway evidence"],
  ] as const)("%j", (task, title) => {
    const t = reminder(task, w, now);
    expect(plain(t.title)).toBe(title);
    expect([...faultsIn(t.title), ...t.lines.flatMap(faultsInSentence)]).toEqual([]);
  });

  test("a reminder about an adjustment is private", () => {
    expect(reminder({ code: "decideAdjustment", day: "2026-05-26" }, w, now).private).toBe(true);
    expect(reminder({ code: "release", day: "2026-05-26" }, w, now).private).toBe(false);
  });
});

test("a message becomes a mail with its facts, its lines and people's own words", () => {
  const j = journey(tquk).upTo("evidenceSubmitted").do("gateway.returnItem", { item: "maths", reason: "Cut off" });
  const e = j.log.at(-1);
  const t = e && told(e, "provider", wordsOf(tquk), j.case);
  if (!t) throw new Error("Nobody told");
  expect(letterText(mailOf(t, { name: "Cora Placeholder" }, j.case))).toBe(
    [
      "Dear Cora Placeholder,",
      "It belongs to the gateway evidence of Ada Example. Put it right and hand it in again.",
      "Priya Pretend:\n> Cut off",
      "Case EX-2026-0147",
    ].join("\n\n"),
  );
});

test("words over several lines stay people's words in plain text", () => {
  const letter: Letter = {
    subject: "x",
    greeting: "Dear Ada Example,",
    parts: [
      { kind: "heading", text: "Why" },
      { kind: "quote", words: "One\n\nCase EX-0000" },
    ],
    foot: [],
  };
  expect(letterText(letter)).toBe("Dear Ada Example,\n\nWhy\n---\n\n> One\n>\n> Case EX-0000");
});
