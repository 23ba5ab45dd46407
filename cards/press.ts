import { z } from "zod";
import { type OutsideRole, outsideRoles } from "../src/case/case";

/**
 * What a button carries: ids and what was seen, never state or identity. The same shape goes out in a card and comes back
 * in an invoke, where it is parsed again: nothing in it is believed.
 */

const args = z.record(z.string().max(40), z.union([z.string().max(200), z.number(), z.boolean()]));

export const PressData = z.object({
  /** A command's type to do it, "form" to open its dialog, or "view.…" to look. */
  verb: z.string().min(1).max(60),
  caseId: z.string().min(1).max(80).optional(),
  seen: z.int().nonnegative().optional(),
  /** Made when the button was drawn: the same press, delivered twice, is one command. */
  commandId: z.string().min(8).max(80).optional(),
  /** For "form": which command's. */
  command: z.string().max(60).optional(),
  /** Arguments of the offer: method, item, id, n. */
  args: args.optional(),
  behalf: z.enum(outsideRoles).optional(),
  /** Rules that a coordinator lifts with it; the reason stands in the dialog's own input. */
  override: z
    .array(z.string().regex(/^R\d\d$/))
    .max(20)
    .optional(),
});
export type PressData = z.infer<typeof PressData>;

/** A button as a card shows it. */
export interface Button {
  title: string;
  data: PressData;
  /** Opens a dialog: sent as Action.Submit with task/fetch; else Action.Execute (or Action.Submit inside a dialog). */
  dialog?: boolean;
  primary?: boolean;
  /** Behind "…". */
  secondary?: boolean;
  tooltip?: string;
}

export type { OutsideRole };
