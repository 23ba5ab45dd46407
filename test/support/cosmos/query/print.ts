import type { Choice, Expression, Query } from "./ast";

/** Writes an expression as text that reads back as the same expression. */
export function printExpression(of: Expression): string {
  switch (of.is) {
    case "path":
      return [
        of.root,
        ...of.keys.map((key) => (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)),
      ].join("");
    case "value":
      return JSON.stringify(of.value);
    case "parameter":
      return of.name;
    case "array":
      return `[${of.of.map(printExpression).join(", ")}]`;
    case "object":
      return `{${of.of.map(([key, value]) => `${JSON.stringify(key)}: ${printExpression(value)}`).join(", ")}}`;
    case "compare":
      return `(${printExpression(of.left)} ${of.by} ${printExpression(of.right)})`;
    case "and":
    case "or":
      return `(${of.of.map(printExpression).join(` ${of.is.toUpperCase()} `)})`;
    case "not":
      return `(NOT ${printExpression(of.of)})`;
    case "in":
      return `(${printExpression(of.of)} IN (${of.list.map(printExpression).join(", ")}))`;
    case "between":
      return `(${printExpression(of.of)} BETWEEN ${printExpression(of.from)} AND ${printExpression(of.to)})`;
    case "call":
      return `${of.name}(${of.of.map(printExpression).join(", ")})`;
  }
}

/** One expression that makes what a query's choice makes of a document. */
export function printChosen(choice: Choice, from: string): string {
  if (choice.is === "all") return from;
  if (choice.is === "one") return printExpression(choice.of);
  return printExpression({ is: "object", of: choice.of.map(({ as, of }) => [as, of]) });
}

/** `SELECT …` of a choice, without `TOP`. */
export function printChoice(choice: Choice): string {
  if (choice.is === "all") return "*";
  if (choice.is === "one") return `VALUE ${printExpression(choice.of)}`;
  return choice.of.map(({ as, of }) => `${printExpression(of)} AS ${as}`).join(", ");
}

/** `FROM` with its joins. */
export const printFrom = ({ from, joins }: Query): string =>
  [`FROM ${from}`, ...joins.map(({ as, of }) => `JOIN ${as} IN ${printExpression(of)}`)].join(" ");
