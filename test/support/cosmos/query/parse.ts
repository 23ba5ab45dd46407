import { notImplemented, Refused } from "../refused";
import type { Choice, Comparison, Count, Expression, FunctionName, Join, Json, OrderKey, Path, Query } from "./ast";
import { functions } from "./ast";
import { type Token, tokensOf } from "./tokens";

const comparisons: Record<string, Comparison> = {
  "=": "=",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};
const constants: Record<string, Json> = { TRUE: true, FALSE: false, NULL: null };

/**
 * Reads a query of the subset: `SELECT [TOP n] … FROM c [JOIN x IN c.list] [WHERE …] [ORDER BY …] [OFFSET n LIMIT n]`.
 * @throws Refused 400 for a syntax error and for everything of the language that is not implemented here
 */
export function parseQuery(text: string): Query {
  return new Parser(tokensOf(text)).query();
}

class Parser {
  private at = 0;
  private aliases: string[] = [];

  constructor(private readonly tokens: Token[]) {}

  query(): Query {
    this.need("SELECT");
    if (this.takes("DISTINCT")) throw notImplemented("DISTINCT");
    const top = this.takes("TOP") ? this.count() : undefined;
    // The columns name what FROM declares after them.
    const chosenAt = this.at;
    this.skipTo("FROM");
    this.need("FROM");
    const from = this.name();
    if (this.takes("IN") || this.takes("AS")) throw notImplemented("FROM with IN or AS");
    this.aliases = [from];
    const joins: Join[] = [];
    while (this.takes("JOIN")) joins.push(this.join());
    const restAt = this.at;
    this.at = chosenAt;
    const choice = this.choice();
    if (!this.is("FROM")) throw this.unexpected();
    if (choice.is === "all" && joins.length > 0)
      throw new Refused(400, "'SELECT *' is only valid with a single input set.");
    this.at = restAt;
    const where = this.takes("WHERE") ? this.condition() : undefined;
    if (this.is("GROUP")) throw notImplemented("GROUP BY");
    const order = this.takes("ORDER") ? this.orderKeys() : [];
    const offset = this.takes("OFFSET") ? this.count() : undefined;
    if (offset) this.need("LIMIT");
    const limit = offset ? this.count() : undefined;
    if (this.token.is !== "end") throw this.unexpected();
    if (top && offset) throw new Refused(400, "TOP cannot be used together with OFFSET LIMIT.");
    return {
      choice,
      from,
      joins,
      order,
      ...(where ? { where } : {}),
      ...(top ? { top } : {}),
      ...(offset && limit ? { offset, limit } : {}),
    };
  }

  private choice(): Choice {
    if (this.takes("*")) return { is: "all" };
    if (this.takes("VALUE")) return { is: "one", of: this.operand() };
    const columns: { as: string; of: Expression }[] = [];
    do {
      const of = this.operand();
      const as = this.takes("AS") ? this.name() : of.is === "path" ? (of.keys.at(-1) ?? of.root) : undefined;
      if (!as) throw notImplemented("a column without a name");
      if (columns.some((column) => column.as === as)) throw new Refused(400, `The column '${as}' is named twice.`);
      columns.push({ as, of });
    } while (this.takes(","));
    return { is: "columns", of: columns };
  }

  private join(): Join {
    const as = this.name();
    this.need("IN");
    const of = this.path();
    if (this.aliases.includes(as)) throw new Refused(400, `The input alias '${as}' is specified more than once.`);
    this.aliases.push(as);
    return { as, of };
  }

  private orderKeys(): OrderKey[] {
    this.need("BY");
    const keys: OrderKey[] = [];
    do {
      const of = this.path();
      const down = this.takes("DESC");
      if (!down) this.takes("ASC");
      keys.push({ of, down });
    } while (this.takes(","));
    return keys;
  }

  private condition(): Expression {
    const of = [this.conjunction()];
    while (this.takes("OR")) of.push(this.conjunction());
    return of.length === 1 ? (of[0] as Expression) : { is: "or", of };
  }

  private conjunction(): Expression {
    const of = [this.term()];
    while (this.takes("AND")) of.push(this.term());
    return of.length === 1 ? (of[0] as Expression) : { is: "and", of };
  }

  private term(): Expression {
    if (this.takes("NOT")) return { is: "not", of: this.term() };
    const left = this.operand();
    const by = comparisons[this.token.text];
    if (by && this.token.is === "sign") {
      this.at++;
      return { is: "compare", by, left, right: this.operand() };
    }
    const isNegated = this.takes("NOT");
    let found: Expression | undefined;
    if (this.takes("IN")) found = { is: "in", of: left, list: this.listed("(", ")") };
    else if (this.takes("BETWEEN")) {
      const from = this.operand();
      this.need("AND");
      found = { is: "between", of: left, from, to: this.operand() };
    }
    if (isNegated && !found) throw this.unexpected();
    return found ? (isNegated ? { is: "not", of: found } : found) : left;
  }

  private operand(): Expression {
    const { is, text } = this.token;
    if (is === "text") return this.next({ is: "value", value: text });
    if (is === "number") return this.next({ is: "value", value: Number(text) });
    if (is === "parameter") return this.next({ is: "parameter", name: text });
    if (is === "sign" && text === "[") return { is: "array", of: this.listed("[", "]") };
    if (is === "sign" && text === "{") return this.object();
    if (this.takes("(")) {
      const inner = this.condition();
      this.need(")");
      return inner;
    }
    if (is !== "word") throw this.unexpected();
    const word = text.toUpperCase();
    const constant = constants[word];
    if (constant !== undefined) return this.next({ is: "value", value: constant });
    if (this.tokens[this.at + 1]?.text === "(" && this.tokens[this.at + 1]?.is === "sign") return this.call(word);
    return this.path();
  }

  private call(name: string): Expression {
    if (!Object.hasOwn(functions, name)) throw notImplemented(`the function ${name}`);
    this.at++;
    const of = this.listed("(", ")");
    if (of.length !== functions[name as FunctionName]) throw notImplemented(`${name} with ${of.length} arguments`);
    return { is: "call", name: name as FunctionName, of };
  }

  private object(): Expression {
    this.need("{");
    const of: [string, Expression][] = [];
    do {
      if (this.token.is !== "text") throw this.unexpected();
      const key = this.next(this.token.text);
      this.need(":");
      of.push([key, this.operand()]);
    } while (this.takes(","));
    this.need("}");
    return { is: "object", of };
  }

  private listed(open: string, close: string): Expression[] {
    this.need(open);
    const of = [this.operand()];
    while (this.takes(",")) of.push(this.operand());
    this.need(close);
    return of;
  }

  private path(): Path {
    const root = this.name();
    if (!this.aliases.includes(root)) throw new Refused(400, `Identifier '${root}' could not be resolved.`);
    const keys: string[] = [];
    for (;;) {
      if (this.takes(".")) keys.push(this.name());
      else if (this.takes("[")) {
        if (this.token.is !== "text") throw notImplemented("an array's element by its number");
        keys.push(this.next(this.token.text));
        this.need("]");
      } else return { is: "path", root, keys };
    }
  }

  private count(): Count {
    const { is, text } = this.token;
    if (is === "parameter") return this.next({ is: "parameter", name: text });
    if (is !== "number" || !/^\d+$/.test(text)) throw this.unexpected();
    return this.next({ is: "value", value: Number(text) });
  }

  private name(): string {
    if (this.token.is !== "word") throw this.unexpected();
    return this.next(this.token.text);
  }

  private get token(): Token {
    return this.tokens[this.at] ?? { is: "end", text: "" };
  }

  private next<T>(value: T): T {
    this.at++;
    return value;
  }

  private is(text: string): boolean {
    const { is, text: found } = this.token;
    return (is === "word" || is === "sign") && found.toUpperCase() === text;
  }

  private takes(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  private need(text: string): void {
    if (!this.takes(text)) throw this.unexpected();
  }

  private skipTo(word: string): void {
    while (!this.is(word)) {
      if (this.token.is === "end") throw this.unexpected();
      this.at++;
    }
  }

  private unexpected(): Refused {
    return new Refused(400, `Syntax error, incorrect syntax near '${this.token.text || "end of query"}'.`);
  }
}
