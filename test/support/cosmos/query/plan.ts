import { effectiveKey } from "../hash";
import type { Expression, Query } from "./ast";
import { countOf, evaluate, type Names } from "./evaluate";
import { printChoice, printChosen, printExpression, printFrom } from "./print";

/** Where the SDK puts what it adds to the filter when it takes an ordered query up again. */
export const filterPlace = "{documentdb-formattableorderbyquery-filter}";

/** True for what the service's gateway does not put together from several partitions by itself: the client must. */
export const needsPlan = ({ order, top, limit }: Query): boolean => order.length > 0 || !!top || !!limit;

/**
 * The service's plan of a query over several partitions, as the SDK reads it: the query to send to each, how to merge the
 * answers, and the part of the hash space that can hold any.
 * @param keyProperty the container's partition key property
 */
export function planOf(query: Query, names: Names, keyProperty: string): Record<string, unknown> {
  const top = countOf(query.top, names);
  const offset = countOf(query.offset, names);
  const limit = countOf(query.limit, names);
  const key = keyAsked(query, names, keyProperty);
  const place = key === undefined ? undefined : effectiveKey(key);
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: "None",
      top: top ?? null,
      offset: offset ?? null,
      limit: limit ?? null,
      orderBy: query.order.map(({ down }) => (down ? "Descending" : "Ascending")),
      orderByExpressions: query.order.map(({ of }) => printExpression(of)),
      groupByExpressions: [],
      groupByAliases: [],
      aggregates: [],
      groupByAliasToAggregateType: {},
      rewrittenQuery: rewritten(query, top, offset, limit),
      hasSelectValue: query.choice.is === "one",
      hasNonStreamingOrderBy: false,
    },
    queryRanges: [
      place === undefined
        ? { min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false }
        : { min: place, max: place, isMinInclusive: true, isMaxInclusive: true },
    ],
  };
}

/** The one partition key a query's filter allows, when it names one: only its partition is asked. */
export function keyAsked(query: Query, names: Names, keyProperty: string): string | undefined {
  const parts = query.where?.is === "and" ? query.where.of : query.where ? [query.where] : [];
  for (const part of parts) {
    if (part.is !== "compare" || part.by !== "=") continue;
    const value = isKey(part.left) ? part.right : isKey(part.right) ? part.left : undefined;
    const found = value && value.is !== "path" ? evaluate(value, names) : undefined;
    if (typeof found === "string") return found;
  }
  return undefined;

  function isKey(of: Expression): boolean {
    return of.is === "path" && of.root === query.from && of.keys.length === 1 && of.keys[0] === keyProperty;
  }
}

function rewritten(query: Query, top?: number, offset?: number, limit?: number): string {
  // Nothing to rewrite: the SDK then sends the query as it is.
  if (query.order.length === 0 && limit === undefined) return "";
  const many = limit === undefined ? "" : ` OFFSET 0 LIMIT ${(offset ?? 0) + limit}`;
  const first = top === undefined ? "" : `TOP ${top} `;
  const from = printFrom(query);
  if (query.order.length === 0) {
    const where = query.where ? ` WHERE ${printExpression(query.where)}` : "";
    return `SELECT ${first}${printChoice(query.choice)} ${from}${where}${many}`;
  }
  const items = query.order.map(({ of }) => `{"item": ${printExpression(of)}}`).join(", ");
  const payload = printChosen(query.choice, query.from);
  const where = query.where ? `(${printExpression(query.where)} AND ${filterPlace})` : filterPlace;
  const order = query.order.map(({ of, down }) => `${printExpression(of)} ${down ? "DESC" : "ASC"}`).join(", ");
  const select = `SELECT ${first}${query.from}._rid, [${items}] AS orderByItems, ${payload} AS payload`;
  return `${select} ${from} WHERE ${where} ORDER BY ${order}${many}`;
}
