import { z } from "zod";
import { addWorkingDays, londonDate } from "../rules/calendar";
import type { Grade } from "../rules/pack";
import {
  attemptAt,
  type Case,
  type Challenge,
  type Context,
  type Decide,
  type Evolves,
  type FreeText,
  free,
  judge,
  type NewEvent,
  never,
  type Offers,
  once,
  type Release,
  refuse,
  releasedNow,
  stampOf,
  withAttempt,
} from "./case";
import { grade, id, methodId, text } from "./payload";

/** Enquiries and appeals about a released result; an appeal is decided by someone who took no part in the case (R34). */

const raise = z.strictObject({ method: methodId.optional(), grounds: text(4000) });

export const commands = {
  "enquiry.raise": raise,
  "enquiry.answer": z.strictObject({ id, answer: text(4000) }),
  "appeal.raise": raise,
  "appeal.decide": z.strictObject({
    id,
    upheld: z.boolean(),
    answer: text(4000),
    /** Where it is upheld: the grade that now stands for a method. */
    regrade: z.strictObject({ method: methodId, grade }).optional(),
  }),
};

export type Event =
  | NewEvent<"ChallengeRaised", Pick<Challenge, "id" | "kind" | "release" | "method" | "grounds">>
  | NewEvent<"EnquiryAnswered", { id: string; answer: FreeText }>
  | NewEvent<"AppealDecided", { id: string; upheld: boolean; answer: FreeText }>
  | NewEvent<"GradeChangedOnAppeal", { id: string; method: string; from: Grade; to: Grade }>;

/**
 * The result that is out. A resit or retake that was opened takes nobody's right to question what failed; while a grade that was
 * changed on appeal waits to be released, the result to question is the one to come.
 */
const questionable = (c: Case): Release | undefined => {
  const open = c.stage === "assessment" || c.stage === "gateway" || c.stage === "planning";
  return c.stage === "released" || (open && releasedNow(c) === undefined) ? c.releases.at(-1) : undefined;
};

function raised(kind: Challenge["kind"]): Decide<z.infer<typeof raise>, Event> {
  return (p, c, ctx) => {
    const release = questionable(c);
    if (!release) return refuse("NO_RESULT_YET");
    const rule = ctx.pack.rules.appeals;
    const days = kind === "enquiry" ? rule.enquiryWorkingDays : rule.appealWorkingDays;
    const j = judge(ctx);
    j.need(
      p.method === undefined || Object.hasOwn(release.grades, p.method),
      "NO_SUCH_METHOD",
      { method: p.method },
      "method",
    );
    if (days !== null) {
      const last = addWorkingDays(londonDate(release.at), days);
      j.rule(rule, londonDate(ctx.now) <= last, "CHALLENGE_TOO_LATE", { kind, last, days });
    }
    const open = c.challenges.some((x) => x.kind === kind && x.release === release.n && x.outcome === "toDecide");
    j.need(!open, "CHALLENGE_OPEN", { kind });
    return j.settle(() => [
      {
        type: "ChallengeRaised",
        data: { id: ctx.newId, kind, release: release.n, method: p.method ?? null, grounds: free(p.grounds) },
      },
    ]);
  };
}

const find = (c: Case, kind: Challenge["kind"], wanted: string) =>
  c.challenges.find((x) => x.kind === kind && x.id === wanted);

/** R34: nobody who did anything in the case as staff, was ever on it, or is a party. */
function unconnected(c: Case, ctx: Context): boolean {
  const { person } = ctx.by;
  return (
    !c.tookPart.includes(person) &&
    !Object.values(c.parties).includes(person) &&
    !c.allocations.some((a) => a.person === person)
  );
}

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "enquiry.raise": raised("enquiry"),
  "appeal.raise": raised("appeal"),

  "enquiry.answer": (p, c, ctx) => {
    const x = find(c, "enquiry", p.id);
    if (!x) return refuse("NO_SUCH_REQUEST", { id: p.id });
    if (x.decided) return { already: x.decided };
    return judge(ctx).settle(() => [{ type: "EnquiryAnswered", data: { id: p.id, answer: free(p.answer) } }]);
  },

  "appeal.decide": (p, c, ctx) => {
    const x = find(c, "appeal", p.id);
    if (!x) return refuse("NO_SUCH_REQUEST", { id: p.id });
    if (x.decided)
      return (x.outcome === "upheld") === p.upheld
        ? { already: x.decided }
        : refuse("REQUEST_DECIDED", { outcome: x.outcome });
    const j = judge(ctx);
    const release = c.releases.at(-1);
    j.rule(ctx.pack.rules.appeals, unconnected(c, ctx), "CONNECTED_WITH_CASE");
    // An answer can always be given; a grade is changed only in the result that stands.
    j.need(p.regrade === undefined || (c.stage === "released" && release?.n === x.release), "RESULT_MOVED_ON");
    j.need(p.regrade === undefined || p.upheld, "REGRADE_WITHOUT_UPHOLDING", {}, "regrade");
    const from =
      p.regrade && release && Object.hasOwn(release.grades, p.regrade.method)
        ? release.grades[p.regrade.method]
        : undefined;
    j.need(p.regrade === undefined || from !== undefined, "NO_SUCH_METHOD", { method: p.regrade?.method }, "regrade");
    j.need(from === undefined || from !== p.regrade?.grade, "GRADE_UNCHANGED", { grade: from }, "regrade");
    return j.settle(() => [
      { type: "AppealDecided", data: { id: p.id, upheld: p.upheld, answer: free(p.answer) } },
      ...(p.regrade && from
        ? [
            {
              type: "GradeChangedOnAppeal" as const,
              data: { id: p.id, method: p.regrade.method, from, to: p.regrade.grade },
            },
          ]
        : []),
    ]);
  },
};

const decidedAs = (c: Case, wanted: string, change: Partial<Challenge>): Case => ({
  ...c,
  challenges: c.challenges.map((x) => (x.id === wanted ? { ...x, ...change } : x)),
});

export const evolve: Evolves<Event> = {
  ChallengeRaised: (c, d, e) => ({ ...c, challenges: [...c.challenges, { ...d, outcome: "toDecide", ...stampOf(e) }] }),
  EnquiryAnswered: (c, d, e) => decidedAs(c, d.id, { outcome: "answered", answer: d.answer, decided: stampOf(e) }),
  AppealDecided: (c, d, e) =>
    decidedAs(c, d.id, { outcome: d.upheld ? "upheld" : "rejected", answer: d.answer, decided: stampOf(e) }),
  // The new grade stands; the coordinator releases the result anew, so that everyone gets one letter that says so.
  GradeChangedOnAppeal: (c, d, e) => {
    const confirmed = attemptAt(c, d.method).confirmed;
    if (!confirmed || !("window" in c)) return c;
    const changed = withAttempt(c, d.method, {
      confirmed: { ...confirmed, grade: d.to },
      moderation: { state: "upheld", note: undefined, ...stampOf(e) },
    });
    return { ...changed, stage: "assessment", window: c.window } as Case;
  },
};

const open = (c: Case, kind: Challenge["kind"]) =>
  c.challenges.filter((x) => x.kind === kind && x.outcome === "toDecide").map((x) => ({ id: x.id }));
const raisable = (kind: Challenge["kind"]) => (c: Case) =>
  questionable(c) && open(c, kind).length === 0 ? once : never;

export const offers: Offers<keyof typeof commands> = {
  "enquiry.raise": raisable("enquiry"),
  "enquiry.answer": (c) => open(c, "enquiry"),
  "appeal.raise": raisable("appeal"),
  "appeal.decide": (c) => open(c, "appeal"),
};
