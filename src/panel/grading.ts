import { type Attempt, askedId, askedIn, type FreeText, noteId, wordsOf } from "../case/case";
import { neverAsked } from "../case/grading";
import { versionOf } from "../case/marking";
import { contradictions, methodGrade } from "../rules/grade";
import type { Criterion, Method } from "../rules/pack";
import { counted, ofTotal } from "../wording/format";
import { gradeTitle } from "../wording/labels";
import type { Words } from "../wording/words";
import { evidenced, labelOf } from "./coverage";
import type { Coverage, CriteriaGroup, Finish, MarkKey, PanelNote, Phase, Provisional } from "./shape";
import { sessionSeconds } from "./timer";

/** Criteria, notes and what they make: the assessor's working sheet, and what is missing on it. */

const both = (m: Method): { level: "pass" | "distinction"; x: Criterion }[] =>
  (["pass", "distinction"] as const).flatMap((level) => m.criteria[level].map((x) => ({ level, x })));

/** Criteria in the pack's groups, each with the KSBs under the same heading; and the KSBs under none. */
export function groupsOf(m: Method, a: Attempt, w: Words): { groups: CriteriaGroup[]; ksbs: CriteriaGroup["ksbs"] } {
  const have = evidenced(m, a);
  const all = both(m);
  const titles = [...new Set(all.map(({ x }) => x.group))];
  const ksbsOf = (holds: (group: string) => boolean) =>
    m.ksbs.filter((k) => holds(k.group)).map((k) => ({ id: k.id, text: k.text }));
  return {
    groups: titles.map((title) => ({
      title,
      criteria: all
        .filter(({ x }) => x.group === title)
        .map(({ level, x }) => ({
          id: x.id,
          label: labelOf(x.id),
          level,
          text: x.text,
          keys: keysOf(x, a, w),
          evidence: have.has(x.id),
        })),
      ksbs: ksbsOf((group) => group === title),
    })),
    ksbs: ksbsOf((group) => !titles.includes(group)),
  };
}

function keysOf(x: Criterion, a: Attempt, w: Words): MarkKey[] {
  return (x.parts ?? [{ id: "", text: x.text }]).map((part) => {
    const key = part.id ? `${x.id}.${part.id}` : x.id;
    return { key, part: part.id || null, text: part.text, mark: a.marks[key] ?? "notYet", last: lastMark(a, key, w) };
  });
}

/** The mark that stands, and whose; null where none was made, or before that was kept. */
export function lastMark(a: Attempt, key: string, w: Words): MarkKey["last"] {
  const stamp = a.marked !== undefined && Object.hasOwn(a.marked, key) ? a.marked[key] : undefined;
  return stamp
    ? { command: stamp.command, at: stamp.at, by: w.person(stamp.by.person), device: stamp.device ?? null }
    : null;
}

/** @param texts the words of notes by the seq of their events, as far as they were brought. */
export function notesOf({ session }: Attempt, texts: ReadonlyMap<number, FreeText>): PanelNote[] {
  const asked = new Map(askedIn(session).map((q) => [q.n, askedId(q)]));
  return session.notes
    .map((n) => ({
      id: noteId(n),
      version: versionOf(n),
      at: n.at,
      seconds: sessionSeconds(session.spans, n.at),
      text: wordsOf(texts.get(n.seq)),
      criteria: [...n.criteria],
      question: (n.question !== undefined && asked.get(n.question)) || null,
      corrected: n.corrected?.at ?? null,
    }))
    .sort((one, other) => one.seconds - other.seconds);
}

function allMustBeMet(m: Method, level: "pass" | "distinction"): string {
  const n = m.criteria[level].length;
  return n === 1 ? `The ${level} criterion must be met` : `All ${counted(n, level, level)} criteria must be met`;
}

export function provisionalOf(m: Method, a: Attempt, notes: readonly PanelNote[], open: Coverage["open"]): Provisional {
  const g = methodGrade(m, a.marks);
  const texts = new Map(both(m).map(({ x }) => [x.id, x]));
  const missing = (parts: typeof g.missingForPass): Provisional["missingForPass"] =>
    parts.map(({ key, criterion, part }) => ({
      key,
      label: part ? `${labelOf(criterion)} (${part})` : labelOf(criterion),
      text: texts.get(criterion)?.parts?.find((p) => p.id === part)?.text ?? texts.get(criterion)?.text ?? "",
      mark: a.marks[key] === "notMet" ? "notMet" : "notYet",
      seconds: notes.findLast((n) => n.criteria.includes(criterion))?.seconds ?? null,
      question: open.find((o) => o.question !== null && o.criteria.includes(criterion))?.question ?? null,
    }));
  const tally = (criteria: readonly Criterion[], parts: typeof g.missingForPass) => ({
    have: criteria.length - new Set(parts.map((p) => p.criterion)).size,
    of: criteria.length,
  });
  const over = a.session.state === "ended" && g.complete;
  return {
    grade: g.grade,
    complete: g.complete,
    says: over ? gradeTitle[g.grade] : g.grade === "fail" ? "Not yet a pass" : `${gradeTitle[g.grade]} so far`,
    why:
      g.grade === "distinction"
        ? "Every criterion is met."
        : g.grade === "pass"
          ? `${allMustBeMet(m, "distinction")} for a distinction.`
          : `${allMustBeMet(m, "pass")}.`,
    pass: tally(m.criteria.pass, g.missingForPass),
    distinction: tally(m.criteria.distinction, g.missingForDistinction),
    missingForPass: missing(g.missingForPass),
    missingForDistinction: missing(g.missingForDistinction),
  };
}

/** After the end: what is declared, what stands against it, and what is only said. */
export function finishOf(m: Method, a: Attempt, phase: Phase, provisional: Provisional, w: Words): Finish | null {
  if (phase !== "marking" && phase !== "confirmed") return null;
  const g = methodGrade(m, a.marks);
  const { pass, distinction } = provisional;
  return {
    grade: g.grade,
    says: `${ofTotal(pass.have, pass.of)} pass, ${ofTotal(distinction.have, distinction.of)} distinction.`,
    declaration: "I marked this myself, on what I saw and heard.",
    unmarked: g.unmarked.map((k) => k.key),
    warnings: [
      ...contradictions(m, a.marks, a.descriptors).map((x) =>
        x.code === "failTickedYetPassed"
          ? "A fail descriptor is ticked, while the marks make a pass or better."
          : "The marks make a fail, while no fail descriptor is ticked.",
      ),
      ...neverAskedLine(m, a),
    ],
    descriptors: m.criteria.fail.map((f) => ({ id: f.id, text: f.text, ticked: a.descriptors.includes(f.id) })),
    confirmed: a.confirmed
      ? { grade: a.confirmed.grade, at: a.confirmed.at, by: w.person(a.confirmed.by.person) }
      : null,
  };
}

function neverAskedLine(m: Method, a: Attempt): string[] {
  const labels = neverAsked(m, a).map(labelOf);
  return labels.length === 0 ? [] : [`Not met and never asked about: ${labels.join(", ")}.`];
}
