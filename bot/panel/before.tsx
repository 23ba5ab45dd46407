import { useEffect, useState } from "preact/hooks";
import type { GradingPanel } from "../../src/panel/shape";
import { Icon } from "./icons";
import type { Panel } from "./panel";

/** Before the start: what stands ready, what is to be ticked, and start. */
export function Before({ view, panel }: { view: GradingPanel; panel: Panel }) {
  const { checklist, may, session, questions, handedIn } = view;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [recording, setRecording] = useState(false);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [drawing, setDrawing] = useState(false);
  const drawn = questions.draw !== null;
  useEffect(() => setDrawing(false), [drawn]);
  if (!checklist) return null;
  const { method } = session;
  const mayStart = may.includes("session.start");
  const tick = (id: string) => (on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(id);
    else next.delete(id);
    setTicked(next);
    setMissing(missing.filter((m) => m !== id));
  };
  const start = () => {
    const needed = [
      "identity",
      ...checklist.conditions.filter((c) => c.needed).map((c) => c.id),
      ...(recording ? ["consent"] : []),
    ].filter((id) => !ticked.has(id));
    setMissing(needed);
    if (needed.length > 0) return document.getElementById(`tick-${needed[0]}`)?.focus();
    panel.press({
      type: "session.start",
      data: {
        method,
        identityChecked: true,
        conditions: checklist.conditions.map((c) => c.id).filter((id) => ticked.has(id)),
        recording,
        consent: recording && ticked.has("consent"),
        storage: panel.keeps,
      },
    });
  };
  const point = (id: string, title: string, needed = true) => (
    <Tick
      key={id}
      id={id}
      title={title}
      on={ticked.has(id)}
      set={tick(id)}
      wrong={missing.includes(id)}
      needed={needed}
    />
  );
  return (
    <section class="content before">
      <ul class="told">
        {checklist.ready.map((r) => (
          <li key={r.says} class={r.ok ? "good" : undefined}>
            <Icon name={r.ok ? "done" : "warn"} />
            {r.says}
          </li>
        ))}
        <li class={panel.keeps ? "good" : undefined}>
          <Icon name={panel.keeps ? "done" : "warn"} />
          {panel.keeps ? checklist.storage.title : checklist.storage.otherwise}
        </li>
      </ul>
      <div class="buttons">
        {may.includes("session.draw") && (
          <button
            type="button"
            class="button"
            aria-disabled={drawing}
            onClick={() => {
              if (drawing) return;
              setDrawing(true);
              panel.press({ type: "session.draw", data: { method } });
            }}
          >
            {drawing ? "Drawing" : "Draw the questions"}
          </button>
        )}
        {handedIn?.link && (
          <a class="button" href={handedIn.link} target="_blank" rel="noreferrer">
            Open {handedIn.kind}
          </a>
        )}
        {session.link && (
          <a class="button join" href={session.link} target="_blank" rel="noreferrer">
            Join the meeting
          </a>
        )}
      </div>
      {session.where && <p class="meta">{session.where}</p>}
      {mayStart && (
        <fieldset class="points">
          <legend>Before you start</legend>
          {point("identity", checklist.identity.title)}
          {checklist.conditions.map((c) => point(c.id, c.title, c.needed))}
          {checklist.recording && (
            <Tick id="recording" title={checklist.recording.title} on={recording} set={setRecording} needed={false} />
          )}
          {checklist.recording && recording && point("consent", checklist.recording.consent)}
        </fieldset>
      )}
      {mayStart && (
        <button type="button" class="button primary" onClick={start}>
          Start session
        </button>
      )}
      {!mayStart && may.length > 0 && !checklist.today && <p>It can be started on its day.</p>}
    </section>
  );
}

interface Ticking {
  id: string;
  title: string;
  on: boolean;
  set: (on: boolean) => void;
  wrong?: boolean;
  needed?: boolean;
}
export function Tick({ id, title, on, set, wrong = false, needed = true }: Ticking) {
  return (
    <div class="point">
      <label>
        <input
          type="checkbox"
          id={`tick-${id}`}
          checked={on}
          aria-invalid={wrong}
          aria-describedby={wrong ? `wrong-${id}` : undefined}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        <span>
          {title}
          {needed && (
            <span class="late" aria-hidden="true">
              {" "}
              *
            </span>
          )}
        </span>
      </label>
      {wrong && (
        <p class="wrong" id={`wrong-${id}`}>
          Needed before you go on.
        </p>
      )}
    </div>
  );
}
