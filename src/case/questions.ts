import { z } from "zod";
import { compareInstants } from "../rules/calendar";
import { drawQuestions } from "../rules/draw";
import {
  type Asked,
  type Attempt,
  askedId,
  attemptAt,
  type Case,
  type Context,
  type Decide,
  type Evolves,
  type FreeText,
  free,
  judge,
  momentOf,
  type NewEvent,
  type Offers,
  refuse,
} from "./case";
import { id, methodId, text } from "./payload";
import { drawSize, inState, judgeCriteria, openIn, sessionIn, stampOf, usedBefore, when, withSession } from "./sitting";

/** The questions of a session: drawn from the bank, and recorded as they are asked (R09, R18, R22). */

export const commands = {
  "session.draw": z.strictObject({ method: methodId }),
  "session.ask": z.strictObject({
    method: methodId,
    questionId: id.optional(),
    text: text(1000).optional(),
    kind: z.enum(["main", "followUp"]),
    /** The asked question that a follow-up follows, by its id. */
    follows: id.optional(),
    criteria: z.array(id).max(60),
  }),
};

export type Event =
  | NewEvent<
      "QuestionsDrawn",
      { method: string; seed: string; bank: string; ids: string[]; uncovered: string[]; without: string[] }
    >
  | NewEvent<
      "QuestionAsked",
      {
        method: string;
        n: number;
        id?: string;
        questionId: string | null;
        text: FreeText | null;
        kind: "main" | "followUp";
        follows?: string;
        criteria: string[];
        bank?: string;
      }
    >;

/** The version that the session keeps to: the first that it took a question from. */
const pinned = (a: Attempt, ctx: Context): { bank?: string } =>
  a.session.bank === undefined && ctx.bank ? { bank: ctx.bank.version } : {};

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "session.draw": (p, c, ctx) => {
    const s = sessionIn(c, ctx.pack, p.method, "booked", "running", "paused");
    if ("refused" in s) return s;
    const { drawn } = s.attempt.session;
    if (drawn) return { already: drawn };
    const bank = ctx.bank?.questions.get(p.method);
    if (!ctx.bank || !bank) return refuse("NO_BANK", { method: p.method });
    const without = usedBefore(c, p.method);
    const left = bank.filter((q) => !without.has(q.id));
    const size = drawSize(s.method);
    if (left.length < size) return refuse("TOO_FEW_QUESTIONS", { method: p.method, left: left.length, wanted: size });
    const seed = ctx.newId;
    const { version } = ctx.bank;
    return judge(ctx).settle(() => [
      {
        type: "QuestionsDrawn",
        data: {
          method: p.method,
          seed,
          bank: version,
          ...drawQuestions(left, size, seed),
          without: [...without].sort(),
        },
      },
    ]);
  },

  "session.ask": (p, c, ctx) => {
    const s = askable(c, ctx, p.method);
    if ("refused" in s) return s;
    const { asked } = s.attempt.session;
    // Two panels that both tick it: it was asked once.
    const twin = p.kind === "main" && p.questionId !== undefined && asked.find((a) => a.questionId === p.questionId);
    if (twin && twin.kind === "main") return { already: { at: twin.at, by: ctx.by } };
    const j = judge(ctx);
    j.need(p.questionId !== undefined || p.text !== undefined, "QUESTION_NEEDED", {}, "text");
    j.need(
      p.follows === undefined || asked.some((a) => askedId(a) === p.follows),
      "NO_SUCH_QUESTION",
      { question: p.follows },
      "follows",
    );
    judgeCriteria(j, s.method, p.criteria);
    const { questions } = s.method.session;
    // R18: the questions of this interview come from the bank; follow-ups are the assessor's own.
    if (questions?.fromBank)
      j.rule(
        questions,
        p.kind === "followUp" || p.questionId !== undefined,
        "QUESTION_NOT_FROM_BANK",
        {},
        {
          input: "text",
          effect: "warn",
        },
      );
    return j.settle(() => [
      {
        type: "QuestionAsked",
        data: {
          method: p.method,
          n: asked.length + 1,
          id: ctx.command,
          questionId: p.questionId ?? null,
          text: p.text === undefined ? null : free(p.text),
          kind: p.kind,
          ...(p.follows === undefined ? {} : { follows: p.follows }),
          criteria: p.criteria,
          ...(p.questionId === undefined ? {} : pinned(s.attempt, ctx)),
        },
      },
    ]);
  },
};

/** While it runs; and what was asked before the end but arrives after it, sent late by another device. */
function askable(c: Case, ctx: Context, method: string) {
  const running = sessionIn(c, ctx.pack, method, "running");
  if (!("refused" in running) || ctx.occurred === undefined) return running;
  const open = openIn(c, ctx.pack, method);
  if ("refused" in open) return running;
  const { session } = open.attempt;
  const at = when(ctx);
  const during = session.spans.some(
    (s) => compareInstants(s.from, at) <= 0 && (s.to === undefined || compareInstants(at, s.to) <= 0),
  );
  return during ? open : running;
}

export const evolve: Evolves<Event> = {
  QuestionsDrawn: (c, { method, without: _known, ...d }, e) => {
    const { bank } = attemptAt(c, method).session;
    return withSession(c, method, { drawn: { ...d, ...stampOf(e) }, bank: bank ?? d.bank });
  },
  QuestionAsked: (c, { method, bank, ...d }, e) => {
    const { session } = attemptAt(c, method);
    const at = momentOf(e);
    const inQuestionsPart = session.questionsPart.some(
      (s) => compareInstants(s.from, at) <= 0 && (s.to === undefined || compareInstants(at, s.to) < 0),
    );
    const asked: Asked = { ...d, at, inQuestionsPart };
    return withSession(c, method, {
      asked: [...session.asked, asked],
      ...(session.bank === undefined && bank !== undefined ? { bank } : {}),
    });
  },
};

export const offers: Offers<keyof typeof commands> = {
  "session.draw": (c, pack) =>
    inState(
      "booked",
      "running",
      "paused",
    )(c, pack).filter((o) => attemptAt(c, String(o.method)).session.drawn === undefined),
  "session.ask": inState("running"),
};
