import { useState } from "preact/hooks";
import type { GradingPanel, Provisional } from "../../src/panel/shape";
import { Tick } from "./before";
import { Note } from "./criteria";
import { Icon } from "./icons";
import { MarkIcon } from "./marks";
import { useNow } from "./now";
import { criteriaOf, gradeWords, passFirst } from "./project";
import type { Showing } from "./sheet";
import { endNeeds, lasting, mmss, whenOf } from "./time";

/** The grade so far and what is missing; after the end the declaration; at last, that it is confirmed. */
export function Summary(showing: Showing) {
  const { view } = showing;
  const { provisional, finish, timer } = view;
  if (timer.phase === "confirmed") return <Confirmed {...showing} />;
  const bank = new Map(view.questions.bank.map((q) => [q.id, q.label]));
  const missing = (title: string, all: Provisional["missingForPass"]) =>
    all.length > 0 && (
      <>
        <h3>
          {title}
          <span class="meta">{all.length}</span>
        </h3>
        <ul class="rows">
          {all.map((m) => (
            <li key={m.key} class={m.mark}>
              <MarkIcon mark={m.mark} />
              <button type="button" class="plain to" onClick={() => showing.goTo(m.key)}>
                {m.label} {m.text}
                <span class="meta">
                  {m.mark === "notMet" ? "Not met" : "Not yet"}
                  {m.seconds !== null ? `, ${mmss(m.seconds)}` : m.question ? `. ${bank.get(m.question)}` : ""}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </>
    );
  const ended = timer.phase === "marking";
  const loose = view.notes.filter((n) => n.criteria.length === 0 && n.question === null);
  return (
    <>
      <div class="grade">
        <p class="meta">{ended ? "Grade from your marks" : "Grade so far"}</p>
        <p class="big">{ended && provisional.complete && finish ? gradeWords[finish.grade] : provisional.says}</p>
        <p>{ended && finish ? finish.says : provisional.why}</p>
      </div>
      <Tally word="Met for a pass" {...provisional.pass} />
      {provisional.distinction.of > 0 && <Tally word="Met for a distinction" {...provisional.distinction} />}
      {ended && <Finishing {...showing} />}
      {missing("Missing for a pass", provisional.missingForPass)}
      {missing("Also for a distinction", provisional.missingForDistinction)}
      {loose.length > 0 && (
        <>
          <h3>Notes tied to nothing</h3>
          {loose.map((n) => (
            <Note key={n.id} note={n} showing={showing} change={() => showing.open({ what: "note", note: n })} />
          ))}
        </>
      )}
      <Present {...showing} />
      {view.may.includes("session.end") && <EndHere {...showing} />}
    </>
  );
}

/** Who is there: as the assessor recorded it, and as Teams told it. */
function Present({ view: { present, presence, may }, open }: Showing) {
  const { could, recorded } = present;
  const seen = presence && [
    ...presence.people,
    ...(presence.guests > 0 ? [`${presence.guests} ${presence.guests === 1 ? "guest" : "guests"}`] : []),
  ];
  return (
    <>
      <h3>Present</h3>
      <p data-testid="present">
        {recorded
          ? [...could.filter((p) => recorded.who.includes(p.role)).map((p) => p.name), recorded.others]
              .filter(Boolean)
              .join(", ")
          : "Not recorded."}
      </p>
      {seen && seen.length > 0 && <p class="meta">Joined in Teams: {seen.join(", ")}</p>}
      {may.includes("session.present") && (
        <div class="buttons">
          <button type="button" class="button" onClick={() => open({ what: "present" })}>
            {recorded ? "Correct who was present" : "Record who is present"}
          </button>
        </div>
      )}
    </>
  );
}

function EndHere({ view, panel, open }: Showing) {
  const { reason } = endNeeds(view, useNow(panel));
  const { least } = view.timer.limits;
  return (
    <div class="end">
      <button type="button" class="button" onClick={() => open({ what: "end" })}>
        End session
      </button>
      {reason && <p class="meta">This asks for a reason now; the session runs {lasting(least)} at least.</p>}
    </div>
  );
}

const Tally = ({ word, have, of }: { word: string; have: number; of: number }) => (
  <div class="tally">
    <span>{word}</span>
    <b>
      {have} of {of}
    </b>
    <div class="tally-bar" aria-hidden="true">
      <i style={{ width: `${of > 0 ? (have / of) * 100 : 0}%` }} />
    </div>
  </div>
);

function Finishing({ view, panel, goTo }: Showing) {
  const { finish, may, session } = view;
  const [declared, setDeclared] = useState(false);
  const [missing, setMissing] = useState(false);
  if (!finish) return <p>You confirm the grade once the service has heard of the end.</p>;
  const { method } = session;
  const toMark = labelled(view, finish.unmarked);
  const confirm = () => {
    setMissing(!declared);
    if (!declared) return document.getElementById("tick-declared")?.focus();
    panel.press({ type: "grade.confirm", data: { method, grade: finish.grade, declared } });
  };
  const mayTick = may.includes("session.descriptors");
  return (
    <>
      {finish.warnings.map((w) => (
        <p key={w}>
          <Icon name="warn" /> <b>{w}</b>
        </p>
      ))}
      {mayTick && finish.descriptors.length > 0 && (
        <fieldset class="points">
          <legend>What makes a fail, if any of it was seen</legend>
          {finish.descriptors.map((d) => (
            <Tick
              key={d.id}
              id={d.id}
              title={d.text}
              needed={false}
              on={d.ticked}
              set={(on) => {
                const ticked = finish.descriptors.filter((x) => (x.id === d.id ? on : x.ticked)).map((x) => x.id);
                panel.press({ type: "session.descriptors", data: { method, ticked } });
              }}
            />
          ))}
        </fieldset>
      )}
      {finish.unmarked.length > 0 ? (
        <>
          <p>
            <b>Still to be marked:</b> {toMark}.
          </p>
          {may.includes("session.mark") && (
            <div class="buttons">
              <button type="button" class="button" onClick={() => goTo(finish.unmarked[0] ?? "")}>
                Go to the first
              </button>
            </div>
          )}
        </>
      ) : (
        may.includes("grade.confirm") && (
          <div class="points">
            <h3>Declaration</h3>
            <Tick
              id="declared"
              title={finish.declaration}
              on={declared}
              set={setDeclared}
              wrong={missing && !declared}
            />
            <div class="buttons">
              <button type="button" class="button primary" onClick={confirm}>
                Confirm {gradeWords[finish.grade].toLowerCase()}
              </button>
            </div>
          </div>
        )
      )}
    </>
  );
}

const labelled = (view: GradingPanel, keys: readonly string[]): string =>
  passFirst(view)
    .flatMap((c) =>
      c.keys.filter((k) => keys.includes(k.key)).map((k) => (k.part ? `${c.label} (${k.part})` : c.label)),
    )
    .join(", ");

function Confirmed(showing: Showing) {
  const { view, goTo } = showing;
  const { finish } = view;
  const confirmed = finish?.confirmed;
  return (
    <>
      <div class="grade" data-testid="confirmed">
        <h3>
          <span>
            <Icon name="lock" /> Confirmed, read only
          </span>
        </h3>
        <p>
          {confirmed &&
            `${gradeWords[confirmed.grade]}. Confirmed by ${confirmed.by}, ${whenOf(Date.parse(confirmed.at))}. `}
          {finish?.says}
        </p>
        <button type="button" class="button narrow-only" onClick={() => goTo(criteriaOf(view)[0]?.keys[0]?.key ?? "")}>
          Show marks and notes
        </button>
      </div>
      <Present {...showing} />
    </>
  );
}
