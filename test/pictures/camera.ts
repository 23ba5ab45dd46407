import { statSync } from "node:fs";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";

/** Bytes: a README is read over slow lines too. */
const largest = 150_000;

export interface Look {
  as: string;
  width: number;
  height: number;
  theme?: "light" | "dark";
}

/** Takes the README's pictures, of Local Teams as a person has it before them. */
export class Camera {
  constructor(
    private readonly browser: Browser,
    private readonly url: string,
    private readonly target: string,
  ) {}

  /** A window as that person, at that place of the page. */
  async open({ as, width, height, theme = "light" }: Look, place = ""): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width, height }, locale: "en-GB" });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.addInitScript((name) => localStorage.setItem("local-teams.theme", name), theme);
    await page.goto(`${this.url}/#/${as}${place}`);
    return page;
  }

  /** A window as that person, with one command said and its card on screen. */
  async see(say: string, look: Look): Promise<Page> {
    const page = await this.open(look);
    const field = page.getByRole("textbox", { name: /message/i });
    // On a phone the list of chats comes first.
    const row = page.getByTestId("chat-row").first();
    await field.or(row).first().waitFor();
    if (!(await field.isVisible())) await row.click();
    const cards = page.getByTestId("card");
    const before = await cards.count();
    await field.fill(say);
    await page.keyboard.press("Enter");
    await cards.nth(before).waitFor();
    await page.evaluate(() => document.fonts.ready);
    await field.blur();
    return page;
  }

  async take(name: string, what: Page | Locator): Promise<void> {
    const file = path.join(this.target, `${name}.png`);
    await what.screenshot({ path: file, animations: "disabled", caret: "hide" });
    const { size } = statSync(file);
    if (size > largest) throw new Error(`${name}.png has ${size} bytes, more than ${largest}`);
    console.log(`.readme/${name}.png, ${Math.round(size / 1000)} kB`);
  }
}
