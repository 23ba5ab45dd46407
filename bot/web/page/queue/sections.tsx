import type { ComponentChildren, FunctionComponent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer } from "../../shape";
import { Queue } from "./queue";

/** The tab's sections: everyone's own lists, and what staff do beside them. Each but the first two is loaded when it is opened. */

const sections = {
  mine: { title: "My work", who: ["coordinator", "staff", "party"] },
  queue: { title: "Work queue", who: ["coordinator", "staff"] },
  register: { title: "Register many", who: ["coordinator"] },
  banks: { title: "Question bank", who: ["coordinator"] },
} as const satisfies Record<string, { title: string; who: readonly Answer["role"][] }>;
type Section = keyof typeof sections;
const all = Object.keys(sections) as Section[];

/** Loaded on opening: they read files, which the lists have no need of. */
const later: Partial<Record<Section, () => Promise<FunctionComponent>>> = {
  register: () => import("./register").then(({ Register }) => Register),
  banks: () => import("./banks").then(({ Banks }) => Banks),
};

const fromAddress = (open: readonly Section[]): Section => open.find((s) => `#${s}` === location.hash) ?? "mine";

export function Sections({ answer, children }: { answer: Answer; children: ComponentChildren }) {
  const open = all.filter((s) => (sections[s].who as readonly string[]).includes(answer.role));
  const [section, show] = useState(() => fromAddress(open));
  const choose = (one: Section) => {
    show(one);
    // A reload stays where one was; nothing is put into the history of the frame that Teams has this in.
    history.replaceState(null, "", `#${one}`);
  };
  return (
    <>
      <h1>{answer.name}</h1>
      {open.length > 1 && <Tabs open={open} section={section} choose={choose} />}
      {open.length > 1 ? (
        <div role="tabpanel" id="section" aria-labelledby={`tab-${section}`}>
          {section === "mine" ? children : section === "queue" ? <Queue /> : <Later section={section} key={section} />}
        </div>
      ) : (
        children
      )}
    </>
  );
}

function Tabs({ open, section, choose }: { open: Section[]; section: Section; choose: (one: Section) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent) => {
    const at = open.indexOf(section);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: open.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + open.length) % open.length;
    const one = open[next];
    if (one === undefined) return;
    choose(one);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div class="sections" role="tablist" aria-label="Sections" ref={list} onKeyDown={press}>
      {open.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`tab-${one}`}
          aria-controls="section"
          aria-selected={one === section}
          tabIndex={one === section ? 0 : -1}
          onClick={() => choose(one)}
        >
          {sections[one].title}
        </button>
      ))}
    </div>
  );
}

/** A section that is fetched first. */
function Later({ section }: { section: Section }) {
  const [Part, set] = useState<FunctionComponent>();
  const [failed, fail] = useState(false);
  const load = () => {
    fail(false);
    later[section]?.().then(
      (part) => set(() => part),
      () => fail(true),
    );
  };
  useEffect(load, [section]);
  if (Part) return <Part />;
  if (!failed)
    return (
      <p class="empty" role="status">
        Loading
      </p>
    );
  return (
    <p class="empty" role="alert">
      This could not be loaded.{" "}
      <button type="button" class="plain" onClick={load}>
        Try again
      </button>
    </p>
  );
}
