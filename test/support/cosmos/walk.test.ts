import fc from "fast-check";
import { doubleClock } from "./clock";
import { Container } from "./container";
import { Draft } from "./items";
import type { Json } from "./query/ast";
import { type Place, pageOf } from "./query/page";
import { parseQuery } from "./query/parse";

const newContainer = () =>
  new Container({ id: "cases", partitionKey: { paths: ["/pk"], version: 2 } }, "AAAAAYAAAAE=", 1, doubleClock());

const id = fc.integer({ min: 0, max: 30 }).map((n) => `d${n}`);
const text = fc.constantFrom("a", "ab", "abc", "b", "ba", "é");
const body = fc.record(
  {
    n: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }) }, text),
    s: text,
    free: fc.integer({ min: 0, max: 4 }),
  },
  { requiredKeys: ["s"] },
);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("upsert" as const), id, body }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), id }) },
);
const query = fc.constantFrom(
  "SELECT * FROM c",
  "SELECT * FROM c WHERE c.n = 3",
  "SELECT * FROM c WHERE c.n > 2 AND c.n <= 7",
  "SELECT * FROM c WHERE 5 > c.n ORDER BY c.n DESC",
  "SELECT * FROM c WHERE c.n >= 0 ORDER BY c.n",
  "SELECT * FROM c ORDER BY c.s",
  "SELECT * FROM c ORDER BY c.s DESC",
  "SELECT * FROM c WHERE STARTSWITH(c.s, 'ab') ORDER BY c.s",
  "SELECT * FROM c WHERE STARTSWITH(c.s, 'a') AND c.free = 1",
  "SELECT * FROM c WHERE c.s BETWEEN 'ab' AND 'b' ORDER BY c.s DESC",
  "SELECT * FROM c WHERE c.free <= 2 ORDER BY c.s",
  "SELECT * FROM c WHERE c.free = 1 AND c.s >= 'ab' ORDER BY c.s, c.free DESC",
  "SELECT TOP 4 * FROM c WHERE c.free >= 1 ORDER BY c.free DESC",
  "SELECT * FROM c WHERE c.free >= 1 ORDER BY c.free OFFSET 2 LIMIT 5",
);

test("an index finds what looking at every document finds, in the same order and pages, whatever was written between", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(step, { maxLength: 25 }), query, fc.integer({ min: 1, max: 6 })), { maxLength: 6 }),
      (rounds) => {
        const container = newContainer();
        const [partition] = container.partitions;
        if (!partition) throw new Error("No partition");
        for (const [steps, asked, size] of rounds) {
          for (const one of steps) write(container, one);
          const parsed = parseQuery(asked);
          let from: Place | undefined;
          do {
            const indexed = pageOf(container, { partition }, parsed, new Map<string, Json>(), size, from);
            const looked = pageOf(container, { partition, sight: partition.lsn }, parsed, new Map(), size, from);
            expect(indexed).toEqual(looked);
            from = indexed.after;
          } while (from);
        }
      },
    ),
    { numRuns: 200 },
  );
});

function write(container: Container, one: { kind: "upsert" | "delete"; id: string; body?: object }): void {
  if (one.kind === "delete" && !container.read("p", one.id)) return;
  const draft = new Draft(container, "p");
  draft.apply({ kind: one.kind, id: one.id, body: { ...one.body, id: one.id, pk: "p" } });
  draft.commit();
}
