import { existsSync } from "node:fs";
import path from "node:path";
import type { Browser, FrameLocator, Page } from "playwright-core";
import { launchBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { type Product, product } from "../support/service";

/** The whole product with Local Teams in one browser, where everyone at a session has a window of their own. */

const pageFolder = path.resolve(__dirname, "../../dist/local");

export class Room {
  /** What broke in anybody's page. */
  readonly failures: string[] = [];
  /** Every body that the service answered to somebody's panel, as it came. */
  readonly answered = new Map<string, string[]>();
  private readonly windows = new Map<string, Page>();

  private constructor(
    readonly p: Product,
    readonly browser: Browser,
  ) {}

  static async open(options: Parameters<typeof product>[0]): Promise<Room> {
    if (!existsSync(path.join(pageFolder, "main.js")))
      throw new Error("The page is not built: npm test builds it first, or node bot/tools/build.mjs");
    const [browser, p] = await Promise.all([launchBrowser(), product({ pageFolder, ...options })]);
    return new Room(p, browser);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.p.stop();
  }

  /** Time goes by. The panels hear of it as soon as they ask. */
  async minutes(n: number): Promise<void> {
    await this.p.teams.act({ do: "clock.advance", ms: n * 60_000 });
    for (const page of this.windows.values())
      for (const frame of page.frames().slice(1))
        await frame.evaluate(() => dispatchEvent(new Event("online"))).catch(() => undefined);
  }

  /** Somebody's own window. */
  async window(who: string): Promise<Page> {
    const there = this.windows.get(who);
    if (there) return there;
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => this.failures.push(`${who}: ${error}`));
    const bodies: string[] = [];
    this.answered.set(who, bodies);
    page.on("response", (response) => {
      if (!new URL(response.url()).pathname.startsWith("/api/panel")) return;
      // Of what is under way when a page goes there is nothing to read.
      response.text().then(
        (text) => bodies.push(text),
        () => undefined,
      );
    });
    this.windows.set(who, page);
    return page;
  }

  /** Joins their meeting that begins at that instant. */
  async joins(who: string, at: string): Promise<FrameLocator> {
    const { meetings } = this.p.teams.local.snapshot(who);
    const meeting = meetings.find((m) => Date.parse(m.startsAt) === Date.parse(at));
    if (!meeting) throw new Error(`${who} has no meeting at ${at}`);
    const page = await this.window(who);
    await page.goto("about:blank");
    await page.goto(`${this.p.teams.local.url}/#/${who}/meetings/${encodeURIComponent(meeting.id)}`);
    await page.getByRole("button", { name: "Join", exact: true }).click();
    await page.getByRole("button", { name: "Leave", exact: true }).waitFor();
    return this.panel(who);
  }

  async leaves(who: string): Promise<void> {
    await (await this.window(who)).getByRole("button", { name: "Leave", exact: true }).click();
  }

  /** Opens a session in the app's own tab, which lists those that come next. */
  async opens(who: string, session: string | RegExp): Promise<FrameLocator> {
    const page = await this.window(who);
    await page.goto("about:blank");
    await page.goto(`${this.p.teams.local.url}/#/${who}`);
    await page.getByRole("heading", { name: "Epilogue", level: 2 }).waitFor();
    await page.getByTestId("app-tab-sessions").click();
    const panel = this.panel(who);
    await panel.getByRole("button", { name: session }).first().click();
    await panel.getByRole("button", { name: session }).first().waitFor({ state: "detached" });
    return panel;
  }

  /** The panel in somebody's window. */
  panel(who: string): FrameLocator {
    const page = this.windows.get(who);
    if (!page) throw new Error(`${who} has no window`);
    return page.frameLocator("iframe[name=embedded-page-container]");
  }

  /** What the service says to somebody's panel now. */
  async asked(who: string, caseId: string, method: string): Promise<unknown> {
    const { token } = await this.p.teams.act({ do: "tab.token", as: who });
    const query = new URLSearchParams({ case: caseId, method });
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${this.p.url}/api/panel?${query}`, { headers })).json();
  }
}

/** The assessor's hands on the grading panel. */
export class Grading {
  constructor(readonly panel: FrameLocator) {}

  button(name: string | RegExp) {
    return this.panel.getByRole("button", { name, exact: typeof name === "string" });
  }
  get dialog() {
    return this.panel.getByRole("dialog");
  }
  async saved(says: string | RegExp = "Saved"): Promise<void> {
    await this.panel.getByTestId("save").filter({ hasText: says }).waitFor();
  }
  /** Where there is room all stands side by side, and there is no tab to choose. */
  async tab(name: string): Promise<void> {
    const heading = this.panel.getByRole("heading", { name, exact: true, level: 2 });
    const tab = this.panel.getByRole("tab", { name, exact: true });
    await heading.or(tab).first().waitFor();
    if (await tab.count()) await tab.click();
    await heading.waitFor({ state: "attached" });
  }
  /** Ticks all that stands before the start; a consent appears once recording is ticked. */
  async ticksAll(): Promise<void> {
    const boxes = this.panel.getByRole("group", { name: "Before you start" }).getByRole("checkbox");
    await boxes.first().waitFor();
    for (let i = 0; i < (await boxes.count()); i++) await boxes.nth(i).check();
  }
  /** Adds a note: tied to the criteria of those labels, and to the question of that label. */
  async note(
    text: string,
    { criteria = [], question }: { criteria?: string[]; question?: string } = {},
  ): Promise<void> {
    if (criteria.length > 0 || question !== undefined) {
      await this.button("Tie").click();
      for (const box of await this.dialog.getByRole("checkbox", { checked: true }).all()) await box.uncheck();
      for (const label of criteria) await this.dialog.getByRole("checkbox", { name: label, exact: true }).check();
      if (question !== undefined) {
        const list = this.dialog.getByRole("combobox", { name: "Question" });
        const option = await list.locator("option", { hasText: new RegExp(`^${question} `) }).getAttribute("value");
        await list.selectOption(option);
      }
      await this.dialog.getByRole("button", { name: "Done" }).click();
    }
    await this.panel.getByRole("textbox", { name: "What you heard or saw" }).fill(text);
    await this.button("Add").click();
  }
  row(label: string) {
    return this.panel.getByRole("group", { name: new RegExp(`^${label.replace(/[()]/g, "\\$&")} `) });
  }
  /** Marks by keys from the first row on, as the letters say: "m", "n". */
  async marks(page: Page, first: string, letters: string): Promise<void> {
    await this.tab("Criteria");
    await this.row(first).focus();
    for (const letter of letters) {
      await page.keyboard.press(letter);
      await page.keyboard.press("ArrowDown");
    }
    await this.saved();
  }
  /** What the clock, its track and its sentence say together is one of the facts of the time: how many minutes have run. */
  async ran(minutes: number): Promise<void> {
    await eventually(async () =>
      expect(await this.panel.getByRole("timer").first().textContent()).toMatch(new RegExp(`^${minutes}:[0-5]\\d$`)),
    );
  }
}
