import { capital, counted, duration, listed, titles } from "../format";
import { wordIn } from "../labels";
import { type Sayings, sentences, when } from "./facts";
import { another } from "./gateway";

/** Sessions: started, run, ended, not held. */

const stateNow: Readonly<Record<string, string>> = {
  none: "not booked",
  booked: "booked and has not begun",
  running: "running",
  paused: "paused",
  ended: "over",
};

/** What one may do about a session in that state. */
const next: Record<string, string> = {
  none: "Book it first.",
  booked: "Start it on its day, move it, or record that it was not held.",
  running: "Pause it, end it, or record that it was broken off.",
  paused: "Resume it, or end it.",
  ended: "What was recorded stands; mark the criteria and confirm the grade.",
};

export const sessions = {
  NOT_IN_ASSESSMENT: (f) => another(f, "This belongs to the assessments."),
  NO_SUCH_METHOD: () => ({
    short: "no such assessment",
    fact: "This case has no assessment of that name.",
    lawful: "Choose an assessment from the list.",
  }),
  SESSION_STATE: (f, w) => ({
    short: "not possible now",
    fact: `${capital(w.theSession(f.text("method")))} is ${wordIn(stateNow, f.text("state")) ?? "in another state"}.`,
    lawful: wordIn(next, f.text("state")) ?? "Show the case to see what can be done now.",
  }),
  SLOT_GONE: (f) => ({
    short: "not offered any more",
    fact: when(f.moment("at"), (at) => `${at} is not offered any more.`, "This time is not offered any more."),
    lawful: "Choose another of the times offered, or ask for others.",
  }),
  SLOT_TAKEN: (f, w) => {
    const who = f.text("who");
    const open = f.moments("open");
    return {
      short: "not free",
      fact: when(
        f.moment("at"),
        (at) => `${capital(who ? w.person(who) : "somebody who is to come")} has another meeting on ${at}.`,
        "Somebody who is to come has another meeting then.",
      ),
      lawful: open.length > 0 ? `Choose another: ${listed(open)}.` : "Choose another time, or ask for others.",
    };
  },
  NO_ASSESSOR: () => ({
    short: "no assessor",
    fact: "No assessor is allocated to the case.",
    lawful: "Allocate an assessor first.",
  }),
  NOT_THE_DAY: (f) => ({
    short: "not today",
    fact: when(f.day("on"), (d) => `The session is booked for ${d}.`, "The session is booked for another day."),
    lawful: "Start it on that day, or move it.",
  }),
  IDENTITY_NOT_CHECKED: () => ({
    short: "not checked",
    fact: "The apprentice's identity is checked before the session starts.",
    lawful: "Check it, then tick this.",
  }),
  CONDITIONS_NOT_DECLARED: (f) => ({
    short: "not declared",
    fact: `Not declared yet: ${titles(f.list("missing")) || "part of the conditions"}.`,
    lawful: "See to each of them, then tick it.",
  }),
  CHECKLIST_OPEN: (f) => ({
    short: "not ticked",
    fact: `Not ticked: ${titles(f.list("missing")) || "part of the checklist"}.`,
    lawful: "See to each of them, then tick it.",
  }),
  NO_QUESTIONS_PART: (f, w) => ({
    short: "no such part",
    fact: `${capital(w.theSession(f.text("method")))} has no separate part for questions.`,
    lawful: "Ask questions at any time.",
  }),
  QUESTIONS_ALREADY: (f) => ({
    short: "already so",
    fact: f.flag("open") ? "The questions are open already." : "The questions are closed already.",
    lawful: "Nothing is left to do for it.",
  }),
  QUESTION_NEEDED: () => ({
    short: "missing",
    fact: "There is no question to record.",
    lawful: "Choose a question, or write your own.",
  }),
  QUESTION_NOT_FROM_BANK: (_f, w) => ({
    short: "not from the bank",
    fact: `The main questions of this session come from ${w.pack.body.short}'s bank.`,
    lawful: "Ask your own question as a follow-up.",
  }),
  NO_BANK: (f, w) => ({
    short: "no bank",
    fact: `There is no bank of questions for ${w.theSession(f.text("method"))}.`,
    lawful: "Ask your own questions, or have the coordinator bring in a bank.",
  }),
  TOO_FEW_QUESTIONS: (f) => ({
    short: "too few left",
    fact: sentences(
      when(f.number("left"), (n) => `The bank has ${counted(n, "question", "questions")} for this session.`, undefined),
      when(f.number("wanted"), (n) => `${n} are drawn.`, "More are drawn."),
    ),
    lawful: "Ask your own questions, or have the coordinator bring in a larger bank.",
  }),
  NO_SUCH_QUESTION: () => ({
    short: "no such question",
    fact: "The question that this belongs to is not recorded as asked.",
    lawful: "Record the question first, or leave it out.",
  }),
  NO_SUCH_NOTE: () => ({
    short: "no such note",
    fact: "This session has no such note.",
    lawful: "Write it as a new note.",
  }),
  MARK_CONFLICT: (f, w) => ({
    short: "marked otherwise",
    fact: `Marked otherwise in the meantime: ${titles(f.list("criteria").slice(0, 3).map(w.criterion)) || "a criterion"}.`,
    lawful: "Look at the mark that stands, then keep it or make yours again.",
  }),
  NOTE_CONFLICT: () => ({
    short: "changed meanwhile",
    fact: "The note was changed in the meantime.",
    lawful: "Look at the words that stand, then keep them or put yours in their place.",
  }),
  NO_CONSENT_TO_RECORDING: () => ({
    short: "no consent",
    fact: "The apprentice has not consented to being recorded.",
    lawful: "Start without a recording, or tick the consent once it is given.",
  }),
  MARKS_CLOSED: (f, w) => ({
    short: "closed",
    fact: `${capital(w.theSession(f.text("method")))} has not started, or its grade is confirmed.`,
    lawful: "Marks and notes are open from the start of the session until the grade is confirmed.",
  }),
  NO_SUCH_CRITERION: () => ({
    short: "no such criterion",
    fact: "One of these criteria is not part of this assessment.",
    lawful: "Choose from the list.",
  }),
  NOT_YET_TIME: (f) => ({
    short: "too early",
    fact: when(f.moment("at"), (d) => `The session is booked for ${d}.`, "The session is still to come."),
    lawful: "Record that the apprentice did not come once the session should have begun.",
  }),
  SESSION_BEGUN: (f, w) => ({
    short: "begun already",
    fact: `${capital(w.theSession(f.text("method")))} has begun already.`,
    lawful:
      f.input === "why"
        ? "Record it as broken off or as a technical failure."
        : "What was handed in before it began stands; nothing more can be handed in for it.",
  }),
  SESSION_NOT_BEGUN: (f, w) => ({
    short: "not begun",
    fact: `${capital(w.theSession(f.text("method")))} has not begun, so it cannot have been broken off.`,
    lawful: "Choose another cause.",
  }),
  LENGTH_OUTSIDE: (f, w) => {
    const seconds = f.number("seconds");
    const least = f.number("least");
    const most = f.number("most");
    const short = seconds !== undefined && least !== undefined && seconds < least;
    return {
      short: short ? "too short" : "too long",
      fact: sentences(
        when(seconds, (s) => `${capital(w.theSession(f.text("method")))} has run ${duration(s)}.`, undefined),
        least !== undefined && most !== undefined
          ? `From ${duration(least)} to ${duration(most)} are allowed.`
          : "Another length is asked for.",
      ),
      lawful:
        short && least !== undefined
          ? `Carry on until ${duration(least)}, or write the reason and end it.`
          : "Write the reason, then end it.",
    };
  },
  DISCRETION_NEEDED: (f) => ({
    short: "over time",
    fact: sentences(
      when(f.number("seconds"), (s) => `The session has run ${duration(s)}.`, undefined),
      when(
        f.number("planned"),
        (s) => `Beyond ${duration(s)} is at the assessor's discretion.`,
        "This is beyond its plan.",
      ),
    ),
    lawful: "Tick that you used your discretion.",
  }),
  QUESTIONS_TOO_LONG: (f) => ({
    short: "questions too long",
    fact: sentences(
      when(f.number("seconds"), (s) => `The questions took ${duration(s)}.`, undefined),
      when(f.number("most"), (s) => `At most ${duration(s)} are allowed.`, "That is too long."),
    ),
    lawful: "Write the reason, then end the session.",
  }),
  NO_QUESTION_ASKED: (f, w) => ({
    short: "no question",
    fact: `No question is recorded for ${w.theSession(f.text("method"))}.`,
    lawful: "Ask at least one and record it before you end.",
  }),
  QUESTIONS_NOT_EXACT: (f) => {
    const asked = f.number("asked");
    const wanted = f.number("wanted");
    const left = asked !== undefined && wanted !== undefined ? wanted - asked : 0;
    return {
      short: left > 0 ? "too few questions" : "too many questions",
      fact: sentences(
        when(asked, (n) => `${counted(n, "main question is", "main questions are")} recorded.`, undefined),
        when(wanted, (n) => `${n} are asked for.`, "Another number is asked for."),
      ),
      lawful: left > 0 ? `Ask ${left} more, or write the reason and end it.` : "Write the reason, then end it.",
    };
  },
  NOT_HANDED_IN: (f, w) => {
    const handIn = w.pack.methods.find((m) => m.id === f.text("method"))?.handIn;
    const days = handIn?.beforeSession.days;
    return {
      short: "nothing handed in",
      fact: `${capital(w.theHandIn(f.text("method")))} has not been handed in.`,
      lawful: when(
        days,
        (n) => `Move the session: it follows at least ${counted(n, "day")} after the hand-in.`,
        "Move the session.",
      ),
    };
  },
} satisfies Sayings;
