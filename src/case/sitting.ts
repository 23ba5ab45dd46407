import { compareInstants, type Instant } from "../rules/calendar";
import type { Method, Pack } from "../rules/pack";
import {
  type Asked,
  type Attempt,
  askedIn,
  attemptAt,
  type Case,
  type Context,
  type Judge,
  momentOf,
  type NewEvent,
  never,
  type Offer,
  refuse,
  type Session,
  type SessionState,
  type Span,
  type Stamp,
  type Stamped,
  withAttempt,
} from "./case";

/** What the commands of a session have in common: which session, in what state, at what moment. */

export const known = (pack: Pack, method: string): Method | undefined => pack.methods.find((m) => m.id === method);

/** When it happened, for whatever a session's own time counts by. */
export const when = (ctx: Context): Instant => ctx.occurred?.at ?? ctx.now;

/** The method and its attempt when its session is in one of those states, else the refusal. */
export function sessionIn(c: Case, pack: Pack, methodId: string, ...states: SessionState[]) {
  const method = known(pack, methodId);
  if (!method) return refuse("NO_SUCH_METHOD", { method: methodId });
  if (c.stage !== "assessment") return refuse("NOT_IN_ASSESSMENT", { stage: c.stage });
  const attempt = attemptAt(c, methodId);
  if (!states.includes(attempt.session.state))
    return refuse("SESSION_STATE", { method: methodId, state: attempt.session.state, wanted: states });
  return { method, attempt };
}

/** The method and its attempt while marks and notes are open: from the start until the grade is confirmed. Else the refusal. */
export function openIn(c: Case, pack: Pack, methodId: string) {
  const method = known(pack, methodId);
  if (!method) return refuse("NO_SUCH_METHOD", { method: methodId });
  if (c.stage !== "assessment") return refuse("NOT_IN_ASSESSMENT", { stage: c.stage });
  const attempt = attemptAt(c, methodId);
  return openMarks(c, methodId) ? { method, attempt } : refuse("MARKS_CLOSED", { method: methodId });
}

const openMarks = (c: Case, methodId: string): boolean => {
  const a = attemptAt(c, methodId);
  return a.confirmed === undefined && a.session.started !== undefined;
};

export function judgeCriteria(j: Judge, method: Method, criteria: readonly string[]): void {
  const ids = new Set([...method.criteria.pass, ...method.criteria.distinction].map((x) => x.id));
  const strange = criteria.filter((x) => !ids.has(x));
  j.need(strange.length === 0, "NO_SUCH_CRITERION", { criteria: strange }, "criteria");
}

/** R09: an observation without a question is refused; R18: not ten asks a reason. */
export function judgeQuestions(j: Judge, method: Method, asked: readonly Asked[], reason: string | undefined): void {
  const { questionsPart, questions } = method.session;
  if (questionsPart)
    j.rule(
      questionsPart,
      asked.length > 0,
      "NO_QUESTION_ASKED",
      { method: method.id },
      { effect: questionsPart.noneRecorded },
    );
  if (questions && "exactly" in questions) {
    const main = asked.filter((a) => a.kind === "main").length;
    j.rule(
      questions,
      main === questions.exactly,
      "QUESTIONS_NOT_EXACT",
      { asked: main, wanted: questions.exactly },
      { input: "reason", reason, method: method.id },
    );
  }
}

/** By whom, and when in the session it came about. */
export const momentStamp = (e: Stamped<NewEvent>): Stamp => ({ at: momentOf(e), by: e.by });

export const withSession = (c: Case, method: string, change: Partial<Session>): Case =>
  withAttempt(c, method, { session: { ...attemptAt(c, method).session, ...change } });

export const isOpen = (spans: readonly Span[]): boolean => spans.length > 0 && spans.at(-1)?.to === undefined;

/** Whether a pause cut the part for questions off: resumed, it goes on. */
export const cutOff = ({ state, pauses = [] }: Session): boolean =>
  state === "paused" && pauses.at(-1)?.questions === true;

/** Closed at that moment, even where it was before some of them ended or began: what came after it did not count. */
export function closedAt<S extends Span>(spans: readonly S[], at: Instant): S[] {
  const begun = spans.filter((s, i) => i === 0 || compareInstants(s.from, at) < 0);
  return begun.map((s) => (s.to !== undefined && compareInstants(s.to, at) <= 0 ? s : { ...s, to: at }));
}

export const inState =
  (...states: SessionState[]) =>
  (c: Case, pack: Pack): readonly Offer[] =>
    c.stage !== "assessment"
      ? never
      : pack.methods.filter((m) => states.includes(attemptAt(c, m.id).session.state)).map((m) => ({ method: m.id }));

export const whileOpen = (c: Case, pack: Pack): readonly Offer[] =>
  c.stage !== "assessment" ? never : pack.methods.filter((m) => openMarks(c, m.id)).map((m) => ({ method: m.id }));

/** How many are drawn where the document gives no number: as many as it gives for the others. */
const USUAL = 10;
export const drawSize = (method: Method): number => {
  const { questions } = method.session;
  return questions && "exactly" in questions ? questions.exactly : USUAL;
};

/**
 * Questions of the bank that the apprentice may know: drawn or asked in an earlier attempt, or for a session broken off. Those
 * used longest ago come first.
 */
export function usedBefore(c: Case, method: string): Set<string> {
  const all = c.attempts[method] ?? [];
  return inOrder([...all.slice(0, -1).flatMap((a) => [...(a.used ?? []), ...usedIn(a)]), ...(all.at(-1)?.used ?? [])]);
}

/** Each once, where it was used last. */
export function inOrder(used: readonly string[]): Set<string> {
  const last = new Set<string>();
  for (const id of used) {
    last.delete(id);
    last.add(id);
  }
  return last;
}

/** Questions of the bank that this attempt's session drew or asked. */
export const usedIn = ({ session }: Pick<Attempt, "session">): string[] => [
  ...(session.drawn?.ids ?? []),
  ...askedIn(session).flatMap((a) => (a.questionId === null ? [] : [a.questionId])),
];
