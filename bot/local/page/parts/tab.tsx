import { useEffect, useRef } from "preact/hooks";
import type { Meeting, Tab } from "../../protocol";
import { useAppState, useClient } from "../context";
import { hostTab, type TabHost, type Where } from "../tabHost";
import { begin } from "./composer";
import { useViewer } from "./side";

/** One of the app's tabs. */
export function TabFrame({ id }: { id: string }) {
  const client = useClient();
  const { snapshot, chat } = useAppState();
  const viewer = useViewer();
  const chatId = chat?.id;
  const tab = snapshot?.app.tabs.find((one) => one.id === id);
  const write = (words: string) => {
    if (viewer && chatId) begin(viewer.id, chatId, words);
    client.showTab("chat");
  };
  return tab ? <AppFrame tab={tab} write={write} /> : <p class="empty">This tab is gone.</p>;
}

/** What the app shows beside a meeting. */
export function MeetingFrame({ panel, meeting }: { panel: Tab; meeting: Meeting }) {
  return <AppFrame tab={panel} where={{ frameContext: "sidePanel", meetingId: meeting.id, chatId: meeting.chatId }} />;
}

/** A page of the app in a frame, with this page as its host; drawn anew for another person. */
function AppFrame({ tab, where, write }: { tab: Tab; where?: Where; write?: (words: string) => void }) {
  const { theme } = useAppState();
  const viewer = useViewer();
  const frame = useRef<HTMLIFrameElement>(null);
  const host = useRef<TabHost>(undefined);
  const writing = useRef(write);
  writing.current = write;
  const { url } = tab;

  useEffect(() => {
    if (!frame.current || !viewer) return;
    const made = hostTab(frame.current, url, viewer, theme, (words) => writing.current?.(words), where);
    host.current = made;
    frame.current.src = url;
    return () => made.stop();
  }, [viewer?.id, url]);
  useEffect(() => host.current?.theme(theme), [theme]);

  return (
    <iframe
      key={`${viewer?.id} ${tab.id}`}
      class="tab-frame"
      ref={frame}
      title={tab.name}
      name="embedded-page-container"
      sandbox="allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-scripts allow-same-origin allow-downloads"
    />
  );
}

/** What Epilogue is, and what can be typed. */
export function About() {
  const { snapshot } = useAppState();
  const commands = snapshot?.app.commands.personal ?? [];
  return (
    <section
      class="about"
      aria-label="About"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <h3>About Epilogue</h3>
      <p>
        Epilogue takes an apprentice through end-point assessment: gateway, planning, hand-in, sessions and results. It
        posts cards that say where a case stands, what is next, by whom and by when.
      </p>
      {commands.length > 0 && (
        <>
          <h3>What you can type</h3>
          <dl>
            {commands.map(({ title, description }) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{description}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <h3>About Local Teams</h3>
      <p>
        This page stands in for Microsoft Teams. You play every person: choose one on the left. Chats, mail and the
        clock are on this computer only.
      </p>
    </section>
  );
}
