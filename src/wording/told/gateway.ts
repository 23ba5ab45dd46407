import { capital, dateText } from "../format";
import { everyone, nobody, type Tellings, tell } from "./about";

/** Gateway: evidence and confirmations. */

export const gateway: Tellings<
  | "TimeOnProgrammeAttested"
  | "EvidenceSubmitted"
  | "EvidenceAccepted"
  | "EvidenceReturned"
  | "GatewayConfirmed"
  | "ApprenticeReady"
  | "GatewayAccepted"
> = {
  TimeOnProgrammeAttested: nobody,
  EvidenceSubmitted: {
    say: {
      coordinator: (d, a) => ({
        title: "Gateway evidence came in",
        lines: [`${a.who} handed in “${a.w.evidence(d.item)}” for ${a.ada}. Accept it or return it.`],
      }),
    },
  },
  EvidenceAccepted: nobody,
  EvidenceReturned: {
    say: {
      provider: (d, a) => ({
        title: `“${a.w.evidence(d.item)}” came back`,
        lines: [`It belongs to the gateway evidence of ${a.ada}. Put it right and hand it in again.`],
        quote: d.reason,
      }),
    },
  },
  GatewayConfirmed: {
    say: {
      coordinator: (d, a) => ({
        title: `${capital(a.w.theRole(d.role))} confirmed the gateway`,
        lines: [`${a.who} says that ${a.ada} is ready for the assessment.`],
      }),
    },
  },
  ApprenticeReady: nobody,
  GatewayAccepted: {
    say: tell([...everyone, "iqa"], (d, a) => ({
      title: "Gateway accepted",
      lines: [
        `${a.to === "apprentice" ? "You" : a.ada} may start the assessment. It runs until ${dateText(d.window.end)}.`,
        "The planning meeting comes next.",
      ],
    })),
  },
};
