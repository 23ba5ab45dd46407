import { z } from "zod";
import { payloads } from "../../src/body";
import type { BodyFormContext, Field, FormOf } from "../form";
import { line, optionsOf, short } from "./fields";
import { chosen, given, many, nothing, number, text } from "./read";

/** An awarding body's own staff and settings, and what binds a person or a chat. */

const staffRole = payloads["staff.add"].shape.roles.element;
const roleTitle: Readonly<Record<z.infer<typeof staffRole>, string>> = {
  coordinator: "Coordinator",
  assessor: "Assessor",
  iqa: "Quality assurer",
  auditor: "Auditor",
};

/** Somebody picked from the tenant, or named by mail, and what they do. The edge finds or makes the person. */
export const StaffAddition = z
  .strictObject({
    /** The directory's object id, as the people picker gives it. */
    person: z.string().min(1).max(80).optional(),
    mail: z.email().max(254).optional(),
    roles: payloads["staff.add"].shape.roles,
  })
  .refine((x) => x.person !== undefined || x.mail !== undefined, {
    path: ["person"],
    message: "Pick a person or give a mail address",
  });
export type StaffAddition = z.infer<typeof StaffAddition>;

/** The code from the invitation, as typed: white space and case do not matter. */
export const BindingCode = z.strictObject({ code: z.string().min(4).max(100) });
export type BindingCode = z.infer<typeof BindingCode>;

/** The case to which a chat belongs. */
export const ChatCase = z.strictObject({
  ref: z
    .string()
    .toUpperCase()
    .regex(/^[A-Z0-9][A-Z0-9-]{2,19}$/),
});
export type ChatCase = z.infer<typeof ChatCase>;

export const staffAdd: FormOf<BodyFormContext> = {
  form: () => ({
    title: "Add staff",
    submit: "Add staff",
    fields: [
      { kind: "person", id: "person", label: "Person", hint: "Somebody of your organisation." },
      short("mail", "Or by mail", {
        required: false,
        max: 254,
        placeholder: "name@example.org",
        hint: "For somebody who cannot be picked. They get a code by mail.",
      }),
      {
        kind: "choice",
        id: "roles",
        label: "Does what",
        many: true,
        required: true,
        options: optionsOf(roleTitle),
        hint: "An auditor reads and does nothing else.",
      },
    ],
  }),
  payload: (inputs) =>
    given({ person: text(inputs, "person"), mail: text(inputs, "mail"), roles: many(inputs, "roles") }),
};

const everyone = (ctx: BodyFormContext, role?: string) =>
  ctx.staff
    .filter((s) => role === undefined || s.roles.includes(role))
    .map((s) => ({ value: s.person, title: s.name }));

export const staffLeave: FormOf<BodyFormContext> = {
  form: (ctx) => ({
    title: "Remove staff",
    submit: "Remove staff",
    fields: [
      { kind: "choice", id: "person", label: "Person", required: true, compact: true, options: everyone(ctx) },
      line(
        "They see no more cases. What they did stays in the record. Cases they are on keep them until you replace them.",
      ),
    ],
  }),
  payload: (inputs) => given({ person: text(inputs, "person") }),
};

const percent = (rate: number) => `${Math.round(rate * 1000) / 10} %`;

export const samplingSet: FormOf<BodyFormContext> = {
  form: (ctx) => ({
    title: "Set sampling",
    submit: "Set sampling",
    fields: [
      ...(ctx.sampling ? rates(ctx, ctx.sampling) : []),
      {
        kind: "choice",
        id: "person",
        label: "For whom",
        compact: true,
        value: nothing,
        options: [
          { value: nothing, title: "Every assessor without a share of their own" },
          ...everyone(ctx, "assessor"),
        ],
      },
      {
        kind: "number",
        id: "rate",
        label: "Share of grades sampled, in per cent",
        min: 0,
        max: 100,
        required: true,
        hint: "100 samples every grade, 0 none. A grade that came back once is always sampled.",
      },
    ],
  }),
  payload: (inputs) => {
    const rate = number(inputs, "rate");
    return given({ person: chosen(inputs, "person"), rate: rate === undefined ? undefined : rate / 100 });
  },
};

const rates = (ctx: BodyFormContext, { usual, byAssessor }: NonNullable<BodyFormContext["sampling"]>): Field[] => [
  line(`Usual share at present: ${percent(usual)}.`),
  ...ctx.staff
    .filter((s) => byAssessor[s.person] !== undefined)
    .map((s) => line(`${s.name}: ${percent(byAssessor[s.person] ?? usual)}.`)),
];

export const bind: FormOf<BodyFormContext> = {
  form: () => ({
    title: "Join with your code",
    submit: "Join",
    fields: [
      line("We sent you a code by mail. It works once, and only for a while."),
      short("code", "Code from the mail", { max: 100 }),
    ],
  }),
  payload: (inputs) => given({ code: text(inputs, "code")?.replaceAll(/\s/g, "") }),
};

export const group: FormOf<BodyFormContext> = {
  form: ({ args }) => ({
    title: "Use this chat for a case",
    submit: "Use this chat",
    fields: [
      short("ref", "Reference of the case", {
        max: 20,
        placeholder: "EX-2026-0147",
        ...(typeof args.ref === "string" ? { value: args.ref } : {}),
        hint: "Its cards then come here too. Grades, health and adjustments never do.",
      }),
    ],
  }),
  payload: (inputs) => given({ ref: text(inputs, "ref") }),
};
