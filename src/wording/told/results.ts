import { capital, dateText, titles } from "../format";
import { attemptTitle } from "../labels";
import { type About, isOutside, nobody, parties, type Saying, sessionName, type Tellings, tell } from "./about";

/** Grades among staff, results, and what follows them. */

const kindOf = (kind: keyof typeof attemptTitle): string =>
  kind === "again" ? "the whole assessment again" : `a ${attemptTitle[kind].toLowerCase()}`;

const waiting = (a: About, method: string): Saying => ({
  title: `A grade of ${a.ada} waits for you`,
  lines: [`It is the grade of ${a.w.theSession(method)}. Uphold it or send it back.`],
});

export const results: Tellings<
  | "GradeConfirmed"
  | "MarkCorrected"
  | "GradeSampled"
  | "GradeUpheld"
  | "GradeSentBack"
  | "ResultsReleased"
  | "ResultsWithheld"
  | "ResultsResumed"
  | "CapLifted"
  | "ResitAgreed"
  | "ResitOpened"
  | "ChallengeRaised"
  | "EnquiryAnswered"
  | "AppealDecided"
  | "GradeChangedOnAppeal"
> = {
  GradeConfirmed: {
    say: {
      coordinator: (d, a) => ({
        title: `${sessionName(a, d.method)} of ${a.ada} graded`,
        lines: [d.sampled ? "The quality assurer looks at the grade." : undefined],
      }),
      iqa: (d, a) => (d.sampled ? waiting(a, d.method) : null),
    },
  },
  MarkCorrected: {
    say: {
      iqa: (d, a) => ({
        title: `A mark of ${a.ada} is corrected`,
        lines: [`${a.who} corrected it in ${a.w.theSession(d.method)}. The grade comes to you again.`],
        quote: d.reason,
      }),
    },
  },
  GradeSampled: { say: { iqa: (d, a) => waiting(a, d.method) } },
  GradeUpheld: {
    say: tell(["assessor", "coordinator"], (d, a) => ({
      title: `Grade of ${a.ada} upheld`,
      lines: [`${a.who} upheld the grade of ${a.w.theSession(d.method)}.`],
      quote: d.note,
    })),
  },
  GradeSentBack: {
    say: tell(["assessor", "coordinator"], (d, a) => ({
      title: `Grade of ${a.ada} sent back`,
      lines: [
        `${a.who} sent back the grade of ${a.w.theSession(d.method)}.`,
        a.to === "assessor" ? "Look at the marks again, correct what is wrong and confirm the grade." : undefined,
      ],
      quote: d.reason,
    })),
  },
  // Apprentice, employer and provider get it as a letter, once: see `letters.ts`.
  ResultsReleased: {
    say: tell(["assessor", "iqa"], (_d, a) => ({
      title: `The results of ${a.ada} are out`,
      lines: [`${a.who} released them.`],
    })),
  },
  ResultsWithheld: {
    say: tell(["assessor"], (_d, a) => ({
      title: `The results of ${a.ada} are withheld`,
      lines: [`${a.who} withholds them for now.`],
    })),
  },
  ResultsResumed: nobody,
  CapLifted: nobody,
  ResitAgreed: {
    say: tell(["coordinator", "apprentice"], (d, a) => ({
      title: `${capital(kindOf(d.kind))} is agreed`,
      lines: [
        a.to === "apprentice"
          ? `${a.who} agreed to it. ${a.w.person(a.c.staff.coordinator)} opens it next.`
          : `${a.who} agreed to it for ${a.ada}. Open it next.`,
      ],
    })),
  },
  ResitOpened: {
    say: tell([...parties, "assessor", "chat"], (d, a) => ({
      title: d.kind === "again" ? "The whole assessment is open again" : `${capital(kindOf(d.kind))} is open`,
      lines: [
        d.throughGateway ? "It begins with the gateway again." : undefined,
        a.to === "apprentice" && d.actionPlan ? "This plan helps you to prepare." : undefined,
      ],
      facts: [
        { name: "To take", value: titles(d.methods.map(a.w.method)) },
        d.by ? { name: "By", value: dateText(d.by) } : undefined,
        ...Object.entries(d.reworkBy).map(([m, by]) => ({
          name: `${capital(a.w.theHandIn(m).replace(/^the /, ""))} due`,
          value: dateText(by),
        })),
      ],
      quote: a.to === "chat" ? undefined : d.actionPlan,
    })),
  },
  ChallengeRaised: {
    say: {
      coordinator: (d, a) => ({
        title: d.kind === "appeal" ? `An appeal in the case of ${a.ada}` : `An enquiry in the case of ${a.ada}`,
        lines: [
          `${a.who} ${d.kind === "appeal" ? "appeals against" : "asks about"} ${d.method ? `the result of ${a.w.theSession(d.method)}` : "the result"}.`,
          d.kind === "appeal" ? "Someone who took no part in the case decides it." : undefined,
        ],
        quote: d.grounds,
      }),
    },
  },
  EnquiryAnswered: {
    say: tell([...parties], (d, a) => ({
      title: "The enquiry is answered",
      lines: [`It is about the result of ${a.to === "apprentice" ? "your assessment" : a.ada}.`],
      quote: d.answer,
    })),
  },
  AppealDecided: {
    say: tell([...parties, "coordinator", "assessor"], (d, a) => ({
      title: d.upheld ? "The appeal is upheld" : "The appeal is not upheld",
      lines: [
        `It is about the result of ${a.to === "apprentice" ? "your assessment" : a.ada}.`,
        d.upheld && isOutside(a.to) ? "If the result changes, it comes to you anew." : undefined,
      ],
      quote: d.answer,
    })),
  },
  GradeChangedOnAppeal: {
    say: tell(["coordinator", "assessor"], (d, a) => ({
      title: `A grade of ${a.ada} changed on appeal`,
      lines: [
        `It is the grade of ${a.w.theSession(d.method)}.`,
        a.to === "coordinator" ? "Release the results anew." : undefined,
      ],
    })),
  },
};
