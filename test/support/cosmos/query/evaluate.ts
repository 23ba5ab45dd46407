import { notImplemented, Refused } from "../refused";
import type { Choice, Comparison, Count, Expression, Join, Json } from "./ast";

/** What names stand for: the document and joined elements by alias, parameters by `@name`. */
export type Names = ReadonlyMap<string, Json | undefined>;

/** An expression's value; undefined is a value of its own here, as in the service. */
export function evaluate(of: Expression, names: Names): Json | undefined {
  switch (of.is) {
    case "path":
      return of.keys.reduce(member, names.get(of.root));
    case "value":
      return of.value;
    case "parameter":
      if (!names.has(of.name)) throw new Refused(400, `The parameter ${of.name} is not given.`);
      return names.get(of.name);
    case "array":
      return of.of.map((one) => evaluate(one, names)).filter((one) => one !== undefined);
    case "object":
      return objectOf(of.of, names);
    case "compare":
      return compared(of.by, evaluate(of.left, names), evaluate(of.right, names));
    case "and":
      return all(of.of, names, false);
    case "or":
      return all(of.of, names, true);
    case "not":
      return negated(evaluate(of.of, names));
    case "in": {
      const value = evaluate(of.of, names);
      if (value === undefined) return undefined;
      return of.list.some((one) => compared("=", value, evaluate(one, names)) === true);
    }
    case "between": {
      const value = evaluate(of.of, names);
      const over = compared(">=", value, evaluate(of.from, names));
      const under = compared("<=", value, evaluate(of.to, names));
      return over === undefined || under === undefined ? undefined : over && under;
    }
    case "call":
      return called(
        of.name,
        of.of.map((one) => evaluate(one, names)),
      );
  }
}

/** The number a TOP, OFFSET or LIMIT stands for. @throws Refused 400 unless whole and not negative */
export function countOf(of: Count | undefined, names: Names): number | undefined {
  if (!of) return undefined;
  const value = evaluate(of, names);
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw new Refused(400, "A count must be a whole number.");
  return value;
}

/** What a query answers for one row; undefined: nothing. */
export function chosen(choice: Choice, from: string, names: Names): Json | undefined {
  if (choice.is === "all") return names.get(from);
  if (choice.is === "one") return evaluate(choice.of, names);
  return objectOf(
    choice.of.map(({ as, of }) => [as, of]),
    names,
  );
}

/** The rows that joins make of a document: each element of the first array with each of the next. */
export function joined(names: Names, joins: readonly Join[]): Names[] {
  return joins.reduce<Names[]>(
    (rows, { as, of }) =>
      rows.flatMap((row) => {
        const list = evaluate(of, row);
        return Array.isArray(list) ? list.map((one) => new Map([...row, [as, one]])) : [];
      }),
    [names],
  );
}

/** Order of two values of one kind: below, at or above 0; undefined when they do not compare. */
export function order(left: Json | undefined, right: Json | undefined): number | undefined {
  if (kindOf(left) !== kindOf(right)) return undefined;
  if (left === null) return 0;
  if (typeof left === "string" || typeof left === "number" || typeof left === "boolean") {
    const other = right as typeof left;
    return left < other ? -1 : left > other ? 1 : 0;
  }
  return undefined;
}

const kindOf = (value: Json | undefined): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value;

function member(value: Json | undefined, key: string): Json | undefined {
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  return isObject && Object.hasOwn(value, key) ? value[key] : undefined;
}

function objectOf(entries: [string, Expression][], names: Names): Json {
  const made: { [key: string]: Json } = {};
  for (const [key, of] of entries) {
    const value = evaluate(of, names);
    if (value !== undefined) made[key] = value;
  }
  return made;
}

/** Values of different kinds do not compare: the result is undefined, which no filter takes for true. */
function compared(by: Comparison, left: Json | undefined, right: Json | undefined): boolean | undefined {
  if (left === undefined || right === undefined || kindOf(left) !== kindOf(right)) return undefined;
  if (left !== null && typeof left === "object") {
    return by === "=" ? JSON.stringify(sorted(left)) === JSON.stringify(sorted(right)) : undefined;
  }
  const found = order(left, right) ?? 0;
  switch (by) {
    case "=":
      return found === 0;
    case "!=":
      return found !== 0;
    case "<":
      return found < 0;
    case "<=":
      return found <= 0;
    case ">":
      return found > 0;
    case ">=":
      return found >= 0;
  }
}

/** Objects are equal whatever the order of their members. */
function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((one) => sorted(one) ?? null);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one) ?? null]));
}

/** Three-valued: one deciding value decides; else anything that is not a truth value makes it undefined. */
function all(of: Expression[], names: Names, deciding: boolean): boolean | undefined {
  const values = of.map((one) => evaluate(one, names));
  if (values.includes(deciding)) return deciding;
  return values.every((value) => value === !deciding) ? !deciding : undefined;
}

const negated = (value: Json | undefined): boolean | undefined => (typeof value === "boolean" ? !value : undefined);

function called(name: string, [first, second]: (Json | undefined)[]): boolean | undefined {
  switch (name) {
    case "IS_DEFINED":
      return first !== undefined;
    case "IS_NULL":
      return first === null;
    case "STARTSWITH":
      return typeof first === "string" && typeof second === "string" ? first.startsWith(second) : undefined;
    case "ARRAY_CONTAINS":
      if (second !== null && typeof second === "object") throw notImplemented("ARRAY_CONTAINS of an object or a list");
      if (!Array.isArray(first) || second === undefined) return Array.isArray(first) ? false : undefined;
      return first.some((one) => compared("=", one, second) === true);
    default:
      throw new Error(`No function ${name}`);
  }
}
