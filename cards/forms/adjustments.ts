import { addWorkingDays, londonDate } from "../../src/rules/calendar";
import { counted, dateText, dateTime, listed, ordinal } from "../../src/wording/format";
import { adjustmentTitle } from "../../src/wording/labels";
import type { Field, FormContext, FormOf } from "../form";
import {
  apprentice,
  argOf,
  assessment,
  carried,
  either,
  firstName,
  formOf,
  line,
  long,
  methods,
  optionsOf,
  quote,
  reason,
  short,
  strong,
  subtle,
} from "./fields";
import { arg, given, many, number, text, tick, yesNo } from "./read";

/** Reasonable adjustments, special consideration, the dispensation for a simulated observation. */

/** Spoken to the apprentice, or about them. */
const own = (ctx: FormContext) => ctx.view.role === "apprentice" && ctx.behalf === undefined;

export const adjustmentRequest: FormOf = {
  form: (ctx) =>
    formOf("adjustment.request", ctx, [
      ...(ctx.pack.rules.adjustments.by === "gatewaySubmission"
        ? [line("Best asked for at registration; at the latest with the gateway evidence.")]
        : []),
      {
        kind: "choice",
        id: "kind",
        label: "What is needed",
        required: true,
        compact: true,
        options: optionsOf(adjustmentTitle),
      },
      long("need", "Why, and what helps", { hint: "Only the awarding body's coordinators read this." }),
      {
        kind: "number",
        id: "extraTimePercent",
        label: "Extra time, in per cent",
        min: 1,
        max: 100,
        hint: "For extra time only: 25 makes 75 minutes of 60.",
      },
      {
        kind: "choice",
        id: "methods",
        label: "For which assessments",
        many: true,
        options: methods(ctx),
        hint: "None ticked means all of them.",
      },
      { kind: "toggle", id: "normalWay", label: "It is the normal way of working." },
      {
        kind: "toggle",
        id: "apprenticeInvolved",
        label: own(ctx)
          ? "I took part in deciding on it."
          : `${firstName(apprentice(ctx))} took part in deciding on it.`,
      },
    ]),
  payload: (inputs) =>
    given({
      kind: text(inputs, "kind"),
      need: text(inputs, "need"),
      normalWay: tick(inputs, "normalWay"),
      apprenticeInvolved: tick(inputs, "apprenticeInvolved"),
      extraTimePercent: number(inputs, "extraTimePercent"),
      methods: many(inputs, "methods"),
    }),
};

const decision = either("granted", "Decision", "Grant it", "Refuse it");
const why = reason("Reason, which the apprentice reads too");

export const adjustmentDecide: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "adjustment.decide", "id");
    const x = ctx.view.requests.adjustments.find((a) => a.id === id);
    return formOf(
      "adjustment.decide",
      ctx,
      [
        ...(x
          ? [
              strong(
                `${adjustmentTitle[x.kind]}, for ${x.methods.length > 0 ? listed(x.methods.map((m) => ctx.words.method(m))) : "every assessment"}`,
              ),
              quote(x.need),
              line(x.normalWay ? "It is the normal way of working." : "! It is not the normal way of working."),
              line(
                x.apprenticeInvolved
                  ? "The apprentice took part in deciding."
                  : "! The apprentice took no part in deciding.",
              ),
            ]
          : []),
        decision,
        ...(x?.kind === "extraTime"
          ? [
              {
                kind: "number" as const,
                id: "extraTimePercent",
                label: "Extra time, in per cent",
                min: 1,
                max: 100,
                ...(x.extraTimePercent === undefined ? {} : { value: x.extraTimePercent }),
              },
            ]
          : []),
        why,
      ],
      { args: carried("id", id) },
    );
  },
  payload: (inputs, args) =>
    given({
      id: arg(args, "id"),
      granted: yesNo(inputs, "granted"),
      extraTimePercent: number(inputs, "extraTimePercent"),
      reason: text(inputs, "reason"),
    }),
};

export const considerationRequest: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "consideration.request", "method");
    return formOf(
      "consideration.request",
      ctx,
      [
        line("For a passing illness, injury or event that nobody could help. Moving the date comes first."),
        ...whichSession(ctx, id),
        ...times(ctx, id),
        long("what", "What happened, and how it bears on the assessment"),
        { kind: "toggle", id: "rescheduleTried", label: "Moving the date was tried." },
      ],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) =>
    given({
      method: arg(args, "method"),
      session: text(inputs, "session"),
      what: text(inputs, "what"),
      rescheduleTried: tick(inputs, "rescheduleTried"),
    }),
};

/** Asked where there is more than one: an earlier attempt, or a session that was missed and is held again. */
function whichSession(ctx: FormContext, method: string | undefined): Field[] {
  const a = assessment(ctx, method);
  if (!a || a.sittings.length === 0) return [];
  const named = [...a.sittings].reverse().map((s) => ({
    value: s.at,
    title: `${dateTime(s.at)}${a.attempt > 1 ? `, ${ordinal(s.attempt)} attempt` : ""}`,
  }));
  const options = a.at === undefined ? [{ value: "next", title: "The next one, not booked yet" }, ...named] : named;
  if (options.length < 2) return [];
  // What was missed or failed is what it is mostly asked for, while the next is not booked.
  const value = named[0]?.value;
  return [
    { kind: "choice", id: "session", label: "Which session", required: true, options, ...(value ? { value } : {}) },
  ];
}

/** Until when it may be lodged, before the session or after it. */
function times(ctx: FormContext, method: string | undefined): Field[] {
  const { workingDaysBefore: before, workingDaysAfter: after } = ctx.pack.rules.specialConsideration;
  const a = assessment(ctx, method);
  const typed = ctx.typed?.session;
  const at = a?.sittings.some((s) => s.at === typed) ? typed : (a?.sittings.at(-1)?.at ?? a?.at);
  if (at === undefined || typed === "next") return [];
  const on = londonDate(at);
  const said = [
    before === null
      ? undefined
      : `Until ${dateText(addWorkingDays(on, -before))}, ${counted(before, "working day")} before it`,
    after === null
      ? undefined
      : `until ${dateText(addWorkingDays(on, after))}, ${counted(after, "working day")} after it`,
  ].filter((x) => x !== undefined);
  if (said.length === 0) return [];
  const all = said.join("; or, for what happens late, ");
  return [subtle(`${all.charAt(0).toUpperCase()}${all.slice(1)}.`)];
}

export const considerationDecide: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "consideration.decide", "id");
    const x = ctx.view.requests.considerations.find((a) => a.id === id);
    return formOf(
      "consideration.decide",
      ctx,
      [
        ...(x
          ? [
              strong(ctx.words.method(x.method)),
              ...(x.session && x.session !== "next" ? [line(`The session of ${dateTime(x.session)}.`)] : []),
              quote(x.what),
              line(x.rescheduleTried ? "Moving the date was tried." : "! Moving the date was not tried."),
              ...(x.outcome === "reschedule"
                ? [line("! It came too late for before the day: moving the date is advised.")]
                : []),
            ]
          : []),
        decision,
        why,
      ],
      { args: carried("id", id) },
    );
  },
  payload: (inputs, args) =>
    given({ id: arg(args, "id"), granted: yesNo(inputs, "granted"), reason: text(inputs, "reason") }),
};

export const dispensationGrant: FormOf = {
  form: (ctx) =>
    formOf("dispensation.grant", ctx, [
      line(`For ${apprentice(ctx)} alone: the observation may be simulated, resits included. It then lapses.`),
      short("reference", "Reference of the dispensation", { hint: "As the regulator or the awarding body issued it." }),
    ]),
  payload: (inputs) => given({ reference: text(inputs, "reference") }),
};
