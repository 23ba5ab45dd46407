import { type Letter, letterText, type Part } from "../../src/wording/letters";

/** A letter as mail: plain text, and HTML that any mail reader shows. People's words are shown as they are, never as markup. */

const escaped = (text: string) =>
  text
    .replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c] ?? c)
    .replace(/\r?\n/g, "<br>");

const p = (inner: string, style = "margin:0 0 12px") => `<p style="${style}">${inner}</p>`;
const cell = "padding:6px 0;vertical-align:top;border-bottom:1px solid #e0e0e0";

function html(part: Part): string {
  switch (part.kind) {
    case "text":
      return p(part.strong ? `<strong>${escaped(part.text)}</strong>` : escaped(part.text));
    case "heading":
      return `<h2 style="font-size:18px;line-height:24px;margin:20px 0 8px">${escaped(part.text)}</h2>`;
    case "facts": {
      const rows = part.rows.map(
        (r) =>
          `<tr><td style="${cell};padding-right:24px;color:#616161;white-space:nowrap">${escaped(r.name)}</td><td style="${cell}">${escaped(r.value)}</td></tr>`,
      );
      return `<table role="presentation" style="border-collapse:collapse;margin:0 0 12px">${rows.join("")}</table>`;
    }
    case "steps":
      return `<ol style="margin:0 0 12px;padding-left:20px">${part.items.map((i) => `<li style="margin-bottom:6px">${escaped(i)}</li>`).join("")}</ol>`;
    case "code":
      return p(escaped(part.code), "margin:0 0 12px;font:600 24px/32px Consolas,monospace;letter-spacing:1px");
    case "quote":
      return `<blockquote style="margin:0 0 12px;padding:8px 12px;background:#f5f5f5">${part.by ? p(escaped(part.by), "margin:0 0 4px;color:#616161;font-size:12px") : ""}${escaped(part.words)}</blockquote>`;
  }
}

/**
 * Subject, text and HTML of a letter; several letters to one person at once make one mail. It is answered to whom they all
 * name, if they all name the same.
 */
export function layout(
  ...letters: readonly Letter[]
): { subject: string; text: string; html: string } & Pick<Letter, "replyTo"> {
  const [first, ...others] = letters;
  if (!first) throw new Error("No letter");
  const subject = others.length === 0 ? first.subject : `${first.subject}, and ${others.length} more`;
  const inner = letters.map((l) =>
    [
      p(escaped(l.greeting)),
      ...l.parts.map(html),
      ...l.foot.map((f) => p(escaped(f), "margin:16px 0 0;color:#616161;font-size:12px")),
    ].join(""),
  );
  const { replyTo } = first;
  const same = replyTo && letters.every((l) => l.replyTo?.address === replyTo.address);
  return {
    ...(same ? { replyTo } : {}),
    subject: subject.replace(/[\r\n]+/g, " "),
    text: letters.map(letterText).join("\n\n- - -\n\n"),
    html: `<!doctype html><html lang="en-GB"><body style="font:14px/20px 'Segoe UI',system-ui,sans-serif;color:#242424;max-width:560px">${inner.join('<hr style="margin:24px 0">')}</body></html>`,
  };
}
