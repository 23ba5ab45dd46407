import { type Attempt, attemptAt, type Case, type FreeText, wordsOf } from "../case/case";
import { offers } from "../case/decider";
import { joinLinkOf, presenceOf } from "../case/meetings";
import { couldAttend } from "../case/presence";
import { type Actor, can, closedTo, viewRole } from "../permissions";
import type { Bank } from "../rules/bank";
import { type Instant, londonDate } from "../rules/calendar";
import type { Method, Pack } from "../rules/pack";
import { capital, counted, spelled } from "../wording/format";
import type { Words } from "../wording/words";
import { coverageOf, questionsView } from "./coverage";
import { finishOf, groupsOf, notesOf, provisionalOf } from "./grading";
import { outsidePanel } from "./outside";
import {
  type Checklist,
  type GradingPanel,
  type HandedIn,
  type PanelCommand,
  type PanelView,
  panelCommands,
  type SessionHead,
} from "./shape";
import { phaseOf, timerOf } from "./timer";

/** What a view is made of beside the case: who looks, and what the case does not hold. */
export interface PanelSources {
  pack: Pack;
  /** The bank in the session's version, else the one in force. */
  bank: Bank | undefined;
  now: Instant;
  words: Words;
  /** The words of notes by the seq of their events, as far as they were brought. */
  texts: ReadonlyMap<number, FreeText>;
}

/**
 * The panel of one session as this actor may see it: the assessor's working sheet, the same read-only for IQA, coordinator and
 * auditor; time and practical information for apprentice and employer; what to do first for who has not declared. Undefined
 * for everyone else, for a method that the pack does not have, and while the session is not booked.
 */
export function panelView(c: Case, actor: Actor, methodId: string, s: PanelSources): PanelView | undefined {
  const role = viewRole(actor, c);
  const method = s.pack.methods.find((m) => m.id === methodId);
  if (role === undefined || role === "provider" || !method || c.stage === "withdrawn") return undefined;
  const a = attemptAt(c, methodId);
  const phase = phaseOf(a);
  if (phase === undefined) return undefined;
  const session = headOf(c, method, a, s.words, role === "apprentice");
  if (role === "apprentice" || role === "employer") return outsidePanel(c, s.pack, method, a, role, session);
  if (closedTo(actor, c))
    return {
      kind: "closed",
      session,
      says: "You have not declared your interest in this case.",
      todo: `Write “case ${c.ref}” to Epilogue and declare it there. The session opens then.`,
    };
  const { open, ...questions } = questionsView(c, method, a, s.bank);
  const notes = notesOf(a, s.texts);
  const provisional = provisionalOf(method, a, notes, open);
  return {
    kind: "grading",
    role,
    revision: c.revision,
    session,
    timer: timerOf(c, method, a, phase),
    checklist: phase === "before" ? checklistOf(c, method, a, questions, s.now) : null,
    questions,
    ...groupsOf(method, a, s.words),
    notes,
    coverage: coverageOf(method, a, open),
    provisional,
    finish: finishOf(method, a, phase, provisional, s.words),
    handedIn: handedInOf(c, method),
    ...asTeamsTold(a, s.words),
    present: asRecorded(c, a, s.words),
    may: mayOf(c, actor, s.pack, methodId, s.now),
  };
}

/** Commands of the panel that this actor may give now on the session. */
const mayOf = (c: Case, actor: Actor, pack: Pack, method: string, now: Instant): PanelCommand[] =>
  panelCommands.filter(
    (type) => "role" in can(actor, type, c) && offers[type](c, pack, now).some((o) => o.method === method),
  );

function headOf(c: Case, m: Method, a: Attempt, w: Words, own: boolean): SessionHead {
  const { booking } = a.session;
  return {
    caseId: c.id,
    ref: c.ref,
    method: m.id,
    title: m.title,
    attempt: a.n,
    ...(own ? {} : { apprentice: w.person(c.parties.apprentice) }),
    employerName: c.employerName,
    assessor: w.person(c.staff.assessor),
    at: booking?.at ?? null,
    setting: booking?.setting ?? null,
    where: booking ? wordsOf(booking.where) || null : null,
    link: wordsOf(joinLinkOf(c, m.id)) || null,
  };
}

/** Who was there, as Teams said it, where it said anything. */
function asTeamsTold({ session }: Attempt, w: Words): Pick<GradingPanel, "presence"> {
  if (!session.seen) return {};
  const { people, ...said } = presenceOf(session.seen);
  return { presence: { ...said, people: people.map((id) => w.person(id)) } };
}

/** Who was there, as the assessor recorded it. */
function asRecorded(c: Case, { session }: Attempt, w: Words): GradingPanel["present"] {
  const { present } = session;
  return {
    could: couldAttend(c).map(({ role, person }) => ({ role, name: w.person(person), part: w.role(role) })),
    recorded: present
      ? {
          who: [...present.who],
          others: wordsOf(present.others) || null,
          at: present.at,
          by: w.person(present.by.person),
        }
      : null,
  };
}

function checklistOf(c: Case, m: Method, a: Attempt, questions: GradingPanel["questions"], now: Instant): Checklist {
  const { conditions, setting } = m.session;
  const { booking } = a.session;
  return {
    identity: { title: "I have checked the apprentice's identity" },
    conditions: [
      ...conditions.map((x) => ({ id: x.id, title: x.title, needed: true })),
      ...(setting?.checklist ?? []).map((x) => ({ id: x.id, title: x.title, needed: false })),
    ],
    recording:
      booking?.setting === "teams"
        ? { title: "This session is recorded", consent: "The apprentice consents to the recording" }
        : null,
    storage: {
      title: "This device keeps what you type while it is offline",
      otherwise: "This device cannot keep what you type. Stay online, or use another one.",
    },
    ready: [...drawnLine(questions, m), ...handedInLine(c, m)],
    today: booking !== undefined && londonDate(booking.at) === londonDate(now),
  };
}

function drawnLine({ draw, bank }: GradingPanel["questions"], m: Method): Checklist["ready"] {
  if (!draw) return bank.length === 0 ? [] : [{ ok: false, says: "The questions are not drawn yet" }];
  const all = m.criteria.pass.length + m.criteria.distinction.length;
  const again = bank.filter((q) => q.drawn && q.earlier).length;
  const reach =
    draw.uncovered.length === 0
      ? `all ${counted(all, "criterion", "criteria")}`
      : `${all - draw.uncovered.length} of ${all} criteria`;
  return [
    {
      ok: draw.uncovered.length === 0,
      says: `${capital(spelled(draw.ids.length))} questions drawn; they cover ${reach}`,
    },
    ...(again > 0
      ? [{ ok: false, says: `${capital(spelled(again))} of them were used before: the bank had too few others` }]
      : []),
  ];
}

function handedInLine(c: Case, m: Method): Checklist["ready"] {
  if (!m.handIn) return [];
  const h = handedInOf(c, m);
  if (!h) return [{ ok: false, says: `${m.handIn.title}: not handed in` }];
  const size = h.words ? counted(h.words.count, "word") : counted(h.pieces ?? 0, "piece");
  const unmapped = h.mapping.filter((x) => x.pieces.length === 0).length;
  const mapped =
    h.mapping.length === 0 ? "" : unmapped === 0 ? ", all mapped" : `, ${counted(unmapped, "KSB")} not mapped`;
  const fits = !h.words || (h.words.count >= h.words.least && h.words.count <= h.words.most);
  return [{ ok: fits && unmapped === 0, says: `${h.title}, ${size}${mapped}` }];
}

/** The latest version, of this attempt or, where nothing new was handed in, of the one before. */
function handedInOf(c: Case, m: Method): HandedIn | null {
  const { handIn } = m;
  const last = (c.attempts[m.id] ?? []).flatMap((a) => a.handIns).at(-1);
  if (!handIn || !last) return null;
  const reference = wordsOf(last.reference);
  const items = handIn.kind === "report" ? handIn.contents.items : [];
  const { mapping } = last;
  return {
    kind: handIn.kind,
    title: handIn.title,
    at: last.at,
    reference,
    link: /^https:\/\/\S+$/.test(reference) && URL.canParse(reference) ? reference : null,
    words:
      handIn.kind === "report" && last.words !== undefined
        ? {
            count: last.words,
            least: Math.round(handIn.words.target * (1 - handIn.words.variance)),
            most: Math.round(handIn.words.target * (1 + handIn.words.variance)),
          }
        : null,
    pieces: last.pieces ?? null,
    contents: items.map((i) => ({ title: i.title, ticked: last.contents?.includes(i.id) === true })),
    mapping: mapping ? m.ksbs.map((k) => ({ ksb: k.id, text: k.text, pieces: [...(mapping[k.id] ?? [])] })) : [],
  };
}
