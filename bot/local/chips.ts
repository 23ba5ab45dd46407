import manifest from "../../manifest/manifest.json";
import type { ChatKind, Command } from "./protocol";

const listed = (scope: string) =>
  manifest.bots[0]?.commandLists.find(({ scopes }) => scopes.includes(scope))?.commands ?? [];

/** The chips over the input, by kind of chat: the commands that Teams itself offers there, by the app's manifest. */
export const chips: Record<ChatKind, Command[]> = {
  personal: listed("personal"),
  group: listed("groupChat"),
  meeting: [],
};
