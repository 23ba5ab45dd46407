import type { Note } from "../state";

/** What the bot said to a press, under what was pressed. */
export function NoteLine({ note }: { note: Note }) {
  return (
    <p class={`note ${note.tone}`} role={note.tone === "error" ? "alert" : "status"} data-testid="note">
      {note.text}
    </p>
  );
}
