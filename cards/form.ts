import type { Problem } from "../src/case/case";
import type { Question } from "../src/rules/bank";
import type { Instant } from "../src/rules/calendar";
import type { Pack } from "../src/rules/pack";
import type { CaseView, GradingView } from "../src/views";
import type { Words } from "../src/wording/words";
import type { Button, OutsideRole, PressData } from "./press";

/**
 * A form is a dialog's content: fields, what to say above them, and the button that sends it. `cards/forms/` holds one for
 * each command that asks something; `cards/dialog.ts` draws any of them.
 */

export interface Option {
  value: string;
  title: string;
}

export type Field =
  /** Over a group of inputs. With an id, problems about the whole group stand under it ("mapping", "regrade"). */
  | { kind: "heading"; text: string; id?: string }
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
  /** What the button that sends it carries beside the arguments it was opened with: the grade shown, the item chosen. */
  args?: NonNullable<PressData["args"]>;
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
  /** Whose decision a coordinator records: its dialog also asks how it came, and what shows it. */
  behalf?: OutsideRole;
  /** The bank's questions for the method in `args`. */
  questions: readonly Question[];
  /** Staff that may be put on a case, by role. */
  staff: readonly StaffMember[];
  /** When assessor and apprentice have something else, as far as is known: for times to be offered. */
  busy?: readonly { name: string; at: Instant }[];
  /** The service makes meetings on Teams; else links of meetings made elsewhere are pasted. */
  meetings?: boolean;
  /** What was typed, when the form is drawn again: what follows from a date is said of the date typed. */
  typed?: Readonly<Record<string, string>>;
}

export interface StaffMember {
  person: string;
  name: string;
  roles: readonly string[];
}

/** What a form is made from that belongs to no case: registration, a body's staff and settings, a binding. */
export interface BodyFormContext {
  now: Instant;
  args: FormContext["args"];
  /** Packs under which this person may register; of several awarding bodies only when they work for several. */
  packs: readonly Pack[];
  staff: readonly StaffMember[];
  /** The share of grades sampled at present. */
  sampling?: { usual: number; byAssessor: Readonly<Record<string, number>> };
  /** A reference to begin with; without one the edge takes the next free one. */
  suggestedRef?: string;
  typed?: Readonly<Record<string, string>>;
}

/** Beside the inputs, what some payloads are made from. */
export type PayloadContext = Partial<Pick<FormContext, "questions">>;

export interface FormOf<C = FormContext> {
  form(ctx: C): Form;
  /**
   * From the inputs (strings, as Teams sends them; ids without their revision suffix) and the button's args to the command's
   * payload. Says nothing of lawfulness: zod and `decide` do. Missing inputs stay undefined; a box that is not ticked is
   * false, a list of which nothing is ticked is empty. Never throws.
   */
  payload(inputs: Readonly<Record<string, string>>, args: FormContext["args"], ctx?: PayloadContext): unknown;
}

/** What was typed, and what was wrong with it: the form is drawn again with both. */
export interface Refused {
  problems: readonly Problem[];
  inputs: Readonly<Record<string, string>>;
}
