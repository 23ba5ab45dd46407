import type { Hint } from "../shape";

/** How near a day is. */
export const HintText = ({ hint }: { hint: Hint }) => <span class={`hint ${hint.tone}`}>{hint.text}</span>;
