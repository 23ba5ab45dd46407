import { wordsOf } from "../../src/case/case";
import { attendees } from "../../src/case/presence";
import { londonDate } from "../../src/rules/calendar";
import { counted, dateTime, dueHint, duration, inSentence, ofTotal } from "../../src/wording/format";
import { notHeldTitle, roleNoun, settingPhrase } from "../../src/wording/labels";
import type { Field, FormContext, FormOf } from "../form";
import { bookingFields, bookingIn } from "./booking";
import {
  argOf,
  assessment,
  carried,
  formOf,
  line,
  long,
  methodIn,
  options,
  optionsOf,
  reason,
  sessionNoun,
  short,
  subtle,
} from "./fields";
import { arg, given, many, text, tick } from "./read";

/** Sessions: booked and moved, begun, paused, ended, or not held. */

const capitalNoun = (ctx: FormContext, method: string | undefined) => methodIn(ctx, method)?.session.name ?? "Session";

/** "Booked now: Thu 18 Jun 2026, 14:00, on Teams". */
function booked(ctx: FormContext, method: string | undefined): Field[] {
  const a = assessment(ctx, method);
  if (!a?.at) return [];
  return [subtle(`Booked now: ${dateTime(a.at)}${a.setting ? `, ${settingPhrase[a.setting]}` : ""}`)];
}

export const sessionBook: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.book", "method");
    const method = methodIn(ctx, id);
    return formOf("session.book", ctx, method ? bookingFields(ctx, method) : [], { args: carried("method", id) });
  },
  payload: (inputs, args) => given({ method: arg(args, "method"), ...bookingIn(inputs) }),
};

export const sessionMove: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.move", "method");
    const method = methodIn(ctx, id);
    return formOf(
      "session.move",
      ctx,
      [...booked(ctx, id), ...(method ? bookingFields(ctx, method) : []), reason("Why it moves, kept in the record")],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) =>
    given({ method: arg(args, "method"), ...bookingIn(inputs), reason: text(inputs, "reason") }),
};

export const sessionStart: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.start", "method");
    const method = methodIn(ctx, id);
    const a = assessment(ctx, id);
    const conditions = method ? [...method.session.conditions, ...(method.session.setting?.checklist ?? [])] : [];
    const watching = method?.session.observers ?? [];
    return formOf(
      "session.start",
      ctx,
      [
        ...(a?.at ? [line(`Booked for ${dateTime(a.at)}${a.setting ? `, ${settingPhrase[a.setting]}` : ""}.`)] : []),
        ...(watching.includes("employer") ? [subtle("The employer may watch, and takes no part.")] : []),
        { kind: "toggle", id: "identityChecked", label: "I checked who the apprentice is, by a photo document." },
        {
          kind: "choice",
          id: "conditions",
          label: "What holds",
          many: true,
          options: options(conditions),
        },
        ...(a?.setting === "workplace"
          ? []
          : [{ kind: "toggle" as const, id: "recording", label: "It is recorded, and the apprentice knows." }]),
        subtle("The clock starts when you send this."),
      ],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) =>
    given({
      method: arg(args, "method"),
      identityChecked: tick(inputs, "identityChecked"),
      conditions: many(inputs, "conditions"),
      recording: tick(inputs, "recording"),
    }),
};

export const sessionPause: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.pause", "method");
    return formOf(
      "session.pause",
      ctx,
      [short("reason", "Why", { placeholder: "The line dropped", hint: "A pause does not count as time." })],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) => given({ method: arg(args, "method"), reason: text(inputs, "reason") }),
};

export const sessionPresent: FormOf = {
  form: (ctx) => {
    const { present } = ctx.grading ?? {};
    return formOf(
      "session.present",
      ctx,
      [
        {
          kind: "choice",
          id: "who",
          label: "Present",
          many: true,
          required: true,
          value: (present?.who ?? ["apprentice", "assessor"]).join(","),
          options: attendees.flatMap((role) => {
            const person = ctx.view.people[role];
            return person ? [{ value: role, title: `${ctx.words.person(person)}, ${roleNoun[role]}` }] : [];
          }),
        },
        short("others", "Anybody else", {
          required: false,
          value: wordsOf(present?.others),
          hint: "What was recorded before stays on the record.",
        }),
      ],
      { args: carried("method", argOf(ctx, "session.present", "method")) },
    );
  },
  payload: (inputs, args) =>
    given({ method: arg(args, "method"), who: many(inputs, "who"), others: text(inputs, "others") }),
};

export const sessionEnd: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.end", "method");
    const method = methodIn(ctx, id);
    const { grading } = ctx;
    return formOf(
      "session.end",
      ctx,
      [
        ...(grading ? lengthLines(ctx) : []),
        ...(method?.session.length.overIsDiscretion
          ? [
              {
                kind: "toggle" as const,
                id: "discretion",
                label: `More than ${duration(method.session.length.minutes * 60)} was at my discretion, to let the apprentice finish.`,
              },
            ]
          : []),
        reason("Reason, where length or questions are outside what is asked", { required: false }),
        subtle("What was run stays. You can still write notes and mark afterwards."),
      ],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) =>
    given({
      method: arg(args, "method"),
      reason: text(inputs, "reason"),
      discretion: tick(inputs, "discretion"),
    }),
};

/** "62 min 10 s run; 54 min to 66 min are asked." And its questions. */
function lengthLines(ctx: FormContext): Field[] {
  const { grading } = ctx;
  if (!grading) return [];
  const { limits, clock } = grading;
  const method = methodIn(ctx, grading.method);
  const ran = clock?.seconds ?? grading.seconds ?? 0;
  const inside = ran >= limits.least && ran <= limits.most;
  const range =
    limits.least === limits.most ? duration(limits.least) : `${duration(limits.least)} to ${duration(limits.most)}`;
  const questions = method?.session.questions;
  const main = grading.asked.filter((q) => q.kind === "main").length;
  return [
    {
      kind: "line",
      text: `${inside ? "" : "! "}${duration(ran)} run, ${inside ? "inside" : "outside"} ${range}.`,
      ...(inside ? {} : { strong: true }),
    },
    ...(clock?.questionsMost === undefined
      ? []
      : [line(`${duration(clock.questionsSeconds)} of questions; at most ${duration(clock.questionsMost)}.`)]),
    line(
      questions && "exactly" in questions
        ? `Main questions asked: ${ofTotal(main, questions.exactly)}.`
        : `${counted(grading.asked.length, "question")} asked.`,
    ),
  ];
}

export const sessionNotHeld: FormOf = {
  form: (ctx) => {
    const id = argOf(ctx, "session.notHeld", "method");
    const a = assessment(ctx, id);
    const begun = a?.state === "running";
    return formOf(
      "session.notHeld",
      ctx,
      [
        ...(a?.at ? [subtle(`${capitalNoun(ctx, id)}: ${dateTime(a.at)}, ${dueHint(londonDate(a.at), ctx.now)}`)] : []),
        {
          kind: "choice",
          id: "why",
          label: "What happened",
          required: true,
          options: optionsOf(notHeldTitle, begun ? ["technical", "abandoned"] : ["noShow", "technical"]),
        },
        long("detail", "What exactly", {
          hint: `The ${inSentence(sessionNoun(ctx, id))} is then booked anew. Marks begin again; the record keeps these.`,
        }),
      ],
      { args: carried("method", id) },
    );
  },
  payload: (inputs, args) =>
    given({ method: arg(args, "method"), why: text(inputs, "why"), detail: text(inputs, "detail") }),
};
