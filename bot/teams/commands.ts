/** Chat text to what is wanted: forgiving of case, spacing, politeness and small slips. Decides nothing. */

export type Wanted =
  | { want: "help" }
  | { want: "cases" }
  | { want: "due" }
  | { want: "kept" }
  | { want: "staff" }
  | { want: "register" }
  | { want: "bind"; code?: string }
  | { want: "case"; ref: string }
  /** "case" alone: the only one, or a list to choose from. */
  | { want: "myCase" }
  | { want: "unknown"; text: string; nearest: string[] };

/** Words people type for each command; the first is the command itself. */
const spoken: Readonly<Record<Exclude<Wanted["want"], "case" | "unknown">, readonly string[]>> = {
  help: ["help", "?", "hi", "hello", "start", "what can you do", "commands", "menu"],
  cases: ["cases", "my cases", "list", "list cases", "show cases", "show my cases", "all cases"],
  due: [
    "due",
    "what is due",
    "whats due",
    "what's due",
    "what is next",
    "whats next",
    "what's next",
    "next",
    "todo",
    "to do",
    "deadlines",
    "late",
  ],
  kept: ["erase", "to erase", "to be erased", "kept", "retention", "old cases", "closed cases"],
  staff: ["staff", "people", "team", "assessors", "show staff"],
  register: ["register", "new case", "new", "register apprentice", "register an apprentice", "add apprentice"],
  bind: ["code", "enter code", "i have a code", "invitation"],
  myCase: [
    "case",
    "my case",
    "show case",
    "show my case",
    "status",
    "my assessment",
    "result",
    "results",
    "my result",
    "my results",
  ],
};

const refPattern = /\b([a-z]{1,6}-\d{4}-\d{1,6}|[a-z0-9]{2,8}(?:-[a-z0-9]{2,8}){1,3})\b/i;
const codePattern = /^[a-z2-9]{4}[- ]?[a-z2-9]{4}[- ]?[a-z2-9]{4}$/i;

/** What was meant by a line of chat. A mention of the bot has been taken off before. */
export function understand(line: string): Wanted {
  const text = line
    .normalize("NFKC")
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .trim()
    .slice(0, 300);
  const words = text
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/^(please |pls |\/|!)+/, "")
    .replace(/[.!]+$/, "");
  for (const [want, forms] of Object.entries(spoken)) if (forms.includes(words)) return { want } as Wanted;
  const code = /^(?:code|bind|enter code)[: ]+(.+)$/.exec(words)?.[1] ?? words;
  if (codePattern.test(code) && !/^case\b/.test(words)) return { want: "bind", code };
  const ref = refPattern.exec(words.replace(/^(?:show |open )?case[:# ]*/, ""))?.[1];
  if (ref && /\d/.test(ref)) return { want: "case", ref: ref.toUpperCase() };
  return { want: "unknown", text, nearest: nearest(words) };
}

/** What is offered to whoever slips: every command there is to type but `code`, which comes by mail. */
export const commandWords = ["help", "cases", "due", "register", "staff", "erase", "case"] as const;

const forCoordinators: readonly string[] = ["register", "staff", "erase"];

/** Those of the commands that somebody with these roles can use, in the same order. */
export const usable = (commands: readonly string[], roles: readonly string[]): string[] =>
  commands.filter((c) => !forCoordinators.includes(c) || roles.includes("coordinator"));

/** The commands, those nearest to what was typed first. */
function nearest(words: string): string[] {
  const first = words.split(" ")[0] ?? "";
  return [...commandWords]
    .map((c) => ({ c, d: distance(first, c) }))
    .sort((a, b) => a.d - b.d)
    .map(({ c }) => c);
}

/** Edits from one word to the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++)
      next[k] = Math.min(
        (next[k - 1] ?? 0) + 1,
        (row[k] ?? 0) + 1,
        (row[k - 1] ?? 0) + (a[i - 1] === b[k - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
