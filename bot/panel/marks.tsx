import type { PanelMark } from "../../src/panel/shape";
import { Icon } from "./icons";

/** A word and a sign for each mark: colour only repeats them. */
export const markWords: Record<PanelMark, string> = { met: "Met", notMet: "Not met", notYet: "Not yet" };
const icons = { met: "done", notMet: "not", notYet: "ring" } as const;
export const MarkIcon = ({ mark }: { mark: PanelMark }) => <Icon name={icons[mark]} />;
