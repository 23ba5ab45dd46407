import type { Person } from "./people";
import type { Meeting } from "./protocol";
import type { Chat, World } from "./state";

/** An activity on its way to the bot, as Teams builds it. */
export type Activity = Record<string, unknown> & { type: string; id: string };

/**
 * What every activity carries. The tenant in it is the conversation's, not the sender's: a federated person's own
 * tenant shows only in the roster.
 */
function common(world: World, chat: Chat, from: Person, id: string): Activity {
  const meeting = chat.meetingId ? { meeting: { id: chat.meetingId } } : {};
  return {
    type: "",
    id,
    timestamp: world.clock.now(),
    localTimezone: "Europe/London",
    serviceUrl: world.serviceUrl,
    channelId: "msteams",
    locale: "en-GB",
    from: account(world, from),
    recipient: { id: world.botId, name: world.app.name },
    conversation: conversationOf(chat),
    channelData: { tenant: { id: chat.tenantId }, ...meeting },
    entities: [
      { type: "clientInfo", locale: "en-GB", country: "GB", platform: "Web", timezone: "Europe/London" },
    ] as object[],
  };
}

export function conversationOf(chat: Chat): object {
  return chat.kind === "personal"
    ? { conversationType: "personal", tenantId: chat.tenantId, id: chat.id }
    : { isGroup: true, conversationType: "groupChat", tenantId: chat.tenantId, id: chat.id };
}

/** A person in an activity: anonymous guests have no object id. */
export function account(world: World, person: Person): object {
  const { name, aadObjectId } = person;
  return { id: world.mri(person), name, ...(aadObjectId ? { aadObjectId } : {}) };
}

/** Words to the bot. In groups the mention is in the text as `<at>…</at>`, with its entity, as Teams sends it. */
export function saying(world: World, chat: Chat, from: Person, id: string, text: string): Activity {
  const activity: Activity = { ...common(world, chat, from, id), type: "message", text, textFormat: "plain" };
  const mention = `<at>${world.app.name}</at>`;
  if (text.includes(mention)) {
    const mentioned = { id: world.botId, name: world.app.name };
    (activity.entities as object[]).push({ type: "mention", mentioned, text: mention });
    return { ...activity, attachments: [{ contentType: "text/html", content: `<div>${text}</div>` }] };
  }
  return activity;
}

/** `Action.Submit` outside a dialog: a message without words, answering the card's message. */
export function submitting(
  world: World,
  chat: Chat,
  from: Person,
  replyToId: string,
  value: object,
  text?: string,
): Activity {
  const activity = { ...common(world, chat, from, `f:${world.nextId()}`), type: "message", replyToId, value };
  return text === undefined ? activity : { ...activity, text, textFormat: "plain" };
}

/** An invoke; the id is given anew at each delivery. */
export function invoking(
  world: World,
  chat: Chat,
  from: Person,
  name: string,
  value: object,
  replyToId?: string,
): () => Activity {
  const reply = replyToId ? { replyToId } : {};
  return () => ({ ...common(world, chat, from, `f:${world.nextId()}`), type: "invoke", name, value, ...reply });
}

export function installing(world: World, chat: Chat, by: Person, action: "add" | "remove"): Activity {
  const activity: Activity = { ...common(world, chat, by, `f:${world.nextId()}`), type: "installationUpdate", action };
  Object.assign(activity.channelData as object, { source: { name: "message" } });
  return activity;
}

/** Members came or went; ids of people or of the bot itself. */
export function memberships(
  world: World,
  chat: Chat,
  by: Person,
  change: "membersAdded" | "membersRemoved",
  accounts: object[],
): Activity {
  return { ...common(world, chat, by, `f:${world.nextId()}`), type: "conversationUpdate", [change]: accounts };
}

export function meetingEvent(
  world: World,
  chat: Chat,
  by: Person,
  name: "meetingStart" | "meetingEnd",
  meeting: Meeting,
): Activity {
  const when = name === "meetingStart" ? "StartTime" : "EndTime";
  return {
    ...common(world, chat, by, world.nextId()),
    type: "event",
    name: `application/vnd.microsoft.${name}`,
    value: {
      Id: meeting.id,
      MeetingType: "Scheduled",
      Title: meeting.title,
      JoinUrl: joinUrl(meeting),
      [when]: world.clock.now(),
    },
  };
}

export function participantEvent(
  world: World,
  chat: Chat,
  who: Person,
  name: "meetingParticipantJoin" | "meetingParticipantLeave",
  meeting: Meeting,
): Activity {
  const inMeeting = name === "meetingParticipantJoin";
  return {
    ...common(world, chat, who, world.nextId()),
    type: "event",
    name: `application/vnd.microsoft.${name}`,
    value: { members: [{ user: account(world, who), meeting: { inMeeting, role: roleIn(meeting, who) } }] },
  };
}

export const joinUrl = (meeting: Meeting): string =>
  `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(meeting.chatId)}/0`;

export function roleIn(meeting: Meeting, person: Person): "Organizer" | "Presenter" | "Attendee" {
  if (meeting.organiser === person.id) return "Organizer";
  return person.kind === "staff" ? "Presenter" : "Attendee";
}
