import type { Envelope, GradingPanel, PanelMark } from "../../src/panel/shape";
import type { Open } from "./dialogs";
import { Icon } from "./icons";
import { MarkIcon, markWords } from "./marks";
import type { Panel } from "./panel";
import { criteriaOf, pressedAt } from "./project";
import { clockTime } from "./time";
import type { Held } from "./vault";

/** Calm bars under the head: offline, signed out, nothing kept here. Nothing is disabled by any of them. */
export function Banners({ panel, readOnly }: { panel: Panel; readOnly?: boolean }) {
  const { offlineSince, signedOut, keeps, kept } = panel;
  return (
    <>
      {offlineSince !== null && (
        <div class="banner" data-testid="offline">
          <Icon name="off" />
          <p>
            <b>Offline since {clockTime(offlineSince)}.</b>{" "}
            {readOnly
              ? "This shows how it stood then."
              : keeps
                ? "Carry on. Marks and notes are kept on this device and sent when the line is back."
                : "Marks and notes wait in this page only: leave it open until they are saved."}
          </p>
        </div>
      )}
      {signedOut && offlineSince === null && (
        <div class="banner" role="alert" data-testid="signed-out">
          <Icon name="lock" />
          <p>
            <b>Sign in again.</b> Your sign-in to Teams ran out.
            {kept > 0 &&
              ` ${kept} ${kept === 1 ? "change is" : "changes are"} kept ${keeps ? "on this device" : "in this page"} and will be sent afterwards.`}{" "}
            <button type="button" class="link" onClick={() => panel.wake()}>
              Sign in
            </button>
          </p>
        </div>
      )}
      {!keeps && !readOnly && (
        <div class="banner" data-testid="keeps-nothing">
          <Icon name="warn" />
          <p>
            <b>Nothing is kept on this device.</b> Stay online, and leave only when it says Saved.
          </p>
        </div>
      )}
    </>
  );
}

interface Holding {
  panel: Panel;
  view: GradingPanel;
  open: (what: Open) => void;
}

/** What was not taken: refused, or at odds with another device. It stays until the person decides. */
export function Heldback({ panel, view, open }: Holding) {
  const mine = panel.entries.filter(
    (e) =>
      e.held && e.envelope.caseId === view.session.caseId && e.envelope.command.data.method === view.session.method,
  );
  if (mine.length === 0) return null;
  return (
    <section class="held" aria-label="Not taken" role="alert">
      {mine.map(({ envelope, held }) =>
        held?.kind === "conflict" ? (
          <InConflict key={envelope.id} {...{ panel, view, envelope, held }} />
        ) : held ? (
          <Refused key={envelope.id} {...{ panel, view, open, envelope, held }} />
        ) : null,
      )}
    </section>
  );
}

type Conflicted = { envelope: Envelope; held: Extract<Held, { kind: "conflict" }>; panel: Panel; view: GradingPanel };
function InConflict({ envelope, held: { conflict }, panel, view }: Conflicted) {
  const { command } = envelope;
  const { method } = view.session;
  const here = clockTime(Date.parse(pressedAt(envelope)));
  const [marks, note] = [conflict.marks, conflict.note];
  const wanted = command.type === "session.correctNote" ? command.data : undefined;
  const keepMine = () => {
    if (marks.length > 0)
      panel.press({
        type: "session.mark",
        data: {
          method,
          marks: Object.fromEntries(marks.map((m) => [m.key, m.asked])),
          after: Object.fromEntries(marks.map((m) => [m.key, m.last?.command ?? null])),
        },
      });
    else if (wanted && note) panel.press({ type: "session.correctNote", data: { ...wanted, after: note.version } });
    panel.dismiss(envelope.id);
  };
  const [only] = marks;
  const one = marks.length === 1 && only;
  return (
    <article class="card" data-testid="conflict">
      <h2>{conflict.says}</h2>
      {marks.map((m) => (
        <ul key={m.key} class="sides">
          <Side mark={m.stands}>
            {marks.length > 1 && `${m.label}: `}
            {m.last
              ? `${m.last.device === "phone" ? "Phone" : m.last.by || "Elsewhere"}, ${clockTime(Date.parse(m.last.at))}`
              : "Elsewhere"}
            : {markWords[m.stands]}
          </Side>
          <Side mark={m.asked}>
            {marks.length > 1 && `${m.label}: `}Here, {here}: {markWords[m.asked]}
          </Side>
        </ul>
      ))}
      {wanted && (
        <ul class="sides">
          {note && <li class="quote">Elsewhere: {note.text}</li>}
          <li class="quote">
            Here, {here}: {wanted.text}
          </li>
        </ul>
      )}
      <div class="buttons">
        <button type="button" class="button" onClick={() => panel.dismiss(envelope.id)}>
          {one ? `Take ${markWords[one.stands]}` : "Take theirs"}
        </button>
        {(marks.length > 0 || note) && (
          <button type="button" class="button" onClick={keepMine}>
            {one ? `Keep ${markWords[one.asked]}` : "Keep mine"}
          </button>
        )}
      </div>
    </article>
  );
}

const Side = ({ mark, children }: { mark: PanelMark; children: preact.ComponentChildren }) => (
  <li class={mark}>
    <MarkIcon mark={mark} />
    <span>{children}</span>
  </li>
);

type Refusal = { envelope: Envelope; held: Extract<Held, { kind: "refused" }> } & Holding;
function Refused({ envelope, held: { problems }, panel, view, open }: Refusal) {
  const { command } = envelope;
  const typed = wordsIn(envelope);
  const again = reopens(envelope, problems[0]?.needsReason === true);
  const goOn = () => {
    if (again) open({ ...again, problem: problems[0] });
    panel.dismiss(envelope.id);
  };
  return (
    <article class="card" data-testid="refused">
      <h2 class="late">{whatOf(envelope, view)} not taken</h2>
      {problems.map((p) => (
        <p key={p.code}>
          {p.fact} <b>{p.lawful}</b> {p.clause && <span class="meta">{p.clause}</span>}
        </p>
      ))}
      {typed && <p class="quote">{typed}</p>}
      <div class="buttons">
        {again && (
          <button type="button" class="button primary" onClick={goOn}>
            Try again
          </button>
        )}
        {command.type === "session.note" && (
          <button
            type="button"
            class="button primary"
            onClick={() => {
              const { text, criteria, question = null } = command.data;
              panel.write({ text: [panel.draft.text, text].filter(Boolean).join("\n"), criteria, question });
              panel.dismiss(envelope.id);
            }}
          >
            Back to the note field
          </button>
        )}
        <button type="button" class="button" onClick={() => panel.dismiss(envelope.id)}>
          Let it go
        </button>
      </div>
    </article>
  );
}

/** What the person typed, in their words. */
function wordsIn({ command: { data } }: Envelope): string {
  if ("text" in data && data.text) return data.text;
  return "reason" in data && data.reason ? data.reason : "";
}

/** The dialog in which it can be pressed anew. */
function reopens({ command }: Envelope, needsReason: boolean): Extract<Open, { what: "end" | "pause" }> | undefined {
  if (command.type === "session.end") return { what: "end", reason: command.data.reason ?? "", force: needsReason };
  if (command.type === "session.pause") return { what: "pause", reason: command.data.reason };
  return undefined;
}

function whatOf({ command }: Envelope, view: GradingPanel): string {
  switch (command.type) {
    case "session.mark": {
      const labels = criteriaOf(view)
        .filter((c) => c.keys.some((k) => k.key in command.data.marks))
        .map((c) => c.label);
      const words = [...new Set(Object.values(command.data.marks))].map((m) => markWords[m]).join(", ");
      return `Mark of ${labels.join(", ")} (${words})`;
    }
    case "session.note":
      return "Note";
    case "session.correctNote":
      return "Changed note";
    case "session.ask":
      return "Question";
    case "session.start":
      return "Start";
    case "session.pause":
      return "Pause";
    case "session.resume":
      return "Resuming";
    case "session.end":
      return "End";
    case "session.draw":
      return "Draw";
    case "grade.confirm":
      return "Confirmation";
    default:
      return "Change";
  }
}
