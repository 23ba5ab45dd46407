import type { MeetingWork } from "../meetingNotices";
import { inSentence } from "./format";
import { wordIn } from "./labels";

/** Meetings on Teams that the service makes: what each step is called, and what is to be done where one fails. */

/** Why a step failed, as the record keeps it; `bot/graph/faults.ts` tells them apart. */
export const meetingFaults = [
  "MeetingsNotConfigured",
  "SignInRefused",
  "PermissionMissing",
  "AccessPolicyMissing",
  "OrganiserNotFound",
  "AppNotInCatalog",
  "NotThere",
  "NotTaken",
  "NoAnswer",
] as const;
export type MeetingFault = (typeof meetingFaults)[number];

const remedies: Readonly<Record<MeetingFault, string>> = {
  MeetingsNotConfigured: "Epilogue makes no meetings here: make one in Teams, and paste its link with Move.",
  SignInRefused: "Microsoft Graph refused Epilogue's sign-in: an administrator checks its client secret.",
  PermissionMissing: "Microsoft Graph refused it: an administrator grants Epilogue its application permissions.",
  AccessPolicyMissing:
    "Teams refused it: an administrator grants the organiser an application access policy that names Epilogue.",
  OrganiserNotFound:
    "The organiser's mailbox was not found: an administrator checks the organiser in Epilogue's settings.",
  AppNotInCatalog: "Epilogue is not in the tenant's app catalogue: an administrator uploads it there.",
  NotThere: "It was not found: somebody may have deleted it in Outlook. Paste another link with Move.",
  NotTaken: "Microsoft Graph did not take it as it was asked.",
  NoAnswer: "Microsoft Graph did not answer in time, or failed.",
};

/** What an administrator or the coordinator does about it. What is not known by name may be tried again. */
export const meetingRemedy = (code: unknown): string =>
  wordIn(remedies, code) ?? "Something failed that Epilogue does not know by name.";

const failures: Readonly<Record<MeetingWork["step"], string>> = {
  make: "The meeting could not be made, so there is no link yet",
  move: "The meeting could not be moved in the calendar",
  options: "Lobby and recording could not be set",
  app: "Epilogue could not be added to the meeting's chat",
  tab: "The panel could not be put beside the meeting",
  recall: "A meeting that is no longer wanted may still be in the calendar: it could not be looked for",
  cancel: "The meeting could not be called off in the calendar",
};

/** What did not happen, without a full stop. */
export const meetingFailure = (step: unknown): string =>
  wordIn(failures, step) ?? "A step of the meeting could not be done";

/** As a noun: "Lobby and recording". */
const nouns: Readonly<Record<MeetingWork["step"], string>> = {
  make: "Teams meeting",
  move: "New time in the calendar",
  options: "Lobby and recording",
  app: "App in the meeting's chat",
  tab: "Panel beside the meeting",
  recall: "Calling off the meeting",
  cancel: "Calling off the meeting",
};
export const meetingNoun = (step: unknown): string => wordIn(nouns, step) ?? "Teams meeting";
export const meetingDone = (step: "options" | "app" | "tab"): string =>
  ({
    options: "set lobby and recording",
    app: "added the app to the meeting's chat",
    tab: "put the panel beside the meeting",
  })[step];

/** "the interview", "planning": what a meeting is of. */
export const meetingPhrase = (of: string, theSession: (id: string) => string): string =>
  of === "planning" ? "the planning meeting" : inSentence(theSession(of));
