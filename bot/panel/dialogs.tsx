import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { AskedQuestion, GradingPanel, PanelNote, PanelProblem } from "../../src/panel/shape";
import { Tick } from "./before";
import { Icon } from "./icons";
import type { Panel } from "./panel";
import { passFirst } from "./project";
import { dayOf, endNeeds, mmss, shown } from "./time";

/** What is asked in a window of its own. */
export type Open =
  | { what: "more" }
  | { what: "handedIn" }
  | { what: "ties" }
  | { what: "present" }
  | { what: "pause"; reason?: string; problem?: PanelProblem | undefined }
  | { what: "end"; reason?: string; force?: boolean; problem?: PanelProblem | undefined }
  | { what: "ask"; follows?: AskedQuestion }
  | { what: "unask"; question: AskedQuestion; reason?: string; problem?: PanelProblem | undefined }
  | { what: "note"; note: PanelNote };

interface Asking<T = Open> {
  view: GradingPanel;
  panel: Panel;
  open: T;
  close: () => void;
}
type Of<W extends Open["what"]> = Asking<Extract<Open, { what: W }>>;

export function Dialogs({ open, ...rest }: Asking<Open | undefined>) {
  switch (open?.what) {
    case "more":
      return <More {...rest} open={open} />;
    case "handedIn":
      return (
        <Modal title="" close={rest.close}>
          <HandedIn view={rest.view} />
        </Modal>
      );
    case "ties":
      return <Ties {...rest} open={open} />;
    case "present":
      return <Present {...rest} open={open} />;
    case "pause":
      return <Pause {...rest} open={open} />;
    case "end":
      return <End {...rest} open={open} />;
    case "ask":
      return <Ask {...rest} open={open} />;
    case "unask":
      return <Unask {...rest} open={open} />;
    case "note":
      return <Correct {...rest} open={open} />;
    default:
      return null;
  }
}

interface Modalled {
  title: string;
  close: () => void;
  /** With it a form: what its first button says, and does when pressed. */
  act?: { word: string; does: () => void };
  back?: string;
  children: preact.ComponentChildren;
}
function Modal({ title, close, act, back = "Close", children }: Modalled) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const one = dialog.current;
    const before = document.activeElement as HTMLElement | null;
    one?.showModal();
    return () => {
      one?.close();
      before?.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} onClose={close} aria-label={title || "Handed in"}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          act?.does();
        }}
      >
        {title && <h2>{title}</h2>}
        {children}
        <div class="buttons">
          {act && (
            <button type="submit" class="button primary">
              {act.word}
            </button>
          )}
          <button type="button" class="button" onClick={close}>
            {back}
          </button>
        </div>
      </form>
    </dialog>
  );
}

interface Wording {
  label: string;
  value: string;
  set: (value: string) => void;
  wrong?: string | null;
  max: number;
  optional?: boolean;
}
function Words({ label, value, set, wrong, max, optional }: Wording) {
  return (
    <label class="words">
      <span>
        {label}
        {!optional && (
          <span class="late" aria-hidden="true">
            {" "}
            *
          </span>
        )}
      </span>
      <textarea
        rows={2}
        maxLength={max}
        value={value}
        aria-invalid={Boolean(wrong)}
        aria-required={!optional}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {wrong && <span class="wrong">{wrong}</span>}
    </label>
  );
}

const Problem = ({ problem }: { problem: PanelProblem | undefined }) =>
  problem ? (
    <p class="attention">
      {problem.fact} <b>{problem.lawful}</b> {problem.clause && <span class="meta">{problem.clause}</span>}
    </p>
  ) : null;

function Pause({ view, panel, open, close }: Of<"pause">) {
  const press = (reason: string) =>
    panel.press({ type: "session.pause", data: { method: view.session.method, reason } });
  return (
    <Reasoned title="Pause the session" word="Pause" back="Keep going" {...{ press, open, close }}>
      <p>The clock stops until you resume. The reason is recorded.</p>
    </Reasoned>
  );
}

function Unask({ view, panel, open, close }: Of<"unask">) {
  const { id, text } = open.question;
  const press = (reason: string) =>
    panel.press({ type: "session.unask", data: { method: view.session.method, question: id, reason } });
  return (
    <Reasoned title="Not asked after all?" word="Take back" back="Keep it" {...{ press, open, close }}>
      <p class="quote">{text}</p>
      <p>It counts no more and can be asked again. That it was ticked stays on record, with your reason.</p>
    </Reasoned>
  );
}

interface Reasoning {
  title: string;
  word: string;
  back: string;
  open: { reason?: string; problem?: PanelProblem | undefined };
  close: () => void;
  press: (reason: string) => void;
  children: preact.ComponentChildren;
}
/** What is done with a reason only. */
function Reasoned({ title, word, back, open, close, press, children }: Reasoning) {
  const [reason, setReason] = useState(open.reason ?? "");
  const [wrong, setWrong] = useState(false);
  const does = () => {
    if (!reason.trim()) return setWrong(true);
    press(reason.trim());
    close();
  };
  return (
    <Modal title={title} close={close} act={{ word, does }} back={back}>
      {children}
      <Problem problem={open.problem} />
      <Words
        label="Reason"
        value={reason}
        set={setReason}
        max={300}
        wrong={wrong && !reason.trim() ? "Say why." : null}
      />
    </Modal>
  );
}

function End({ view, panel, open, close }: Of<"end">) {
  const now = useRef(panel.clock.now()).current;
  const needs = endNeeds(view, now);
  const asks = needs.reason !== null || open.force === true;
  const [reason, setReason] = useState(open.reason ?? "");
  const [longer, setLonger] = useState(false);
  const [tried, setTried] = useState(false);
  const end = () => {
    setTried(true);
    const words = reason.trim();
    if ((asks && !words) || (needs.discretion && !longer)) return;
    const { method } = view.session;
    panel.press({
      type: "session.end",
      data: { method, discretion: longer, ...(words && asks ? { reason: words } : {}) },
    });
    close();
  };
  const face = shown(view, now);
  return (
    <Modal
      title={`End at ${mmss(face.seconds)}?`}
      close={close}
      act={{ word: "End session", does: end }}
      back="Keep going"
    >
      {asks ? (
        <p>{needs.reason} Ending now is allowed and recorded with your reason.</p>
      ) : (
        <p>Marks and notes stay open until you confirm the grade.</p>
      )}
      <Problem problem={open.problem} />
      {asks && (
        <Words
          label="Reason"
          value={reason}
          set={setReason}
          max={2000}
          wrong={tried && !reason.trim() ? "Say why." : null}
        />
      )}
      {needs.discretion && (
        <Tick
          id="discretion"
          title="It ran longer at my discretion"
          on={longer}
          set={setLonger}
          wrong={tried && !longer}
        />
      )}
    </Modal>
  );
}

function Ask({ view, panel, open: { follows }, close }: Of<"ask">) {
  const [text, setText] = useState("");
  const [criteria, setCriteria] = useState<readonly string[]>(follows?.criteria ?? []);
  const [wrong, setWrong] = useState(false);
  const ask = () => {
    if (!text.trim()) return setWrong(true);
    const id = panel.press({
      type: "session.ask",
      data: {
        method: view.session.method,
        text: text.trim(),
        kind: follows ? "followUp" : "main",
        ...(follows ? { follows: follows.id } : {}),
        criteria: [...criteria],
      },
    });
    if (panel.draft.text === "") panel.write({ question: id, criteria: [] });
    close();
  };
  const title = follows ? `Follow-up to ${follows.label ?? "your question"}` : "Ask in your own words";
  return (
    <Modal title={title} close={close} act={{ word: "Mark asked", does: ask }}>
      {!follows && view.questions.fromBank && (
        <p class="meta">Main questions come from the bank; another is recorded as such.</p>
      )}
      <Words
        label="Question"
        value={text}
        set={setText}
        max={1000}
        wrong={wrong && !text.trim() ? "Write what you ask." : null}
      />
      <Choose view={view} legend="Criteria it is about" chosen={criteria} set={setCriteria} />
    </Modal>
  );
}

interface Choosing {
  view: GradingPanel;
  legend: string;
  chosen: readonly string[];
  set: (ids: string[]) => void;
}
function Choose({ view, legend, chosen, set }: Choosing) {
  return (
    <fieldset class="choose">
      <legend>{legend}</legend>
      {passFirst(view).map((c) => (
        <label key={c.id} title={c.text}>
          <input
            type="checkbox"
            checked={chosen.includes(c.id)}
            onChange={(event) =>
              set(event.currentTarget.checked ? [...chosen, c.id] : chosen.filter((id) => id !== c.id))
            }
          />
          {c.label}
        </label>
      ))}
    </fieldset>
  );
}

function About({ view, value, set }: { view: GradingPanel; value: string | null; set: (id: string | null) => void }) {
  const { asked } = view.questions;
  if (asked.length === 0) return null;
  return (
    <label class="words">
      <span>Question</span>
      <select value={value ?? ""} onChange={(event) => set(event.currentTarget.value || null)}>
        <option value="">None</option>
        {asked.map((q) => (
          <option key={q.id} value={q.id}>
            {`${q.label ?? "Yours"} ${q.text}`.slice(0, 80)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Ties({ view, panel, close }: Of<"ties">) {
  const { draft } = panel;
  return (
    <Modal title="Tie the note to" close={close} back="Done">
      <Choose view={view} legend="Criteria" chosen={draft.criteria} set={(criteria) => panel.write({ criteria })} />
      <About view={view} value={draft.question} set={(question) => panel.write({ question })} />
    </Modal>
  );
}

function Correct({ view, panel, open: { note }, close }: Of<"note">) {
  const [text, setText] = useState(note.text);
  const [criteria, setCriteria] = useState<readonly string[]>(note.criteria);
  const [question, setQuestion] = useState(note.question);
  const [wrong, setWrong] = useState(false);
  const save = () => {
    if (!text.trim()) return setWrong(true);
    panel.press({
      type: "session.correctNote",
      data: {
        method: view.session.method,
        note: note.id,
        text: text.trim(),
        criteria: [...criteria],
        ...(question ? { question } : {}),
        after: note.version,
      },
    });
    close();
  };
  return (
    <Modal title={`Note of ${mmss(note.seconds)}`} close={close} act={{ word: "Save", does: save }}>
      <p class="meta">The first words stay on record beside the new ones.</p>
      <Words
        label="Note"
        value={text}
        set={setText}
        max={8000}
        wrong={wrong && !text.trim() ? "A note needs words." : null}
      />
      <Choose view={view} legend="Criteria" chosen={criteria} set={setCriteria} />
      <About view={view} value={question} set={setQuestion} />
    </Modal>
  );
}

function Present({ view, panel, close }: Of<"present">) {
  const { present, session } = view;
  const { could, recorded } = present;
  const [who, setWho] = useState<readonly string[]>(recorded?.who ?? ["apprentice", "assessor"]);
  const [others, setOthers] = useState(recorded?.others ?? "");
  const [wrong, setWrong] = useState(false);
  const save = () => {
    const there = could.flatMap(({ role }) => (who.includes(role) ? [role] : []));
    if (there.length === 0) return setWrong(true);
    const words = others.trim();
    panel.press({
      type: "session.present",
      data: { method: session.method, who: there, ...(words ? { others: words } : {}) },
    });
    close();
  };
  return (
    <Modal title="Who is present" close={close} act={{ word: "Save", does: save }}>
      {recorded && <p class="meta">What was recorded before stays on record.</p>}
      <fieldset class="points">
        <legend class="hidden">Present</legend>
        {could.map(({ role, name, part }) => (
          <Tick
            key={role}
            id={role}
            title={`${name}, ${part}`}
            on={who.includes(role)}
            set={(on) => setWho(on ? [...who, role] : who.filter((r) => r !== role))}
            needed={false}
          />
        ))}
        {wrong && <p class="wrong">Tick who is there.</p>}
      </fieldset>
      <Words label="Anybody else" value={others} set={setOthers} max={300} optional />
    </Modal>
  );
}

const keys: [string, string, string][] = [
  ["Tabs", "← → Home End", "change tab"],
  ["Criterion", "↑ ↓", "other row"],
  ["", "M N U", "met, not met, not yet"],
  ["", "E", "note"],
  ["Question", "↑ ↓", "other row"],
  ["", "A F", "asked, follow-up"],
  ["Note", "Ctrl+Enter", "add and stay"],
  ["", "Esc", "back to the row"],
];

function More({ view, close }: Of<"more">) {
  const { draw, bankVersion } = view.questions;
  const all = [...view.groups.flatMap((g) => g.ksbs), ...view.ksbs];
  return (
    <Modal title={view.session.title} close={close}>
      <HandedIn view={view} />
      {view.session.link && (
        <p class="join">
          <a href={view.session.link} target="_blank" rel="noreferrer">
            Join the meeting
          </a>
        </p>
      )}
      <details>
        <summary>Keys</summary>
        <p class="meta">Letters work while a row has the focus.</p>
        <table>
          <tbody>
            {keys.map(([where, key, does]) => (
              <tr key={key + does}>
                {where ? <th scope="row">{where}</th> : <td />}
                <td>
                  <kbd>{key}</kbd>
                </td>
                <td>{does}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      {all.length > 0 && (
        <details>
          <summary>Knowledge, skills and behaviours</summary>
          <ul class="rows">
            {all.map((k) => (
              <li key={k.id}>
                <b>{k.id}</b> {k.text}
              </li>
            ))}
          </ul>
        </details>
      )}
      {bankVersion && (
        <p class="meta">
          Questions of bank {bankVersion}
          {draw && `, drawn ${dayOf(Date.parse(draw.at))} by seed ${draw.seed}`}
        </p>
      )}
    </Modal>
  );
}

/** Report or portfolio: where it is, how long, what it maps to. */
function HandedIn({ view: { handedIn: h } }: { view: GradingPanel }) {
  if (!h) return null;
  return (
    <section>
      <h3>{h.title}</h3>
      <p>
        {h.link ? (
          <a href={h.link} target="_blank" rel="noreferrer">
            Open {h.kind}
          </a>
        ) : (
          h.reference
        )}
        <span class="meta">
          {" "}
          Handed in {dayOf(Date.parse(h.at))}
          {h.words && `, ${h.words.count} words (${h.words.least} to ${h.words.most})`}
          {h.pieces !== null && `, ${h.pieces} ${h.pieces === 1 ? "piece" : "pieces"}`}
        </span>
      </p>
      {h.contents.length > 0 && (
        <details>
          <summary>
            Contents, {h.contents.filter((c) => c.ticked).length} of {h.contents.length} ticked
          </summary>
          <ul class="rows">
            {h.contents.map((c) => (
              <li key={c.title}>
                <Icon name={c.ticked ? "done" : "ring"} />
                <span>
                  {c.title}
                  {!c.ticked && <span class="meta"> not ticked</span>}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {h.mapping.length > 0 && (
        <details>
          <summary>Mapping</summary>
          <ul class="mapping">
            {h.mapping.map((m) => (
              <li key={m.ksb}>
                <b>{m.ksb}</b> {m.pieces.length > 0 ? m.pieces.join(", ") : "not mapped"}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
