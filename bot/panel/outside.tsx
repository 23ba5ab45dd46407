import type { OutsidePanel } from "../../src/panel/shape";
import { Banners } from "./banners";
import { Face } from "./head";
import { Icon } from "./icons";
import { useNow } from "./now";
import type { Panel } from "./panel";
import { shownOutside } from "./time";

/** An apprentice, or an employer who observes: the time, and what is good to know. */
export function Outside({ view, panel }: { view: OutsidePanel; panel: Panel }) {
  const { session, timer, heading, lines } = view;
  const on = timer.phase === "running" || timer.phase === "paused";
  return (
    <main class="page">
      <header class="head">
        <div class="title">
          <h1>{session.title}</h1>
          <p class="meta">{[session.apprentice, session.ref].filter(Boolean).join(" · ")}</p>
        </div>
        <OutsideClock view={view} panel={panel} />
        {timer.recording !== null && on && (
          <p class="meta states">
            <span class={timer.recording ? "rec" : undefined}>
              <Icon name="rec" />
              {timer.recording ? "Recording" : "Not recording"}
            </span>
          </p>
        )}
      </header>
      <Banners panel={panel} readOnly />
      <section class="content">
        {heading && <h2>{heading}</h2>}
        <ul class="told">
          {lines.map(({ icon, text }) => (
            <li key={text}>
              <Icon name={icon} />
              {text}
            </li>
          ))}
        </ul>
        {(session.where || session.link) && (
          <p class="where">
            {session.where}{" "}
            {session.link && (
              <a class="join" href={session.link} target="_blank" rel="noreferrer">
                Join the meeting
              </a>
            )}
          </p>
        )}
      </section>
    </main>
  );
}

const OutsideClock = ({ view, panel }: { view: OutsidePanel; panel: Panel }) => (
  <Face shown={shownOutside(view, useNow(panel))} />
);
