import { wordsOf } from "../src/case/case";
import type { HandInVersion, HandInView } from "../src/views";
import { counted, dateTime, inSentence } from "../src/wording/format";
import { actionOf, clip, type Drawing, maybe } from "./parts";
import type { Card } from "./render";
import { type Section, sectionsCard } from "./sections";

/** Earlier versions named; the rest is counted. */
const mostEarlier = 8;

/** What was handed in for a method, for the staff who assess by it: where it is, its size, what it holds, earlier versions. */
export function handInCard(h: HandInView, d: Drawing): Card {
  const [latest, ...earlier] = h.versions;
  const line = `Case ${h.ref} · ${inSentence(h.title)}`;
  return sectionsCard({
    line,
    title: clip(d.words.person(h.apprentice), 80),
    large: true,
    lines: latest ? [`Where it is: ${reference(latest)}`, said(latest, d)] : [],
    sections: [
      ...maybe(latest && contents(latest)),
      ...maybe(latest && mapping(latest, h, d)),
      ...maybe(earlier.length > 0 && before(earlier, d)),
    ],
    actions: [actionOf({ title: "Show case", data: { verb: "view.case", caseId: h.caseId, seen: h.seen } })],
    fallbackText: `${line}. Open this in a newer Teams. To see the case, type: case ${h.ref}`,
  });
}

const reference = (v: HandInVersion) => clip(wordsOf(v.reference), 300);

/** "Version 2 · Mon 16 Mar 2026, 10:00 · 2,500 words · handed in for them by Priya Pretend". */
function said(v: HandInVersion, { words }: Drawing): string {
  return [
    ...maybe(v.attempt > 1 && `Attempt ${v.attempt}`),
    `Version ${v.n}`,
    dateTime(v.at),
    ...maybe(v.words !== undefined && counted(v.words, "word")),
    ...maybe(v.pieces !== undefined && counted(v.pieces, "piece")),
    ...maybe(v.by.onBehalfOf && `recorded by ${clip(words.person(v.by.person), 60)}`),
  ].join(" · ");
}

const contents = (v: HandInVersion): Section | undefined =>
  v.contents.length === 0
    ? undefined
    : {
        title: `Contents: ${v.contents.filter((x) => x.ticked).length} of ${v.contents.length} ticked`,
        lines: v.contents.map((x) => `${x.ticked ? "✓" : "Not ticked:"} ${clip(x.title, 160)}`),
        actions: [],
      };

/** Every KSB with the pieces that show it, those with none first: they are what is looked for. */
function mapping(v: HandInVersion, h: HandInView, { words }: Drawing): Section | undefined {
  if (v.mapping.length === 0) return undefined;
  const none = v.mapping.filter((x) => x.pieces.length === 0);
  const mapped = v.mapping.filter((x) => x.pieces.length > 0);
  const line = ({ ksb, pieces }: HandInVersion["mapping"][number]) => {
    const shown = pieces.length === 0 ? "no piece" : `${pieces.length === 1 ? "piece" : "pieces"} ${pieces.join(", ")}`;
    const text = words.ksb(ksb, h.method);
    return `${ksb}: ${clip(shown, 80)}${text === ksb ? "" : ` · ${clip(text, 120)}`}`;
  };
  return {
    title: `KSBs: ${mapped.length} of ${v.mapping.length} shown by a piece`,
    lines: [...none, ...mapped].map(line),
    actions: [],
  };
}

function before(earlier: readonly HandInVersion[], d: Drawing): Section {
  const rest = earlier.length - mostEarlier;
  return {
    title: earlier.length === 1 ? "Earlier version" : "Earlier versions",
    lines: [
      ...earlier.slice(0, mostEarlier).map((v) => `${said(v, d)} · ${clip(reference(v), 120)}`),
      ...maybe(rest > 0 && `and ${rest} more in the history`),
    ],
    actions: [],
  };
}
