import { z } from "zod";
import type { Problem } from "../src/case/case";
import { clauseLine, tell } from "../src/wording/problems";
import { clip, type Drawing } from "./parts";
import type { Button } from "./press";

/** What stands over a card after a press: what happened, and what did not. */
export type Banner =
  /** Done already, by someone else or by an earlier press. `text` says who did what, when. */
  | { kind: "stale"; text: string }
  | { kind: "refused"; title: string; problems: readonly Problem[]; mayLift?: boolean }
  /** It was done, and a rule that is only advised was not kept. */
  | { kind: "warned"; problems: readonly Problem[] }
  /** The store could not be reached. `text` where there is more to say than that nothing was kept; `again` presses once more. */
  | { kind: "notSaved"; text?: string; again?: Button }
  | { kind: "done"; title: string; text?: string };

const text = z.string().min(1);
export const BannerModel = z.strictObject({
  style: z.enum(["accent", "attention", "emphasis"]),
  title: text,
  color: z.literal("Attention").nullable(),
  lines: z.array(
    z.strictObject({
      text,
      weight: z.literal("Bolder").nullable(),
      size: z.literal("Small").nullable(),
      spacing: z.enum(["None", "Small"]),
    }),
  ),
});
type Model = z.infer<typeof BannerModel>;
type Line = Model["lines"][number];

const plain = (words: string): Line => ({ text: clip(words, 600), weight: null, size: null, spacing: "None" });
const bold = (words: string): Line => ({ ...plain(words), weight: "Bolder", spacing: "Small" });
const small = (words: string): Line => ({ ...plain(words), size: "Small", spacing: "Small" });

/** The banner's view model. */
export function bannerModel(b: Banner, d: Pick<Drawing, "pack" | "words">): Model {
  switch (b.kind) {
    case "stale":
      return { style: "accent", title: "Already done", color: null, lines: [plain(b.text)] };
    case "refused":
      return { style: "attention", title: b.title, color: "Attention", lines: b.problems.slice(0, 6).flatMap(told) };
    case "warned":
      return { style: "emphasis", title: "! Done, with a warning", color: null, lines: b.problems.flatMap(warning) };
    case "notSaved": {
      const why = b.text ?? "The record could not be reached, so nothing was kept.";
      return { style: "attention", title: "Not saved", color: "Attention", lines: [plain(why)] };
    }
    case "done":
      return { style: "emphasis", title: b.title, color: null, lines: b.text ? [plain(b.text)] : [] };
  }

  function told(p: Problem): Line[] {
    const t = tell(p, d.pack, d.words, { mayLift: b.kind === "refused" && b.mayLift === true });
    const clause = clauseLine(t);
    return [plain(t.fact), bold(t.lawful), ...(clause ? [small(clause)] : [])];
  }
  function warning(p: Problem): Line[] {
    const t = tell(p, d.pack, d.words, { as: "warned" });
    const clause = clauseLine(t);
    return [plain(t.fact), ...(clause ? [small(clause)] : [])];
  }
}
