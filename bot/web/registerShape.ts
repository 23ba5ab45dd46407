import { z } from "zod";

/** What registration of many asks and is told, checked both ways. */

/** Rows of one file, the header left out; and rows that one request registers. */
export const MOST_ROWS = 500;
export const ROWS_AT_ONCE = 20;

const text = z.string().min(1);
/** A table as it was read from a file: its first row says what the columns are. */
const table = (rows: number) =>
  z
    .array(z.array(z.string().max(1_000)).max(40))
    .min(1)
    .max(rows + 1);

/** `check` says what would become of each row, and writes nothing. */
export const RegisterAsk = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("check"), rows: table(MOST_ROWS) }),
  z.strictObject({ do: z.literal("register"), rows: table(ROWS_AT_ONCE) }),
]);
export type RegisterAsk = z.infer<typeof RegisterAsk>;

/** What is wrong with a row: in which column, where it is in one. */
const RowProblem = z.strictObject({ column: text.nullable(), says: text });
export type RowProblem = z.infer<typeof RowProblem>;

export const RegisteredRow = z.strictObject({
  /** From 1, the header left out. */
  n: z.int().positive(),
  /** ready: it would be registered. registered: it is, from now or from before. failed: not now, try again. */
  state: z.enum(["ready", "registered", "refused", "failed"]),
  /** The case's reference: once it is registered, or as the file has it. */
  ref: text.nullable(),
  /** The apprentice, as the file has it. */
  name: z.string(),
  problems: z.array(RowProblem),
});
export type RegisteredRow = z.infer<typeof RegisteredRow>;

export const RegisterAnswer = z.strictObject({
  /** What is wrong with the table as a whole: then there are no rows. */
  problems: z.array(text),
  /** Columns that nothing is made of. */
  ignored: z.array(text),
  rows: z.array(RegisteredRow),
});
export type RegisterAnswer = z.infer<typeof RegisterAnswer>;
