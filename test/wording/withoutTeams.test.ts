import { layout } from "../../bot/mail/layout";
import { outsideRoles } from "../../src/case/case";
import { permissions } from "../../src/permissions";
import { attendancesOf, type Task, tasksOf } from "../../src/tasks";
import { NBSP } from "../../src/wording/format";
import {
  howToDo,
  howToGoOn,
  invitation,
  letterText,
  mailOf,
  reminder,
  statementOfResults,
} from "../../src/wording/letters";
import { told } from "../../src/wording/told";
import { wordsFor } from "../../src/wording/words";
import { type Grades, gq, journey, people, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";
import { eventsOf, lives } from "./lives";
import { faultsInSentence } from "./sentences";

/** Whoever is reached by mail alone has no button: each mail says in plain words how they go on, and with whom. */

const packs = [gq, tquk, thirdPack];
const wordsOf = (pack: (typeof packs)[number]) =>
  wordsFor(pack, (id) => ({ "ada-example": "Ada Example", "ben-sample": "Ben Sample" })[id] ?? "Priya Pretend");
const contact = { name: "Priya Pretend", address: "priya@example.org" };
const plain = (text: string) => text.replaceAll(NBSP, " ");
const texts = (parts: ReturnType<typeof howToDo>) => parts.flatMap((p) => (p.kind === "text" ? [p.text] : []));

describe.each(packs)("under $id", (pack) => {
  const w = wordsOf(pack);

  test("whatever is an outside person's to do, the coordinator may record it, and the reminder says what for", () => {
    const seen = new Map<string, Task>();
    for (const j of lives(pack))
      for (const t of [...tasksOf(j.case, pack), ...attendancesOf(j.case, pack)])
        if ((outsideRoles as readonly string[]).includes(t.role)) {
          seen.set(t.command ?? t.code, t);
          const how = texts(howToDo(t, j.case, w, contact));
          expect(how.flatMap(faultsInSentence)).toEqual([]);
          expect(how[0]).toContain("answer this mail or tell Priya Pretend");
          if (!t.command) continue;
          expect([t.command, permissions[t.command].onBehalf]).toEqual([t.command, true]);
          expect([t.command, how.length, how[0]?.includes("records it for you")]).toEqual([t.command, 2, true]);
        }
    expect(seen.size).toBeGreaterThan(3);
  });

  test("every mail of what happened says whom an outside person tells, and what waits for them", () => {
    for (const { j, e } of eventsOf(pack))
      for (const role of outsideRoles) {
        const person = j.case.parties[role];
        const t = told(e, role, w, j.case, person);
        if (!t) continue;
        const mail = mailOf(t, { name: "Ada Example" }, j.case, howToGoOn(person, j.case, w, contact), contact);
        const text = plain(letterText(mail));
        expect(text).toContain("answer this mail or tell Priya Pretend");
        expect(text).not.toMatch(/\b(press|button|in your case)\b/i);
        expect(mail.replyTo).toEqual(contact);
        const mine = tasksOf(j.case, pack).filter((x) => x.person === person);
        expect(text.includes("What waits for you")).toBe(mine.length > 0);
      }
  });
});

test("the report: where it is filed, its words, what it contains", () => {
  const j = journey(gq).upTo("planningFinished");
  const task = tasksOf(j.case, gq).find((t) => t.command === "report.submit") as Task;
  const t = reminder(task, wordsOf(gq), j.now);
  const text = plain(
    letterText(mailOf(t, { name: "Ada Example" }, j.case, howToDo(task, j.case, wordsOf(gq), contact))),
  );
  expect(text).toContain("Without Teams, answer this mail or tell Priya Pretend, who records it for you.");
  expect(text).toMatch(
    /Say where it is filed, how many words it has \(2,250 to 2,750\), and which of these it contains: /,
  );
  expect(text).toContain(
    gq.methods.flatMap((m) => (m.handIn?.kind === "report" ? m.handIn.contents.items : []))[0]?.title,
  );
});

test("gateway evidence: only what is still to come, each with what it needs", () => {
  const j = journey(gq).upTo("registered").do("gateway.submit", { item: "maths", reference: "x", level: "level2" });
  const rows = howToGoOn(people.provider, j.case, wordsOf(gq), contact).find((p) => p.kind === "facts");
  const text = plain(JSON.stringify(rows));
  expect(text).toContain("“Gateway meeting record” with the day of the meeting");
  expect(text).toContain("“English at level 2” with the level reached");
  expect(text).not.toContain("Maths");
});

test("with the coordinator's address unknown, nobody is told to answer", () => {
  const j = journey(gq).upTo("registered");
  const code = { code: "ABCD-EFGH", expires: "2026-02-02T09:00:00Z", role: "apprentice" as const };
  const known = invitation(code, { name: "Ada Example" }, j.case, wordsOf(gq), contact);
  expect(letterText(known)).toContain("answer this mail or tell Priya Pretend, who coordinates the assessment");
  expect(known.foot).toContain("Coordinator: Priya Pretend, priya@example.org");
  const unknown = invitation(code, { name: "Ada Example" }, j.case, wordsOf(gq));
  expect(letterText(unknown)).not.toContain("answer this mail");
  expect(letterText(unknown)).toContain("tell Priya Pretend");
  expect(unknown.replyTo).toBeUndefined();
});

test("after a fail, the employer reads how to agree, and everyone how to question the result", () => {
  const grades: Grades = { project: "fail" };
  const j = journey(gq).upTo("released", { grades });
  const r = j.case.releases.at(-1);
  for (const role of outsideRoles) {
    const letter = r && statementOfResults(r, { name: "Ben Sample", role }, j.case, wordsOf(gq), undefined, contact);
    const text = letter ? plain(letterText(letter)) : "";
    expect(text).toContain(
      "You do either in your case in Teams; without Teams, answer this mail or tell Priya Pretend.",
    );
    expect(text.includes("which of the two it is to be")).toBe(role === "employer");
  }
});

test("several letters make one mail, answered to whom they all name", () => {
  const letter = (replyTo?: typeof contact) => ({
    subject: "x",
    greeting: "y",
    parts: [],
    foot: [],
    ...(replyTo ? { replyTo } : {}),
  });
  expect(layout(letter(contact), letter(contact)).replyTo).toEqual(contact);
  expect(layout(letter(contact), letter({ name: "Max", address: "max@example.org" })).replyTo).toBeUndefined();
  expect(layout(letter(contact), letter()).replyTo).toBeUndefined();
});
