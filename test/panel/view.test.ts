import fc from "fast-check";
import type { FreeText } from "../../src/case/case";
import { type GradingPanel, PanelView } from "../../src/panel/shape";
import { panelView } from "../../src/panel/view";
import { markKeys } from "../../src/rules/grade";
import type { Grade, Pack, Role } from "../../src/rules/pack";
import { wordsFor } from "../../src/wording/words";
import { actorOf, bankOf, gq, type Journey, journey, marksFor, people, spare, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

const names: Readonly<Record<string, string>> = {
  [people.apprentice]: "Ada Example",
  [people.assessor]: "Ben Sample",
};
const textsOf = (j: Journey): Map<number, FreeText> =>
  new Map(
    j.log
      .filter((e) => e.type === "NoteAdded" || e.type === "NoteCorrected")
      .map((e) => [e.seq, (e.data as { text: FreeText }).text]),
  );
const seen = (j: Journey, method: string, role: Role, person: string = people[role]) =>
  panelView(j.case, actorOf(j.pack, person, role), method, {
    pack: j.pack,
    bank: bankOf(j.pack),
    now: j.now,
    words: wordsFor(j.pack, (id) => names[id]),
    texts: textsOf(j),
  });
const sheet = (j: Journey, method: string, role: Role = "assessor"): GradingPanel => {
  const view = seen(j, method, role);
  if (view?.kind !== "grading") throw new Error(`${role} sees ${view?.kind}`);
  return view;
};
const criterionOf = (view: GradingPanel, id: string) => view.groups.flatMap((g) => g.criteria).find((c) => c.id === id);

const method = "discussion";
const booked = journey(tquk).upTo("booked");
const running = booked.started(method);

describe("the assessor's panel", () => {
  it("before the start has the checklist, and what stands ready", () => {
    const view = sheet(booked.at(booked.attempt(method).session.booking?.at ?? ""), method);
    expect(view).toMatchObject({ timer: { phase: "before", spans: [] }, finish: null });
    expect(view.checklist).toMatchObject({ today: true, conditions: [{ id: "controlled", needed: true }] });
    expect(view.checklist?.ready).toEqual([
      { ok: false, says: "The questions are not drawn yet" },
      { ok: true, says: expect.stringContaining("all mapped") },
    ]);
    expect(view.may).toEqual(["session.draw", "session.start"]);
    const drawn = booked.do("session.draw", { method });
    expect(sheet(drawn, method).checklist?.ready[0]).toMatchObject({ ok: true });
    expect(sheet(drawn, method).checklist?.today).toBe(false);
    expect(sheet(drawn, method).may).toEqual([]);
  });

  it("asks for consent to a recording where the session is on Teams", () => {
    const teams = booked.do(
      "session.move",
      { ...bookingOf(booked), setting: "teams", link: "https://teams.example/l/1", reason: "Snow" },
      { by: "coordinator" },
    );
    expect(sheet(teams, method).checklist?.recording).not.toBeNull();
    expect(sheet(booked, method).checklist?.recording).toBeNull();
  });

  it("has the permitted window, the limits and when they come, extra time moving the upper one only", () => {
    const { limits, warnings } = sheet(running, method).timer;
    expect(limits).toEqual({ least: 3240, planned: 3600, most: 3960, extra: 0, discretionAbove: null });
    expect(warnings.map((w) => [w.kind, w.seconds / 60])).toEqual([
      ["tenToGo", 50],
      ["mayEnd", 54],
      ["planned", 60],
      ["twoToGo", 64],
      ["over", 66],
    ]);
    expect(warnings[0]?.at).toBe(running.inSeconds(3000).now);
    const extra = booked.do("adjustment.request", {
      kind: "extraTime",
      need: "Reads slowly",
      normalWay: true,
      apprenticeInvolved: true,
      extraTimePercent: 25,
      methods: [method],
    });
    const granted = extra
      .do("adjustment.decide", { id: extra.case.adjustments[0]?.id ?? "", granted: true, reason: "As usual for Ada" })
      .started(method);
    expect(sheet(granted, method).timer.limits).toMatchObject({ least: 3240, planned: 3600, most: 4950, extra: 0.25 });
    expect(seen(granted, method, "apprentice")).toMatchObject({
      says: "Ends between 54\u00a0min and 82\u00a0min\u00a030\u00a0s",
    });
  });

  it("leaves pauses out, with their reasons, and moves what is to come", () => {
    const paused = running.inSeconds(600).do("session.pause", { method, reason: "Sound lost" });
    const view = sheet(paused.inSeconds(40), method);
    expect(view.timer).toMatchObject({ phase: "paused", pauses: [{ to: null, reason: "Sound lost" }] });
    expect(view.timer.warnings.every((w) => w.at === null)).toBe(true);
    const resumed = paused.inSeconds(60).do("session.resume", { method });
    expect(sheet(resumed, method).timer.warnings[0]?.at).toBe(running.inSeconds(3060).now);
  });

  it("does not change while only the time goes on", () => {
    expect(sheet(running.inSeconds(1500), method)).toEqual(sheet(running, method));
  });

  it("R09: has the part for questions with its own clock, inside the session or after it", () => {
    const inside = sheet(journey(gq).upTo("booked").started("observation"), "observation").timer.questions;
    expect(inside).toMatchObject({ kind: "inside", share: 0.15, most: null, open: false });
    const after = journey(tquk).upTo("booked").started("observation").inSeconds(3600);
    const open = after.do("session.questions", { method: "observation", part: "open" });
    const { timer } = sheet(open, "observation");
    expect(timer.questions).toMatchObject({ kind: "after", most: 600, open: true });
    expect(timer.questions?.warnings.map((w) => w.at)).toEqual([after.inSeconds(480).now, after.inSeconds(600).now]);
    expect(timer.warnings.map((w) => w.at)).toEqual([null, null, null, null, null]);
  });

  it("ties a note to criteria and a question, at the session's time; a correction shows its latest words", () => {
    const asked = running
      .inSeconds(250)
      .do(
        "session.ask",
        { method, questionId: "discussion-Q3", kind: "main", criteria: ["discussion-P2"] },
        { command: "ask" },
      );
    const noted = asked.do(
      "session.note",
      { method, text: "One style", criteria: ["discussion-P2", "discussion-D1"], question: "ask" },
      { command: "note" },
    );
    const [note] = sheet(noted, method).notes;
    expect(note).toMatchObject({ id: "note", version: "note", seconds: 250, text: "One style", question: "ask" });
    expect(criterionOf(sheet(noted, method), "discussion-D1")?.evidence).toBe(true);
    const again = noted.do(
      "session.correctNote",
      { method, note: "note", text: "Two styles", criteria: ["discussion-P2"] },
      { command: "again" },
    );
    expect(sheet(again, method).notes).toMatchObject([
      { id: "note", version: "again", seconds: 250, text: "Two styles", question: null },
    ]);
    expect(criterionOf(sheet(again, method), "discussion-D1")?.evidence).toBe(false);
  });

  it("says which question would reach most that has no evidence yet, among the drawn ones", () => {
    const drawn = running.do("session.draw", { method });
    const { next, bank, draw } = sheet(drawn, method).questions;
    expect(draw?.ids).toContain(next?.question);
    const reach = (id: string) => bank.find((q) => q.id === id)?.criteria.length ?? 0;
    expect(next?.criteria).toHaveLength(Math.max(...(draw?.ids ?? []).map(reach)));
    expect(bank.slice(0, 10).map((q) => q.id)).toEqual(draw?.ids);

    const asked = drawn.do("session.ask", { method, questionId: next?.question, kind: "main", criteria: [] });
    const after = sheet(asked, method).questions;
    expect(after.next?.question).not.toBe(next?.question);
    expect(after.bank.find((q) => q.id === next?.question)?.asked).toBe(after.asked[0]?.id);
  });

  it("shows a question taken back apart from those asked; it is there to be asked again", () => {
    const asked = running
      .do("session.draw", { method })
      .do("session.ask", { method, questionId: "discussion-Q3", kind: "main", criteria: [] }, { command: "slip" })
      .do("session.note", { method, text: "One style", criteria: [], question: "slip" })
      .do("session.ask", { method, text: "Why?", kind: "followUp", follows: "slip", criteria: [] });
    expect(sheet(asked, method).may).toContain("session.unask");
    expect(sheet(asked, method).questions.withdrawn).toBeUndefined();
    const view = sheet(asked.do("session.unask", { method, question: "slip", reason: "Wrong line" }), method);
    expect(PanelView.parse(view)).toEqual(view);
    expect(view.questions.asked).toMatchObject([{ n: 2, follows: null }]);
    expect(view.questions.withdrawn).toMatchObject([
      { id: "slip", question: "discussion-Q3", withdrawn: asked.now, reason: "Wrong line" },
    ]);
    expect(view.questions.bank.find((q) => q.id === "discussion-Q3")?.asked).toBeNull();
    expect(view.notes).toMatchObject([{ text: "One style", question: null }]);
  });

  it("puts what has no evidence under the question that would reach it; what was asked in vain, under that", () => {
    const drawn = running.do("session.draw", { method });
    const { coverage } = sheet(drawn, method);
    expect(coverage).toMatchObject({ pass: { have: 0, of: 12 }, distinction: { have: 0, of: 3 } });
    expect(coverage.open.flatMap((o) => o.criteria).sort()).toEqual(
      [...drawn.method(method).criteria.pass, ...drawn.method(method).criteria.distinction].map((c) => c.id).sort(),
    );
    const marked = drawn.do("session.mark", { method, marks: { "discussion-P2": "notMet", "discussion-P3": "met" } });
    expect(sheet(marked, method).coverage.pass.have).toBe(2);

    let j = drawn;
    for (const q of sheet(drawn, method).questions.bank.filter((x) => x.drawn))
      j = j.do("session.ask", { method, questionId: q.id, kind: "main", criteria: q.criteria }, { command: q.id });
    const left = sheet(j, method);
    expect(left.questions.next).toBeNull();
    expect(left.coverage.open.every((o) => o.question === null && o.asked !== null)).toBe(true);
  });

  it.each<[Grade, string]>([
    ["fail", "Not yet a pass"],
    ["pass", "Pass so far"],
    ["distinction", "Distinction so far"],
  ])("reckons a %s while it runs, and names what is missing", (grade, says) => {
    const m = running.method(method);
    const j = running.do("session.mark", { method, marks: marksFor(m, grade) });
    const { provisional } = sheet(j, method);
    expect(provisional).toMatchObject({ grade, says, complete: true });
    expect(provisional.missingForPass.map((x) => [x.label, x.mark])).toEqual(
      grade === "fail" ? [["P1", "notMet"]] : [],
    );
    expect(provisional.missingForDistinction.map((x) => x.label)).toEqual(grade === "pass" ? ["D1"] : []);
  });

  it("groups criteria as the pack does, with their KSBs; none is lost", () => {
    for (const pack of [gq, tquk])
      for (const m of pack.methods) {
        const view = sheet(journey(pack).upTo("booked").started(m.id), m.id);
        expect(view.groups.map((g) => g.title)).toEqual([
          ...new Set([...m.criteria.pass, ...m.criteria.distinction].map((c) => c.group)),
        ]);
        const keys = view.groups.flatMap((g) => g.criteria.flatMap((c) => c.keys.map((k) => k.key)));
        expect(keys.sort()).toEqual(
          markKeys(m)
            .map((k) => k.key)
            .sort(),
        );
        expect([...view.groups.flatMap((g) => g.ksbs), ...view.ksbs].map((k) => k.id).sort()).toEqual(
          m.ksbs.map((k) => k.id).sort(),
        );
      }
  });

  it("after the end has the declaration, and once confirmed is read-only", () => {
    const held = journey(gq).upTo("held", { grades: { project: "pass" } });
    const view = sheet(held, "project");
    expect(view).toMatchObject({
      timer: { phase: "marking", ended: { seconds: expect.any(Number) } },
      provisional: { says: "Pass" },
      finish: { grade: "pass", unmarked: [], confirmed: null },
    });
    expect(view.may).toContain("grade.confirm");
    const confirmed = sheet(held.confirmedGrade("project"), "project");
    expect(confirmed).toMatchObject({
      timer: { phase: "confirmed" },
      finish: { confirmed: { grade: "pass" } },
      may: [],
    });
  });

  it("shows who could be there, and who was by the assessor's record, beside what Teams said", () => {
    const { present } = sheet(running, method);
    expect(present).toMatchObject({ recorded: null });
    expect(present.could.map((p) => p.role)).toEqual([
      "apprentice",
      "assessor",
      "employer",
      "provider",
      "iqa",
      "coordinator",
    ]);
    const recorded = running.do("session.present", {
      method,
      who: ["apprentice", "assessor"],
      others: "An interpreter",
    });
    const view = sheet(recorded, method, "iqa");
    expect(view.present).toMatchObject({
      recorded: { who: ["apprentice", "assessor"], others: "An interpreter", by: "Ben Sample" },
    });
    expect(PanelView.parse(view)).toEqual(view);
  });

  it("has report and portfolio at hand", () => {
    expect(sheet(booked, "project").handedIn).toMatchObject({
      kind: "report",
      words: { count: 2500, least: 2250, most: 2750 },
      link: null,
    });
    const { handedIn } = sheet(booked, method);
    expect(handedIn).toMatchObject({ kind: "portfolio", pieces: 10 });
    expect(handedIn?.mapping.map((x) => x.ksb)).toEqual(
      tquk.methods.find((m) => m.id === method)?.ksbs.map((k) => k.id),
    );
    expect(sheet(booked, "observation").handedIn).toBeNull();
  });
});

const bookingOf = (j: Journey) => {
  const { at, setting } = j.attempt(method).session.booking ?? { at: "", setting: "teams" as const };
  return { method, at, setting, where: "Online" };
};

describe("who sees what of a session", () => {
  it.each(["iqa", "coordinator", "auditor"] as const)("%s sees it live and changes nothing", (role) => {
    expect(sheet(running, method, role)).toMatchObject({ role, may: [], provisional: { grade: "fail" } });
  });

  it("an assessor or IQA who has not declared sees what to do first", () => {
    const other = running.do("staff.allocate", { role: "iqa", person: spare.iqa, reason: "Leave" });
    expect(seen(other, method, "iqa", spare.iqa)).toMatchObject({ kind: "closed" });
    expect(JSON.stringify(seen(other, method, "iqa", spare.iqa))).not.toContain("criteria");
  });

  it("an apprentice sees time and practical information", () => {
    const view = seen(running, method, "apprentice");
    expect(view).toMatchObject({ kind: "outside", role: "apprentice", observes: false, timer: { phase: "running" } });
    expect(JSON.stringify(view)).toContain("Ben Sample asks the questions.");
  });

  it("an employer observes where the pack lets them, with its rules", () => {
    const talk = journey(gq).upTo("booked");
    expect(seen(talk, "project", "employer")).toMatchObject({ observes: true, heading: expect.any(String) });
    expect(seen(talk, method, "employer")).toMatchObject({ observes: false, heading: null });
  });

  it("whoever has no part in a session is not shown the way in", () => {
    const link = "https://teams.example/l/1";
    const moved = { ...bookingOf(booked), setting: "teams" as const, link, reason: "Snow" };
    const there = booked.do("session.move", moved, { by: "coordinator" });
    expect(seen(there, method, "apprentice")).toMatchObject({ session: { link } });
    expect(seen(there, method, "employer")).toMatchObject({ observes: false, session: { link: null } });
  });

  it("a provider, a stranger and another body's staff see no session; nor does anyone one that is not booked", () => {
    expect(seen(running, method, "provider")).toBeUndefined();
    expect(seen(running, method, "assessor", spare.assessor)).toBeUndefined();
    const foreign = { person: "zoe-zero", staff: { bodyId: gq.body.id, roles: ["coordinator" as const] } };
    const words = wordsFor(tquk);
    const sources = { pack: tquk, bank: undefined, now: running.now, words, texts: new Map() };
    expect(panelView(running.case, foreign, method, sources)).toBeUndefined();
    expect(seen(running, "essay", "assessor")).toBeUndefined();
    const unbooked = journey(tquk)
      .upTo("planningScheduled")
      .planningFinished({ sessions: [] })
      .upTo("proposalAccepted");
    expect(seen(unbooked, method, "assessor")).toBeUndefined();
  });

  it("is always of its shape, under any pack, at any stage, for anyone", () => {
    for (const pack of [gq, tquk, thirdPack])
      for (const m of pack.methods)
        for (const stage of ["booked", "held", "graded", "released"] as const)
          for (const role of ["assessor", "iqa", "coordinator", "auditor", "apprentice", "employer"] as const) {
            const view = seen(journey(pack).upTo(stage), m.id, role);
            expect(PanelView.parse(view)).toEqual(view);
          }
  });
});

const outsideBytes = (j: Journey, m: string) =>
  (["apprentice", "employer"] as const).map((role) => JSON.stringify(seen(j, m, role)));

describe.each([gq, tquk])("before release, under $id, apprentice and employer see the same bytes", (pack: Pack) => {
  const words = fc.string({ minLength: 1, maxLength: 30 }).filter((s) => s.trim() !== "");
  const mark = fc.constantFrom("met" as const, "notMet" as const, "notYet" as const);

  it.each(pack.methods.map((m) => [m.id, m] as const))("whatever is asked, noted and marked in the %s", (id, m) => {
    const started = journey(pack).upTo("booked").started(id);
    const bare = outsideBytes(started, id);
    const secrets = fc.record({
      notes: fc.array(words, { maxLength: 4 }),
      asked: fc.integer({ min: 0, max: 5 }),
      marks: fc.dictionary(fc.constantFrom(...markKeys(m).map((k) => k.key)), mark),
      drawn: fc.boolean(),
      part: fc.boolean(),
      ticked: fc.boolean(),
    });
    fc.assert(
      fc.property(secrets, ({ notes, asked, marks, drawn, part, ticked }) => {
        let j = started;
        if (drawn) j = j.do("session.draw", { method: id });
        if (part && m.session.questionsPart) j = j.do("session.questions", { method: id, part: "open" });
        for (let n = 1; n <= asked; n++)
          j = j.do("session.ask", { method: id, questionId: `${id}-Q${n}`, kind: "main", criteria: [] });
        if (part) j = j.do("session.present", { method: id, who: ["apprentice", "iqa"], others: "A guest" });
        if (asked > 2) j = j.do("session.unask", { method: id, question: 1, reason: "Not asked" });
        notes.forEach((text, n) => {
          j = j.do("session.note", { method: id, text, criteria: [] }, { command: `note-${n}` });
          j = j.do("session.correctNote", { method: id, note: `note-${n}`, text: "Otherwise", criteria: [] });
        });
        j = j.do("session.mark", { method: id, marks });
        const [fail] = m.criteria.fail;
        if (ticked && fail) j = j.do("session.descriptors", { method: id, ticked: [fail.id] });
        expect(outsideBytes(j, id)).toEqual(bare);
      }),
      { numRuns: 25 },
    );
  });

  it("and whatever the grades, their confirmation and their moderation are", () => {
    const grade = fc.constantFrom<Grade>("fail", "pass", "distinction");
    const id = pack.methods[0]?.id ?? "";
    const bare = outsideBytes(journey(pack).upTo("held"), id);
    fc.assert(
      fc.property(grade, fc.boolean(), fc.boolean(), (g, confirmed, sampled) => {
        let j = journey(pack).upTo("held", { grades: { [id]: g } });
        if (confirmed) j = j.confirmedGrade(id);
        if (confirmed && sampled) j = j.do("moderation.sample", { method: id });
        expect(outsideBytes(j, id)).toEqual(bare);
      }),
      { numRuns: 10 },
    );
  });
});
