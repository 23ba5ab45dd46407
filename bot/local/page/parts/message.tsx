import type { ChatView, Message } from "../../protocol";
import { mentionsToHtml, toHtml } from "../card/markdown";
import { useAppState, useClient } from "../context";
import { clockTime } from "../dates";
import { Avatar } from "./avatar";
import { Card } from "./card";
import { AppMark } from "./icons";
import { NoteLine } from "./note";

/** One message, by whom it is: mine at the right, the bot's and others' at the left, the system's in the middle. */
export function MessageRow({ chat, message }: { chat: ChatView; message: Message }) {
  const { snapshot, viewer } = useAppState();
  const { from } = message;
  if (from.kind === "system") {
    return (
      <li class="message system" data-testid="message" data-from="system">
        {message.text}
      </li>
    );
  }
  const mine = from.kind === "person" && from.id === viewer;
  return (
    <li class={`message ${mine ? "mine" : from.kind}`} data-testid="message" data-from={mine ? "me" : from.kind}>
      {!mine &&
        (from.kind === "bot" ? (
          <AppMark size={32} />
        ) : (
          <Avatar name={from.name} people={snapshot?.people ?? []} size={32} />
        ))}
      <div class="message-body">
        <p class="message-meta">
          <span class={mine ? "hidden" : "message-from"}>{mine ? "You" : from.name}</span>
          <time dateTime={message.at}>{clockTime(message.at)}</time>
          {message.editedAt && message.cards.length === 0 && !message.deleted && <span>Edited</span>}
        </p>
        {message.deleted ? (
          <p class="bubble deleted">This message was deleted.</p>
        ) : (
          <>
            {message.text && <Words message={message} />}
            {message.cards.map((view, index) => (
              <MessageCard key={index} chat={chat} message={message} index={index} view={view} />
            ))}
          </>
        )}
        {message.failed && <NoteLine note={{ tone: "error", text: message.failed }} />}
      </div>
    </li>
  );
}

function Words({ message }: { message: Message }) {
  const text = message.text ?? "";
  const markdown = message.from.kind === "bot" && message.textFormat === "markdown";
  const html = markdown ? toHtml(text) : mentionsToHtml(text);
  return <div class={`bubble${markdown ? "" : " as-typed"}`} dangerouslySetInnerHTML={{ __html: html }} />;
}

interface CardPlace {
  chat: ChatView;
  message: Message;
  index: number;
  view: Message["cards"][number];
}

function MessageCard({ chat, message, index, view }: CardPlace) {
  const client = useClient();
  const { viewer, notes, working } = useAppState();
  const key = `${message.id}/${index}`;
  const note = notes[key];
  return (
    <>
      <Card
        place={`${viewer} ${chat.id} ${key}`}
        json={view.card}
        revision={view.revision}
        working={working === key}
        press={(action) => void client.press(message.id, index, action)}
      />
      {note && <NoteLine note={note} />}
    </>
  );
}
