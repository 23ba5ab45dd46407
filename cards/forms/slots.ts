import { mostSlots } from "../../src/case/slots";
import { dateTime } from "../../src/wording/format";
import { settingPhrase } from "../../src/wording/labels";
import type { Field, FormContext, FormOf } from "../form";
import { bookingFields, bookingIn } from "./booking";
import { argOf, assessment, carried, formOf, methodIn, subtle } from "./fields";
import { planningPlace, planningPlaceIn } from "./planning";
import { arg, given, type Inputs, moment, text } from "./read";
import { sessionDateHint } from "./sessionDates";

/** Times offered, and the one that is chosen: for the planning meeting and for each session. */

/** What stands in the way, as far as it is known, and up to five times: each a day and an hour. */
const slotFields = (ctx: FormContext, hint: string): Field[] => [
  ...(ctx.busy ?? []).map((b) => subtle(`Busy: ${b.name}, ${dateTime(b.at)}`)),
  ...Array.from({ length: mostSlots }, (_, i) => i + 1).flatMap((n): Field[] => [
    { kind: "date", id: `slot-${n}`, label: `Day ${n}`, required: n === 1, ...(n === 1 ? { hint } : {}) },
    { kind: "time", id: `slot-${n}-time`, label: `Day ${n} starts at`, value: "10:00" },
  ]),
];

const slotsIn = (inputs: Inputs) =>
  Array.from({ length: mostSlots }, (_, i) => moment(inputs, `slot-${i + 1}`, `slot-${i + 1}-time`)).filter(
    (at) => at !== undefined,
  );

const choice = (slots: readonly string[]): Field => ({
  kind: "choice",
  id: "at",
  label: "Times offered",
  required: true,
  options: slots.map((at) => ({ value: at, title: dateTime(at) })),
});

export const sessionOffer: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.offer", "method");
    const method = methodIn(ctx, id);
    const place = method ? bookingFields(ctx, method).filter((f) => f.kind !== "date" && f.kind !== "time") : [];
    const hint = method ? sessionDateHint(ctx, method, ctx.typed?.["slot-1"]) : "";
    return formOf("session.offer", ctx, [...slotFields(ctx, hint), ...place], {
      args: carried("method", id),
      size: "large",
    });
  },
  payload: (inputs, args) => {
    const { at: _one, ...place } = bookingIn(inputs);
    return given({ method: arg(args, "method"), slots: slotsIn(inputs), ...place });
  },
};

/** One of the times that were offered. */
export const sessionAccept: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.accept", "method");
    const slots = assessment(ctx, id)?.slots;
    const where = slots ? [subtle(`It is ${settingPhrase[slots.setting]}. What you choose is booked at once.`)] : [];
    return formOf("session.accept", ctx, [...where, choice(slots?.at ?? [])], { args: carried("method", id) });
  },
  payload: (inputs, args) => given({ method: arg(args, "method"), at: text(inputs, "at") }),
};

export const planningOffer: FormOf = {
  form: (ctx) =>
    formOf(
      "planning.offer",
      ctx,
      [...slotFields(ctx, "Apprentice or employer chooses one of them."), ...planningPlace(ctx)],
      { size: "large" },
    ),
  payload: (inputs) => given({ slots: slotsIn(inputs), ...planningPlaceIn(inputs) }),
};

export const planningAccept: FormOf = {
  form: (ctx) =>
    formOf("planning.accept", ctx, [
      subtle("What you choose is booked at once."),
      choice(ctx.view.planning?.slots ?? []),
    ]),
  payload: (inputs) => given({ at: text(inputs, "at") }),
};
