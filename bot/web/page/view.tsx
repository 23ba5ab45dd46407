import { useState } from "preact/hooks";
import type { Answer, CaseLine, DueLine } from "../shape";
import { HintText } from "./hint";
import { follow } from "./host";
import { Sections } from "./queue/sections";
import type { State, Tab, Trouble } from "./state";

/** All that the tab shows. */
export function View({ tab }: { tab: Tab }) {
  const { state } = tab;
  return (
    <main aria-busy={state.kind === "loading"}>
      <p class="hidden" role="status">
        {aloud(state)}
      </p>
      {state.kind === "loading" && <h1 class="hidden">Your cases</h1>}
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "trouble" && <InTrouble trouble={state.trouble} retry={() => void tab.open()} />}
      {state.kind === "shown" && (
        <Sections answer={state.answer}>
          <Lists tab={tab} answer={state.answer} stale={state.stale} />
        </Sections>
      )}
    </main>
  );
}

function aloud(state: State): string {
  if (state.kind === "loading") return "Loading your cases";
  if (state.kind === "trouble") return "";
  return state.stale ? "Not up to date" : "Your cases are shown";
}

function Skeleton() {
  return (
    <div class="lists" aria-hidden="true">
      {["Due", "Cases"].map((title) => (
        <section class="card" key={title}>
          <h2>{title}</h2>
          {[72, 48, 64].map((width) => (
            <div class="bones" key={width}>
              <i class={`bone w${width}`} />
              <i class="bone w40 small" />
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

const troubles: Record<Trouble, { title: string; text: string; retry: string | undefined }> = {
  outsideTeams: {
    title: "Open this tab in Teams",
    text: "Your cases are shown inside Microsoft Teams, in the Cases tab of Epilogue. Teams says who you are.",
    retry: "Try again",
  },
  notSignedIn: {
    title: "Sign in again",
    text: "Teams did not say who you are. Sign in to Teams, then open this tab again.",
    retry: "Try again",
  },
  notBound: {
    title: "Enter your code in chat first",
    text: "Epilogue does not know this account yet. Open the chat and type the code from your invitation mail.",
    retry: "I have entered it",
  },
  tooOften: {
    title: "Please wait a moment",
    text: "This tab was opened many times in a short while.",
    retry: "Try again",
  },
  failed: {
    title: "Your cases could not be loaded",
    text: "Nothing is lost. Check your connection and try again, or type cases in the chat.",
    retry: "Try again",
  },
};

function InTrouble({ trouble, retry }: { trouble: Trouble; retry: () => void }) {
  const { title, text, retry: again } = troubles[trouble];
  return (
    <section class="card message" role="alert" data-testid={`trouble-${trouble}`}>
      <h1>{title}</h1>
      <p>{text}</p>
      {again && (
        <button type="button" class="button primary" onClick={retry}>
          {again}
        </button>
      )}
    </section>
  );
}

function Lists({ tab, answer, stale }: { tab: Tab; answer: Answer; stale: boolean }) {
  const { cases, due, more } = answer;
  // When the host does not follow links, what to type stands in the row instead.
  const [toType, setToType] = useState<string>();
  const row = (key: string, ref: string, link: string) => ({
    href: link,
    told: toType === key ? ref : undefined,
    open: () => void follow(link).then((followed) => setToType(followed ? undefined : key)),
  });
  return (
    <>
      {stale && (
        <p class="stale" role="alert">
          This may be out of date: the last try to load it failed.{" "}
          <button type="button" class="plain" onClick={() => void tab.open()}>
            Try again
          </button>
        </p>
      )}
      <div class="lists">
        <section class="card" aria-labelledby="due">
          <h2 id="due">Due</h2>
          {due.length === 0 ? (
            <p class="empty">Nothing is due. You are told here when something is.</p>
          ) : (
            <ul>
              {due.map((line) => (
                <Row key={line.key} {...row(`due ${line.key}`, line.ref, line.link)}>
                  <Due line={line} />
                </Row>
              ))}
            </ul>
          )}
          {more.due && <More what="due" tab={tab} />}
        </section>
        <section class="card" aria-labelledby="cases">
          <h2 id="cases">Cases</h2>
          {cases.length === 0 ? (
            <p class="empty">No cases yet. When you are put on a case it appears here, with what to do next.</p>
          ) : (
            <ul>
              {cases.map((line) => (
                <Row key={line.ref} {...row(line.ref, line.ref, line.link)}>
                  <Case line={line} />
                </Row>
              ))}
            </ul>
          )}
          {more.cases && <More what="cases" tab={tab} />}
        </section>
      </div>
    </>
  );
}

interface RowProps {
  href: string;
  /** The reference to type in the chat, when the link led nowhere. */
  told: string | undefined;
  open: () => void;
  children: preact.ComponentChildren;
}

function Row({ href, told, open, children }: RowProps) {
  const click = (event: MouseEvent) => {
    event.preventDefault();
    open();
  };
  return (
    <li>
      <a class="row" href={href} onClick={click}>
        {children}
      </a>
      <p class="told" role="status">
        {told && (
          <>
            In the chat, type: <span class="whole">case {told}</span>
          </>
        )}
      </p>
    </li>
  );
}

function Due({ line }: { line: DueLine }) {
  return (
    <>
      <span class="line">
        <span class="what">{line.what}</span>
        <HintText hint={line.hint} />
      </span>
      <Meta text={line.meta} whole={line.ref} />
      <span class="meta">{line.when}</span>
    </>
  );
}

function Case({ line }: { line: CaseLine }) {
  return (
    <>
      <span class="line">
        <span class="what name">{line.name}</span>
        {line.hint && <HintText hint={line.hint} />}
      </span>
      <Meta text={line.meta} whole={line.ref} />
      {line.next && <span class="next">{line.next}</span>}
      <span class="stage">
        <span class="track" aria-hidden="true">
          {line.track.map((state, at) => (
            <i class={state} key={at} />
          ))}
        </span>
        <span class="meta">{line.stage}</span>
      </span>
    </>
  );
}

/** A reference is read and typed as a whole: it stays on one line. */
function Meta({ text, whole }: { text: string; whole: string }) {
  const [before = "", after] = text.split(whole);
  return (
    <span class="meta">
      {before}
      {after !== undefined && <span class="whole">{whole}</span>}
      {after}
    </span>
  );
}

function More({ what, tab }: { what: "cases" | "due"; tab: Tab }) {
  const name = what === "due" ? "Show more of what is due" : "Show more cases";
  return (
    <button
      type="button"
      class="button"
      aria-label={name}
      aria-disabled={tab.fetching !== undefined}
      onClick={() => void tab.more(what)}
    >
      {tab.fetching === what ? "Loading" : "Show more"}
    </button>
  );
}
