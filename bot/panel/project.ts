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
import type { Entry } from "./vault";

/** The panel as it will be once what waits is sent: the service's view with the waiting commands laid over it. */

/** When it was pressed, by the service's clock as it was known then. */
export const pressedAt = ({ at, envelope: { occurred } }: Entry): string =>
  at ?? new Date(Date.parse(occurred.device) + (occurred.serverOffset ?? 0)).toISOString();

/** What the assessor may do once what waits is taken. Whether there are descriptors to tick, the service alone knows. */
function mayIn({ timer, questions, notes, provisional, finish, may }: GradingPanel): PanelCommand[] {
  const { phase } = timer;
  const on = phase === "running" || phase === "paused";
  if (!on && phase !== "marking") return phase === "before" ? may : [];
  const all: Partial<Record<PanelCommand, boolean>> = {
    "session.note": true,
    "session.mark": true,
    "session.present": true,
    "session.correctNote": notes.length > 0,
    "session.unask": questions.asked.length > 0,
    "session.descriptors": may.includes("session.descriptors"),
    "session.draw": on && !questions.draw,
    "session.end": on,
    "session.ask": phase === "running",
    "session.pause": phase === "running",
    "session.questions": phase === "running" && timer.questions !== null,
    "session.resume": phase === "paused",
    // What is declared with it comes from the service, once it has heard of the end.
    "grade.confirm": phase === "marking" && provisional.complete && finish !== null,
  };
  return (Object.keys(all) as PanelCommand[]).filter((type) => all[type]);
}

/** @param waiting in the order pressed; those of other sessions, and those held for the person, are left out. */
export function projected(view: GradingPanel, waiting: readonly Entry[]): GradingPanel {
  const { caseId, method } = view.session;
  const mine = waiting.filter(
    ({ envelope: e, held }) => !held && e.caseId === caseId && e.command.data.method === method,
  );
  if (mine.length === 0) return view;
  const next = structuredClone(view);
  for (const entry of mine) apply(next, entry);
  reckon(next);
  next.may = mayIn(next);
  return next;
}

const isOpen = (spans: readonly Span[]) => spans.length > 0 && spans.at(-1)?.to === null;
function close(spans: Span[], at: string): void {
  const last = spans.at(-1);
  if (last && last.to === null) last.to = at;
}

function apply(view: GradingPanel, entry: Entry): void {
  const { timer } = view;
  const at = pressedAt(entry);
  const { envelope } = entry;
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
      // Questions that were on go on after it.
      if (timer.questions) close(timer.questions.spans, at);
      timer.pauses.push({ from: at, to: null, reason: command.data.reason });
      return;
    case "session.resume":
      if (timer.phase !== "paused") return;
      timer.phase = "running";
      close(timer.pauses, at);
      timer.spans.push({ from: at, to: null });
      if (timer.questions?.open) timer.questions.spans.push({ from: at, to: null });
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
    case "session.unask":
      unask(view, command.data, at);
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
        const last = key.last?.command ?? null;
        // The mark that stands is not made anew, unless somebody else's stands where another was seen.
        const rival = command.data.after?.[key.key] !== undefined && command.data.after[key.key] !== last;
        if (mark === undefined || last === id || (mark === key.mark && !rival)) continue;
        key.mark = mark;
        key.last = { command: id, at, by: "", device: envelope.device };
      }
      return;
    case "session.present": {
      const { who, others = null } = command.data;
      const stands = view.present.recorded;
      // What stands is not recorded anew.
      if (stands && stands.others === others && stands.who.join() === who.join()) return;
      view.present.recorded = { who, others, at, by: view.session.assessor };
      return;
    }
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
    n: questions.asked.length + (questions.withdrawn?.length ?? 0) + 1,
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

/** Nothing is tied to it any more, and it is there to be asked again. */
function unask(
  { questions, notes }: GradingPanel,
  { question, reason }: { question: string; reason: string },
  at: string,
) {
  const one = questions.asked.find((q) => q.id === question);
  if (!one) return;
  questions.asked = questions.asked.filter((q) => q !== one);
  questions.withdrawn = [...(questions.withdrawn ?? []), { ...one, withdrawn: at, reason }].sort((a, b) => a.n - b.n);
  for (const q of [...questions.asked, ...questions.withdrawn]) if (q.follows === question) q.follows = null;
  for (const q of questions.bank)
    if (q.id === one.question) q.asked = questions.asked.find((a) => a.question === q.id)?.id ?? null;
  for (const note of notes) if (note.question === question) note.question = null;
}

/** In the pack's groups. */
export const criteriaOf = (view: GradingPanel): PanelCriterion[] => view.groups.flatMap((g) => g.criteria);
/** By their numbers: P2 before P10. */
export const ofLevel = (view: GradingPanel, level: PanelCriterion["level"]): PanelCriterion[] =>
  criteriaOf(view)
    .filter((c) => c.level === level)
    .sort((a, b) => a.label.length - b.label.length || (a.label < b.label ? -1 : 1));
/** In the order in which the service goes through them, whatever groups they stand in. */
export const passFirst = (view: GradingPanel): PanelCriterion[] => [
  ...ofLevel(view, "pass"),
  ...ofLevel(view, "distinction"),
];
const wantingIn = (view: GradingPanel): string[] =>
  passFirst(view)
    .filter((c) => !c.evidence)
    .map((c) => c.id);
/** Labels of criteria, by their numbers whatever order they come in: "P9, P11, D1". */
export const labelsOf = (view: GradingPanel, ids: readonly string[]): string =>
  passFirst(view)
    .filter((c) => ids.includes(c.id))
    .map((c) => c.label)
    .join(", ");

const keysOf = (view: GradingPanel): MarkKey[] => passFirst(view).flatMap((c) => c.keys);

/** What follows of marks, notes and questions: evidence, coverage, the next question, the grade so far. */
function reckon(view: GradingPanel): void {
  const criteria = criteriaOf(view);
  const noted = new Set(view.notes.flatMap((n) => n.criteria));
  for (const c of criteria) c.evidence = noted.has(c.id) || c.keys.some((k) => k.mark !== "notYet");
  view.questions.next = nextQuestion(view);
  const of = (level: PanelCriterion["level"]) => ofLevel(view, level);
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
  wanting = wantingIn(view),
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
  let wanting = wantingIn(view);
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
