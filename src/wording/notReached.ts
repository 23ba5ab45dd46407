import type { PersonId } from "../case/case";
import { capital, listed } from "./format";
import type { Told } from "./told";
import type { Words } from "./words";

/** What a case's coordinator is told when something did not arrive, or nobody knows whether it did. No grade, no content. */

export interface Lost {
  kind: string;
  to: PersonId | "chat" | "cards";
  /** unconfirmed: it went out, and no answer says whether it arrived; it is not sent again. */
  state: "dead" | "unconfirmed";
}

const nouns: Readonly<Record<string, string>> = {
  told: "a message",
  chat: "a message",
  reminder: "a reminder",
  invite: "the invitation",
  result: "the statement of results",
  record: "the record of achievement",
};

/** Told once for all that failed together; null when it is nothing that the coordinator could do about. */
export function notReached(lost: readonly Lost[], w: Words): Told | null {
  const told = lost.filter((l) => l.to !== "cards");
  const [first] = told;
  if (!first) return null;
  const who = (l: Lost) => (l.to === "chat" ? "the case's chat" : w.person(l.to));
  const people = [...new Set(told.map(who))];
  const what = (l: Lost) => nouns[l.kind] ?? "a message";
  const lines = [...new Set(told.map((l) => `${capital(what(l))} to ${who(l)} ${fates[l.state]}`))];
  const chatOnly = told.every((l) => l.to === "chat");
  return {
    title: `Could not reach ${listed(people)}`,
    lines: [
      ...lines,
      chatOnly
        ? "Add Epilogue to a chat with them again, and write there: @Epilogue case and the reference."
        : told.some((l) => l.kind === "invite")
          ? "Check the mail address, and invite them anew from the case."
          : "Check the mail address in the case, or tell them yourself.",
    ],
    facts: [],
    private: false,
  };
}

const fates = {
  dead: "did not arrive.",
  unconfirmed: "may not have arrived: it is not sent again by itself.",
} as const;
