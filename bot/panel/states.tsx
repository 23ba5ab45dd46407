import type { ClosedPanel } from "../../src/panel/shape";
import { Icon } from "./icons";
import type { Panel, Trouble } from "./panel";
import { whenOf } from "./time";

/** What stands where a session would: opening, none here, not signed in, and so on; always with what to do next. */

export function Opening() {
  return (
    <main class="page state" aria-busy="true">
      <h1>Opening the session</h1>
      <p class="hidden" role="status">
        Opening
      </p>
      <div aria-hidden="true">
        {["b1", "b2", "b3", "b4"].map((bone) => (
          <i class={`bone ${bone}`} key={bone} />
        ))}
      </div>
    </main>
  );
}

const troubles: Record<Trouble, { title: string; text: string; again: string }> = {
  outsideTeams: {
    title: "Open this in Teams",
    text: "The panel is shown beside a meeting in Microsoft Teams, or in the Sessions tab of Epilogue. Teams says who you are.",
    again: "Try again",
  },
  signIn: {
    title: "Sign in",
    text: "Teams did not say who you are. Sign in to Teams, then try again.",
    again: "Sign in",
  },
  notBound: {
    title: "Enter your code in chat first",
    text: "Epilogue does not know this account yet. Open the chat with Epilogue and type the code from your invitation mail.",
    again: "I have entered it",
  },
  noSession: {
    title: "No session here",
    text: "There is none by that name, or it is not yours. In the chat with Epilogue, type: cases",
    again: "Try again",
  },
  offline: {
    title: "No connection",
    text: "This session was not opened on this device before, so there is nothing to show yet. It opens when the line is back.",
    again: "Try again",
  },
  failed: {
    title: "The panel could not be opened",
    text: "What you typed is kept. Try again, or use the chat with Epilogue meanwhile.",
    again: "Try again",
  },
};

export function Troubled({ trouble, panel }: { trouble: Trouble; panel: Panel }) {
  const { title, text, again } = troubles[trouble];
  const kept = panel.waiting;
  return (
    <main class="page state" data-testid={`trouble-${trouble}`}>
      <div role="alert">
        <h1>{title}</h1>
        <p>
          {text}
          {kept > 0 && ` ${kept} ${kept === 1 ? "change is" : "changes are"} kept on this device and sent afterwards.`}
        </p>
      </div>
      <button type="button" class="button primary" onClick={() => void panel.open()}>
        {again}
      </button>
    </main>
  );
}

export function NoSession({ panel }: { panel: Panel }) {
  const { answer } = panel;
  if (answer?.kind !== "noSession") return <Opening />;
  return (
    <main class="page state" data-testid="no-session">
      <h1>No session here</h1>
      <p>{answer.says}</p>
      {answer.sessions.length > 0 ? (
        <ul class="rows">
          {answer.sessions.map((s, at) => (
            <li key={`${s.caseId} ${s.method}`} class="next-session">
              <div>
                <b>{s.title}</b>
                <span class="meta">{[s.with, s.when].filter(Boolean).join(" · ")}</span>
              </div>
              <button
                type="button"
                class={at === 0 ? "button primary" : "button"}
                aria-label={`Open ${s.title}${s.with ? `, ${s.with}` : ""}`}
                onClick={() => panel.choose(s.caseId, s.method)}
              >
                Open
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <>
          <p>Once one is booked, it is shown here. What is due from you: in the chat with Epilogue, type: cases</p>
          <button type="button" class="button" onClick={() => panel.wake()}>
            Look again
          </button>
        </>
      )}
    </main>
  );
}

export const Closed = ({ view: { session, says, todo } }: { view: ClosedPanel }) => (
  <main class="page state" data-testid="closed">
    <h1>
      <Icon name="lock" /> {session.title}
    </h1>
    <p class="meta">
      {session.ref}
      {session.at && ` · ${whenOf(Date.parse(session.at))}`}
    </p>
    <p>
      {says} {todo}
    </p>
  </main>
);
