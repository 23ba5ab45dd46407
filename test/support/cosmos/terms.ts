import type { IndexPolicy } from "./policy";

/** How many values of a document the container's policy indexes: each costs a little at every write. */
export function indexedTerms(value: unknown, policy: IndexPolicy, path = ""): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + indexedTerms(one, policy, `${path}/[]`), 0);
  if (value !== null && typeof value === "object") {
    const below = Object.entries(value).map(([key, one]) => indexedTerms(one, policy, `${path}/${key}`));
    return below.reduce((sum, one) => sum + one, 0);
  }
  return policy.indexes(path) ? 1 : 0;
}
