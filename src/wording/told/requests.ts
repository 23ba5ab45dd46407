import { londonDate } from "../../rules/calendar";
import { capital, dateText, inSentence } from "../format";
import { adjustmentTitle } from "../labels";
import { parties, type Tellings, tell } from "./about";

/** Adjustments and special consideration: told in private only. */

export const requests: Tellings<
  | "AdjustmentRequested"
  | "AdjustmentDecided"
  | "ConsiderationRequested"
  | "ConsiderationDecided"
  | "DispensationGranted"
> = {
  AdjustmentRequested: {
    private: true,
    say: tell(["coordinator", "apprentice"], (d, a) => ({
      title: "An adjustment is asked for",
      lines: [
        `${a.who} asked for it: ${inSentence(adjustmentTitle[d.kind])}${d.extraTimePercent ? `, ${d.extraTimePercent}%` : ""}.`,
        a.to === "coordinator" ? undefined : "A coordinator decides on it.",
      ],
      quote: d.need,
    })),
  },
  AdjustmentDecided: {
    private: true,
    say: {
      ...tell(parties, (d, a) => ({
        title: `${capital(a.whose)} adjustment is ${d.granted ? "granted" : "not granted"}`,
        lines: [d.granted && d.extraTimePercent ? `Extra time: ${d.extraTimePercent}%.` : undefined],
        quote: a.to === "apprentice" ? d.reason : undefined,
      })),
      // A limit to assess by; why it was granted is not theirs to know.
      assessor: (d, a) =>
        d.granted
          ? {
              title: `${capital(a.whose)} adjustment is granted`,
              lines: [
                d.extraTimePercent ? `Extra time: ${d.extraTimePercent}%.` : undefined,
                "Plan the sessions with it.",
              ],
            }
          : null,
    },
  },
  ConsiderationRequested: {
    private: true,
    say: tell(["coordinator", "apprentice"], (d, a) => ({
      title: "Special consideration is asked for",
      lines: [
        `${a.who} asked for it for ${a.w.theSession(d.method)}${d.session && d.session !== "next" ? ` of ${dateText(londonDate(d.session))}` : ""}.`,
        d.outcome === "reschedule"
          ? "Another date is tried first. It can be asked for again after the assessment."
          : a.to === "coordinator"
            ? undefined
            : "A coordinator decides on it.",
      ],
      quote: d.what,
    })),
  },
  ConsiderationDecided: {
    private: true,
    say: tell(["apprentice", "assessor"], (d, a) => ({
      title: `${capital(a.whose)} special consideration is ${d.granted ? "granted" : "not granted"}`,
      lines: [],
      quote: d.reason,
    })),
  },
  DispensationGranted: {
    private: true,
    say: tell(["assessor", "apprentice"], (_d, a) => ({
      title: "A dispensation is recorded",
      lines: [`A simulated session is allowed for ${a.to === "apprentice" ? "you" : a.ada}.`],
    })),
  },
};
