import { Expression, ExpressionEvaluator } from "adaptive-expressions";
import { GlobalSettings, Template } from "adaptivecards-templating";
import type { z } from "zod";
import { modelCheck } from "./modelCheck";
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
/** `${count(due) > 0}`: whether there is anything in a list. */
const ANY = /^\$\{count\(([a-zA-Z]\w*)\) > 0\}$/;

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
    private readonly any = false,
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
    return this.any ? Array.isArray(value) && value.length > 0 : value;
  }
}

const parseAny = Template.parseInterpolatedString;
Template.parseInterpolatedString = (text) => {
  const [, list] = ANY.exec(text) ?? [];
  if (list !== undefined) return new PathTo(false, list, true);
  const [, root, path] = PATH.exec(text) ?? [];
  return path === undefined ? parseAny(text) : new PathTo(root !== undefined, path);
};

/** The engine's own steps: a template's texts parsed to expressions, and the value of one of them. */
interface Engine {
  prepare(template: unknown): unknown;
  internalTryEvaluateExpression(
    expression: Expression,
    scope: Scope,
    substitute: boolean,
  ): { value: unknown; error?: string };
}
const engine = Template as unknown as Engine;

function valueIn(expression: unknown, scope: Scope, substitute = true): unknown {
  if (expression instanceof PathTo) return expression.valueIn(scope);
  if (!(expression instanceof Expression)) return expression;
  const { value, error } = engine.internalTryEvaluateExpression(expression, scope, substitute);
  if (error && substitute) throw new BrokenCard(error);
  return error ? undefined : value;
}

/** Draws a part of a template for a model; undefined where it leaves nothing. */
type Draw = (scope: Scope) => unknown;
const isDraw = (part: unknown): part is Draw => typeof part === "function";

/**
 * A part of a prepared template as what draws it, by the engine's rules: `$data` repeats and narrows, `$when` leaves out, lists
 * in a list are one list. What no model changes is made here, once, and is the same frozen object in every card; the engine
 * makes all of it anew each time. Nulls never enter a card.
 */
function drawn(node: unknown): unknown {
  if (node instanceof Expression) return (scope: Scope) => valueIn(node, scope);
  if (Array.isArray(node)) return drawnList(node.map(drawn));
  return typeof node === "object" && node !== null ? drawnObject(node as Record<string, unknown>) : node;
}

function drawnList(parts: readonly unknown[]): unknown {
  if (!parts.some(isDraw)) return Object.freeze(parts);
  return (scope: Scope) => {
    const list: unknown[] = [];
    for (const part of parts) {
      const one = isDraw(part) ? part(scope) : part;
      if (Array.isArray(one)) for (const item of one) list.push(item);
      else if (one !== undefined && one !== null) list.push(one);
    }
    return list;
  };
}

function drawnObject({ $data, $when, ...properties }: Record<string, unknown>): unknown {
  const fixed: Record<string, unknown> = {};
  const bound: { key: string; draw: Draw }[] = [];
  for (const [key, value] of Object.entries(properties)) {
    const part = drawn(value);
    if (isDraw(part)) bound.push({ key, draw: part });
    else if (part !== null) fixed[key] = part;
  }
  if (bound.length === 0 && $data === undefined && $when === undefined) return Object.freeze(fixed);
  const one: Draw = (scope) => {
    if ($when !== undefined && valueIn($when, scope, false) !== true) return undefined;
    const object = { ...fixed };
    for (const { key, draw } of bound) {
      const value = draw(scope);
      if (value === undefined || value === null) continue;
      // Teams refuses an empty list of buttons.
      if (key === "actions" && Array.isArray(value) && value.length === 0) continue;
      object[key] = value;
    }
    return object;
  };
  if ($data === undefined) return one;
  return (scope: Scope) => {
    const data = valueIn($data, scope);
    if (!Array.isArray(data)) return one({ $root: scope.$root, $data: data });
    const many: unknown[] = [];
    for (const item of data) {
      const object = one({ $root: scope.$root, $data: item });
      if (object !== undefined) many.push(object);
    }
    return many.length < 2 ? many[0] : many;
  };
}

/**
 * A template bound to its view model's shape. The function expands the template once and gives the card. A null in the model
 * leaves its property out.
 * @throws BrokenCard when the model lacks what the template names; with `modelCheck.strict` whenever it does not fit its shape.
 */
export function cardFrom<M extends z.ZodType>(name: string, template: object, model: M): (data: z.input<M>) => Card {
  let draw: Draw | undefined;
  return (data) => {
    const read = modelCheck.strict ? model.safeParse(data) : undefined;
    if (read?.error)
      throw new BrokenCard(`${name}: ${read.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; ")}`);
    draw ??= drawn(engine.prepare(withParts(template))) as Draw;
    missing.length = 0;
    const card = draw({ $root: data, $data: data }) as Card;
    if (missing.length > 0) throw new BrokenCard(`${name}: the model lacks ${missing.join(", ")}`);
    return card;
  };
}
