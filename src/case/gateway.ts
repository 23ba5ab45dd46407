import { z } from "zod";
import { addMonths, type IsoDate, londonDate } from "../rules/calendar";
import type { EvidenceItem, Pack } from "../rules/pack";
import {
  type Case,
  type Context,
  type Decide,
  type EvidenceTry,
  type Evolves,
  type Facts,
  type FreeText,
  free,
  type Judge,
  judge,
  type NewEvent,
  never,
  type Offers,
  once,
  refuse,
  stampOf,
  type Window,
} from "./case";
import { judgeLevel, lastTry, levels, type Returned } from "./englishMaths";
import { id, isoDate, text } from "./payload";
import type { Submitted } from "./proposalText";
import { proposalEvent, proposalProblems, proposalShape } from "./proposalText";
import { judgeTimeOnProgramme } from "./timing";

/** Gateway: evidence item by item, confirmations, and the acceptance that starts the EPA window (R01–R04, R41–R43). */

export const commands = {
  "gateway.attest": z.strictObject({
    lastDay: isoDate,
    offTheJobPercent: z.number().min(0).max(100),
    portfolioOwn: z.boolean(),
  }),
  "gateway.submit": z.strictObject({
    item: id,
    reference: text(300),
    /** The day of the gateway meeting, for its record. */
    on: isoDate.optional(),
    level: z.enum([...levels, "bsl"]).optional(),
    pieces: z.int().min(0).max(500).optional(),
    mapped: z.boolean().optional(),
    ...proposalShape.partial().shape,
  }),
  "gateway.acceptItem": z.strictObject({ item: id }),
  "gateway.returnItem": z.strictObject({ item: id, reason: text() }),
  "gateway.confirm": z.strictObject({}),
  "gateway.ready": z.strictObject({}),
  "gateway.accept": z.strictObject({}),
};
type Submit = z.infer<(typeof commands)["gateway.submit"]>;

export type Event =
  | NewEvent<"TimeOnProgrammeAttested", { lastDay: IsoDate; offTheJobPercent: number; portfolioOwn: boolean }>
  | NewEvent<"EvidenceSubmitted", { item: string; n: number; reference: FreeText; facts: Facts; on?: IsoDate }>
  | NewEvent<"EvidenceAccepted", { item: string; n: number }>
  | Returned
  | NewEvent<"GatewayConfirmed", { role: "employer" | "provider" }>
  | NewEvent<"ApprenticeReady", Record<never, never>>
  | NewEvent<"GatewayAccepted", { window: Window }>
  | Submitted;

/** The items this case must bring: those always needed, and the form when an adjustment or consideration was asked for. */
export const neededItems = (c: Case, pack: Pack): EvidenceItem[] =>
  pack.rules.gatewayEvidence.items.filter(
    (i) => i.needed === "always" || c.adjustments.length > 0 || c.considerations.length > 0,
  );

/** The provider's or employer's confirmations that the pack asks for and that are still missing. */
export const missingConfirmations = (c: Case, pack: Pack) =>
  pack.rules.gatewayConfirmation.by.filter((role) => c.gateway.confirmed[role] === undefined);

const itemOf = (pack: Pack, item: string) => pack.rules.gatewayEvidence.items.find((i) => i.id === item);

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "gateway.attest": (p, c, ctx) => {
    if (c.stage !== "gateway") return refuse("NOT_AT_GATEWAY", { stage: c.stage });
    const before = c.gateway.attested;
    if (
      before?.lastDay === p.lastDay &&
      before.offTheJobPercent === p.offTheJobPercent &&
      before.portfolioOwn === p.portfolioOwn
    )
      return { already: before };
    const j = judge(ctx);
    j.need(p.lastDay <= londonDate(ctx.now), "DATE_IN_FUTURE", { today: londonDate(ctx.now) }, "lastDay");
    j.need(p.lastDay >= c.programmeStart, "BEFORE_PROGRAMME", { start: c.programmeStart }, "lastDay");
    const { offTheJob, portfolioOrigin } = ctx.pack.rules;
    j.rule(
      offTheJob,
      offTheJob.percent === null || p.offTheJobPercent >= offTheJob.percent,
      "OFF_THE_JOB_LOW",
      { percent: p.offTheJobPercent, least: offTheJob.percent ?? undefined },
      { input: "offTheJobPercent" },
    );
    j.rule(portfolioOrigin, p.portfolioOwn, "PORTFOLIO_NOT_OWN", {}, { input: "portfolioOwn" });
    return j.settle(() => [{ type: "TimeOnProgrammeAttested", data: p }]);
  },

  "gateway.submit": (p, c, ctx) => {
    if (c.stage !== "gateway") return refuse("NOT_AT_GATEWAY", { stage: c.stage });
    const item = itemOf(ctx.pack, p.item);
    if (!item) return refuse("NO_SUCH_ITEM", { item: p.item }, "item");
    const before = lastTry(c.gateway, p.item);
    const j = judge(ctx);
    j.need(before?.outcome !== "accepted", "ITEM_ACCEPTED", { item: p.item });
    j.need(before?.outcome !== "toReview", "ITEM_IN_REVIEW", { item: p.item });
    const { facts, submitted } = judgeItem(j, item, p, c, ctx);
    return j.settle(() => [
      {
        type: "EvidenceSubmitted",
        data: {
          item: p.item,
          n: (before?.n ?? 0) + 1,
          reference: free(p.reference),
          facts,
          ...(p.on && item.kind === "meetingRecord" ? { on: p.on } : {}),
        },
      },
      ...(submitted ? [submitted] : []),
    ]);
  },

  "gateway.acceptItem": (p, c, ctx) =>
    decideItem(p.item, c, ctx.pack, (t) => ({
      type: "EvidenceAccepted",
      data: { item: p.item, n: t.n },
    })),

  "gateway.returnItem": (p, c, ctx) =>
    decideItem(p.item, c, ctx.pack, (t) => ({
      type: "EvidenceReturned",
      data: { item: p.item, n: t.n, reason: free(p.reason) },
    })),

  "gateway.confirm": (_p, c, ctx) => {
    if (c.stage !== "gateway") return refuse("NOT_AT_GATEWAY", { stage: c.stage });
    const role = ctx.by.onBehalfOf?.role ?? ctx.by.role;
    if ((role !== "employer" && role !== "provider") || !ctx.pack.rules.gatewayConfirmation.by.includes(role))
      return refuse("NOT_YOURS_TO_CONFIRM", { role });
    const before = c.gateway.confirmed[role];
    if (before) return { already: before };
    const j = judge(ctx);
    j.rule(
      ctx.pack.rules.gatewayConfirmation,
      !ctx.pack.rules.gatewayConfirmation.meetingDate || c.gateway.meeting !== undefined,
      "NO_GATEWAY_MEETING_YET",
    );
    return j.settle(() => [{ type: "GatewayConfirmed", data: { role } }]);
  },

  "gateway.ready": (_p, c) => {
    if (c.gateway.ready) return { already: c.gateway.ready };
    if (c.stage !== "gateway") return refuse("NOT_AT_GATEWAY", { stage: c.stage });
    return { events: [{ type: "ApprenticeReady", data: {} }], lifted: [], warned: [] };
  },

  "gateway.accept": (_p, c, ctx) => {
    if (c.stage !== "gateway") return c.gateway.accepted ? { already: c.gateway.accepted } : refuse("CASE_CLOSED");
    const { rules } = ctx.pack;
    const j = judge(ctx);
    const missing = neededItems(c, ctx.pack).filter((i) => lastTry(c.gateway, i.id)?.outcome !== "accepted");
    j.rule(rules.gatewayEvidence, missing.length === 0, "EVIDENCE_MISSING", { items: missing.map((i) => i.title) });
    const unconfirmed = missingConfirmations(c, ctx.pack);
    j.rule(rules.gatewayConfirmation, unconfirmed.length === 0, "CONFIRMATION_MISSING", { by: unconfirmed });
    j.rule(
      rules.gatewayConfirmation,
      !rules.gatewayConfirmation.meetingDate || c.gateway.meeting !== undefined,
      "NO_GATEWAY_MEETING_YET",
    );
    judgeTimeOnProgramme(j, c, ctx.pack, londonDate(ctx.now));
    j.rule(rules.apprenticeReady, c.gateway.ready !== undefined, "APPRENTICE_NOT_ASKED");
    j.rule(rules.offTheJob, c.gateway.attested !== undefined, "OFF_THE_JOB_NOT_ATTESTED");
    const start = londonDate(ctx.now);
    return j.settle(() => [
      { type: "GatewayAccepted", data: { window: { start, end: addMonths(start, rules.epaWindow.months) } } },
    ]);
  },
};

/** What the item is made of: its facts, and the proposal when it is one (R02, R03, R11). */
function judgeItem(
  j: Judge,
  item: EvidenceItem,
  p: Submit,
  c: Case,
  ctx: Context,
): { facts: Facts; submitted?: Submitted } {
  const { on, level, pieces, mapped } = p;
  switch (item.kind) {
    case "meetingRecord": {
      const today = londonDate(ctx.now);
      j.need(on !== undefined, "MEETING_DATE_NEEDED", {}, "on");
      j.need(on === undefined || on <= today, "DATE_IN_FUTURE", { today }, "on");
      j.need(on === undefined || on >= c.programmeStart, "BEFORE_PROGRAMME", { start: c.programmeStart }, "on");
      return { facts: { ...(on ? { on } : {}) } };
    }
    case "qualification":
      j.need(level !== undefined, "LEVEL_NEEDED", {}, "level");
      if (level !== undefined) judgeLevel(j, item, level, c.englishMathsExceptions, ctx.pack, { input: "level" });
      return { facts: { ...(level ? { level } : {}) } };
    case "portfolio":
      j.need(pieces !== undefined && pieces > 0, "PIECES_NEEDED", {}, "pieces");
      j.need(mapped === true, "MAPPING_FORM_NEEDED", {}, "mapped");
      return { facts: { ...(pieces === undefined ? {} : { pieces }) } };
    case "proposal": {
      const proposal = proposalProblems(j, p, c, ctx);
      return proposal ? { facts: { words: proposal.words }, submitted: proposalEvent(c, proposal) } : { facts: {} };
    }
    case "identity":
    case "form":
      return { facts: {} };
  }
}

function decideItem(item: string, c: Case, pack: Pack, event: (t: EvidenceTry) => Event) {
  if (c.stage !== "gateway") return refuse("NOT_AT_GATEWAY", { stage: c.stage });
  const known = itemOf(pack, item);
  const present = lastTry(c.gateway, item);
  if (!known || !present) return refuse("ITEM_NOT_SUBMITTED", { item: known?.title ?? item });
  const made = event(present);
  if (present.outcome !== "toReview") {
    const same = (present.outcome === "accepted") === (made.type === "EvidenceAccepted");
    return same && present.decided
      ? { already: present.decided }
      : refuse("ITEM_DECIDED", { item: known.title, outcome: present.outcome });
  }
  return { events: [made], lifted: [], warned: [] };
}

const withItem = (c: Case, item: string, tries: readonly EvidenceTry[]): Case => ({
  ...c,
  gateway: { ...c.gateway, evidence: { ...c.gateway.evidence, [item]: tries } },
});

const decided = (c: Case, item: string, change: Partial<EvidenceTry>): Case => {
  const tries = c.gateway.evidence[item] ?? [];
  return withItem(c, item, [...tries.slice(0, -1), ...tries.slice(-1).map((t) => ({ ...t, ...change }))]);
};

export const evolve: Omit<Evolves<Event>, "ProposalSubmitted"> = {
  TimeOnProgrammeAttested: (c, d, e) => ({ ...c, gateway: { ...c.gateway, attested: { ...d, ...stampOf(e) } } }),
  EvidenceSubmitted: (c, d, e) => {
    const next = withItem(c, d.item, [
      ...(c.gateway.evidence[d.item] ?? []),
      { n: d.n, reference: d.reference, facts: d.facts, outcome: "toReview", ...stampOf(e) },
    ]);
    if (!d.on) return next;
    // What was confirmed at another meeting is confirmed anew.
    const same = c.gateway.meeting === undefined || c.gateway.meeting.on === d.on;
    const confirmed = same ? next.gateway.confirmed : {};
    return { ...next, gateway: { ...next.gateway, confirmed, meeting: { on: d.on, ...stampOf(e) } } };
  },
  EvidenceAccepted: (c, d, e) => decided(c, d.item, { outcome: "accepted", decided: stampOf(e) }),
  EvidenceReturned: (c, d, e) =>
    decided(c, d.item, { outcome: "returned", decided: stampOf(e), ...(d.reason ? { reason: d.reason } : {}) }),
  GatewayConfirmed: (c, d, e) => ({
    ...c,
    gateway: { ...c.gateway, confirmed: { ...c.gateway.confirmed, [d.role]: stampOf(e) } },
  }),
  ApprenticeReady: (c, _d, e) => ({ ...c, gateway: { ...c.gateway, ready: stampOf(e) } }),
  GatewayAccepted: (c, d, e) => ({
    ...c,
    stage: "planning",
    window: d.window,
    gateway: { ...c.gateway, accepted: stampOf(e) },
    permits: [],
  }),
};

const atGateway = (c: Case) => (c.stage === "gateway" ? once : never);
const inReview = (c: Case, pack: Pack) =>
  c.stage !== "gateway"
    ? never
    : neededItems(c, pack)
        .filter((i) => lastTry(c.gateway, i.id)?.outcome === "toReview")
        .map((i) => ({ item: i.id }));

export const offers: Offers<keyof typeof commands> = {
  "gateway.attest": (c) => (c.stage === "gateway" && !c.gateway.attested ? once : never),
  "gateway.submit": (c, pack) =>
    c.stage !== "gateway"
      ? never
      : neededItems(c, pack)
          .filter((i) => (lastTry(c.gateway, i.id)?.outcome ?? "returned") === "returned")
          .map((i) => ({ item: i.id })),
  "gateway.acceptItem": inReview,
  "gateway.returnItem": inReview,
  "gateway.confirm": (c, pack) =>
    c.stage !== "gateway" || (pack.rules.gatewayConfirmation.meetingDate && !c.gateway.meeting)
      ? never
      : missingConfirmations(c, pack).map((role) => ({ role })),
  "gateway.ready": (c) => (c.stage === "gateway" && !c.gateway.ready ? once : never),
  "gateway.accept": atGateway,
};
