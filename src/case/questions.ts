import { z } from "zod";
import { compareInstants } from "../rules/calendar";
import { drawQuestions } from "../rules/draw";
import {
  type Asked,
  type Attempt,
  askedId,
  askedIn,
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
import {
  drawSize,
  inState,
  judgeCriteria,
  judgeQuestions,
  momentStamp,
  openIn,
  sessionIn,
  usedBefore,
  when,
  whileOpen,
  withSession,
} from "./sitting";

/** The questions of a session: drawn from the bank, recorded as they are asked, taken back where one was not (R09, R18, R22). */

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
  /** It was ticked as asked by mistake: `question` is the asked question's id, or its number, as a card has it. */
  "session.unask": z.strictObject({
    method: methodId,
    question: z.union([z.int().positive(), id]),
    reason: text(300),
  }),
};

export type Event =
  | NewEvent<
      "QuestionsDrawn",
      {
        method: string;
        seed: string;
        bank: string;
        ids: string[];
        uncovered: string[];
        /** Of the bank, what the draw left out, as the apprentice may know it. */
        without: string[];
        /** Of those drawn, the ones that the apprentice may know all the same: too few others were left. */
        again?: string[];
      }
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
    >
  | NewEvent<"QuestionWithdrawn", { method: string; question: string; n: number; reason: FreeText }>;

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
    const used = usedBefore(c, p.method);
    const size = drawSize(s.method);
    if (bank.length < size) return refuse("TOO_FEW_QUESTIONS", { method: p.method, left: bank.length, wanted: size });
    // Attempts may go on when the bank is used up: then a session's worth of those used longest ago may come again.
    const fresh = bank.filter((q) => !used.has(q.id));
    const kept = [...used].filter((id) => bank.some((q) => q.id === id));
    const without = new Set(fresh.length < size ? kept.slice(size) : used);
    const left = bank.filter((q) => !without.has(q.id));
    const seed = ctx.newId;
    const criteria = [...s.method.criteria.pass, ...s.method.criteria.distinction].map((x) => x.id);
    const { version } = ctx.bank;
    const chosen = drawQuestions(left, size, seed, criteria);
    const again = chosen.ids.filter((id) => used.has(id));
    return judge(ctx).settle(() => [
      {
        type: "QuestionsDrawn",
        data: {
          method: p.method,
          seed,
          bank: version,
          ...chosen,
          without: [...without].sort(),
          ...(again.length > 0 ? { again } : {}),
        },
      },
    ]);
  },

  "session.ask": (p, c, ctx) => {
    const s = askable(c, ctx, p.method);
    if ("refused" in s) return s;
    const asked = askedIn(s.attempt.session);
    // Two panels that both tick it: it was asked once.
    const twin = p.kind === "main" && p.questionId !== undefined && asked.find((a) => a.questionId === p.questionId);
    if (twin && twin.kind === "main") return { already: { at: twin.at, by: ctx.by } };
    const j = judge(ctx);
    j.need(p.questionId !== undefined || p.text !== undefined, "QUESTION_NEEDED", {}, "text");
    j.need(
      p.follows === undefined || s.attempt.session.asked.some((a) => askedId(a) === p.follows),
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
          n: s.attempt.session.asked.length + 1,
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

  "session.unask": (p, c, ctx) => {
    const s = openIn(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const { session } = s.attempt;
    const one = session.asked.find((a) =>
      typeof p.question === "number" ? a.n === p.question : askedId(a) === p.question,
    );
    if (!one) return refuse("NO_SUCH_QUESTION", { question: p.question }, "question");
    if (one.withdrawn) return { already: one.withdrawn };
    const j = judge(ctx);
    // What the end was judged on still has to hold without it; the reason written here stands for the one the end asks.
    const rest = askedIn(session).filter((a) => a !== one);
    if (session.state === "ended") judgeQuestions(j, s.method, rest, p.reason);
    return j.settle(() => [
      {
        type: "QuestionWithdrawn",
        data: { method: p.method, question: askedId(one), n: one.n, reason: free(p.reason) },
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
  QuestionsDrawn: (c, { method, without: _known, again: _again, ...d }, e) => {
    const { bank } = attemptAt(c, method).session;
    return withSession(c, method, { drawn: { ...d, ...momentStamp(e) }, bank: bank ?? d.bank });
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
  QuestionWithdrawn: (c, d, e) => {
    const { session } = attemptAt(c, d.method);
    const withdrawn = { ...momentStamp(e), reason: d.reason };
    return withSession(c, d.method, {
      asked: session.asked.map((a) => (askedId(a) === d.question ? { ...a, withdrawn } : a)),
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
  "session.unask": (c, pack) =>
    whileOpen(c, pack).filter((o) => askedIn(attemptAt(c, String(o.method)).session).length > 0),
};
