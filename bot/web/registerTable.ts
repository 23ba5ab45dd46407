import { isDate } from "../../src/rules/calendar";
import type { Pack } from "../../src/rules/pack";

/** From the rows of a file to what a registration is made from. Says nothing of lawfulness: the desk does. */

/** The template's columns in their order, each with the input it is in the chat's form; and whether a file may lack it. */
export const columns = [
  { input: "ref", title: "Reference", optional: true },
  { input: "bodyId", title: "Awarding body", optional: true },
  { input: "apprentice-name", title: "Apprentice" },
  { input: "apprentice-mail", title: "Apprentice mail" },
  { input: "employerName", title: "Firm" },
  { input: "employer-name", title: "Employer contact" },
  { input: "employer-mail", title: "Employer mail" },
  { input: "provider-name", title: "Training provider contact" },
  { input: "provider-mail", title: "Training provider mail" },
  { input: "programmeStart", title: "Programme start" },
  { input: "englishMathsException", title: "English and maths exceptions", optional: true },
] as const satisfies readonly { input: string; title: string; optional?: true }[];
type Input = (typeof columns)[number]["input"];

/** The column's title for an input, or null where a problem is in none of them. */
export const columnOf = (input: string | undefined): string | null =>
  columns.find((c) => c.input === input)?.title ?? null;

const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

export interface Header {
  /** Where each input stands in a row. */
  at: ReadonlyMap<Input, number>;
  /** Titles of columns that are needed and not there, or there twice. */
  missing: string[];
  twice: string[];
  /** Titles of columns that nothing is made of. */
  ignored: string[];
}

/** Columns are known by their titles, whatever their order, capitals and spaces. */
export function headerOf(row: readonly string[]): Header {
  const at = new Map<Input, number>();
  const twice: string[] = [];
  const ignored: string[] = [];
  row.forEach((title, i) => {
    const column = columns.find((c) => plain(c.title) === plain(title) || plain(c.input) === plain(title));
    if (!column) {
      if (title.trim()) ignored.push(title.trim());
    } else if (at.has(column.input)) twice.push(column.title);
    else at.set(column.input, i);
  });
  const missing = columns.filter((c) => !("optional" in c) && !at.has(c.input)).map((c) => c.title);
  return { at, missing, twice, ignored };
}

/** "2026-05-12", or that day written as in the UK, "12/05/2026"; anything else stays as it is, and is refused as no date. */
export function dayIn(text: string): string {
  const uk = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  if (!uk) return text;
  const [, day = "", month = "", year = ""] = uk;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isDate(iso) ? iso : text;
}

/** What a row asks for, as the chat's form would send it: empty cells are left out. `body` is what stands in its column. */
export function payloadOf(
  row: readonly string[],
  { at }: Header,
  packs: readonly Pack[],
): { payload: Record<string, unknown>; body: string | undefined } {
  const cell = (input: Input): string | undefined => {
    const i = at.get(input);
    return (i === undefined ? "" : (row[i] ?? "")).replace(/\s+/g, " ").trim() || undefined;
  };
  const person = (role: "apprentice" | "employer" | "provider") => ({
    ...given("name", cell(`${role}-name`)),
    ...given("mail", cell(`${role}-mail`)),
  });
  const start = cell("programmeStart");
  const exceptions = (cell("englishMathsException") ?? "").split(/[;,]/).map((x) => x.trim());
  const named = exceptions.filter(Boolean).map((x) => exceptionIn(x, packs));
  return {
    body: cell("bodyId"),
    payload: {
      ...given("ref", cell("ref")?.toUpperCase()),
      ...given("employerName", cell("employerName")),
      ...given("programmeStart", start && dayIn(start)),
      ...(named.length > 0 ? { englishMathsException: named } : {}),
      apprentice: person("apprentice"),
      employer: person("employer"),
      provider: person("provider"),
    },
  };
}

const given = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value });

/** An exception by its id or its title. */
const exceptionIn = (text: string, packs: readonly Pack[]): string =>
  packs
    .flatMap((p) => p.rules.englishAndMaths.exceptions)
    .find((x) => plain(x.id) === plain(text) || plain(x.title) === plain(text))?.id ?? text;

/** The awarding body that a cell names by its id, its name or its short name. */
export const bodyIn = (text: string, packs: readonly Pack[]): string | undefined =>
  packs.find(({ body }) => [body.id, body.name, body.short].some((x) => plain(x) === plain(text)))?.body.id;
