import { useRef } from "preact/hooks";
import type { GradingPanel } from "../../src/panel/shape";
import type { Open } from "./dialogs";
import { Icon } from "./icons";
import { useNow } from "./now";
import type { Panel } from "./panel";
import { clockTime, mmss, passed, readingsOf, type Said, type Shown, shown, type Track } from "./time";

/** Always on top: which session, the clock, the permitted window, one sentence, recording, and whether all is saved. */
export function Head({ view, panel, open }: { view: GradingPanel; panel: Panel; open: (what: Open) => void }) {
  const { session, timer, may } = view;
  const part = timer.questions?.open && timer.questions.kind === "after";
  const partWord = timer.questions?.open ? "End questions" : "Start questions";
  const method = session.method;
  return (
    <header class="head">
      <div class="title">
        <h1>{part ? "Questions and answers" : session.title}</h1>
        <p class="meta">
          {[session.apprentice, session.ref, session.attempt > 1 && `attempt ${session.attempt}`]
            .filter(Boolean)
            .join(" · ")}
        </p>
        <button type="button" class="plain more" aria-label="More" onClick={() => open({ what: "more" })}>
          <Icon name="more" />
        </button>
      </div>
      <Clock view={view} panel={panel} />
      <p class="meta states">
        {timer.recording !== null && (timer.phase === "running" || timer.phase === "paused") && (
          <span class={timer.recording ? "rec" : undefined}>
            <Icon name="rec" />
            {timer.recording ? "Recording" : "Not recording"}
          </span>
        )}
        {may.length > 0 ? (
          <SaveState panel={panel} />
        ) : (
          <span>
            {timer.phase === "confirmed" ? "Read only" : panel.offlineSince === null ? "Live, read only" : "Offline"}
          </span>
        )}
      </p>
      {may.includes("session.questions") && (
        <p class="part">
          <button
            type="button"
            class="button"
            onClick={() =>
              panel.press({
                type: "session.questions",
                data: { method, part: timer.questions?.open ? "close" : "open" },
              })
            }
          >
            {partWord}
          </button>
        </p>
      )}
      <div class="acts">
        {view.handedIn && (
          <button type="button" class="button wide-only" onClick={() => open({ what: "handedIn" })}>
            <Icon name="paper" />
            {view.handedIn.kind === "report" ? "Report" : "Portfolio"}
          </button>
        )}
        {may.includes("session.pause") && (
          <button type="button" class="button" aria-label="Pause" onClick={() => open({ what: "pause" })}>
            <Icon name="pause" />
            <span class="wide-only">Pause</span>
          </button>
        )}
        {may.includes("session.resume") && (
          <button
            type="button"
            class="button primary"
            aria-label="Resume"
            onClick={() => panel.press({ type: "session.resume", data: { method } })}
          >
            <Icon name="play" />
            <span class="wide-only">Resume</span>
          </button>
        )}
        {may.includes("session.end") && (
          <button type="button" class="button" onClick={() => open({ what: "end" })}>
            End
          </button>
        )}
      </div>
    </header>
  );
}

/** The part that changes each second: nothing else is drawn again for it. */
function Clock({ view, panel }: { view: GradingPanel; panel: Panel }) {
  const now = useNow(panel);
  const run = readingsOf(view.timer, now);
  const last = useRef(run);
  const said = useRef("");
  // A clock that was set, or a start in the middle: what is long past is not told.
  const near = run.session - last.current.session < 5 && run.questions - last.current.questions < 5;
  if (view.timer.phase === "running" && near) said.current = passed(view.timer, last.current, run) ?? said.current;
  last.current = run;
  return (
    <>
      <Face shown={shown(view, now)} />
      <p class="hidden" aria-live="polite" data-testid="aloud">
        {said.current}
      </p>
    </>
  );
}

/** Clock, track and sentence. */
export function Face({ shown: { seconds, of, track, said, also } }: { shown: Shown }) {
  return (
    <div class="face">
      <p class="clock">
        <span role="timer" aria-live="off" aria-label="Time run">
          {mmss(seconds)}
        </span>{" "}
        <small>{of}</small>
      </p>
      <div class="progress">
        <TrackPicture track={track} label={said.text} />
        {also?.first && <Sentence said={also} />}
        <Sentence said={said} />
        {also?.track && <TrackPicture track={also.track} label={also.text} />}
        {also && !also.first && <Sentence said={also} />}
      </div>
    </div>
  );
}

const Sentence = ({ said: { icon, tone, text } }: { said: Said }) => (
  <p class={`said ${tone}`}>
    <Icon name={icon} />
    {text}
  </p>
);

function TrackPicture({ track, label }: { track: Track; label: string }) {
  const at = (seconds: number) => `${track.length > 0 ? Math.round((seconds / track.length) * 10_000) / 100 : 0}%`;
  return (
    <div class="track" role="img" aria-label={label}>
      <div class="bar">
        <i class="window" style={{ left: at(track.windowFrom) }} />
        <i class="fill" style={{ width: at(track.filled) }} />
        {track.ticks.slice(0, -1).map((tick) => (
          <i class="tick" key={tick.at} style={{ left: at(tick.at) }} />
        ))}
      </div>
      <div class="ticks" aria-hidden="true">
        {track.ticks.map((tick) => (
          <span key={tick.at} style={{ left: at(tick.at) }}>
            {tick.text}
          </span>
        ))}
      </div>
    </div>
  );
}

/** "Saved 10:31", "Saving", "Offline, 3 waiting". */
function SaveState({ panel }: { panel: Panel }) {
  const { waiting, kept, offlineSince, signedOut, savedAt } = panel;
  const waits = kept > 0 ? `, ${kept} waiting` : "";
  const [icon, text, tone] =
    offlineSince !== null
      ? (["off", `Offline${waits}`, "warn"] as const)
      : signedOut
        ? (["off", `Signed out${waits}`, "warn"] as const)
        : waiting > 0
          ? (["sync", "Saving", ""] as const)
          : (["cloud", savedAt === null ? "Saved" : `Saved ${clockTime(savedAt)}`, ""] as const);
  return (
    <>
      <span class={tone} data-testid="save">
        <Icon name={icon} />
        {text}
      </span>
      <span class="hidden" role="status">
        {offlineSince !== null ? "Offline. What you do is kept and sent later." : waiting > 0 ? "" : "All saved"}
      </span>
    </>
  );
}
