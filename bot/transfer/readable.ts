import type { Case, FreeText, MethodId } from "../../src/case/case";
import { wordsOf } from "../../src/case/case";
import type { Recorded } from "../../src/ports";
import { londonDate } from "../../src/rules/calendar";
import type { Pack } from "../../src/rules/pack";
import { capital, dateText, dateTime } from "../../src/wording/format";
import { historyEntry } from "../../src/wording/history";
import { gradeTitle, roleNoun, stageSentence, wordIn } from "../../src/wording/labels";
import { type Words, wordsFor } from "../../src/wording/words";
import type { Bundle } from "./bundle";

/**
 * The bundle for people: one page without script or anything from elsewhere, that a quality assurer or an appeal panel reads and
 * prints. It says what the file beside it proves; the file is what counts.
 */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Text as HTML; what turns the direction of writing is shown, not obeyed. */
const esc = (text: string | number): string =>
  String(text)
    .replace(/[&<>"']/g, (c) => entities[c] ?? c)
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "\ufffd");

const row = (...cells: string[]): string => `<tr>${cells.map((c) => `<td>${c}</td>`).join("")}</tr>`;
const table = (heads: readonly string[], rows: readonly string[]): string =>
  rows.length === 0
    ? "<p>None.</p>"
    : `<table><thead><tr>${heads.map((h) => `<th scope="col">${esc(h)}</th>`).join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table>`;
const section = (title: string, body: string): string => `<section><h2>${esc(title)}</h2>\n${body}</section>`;
const facts = (pairs: readonly (readonly [string, string])[]): string =>
  `<dl>${pairs.map(([name, value]) => `<dt>${esc(name)}</dt><dd>${value}</dd>`).join("\n")}</dl>`;
const code = (text: string): string => `<code>${esc(text)}</code>`;

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{border:1px solid #8a8a8a;padding:.35rem .5rem;text-align:left;vertical-align:top}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
code{overflow-wrap:anywhere;font-size:.85em}blockquote{margin:.35rem 0;padding-left:.6rem;border-left:3px solid #8a8a8a;white-space:pre-wrap}
p.note{margin:.2rem 0}summary{font-size:.9em}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8em}`;

/** @param c the case as the records make it. */
export function readable(bundle: Bundle, c: Case, pack: Pack): string {
  const { head, people, events, notices, files } = bundle;
  const names = new Map(people.map((p) => [p.id, p.name]));
  const words = wordsFor(pack, (id) => names.get(id));
  const title = `Case ${head.ref}`;
  return `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${esc(title)}: the record of an end-point assessment</title><style>${style}</style></head><body>
<h1>${esc(title)}: the record of an end-point assessment</h1>
<p>Holds personal data. Exported on ${esc(dateTime(head.exportedAt))}, London time, from the record that the file case.jsonl beside this page holds in full.</p>
${section("The case", aboutCase(bundle, c, pack, words))}
${section("Results", results(c, words))}
${section("What happened", happened(events, words))}
${section("Questions of the bank that were drawn or asked", questions(bundle))}
${section(
  "What was sent",
  table(
    ["To", "What", "Due", "Outcome", "Tries"],
    notices.map((n) =>
      row(esc(recipient(n.to, words)), esc(n.what), esc(moment(n.dueAt)), esc(outcome(n)), esc(n.tries)),
    ),
  ),
)}
${section(
  "Files",
  files.length === 0
    ? "<p>No file is kept with the case: what was handed in is named in its events by a reference.</p>"
    : table(
        ["File", "SHA-256"],
        files.map((f) => row(esc(f.name), code(f.digest))),
      ),
)}
${section("How to verify it", verifying(bundle))}
</body></html>
`;
}

function aboutCase({ head }: Bundle, c: Case, pack: Pack, words: Words): string {
  const erased = c.stage === "erased";
  const parties = Object.entries({ ...c.parties, ...c.staff }).filter(([, id]) => id !== undefined && id !== "");
  return facts([
    ["Reference", esc(head.ref)],
    ["Awarding body", esc(pack.body.name)],
    ["Standard", esc(`${pack.standard.name}, ${pack.standard.reference}`)],
    ["Rules", `${code(pack.id)} <br>SHA-256 ${code(head.pack.digest)}`],
    ...(head.banks.length > 0 ? [["Question bank", esc(head.banks.join(", "))] as const] : []),
    ["Stands", esc(stageSentence[c.stage])],
    ["Registered", esc(dateTime(c.registered.at))],
    ...(erased ? [] : [["Employer's firm", esc(c.employerName)] as const]),
    ...(erased ? [] : [["Programme began", esc(dateText(c.programmeStart))] as const]),
    ...parties.map(([role, id]) => [capital(wordIn(roleNoun, role) ?? role), esc(words.person(id))] as const),
    ...("window" in c
      ? [["Assessment period", esc(`${dateText(c.window.start)} to ${dateText(c.window.end)}`)] as const]
      : []),
    ["Events", esc(head.counts.events)],
    ["Anchor", code(head.anchor)],
  ]);
}

function results(c: Case, words: Words): string {
  return table(
    ["Result", "Released", "Overall", "Assessments", "By"],
    c.releases.map((r) =>
      row(
        esc(r.n),
        esc(dateTime(r.at)),
        esc(`${gradeTitle[r.overall]}${r.capped ? `, capped (uncapped: ${gradeTitle[r.uncapped]})` : ""}`),
        Object.entries(r.grades)
          .map(([m, g]) => esc(`${words.method(m as MethodId)}: ${gradeTitle[g]}, attempt ${r.attempts[m]}`))
          .join("<br>"),
        esc(words.person(r.by.person)),
      ),
    ),
  );
}

function happened(events: readonly Recorded[], words: Words): string {
  return table(
    ["No.", "When", "What, by whom", "Hash"],
    events.map((e) => {
      const entry = historyEntry(e, words);
      const role = wordIn(roleNoun, e.by.role) ?? e.by.role;
      const said = wordsIn(e.data).map(
        ([name, text]) => `<blockquote title="${esc(name)}">${esc(wordsOf(text))}</blockquote>`,
      );
      const notes = [
        ...(entry.shownBy ? [`What shows it: ${wordsOf(entry.shownBy)}`] : []),
        ...entry.notes,
        ...entry.reasons.map((r) => `Lifted because: ${wordsOf(r)}`),
      ].map((n) => `<p class="note">${esc(n)}</p>`);
      return row(
        esc(e.seq),
        esc(dateTime(e.at)),
        `${esc(entry.text)} <small>(${esc(role)})</small>${said.join("")}${notes.join("")}
<details><summary>${esc(e.type)}</summary><pre>${esc(JSON.stringify(e.data, undefined, 1))}</pre></details>`,
        code(e.hash.slice(0, 16)),
      );
    }),
  );
}

/** Their words, which the records name by version and id only. */
function questions({ events, banks }: Bundle): string {
  const named = events.flatMap((e) => {
    const { ids, questionId } = e.data as { ids?: readonly string[]; questionId?: string | null };
    return e.type === "QuestionsDrawn" ? (ids ?? []) : e.type === "QuestionAsked" && questionId ? [questionId] : [];
  });
  const wanted = new Set(named);
  return table(
    ["Bank", "Question", "Words"],
    banks.flatMap(({ version, questions: all }) =>
      all.filter((q) => wanted.has(q.id)).map((q) => row(code(version), code(q.id), esc(q.text))),
    ),
  );
}

/** Every piece that somebody wrote, by the name under which the event has it. */
function wordsIn(data: unknown, name = ""): [name: string, text: FreeText][] {
  if (typeof data !== "object" || data === null) return [];
  if ("text" in data && typeof data.text === "string") return [[name, { text: data.text }]];
  return Object.entries(data).flatMap(([key, value]) => wordsIn(value, name === "" ? key : `${name}.${key}`));
}

const recipient = (to: string, words: Words): string =>
  to === "chat"
    ? "the case's chat"
    : to === "cards"
      ? "cards in Teams"
      : to === "store"
        ? "the store"
        : words.person(to);

const states: Readonly<Record<Bundle["notices"][number]["state"], string>> = {
  waiting: "not sent yet",
  claimed: "about to be sent",
  sending: "being sent",
  sent: "sent",
  unconfirmed: "unconfirmed: it may not have arrived",
  dead: "not delivered",
  dropped: "not sent: no longer needed",
};
const outcome = (n: Bundle["notices"][number]): string => `${states[n.state]}${n.outcome ? ` (${n.outcome})` : ""}`;
const moment = (at: string): string => `${dateTime(at)}`;

function verifying({ head }: Bundle): string {
  return `<p>Each event holds a SHA-256 hash over itself and the hash of the event before it, beginning from this case's own start;
words enter it as the hash of a random salt and the text, so that words can be erased and the chain still holds. The last hash is the
anchor above. A letter of results prints it too, as it stood on ${esc(dateText(londonDate(head.exportedAt)))} or before: compare them.</p>
<p>Who has the program checks the file, without any store, with ${code("npm run import -- --check case.jsonl")}.
It names the first record that was altered. With the same rules the records give the same grades again.</p>`;
}
