import { z } from "zod";

/** An activity is refused before anything is done with it when it nests deeper than this … */
const MAX_DEPTH = 32;
/** … or holds a longer string. Teams itself cuts a message at about 28 KB. */
const MAX_STRING = 32_768;

const id = z.string().min(1).max(1024);
const label = z.string().max(512);
const account = z.object({ id, name: label.nullish(), aadObjectId: label.nullish(), tenantId: label.nullish() });
const members = z.array(account).max(1000).nullish();

/** The parts of a Teams activity that the bot reads; the rest is dropped. */
const Inbound = z.object({
  type: z.string().min(1).max(64),
  name: z.string().max(256).nullish(),
  id: id.nullish(),
  replyToId: id.nullish(),
  channelId: z.string().max(64).nullish(),
  serviceUrl: z.string().max(2048).nullish(),
  from: account,
  recipient: account.nullish(),
  conversation: z.object({
    id,
    conversationType: z.string().max(32).nullish(),
    tenantId: label.nullish(),
    isGroup: z.boolean().nullish(),
  }),
  channelData: z
    .object({
      tenant: z.object({ id: label.nullish() }).nullish(),
      meeting: z.object({ id: id.nullish() }).nullish(),
    })
    .nullish(),
  text: z.string().max(MAX_STRING).nullish(),
  entities: z
    .array(
      z.object({
        type: z.string().max(256).nullish(),
        text: z.string().max(1024).nullish(),
        mentioned: z.object({ id: id.nullish(), name: label.nullish() }).nullish(),
      }),
    )
    .max(200)
    .nullish(),
  value: z.unknown().optional(),
  timestamp: z.string().max(64).nullish(),
  locale: z.string().max(64).nullish(),
  action: z.string().max(64).nullish(),
  membersAdded: members,
  membersRemoved: members,
});

/** An activity whose shape has been checked; nothing about who sent it is known yet. */
export type InboundActivity = z.infer<typeof Inbound>;

/** Whether a parsed JSON value stays within the limits of depth and string length and has no `__proto__` key. */
export function withinLimits(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return value.length <= MAX_STRING;
  if (typeof value !== "object" || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => withinLimits(item, depth + 1));
  for (const key of Object.keys(value)) {
    if (key === "__proto__" || key.length > 512) return false;
    if (!withinLimits((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

/** The activity in a request's body, or undefined if it is none, or is too deep or too long. */
export function parseInbound(body: unknown): InboundActivity | undefined {
  if (typeof body !== "object" || body === null || !withinLimits(body)) return undefined;
  const parsed = Inbound.safeParse(body);
  return parsed.success ? parsed.data : undefined;
}

/** The value of an `adaptiveCard/action` invoke: a pressed button, or a refresh when the trigger is automatic. */
const CardActionValue = z.object({
  action: z.object({
    type: z.literal("Action.Execute"),
    verb: z.string().min(1).max(128),
    data: z.record(z.string(), z.unknown()).nullish(),
  }),
  trigger: z.enum(["automatic", "manual"]).nullish(),
});

export interface CardAction {
  readonly verb: string;
  /** The card's data merged with the inputs, exactly as the client sent it: not to be trusted. */
  readonly data: Readonly<Record<string, unknown>>;
  /** `automatic` is a refresh, which must not write. */
  readonly trigger: "automatic" | "manual";
}

/** The button in an invoke's value, or undefined if malformed. */
export function parseCardAction(value: unknown): CardAction | undefined {
  const parsed = CardActionValue.safeParse(value);
  if (!parsed.success) return undefined;
  const { action, trigger } = parsed.data;
  return { verb: action.verb, data: action.data ?? {}, trigger: trigger ?? "manual" };
}

const TaskValue = z.object({ data: z.record(z.string(), z.unknown()).nullish() });

/** The data of a `task/fetch` or `task/submit` invoke, or undefined if malformed. */
export function parseTask(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const parsed = TaskValue.safeParse(value);
  return parsed.success ? (parsed.data.data ?? {}) : undefined;
}

/** What Teams says of a meeting: that it began or ended, or who came or went. */
export interface MeetingEvent {
  readonly what: "started" | "ended" | "joined" | "left";
  /** When, by Teams. */
  readonly at: string;
  /** Empty for start and end. */
  readonly who: readonly { readonly mri: string; readonly aadObjectId?: string }[];
}

const kinds: Readonly<Record<string, MeetingEvent["what"]>> = {
  "application/vnd.microsoft.meetingStart": "started",
  "application/vnd.microsoft.meetingEnd": "ended",
  "application/vnd.microsoft.meetingParticipantJoin": "joined",
  "application/vnd.microsoft.meetingParticipantLeave": "left",
};
const moment = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());
const Times = z.object({ StartTime: moment.optional().catch(undefined), EndTime: moment.optional().catch(undefined) });
const Participants = z.object({
  members: z.array(z.object({ user: z.object({ id, aadObjectId: label.nullish() }) })).max(1000),
});

/** The meeting's event in an activity, or undefined where it is none, or cannot be read. */
export function parseMeetingEvent(
  activity: Pick<InboundActivity, "name" | "value" | "timestamp">,
): MeetingEvent | undefined {
  const what = kinds[activity.name ?? ""];
  const told = moment.safeParse(activity.timestamp);
  if (what === undefined) return undefined;
  if (what === "started" || what === "ended") {
    const times = Times.safeParse(activity.value);
    const own = times.success ? (what === "started" ? times.data.StartTime : times.data.EndTime) : undefined;
    const at = own ?? (told.success ? told.data : undefined);
    return at === undefined ? undefined : { what, at, who: [] };
  }
  const people = Participants.safeParse(activity.value);
  if (!people.success || !told.success) return undefined;
  const who = people.data.members.map(({ user }) => ({
    mri: user.id,
    ...(user.aadObjectId ? { aadObjectId: user.aadObjectId.toLowerCase() } : {}),
  }));
  return { what, at: told.data, who };
}

/**
 * What a person typed: mentions of the bot taken out, those of people left as their names, white space collapsed.
 * Line breaks are kept.
 */
export function plainText(activity: Pick<InboundActivity, "text" | "entities" | "recipient">): string {
  let text = activity.text ?? "";
  const bot = activity.recipient?.id;
  for (const { type, text: marked, mentioned } of activity.entities ?? [])
    if (type === "mention" && marked && bot !== undefined && mentioned?.id === bot) text = text.replaceAll(marked, " ");
  return text
    .replace(/<\/?at(\s[^<>]*)?>/gi, "")
    .replace(/&nbsp;|\u00a0/g, " ")
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .trim();
}
