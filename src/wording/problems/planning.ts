import { capital, counted, dateRange, listed, monthsText, titles } from "../format";
import { settingTitle, wordIn } from "../labels";
import type { Words } from "../words";
import { type Known, type Sayings, sentences, when } from "./facts";
import { another } from "./gateway";

/** Planning, and dates booked or moved. */

const bodyOf = (w: Words) => w.pack.body.short;

/** "two months after the planning meeting". */
function reportWindow(f: Known, w: Words): string {
  const { months, from } = w.pack.rules.reportWindow;
  const start = from === "planningMeeting" ? "the planning meeting" : "the project subject was agreed";
  return `${monthsText(f.number("months") ?? months)} after ${start}`;
}

/** What an assessment in the advised order is: its hand-in, or its session. */
const step = (w: Words, method: string | undefined, what: string | undefined) =>
  what === "handIn" ? w.theHandIn(method) : w.theSession(method);

/** The lawful days between what is too early and what is too late, as far as they are known. */
export function choice(f: Known): string {
  const earliest = f.iso("earliest");
  const latest = f.iso("latest");
  if (earliest === undefined) return "Choose a later day.";
  if (latest === undefined) return `Choose ${f.day("earliest")} or later.`;
  if (earliest > latest)
    return `No day is left: ${f.day("earliest")} would be the first, and ${f.day("latest")} is the last allowed.`;
  return `Choose ${dateRange(earliest, latest)}.`;
}

const settings = (ids: readonly string[]) => ids.map((s) => wordIn(settingTitle, s) ?? s);

export const planning = {
  NOT_IN_PLANNING: (f) => another(f, "This belongs to planning."),
  IN_THE_PAST: (f) => ({
    short: "in the past",
    fact: when(f.moment("now"), (d) => `It is ${d} now.`, "This time has gone by."),
    lawful: "Choose a time to come.",
  }),
  NO_SUCH_POINT: () => ({
    short: "not on the agenda",
    fact: "One of the points is not on the agenda.",
    lawful: "Tick points from the list.",
  }),
  PLANNING_NOT_SCHEDULED: () => ({
    short: "no meeting yet",
    fact: "The planning meeting has no date yet.",
    lawful: "Book the planning meeting first.",
  }),
  PLANNING_NOT_HELD: (f) => ({
    short: "too early",
    fact: when(f.day("on"), (d) => `The planning meeting is on ${d}.`, "The planning meeting is still to come."),
    lawful: "Finish planning on that day or later, or move the meeting.",
  }),
  AGENDA_OPEN: (f) => ({
    short: "not all covered",
    fact: `Still open on the agenda: ${titles(f.list("points")) || "some points"}.`,
    lawful: "Cover and tick each point before you finish planning.",
  }),
  SUBJECT_NEEDED: () => ({
    short: "missing",
    fact: "The subject of the project is agreed at the planning meeting.",
    lawful: "Write down the subject.",
  }),
  PORTFOLIO_MANNER_NEEDED: () => ({
    short: "missing",
    fact: "Planning agrees how the portfolio is handed in.",
    lawful: "Write down how it is handed in.",
  }),
  REPORT_DATE_NEEDED: (f) => ({
    short: "missing",
    fact: "Planning agrees the day by which the report is due.",
    lawful: when(f.day("latest"), (d) => `Choose a day up to ${d}.`, "Choose the day."),
  }),
  REPORT_AFTER_WINDOW: (f, w) => {
    const late = f.number("late") ?? 0;
    const ends = when(
      f.day("latest"),
      (d) => `The time for the report ${late > 0 ? "ended" : "ends"} on ${d}`,
      undefined,
    );
    return {
      short: "too late",
      fact: `${ends ?? "The time for the report is over"}, ${reportWindow(f, w)}.`,
      lawful:
        f.input === undefined
          ? "Ask the coordinator how to go on; the report is not handed in yet."
          : when(f.day("latest"), (d) => `Choose a day up to ${d}.`, "Choose an earlier day."),
    };
  },
  REPORT_PAST_ADVISED: (f, w) => ({
    short: "later than advised",
    fact: when(
      f.day("advised"),
      (d) => `${bodyOf(w)} advises to hand the report in by ${d}, counted from the gateway meeting.`,
      `${bodyOf(w)} advises an earlier day, counted from the gateway meeting.`,
    ),
    lawful: when(
      f.day("advised"),
      (d) => `Choose a day up to ${d} where you can.`,
      "Choose an earlier day where you can.",
    ),
  }),
  RESOURCES_NOT_AGREED: () => ({
    short: "not agreed",
    fact: "The employer gives time and resources for the project. This is not agreed yet.",
    lawful: "Agree it with the employer, then tick it.",
  }),
  DATE_NEEDED: (f, w) => ({
    short: "missing",
    fact: `Planning agrees a date for ${w.theSession(f.text("method"))}.`,
    lawful: "Choose a date and a time.",
  }),
  SESSION_BEFORE_REPORT_READ: (f, w) => ({
    short: "too early",
    fact: sentences(
      when(f.day("due"), (d) => `${capital(w.theHandIn(f.text("method")))} is still to come, by ${d}.`, undefined),
      when(
        f.number("days"),
        (n) => `${capital(w.theSession(f.text("method")))} follows at least ${counted(n, "day")} later.`,
        `${capital(w.theSession(f.text("method")))} follows later.`,
      ),
    ),
    lawful: when(f.day("earliest"), (d) => `Choose ${d} or later.`, "Choose a later day."),
  }),
  PLAN_DOES_NOT_FIT: (f) => ({
    short: "tight",
    fact: sentences(
      when(f.day("readBy"), (d) => `With this plan the session on the report can be from ${d}.`, undefined),
      when(f.day("ends"), (d) => `The EPA window ends on ${d}.`, "That is after the EPA window."),
    ),
    lawful: "Agree an earlier day for the report.",
  }),
  SETTING_NOT_ALLOWED: (f, w) => {
    const allowed = settings(f.list("allowed"));
    const asked = settings([f.text("setting") ?? ""])[0];
    const dispensed = w.pack.methods.some((m) => m.session.setting?.dispensation === f.text("setting"));
    return {
      short: "not allowed here",
      fact: sentences(
        asked ? `“${asked}” is not allowed for this session.` : "This place is not allowed for this session.",
        dispensed ? "It takes a dispensation in the apprentice's name, which this case does not have." : undefined,
      ),
      lawful:
        allowed.length > 0
          ? `Choose “${listed(allowed, "or")}”.`.replaceAll(" or ", "” or “")
          : "Choose another place.",
    };
  },
  OBSERVATION_NOT_PLANNED: (f) => ({
    short: "not planned yet",
    fact: `The assessor plans the observation with apprentice and employer. Still open: ${titles(f.list("missing")) || "part of it"}.`,
    lawful: "Plan each point with them and tick it.",
  }),
  NOTICE_TOO_SHORT: (f, w) => ({
    short: "too early",
    fact: when(
      f.number("days"),
      (n) => `The apprentice has at least ${counted(n, "day")}' notice of ${w.theSession(f.text("method"))}.`,
      "The apprentice must have notice.",
    ),
    lawful: choice(f),
  }),
  AFTER_WINDOW: (f) => ({
    short: "after the EPA window",
    fact: `${when(f.day("ends"), (d) => `The EPA window ends on ${d}`, "This is after the EPA window")}${when(f.number("months"), (n) => `, ${monthsText(n)} after the gateway`, "")}.`,
    lawful: when(f.day("ends"), (d) => `Choose a day up to ${d}.`, "Choose an earlier day."),
  }),
  AFTER_RESIT_LIMIT: (f) => ({
    short: "after the limit",
    fact: `${when(f.day("by"), (d) => `This attempt is to be made by ${d}`, "This attempt has a limit")}${when(f.number("months"), (n) => `, ${monthsText(n)} after the result`, "")}.`,
    lawful: f.flag("wholeEpa")
      ? "Open the whole assessment again."
      : f.input === undefined
        ? "Ask the coordinator how to go on."
        : when(f.day("by"), (d) => `Choose a day up to ${d}.`, "Choose an earlier day."),
  }),
  ORDER_NOT_ADVISED: (f, w) => {
    const first = step(w, f.text("earlier"), f.text("earlierWhat"));
    const then = w.theSession(f.text("later"));
    return {
      short: "not the advised order",
      fact: `${bodyOf(w)} advises ${first} before ${then}.`,
      lawful: `${capital(first)} comes first where you can arrange it.`,
    };
  },
  TOO_SOON_AFTER_HAND_IN: (f, w) => {
    const days = when(f.number("days"), (n) => ` at least ${counted(n, "day")}`, "");
    return {
      short: "too early",
      fact: sentences(
        when(f.day("handedIn"), (d) => `${capital(w.theHandIn(f.text("method")))} came on ${d}.`, undefined),
        `${capital(w.theSession(f.text("method")))} follows${days} later.`,
      ),
      lawful: choice(f),
    };
  },
} satisfies Sayings;
