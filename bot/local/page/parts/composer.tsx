import { useEffect, useRef, useState } from "preact/hooks";
import type { ChatView, Command } from "../../protocol";
import { useAppState, useClient } from "../context";
import { Send } from "./icons";

/** What was begun in each chat, by person, so that looking elsewhere loses nothing. */
const drafts = new Map<string, string>();
/** The chat whose words came with a link: the field is ready to send them. */
let begun: string | undefined;

/** Writes words in a chat's field before it is shown, as Teams does for a link that brings some. */
export function begin(viewer: string, chatId: string, words: string): void {
  begun = `${viewer} ${chatId}`;
  drafts.set(begun, words);
}

/** Command chips and the field to write in. In a chat of several people only "@Epilogue" reaches the bot. */
export function Composer({ chat }: { chat: ChatView }) {
  const client = useClient();
  const { snapshot, viewer } = useAppState();
  const place = `${viewer} ${chat.id}`;
  const [text, setText] = useState(drafts.get(place) ?? "");
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (begun !== place) return;
    begun = undefined;
    field.current?.focus();
  }, [place]);
  const name = snapshot?.app.name ?? "Epilogue";
  const mention = chat.kind === "personal" ? "" : `@${name} `;
  const commands = chat.hasBot ? (snapshot?.app.commands[chat.kind] ?? []) : [];

  const write = (words: string) => {
    drafts.set(place, words);
    setText(words);
  };
  const send = async (words: string) => {
    if (sending || words.trim() === "") return;
    setSending(true);
    write("");
    if (!(await client.send(words))) write(words);
    setSending(false);
  };
  const take = (command: Command) => {
    const [word, wants] = halves(command.title);
    if (!wants) return void send(`${mention}${word}`);
    write(`${mention}${word} `);
    field.current?.focus();
  };

  return (
    <div class="composer">
      <div class="chips">
        {!chat.hasBot && (
          <button type="button" class="chip" onClick={() => void client.installBot(true)}>
            Add {name} to this chat
          </button>
        )}
        {mention && chat.hasBot && !text.includes(mention.trim()) && (
          <button
            type="button"
            class="chip"
            onClick={() => {
              write(`${mention}${text}`);
              field.current?.focus();
            }}
          >
            {mention.trim()}
          </button>
        )}
        {commands.map((command) => (
          <button
            type="button"
            class="chip"
            key={command.title}
            title={command.description}
            data-testid="chip"
            onClick={() => take(command)}
          >
            {command.title}
          </button>
        ))}
      </div>
      <form
        class="write"
        onSubmit={(event) => {
          event.preventDefault();
          void send(text);
        }}
      >
        <textarea
          ref={field}
          rows={1}
          value={text}
          aria-label={mention ? "Message" : "Command or message"}
          placeholder={
            mention ? `Type a message; start with ${mention.trim()} to ask ${name}` : "Type a command or a message"
          }
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send(text);
          }}
        />
        <button type="submit" class="plain" aria-label="Send" disabled={sending}>
          <Send />
        </button>
      </form>
    </div>
  );
}

/** "case REF" is the word "case" and something still to type; "due" is complete. */
function halves(title: string): [word: string, wants: boolean] {
  const found = /^(.*?)\s+(?:[A-Z]{2,}|[<[{].*|…|\.\.\.)$/.exec(title);
  return found ? [found[1] ?? title, true] : [title, false];
}
