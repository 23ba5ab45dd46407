import { useAppState, useClient } from "../context";
import { dayAndTime } from "../dates";
import { Back } from "./icons";
import { lobbyWords, MeetingStage } from "./meeting";
import { useViewer } from "./side";

const states = { scheduled: "Booked", running: "Now", ended: "Ended" } as const;

/** A meeting from inside for those who are in it; for others what is known of it, and the ways in and to its chat. */
export function MeetingPane() {
  const client = useClient();
  const { snapshot, meetingId } = useAppState();
  const viewer = useViewer();
  const meeting = snapshot?.meetings.find((one) => one.id === meetingId);
  if (!meeting) {
    const none = snapshot?.meetings.length === 0;
    return (
      <div class="pane pane-empty">
        <p>{none ? "No meetings yet. Booked sessions come here." : "Choose a meeting."}</p>
      </div>
    );
  }
  if (snapshot && viewer && meeting.present.includes(viewer.id))
    return <MeetingStage key={`${meeting.id} ${viewer.id}`} meeting={meeting} snapshot={snapshot} />;
  const organiser = snapshot?.people.find((person) => person.id === meeting.organiser)?.name;
  const chat = snapshot?.chats.find((one) => one.id === meeting.chatId);
  return (
    <article class="pane mail" aria-label={meeting.title}>
      <button type="button" class="plain back" aria-label="Back to the list" onClick={() => client.back()}>
        <Back />
      </button>
      <h2>{meeting.title}</h2>
      <dl class="facts">
        <div>
          <dt>When</dt>
          <dd>{dayAndTime(meeting.startsAt)}</dd>
        </div>
        <div>
          <dt>State</dt>
          <dd>{states[meeting.state]}</dd>
        </div>
        {organiser && (
          <div>
            <dt>Organiser</dt>
            <dd>{organiser}</dd>
          </div>
        )}
        {meeting.recorded !== undefined && (
          <div>
            <dt>Recording</dt>
            <dd>{meeting.recorded ? "From its start" : "None"}</dd>
          </div>
        )}
        {meeting.lobby && (
          <div>
            <dt>Lobby</dt>
            <dd>{lobbyWords(meeting.lobby)}</dd>
          </div>
        )}
      </dl>
      {viewer && meeting.waiting?.includes(viewer.id) ? (
        <>
          <p class="quiet in-lobby" role="status">
            You are in the lobby. Somebody in the meeting lets you in.
          </p>
          <button type="button" class="button" onClick={() => void client.leave(meeting.id)}>
            Leave
          </button>
        </>
      ) : (
        <button type="button" class="button primary" onClick={() => void client.join(meeting.id)}>
          Join
        </button>
      )}
      {chat && (
        <button type="button" class="button" onClick={() => void client.openChat(chat.id)}>
          Open its chat
        </button>
      )}
    </article>
  );
}
