import type { GradingPanel, Limits, OutsidePanel, Span, Timer } from "../../src/panel/shape";

/** The session's clock as the panel counts it, and what is said of it. Times are milliseconds of the service's clock. */

const millis = (at: string): number => Date.parse(at);

/** Seconds that were run up to `now`; what came after it does not count. */
export const ranSeconds = (spans: readonly Span[], now: number): number =>
  spans.reduce((sum, { from, to }) => {
    const end = Math.min(now, to === null ? now : millis(to));
    return sum + Math.max(0, end - millis(from)) / 1000;
  }, 0);

/** "31:24"; more than an hour stays in minutes: "66:40". */
export function mmss(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

/** "22 min 36 s", "40 s", "60 min". */
export function lasting(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [min, s] = [Math.floor(whole / 60), whole % 60];
  return [min > 0 ? `${min}\u00a0min` : "", s > 0 || min === 0 ? `${s}\u00a0s` : ""].filter(Boolean).join(" ");
}

/** A format takes milliseconds to make: each is made when it is first asked for. */
const inLondon = (options: Intl.DateTimeFormatOptions) => {
  let format: Intl.DateTimeFormat | undefined;
  return (at: number) => {
    format ??= new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", ...options });
    return format.format(at);
  };
};
/** "10:31" in London. */
export const clockTime = inLondon({ hour: "2-digit", minute: "2-digit" });
const weekday = inLondon({ weekday: "short" });
const dayMonth = inLondon({ day: "numeric", month: "short", year: "numeric" });
/** "Tue 9 Jun 2026" */
export const dayOf = (at: number): string => `${weekday(at)} ${dayMonth(at).replace("Sept", "Sep")}`;
/** "Tue 9 Jun 2026, 10:00" */
export const whenOf = (at: number): string => `${dayOf(at)}, ${clockTime(at)}`;

/** "Starts at 10:00, in 6 minutes"; with the day when it is another one. */
export function startsAt(at: number, now: number): string {
  if (dayOf(at) !== dayOf(now)) return `${at > now ? "Starts" : "Was booked for"} ${whenOf(at)}`;
  const minutes = Math.round(Math.abs(at - now) / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const count = (n: number, what: string) => (n === 0 ? "" : `${n} ${what}${n === 1 ? "" : "s"}`);
  const far = [count(hours, "hour"), count(rest, "minute")].filter(Boolean).join(" ");
  if (far === "") return `Starts at ${clockTime(at)}, now`;
  return at > now ? `Starts at ${clockTime(at)}, in ${far}` : `Booked for ${clockTime(at)}, ${far} ago`;
}

export type Tone = "" | "good" | "warn" | "late";
/** The one sentence under the track. */
export interface Said {
  icon: "clock" | "done" | "warn" | "pause";
  tone: Tone;
  text: string;
}

/** What the clock on top shows. */
export interface Shown {
  /** Of the session, or of the questions after it while they are on. */
  seconds: number;
  /** "of 60 min", "of at most 10 min" */
  of: string;
  track: Track;
  said: Said;
  /** The other clock: the session's while questions after it are on, else theirs, with their limit drawn once they are begun. */
  also: (Said & { track?: Track; first?: boolean }) | null;
}

/** In seconds: how long the track is, how far it is filled, where the permitted window begins, and the ticks with their words. */
export interface Track {
  length: number;
  filled: number;
  windowFrom: number;
  ticks: { at: number; text: string }[];
}

const minutesOf = (seconds: number): string => String(Math.round(seconds / 6) / 10);

const lengthTrack = ({ least, planned, most }: Omit<Limits, "discretionAbove">, seconds: number): Track => ({
  length: most,
  filled: Math.min(seconds, most),
  windowFrom: least,
  ticks: [...new Set([least, planned, most])].filter((s) => s > 0).map((at) => ({ at, text: minutesOf(at) })),
});

/** Seconds before a limit from which it is warned of. */
const NEAR = 120;

function withinLimits({ least, most, discretionAbove }: Limits, seconds: number): Said {
  const whole = Math.floor(seconds);
  if (whole < least) return { icon: "clock", tone: "", text: `You may end in ${lasting(least - whole)}` };
  if (whole > most)
    return { icon: "warn", tone: "late", text: `${lasting(whole - most)} over. Ending asks for a reason` };
  const left = lasting(most - whole);
  if (most - whole <= NEAR) return { icon: "warn", tone: "warn", text: `Only ${left} left. You may end now` };
  if (discretionAbove !== null && whole > discretionAbove)
    return { icon: "done", tone: "good", text: `At your discretion, ${left} left` };
  return { icon: "done", tone: "good", text: `You may end now, ${left} left` };
}

/** Seconds of the session and of its part for questions: the latter do not count for the former where they come after it. */
export function readingsOf(t: Pick<Timer, "spans" | "questions">, now: number): { session: number; questions: number } {
  const questions = t.questions ? ranSeconds(t.questions.spans, now) : 0;
  const all = ranSeconds(t.spans, now);
  return { session: t.questions?.kind === "after" ? Math.max(0, all - questions) : all, questions };
}

/** What the panel of staff shows of the time. */
export function shown(view: Pick<GradingPanel, "timer" | "session">, now: number): Shown {
  const { timer } = view;
  const { limits, questions } = timer;
  const run = readingsOf(timer, now);
  const session = timer.ended ? timer.ended.seconds : run.session;
  const part = questions?.open ? questions : null;
  const paused = pausedSaid(timer, now);
  if (part?.kind === "after" && part.most !== null) {
    const left = part.most - Math.floor(run.questions);
    const inside = session >= limits.least && session <= limits.most;
    return {
      seconds: run.questions,
      of: `of at most ${lasting(part.most)}`,
      track: limitTrack(part.most, run.questions),
      said:
        paused ??
        (left < 0
          ? { icon: "warn", tone: "late", text: `${lasting(-left)} over. Ending asks for a reason` }
          : left <= NEAR
            ? { icon: "warn", tone: "warn", text: `Only ${lasting(left)} left for questions` }
            : { icon: "clock", tone: "", text: `${lasting(left)} left for questions` }),
      also: {
        first: true,
        icon: inside ? "done" : "warn",
        tone: inside ? "good" : "late",
        text: `${view.session.title} ${mmss(session)}, ${inside ? "inside" : "outside"} ${minutesOf(limits.least)} to ${minutesOf(limits.most)} min`,
      },
    };
  }
  return {
    seconds: session,
    of: `of ${lasting(limits.planned)}`,
    track: lengthTrack(limits, session),
    said: saidOf(view, session, now, paused),
    also: questionsSaid(timer, session, run.questions),
  };
}

const limitTrack = (most: number, seconds: number): Track => ({
  length: most,
  filled: Math.min(seconds, most),
  windowFrom: most,
  ticks: [{ at: most, text: `${minutesOf(most)} min` }],
});

function pausedSaid({ phase, pauses }: Timer, now: number): Said | null {
  const last = pauses.at(-1);
  if (phase !== "paused" || !last) return null;
  const reason = last.reason ? `: ${last.reason}` : "";
  return { icon: "pause", tone: "warn", text: `Paused ${mmss((now - millis(last.from)) / 1000)}${reason}` };
}

function saidOf(
  { timer, session }: Pick<GradingPanel, "timer" | "session">,
  seconds: number,
  now: number,
  paused: Said | null,
): Said {
  if (paused) return paused;
  if (timer.phase === "before")
    return { icon: "clock", tone: "", text: session.at ? startsAt(millis(session.at), now) : "Not booked yet" };
  if (timer.phase === "running") return withinLimits(timer.limits, seconds);
  const { ended, limits } = timer;
  const outside = seconds < limits.least || seconds > limits.most;
  const at = ended ? ` at ${clockTime(millis(ended.at))}` : "";
  return {
    icon: outside ? "warn" : "done",
    tone: "",
    text: `Ended${at} after ${lasting(Math.round(seconds))}${ended?.reason ? `: ${ended.reason}` : ""}`,
  };
}

/** Of the part for questions, beside the session's own clock: its limit, and how much of it was taken. */
function questionsSaid({ questions, limits, phase }: Timer, session: number, seconds: number): Shown["also"] {
  if (!questions) return null;
  // A share of what ran: a session that runs longer than planned gives its questions longer too.
  const ran = Math.max(limits.planned, Math.floor(session));
  const most = questions.most ?? shareOf(ran, questions.share ?? 0);
  const then = questions.kind === "after";
  if (questions.spans.length === 0)
    return phase === "running"
      ? { icon: "clock", tone: "", text: `${then ? "Then questions" : "Questions in it"}, at most ${lasting(most)}` }
      : null;
  const left = most - Math.floor(seconds);
  const near = left < 0 || (questions.open && left <= NEAR);
  return {
    icon: near ? "warn" : "clock",
    tone: left < 0 ? "late" : near ? "warn" : "",
    text: `Questions ${mmss(seconds)}, at most ${lasting(most)}`,
    ...(phase === "running" || phase === "paused" ? { track: limitTrack(most, seconds) } : {}),
  };
}

/** In whole seconds, none lost to how a share such as 0.15 is held. */
const shareOf = (seconds: number, share: number): number => Math.floor(Math.round(seconds * share * 1e6) / 1e6);

/** What the panel of people outside shows of the time. */
export function shownOutside({ timer, says, session }: OutsidePanel, now: number): Shown {
  const seconds = ranSeconds(timer.spans, now);
  const text =
    timer.phase === "before" && session.at
      ? startsAt(millis(session.at), now)
      : timer.phase === "ended"
        ? "The session has ended"
        : timer.phase === "paused"
          ? "Paused"
          : says;
  return {
    seconds,
    of: `of ${lasting(timer.limits.planned)}`,
    track: lengthTrack(timer.limits, seconds),
    said: {
      icon: timer.phase === "paused" ? "pause" : "clock",
      tone: timer.phase === "paused" ? "warn" : "",
      text,
    },
    also: null,
  };
}

/** The line to be spoken when the clock came from one reading to the next: the last limit that was passed, or nothing. */
export function passed(timer: Timer, from: { session: number; questions: number }, to: typeof from): string | null {
  const between = (warnings: Timer["warnings"], a: number, b: number) =>
    warnings.findLast((w) => a < w.seconds && w.seconds <= b)?.says;
  return (
    (timer.questions && between(timer.questions.warnings, from.questions, to.questions)) ??
    between(timer.warnings, from.session, to.session) ??
    null
  );
}

/** Whether ending now asks for a reason, as far as the panel can tell. */
export function endNeeds(
  view: Pick<GradingPanel, "timer" | "questions">,
  now: number,
): { reason: string | null; discretion: boolean } {
  const { timer, questions } = view;
  const { least, most, discretionAbove } = timer.limits;
  // Whole seconds, as the service judges them.
  const all = Math.floor(ranSeconds(timer.spans, now));
  const asking = timer.questions ? Math.floor(ranSeconds(timer.questions.spans, now)) : 0;
  const run = { session: timer.questions?.kind === "after" ? Math.max(0, all - asking) : all, questions: asking };
  const mains = questions.asked.filter((q) => q.kind === "main").length;
  const part = timer.questions;
  const partMost = part ? (part.most ?? shareOf(all, part.share ?? 1)) : Number.POSITIVE_INFINITY;
  const why = [
    run.session < least || run.session > most
      ? `It runs ${minutesOf(least)} to ${minutesOf(most)} minutes; ${lasting(Math.round(run.session))} have run.`
      : "",
    questions.exactly !== null && mains !== questions.exactly
      ? `${mains} of ${questions.exactly} main questions were asked.`
      : "",
    run.questions > partMost
      ? `Questions took ${lasting(Math.round(run.questions))}, more than ${lasting(partMost)}.`
      : "",
  ].filter(Boolean);
  return {
    reason: why.length > 0 ? why.join(" ") : null,
    discretion: discretionAbove !== null && run.session > discretionAbove && run.session <= most,
  };
}
