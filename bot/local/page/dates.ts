import { Temporal } from "temporal-polyfill";

const ZONE = "Europe/London";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const london = (instant: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE);
const dayMonth = (date: Temporal.ZonedDateTime) => `${date.day} ${MONTHS[date.month - 1]}`;

/** "09:12", in London. */
export function clockTime(instant: string): string {
  return london(instant).toPlainTime().toString({ smallestUnit: "minute" });
}

/** "Fri 22 May 2026". */
export function fullDay(instant: string): string {
  const date = london(instant);
  return `${DAYS[date.dayOfWeek - 1]} ${dayMonth(date)} ${date.year}`;
}

/** "Fri 22 May 2026, 09:12". */
export function dayAndTime(instant: string): string {
  return `${fullDay(instant)}, ${clockTime(instant)}`;
}

/** Whole days from `now` to `instant` by London's calendar; negative for the past. */
export function daysBetween(now: string, instant: string): number {
  return london(now).toPlainDate().until(london(instant).toPlainDate(), { largestUnit: "days" }).days;
}

/** How a list says when: "09:12" today, "Thu" within the week, "24 Mar", "24 Mar 2025". */
export function shortWhen(instant: string, now: string): string {
  const days = daysBetween(now, instant);
  if (days === 0) return clockTime(instant);
  const date = london(instant);
  if (days < 0 && days > -7) return DAYS[date.dayOfWeek - 1] ?? "";
  return date.year === london(now).year ? dayMonth(date) : `${dayMonth(date)} ${date.year}`;
}

/** "in 4 days", "tomorrow", "today, 15:00", "2 days ago", with no-break spaces. */
export function hint(instant: string, now: string): string {
  const days = daysBetween(now, instant);
  const text =
    days === 0
      ? `today, ${clockTime(instant)}`
      : days === 1
        ? "tomorrow"
        : days > 1
          ? `in ${days} days`
          : days === -1
            ? "yesterday"
            : `${-days} days ago`;
  return text.replaceAll(" ", "\u00a0");
}

/** What the native date and time inputs hold for an instant. */
export function inputParts(instant: string): { date: string; time: string } {
  return { date: london(instant).toPlainDate().toString(), time: clockTime(instant) };
}

/** The instant of a London date and time; undefined when either is not one. */
export function fromInputs(date: string, time: string): string | undefined {
  try {
    return Temporal.PlainDate.from(date)
      .toZonedDateTime({ timeZone: ZONE, plainTime: Temporal.PlainTime.from(time) })
      .toInstant()
      .toString();
  } catch {
    return undefined;
  }
}
