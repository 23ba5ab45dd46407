import { z } from "zod";
import { outsideRoles } from "../../src/case/case";
import { isoDate, text as words } from "../../src/case/payload";
import type { Pack } from "../../src/rules/pack";
import { capital } from "../../src/wording/format";
import { roleNoun } from "../../src/wording/labels";
import type { BodyFormContext, Field, FormOf } from "../form";
import { heading, short } from "./fields";
import { arg, given, type Inputs, many, text } from "./read";

/** A new case: whose assessment it is, who stands beside them, and when the programme started. */

const mail = z.email().max(254);
const person = z.strictObject({ name: words(120), mail });

/** What the form says. The edge finds or makes the three people, and registers the case with their ids. */
export const Registration = z.strictObject({
  /** Left out, the edge takes the body's next free one. */
  ref: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z0-9][A-Z0-9-]{2,19}$/)
    .optional(),
  bodyId: z.string().min(1).max(64),
  employerName: words(120),
  programmeStart: isoDate,
  englishMathsException: z.array(z.string().min(1).max(64)).max(5).optional(),
  apprentice: person,
  employer: person,
  provider: person,
});
export type Registration = z.infer<typeof Registration>;

export const register: FormOf<BodyFormContext> = {
  form: ({ packs, suggestedRef, args }) => {
    const bodies = [...new Map(packs.map((p) => [p.body.id, p.body])).values()];
    const chosen = arg(args, "bodyId") ?? bodies[0]?.id;
    const several = bodies.length > 1;
    return {
      title: "Register apprentice",
      submit: "Register apprentice",
      fields: [
        ...(several
          ? [
              {
                kind: "choice" as const,
                id: "bodyId",
                label: "Awarding body",
                required: true,
                options: bodies.map((b) => ({ value: b.id, title: b.name })),
                ...(chosen ? { value: chosen } : {}),
              },
            ]
          : []),
        short("ref", "Reference", {
          max: 20,
          required: false,
          // A suggestion is one body's: with several to choose from it would be the wrong one's.
          ...(suggestedRef && !several ? { value: suggestedRef } : {}),
          hint: "3 to 20 letters, figures and dashes. Left empty, it is the next free one.",
        }),
        ...outsideRoles.flatMap((role) => [
          heading(capital(roleNoun[role]), role),
          short(`${role}-name`, `Name of the ${role === "apprentice" ? "apprentice" : `${roleNoun[role]}'s contact`}`, {
            max: 120,
          }),
          short(`${role}-mail`, `Mail of the ${role === "apprentice" ? "apprentice" : `${roleNoun[role]}'s contact`}`, {
            max: 254,
            placeholder: "name@example.org",
          }),
          ...(role === "employer" ? [short("employerName", "Name of the firm", { max: 120 })] : []),
        ]),
        heading("Programme"),
        {
          kind: "date",
          id: "programmeStart",
          label: "First day of the programme",
          required: true,
          hint: starts(packs),
        },
        ...exceptions(packs),
      ],
      ...(several || chosen === undefined ? {} : { args: { bodyId: chosen } }),
      size: "large",
    };
  },
  payload: (inputs, args) =>
    given({
      ref: text(inputs, "ref"),
      bodyId: text(inputs, "bodyId") ?? arg(args, "bodyId"),
      employerName: text(inputs, "employerName"),
      programmeStart: text(inputs, "programmeStart"),
      ...(exceptionsIn(inputs).length > 0 ? { englishMathsException: exceptionsIn(inputs) } : {}),
      ...Object.fromEntries(outsideRoles.map((role) => [role, personIn(inputs, role)])),
    }),
};

const personIn = (inputs: Inputs, role: string) =>
  given({ name: text(inputs, `${role}-name`), mail: text(inputs, `${role}-mail`) });

/** What the packs ask of the time on programme: it decides when the gateway can be. */
function starts(packs: readonly Pack[]): string {
  const months = [...new Set(packs.map((p) => p.rules.timeOnProgramme.typicalMonths))].sort((a, b) => a - b);
  return `The version of the specification goes by it. A programme typically takes ${months.join(" or ")} months.`;
}

const exceptionsIn = (inputs: Inputs) => many(inputs, "englishMathsException");

/** Exceptions of English and maths, where a pack names any. */
function exceptions(packs: readonly Pack[]): Field[] {
  const all = new Map(packs.flatMap((p) => p.rules.englishAndMaths.exceptions.map((x) => [x.id, x.title] as const)));
  if (all.size === 0) return [];
  return [
    {
      kind: "choice",
      id: "englishMathsException",
      label: "English and maths: exceptions that fit",
      many: true,
      options: [...all].map(([value, title]) => ({ value, title })),
    },
  ];
}
