import type { Case, OutsideRole, PersonId, Release } from "../case/case";
import { wordsOf } from "../case/case";
import { failedMethods, resitLimit } from "../case/resit";
import { type Instant, type IsoDate, londonDate } from "../rules/calendar";
import type { Task, TaskCode } from "../tasks";
import {
  capital,
  counted,
  dateText,
  dateTime,
  dueHint,
  inSentence,
  listed,
  momentHint,
  monthsText,
  spelled,
} from "./format";
import { gradeNoun, gradeTitle } from "./labels";
import { type About, nextTitle, taskNote, taskTitle } from "./tasks";
import type { Row, Told } from "./told";
import { asking, type Contact, coordinatorLine, doing, recording, telling, waitsFor } from "./withoutTeams";
import type { Words } from "./words";

/** Mails and letters: data in, text out, in parts that a template lays out. Subjects never hold a grade. */

export type Part =
  | { kind: "text"; text: string; strong?: boolean }
  | { kind: "heading"; text: string }
  /** Rows of a name and a value. */
  | { kind: "facts"; rows: readonly Row[] }
  /** What happens next, in order. */
  | { kind: "steps"; items: readonly string[] }
  /** A code to be typed, in large type. */
  | { kind: "code"; code: string }
  /** Somebody's own words. */
  | { kind: "quote"; by?: string; words: string };

export interface Letter {
  /** The mail's subject, and the heading over it. */
  subject: string;
  greeting: string;
  parts: readonly Part[];
  /** At its foot: "Case EX-2026-0147". */
  foot: readonly string[];
  /** Who gets what is answered to it; left out, whoever reads the service's own post. */
  replyTo?: { name: string; address: string };
}

export type { Contact } from "./withoutTeams";
export interface Reader {
  name: string;
  role: OutsideRole | "staff";
}

const text = (words: string, strong = false): Part => ({ kind: "text", text: words, ...(strong ? { strong } : {}) });
const dear = (reader: Pick<Reader, "name">): string => `Dear ${reader.name},`;
const caseLine = (c: Pick<Case, "ref">): string => `Case ${c.ref}`;

// ---- what somebody is told, by mail -----------------------------------------------------------------------------

/** A message as a mail. `how` says what an outside person does about it without Teams, and `contact` with whom. */
export function mailOf(
  t: Told,
  reader: Pick<Reader, "name">,
  c: Pick<Case, "ref">,
  how: readonly Part[] = [],
  contact?: Contact,
): Letter {
  return {
    subject: t.title,
    greeting: dear(reader),
    parts: [
      ...(t.facts.length > 0 ? [{ kind: "facts" as const, rows: t.facts }] : []),
      ...t.lines.map((l) => text(l)),
      ...(t.quote ? [{ kind: "quote" as const, ...t.quote }] : []),
      ...how,
    ],
    foot: [caseLine(c), ...(contact ? [coordinatorLine(contact)] : [])],
    ...answered(contact),
  };
}

const answered = (contact: Contact | undefined): Pick<Letter, "replyTo"> =>
  contact?.address === undefined ? {} : { replyTo: { name: contact.name, address: contact.address } };

/** Under what an outside person is told: what waits for them in the case, and how they do it without Teams. */
export function howToGoOn(person: PersonId, c: Case, w: Words, contact: Contact): Part[] {
  const rows = waitsFor(person, c, w);
  if (rows.length === 0) return [text(asking(contact))];
  return [{ kind: "heading", text: "What waits for you" }, { kind: "facts", rows }, text(recording(contact))];
}

/** Under a reminder to an outside person: how they do this one thing without Teams. */
export const howToDo = (task: Pick<Task, "command" | "method">, c: Case, w: Words, contact: Contact): Part[] =>
  doing(task, contact, c, w).map((l) => text(l));

// ---- invitation -------------------------------------------------------------------------------------------------

export interface Invitation {
  code: string;
  /** Until when the code can be used. */
  expires: Instant;
  role: OutsideRole;
}

/** Invites an outside person: what it is for, their code, how to use it, and that mail alone also works. */
export function invitation(
  i: Invitation,
  reader: Pick<Reader, "name">,
  c: Case,
  w: Words,
  contact: Contact = { name: w.person(c.staff.coordinator) },
): Letter {
  const ada = w.person(c.parties.apprentice);
  const whose = i.role === "apprentice" ? "your" : `${ada}'s`;
  const { standard, body } = w.pack;
  const part: Record<OutsideRole, string> = {
    apprentice: "You hand in your work there, see your dates and get your results.",
    employer: "You confirm that your apprentice is ready, see the dates and get the results there.",
    provider: "You hand in the gateway evidence, see the dates and get the results there.",
  };
  return {
    subject: `Invitation to ${whose} end-point assessment`,
    greeting: dear(reader),
    parts: [
      text(
        `${body.name} assesses ${i.role === "apprentice" ? "you" : ada} as ${standard.name}, level ${standard.level}. The assessment runs in Microsoft Teams, with Epilogue. ${part[i.role]}`,
      ),
      text("Your code:"),
      { kind: "code", code: i.code },
      {
        kind: "steps",
        items: ["Open Epilogue in Microsoft Teams.", "Send it the code in a message.", "Your case appears."],
      },
      text(`The code works once, until ${dateTime(i.expires)}. It is yours alone: do not pass it on.`),
      text(
        `Without Teams you take part by mail and by phone: ${telling(contact)}, who coordinates the assessment and records for you what you hand in, decide or ask for.`,
      ),
    ],
    foot: [caseLine(c), coordinatorLine(contact)],
    ...answered(contact),
  };
}

/** Invites a colleague whom the coordinator named by mail address. */
export function staffInvitation(i: Omit<Invitation, "role">): Letter {
  return {
    subject: "Invitation to work with Epilogue",
    greeting: "Hello,",
    parts: [
      text(
        "You were put on your awarding body's list of staff. End-point assessments run in Microsoft Teams, with Epilogue.",
      ),
      text("Your code:"),
      { kind: "code", code: i.code },
      { kind: "steps", items: ["Open Epilogue in Microsoft Teams.", "Send it the code in a message."] },
      text(`The code works once, until ${dateTime(i.expires)}. It is yours alone: do not pass it on.`),
    ],
    foot: [],
  };
}

// ---- reminder ---------------------------------------------------------------------------------------------------

export interface Reminder extends About {
  code: TaskCode;
  day?: IsoDate | undefined;
  /** Set for what has a time of day. */
  at?: Instant | undefined;
}

/** A reminder to who is to do it: what, by when, how near that is. As a message; `mailOf` makes it a mail. */
export function reminder(r: Reminder, w: Words, now: Instant): Told {
  const hint = r.at ? momentHint(r.at, now) : r.day ? dueHint(r.day, now) : undefined;
  const noun = inSentence(taskTitle(r.code, w, r.method));
  const late = hint?.startsWith("late") === true;
  const yours = r.code === "handIn";
  const title =
    hint === undefined
      ? nextTitle(r.code, w, true, r)
      : yours
        ? `Your ${noun} is ${late ? hint : `due ${hint}`}`
        : `${taskTitle(r.code, w, r.method)}: ${hint}`;
  const by = r.at ? `${capital(dateTime(r.at))}.` : r.day ? `By ${dateText(r.day)}, end of day.` : undefined;
  const note = taskNote(r.code, w, r);
  return {
    title,
    lines: [`${nextTitle(r.code, w, true, r)}.`, by, note].filter((l) => l !== undefined && l !== null),
    facts: [],
    private: r.code === "decideAdjustment" || r.code === "decideConsideration",
  };
}

// ---- results ----------------------------------------------------------------------------------------------------

const gradesOf = (r: Release, w: Words): Row[] =>
  w.pack.methods.flatMap((m) => {
    const grade = r.grades[m.id];
    return grade ? [{ name: m.title, value: gradeTitle[grade] }] : [];
  });

/** What a result means, in a line under it. */
function meaning(r: Release, reader: Reader, w: Words): string {
  const failed = failedMethods(r).length;
  const left = Object.keys(r.grades).length - failed;
  if (r.overall !== "fail")
    return reader.role === "apprentice"
      ? "Well done. You have completed the assessment."
      : `${w.pack.standard.name}: the assessment is completed.`;
  const again = `${capital(spelled(failed))} ${failed === 1 ? "assessment" : "assessments"} to take again.`;
  if (left === 0) return again;
  return `${again} ${left === 1 ? "The other one stands." : `The other ${spelled(left)} stand.`}`;
}

/** R29: by when the report of a failed method is reworked, a sentence each; none where the pack sets no such time. */
export function reworkLines(failed: readonly string[], w: Words): string[] {
  const { months } = w.pack.rules.projectRework;
  if (months === null) return [];
  return w.pack.methods
    .filter((m) => m.handIn?.kind === "report" && failed.includes(m.id))
    .map(
      (m) => `${capital(w.theHandIn(m.id))} is reworked within ${monthsText(months)} of this result and its feedback.`,
    );
}

/** What happens next after a fail, as the pack has it. */
export function nextSteps(r: Release, reader: Reader, c: Pick<Case, "releases">, w: Words): string[] {
  const { resit, resitLimit: limit, cap } = w.pack.rules;
  const failed = failedMethods(r);
  const day = dateText(resitLimit(c, r, w.pack));
  const you =
    reader.role === "apprentice"
      ? "You and your employer"
      : reader.role === "employer"
        ? "You and the apprentice"
        : "The apprentice and the employer";
  const what = listed(failed.map(w.theSession));
  return [
    `${you} choose a resit, which needs no further learning, or a retake, which does${resit.actionPlan === "none" ? "" : ", with an action plan"}.${resit.employerAgrees === "none" ? "" : ` The employer agrees which.`}`,
    ...(resit.furtherDevelopmentFirst === "none" ? [] : ["Further development comes before the new attempt."]),
    ...(resit.retakeThroughGateway ? ["A retake begins with the gateway again."] : []),
    ...reworkLines(failed, w),
    `${limit.effect === "block" ? "Take" : "Plan to take"} ${what} again by ${day}.${limit.beyond === "wholeEpaAgain" ? " After that day the whole assessment is taken again." : ""}`,
    cap.overallAtMost === "pass"
      ? "The overall grade can then be a pass."
      : `The overall grade can then be at most ${gradeNoun[cap.overallAtMost]}.`,
  ];
}

/** How to question a result, as the pack has it. */
function questioning(w: Words, contact: Contact): Part[] {
  const { policy, policyUrl, enquiryWorkingDays, appealWorkingDays } = w.pack.rules.appeals;
  const within = (days: number | null) => (days === null ? "" : ` within ${counted(days, "working day")}`);
  return [
    { kind: "heading", text: "If you have doubts about a result" },
    text(
      `You may ask about it${within(enquiryWorkingDays)}, or appeal${within(appealWorkingDays)}; an appeal needs no enquiry first. Someone who took no part in the assessment decides an appeal. See the ${policy}${policyUrl ? `: ${policyUrl}` : "."}`,
    ),
    text(
      `You do either in your case in Teams; without Teams, ${telling(contact)}. Say which result it is about, and why.`,
    ),
  ];
}

/** Anchors the letter to the record: the number of its last event and the beginning of that event's hash. */
export interface Anchor {
  revision: number;
  hash: string;
}
const anchored = (a: Anchor | undefined): string[] =>
  a ? [`To find this letter in the record: entry ${a.revision}, ${a.hash.slice(0, 16)}`] : [];

/** R27: the grade of each method and overall, all together; after a fail also what happens next. */
export function statementOfResults(
  r: Release,
  reader: Reader,
  c: Case,
  w: Words,
  anchor?: Anchor,
  contact: Contact = { name: w.person(c.staff.coordinator) },
): Letter {
  const ada = w.person(c.parties.apprentice);
  const fail = r.overall === "fail";
  const methods = Object.keys(r.grades).length;
  const feedback = wordsOf(r.feedback);
  return {
    subject: reader.role === "apprentice" ? "Your assessment results" : `Assessment results of ${ada}`,
    greeting: dear(reader),
    parts: [
      {
        kind: "facts",
        rows: [
          { name: "Apprentice", value: ada },
          { name: "Standard", value: standardOf(w) },
          { name: "Released", value: dateText(londonDate(r.at)) },
        ],
      },
      { kind: "heading", text: `Overall: ${gradeTitle[r.overall]}` },
      text(meaning(r, reader, w)),
      { kind: "facts", rows: gradesOf(r, w) },
      ...(r.overall === "pass" && !r.capped && methods > 1
        ? [text(`Overall is a distinction when all ${spelled(methods)} are.`)]
        : []),
      ...(r.capped
        ? [text(`After a resit or retake the overall grade is at most ${gradeNoun[w.pack.rules.cap.overallAtMost]}.`)]
        : []),
      ...(fail ? [] : completion(reader.role === "apprentice" ? "You" : ada, w).map((t) => text(t))),
      ...(feedback ? [{ kind: "quote" as const, by: "Feedback", words: feedback }] : []),
      ...(fail
        ? [
            { kind: "heading" as const, text: "What happens next" },
            { kind: "steps" as const, items: nextSteps(r, reader, c, w) },
            ...(reader.role === "employer" && w.pack.rules.resit.employerAgrees !== "none"
              ? [
                  text(
                    `You agree in your case in Teams; without Teams, ${telling(contact)} which of the two it is to be.`,
                  ),
                ]
              : []),
          ]
        : []),
      ...questioning(w, contact),
    ],
    foot: [caseLine(c), coordinatorLine(contact), ...anchored(anchor)],
    ...answered(contact),
  };
}

/** What completing it opens, where the pack names something: "You may join the Institute …". */
export const completion = (who: string, w: Words): string[] => {
  const { onCompletion } = w.pack.standard;
  return onCompletion ? [`${who} ${inSentence(onCompletion)}.`] : [];
};

const standardOf = (w: Words): string => {
  const { name, reference, version, level } = w.pack.standard;
  return `${name}, level ${level} (${reference} v${version})`;
};

/** R27: the record of achievement, said not to be the official certificate. */
export function recordOfAchievement(
  r: Release,
  reader: Reader,
  c: Case,
  w: Words,
  anchor?: Anchor,
  contact?: Contact,
): Letter {
  const { standard, body } = w.pack;
  return {
    subject:
      reader.role === "apprentice"
        ? "Your record of achievement"
        : `Record of achievement of ${w.person(c.parties.apprentice)}`,
    greeting: dear(reader),
    parts: [
      text("This is a record of achievement. It is not the official certificate, which is issued separately.", true),
      {
        kind: "facts",
        rows: [
          { name: "Apprentice", value: w.person(c.parties.apprentice) },
          { name: "Employer", value: c.employerName },
          { name: "Standard", value: standardOf(w) },
          { name: "Qualification", value: standard.qualificationNumber },
          { name: "Assessed by", value: body.name },
          { name: "Achieved", value: dateText(londonDate(r.at)) },
        ],
      },
      { kind: "heading", text: `Overall: ${gradeTitle[r.overall]}` },
      { kind: "facts", rows: gradesOf(r, w) },
      ...(standard.onCompletion ? [text(`${standard.onCompletion}.`)] : []),
    ],
    foot: [caseLine(c), ...(contact ? [coordinatorLine(contact)] : []), ...anchored(anchor)],
    ...answered(contact),
  };
}

// ---- plain text -------------------------------------------------------------------------------------------------

const indented = (words: string): string =>
  words
    .split(/\r?\n/)
    .map((l) => `> ${l}`.trimEnd())
    .join("\n");

function partText(p: Part): string {
  switch (p.kind) {
    case "text":
      return p.text;
    case "heading":
      return `${p.text}\n${"-".repeat([...p.text].length)}`;
    case "facts":
      return p.rows.map((r) => `${r.name}: ${r.value}`).join("\n");
    case "steps":
      return p.items.map((s, i) => `${i + 1}. ${s}`).join("\n");
    case "code":
      return `    ${p.code}`;
    case "quote":
      return `${p.by ? `${p.by}:\n` : ""}${indented(p.words)}`;
  }
}

/** The letter as plain text, ready to send: greeting, parts, foot, a blank line between. */
export const letterText = (l: Letter): string =>
  [l.greeting, ...l.parts.map(partText), l.foot.join("\n")].filter((x) => x !== "").join("\n\n");
