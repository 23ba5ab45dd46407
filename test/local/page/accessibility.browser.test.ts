import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import { eventually } from "../../support/eventually";
import { card, execute } from "../tryBot";
import { answers, Screen, type Window } from "./onScreen";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const colours = ["Default", "Accent", "Good", "Warning", "Attention"];
const boxes = ["default", "emphasis", "accent", "good", "attention", "warning"];

/** A card of everything: each colour of words, whole and subtle, in each kind of box; each input; each kind of button. */
const everything = {
  ...card("x", [
    { ...execute("Accept", "accept"), style: "positive" },
    { ...execute("Withdraw", "withdraw"), style: "destructive" },
    { ...execute("Later", "later"), mode: "secondary" },
    { type: "Action.Submit", title: "Move", data: { msteams: { type: "task/fetch" } } },
    {
      type: "Action.ShowCard",
      title: "Return",
      card: {
        type: "AdaptiveCard",
        body: [
          { type: "Input.Text", id: "feedback", label: "Feedback", isMultiline: true, placeholder: "What to change" },
        ],
      },
    },
  ]),
  body: [
    { type: "TextBlock", text: "Case EX-2026-0147", style: "heading" },
    { type: "TextBlock", text: "See [the page](https://example.org) and\n\n- one\n- two", wrap: true },
    ...boxes.map((style) => ({
      type: "Container",
      style,
      items: colours.flatMap((color) =>
        [false, true].map((isSubtle) => ({ type: "TextBlock", text: `${color} in ${style}`, color, isSubtle })),
      ),
    })),
    { type: "Input.Date", id: "date", label: "Date" },
    { type: "Input.Time", id: "time", label: "Time" },
    { type: "Input.Number", id: "number", label: "Words" },
    { type: "Input.Toggle", id: "toggle", label: "Agreed", title: "I agree" },
    ...(["compact", "expanded", "filtered"] as const).map((style) => ({
      type: "Input.ChoiceSet",
      id: style,
      label: `Where, ${style}`,
      style,
      choices: [{ title: "Microsoft Teams", value: "teams" }],
    })),
    {
      type: "Input.ChoiceSet",
      id: "reasons",
      label: "Reasons",
      isMultiSelect: true,
      choices: [{ title: "Another reason", value: "other" }],
    },
  ],
};

let screen: Screen;
beforeAll(async () => {
  screen = await Screen.open(
    {
      says: () => everything,
      answers: (activity) =>
        activity.name === "task/fetch" ? answers.dialog("Move", everythingToSend) : answers.error,
    },
    { deadlines: async () => [{ label: "Portfolio due", sub: "EX-2026-0147", at: "2026-05-26T22:59:00Z" }] },
  );
  await screen.teams.as("cora").say("everything");
  await screen.teams
    .as("ada")
    .starts("Ada Example, assessment", ["cora"])
    .then((group) => group.say("Good morning"));
});
afterAll(() => screen?.close());

/** A dialog takes no `Action.Execute`. */
const everythingToSend = {
  ...everything,
  body: everything.body.map((part) =>
    "id" in part ? { ...part, isRequired: true, errorMessage: "Fill this in." } : part,
  ),
  actions: [{ type: "Action.Submit", title: "Send", style: "positive", data: {} }],
};

async function problems(page: Window): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    () => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run() as Promise<AxeResults>,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

describe.each(["light", "dark", "contrast"])("in the %s theme", (theme) => {
  let page: Window;
  beforeEach(async () => {
    page = await screen.window({ as: "cora", theme });
    await page.getByTestId("card").first().waitFor();
  });
  afterEach(() => page.context().close());

  test("a chat with a card of everything has nothing that axe objects to", async () => {
    await page.getByRole("button", { name: "Return" }).click();
    await page.getByLabel("Feedback").waitFor();
    expect(await problems(page)).toEqual([]);
  });

  test("nor has a dialog with errors", async () => {
    await page.getByRole("button", { name: "Move", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Send" }).click();
    await dialog.getByText("Fill this in.").first().waitFor();
    expect(await problems(page)).toEqual([]);
  });

  test("nor have the clock, a menu and the traffic", async () => {
    await page.getByTestId("traffic").click();
    await page.getByTestId("clock-now").click();
    await page.getByText("Portfolio due").waitFor();
    expect(await problems(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "More options" }).click();
    await page.getByRole("menuitem", { name: "Later" }).waitFor();
    expect(await problems(page)).toEqual([]);
  });

  test("nor have the forms of the page itself", async () => {
    for (const [open, title] of [
      ["Add a person", "Add a person"],
      ["New group chat", "New group chat"],
    ] as const) {
      await page.getByRole("button", { name: open }).click();
      await page.getByRole("dialog", { name: title }).waitFor();
      expect(await problems(page)).toEqual([]);
      await page.keyboard.press("Escape");
    }
  });
});

describe("on a narrow window", () => {
  test.each([400, 320])("%i px wide, nothing hangs over, and one thing is seen at a time", async (width) => {
    const page = await screen.window({ as: "cora", width, height: 780 });
    const rows = page.getByTestId("chat-row");
    await rows.first().waitFor();
    await rows.filter({ hasText: "Epilogue" }).last().click();
    await page.getByTestId("card").first().waitFor();
    await eventually(async () => expect(await rows.first().isVisible()).toBe(false));
    const over = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await over()).toBeLessThanOrEqual(0);
    const box = await page.getByTestId("card").first().boundingBox();
    expect(box?.width).toBeGreaterThanOrEqual(280);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(await problems(page)).toEqual([]);
    await page.getByRole("button", { name: "Back to the list" }).click();
    await eventually(async () => expect(await rows.first().isVisible()).toBe(true));
    await page.context().close();
  });
});

describe("by keyboard alone", () => {
  test("from the people into a card and out to the field", async () => {
    const page = await screen.window({ as: "cora" });
    await page.getByRole("button", { name: "Accept", exact: true }).waitFor();
    await page.getByTestId("persona-cora").focus();
    const reached = new Set<string>();
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const at = document.activeElement;
        return at?.getAttribute("data-testid") ?? at?.getAttribute("aria-label") ?? at?.textContent ?? "";
      });
      reached.add(name.trim());
    }
    for (const name of ["tab-chat", "chat-row", "Accept", "Return", "More options", "Send", "traffic"])
      expect([...reached]).toContain(name);
    await page.context().close();
  });

  test("tabs move by arrows", async () => {
    const page = await screen.window({ as: "cora" });
    await page.getByTestId("tab-chat").focus();
    await page.keyboard.press("ArrowRight");
    await eventually(async () => expect(await page.getByTestId("tab-mail").getAttribute("aria-selected")).toBe("true"));
    await page.keyboard.press("End");
    await page.getByText("No meetings yet.").first().waitFor();
    await page.context().close();
  });
});
