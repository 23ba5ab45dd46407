import type { Attempt, Case } from "../case/case";
import type { Method, Pack } from "../rules/pack";
import { duration, spelled } from "../wording/format";
import type { OutsidePanel, SessionHead } from "./shape";
import { limitsOf, phaseOf, spansOf } from "./timer";

/**
 * What an apprentice or an employer sees of a session: time and practical information. Nothing here comes of questions, notes,
 * marks or grades, nor of the part for questions, whose beginning tells of them.
 */

export function outsidePanel(
  c: Case,
  pack: Pack,
  m: Method,
  a: Attempt,
  role: "apprentice" | "employer",
  session: SessionHead,
): OutsidePanel {
  const observes = role === "employer" && m.session.observers.includes("employer");
  const phase = phaseOf(a);
  // What was good to know for it is so no more.
  const over = phase === "marking" || phase === "confirmed";
  const { discretionAbove: _staffOnly, ...limits } = limitsOf(c, m, a);
  const part = m.session.questionsPart?.limit;
  const onTop = part?.kind === "afterMinutes" ? Math.round(part.minutes * 60 * (1 + limits.extra)) : 0;
  return {
    kind: "outside",
    role,
    observes,
    // Whoever has no part in it is not shown the way in.
    session: role === "apprentice" || observes ? session : { ...session, link: null },
    timer: {
      phase: phase === "running" || phase === "paused" ? phase : phase === "before" ? "before" : "ended",
      startedAt: a.session.started?.at ?? null,
      spans: spansOf(a.session.spans),
      limits,
      questionsOnTop: onTop,
      recording: a.session.started?.recording ?? null,
    },
    says: `Ends between ${between(limits.least, limits.most)}${onTop > 0 ? `, then up to ${duration(onTop)} of questions` : ""}`,
    heading: observes && !over ? "You are here to observe" : null,
    lines: over
      ? [results(pack)]
      : role === "apprentice"
        ? forApprentice(pack, m, session)
        : forEmployer(pack, observes, session),
  };
}

/** "54 and 66 min", "54 min and 82 min 30 s". */
const between = (least: number, most: number): string =>
  least % 60 === 0 && most % 60 === 0
    ? `${least / 60} and ${duration(most)}`
    : `${duration(least)} and ${duration(most)}`;

type Lines = OutsidePanel["lines"];

const results = (pack: Pack): Lines[number] => ({
  icon: "calendar",
  text: `Results come when all ${spelled(pack.methods.length)} assessments are done.`,
});

function forApprentice(pack: Pack, m: Method, { assessor, setting }: SessionHead): Lines {
  return [
    {
      icon: "person",
      text: m.handIn ? `${assessor} asks the questions.` : `${assessor} watches you at work and asks some questions.`,
    },
    ...(m.handIn ? [{ icon: "paper" as const, text: `Have your ${m.handIn.kind} and your notes at hand.` }] : []),
    ...(setting === "teams"
      ? [{ icon: "line" as const, text: "If the call drops, join again. The assessor can stop the clock meanwhile." }]
      : []),
    results(pack),
  ];
}

function forEmployer(pack: Pack, observes: boolean, { assessor, setting }: SessionHead): Lines {
  if (!observes) return [{ icon: "person", text: `This is between the apprentice and ${assessor}.` }, results(pack)];
  return [
    ...(setting === "teams" ? [{ icon: "mute" as const, text: "Keep your microphone off." }] : []),
    { icon: "quiet", text: "Do not ask, answer or prompt." },
    { icon: "secret", text: "Questions and marks stay with the assessor." },
    { icon: "leave", text: "You may leave at any time." },
  ];
}
