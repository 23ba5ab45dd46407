import { wordsOf } from "../../src/case/case";
import { addMonths, compareDates, type IsoDate, londonDate, londonTime } from "../../src/rules/calendar";
import type { Pack } from "../../src/rules/pack";
import { dateRange, dateTime, inSentence, ofTotal } from "../../src/wording/format";
import { onTeams } from "../../src/wording/labels";
import type { Field, Form, FormContext, FormOf } from "../form";
import { bookingFields, bookingIn, meetingFields, meetingIn, settings } from "./booking";
import { formOf, heading, options, short, strong, subtle, titled } from "./fields";
import { given, type Inputs, many, moment, text, tick, under } from "./read";

/** The planning meeting: booked by the coordinator, held and finished by the assessor. */

export const planningSchedule: FormOf = {
  form: (ctx) => {
    const { planning, window } = ctx.view;
    const booked = planning?.at !== undefined;
    return {
      ...formOf("planning.schedule", ctx, [
        ...(planning?.at ? [subtle(`Booked now: ${dateTime(planning.at)}`)] : []),
        {
          kind: "date",
          id: "date",
          label: "Date",
          required: true,
          ...(planning?.at ? { value: londonDate(planning.at) } : {}),
          hint: window
            ? `With apprentice and employer. The EPA window is ${dateRange(window.start, window.end)}.`
            : "With apprentice and employer.",
        },
        {
          kind: "time",
          id: "time",
          label: "Starts at",
          required: true,
          value: planning?.at ? londonTime(planning.at) : "10:00",
        },
        ...planningPlace(ctx),
      ]),
      ...titled("planning.schedule", ctx, { ...ctx.args, booked }),
    };
  },
  payload: (inputs) => given({ at: moment(inputs, "date", "time"), ...planningPlaceIn(inputs) }),
};

/** Where the planning meeting is, and how it is to be on Teams where meetings are made. */
export function planningPlace(ctx: FormContext): Field[] {
  const { planning } = ctx.view;
  return [
    short("where", "Where", {
      max: 2000,
      value: (planning?.meeting ? undefined : planning?.link) ?? (planning?.where ? wordsOf(planning.where) : onTeams),
      ...(ctx.meetings
        ? { hint: `${onTeams}: the meeting is made, and everyone gets its link.` }
        : { hint: "For a meeting on Teams, paste its link to join. No meeting is made here." }),
    }),
    ...meetingFields(ctx, planning?.meeting),
  ];
}

/** The same, as it was typed. */
export function planningPlaceIn(inputs: Inputs) {
  const where = text(inputs, "where");
  const link = where !== undefined && /^https?:\/\/\S+$/i.test(where) ? where : undefined;
  const setting = where?.toLowerCase() === onTeams.toLowerCase() ? "teams" : undefined;
  return given({
    where: link === undefined ? where : onTeams,
    link,
    meeting: meetingIn(inputs, { setting, link }),
  });
}

const planningVerbs = { finish: "planning.finish", save: "planning.save" } as const;

/** The form of the meeting, with both of its buttons; which of them stands first is which command was asked for. */
function meetingForm(ctx: FormContext, first: keyof typeof planningVerbs): Form {
  const { pack, view } = ctx;
  const { planning } = pack.rules;
  const ticked = (id: string, kept: readonly string[] | undefined) => ctx.typed?.[id] ?? kept?.join(",") ?? "";
  const agenda = ticked("agenda", view.planning?.agenda);
  const covered = planning.agenda.filter((a) => agenda.split(",").includes(a.id)).length;
  const second = planningVerbs[first === "finish" ? "save" : "finish"];
  return {
    ...formOf(planningVerbs[first], ctx, [
      ...(view.planning?.at ? [strong(`Planning meeting, ${dateTime(view.planning.at)}`)] : []),
      {
        kind: "choice",
        id: "agenda",
        label: `Agenda: ${ofTotal(covered, planning.agenda.length)} covered`,
        many: true,
        options: options(planning.agenda),
        value: agenda,
      },
      ...sessionFields(ctx),
      ...moving(ctx.pack),
      ...agreements(ctx, ticked("observationPlan", view.planning?.draft?.observationPlan)),
    ]),
    title: "Planning",
    size: "large",
    also: [{ title: titled(second, ctx).submit, data: { verb: second } }],
  };
}

/** R39: what the observation needs to be asked of the employer now, where the pack has it. */
const moving = (pack: Pack): Field[] =>
  pack.rules.moveBetweenAreas.effect === "none"
    ? []
    : [
        subtle(
          "Ask the employer: can the apprentice move between areas of the business, should the observation need it?",
        ),
      ];

/** What the meeting agreed, but for its sessions. */
const agreed = (inputs: Inputs) => ({
  agenda: many(inputs, "agenda"),
  subject: text(inputs, "subject"),
  observationPlan: many(inputs, "observationPlan"),
  portfolioManner: text(inputs, "portfolioManner"),
  reportDue: text(inputs, "reportDue"),
  employerResources: tick(inputs, "employerResources"),
});

export const planningFinish: FormOf = {
  form: (ctx) => meetingForm(ctx, "finish"),
  payload: (inputs) =>
    given({
      ...agreed(inputs),
      sessions: sessionsIn(inputs),
    }),
};

export const planningSave: FormOf = {
  form: (ctx) => meetingForm(ctx, "save"),
  payload: (inputs) => given({ ...agreed(inputs), sessions: draftsIn(inputs) }),
};

/** Each method that has no session yet, in the pack's order. */
function sessionFields(ctx: FormContext): Field[] {
  const open = ctx.pack.methods.filter(
    (m) => ctx.view.assessments.find((a) => a.method === m.id)?.state === "notBooked",
  );
  if (open.length === 0) return [];
  const required = ctx.pack.rules.planning.needs.includes("dates");
  return [
    heading("Dates"),
    ...(required ? [] : [subtle("May stay empty and be booked later, one by one.")]),
    ...open.flatMap((method) => bookingFields(ctx, method, { prefix: `${method.id}-`, required: false })),
    ...(open.some((m) => settings(m).includes("teams")) ? meetingFields(ctx) : []),
  ];
}

/** Sessions for which a day was given: for the rest the rule says whether one is needed. */
const sessionsIn = (inputs: Inputs) =>
  under(inputs, "")
    .filter(([id]) => id.endsWith("-date"))
    .map(([id]) => id.slice(0, -"-date".length))
    .map((method) => ({ method, ...bookingIn(inputs, `${method}-`) }));

/** Every session as far as it was filled in. */
const draftsIn = (inputs: Inputs) =>
  under(inputs, "")
    .filter(([id]) => id.endsWith("-setting"))
    .map(([id]) => id.slice(0, -"-setting".length))
    .map((method) =>
      given({
        method,
        on: text(inputs, `${method}-date`),
        time: text(inputs, `${method}-time`),
        setting: text(inputs, `${method}-setting`),
        where: text(inputs, `${method}-where`),
      }),
    );

/** What the pack has the meeting agree beside the dates. */
function agreements(ctx: FormContext, plan: string): Field[] {
  const { rules } = ctx.pack;
  const { needs } = rules.planning;
  const { aspects } = rules.observationPlan;
  const draft = ctx.view.planning?.draft;
  const portfolio = ctx.pack.methods.find((m) => m.handIn?.kind === "portfolio")?.handIn;
  const subjectHere = rules.projectSubject.how.kind === "agreedAtPlanning";
  return [
    heading("Agreed"),
    ...(subjectHere
      ? [
          short("subject", "Project subject", {
            ...(draft?.subject ? { value: wordsOf(draft.subject) } : {}),
            required: false,
          }),
        ]
      : []),
    ...(needs.includes("reportDate") || ctx.pack.methods.some((m) => m.handIn?.kind === "report")
      ? [reportDue(ctx)]
      : []),
    ...(needs.includes("portfolioManner")
      ? [
          short("portfolioManner", `How and when the ${inSentence(portfolio?.title ?? "portfolio")} comes`, {
            required: false,
            placeholder: "By upload, two weeks before the discussion",
            ...(draft?.portfolioManner ? { value: wordsOf(draft.portfolioManner) } : {}),
          }),
        ]
      : []),
    ...(aspects.length > 0
      ? [
          {
            kind: "choice" as const,
            id: "observationPlan",
            label: "Observation planned with apprentice and employer",
            many: true,
            options: options(aspects),
            value: plan,
          },
        ]
      : []),
    {
      kind: "toggle",
      id: "employerResources",
      value: draft?.employerResources === true,
      label: `${ctx.view.employerName} gives time and resources for the project.`,
    },
  ];
}

/** The report's day, with the last that its window allows. */
function reportDue(ctx: FormContext): Field {
  const limit = reportLimit(ctx.pack, ctx.view.planning?.at, ctx.view.gatewayMeeting);
  const needed = ctx.pack.rules.planning.needs.includes("reportDate");
  return {
    kind: "date",
    id: "reportDue",
    label: "Report due",
    ...(ctx.view.planning?.draft?.reportDue ? { value: ctx.view.planning.draft.reportDue } : {}),
    hint: [
      limit === undefined ? undefined : `${dateRange(londonDate(ctx.now), limit)}.`,
      needed ? undefined : "May stay empty: the last day then holds.",
    ]
      .filter(Boolean)
      .join(" "),
  };
}

/** The last day for the report that this meeting can agree (R14); undefined where it waits on a proposal. */
function reportLimit(
  pack: Pack,
  meeting: string | undefined,
  gatewayMeeting: IsoDate | undefined,
): IsoDate | undefined {
  const { reportWindow, projectSubject } = pack.rules;
  if (meeting === undefined) return undefined;
  const held = londonDate(meeting);
  if (reportWindow.from === "planningMeeting") return addMonths(held, reportWindow.months);
  if (projectSubject.how.kind !== "agreedAtPlanning") return undefined;
  const from = gatewayMeeting && compareDates(gatewayMeeting, held) > 0 ? gatewayMeeting : held;
  return addMonths(from, reportWindow.months);
}
