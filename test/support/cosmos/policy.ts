import { Refused } from "./refused";

/** A container's indexing policy, as far as a query asks it. */
export interface IndexPolicy {
  /** True when a range index stands behind the path, such as `/state` or `/tags/[]`. */
  indexes(path: string): boolean;
  /** True when a composite index has these paths in this order, all directions as given or all turned round. */
  orders(by: readonly { path: string; down: boolean }[]): boolean;
}

interface RawPolicy {
  indexingMode?: string;
  includedPaths?: { path: string }[];
  excludedPaths?: { path: string }[];
  compositeIndexes?: { path: string; order?: string }[][];
}

/** What the service gives a container that names no policy: everything but the etag. */
export const defaultPolicy = {
  indexingMode: "consistent",
  automatic: true,
  includedPaths: [{ path: "/*" }],
  excludedPaths: [{ path: '/"_etag"/?' }],
};

/**
 * Reads a policy. Of an included and an excluded path that both cover a property, the more precise one holds; `id` and
 * `_ts` are indexed in any case.
 * @throws Refused 400 when the policy is not one the service takes: the root path is missing, or a composite index is short
 */
export function readPolicy(raw: unknown): IndexPolicy {
  const policy = (raw ?? defaultPolicy) as RawPolicy;
  const mode = (policy.indexingMode ?? "consistent").toLowerCase();
  if (mode !== "consistent") throw new Refused(400, `Not implemented by this double: indexing mode ${mode}`);
  const rules = [
    ...(policy.includedPaths ?? []).map(({ path }) => ({ ...readPath(path), included: true })),
    ...(policy.excludedPaths ?? []).map(({ path }) => ({ ...readPath(path), included: false })),
  ];
  if (!rules.some(({ keys, whole }) => keys.length === 0 && whole)) {
    throw new Refused(400, "The special mandatory indexing path '/*' is not provided in any of the path type sets.");
  }
  const composites = (policy.compositeIndexes ?? []).map((index) => {
    if (index.length < 2) throw new Refused(400, "A composite index needs at least two paths.");
    return index.map(({ path, order }) => ({ path: path.replaceAll('"', ""), down: order === "descending" }));
  });

  return {
    indexes(path) {
      if (path === "/id" || path === "/_ts") return true;
      const keys = path.split("/").slice(1);
      let best: { depth: number; included: boolean } | undefined;
      for (const rule of rules) {
        const covers = rule.whole ? rule.keys.length <= keys.length : rule.keys.length === keys.length;
        if (!covers || rule.keys.some((key, at) => key !== keys[at])) continue;
        // A path to one value is more precise than one to everything below.
        const depth = rule.keys.length * 2 + (rule.whole ? 0 : 1);
        if (!best || depth > best.depth) best = { depth, included: rule.included };
      }
      return best?.included ?? false;
    },
    orders(by) {
      const fits = (index: { path: string; down: boolean }[], turned: boolean) =>
        index.length === by.length &&
        index.every(({ path, down }, at) => path === by[at]?.path && down === (by[at]?.down !== turned));
      return composites.some((index) => fits(index, false) || fits(index, true));
    },
  };
}

/** `/a/?` names one value, `/a/*` all below; a name in quotes is the name itself. */
function readPath(path: string): { keys: string[]; whole: boolean } {
  const keys = path.replaceAll('"', "").split("/").slice(1);
  const end = keys.pop();
  if (!path.startsWith("/") || (end !== "?" && end !== "*")) {
    throw new Refused(400, `The indexing path '${path}' could not be accepted.`);
  }
  return { keys, whole: end === "*" };
}
