import type { Lost as LostNotice } from "../case/case";
import { capital, listed } from "./format";
import { meetingFailure, meetingPhrase, meetingRemedy } from "./meetings";
import type { Told } from "./told";
import type { Words } from "./words";

/** What a case's coordinator is told and shown when something did not arrive, or nobody knows whether it did. No grade, no content. */

export type Lost = Pick<LostNotice, "kind" | "to" | "state"> & Partial<Pick<LostNotice, "about" | "code">>;

const nouns: Readonly<Record<string, string>> = {
  told: "a message",
  chat: "a message",
  reminder: "a reminder",
  invite: "the invitation",
  result: "the statement of results",
  record: "the record of achievement",
  meeting: "the meeting on Teams",
};

const named = (kind: string): string => nouns[kind] ?? "a message";
/** "Statement of results": what it was, without an article. */
export const noticeNoun = (kind: string): string => capital(named(kind).replace(/^(a|the) /, ""));
/** For whom it was. */
export const reachedWhom = (to: string, w: Words): string =>
  to === "chat" ? "the case's chat" : to === "meeting" ? "those who come" : w.person(to);

/** Told once for all that failed together; null when it is nothing that the coordinator could do about. */
export function notReached(lost: readonly Lost[], w: Words): Told | null {
  const told = lost.filter((l) => l.to !== "cards" && l.to !== "meeting");
  const meetings = lost.filter((l) => l.to === "meeting");
  const [first] = told;
  if (!first) return meetings.length > 0 ? notMade(meetings, w) : null;
  const who = (l: Lost) => reachedWhom(l.to, w);
  const people = [...new Set(told.map(who))];
  const what = (l: Lost) => named(l.kind);
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
      ...(meetings.length > 0 ? notMade(meetings, w).lines : []),
    ],
    facts: [],
    private: false,
  };
}

/** A step of a meeting that failed: what, of which, and the remedy. */
function notMade(lost: readonly Lost[], w: Words): Told {
  const lines = lost.flatMap((l) => {
    const { of, step } = (l.about ?? {}) as { of?: string; step?: string };
    const what = of === undefined ? "" : `${capital(meetingPhrase(of, w.theSession))}: `;
    return [`${what}${what ? uncapital(meetingFailure(step)) : meetingFailure(step)}.`, meetingRemedy(l.code)];
  });
  return {
    title: "A meeting on Teams needs you",
    lines: [...new Set([...lines, "Then have it sent again from the case: it goes on where it stopped."])],
    facts: [],
    private: false,
  };
}

const uncapital = (text: string): string =>
  text.startsWith("Epilogue") ? text : text.charAt(0).toLowerCase() + text.slice(1);

const fates = {
  dead: "did not arrive.",
  unconfirmed: "may not have arrived: it is not sent again by itself.",
} as const;
