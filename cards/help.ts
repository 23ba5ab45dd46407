import type { Role } from "../src/rules/pack";
import { type Action, actionOf, clip, sayAction } from "./parts";
import type { Card } from "./render";
import { type Section, sectionsCard } from "./sections";

/** What one may type, by who one is. */

interface Word {
  line: string;
  title: string;
  does: string;
}
const words: Readonly<Record<string, Word>> = {
  cases: { line: "cases", title: "Show my cases", does: "Your cases: where each stands, what is next." },
  due: { line: "due", title: "Show what is due", does: "What is due, soonest first." },
  case: { line: "case", title: "Show my case", does: "Your case; with a reference behind it, that case." },
  staff: { line: "staff", title: "Show staff", does: "Who works for you, and how much is sampled." },
  erase: { line: "erase", title: "Show what may be erased", does: "Closed cases that were kept for long enough." },
  register: { line: "register", title: "Register apprentice", does: "A new case." },
  help: { line: "help", title: "Help", does: "This card." },
};

const registerAction = (newId: () => string): Action =>
  actionOf({
    title: "Register apprentice",
    dialog: true,
    data: { verb: "form", command: "register", commandId: newId() },
  });

export interface HelpCard {
  /** The reader's staff roles; none for apprentice, employer and provider. */
  roles: readonly Role[];
  newId(): string;
}

/** What to type, as buttons; each says the line in the chat. */
export function helpCard({ roles, newId }: HelpCard): Card {
  const staff = roles.length > 0;
  const coordinator = roles.includes("coordinator");
  const shown = [staff ? "cases" : "case", "due", ...(coordinator ? ["staff", "erase"] : [])].flatMap(
    (k) => words[k] ?? [],
  );
  const sections: Section[] = shown.map((w) => ({
    title: w.line,
    lines: [w.does],
    actions: [],
  }));
  return sectionsCard({
    line: "Epilogue · help",
    title: "What you can type here",
    lines: [
      "Type a word, or press its button. Small slips do not matter.",
      "With a reference, “case EX-2026-0147” shows that case. In a group chat begin with @Epilogue.",
    ],
    sections: [
      ...sections,
      ...(coordinator
        ? [
            {
              title: "register",
              lines: ["A new case, with its apprentice, employer and provider."],
              actions: [registerAction(newId)],
            },
          ]
        : []),
    ],
    actions: [...shown.map((w) => sayAction(w.title, w.line)), ...(coordinator ? [registerAction(newId)] : [])],
    fallbackText: `You can type: ${[...shown.map((w) => w.line), ...(coordinator ? ["register"] : []), "help"].join(", ")}.`,
  });
}

export interface UnknownCard {
  /** What was typed. */
  text: string;
  /** The commands nearest to it, best first; three are offered. */
  nearest: readonly string[];
  newId(): string;
  /** A reference that is no case of the reader's, rather than a word. */
  noCase?: boolean;
}

/** A word that is not known: said back, and the nearest three. */
export function unknownCard({ text, nearest, newId, noCase = false }: UnknownCard): Card {
  const typed = clip(text.replaceAll(/\s+/g, " ").trim() || " ", 60);
  const said = noCase ? `There is no case “${typed}” for you. Try:` : `I don’t know “${typed}”. Did you mean:`;
  const offered = nearest.slice(0, 3);
  return sectionsCard({
    line: "Epilogue",
    lines: [said],
    sections: [],
    actions: offered.map((w) =>
      w === "register" ? registerAction(newId) : sayAction(words[w]?.title ?? w, words[w]?.line ?? w),
    ),
    fallbackText: clip(`${said} ${offered.join(", ")}`, 300),
  });
}
