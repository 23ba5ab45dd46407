import { z } from "zod";
import { addDays, type IsoDate, londonDate } from "../rules/calendar";
import {
  type Case,
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
  type Proposal,
  refuse,
} from "./case";
import { text } from "./payload";
import { proposalEvent, proposalProblems, proposalShape, type Submitted } from "./proposalText";

/** The project proposal, where the pack has one: handed in again, returned with feedback, accepted (R11–R13, R37). */

export const returnReasons = ["challenge", "ksbs", "other"] as const;

export const commands = {
  "proposal.submit": proposalShape,
  "proposal.return": z.strictObject({
    n: z.int().positive(),
    reasons: z.array(z.enum(returnReasons)).max(3),
    feedback: z.string().trim().max(2000),
  }),
  "proposal.accept": z.strictObject({ n: z.int().positive() }),
  /** After a second return: the coordinator gives another go, with a reason. */
  "proposal.reopen": z.strictObject({ reason: text() }),
};

export type Event =
  | Submitted
  | NewEvent<"ProposalReturned", { n: number; reasons: string[]; feedback: FreeText; reworkBy: IsoDate | null }>
  | NewEvent<"ProposalAccepted", { n: number }>
  | NewEvent<"ProposalReopened", { n: number; reason: FreeText; reworkBy: IsoDate | null }>;

/** A proposal is dealt with from the accepted gateway until the result. */
const open = (c: Case) => c.stage === "planning" || c.stage === "assessment";
const lastOf = (c: Case): Proposal | undefined => c.proposals.at(-1);

/** The proposal that the button was drawn for, or why it no longer stands. */
function present(n: number, c: Case, pack: Context["pack"]) {
  const last = lastOf(c);
  if (!last || pack.rules.projectSubject.how.kind !== "proposal") return refuse("NO_PROPOSAL");
  if (c.stage === "gateway") return refuse("GATEWAY_NOT_ACCEPTED");
  if (!open(c)) return refuse("CASE_CLOSED");
  if (last.n !== n) return refuse("PROPOSAL_SUPERSEDED", { n, last: last.n });
  return last;
}

const reworkBy = (ctx: Context): IsoDate | null => {
  const { days } = ctx.pack.rules.proposalReturn;
  return days === null ? null : addDays(londonDate(ctx.now), days);
};

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "proposal.submit": (p, c, ctx) => {
    const last = lastOf(c);
    if (last?.outcome !== "returned" || !open(c)) return refuse("PROPOSAL_NOT_RETURNED");
    const j = judge(ctx);
    const today = londonDate(ctx.now);
    if (last.reworkBy)
      j.rule(ctx.pack.rules.proposalReturn, today <= last.reworkBy, "REWORK_LATE", {
        by: last.reworkBy,
        days: ctx.pack.rules.proposalReturn.days ?? undefined,
      });
    const data = proposalProblems(j, p, c, ctx);
    return j.settle(() => (data ? [proposalEvent(c, data)] : []));
  },

  "proposal.return": (p, c, ctx) => {
    const last = present(p.n, c, ctx.pack);
    if ("refused" in last) return last;
    if ((last.outcome === "returned" || last.outcome === "withCoordinator") && last.decided)
      return { already: last.decided };
    const j = judge(ctx);
    j.need(last.outcome === "toDecide", "PROPOSAL_DECIDED", { outcome: last.outcome });
    // What may be lifted is the day of the rework; reasons and feedback are owed in any case.
    const proposalReturn = { ...ctx.pack.rules.proposalReturn, override: false };
    j.rule(proposalReturn, p.reasons.length > 0, "RETURN_REASON_NEEDED", {}, { input: "reasons" });
    j.rule(proposalReturn, p.feedback.length > 0, "FEEDBACK_NEEDED", {}, { input: "feedback" });
    const again = c.proposals.filter((x) => x.outcome === "returned").length > 0;
    return j.settle(() => [
      {
        type: "ProposalReturned",
        data: { n: p.n, reasons: p.reasons, feedback: free(p.feedback), reworkBy: again ? null : reworkBy(ctx) },
      },
    ]);
  },

  "proposal.accept": (p, c, ctx) => {
    const last = present(p.n, c, ctx.pack);
    if ("refused" in last) return last;
    if (last.outcome === "accepted" && last.decided) return { already: last.decided };
    const j = judge(ctx);
    j.need(last.outcome === "toDecide", "PROPOSAL_DECIDED", { outcome: last.outcome });
    return j.settle(() => [{ type: "ProposalAccepted", data: { n: p.n } }]);
  },

  "proposal.reopen": (p, c, ctx) => {
    const last = lastOf(c);
    if (last?.outcome !== "withCoordinator" || !open(c)) return refuse("PROPOSAL_NOT_WITH_YOU");
    const j = judge(ctx);
    return j.settle(() => [
      { type: "ProposalReopened", data: { n: last.n, reason: free(p.reason), reworkBy: reworkBy(ctx) } },
    ]);
  },
};

const changeLast = (c: Case, change: Partial<Proposal>): Case => ({
  ...c,
  proposals: c.proposals.map((p, i) => (i === c.proposals.length - 1 ? { ...p, ...change } : p)),
});

export const evolve: Evolves<Event> = {
  ProposalSubmitted: (c, d, e) => ({
    ...c,
    proposals: [...c.proposals, { ...d, outcome: "toDecide", at: e.at, by: e.by }],
  }),
  // Without a day for the rework it is the second return: the coordinator decides how it goes on (R12).
  ProposalReturned: (c, d, e) =>
    changeLast(c, {
      outcome: c.proposals.some((p) => p.outcome === "returned") ? "withCoordinator" : "returned",
      decided: { at: e.at, by: e.by },
      reasons: d.reasons,
      feedback: d.feedback,
      ...(d.reworkBy ? { reworkBy: d.reworkBy } : {}),
    }),
  ProposalAccepted: (c, _d, e) => changeLast(c, { outcome: "accepted", decided: { at: e.at, by: e.by } }),
  ProposalReopened: (c, d) => changeLast(c, { outcome: "returned", ...(d.reworkBy ? { reworkBy: d.reworkBy } : {}) }),
};

const decidable = (c: Case) => {
  const last = lastOf(c);
  return last?.outcome === "toDecide" && open(c) ? [{ n: last.n }] : never;
};

export const offers: Offers<keyof typeof commands> = {
  "proposal.submit": (c) => (lastOf(c)?.outcome === "returned" && open(c) ? once : never),
  "proposal.return": decidable,
  "proposal.accept": decidable,
  "proposal.reopen": (c) => (lastOf(c)?.outcome === "withCoordinator" && open(c) ? once : never),
};
