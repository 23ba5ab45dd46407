// `npm run pictures`: takes the README's pictures anew, of the product itself on a data folder of its own. The clock stands
// still on one day, so that what they show changes only with the product (and with how long a call took).
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { readConfig } from "../../bot/config";
import { startLocally } from "../../bot/local/start";
import { createLog } from "../../bot/log";
import { launchBrowser } from "../support/browser";

const root = process.cwd();
const target = path.join(root, ".readme");
const startAt = "2026-06-02T08:30:00Z";
/** Bytes: a README is read over slow lines too. */
const largest = 150_000;

interface Look {
  as: string;
  width: number;
  height: number;
  theme?: "light" | "dark";
}

class Camera {
  constructor(
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  /** A window as that person, with one command said and its card on screen. */
  async see(say: string, { as, width, height, theme = "light" }: Look): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width, height }, locale: "en-GB" });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.addInitScript((name) => localStorage.setItem("local-teams.theme", name), theme);
    await page.goto(`${this.url}/#/${as}`);
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
    const file = path.join(target, `${name}.png`);
    await what.screenshot({ path: file, animations: "disabled", caret: "hide" });
    const { size } = statSync(file);
    if (size > largest) throw new Error(`${name}.png has ${size} bytes, more than ${largest}`);
    console.log(`.readme/${name}.png, ${Math.round(size / 1000)} kB`);
  }
}

async function takeAll(camera: Camera): Promise<void> {
  const desk = { width: 1120, height: 1100 };

  const coordinator = await camera.see("case EX-2026-0147", { as: "cora", ...desk });
  await camera.take("case", coordinator);

  // Too early: the notice is too short, which the dialog says beside its date. A date that reads the same in every language
  // of the browser.
  await coordinator.getByRole("button", { name: "Book observation" }).last().click();
  const dialog = coordinator.getByRole("dialog");
  await dialog.getByLabel("Observation date").fill("2026-06-06");
  await dialog.getByRole("button", { name: "Book observation" }).click();
  await dialog.getByText("Not booked yet").waitFor();
  await camera.take("refusal", dialog);

  await camera.take("dark", await camera.see("case EX-2026-0151", { as: "cora", theme: "dark", ...desk, height: 840 }));
  await camera.take("phone", await camera.see("case", { as: "sam", width: 390, height: 780 }));
}

async function main(): Promise<void> {
  mkdirSync(target, { recursive: true });
  const folder = mkdtempSync(path.join(tmpdir(), "epilogue-pictures-"));
  const product = await startLocally(readConfig({ PORT: "0", EPILOGUE_DATA: folder }), {
    log: createLog({ level: "error" }),
    pageFolder: path.join(root, "dist/local"),
    clock: { startAt, frozen: true },
  });
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser();
    await takeAll(new Camera(browser, product.url));
  } finally {
    await browser?.close();
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
