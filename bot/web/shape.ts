import { z } from "zod";

/** What the tab asks and is told, checked both ways. */

/** Rows of one page of a list. */
export const ROWS = 8;

const text = z.string().min(1);
/** Opaque, from an earlier answer. */
const cursor = z.string().regex(/^[\w-]{1,512}$/);

/** The first page of both lists, or a further page of one. */
export const Asked = z.union([z.strictObject({}), z.strictObject({ list: z.enum(["cases", "due"]), after: cursor })]);
export type Asked = z.infer<typeof Asked>;

/** How near a day is: the words, and how they are to look. */
const Hint = z.strictObject({ text, tone: z.enum(["late", "soon", "later"]) });

const CaseLine = z.strictObject({
  ref: text,
  /** The apprentice. */
  name: text,
  /** "EX-2026-0147 · Fictional Foods Ltd" */
  meta: text,
  /** "Stage 3 of 5: Hand-in" */
  stage: text,
  track: z.array(z.enum(["done", "now", "todo"])),
  /** What is next, and by whom unless it is the reader. */
  next: text.nullable(),
  hint: Hint.nullable(),
  /** Opens the chat with the command written. */
  link: z.url(),
});

const DueLine = z.strictObject({
  /** The same in every answer while the same thing is due. */
  key: text,
  ref: text,
  what: text,
  /** "You · Ada Example · EX-2026-0147" */
  meta: text,
  /** "Tue 26 May 2026" */
  when: text,
  hint: Hint,
  link: z.url(),
});

export const Answer = z.strictObject({
  name: text,
  /** What else the tab is good for: staff have a work queue, coordinators register many and keep the question banks. */
  role: z.enum(["coordinator", "staff", "party"]),
  cases: z.array(CaseLine),
  due: z.array(DueLine),
  /** Where the next page of each list begins; null on its last. */
  more: z.strictObject({ cases: cursor.nullable(), due: cursor.nullable() }),
});
export type Answer = z.infer<typeof Answer>;
export type CaseLine = z.infer<typeof CaseLine>;
export type DueLine = z.infer<typeof DueLine>;
export type Hint = z.infer<typeof Hint>;

/** Why there is no answer: `NotBound` is an account that no person was bound to yet. */
export type Refused =
  | "SignInNeeded"
  | "SignInUnavailable"
  | "NotBound"
  | "NotStaff"
  | "BadRequest"
  | "PayloadTooLarge"
  | "TooManyRequests";
