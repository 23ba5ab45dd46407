import { markSeen, personalChat, summaryFor, viewFor } from "./chats";
import type { Dialogs } from "./dialogs";
import { press, refreshCards } from "./invokes";
import { mailFor, mailsOf } from "./mail";
import * as meetings from "./meetings";
import { addMember, createGroup, installBot, removeMember, uninstallBot } from "./membership";
import { canChatAlone, hasTeams, initialsOf, invent, type Person } from "./people";
import { findPeople } from "./picker";
import type { Answers, ChatView, ParsedAction, Persona, Snapshot } from "./protocol";
import { PageRefusal } from "./refusal";
import type { Chat, World } from "./state";
import { chatNamed, say } from "./talk";

const DONE = { ok: true } as const;
type Of<Name extends ParsedAction["do"]> = Extract<ParsedAction, { do: Name }>;
type Doing = {
  [Name in ParsedAction["do"]]: (world: World, dialogs: Dialogs, action: Of<Name>) => Promise<Answers[Name]>;
};

/** Looks at a chat: installs the app in one's own chat, marks it read, refreshes what is due. */
async function open(world: World, chat: Chat, person: Person): Promise<ChatView> {
  if (chat.kind === "personal" && !chat.hasBot && !person.blocksBot && chat.messages.length === 0)
    await installBot(world, chat, person);
  markSeen(world, chat, person.id);
  refreshCards(world, chat, person);
  return viewFor(world, chat, person.id);
}

const doing: Doing = {
  async "chat.open"(world, _, { as, chatId }) {
    const person = world.person(as);
    return open(world, chatNamed(world, person, chatId), person);
  },
  async "chat.send"(world, _, { as, chatId, text }) {
    if (!text.trim()) throw new PageRefusal(400, "BadRequest", "There is nothing to send");
    const person = world.person(as);
    return { message: await say(world, chatNamed(world, person, chatId), person, text.trim()) };
  },
  async "card.press"(world, dialogs, { as, chatId, messageId, card, action }) {
    const person = world.person(as);
    return press(world, dialogs, chatNamed(world, person, chatId), person, { messageId, card }, action);
  },
  async "dialog.submit"(world, dialogs, { as, dialogId, action }) {
    return dialogs.submit(world, world.person(as), dialogId, action);
  },
  async "dialog.close"(world, dialogs, { as, dialogId }) {
    dialogs.close(world.person(as), dialogId);
    return DONE;
  },
  async "group.create"(world, _, { as, title, members, addBot }) {
    return { chatId: (await createGroup(world, world.person(as), title, members, addBot)).id };
  },
  async "group.add"(world, _, { as, chatId, member }) {
    const person = world.person(as);
    await addMember(world, world.chatOf(person, chatId), person, world.person(member));
    return DONE;
  },
  async "group.remove"(world, _, { as, chatId, member }) {
    const person = world.person(as);
    await removeMember(world, world.chatOf(person, chatId), person, world.person(member));
    return DONE;
  },
  async "bot.install"(world, _, { as, chatId }) {
    const person = world.person(as);
    await installBot(world, chatNamed(world, person, chatId), person);
    return DONE;
  },
  async "bot.uninstall"(world, _, { as, chatId }) {
    const person = world.person(as);
    await uninstallBot(world, chatNamed(world, person, chatId), person);
    return DONE;
  },
  async "bot.block"(world, _, { as, blocked }) {
    world.person(as).blocksBot = blocked;
    world.tell({ type: "state" });
    return DONE;
  },
  async "people.add"(world, _, { name, role, kind, organisation }) {
    const person = invent({ id: freshId(world, name), name, role, kind, ...(organisation ? { organisation } : {}) });
    world.people.push(person);
    if (canChatAlone(person)) personalChat(world, person);
    world.tell({ type: "state" });
    return { personId: person.id };
  },
  async "people.search"(world, _, { as, text, dataset, chatId }) {
    const chat = chatId === undefined ? undefined : chatNamed(world, world.person(as), chatId);
    return { people: findPeople(world, dataset, text, chat) };
  },
  async "meeting.schedule"(world, _, { as, ...plan }) {
    const { id, chatId } = await meetings.schedule(world, world.person(as), plan);
    return { meetingId: id, chatId };
  },
  async "meeting.start"(world, _, { as, meetingId, sendEvent }) {
    await meetings.start(world, world.person(as), meetingId, sendEvent);
    return DONE;
  },
  async "meeting.end"(world, _, { as, meetingId, sendEvent }) {
    await meetings.end(world, world.person(as), meetingId, sendEvent);
    return DONE;
  },
  async "meeting.join"(world, _, { as, meetingId }) {
    await meetings.join(world, world.person(as), meetingId);
    return DONE;
  },
  async "meeting.leave"(world, _, { as, meetingId }) {
    await meetings.leave(world, world.person(as), meetingId);
    return DONE;
  },
  async "meeting.admit"(world, _, { as, meetingId, who }) {
    await meetings.admit(world, world.person(as), meetingId, world.person(who));
    return DONE;
  },
  async "network.set"(world, _, { up }) {
    if (up) world.line.mend();
    else world.line.cut();
    world.tell({ type: "state" });
    return DONE;
  },
  async "signIn.set"(world, _, { as, good }) {
    const { id } = world.person(as);
    if (good) world.signedOut.delete(id);
    else world.signedOut.add(id);
    world.tell({ type: "state" });
    return DONE;
  },
  async "mail.open"(world, _, { as, mailId }) {
    return mailFor(world, world.person(as), mailId, true);
  },
  async "clock.set"(world, _, { at }) {
    return world.clock.set(at);
  },
  async "clock.advance"(world, _, { ms }) {
    return world.clock.advance(ms);
  },
  async "clock.reset"(world) {
    return world.clock.reset();
  },
  async "case.new"(world) {
    const coordinator = world.people.find((person) => person.role === "Coordinator");
    if (!coordinator) throw new PageRefusal(409, "NoCoordinator", "Nobody here is a coordinator");
    const chat = personalChat(world, coordinator);
    await say(world, chat, coordinator, "register");
    return { personId: coordinator.id, chatId: chat.id };
  },
  async "tab.token"(world, _, { as }) {
    const { aadObjectId, tenantId, name, upn, id } = world.person(as);
    if (!aadObjectId || !tenantId) throw new PageRefusal(409, "NoAccount", `${id} has no account to sign in with`);
    if (world.signedOut.has(id)) throw new PageRefusal(409, "SignInRanOut", `${name} has to sign in again`);
    return { token: world.keys.tokenOfPerson({ aadObjectId, tenantId, name, ...(upn ? { upn } : {}) }) };
  },
};

/** Does one thing that a person does; the page and the tests have no other way. */
export async function perform(
  world: World,
  dialogs: Dialogs,
  action: ParsedAction,
): Promise<Answers[ParsedAction["do"]]> {
  const run = doing[action.do] as (w: World, d: Dialogs, a: ParsedAction) => Promise<Answers[ParsedAction["do"]]>;
  return run(world, dialogs, action);
}

/** A short id from the name that nobody has yet. */
function freshId(world: World, name: string): string {
  const base = name.toLowerCase().match(/[a-z0-9]+/)?.[0] ?? "person";
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!world.people.some((person) => person.id === id)) return id;
  }
}

function personaOf(world: World, person: Person): Persona {
  const unread = world.chats
    .filter((chat) => chat.members.includes(person.id))
    .reduce((sum, chat) => sum + summaryFor(world, chat, person.id).unread, 0);
  return {
    id: person.id,
    name: person.name,
    initials: initialsOf(person.name),
    role: person.role,
    kind: person.kind,
    organisation: person.organisation,
    ...(person.mail ? { mail: person.mail } : {}),
    ...(person.aadObjectId ? { aadObjectId: person.aadObjectId } : {}),
    hasTeams: hasTeams(person),
    unread,
    unreadMail: mailsOf(world, person).filter((mail) => mail.unread).length,
    blocksBot: person.blocksBot,
    ...(person.tenantId ? { tenantId: person.tenantId } : {}),
    signedOut: world.signedOut.has(person.id),
  };
}

/** All that is drawn round a chat, for one person; chats with the newest word first. For nobody: all but what is theirs. */
export function snapshot(world: World, as: string): Snapshot {
  const me = as === "" ? undefined : world.person(as);
  const mine = world.chats.filter((chat) => me !== undefined && chat.members.includes(me.id));
  return {
    app: world.app,
    clock: world.clock.view(),
    people: world.people.map((person) => personaOf(world, person)),
    chats: mine
      .map((chat) => summaryFor(world, chat, as))
      .sort((a, b) => (b.last?.at ?? "").localeCompare(a.last?.at ?? "")),
    mail: me ? mailsOf(world, me) : [],
    meetings: world.meetings.filter(
      (meeting) => me?.kind === "anonymous" || mine.some((chat) => chat.id === meeting.chatId),
    ),
    network: world.line.up,
    trafficCount: world.traffic.count,
  };
}
