import { useEffect, useRef, useState } from "preact/hooks";
import type { Choice, QueueAnswer, QueueLine } from "../../queueShape";
import { HintText } from "../hint";
import { follow } from "../host";
import { Allocation } from "./allocation";
import { useHandOn } from "./handOn";
import { anything, useQueue, type Wanted } from "./queueState";

const MOST = 50;

/** Open cases by what is due and by whom: filtered, sorted, searched, paged; and assessors put on several of them. */
export function Queue() {
  const queue = useQueue();
  const { wanted, answer, trouble, busy, chosen, choose, change, again } = queue;
  const [wide, widen] = useState(false);
  const section = useRef<HTMLElement>(null);
  const row = () => section.current?.querySelector<HTMLElement>(".cases a[tabindex='0']");
  // The bar for allocating goes when nothing is ticked any more, "Show all" when there are rows again.
  useHandOn(chosen.size === 0, row);
  useHandOn(answer?.rows.length !== 0, row);
  if (!answer)
    return trouble ? (
      <Trouble text={trouble} again={again} />
    ) : (
      <p class="empty" role="status">
        Loading the work queue
      </p>
    );
  const narrowed = (["stage", "who", "method", "assessor", "body"] as const).filter((k) => wanted[k] !== "").length;
  return (
    <section class="queue" ref={section} onFocusIn={keepInSight} aria-label="Work queue" aria-busy={busy}>
      <div class="bar">
        <input
          class="field search"
          type="search"
          aria-label="Search"
          placeholder="Reference, apprentice or firm"
          maxLength={80}
          value={wanted.q}
          onInput={(e) => change({ q: e.currentTarget.value })}
        />
        <button
          type="button"
          class="button fold"
          aria-expanded={wide}
          aria-controls="filters"
          onClick={() => widen(!wide)}
        >
          Filter and sort{narrowed > 0 ? `, ${narrowed}` : ""}
        </button>
      </div>
      <div class={`filters ${wide ? "open" : ""}`} id="filters">
        <Filter label="Stage" name="stage" of={answer.filters.stage} {...{ wanted, change }} />
        <Filter label="Awaited of" name="who" of={answer.filters.who} {...{ wanted, change }} />
        <Filter label="Assessment" name="method" of={answer.filters.method} {...{ wanted, change }} />
        <Filter label="Assessor" name="assessor" of={answer.filters.assessor} {...{ wanted, change }} />
        {answer.filters.body.length > 1 && (
          <Filter label="Awarding body" name="body" of={answer.filters.body} {...{ wanted, change }} />
        )}
        <Sort {...{ wanted, change }} />
      </div>
      <Urgency of={answer.filters.due} {...{ wanted, change }} />
      {trouble && <Trouble text={trouble} again={again} />}
      <Rows answer={answer} chosen={chosen} choose={choose} clear={() => change(anything)} />
      <Pages answer={answer} busy={busy} go={(page) => change({ page })} />
      {answer.staff.length > 0 && (
        <Allocation staff={answer.staff} chosen={chosen} choose={choose} changed={() => void again()} />
      )}
    </section>
  );
}

/** Rows are laid out as they come into sight, and change in number: what has the focus behind them would move out of it again. */
function keepInSight() {
  const look = () => document.activeElement?.closest(".queue *")?.scrollIntoView({ block: "nearest" });
  requestAnimationFrame(() => requestAnimationFrame(look));
}

function Trouble({ text, again }: { text: string; again: () => void }) {
  return (
    <p class="stale" role="alert">
      {text}{" "}
      <button type="button" class="plain" onClick={() => void again()}>
        Try again
      </button>
    </p>
  );
}

interface Changing {
  wanted: Wanted;
  change: (change: Partial<Wanted>) => void;
}

function Filter({ label, name, of, wanted, change }: Changing & { label: string; name: keyof Wanted; of: Choice[] }) {
  return (
    <div class="choice">
      <label for={`filter-${name}`}>{label}</label>
      <select
        class="field"
        id={`filter-${name}`}
        value={wanted[name]}
        onChange={(e) => change({ [name]: e.currentTarget.value })}
      >
        <option value="">Any</option>
        {of.map(({ value, title, count }) => (
          <option key={value} value={value}>
            {title} ({count})
          </option>
        ))}
      </select>
    </div>
  );
}

const sorts = {
  "due ": "Due first",
  "due 1": "Due last",
  "ref ": "Reference",
  "ref 1": "Reference, newest first",
  "name ": "Apprentice",
  "stage ": "Stage",
  "stage 1": "Stage, furthest first",
  "assessor ": "Assessor",
} as const;

function Sort({ wanted, change }: Changing) {
  return (
    <div class="choice">
      <label for="sort">Sort by</label>
      <select
        class="field"
        id="sort"
        value={`${wanted.sort} ${wanted.down}`}
        onChange={(e) => {
          const [sort = "due", down = ""] = e.currentTarget.value.split(" ");
          change({ sort, down });
        }}
      >
        {Object.entries(sorts).map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}

/** How near what is due is: a press narrows to it, another one shows all again. */
function Urgency({ of, wanted, change }: Changing & { of: Choice[] }) {
  return (
    <div class="urgency">
      {of.map(({ value, title, count }) => (
        <button
          key={value}
          type="button"
          class={`chip ${value}`}
          aria-pressed={wanted.due === value}
          onClick={() => change({ due: wanted.due === value ? "" : value })}
        >
          {title} <b>{count}</b>
        </button>
      ))}
    </div>
  );
}

const counted = (n: number, one: string) => `${n} ${n === 1 ? one : `${one}s`}`;

interface Choosing {
  chosen: ReadonlyMap<string, QueueLine>;
  choose: (chosen: ReadonlyMap<string, QueueLine>) => void;
}

function Rows({ answer, chosen, choose, clear }: Choosing & { answer: QueueAnswer; clear: () => void }) {
  const { rows, fit, of, capped, staff } = answer;
  const [at, move] = useState(0);
  const [toType, setToType] = useState<string>();
  // A row ticked by its key does not say so itself.
  const [said, say] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const here = Math.min(at, rows.length - 1);
  const mayChoose = staff.length > 0;
  const toggle = (line: QueueLine) => {
    const next = new Map(chosen);
    const full = !next.delete(line.caseId) && next.size >= MOST;
    if (!full && !chosen.has(line.caseId)) next.set(line.caseId, line);
    const ticked = next.has(line.caseId) ? "ticked" : "not ticked";
    say(full ? `At most ${MOST} are ticked at once` : `${line.ref} ${ticked}, ${next.size} in all`);
    choose(next);
  };
  const press = (event: KeyboardEvent) => {
    const to = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: rows.length - 1 }[event.key];
    const line = rows[here];
    if (event.key === "x" && mayChoose && line) toggle(line);
    else if (to !== undefined && rows[to]) {
      move(to);
      const column = event.target instanceof HTMLInputElement ? "input" : "a";
      list.current?.children[to]?.querySelector<HTMLElement>(column)?.focus();
    } else return;
    event.preventDefault();
  };
  const open = async (line: QueueLine) => setToType((await follow(line.link)) ? undefined : line.caseId);
  const every = rows.length > 0 && rows.every(({ caseId }) => chosen.has(caseId));
  return (
    <div class="card">
      <div class="head">
        {mayChoose && rows.length > 0 && (
          <label class="tick">
            <input
              type="checkbox"
              checked={every}
              onChange={() => choose(every ? new Map() : new Map(rows.map((row) => [row.caseId, row])))}
            />
            <span class="hidden">All on this page</span>
          </label>
        )}
        <h2>
          <span role="status">
            {fit === of ? counted(fit, "open case") : `${fit} of ${counted(of, "open case")}`}
            {capped && ", the newest"}
          </span>
        </h2>
        {mayChoose && <span class="meta keys">↑ ↓ move, X ticks, Enter opens the chat</span>}
      </div>
      <p class="hidden" role="status">
        {said}
      </p>
      {rows.length === 0 ? (
        <p class="empty">
          {of === 0 ? "No open cases. When there is one, it appears here." : "No case fits. "}
          {of > 0 && (
            <button type="button" class="plain" onClick={clear}>
              Show all
            </button>
          )}
        </p>
      ) : (
        <ul class="cases" ref={list} onKeyDown={press}>
          {rows.map((line, i) => (
            <Line
              key={line.caseId}
              line={line}
              stop={i === here}
              ticked={mayChoose ? chosen.has(line.caseId) : undefined}
              tick={() => toggle(line)}
              focused={() => move(i)}
              told={toType === line.caseId}
              open={() => void open(line)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface LineProps {
  line: QueueLine;
  /** The one row of the list at which Tab stops. */
  stop: boolean;
  /** Undefined where there is nothing to tick it for. */
  ticked: boolean | undefined;
  tick: () => void;
  focused: () => void;
  told: boolean;
  open: () => void;
}

function Line({ line, stop, ticked, tick, focused, told, open }: LineProps) {
  const tabIndex = stop ? 0 : -1;
  return (
    <li class={ticked ? "case ticked" : "case"} onFocusIn={focused}>
      {ticked !== undefined && (
        <label class="tick">
          <input type="checkbox" checked={ticked} tabIndex={tabIndex} onChange={tick} />
          <span class="hidden">
            {line.name}, {line.ref}
          </span>
        </label>
      )}
      <a
        class="row"
        data-row="case"
        href={line.link}
        tabIndex={tabIndex}
        onClick={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <span class="cell who">
          <span class="what name">{line.name}</span>
          <span class="meta">
            <span class="whole">{line.ref}</span>
            {line.employer && ` · ${line.employer}`}
            {line.body && ` · ${line.body}`}
          </span>
        </span>
        <span class="cell where">
          <span class="track" aria-hidden="true">
            {line.track.map((state, n) => (
              <i class={state} key={n} />
            ))}
          </span>
          <span class="meta">{line.stage}</span>
        </span>
        <span class="cell todo">
          <span class="what">{line.next ?? "Nothing is awaited"}</span>
          {line.by && <span class="meta">{line.by}</span>}
        </span>
        <span class="cell due">
          {line.hint && <HintText hint={line.hint} />}
          {line.when && <span class="meta">{line.when}</span>}
        </span>
        <span class="cell staff meta">
          <span>{line.assessor ?? "No assessor"}</span>
          {line.iqa && <span>{line.iqa}, quality assurer</span>}
        </span>
      </a>
      {told && (
        <p class="told" role="status">
          In the chat, type: <span class="whole">case {line.ref}</span>
        </p>
      )}
    </li>
  );
}

function Pages({ answer, busy, go }: { answer: QueueAnswer; busy: boolean; go: (page: number) => void }) {
  const { page, pages, fit, rows } = answer;
  useEffect(keepInSight, [page]);
  if (pages === 1) return null;
  const from = (page - 1) * MOST + 1;
  const turn = (title: string, to: number) => (
    <button
      type="button"
      class="button"
      aria-disabled={busy || to < 1 || to > pages}
      onClick={() => !busy && to >= 1 && to <= pages && go(to)}
    >
      {title}
    </button>
  );
  return (
    <nav class="pages" aria-label="Pages">
      {turn("Previous", page - 1)}
      <span role="status">
        {from} to {from + rows.length - 1} of {fit}
      </span>
      {turn("Next", page + 1)}
    </nav>
  );
}
