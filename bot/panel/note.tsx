import { Icon } from "./icons";
import { useNow } from "./now";
import { criteriaOf } from "./project";
import type { Showing } from "./sheet";
import { mmss, readingsOf } from "./time";

const fieldId = "note";
let backTo: HTMLElement | null = null;
/** From a row into the note field; Escape leads back. */
export function focusNote(): void {
  backTo = document.activeElement as HTMLElement | null;
  requestAnimationFrame(() => document.getElementById(fieldId)?.focus());
}

/** At the foot: what was heard or seen, stamped with the session's time, tied to criteria and to a question. */
export function NoteField({ view, panel, open }: Showing) {
  const { draft } = panel;
  const asked = view.questions.asked.find((q) => q.id === draft.question);
  const criteria = criteriaOf(view).filter((c) => draft.criteria.includes(c.id));
  const add = () => {
    const text = draft.text.trim();
    if (!text) return document.getElementById(fieldId)?.focus();
    const { method } = view.session;
    panel.press({
      type: "session.note",
      data: { method, text, criteria: criteria.map((c) => c.id), ...(asked ? { question: asked.id } : {}) },
    });
    panel.write({ text: "" });
    document.getElementById(fieldId)?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      add();
    } else if (event.key === "Escape" && backTo?.isConnected) {
      event.preventDefault();
      backTo.focus();
    }
  };
  return (
    <form
      class="foot"
      aria-label="Note"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div class="ties">
        <Stamp {...{ view, panel }} />
        <span>Note for</span>
        {asked && <Tie name={asked.label ?? "Follow-up"} off={() => panel.write({ question: null })} />}
        {criteria.map((c) => (
          <Tie
            key={c.id}
            name={c.label}
            off={() => panel.write({ criteria: draft.criteria.filter((id) => id !== c.id) })}
          />
        ))}
        <button type="button" class="tie" onClick={() => open({ what: "ties" })}>
          <Icon name="plus" />
          Tie
        </button>
      </div>
      <div class="write">
        <textarea
          id={fieldId}
          aria-label="What you heard or saw"
          placeholder="What you heard or saw"
          rows={Math.min(4, Math.max(1, Math.ceil(draft.text.length / 32), draft.text.split("\n").length))}
          maxLength={8000}
          value={draft.text}
          onInput={(event) => panel.write({ text: event.currentTarget.value })}
          onKeyDown={pressed}
        />
        <button type="submit" class="button primary">
          Add
        </button>
      </div>
    </form>
  );
}

const Stamp = ({ view, panel }: Pick<Showing, "view" | "panel">) => {
  const run = readingsOf(view.timer, useNow(panel));
  const part = view.timer.questions?.open && view.timer.questions.kind === "after";
  return <b class="at">{mmss(part ? run.questions : run.session)}</b>;
};

const Tie = ({ name, off }: { name: string; off: () => void }) => (
  <button type="button" class="tie" aria-label={`${name}, untie`} title="Untie" onClick={off}>
    {name}
  </button>
);
