import { conversationOf, joinUrl, roleIn } from "./activities";
import { meetingFor } from "./meetings";
import type { Person } from "./people";
import { TeamsRefusal } from "./refusal";
import type { Chat, World } from "./state";

/** A member as the roster gives them: their own tenant is here, and nowhere else. */
export function rosterEntry(world: World, person: Person): object {
  const [givenName, ...rest] = person.name.split(" ");
  const userRole = person.kind === "guest" ? "guest" : person.kind === "anonymous" ? "anonymous" : "user";
  return {
    id: world.mri(person),
    name: person.name,
    ...(person.aadObjectId ? { objectId: person.aadObjectId, aadObjectId: person.aadObjectId } : {}),
    givenName,
    surname: rest.join(" "),
    ...(person.mail ? { email: person.mail } : {}),
    ...(person.upn ? { userPrincipalName: person.upn } : {}),
    ...(person.tenantId ? { tenantId: person.tenantId } : {}),
    userRole,
  };
}

/** One member, by MRI or object id. */
export function member(world: World, chat: Chat, id: string): object {
  const person = world.personKnownAs(id);
  if (!person || !chat.members.includes(person.id))
    throw new TeamsRefusal(404, "MemberNotFoundInConversation", "No such member");
  return rosterEntry(world, person);
}

/** A page of members: `pageSize` between 50 and 500 as in Teams, continued from an opaque token. */
export function pageOfMembers(world: World, chat: Chat, query: URLSearchParams): object {
  const size = Math.min(500, Math.max(50, Number(query.get("pageSize")) || 200));
  const from = Number(Buffer.from(query.get("continuationToken") ?? "", "base64url").toString()) || 0;
  const members = chat.members.slice(from, from + size).map((id) => rosterEntry(world, world.person(id)));
  const next = from + size < chat.members.length ? String(from + size) : undefined;
  return { members, ...(next ? { continuationToken: Buffer.from(next).toString("base64url") } : {}) };
}

function meetingWithBot(world: World, meetingId: string) {
  const meeting = world.meetings.find((one) => one.id === meetingId);
  if (!meeting) throw new TeamsRefusal(404, "MeetingNotFound", "No such meeting");
  const found = meetingFor(world, world.person(meeting.organiser), meetingId);
  if (!found.chat.hasBot) throw new TeamsRefusal(403, "BotNotInConversationRoster", "The app is not in the meeting");
  return found;
}

export function meetingInfo(world: World, meetingId: string): object {
  const { meeting, chat } = meetingWithBot(world, meetingId);
  const organiser = world.person(meeting.organiser);
  return {
    details: {
      id: meeting.id,
      type: "Scheduled",
      title: meeting.title,
      joinUrl: joinUrl(meeting),
      scheduledStartTime: meeting.startsAt,
    },
    conversation: conversationOf(chat),
    organizer: {
      id: world.mri(organiser),
      objectId: organiser.aadObjectId,
      aadObjectId: organiser.aadObjectId,
      tenantId: organiser.tenantId,
    },
  };
}

/** A participant by object id; the tenant must be given, and is the meeting's. */
export function participant(world: World, meetingId: string, id: string, tenantId: string | null): object {
  const { meeting, chat } = meetingWithBot(world, meetingId);
  if (!tenantId) throw new TeamsRefusal(400, "BadArgument", "tenantId is missing");
  const person = world.personKnownAs(id);
  if (!person || !chat.members.includes(person.id) || tenantId !== chat.tenantId)
    throw new TeamsRefusal(404, "ParticipantNotFound", "No such participant");
  return {
    user: rosterEntry(world, person),
    meeting: { role: roleIn(meeting, person), inMeeting: meeting.present.includes(person.id) },
    conversation: conversationOf(chat),
  };
}

/** Takes a targeted notification; each recipient must be in the meeting's chat. */
export function notification(world: World, meetingId: string, body: unknown): { status: number; body: object } {
  const { chat } = meetingWithBot(world, meetingId);
  const recipients = (body as { value?: { recipients?: unknown } } | null)?.value?.recipients;
  if (!Array.isArray(recipients) || recipients.length === 0)
    throw new TeamsRefusal(400, "BadArgument", "value.recipients is missing");
  const failed = recipients.filter((id) => {
    const person = world.personKnownAs(String(id));
    return !person || !chat.members.includes(person.id);
  });
  if (failed.length === 0) return { status: 202, body: {} };
  const recipientsFailureInfo = failed.map((recipientMri) => ({
    recipientMri,
    errorCode: "MemberNotFoundInConversation",
    failureReason: "No such member",
  }));
  return { status: 207, body: { recipientsFailureInfo } };
}
