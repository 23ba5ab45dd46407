import type { Fact, Problem } from "../../case/case";
import type { ProblemCode } from "../../case/problems";
import { type IsoDate, isDate, londonDate } from "../../rules/calendar";
import { dateText, dateTime } from "../format";
import type { Words } from "../words";

/**
 * What a sentence may ask of a problem's facts. A fact that is missing, or of another kind than expected, is undefined:
 * a refusal is told in any case.
 */
export interface Known {
  /** Beside which input it stands; tells two askers of one code apart. */
  input: string | undefined;
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean;
  list(name: string): readonly string[];
  /** The date of a date or of a moment, in London. */
  iso(name: string): IsoDate | undefined;
  /** "Tue 12 May 2026". */
  day(name: string): string | undefined;
  /** "Tue 12 May 2026, 10:00". */
  moment(name: string): string | undefined;
  /** Each moment of a list, likewise. */
  moments(name: string): readonly string[];
}

export interface Said {
  /** In the input's label, behind a colon: "too early". */
  short: string;
  /** What is so, in one or two sentences. */
  fact: string;
  /** What would be lawful, in one sentence. */
  lawful: string;
}
export type Say = (f: Known, w: Words) => Said;
/** The codes of one stage. */
export type Sayings = Partial<Record<ProblemCode, Say>>;

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/;

/** Reads a problem's facts. */
export function known(problem: Pick<Problem, "facts" | "input">): Known {
  const fact = (name: string): Fact => (Object.hasOwn(problem.facts, name) ? problem.facts[name] : undefined);
  const text = (name: string) => {
    const value = fact(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const iso = (name: string) => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (isDate(value)) return value;
    return isMoment(value) ? londonDate(value) : undefined;
  };
  const list = (name: string) => {
    const value = fact(name);
    return Array.isArray(value) ? value.filter((x) => typeof x === "string") : [];
  };
  return {
    input: problem.input,
    text,
    number: (name) => {
      const value = fact(name);
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    },
    flag: (name) => fact(name) === true,
    list,
    iso,
    day: (name) => when(iso(name), dateText, undefined),
    moment: (name) => {
      const value = text(name);
      return value !== undefined && isMoment(value) ? dateTime(value) : undefined;
    },
    moments: (name) =>
      list(name)
        .filter(isMoment)
        .map((at) => dateTime(at)),
  };
}

/** A moment that exists: the shape alone lets "2026-02-30T25:00Z" through. */
function isMoment(text: string): boolean {
  if (!instant.test(text)) return false;
  try {
    londonDate(text);
    return true;
  } catch {
    return false;
  }
}

/** A sentence with the fact in it, or another one without it. */
export const when = <T, R>(value: T | undefined, said: (value: T) => string, otherwise: R): string | R =>
  value === undefined ? otherwise : said(value);

/** Sentences one behind the other, gaps left out. */
export const sentences = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(" ");
