/** Severity, least first. */
export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

/** What may be told beside an event: ids, codes, counts, an error. Anything that could be prose is masked. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes one JSON object a line. `event` is a constant such as `auth.refused`, never built from data. Values that may
 * hold people's words, mail addresses or tokens are masked (see {@link redact}).
 */
export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  /** A log that adds these fields, such as a correlation id, to each line. */
  with(fields: Fields): Log;
  /** Whether this level is written: guards fields that are dear to build. */
  enabled(level: Level): boolean;
}

const MASK = "[redacted]";
const PRIVATE_KEY = /token|secret|password|authorization|cookie|mail|text|name$|upn|note|comment/i;
/** An identifier, path, host or number: no spaces. Teams' own ids hold `@thread…` and `:`. */
const IDENTIFIER = /^[\w.:;,*/\\+=@-]{1,256}$/;
const MAIL = /[^\s@]+@[^\s@]+\.[a-z]{2,}/i;
const CONVERSATION = /^(19|a):[^@\s]+(@(thread\.[a-z0-9]+|unq\.gbl\.spaces))?(;messageid=\d+)?$/i;
/** JSON Web Tokens and long runs without a separator, as secrets are. */
const TOKEN = /eyJ[\w-]{8,}|[\w+/=~-]{80,}/;

/** One value as it may be logged: identifiers, numbers and booleans pass; prose, mail addresses and tokens do not. */
export function redact(key: string, value: unknown): unknown {
  if (value === undefined || value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Error) return describeError(value);
  if (PRIVATE_KEY.test(key)) return MASK;
  if (typeof value === "string") {
    if (CONVERSATION.test(value)) return value;
    return IDENTIFIER.test(value.replaceAll("…", "")) && !MAIL.test(value) && !TOKEN.test(value) ? value : MASK;
  }
  if (Array.isArray(value)) return value.slice(0, 20).map((item) => redact(key, item));
  return MASK;
}

/** The messages of these come from the engine, not from data, once quoted parts are gone. */
const PROGRAMMING_ERRORS = new Set(["TypeError", "RangeError", "ReferenceError"]);

/** An error as it may be logged: its kind, code and places in the code, but not its words, which may quote people. */
function describeError(error: Error): Fields {
  const code = (error as { code?: unknown }).code;
  // The stack begins with the words, which may run over lines that look like places.
  const stack = error.stack ?? "";
  const places = stack.slice(stack.lastIndexOf(error.message) + error.message.length);
  const frames = places.split("\n").filter((line) => /^\s+at /.test(line));
  return {
    kind: error.name,
    ...(typeof code === "string" || typeof code === "number" ? { code: redact("code", code) } : {}),
    ...(PROGRAMMING_ERRORS.has(error.name) && !MAIL.test(error.message) && !TOKEN.test(error.message)
      ? { problem: error.message.replace(/"[^"]*"/g, '"…"').slice(0, 200) }
      : {}),
    at: frames.slice(0, 6).map((line) => line.trim().slice(3)),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}

export interface LogOptions {
  /** The least level written; `info` unless told. */
  readonly level?: Level;
  /** Where a line goes, newline included; standard output unless told. */
  readonly write?: (line: string) => void;
  /** The time of a line. */
  readonly now?: () => Date;
}

/** A log for the whole process, or one that a test reads. */
export function createLog(options: LogOptions = {}): Log {
  const least = LEVELS.indexOf(options.level ?? "info");
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  const now = options.now ?? (() => new Date());

  const withFields = (base: Fields): Log => {
    const line = (level: Level, event: string, fields: Fields = {}): void => {
      if (LEVELS.indexOf(level) < least) return;
      const entry: Record<string, unknown> = { at: now().toISOString(), level, event };
      for (const [key, value] of Object.entries({ ...base, ...fields })) entry[key] = redact(key, value);
      write(`${JSON.stringify(entry)}\n`);
    };
    return {
      debug: (event, fields) => line("debug", event, fields),
      info: (event, fields) => line("info", event, fields),
      warn: (event, fields) => line("warn", event, fields),
      error: (event, fields) => line("error", event, fields),
      with: (fields) => withFields({ ...base, ...fields }),
      enabled: (level) => LEVELS.indexOf(level) >= least,
    };
  };
  return withFields({});
}

/**
 * Sends what libraries print on `console.error` and `console.warn` to the log instead, as an event without its words:
 * botbuilder prints keys and whole errors for each forged token.
 *
 * @returns puts the console back.
 */
export function captureConsole(log: Log, target: Pick<Console, "error" | "warn"> = console): () => void {
  const { error, warn } = target;
  const firstError = (values: readonly unknown[]) => values.find((value) => value instanceof Error);
  target.error = (...values: unknown[]) => log.warn("library.error", { error: firstError(values) });
  target.warn = (...values: unknown[]) => log.warn("library.warning", { error: firstError(values) });
  return () => {
    target.error = error;
    target.warn = warn;
  };
}
