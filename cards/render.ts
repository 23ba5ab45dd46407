import { Expression, ExpressionEvaluator } from "adaptive-expressions";
import { GlobalSettings, Template } from "adaptivecards-templating";
import type { z } from "zod";
import actions from "./parts/actions.json";
import banner from "./parts/banner.json";
import heading from "./parts/heading.json";
import input from "./parts/input.json";
import ownActions from "./parts/ownActions.json";
import problems from "./parts/problems.json";
import result from "./parts/result.json";
import track from "./parts/track.json";

/**
 * From a template and its view model to a card. A template is parsed once and expanded once: what a person wrote is data and
 * never becomes template text, so `${…}` in it stays as it was typed.
 */

/** An Adaptive Card, schema 1.5, as Teams takes it. */
export interface Card {
  type: "AdaptiveCard";
  version: "1.5";
  fallbackText: string;
  body: Record<string, unknown>[];
  actions?: Record<string, unknown>[];
  [more: string]: unknown;
}

/** A view model that does not fit its template: a bug of ours, never a person's doing. The message names card and path. */
export class BrokenCard extends Error {
  override name = "BrokenCard";
}

/** Pieces that several templates share: `{ "$include": "actions" }` stands for them in a list. */
const parts: Readonly<Record<string, unknown[]>> = {
  actions,
  banner,
  heading,
  input,
  ownActions,
  problems,
  result,
  track,
};

function withParts(node: unknown): unknown {
  if (Array.isArray(node)) return node.flatMap((x) => (isInclude(x) ? withParts(partOf(x.$include)) : [withParts(x)]));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withParts(value)]));
}

const isInclude = (x: unknown): x is { $include: string } => typeof x === "object" && x !== null && "$include" in x;

function partOf(name: string): unknown[] {
  const part = parts[name];
  if (!part) throw new BrokenCard(`There is no part “${name}”`);
  return part;
}

// The engine leaves `${path}` in the card where the model lacks it, and tells nobody but this.
const missing: string[] = [];
GlobalSettings.getUndefinedFieldValueSubstitutionString = (path) => {
  missing.push(path);
  return undefined;
};

const PATH = /^\$\{(\$root\.)?([a-zA-Z]\w*(?:\.[a-zA-Z]\w*)*)\}$/;

interface Scope {
  $root: unknown;
  $data: unknown;
}

/**
 * Nearly all that our templates say is the path to a value: `${title}`, `${$root.heading.line}`. The engine takes a path apart
 * each time it meets it, compares the names of everything in its way without regard to case, and makes a memory to look in;
 * here it is taken apart once, and looked up where it is.
 */
class PathTo extends Expression {
  private readonly names: readonly string[];

  constructor(
    private readonly root: boolean,
    private readonly path: string,
  ) {
    super("path", new ExpressionEvaluator("path", () => ({ value: undefined, error: `${path} was evaluated` })));
    this.names = path.split(".");
  }

  valueIn(scope: Scope): unknown {
    let value: unknown = this.root ? scope.$root : scope.$data;
    for (const name of this.names) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) {
        missing.push(this.path);
        return undefined;
      }
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  }
}

const parseAny = Template.parseInterpolatedString;
Template.parseInterpolatedString = (text) => {
  const [, root, path] = PATH.exec(text) ?? [];
  return path === undefined ? parseAny(text) : new PathTo(root !== undefined, path);
};

/** The engine's two steps that meet an expression: what is in a place of the template, and what `$data` and `$when` say. */
interface Engine {
  internalTryEvaluateExpression(
    expression: Expression,
    scope: Scope,
    substitute: boolean,
  ): { value: unknown; error?: string };
  prototype: { internalExpand(this: { _context: Scope }, node: unknown): unknown };
}
const engine = Template as unknown as Engine;
const evaluateAny = engine.internalTryEvaluateExpression;
engine.internalTryEvaluateExpression = (expression, scope, substitute) =>
  expression instanceof PathTo ? { value: expression.valueIn(scope) } : evaluateAny(expression, scope, substitute);
const expandAny = engine.prototype.internalExpand;
engine.prototype.internalExpand = function (node) {
  if (typeof node !== "object" || node === null) return node;
  // The engine leaves out a property that is undefined: what is null is never put in, to be taken out again.
  if (node instanceof PathTo) return node.valueIn(this._context) ?? undefined;
  const expanded = expandAny.call(this, node);
  return Array.isArray(node) ? (expanded as unknown[]).filter((x) => x !== undefined) : expanded;
};

/**
 * A template bound to its view model's shape. The function checks the model (strictly: a property too many is a bug too),
 * expands the template once and gives the card. A null in the model leaves its property out.
 * @throws BrokenCard when the model does not fit.
 */
export function cardFrom<M extends z.ZodType>(name: string, template: object, model: M): (data: z.input<M>) => Card {
  let built: Template | undefined;
  return (data) => {
    const read = model.safeParse(data);
    if (!read.success)
      throw new BrokenCard(`${name}: ${read.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; ")}`);
    built ??= new Template(withParts(template));
    missing.length = 0;
    const card = withoutNulls(built.expand({ $root: read.data })) as Card;
    if (missing.length > 0) throw new BrokenCard(`${name}: the model lacks ${missing.join(", ")}`);
    return card;
  };
}

/** Takes out properties that are null and lists of buttons that are empty, in place. A button's data is not looked into. */
function withoutNulls(node: unknown): unknown {
  if (Array.isArray(node)) for (const x of node) withoutNulls(x);
  else if (typeof node === "object" && node !== null) {
    const object = node as Record<string, unknown>;
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (value === null || (key === "actions" && Array.isArray(value) && value.length === 0)) delete object[key];
      else if (key !== "data") withoutNulls(value);
    }
  }
  return node;
}
