import { z } from "zod";
import { markKeys } from "../rules/grade";
import { methodOf } from "../rules/pack";
import {
  type Asked,
  type Attempt,
  askedId,
  attemptAt,
  type Decide,
  type Evolves,
  type FreeText,
  free,
  type Judge,
  judge,
  type Mark,
  type MarkStamp,
  momentOf,
  type NewEvent,
  type NoteRef,
  noteId,
  type Offers,
  withAttempt,
} from "./case";
import { id, mark, methodId, text } from "./payload";
import { judgeCriteria, momentStamp, openIn, whileOpen, withSession } from "./sitting";

/**
 * Evidence of a session: notes, marks and ticks, from its start until the grade is confirmed. Two devices may write at once: a
 * command names what its person saw (`after`), and where something else stands by now it is refused, not laid over it.
 */

/** An asked question by its id; by its number, as a card has it. */
const question = z.union([z.int().positive(), id]).optional();

export const commands = {
  "session.note": z.strictObject({
    method: methodId,
    text: text(8000),
    criteria: z.array(id).max(60),
    question,
  }),
  "session.correctNote": z.strictObject({
    method: methodId,
    note: id,
    text: text(8000),
    criteria: z.array(id).max(60),
    question,
    /** The command whose words were seen; not checked when left out. */
    after: id.optional(),
  }),
  "session.mark": z.strictObject({
    method: methodId,
    marks: z.record(z.string().max(40), mark),
    /** By key the command whose mark was seen, null for none; keys left out are not checked. */
    after: z.record(z.string().max(40), id.nullable()).optional(),
  }),
  "session.descriptors": z.strictObject({ method: methodId, ticked: z.array(id).max(40) }),
};

export type Event =
  | NewEvent<"NoteAdded", { method: string; id?: string; text: FreeText; criteria: string[]; question?: number }>
  | NewEvent<
      "NoteCorrected",
      { method: string; note: string; id: string; text: FreeText; criteria: string[]; question?: number }
    >
  | NewEvent<"CriteriaMarked", { method: string; id?: string; marks: Record<string, Mark> }>
  | NewEvent<"DescriptorsTicked", { method: string; ticked: string[] }>;

/** The number of the asked question that is named; one taken back meanwhile too: the words are evidence all the same. */
function questionNamed(j: Judge, asked: readonly Asked[], named: string | number | undefined): { question?: number } {
  if (named === undefined) return {};
  const n = asked.find((a) => (typeof named === "number" ? a.n === named : askedId(a) === named))?.n;
  j.need(n !== undefined, "NO_SUCH_QUESTION", { question: named }, "question");
  return n === undefined ? {} : { question: n };
}

/** The command that made the mark which stands; null when none did, or none is known. */
const lastOf = (a: Attempt, key: string): string | null =>
  a.marked !== undefined && Object.hasOwn(a.marked, key) ? (a.marked[key]?.command ?? null) : null;

export const decide: { [T in keyof typeof commands]: Decide<z.infer<(typeof commands)[T]>, Event> } = {
  "session.note": (p, c, ctx) => {
    const s = openIn(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const j = judge(ctx);
    judgeCriteria(j, s.method, p.criteria);
    const tied = questionNamed(j, s.attempt.session.asked, p.question);
    return j.settle(() => [
      {
        type: "NoteAdded",
        data: { method: p.method, id: ctx.command, text: free(p.text), criteria: p.criteria, ...tied },
      },
    ]);
  },

  "session.correctNote": (p, c, ctx) => {
    const s = openIn(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const j = judge(ctx);
    const note = s.attempt.session.notes.find((n) => noteId(n) === p.note);
    j.need(note !== undefined, "NO_SUCH_NOTE", { note: p.note }, "note");
    const stands = note && versionOf(note);
    j.need(p.after === undefined || stands === undefined || p.after === stands, "NOTE_CONFLICT", { note: p.note });
    judgeCriteria(j, s.method, p.criteria);
    const tied = questionNamed(j, s.attempt.session.asked, p.question);
    return j.settle(() => [
      {
        type: "NoteCorrected",
        data: { method: p.method, note: p.note, id: ctx.command, text: free(p.text), criteria: p.criteria, ...tied },
      },
    ]);
  },

  "session.mark": (p, c, ctx) => {
    const s = openIn(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const { method, attempt } = s;
    const j = judge(ctx);
    const keys = new Set(markKeys(method).map((k) => k.key));
    const strange = Object.keys(p.marks).filter((k) => !keys.has(k));
    j.need(strange.length === 0, "NO_SUCH_CRITERION", { criteria: strange });
    const differs = ([key, m]: [string, Mark]) => (attempt.marks[key] ?? "notYet") !== m;
    const rival = ([key]: [string, Mark]) =>
      p.after !== undefined && Object.hasOwn(p.after, key) && p.after[key] !== lastOf(attempt, key);
    const clashing = Object.entries(p.marks).filter((one) => rival(one) && differs(one));
    j.need(clashing.length === 0, "MARK_CONFLICT", { criteria: clashing.map(([key]) => key) });
    // The same mark, made on two devices unknown to each other, is on record twice: what follows it names either.
    const changed = Object.entries(p.marks).filter((one) => differs(one) || rival(one));
    return j.settle(() =>
      changed.length === 0
        ? []
        : [{ type: "CriteriaMarked", data: { method: p.method, id: ctx.command, marks: Object.fromEntries(changed) } }],
    );
  },

  "session.descriptors": (p, c, ctx) => {
    const s = openIn(c, ctx.pack, p.method);
    if ("refused" in s) return s;
    const j = judge(ctx);
    const ids = s.method.criteria.fail.map((f) => f.id);
    j.need(
      p.ticked.every((t) => ids.includes(t)),
      "NO_SUCH_CRITERION",
      { criteria: p.ticked.filter((t) => !ids.includes(t)) },
    );
    const before = s.attempt.descriptors;
    const ticked = [...new Set(p.ticked)];
    const unchanged = ticked.length === before.length && ticked.every((t) => before.includes(t));
    return j.settle(() => (unchanged ? [] : [{ type: "DescriptorsTicked", data: { method: p.method, ticked } }]));
  },
};

/** The command whose words the note has now. */
export const versionOf = (n: NoteRef): string => n.corrected?.command ?? noteId(n);

export const evolve: Evolves<Event> = {
  // The words stand in the event; the case keeps where, so that the head stays small.
  NoteAdded: (c, d, e) => {
    const { session } = attemptAt(c, d.method);
    const note: NoteRef = {
      seq: e.seq,
      ...(d.id === undefined ? {} : { id: d.id }),
      at: momentOf(e),
      criteria: d.criteria,
      ...(d.question ? { question: d.question } : {}),
    };
    return withSession(c, d.method, { notes: [...session.notes, note] });
  },
  NoteCorrected: (c, d, e) => {
    const { notes } = attemptAt(c, d.method).session;
    const corrected = (n: NoteRef): NoteRef => {
      const { question: _before, ...kept } = n;
      return {
        ...kept,
        seq: e.seq,
        id: noteId(n),
        criteria: d.criteria,
        ...(d.question ? { question: d.question } : {}),
        corrected: { at: momentOf(e), command: d.id },
      };
    };
    return withSession(c, d.method, { notes: notes.map((n) => (noteId(n) === d.note ? corrected(n) : n)) });
  },
  CriteriaMarked: (c, d, e) => {
    const a = attemptAt(c, d.method);
    const marks = { ...a.marks, ...d.marks };
    if (d.id === undefined) return withAttempt(c, d.method, { marks });
    const stamp: MarkStamp = {
      ...momentStamp(e),
      command: d.id,
      ...(e.occurred ? { device: e.occurred.device } : {}),
    };
    const stamps = Object.fromEntries(Object.keys(d.marks).map((key) => [key, stamp]));
    return withAttempt(c, d.method, { marks, marked: { ...a.marked, ...stamps } });
  },
  DescriptorsTicked: (c, d) => withAttempt(c, d.method, { descriptors: d.ticked }),
};

export const offers: Offers<keyof typeof commands> = {
  "session.note": whileOpen,
  "session.correctNote": (c, pack) =>
    whileOpen(c, pack).filter((o) => attemptAt(c, String(o.method)).session.notes.length > 0),
  "session.mark": whileOpen,
  "session.descriptors": (c, pack) =>
    whileOpen(c, pack).filter((o) => methodOf(pack, String(o.method)).criteria.fail.length > 0),
};
