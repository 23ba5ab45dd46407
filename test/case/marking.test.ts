import { journey, tquk } from "../support/case";

const method = "discussion";
const running = journey(tquk).upTo("booked").started(method);
type Marks = Record<string, "met" | "notMet" | "notYet">;
const P1 = "discussion-P1";
const mark = (j: typeof running, marks: Marks, after?: Record<string, string | null>, how = {}) =>
  j.when("session.mark", { method, marks, ...(after ? { after } : {}) }, how);

describe("marks on two panels", () => {
  const phone = { command: "phone", occurred: { device: "phone" as const } };
  const onPhone = mark(running, { [P1]: "met" }, { [P1]: null }, phone).after;

  it("say who made them, when, by which command and on what", () => {
    expect(onPhone.attempt(method).marked?.[P1]).toMatchObject({ command: "phone", device: "phone", at: running.now });
  });

  it("that differ, made without knowing of each other, are a conflict: nothing is laid over the first", () => {
    const clash = mark(onPhone, { [P1]: "notMet" }, { [P1]: null }, { command: "laptop" });
    expect(clash.refusedWith("MARK_CONFLICT", { criteria: [P1] })).toBeDefined();
    const settled = mark(onPhone, { [P1]: "notMet" }, { [P1]: "phone" }).events("CriteriaMarked");
    expect(settled.attempt(method).marks[P1]).toBe("notMet");
  });

  it("that are the same converge, and what follows either is in order", () => {
    const both = mark(onPhone, { [P1]: "met" }, { [P1]: null }, { command: "laptop" }).events("CriteriaMarked");
    mark(both, { [P1]: "notMet" }, { [P1]: "laptop" }).events("CriteriaMarked");
    mark(both, { [P1]: "notMet" }, { [P1]: "phone" }).refusedWith("MARK_CONFLICT");
  });

  it("are not checked where a command does not say what was seen, as from a card", () => {
    mark(onPhone, { [P1]: "notMet" }).events("CriteriaMarked");
  });

  it("name each criterion apart: one that nobody touched is no conflict", () => {
    mark(onPhone, { "discussion-P2": "met" }, { "discussion-P2": null }).events("CriteriaMarked");
    mark(onPhone, { [P1]: "notMet", "discussion-P2": "met" }, { [P1]: null, "discussion-P2": null }).refusedWith(
      "MARK_CONFLICT",
      { criteria: [P1] },
    );
  });
});

describe("a note", () => {
  const noted = running.do("session.note", { method, text: "Calm", criteria: [P1] }, { command: "note" });
  const correct = (j: typeof noted, change: object = {}, how = {}) =>
    j.when("session.correctNote", { method, note: "note", text: "Very calm", criteria: [], ...change }, how);
  const noteOf = (j: typeof noted) => j.attempt(method).session.notes[0];

  it("is tied to a question by that question's command", () => {
    const asked = running.do("session.ask", { method, text: "Why?", kind: "main", criteria: [] }, { command: "ask" });
    const tied = asked.do("session.note", { method, text: "So", criteria: [], question: "ask" });
    expect(noteOf(tied)?.question).toBe(1);
    asked
      .when("session.note", { method, text: "So", criteria: [], question: "other" })
      .refusedWith("NO_SUCH_QUESTION", { question: "other" });
  });

  it("can be corrected: its time stays, the first words stay on record", () => {
    const later = noted.inSeconds(60);
    const corrected = correct(later, {}, { command: "again" }).events(["NoteCorrected", { note: "note", id: "again" }]);
    expect(noteOf(corrected)).toEqual({
      id: "note",
      seq: corrected.log.length,
      at: noted.now,
      criteria: [],
      corrected: { at: later.now, command: "again" },
    });
    expect(corrected.happened.filter((t) => t === "NoteAdded")).toHaveLength(1);
  });

  it("corrected on two panels is a conflict for the second", () => {
    const corrected = correct(noted, { after: "note" }, { command: "again" }).after;
    correct(corrected, { after: "note" }).refusedWith("NOTE_CONFLICT", { note: "note" });
    correct(corrected, { after: "again" }).events("NoteCorrected");
  });

  it("is corrected until the grade is confirmed", () => {
    const graded = journey(tquk).upTo("graded");
    correct(graded).refusedWith("MARKS_CLOSED");
    correct(noted, { note: "other" }).refusedWith("NO_SUCH_NOTE");
    correct(noted, { criteria: ["project-P1"] }).refusedWith("NO_SUCH_CRITERION");
  });
});
