import { existsSync } from "node:fs";
import path from "node:path";
import type { Activity } from "botbuilder";
import type { Browser, Page } from "playwright-core";
import type { LocalTeamsOptions } from "../../../bot/local/localTeams";
import { launchBrowser } from "../../support/browser";
import { localTeams, type Teams } from "../../support/teams";
import { answer, attached, TryBot } from "../tryBot";

const pageFolder = path.resolve(__dirname, "../../../dist/local");

/** What a bot does for one test: cards for words said, answers for buttons pressed. */
export interface Script {
  /** A card, or words, for what is said to it (mention taken off). */
  says?: (text: string) => object | string | undefined;
  /** The answer to an invoke. */
  answers?: (activity: Activity) => object | Promise<object>;
}

/** Local Teams on a screen, with a bot that keeps to a script. */
export class Screen {
  private constructor(
    readonly teams: Teams,
    readonly bot: TryBot,
    private readonly browser: Browser,
  ) {}

  static async open(script: Script, options: LocalTeamsOptions = {}): Promise<Screen> {
    if (!existsSync(path.join(pageFolder, "main.js")))
      throw new Error("The page is not built: npm test builds it first, or node bot/tools/build.mjs");
    const bot = new TryBot();
    bot.turn = async (context) => {
      const { activity } = context;
      if (activity.type === "invoke") return void (await answer(context, (await script.answers?.(activity)) ?? {}));
      if (activity.type !== "message") return;
      const said = script.says?.(activity.text.replaceAll(/<at>.*?<\/at>/g, "").trim());
      if (said) await context.sendActivity(typeof said === "string" ? said : { attachments: [attached(said)] });
    };
    const browser = await launchBrowser();
    try {
      const clock = { startAt: "2026-05-22T08:12:00Z", frozen: true };
      const teams = await localTeams({ bot: (local) => bot.start(local), pageFolder, clock, ...options });
      return new Screen(teams, bot, browser);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** A new window as a person; a failure of the page's own program fails the test that looks at `failures`. */
  async window({ as = "cora", width = 1280, height = 800, theme = "light", place = "" } = {}): Promise<Window> {
    const context = await this.browser.newContext({ viewport: { width, height }, locale: "en-GB" });
    const page = await context.newPage();
    // Well under a test's own time, so that a failure names what was waited for.
    page.setDefaultTimeout(20_000);
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(String(error)));
    await page.addInitScript((name) => localStorage.setItem("local-teams.theme", name), theme);
    await page.goto(`${this.teams.local.url}/#/${as}${place}`);
    await page.getByTestId(`persona-${as}`).waitFor();
    return Object.assign(page, { failures });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.teams.stop();
  }
}

export type Window = Page & { failures: string[] };

/** `adaptiveCard/action` and dialog answers, as a bot gives them. */
export const answers = {
  card: (card: object) => ({ statusCode: 200, type: "application/vnd.microsoft.card.adaptive", value: card }),
  words: (value: string) => ({ statusCode: 200, type: "application/vnd.microsoft.activity.message", value }),
  error: { statusCode: 500, type: "application/vnd.microsoft.error", value: { code: "Failed", message: "" } },
  dialog: (title: string, card: object) => ({
    task: { type: "continue", value: { title, width: 480, height: "medium", card: attached(card) } },
  }),
  closing: (value: string) => ({ task: { type: "message", value } }),
};
