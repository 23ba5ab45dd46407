import type { ChatSummary, MailSummary, Meeting } from "../../protocol";
import { useAppState, useClient, useNow } from "../context";
import { dayAndTime, shortWhen } from "../dates";
import type { Section } from "../state";
import { GroupAvatar } from "./avatar";
import { AppMark, Chat, Mail, Plus, Video } from "./icons";
import { moveAmongTabs } from "./tabs";

const sections: { id: Section; label: string; icon: typeof Chat }[] = [
  { id: "chat", label: "Chat", icon: Chat },
  { id: "mail", label: "Mail", icon: Mail },
  { id: "meetings", label: "Meetings", icon: Video },
];

/** The list at the left: chats, mail or meetings of the person. */
export function Side() {
  const client = useClient();
  const { snapshot, section } = useAppState();
  const viewer = useViewer();
  const unreadMail = snapshot?.mail.filter((mail) => mail.unread).length ?? 0;
  const ahead = snapshot?.meetings.filter((meeting) => meeting.state !== "ended").length ?? 0;
  const counts: Record<Section, number> = { chat: 0, mail: unreadMail, meetings: ahead };
  return (
    <section class="side" aria-label={viewer ? `Lists of ${viewer.name}` : "Lists"}>
      <div class="tabs side-tabs" role="tablist" aria-label="Lists" onKeyDown={moveAmongTabs}>
        {sections.map(({ id, label, icon: Icon }) => (
          <button
            type="button"
            key={id}
            role="tab"
            id={`tab-${id}`}
            aria-selected={id === section}
            aria-controls="side-panel"
            tabIndex={id === section ? 0 : -1}
            data-testid={`tab-${id}`}
            onClick={() => void client.go(id)}
          >
            <Icon size={18} />
            <span>
              {label}
              {counts[id] > 0 && ` ${counts[id]}`}
            </span>
          </button>
        ))}
      </div>
      <div class="side-panel" id="side-panel" role="tabpanel" aria-labelledby={`tab-${section}`}>
        {section === "chat" && <Chats chats={snapshot?.chats ?? []} />}
        {section === "mail" && <Mails mails={snapshot?.mail ?? []} />}
        {section === "meetings" && <Meetings meetings={snapshot?.meetings ?? []} />}
      </div>
    </section>
  );
}

/** The person who is played now. */
export function useViewer() {
  const { snapshot, viewer } = useAppState();
  return snapshot?.people.find((person) => person.id === viewer);
}

function Chats({ chats }: { chats: ChatSummary[] }) {
  const client = useClient();
  const { chat, chatId } = useAppState();
  const viewer = useViewer();
  const now = useNow();
  const open = chat?.id ?? chatId;
  if (viewer && !viewer.hasTeams) return <Empty>{viewer.name} has mail, but not Teams.</Empty>;
  return (
    <>
      {chats.length === 0 && <Empty>No chats yet.</Empty>}
      <ul class="rows">
        {chats.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              class={`row${one.unread > 0 && one.id !== open ? " unread" : ""}`}
              aria-current={one.id === open ? "true" : undefined}
              data-testid="chat-row"
              onClick={() => void client.openChat(one.id)}
            >
              {one.kind === "personal" ? <AppMark size={32} /> : <GroupAvatar id={one.id} />}
              <span class="row-title">{one.title}</span>
              {one.last && <time class="row-when">{shortWhen(one.last.at, now)}</time>}
              <span class="row-preview">{previewOf(one)}</span>
              {one.unread > 0 && one.id !== open && <span class="hidden">{`, ${one.unread} unread`}</span>}
            </button>
          </li>
        ))}
      </ul>
      {viewer && viewer.kind !== "anonymous" && (
        <button type="button" class="side-add" onClick={() => client.openForm("group")}>
          <Plus size={16} />
          New group chat
        </button>
      )}
    </>
  );
}

function previewOf(chat: ChatSummary): string {
  if (!chat.last) return chat.hasBot ? "Nothing said yet" : "Epilogue is not in this chat";
  return chat.kind === "personal" && chat.last.from !== "You"
    ? chat.last.preview
    : `${chat.last.from}: ${chat.last.preview}`;
}

function Mails({ mails }: { mails: MailSummary[] }) {
  const client = useClient();
  const { mailId } = useAppState();
  const now = useNow();
  if (mails.length === 0) return <Empty>No mail yet. What Epilogue sends to this person's address comes here.</Empty>;
  return (
    <ul class="rows">
      {mails.map((mail) => (
        <li key={mail.id}>
          <button
            type="button"
            class={`row${mail.unread ? " unread" : ""}`}
            aria-current={mail.id === mailId ? "true" : undefined}
            data-testid="mail-row"
            onClick={() => void client.openMail(mail.id)}
          >
            <AppMark size={32} />
            <span class="row-title">{mail.subject}</span>
            <time class="row-when">{shortWhen(mail.at, now)}</time>
            <span class="row-preview">{mail.preview}</span>
            {mail.unread && <span class="hidden">, unread</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Meetings({ meetings }: { meetings: Meeting[] }) {
  const client = useClient();
  const { meetingId } = useAppState();
  if (meetings.length === 0) return <Empty>No meetings yet.</Empty>;
  return (
    <ul class="rows">
      {meetings.map((meeting) => (
        <li key={meeting.id}>
          <button
            type="button"
            class="row"
            aria-current={meeting.id === meetingId ? "true" : undefined}
            data-testid="meeting-row"
            onClick={() => client.openMeeting(meeting.id)}
          >
            <GroupAvatar id={meeting.chatId} />
            <span class="row-title">{meeting.title}</span>
            <span class="row-preview">{dayAndTime(meeting.startsAt)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const Empty = ({ children }: { children: preact.ComponentChildren }) => <p class="empty">{children}</p>;
