import type { Problem } from "../src/case/case";
import type { Question } from "../src/rules/bank";
import type { Instant } from "../src/rules/calendar";
import type { Pack } from "../src/rules/pack";
import type { CaseView, GradingView } from "../src/views";
import type { Words } from "../src/wording/words";
import type { Button, PressData } from "./press";

/**
 * A form is a dialog's content: fields, what to say above them, and the button that sends it. `cards/forms/` holds one for
 * each command that asks something; `cards/dialog.ts` draws any of them.
 */

export interface Option {
  value: string;
  title: string;
}

export type Field =
  | { kind: "heading"; text: string }
  /** A line of plain text; `strong` for a warning ("! Allowed …"), `quote` for people's own words. */
  | { kind: "line"; text: string; strong?: boolean; quote?: boolean; subtle?: boolean }
  | {
      kind: "text";
      id: string;
      label: string;
      max: number;
      multiline?: boolean;
      required?: boolean;
      value?: string;
      placeholder?: string;
      hint?: string;
    }
  | {
      kind: "number";
      id: string;
      label: string;
      min?: number;
      max?: number;
      required?: boolean;
      value?: number;
      hint?: string;
    }
  | {
      kind: "date";
      id: string;
      label: string;
      required?: boolean;
      value?: string;
      min?: string;
      max?: string;
      hint?: string;
    }
  | { kind: "time"; id: string; label: string; required?: boolean; value?: string; hint?: string }
  /** `many`: tick boxes, the value is a list. Few options are shown expanded; many in a drop-down. */
  | {
      kind: "choice";
      id: string;
      label: string;
      options: Option[];
      many?: boolean;
      compact?: boolean;
      required?: boolean;
      value?: string;
      hint?: string;
    }
  | { kind: "toggle"; id: string; label: string; required?: boolean; value?: boolean; hint?: string }
  /** A person of the tenant, picked by name. */
  | { kind: "person"; id: string; label: string; required?: boolean; hint?: string };

export interface Form {
  /** In the dialog's title bar: "Book observation". */
  title: string;
  fields: Field[];
  /** The button that sends it: "Book observation". */
  submit: string;
  /** Other buttons beside it ("Save for later"): each sends the same inputs under its own verb. */
  also?: Button[];
  size?: "medium" | "large";
}

/** What a form is made from. Everything comes in: no clock, no chance. */
export interface FormContext {
  view: CaseView;
  grading?: GradingView;
  pack: Pack;
  words: Words;
  now: Instant;
  args: NonNullable<PressData["args"]>;
  /** The bank's questions for the method in `args`. */
  questions: readonly Question[];
  /** Staff that may be put on a case, by role. */
  staff: readonly { person: string; name: string; roles: readonly string[] }[];
}

export interface FormOf {
  form(ctx: FormContext): Form;
  /**
   * From the inputs (strings, as Teams sends them; ids without their revision suffix) and the button's args to the command's
   * payload. Says nothing of lawfulness: zod and `decide` do. Missing inputs stay undefined.
   */
  payload(inputs: Readonly<Record<string, string>>, args: FormContext["args"]): unknown;
}

/** What was typed, and what was wrong with it: the form is drawn again with both. */
export interface Refused {
  problems: readonly Problem[];
  inputs: Readonly<Record<string, string>>;
}
