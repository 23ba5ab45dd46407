import { Temporal } from "temporal-polyfill";
import { daysBetween, type Instant, type IsoDate, londonDate, londonTime, remembered } from "../rules/calendar";

/**
 * Dates, times, counts and lists as everyone reads them, in chat, panel, dialog and mail. Own tables instead of `Intl`: the
 * same words on every Node and in every browser.
 */

/** Keeps a number and its unit, or a whole hint, on one line. */
export const NBSP = "\u00a0";

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const numbers = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];
const ordinals = ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

const unbroken = (text: string) => text.replaceAll(" ", NBSP);

/** Weekday, day and month: "Tue 12 May". @throws RangeError when there is no such date. */
export const dayAndMonth: (date: IsoDate) => string = remembered((date) => {
  const d = Temporal.PlainDate.from(date, { overflow: "reject" });
  return `${days[d.dayOfWeek - 1]} ${d.day} ${months[d.month - 1]}`;
});

/** "Tue 12 May 2026". @throws RangeError when there is no such date. */
export const dateText = (date: IsoDate): string => `${dayAndMonth(date)} ${Number(date.slice(0, 4))}`;

/** "Tue 12 May 2026, 10:00", as London shows that moment. @throws RangeError when it is no instant. */
export const dateTime = (at: Instant): string => `${dateText(londonDate(at))}, ${londonTime(at)}`;

/** "Sat 13 Jun to Wed 24 Jun 2026"; both years where they differ; one date where they are the same. */
export function dateRange(from: IsoDate, to: IsoDate): string {
  if (from === to) return dateText(from);
  const first = from.slice(0, 4) === to.slice(0, 4) ? dayAndMonth(from) : dateText(from);
  return `${first} to ${dateText(to)}`;
}

/** How long, from seconds: "62 min 10 s", "60 min", "40 s". Negative counts as none. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const min = Math.floor(whole / 60);
  const s = whole % 60;
  if (min === 0) return unbroken(`${s} s`);
  return unbroken(s === 0 ? `${min} min` : `${min} min ${s} s`);
}

/** A session's clock from seconds: "09:35"; minutes run on past the hour: "62:10". Negative counts as none. */
export function sessionTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

/** "7 of 12". */
export const ofTotal = (part: number, whole: number): string => unbroken(`${part} of ${whole}`);

/** "2,250". */
export const thousands = (n: number): string => String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, ",");

/** "1 day", "14 days", "2,250 words": the number stays with its unit. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${thousands(n)}${NBSP}${n === 1 ? one : many}`;

/** A small number in a sentence: "three"; from thirteen on in figures. */
export const spelled = (n: number): string => numbers[n] ?? thousands(n);

/** "three months", "one month". */
export const monthsText = (n: number): string => `${spelled(n)} ${n === 1 ? "month" : "months"}`;

/** "second", for versions, attempts and rounds; from eleven on in figures. */
export const ordinal = (n: number): string => ordinals[n] || `${n}th`;

/** How near a day is: the hint that follows its date. "in 4 days", "tomorrow", "today", "late by 2 days". */
export function dueHint(day: IsoDate, now: Instant): string {
  const left = daysBetween(londonDate(now), day);
  if (left < 0) return unbroken(`late by ${counted(-left, "day")}`);
  if (left === 0) return "today";
  return left === 1 ? "tomorrow" : unbroken(`in ${counted(left, "day")}`);
}

/** As `dueHint`, for a moment: on its day it says when, "today, 15:00". */
export function momentHint(at: Instant, now: Instant): string {
  const hint = dueHint(londonDate(at), now);
  return hint === "today" ? unbroken(`today, ${londonTime(at)}`) : hint;
}

/** How a hint is to look: late, within seven days, or later. */
export function urgency(day: IsoDate, now: Instant): "late" | "soon" | "later" {
  const left = daysBetween(londonDate(now), day);
  return left < 0 ? "late" : left <= 7 ? "soon" : "later";
}

/** "a", "a and b", "a, b and c"; nothing for none. `last` joins the last two. */
export function listed(items: readonly string[], last = "and"): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}

/** Titles one behind the other, each with its own capital: "Photo ID; Project proposal". */
export const titles = (items: readonly string[]): string => items.map((t) => t.replace(/\.$/, "")).join("; ");

/** The first letter in upper case. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A title inside a sentence: "Project report" becomes "project report"; "EPA window" stays. Not for titles that may begin with
 * a name, such as "English at level 2".
 */
export const inSentence = (title: string): string =>
  /^\p{Lu}(\p{Ll}|$)/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
