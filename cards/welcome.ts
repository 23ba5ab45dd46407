import type { Role } from "../src/rules/pack";
import { listed } from "../src/wording/format";
import { roleNoun } from "../src/wording/labels";
import { actionOf, clip, sayAction } from "./parts";
import type { Card } from "./render";
import { sectionsCard } from "./sections";

export interface WelcomeCard {
  name: string;
  /** Staff roles; none for apprentice, employer and provider. */
  staff: readonly Role[];
  newId(): string;
}

/** The first thing somebody known sees: what this is, and the first step. */
export function welcomeCard({ name, staff, newId }: WelcomeCard): Card {
  const coordinator = staff.includes("coordinator");
  const what =
    staff.length > 0
      ? `You work here as ${listed(staff.map((r) => roleNoun[r]))}. Your cases, what is due and every step of them are in this chat.`
      : "End-point assessments run here. You are told what is next, by whom and by when, and do your part with a button.";
  return sectionsCard({
    line: "Epilogue",
    title: name.trim() ? `Welcome, ${clip(name.trim(), 80)}` : "Welcome",
    lines: [what],
    sections: [],
    actions: [
      ...(coordinator
        ? [
            actionOf({
              title: "Register apprentice",
              dialog: true,
              primary: true,
              data: { verb: "form", command: "register", commandId: newId() },
            }),
          ]
        : []),
      sayAction(staff.length > 0 ? "Show my cases" : "Show my case", staff.length > 0 ? "cases" : "case", !coordinator),
      sayAction("Help", "help"),
    ],
    fallbackText: `${what} Type: help`,
  });
}

export interface BindCard {
  newId(): string;
  /** What was wrong with the code that was entered. */
  problem?: "unknown" | "expired" | "used";
}

const problems = {
  unknown: "This code is not known. Look at the mail again: twelve letters and figures.",
  expired: "This code has expired. Ask the coordinator who invited you for a new one.",
  used: "This code has been used already. Ask the coordinator who invited you for a new one.",
} as const;

/** For somebody not known yet: enter the code that was mailed to them. */
export function bindCard({ newId, problem }: BindCard): Card {
  const ask = "You were invited by mail. Enter the code from that mail, and this chat is yours.";
  return sectionsCard({
    line: "Epilogue",
    title: problem ? "This code does not work" : "Enter your code",
    lines: problem ? [problems[problem], ask] : [ask],
    sections: [],
    actions: [
      actionOf({
        title: "Enter code",
        dialog: true,
        primary: true,
        data: { verb: "form", command: "bind", commandId: newId() },
      }),
    ],
    fallbackText: `${problem ? `${problems[problem]} ` : ""}${ask} Type: code, and the code.`,
  });
}

export interface InviteCard {
  /** Who is invited, in which role, and where the code was sent. */
  name: string;
  role: Role;
  sentTo?: string;
}

/** To the coordinator: somebody has been invited, and what happens now. */
export function inviteCard({ name, role, sentTo }: InviteCard): Card {
  const sent = sentTo ? `The code went to ${clip(sentTo, 120)}.` : "The code went by mail.";
  return sectionsCard({
    line: "Epilogue · invitation",
    title: `${clip(name, 80)} is invited as ${roleNoun[role]}`,
    lines: [sent, "It works once. Until they enter it here, they are reached by mail."],
    sections: [],
    fallbackText: `${clip(name, 80)} is invited as ${roleNoun[role]}. ${sent}`,
  });
}
