import { useRef } from "preact/hooks";
import { useAppState, useClient } from "../context";
import { dayAndTime } from "../dates";
import { AppMark, Back } from "./icons";
import { useViewer } from "./side";

/** The open mail, as the person's mail program would show it. */
export function MailPane() {
  const client = useClient();
  const { mail, snapshot } = useAppState();
  const viewer = useViewer();
  if (!mail) {
    const none = snapshot?.mail.length === 0;
    return (
      <div class="pane pane-empty">
        <p>{none ? `${viewer?.name ?? "This person"} has no mail yet.` : "Choose a mail to read it."}</p>
      </div>
    );
  }
  const known = new Map(snapshot?.people.map((person) => [person.mail, person.name]));
  return (
    <article class="pane mail" aria-label={mail.subject} data-testid="mail">
      <button type="button" class="plain back" aria-label="Back to the list" onClick={() => client.back()}>
        <Back />
      </button>
      <h2>{mail.subject}</h2>
      <header class="mail-head">
        <AppMark size={36} />
        <div>
          <span class="mail-from">{mail.from}</span>
          <small>
            To {mail.to.map((address) => known.get(address) ?? address).join(", ")} · {dayAndTime(mail.at)}
          </small>
        </div>
      </header>
      {mail.html ? <MailFrame html={mail.html} title={mail.subject} /> : <div class="mail-text">{mail.text}</div>}
      {mail.attachments.length > 0 && (
        <ul class="attachments" aria-label="Attachments">
          {mail.attachments.map((file) => (
            <li key={file.name}>
              {file.name} <small>{Math.max(1, Math.round(file.bytes / 1024))} KB</small>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

/** The mail's own markup in a frame without scripts, as tall as it is; on white, as most mail programs show it. */
function MailFrame({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const base =
    '<base target="_blank"><style>html{color-scheme:light}body{margin:0;padding:2px 0;background:#fff;color:#242424;' +
    'font:14px/20px "Segoe UI",system-ui,sans-serif;overflow-wrap:anywhere}a{color:#4f52b2}</style>';
  return (
    <iframe
      class="mail-frame"
      ref={frame}
      title={title}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      srcdoc={base + html}
      onLoad={() => {
        const height = frame.current?.contentDocument?.documentElement.scrollHeight;
        if (frame.current && height) frame.current.style.height = `${height + 8}px`;
      }}
    />
  );
}
