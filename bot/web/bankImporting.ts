import { inForce } from "../../src/body";
import { drawSize } from "../../src/case/sitting";
import type { Question } from "../../src/rules/bank";
import { type BankRow, highest, judgeBank } from "../../src/rules/bankImport";
import { londonDate } from "../../src/rules/calendar";
import type { Pack } from "../../src/rules/pack";
import { bankHint, rowFault, wholeFault } from "../../src/wording/bank";
import { dateText, listed } from "../../src/wording/format";
import { tell } from "../../src/wording/problems";
import { wordsFor } from "../../src/wording/words";
import type { Banks } from "../banks";
import type { Desk } from "../desk";
import type { Known } from "../identity";
import type { BankAsk, BanksAnswer, BankTold } from "./bankShape";

/** The question banks of a coordinator's bodies, and an awarding body's own brought in for one method. */

export interface Banking {
  desk: Desk;
  banks: Banks;
}

const packsOf = (known: Known, desk: Desk): Pack[] =>
  [...desk.o.ports.packs.values()].filter((p) => known.staff.get(p.body.id)?.includes("coordinator"));

/** The banks in force, with what is needed to write one. */
export async function banksOf(known: Known, { desk, banks }: Banking): Promise<BanksAnswer> {
  const packs = await Promise.all(
    packsOf(known, desk).map(async (pack) => {
      const bank = await banks.get(pack, undefined, "now");
      const { banks: history = {} } = await desk.o.bodies.get(pack.body.id);
      const versions = history[pack.id] ?? [];
      const names = await desk.o.people.names(versions.map((v) => v.by));
      return {
        pack: pack.id,
        title: `${pack.body.short}, ${pack.standard.reference} v${pack.standard.version}`,
        version: bank?.version ?? null,
        methods: pack.methods.map((m) => {
          const last = versions.findLast((v) => v.method === m.id);
          return {
            method: m.id,
            title: m.title,
            size: drawSize(m),
            criteria: [...m.criteria.pass, ...m.criteria.distinction].map(({ id, text }) => ({ id, text })),
            questions: (bank?.questions.get(m.id) ?? []).map(({ id, text, criteria }) => ({ id, text, criteria })),
            since: last ? `${dateText(londonDate(last.at))}, ${names.get(last.by) ?? "a colleague"}` : null,
          };
        }),
      };
    }),
  );
  return { packs };
}

const plain = (title: string) => title.toLowerCase().replace(/[^a-z]/g, "");
const titles = { id: ["id", "questionid"], text: ["question", "text"], criteria: ["criteria", "criterion"] } as const;

function tableOf([first = [], ...rows]: string[][]): { rows: BankRow[]; missing: string[] } {
  const at = (names: readonly string[]) => first.findIndex((title) => names.includes(plain(title)));
  const [id, text, criteria] = [at(titles.id), at(titles.text), at(titles.criteria)];
  const missing = [...(text < 0 ? ["Question"] : []), ...(criteria < 0 ? ["Criteria"] : [])];
  const cell = (row: string[], i: number) => (i < 0 ? "" : (row[i] ?? ""));
  return { missing, rows: rows.map((r) => ({ id: cell(r, id), text: cell(r, text), criteria: cell(r, criteria) })) };
}

const refusedWhole = (...problems: string[]): BankTold => ({
  state: "refused",
  problems,
  hints: [],
  rows: [],
  gone: 0,
  version: null,
});
const same = (a: readonly Question[], b: readonly Question[]) =>
  JSON.stringify(a.map(({ id, text, criteria }) => [id, text, criteria])) ===
  JSON.stringify(b.map(({ id, text, criteria }) => [id, text, criteria]));

/**
 * Looks at a bank for one method, or brings it in: every row in order or nothing. From then on sessions draw from it; those drawn
 * keep theirs. Sent again, it stands already.
 */
export async function importBank(known: Known, asked: BankAsk, { desk, banks }: Banking): Promise<BankTold> {
  const pack = packsOf(known, desk).find((p) => p.id === asked.pack);
  const method = pack?.methods.find((m) => m.id === asked.method);
  if (!pack || !method) return refusedWhole("You have no such bank. Open this again, and choose one.");
  const table = tableOf(asked.rows);
  if (table.missing.length > 0) return refusedWhole(`These columns are missing: ${listed(table.missing)}.`);
  const present = await banks.numbered(pack, undefined, "now");
  const before = present?.bank.questions.get(method.id) ?? [];
  const used = Math.max(present?.numbers[method.id] ?? 0, highest(before));
  const judged = judgeBank(method, table.rows, { size: drawSize(method), before, used });
  const old = new Map(before.map((q) => [q.id, q]));
  const rows = judged.questions.map((q, i): BankTold["rows"][number] => {
    const problems = judged.rows.filter(({ row }) => row === i + 1).map(rowFault);
    const was = old.get(q.id);
    const state = problems.length > 0 ? "refused" : !was ? "new" : same([was], [q]) ? "kept" : "changed";
    return { n: i + 1, text: q.text, criteria: table.rows[i]?.criteria ?? "", state, problems };
  });
  const ids = new Set(judged.questions.map((q) => q.id));
  const told = {
    problems: judged.whole.map(wholeFault),
    hints: judged.hints.map(bankHint),
    rows,
    gone: before.filter((q) => !ids.has(q.id)).length,
  };
  const version = present?.bank.version ?? null;
  if (judged.whole.length > 0 || judged.rows.length > 0) return { ...told, state: "refused", version };
  if (same(before, judged.questions)) return { ...told, state: "same", version };
  if (asked.do === "check") return { ...told, state: "ready", version };

  const questions = new Map(
    pack.methods.map((m) => [m.id, m.id === method.id ? judged.questions : (present?.bank.questions.get(m.id) ?? [])]),
  );
  const numbers = { ...present?.numbers, [method.id]: Math.max(used, highest(judged.questions)) };
  const kept = await banks.keep(pack, questions, numbers, londonDate(desk.o.ports.clock.now()));
  const after = inForce(await desk.o.bodies.get(pack.body.id), pack.id)?.version ?? null;
  // What was looked at was the sample, whatever its version is called.
  const looked = asked.after === version ? after : asked.after;
  const data = { pack: pack.id, method: method.id, ...kept, after: looked, questions: judged.questions.length };
  const outcome = await desk.runBody(known, pack.body.id, "bank.import", data, asked.id);
  if (outcome.kind !== "refused") return { ...told, state: "imported", version: kept.version };
  const problems = outcome.problems.map((p) => {
    const { fact, lawful } = tell(p, pack, wordsFor(pack));
    return `${fact} ${lawful}`;
  });
  return { ...told, problems, state: "refused", version };
}
