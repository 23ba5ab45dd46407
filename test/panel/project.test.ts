import fc from "fast-check";
import { projected } from "../../bot/panel/project";
import type { Envelope, GradingPanel, PanelCommand } from "../../src/panel/shape";
import { panelView } from "../../src/panel/view";
import { markKeys } from "../../src/rules/grade";
import type { Method, Pack } from "../../src/rules/pack";
import { wordsFor } from "../../src/wording/words";
import { actorOf, bankOf, gq, type Journey, journey, people, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

/**
 * What the panel shows of presses that still wait is what the service will make of them: grade, coverage, clock and all. The
 * service's own view after the same presses is the judge.
 */

const sheet = (j: Journey, method: string): GradingPanel => {
  const notes = j.log.filter((e) => e.type === "NoteAdded" || e.type === "NoteCorrected");
  const view = panelView(j.case, actorOf(j.pack, people.assessor, "assessor"), method, {
    pack: j.pack,
    bank: bankOf(j.pack),
    now: j.now,
    words: wordsFor(j.pack),
    texts: new Map(notes.map((e) => [e.seq, (e.data as { text: never }).text])),
  });
  if (view?.kind !== "grading") throw new Error(`No sheet but ${view?.kind}`);
  return view;
};

/** What both must show alike; whose mark it was, and what the service alone knows, is left out. */
const told = (view: GradingPanel) => JSON.parse(JSON.stringify(parts(view)).replaceAll('.000Z"', 'Z"')) as object;
const parts = ({ timer, questions, groups, notes, coverage, provisional, finish, may }: GradingPanel) => ({
  timer: { ...timer, ...apart(timer) },
  questions: { next: questions.next, asked: questions.asked, bank: questions.bank },
  groups: groups.map((g) => g.criteria.map(({ id, evidence, keys }) => [id, evidence, keys.map((k) => k.mark)])),
  notes,
  coverage,
  provisional,
  finish: finish && { grade: finish.grade, says: finish.says, unmarked: finish.unmarked },
  may: may.filter((m) => !unsure.has(m)).sort(),
});
/** When a limit will be reached is said by the service only. */
const apart = ({ questions }: GradingPanel["timer"]) => ({
  warnings: [],
  questions: questions && { ...questions, warnings: [] },
});
/** Offered by the service once there is something to correct, take back, tick or confirm. */
const unsure = new Set<PanelCommand>([
  "session.correctNote",
  "session.unask",
  "session.descriptors",
  "grade.confirm",
  "session.draw",
]);

type Press = { kind: number; pick: number; other: number; wait: number };
const press = fc.record({
  kind: fc.nat(99),
  pick: fc.nat(1000),
  other: fc.nat(1000),
  wait: fc.integer({ min: 1, max: 900 }),
});

/** A command that could be given now: mostly marks, notes and questions, now and then the clock's. */
function commandOf(m: Method, j: Journey, p: Press): { type: PanelCommand; data: object } {
  const method = m.id;
  const keys = markKeys(m);
  const key = keys[p.pick % keys.length];
  const criteria = [...new Set([key, keys[p.other % keys.length]].flatMap((k) => (k ? [k.criterion] : [])))];
  const { session } = j.attempt(method);
  const bank = bankOf(j.pack).questions.get(method) ?? [];
  const question = bank[p.pick % Math.max(1, bank.length)];
  if (p.kind < 45) {
    const mark = (["met", "met", "met", "notMet", "notYet"] as const)[p.other % 5];
    return { type: "session.mark", data: { method, marks: { [key?.key ?? ""]: mark } } };
  }
  if (p.kind < 60) return { type: "session.note", data: { method, text: `Heard ${p.pick}`, criteria } };
  if (p.kind < 65 && session.notes[0]) {
    const note = session.notes[p.pick % session.notes.length]?.id ?? "";
    return { type: "session.correctNote", data: { method, note, text: "Otherwise", criteria } };
  }
  if (p.kind < 85) {
    const ofBank = question && p.other % 3 > 0;
    return ofBank
      ? { type: "session.ask", data: { method, questionId: question.id, kind: "main", criteria: question.criteria } }
      : { type: "session.ask", data: { method, text: "Why?", kind: "followUp", criteria } };
  }
  if (p.kind < 92) return { type: "session.pause", data: { method, reason: "Fire alarm" } };
  if (p.kind < 98) return { type: "session.questions", data: { method, part: p.pick % 2 === 0 ? "open" : "close" } };
  return { type: "session.end", data: { method, reason: "x", discretion: true } };
}

const methods = [gq, tquk, thirdPack].flatMap((pack) =>
  pack.methods.map((m): [string, Pack, Method] => [`${pack.body.short} ${m.id}`, pack, m]),
);

describe.each(methods)("what waits of a session, %s", (_, pack, m) => {
  const started = journey(pack).upTo("booked").started(m.id);

  it("is shown as the service will have it", () => {
    fc.assert(
      fc.property(fc.array(press, { maxLength: 30 }), fc.nat(30), fc.boolean(), (presses, split, drawn) => {
        let j = drawn && bankOf(pack).questions.has(m.id) ? started.do("session.draw", { method: m.id }) : started;
        let before = sheet(j, m.id);
        const waiting: Envelope[] = [];
        presses.forEach((one, n) => {
          // Where it paused, it goes on before long.
          const paused = j.attempt(m.id).session.state === "paused" && one.kind % 2 === 0;
          const command = paused ? { type: "session.resume" as const, data: { method: m.id } } : commandOf(m, j, one);
          const at = j.inSeconds(one.wait);
          const id = `press-${n}`;
          const tried = at.when(command.type as never, command.data as never, { command: id });
          if (!("events" in tried.decision)) return;
          j = tried.after;
          if (n < split) before = sheet(j, m.id);
          else
            waiting.push({
              id,
              caseId: before.session.caseId,
              command: command as Envelope["command"],
              occurred: { device: j.now, monotonic: 0, origin: "load", serverOffset: 0 },
              device: "computer",
            });
        });
        const shown = projected(before, waiting);
        const served = sheet(j, m.id);
        // What is declared at the end comes from the service, once it has heard of the end.
        const finish = shown.finish && served.finish;
        expect(told(shown)).toEqual(told({ ...served, finish }));
      }),
      { numRuns: 25 },
    );
  });
});
