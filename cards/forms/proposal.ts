import { wordsOf } from "../../src/case/case";
import { returnReasons } from "../../src/case/proposal";
import { addDays, londonDate } from "../../src/rules/calendar";
import { counted, dateRange, dateText } from "../../src/wording/format";
import { returnReasonSentence, returnReasonTitle } from "../../src/wording/labels";
import type { Field, FormContext, FormOf } from "../form";
import { apprentice, argOf, firstName, formOf, line, long, optionsOf, quote, reason, short, strong } from "./fields";
import { given, type Inputs, many, numberArg, text } from "./read";

/** The project proposal: written, handed in again, returned with feedback. */

/** Its inputs, with the words of the version before where there is one. */
export function proposalFields(ctx: FormContext): Field[] {
  const { how } = ctx.pack.rules.projectSubject;
  const last = ctx.view.proposal;
  const ksbs = ctx.pack.methods.filter((m) => m.handIn?.kind === "report").flatMap((m) => m.ksbs);
  const until = ctx.view.gatewayMeeting ?? londonDate(ctx.now);
  return [
    short("challenge", "The challenge, in one line", {
      ...(last ? { value: wordsOf(last.challenge) } : {}),
      hint: "One specific, high-level challenge.",
    }),
    {
      kind: "date",
      id: "challengeOn",
      label: "Day of the challenge, or its last day",
      required: true,
      ...(last ? { value: last.challengeOn } : {}),
      hint: `Within the apprenticeship, ${dateRange(ctx.view.programmeStart, until)}.`,
    },
    long("text", "Proposal", {
      max: 12_000,
      ...(last ? { value: wordsOf(last.text) } : {}),
      ...(how.kind === "proposal" ? { hint: `At most ${counted(how.maxWords, "word")}.` } : {}),
    }),
    {
      kind: "choice",
      id: "ksbs",
      label: "What it can show",
      many: true,
      required: how.kind === "proposal" && how.needsKsbPart,
      options: ksbs.map((k) => ({ value: k.id, title: `${k.id} ${k.text}` })),
      ...(last ? { value: last.ksbs.join(",") } : {}),
    },
  ];
}

/** The proposal that those inputs make. */
export const proposalIn = (inputs: Inputs) =>
  given({
    text: text(inputs, "text"),
    challenge: text(inputs, "challenge"),
    challengeOn: text(inputs, "challengeOn"),
    ksbs: many(inputs, "ksbs"),
  });

export const proposalSubmit: FormOf = {
  form: (ctx) => {
    const last = ctx.view.proposal;
    return formOf(
      "proposal.submit",
      ctx,
      [
        ...(last?.outcome === "returned"
          ? [
              strong("Why it came back"),
              ...(last.reasons ?? []).map((r) =>
                line(
                  Object.hasOwn(returnReasonSentence, r)
                    ? returnReasonSentence[r as "other"]
                    : returnReasonSentence.other,
                ),
              ),
              ...(last.feedback ? [quote(last.feedback)] : []),
              ...(last.reworkBy ? [line(`Hand it in by ${dateText(last.reworkBy)}.`)] : []),
            ]
          : []),
        ...proposalFields(ctx),
      ],
      { size: "large" },
    );
  },
  payload: (inputs) => proposalIn(inputs),
};

export const proposalReturn: FormOf = {
  form: (ctx) => {
    const { days } = ctx.pack.rules.proposalReturn;
    const n = argOf(ctx, "proposal.return", "n");
    const name = firstName(apprentice(ctx));
    const second = ctx.view.earlierProposals.some((p) => p.outcome === "returned");
    const follows = second
      ? "It is the second return: the coordinator decides how it goes on."
      : days === null
        ? `${name} then reworks it.`
        : `${name} then has ${counted(days, "day")}, until ${dateText(addDays(londonDate(ctx.now), days))}, to rework it.`;
    return formOf(
      "proposal.return",
      ctx,
      [
        {
          kind: "choice",
          id: "reasons",
          label: "Reasons",
          many: true,
          required: true,
          options: optionsOf(returnReasonTitle, returnReasons),
        },
        long("feedback", `Feedback that ${name} will read`, { placeholder: "What to change, and why", hint: follows }),
      ],
      { args: n === undefined ? {} : { n: Number(n) } },
    );
  },
  payload: (inputs, args) => ({
    n: numberArg(args, "n"),
    reasons: many(inputs, "reasons"),
    // Feedback that is missing is for the rule to refuse, with its clause.
    feedback: text(inputs, "feedback") ?? "",
  }),
};

export const proposalReopen: FormOf = {
  form: (ctx) => {
    const { days } = ctx.pack.rules.proposalReturn;
    const name = firstName(apprentice(ctx));
    return formOf("proposal.reopen", ctx, [
      line(
        days === null
          ? `${name} may hand in another proposal.`
          : `${name} may hand in another proposal, until ${dateText(addDays(londonDate(ctx.now), days))}.`,
      ),
      reason(),
    ]);
  },
  payload: (inputs) => given({ reason: text(inputs, "reason") }),
};
