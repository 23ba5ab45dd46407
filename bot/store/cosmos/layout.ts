import type { ContainerDefinition } from "@azure/cosmos";

/** Seconds after which what is only a trace may go: an emptied list item, a card's update that went out, a probe. */
export const traceTtl = 86_400;
export const endedTtl = 30 * 86_400;

/** Properties by which anything is looked for outside its own partition; see the plan in `cosmos.ts`. */
export const indexed = ["k", "b", "free", "part"] as const;

/**
 * The container. Only list keys, the notices' waking times and the partitions' names are indexed (ids are by nature):
 * bodies of cases, events and notices cost nothing to index. Time to live is on, but only items that say so expire.
 */
export const containerDefinition = (id: string): ContainerDefinition => ({
  id,
  partitionKey: { paths: ["/pk"], version: 2 },
  defaultTtl: -1,
  indexingPolicy: {
    automatic: true,
    indexingMode: "consistent",
    includedPaths: indexed.map((name) => ({ path: `/${name}/?` })),
    excludedPaths: [{ path: "/*" }],
  },
});

/** A body as an item keeps it: as it is, or as text where it holds what not every JSON reader keeps to the letter. */
export type Packed = { body: unknown } | { text: string };

export function packed(body: unknown): Packed {
  const text = JSON.stringify(body);
  // NUL and lone surrogates stand in JSON only as escapes.
  return /\\u(0000|d[89a-f][0-9a-f]{2})/i.test(text) ? { text } : { body: JSON.parse(text) as unknown };
}

export const unpacked = <T>(item: Packed): T => ("text" in item ? JSON.parse(item.text) : item.body) as T;
