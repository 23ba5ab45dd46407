import { usedIn } from "../../src/case/sitting";
import { drawQuestions } from "../../src/rules/draw";
import { bankOf, gq, type Journey, journey, tquk } from "../support/case";

const method = "discussion";
const running = journey(tquk).upTo("booked").started(method);
const draw = (j: Journey, how = {}) => j.when("session.draw", { method }, how);
const ask = (j: Journey, change: object = {}, how = {}) =>
  j.when("session.ask", { method, questionId: "discussion-Q3", kind: "main", criteria: [], ...change }, how);

describe("drawing the questions of a session", () => {
  it("keeps the seed, the questions and the bank's version; all criteria are reached", () => {
    const drawn = draw(running).events(["QuestionsDrawn", { bank: "1", uncovered: [], without: [] }]);
    const { session } = drawn.attempt(method);
    expect(session.drawn?.ids).toHaveLength(10);
    expect(session).toMatchObject({ bank: "1", drawn: { seed: expect.any(String), at: running.now } });
  });

  it("happens once: nobody draws until it suits", () => {
    draw(draw(running).after).already({ at: running.now });
  });

  it("may be done beforehand, and not once the session is over", () => {
    draw(journey(tquk).upTo("booked")).events("QuestionsDrawn");
    draw(journey(tquk).upTo("held")).refusedWith("SESSION_STATE", { state: "ended" });
    const unbooked = journey(tquk)
      .upTo("planningScheduled")
      .planningFinished({ sessions: [] })
      .upTo("proposalAccepted");
    draw(unbooked.handedIn()).refusedWith("SESSION_STATE", { state: "none" });
  });

  it("takes as many as the document wants, ten where it says nothing", () => {
    const observation = journey(gq).upTo("booked").started("observation");
    const drawn = observation.do("session.draw", { method: "observation" });
    expect(drawn.attempt("observation").session.drawn?.ids).toHaveLength(10);
  });

  it("takes none of an earlier attempt, drawn or asked", () => {
    const first = journey(gq).upTo("booked").do("session.draw", { method: "project" });
    const ids = first.attempt("project").session.drawn?.ids ?? [];
    const again = first
      .upTo("released", { grades: { project: "fail" } })
      .reopened("resit", ["project"])
      .handedIn()
      .booked()
      .do("session.draw", { method: "project" });
    const second = again.attempt("project").session.drawn?.ids ?? [];
    expect(second).toHaveLength(10);
    expect(second.filter((id) => ids.includes(id))).toEqual([]);
  });

  it("takes none of a session that was broken off", () => {
    const drawn = ask(draw(running).after, { questionId: "discussion-Q40" }).after;
    const before = [...(drawn.attempt(method).session.drawn?.ids ?? []), "discussion-Q40"];
    const left = bankOf(tquk).questions.get(method)?.length ?? 0;
    const again = drawn
      .do("session.notHeld", { method, why: "abandoned", detail: "Fire alarm" })
      .inDays(1)
      .booked()
      .do("session.draw", { method });
    expect(left).toBeGreaterThanOrEqual(21);
    expect(again.attempt(method).session.drawn?.ids.filter((id) => before.includes(id))).toEqual([]);
  });

  it("given a bank that is used up, takes those used longest ago, and says that they are", () => {
    const size = 10;
    const all = bankOf(tquk).questions.get(method) ?? [];
    const broken = (j: Journey) =>
      j.do("session.notHeld", { method, why: "technical", detail: "Fire alarm" }).inDays(1).booked();
    const draws: string[][] = [];
    let j = running;
    let events = 0;
    for (let n = 0; n < Math.ceil(all.length / size) + 2; n++) {
      events = j.log.length;
      j = j.do("session.draw", { method });
      draws.push([...(j.attempt(method).session.drawn?.ids ?? [])]);
      const { data } = j.log[events] as unknown as { data: { without: string[]; again?: string[]; seed: string } };
      const known = new Set(draws.slice(0, -1).flat());
      const again = draws.at(-1)?.filter((id) => known.has(id)) ?? [];
      expect(data.again ?? []).toEqual(again);
      // Anybody can draw again from what the record holds.
      const from = all.filter((q) => !data.without.includes(q.id));
      expect(drawQuestions(from, size, data.seed).ids).toEqual(draws.at(-1));
      // Never one of the draw just before, while older ones are there.
      expect(again.filter((id) => draws.at(-2)?.includes(id))).toEqual([]);
      j = broken(j);
    }
    expect(new Set(draws.flat()).size).toBeGreaterThan(size * Math.floor(all.length / size) - size);
    expect(draws.at(-1)).toHaveLength(size);
    expect(draws.at(-1)?.some((id) => draws.slice(0, -1).flat().includes(id))).toBe(true);
  });

  it("says which criteria no question was left for", () => {
    const bank = bankOf(tquk);
    const own = bank.questions.get(method)?.filter((q) => !q.criteria.includes("discussion-D2")) ?? [];
    const without = { ...bank, questions: new Map([...bank.questions, [method, own]]) };
    draw(running, { bank: without }).events(["QuestionsDrawn", { uncovered: ["discussion-D2"] }]);
  });

  it("keeps to the version that the session began with", () => {
    const asked = ask(running).after;
    const newer = { ...bankOf(tquk), version: "2" };
    expect(asked.attempt(method).session.bank).toBe("1");
    expect(ask(asked, { questionId: "discussion-Q4" }, { bank: newer }).after.attempt(method).session.bank).toBe("1");
  });
});

describe("asking", () => {
  it("is known by its command, and a follow-up names what it follows", () => {
    const asked = ask(running, {}, { command: "one" }).after;
    const followed = ask(asked, { questionId: undefined, text: "Why?", kind: "followUp", follows: "one" }).after;
    expect(followed.attempt(method).session.asked).toMatchObject([{ id: "one" }, { follows: "one" }]);
    ask(asked, { text: "Why?", kind: "followUp", follows: "other" }).refusedWith("NO_SUCH_QUESTION");
  });

  it("of one question on two panels counts once", () => {
    ask(ask(running).after).already({ at: running.now });
  });

  it("that was pressed offline before the end counts, though it arrives after it", () => {
    const { now } = running;
    const ended = running.inSeconds(3600).do("session.end", { method, discretion: false, reason: "Nine were enough" });
    const later = ended.inSeconds(600);
    ask(later).refusedWith("SESSION_STATE");
    ask(later, {}, { occurred: { at: ended.inSeconds(5).now } }).refusedWith("SESSION_STATE");
    const at = running.inSeconds(3000).now;
    expect(now < at).toBe(true);
    const asked = ask(later, {}, { occurred: { at } }).events("QuestionAsked");
    expect(asked.attempt(method).session.asked[0]?.at).toBe(at);
  });
});

describe("taking back a question that was ticked by mistake", () => {
  const reason = "Ticked the wrong line";
  const unask = (j: Journey, question: string | number = "slip", in_ = method, how = {}) =>
    j.when("session.unask", { method: in_, question, reason }, how);
  const slip = ask(running, {}, { command: "slip" }).after;

  it("leaves it on the record, with who took it back, when and why", () => {
    const back = unask(slip.inSeconds(9)).events([
      "QuestionWithdrawn",
      { question: "slip", n: 1, reason: { text: reason } },
    ]);
    expect(back.attempt(method).session.asked).toMatchObject([
      { id: "slip", questionId: "discussion-Q3", withdrawn: { at: back.now, reason: { text: reason } } },
    ]);
    unask(back.inSeconds(9)).already({ at: back.now });
    unask(slip, 1).events("QuestionWithdrawn");
    unask(slip, "other").refusedWith("NO_SUCH_QUESTION", { question: "other" });
    unask(slip, 2).refusedWith("NO_SUCH_QUESTION");
  });

  it("frees the question: it can be asked, and drawn in another attempt, and what came of it is kept", () => {
    const back = unask(slip).after;
    const follow = { questionId: undefined, text: "Why?", kind: "followUp", follows: "slip" };
    ask(back, follow).events("QuestionAsked");
    const note = { method, text: "Calm", criteria: [] };
    back.when("session.note", { ...note, question: 1 }).events("NoteAdded");
    back.when("session.note", { ...note, question: 2 }).refusedWith("NO_SUCH_QUESTION", { question: 2 });
    const again = ask(back, {}, { command: "again" }).events(["QuestionAsked", { n: 2, id: "again" }]);
    expect(usedIn(back.attempt(method))).toEqual([]);
    expect(usedIn(again.attempt(method))).toEqual(["discussion-Q3"]);
  });

  it("counts for nothing when the session ends: R09 no question, R18 not ten", () => {
    const one = journey(gq).upTo("booked").run("observation", { questions: 1 });
    const none = unask(one, 1, "observation").after;
    none.when("session.end", { method: "observation", discretion: false }).refusedWith("NO_QUESTION_ASKED");
    const nine = unask(journey(gq).upTo("handedIn").run("project"), 10, "project").after;
    nine
      .when("session.end", { method: "project", discretion: false })
      .refusedWith("QUESTIONS_NOT_EXACT", { asked: 9, wanted: 10 });
  });

  it("after the end keeps what the end was judged on: the last one stays, and nine of ten are on the record", () => {
    const observed = journey(gq)
      .upTo("booked")
      .run("observation", { questions: 1 })
      .do("session.end", { method: "observation", discretion: false });
    expect(unask(observed, 1, "observation").refusedWith("NO_QUESTION_ASKED")).toMatchObject({ rule: "R09" });
    const ten = journey(gq).upTo("handedIn").run("project").do("session.end", { method: "project", discretion: false });
    unask(ten, 10, "project").warnedOf("QUESTIONS_NOT_EXACT", { asked: 9 });
  });

  it("R38: does not speak for a criterion any more", () => {
    const observation = "observation";
    const ended = journey(tquk)
      .upTo("handedIn")
      .run(observation, { questions: 0 })
      .do("session.ask", { method: observation, text: "Why?", kind: "main", criteria: ["observation-P2"] })
      .do("session.ask", { method: observation, text: "And?", kind: "main", criteria: [] })
      .do("session.end", { method: observation, discretion: false })
      .do("session.mark", { method: observation, marks: { "observation-P2": "notMet" } });
    const confirm = (j: Journey) =>
      j
        .when("grade.confirm", { method: observation, grade: "fail", declared: true })
        .warned.map((w) => w.facts.criteria);
    expect(confirm(ended).flat()).not.toContain("observation-P2");
    expect(confirm(unask(ended, 1, observation).after).flat()).toContain("observation-P2");
  });

  it("is over once the grade is confirmed", () => {
    const held = journey(tquk).upTo("held");
    unask(held, 1, "project").events("QuestionWithdrawn");
    unask(held.confirmedGrade("project"), 1, "project").refusedWith("MARKS_CLOSED", { method: "project" });
  });
});
