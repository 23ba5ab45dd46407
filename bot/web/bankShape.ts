import { z } from "zod";

/** What the question banks ask and are told, checked both ways. */

const text = z.string().min(1);
const id = z.string().min(1).max(80);
const Question = z.strictObject({ id: text, text, criteria: z.array(text) });

export const BanksAnswer = z.strictObject({
  packs: z.array(
    z.strictObject({
      pack: text,
      /** "TQUK, ST0071 v1.1" */
      title: text,
      version: text.nullable(),
      methods: z.array(
        z.strictObject({
          method: text,
          title: text,
          /** How many a session draws. */
          size: z.int().positive(),
          criteria: z.array(z.strictObject({ id: text, text })),
          questions: z.array(Question),
          /** Brought in when and by whom; null while the sample is in force. */
          since: text.nullable(),
        }),
      ),
    }),
  ),
});
export type BanksAnswer = z.infer<typeof BanksAnswer>;
export type BankMethod = BanksAnswer["packs"][number]["methods"][number];

/** `check` says what would come of it, and writes nothing. */
export const BankAsk = z.strictObject({
  do: z.enum(["check", "import"]),
  id: z.uuid(),
  pack: id,
  method: id,
  /** The version that was looked at: one brought in since is not lost. */
  after: z.string().min(1).max(40).nullable(),
  /** The first row says what the columns are. */
  rows: z
    .array(z.array(z.string().max(1_000)).max(40))
    .min(1)
    .max(301),
});
export type BankAsk = z.infer<typeof BankAsk>;

export const BankTold = z.strictObject({
  state: z.enum(["ready", "refused", "imported", "same"]),
  /** What is wrong with it as a whole. */
  problems: z.array(text),
  /** What is good to know of it, and stops nothing. */
  hints: z.array(text),
  rows: z.array(
    z.strictObject({
      n: z.int().positive(),
      text: z.string(),
      criteria: z.string(),
      /** kept: there before, word for word. */
      state: z.enum(["new", "changed", "kept", "refused"]),
      problems: z.array(text),
    }),
  ),
  /** Questions in force that are not in the file. */
  gone: z.int().nonnegative(),
  version: text.nullable(),
});
export type BankTold = z.infer<typeof BankTold>;
