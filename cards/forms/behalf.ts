import type { Channel, OutsideRole } from "../../src/case/case";
import { channelTitle } from "../../src/wording/labels";
import type { Words } from "../../src/wording/words";
import type { Field } from "../form";
import { heading, optionsOf, short } from "./fields";
import { type Inputs, text } from "./read";

/** A coordinator records an outside person's own decision: how it came, and what shows it. */

/** The inputs that stand below those of the form itself. */
export const behalfFields = (role: OutsideRole, words: Words): Field[] => [
  heading(`How ${words.theRole(role)} said so`),
  {
    kind: "choice",
    id: "behalf-channel",
    label: "It came",
    required: true,
    compact: true,
    options: optionsOf(channelTitle),
  },
  short("behalf-evidence", "What shows it", {
    placeholder: "Mail of 12 May, filed with the case",
    hint: `This is kept, and shown as your record of what ${words.theRole(role)} decided.`,
  }),
];

/** What those inputs say; undefined parts are missing. */
export function behalfOf(inputs: Inputs): { channel: Channel | undefined; evidence: string | undefined } {
  const channel = text(inputs, "behalf-channel");
  return {
    channel: channel !== undefined && Object.hasOwn(channelTitle, channel) ? (channel as Channel) : undefined,
    evidence: text(inputs, "behalf-evidence"),
  };
}
