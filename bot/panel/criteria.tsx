import { useState } from "preact/hooks";
import type { MarkKey, PanelCriterion, PanelMark, PanelNote } from "../../src/panel/shape";
import { Icon } from "./icons";
import { MarkIcon, markWords } from "./marks";
import { focusNote } from "./note";
import { criteriaOf } from "./project";
import { amongRows, type Showing } from "./sheet";
import { mmss } from "./time";

const marks = ["met", "notMet", "notYet"] as const;
type Filter = "all" | "notYet" | "notMet";
const letters: Record<string, PanelMark> = { m: "met", n: "notMet", u: "notYet" };

/** The criteria as the pack groups them, each with its mark and its notes. */
export function Criteria(showing: Showing) {
  const { view, panel } = showing;
  const [filter, setFilter] = useState<Filter>("all");
  const [chosen, setChosen] = useState<string>();
  const keys = criteriaOf(view).flatMap((c) => c.keys);
  const count = (mark: PanelMark) => keys.filter((k) => k.mark === mark).length;
  const filters: [Filter, string][] = [
    // Without a number: it would be of rows, where a criterion may have several.
    ["all", "All"],
    ["notYet", `Not yet ${count("notYet")}`],
    ["notMet", `Not met ${count("notMet")}`],
  ];
  const shown = (k: MarkKey) => filter === "all" || k.mark === filter || k.key === chosen;
  const visible = keys.filter(shown);
  const current = visible.some((k) => k.key === chosen) ? chosen : visible[0]?.key;
  const mayMark = view.may.includes("session.mark");
  const mark = (k: MarkKey, to: PanelMark) => {
    if (k.mark === to || !mayMark) return;
    const after = { [k.key]: k.last?.command ?? null };
    panel.press({ type: "session.mark", data: { method: view.session.method, marks: { [k.key]: to }, after } });
  };
  const row = (c: PanelCriterion, k: MarkKey, last: boolean) => (
    <Row key={k.key} {...{ showing, c, k, last, mayMark, mark }} current={k.key === current} choose={setChosen} />
  );
  return (
    <>
      <fieldset class="filters">
        <legend class="hidden">Show criteria</legend>
        {filters.map(([id, word]) => (
          <button type="button" key={id} class="pill" aria-pressed={filter === id} onClick={() => setFilter(id)}>
            {word}
          </button>
        ))}
      </fieldset>
      <div data-rows="">
        {view.groups.map((group, at) => {
          const own = group.criteria.flatMap((c) => c.keys);
          if (!own.some(shown)) return null;
          const rows = group.criteria.map((c) =>
            c.keys.filter(shown).map((k, n, all) => row(c, k, n === all.length - 1)),
          );
          if (group.title === null) return <div key={String(at)}>{rows}</div>;
          return (
            <details class="group" open key={group.title}>
              <summary>
                <Icon name="down" />
                <span>{group.title}</span>
                <span class="meta">
                  {own.filter((k) => k.mark !== "notYet").length} of {own.length} marked
                </span>
              </summary>
              {group.ksbs.length > 0 && <p class="meta">{group.ksbs.map((k) => k.id).join(", ")}</p>}
              {rows}
            </details>
          );
        })}
        {visible.length === 0 && <p class="meta">None.</p>}
      </div>
    </>
  );
}

interface RowProps {
  showing: Showing;
  c: PanelCriterion;
  k: MarkKey;
  /** The last of its criterion's rows: notes stand under it. */
  last: boolean;
  current: boolean;
  mayMark: boolean;
  mark: (k: MarkKey, to: PanelMark) => void;
  choose: (key: string) => void;
}

function Row({ showing, c, k, last, current, mayMark, mark, choose }: RowProps) {
  const { view, panel, open } = showing;
  const label = k.part ? `${c.label} (${k.part})` : c.label;
  const tab = current ? 0 : -1;
  const notes = last ? view.notes.filter((n) => n.criteria.includes(c.id)) : [];
  const pressed = (event: KeyboardEvent & { currentTarget: HTMLElement; target: EventTarget | null }) => {
    // Letters and arrows count while the row itself has the focus, not while one types or chooses inside it.
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    if (amongRows(event, choose)) return;
    const to = letters[event.key.toLowerCase()];
    if (to && mayMark) mark(k, to);
    else if (event.key.toLowerCase() === "e" && mayMark) tie();
    else return;
    event.preventDefault();
  };
  const askedAs = (id: string | null) => {
    const q = id && view.questions.asked.find((one) => one.id === id);
    return q ? (q.label ?? "Own question") : undefined;
  };
  const tie = () => {
    panel.write({ criteria: [c.id] });
    focusNote();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be one stop of a grid of rows
    <div
      role="group"
      class="row"
      data-row={k.key}
      aria-label={`${label} ${k.text}, ${markWords[k.mark]}`}
      tabIndex={tab}
      onKeyDown={pressed}
      onFocusIn={() => !current && choose(k.key)}
    >
      <p>
        <b>{label}</b> {k.text}
      </p>
      {mayMark ? (
        <fieldset class="marks">
          <legend class="hidden">{label}</legend>
          {marks.map((m) => (
            <label key={m} class={`${m}${k.mark === m ? " on" : ""}`}>
              <input
                type="radio"
                name={k.key}
                value={m}
                checked={k.mark === m}
                tabIndex={tab}
                onChange={() => mark(k, m)}
              />
              <MarkIcon mark={m} />
              <span>{markWords[m]}</span>
            </label>
          ))}
        </fieldset>
      ) : (
        <p class={`marked ${k.mark}`}>
          <MarkIcon mark={k.mark} /> {markWords[k.mark]}
        </p>
      )}
      {notes.map((n) => (
        <Note
          key={n.id}
          note={n}
          showing={showing}
          also={askedAs(n.question)}
          tab={tab}
          change={() => open({ what: "note", note: n })}
        />
      ))}
    </div>
  );
}

interface NoteProps {
  note: PanelNote;
  showing: Showing;
  /** What else it is tied to. */
  also?: string | undefined;
  tab?: number;
  change: () => void;
}
export function Note({ note, showing: { view, panel }, also, tab = 0, change }: NoteProps) {
  return (
    <p class="note">
      <span class="at">{mmss(note.seconds)}</span>
      <span>
        {note.text}
        {also && <span class="meta"> {also}</span>}
        {note.corrected && <span class="meta"> changed</span>}
        {panel.waits(note.version) && <b class="warn"> Waiting</b>}
        {view.may.includes("session.note") && (
          <>
            {" "}
            <button
              type="button"
              class="link"
              tabIndex={tab}
              aria-label={`Change note of ${mmss(note.seconds)}`}
              onClick={change}
            >
              Change
            </button>
          </>
        )}
      </span>
    </p>
  );
}
