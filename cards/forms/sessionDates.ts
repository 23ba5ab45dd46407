import { addDays, compareDates, type IsoDate, isDate, londonDate } from "../../src/rules/calendar";
import type { Method } from "../../src/rules/pack";
import { counted, dateRange, dateText, inSentence, listed } from "../../src/wording/format";
import type { FormContext } from "../form";
import { assessment } from "./fields";

/** What is lawful for a session's date, and what follows from it: the line under the date. */

/** The first day on which it may be: notice counted from today, the hand-in read. The view says it while nothing is booked. */
function earliest(ctx: FormContext, method: Method): IsoDate {
  const today = londonDate(ctx.now);
  const a = assessment(ctx, method.id);
  if (a?.earliest) return a.earliest;
  const told = addDays(today, method.session.notice?.days ?? 0);
  if (!method.handIn) return told;
  const handedIn = a?.handIn?.handedIn;
  const read = addDays(handedIn ? londonDate(handedIn) : today, method.handIn.beforeSession.days);
  return compareDates(read, told) > 0 ? read : told;
}

/** "Wed 6 May to Mon 13 Jul 2026, after 14 days' notice. Portfolio then due by Tue 19 May 2026." */
export function sessionDateHint(ctx: FormContext, method: Method, chosen: IsoDate | undefined): string {
  return [range(ctx, method), handInHint(ctx, method, chosen), orderHint(ctx, method)].filter(Boolean).join(" ");
}

function range(ctx: FormContext, method: Method): string {
  const from = earliest(ctx, method);
  const latest = assessment(ctx, method.id)?.latest;
  const { notice } = method.session;
  const moved = assessment(ctx, method.id)?.at !== undefined ? "; on its day it keeps the notice given" : "";
  const why = notice ? `, after ${counted(notice.days, "day")}' notice${moved}` : "";
  if (latest === undefined) return `From ${dateText(from)}${why}.`;
  return from <= latest
    ? `${dateRange(from, latest)}${why}.`
    : `From ${dateText(from)}${why}; the last day is ${dateText(latest)}.`;
}

/** When the hand-in falls due by it; nothing once it is in. */
function handInHint(ctx: FormContext, method: Method, chosen: IsoDate | undefined): string | undefined {
  const { handIn } = method;
  if (!handIn || assessment(ctx, method.id)?.handIn?.handedIn) return undefined;
  if (chosen && isDate(chosen))
    return `${handIn.title} then due by ${dateText(addDays(chosen, -handIn.beforeSession.days))}.`;
  return `${handIn.title} due ${counted(handIn.beforeSession.days, "day")} before it.`;
}

/** The order that the body advises, where it advises one for this session. */
function orderHint(ctx: FormContext, method: Method): string | undefined {
  const before = ctx.pack.rules.order.advised
    .filter((x) => x.later.method === method.id && x.later.what === "session")
    .map(({ earlier: e }) => (e.what === "session" ? ctx.words.theSession(e.method) : ctx.words.theHandIn(e.method)));
  return before.length === 0 ? undefined : `${ctx.pack.body.short} advises it after ${listed(before.map(inSentence))}.`;
}
