import type { CaseView } from "../src/views";
import { capital } from "../src/wording/format";
import { behalfButtons, otherButtons } from "./buttons";
import { actionOf, type Commanding, clip } from "./parts";
import type { Card } from "./render";
import { sectionsCard } from "./sections";

const back = (view: CaseView) =>
  actionOf({ title: "Show case", data: { verb: "view.case", caseId: view.caseId, seen: view.seen } });

/** What a coordinator may record that an outside person decided, said or handed in; by whose it is. */
export function behalfCard(view: CaseView, d: Commanding): Card {
  const groups = behalfButtons(view, d);
  const line = `Case ${view.ref} · for someone else`;
  return sectionsCard({
    line,
    title: clip(d.words.person(view.people.apprentice), 80),
    large: true,
    lines: [
      groups.length > 0
        ? "What they told you by phone, mail, letter or at a meeting. It is kept as your record of their decision."
        : "There is nothing to record for someone else now.",
    ],
    sections: groups.map(({ role, buttons }) => ({
      title: `${capital(d.words.theRole(role).replace(/^the /, ""))}: ${d.words.person(view.people[role])}`,
      actions: buttons.map((b) => actionOf({ ...b, title: b.title.replace(` for ${d.words.theRole(role)}`, "") })),
    })),
    actions: [back(view)],
    fallbackText: `${line}. Open this in a newer Teams. To see the case, type: case ${view.ref}`,
  });
}

/** What one may do on the case beyond the buttons of its card. */
export function moreCard(view: CaseView, d: Commanding): Card {
  const buttons = otherButtons(view, d);
  const line = `Case ${view.ref} · more`;
  return sectionsCard({
    line,
    title: clip(d.words.person(view.people.apprentice), 80),
    large: true,
    lines: buttons.length > 0 ? [] : ["There is nothing more to do now."],
    sections: [{ actions: buttons.map((b) => actionOf(b)) }],
    actions: [back(view)],
    fallbackText: `${line}. Open this in a newer Teams. To see the case, type: case ${view.ref}`,
  });
}
