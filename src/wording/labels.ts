import type { z } from "zod";
import type {
  Adjustment,
  AttemptKind,
  Case,
  Challenge,
  Channel,
  EvidenceTry,
  Mark,
  MeetingChoice,
  Moderation,
  NotHeld,
  SessionState,
} from "../case/case";
import type { commands as gatewayCommands } from "../case/gateway";
import type { returnReasons } from "../case/proposal";
import type { Grade, Role, Setting } from "../rules/pack";
import type { TrackStage } from "../views";

/** Plain words for the closed sets of the assessment. Titles begin with a capital; nouns stand inside a sentence. */

/** The word for a value of a closed set, or undefined for anything else that came instead. */
export const wordIn = <T>(table: Readonly<Record<string, T>>, value: unknown): T | undefined =>
  typeof value === "string" && Object.hasOwn(table, value) ? table[value] : undefined;

/** The corner of a card, behind the reference: "Case EX-2026-0147 · you coordinate". */
export const yourPart: Readonly<Record<Role, string>> = {
  apprentice: "your assessment",
  employer: "your apprentice",
  provider: "your learner",
  assessor: "you assess",
  coordinator: "you coordinate",
  iqa: "you moderate",
  auditor: "you audit",
};

/** A role inside a sentence, without article. What a body calls it is the pack's: see `Words.role`. */
export const roleNoun: Readonly<Record<Role, string>> = {
  apprentice: "apprentice",
  employer: "employer",
  provider: "training provider",
  assessor: "assessor",
  coordinator: "coordinator",
  iqa: "quality assurer",
  auditor: "auditor",
};

/** The stages of the track; at most eight letters each. */
export const trackWord: Readonly<Record<TrackStage, string>> = {
  gateway: "Gateway",
  planning: "Planning",
  handIn: "Hand-in",
  sessions: "Sessions",
  results: "Results",
};

/** Where a case stands, as a sentence. */
export const stageSentence: Readonly<Record<Case["stage"] | "none", string>> = {
  none: "The case is not registered.",
  gateway: "The case is at the gateway.",
  planning: "The gateway is accepted and the case is in planning.",
  assessment: "Planning is finished and the assessments are under way.",
  released: "The results are out.",
  withdrawn: "The case is withdrawn.",
  erased: "The case was erased.",
};

/** Where a session is held, as a choice. */
export const settingTitle: Readonly<Record<Setting, string>> = {
  workplace: "At the workplace",
  faceToFace: "Face to face",
  teams: "On Microsoft Teams",
  simulated: "Simulated",
};
/** Where a session on Teams is held, when no more is said of it. */
export const onTeams = "Microsoft Teams";
/** Who need not wait in a meeting's lobby. */
export const lobbyTitle: Readonly<Record<MeetingChoice["lobby"], string>> = {
  invited: "Those invited",
  organization: "Our own staff and guests",
  everyone: "Everyone with the link",
};

/** The same behind a date: "Tue 9 Jun 2026, 10:00, on Teams". */
export const settingPhrase: Readonly<Record<Setting, string>> = {
  workplace: "at the workplace",
  faceToFace: "face to face",
  teams: "on Teams",
  simulated: "simulated",
};

export const gradeTitle: Readonly<Record<Grade, string>> = { fail: "Fail", pass: "Pass", distinction: "Distinction" };
/** A grade inside a sentence: "a pass". */
export const gradeNoun: Readonly<Record<Grade, string>> = {
  fail: "a fail",
  pass: "a pass",
  distinction: "a distinction",
};

export const adjustmentTitle: Readonly<Record<Adjustment["kind"], string>> = {
  extraTime: "Extra time",
  readerOrScribe: "A reader or a scribe",
  signLanguage: "A sign language interpreter",
  venue: "Another place",
  other: "Something else",
};

export const channelTitle: Readonly<Record<Channel, string>> = {
  phone: "By phone",
  mail: "By mail",
  letter: "By letter",
  meeting: "At a meeting",
};

type Level = NonNullable<z.infer<(typeof gatewayCommands)["gateway.submit"]>["level"]>;
export const levelTitle: Readonly<Record<Level, string>> = {
  entry3: "Entry level 3",
  level1: "Level 1",
  level2: "Level 2",
  level3: "Level 3",
  bsl: "British Sign Language",
};

/** Why a proposal comes back, as the assessor ticks it. */
export const returnReasonTitle: Readonly<Record<(typeof returnReasons)[number], string>> = {
  challenge: "Not one specific challenge",
  ksbs: "Would not show the knowledge and skills asked for",
  other: "Another reason",
};
/** The same, as the apprentice reads it. */
export const returnReasonSentence: Readonly<Record<(typeof returnReasons)[number], string>> = {
  challenge: "It is not about one specific challenge.",
  ksbs: "It would not show the knowledge and skills asked for.",
  other: "There is another reason, told in the feedback.",
};

/** How a state looks: done, now, not yet, not met, returned. Colour only repeats it. */
export type Tone = "done" | "now" | "later" | "bad" | "back";
export const markOf: Readonly<Record<Tone, string>> = { done: "✓", now: "●", later: "○", bad: "✕", back: "↺" };
export interface State {
  tone: Tone;
  word: string;
}
const state = (tone: Tone, word: string): State => ({ tone, word });

/** Mark and word in one: "✓ Accepted". */
export const marked = (s: State): string => `${markOf[s.tone]} ${s.word}`;

export const evidenceState: Readonly<Record<EvidenceTry["outcome"] | "missing", State>> = {
  missing: state("later", "Not handed in"),
  toReview: state("now", "To review"),
  accepted: state("done", "Accepted"),
  returned: state("back", "Returned"),
};

export const sessionState: Readonly<Record<SessionState, State>> = {
  none: state("later", "Not booked"),
  booked: state("now", "Booked"),
  running: state("now", "Running"),
  paused: state("now", "Paused"),
  ended: state("done", "Held"),
};

export const markState: Readonly<Record<Mark, State>> = {
  met: state("done", "Met"),
  notMet: state("bad", "Not met"),
  notYet: state("later", "Not yet"),
};

export const moderationState: Readonly<Record<Moderation["state"], State>> = {
  notSampled: state("done", "Not sampled"),
  waiting: state("now", "With the quality assurer"),
  upheld: state("done", "Upheld"),
  sentBack: state("back", "Sent back"),
};

export const challengeTitle: Readonly<Record<Challenge["kind"], string>> = { enquiry: "Enquiry", appeal: "Appeal" };

export const notHeldTitle: Readonly<Record<NotHeld["why"], string>> = {
  noShow: "The apprentice did not come",
  technical: "Technical failure",
  abandoned: "Broken off",
};

/** Behind a stage or an assessment; nothing for a first attempt. */
export const attemptTitle: Readonly<Record<AttemptKind, string>> = {
  first: "First attempt",
  resit: "Resit",
  retake: "Retake",
  again: "Whole assessment again",
};
