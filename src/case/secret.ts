import type { EventType } from "./decider";

/**
 * Events that apprentice, employer and provider must not learn of before release, not even by a counter that moved:
 * questions, notes, marks, grades, moderation, withholding, and what staff say of each other.
 */
export const secretEvents: ReadonlySet<string> = new Set<EventType>([
  "QuestionsOpened",
  "QuestionsClosed",
  "QuestionsDrawn",
  "QuestionAsked",
  "QuestionWithdrawn",
  "NoteAdded",
  "NoteCorrected",
  "CriteriaMarked",
  "DescriptorsTicked",
  "PresenceRecorded",
  "GradeConfirmed",
  "MarkCorrected",
  "GradeSampled",
  "GradeUpheld",
  "GradeSentBack",
  "ResultsWithheld",
  "ResultsResumed",
  "CapLifted",
  "InterestDeclared",
  "GradeChangedOnAppeal",
  "PlanningSaved",
  "RuleLifted",
  "Reminded",
  "Invited",
  "MeetingSeen",
  "MeetingSetUp",
  "NoticeLost",
  "NoticeResent",
  "ToldOtherwise",
]);
