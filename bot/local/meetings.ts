import { randomUUID } from "node:crypto";
import { meetingEvent, participantEvent } from "./activities";
import { changed, groupChat } from "./chats";
import { deliver } from "./delivery";
import { addMember, installBot } from "./membership";
import type { Person } from "./people";
import type { Meeting } from "./protocol";
import { PageRefusal } from "./refusal";
import type { Chat, World } from "./state";

/** A meeting and its chat. */
export async function schedule(
  world: World,
  organiser: Person,
  plan: { title: string; startsAt: string; members: string[]; addBot: boolean },
): Promise<Meeting> {
  const id = Buffer.from(`0#19:meeting_${randomUUID()}@thread.v2#0`).toString("base64");
  const chat = groupChat(world, organiser, plan.title, plan.members, id);
  const meeting: Meeting = {
    id,
    chatId: chat.id,
    title: plan.title,
    startsAt: plan.startsAt,
    state: "scheduled",
    present: [],
    organiser: organiser.id,
  };
  world.meetings.push(meeting);
  world.tell({ type: "state" });
  if (plan.addBot) await installBot(world, chat, organiser);
  return meeting;
}

/** The meeting and its chat, if this person may see them. An anonymous guest may come to any. */
export function meetingFor(world: World, person: Person, meetingId: string): { meeting: Meeting; chat: Chat } {
  const meeting = world.meetings.find((one) => one.id === meetingId);
  const chat = meeting && world.chats.find((one) => one.id === meeting.chatId);
  if (!meeting || !chat || !(chat.members.includes(person.id) || person.kind === "anonymous"))
    throw new PageRefusal(404, "UnknownMeeting", `${person.name} is in no such meeting`);
  return { meeting, chat };
}

export async function start(world: World, person: Person, meetingId: string, sendEvent: boolean): Promise<void> {
  const { meeting, chat } = meetingFor(world, person, meetingId);
  if (meeting.state === "running") return;
  meeting.state = "running";
  meeting.startedAt = world.clock.now();
  show(world, chat);
  if (chat.hasBot && sendEvent) await deliver(world, meetingEvent(world, chat, person, "meetingStart", meeting));
}

export async function end(world: World, person: Person, meetingId: string, sendEvent: boolean): Promise<void> {
  const { meeting, chat } = meetingFor(world, person, meetingId);
  if (meeting.state !== "running") return;
  meeting.state = "ended";
  meeting.present = [];
  meeting.waiting = [];
  show(world, chat);
  if (chat.hasBot && sendEvent) await deliver(world, meetingEvent(world, chat, person, "meetingEnd", meeting));
}

/**
 * Whom the lobby holds back, by the scope that was set ("lobbyBypassSettings" of Graph's onlineMeeting); without one nobody.
 * Whoever was let in once is a member of the chat, and counts as invited from then on.
 */
function waits({ lobby, organiser }: Meeting, chat: Chat, { id, kind }: Person): boolean {
  switch (lobby) {
    case "organizer":
      return id !== organiser;
    case "invited":
      return !chat.members.includes(id);
    case "organization":
      return kind === "federated" || kind === "anonymous";
    case "organizationAndFederated":
      return kind === "anonymous";
    default:
      return false;
  }
}

/** Comes to it: in, or into the lobby. */
export async function join(world: World, person: Person, meetingId: string): Promise<void> {
  const { meeting, chat } = meetingFor(world, person, meetingId);
  if (meeting.present.includes(person.id) || meeting.waiting?.includes(person.id)) return;
  if (!waits(meeting, chat, person)) return enter(world, person, meetingId);
  meeting.waiting = [...(meeting.waiting ?? []), person.id];
  show(world, chat);
}

/** Somebody inside lets in who waits in the lobby. */
export async function admit(world: World, by: Person, meetingId: string, who: Person): Promise<void> {
  const { meeting } = meetingFor(world, by, meetingId);
  if (!meeting.present.includes(by.id)) throw new PageRefusal(403, "NotInMeeting", `${by.name} is not in the meeting`);
  if (!meeting.waiting?.includes(who.id)) return;
  meeting.waiting = meeting.waiting.filter((id) => id !== who.id);
  await enter(world, who, meetingId);
}

/** Is in; the first to come starts it. A guest who was not invited becomes a member of its chat. */
async function enter(world: World, person: Person, meetingId: string): Promise<void> {
  const { meeting, chat } = meetingFor(world, person, meetingId);
  await addMember(world, chat, person, person);
  if (meeting.present.includes(person.id)) return;
  await start(world, person, meetingId, true);
  meeting.present.push(person.id);
  show(world, chat);
  if (chat.hasBot) await deliver(world, participantEvent(world, chat, person, "meetingParticipantJoin", meeting));
}

export async function leave(world: World, person: Person, meetingId: string): Promise<void> {
  const { meeting, chat } = meetingFor(world, person, meetingId);
  if (meeting.waiting?.includes(person.id)) {
    meeting.waiting = meeting.waiting.filter((id) => id !== person.id);
    return show(world, chat);
  }
  if (!meeting.present.includes(person.id)) return;
  meeting.present = meeting.present.filter((id) => id !== person.id);
  show(world, chat);
  if (chat.hasBot) await deliver(world, participantEvent(world, chat, person, "meetingParticipantLeave", meeting));
}

function show(world: World, chat: Chat): void {
  changed(world, chat);
  world.tell({ type: "state" });
}
