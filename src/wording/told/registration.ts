import type { PersonId } from "../../case/case";
import { capital, dateText } from "../format";
import { ruleTitle } from "../rules";
import { type About, everyone, isOutside, nobody, type Saying, type Tellings, tell } from "./about";

/** A case comes into being and ends, its facts, its staff. */

const allocated = (a: About, title: string): Saying => ({
  title,
  lines: [`${a.who} put you on the case.`, "Declare first whether you have an interest in it; then it opens to you."],
});

export const registration: Tellings<
  | "CaseRegistered"
  | "CaseWithdrawn"
  | "CaseErased"
  | "DateCorrected"
  | "ExceptionsCorrected"
  | "PersonCorrected"
  | "RuleLifted"
  | "ChatBound"
  | "Reminded"
  | "Invited"
  | "StaffAllocated"
  | "InterestDeclared"
> = {
  CaseRegistered: nobody,
  CaseWithdrawn: {
    say: tell([...everyone, "iqa"], (d, a) => ({
      title: `${capital(a.whose)} assessment is withdrawn`,
      lines: [`${a.who} withdrew the case. Nothing more is to be done in it.`],
      quote: isOutside(a.to) || a.to === "chat" ? undefined : d.reason,
    })),
  },
  DateCorrected: {
    say: tell(["apprentice", "provider", "coordinator"], (d, a) => ({
      title: "A date is corrected",
      lines: [
        `${a.who} corrected the ${d.what === "programmeStart" ? "start of the programme" : "day of the gateway meeting"}.`,
        d.from ? `It was ${dateText(d.from)}. It is ${dateText(d.to)} now.` : `It is ${dateText(d.to)} now.`,
      ],
    })),
  },
  ExceptionsCorrected: {
    private: true,
    say: tell(["apprentice", "provider", "coordinator"], (d, a) => ({
      title: "English and maths exceptions are corrected",
      lines: [
        `${a.who} corrected which exceptions fit${a.to === "apprentice" ? " you" : ""}.`,
        `Recorded now: ${a.w.exceptions(d.to)}.`,
      ],
    })),
  },
  CaseErased: nobody,
  PersonCorrected: nobody,
  RuleLifted: {
    say: tell(["assessor", "coordinator"], (d, a) => ({
      title: `A rule is lifted for the next step${d.method ? ` of ${a.w.theSession(d.method)}` : ""} that needs it`,
      lines: [`${ruleTitle(d.rule)}: lifted by ${a.who}.`],
      quote: d.reason,
    })),
  },
  ChatBound: nobody,
  Reminded: nobody,
  Invited: nobody,
  StaffAllocated: {
    say: {
      assessor: (d, a) =>
        d.role !== "assessor"
          ? null
          : (passedOn(d, a, `You no longer assess ${a.ada}`) ?? allocated(a, `You assess ${a.ada}`)),
      iqa: (d, a) =>
        d.role !== "iqa"
          ? null
          : (passedOn(d, a, `You no longer moderate the assessment of ${a.ada}`) ??
            allocated(a, `You moderate the assessment of ${a.ada}`)),
      coordinator: (d, a) =>
        d.role !== "coordinator"
          ? null
          : (passedOn(d, a, `You no longer coordinate the case of ${a.ada}`) ?? {
              title: `You coordinate the case of ${a.ada}`,
              lines: [`${a.who} gave it to you.`],
            }),
    },
  },
  InterestDeclared: {
    say: {
      coordinator: (d, a) =>
        d.conflict
          ? {
              title: `${a.who} declared an interest`,
              lines: ["They are off the case. Allocate someone else."],
              quote: d.detail,
            }
          : { title: `${a.who} has no interest in the case`, lines: ["The case is open to them now."] },
    },
  },
};

/** To whoever had the part before: who has it now. */
const passedOn = (d: { person: PersonId }, a: About, title: string): Saying | undefined =>
  a.reader === undefined || a.reader === d.person
    ? undefined
    : { title, lines: [`${capital(a.w.person(d.person))} has the case from now on. Thank you for your part in it.`] };
