import { type MeetingChoice, wordsOf } from "../../src/case/case";
import { londonDate, londonTime } from "../../src/rules/calendar";
import type { Method, Setting } from "../../src/rules/pack";
import { inSentence } from "../../src/wording/format";
import { lobbyTitle, onTeams, settingTitle } from "../../src/wording/labels";
import type { Field, FormContext } from "../form";
import { assessment, optionsOf } from "./fields";
import { given, type Inputs, moment, text, tick } from "./read";
import { sessionDateHint } from "./sessionDates";

/** When and where a session is: the same inputs whether it is booked alone, moved, or agreed at planning. */

/** Where this method's session may be. What a dispensation allows is offered too: without one it is refused, and says so. */
export function settings(method: Method): Setting[] {
  const { setting, settings: open } = method.session;
  return setting ? [...setting.allowed, ...(setting.dispensation ? [setting.dispensation] : [])] : open;
}

/** Where it is, as it was typed: what "on Teams" put there by itself was not. */
const spoken = (where: string): string => (where === onTeams ? "" : where);

/** What stands of it: as booked, or as the planning meeting's draft has it. */
function standing(ctx: FormContext, method: Method) {
  const a = assessment(ctx, method.id);
  if (a?.at) {
    // The link of a meeting that the service made is not one that was typed.
    const where = (a.meeting ? undefined : a.link) ?? (a.where && spoken(wordsOf(a.where)));
    return { on: londonDate(a.at), time: londonTime(a.at), setting: a.setting, where };
  }
  const draft = ctx.view.planning?.draft?.sessions?.find((s) => s.method === method.id);
  return { on: draft?.on, time: draft?.time, setting: draft?.setting, where: draft?.where && wordsOf(draft.where) };
}

/** Inputs for one session. `prefix` tells several in one form apart: "talk-". */
export function bookingFields(
  ctx: FormContext,
  method: Method,
  also: { prefix?: string; required?: boolean } = {},
): Field[] {
  const { prefix = "", required = true } = also;
  const { name } = method.session;
  // Where several sessions stand in one form, each label says whose it is.
  const label = (own: string) => (prefix ? `${name}: ${inSentence(own)}` : own);
  const id = (name: string) => `${prefix}${name}`;
  const places = settings(method);
  const stands = standing(ctx, method);
  const date = ctx.typed?.[id("date")] ?? stands.on;
  const place = stands.setting ?? (places.includes("teams") ? "teams" : places[0]);
  return [
    {
      kind: "date",
      id: id("date"),
      label: prefix ? name : `${name} date`,
      required,
      ...(stands.on ? { value: stands.on } : {}),
      hint: sessionDateHint(ctx, method, date),
    },
    { kind: "time", id: id("time"), label: label("Starts at"), required, value: stands.time ?? "10:00" },
    {
      kind: "choice",
      id: id("setting"),
      label: label("Where"),
      required,
      compact: true,
      options: optionsOf(settingTitle, places),
      ...(place ? { value: place } : {}),
    },
    {
      kind: "text",
      id: id("where"),
      label: label(places.includes("teams") ? "Room, address or meeting link" : "Room or address"),
      max: places.includes("teams") ? 2000 : 300,
      value: stands.where ?? (places[0] === "workplace" ? ctx.view.employerName : ""),
      ...(places.includes("teams") ? { hint: ctx.meetings ? madeHint : pastedHint } : {}),
    },
    ...(prefix || !places.includes("teams") ? [] : meetingFields(ctx, assessment(ctx, method.id)?.meeting)),
  ];
}

const madeHint = "May stay empty on Teams: the meeting is made, and everyone gets its link.";
/** Without Graph the link is the coordinator's to make. */
const pastedHint = "On Teams, paste the link to join. No meeting is made here.";

/** How a meeting on Teams is to be, where the service makes them. */
export function meetingFields(ctx: FormContext, chosen?: MeetingChoice): Field[] {
  if (!ctx.meetings) return [];
  return [
    {
      kind: "choice",
      id: "lobby",
      label: "On Teams, let in without waiting",
      compact: true,
      options: optionsOf(lobbyTitle),
      value: chosen?.lobby ?? "invited",
    },
    {
      kind: "toggle",
      id: "recordMeeting",
      label: "Teams records it from the start.",
      value: chosen?.recording === true,
    },
  ];
}

/** What was chosen for a meeting; nothing where no link is needed or one was pasted, or where none are made. */
export function meetingIn(inputs: Inputs, booking: { setting?: unknown; link?: unknown }) {
  const lobby = text(inputs, "lobby");
  if (lobby === undefined || booking.setting !== "teams" || booking.link !== undefined) return undefined;
  return { lobby, recording: tick(inputs, "recordMeeting") };
}

/** The booking that those inputs make. A link stands in the place of a room; on Teams the place goes without saying. */
export function bookingIn(inputs: Inputs, prefix = "") {
  const setting = text(inputs, `${prefix}setting`);
  const where = text(inputs, `${prefix}where`);
  const link = where !== undefined && /^https?:\/\/\S+$/i.test(where) ? where : undefined;
  return given({
    at: moment(inputs, `${prefix}date`, `${prefix}time`),
    setting,
    where: (link === undefined ? where : undefined) ?? (setting === "teams" ? onTeams : link && "Online"),
    link,
    meeting: meetingIn(inputs, { setting, link }),
  });
}
