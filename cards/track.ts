import { z } from "zod";
import type { CaseView } from "../src/views";
import { ordinal } from "../src/wording/format";
import { trackWord } from "../src/wording/labels";
import { marks } from "./parts";

/** The stage track: a sentence, then five marks over their words. */

const text = z.string().min(1);
export const TrackModel = z.strictObject({
  sentence: text,
  stages: z
    .array(
      z.strictObject({
        mark: text,
        word: z.string().min(1).max(8),
        width: z.int().positive(),
        color: z.enum(["Good", "Accent", "Attention"]).nullable(),
        wordColor: z.literal("Accent").nullable(),
        weight: z.literal("Bolder").nullable(),
        subtle: z.literal(true).nullable(),
      }),
    )
    .length(5),
});

/** Shares of the width, as wide as the words are: five equal columns would break the longest of them at 280 px. */
const widths = { gateway: 50, planning: 51, handIn: 46, sessions: 50, results: 42 } as const;

const toneOf = { done: marks.done, now: marks.now, todo: marks.later } as const;

/** Where the case stands: "Stage 3 of 5: Hand-in", "All 5 stages done". */
export function stageLine(view: Pick<CaseView, "stage" | "track" | "attempt">): string {
  if (view.stage === "withdrawn") return "Withdrawn";
  if (view.stage === "erased") return "Erased";
  const at = view.track.findIndex((s) => s.state === "now");
  const stage = view.track[at];
  if (!stage) return `All ${view.track.length} stages done`;
  const again = view.attempt > 1 ? `, ${ordinal(view.attempt)} attempt` : "";
  return `Stage ${at + 1} of ${view.track.length}: ${trackWord[stage.stage]}${again}`;
}

/** The track's view model. */
export const trackModel = (view: Pick<CaseView, "stage" | "track" | "attempt">): z.infer<typeof TrackModel> => ({
  sentence: stageLine(view),
  stages: view.track.map(({ stage, state }) => ({
    ...toneOf[state],
    word: trackWord[stage],
    width: widths[stage] + (state === "now" ? 4 : 0),
    weight: state === "now" ? "Bolder" : null,
    wordColor: state === "now" ? "Accent" : null,
  })),
});
