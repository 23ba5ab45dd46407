import { type Attempt, type Case, type Span as CaseSpan, wordsOf } from "../case/case";
import { cutOff, isOpen } from "../case/sitting";
import { limitsOfAttempt, questionsLimit, ran } from "../case/timing";
import { addSeconds, compareInstants, type Instant } from "../rules/calendar";
import type { Method } from "../rules/pack";
import { duration } from "../wording/format";
import type { Limits, Phase, Span, Timer, Warning } from "./shape";

/** The clock of a session as the panel draws it: facts that change only when the session does, never a running second. */

/** Undefined while it is not booked: there is no session then. */
export function phaseOf({ session, confirmed }: Attempt): Phase | undefined {
  if (session.state === "none") return undefined;
  if (session.state === "booked") return "before";
  if (session.state === "ended") return confirmed ? "confirmed" : "marking";
  return session.state;
}

export const spansOf = (spans: readonly CaseSpan[]): Span[] => spans.map((s) => ({ from: s.from, to: s.to ?? null }));

export function limitsOf(c: Case, m: Method, a: Attempt): Limits {
  const { least, planned, most, extra } = limitsOfAttempt(c, m, a);
  const due = Math.round(planned * (1 + extra));
  return {
    least,
    planned,
    most,
    extra,
    discretionAbove: m.session.length.overIsDiscretion && due < most ? due : null,
  };
}

export function timerOf(c: Case, m: Method, a: Attempt, phase: Phase): Timer {
  const { session } = a;
  const limits = limitsOf(c, m, a);
  return {
    phase,
    startedAt: session.started?.at ?? null,
    spans: spansOf(session.spans),
    limits,
    warnings: warningsOf(limits, lengthClock(m, session)),
    questions: questionsClock(c, m, session, limits),
    pauses: (session.pauses ?? []).map((p) => ({ from: p.from, to: p.to ?? null, reason: wordsOf(p.reason) || null })),
    recording: session.started?.recording ?? null,
    ended: session.ended
      ? {
          at: session.ended.at,
          seconds: session.ended.seconds,
          questionsSeconds: session.ended.questionsSeconds,
          reason: wordsOf(session.ended.reason) || null,
          discretion: session.ended.discretion,
        }
      : null,
  };
}

/** When a clock will show so many seconds, while nothing stops it. */
type At = (seconds: number) => Instant | null;

const clockOf =
  (spans: readonly CaseSpan[], less = 0): At =>
  (seconds) => {
    const open = spans.at(-1);
    if (open === undefined || open.to !== undefined) return null;
    const before = ran(spans.slice(0, -1), open.from) - less;
    return seconds < before ? null : addSeconds(open.from, seconds - before);
  };

/** Questions after the session do not count for its length: while they last its clock stands still. */
function lengthClock(m: Method, { spans, questionsPart }: Attempt["session"]): At {
  if (m.session.questionsPart?.limit.kind !== "afterMinutes") return clockOf(spans);
  const open = questionsPart.at(-1);
  if (open && open.to === undefined) return () => null;
  return clockOf(spans, open?.to === undefined ? 0 : ran(questionsPart, open.to));
}

function warningsOf({ least, planned, most, discretionAbove }: Limits, at: At): Warning[] {
  const all: [Warning["kind"], number, string][] = [
    ["tenToGo", planned - 600, `Ten minutes to the planned ${duration(planned)}.`],
    ["mayEnd", least, "You may end from now on."],
    [
      "planned",
      planned,
      discretionAbove === planned
        ? `${duration(planned)} have run. Longer is at your discretion.`
        : `The planned ${duration(planned)} have run.`,
    ],
    ["twoToGo", most - 120, `Two minutes to the limit of ${duration(most)}.`],
    ["over", most, "Over the limit. Ending asks for a reason."],
  ];
  return inOrder(all, at);
}

const inOrder = (all: readonly [Warning["kind"], number, string][], at: At): Warning[] =>
  all
    .filter(([, seconds]) => seconds > 0)
    .sort(([, a], [, b]) => a - b)
    .map(([kind, seconds, says]) => ({ kind, seconds, says, at: at(seconds) }));

function questionsClock(c: Case, m: Method, session: Attempt["session"], limits: Limits): Timer["questions"] {
  const { questionsPart } = session;
  const part = m.session.questionsPart;
  if (!part) return null;
  const inside = part.limit.kind === "insideShare";
  const most = questionsLimit(c, m, limits.planned) ?? 0;
  const all: [Warning["kind"], number, string][] = [
    ["twoToGo", most - 120, "Two minutes are left for questions."],
    [
      "over",
      most,
      // A share of what ran: a session longer than planned gives its questions longer too.
      inside
        ? `The questions have had their share of ${duration(limits.planned)}.`
        : "The questions are over their limit. Ending asks for a reason.",
    ],
  ];
  return {
    kind: inside ? "inside" : "after",
    // A pause stops its clock, and does not end it.
    open: isOpen(questionsPart) || cutOff(session),
    spans: spansOf(questionsPart),
    share: part.limit.kind === "insideShare" ? part.limit.share : null,
    most: inside ? null : most,
    warnings: inOrder(all, clockOf(questionsPart)),
  };
}

/** The session's own time at that moment, in seconds: what had been run, pauses left out; none before the start. */
export const sessionSeconds = (spans: readonly CaseSpan[], at: Instant): number =>
  spans.reduce((sum, s) => {
    if (compareInstants(s.from, at) >= 0) return sum;
    const to = s.to !== undefined && compareInstants(s.to, at) < 0 ? s.to : at;
    return sum + ran([{ from: s.from, to }], to);
  }, 0);
