import { useRef, useState } from "preact/hooks";
import type { Envelope, GradingPanel, PanelMark, PanelRequest } from "../../src/panel/shape";
import type { Open } from "./dialogs";
import { Icon } from "./icons";
import { MarkIcon, markWords } from "./marks";
import type { Panel } from "./panel";
import { criteriaOf, pressedAt } from "./project";
import { clockTime } from "./time";
import type { Entry, Held } from "./vault";

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
            <b>Marks and notes are not kept on this device.</b> Stay online, and leave only when it says Saved.
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
  const { caseId, method } = view.session;
  const mine = panel.entries.filter(
    (e) => e.held && e.envelope.caseId === caseId && e.envelope.command.data.method === method,
  );
  if (mine.length === 0) return null;
  const groups = new Map<string, Refusal[]>();
  for (const e of mine)
    if (isRefusal(e)) {
      const why = JSON.stringify(e.held.problems.map((p) => [p.fact, p.needsReason]));
      groups.set(why, [...(groups.get(why) ?? []), e]);
    }
  return (
    <section class="held" aria-label="Not taken" role="alert">
      {mine.map((entry) =>
        entry.held?.kind === "conflict" ? (
          <InConflict key={entry.envelope.id} {...{ panel, view, entry, held: entry.held }} />
        ) : null,
      )}
      {[...groups].map(([why, group]) => (
        <Refused key={why} {...{ panel, view, open, group }} />
      ))}
    </section>
  );
}

type Refusal = Entry & { held: Extract<Held, { kind: "refused" }> };
const isRefusal = (e: Entry): e is Refusal => e.held?.kind === "refused";

type Conflicted = { entry: Entry; held: Extract<Held, { kind: "conflict" }>; panel: Panel; view: GradingPanel };
function InConflict({ entry, held: { conflict }, panel, view }: Conflicted) {
  const { envelope } = entry;
  const { command } = envelope;
  const { method } = view.session;
  const here = clockTime(Date.parse(pressedAt(entry)));
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

/** Refused for the same reason: told of together. */
function Refused({ group, panel, view, open }: Holding & { group: readonly Refusal[] }) {
  const [copied, setCopied] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const [first] = group;
  if (!first) return null;
  const { problems } = first.held;
  const lines = group.map(({ envelope }) => `${whatOf(envelope, view)}${wordsIn(envelope, ": ")}`);
  const dismiss = () => {
    for (const { envelope } of group) panel.dismiss(envelope.id);
  };
  const one = group.length === 1 ? first.envelope : undefined;
  const again = one && reopens(one, view, problems[0]?.needsReason === true);
  const goOn = () => {
    if (again) open({ ...again, problem: problems[0] });
    dismiss();
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines.join("\n"));
      setCopied(true);
    } catch {
      // Where the host lets nobody write to it, the words are chosen: the keys copy them.
      if (list.current) getSelection()?.selectAllChildren(list.current);
      setCopied(document.execCommand("copy"));
    }
  };
  return (
    <article class="card" data-testid="refused">
      <h2 class="late">{one ? `${whatOf(one, view)} not taken` : `${group.length} ${kindOf(group)} not taken`}</h2>
      {problems.map((p) => (
        <p key={p.code}>
          {p.fact} <b>{p.lawful}</b> {p.clause && <span class="meta">{p.clause}</span>}
        </p>
      ))}
      {one ? (
        <ul ref={list} class="sides">
          {wordsIn(one) && <li class="quote">{wordsIn(one)}</li>}
        </ul>
      ) : (
        <details open={group.length < 4}>
          <summary>Show the {group.length}</summary>
          <ul ref={list} class="sides">
            {lines.map((line, n) => (
              <li class="quote" key={group[n]?.envelope.id}>
                {line}
              </li>
            ))}
          </ul>
        </details>
      )}
      <div class="buttons">
        {again && (
          <button type="button" class="button primary" onClick={goOn}>
            Try again
          </button>
        )}
        {one?.command.type === "session.note" && view.may.includes("session.note") && (
          <button
            type="button"
            class="button primary"
            onClick={() => {
              const { text, criteria, question = null } = (one.command as NoteCommand).data;
              panel.write({ text: [panel.draft.text, text].filter(Boolean).join("\n"), criteria, question });
              dismiss();
            }}
          >
            Back to the note field
          </button>
        )}
        <button type="button" class="button" onClick={() => void copy()}>
          {copied ? "Copied" : group.length > 1 ? "Copy them" : "Copy"}
        </button>
        <button type="button" class="button" onClick={dismiss}>
          Let {group.length > 1 ? "them" : "it"} go
        </button>
      </div>
    </article>
  );
}

type NoteCommand = Extract<PanelRequest, { type: "session.note" }>;

/** "marks" or "notes" where all are such, else "changes". */
const kindOf = (group: readonly Refusal[]): string =>
  group.every(({ envelope }) => envelope.command.type === "session.mark")
    ? "marks"
    : group.every(({ envelope }) => envelope.command.type === "session.note")
      ? "notes"
      : "changes";

/** What the person typed, in their words. */
function wordsIn({ command: { data } }: Envelope, before = ""): string {
  const words = ("text" in data && data.text) || ("reason" in data && data.reason);
  return words ? `${before}${words}` : "";
}

type Reopened = Extract<Open, { what: "end" | "pause" | "unask" }>;
/** The dialog in which it can be pressed anew. */
function reopens({ command }: Envelope, view: GradingPanel, needsReason: boolean): Reopened | undefined {
  if (command.type === "session.end") return { what: "end", reason: command.data.reason ?? "", force: needsReason };
  if (command.type === "session.pause") return { what: "pause", reason: command.data.reason };
  if (command.type === "session.unask") {
    const question = view.questions.asked.find((q) => q.id === command.data.question);
    return question && { what: "unask", question, reason: command.data.reason };
  }
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
    case "session.unask":
      return "Taking a question back";
    case "session.present":
      return "Who was present";
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
