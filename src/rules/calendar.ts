import Holidays from "date-holidays";
import { Temporal } from "temporal-polyfill";

/**
 * The calendar by which every deadline is counted: dates are the dates of London, wherever the server stands.
 *
 * The readings, where the awarding bodies' documents are silent: days are calendar days counted date to date; a period of
 * months ends on the same day of the later month or on its last day; "within" includes the last day; working days leave out
 * Saturdays, Sundays and the bank holidays of England and Wales, and the working day before counts as one.
 */

/** A calendar date in London, "2026-05-22". */
export type IsoDate = string;
/** A moment in UTC, "2026-05-22T08:12:00Z", with up to three decimals of a second. */
export type Instant = string;

const ZONE = "Europe/London";

/** The same answers again without the work: one card asks for the same few dates dozens of times. */
export function remembered<T>(work: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = work(key);
    if (known.size >= 1000) known.clear();
    known.set(key, answer);
    return answer;
  };
}

const plain = (date: IsoDate): Temporal.PlainDate => Temporal.PlainDate.from(date, { overflow: "reject" });
const inLondon = (instant: Instant): Temporal.ZonedDateTime => Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE);

/** Whether the text is a date that exists, written "YYYY-MM-DD". Never throws. */
export function isDate(text: string): text is IsoDate {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    plain(text);
    return true;
  } catch {
    return false;
  }
}

/** The date that London shows at that moment. Its clocks differ from UTC by whole hours, so an hour has one date. */
export const londonDate = (instant: Instant): IsoDate =>
  UTC.test(instant) ? dateInHour(`${instant.slice(0, 13)}:00Z`) : dateInHour(instant);
const UTC = /^(19[89]|[2-9]\d\d)\d-\d\d-\d\dT\d\d:[0-5]\d:[0-5]\d(\.\d{1,9})?Z$/;
const dateInHour = remembered((instant): IsoDate => inLondon(instant).toPlainDate().toString());

/** The time of day that London shows at that moment, "HH:MM", seconds dropped. */
export const londonTime: (instant: Instant) => string = remembered((instant) =>
  inLondon(instant).toPlainTime().toString({ smallestUnit: "minute", roundingMode: "trunc" }),
);

/**
 * The moment at which London shows that date and time ("HH:MM"). In the hour that spring skips it is as much later; in the
 * hour that autumn repeats it is the first of the two.
 * @throws RangeError when date or time does not exist.
 */
export const atLondon = (date: IsoDate, time: string): Instant => momentOf(`${date} ${time}`);
const momentOf = remembered((shown): Instant => {
  const gap = shown.indexOf(" ");
  const time = Temporal.PlainTime.from(shown.slice(gap + 1), { overflow: "reject" });
  return plain(shown.slice(0, gap)).toPlainDateTime(time).toZonedDateTime(ZONE).toInstant().toString();
});

/** The first moment of that date in London. */
export function startOfDay(date: IsoDate): Instant {
  return plain(date).toZonedDateTime(ZONE).startOfDay().toInstant().toString();
}

/** The last moment of that date in London, to the millisecond: "by 12 May" is kept until here. */
export const endOfDay: (date: IsoDate) => Instant = remembered((date) => {
  const next = plain(date).add({ days: 1 }).toZonedDateTime(ZONE).startOfDay();
  return next.toInstant().subtract({ milliseconds: 1 }).toString();
});

/** Negative when `a` is the earlier date, positive when the later, 0 when they are the same: fit for `sort`. */
export function compareDates(a: IsoDate, b: IsoDate): number {
  return Temporal.PlainDate.compare(a, b);
}

/** Negative when `a` is the earlier moment, positive when the later, 0 when they are the same, however many decimals each has. */
export function compareInstants(a: Instant, b: Instant): number {
  // Written alike, they stand in the order of their texts but for what is less than a second.
  const [seconds, others] = [a.slice(0, 19), b.slice(0, 19)];
  if (seconds !== others && UTC.test(a) && UTC.test(b)) return seconds < others ? -1 : 1;
  const [left, right] = [nanoseconds(a), nanoseconds(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
const nanoseconds = remembered((instant) => Temporal.Instant.from(instant).epochNanoseconds);

/** The date `days` later, or earlier when negative. Fourteen days' notice on 1 March serves 15 March. */
export const addDays = (date: IsoDate, days: number): IsoDate => dayAfter(`${days} ${date}`);
const dayAfter = remembered((asked): IsoDate => {
  const gap = asked.indexOf(" ");
  return plain(asked.slice(gap + 1))
    .add({ days: Number(asked.slice(0, gap)) })
    .toString();
});

/** The same day of the month `months` later (earlier when negative), or that month's last day when it has no such day. */
export const addMonths = (date: IsoDate, months: number): IsoDate => monthsAfter(`${months} ${date}`);
const monthsAfter = remembered((asked): IsoDate => {
  const gap = asked.indexOf(" ");
  const months = Number(asked.slice(0, gap));
  return plain(asked.slice(gap + 1))
    .add({ months }, { overflow: "constrain" })
    .toString();
});

const epoch = Temporal.PlainDate.from("1970-01-01");
const dayNumber = remembered((date) => epoch.until(plain(date), { largestUnit: "day" }).days);

/** Calendar days elapsed from one date to the other: 0 for the same date, negative when `to` is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** Whole seconds from one moment to the other, towards zero; negative when `to` is earlier. */
export function secondsBetween(from: Instant, to: Instant): number {
  return Math.trunc(millisecondsBetween(from, to) / 1000) + 0; // + 0: never minus zero
}

/** Milliseconds from one moment to the other; negative when `to` is earlier. */
export const millisecondsBetween = (from: Instant, to: Instant): number =>
  Temporal.Instant.from(to).epochMilliseconds - Temporal.Instant.from(from).epochMilliseconds;

/** Whole minutes from one moment to the other, towards zero; negative when `to` is earlier. */
export function minutesBetween(from: Instant, to: Instant): number {
  return Math.trunc(secondsBetween(from, to) / 60) + 0;
}

/** The moment that many seconds after the other, or before it when negative. */
export function addSeconds(instant: Instant, seconds: number): Instant {
  return Temporal.Instant.from(instant).add({ seconds }).toString();
}

// Working out a year's holidays takes milliseconds, asking the set nothing: each year is worked out once, when first asked.
let holidays: Holidays | undefined;
const holidaysOf = new Map<string, ReadonlySet<IsoDate>>();

function bankHolidays(year: string): ReadonlySet<IsoDate> {
  let dates = holidaysOf.get(year);
  if (!dates) {
    // England's set is that of England and Wales.
    holidays ??= new Holidays("GB", "ENG", { types: ["public", "bank"], timezone: ZONE });
    dates = new Set(holidays.getHolidays(Number(year)).map((h) => h.date.slice(0, 10)));
    holidaysOf.set(year, dates);
  }
  return dates;
}

/** Whether the date is neither a Saturday, a Sunday nor a bank holiday of England and Wales (substitute days included). */
export const isWorkingDay: (date: IsoDate) => boolean = remembered(
  (date) => plain(date).dayOfWeek <= 5 && !bankHolidays(date.slice(0, 4)).has(date),
);

/**
 * The nth working day after the date, or before it when `days` is negative; the date itself, working or not, when 0. The
 * date is not counted: the working day before is one.
 */
export function addWorkingDays(date: IsoDate, days: number): IsoDate {
  const step = Math.sign(days);
  let reached = date;
  for (let left = Math.abs(days); left > 0; ) {
    reached = addDays(reached, step);
    if (isWorkingDay(reached)) left -= 1;
  }
  return reached;
}

/**
 * Working days met on the way from one date to the other, the first date not counted and the last counted; negative when
 * `to` is earlier. For every n, `workingDaysBetween(d, addWorkingDays(d, n))` is n.
 */
export function workingDaysBetween(from: IsoDate, to: IsoDate): number {
  const step = Math.sign(daysBetween(from, to));
  let met = 0;
  for (let at = from; at !== to; ) {
    at = addDays(at, step);
    if (isWorkingDay(at)) met += step;
  }
  return met;
}
