import { attemptAt, noteId, type Problem, refuse } from "../../src/case/case";
import { Busy } from "../../src/handle";
import { occurredAt } from "../../src/panel/clock";
import { labelOf } from "../../src/panel/coverage";
import { lastMark } from "../../src/panel/grading";
import {
  BatchAnswer,
  type CommandAnswer,
  type CommandBatch,
  type Conflict,
  commandData,
  PanelCommand,
  type PanelProblem,
  type RawEnvelope,
} from "../../src/panel/shape";
import { tell } from "../../src/wording/problems";
import { wordsFor } from "../../src/wording/words";
import type { Desk, Done, Seen } from "../desk";
import type { Known } from "../identity";
import type { Log } from "../log";
import type { PanelDesk } from "./panelDesk";

/** The commands of a panel's queue, one after the other through the desk, as a button in the chat goes. */

export interface Commanding {
  desk: Desk;
  panels: PanelDesk;
  log: Pick<Log, "warn">;
}

/** Does a batch in its order. What cannot be done now is `later`, and so is all that follows it. */
export async function doBatch(
  known: Known,
  batch: { sent: CommandBatch["sent"]; commands: readonly RawEnvelope[]; panel?: boolean | undefined },
  o: Commanding,
): Promise<BatchAnswer> {
  const answers: CommandAnswer[] = [];
  let stopped = false;
  for (const raw of batch.commands) {
    if (stopped) {
      answers.push({ kind: "later", id: raw.id, revision: 0 });
      continue;
    }
    try {
      answers.push(await doOne(known, batch.sent, raw, o));
    } catch (error) {
      if (!(error instanceof Busy)) o.log.warn("panel.failed", { type: raw.command.type.slice(0, 40), error });
      stopped = true;
      answers.push({ kind: "later", id: raw.id, revision: 0 });
    }
  }
  const last = batch.commands.at(-1);
  const method = batch.panel === false ? undefined : methodIn(last?.command.data);
  const drawn = last && method !== undefined ? await o.panels.panel(known, { caseId: last.caseId, method }) : undefined;
  return BatchAnswer.parse({ answers, panel: drawn?.panel ?? null, etag: drawn?.etag ?? null });
}

const methodIn = (data: unknown): string | undefined => {
  const method = typeof data === "object" && data !== null && "method" in data ? data.method : undefined;
  return typeof method === "string" ? method : undefined;
};

/** A key that would be left out without a word where it names one of a record's. */
const hasPrototype = (data: unknown): boolean => {
  const own = (x: unknown) => typeof x === "object" && x !== null && Object.hasOwn(x, "__proto__");
  return own(data) || Object.values(Object(data)).some(own);
};

async function doOne(
  known: Known,
  sent: CommandBatch["sent"],
  raw: RawEnvelope,
  o: Commanding,
): Promise<CommandAnswer> {
  const { desk } = o;
  const type = PanelCommand.safeParse(raw.command.type);
  const plain = type.success && !hasPrototype(raw.command.data);
  const data = plain ? commandData[type.data].safeParse(raw.command.data) : undefined;
  if (!type.success || !data?.success) {
    const seen = await desk.see(known, raw.caseId);
    const input = data?.error?.issues[0]?.path[0];
    const named = typeof input === "string" ? input.slice(0, 40) : "";
    const problems = seen
      ? refuse("INPUT_UNREADABLE", { input: named }, named || undefined).refused
      : refuse("NO_SUCH_CASE").refused;
    return refused(raw.id, problems, seen, desk);
  }
  const occurred = occurredAt(desk.o.ports.clock.now(), sent, raw.occurred, raw.device);
  const done = await desk.run(known, raw.caseId, type.data, data.data, { id: raw.id, occurred });
  return answerOf(raw, data.data, done, o, known);
}

async function answerOf(
  raw: RawEnvelope,
  data: object,
  { outcome, seen }: Done,
  o: Commanding,
  known: Known,
): Promise<CommandAnswer> {
  const { id } = raw;
  // To people outside the case's own revision would tell how much was marked.
  const revision = seen?.view.seen ?? 0;
  if (outcome.kind === "done") {
    const warned = seen ? outcome.warned.map((p) => tell(p, seen.pack, seen.words, { as: "warned" }).fact) : [];
    return { kind: "done", id, revision, repeat: outcome.repeat, warned };
  }
  if (outcome.kind === "already") return { kind: "already", id, revision };
  const rival = outcome.problems.every((p) => p.code === "MARK_CONFLICT" || p.code === "NOTE_CONFLICT");
  if (!seen || !rival) return refused(id, outcome.problems, seen, o.desk);
  return { kind: "conflict", id, revision, conflict: await conflictOf(raw, data, outcome.problems, seen, o, known) };
}

function refused(id: string, problems: readonly Problem[], seen: Seen | undefined, desk: Desk): CommandAnswer {
  const [anyPack] = desk.o.ports.packs.values();
  const pack = seen?.pack ?? anyPack;
  if (!pack) throw new Error("No pack at all");
  const words = seen?.words ?? wordsFor(pack);
  const told = problems.map((p): PanelProblem => {
    const { short, fact, lawful, clause, remedy } = tell(p, pack, words);
    return {
      code: p.code,
      short,
      fact,
      lawful,
      clause,
      remedy,
      input: p.input ?? null,
      needsReason: p.remedy === "reason",
      facts: { ...p.facts },
    };
  });
  return { kind: "refused", id, revision: seen?.view.seen ?? 0, problems: told };
}

/** What stands, beside what was asked. */
async function conflictOf(
  raw: RawEnvelope,
  data: object,
  problems: readonly Problem[],
  seen: Seen,
  o: Commanding,
  known: Known,
): Promise<Conflict> {
  const method = methodIn(data) ?? "";
  const a = attemptAt(seen.c, method);
  const keys = problems.flatMap((p) => (p.code === "MARK_CONFLICT" ? ((p.facts.criteria as string[]) ?? []) : []));
  const asked = (data as { marks?: Record<string, "met" | "notMet" | "notYet"> }).marks ?? {};
  const marks = keys.map((key) => ({
    key,
    label: labelOf(key).replace(/\.(\w)$/, " ($1)"),
    stands: a.marks[key] ?? ("notYet" as const),
    asked: asked[key] ?? ("notYet" as const),
    last: lastMark(a, key, seen.words),
  }));
  const first = marks[0];
  if (first) {
    const where = first.last?.device === "phone" ? "on a phone" : "on another device";
    return { says: `${marks.map((m) => m.label).join(", ")} was also marked ${where}`, marks, note: null };
  }
  const named = (data as { note?: string }).note;
  const there = a.session.notes.some((n) => noteId(n) === named);
  const drawn = there ? await o.panels.panel(known, { caseId: raw.caseId, method }) : undefined;
  const note = drawn?.panel.kind === "grading" ? drawn.panel.notes.find((n) => n.id === named) : undefined;
  return { says: "The note was also changed on another device", marks: [], note: note ?? null };
}
