import { useEffect, useState } from "preact/hooks";
import type { AskedQuestion, BankQuestion, GradingPanel } from "../../src/panel/shape";
import { OpenList } from "./coverage";
import { Note } from "./criteria";
import { Icon } from "./icons";
import type { Panel } from "./panel";
import { labelsOf, nextQuestion } from "./project";
import { amongRows, type Showing } from "./sheet";
import { mmss } from "./time";

/** Marks a question of the bank as asked; the next note is about it, unless one is being written. */
export function askQuestion(view: GradingPanel, panel: Panel, q: BankQuestion): void {
  const { method } = view.session;
  const id = panel.press({
    type: "session.ask",
    data: { method, questionId: q.id, kind: "main", criteria: q.criteria },
  });
  if (panel.draft.text === "") panel.write({ question: id, criteria: [] });
}

/** More than a side panel has room for. */
const FIRST = 8;
let pictured = false;
/** How many rows of a long list are drawn: in the panel's first picture those in sight, and the rest right behind it. */
function useMost(): number {
  const [most, setMost] = useState(pictured ? Number.POSITIVE_INFINITY : FIRST);
  useEffect(() => {
    pictured = true;
    setMost(Number.POSITIVE_INFINITY);
  }, []);
  return most;
}

/** What to ask next, what is still to ask, what was asked. */
export function Questions(showing: Showing) {
  const { view, panel, open } = showing;
  const { questions, may, timer } = view;
  const [skipped, setSkipped] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string>();
  const most = useMost();
  const mayAsk = may.includes("session.ask");
  const found = nextQuestion(view, skipped) ?? nextQuestion(view);
  const next = found && questions.bank.find((q) => q.id === found.question);
  const toAsk = questions.bank.filter((q) => !q.asked && q !== next && (questions.draw ? q.drawn : !q.earlier));
  const mains = questions.asked.filter((q) => q.kind === "main");
  const of = questions.exactly ?? questions.draw?.ids.length;
  const follows = (id: string) => questions.asked.filter((q) => q.follows === id);
  const loose = questions.asked.filter((q) => q.kind === "main" || !questions.asked.some((m) => m.id === q.follows));
  const first = toAsk[0]?.id ?? loose.at(-1)?.id;
  const current = [...toAsk.map((q) => q.id), ...questions.asked.map((q) => q.id)].includes(chosen ?? "")
    ? chosen
    : first;
  const rows = { showing, current, choose: setChosen, mayAsk };
  return (
    <div data-rows="">
      {mayAsk && found && next && (
        <section class="next" aria-label="Ask next">
          <p class="hint">
            <Icon name="bulb" />
            Ask next{found.criteria.length > 0 && ` · covers ${labelsOf(view, found.criteria)}`}
          </p>
          <p>
            <b class="hidden">{next.label} </b>
            {next.text}
          </p>
          <div class="buttons">
            <button type="button" class="button primary" onClick={() => askQuestion(view, panel, next)}>
              Mark asked
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                const more = new Set(skipped).add(next.id);
                setSkipped(nextQuestion(view, more) ? more : new Set());
              }}
            >
              Skip
            </button>
          </div>
        </section>
      )}
      {timer.questions?.open && view.coverage.open.length > 0 && (
        <>
          <h3>
            Not seen yet<span class="meta">{view.coverage.open.length} left</span>
          </h3>
          <OpenList {...showing} />
        </>
      )}
      {may.includes("session.draw") && !questions.draw && questions.bank.length > 0 && (
        <p class="buttons">
          <button
            type="button"
            class="button"
            onClick={() => panel.press({ type: "session.draw", data: { method: view.session.method } })}
          >
            Draw {questions.size} questions
          </button>
        </p>
      )}
      {toAsk.length > 0 && (
        <>
          <h3>
            {timer.ended ? "Never asked" : "Still to ask"}
            <span class="meta">{of === undefined ? `${mains.length} asked` : `${mains.length} of ${of} asked`}</span>
          </h3>
          {toAsk.slice(0, most).map((q) => (
            <BankRow key={q.id} q={q} {...rows} />
          ))}
        </>
      )}
      {questions.asked.length > 0 && (
        <>
          <h3>
            Asked<span class="meta">Newest first</span>
          </h3>
          {loose.toReversed().map((q) => (
            <div key={q.id}>
              <AskedRow q={q} {...rows} />
              {follows(q.id).map((f) => (
                <AskedRow key={f.id} q={f} indented {...rows} />
              ))}
            </div>
          ))}
        </>
      )}
      {mayAsk && (
        <p class="buttons">
          <button type="button" class="button" onClick={() => open({ what: "ask" })}>
            Ask in your own words
          </button>
        </p>
      )}
      <TakenBack {...showing} />
      {!mayAsk && questions.asked.length === 0 && <p class="meta">No question was asked.</p>}
    </div>
  );
}

/** Not asked after all: they count for nothing, and stay on record. */
function TakenBack({ view: { questions } }: Showing) {
  const { withdrawn = [] } = questions;
  if (withdrawn.length === 0) return null;
  return (
    <details>
      <summary>Taken back: {withdrawn.length}</summary>
      <ul class="rows">
        {withdrawn.map((q) => (
          <li key={q.id}>
            <span>
              {q.label} {q.text}
              <span class="meta">
                Ticked {mmss(q.seconds)}. {q.reason}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface RowProps {
  showing: Showing;
  current: string | undefined;
  choose: (id: string) => void;
  mayAsk: boolean;
}

function BankRow({ q, showing: { view, panel }, current, choose, mayAsk }: RowProps & { q: BankQuestion }) {
  const tab = q.id === current ? 0 : -1;
  const ask = () => askQuestion(view, panel, q);
  const pressed = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    if (amongRows(event, choose)) return;
    if (event.key.toLowerCase() !== "a" || !mayAsk) return;
    event.preventDefault();
    ask();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be one stop of a list of rows
    <div
      role="group"
      class="row q"
      data-row={q.id}
      tabIndex={tab}
      aria-label={`${q.label} ${q.text}`}
      onKeyDown={pressed}
      onFocusIn={() => q.id !== current && choose(q.id)}
    >
      {mayAsk ? (
        <button type="button" class="plain" tabIndex={tab} aria-label={`Mark ${q.label} asked`} onClick={ask}>
          <Icon name="ring" />
        </button>
      ) : (
        <Icon name="ring" />
      )}
      <p>
        {q.label} {q.text}
        <span class="meta">{labelsOf(view, q.criteria)}</span>
      </p>
    </div>
  );
}

function AskedRow({
  q,
  indented,
  showing,
  current,
  choose,
  mayAsk,
}: RowProps & { q: AskedQuestion; indented?: boolean }) {
  const { view, panel, open } = showing;
  const link = (word: string, name: string, what: "ask" | "unask") => (
    <>
      {" · "}
      <button
        type="button"
        class="link"
        tabIndex={tab}
        aria-label={name}
        onClick={() => open(what === "ask" ? { what, follows: q } : { what, question: q })}
      >
        {word}
      </button>
    </>
  );
  const tab = q.id === current ? 0 : -1;
  const name = q.label ?? (q.kind === "followUp" ? "Follow-up" : "Own question");
  const pressed = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    if (amongRows(event, choose)) return;
    if (event.key.toLowerCase() !== "f" || !mayAsk) return;
    event.preventDefault();
    open({ what: "ask", follows: q });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be one stop of a list of rows
    <div
      role="group"
      class={`row q asked${indented ? " indented" : ""}`}
      data-row={q.id}
      tabIndex={tab}
      aria-label={`${name}, asked: ${q.text}`}
      onKeyDown={pressed}
      onFocusIn={() => q.id !== current && choose(q.id)}
    >
      <Icon name="done" />
      <div>
        {q.label ? q.label : `${name}:`} {q.text}
        <span class="meta">
          {[`Asked ${mmss(q.seconds)}`, labelsOf(view, q.criteria) || "yours"].join(" · ")}
          {panel.waits(q.id) && <b class="warn"> Waiting</b>}
          {mayAsk && !indented && link("Follow up", `Follow up ${name}`, "ask")}
          {view.may.includes("session.unask") && link("Not asked", `${name} was not asked`, "unask")}
        </span>
        {view.notes
          .filter((n) => n.question === q.id)
          .map((n) => (
            <Note
              key={n.id}
              note={n}
              showing={showing}
              also={labelsOf(view, n.criteria)}
              tab={tab}
              change={() => open({ what: "note", note: n })}
            />
          ))}
      </div>
    </div>
  );
}
