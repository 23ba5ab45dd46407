import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Meeting, Persona, Snapshot } from "../../protocol";
import { openMenu } from "../card/menu";
import { useAppState, useClient } from "../context";
import { Avatar } from "./avatar";
import { AppMark, Back, Chat, Close, HangUp } from "./icons";
import { useViewer } from "./side";
import { MeetingFrame } from "./tab";

const widths = [280, 320] as const;
type Width = (typeof widths)[number];

/** A meeting from inside: who is there, the app beside them, and what may go wrong in a meeting, to be tried. */
export function MeetingStage({ meeting, snapshot }: { meeting: Meeting; snapshot: Snapshot }) {
  const client = useClient();
  const [beside, setBeside] = useState(true);
  const [width, setWidth] = useState<Width>(320);
  const { panel } = snapshot.app;
  const present = snapshot.people.filter((person) => meeting.present.includes(person.id));
  return (
    <section
      class="pane meeting"
      aria-label={`Meeting: ${meeting.title}`}
      data-beside={beside && panel ? "" : undefined}
    >
      <header class="meeting-head">
        <button type="button" class="plain back" aria-label="Back to the list" onClick={() => client.back()}>
          <Back />
        </button>
        <h2>{meeting.title}</h2>
        {meeting.startedAt && <Elapsed since={meeting.startedAt} />}
        <span class="meeting-tools">
          <button type="button" class="tool" onClick={() => void client.openChat(meeting.chatId)}>
            <Chat />
            Chat
          </button>
          {panel && (
            <button type="button" class="tool" aria-pressed={beside} onClick={() => setBeside(!beside)}>
              <AppMark size={20} />
              {panel.name}
            </button>
          )}
        </span>
        <button type="button" class="leave" onClick={() => void client.leave(meeting.id)}>
          <HangUp />
          Leave
        </button>
      </header>
      <Told meeting={meeting} people={snapshot.people} />
      <Tiles present={present} people={snapshot.people} />
      <TryIt meeting={meeting} snapshot={snapshot} width={width} setWidth={setWidth} />
      {beside && panel && (
        <aside class="beside" style={{ width: `${width}px` }} aria-label={`${panel.name}, beside the meeting`}>
          <header>
            <AppMark size={20} />
            <h3>{panel.name}</h3>
            <button type="button" class="plain" aria-label={`Close ${panel.name}`} onClick={() => setBeside(false)}>
              <Close />
            </button>
          </header>
          <MeetingFrame key={meeting.id} panel={panel} meeting={meeting} />
        </aside>
      )}
    </section>
  );
}

/** How long it has been on, as Teams shows it. */
function Elapsed({ since }: { since: string }) {
  const client = useClient();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => redraw(undefined), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((Date.parse(client.now()) - Date.parse(since)) / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return (
    <span class="elapsed">
      {hours > 0 && `${hours}:`}
      {two(Math.floor(seconds / 60) % 60)}:{two(seconds % 60)}
    </span>
  );
}

/** Who need not wait in the lobby: Graph's scopes in words. */
export const lobbyWords = (scope: string): string =>
  ({
    organizer: "Everybody waits for the organiser",
    invited: "Only the invited come straight in",
    organization: "People outside the organisation wait",
    organizationAndFederated: "Only strangers wait",
    everyone: "Nobody waits",
  })[scope] ?? scope;

/** Under the title, as in Teams: whether it is recorded, who waits in the lobby, and who came or went last. */
function Told({ meeting, people }: { meeting: Meeting; people: Persona[] }) {
  const client = useClient();
  const { recorded, lobby, waiting = [], present } = meeting;
  const before = useRef(present);
  const last = useRef("");
  const nameOf = (id: string) => people.find((one) => one.id === id)?.name ?? "Somebody";
  const came = present.filter((id) => !before.current.includes(id));
  const went = before.current.filter((id) => !present.includes(id));
  before.current = present;
  if (came.length + went.length > 0)
    last.current = [...came.map((id) => `${nameOf(id)} joined`), ...went.map((id) => `${nameOf(id)} left`)].join(", ");
  return (
    <div class="meeting-told">
      {recorded !== undefined && (
        <span class={recorded ? "recorded" : undefined}>
          <i class="dot" aria-hidden="true" />
          {recorded ? "Recording" : "Not recorded"}
        </span>
      )}
      {lobby && <span>Lobby: {lobbyWords(lobby).toLowerCase()}</span>}
      <span role="status">{last.current}</span>
      {waiting.length > 0 && (
        <ul aria-label="In the lobby">
          {waiting.map((id) => (
            <li key={id}>
              {nameOf(id)} waits in the lobby
              <button
                type="button"
                aria-label={`Admit ${nameOf(id)}`}
                onClick={() => void client.admit(meeting.id, id)}
              >
                Admit
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Tiles({ present, people }: { present: Persona[]; people: Persona[] }) {
  const viewer = useViewer();
  return (
    <ul class="tiles" data-count={Math.min(present.length, 5)} aria-label="In the meeting">
      {present.map(({ id, name, initials, role }) => (
        <li class="tile" key={id} data-testid={`tile-${id}`}>
          <span class="tile-role">{role}</span>
          <Avatar name={name} initials={initials} people={people} size={88} />
          <span class="tile-name">
            {name}
            {id === viewer?.id && " (you)"}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface Trying {
  meeting: Meeting;
  snapshot: Snapshot;
  width: Width;
  setWidth: (width: Width) => void;
}

/** What happens to meetings, at the press of a button. */
function TryIt({ meeting, snapshot, width, setWidth }: Trying) {
  const client = useClient();
  const viewer = useViewer();
  const { network } = useAppState().snapshot ?? { network: true };
  const absent = snapshot.people.filter(
    ({ id, hasTeams, kind }) =>
      !meeting.present.includes(id) && !meeting.waiting?.includes(id) && (hasTeams || kind === "anonymous"),
  );
  const invite = (button: HTMLElement) =>
    openMenu(
      button,
      absent.map(({ id, name, role }) => ({
        title: `${name}, ${role.toLowerCase()}`,
        run: () => void client.joinAs(id, meeting.id),
      })),
    );
  return (
    <fieldset class="try-it">
      <legend>Try it</legend>
      <button type="button" onClick={() => void client.endMeeting(meeting.id, true)}>
        End meeting
      </button>
      <button type="button" onClick={() => void client.endMeeting(meeting.id, false)}>
        End, untold
      </button>
      <button type="button" aria-pressed={!network} onClick={() => void client.setNetwork(!network)}>
        {network ? "Cut the network" : "Mend the network"}
      </button>
      {viewer?.aadObjectId && (
        <button type="button" aria-pressed={viewer.signedOut} onClick={() => void client.setSignIn(viewer.signedOut)}>
          {viewer.signedOut ? "Sign in again" : "Sign-in runs out"}
        </button>
      )}
      {absent.length > 0 && (
        <button type="button" aria-haspopup="menu" onClick={(event) => invite(event.currentTarget)}>
          Somebody joins
        </button>
      )}
      <span class="widths">
        <span id="panel-width">Panel width</span>
        {widths.map((one) => (
          <button
            type="button"
            key={one}
            aria-pressed={one === width}
            aria-describedby="panel-width"
            onClick={() => setWidth(one)}
          >
            {one}
          </button>
        ))}
      </span>
    </fieldset>
  );
}
