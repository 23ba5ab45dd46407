import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ChatView } from "../../protocol";
import { openMenu } from "../card/menu";
import { useAppState, useClient, useNow } from "../context";
import { daysBetween, fullDay } from "../dates";
import { GroupAvatar } from "./avatar";
import { Composer } from "./composer";
import { AppMark, Back, More, People } from "./icons";
import { MessageRow } from "./message";
import { useViewer } from "./side";
import { About, TabFrame } from "./tab";
import { moveAmongTabs } from "./tabs";

/** The open chat: its head with the app's tabs, its messages, the field to write in. */
export function ChatPane() {
  const { chat, chatId, appTab } = useAppState();
  const viewer = useViewer();
  if (!chat) return <div class="pane pane-empty">{!chatId && viewer && <p>{viewer.name} has no chats.</p>}</div>;
  return (
    <section class="pane chat" aria-label={`Chat: ${chat.title}`}>
      <ChatHead chat={chat} />
      {chat.kind === "personal" && appTab === "about" ? (
        <About />
      ) : chat.kind === "personal" && appTab !== "chat" ? (
        <TabFrame id={appTab} />
      ) : (
        <>
          <Messages key={chat.id} chat={chat} />
          <Composer key={`write ${chat.id}`} chat={chat} />
        </>
      )}
    </section>
  );
}

function ChatHead({ chat }: { chat: ChatView }) {
  const client = useClient();
  const { snapshot, appTab } = useAppState();
  const viewer = useViewer();
  const own = chat.kind === "personal";
  const tabs = [
    { id: "chat", name: "Chat" },
    ...(snapshot?.app.tabs.map(({ id, name }) => ({ id, name })) ?? []),
    { id: "about", name: "About" },
  ];

  const more = (button: HTMLElement) =>
    openMenu(button, [
      ...(own ? [] : [{ title: "Members", run: () => client.openForm("members") }]),
      {
        title: chat.hasBot
          ? own
            ? "Remove Epilogue"
            : "Take Epilogue out of this chat"
          : own
            ? "Add Epilogue"
            : "Add Epilogue to this chat",
        run: () => void client.installBot(!chat.hasBot),
      },
      ...(own
        ? [
            {
              title: viewer?.blocksBot ? "Unblock Epilogue" : "Block Epilogue",
              run: () => void client.blockBot(!viewer?.blocksBot),
            },
          ]
        : []),
    ]);

  return (
    <header class="chat-head">
      <button type="button" class="plain back" aria-label="Back to the list" onClick={() => client.back()}>
        <Back />
      </button>
      {own ? <AppMark size={32} /> : <GroupAvatar id={chat.id} />}
      <h2>{chat.title}</h2>
      {own ? (
        <div class="tabs" role="tablist" aria-label="Epilogue" onKeyDown={moveAmongTabs}>
          {tabs.map(({ id, name }) => (
            <button
              type="button"
              key={id}
              role="tab"
              aria-selected={id === appTab}
              tabIndex={id === appTab ? 0 : -1}
              data-testid={`app-tab-${id}`}
              onClick={() => client.showTab(id)}
            >
              {name}
            </button>
          ))}
        </div>
      ) : (
        <button type="button" class="plain members" onClick={() => client.openForm("members")}>
          <People size={18} />
          <span class="hidden">Members: </span>
          {chat.members.length + (chat.hasBot ? 1 : 0)}
        </button>
      )}
      <button
        type="button"
        class="plain more"
        aria-label="More about this chat"
        aria-haspopup="menu"
        onClick={(event) => more(event.currentTarget)}
      >
        <More />
      </button>
    </header>
  );
}

function Messages({ chat }: { chat: ChatView }) {
  const { typing } = useAppState();
  const now = useNow();
  const list = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLOListElement>(null);
  /** Held to the foot until the reader scrolls up; then nothing moves under their eyes. */
  const atFoot = useRef(true);
  const toFoot = () => {
    if (atFoot.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  };

  const last = chat.messages.at(-1);
  const mine = last?.from.kind === "person";
  const lastId = last?.id;
  useLayoutEffect(() => {
    if (mine) atFoot.current = true;
    toFoot();
  }, [lastId, mine]);
  useEffect(() => {
    if (!inside.current || !list.current) return;
    const grown = new ResizeObserver(toFoot);
    grown.observe(inside.current);
    grown.observe(list.current);
    return () => grown.disconnect();
  });

  return (
    <section
      class="messages"
      ref={list}
      aria-label="Messages"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atFoot.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
    >
      <ol ref={inside}>
        {chat.messages.map((message, index) => {
          const before = chat.messages[index - 1];
          const newDay = !before || daysBetween(before.at, message.at) !== 0;
          // Today needs no heading when nothing older stands over it.
          const heading = newDay && (before !== undefined || daysBetween(message.at, now) !== 0);
          return (
            <>
              {heading && (
                <li class="day" key={`day ${message.id}`}>
                  <span>{fullDay(message.at)}</span>
                </li>
              )}
              <MessageRow key={message.id} chat={chat} message={message} />
            </>
          );
        })}
        {typing === chat.id && (
          <li class="typing" role="status">
            <span class="hidden">Epilogue is typing</span>
            <i />
            <i />
            <i />
          </li>
        )}
      </ol>
    </section>
  );
}
