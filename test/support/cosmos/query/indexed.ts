import type { IndexPolicy } from "../policy";
import { notImplemented, Refused } from "../refused";
import type { Expression, Path, Query } from "./ast";

/**
 * Refuses a query that no index stands behind, so that a test proves one does. (The service itself scans for some of these,
 * at a cost that grows with the container.)
 * @param isScoped the query stays within one partition key's value
 * @throws Refused 400 for a filter or an order on a path outside the index, an order by several properties without its composite
 * index, and a filter over all partitions that only a scan could serve
 */
export function checkIndexed(query: Query, policy: IndexPolicy, isScoped: boolean): void {
  const pathOf = resolver(query);
  const need = (path: string) => {
    if (!policy.indexes(path)) throw new Refused(400, `A scan would be needed: the path ${path} is not indexed.`);
  };
  if (query.where) {
    for (const path of filtered(query.where)) need(path.list ? `${pathOf(path.of)}/[]` : pathOf(path.of));
    if (!isScoped && !seeks(query.where)) {
      throw new Refused(400, "A scan would be needed: no part of the filter is a look-up in an index.");
    }
  }
  if (query.order.length === 0) return;
  if (query.joins.length > 0) throw notImplemented("ORDER BY with JOIN");
  const keys = query.order.map(({ of, down }) => ({ path: pathOf(of), down }));
  for (const { path } of keys) {
    if (path === "") throw new Refused(400, "ORDER BY needs a property.");
    if (!policy.indexes(path) && keys.length === 1) {
      throw new Refused(400, `The index path ${path} corresponding to the specified order-by item is excluded.`);
    }
  }
  if (keys.length > 1 && !policy.orders(keys)) {
    const message = "The order by query does not have a corresponding composite index that it can be served from.";
    throw new Refused(400, message);
  }
}

/** The path in the document, such as `/people/[]/id`, of a property named by an alias. */
function resolver({ from, joins }: Query): (path: Path) => string {
  const roots = new Map([[from, ""]]);
  const pathOf = ({ root, keys }: Path) => [roots.get(root) ?? "", ...keys.map((key) => `/${key}`)].join("");
  for (const { as, of } of joins) roots.set(as, `${pathOf(of)}/[]`);
  return pathOf;
}

/** Every property a condition asks about; `list` when it asks about the elements. */
function filtered(of: Expression): { of: Path; list: boolean }[] {
  const plain = (one: Expression) => (one.is === "path" ? [{ of: one, list: false }] : constant(one));
  switch (of.is) {
    case "value":
      return [];
    case "and":
    case "or":
      return of.of.flatMap(filtered);
    case "not":
      return filtered(of.of);
    case "compare": {
      const sides = [...plain(of.left), ...plain(of.right)];
      if (sides.length > 1) throw new Refused(400, "A scan would be needed: two properties are compared.");
      return sides;
    }
    case "in":
      return [...plain(of.of), ...of.list.flatMap(constant)];
    case "between":
      return [...plain(of.of), ...constant(of.from), ...constant(of.to)];
    case "call": {
      const [first, ...others] = of.of;
      if (first?.is !== "path") throw notImplemented(`${of.name} of something else than a property`);
      for (const other of others) constant(other);
      return [{ of: first, list: of.name === "ARRAY_CONTAINS" }];
    }
    case "path":
      return [{ of, list: false }];
    default:
      throw notImplemented("this filter");
  }
}

/** @throws Refused 400 unless the expression is the same for every document */
function constant(of: Expression): never[] {
  if (of.is === "value" || of.is === "parameter") return [];
  if (of.is === "array") return of.of.flatMap(constant);
  throw notImplemented("a filter with a computed value");
}

/** True when an index finds the documents of a condition, or a set that holds them. */
function seeks(of: Expression): boolean {
  switch (of.is) {
    case "value":
      return of.value === true;
    case "and":
      // The SDK sets "true" where it has nothing to add: beside another condition it finds nothing.
      return of.of.every(isTrue) || of.of.some((one) => !isTrue(one) && seeks(one));
    case "or":
      return of.of.every(seeks);
    case "compare":
      return of.by !== "!=";
    case "call":
      return of.name !== "IS_NULL";
    case "in":
    case "between":
    case "path":
      return true;
    default:
      return false;
  }
}

const isTrue = (of: Expression): boolean => of.is === "value" && of.value === true;
