import { z } from "zod";
import type { CaseView } from "../src/views";
import { commandButton } from "./buttons";
import { Action, actionOf, arranged, type Commanding, clip, Heading } from "./parts";
import type { Button } from "./press";
import { type Card, cardFrom } from "./render";
import template from "./result.json";
import { ResultModel, resultModel } from "./resultPart";

const draw = cardFrom(
  "result",
  template,
  z.strictObject({
    // Shown on lock screens and in lists: never a grade.
    fallbackText: z.string().min(1),
    heading: Heading,
    result: z.array(ResultModel).length(1),
    actions: z.array(Action),
  }),
);

const whose: Readonly<Partial<Record<CaseView["role"], string>>> = { apprentice: "your results" };
const asked = ["resit.agree", "resit.open", "enquiry.raise", "appeal.raise"] as const;

/** The released result in a card of its own, as it is told. Undefined while no result is out. */
export function resultCard(view: CaseView, d: Commanding): Card | undefined {
  const { result } = view;
  if (!result) return undefined;
  const apprentice = clip(d.words.person(view.people.apprentice), 80);
  const buttons: Button[] = asked.flatMap((type) =>
    view.may
      .filter((p) => p.type === type && p.onBehalfOf === undefined)
      .slice(0, 1)
      .map((p) => ({
        ...commandButton(p, view, d),
        primary: view.next?.person === view.me && view.next.command === type,
      })),
  );
  const show: Button = { title: "Show case", data: { verb: "view.case", caseId: view.caseId, seen: view.seen } };
  return draw({
    fallbackText: `The results of case ${view.ref}, ${apprentice}, are out. Open this chat in a newer Teams, or type: case ${view.ref}`,
    heading: {
      line: `Case ${view.ref} · ${whose[view.role] ?? "results"}`,
      name: [{ text: apprentice }],
      under: [],
    },
    result: [resultModel(view, result, d)],
    actions: arranged([...buttons, show]).map((b) => actionOf(b)),
  });
}
