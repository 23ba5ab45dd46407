import fc from "fast-check";
import { mentionsToHtml, toHtml } from "../../../bot/local/page/card/markdown";

/** What stands between angle brackets in the answer: every element the page would make. */
const tagsOf = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
const allowed =
  /^<(?:\/?(?:p|ul|li|strong|em)|ol(?: start="\d+")?|\/ol|\/a|a href="(?:https?:\/\/|mailto:)[^"<>\s]+" target="_blank" rel="noopener noreferrer")>$/i;

describe("markdown as Teams draws it", () => {
  test.each([
    ["**bold** and *leaning*", "<p><strong>bold</strong> and <em>leaning</em></p>"],
    ["__bold__ and _leaning_", "<p><strong>bold</strong> and <em>leaning</em></p>"],
    ["one\ntwo", "<p>one two</p>"],
    ["one\n\ntwo", "<p>one</p><p>two</p>"],
    ["one\rtwo", "<p>one</p><p>two</p>"],
    ["- one\n- two", "<ul><li>one</li><li>two</li></ul>"],
    ["3. one\n4. two", '<ol start="3"><li>one</li><li>two</li></ol>'],
    ["Choose:\n- one", "<p>Choose:</p><ul><li>one</li></ul>"],
    [
      "[the page](https://example.org/a_b_c)",
      '<p><a href="https://example.org/a_b_c" target="_blank" rel="noopener noreferrer">the page</a></p>',
    ],
  ])("%j", (text, html) => {
    expect(toHtml(text)).toBe(html);
  });

  test.each([
    "EX-2026-0147",
    "2*3*4",
    "snake_case_word",
    "a * b * c",
    "# not a heading",
    "`code`",
    "[no](javascript:alert(1))",
    "[no](data:text/html,x)",
  ])("leaves %j as it was typed", (text) => {
    expect(toHtml(text)).toBe(`<p>${text}</p>`);
  });

  test("escapes what a writer escaped", () => {
    expect(toHtml("\\*not leaning\\*")).toBe("<p>&#42;not leaning&#42;</p>");
  });
});

describe("hostile words", () => {
  const pieces = fc.constantFrom(
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"',
    "'",
    "&",
    "*",
    "_",
    "[",
    "](https://example.org/",
    '](https://example.org/"onmouseover="x',
    "](javascript:x)",
    ")",
    "\n",
    "- ",
    "1. ",
    "<at>",
    "</at>",
    "a",
    " ",
  );
  const words = fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }).map((parts) => parts.join(""));

  test("make no element but those of the subset, and no other attribute", () => {
    fc.assert(
      fc.property(words, (text) => {
        for (const tag of tagsOf(toHtml(text))) expect(tag).toMatch(allowed);
      }),
    );
  });

  test("make no element but mentions in plain text", () => {
    fc.assert(
      fc.property(words, (text) => {
        for (const tag of tagsOf(mentionsToHtml(text))) expect(tag).toMatch(/^<(?:span class="mention"|\/span)>$/);
      }),
    );
  });

  test("a mention is marked, and what it holds is escaped", () => {
    expect(mentionsToHtml("<at>Epilogue</at> due & <b>")).toBe(
      '<span class="mention">Epilogue</span> due &amp; &lt;b&gt;',
    );
  });
});
