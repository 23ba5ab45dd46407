import { z } from "zod";
import { awaitedRoles, dueTones, queueSorts, queueStages } from "../../src/queue";

/** What the work queue asks and is told, checked both ways. */

/** Rows of one page. */
export const QUEUE_ROWS = 50;
/** Cases that one allocation may be of. */
export const MOST_AT_ONCE = 50;

const text = z.string().min(1);
const personId = z.string().regex(/^[\w:.-]{1,80}$/);
const caseId = z.string().regex(/^[\w:.-]{1,80}$/);

/** Everything that is not asked for is left out. */
export const QueueAsk = z.strictObject({
  stage: z.enum(queueStages).optional(),
  who: z.enum(awaitedRoles).optional(),
  due: z.enum(dueTones).optional(),
  /** Something is awaited for that assessment. */
  method: z
    .string()
    .regex(/^[\w-]{1,32}$/)
    .optional(),
  /** A person's id, or "none". */
  assessor: personId.optional(),
  body: personId.optional(),
  q: z.string().trim().max(80).optional(),
  sort: z.enum(queueSorts).optional(),
  down: z.literal("1").optional(),
  /** From 1. */
  page: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .transform(Number)
    .optional(),
});
export type QueueAsk = z.infer<typeof QueueAsk>;

const Hint = z.strictObject({ text, tone: z.enum(["late", "soon", "later"]) });

export const QueueLine = z.strictObject({
  caseId,
  ref: text,
  /** The apprentice. */
  name: text,
  employer: z.string(),
  /** "Stage 3 of 5: Hand-in" */
  stage: text,
  track: z.array(z.enum(["done", "now", "todo"])),
  /** What is awaited first, of whom is asked for. */
  next: text.nullable(),
  /** By whom: "Ada Example, apprentice", "You". */
  by: text.nullable(),
  when: text.nullable(),
  hint: Hint.nullable(),
  assessor: text.nullable(),
  iqa: text.nullable(),
  /** Colleagues who declared a conflict of interest in it; for coordinators, who put people on cases. */
  conflicts: z.array(personId),
  /** Of several bodies, which. */
  body: text.nullable(),
  /** Opens the chat with the command written. */
  link: z.url(),
});
export type QueueLine = z.infer<typeof QueueLine>;

/** A choice of a filter: how many cases it would show. */
const Choice = z.strictObject({ value: text, title: text, count: z.int().nonnegative() });
export type Choice = z.infer<typeof Choice>;

const Colleague = z.strictObject({
  person: personId,
  name: text,
  roles: z.array(z.enum(["assessor", "iqa"])),
  /** Open cases on which they are, in each part. */
  open: z.strictObject({ assessor: z.int().nonnegative(), iqa: z.int().nonnegative() }),
});
export type Colleague = z.infer<typeof Colleague>;

export const QueueAnswer = z.strictObject({
  rows: z.array(QueueLine),
  /** Cases that fit, and pages of them; `page` is the one told. */
  fit: z.int().nonnegative(),
  page: z.int().positive(),
  pages: z.int().positive(),
  /** Open cases looked through; `capped` where there are more than are looked through. */
  of: z.int().nonnegative(),
  capped: z.boolean(),
  filters: z.strictObject({
    stage: z.array(Choice),
    who: z.array(Choice),
    due: z.array(Choice),
    method: z.array(Choice),
    assessor: z.array(Choice),
    body: z.array(Choice),
  }),
  /** Whom the reader may put on cases; none where they may not. */
  staff: z.array(Colleague),
});
export type QueueAnswer = z.infer<typeof QueueAnswer>;

/** One or several cases get an assessor or quality assurer. The id is made where the button was drawn: pressed twice, it is done once. */
export const Allocate = z.strictObject({
  id: z.uuid(),
  role: z.enum(["assessor", "iqa"]),
  person: personId,
  cases: z.array(caseId).min(1).max(MOST_AT_ONCE),
  /** Needed where somebody is replaced. */
  reason: z.string().trim().min(1).max(2000).optional(),
});
export type Allocate = z.infer<typeof Allocate>;

export const Allocated = z.strictObject({
  cases: z.array(
    z.strictObject({
      caseId,
      kind: z.enum(["done", "already", "refused", "failed"]),
      /** Why not, in words. */
      says: text.nullable(),
    }),
  ),
});
export type Allocated = z.infer<typeof Allocated>;
