import { useEffect } from "preact/hooks";
import { useAppState, useClient } from "./context";
import { ChatPane } from "./parts/chat";
import { BotDialog } from "./parts/dialog";
import { GroupForm, MembersForm, PersonForm } from "./parts/forms";
import { Close } from "./parts/icons";
import { MailPane } from "./parts/mail";
import { MeetingPane } from "./parts/meetings";
import { Rail } from "./parts/rail";
import { Side } from "./parts/side";
import { TopBar } from "./parts/topbar";
import { Traffic } from "./parts/traffic";

const forms = { person: PersonForm, group: GroupForm, members: MembersForm };
const panes = { chat: ChatPane, mail: MailPane, meetings: MeetingPane };

/** The whole page: top bar, people, and Teams as the chosen person sees it. */
export function App() {
  const { snapshot, viewer, section, pane, dialogs, form } = useAppState();
  const dialog = viewer ? dialogs[viewer] : undefined;
  const name = snapshot?.people.find((person) => person.id === viewer)?.name;
  useEffect(() => {
    document.title = name ? `${name}, Local Teams` : "Local Teams";
  }, [name]);
  const Form = form && forms[form];
  const Pane = panes[section];
  return (
    <>
      <TopBar />
      <Rail />
      <main class="teams" data-pane={pane} data-testid="teams">
        <div class="teams-inside" inert={Boolean(dialog || Form)}>
          <Side />
          <div class="main">
            {snapshot ? <Pane /> : <Opening />}
            <Traffic />
          </div>
        </div>
        {Form ? <Form /> : dialog && <BotDialog key={dialog.id} dialog={dialog} />}
      </main>
      <Foot />
    </>
  );
}

function Opening() {
  const { connected } = useAppState();
  return (
    <div class="pane pane-empty">
      <p role="status">{connected ? "Opening…" : "Waiting for the service…"}</p>
    </div>
  );
}

/** What is said at the foot of the page, and to screen readers only. */
function Foot() {
  const client = useClient();
  const { notice, connected, aloud, snapshot } = useAppState();
  return (
    <div class="foot">
      {!connected && snapshot && (
        <p class="toast" role="status">
          The service does not answer. This page looks again by itself.
        </p>
      )}
      {notice && (
        <p class={`toast ${notice.tone}`} role={notice.tone === "error" ? "alert" : "status"} data-testid="notice">
          {notice.text}
          <button type="button" class="plain" aria-label="Dismiss" onClick={() => client.dismiss()}>
            <Close size={16} />
          </button>
        </p>
      )}
      <p class="hidden" aria-live="polite" data-testid="aloud">
        {aloud}
      </p>
    </div>
  );
}
