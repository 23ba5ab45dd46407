import { addDays, addMonths, compareDates, londonDate } from "../../src/rules/calendar";
import type { EvidenceItem } from "../../src/rules/pack";
import { counted, dateText, monthsText } from "../../src/wording/format";
import { levelTitle } from "../../src/wording/labels";
import type { Field, FormContext, FormOf } from "../form";
import { apprentice, argOf, carried, firstName, formOf, line, long, quote, short, strong, subtle } from "./fields";
import { proposalFields, proposalIn } from "./proposal";
import { arg, given, number, text, tick } from "./read";

/** Gateway: what the provider attests and hands in, an item at a time, and who says that the apprentice is ready. */

export const gatewayAttest: FormOf = {
  form: (ctx) => {
    const { offTheJob } = ctx.pack.rules;
    return formOf("gateway.attest", ctx, [
      {
        kind: "date",
        id: "lastDay",
        label: "Last day on programme so far",
        required: true,
        ...(ctx.view.daysOnProgramme ? { value: ctx.view.daysOnProgramme.lastDay } : {}),
        hint: timeHint(ctx),
      },
      {
        kind: "number",
        id: "offTheJobPercent",
        label: "Off-the-job training, in per cent",
        min: 0,
        max: 100,
        required: true,
        ...(offTheJob.percent === null ? {} : { hint: `At least ${offTheJob.percent} per cent.` }),
      },
      {
        kind: "toggle",
        id: "portfolioOwn",
        label: "The portfolio was made on programme, and the apprentice selected what is in it.",
      },
    ]);
  },
  payload: (inputs) =>
    given({
      lastDay: text(inputs, "lastDay"),
      offTheJobPercent: number(inputs, "offTheJobPercent"),
      portfolioOwn: tick(inputs, "portfolioOwn"),
    }),
};

/** "Started Mon 2 Sep 2024. At least 366 days and twelve months: Wed 3 Sep 2025 or later. Up to today." */
function timeHint(ctx: FormContext): string {
  const { programmeStart } = ctx.view;
  const { months, days } = ctx.pack.rules.timeOnProgramme;
  const byDays = addDays(programmeStart, days);
  const byMonths = months === null ? byDays : addMonths(programmeStart, months);
  const least = months === null ? counted(days, "day") : `${monthsText(months)} and ${counted(days, "day")}`;
  return `Started ${dateText(programmeStart)}. At least ${least}: ${dateText(compareDates(byDays, byMonths) > 0 ? byDays : byMonths)} or later. Not after today, ${dateText(londonDate(ctx.now))}.`;
}

export const gatewaySubmit: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "gateway.submit", "item");
    const item = ctx.pack.rules.gatewayEvidence.items.find((i) => i.id === id);
    const before = ctx.view.evidence.find((e) => e.item === id);
    return formOf(
      "gateway.submit",
      ctx,
      [
        ...(before?.state === "returned" && before.reason ? [strong("Why it came back"), quote(before.reason)] : []),
        short("reference", "Where it is filed", {
          placeholder: "File name, link or register number",
          hint: "The file itself stays with you; the coordinator opens it there.",
        }),
        ...(item ? itemFields(ctx, item) : []),
      ],
      { args: carried("item", id), ...(item?.kind === "proposal" ? { size: "large" as const } : {}) },
    );
  },
  payload: (inputs, args) =>
    given({
      item: arg(args, "item"),
      reference: text(inputs, "reference"),
      on: text(inputs, "on"),
      level: text(inputs, "level"),
      pieces: number(inputs, "pieces"),
      mapped: "mapped" in inputs ? tick(inputs, "mapped") : undefined,
      ...("text" in inputs || "challenge" in inputs ? proposalIn(inputs) : {}),
    }),
};

/** What the pack asks of such an item beyond where it is filed. */
function itemFields(ctx: FormContext, item: EvidenceItem): Field[] {
  switch (item.kind) {
    case "meetingRecord":
      return [
        {
          kind: "date",
          id: "on",
          label: "Day of the gateway meeting",
          required: true,
          ...(ctx.view.gatewayMeeting ? { value: ctx.view.gatewayMeeting } : {}),
          hint: `Not after today, ${dateText(londonDate(ctx.now))}. Time on programme counts up to it.`,
        },
      ];
    case "qualification":
      return [
        {
          kind: "choice",
          id: "level",
          label: "Level reached",
          required: true,
          compact: true,
          options: Object.entries(levelTitle).map(([value, title]) => ({ value, title })),
          ...(item.qualification ? { hint: levelHint(ctx, item.qualification.level) } : {}),
        },
      ];
    case "portfolio":
      return [
        { kind: "number", id: "pieces", label: "Pieces in the portfolio", min: 1, max: 500, required: true },
        { kind: "toggle", id: "mapped", label: "The mapping and tracking form is complete and goes with it." },
      ];
    case "proposal":
      return proposalFields(ctx);
    case "identity":
    case "form":
      return [];
  }
}

function levelHint(ctx: FormContext, level: number): string {
  const { exceptions } = ctx.pack.rules.englishAndMaths;
  return exceptions.length === 0
    ? `Level ${level} or higher.`
    : `Level ${level} or higher; less only under an exception that the coordinator registered.`;
}

export const gatewayReturnItem: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "gateway.returnItem", "item");
    const item = ctx.view.evidence.find((e) => e.item === id);
    return formOf(
      "gateway.returnItem",
      ctx,
      [
        ...(item?.reference ? [subtle("Handed in as"), quote(item.reference)] : []),
        long("reason", "What is wrong, and what would put it right?", {
          hint: `${ctx.words.person(ctx.view.people.provider)} reads this, and hands it in again. What you accepted stays accepted.`,
        }),
      ],
      { args: carried("item", id) },
    );
  },
  payload: (inputs, args) => given({ item: arg(args, "item"), reason: text(inputs, "reason") }),
};

export const gatewayConfirm: FormOf = {
  form: (ctx) => {
    const role = ctx.behalf ?? argOf(ctx, "gateway.confirm", "role") ?? ctx.view.role;
    const meeting = ctx.view.gatewayMeeting;
    const name = apprentice(ctx);
    const said =
      role === "employer"
        ? `${ctx.view.employerName} finds that ${name} works at the level of the standard and is ready for the assessment. The decision is the employer's alone.`
        : `The training provider confirms that ${name} has finished the learning and has what the gateway asks for.`;
    return formOf("gateway.confirm", ctx, [
      line(said),
      ...(meeting ? [subtle(`Gateway meeting: ${dateText(meeting)}.`)] : []),
    ]);
  },
  payload: () => ({}),
};

export const gatewayReady: FormOf = {
  form: (ctx) => {
    const own = ctx.behalf === undefined;
    return formOf("gateway.ready", ctx, [
      line(
        own
          ? "You feel ready for the assessment and comfortable with how it runs."
          : `${firstName(apprentice(ctx))} feels ready for the assessment and comfortable with how it runs.`,
      ),
      subtle(own ? "Your employer and your training provider decide on their own." : "Say so only if they told you."),
    ]);
  },
  payload: () => ({}),
};
