import type {
  AskedQuestion,
  Coverage,
  Envelope,
  GradingPanel,
  MarkKey,
  NextQuestion,
  PanelCommand,
  PanelCriterion,
  Provisional,
  Span,
} from "../../src/panel/shape";
import { ranSeconds, readingsOf } from "./time";

/** The panel as it will be once what waits is sent: the service's view with the waiting commands laid over it. */

/** When it was pressed, by the service's clock as it was known then. */
export const pressedAt = ({ occurred }: Envelope): string =>
  new Date(Date.parse(occurred.device) + (occurred.serverOffset ?? 0)).toISOString();

const whileOpen: PanelCommand[] = ["session.note", "session.correctNote", "session.mark", "session.descriptors"];

/** What the assessor may do in a phase that the service has not drawn yet. */
function mayIn(view: GradingPanel): PanelCommand[] {
  const questions: PanelCommand[] = view.timer.questions ? ["session.questions"] : [];
  switch (view.timer.phase) {
    case "running":
      return [...whileOpen, ...questions, "session.ask", "session.pause", "session.end"];
    case "paused":
      return [...whileOpen, "session.resume", "session.end"];
    case "marking":
      return [...whileOpen, "grade.confirm"];
    default:
      return [];
  }
}

/** @param waiting in the order pressed; those of other sessions are left out. */
export function projected(view: GradingPanel, waiting: readonly Envelope[]): GradingPanel {
  const mine = waiting.filter((e) => e.caseId === view.session.caseId && e.command.data.method === view.session.method);
  if (mine.length === 0) return view;
  const next = structuredClone(view);
  for (const envelope of mine) apply(next, envelope);
  if (next.timer.phase !== view.timer.phase) next.may = mayIn(next);
  reckon(next);
  return next;
}

const isOpen = (spans: readonly Span[]) => spans.length > 0 && spans.at(-1)?.to === null;
/** The pause came while questions were on: they go on after it. */
function isBrokenOff({ questions, pauses }: GradingPanel["timer"]): boolean {
  const to = questions?.spans.at(-1)?.to;
  return typeof to === "string" && to === pauses.at(-1)?.from;
}
function close(spans: Span[], at: string): void {
  const last = spans.at(-1);
  if (last && last.to === null) last.to = at;
}

function apply(view: GradingPanel, envelope: Envelope): void {
  const { timer } = view;
  const at = pressedAt(envelope);
  const { id, command } = envelope;
  switch (command.type) {
    case "session.start":
      if (timer.phase !== "before") return;
      timer.phase = "running";
      timer.startedAt = at;
      timer.spans = [{ from: at, to: null }];
      timer.recording = command.data.recording;
      view.checklist = null;
      return;
    case "session.pause":
      if (timer.phase !== "running") return;
      timer.phase = "paused";
      close(timer.spans, at);
      if (timer.questions) {
        close(timer.questions.spans, at);
        timer.questions.open = false;
      }
      timer.pauses.push({ from: at, to: null, reason: command.data.reason });
      return;
    case "session.resume":
      if (timer.phase !== "paused") return;
      timer.phase = "running";
      if (timer.questions && isBrokenOff(timer)) {
        timer.questions.open = true;
        timer.questions.spans.push({ from: at, to: null });
      }
      close(timer.pauses, at);
      timer.spans.push({ from: at, to: null });
      return;
    case "session.questions": {
      const part = timer.questions;
      const open = command.data.part === "open";
      if (!part || part.open === open) return;
      part.open = open;
      if (open && !isOpen(part.spans)) part.spans.push({ from: at, to: null });
      if (!open) close(part.spans, at);
      return;
    }
    case "session.end":
      if (timer.phase !== "running" && timer.phase !== "paused") return;
      end(view, at, command.data.reason ?? null, command.data.discretion);
      return;
    case "session.ask":
      ask(view, envelope, command.data, at);
      return;
    case "session.note":
      if (view.notes.some((n) => n.id === id)) return;
      view.notes.push({
        id,
        version: id,
        at,
        seconds: ranSeconds(timer.spans, Date.parse(at)),
        text: command.data.text,
        criteria: command.data.criteria,
        question: command.data.question ?? null,
        corrected: null,
      });
      return;
    case "session.correctNote": {
      const note = view.notes.find((n) => n.id === command.data.note);
      if (!note || note.version === id) return;
      const { text, criteria, question = null } = command.data;
      Object.assign(note, { version: id, text, criteria, question, corrected: at });
      return;
    }
    case "session.mark":
      for (const key of keysOf(view)) {
        const mark = command.data.marks[key.key];
        if (mark === undefined || key.last?.command === id) continue;
        key.mark = mark;
        key.last = { command: id, at, by: "", device: envelope.device };
      }
      return;
    case "session.descriptors":
      for (const d of view.finish?.descriptors ?? []) d.ticked = command.data.ticked.includes(d.id);
      return;
    case "grade.confirm":
      if (timer.phase !== "marking") return;
      timer.phase = "confirmed";
      if (view.finish) view.finish.confirmed = { grade: command.data.grade, at, by: view.session.assessor };
      return;
    case "session.draw":
      // Only the service draws.
      return;
  }
}

function end(view: GradingPanel, at: string, reason: string | null, discretion: boolean): void {
  const { timer } = view;
  close(timer.spans, at);
  close(timer.pauses, at);
  if (timer.questions) {
    close(timer.questions.spans, at);
    timer.questions.open = false;
  }
  const run = readingsOf(timer, Date.parse(at));
  timer.ended = { at, seconds: run.session, questionsSeconds: run.questions, reason, discretion };
  timer.phase = "marking";
}

type Asking = Extract<Envelope["command"], { type: "session.ask" }>["data"];
function ask(view: GradingPanel, { id }: Envelope, data: Asking, at: string): void {
  const { questions } = view;
  if (questions.asked.some((q) => q.id === id)) return;
  const ofBank = questions.bank.find((q) => q.id === data.questionId);
  if (ofBank) ofBank.asked = id;
  const asked: AskedQuestion = {
    id,
    n: questions.asked.length + 1,
    question: data.questionId ?? null,
    label: ofBank?.label ?? null,
    text: data.text ?? ofBank?.text ?? "",
    kind: data.kind,
    follows: data.follows ?? null,
    criteria: data.criteria,
    at,
    seconds: ranSeconds(view.timer.spans, Date.parse(at)),
  };
  questions.asked.push(asked);
}

export const criteriaOf = (view: GradingPanel): PanelCriterion[] => view.groups.flatMap((g) => g.criteria);
/** In the order in which the service goes through them, whatever groups they stand in. */
const passFirst = (view: GradingPanel): PanelCriterion[] => {
  const all = criteriaOf(view);
  return [...all.filter((c) => c.level === "pass"), ...all.filter((c) => c.level === "distinction")];
};
const keysOf = (view: GradingPanel): MarkKey[] => passFirst(view).flatMap((c) => c.keys);
const withoutEvidence = (view: GradingPanel): string[] =>
  passFirst(view)
    .filter((c) => !c.evidence)
    .map((c) => c.id);

/** What follows of marks, notes and questions: evidence, coverage, the next question, the grade so far. */
function reckon(view: GradingPanel): void {
  const criteria = criteriaOf(view);
  const noted = new Set(view.notes.flatMap((n) => n.criteria));
  for (const c of criteria) c.evidence = noted.has(c.id) || c.keys.some((k) => k.mark !== "notYet");
  view.questions.next = nextQuestion(view);
  const of = (level: PanelCriterion["level"]) => criteria.filter((c) => c.level === level);
  const tally = (some: PanelCriterion[]) => ({ have: some.filter((c) => c.evidence).length, of: some.length });
  view.coverage = { pass: tally(of("pass")), distinction: tally(of("distinction")), open: openOf(view) };
  view.provisional = provisionalOf(view, of("pass"), of("distinction"));
  if (view.finish) {
    const { grade, pass, distinction } = view.provisional;
    view.finish.grade = grade;
    const ofTotal = ({ have, of }: typeof pass) => `${have}\u00a0of\u00a0${of}`;
    view.finish.says = `${ofTotal(pass)} pass, ${ofTotal(distinction)} distinction.`;
    view.finish.unmarked = keysOf(view)
      .filter((k) => k.mark === "notYet")
      .map((k) => k.key);
  }
}

const left = ({ questions }: GradingPanel, without: ReadonlySet<string>) =>
  questions.bank.filter((q) => !q.asked && !without.has(q.id) && (questions.draw ? q.drawn : !q.earlier));

/** Of those left to ask, the one that reaches most criteria without evidence. */
export function nextQuestion(
  view: GradingPanel,
  without: ReadonlySet<string> = new Set(),
  wanting = withoutEvidence(view),
): NextQuestion | null {
  let best: NextQuestion | null = null;
  for (const q of left(view, without)) {
    const criteria = wanting.filter((id) => q.criteria.includes(id));
    if (!best || criteria.length > best.criteria.length) best = { question: q.id, criteria };
  }
  return best;
}

function openOf(view: GradingPanel): Coverage["open"] {
  const open: Coverage["open"] = [];
  let wanting = withoutEvidence(view);
  for (;;) {
    const next = nextQuestion(view, undefined, wanting);
    if (!next || next.criteria.length === 0) break;
    open.push({ criteria: next.criteria, question: next.question, asked: null });
    wanting = wanting.filter((id) => !next.criteria.includes(id));
  }
  const about = (id: string) => view.questions.asked.findLast((q) => q.criteria.includes(id))?.id ?? null;
  return [...open, ...wanting.map((id) => ({ criteria: [id], question: null, asked: about(id) }))];
}

function provisionalOf(view: GradingPanel, pass: PanelCriterion[], distinction: PanelCriterion[]): Provisional {
  const missing = (criteria: PanelCriterion[]): Provisional["missingForPass"] =>
    criteria.flatMap((c) =>
      c.keys
        .filter((k) => k.mark !== "met")
        .map((k) => ({
          key: k.key,
          label: k.part ? `${c.label} (${k.part})` : c.label,
          text: k.text,
          mark: k.mark === "notMet" ? ("notMet" as const) : ("notYet" as const),
          seconds: view.notes.findLast((n) => n.criteria.includes(c.id))?.seconds ?? null,
          question: view.coverage.open.find((o) => o.criteria.includes(c.id))?.question ?? null,
        })),
    );
  const met = (criteria: PanelCriterion[]) => ({
    have: criteria.filter((c) => c.keys.every((k) => k.mark === "met")).length,
    of: criteria.length,
  });
  const [forPass, forDistinction] = [missing(pass), missing(distinction)];
  const grade = forPass.length > 0 ? "fail" : forDistinction.length > 0 ? "pass" : "distinction";
  const complete = keysOf(view).every((k) => k.mark !== "notYet");
  const over = complete && (view.timer.phase === "marking" || view.timer.phase === "confirmed");
  return {
    grade,
    complete,
    says: over ? gradeWords[grade] : grade === "fail" ? "Not yet a pass" : `${gradeWords[grade]} so far`,
    why:
      grade === "distinction"
        ? "Every criterion is met."
        : grade === "pass"
          ? `${allMustBeMet(distinction.length, "distinction")} for a distinction.`
          : `${allMustBeMet(pass.length, "pass")}.`,
    pass: met(pass),
    distinction: met(distinction),
    missingForPass: forPass,
    missingForDistinction: forDistinction,
  };
}

const allMustBeMet = (n: number, level: string): string =>
  n === 1 ? `The ${level} criterion must be met` : `All ${n}\u00a0${level} criteria must be met`;

export const gradeWords = { fail: "Fail", pass: "Pass", distinction: "Distinction" } as const;
