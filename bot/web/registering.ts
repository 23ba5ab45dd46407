import { createHash } from "node:crypto";
import { Registration } from "../../cards/forms/register";
import { unfit } from "../../cards/forms/unfit";
import { outsideRoles, type Problem } from "../../src/case/case";
import { canonical } from "../../src/chain";
import { packFor } from "../../src/handle";
import type { Pack } from "../../src/rules/pack";
import { capital, listed } from "../../src/wording/format";
import { tell } from "../../src/wording/problems";
import { wordsFor } from "../../src/wording/words";
import type { Desk } from "../desk";
import type { Known } from "../identity";
import { CASE } from "../listing";
import type { Log } from "../log";
import type { RegisterAnswer, RegisterAsk, RegisteredRow, RowProblem } from "./registerShape";
import { bodyIn, columnOf, type Header, headerOf, payloadOf } from "./registerTable";

/**
 * Registration of many from the rows of a file: each row is what the chat's form would send, judged by the same schema and the
 * same decision. A row's command id is made of its content, so that the same row is registered once: however often it is sent, in
 * however many corrected files, and whatever stopped in between.
 */

export interface Registering {
  desk: Desk;
  log: Pick<Log, "warn">;
}

/** Rows that are judged side by side. */
const SIDE_BY_SIDE = 8;
/** A free reference may be taken between its being found and its being used. */
const TRIES = 3;

interface Row {
  n: number;
  /** What the row would be without its faults, under each body that it may be meant for: for what else stands against it. */
  mended: Registration[];
  data: Registration | undefined;
  id: string;
  ref: string | null;
  name: string;
  problems: RowProblem[];
}

export async function register(known: Known, asked: RegisterAsk, o: Registering): Promise<RegisterAnswer> {
  const [first = [], ...rows] = asked.rows;
  const header = headerOf(first);
  const problems = [
    ...(header.missing.length > 0 ? [`These columns are missing: ${listed(header.missing)}.`] : []),
    ...(header.twice.length > 0 ? [`These columns are there twice: ${listed(header.twice)}.`] : []),
    ...(header.missing.length === 0 && rows.length === 0 ? ["There are no rows under the titles."] : []),
  ];
  if (problems.length > 0) return { problems, ignored: header.ignored, rows: [] };
  const mine = packsOf(known, o.desk);
  const read = rows.map((row, i) => readRow(row, i + 1, header, mine, o.desk));
  const told: RegisteredRow[] = [];
  if (asked.do === "check") {
    beside(read);
    for (let i = 0; i < read.length; i += SIDE_BY_SIDE)
      told.push(...(await Promise.all(read.slice(i, i + SIDE_BY_SIDE).map((row) => check(known, row, o.desk)))));
  } else for (const row of read) told.push(await registerRow(known, row, o));
  return { problems: [], ignored: header.ignored, rows: told };
}

/** The packs under which this person may register. */
const packsOf = (known: Known, desk: Desk): Pack[] =>
  [...desk.o.ports.packs.values()].filter((p) => known.staff.get(p.body.id)?.includes("coordinator"));

function readRow(cells: readonly string[], n: number, header: Header, mine: readonly Pack[], desk: Desk): Row {
  const { payload, body } = payloadOf(cells, header, mine);
  const bodies = new Map(mine.map((p) => [p.body.id, p.body]));
  const bodyId = body === undefined ? (bodies.size === 1 ? mine[0]?.body.id : undefined) : bodyIn(body, mine);
  const problems: RowProblem[] = [];
  if (bodyId === undefined) {
    const names = listed(
      [...bodies.values()].map((b) => b.name),
      "or",
    );
    const says = body === undefined ? `Write which: ${names}.` : `No body of yours is called that. Write ${names}.`;
    problems.push({ column: columnOf("bodyId"), says });
  }
  const parsed = Registration.safeParse({ ...payload, bodyId: bodyId ?? "none" });
  if (!parsed.success)
    for (const problem of unfit(parsed.error.issues, payload)) problems.push(inWords(problem, mine[0], desk));
  const faulty = new Set(problems.map(({ column }) => column));
  const meant = bodyId === undefined ? mine : mine.filter((p) => p.body.id === bodyId);
  const { apprentice, ref } = payload as { apprentice: { name?: string }; ref?: string };
  return {
    n,
    mended: problems.length === 0 ? [] : meant.flatMap((pack) => mendedFor(pack, payload, faulty)),
    data: parsed.success && problems.length === 0 ? parsed.data : undefined,
    id: parsed.success ? idOf(parsed.data) : "",
    ref: ref ?? null,
    name: apprentice.name ?? "",
    problems,
  };
}

/** The row under that pack's body, with something that fits in the place of whatever has a fault. */
function mendedFor(pack: Pack, payload: object, faulty: ReadonlySet<string | null>): Registration[] {
  const given = payload as Partial<Registration>;
  const sound = (input: string, value: unknown, otherwise?: unknown) =>
    faulty.has(columnOf(input)) ? otherwise : value;
  const { from, until } = pack.startsBetween;
  const people = outsideRoles.map((role) => [
    role,
    {
      name: sound(`${role}-name`, given[role]?.name, "Somebody"),
      mail: sound(`${role}-mail`, given[role]?.mail, `${role}@row.invalid`),
    },
  ]);
  const parsed = Registration.safeParse({
    ...Object.fromEntries(people),
    bodyId: pack.body.id,
    ref: sound("ref", given.ref),
    employerName: sound("employerName", given.employerName, "Some firm"),
    programmeStart: sound("programmeStart", given.programmeStart, from ?? until ?? "2020-01-01"),
    englishMathsException: sound("englishMathsException", given.englishMathsException),
  });
  return parsed.success ? [parsed.data] : [];
}

const idOf = (data: Registration): string => {
  const mails = Object.fromEntries(outsideRoles.map((r) => [r, { ...data[r], mail: data[r].mail.toLowerCase() }]));
  return `row-${createHash("sha256")
    .update(canonical({ ...data, ...mails }))
    .digest("hex")
    .slice(0, 40)}`;
};

/** What only the rows together show: the same twice, or one mail address under two names. */
function beside(rows: readonly Row[]): void {
  const firstBy = new Map<string, Row>();
  const names = new Map<string, { name: string; n: number }>();
  const twice = (row: Row, key: string, column: string | null, what: string) => {
    const first = firstBy.get(key);
    if (first) row.problems.push({ column, says: `${what} stands in row ${first.n} already.` });
    else firstBy.set(key, row);
    return first !== undefined;
  };
  for (const row of rows) {
    const { data } = row;
    if (!data) continue;
    if (twice(row, `id ${row.id}`, null, "The same")) continue;
    if (data.ref) twice(row, `ref ${data.ref}`, columnOf("ref"), "This reference");
    twice(
      row,
      `mail ${data.bodyId} ${data.apprentice.mail.toLowerCase()}`,
      columnOf("apprentice-mail"),
      "This apprentice",
    );
    for (const role of outsideRoles) {
      const { name, mail } = data[role];
      const before = names.get(mail.toLowerCase());
      if (!before) names.set(mail.toLowerCase(), { name, n: row.n });
      else if (before.n !== row.n && plainName(before.name) !== plainName(name))
        row.problems.push({
          column: columnOf(`${role}-name`),
          says: `This mail address belongs to ${before.name} in row ${before.n}.`,
        });
    }
  }
}

const plainName = (name: string) => name.normalize("NFKC").trim().toLowerCase();

/** What would become of the row now; nothing is written. */
async function check(known: Known, row: Row, desk: Desk): Promise<RegisteredRow> {
  const { n, data, id, name } = row;
  const problems = data ? [...row.problems] : await allAgainst(known, row, desk);
  let { ref } = row;
  if (data) {
    const foreseen = await desk.foreseeRegistration(known, data, id);
    if (foreseen.standing !== undefined && problems.length === 0)
      return { n, state: "registered", ref: foreseen.standing, name, problems: [] };
    problems.push(...(await told(foreseen.problems, data, desk)));
    if (foreseen.standing === undefined) problems.push(...(await openAlready(known, data, desk)));
  }
  if (problems.length > 0) return { n, state: "refused", ref, name, problems };
  ref ??= null;
  return { n, state: "ready", ref, name, problems };
}

/** All that stands against a row with faults, so that it is mended in one round: beside them, what no mending of them would change. */
async function allAgainst(known: Known, { problems, mended }: Row, desk: Desk): Promise<RowProblem[]> {
  const faulty = new Set(problems.map(({ column }) => column));
  const [first, ...others] = await Promise.all(
    mended.map(async (data) => ({ data, found: (await desk.foreseeRegistration(known, data, idOf(data))).problems })),
  );
  if (!first) return problems;
  // Where it is not said which body is meant: what every one of them would say.
  const shared = first.found.filter(({ code, input }) =>
    others.every(({ found }) => found.some((p) => p.code === code && p.input === input)),
  );
  const also = [
    ...(await told(shared, first.data, desk)),
    ...(faulty.has(columnOf("bodyId")) ? [] : await openAlready(known, first.data, desk)),
  ];
  return [...problems, ...also.filter(({ column }) => column !== null && !faulty.has(column))];
}

async function registerRow(known: Known, row: Row, { desk, log }: Registering): Promise<RegisteredRow> {
  const { n, data, id, ref, name } = row;
  const refused = (problems: RowProblem[]): RegisteredRow => ({ n, state: "refused", ref, name, problems });
  if (!data) return refused(await allAgainst(known, row, desk));
  try {
    const { standing } = await desk.foreseeRegistration(known, data, id);
    const open = standing === undefined ? await openAlready(known, data, desk) : [];
    if (open.length > 0) return refused(open);
    for (let n = 1; ; n++) {
      const { outcome } = await desk.register(known, data, id);
      if (outcome.kind !== "refused")
        return { n: row.n, state: "registered", ref: outcome.state.ref, name, problems: [] };
      const taken = data.ref === undefined && outcome.problems.some(({ code }) => code === "REF_TAKEN");
      if (!taken || n === TRIES) return refused(await told(outcome.problems, data, desk));
    }
  } catch (error) {
    log.warn("register.failed", { error });
    return { n, state: "failed", ref, name, problems: [{ column: null, says: "Not saved just now. Try again." }] };
  }
}

/**
 * Somebody whose assessment is under way is not registered a second time from a file: most likely two people sent the same one.
 * Where it is meant, the chat does it.
 */
async function openAlready(known: Known, data: Registration, desk: Desk): Promise<RowProblem[]> {
  const person = await desk.o.people.byMail(data.apprentice.mail);
  if (!person) return [];
  const page = await desk.o.ports.store.casesOf({ person: person.id }, { limit: 20 });
  for (const { pk } of page.rows) {
    const seen = await desk.see(known, pk.slice(CASE.length));
    if (seen?.c.bodyId === data.bodyId && seen.c.parties.apprentice === person.id)
      return [
        {
          column: columnOf("apprentice-mail"),
          says: `Has the open case ${seen.c.ref} already. If another one is meant, register it in the chat.`,
        },
      ];
  }
  return [];
}

/** Problems beside their columns, in the words of the body's pack. */
async function told(problems: readonly Problem[], data: Registration, desk: Desk): Promise<RowProblem[]> {
  const { packs } = desk.o.ports;
  const pack =
    packFor(packs, data.bodyId, data.programmeStart) ?? [...packs.values()].find((p) => p.body.id === data.bodyId);
  const ids = problems.flatMap(({ facts }) => (typeof facts.person === "string" ? [facts.person] : []));
  const names = await desk.o.people.names(ids);
  return problems.map((p) => inWords(p, pack, desk, names));
}

function inWords(
  problem: Problem,
  pack: Pack | undefined,
  desk: Desk,
  names?: ReadonlyMap<string, string>,
): RowProblem {
  const [any] = desk.o.ports.packs.values();
  const of = pack ?? any;
  const column = columnOf(problem.input);
  if (!of) return { column, says: "It was refused." };
  const said = tell(
    problem,
    of,
    wordsFor(of, (id) => names?.get(id)),
  );
  if (problem.code === "INPUT_UNREADABLE" && problem.facts.why !== "day")
    return { column, says: `${capital(said.short)}.` };
  return { column, says: `${said.fact} ${said.lawful}` };
}
