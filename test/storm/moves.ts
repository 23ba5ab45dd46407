import type { Case, Offer, OutsideRole } from "../../src/case/case";
import { outsideRoles } from "../../src/case/case";
import { type CommandType, offered, payloads } from "../../src/case/decider";
import { can } from "../../src/permissions";
import { addDays, atLondon, type Instant, londonDate, londonTime } from "../../src/rules/calendar";
import type { Pack } from "../../src/rules/pack";
import {
  actorOf,
  bookingOn,
  goodEvidence,
  goodPlan,
  goodPortfolio,
  goodProposal,
  goodReport,
  gradeOf,
  marksFor,
} from "../support/case";
import type { Presser } from "./seed";
import { oneOf } from "./settings";

/** What somebody may sensibly press in a case: anything that it offers, with what a person would type. */

export interface Move {
  type: CommandType;
  by: Presser;
  /** Of the button. */
  args: Readonly<Record<string, string | number | boolean>>;
  /** Typed into the dialog; none for a button that asks nothing. */
  typed?: Readonly<Record<string, string>>;
  behalf?: OutsideRole;
}

export interface Around {
  pack: Pack;
  now: Instant;
  draw(): number;
  staff: readonly Presser[];
  /** Who of the case has an account. */
  account(person: string): Presser | undefined;
}

/** What takes a case on towards its result, so that lives go all the way. */
const onward: ReadonlySet<CommandType> = new Set<CommandType>([
  "staff.allocate",
  "interest.declare",
  "gateway.attest",
  "gateway.submit",
  "gateway.acceptItem",
  "gateway.confirm",
  "gateway.ready",
  "gateway.accept",
  "planning.schedule",
  "planning.finish",
  "proposal.submit",
  "proposal.accept",
  "report.submit",
  "portfolio.submit",
  "session.book",
  "session.start",
  "session.ask",
  "session.mark",
  "session.end",
  "grade.confirm",
  "moderation.uphold",
  "results.release",
  "resit.agree",
  "resit.open",
]);
const rare: ReadonlySet<CommandType> = new Set<CommandType>(["case.withdraw", "case.erase", "results.withhold"]);
/** Registered and corrected by their own dialogs; whoever is bound already is not invited. */
const notHere: ReadonlySet<CommandType> = new Set<CommandType>(["case.register", "person.correct", "chat.bind"]);

/** Something that the case offers, by somebody who may; undefined when the draw comes to nothing. */
export function drawMove(c: Case, o: Around): Move | undefined {
  const offers = offered(c, o.pack, o.now).filter(
    ({ type }) => !notHere.has(type) && (!rare.has(type) || o.draw() < 0.02),
  );
  const forward = offers.filter(({ type }) => onward.has(type));
  const from = forward.length > 0 && o.draw() < 0.75 ? forward : offers;
  if (from.length === 0) return undefined;
  const { type, data: offer } = oneOf(o.draw, from);
  const who = presserOf(c, type, offer, o);
  const payload = payloadOf(type, offer, c, o);
  const { role: _role, ...carried } = offer;
  const parsed = payloads[type].safeParse(
    payload ?? (type === "gateway.confirm" ? carried : { ...words(type), ...offer }),
  );
  if (!who || !parsed.success) return undefined;
  const { by, behalf } = who;
  const data = parsed.data as Record<string, unknown>;
  const plain = Object.values(data).every((v) => typeof v !== "object" && (typeof v !== "string" || v.length <= 200));
  const shown = Object.fromEntries(Object.entries(offer)) as Move["args"];
  if (plain && !("at" in data) && !behalf) return { type, by, args: data as Move["args"] };
  const how: Record<string, string> = behalf ? { "behalf-channel": "phone", "behalf-evidence": "A call, on file" } : {};
  return {
    type,
    by,
    args: { ...shown, ...flat(data) },
    typed: { ...typedOf(data), ...how },
    ...(behalf ? { behalf } : {}),
  };
}

function presserOf(c: Case, type: CommandType, offer: Offer, o: Around): Pick<Move, "by" | "behalf"> | undefined {
  const outside = outsideRoles.filter(
    (r) => offer.role === undefined || type !== "gateway.confirm" || offer.role === r,
  );
  const may = [
    ...outside.flatMap((role) => {
      const person = c.parties[role];
      const by = o.account(person);
      return by && !("refused" in can(actorOf(o.pack, person, role), type, c)) ? [{ by }] : [];
    }),
    ...o.staff.flatMap((by) =>
      "refused" in can(actorOf(o.pack, by.person, by.role ?? "coordinator"), type, c) ? [] : [{ by }],
    ),
  ];
  if (may.length > 0) return oneOf(o.draw, may);
  // Who has no account acts through the coordinator.
  const by = o.staff.find((s) => s.role === "coordinator" && c.staff.coordinator === s.person);
  const behalf = outside.find((r) => by && !("refused" in can(actorOf(o.pack, by.person, "coordinator"), type, c, r)));
  return by && behalf ? { by, behalf } : undefined;
}

/** Free words that most commands ask in one place or another; what a command does not know is left out of its payload. */
function words(type: CommandType): Record<string, unknown> {
  const all: Record<string, unknown> = {
    reason: "As things are",
    feedback: "Well prepared",
    note: "Agreed",
    text: "Spoke of it at length",
    detail: "Rang twice",
    need: "Reads slowly",
    what: type === "case.correct" ? "programmeStart" : "Had a fever",
    value: "2024-09-09",
    grounds: "I showed this",
    answer: "Looked at again",
    channel: "phone",
    evidence: "A call, on file",
    conflict: false,
    granted: true,
    upheld: false,
    declared: true,
    kind: type === "resit.agree" ? "resit" : type === "session.ask" ? "main" : "extraTime",
    extraTimePercent: 25,
    normalWay: true,
    apprenticeInvolved: true,
    rescheduleTried: true,
    criteria: [],
    methods: [],
    ticked: [],
    exceptions: [],
    why: "noShow",
    part: "open",
    reference: "D-17",
  };
  const known = Object.keys(payloads[type].shape);
  return Object.fromEntries(Object.entries(all).filter(([key]) => known.includes(key)));
}

function payloadOf(type: CommandType, offer: Offer, c: Case, o: Around): object | undefined {
  const { pack, draw } = o;
  const today = londonDate(o.now);
  const id = String(offer.method ?? "");
  const method = pack.methods.find((m) => m.id === id);
  const grade = oneOf(draw, ["fail", "pass", "pass", "distinction"] as const);
  const person = (role: string) =>
    oneOf(
      draw,
      o.staff.filter((s) => s.role === role),
    ).person;
  switch (type) {
    case "staff.allocate":
      return { ...offer, person: person(String(offer.role)), reason: "Shared out" };
    case "gateway.submit":
      return { ...goodEvidence(pack, String(offer.item)) };
    case "gateway.attest":
      return { lastDay: "2026-02-02", offTheJobPercent: 22, portfolioOwn: true };
    case "planning.schedule":
      return { at: atLondon(addDays(today, 1 + Math.floor(draw() * 3)), "14:00"), where: "Teams" };
    case "planning.finish":
      return goodPlan(pack, c, c.planning.meeting ? londonDate(c.planning.meeting.at) : today);
    case "proposal.submit":
      return goodProposal(pack);
    case "proposal.return":
      return { ...offer, reasons: ["ksbs"], feedback: "Say what you did" };
    case "report.submit":
      return goodReport(pack);
    case "portfolio.submit":
      return goodPortfolio(pack);
    case "session.book":
    case "session.move":
      return {
        ...bookingOn(pack, id, addDays(today, 14 + Math.floor(draw() * 10)), oneOf(draw, ["10:00", "13:30"])),
        ...(type === "session.move" ? { reason: "The room is taken" } : {}),
      };
    case "session.start":
      return {
        method: id,
        identityChecked: true,
        conditions: [...(method?.session.conditions ?? []), ...(method?.session.setting?.checklist ?? [])].map(
          (x) => x.id,
        ),
        recording: true,
      };
    case "session.ask":
      return { method: id, text: "How was that?", kind: "main", criteria: [] };
    case "session.mark":
      return { method: id, marks: method ? marksFor(method, grade) : {} };
    case "session.end":
      return { method: id, discretion: true, reason: "As it went" };
    case "grade.confirm": {
      const marks = c.attempts[id]?.at(-1)?.marks ?? {};
      return { method: id, grade: method ? gradeOf(method, marks) : grade, declared: true };
    }
    case "mark.correct": {
      const keys = Object.keys(c.attempts[id]?.at(-1)?.marks ?? {});
      return keys.length === 0
        ? undefined
        : { method: id, criterion: oneOf(draw, keys), mark: oneOf(draw, ["met", "notMet"]), reason: "Heard again" };
    }
    case "resit.open": {
      const last = c.releases.at(-1)?.grades ?? {};
      const failed = Object.keys(last).filter((m) => last[m] === "fail");
      return { kind: "resit", methods: failed, actionPlan: "Two sessions with the tutor", developed: true };
    }
    default:
      return undefined;
  }
}

const flat = (data: Record<string, unknown>): Move["args"] =>
  Object.fromEntries(
    Object.entries(data).filter(
      ([, v]) => typeof v === "number" || typeof v === "boolean" || (typeof v === "string" && v.length <= 200),
    ),
  ) as Move["args"];

/** The inputs that make this payload, as Teams sends them: strings, moments as a date and a time, lists joined by commas. */
function typedOf(data: Record<string, unknown>, prefix = ""): Record<string, string> {
  const typed: Record<string, string> = {};
  for (const [key, value] of Object.entries(data)) {
    const id = `${prefix}${key}`;
    if (key === "at" && typeof value === "string") {
      typed[`${prefix}date`] = londonDate(value);
      typed[`${prefix}time`] = londonTime(value);
    } else if (key === "sessions" && Array.isArray(value)) {
      for (const one of value as { method: string }[]) Object.assign(typed, typedOf({ ...one }, `${one.method}-`));
    } else if (Array.isArray(value)) typed[id] = value.join(",");
    else if (typeof value === "object" && value !== null)
      for (const [k, v] of Object.entries(value)) typed[`${key === "marks" ? "mark" : key}-${k}`] = String(v);
    else if (value !== undefined) typed[id] = String(value);
  }
  return typed;
}
