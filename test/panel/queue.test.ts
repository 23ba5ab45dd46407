import fc from "fast-check";
import { batchOf, merged, settled, unreadable, waitingOf } from "../../bot/panel/queue";
import type { Entry } from "../../bot/panel/vault";
import type { CommandAnswer, Envelope } from "../../src/panel/shape";

const reading = { device: "2026-04-07T09:30:00.000Z", monotonic: 0, origin: "one" };
const envelope = (id: string, text = "Heard"): Envelope => ({
  id,
  caseId: "case-1",
  command: { type: "session.note", data: { method: "discussion", text, criteria: [] } },
  occurred: { ...reading, serverOffset: 0 },
  device: "computer",
});
const entries = (...ids: string[]): Entry[] => ids.map((id) => ({ envelope: envelope(id) }));
const idsOf = (some: readonly Envelope[]) => some.map(({ id }) => id);
const done = (id: string): CommandAnswer => ({ kind: "done", id, revision: 1, repeat: false, warned: [] });
const refused = (id: string): CommandAnswer => ({
  kind: "refused",
  id,
  revision: 1,
  problems: [{ ...problem, code: "NOT_OPEN" }],
});
const [problem] = problemsOf(unreadable(envelope("x")));
function problemsOf({ held }: Entry) {
  if (held?.kind !== "refused" || !held.problems[0]) throw new Error("not held");
  return [held.problems[0]] as const;
}

describe("what is sent next", () => {
  it("is in the order pressed, as many as the service takes at once; what is held for the person is left out", () => {
    const [first, second, third] = entries("a", "b", "c");
    if (!first || !second || !third) throw new Error();
    const held: Entry = { ...second, held: { ...refused("b"), kind: "refused" } as NonNullable<Entry["held"]> };
    expect(idsOf(batchOf([first, held, third]))).toEqual(["a", "c"]);
    const many = entries(...Array.from({ length: 120 }, (_, n) => `n${n}`));
    expect(idsOf(batchOf(many))).toEqual(idsOf(waitingOf(many)).slice(0, 50));
    expect(idsOf(batchOf(many, 1))).toEqual(["n0"]);
    expect(batchOf([])).toEqual([]);
  });

  it("is small enough in bytes, and one at least however long it is", () => {
    const long = (id: string) => ({ envelope: envelope(id, "x".repeat(200_000)) });
    expect(idsOf(batchOf([long("a"), long("b")]))).toEqual(["a"]);
    expect(idsOf(batchOf([{ envelope: envelope("a", "x".repeat(400_000)) }, ...entries("b")]))).toEqual(["a"]);
  });
});

describe("what the answers settle", () => {
  it("goes once it is done or stood already; refused and in conflict it is held with what was said; the rest is sent again", () => {
    const sent = ["a", "b", "c", "d"].map((id) => envelope(id));
    const answers: CommandAnswer[] = [
      done("a"),
      { kind: "already", id: "b", revision: 2 },
      refused("c"),
      { kind: "later", id: "d", revision: 2 },
    ];
    const { gone, held, again } = settled(sent, answers);
    expect(gone).toEqual(["a", "b"]);
    expect(held.map(({ envelope: e, held: h }) => [e.id, h?.kind])).toEqual([["c", "refused"]]);
    expect(again).toBe(true);
    expect(settled(sent.slice(0, 3), answers).again).toBe(false);
  });

  it("is only what was answered: a lost answer forgets nothing", () => {
    const sent = [envelope("a"), envelope("b")];
    expect(settled(sent, [])).toEqual({ gone: [], held: [], again: true });
    expect(settled(sent, [done("b")])).toEqual({ gone: ["b"], held: [], again: true });
    expect(settled(sent, [done("elsewhere")]).gone).toEqual([]);
  });

  it("in whatever batches and with whatever lost, each is gone once at last, in the order pressed", () => {
    const answering = fc.array(fc.constantFrom("done", "later", "lost"), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), answering, (count, kinds) => {
        let waiting = entries(...Array.from({ length: count }, (_, n) => `n${n}`));
        const gone: string[] = [];
        for (let turn = 0; waiting.length > 0; turn++) {
          const kind = turn < kinds.length ? kinds[turn] : "done";
          const sent = batchOf(waiting, 7);
          // The service goes through them in order: what comes after a late one is late too.
          const upTo = kind === "done" ? sent.length : kind === "later" ? Math.floor(sent.length / 2) : 0;
          const answers = sent.map(
            ({ id }, n): CommandAnswer => (n < upTo ? done(id) : { kind: "later", id, revision: 1 }),
          );
          const now = settled(sent, kind === "lost" ? [] : answers);
          gone.push(...now.gone);
          waiting = waiting.filter((e) => !now.gone.includes(e.envelope.id));
        }
        expect(gone).toEqual(Array.from({ length: count }, (_, n) => `n${n}`));
      }),
    );
  });
});

describe("memory and what lies on the device", () => {
  it("are one: the device's in its order, then what is still on its way there; what another tab took away is gone", () => {
    const there = entries("a", "b");
    const mine = entries("b", "c", "d");
    const ids = (some: readonly Entry[]) => some.map((e) => e.envelope.id);
    expect(ids(merged(there, mine, new Set(["d"])))).toEqual(["a", "b", "d"]);
    // On its way, and arrived meanwhile: once.
    expect(ids(merged(there, mine, new Set(["b", "d"])))).toEqual(["a", "b", "d"]);
    expect(ids(merged([], mine, new Set()))).toEqual([]);
  });
});
