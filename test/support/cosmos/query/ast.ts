/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A property of the document (`c.a.b`) or of a joined array's element (`n.role`). */
export interface Path {
  is: "path";
  root: string;
  keys: string[];
}

/** An expression of the subset that this double understands. */
export type Expression =
  | Path
  | { is: "value"; value: Json }
  | { is: "parameter"; name: string }
  | { is: "array"; of: Expression[] }
  | { is: "object"; of: [string, Expression][] }
  | { is: "compare"; by: Comparison; left: Expression; right: Expression }
  | { is: "and" | "or"; of: Expression[] }
  | { is: "not"; of: Expression }
  | { is: "in"; of: Expression; list: Expression[] }
  | { is: "between"; of: Expression; from: Expression; to: Expression }
  | { is: "call"; name: FunctionName; of: Expression[] };

/** Comparison operators; `<>` is read as `!=`. */
export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** The functions known here, with how many arguments they take. */
export const functions = { STARTSWITH: 2, ARRAY_CONTAINS: 2, IS_DEFINED: 1, IS_NULL: 1 } as const;
export type FunctionName = keyof typeof functions;

/** A number written out or given as a parameter. */
export type Count = { is: "value"; value: Json } | { is: "parameter"; name: string };

/** `JOIN as IN of`: once for each element of the array. */
export interface Join {
  as: string;
  of: Path;
}

/** One key of the order. */
export interface OrderKey {
  of: Path;
  down: boolean;
}

/** What is chosen of each document: all of it, one value, or named columns. */
export type Choice =
  | { is: "all" }
  | { is: "one"; of: Expression }
  | { is: "columns"; of: { as: string; of: Expression }[] };

/** A query. */
export interface Query {
  choice: Choice;
  from: string;
  joins: Join[];
  where?: Expression;
  order: OrderKey[];
  top?: Count;
  offset?: Count;
  limit?: Count;
}
