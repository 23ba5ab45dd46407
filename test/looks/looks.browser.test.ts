import { readFileSync } from "node:fs";
import path from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { temporaryFolder } from "../store/folder";
import { launchBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { panelStates } from "./panelStates";
import { queueStates } from "./queueStates";
import { inTheme, type Shown, Stages, sizesOf, type Theme, themes } from "./stages";

/** Every state of panel and tab in every theme, as axe sees it, and whether anything hangs over at any width. */
let browser: Browser;
let stages: Stages;
beforeAll(async () => {
  browser = await launchBrowser();
  stages = await Stages.open(browser, temporaryFolder);
});
afterAll(async () => {
  await stages?.close();
  await browser?.close();
});

const axe = readFileSync(path.resolve("node_modules/axe-core/axe.min.js"), "utf8");
/** What a theme can change. */
const ofColour = ["color-contrast", "link-in-text-block"];

/** What axe objects to; of some of its rules only, if they are named. */
async function objections({ frame }: Shown, runOnly?: string[]): Promise<string[]> {
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(axe);
  const { violations } = await frame.evaluate(
    (options) => (window as unknown as { axe: { run(o: object): Promise<AxeResults> } }).axe.run(options),
    { resultTypes: ["violations"], ...(runOnly ? { runOnly } : {}) },
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** What is too small for a thumb: under 44 px high. Words inside a sentence are not meant. */
const small = ({ frame }: Shown): Promise<string[]> =>
  frame.evaluate(() =>
    [
      ...document.querySelectorAll(
        "button, summary, select, textarea, .button, .marks label, .point label, .choose label",
      ),
    ]
      .filter((e) => e.getClientRects().length > 0 && !e.classList.contains("link"))
      .filter((e) => e.getBoundingClientRect().height < 43.5)
      .map((e) => `${e.textContent}: ${e.getBoundingClientRect().height}`),
  );

test.each([...panelStates, ...queueStates])("$name: axe objects to nothing, and nothing hangs over", async (state) => {
  const shown = await state.open(stages);
  const { page, frame } = shown;
  for (const theme of Object.keys(themes) as Theme[]) {
    await inTheme(shown, theme);
    expect([theme, ...(await objections(shown, theme === "default" ? undefined : ofColour))]).toEqual([theme]);
  }
  for (const { width, height } of sizesOf(state)) {
    await page.setViewportSize({ width, height });
    await eventually(async () =>
      expect(await frame.evaluate(() => [innerWidth, document.documentElement.scrollWidth - innerWidth])).toEqual([
        width,
        0,
      ]),
    );
  }
  if (state.phone) expect(await small(shown)).toEqual([]);
  if (state.wide) expect(await objections(shown)).toEqual([]);
  expect(shown.failures).toEqual([]);
  await page.context().close();
});
