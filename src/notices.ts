import type { Case, Lost, PersonId } from "./case/case";
import type { EventType } from "./case/decider";
import { secretEvents } from "./case/secret";
import { mostDue } from "./caseIndex";
import { meetingNotices } from "./meetingNotices";
import type { NewNotice, Recorded } from "./ports";
import { addDays, addSeconds, atLondon } from "./rules/calendar";
import type { Pack, Role } from "./rules/pack";
import { attendancesOf, type Task, tasksOf } from "./tasks";
import { toldOf } from "./wording/told";

/** Which events cause which notices: which cards move, what is reminded of and when. Who is told what stands in `wording/told.ts`. */

export type NoticeKind =
  | "invite"
  | "told"
  | "cards"
  | "chat"
  | "reminder"
  | "result"
  | "record"
  | "alarm"
  | "meeting"
  | "erase"
  | "names";

/** The notice that has an erased case's words and people taken away. */
export const eraseNotice = (seq: number): string => `n-${seq}-erase`;

const parties = ["apprentice", "employer", "provider"] as const;

/** What moves no card: a meeting's link is told by a message, and stands on the card of its day, which is drawn anew by then. */
const offCards: ReadonlySet<string> = new Set<EventType>(["MeetingMade", "MeetingSeen", "MeetingSetUp"]);

/**
 * Seconds until posted cards are drawn anew for a corrected name: the name stands with its person, and is put there once the
 * event is on the record. It is done at once too; this makes sure of it should the process end in between.
 */
const nameStands = 10;

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
  // Nobody is told, and no card is drawn anew: what there is of the case is taken away.
  if (after.stage === "erased")
    return [{ id: eraseNotice(last.seq), kind: "erase", to: "store", dueAt: now, repeat: "repeat", data: {} }];
  const range = { from: first.seq, to: last.seq };
  const notices: NewNotice[] = [];

  const told = new Set<PersonId>();
  for (const e of events)
    for (const role of toldOf(e.type as EventType)) {
      if (role === "chat") continue;
      // Whoever had a part until now hears of it too.
      for (const person of [personOf(after, role), before && personOf(before, role)])
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
    if (e.type === "PersonCorrected") {
      const { role, field } = e.data as { role: (typeof parties)[number]; field: "name" | "mail" };
      if (field === "name")
        notices.push({
          id: `n-${e.seq}-names`,
          kind: "names",
          to: "store",
          dueAt: addSeconds(now, nameStands),
          repeat: "repeat",
          data: { person: after.parties[role] },
        });
    }
  for (const e of events)
    if (e.type === "Invited") {
      const { role } = e.data as { role: (typeof parties)[number] };
      const to = after.parties[role];
      notices.push({
        id: `n-${e.seq}-invite-${to}`,
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

  // What did not arrive is told to the coordinator, but that they themselves were not reached: it is due of them in any case.
  const { coordinator } = after.staff;
  if (events.some((e) => e.type === "NoticeLost" && (e.data as Lost).to !== coordinator))
    notices.push({
      id: `n-${first.seq}-alarm-${coordinator}`,
      kind: "alarm",
      to: coordinator,
      dueAt: now,
      repeat: "repeat",
      data: range,
    });
  for (const e of events)
    if (e.type === "NoticeResent") {
      const { kind, to, repeat, about } = e.data as Lost;
      notices.push({ id: `n-${e.seq}-again-${to}`, kind, to, dueAt: now, repeat, data: about });
    }

  const publicly = events.filter((e) => !secretEvents.has(e.type));
  // Cards that outside people hold move only with what they may know of: a moved card would itself be news.
  if (events.some((e) => !offCards.has(e.type)))
    notices.push({
      id: `n-${first.seq}-cards`,
      kind: "cards",
      to: "cards",
      dueAt: now,
      repeat: "repeat",
      data: { outside: publicly.length > 0 },
    });
  if (after.chat && publicly.some((e) => toldOf(e.type as EventType).includes("chat")))
    notices.push({ id: `n-${first.seq}-chat`, kind: "chat", to: "chat", dueAt: now, repeat: "never", data: range });

  notices.push(...meetingNotices(before, after, events, pack));

  const toRemind = (c: Case) => [...tasksOf(c, pack), ...attendancesOf(c, pack)];
  notices.push(...reminders(before ? toRemind(before) : [], toRemind(after), now));
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
  // No more than one transaction takes, the soonest first.
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
    )
    .sort((a, b) => a.dueAt.localeCompare(b.dueAt))
    .slice(0, mostDue);
}
