import { attemptAt, type Booking, wordsOf } from "../../case/case";
import { attendeesOf, bookingOf, type MeetingOf, onlineOf } from "../../case/meetings";
import { accepting } from "../../case/slots";
import { handInDue } from "../../case/timing";
import { addDays, londonDate } from "../../rules/calendar";
import type { Method } from "../../rules/pack";
import { capital, counted, dateText, dateTime, duration } from "../format";
import { onTeams } from "../labels";
import {
  type About,
  everyone,
  nobody,
  otherwise,
  parties,
  type Row,
  type Saying,
  sessionName,
  type Tellings,
  tell,
  toChoose,
} from "./about";

/** Work handed in, and sessions. */

const methodIn = (a: About, id: string): Method | undefined => a.w.pack.methods.find((m) => m.id === id);
/** "for 54 to 66 minutes, then up to 10 minutes of questions": by the document, so that it says nothing of extra time. */
function lasting(m: Method): string {
  const { minutes, under, over } = m.session.length;
  const least = Math.round(minutes * (1 - under));
  const most = Math.round(minutes * (1 + over));
  const part = m.session.questionsPart?.limit;
  const questions = part?.kind === "afterMinutes" ? `, then up to ${counted(part.minutes, "minute")} of questions` : "";
  return `for ${least === most ? least : `${least} to ${most}`} minutes${questions}`;
}

/** The room or address; on Teams the place goes without saying. */
const place = (d: Booking): string => {
  const where = wordsOf(d.where);
  return d.setting === "teams" && where === onTeams ? "" : where;
};

/** When and where a session is, and for how long. */
function when(a: About, d: { method: string } & Booking): Row[] {
  const m = methodIn(a, d.method);
  return [
    { name: "When", value: `${dateTime(d.at)}${m ? `, ${lasting(m)}` : ""}` },
    { name: "Where", value: [capital(a.w.setting(d.setting)), place(d)].filter(Boolean).join(", ") },
    ...(d.link ? [{ name: "Join", value: wordsOf(d.link) }] : []),
  ];
}

/** What a booked session asks of this reader: the report to hand in before it, a place to arrange. */
function beforehand(a: About, d: { method: string; setting: string; at: string }): string | undefined {
  const m = methodIn(a, d.method);
  if (!m) return undefined;
  if (a.to === "employer" && d.setting === "workplace")
    return `Please arrange access${m.session.questionsPart ? " and a quiet place for the questions" : ""}.`;
  if (!m.handIn || attemptAt(a.c, m.id).handIns.length > 0) return undefined;
  const due = handInDue(a.c, a.w.pack, m) ?? addDays(londonDate(d.at), -m.handIn.beforeSession.days);
  const what = a.w.theHandIn(m.id).replace(/^the /, "");
  return a.to === "apprentice" ? `Hand in your ${what} by ${dateText(due)}.` : undefined;
}

function handedIn(a: About, method: string, size: string): Saying {
  const what = a.w.theHandIn(method).replace(/^the /, "");
  return { title: `${a.ada}'s ${what} came in`, lines: [a.to === "chat" ? undefined : `It has ${size}.`] };
}

const offeredTo = (a: About, d: { method: string; slots: readonly string[] }): Saying =>
  toChoose(a, a.w.theSession(d.method).replace(/^the /, ""), d.slots);

/** Whether this reader is to be at the meeting. */
function comes(a: About, of: MeetingOf): boolean {
  const person =
    a.to === "apprentice" || a.to === "employer"
      ? a.c.parties[a.to]
      : a.to === "assessor"
        ? a.c.staff.assessor
        : undefined;
  return person !== undefined && attendeesOf(a.c, of, a.w.pack).includes(person);
}

function notHeld(a: About, why: "noShow" | "technical" | "abandoned"): string {
  if (why === "technical") return "Something technical failed.";
  if (why === "abandoned") return "It was broken off.";
  return a.to === "apprentice" ? "It is recorded that you did not come." : `${a.ada} did not come.`;
}

export const sessions: Tellings<
  | "ReportSubmitted"
  | "PortfolioSubmitted"
  | "SessionBooked"
  | "SessionMoved"
  | "SlotsOffered"
  | "MeetingMade"
  | "MeetingSetUp"
  | "MeetingSeen"
  | "SessionStarted"
  | "SessionPaused"
  | "SessionResumed"
  | "QuestionsOpened"
  | "QuestionsClosed"
  | "QuestionsDrawn"
  | "QuestionAsked"
  | "QuestionWithdrawn"
  | "NoteAdded"
  | "NoteCorrected"
  | "CriteriaMarked"
  | "DescriptorsTicked"
  | "PresenceRecorded"
  | "SessionEnded"
  | "SessionNotHeld"
> = {
  ReportSubmitted: {
    say: tell(["assessor", "coordinator", "chat"], (d, a) => handedIn(a, d.method, counted(d.words, "word"))),
  },
  PortfolioSubmitted: {
    say: tell(["assessor", "coordinator", "chat"], (d, a) => handedIn(a, d.method, counted(d.pieces, "piece"))),
  },
  SessionBooked: {
    say: tell([...everyone], (d, a) => ({
      title: `${sessionName(a, d.method)} on ${dateText(londonDate(d.at))}`,
      lines: [beforehand(a, d), otherwise(a)],
      facts: when(a, d),
    })),
  },
  SlotsOffered: {
    say: {
      ...tell<"SlotsOffered">(["apprentice"], (d, a) => offeredTo(a, d)),
      ...tell<"SlotsOffered">(["employer"], (d, a) =>
        accepting(d.setting).includes("employer") ? offeredTo(a, d) : null,
      ),
    },
  },
  SessionMoved: {
    say: tell([...everyone], (d, a) => ({
      title: `${sessionName(a, d.method)} moved to ${dateText(londonDate(d.at))}`,
      lines: [`It was booked for ${dateTime(d.from)}.`, beforehand(a, d), otherwise(a)],
      facts: when(a, d),
    })),
  },
  // Who comes by this link; the coordinator has it on the case.
  MeetingMade: {
    say: tell(["apprentice", "employer", "assessor"], (d, a) => {
      const online = onlineOf(a.c, d.of);
      const booked = bookingOf(a.c, d.of);
      if (online?.asked !== d.asked || !booked || !comes(a, d.of)) return null;
      const name = d.of === "planning" ? "Planning meeting" : sessionName(a, d.of);
      return {
        title: `${name} on Teams: the link to join`,
        facts: [
          { name: "When", value: dateTime(booked.at) },
          { name: "Join", value: wordsOf(d.link), opens: true },
        ],
      };
    }),
  },
  MeetingSetUp: nobody,
  MeetingSeen: nobody,
  SessionStarted: nobody,
  SessionPaused: nobody,
  SessionResumed: nobody,
  QuestionsOpened: nobody,
  QuestionsClosed: nobody,
  QuestionsDrawn: nobody,
  QuestionAsked: nobody,
  QuestionWithdrawn: nobody,
  NoteAdded: nobody,
  NoteCorrected: nobody,
  CriteriaMarked: nobody,
  DescriptorsTicked: nobody,
  PresenceRecorded: nobody,
  SessionEnded: {
    say: {
      coordinator: (d, a) => ({
        title: `${sessionName(a, d.method)} of ${a.ada} held`,
        lines: [`It took ${duration(d.seconds)}.`],
        quote: d.reason,
      }),
    },
  },
  // What somebody wrote about it may be about health: staff only.
  SessionNotHeld: {
    private: true,
    say: {
      ...tell<"SessionNotHeld">(parties, (d, a) => ({
        title: `${sessionName(a, d.method)} not held`,
        lines: [`${notHeld(a, d.why)} ${a.w.person(a.c.staff.coordinator)} agrees a new date with you.`],
      })),
      coordinator: (d, a) => ({
        title: `${sessionName(a, d.method)} of ${a.ada} not held`,
        lines: [notHeld(a, d.why), "Book a new date."],
        quote: d.detail,
      }),
    },
  },
};
