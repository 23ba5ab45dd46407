import type { PanelCriterion } from "../../src/panel/shape";
import { Icon } from "./icons";
import { MarkIcon, markWords } from "./marks";
import { labelsOf, ofLevel } from "./project";
import { askQuestion } from "./questions";
import type { Showing } from "./sheet";

const markOf = (c: PanelCriterion) =>
  c.keys.some((k) => k.mark === "notMet") ? "notMet" : c.keys.every((k) => k.mark === "met") ? "met" : "notYet";

/** A tile for each criterion, then what has no evidence yet and what would reach it. */
export function Coverage(showing: Showing) {
  const { view, panel, open } = showing;
  const { coverage, may } = view;
  const tiles = (level: PanelCriterion["level"]) =>
    ofLevel(view, level).map((c) => {
      const mark = markOf(c);
      const noted = mark === "notYet" && c.evidence;
      const word = noted ? "noted, not marked yet" : markWords[mark].toLowerCase();
      return (
        <li key={c.id}>
          <button
            type="button"
            class={`tile ${mark}${noted ? " noted" : ""}`}
            aria-label={`${c.label}, ${word}`}
            title={c.text}
            onClick={() => showing.goTo(c.keys[0]?.key ?? c.id)}
          >
            <MarkIcon mark={mark} />
            {c.label}
          </button>
        </li>
      );
    });
  const first = coverage.open.find((o) => o.question !== null);
  const question = view.questions.bank.find((q) => q.id === first?.question);
  const dry = coverage.open.find((o) => o.question === null && o.asked !== null);
  const asked = view.questions.asked.find((q) => q.id === dry?.asked);
  return (
    <>
      {(["pass", "distinction"] as const).map(
        (level) =>
          coverage[level].of > 0 && (
            <div key={level}>
              <h3>
                {level === "pass" ? "Pass criteria" : "Distinction criteria"}
                <span class="meta">
                  {coverage[level].have} of {coverage[level].of} have evidence
                </span>
              </h3>
              <ul class="tiles">{tiles(level)}</ul>
            </div>
          ),
      )}
      {coverage.open.length > 0 && (
        <>
          <h3>No evidence yet</h3>
          <OpenList {...showing} />
        </>
      )}
      {may.includes("session.ask") && (question || asked) && (
        <div class="buttons">
          {question && (
            <button type="button" class="button primary" onClick={() => askQuestion(view, panel, question)}>
              Ask {question.label}
            </button>
          )}
          {asked && (
            <button type="button" class="button" onClick={() => open({ what: "ask", follows: asked })}>
              Add follow-up
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** What has no evidence, and which question would reach it. */
export function OpenList({ view }: Pick<Showing, "view">) {
  const { coverage, questions } = view;
  const bank = new Map(questions.bank.map((q) => [q.id, q.label]));
  const asked = new Map(questions.asked.map((q) => [q.id, q.label ?? "A question"]));
  const next = questions.next?.question;
  return (
    <ul class="rows">
      {coverage.open.map((o) => (
        <li key={o.criteria.join()}>
          <Icon name={o.asked ? "warn" : "ring"} />
          <span>
            {labelsOf(view, o.criteria)}
            <span class="meta">
              {o.question
                ? `${bank.get(o.question)} covers ${o.criteria.length === 1 ? "it" : o.criteria.length === 2 ? "both" : "these"}${o.question === next ? ". Ask next" : ""}`
                : o.asked
                  ? `${asked.get(o.asked)} was asked, nothing seen. Add a follow-up`
                  : "No question of the bank is left for it"}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
