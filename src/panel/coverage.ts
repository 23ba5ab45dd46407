import type { Case } from "../case/case";
import { type Asked, type Attempt, askedId, askedIn, wordsOf } from "../case/case";
import { drawSize, usedBefore } from "../case/sitting";
import type { Bank, Question } from "../rules/bank";
import { markKeys } from "../rules/grade";
import type { Criterion, Method } from "../rules/pack";
import type { AskedQuestion, BankQuestion, Coverage, GradingPanel, NextQuestion } from "./shape";
import { sessionSeconds } from "./timer";

/** Questions and what they reach: which criteria have no evidence yet, and what to ask for most of them. */

/** "P2" of "discussion-P2", "Q7" of "discussion-Q7". */
export const labelOf = (id: string): string => id.slice(id.indexOf("-") + 1);

/** Criteria with a note tied to them, or with a part marked met or not met. */
export function evidenced(m: Method, a: Attempt): Set<string> {
  const marked = markKeys(m).filter((k) => (a.marks[k.key] ?? "notYet") !== "notYet");
  return new Set([...marked.map((k) => k.criterion), ...a.session.notes.flatMap((n) => n.criteria)]);
}

export function questionsView(
  c: Case,
  m: Method,
  a: Attempt,
  bank: Bank | undefined,
): GradingPanel["questions"] & { open: Coverage["open"] } {
  const { session } = a;
  const { questions } = m.session;
  const all = bank?.questions.get(m.id) ?? [];
  const earlier = usedBefore(c, m.id);
  const drawn = session.drawn?.ids ?? [];
  const place = new Map(drawn.map((id, i) => [id, i]));
  const asked = askedIn(session);
  const askedOf = new Map(asked.flatMap((q) => (q.questionId === null ? [] : [[q.questionId, askedId(q)]])));
  const ordered = [...all].sort((x, y) => (place.get(x.id) ?? drawn.length) - (place.get(y.id) ?? drawn.length));
  const left = ordered.filter((q) => !askedOf.has(q.id) && (drawn.length > 0 ? place.has(q.id) : !earlier.has(q.id)));
  const have = evidenced(m, a);
  const wanting = [...m.criteria.pass, ...m.criteria.distinction].map((x) => x.id).filter((x) => !have.has(x));
  const texts = new Map(all.map((q) => [q.id, q.text]));
  return {
    size: drawSize(m),
    exactly: questions && "exactly" in questions ? questions.exactly : null,
    fromBank: questions?.fromBank ?? false,
    bankVersion: session.bank ?? bank?.version ?? null,
    draw: session.drawn
      ? {
          at: session.drawn.at,
          seed: session.drawn.seed,
          bank: session.drawn.bank,
          ids: [...drawn],
          uncovered: [...session.drawn.uncovered],
        }
      : null,
    bank: ordered.map(
      (q): BankQuestion => ({
        id: q.id,
        label: labelOf(q.id),
        text: q.text,
        criteria: q.criteria,
        drawn: place.has(q.id),
        earlier: earlier.has(q.id),
        asked: askedOf.get(q.id) ?? null,
      }),
    ),
    asked: asked.map((q) => askedView(q, session, texts)),
    ...withdrawnView(session, texts),
    next: nextOf(left, wanting),
    open: openOf(left, wanting, asked),
  };
}

function withdrawnView(
  session: Attempt["session"],
  texts: ReadonlyMap<string, string>,
): Pick<GradingPanel["questions"], "withdrawn"> {
  const withdrawn = session.asked.flatMap((q) =>
    q.withdrawn
      ? [{ ...askedView(q, session, texts), withdrawn: q.withdrawn.at, reason: wordsOf(q.withdrawn.reason) }]
      : [],
  );
  return withdrawn.length > 0 ? { withdrawn } : {};
}

const askedView = (q: Asked, session: Attempt["session"], texts: ReadonlyMap<string, string>): AskedQuestion => ({
  id: askedId(q),
  n: q.n,
  question: q.questionId,
  label: q.questionId === null ? null : labelOf(q.questionId),
  text: wordsOf(q.text ?? undefined) || (q.questionId !== null && texts.get(q.questionId)) || "",
  kind: q.kind,
  follows: askedIn(session).some((x) => askedId(x) === q.follows) ? (q.follows ?? null) : null,
  criteria: [...q.criteria],
  at: q.at,
  seconds: sessionSeconds(session.spans, q.at),
});

const reached = (q: Question, wanting: readonly string[]): string[] => wanting.filter((x) => q.criteria.includes(x));

/** The first of those that reach most; also one that reaches nothing new, as long as any is left to ask. */
function nextOf(left: readonly Question[], wanting: readonly string[]): NextQuestion | null {
  const [first] = left;
  if (!first) return null;
  const best = left.reduce((a, b) => (reached(b, wanting).length > reached(a, wanting).length ? b : a), first);
  return { question: best.id, criteria: reached(best, wanting) };
}

/** Criteria without evidence, under the question that would reach most of them next; then those that none left would. */
function openOf(left: readonly Question[], wanting: readonly string[], asked: readonly Asked[]): Coverage["open"] {
  const open: Coverage["open"] = [];
  let rest = [...wanting];
  for (;;) {
    const next = nextOf(left, rest);
    if (!next || next.criteria.length === 0) break;
    open.push({ criteria: next.criteria, question: next.question, asked: null });
    rest = rest.filter((x) => !next.criteria.includes(x));
  }
  const about = (criterion: string) => asked.findLast((q) => q.criteria.includes(criterion));
  return [
    ...open,
    ...rest.map((criterion) => {
      const q = about(criterion);
      return { criteria: [criterion], question: null, asked: q ? askedId(q) : null };
    }),
  ];
}

export function coverageOf(m: Method, a: Attempt, open: Coverage["open"]): Coverage {
  const have = evidenced(m, a);
  const tally = (criteria: readonly Criterion[]) => ({
    have: criteria.filter((x) => have.has(x.id)).length,
    of: criteria.length,
  });
  return { pass: tally(m.criteria.pass), distinction: tally(m.criteria.distinction), open };
}
