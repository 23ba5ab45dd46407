import { outsideRoles } from "../../src/case/case";
import { type CommandType, commandTypes } from "../../src/case/decider";
import { overridable } from "../../src/case/registration";
import { attendancesOf, type Task, type TaskCode, tasksOf as tasksAlone } from "../../src/tasks";
import { trackStages } from "../../src/views";
import { commandTitle, notDoneYet, overrideTitle } from "../../src/wording/commands";
import * as labels from "../../src/wording/labels";
import { liftable, ruleTitle } from "../../src/wording/rules";
import { nextTitle, taskNote, taskTitle } from "../../src/wording/tasks";
import { wordsFor } from "../../src/wording/words";
import { gq, journey, milestones, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";
import { lives } from "./lives";
import { faultsIn, faultsInSentence } from "./sentences";

const packs = [gq, tquk, thirdPack];
const tasksOf: typeof tasksAlone = (c, pack) => [...tasksAlone(c, pack), ...attendancesOf(c, pack)];

describe("labels", () => {
  const tables = Object.entries(labels)
    .filter(([, table]) => typeof table === "object")
    .map(([name, table]) => [name, table as unknown as Record<string, string | labels.State>] as const);
  test("every word of every table may be said", () => {
    const said = tables.flatMap(([, table]) => Object.values(table).map((x) => (typeof x === "string" ? x : x.word)));
    expect(said.length).toBeGreaterThan(70);
    expect(said.flatMap(faultsIn)).toEqual([]);
  });

  test("a state is told by its word; the mark only repeats it", () => {
    expect(labels.marked(labels.evidenceState.accepted)).toBe("✓ Accepted");
    expect(labels.marked(labels.evidenceState.returned)).toBe("↺ Returned");
    expect(labels.marked(labels.sessionState.booked)).toBe("● Booked");
    expect(labels.marked(labels.markState.notMet)).toBe("✕ Not met");
    expect(labels.marked(labels.markState.notYet)).toBe("○ Not yet");
    for (const [, table] of tables.filter(([name]) => name.endsWith("State"))) {
      const words = Object.values(table).map((s) => (s as labels.State).word);
      expect(new Set(words).size).toBe(words.length);
    }
  });

  test("the words of the track have room in a narrow card", () => {
    for (const stage of trackStages) expect(labels.trackWord[stage].length).toBeLessThanOrEqual(8);
  });
});

describe("commands", () => {
  const w = wordsFor(tquk);
  test.each(commandTypes)("%s has a title that begins with a verb, and a word for being refused", (type) => {
    for (const data of [{}, { method: "project", item: "photoId", role: "assessor", n: 1, id: "x" }]) {
      const title = commandTitle(type, data, w);
      expect(faultsIn(title)).toEqual([]);
      expect(title).toMatch(/^\p{Lu}[^.]+$/u);
      expect(title.split(" ").length).toBeLessThanOrEqual(8);
    }
    for (const role of outsideRoles) expect(faultsIn(commandTitle(type, { method: "project" }, w, role))).toEqual([]);
    expect(faultsInSentence(notDoneYet(type, 2))).toEqual([]);
    expect(faultsIn(overrideTitle(type))).toEqual([]);
  });

  test.each([
    ["session.book", { method: "observation" }, "Book observation"],
    ["session.move", { method: "project" }, "Move interview"],
    ["proposal.accept", { n: 2 }, "Accept proposal"],
    ["report.submit", { method: "project" }, "Hand in report"],
    ["grade.confirm", { method: "discussion", grade: "fail" }, "Confirm fail"],
    ["grade.confirm", { method: "discussion" }, "Confirm discussion grade"],
    ["gateway.returnItem", { item: "photoId" }, "Return: Photo identity document"],
    ["staff.allocate", { role: "iqa" }, "Allocate quality assurer"],
    ["results.release", {}, "Release results"],
  ] as const)("%s %j is “%s”", (type, data, title) => expect(commandTitle(type, data, w)).toBe(title));

  test("a coordinator's button says for whom it records", () => {
    expect(commandTitle("gateway.confirm", {}, w, "employer")).toBe("Confirm gateway for the employer");
    expect(commandTitle("gateway.ready", {}, w, "apprentice")).toBe("Record that the apprentice is ready");
  });

  test("over a refused form stands what was not done, and how much is to be put right", () => {
    expect(notDoneYet("session.move", 1)).toBe("Not moved yet: one thing to put right.");
    expect(notDoneYet("report.submit", 3)).toBe("Not handed in yet: three things to put right.");
    expect(overrideTitle("session.move")).toBe("Override and move");
  });
});

describe.each(packs)("tasks under $id", (pack) => {
  const w = wordsFor(pack);
  const tasks: Task[] = [
    ...milestones.flatMap((m) => [journey(pack), journey(pack).sampling(1)].map((j) => tasksOf(j.upTo(m).case, pack))),
    ...lives(pack).map((j) => tasksOf(j.case, pack)),
  ].flat();

  test("what is due and what is next is worded, to who does it and to others", () => {
    const faults = tasks.flatMap((t) => {
      const note = taskNote(t.code, w, t);
      return [
        ...faultsIn(taskTitle(t.code, w, t.method)),
        ...faultsInSentence(`${nextTitle(t.code, w, true, t)}.`),
        ...faultsInSentence(`${nextTitle(t.code, w, false, t)}.`),
        ...(note === null ? [] : faultsInSentence(note)),
      ].map((f) => `${t.code}: ${f}`);
    });
    expect([...new Set(faults)]).toEqual([]);
    expect(new Set(tasks.map((t) => t.code)).size).toBeGreaterThan(15);
  });

  test("no title is another's: who reads it, knows what to do", () => {
    const codes = [...new Set(tasks.map((t) => t.code))];
    const titles = (said: (c: TaskCode) => string) => codes.map(said);
    for (const said of [
      (c: TaskCode) => taskTitle(c, w, pack.methods[0]?.id),
      (c: TaskCode) => nextTitle(c, w, true, { method: pack.methods[0]?.id }),
    ])
      expect(titles(said).filter((t, i, every) => every.indexOf(t) !== i)).toEqual([]);
  });
});

test("tasks read as in the pictures", () => {
  const w = wordsFor(tquk);
  expect(taskTitle("handIn", w, "discussion")).toBe("Portfolio selection");
  expect(nextTitle("handIn", w, true, { method: "discussion" })).toBe("Hand in your portfolio selection");
  expect(nextTitle("handIn", w, false, { method: "discussion" })).toBe("The portfolio selection comes in");
  expect(nextTitle("book", w, true, { method: "observation" })).toBe("Book the observation");
  expect(taskTitle("windowEnds", w)).toBe("EPA window ends");
  expect(taskNote("handIn", w, { method: "discussion" })).toBe("10 to 15 pieces. Say for each what it shows.");
  expect(taskNote("handIn", w, { method: "project" })).toBe("2,250 to 2,750 words.");
});

describe("rules by name", () => {
  test.each(packs)("each rule that may be lifted under $id has its own title", (pack) => {
    const choices = liftable(pack);
    expect(choices.map((c) => c.rule).sort()).toEqual(overridable(pack));
    expect(choices.flatMap((c) => faultsIn(c.title))).toEqual([]);
    expect(choices.map((c) => c.title)).not.toContain("A rule");
    expect(new Set(choices.map((c) => c.title)).size).toBe(choices.length);
  });

  test("every rule that a pack can hold has a title", () => {
    const ids = packs.flatMap((p) => [
      ...Object.values(p.rules).map((r) => r.id),
      ...p.methods.flatMap((m) =>
        [...Object.values(m.session), ...Object.values(m.handIn ?? {})].flatMap((x) =>
          typeof x === "object" && x !== null && "id" in x ? [String(x.id)] : [],
        ),
      ),
    ]);
    expect([...new Set(ids)].filter((id) => ruleTitle(id) === "A rule")).toEqual([]);
  });
});

describe("names by id", () => {
  const w = wordsFor(gq, (id) => ({ "ben-sample": "Ben Sample" })[id]);
  test("people, methods, evidence, criteria and KSBs are named", () => {
    expect(w.person("ben-sample")).toBe("Ben Sample");
    expect(w.method("project")).toBe("Project and interview");
    expect(w.theSession("project")).toBe("the interview");
    expect(w.theHandIn("project")).toBe("the project report");
    expect(w.evidence("maths")).toBe("Maths at level 2");
    const method = gq.methods.find((m) => m.criteria.distinction.some((c) => c.parts));
    const parted = method?.criteria.distinction.find((c) => c.parts);
    const part = parted?.parts?.[0];
    expect(w.criterion(`${parted?.id}.${part?.id}`)).toContain(part?.text);
    for (const m of gq.methods) for (const k of m.ksbs) expect(w.ksb(k.id, m.id)).toBe(k.text);
  });

  test("an id that nobody knows still gives a sentence", () => {
    const said = [
      w.person(undefined),
      w.person("nobody"),
      w.role("nobody"),
      w.theRole(undefined),
      w.method("nothing"),
      w.theSession("nothing"),
      w.theHandIn("nothing"),
      w.evidence("nothing"),
      w.criterion("nothing"),
      w.ksb("K99"),
      w.setting("nowhere"),
      w.setting("toString"),
      w.theRole("constructor"),
    ];
    expect(said.flatMap(faultsIn)).toEqual([]);
    for (const text of said) expect(typeof text).toBe("string");
  });
});

test("titles of commands are told apart by what they are about", () => {
  const w = wordsFor(gq);
  const one = (type: CommandType, data: object) => commandTitle(type, data as never, w);
  expect(one("session.book", { method: "observation" })).not.toBe(one("session.book", { method: "project" }));
});
