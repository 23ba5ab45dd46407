import type { Case, PersonId } from "./case/case";
import type { EventType } from "./case/decider";
import { secretEvents } from "./case/secret";
import type { NewNotice, Recorded } from "./ports";
import { addDays, atLondon } from "./rules/calendar";
import type { Pack, Role } from "./rules/pack";
import { type Task, tasksOf } from "./tasks";

/** Which events cause which notices: who is told, which cards move, what is reminded of and when. */

export type NoticeKind = "invite" | "told" | "cards" | "chat" | "reminder" | "result" | "record";

/** Who is told of an event in a message of their own. The one who did it is not; the group chat has a column of its own. */
interface Audience {
  roles: readonly Role[];
  /** Said in the case's chat: only what concerns everyone there, never health, adjustments, grades. */
  chat?: true;
}
const nobody: Audience = { roles: [] };
const parties = ["apprentice", "employer", "provider"] as const;
const all = ["apprentice", "employer", "provider", "assessor", "coordinator"] as const;

export const audience: Readonly<Record<EventType, Audience>> = {
  CaseRegistered: nobody,
  CaseWithdrawn: { roles: [...all, "iqa"] },
  DateCorrected: { roles: ["apprentice", "provider"] },
  PersonCorrected: nobody,
  RuleLifted: { roles: ["assessor"] },
  ChatBound: nobody,
  Reminded: nobody,
  StaffAllocated: { roles: ["assessor", "iqa", "coordinator"] },
  InterestDeclared: { roles: ["coordinator"] },
  AdjustmentRequested: { roles: ["coordinator", "apprentice"] },
  AdjustmentDecided: { roles: ["apprentice", "employer", "provider", "assessor"] },
  ConsiderationRequested: { roles: ["coordinator", "apprentice"] },
  ConsiderationDecided: { roles: ["apprentice", "assessor"] },
  DispensationGranted: { roles: ["assessor", "apprentice"] },
  TimeOnProgrammeAttested: nobody,
  EvidenceSubmitted: { roles: ["coordinator"] },
  EvidenceAccepted: nobody,
  EvidenceReturned: { roles: ["provider"] },
  GatewayConfirmed: { roles: ["coordinator"] },
  ApprenticeReady: nobody,
  GatewayAccepted: { roles: [...all, "iqa"], chat: true },
  PlanningScheduled: { roles: ["apprentice", "employer", "assessor"], chat: true },
  PlanningSaved: nobody,
  PlanningFinished: { roles: [...parties, "coordinator"], chat: true },
  ProposalSubmitted: { roles: ["assessor"], chat: true },
  ProposalReturned: { roles: ["apprentice", "coordinator"] },
  ProposalAccepted: { roles: ["apprentice", "coordinator"], chat: true },
  ProposalReopened: { roles: ["apprentice", "assessor"] },
  ReportSubmitted: { roles: ["assessor", "coordinator"], chat: true },
  PortfolioSubmitted: { roles: ["assessor", "coordinator"], chat: true },
  SessionBooked: { roles: [...parties, "assessor", "coordinator"], chat: true },
  SessionMoved: { roles: [...parties, "assessor", "coordinator"], chat: true },
  SessionStarted: nobody,
  SessionPaused: nobody,
  SessionResumed: nobody,
  QuestionsOpened: nobody,
  QuestionsClosed: nobody,
  QuestionAsked: nobody,
  NoteAdded: nobody,
  CriteriaMarked: nobody,
  DescriptorsTicked: nobody,
  SessionEnded: { roles: ["coordinator"] },
  SessionNotHeld: { roles: [...parties, "coordinator"] },
  GradeConfirmed: { roles: ["coordinator", "iqa"] },
  MarkCorrected: { roles: ["iqa"] },
  GradeSampled: { roles: ["iqa"] },
  GradeUpheld: { roles: ["assessor", "coordinator"] },
  GradeSentBack: { roles: ["assessor", "coordinator"] },
  ResultsReleased: { roles: ["assessor", "iqa"] },
  ResultsWithheld: { roles: ["assessor"] },
  ResultsResumed: nobody,
  CapLifted: nobody,
  ResitAgreed: { roles: ["coordinator", "apprentice"] },
  ResitOpened: { roles: [...parties, "assessor"], chat: true },
  ChallengeRaised: { roles: ["coordinator"] },
  EnquiryAnswered: { roles: parties },
  AppealDecided: { roles: [...parties, "coordinator", "assessor"] },
  GradeChangedOnAppeal: { roles: ["coordinator", "assessor"] },
};

/** Days before a task falls due on which its person is reminded, at nine in the morning, London. */
const leads = [7, 1] as const;

const personOf = (c: Case, role: Role): PersonId | undefined =>
  role === "auditor"
    ? undefined
    : role === "apprentice" || role === "employer" || role === "provider"
      ? c.parties[role]
      : c.staff[role];

/**
 * The notices of one command's events. What happens together is told together: one message a person.
 * `before` is the case as it was, undefined at registration.
 */
export function noticesOf(before: Case | undefined, after: Case, events: readonly Recorded[], pack: Pack): NewNotice[] {
  const first = events[0];
  const last = events.at(-1);
  if (!first || !last) return [];
  const now = last.at;
  const range = { from: first.seq, to: last.seq };
  const notices: NewNotice[] = [];

  const told = new Set<PersonId>();
  for (const e of events)
    for (const role of audience[e.type as EventType].roles) {
      const person = personOf(after, role) ?? (before && personOf(before, role));
      if (person && person !== e.by.person) told.add(person);
    }
  const released = events.some((e) => e.type === "ResultsReleased");
  if (released) notices.push(...resultNotices(after, pack, now, range));
  for (const person of told)
    notices.push({
      id: `n-${first.seq}-told-${person}`,
      kind: "told",
      to: person,
      dueAt: now,
      repeat: "never",
      data: range,
    });

  if (!before)
    for (const role of parties) {
      const to = after.parties[role];
      notices.push({
        id: `n-${first.seq}-invite-${to}`,
        kind: "invite",
        to,
        dueAt: now,
        repeat: "repeat",
        data: { role },
      });
    }
  for (const e of events)
    if (e.type === "Reminded") {
      const { person, about } = e.data as { person: PersonId; about: string };
      notices.push({
        id: `n-${e.seq}-reminder-${person}`,
        kind: "reminder",
        to: person,
        dueAt: now,
        repeat: "repeat",
        data: { key: about, asked: true },
      });
    }

  const publicly = events.filter((e) => !secretEvents.has(e.type));
  // Cards that outside people hold move only with what they may know of: a moved card would itself be news.
  notices.push({
    id: `n-${first.seq}-cards`,
    kind: "cards",
    to: "cards",
    dueAt: now,
    repeat: "repeat",
    data: { outside: publicly.length > 0 },
  });
  if (after.chat && publicly.some((e) => audience[e.type as EventType].chat))
    notices.push({ id: `n-${first.seq}-chat`, kind: "chat", to: "chat", dueAt: now, repeat: "never", data: range });

  notices.push(...reminders(before ? tasksOf(before, pack) : [], tasksOf(after, pack), now));
  return notices;
}

/** R27: statement to whom the pack names, never repeated blindly; the record of achievement beside it. */
function resultNotices(c: Case, pack: Pack, now: string, range: { from: number }): NewNotice[] {
  const release = c.releases.at(-1);
  if (!release) return [];
  const { to, record } = pack.rules.resultsNotice;
  const notice = (kind: NoticeKind, role: Role): NewNotice[] => {
    const person = personOf(c, role);
    return person
      ? [
          {
            id: `n-${range.from}-${kind}-${person}`,
            kind,
            to: person,
            dueAt: now,
            repeat: "never",
            data: { release: release.n },
          },
        ]
      : [];
  };
  return [
    ...to.flatMap((role) => notice("result", role)),
    ...(record.grades.includes(release.overall) ? record.to.flatMap((role) => notice("record", role)) : []),
  ];
}

/** Reminders for tasks that are new or have a new day. Whether they still hold is asked again when they fall due. */
function reminders(before: readonly Task[], after: readonly Task[], now: string): NewNotice[] {
  const known = new Set(before.map((t) => `${t.key} ${t.day} ${t.person}`));
  return after
    .filter((t) => t.day !== undefined && t.code !== "windowEnds" && !known.has(`${t.key} ${t.day} ${t.person}`))
    .flatMap((t) =>
      leads
        .map((days) => ({ days, at: atLondon(addDays(t.day as string, -days), "09:00") }))
        .filter(({ at }) => at > now)
        .map(
          ({ days, at }): NewNotice => ({
            id: `r-${t.key}-${t.day}-${t.person}-${days}`,
            kind: "reminder",
            to: t.person,
            dueAt: at,
            repeat: "repeat",
            data: { key: t.key, day: t.day },
          }),
        ),
    );
}
