import type { By, FreeText, Lifted, Warned } from "../case/case";
import type { CaseEvent, EventType } from "../case/decider";
import { type Instant, type IsoDate, londonDate, londonTime } from "../rules/calendar";
import { capital, counted, dateText, dateTime, duration, inSentence, listed, monthsText, ordinal } from "./format";
import {
  adjustmentTitle,
  attemptTitle,
  channelTitle,
  gradeNoun,
  levelTitle,
  markState,
  notHeldTitle,
  wordIn,
} from "./labels";
import { meetingDone, meetingPhrase } from "./meetings";
import { noticeNoun, reachedWhom } from "./notReached";
import { tell } from "./problems";
import { ruleTitle } from "./rules";
import type { Words } from "./words";

/** The record of a case, a line an event. For staff only: it names marks, grades and requests. */

export type DataOf<T extends EventType> = Extract<CaseEvent, { type: T }>["data"];
/** An event as kept, as far as a line needs it. */
export interface Kept {
  type: string;
  data: unknown;
  at: Instant;
  by: By;
  lifted?: readonly Lifted[] | undefined;
  warned?: readonly Warned[] | undefined;
}

export interface Entry {
  /** "Ben Sample accepted the proposal." */
  text: string;
  /** Words that somebody wrote with it. */
  quote?: FreeText;
  /** What shows that somebody else decided so, where a coordinator recorded it for them. */
  shownBy?: FreeText;
  /** Why rules were lifted, each reason once. */
  reasons: FreeText[];
  /** Rules that were lifted or warned of on the way. */
  notes: string[];
}

/** What follows the name: "accepted the proposal"; with a person's own words where they belong to it. */
type Phrase = string | readonly [text: string, quote: FreeText | undefined];
type Line<T extends EventType> = (d: DataOf<T>, w: Words) => Phrase;

const day = (date: IsoDate | null | undefined): string => (date ? dateText(date) : "no day");
const versions = (n: number): string => (n > 1 ? `, ${ordinal(n)} version` : "");
const item = (d: { item: string; n: number }, w: Words): string => `“${w.evidence(d.item)}”${versions(d.n)}`;
/** "the observation of Tue 14 Apr 2026". */
const sessionMeant = (d: { method: string; session?: string }, w: Words): string =>
  `${w.theSession(d.method)}${d.session && d.session !== "next" ? ` of ${dateText(londonDate(d.session))}` : ""}`;
const booked = (d: { at: Instant; setting: string }, w: Words): string => `${dateTime(d.at)}, ${w.setting(d.setting)}`;

/** "; 54 min to 82 min 30 s were permitted, questions up to 10 min, with 25% extra time": what it was judged by. */
function permitted({ limits }: DataOf<"SessionEnded">): string {
  if (!limits) return "";
  const { least, most, extra, questions } = limits;
  const range = least === most ? duration(most) : `${duration(least)} to ${duration(most)}`;
  const asking = questions === undefined ? "" : `, questions up to ${duration(questions)}`;
  const more = extra > 0 ? `, with ${Math.round(extra * 100)}% extra time` : "";
  return `; ${range} were permitted${asking}${more}`;
}

const lines: { readonly [T in EventType]: Line<T> } = {
  CaseRegistered: (_d, w) => `registered the case under the rules of ${w.pack.body.name}`,
  CaseWithdrawn: (d) => ["withdrew the case", d.reason],
  CaseErased: (d) => `erased the case, ${monthsText(d.months)} and more after it closed on ${day(d.closed)}`,
  DateCorrected: (d) => [
    `corrected the ${d.what === "programmeStart" ? "start of the programme" : "day of the gateway meeting"} from ${day(d.from)} to ${day(d.to)}`,
    d.reason,
  ],
  ExceptionsCorrected: (d, w) => [
    `corrected the English and maths exceptions from ${w.exceptions(d.from)} to ${w.exceptions(d.to)}`,
    d.reason,
  ],
  PersonCorrected: (d, w) => [
    `corrected the ${d.field === "name" ? "name" : "mail address"} of ${w.theRole(d.role)}`,
    d.reason,
  ],
  RuleLifted: (d, w) => [
    `lifted a rule for the next step${d.method ? ` of ${w.theSession(d.method)}` : ""} that needs it: ${ruleTitle(d.rule)}`,
    d.reason,
  ],
  ChatBound: () => "made a chat the chat of the case",
  Invited: (d, w) => `sent ${w.theRole(d.role)} a new invitation`,
  Reminded: (d, w) => `reminded ${w.person(d.person)}`,

  StaffAllocated: (d, w) => [
    `put ${w.person(d.person)} on the case as ${w.theRole(d.role).replace(/^the /, "")}`,
    d.reason,
  ],
  InterestDeclared: (d) => [
    d.conflict ? "declared an interest in the case and left it" : "declared no interest in the case",
    d.detail,
  ],

  AdjustmentRequested: (d) => [
    `asked for an adjustment: ${inSentence(adjustmentTitle[d.kind])}${d.extraTimePercent ? `, ${d.extraTimePercent}%` : ""}`,
    d.need,
  ],
  AdjustmentDecided: (d) => [
    `${d.granted ? "granted" : "refused"} the adjustment${d.extraTimePercent ? ` with ${d.extraTimePercent}% extra time` : ""}`,
    d.reason,
  ],
  ConsiderationRequested: (d, w) => [
    `asked for special consideration for ${sessionMeant(d, w)}${d.outcome === "reschedule" ? "; another date is to be tried first" : ""}`,
    d.what,
  ],
  ConsiderationDecided: (d) => [`${d.granted ? "granted" : "refused"} the special consideration`, d.reason],
  DispensationGranted: (d) => ["recorded a dispensation", d.reference],

  TimeOnProgrammeAttested: (d) =>
    `stated the time on programme, up to ${day(d.lastDay)}, with ${d.offTheJobPercent}% off-the-job training`,
  EvidenceSubmitted: (d, w) => [`handed in ${item(d, w)}${evidenceFacts(d.facts)}`, d.reference],
  EvidenceAccepted: (d, w) => `accepted ${item(d, w)}`,
  EvidenceReturned: (d, w) => [`returned ${item(d, w)}`, d.reason],
  GatewayConfirmed: () => "confirmed the gateway",
  ApprenticeReady: () => "said that they are ready",
  GatewayAccepted: (d) => `accepted the gateway; the EPA window runs until ${day(d.window.end)}`,

  PlanningScheduled: (d) => `booked the planning meeting for ${dateTime(d.at)}`,
  PlanningOffered: (d) =>
    `offered ${counted(d.slots.length, "time")} for the planning meeting: ${listed(d.slots.map((at) => dateTime(at)))}`,
  PlanningSaved: () => "saved planning for later",
  PlanningFinished: (d) => `finished planning${d.reportDue ? `; the report is due by ${day(d.reportDue)}` : ""}`,

  ProposalSubmitted: (d) => `handed in the proposal${versions(d.n)}, ${counted(d.words, "word")}`,
  ProposalReturned: (d) => [
    `returned the proposal${d.reworkBy ? `, to be reworked by ${day(d.reworkBy)}` : "; the coordinator decides how it goes on"}`,
    d.feedback,
  ],
  ProposalAccepted: () => "accepted the proposal",
  ProposalReopened: (d) => [
    `allowed another version of the proposal${d.reworkBy ? `, by ${day(d.reworkBy)}` : ""}`,
    d.reason,
  ],

  ReportSubmitted: (d, w) => [
    `handed in ${w.theHandIn(d.method)}${versions(d.n)}, ${counted(d.words, "word")}`,
    d.reference,
  ],
  PortfolioSubmitted: (d, w) => [
    `handed in ${w.theHandIn(d.method)}${versions(d.n)}, ${counted(d.pieces, "piece")}`,
    d.reference,
  ],

  SessionBooked: (d, w) => `booked ${w.theSession(d.method)} for ${booked(d, w)}`,
  SlotsOffered: (d, w) =>
    `offered ${counted(d.slots.length, "time")} for ${w.theSession(d.method)}: ${listed(d.slots.map((at) => dateTime(at)))}`,
  SessionMoved: (d, w) => [`moved ${w.theSession(d.method)} from ${dateTime(d.from)} to ${booked(d, w)}`, d.reason],
  SessionStarted: (d, w) => `started ${w.theSession(d.method)}${d.recording ? ", recorded" : ", not recorded"}`,
  SessionPaused: (d, w) => [`paused ${w.theSession(d.method)}`, d.reason],
  SessionResumed: (d, w) => `resumed ${w.theSession(d.method)}`,
  QuestionsOpened: (d, w) => `opened the questions of ${w.theSession(d.method)}`,
  QuestionsClosed: (d, w) => `closed the questions of ${w.theSession(d.method)}`,
  QuestionsDrawn: (d, w) =>
    `drew ${counted(d.ids.length, "question")} for ${w.theSession(d.method)} from version ${d.bank} of the bank${d.again ? `, ${d.again.length} of them used before` : ""}`,
  QuestionAsked: (d, w) => [
    `asked question ${d.n} in ${w.theSession(d.method)}${d.kind === "followUp" ? ", a follow-up" : ""}`,
    d.text ?? undefined,
  ],
  QuestionWithdrawn: (d, w) => [`took back question ${d.n} in ${w.theSession(d.method)}: it was not asked`, d.reason],
  NoteAdded: (d, w) => [`added a note to ${w.theSession(d.method)}`, d.text],
  NoteCorrected: (d, w) => [`corrected a note to ${w.theSession(d.method)}`, d.text],
  CriteriaMarked: (d, w) =>
    `marked ${counted(Object.keys(d.marks).length, "criterion", "criteria")} of ${w.theSession(d.method)}`,
  PresenceRecorded: (d, w) => [
    `recorded who was present at ${w.theSession(d.method)}: ${listed(d.who.map(w.theRole))}`,
    d.others,
  ],
  DescriptorsTicked: (d, w) =>
    d.ticked.length === 0
      ? `cleared the fail descriptors of ${w.theSession(d.method)}`
      : `ticked ${counted(d.ticked.length, "fail descriptor")} of ${w.theSession(d.method)}`,
  SessionEnded: (d, w) => [`ended ${w.theSession(d.method)} after ${duration(d.seconds)}${permitted(d)}`, d.reason],
  SessionNotHeld: (d, w) => [
    `recorded that ${w.theSession(d.method)} was not held: ${inSentence(notHeldTitle[d.why])}`,
    d.detail,
  ],

  GradeConfirmed: (d, w) =>
    `confirmed ${w.theSession(d.method)} as ${gradeNoun[d.grade]}${d.sampled ? "; it is sampled" : ""}`,
  MarkCorrected: (d, w) => [
    `corrected a mark of ${w.theSession(d.method)} from ${markState[d.from].word.toLowerCase()} to ${markState[d.to].word.toLowerCase()}: ${w.criterion(d.criterion).replace(/\.$/, "")}`,
    d.reason,
  ],
  GradeSampled: (d, w) => `sampled the grade of ${w.theSession(d.method)}`,
  GradeUpheld: (d, w) => [`upheld the grade of ${w.theSession(d.method)}`, d.note],
  GradeSentBack: (d, w) => [`sent back the grade of ${w.theSession(d.method)}`, d.reason],

  ResultsReleased: (d) => [
    `released the results: ${gradeNoun[d.overall]} overall${d.capped ? ", capped" : ""}`,
    d.feedback,
  ],
  ResultsWithheld: (d) => ["withheld the results", d.reason],
  ResultsResumed: (d) => ["stopped withholding the results", d.reason],
  CapLifted: (d) => ["lifted the cap on the overall grade", d.reason],

  ResitAgreed: (d) => `agreed to a ${attemptTitle[d.kind].toLowerCase()}`,
  ResitOpened: (d, w) => [
    `opened ${d.kind === "again" ? "the whole assessment again" : `a ${attemptTitle[d.kind].toLowerCase()} of ${listed(d.methods.map(w.theSession))}`}${d.by ? `, by ${day(d.by)}` : ""}`,
    d.actionPlan,
  ],

  ChallengeRaised: (d) => [d.kind === "appeal" ? "appealed against a result" : "asked about a result", d.grounds],
  MeetingMade: (d, w) => `made the meeting on Teams of ${meetingPhrase(d.of, w.theSession)}`,
  MeetingSetUp: (d, w) => `${meetingDone(d.step)} of ${meetingPhrase(d.of, w.theSession)}`,
  MeetingSeen: (d, w) =>
    d.what === "started" || d.what === "ended"
      ? `saw the meeting of ${w.theSession(d.method)} ${d.what === "started" ? "start" : "end"} at ${londonTime(d.at)}`
      : `saw ${d.person ? w.person(d.person) : "a guest"} ${d.what === "joined" ? "join" : "leave"} ${w.theSession(d.method)} at ${londonTime(d.at)}`,
  EnquiryAnswered: (d) => ["answered the enquiry", d.answer],
  NoticeLost: (d, w) =>
    d.state === "dead"
      ? `could not deliver ${inSentence(noticeNoun(d.kind))} to ${reachedWhom(d.to, w)}`
      : `does not know whether ${inSentence(noticeNoun(d.kind))} to ${reachedWhom(d.to, w)} arrived`,
  NoticeResent: (d, w) => `had ${inSentence(noticeNoun(d.kind))} to ${reachedWhom(d.to, w)} sent again`,
  ToldOtherwise: (d, w) => [
    `told ${reachedWhom(d.to, w)} otherwise (${channelTitle[d.channel].toLowerCase()}) what ${inSentence(noticeNoun(d.kind))} was to say`,
    d.evidence,
  ],
  AppealDecided: (d) => [d.upheld ? "upheld the appeal" : "did not uphold the appeal", d.answer],
  GradeChangedOnAppeal: (d, w) =>
    `changed the grade of ${w.theSession(d.method)} on appeal, from ${gradeNoun[d.from]} to ${gradeNoun[d.to]}`,
};

/** What was entered with a gateway item: ", level 2", ", 14 pieces". */
function evidenceFacts(facts: DataOf<"EvidenceSubmitted">["facts"]): string {
  const level = wordIn(levelTitle, facts.level);
  if (level) return `, ${inSentence(level)}`;
  if (typeof facts.pieces === "number") return `, ${counted(facts.pieces, "piece")}`;
  if (typeof facts.words === "number") return `, ${counted(facts.words, "word")}`;
  return "";
}

/** Who did it, and how it is recorded where it was someone else's decision: "by phone, recorded by Cora Placeholder". */
function actor(by: By, w: Words): { who: string; how: string } {
  const { onBehalfOf } = by;
  if (!onBehalfOf) return { who: by.person === "service" ? "The service" : w.person(by.person), how: "" };
  return {
    who: w.person(onBehalfOf.person),
    how: ` (${channelTitle[onBehalfOf.channel].toLowerCase()}, recorded by ${w.person(by.person)})`,
  };
}

/** One line of the record, with words that belong to it and the rules lifted or warned of. */
export function historyEntry(e: Kept, w: Words): Entry {
  // One table, one lookup: the data's type follows the event's by construction.
  const line = lines[e.type as EventType] as ((d: never, w: Words) => Phrase) | undefined;
  const { who, how } = actor(e.by, w);
  const said = line ? line(e.data as never, w) : "did something that this version does not know";
  const [text, quote] = typeof said === "string" ? [said, undefined] : said;
  const notes = [
    ...(e.lifted ?? []).map((p) => `Rule lifted: ${tell(p, w.pack, w, { as: "lifted" }).fact}`),
    ...(e.warned ?? []).map((p) => `Warned: ${tell(p, w.pack, w, { as: "warned" }).fact}`),
  ];
  const shownBy = e.by.onBehalfOf?.evidence;
  return {
    text: capital(`${who} ${text}${how}.`),
    ...(quote ? { quote } : {}),
    ...(shownBy ? { shownBy } : {}),
    reasons: [...new Map((e.lifted ?? []).map((p) => [JSON.stringify(p.reason), p.reason])).values()],
    notes,
  };
}

/** The line alone: "Ben Sample accepted the proposal." */
export const historyLine = (e: Kept, w: Words): string => historyEntry(e, w).text;
