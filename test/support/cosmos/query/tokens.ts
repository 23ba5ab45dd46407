import { Refused } from "../refused";

/** A word, a sign, a number or a string of a query's text. */
export interface Token {
  is: "word" | "sign" | "number" | "text" | "parameter" | "end";
  /** As written; of a string, the value it stands for. */
  text: string;
}

const patterns: [Token["is"] | "gap", RegExp][] = [
  ["gap", /\s+/y],
  ["text", /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y],
  ["number", /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ["parameter", /@\w+/y],
  ["word", /[A-Za-z_]\w*/y],
  ["sign", /<=|>=|!=|<>|[=<>(),.*[\]{}:]/y],
];

/** Cuts a query's text into tokens, an end mark last. @throws Refused 400 at anything else */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const found = match(text, at);
    if (!found) throw new Refused(400, `Syntax error, incorrect syntax near '${text.slice(at, at + 12)}'.`);
    at += found.length;
    if (found.is !== "gap") tokens.push({ is: found.is, text: found.is === "text" ? unquoted(found.raw) : found.raw });
  }
  return [...tokens, { is: "end", text: "" }];
}

function match(text: string, at: number): { is: Token["is"] | "gap"; raw: string; length: number } | undefined {
  for (const [is, pattern] of patterns) {
    pattern.lastIndex = at;
    const raw = pattern.exec(text)?.[0];
    if (raw !== undefined) return { is, raw, length: raw.length };
  }
  return undefined;
}

/** Strings escape with a backslash, as in JSON, in either kind of quotes. */
function unquoted(raw: string): string {
  const inner = raw.slice(1, -1).replace(/\\'/g, "'").replace(/\\"|"/g, '\\"');
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    throw new Refused(400, `Syntax error, invalid string ${raw}.`);
  }
}
