import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { labelsOf, pressedAt, projected } from "../../bot/panel/project";
import type { Entry } from "../../bot/panel/vault";
import type { FreeText } from "../../src/case/case";
import type { Envelope, GradingPanel, PanelRequest } from "../../src/panel/shape";
import { panelView } from "../../src/panel/view";
import { markKeys } from "../../src/rules/grade";
import type { Pack } from "../../src/rules/pack";
import { wordsFor } from "../../src/wording/words";
import { actorOf, bankOf, gq, type Journey, journey, people, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

/** What waits is laid over the service's view as the service itself will draw it once it has it: there is no second truth. */

function sheet(j: Journey, method: string): GradingPanel {
  const texts = j.log
    .filter((e) => e.type === "NoteAdded" || e.type === "NoteCorrected")
    .map((e) => [e.seq, (e.data as { text: FreeText }).text] as const);
  const sources = { pack: j.pack, bank: bankOf(j.pack), now: j.now, words: wordsFor(j.pack), texts: new Map(texts) };
  const view = panelView(j.case, actorOf(j.pack, people.assessor, "assessor"), method, sources);
  if (view?.kind !== "grading") throw new Error(`The assessor sees ${view?.kind}`);
  return view;
}
const entryOf = (j: Journey, command: PanelRequest, id: string = randomUUID()): Entry => ({
  envelope: {
    id,
    caseId: j.id,
    command,
    occurred: { device: j.now, monotonic: 0, origin: "one", serverOffset: 0 },
    device: "computer",
  },
});
/** Instants as they are written everywhere else. */
const plainly = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(".000Z", "Z")) as T;
/** What the person reads of it. Whose a mark is and what only the service words come with its answer. */
function read(view: GradingPanel) {
  const { timer, questions, groups, notes, coverage, provisional, finish, may, present } = view;
  return plainly({
    timer: { ...timer, warnings: null, questions: timer.questions && { ...timer.questions, warnings: null } },
    questions,
    criteria: groups.flatMap((g) =>
      g.criteria.map((c) => [c.id, c.evidence, c.keys.map((k) => [k.key, k.mark, k.last?.command])]),
    ),
    present: present.recorded && { ...present.recorded, by: "" },
    notes: [...notes].sort((a, b) => a.seconds - b.seconds || a.id.localeCompare(b.id)),
    coverage,
    provisional,
    finish: finish && { grade: finish.grade, says: finish.says, unmarked: finish.unmarked },
    may: [...may].sort(),
  });
}

interface Said {
  j: Journey;
  entries: Entry[];
}
/** Presses it: the case goes on, or refuses it, and then it was not to be shown either. */
function press(said: Said, command: PanelRequest): Said {
  const entry = entryOf(said.j, command);
  const outcome = said.j.when(command.type, command.data as never, { command: entry.envelope.id });
  if (outcome.refused.length > 0) return said;
  return { j: outcome.after, entries: [...said.entries, entry] };
}

const pick = <T>(some: readonly T[], n: number): T | undefined => some[n % Math.max(1, some.length)];
/** One thing that an assessor may do, by dice. */
function step(said: Said, method: string, [kind, a, b]: readonly [number, number, number]): Said {
  const { j } = said;
  const view = sheet(j, method);
  const m = j.method(method);
  const all = [...m.criteria.pass, ...m.criteria.distinction].map((c) => c.id);
  const criteria = [pick(all, a), pick(all, b)].filter((x, i, both) => x !== undefined && both.indexOf(x) === i);
  const keys = markKeys(m).map((k) => k.key);
  const asked = pick(view.questions.asked, a)?.id;
  const note = pick(view.notes, a);
  const data = { method };
  const later = (command: PanelRequest) => press({ ...said, j: j.inSeconds(1 + (b % 90)) }, command);
  switch (kind) {
    case 0: {
      const q = pick(view.questions.bank, a);
      if (!q || q.asked) return said;
      return later({ type: "session.ask", data: { ...data, questionId: q.id, kind: "main", criteria: q.criteria } });
    }
    case 1:
      return later({
        type: "session.ask",
        data: {
          ...data,
          text: `Why ${b}?`,
          kind: "followUp",
          criteria: criteria as string[],
          ...(asked ? { follows: asked } : {}),
        },
      });
    case 2:
      return asked ? later({ type: "session.unask", data: { ...data, question: asked, reason: "Wrong line" } }) : said;
    case 3:
      return later({
        type: "session.note",
        data: { ...data, text: `Heard ${b}`, criteria: criteria as string[], ...(asked ? { question: asked } : {}) },
      });
    case 4:
      return note
        ? later({
            type: "session.correctNote",
            data: {
              ...data,
              note: note.id,
              text: `Otherwise ${b}`,
              criteria: criteria as string[],
              after: note.version,
            },
          })
        : said;
    case 5:
    case 6:
    case 7: {
      const [one, two] = [pick(keys, a), pick(keys, b)];
      if (!one || !two) return said;
      const to = (n: number) => (["met", "notMet", "notYet"] as const)[n % 3] ?? "met";
      return later({ type: "session.mark", data: { ...data, marks: { [one]: to(b), [two]: to(a) } } });
    }
    case 8:
      return view.timer.phase === "paused"
        ? later({ type: "session.resume", data })
        : later({ type: "session.pause", data: { ...data, reason: "Sound lost" } });
    case 9:
      return later({
        type: "session.questions",
        data: { ...data, part: view.timer.questions?.open ? "close" : "open" },
      });
    case 10:
      return later({
        type: "session.present",
        data: { ...data, who: ["apprentice", "assessor"], others: `Guest ${b}` },
      });
    default:
      return later({ type: "session.end", data: { ...data, discretion: true, reason: "Fire alarm" } });
  }
}

const dice = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 })),
  { minLength: 1, maxLength: 16 },
);
const sessions = [gq, tquk, thirdPack].flatMap((pack: Pack) => pack.methods.map((m) => [pack.id, m.id, pack] as const));

describe.each(sessions)("under %s, in the %s", (_id, method, pack) => {
  const running = journey(pack).upTo("booked").started(method).inSeconds(60);

  it("whatever was pressed and waits is shown as the service will show it", () => {
    fc.assert(
      fc.property(dice, fc.boolean(), fc.nat(14), fc.nat(20), (thrown, drawn, split, end) => {
        let before = drawn ? running.do("session.draw", { method }) : running;
        let said: Said = { j: before, entries: [] };
        thrown.forEach((one, n) => {
          said = step(said, method, n === end ? [11, 0, 0] : one);
          // What came before is with the service already.
          if (n !== split) return;
          before = said.j;
          said = { j: before, entries: [] };
        });
        const shown = projected(sheet(before, method), said.entries);
        const served = sheet(said.j, method);
        // What is declared at the end comes from the service, once it has heard of the end; confirming waits for it.
        const may = shown.finish ? served.may : served.may.filter((type) => type !== "grade.confirm");
        expect(read(shown)).toEqual(read({ ...served, may, finish: shown.finish && served.finish }));
      }),
      { numRuns: 20 },
    );
  });

  it("what has arrived meanwhile is not shown twice", () => {
    fc.assert(
      fc.property(dice, (thrown) => {
        let said: Said = { j: running, entries: [] };
        for (const one of thrown) if (one[0] < 8 && one[0] !== 2) said = step(said, method, one);
        const stands = sheet(said.j, method);
        expect(read(projected(stands, said.entries))).toEqual(read(stands));
      }),
      { numRuns: 8 },
    );
  });
});

describe("laid over the view", () => {
  const method = "discussion";
  const running = journey(tquk).upTo("booked").started(method).inSeconds(60);
  const note: PanelRequest = { type: "session.note", data: { method, text: "Heard", criteria: [] } };

  it("is neither another case's, nor another session's, nor what is held for the person", () => {
    const view = sheet(running, method);
    const mine = entryOf(running, note);
    const held: Entry["held"] = { kind: "refused", id: mine.envelope.id, revision: 1, problems: [] };
    const elsewhere = { ...mine, envelope: { ...mine.envelope, caseId: "another" } };
    const other = entryOf(running, { ...note, data: { ...note.data, method: "project" } });
    expect(projected(view, [elsewhere, other, { ...mine, held }])).toBe(view);
    expect(projected(view, [mine]).notes).toHaveLength(1);
    expect(view.notes).toEqual([]);
  });

  it("before the start leads to the running clock, from when it was pressed", () => {
    const booked = journey(tquk).upTo("booked");
    const there = booked.at(booked.attempt(method).session.booking?.at ?? "");
    const start: PanelRequest = {
      type: "session.start",
      data: {
        method,
        identityChecked: true,
        conditions: ["controlled"],
        recording: false,
        consent: false,
        storage: true,
      },
    };
    const view = projected(sheet(there, method), [entryOf(there, start)]);
    expect(view).toMatchObject({
      timer: { phase: "running", spans: [{ from: pressed(there), to: null }] },
      checklist: null,
    });
    expect([...view.may].sort()).toEqual([...sheet(there.started(method), method).may].sort());
  });

  it("ended, the grade is not there to be confirmed until the service has heard of it, though every mark is made", () => {
    const marks = Object.fromEntries(markKeys(running.method(method)).map(({ key }) => [key, "met" as const]));
    const over = running.inSeconds(3600);
    const mark = entryOf(over, { type: "session.mark", data: { method, marks } });
    const end = entryOf(over, { type: "session.end", data: { method, discretion: false } });
    const view = projected(sheet(running, method), [mark, end]);
    expect(view).toMatchObject({ timer: { phase: "marking" }, provisional: { complete: true }, finish: null });
    expect(view.may).toContain("session.mark");
    expect(view.may).not.toContain("grade.confirm");
    const heard = over.do("session.mark", { method, marks }).do("session.end", { method, discretion: false });
    expect(sheet(heard, method).may).toContain("grade.confirm");
  });

  it("the same people said to be present again keep the time of their first record", () => {
    const present: PanelRequest = { type: "session.present", data: { method, who: ["apprentice"], others: "A guest" } };
    const later = running.inSeconds(40);
    const view = projected(sheet(running, method), [entryOf(running, present), entryOf(later, present)]);
    expect(view.present.recorded).toMatchObject({ at: pressed(running), others: "A guest" });
    const corrected = entryOf(later, { ...present, data: { ...present.data, others: "Two guests" } });
    expect(projected(view, [corrected]).present.recorded).toMatchObject({ at: pressed(later), others: "Two guests" });
  });

  it("declared and confirmed is read-only at once", () => {
    const held = journey(tquk).upTo("booked").sat(method);
    const confirm: PanelRequest = { type: "grade.confirm", data: { method, grade: "distinction", declared: true } };
    const view = projected(sheet(held, method), [entryOf(held, confirm)]);
    expect(view).toMatchObject({
      timer: { phase: "confirmed" },
      may: [],
      finish: { confirmed: { at: pressed(held) } },
    });
  });
});

const pressed = (j: Journey) => new Date(j.now).toISOString();

describe("criteria in one line", () => {
  it("stand by their numbers, those for a pass first, whatever order they come in", () => {
    const view = sheet(journey(gq).upTo("booked"), "discussion");
    const ids = view.groups.flatMap((g) => g.criteria.map((c) => c.id));
    const given = ["D2", "P11", "P9", "P2", "D1"].map((l) => `discussion-${l}`).filter((id) => ids.includes(id));
    expect(given.length).toBeGreaterThan(2);
    const told = labelsOf(view, given).split(", ");
    const inOrder = ["P2", "P9", "P11", "D1", "D2"].filter((l) => given.includes(`discussion-${l}`));
    expect(told).toEqual(inOrder);
  });
});

describe("when it was pressed", () => {
  const envelope = (device: string, serverOffset: number | null): Envelope => ({
    ...entryOf(journey(tquk).upTo("booked"), { type: "session.resume", data: { method: "discussion" } }).envelope,
    occurred: { device, monotonic: 0, origin: "one", serverOffset },
  });

  it("is by the service's clock as the panel kept it, also where the device's was moved by hours", () => {
    const moved = envelope("2026-04-07T06:30:00.000Z", 0);
    expect(pressedAt({ envelope: moved, at: "2026-04-07T09:30:00.000Z" })).toBe("2026-04-07T09:30:00.000Z");
  });

  it("of what an earlier build has kept, by the device's clock and what it was off by; by that alone before any answer", () => {
    expect(pressedAt({ envelope: envelope("2026-04-07T08:30:00.000Z", 3_600_000) })).toBe("2026-04-07T09:30:00.000Z");
    expect(pressedAt({ envelope: envelope("2026-04-07T08:30:00.000Z", null) })).toBe("2026-04-07T08:30:00.000Z");
  });
});
