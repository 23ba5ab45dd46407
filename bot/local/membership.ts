import { account, installing, memberships } from "./activities";
import { changed, groupChat, mayJoin, post } from "./chats";
import { deliver } from "./delivery";
import type { Person } from "./people";
import { PageRefusal } from "./refusal";
import type { Chat, World } from "./state";

/** Says in the chat what happened, in the grey line that Teams has for it. */
function note(world: World, chat: Chat, text: string): void {
  if (chat.kind !== "personal") post(world, chat, { from: { kind: "system" }, text });
}

/** Adds the bot: Teams tells it twice, as an installation and as a change of members. */
export async function installBot(world: World, chat: Chat, by: Person): Promise<void> {
  if (chat.hasBot) return;
  chat.hasBot = true;
  note(world, chat, `${by.name} added ${world.app.name}`);
  changed(world, chat);
  world.tell({ type: "state" });
  await deliver(world, installing(world, chat, by, "add"));
  const added: object[] = [{ id: world.botId, name: world.app.name }];
  if (chat.kind === "personal") added.push(account(world, by));
  await deliver(world, memberships(world, chat, by, "membersAdded", added));
}

/** Takes the bot out. It hears of it, and from then on gets 403 for this conversation. */
export async function uninstallBot(world: World, chat: Chat, by: Person): Promise<void> {
  if (!chat.hasBot) return;
  chat.hasBot = false;
  note(world, chat, `${by.name} removed ${world.app.name}`);
  changed(world, chat);
  world.tell({ type: "state" });
  await deliver(world, memberships(world, chat, by, "membersRemoved", [{ id: world.botId, name: world.app.name }]));
  await deliver(world, installing(world, chat, by, "remove"));
}

export async function createGroup(
  world: World,
  owner: Person,
  title: string,
  members: string[],
  addBot: boolean,
): Promise<Chat> {
  const chat = groupChat(world, owner, title, members);
  note(world, chat, `${owner.name} named the chat ${title}`);
  if (addBot) await installBot(world, chat, owner);
  return chat;
}

export async function addMember(world: World, chat: Chat, by: Person, member: Person): Promise<void> {
  if (chat.kind === "personal") throw new PageRefusal(409, "PersonalChat", "No one can be added to a personal chat");
  if (chat.members.includes(member.id)) return;
  mayJoin(member, chat.kind === "meeting");
  chat.members.push(member.id);
  note(world, chat, by.id === member.id ? `${member.name} joined` : `${by.name} added ${member.name}`);
  world.tell({ type: "state" });
  if (chat.hasBot) await deliver(world, memberships(world, chat, by, "membersAdded", [account(world, member)]));
}

export async function removeMember(world: World, chat: Chat, by: Person, member: Person): Promise<void> {
  if (chat.kind === "personal" || !chat.members.includes(member.id)) return;
  chat.members = chat.members.filter((id) => id !== member.id);
  note(world, chat, by.id === member.id ? `${member.name} left` : `${by.name} removed ${member.name}`);
  changed(world, chat, [...chat.members, member.id]);
  world.tell({ type: "state" });
  if (chat.hasBot) await deliver(world, memberships(world, chat, by, "membersRemoved", [account(world, member)]));
}
