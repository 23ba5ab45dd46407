import { z } from "zod";
import { contradictions, markKeys, methodGrade } from "../rules/grade";
import { type Grade, type Method, methodOf, type Pack } from "../rules/pack";
import {
  askedIn,
  assessedHere,
  attemptAt,
  type Case,
  type Context,
  type Decide,
  type Evolves,
  type FreeText,
  free,
  isOut,
  isSettled,
  judge,
  type Mark,
  type NewEvent,
  never,
  type Offer,
  type Offers,
  refuse,
  type Sampled,
  stampOf,
  withAttempt,
} from "./case";
import { grade, id, mark, methodId, text } from "./payload";

/** A method's grade: proposed from the marks, confirmed by the assessor, sampled and moderated by IQA (R21, R25, R38). */

export const commands = {
  "grade.confirm": z.strictObject({ method: methodId, grade, declared: z.boolean() }),
  "mark.correct": z.strictObject({ method: methodId, criterion: id, mark: mark.exclude(["notYet"]), reason: text() }),
  "moderation.sample": z.strictObject({ method: methodId }),
  "moderation.uphold": z.strictObject({ method: methodId, note: text().optional() }),
  "moderation.sendBack": z.strictObject({ method: methodId, reason: text() }),
};

export type Event =
  | NewEvent<
      "GradeConfirmed",
      {
        method: string;
        grade: Grade;
        missingForPass: string[];
        missingForDistinction: string[];
        sampled: boolean;
        rate: number;
      }
    >
  | NewEvent<
      "MarkCorrected",
      { method: string; id?: string; criterion: string; from: Mark; to: Mark; reason: FreeText }
    >
  | Sampled
  | NewEvent<"GradeUpheld", { method: string; note?: FreeText }>
  | NewEvent<"GradeSentBack", { method: string; reason: FreeText }>;

/**
 * Does this grade wait for IQA? By the assessor's rate and the draw; always when it came back before, and when somebody else
 * held the session: then nobody who confirms it saw what it stands on.
 */
function sampled(c: Case, method: string, ctx: Context): { sampled: boolean; rate: number } {
  const { usual, byAssessor } = ctx.settings.sampling;
  const own = Object.hasOwn(byAssessor, ctx.by.person) ? byAssessor[ctx.by.person] : undefined;
  const rate = own ?? usual;
  const { moderation, session } = attemptAt(c, method);
  const cameBack = moderation?.state === "sentBack";
  const heldByAnother = session.started !== undefined && session.started.by.person !== ctx.by.person;
  return { rate, sampled: cameBack || heldByAnother || ctx.draw < rate };
}

/** Criteria that are not met and that no question touched (R38): of a session that has a part for questions. */
export const neverAsked = (method: Method, a: ReturnType<typeof attemptAt>): string[] => {
  if (method.session.questionsPart === null) return [];
  const touched = new Set(askedIn(a.session).flatMap((q) => q.criteria));
  const open = methodGrade(method, a.marks);
  return [...new Set([...open.missingForPass, ...open.missingForDistinction].map((x) => x.criterion))].filter(
    (x) => !touched.has(x),
  );
};

function inAssessment(c: Case, pack: Pack, methodId: string) {
  const method = pack.methods.find((m) => m.id === methodId);
  if (!method) return refuse("NO_SUCH_METHOD", { method: methodId });
  if (c.stage !== "assessment") return refuse("NOT_IN_ASSESSMENT", { stage: c.stage });
  return { method, attempt: attemptAt(c, methodId) };
}

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "grade.confirm": (p, c, ctx) => {
    const s = inAssessment(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const { method, attempt } = s;
    const back = attempt.moderation?.state === "sentBack";
    if (attempt.confirmed && !back) return { already: attempt.confirmed };
    const j = judge(ctx);
    j.need(attempt.session.state === "ended", "SESSION_NOT_ENDED", { method: p.method });
    const proposed = methodGrade(method, attempt.marks);
    j.need(proposed.complete, "CRITERIA_UNMARKED", {
      method: p.method,
      open: proposed.unmarked.map((x) => x.key),
      count: proposed.unmarked.length,
    });
    j.need(proposed.grade === p.grade, "GRADE_HAS_CHANGED", { shown: p.grade, now: proposed.grade });
    j.need(p.declared, "DECLARATION_NEEDED", {}, "declared");
    for (const x of contradictions(method, attempt.marks, attempt.descriptors))
      j.rule(
        ctx.pack.rules.methodGrade,
        false,
        x.code === "failTickedYetPassed" ? "DESCRIPTOR_AGAINST_GRADE" : "FAIL_WITHOUT_DESCRIPTOR",
        { grade: x.grade, descriptors: x.descriptors },
      );
    const unasked = neverAsked(method, attempt);
    j.rule(ctx.pack.rules.unseenCriteria, unasked.length === 0, "UNSEEN_NOT_ASKED", {
      method: p.method,
      criteria: unasked,
    });
    return j.settle(() => [
      {
        type: "GradeConfirmed",
        data: {
          method: p.method,
          grade: proposed.grade,
          missingForPass: proposed.missingForPass.map((x) => x.key),
          missingForDistinction: proposed.missingForDistinction.map((x) => x.key),
          ...sampled(c, p.method, ctx),
        },
      },
    ]);
  },

  "mark.correct": (p, c, ctx) => {
    const s = inAssessment(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const { method, attempt } = s;
    const j = judge(ctx);
    j.need(
      markKeys(method).some((k) => k.key === p.criterion),
      "NO_SUCH_CRITERION",
      { criteria: [p.criterion] },
      "criterion",
    );
    j.need(attempt.confirmed !== undefined, "NOT_CONFIRMED_YET", { method: p.method });
    // A confirmed grade moves only after IQA sent it back.
    j.need(attempt.confirmed === undefined || attempt.moderation?.state === "sentBack", "NOT_SENT_BACK", {
      method: p.method,
    });
    const from = attempt.marks[p.criterion] ?? "notYet";
    j.need(from !== p.mark, "MARK_UNCHANGED", { criterion: p.criterion });
    return j.settle(() => [
      {
        type: "MarkCorrected",
        data: { method: p.method, id: ctx.command, criterion: p.criterion, from, to: p.mark, reason: free(p.reason) },
      },
    ]);
  },

  "moderation.sample": (p, c, ctx) => {
    const s = inAssessment(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const j = judge(ctx);
    j.need(s.attempt.confirmed !== undefined, "NOT_CONFIRMED_YET", { method: p.method });
    j.need(s.attempt.moderation?.state === "notSampled", "ALREADY_SAMPLED", { method: p.method });
    // Quality assurance comes before release: else a pass that is out could turn into a distinction, or a fail (R30).
    j.need(!isOut(c, p.method), "RESULT_IS_OUT", { method: p.method });
    return j.settle(() => [{ type: "GradeSampled", data: { method: p.method } }]);
  },

  "moderation.uphold": (p, c, ctx) => {
    const s = inAssessment(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const m = s.attempt.moderation;
    if (m?.state === "upheld") return { already: m };
    const j = judge(ctx);
    j.need(m?.state === "waiting", "NOT_IN_MODERATION", { method: p.method });
    j.need(!assessedHere(c, ctx.by.person), "OWN_GRADE", { method: p.method });
    return j.settle(() => [
      { type: "GradeUpheld", data: { method: p.method, ...(p.note ? { note: free(p.note) } : {}) } },
    ]);
  },

  "moderation.sendBack": (p, c, ctx) => {
    const s = inAssessment(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const m = s.attempt.moderation;
    if (m?.state === "sentBack") return { already: m };
    const j = judge(ctx);
    j.need(m?.state === "waiting", "NOT_IN_MODERATION", { method: p.method });
    j.need(!assessedHere(c, ctx.by.person), "OWN_GRADE", { method: p.method });
    return j.settle(() => [{ type: "GradeSentBack", data: { method: p.method, reason: free(p.reason) } }]);
  },
};

export const evolve: Evolves<Event> = {
  GradeConfirmed: (c, { method, sampled: isSampled, rate: _rate, ...d }, e) =>
    withAttempt(c, method, {
      confirmed: { ...d, ...stampOf(e) },
      moderation: isSampled ? { state: "waiting" } : { state: "notSampled" },
      assessor: e.by.person,
    }),
  MarkCorrected: (c, d, e) => {
    const a = attemptAt(c, d.method);
    const marked =
      d.id === undefined ? {} : { marked: { ...a.marked, [d.criterion]: { ...stampOf(e), command: d.id } } };
    return withAttempt(c, d.method, { marks: { ...a.marks, [d.criterion]: d.to }, ...marked });
  },
  GradeSampled: (c, d) => withAttempt(c, d.method, { moderation: { state: "waiting" } }),
  GradeUpheld: (c, d, e) => withAttempt(c, d.method, { moderation: { state: "upheld", note: d.note, ...stampOf(e) } }),
  GradeSentBack: (c, d, e) =>
    withAttempt(c, d.method, { moderation: { state: "sentBack", reason: d.reason, ...stampOf(e) } }),
};

const where =
  (holds: (a: ReturnType<typeof attemptAt>, m: Method, c: Case) => boolean) =>
  (c: Case, pack: Pack): readonly Offer[] =>
    c.stage !== "assessment"
      ? never
      : pack.methods.filter((m) => holds(attemptAt(c, m.id), methodOf(pack, m.id), c)).map((m) => ({ method: m.id }));

const sentBack = (a: ReturnType<typeof attemptAt>) => a.moderation?.state === "sentBack";

export const offers: Offers<keyof typeof commands> = {
  "grade.confirm": where(
    (a, m) =>
      a.session.state === "ended" && (a.confirmed === undefined || sentBack(a)) && methodGrade(m, a.marks).complete,
  ),
  "mark.correct": where((a) => a.confirmed !== undefined && sentBack(a)),
  "moderation.sample": where(
    (a, m, c) => a.confirmed !== undefined && a.moderation?.state === "notSampled" && !isOut(c, m.id),
  ),
  "moderation.uphold": where((a) => !isSettled(a) && a.moderation?.state === "waiting"),
  "moderation.sendBack": where((a) => a.moderation?.state === "waiting"),
};
