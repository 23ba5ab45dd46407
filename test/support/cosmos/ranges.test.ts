import path from "node:path";
import fc from "fast-check";
import { another, codeOf, endAll, given } from "./given";
import { effectiveKey } from "./hash";
import { holds, rangeOf, splitRanges } from "./ranges";

afterEach(endAll);

/** The SDK's own hash, which it does not hand out. */
const sdk = require(path.resolve("node_modules/@azure/cosmos/dist/commonjs/utils/hashing/v2.js")) as {
  hashV2PartitionKey(values: string[]): string;
};

test("a partition key's value lies in the hash space where the SDK places it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme", maxLength: 80 }), fc.uuid()), (value) => {
      expect(effectiveKey(value)).toBe(sdk.hashV2PartitionKey([value]));
    }),
  );
});

test.each([1, 2, 3, 4, 7])("%i ranges cover the hash space without gap or overlap, and all are used", (count) => {
  const ranges = splitRanges(count);
  expect(ranges[0]?.min).toBe("");
  expect(ranges.at(-1)?.max).toBe("FF");
  for (const [at, range] of ranges.entries()) if (at > 0) expect(range.min).toBe(ranges[at - 1]?.max);
  const used = new Set<string>();
  for (let n = 0; n < 200; n++) {
    used.add(rangeOf(ranges, `case:${n}`).id);
    expect(ranges.filter((range) => holds(range, effectiveKey(`case:${n}`)))).toHaveLength(1);
  }
  expect(used.size).toBe(count);
});

test("a range that does not exist is gone", async () => {
  const { double } = await given({ ranges: 2 });
  const cases = another(double, { connectionPolicy: { enableEndpointDiscovery: false } });
  const asked = (range: string) =>
    cases.items.query("SELECT * FROM c", {
      initialHeaders: { "x-ms-documentdb-partitionkeyrangeid": range },
    } as never);
  expect(await codeOf(asked("1").fetchAll())).toBe("done");
  expect(await codeOf(asked("9").fetchAll())).not.toBe("done");
});
