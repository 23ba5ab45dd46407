import { z } from "zod";
import { type IsoDate, londonDate } from "../rules/calendar";
import type { Case, Context, FreeText, Judge, NewEvent } from "./case";
import { free } from "./case";
import { isoDate, text } from "./payload";

/** What a project proposal must hold, wherever it is handed in: at gateway, or again after a return (R11, R37). */

export const proposalShape = z.strictObject({
  text: text(12_000),
  challenge: text(300),
  /** The day on which the challenge was dealt with, or its last day. */
  challengeOn: isoDate,
  ksbs: z.array(z.string().regex(/^[KSB]\d+$/)).max(60),
});

export interface ProposalData {
  text: FreeText;
  challenge: FreeText;
  challengeOn: IsoDate;
  ksbs: string[];
  words: number;
}
export type Submitted = NewEvent<"ProposalSubmitted", ProposalData & { n: number }>;

/** Words as a word processor counts them: runs between white space. */
export const countWords = (s: string) => s.trim().split(/\s+/u).filter(Boolean).length;

/** Judges a proposal; undefined when something of it is missing (already told). */
export function proposalProblems(
  j: Judge,
  p: Partial<z.infer<typeof proposalShape>>,
  c: Case,
  ctx: Context,
): ProposalData | undefined {
  const { projectSubject, challenge } = ctx.pack.rules;
  j.need(p.text !== undefined, "PROPOSAL_TEXT_NEEDED", {}, "text");
  j.need(p.challenge !== undefined, "CHALLENGE_NEEDED", {}, "challenge");
  j.need(p.challengeOn !== undefined, "CHALLENGE_DATE_NEEDED", {}, "challengeOn");
  if (p.text === undefined || p.challenge === undefined || p.challengeOn === undefined) return undefined;
  const words = countWords(p.text);
  const ksbs = p.ksbs ?? [];
  if (projectSubject.how.kind === "proposal") {
    const { maxWords, needsKsbPart } = projectSubject.how;
    j.rule(projectSubject, words <= maxWords, "PROPOSAL_TOO_LONG", { words, most: maxWords }, { input: "text" });
    j.rule(projectSubject, !needsKsbPart || ksbs.length > 0, "PROPOSAL_WITHOUT_KSBS", {}, { input: "ksbs" });
  }
  const known = new Set(
    ctx.pack.methods.filter((m) => m.handIn?.kind === "report").flatMap((m) => m.ksbs.map((k) => k.id)),
  );
  const strange = ksbs.filter((k) => !known.has(k));
  j.need(strange.length === 0, "KSB_NOT_OF_METHOD", { ksbs: strange }, "ksbs");
  // Before gateway: its meeting, else the day on which it was accepted, which may be long ago.
  const latest = c.gateway.meeting?.on ?? londonDate(c.gateway.accepted?.at ?? ctx.now);
  j.rule(
    challenge,
    p.challengeOn >= c.programmeStart && p.challengeOn <= latest,
    "CHALLENGE_OUTSIDE_APPRENTICESHIP",
    { on: p.challengeOn, from: c.programmeStart, until: latest },
    { input: "challengeOn" },
  );
  return { text: free(p.text), challenge: free(p.challenge), challengeOn: p.challengeOn, ksbs, words };
}

export const proposalEvent = (c: Case, data: ProposalData): Submitted => ({
  type: "ProposalSubmitted",
  data: { ...data, n: c.proposals.length + 1 },
});
