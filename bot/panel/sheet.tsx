import { useEffect, useRef, useState } from "preact/hooks";
import type { GradingPanel } from "../../src/panel/shape";
import { Coverage } from "./coverage";
import { Criteria } from "./criteria";
import type { Open } from "./dialogs";
import { NoteField } from "./note";
import type { Panel } from "./panel";
import { Questions } from "./questions";
import { Summary } from "./summary";

const tabs = ["Questions", "Criteria", "Coverage", "Summary"] as const;
type Tab = (typeof tabs)[number];

export interface Showing {
  view: GradingPanel;
  panel: Panel;
  open: (what: Open) => void;
  /** Shows a criterion's row, with the focus on it. */
  goTo: (key: string) => void;
}

const isWide = matchMedia("(min-width: 900px)");
/** Whether there is room for everything side by side. */
function useWide(): boolean {
  const [wide, setWide] = useState(isWide.matches);
  useEffect(() => {
    const look = () => setWide(isWide.matches);
    isWide.addEventListener("change", look);
    return () => isWide.removeEventListener("change", look);
  }, []);
  return wide;
}

/** The working sheet: four tabs in a side panel, side by side where there is room; the note field at the foot. */
export function Sheet({ view, panel, open }: Omit<Showing, "goTo">) {
  const ended = view.timer.phase === "marking" || view.timer.phase === "confirmed";
  const [tab, setTab] = useState<Tab>(ended ? "Summary" : "Questions");
  const wide = useWide();
  const wasEnded = useRef(ended);
  useEffect(() => {
    if (ended && !wasEnded.current) setTab("Summary");
    wasEnded.current = ended;
  }, [ended]);
  const goTo = (key: string) => {
    setTab("Criteria");
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)?.focus());
  };
  const showing: Showing = { view, panel, open, goTo };
  const note = view.may.includes("session.note") && <NoteField {...showing} />;
  if (wide)
    return (
      <div class="columns">
        <section aria-labelledby="h-Questions">
          <h2 id="h-Questions">Questions</h2>
          <Questions {...showing} />
        </section>
        <div class="middle">
          <section aria-labelledby="h-Criteria">
            <h2 id="h-Criteria">Criteria</h2>
            <Criteria {...showing} />
          </section>
          {note}
        </div>
        <div class="side">
          <section aria-labelledby="h-Coverage">
            <h2 id="h-Coverage">Coverage</h2>
            <Coverage {...showing} />
          </section>
          <section aria-labelledby="h-Summary">
            <h2 id="h-Summary">Summary</h2>
            <Summary {...showing} />
          </section>
        </div>
      </div>
    );
  const Shown = { Questions, Criteria, Coverage, Summary }[tab];
  return (
    <>
      <div class="tabs" role="tablist" aria-label="Session" onKeyDown={amongTabs}>
        {tabs.map((one) => (
          <button
            type="button"
            role="tab"
            key={one}
            id={`tab-${one}`}
            aria-selected={one === tab}
            aria-controls="shown"
            tabIndex={one === tab ? 0 : -1}
            onClick={() => setTab(one)}
          >
            {one}
          </button>
        ))}
      </div>
      <section key={tab} class="content" role="tabpanel" id="shown" aria-labelledby={`tab-${tab}`} tabIndex={-1}>
        <h2 class="hidden">{tab}</h2>
        <Shown {...showing} />
      </section>
      {note}
    </>
  );
}

/** Arrows, Home and End: the tab that gets the focus is chosen (the tabs pattern of WAI-ARIA). */
function amongTabs(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const next = all.at(to % all.length);
  next?.focus();
  next?.click();
}

/** Up and down among rows that are one stop of the Tab key together. True when it moved. */
export function amongRows(
  event: KeyboardEvent & { currentTarget: HTMLElement },
  choose: (key: string) => void,
): boolean {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return false;
  const all = [...(event.currentTarget.closest("[data-rows]")?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const next = all[all.indexOf(event.currentTarget) + by];
  event.preventDefault();
  if (!next) return true;
  choose(next.dataset.row ?? "");
  next.focus();
  return true;
}
