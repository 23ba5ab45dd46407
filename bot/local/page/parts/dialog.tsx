import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Dialog } from "../../protocol";
import { useAppState, useClient } from "../context";
import { Card } from "./card";
import { AppMark, Close } from "./icons";
import { NoteLine } from "./note";

interface ShellProps {
  title: string;
  /** Pixels. */
  width: number;
  mark?: boolean;
  close: () => void;
  children: ComponentChildren;
}

/**
 * A dialog over Teams. The top bar and the people stay in reach, as they are no part of Teams; what is dimmed is inert, so
 * Tab goes from them into the dialog by itself. The focus comes in on opening and goes back on closing.
 */
export function DialogShell({ title, width, mark = false, close, children }: ShellProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    focusFirst(box.current);
    return () => {
      // After the dimmed part can be focused again.
      setTimeout(() => {
        if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body)
          before.focus({ preventScroll: true });
      });
    };
  }, []);
  return (
    <div class="dim">
      <div
        class="dialog"
        ref={box}
        role="dialog"
        aria-labelledby="dialog-title"
        data-testid="dialog"
        style={{ width: `${width}px` }}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.defaultPrevented) close();
        }}
      >
        <header class="dialog-head">
          {mark && <AppMark size={24} />}
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="plain" aria-label="Close" onClick={close}>
            <Close />
          </button>
        </header>
        <div class="dialog-body">{children}</div>
      </div>
    </div>
  );
}

/** The first thing to fill in, else the first button under the head, else the close button. */
function focusFirst(box: HTMLElement | null): void {
  const body = box?.querySelector(".dialog-body");
  const first =
    body?.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea") ??
    body?.querySelector<HTMLElement>("button, a[href]") ??
    box?.querySelector<HTMLElement>("button");
  first?.focus({ preventScroll: true });
}

const widths = { small: 480, medium: 600, large: 800 };

/** A dialog of the bot's: one card, drawn anew when the bot answers with another. */
export function BotDialog({ dialog }: { dialog: Dialog }) {
  const client = useClient();
  const { viewer, notes, working } = useAppState();
  const note = notes[dialog.id];
  const top = useRef<HTMLDivElement>(null);
  const drawn = useRef(dialog.revision);
  useEffect(() => {
    if (drawn.current === dialog.revision) return;
    drawn.current = dialog.revision;
    // A refused form says at its top what is wrong: the reader starts there.
    top.current?.closest(".dialog-body")?.scrollTo({ top: 0 });
    top.current?.querySelector<HTMLElement>(".ac-adaptiveCard")?.focus({ preventScroll: true });
  }, [dialog.revision]);
  return (
    <DialogShell
      key={dialog.id}
      title={dialog.title}
      width={typeof dialog.width === "number" ? Math.max(280, dialog.width) : widths[dialog.width]}
      mark
      close={() => void client.closeDialog(dialog)}
    >
      <div ref={top}>
        <Card
          place={`${viewer} ${dialog.id}`}
          json={dialog.card}
          revision={dialog.revision}
          working={working === dialog.id}
          press={(action) => void client.submit(dialog, action)}
        />
        {note && <NoteLine note={note} />}
      </div>
    </DialogShell>
  );
}
