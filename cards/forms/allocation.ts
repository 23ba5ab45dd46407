import type { Role } from "../../src/rules/pack";
import { roleNoun } from "../../src/wording/labels";
import type { Form, FormContext, FormOf } from "../form";
import { apprentice, argOf, carried, either, formOf, line, long, reason, subtle } from "./fields";
import { arg, given, text, yesNo } from "./read";

/** Staff put on a case, and what they declare before they see anything of it. */

const staffed = ["assessor", "iqa", "coordinator"] as const;

export const staffAllocate: FormOf = {
  form: (ctx) => {
    const role = staffed.find((r) => r === argOf(ctx, "staff.allocate", "role"));
    const present = role && ctx.view.people[role];
    const noun = roleNoun[(role ?? "assessor") as Role];
    const free = ctx.staff.filter((s) => role !== undefined && s.roles.includes(role) && s.person !== present);
    return formOf(
      "staff.allocate",
      ctx,
      [
        ...(present ? [line(`${ctx.words.person(present)} is the ${noun} now, and hands the case over.`)] : []),
        ...(free.length === 0 ? [line(`Nobody else of your staff is ${noun}. Add staff first.`)] : []),
        {
          kind: "choice",
          id: "person",
          label: present ? `New ${noun}` : `Who is to be ${noun}`,
          required: true,
          compact: true,
          options: free.map((s) => ({ value: s.person, title: s.name })),
          ...(free.length === 1 && free[0] ? { value: free[0].person } : {}),
          ...(role === "coordinator" ? {} : { hint: "They declare any interest before they see evidence." }),
        },
        ...(present ? [reason("Why someone else, kept in the record")] : []),
      ],
      { args: carried("role", role) },
    );
  },
  payload: (inputs, args) =>
    given({ role: arg(args, "role"), person: text(inputs, "person"), reason: text(inputs, "reason") }),
};

/** Who declared none, and since found one. */
const conflictFound = (ctx: FormContext): Form =>
  formOf(
    "interest.declare",
    ctx,
    [
      line("You declared that nothing stands against your part."),
      long("detail", "What you have found", {
        hint: "You are then taken off the case, and the coordinator puts someone else on it.",
      }),
    ],
    { args: { conflict: true } },
  );

export const interestDeclare: FormOf = {
  form: (ctx) =>
    ctx.args.conflict === true
      ? conflictFound(ctx)
      : formOf("interest.declare", ctx, [
          line(`Apprentice: ${apprentice(ctx)}. Employer: ${ctx.view.employerName}.`),
          line(`Training provider: ${ctx.words.person(ctx.view.people.provider)}.`),
          either(
            "conflict",
            "Do you know any of them, or gain by the outcome?",
            "Yes: I have an interest",
            "No: nothing stands against my part",
          ),
          long("detail", "What it is, if you have one", {
            required: false,
            hint: "You are then taken off the case, and the coordinator puts someone else on it.",
          }),
          subtle("You see evidence and work only after a no."),
        ]),
  payload: (inputs, args) =>
    given({ conflict: args.conflict === true || yesNo(inputs, "conflict"), detail: text(inputs, "detail") }),
};
