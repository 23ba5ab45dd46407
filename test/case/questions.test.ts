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
