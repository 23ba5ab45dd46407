import {
  type Attempt,
  allSettled,
  attemptAt,
  type Case,
  interestOf,
  isSettled,
  type MethodId,
  type OutsideRole,
  type PersonId,
  type SlotOffer,
} from "./case/case";
import type { CommandType } from "./case/decider";
import { standing } from "./case/delivery";
import { lastTry } from "./case/englishMaths";
import { missingConfirmations, neededItems } from "./case/gateway";
import { planningAccepting } from "./case/planningSlots";
import { resitLimit } from "./case/resit";
import { accepting, chooseBy } from "./case/slots";
import { handInDue, lastDayFor } from "./case/timing";
import {
  addDays,
  addWorkingDays,
  compareInstants,
  endOfDay,
  type Instant,
  type IsoDate,
  londonDate,
} from "./rules/calendar";
import { type Method, methodOf, type Pack, type Role } from "./rules/pack";

/**
 * What is to be done in a case, by whom, by when: the source of "Next", "Due" and reminders.
 * A task says what, never how it is worded.
 */

export type TaskCode =
  | "attest"
  | "evidence"
  | "confirmReady"
  | "sayReady"
  | "reviewEvidence"
  | "acceptGateway"
  | "allocateAssessor"
  | "allocateIqa"
  | "declareInterest"
  | "bookPlanning"
  | "planningMeeting"
  | "chooseTime"
  | "finishPlanning"
  | "decideProposal"
  | "reworkProposal"
  | "reopenProposal"
  | "book"
  | "handIn"
  | "session"
  | "endSession"
  | "grade"
  | "gradeAgain"
  | "moderate"
  | "release"
  | "resumeResult"
  | "windowEnds"
  | "attendPlanning"
  | "attend"
  | "agreeResit"
  | "openResit"
  | "decideAdjustment"
  | "decideConsideration"
  | "answerEnquiry"
  | "decideAppeal"
  | "undelivered";

export interface Task {
  /** Stable while the same thing is due: names the reminder. */
  key: string;
  code: TaskCode;
  role: Role;
  person: PersonId;
  day?: IsoDate;
  /** Set for what has a time of day: a meeting, a session. */
  at?: Instant;
  method?: MethodId;
  /** After it nothing can be done about it any more. */
  until?: Instant;
  /** The command that does it, when a button can. */
  command?: CommandType;
  /** Outside people do not learn of it. */
  secret?: true;
  facts?: Readonly<Record<string, string | number>>;
}

/** Working days by which staff aim to do what no document sets a day for. Ours: shown and reminded, never enforced. */
export const targets = {
  declare: 2,
  allocate: 3,
  bookPlanning: 10,
  decideProposal: 5,
  grade: 5,
  moderate: 5,
  release: 3,
  adjustment: 5,
  enquiry: 10,
  appeal: 20,
} as const;

const inWorkingDays = (from: Instant, days: number): IsoDate => addWorkingDays(londonDate(from), days);

// A case never changes: its index, its notices and its views ask the same of it.
const known = new WeakMap<Case, { pack: Pack; tasks: readonly Task[] }>();

/** Everything to be done now, in the order in which the case goes; when it is closed, only what was not delivered. */
export function tasksOf(c: Case, pack: Pack): readonly Task[] {
  const before = known.get(c);
  if (before?.pack === pack) return before.tasks;
  const tasks = [...allTasks(c, pack), ...undelivered(c)];
  known.set(c, { pack, tasks });
  return tasks;
}

function allTasks(c: Case, pack: Pack): Task[] {
  switch (c.stage) {
    case "withdrawn":
    case "erased":
      return [];
    case "gateway":
      return [...atGateway(c, pack), ...requests(c)];
    case "planning":
      return [...staffing(c), ...inPlanning(c, pack), ...requests(c), windowEnds(c, pack)].filter(
        (t) => t !== undefined,
      );
    case "assessment":
      return [
        ...staffing(c),
        ...proposalTasks(c),
        ...pack.methods.flatMap((m) => methodTasks(c, pack, m)),
        ...releaseTasks(c, pack),
        ...requests(c),
        windowEnds(c, pack),
      ].filter((t) => t !== undefined);
    case "released":
      return [...afterResult(c, pack), ...requests(c)];
  }
}

function atGateway(c: Case, pack: Pack): Task[] {
  const { provider, employer, apprentice } = c.parties;
  const tasks: Task[] = [];
  if (!c.gateway.attested)
    tasks.push({ key: "attest", code: "attest", role: "provider", person: provider, command: "gateway.attest" });
  const items = neededItems(c, pack);
  const state = (o: string) => items.filter((i) => (lastTry(c.gateway, i.id)?.outcome ?? "missing") === o);
  const open = [...state("missing"), ...state("returned")];
  if (open.length > 0)
    tasks.push({
      key: `evidence-${open.length}-${c.gateway.round}`,
      code: "evidence",
      role: "provider",
      person: provider,
      command: "gateway.submit",
      facts: { open: open.length, of: items.length, returned: state("returned").length },
    });
  const toReview = state("toReview");
  if (toReview.length > 0)
    tasks.push({
      key: `review-${toReview.map((i) => i.id).join("+")}`,
      code: "reviewEvidence",
      role: "coordinator",
      person: c.staff.coordinator,
      command: "gateway.acceptItem",
      facts: { count: toReview.length },
    });
  const meeting = c.gateway.meeting !== undefined || !pack.rules.gatewayConfirmation.meetingDate;
  if (meeting)
    for (const role of missingConfirmations(c, pack))
      tasks.push({
        key: `confirm-${role}`,
        code: "confirmReady",
        role,
        person: role === "employer" ? employer : provider,
        command: "gateway.confirm",
      });
  if (!c.gateway.ready && pack.rules.apprenticeReady.effect !== "none")
    tasks.push({ key: "ready", code: "sayReady", role: "apprentice", person: apprentice, command: "gateway.ready" });
  if (state("accepted").length === items.length && missingConfirmations(c, pack).length === 0)
    tasks.push({
      key: "acceptGateway",
      code: "acceptGateway",
      role: "coordinator",
      person: c.staff.coordinator,
      command: "gateway.accept",
    });
  return tasks;
}

/** Staff to be put on the case, and their declarations. */
function staffing(c: Case): Task[] {
  const tasks: Task[] = [];
  const since = c.gateway.accepted?.at ?? c.registered.at;
  for (const role of ["assessor", "iqa"] as const) {
    const person = c.staff[role];
    if (person === undefined)
      tasks.push({
        key: `allocate-${role}`,
        code: role === "assessor" ? "allocateAssessor" : "allocateIqa",
        role: "coordinator",
        person: c.staff.coordinator,
        day: inWorkingDays(since, targets.allocate),
        command: "staff.allocate",
        secret: true,
      });
    else if (!interestOf(c, person)) {
      const allocated = c.allocations.filter((a) => a.role === role).at(-1)?.at ?? since;
      tasks.push({
        key: `declare-${person}`,
        code: "declareInterest",
        role,
        person,
        day: inWorkingDays(allocated, targets.declare),
        command: "interest.declare",
        secret: true,
      });
    }
  }
  return tasks;
}

function inPlanning(c: Case, _pack: Pack): Task[] {
  const meeting = c.planning.meeting;
  const accepted = c.gateway.accepted?.at ?? c.registered.at;
  const tasks: Task[] = [...proposalTasks(c), ...planningChoices(c)];
  if (!meeting)
    tasks.push({
      key: "bookPlanning",
      code: "bookPlanning",
      role: "coordinator",
      person: c.staff.coordinator,
      day: inWorkingDays(accepted, targets.bookPlanning),
      command: "planning.schedule",
    });
  else {
    const assessor = c.staff.assessor;
    if (assessor)
      tasks.push({
        key: `planning-${meeting.at}`,
        code: "planningMeeting",
        role: "assessor",
        person: assessor,
        at: meeting.at,
        day: londonDate(meeting.at),
        command: "planning.finish",
      });
  }
  return tasks;
}

/** One of the times offered, for each who may choose. */
function planningChoices(c: Case): Task[] {
  const { offered } = c.planning;
  if (!offered) return [];
  return planningAccepting.map((role) => choice(c, `planning-${offered.made.at}`, role, offered, "planning.accept"));
}

function choice(
  c: Case,
  key: string,
  role: OutsideRole,
  offered: Pick<SlotOffer, "slots">,
  command: CommandType,
  method?: Method,
): Task {
  const by = chooseBy(offered, method?.session.notice?.days);
  const until = offered.slots.at(-1);
  return {
    key: `choose-${key}-${role}`,
    code: "chooseTime",
    role,
    person: c.parties[role],
    command,
    ...(by ? { day: by } : {}),
    ...(until ? { until } : {}),
    ...(method ? { method: method.id } : {}),
  };
}

function proposalTasks(c: Case): Task[] {
  const last = c.proposals.at(-1);
  if (!last || c.stage === "gateway") return [];
  if (last.outcome === "toDecide" && c.staff.assessor) {
    const from = c.gateway.accepted && c.gateway.accepted.at > last.at ? c.gateway.accepted.at : last.at;
    return [
      {
        key: `proposal-${last.n}`,
        code: "decideProposal",
        role: "assessor",
        person: c.staff.assessor,
        day: inWorkingDays(from, targets.decideProposal),
        command: "proposal.accept",
        facts: { n: last.n },
      },
    ];
  }
  if (last.outcome === "returned")
    return [
      {
        key: `rework-${last.n}-${last.reworkBy ?? ""}`,
        code: "reworkProposal",
        role: "apprentice",
        person: c.parties.apprentice,
        command: "proposal.submit",
        ...(last.reworkBy ? { day: last.reworkBy } : {}),
      },
    ];
  if (last.outcome === "withCoordinator")
    return [
      {
        key: `reopen-${last.n}`,
        code: "reopenProposal",
        role: "coordinator",
        person: c.staff.coordinator,
        day: inWorkingDays(last.decided?.at ?? last.at, targets.decideProposal),
        command: "proposal.reopen",
      },
    ];
  return [];
}

function methodTasks(c: Case, pack: Pack, method: Method): Task[] {
  const a = attemptAt(c, method.id);
  const tasks: Task[] = [];
  const key = `${method.id}-${a.n}`;
  if (a.session.state === "none" && !isSettled(a)) {
    const last = lastDayFor(c, a);
    tasks.push({
      key: `book-${key}-${a.notHeld.length}`,
      code: "book",
      role: "coordinator",
      person: c.staff.coordinator,
      method: method.id,
      command: "session.book",
      ...(last ? { day: addDays(last, -(method.session.notice?.days ?? 0)) } : {}),
    });
    const { offered } = a.session;
    if (offered)
      for (const role of accepting(offered.setting))
        tasks.push(choice(c, `${key}-${offered.made.at}`, role, offered, "session.accept", method));
  }
  if (method.handIn && a.handIns.length === 0) {
    const due = handInDue(c, pack, method);
    tasks.push({
      key: `handIn-${key}-${due ?? ""}`,
      code: "handIn",
      role: "apprentice",
      person: c.parties.apprentice,
      method: method.id,
      command: method.handIn.kind === "report" ? "report.submit" : "portfolio.submit",
      ...(due ? { day: due } : {}),
    });
  }
  tasks.push(...sessionTasks(c, a, method, key));
  return tasks;
}

function sessionTasks(c: Case, a: Attempt, method: Method, key: string): Task[] {
  const assessor = c.staff.assessor;
  if (!assessor) return [];
  const mine = { role: "assessor" as const, person: assessor, method: method.id };
  const { session } = a;
  if (session.state === "booked" && session.booking)
    return [
      {
        key: `session-${key}-${session.booking.at}`,
        code: "session",
        ...mine,
        at: session.booking.at,
        day: londonDate(session.booking.at),
        command: "session.start",
      },
    ];
  if (session.state === "running" || session.state === "paused")
    return [{ key: `end-${key}`, code: "endSession", ...mine, command: "session.end" }];
  if (session.state !== "ended") return [];
  if (a.moderation?.state === "sentBack")
    return [
      {
        key: `again-${key}-${a.moderation.at}`,
        code: "gradeAgain",
        ...mine,
        day: inWorkingDays(a.moderation.at, targets.grade),
        command: "grade.confirm",
        secret: true,
      },
    ];
  if (!a.confirmed)
    return [
      {
        key: `grade-${key}`,
        code: "grade",
        ...mine,
        day: inWorkingDays(session.ended?.at ?? a.opened, targets.grade),
        command: "grade.confirm",
        secret: true,
      },
    ];
  if (a.moderation?.state === "waiting" && c.staff.iqa)
    return [
      {
        key: `moderate-${key}-${a.confirmed.at}`,
        code: "moderate",
        role: "iqa",
        person: c.staff.iqa,
        method: method.id,
        day: inWorkingDays(a.confirmed.at, targets.moderate),
        command: "moderation.uphold",
        secret: true,
      },
    ];
  return [];
}

function releaseTasks(c: Case, pack: Pack): Task[] {
  if (!allSettled(c, pack)) return [];
  const last = pack.methods
    .map((m) => attemptAt(c, m.id))
    .map((a) => (a.moderation?.state === "upheld" ? a.moderation.at : (a.confirmed?.at ?? a.opened)))
    .sort(compareInstants)
    .at(-1);
  return [
    {
      key: `release-${c.releases.length + 1}`,
      code: c.withheld ? "resumeResult" : "release",
      role: "coordinator",
      person: c.staff.coordinator,
      day: inWorkingDays(last ?? c.registered.at, targets.release),
      command: c.withheld ? "results.resume" : "results.release",
      secret: true,
    },
  ];
}

function windowEnds(c: Case, pack: Pack): Task | undefined {
  if (!("window" in c) || allSettled(c, pack)) return undefined;
  const ofResit = pack.methods.map((m) => attemptAt(c, m.id)).filter((a) => !isSettled(a));
  const last = ofResit
    .map((a) => lastDayFor(c, a))
    .filter((d) => d !== undefined)
    .sort()
    .at(-1);
  if (!last) return undefined;
  return { key: `window-${last}`, code: "windowEnds", role: "coordinator", person: c.staff.coordinator, day: last };
}

function afterResult(c: Case, pack: Pack): Task[] {
  const release = c.releases.at(-1);
  if (release?.overall !== "fail") return [];
  const day = resitLimit(c, release, pack);
  return c.resitAgreed || pack.rules.resit.employerAgrees === "none"
    ? [
        {
          key: `openResit-${release.n}`,
          code: "openResit",
          role: "coordinator",
          person: c.staff.coordinator,
          day,
          command: "resit.open",
        },
      ]
    : [
        {
          key: `agreeResit-${release.n}`,
          code: "agreeResit",
          role: "employer",
          person: c.parties.employer,
          day,
          command: "resit.agree",
        },
      ];
}

/** What did not reach whom it was for, in every stage: due on the day on which it was lost. */
const undelivered = (c: Case): Task[] =>
  standing(c).map((x) => ({
    key: `undelivered-${x.notice}`,
    code: "undelivered",
    role: "coordinator",
    person: c.staff.coordinator,
    day: londonDate(x.at),
    command: "notice.resend",
    secret: true,
    facts: { kind: x.kind, to: x.to, state: x.state, ...(x.kind === "meeting" ? ofMeeting(x) : {}) },
  }));

/** Which step of a meeting failed, and why: what is to be done about it hangs on it. */
const ofMeeting = ({ about, code }: { about: unknown; code: string }) => ({
  code,
  step: String((about as { step?: unknown } | null)?.step ?? ""),
});

function requests(c: Case): Task[] {
  const mine = { role: "coordinator" as const, person: c.staff.coordinator };
  return [
    ...c.adjustments
      .filter((a) => !a.decided)
      .map(
        (a): Task => ({
          key: `adjustment-${a.id}`,
          code: "decideAdjustment",
          ...mine,
          day: inWorkingDays(a.at, targets.adjustment),
          command: "adjustment.decide",
          secret: true,
          facts: { id: a.id },
        }),
      ),
    ...c.considerations
      .filter((a) => !a.decided)
      .map(
        (a): Task => ({
          key: `consideration-${a.id}`,
          code: "decideConsideration",
          ...mine,
          day: inWorkingDays(a.at, targets.adjustment),
          command: "consideration.decide",
          secret: true,
          facts: { id: a.id },
        }),
      ),
    ...c.challenges
      .filter((x) => x.outcome === "toDecide")
      .map(
        (x): Task =>
          x.kind === "enquiry"
            ? {
                key: `enquiry-${x.id}`,
                code: "answerEnquiry",
                ...mine,
                day: inWorkingDays(x.at, targets.enquiry),
                command: "enquiry.answer",
                facts: { id: x.id },
              }
            : {
                key: `appeal-${x.id}`,
                code: "decideAppeal",
                ...mine,
                day: inWorkingDays(x.at, targets.appeal),
                facts: { id: x.id },
              },
      ),
  ];
}

/**
 * The meetings and sessions of others at which somebody is to be: theirs to know and to be reminded of, though the assessor
 * holds them. The apprentice's sessions; the planning meeting for apprentice and employer.
 */
export function attendancesOf(c: Case, pack: Pack): Task[] {
  return tasksOf(c, pack).flatMap((t): Task[] => {
    const roles =
      t.code === "session"
        ? (["apprentice"] as const)
        : t.code === "planningMeeting"
          ? (["apprentice", "employer"] as const)
          : [];
    return roles.map((role) => {
      const { key, command: _held, ...rest } = t;
      const code = t.code === "session" ? "attend" : "attendPlanning";
      return { ...rest, key: `${key}-${role}`, code, role, person: c.parties[role] };
    });
  });
}

/** When the task falls due: its time, or the end of its day in London. */
export const dueAt = (t: Pick<Task, "at" | "day">): Instant | undefined =>
  t.at ?? (t.day ? endOfDay(t.day) : undefined);

/** Whether nothing can be done about it any more. */
export const isPast = (t: Pick<Task, "until">, now: Instant): boolean =>
  t.until !== undefined && compareInstants(t.until, now) <= 0;

/** Late first by construction: by when it falls due, undated last. */
export const byDue = (a: Task, b: Task): number => {
  const [left, right] = [dueAt(a) ?? "9999", dueAt(b) ?? "9999"];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** What a method's title is needed for. */
export const methodTitle = (pack: Pack, method: MethodId): string => methodOf(pack, method).title;
