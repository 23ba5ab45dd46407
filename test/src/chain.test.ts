import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Lifted } from "../../src/case/case";
import { canonical, chainStart, erase, hashOf, type Link, seal, verifyChain } from "../../src/chain";
import type { Recorded } from "../../src/ports";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

const start = chainStart("case:1", digest);
const verified = (events: Recorded[], after: Link = start) => verifyChain(events, digest, after);

/** Salts "s1", "s2", … */
function salts(): () => string {
  let n = 0;
  return () => `s${++n}`;
}

type Opened = Omit<Recorded, "hash" | "prev" | "seq">;

/** Sealed and chained as the command handler does it. */
function chained(events: Opened[], salt = salts(), from = start): Recorded[] {
  const done: Recorded[] = [];
  for (const event of events) {
    const last = done.at(-1);
    const open = seal({ ...event, seq: done.length + 1, prev: last?.hash ?? from.head }, salt);
    done.push({ ...open, hash: hashOf(open, digest) });
  }
  return done;
}

const event = (text: string, more: Partial<Opened> = {}): Opened => ({
  type: "ProposalReturned",
  data: { proposal: 1, reasons: ["scope"], feedback: { text } },
  at: "2026-05-01T12:00:00Z",
  by: { person: "ada", role: "assessor" },
  commandId: "c",
  packId: "example-v1",
  ...more,
});

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe("the canonical form", () => {
  it.each([
    [{ b: 1, a: [true, null, "x"] }, '{"a":[true,null,"x"],"b":1}'],
    [{ a: undefined, b: { d: 0, c: -0 } }, '{"b":{"c":0,"d":0}}'],
    [[undefined, 1.5, 1e21, 1e-7], "[null,1.5,1e+21,1e-7]"],
    ['\u2028 " \\ é 😀 \ud800', JSON.stringify('\u2028 " \\ é 😀 \ud800')],
    [{ é: 1, z: 2, Z: 3, 10: 4, 9: 5 }, '{"10":4,"9":5,"Z":3,"z":2,"é":1}'],
    [JSON.parse('{"__proto__":{"x":1},"a":2}'), '{"__proto__":{"x":1},"a":2}'],
    [{}, "{}"],
  ])("of %j is %s", (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  it.each([
    ["NaN", Number.NaN],
    ["an infinity", Number.POSITIVE_INFINITY],
    ["a bigint", 1n],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["nothing", undefined],
    ["a date", new Date(0)],
    ["a map", new Map()],
  ])("there is none of %s, alone or inside", (_, value) => {
    expect(() => canonical(value)).toThrow(TypeError);
    if (value !== undefined) expect(() => canonical({ a: [value] })).toThrow(TypeError);
  });

  it("is the same for equal values, whatever the order of their keys, and after a round trip through JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(canonical(throughJson(value))).toBe(canonical(value));
        expect(canonical(reversed(value))).toBe(canonical(value));
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value));
      }),
    );
  });

  it("differs for values that differ", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        const equal = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(canonical(a) === canonical(b)).toBe(equal);
      }),
    );
  });

  /** The same value, its objects' keys set in reverse order. */
  const reversed = (value: unknown): unknown => rebuilt(value, (entries) => entries.reverse());
  const sorted = (value: unknown): unknown => rebuilt(value, (entries) => entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  function rebuilt(value: unknown, order: (entries: [string, unknown][]) => [string, unknown][]): unknown {
    if (Array.isArray(value)) return value.map((item) => rebuilt(item, order));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(order(Object.entries(value)).map(([key, item]) => [key, rebuilt(item, order)]));
  }
});

describe("sealing", () => {
  it("given free text anywhere, then each piece gets a salt of its own, and the rest stays as it was", () => {
    const data = { n: 1, a: { text: "one" }, list: [{ text: "two" }, { deep: { b: { text: "" } } }], none: null };

    expect(seal(data, salts())).toEqual({
      n: 1,
      a: { text: "one", salt: "s1" },
      list: [{ text: "two", salt: "s2" }, { deep: { b: { text: "", salt: "s3" } } }],
      none: null,
    });
    expect(data.a).toEqual({ text: "one" });
  });

  it("given it is sealed or erased already, then it stays so", () => {
    const sealed = { a: { text: "one", salt: "mine" }, b: { erased: "digest" } };
    expect(seal(sealed, salts())).toEqual(sealed);
  });

  it("given an object that has more than a text, or no words in it, then it is no free text", () => {
    const others = { a: { text: "one", language: "en" }, b: { text: 5 }, c: { text: "x", salt: 5 }, d: { salt: "s" } };
    expect(seal(others, salts())).toEqual(others);
    expect(erase(others, digest)).toEqual(others);
  });
});

describe("the hash of an event", () => {
  const [recorded] = chained([event("too wide")]) as [Recorded];

  it("is the same after a round trip through JSON and whatever the order of its members", () => {
    const other = Object.fromEntries(Object.entries(throughJson(recorded)).reverse()) as unknown as Recorded;
    expect(hashOf(other, digest)).toBe(recorded.hash);
  });

  it.each([
    ["its number", { seq: 2 }],
    ["its type", { type: "ProposalAccepted" }],
    ["its data", { data: { proposal: 2 } }],
    ["its time", { at: "2026-05-01T12:00:01Z" }],
    ["its person", { by: { person: "ben", role: "assessor" as const } }],
    ["its command", { commandId: "d" }],
    ["its pack", { packId: "example-v2" }],
    ["what was lifted", { lifted: [] }],
    ["what came before", { prev: "other" }],
  ])("given %s differs, then it differs", (_, change) => {
    expect(hashOf({ ...recorded, ...change }, digest)).not.toBe(recorded.hash);
  });

  it("given free text was never sealed, then there is none: it could not be erased later", () => {
    expect(() => hashOf({ ...recorded, data: { text: "plain" } }, digest)).toThrow("sealed");
    expect(() => erase({ text: "plain" }, digest)).toThrow("sealed");
  });

  it("given the same words with another salt, then it differs", () => {
    const [again] = chained([event("too wide")], () => "another") as [Recorded];
    expect(again.hash).not.toBe(recorded.hash);
  });

  it("given characters move from the words into the salt, then it differs", () => {
    const moved = { proposal: 1, reasons: ["scope"], feedback: { text: "oo wide", salt: "s1t" } };
    expect(hashOf({ ...recorded, data: moved }, digest)).not.toBe(recorded.hash);
  });
});

describe("erasing", () => {
  const lifted: Lifted[] = [{ code: "AFTER_WINDOW", facts: {}, reason: { text: "was ill" } }];
  const events = chained([event("too wide"), event("still too wide", { lifted }), event("fine")]);

  it("given all words are erased, then none is left and the chain still holds", () => {
    const erased = events.map((one) => erase(one, digest));

    expect(JSON.stringify(erased)).not.toMatch(/wide|fine|ill|s1/);
    expect(erased[0]?.data).toMatchObject({
      proposal: 1,
      feedback: { erased: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(verified(erased)).toEqual(verified(events));
  });

  it("given they are erased twice, then nothing more changes", () => {
    const once = erase(events[1], digest);
    expect(erase(once, digest)).toEqual(once);
  });

  it("given words are erased and put back otherwise, then that record is named", () => {
    const [first, second, third] = events as [Recorded, Recorded, Recorded];
    const other = { ...second, data: { proposal: 1, reasons: ["scope"], feedback: { erased: digest("guess") } } };
    expect(verified([first, other, third])).toEqual({ ok: false, seq: 2, why: "hash" });
  });
});

describe("verifying a chain", () => {
  const events = chained(["one", "two", "three", "four"].map((text) => event(text)));
  const hashes = events.map((one) => one.hash);

  it("given it is whole, then its head and length are told; of none, the beginning", () => {
    expect(verified(events)).toEqual({ ok: true, head: hashes[3], revision: 4 });
    expect(verified([])).toEqual({ ok: true, head: start.head, revision: 0 });
  });

  it("given it is read in parts, then each goes on from the last", () => {
    const first = verified(events.slice(0, 2));
    expect(first.ok && verified(events.slice(2), first)).toEqual(verified(events));
    expect(verified(events.slice(2))).toEqual({ ok: false, seq: 1, why: "gap" });
  });

  it.each([0, 1, 2, 3])("given record %i is altered, then it is named", (at) => {
    const altered = events.map((one, i) => (i === at ? { ...one, at: "2020-01-01T00:00:00Z" } : one));
    expect(verified(altered)).toEqual({ ok: false, seq: at + 1, why: "hash" });
  });

  it.each([0, 1, 2])("given record %i is missing, then its place is named", (at) => {
    expect(verified(events.toSpliced(at, 1))).toEqual({ ok: false, seq: at + 1, why: "gap" });
  });

  it("given a record is repeated, or two change places, then the first out of its place is named", () => {
    const [a, b, c, d] = events as [Recorded, Recorded, Recorded, Recorded];
    expect(verified([a, b, b, c, d])).toEqual({ ok: false, seq: 3, why: "gap" });
    expect(verified([a, c, b, d])).toEqual({ ok: false, seq: 2, why: "gap" });
  });

  it("given a record is forged with a hash of its own, then the one after it no longer follows", () => {
    const forged = { ...(events[1] as Recorded), at: "2020-01-01T00:00:00Z" };
    const chain = events.with(1, { ...forged, hash: hashOf(forged, digest) });
    expect(verified(chain)).toEqual({ ok: false, seq: 3, why: "prev" });
  });

  it("given a chain of another case is continued, then the first of it is named", () => {
    const others = chained(["uno", "dos", "three"].map((text) => event(text)));
    expect(verified([...others.slice(0, 2), ...events.slice(2)])).toEqual({
      ok: false,
      seq: 3,
      why: "prev",
    });
  });

  it("given a whole chain stands in another partition, then it is told that it began elsewhere", () => {
    expect(verified(events, chainStart("case:2", digest))).toEqual({ ok: false, seq: 1, why: "origin" });
  });

  it("given a chain begins with what was altered, then that is no chain of elsewhere", () => {
    const altered = events.with(0, { ...(events[0] as Recorded), prev: digest("x") });
    expect(verified(altered)).toEqual({ ok: false, seq: 1, why: "prev" });
  });

  it("given any one character of its text is altered, then it is not whole", () => {
    const text = JSON.stringify(events);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom("0", "1", "x", " ", "."), (at, character) => {
        const altered = text.slice(0, at) + character + text.slice(at + 1);
        fc.pre(altered !== text);
        let read: Recorded[];
        try {
          read = JSON.parse(altered) as Recorded[];
        } catch {
          return;
        }
        expect(verified(read).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
