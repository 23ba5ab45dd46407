import { z } from "zod";
import { outsideRoles } from "../../src/case/case";
import { text as words } from "../../src/case/payload";
import { counted, dateText, spelled } from "../../src/wording/format";
import { roleNoun } from "../../src/wording/labels";
import { liftable } from "../../src/wording/rules";
import type { FormOf } from "../form";
import { apprentice, formOf, line, methods, reason, short, subtle } from "./fields";
import { chosen, given, many, nothing, text } from "./read";

/** Corrections, a rule lifted beforehand, withdrawal. */

export const caseWithdraw: FormOf = {
  form: (ctx) =>
    formOf("case.withdraw", ctx, [
      line(`The assessment of ${apprentice(ctx)} ends here. Its record stays; nothing more can be done in it.`),
      reason("Why it is withdrawn, kept in the record"),
    ]),
  payload: (inputs) => given({ reason: text(inputs, "reason") }),
};

export const caseErase: FormOf = {
  form: (ctx) =>
    formOf("case.erase", ctx, [
      line(
        `Everything that says who took part in case ${ctx.view.ref}, and every word that anybody wrote in it, is taken away for good. ${apprentice(ctx)} and the others lose their place here too, unless another case needs them.`,
      ),
      line("What happened and when stays, by numbers instead of names, so that the record can still be verified."),
      short("ref", `Type ${ctx.view.ref} to erase it`, { max: 40 }),
      subtle("It cannot be undone. Export the case first if it may be asked for again."),
    ]),
  payload: (inputs) => given({ ref: text(inputs, "ref") }),
};

export const caseCorrect: FormOf = {
  form: (ctx) => {
    const { programmeStart, gatewayMeeting } = ctx.view;
    return formOf("case.correct", ctx, [
      {
        kind: "choice",
        id: "what",
        label: "Which date is wrong",
        required: true,
        value: "programmeStart",
        options: [
          { value: "programmeStart", title: `Start of the programme, now ${dateText(programmeStart)}` },
          ...(gatewayMeeting
            ? [{ value: "gatewayMeeting", title: `Gateway meeting, now ${dateText(gatewayMeeting)}` }]
            : []),
        ],
      },
      { kind: "date", id: "value", label: "Right date", required: true, hint: "Today or earlier." },
      reason("How it came to be wrong, kept in the record"),
    ]);
  },
  payload: (inputs) =>
    given({ what: text(inputs, "what"), value: text(inputs, "value"), reason: text(inputs, "reason") }),
};

export const exceptionsCorrect: FormOf = {
  form: (ctx) =>
    formOf("exceptions.correct", ctx, [
      {
        kind: "choice",
        id: "exceptions",
        label: "Exceptions that fit",
        many: true,
        options: ctx.pack.rules.englishAndMaths.exceptions.map((x) => ({ value: x.id, title: x.title })),
        value: (ctx.view.englishMathsExceptions ?? []).join(","),
        hint: "Tick every one that fits; none, if none does.",
      },
      ...(ctx.view.stage === "gateway"
        ? [subtle("Evidence that stood on an exception you take away is returned to the training provider.")]
        : []),
      reason("How it came to be wrong, kept in the record"),
    ]),
  payload: (inputs) => given({ exceptions: many(inputs, "exceptions"), reason: text(inputs, "reason") }),
};

/** What the form says. The edge changes the person, and records that it was changed and why: the words stay out of the case. */
export const PersonCorrection = z.discriminatedUnion("field", [
  z.strictObject({ role: z.enum(outsideRoles), field: z.literal("name"), value: words(120), reason: words() }),
  z.strictObject({
    role: z.enum(outsideRoles),
    field: z.literal("mail"),
    value: z.email().max(254),
    reason: words(),
  }),
]);
export type PersonCorrection = z.infer<typeof PersonCorrection>;

export const personCorrect: FormOf = {
  form: (ctx) =>
    formOf("person.correct", ctx, [
      {
        kind: "choice",
        id: "role",
        label: "Whose",
        required: true,
        value: "apprentice",
        options: outsideRoles.map((role) => ({
          value: role,
          title: `${ctx.words.person(ctx.view.people[role])}, ${roleNoun[role]}`,
        })),
      },
      {
        kind: "choice",
        id: "field",
        label: "What is wrong",
        required: true,
        value: "name",
        options: [
          { value: "name", title: "Name" },
          { value: "mail", title: "Mail address" },
        ],
      },
      short("value", "As it should be", { max: 254 }),
      reason("How it came to be wrong, kept in the record"),
      subtle("For another person in the same part, withdraw the case and register it anew."),
    ]),
  payload: (inputs) =>
    given({
      role: text(inputs, "role"),
      field: text(inputs, "field"),
      value: text(inputs, "value"),
      reason: text(inputs, "reason"),
    }),
};

export const partyInvite: FormOf = {
  form: (ctx) =>
    formOf("party.invite", ctx, [
      line("It goes by mail, with a new code. Whoever has entered a code before needs none."),
      {
        kind: "choice",
        id: "role",
        label: "To whom",
        required: true,
        options: outsideRoles.map((role) => ({
          value: role,
          title: `${ctx.words.person(ctx.view.people[role])}, ${roleNoun[role]}`,
        })),
      },
    ]),
  payload: (inputs) => given({ role: text(inputs, "role") }),
};

export const ruleLift: FormOf = {
  form: (ctx) => {
    const rules = liftable(ctx.pack);
    return formOf("rule.lift", ctx, [
      line("It is lifted once, for the next step that needs it, whoever takes it."),
      {
        kind: "choice",
        id: "rule",
        label: "Rule",
        required: true,
        options: rules.map(({ rule, title }) => ({ value: rule, title })),
        hint: `${ctx.pack.body.name} lets a coordinator lift ${
          rules.length > 12
            ? counted(rules.length, "rule")
            : `${spelled(rules.length)} ${rules.length === 1 ? "rule" : "rules"}`
        }.`,
      },
      {
        kind: "choice",
        id: "method",
        label: "For",
        compact: true,
        value: nothing,
        options: [{ value: nothing, title: "Whichever assessment needs it first" }, ...methods(ctx)],
      },
      reason(),
    ]);
  },
  payload: (inputs) =>
    given({ rule: text(inputs, "rule"), method: chosen(inputs, "method"), reason: text(inputs, "reason") }),
};
