/**
 * The subset of markdown that Teams draws in cards and messages: bold, italic, links, lists. Headings, tables, images and
 * code stay as typed. What comes out is safe to put in a page: the text is escaped first, and only these tags are added.
 */
export function toHtml(text: string): string {
  const lines = escapeHtml(text)
    .replace(/\r\n?/g, "\n\n")
    .split("\n")
    .map((line) => line.trimEnd());
  const blocks: Block[] = [];
  for (const line of lines) {
    const item = /^\s{0,3}(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/.exec(line);
    const last = blocks.at(-1);
    if (item) {
      const [, bullet, number, words = ""] = item;
      const kind = bullet ? "ul" : "ol";
      if (last?.kind === kind && !last.closed) last.lines.push(words);
      else blocks.push({ kind, lines: [words], start: number ? Number(number) : 1, closed: false });
    } else if (line.trim() === "") {
      if (last) last.closed = true;
    } else if (last?.kind === "p" && !last.closed) last.lines.push(line.trim());
    else if (last && !last.closed) last.lines.push(`${last.lines.pop() ?? ""} ${line.trim()}`);
    else blocks.push({ kind: "p", lines: [line.trim()], start: 1, closed: false });
  }
  return blocks.map(html).join("");
}

interface Block {
  kind: "p" | "ul" | "ol";
  lines: string[];
  start: number;
  closed: boolean;
}

function html({ kind, lines, start }: Block): string {
  if (kind === "p") return `<p>${inline(lines.join(" "))}</p>`;
  const from = kind === "ol" && start !== 1 ? ` start="${start}"` : "";
  return `<${kind}${from}>${lines.map((line) => `<li>${inline(line)}</li>`).join("")}</${kind}>`;
}

/** Escapes what has a meaning in HTML, in text and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Links are cut out first, so that an underscore in an address makes nothing italic. */
function inline(escaped: string): string {
  const parts: string[] = [];
  const link = /\[([^[\]]+)\]\(((?:https?:\/\/|mailto:)[^\s()]+)\)/gi;
  let from = 0;
  for (const found of escaped.matchAll(link)) {
    parts.push(emphasis(escaped.slice(from, found.index)));
    parts.push(`<a href="${found[2]}" target="_blank" rel="noopener noreferrer">${emphasis(found[1] ?? "")}</a>`);
    from = found.index + found[0].length;
  }
  parts.push(emphasis(escaped.slice(from)));
  return parts.join("");
}

function emphasis(escaped: string): string {
  return escaped
    .replace(/\\([\\*_[\]()#+.!-])/g, (_all, sign: string) => `&#${sign.charCodeAt(0)};`)
    .replace(/\*\*(?=\S)(.+?)(?<=\S)\*\*/g, "<strong>$1</strong>")
    .replace(/(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![\w*])/g, "<em>$1</em>")
    .replace(/(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)/g, "<strong>$1</strong>")
    .replace(/(?<!\w)_(?=[^\s_])([^_]+?)(?<=\S)_(?!\w)/g, "<em>$1</em>");
}

/** Mentions, `<at>Name</at>`, in otherwise plain text: the safe HTML of both. */
export function mentionsToHtml(text: string): string {
  return escapeHtml(text).replace(/&lt;at(?:\s[^&]*)?&gt;(.*?)&lt;\/at&gt;/g, '<span class="mention">$1</span>');
}
