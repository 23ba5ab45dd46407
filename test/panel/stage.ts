import { existsSync, readFileSync } from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import { Line } from "../../bot/local/line";
import { launchBrowser } from "../support/browser";
import { people, tquk } from "../support/case";
import { TENANT } from "../web/entra";
import { Office, oidOf } from "../web/office";

/** The panel's page before the real API, in a host that speaks to it as Teams does, over a line that can be cut. */

const axe = () => readFileSync(path.resolve("node_modules/axe-core/axe.min.js"), "utf8");
const panelFolder = path.resolve("dist/panel");

const host = `<!doctype html><html lang="en"><title>Host</title><meta name="viewport" content="width=device-width"><style>body,iframe{margin:0;border:0;width:100%;height:100vh;display:block}</style>
<iframe title="Panel" name="embedded-page-container"></iframe><script>
const frame = document.querySelector("iframe"), q = new URLSearchParams(location.search), origin = new URL(q.get("panel")).origin;
window.signedIn = q.get("signedIn") !== "no";
const post = (message) => frame.contentWindow.postMessage(message, origin);
window.theme = (name) => post({ func: "themeChange", args: [name] });
addEventListener("message", async ({ data, source, origin: from }) => {
  if (source !== frame.contentWindow || from !== origin || !data?.func) return;
  const { id, uuidAsString, func } = data;
  const answers = {
    initialize: () => [q.get("frame"), "web", JSON.stringify({ apiVersion: 4, isLegacyTeams: false, supports: {} }), "2.0.0"],
    getContext: () => [{ locale: "en-gb", theme: q.get("theme") ?? "default", frameContext: q.get("frame"), hostName: "Teams",
      tid: q.get("tid"), userObjectId: q.get("oid"), ...(q.get("chat") ? { chatId: q.get("chat") } : {}) }],
    "authentication.getAuthToken": () => signedIn ? window.token(q.get("oid")).then((t) => [true, t]) : [false, "resourceRequiresConsent"],
  };
  if (answers[func]) post({ id, uuidAsString, args: await answers[func]() });
});
frame.src = q.get("panel");
</script>`;

export interface Look {
  as?: string;
  width?: number;
  height?: number;
  theme?: "default" | "dark" | "contrast";
  /** The query that names the session. */
  session?: string;
  /** Runs in the page before anything of its own. */
  before?: string;
  context?: BrowserContext;
  touch?: boolean;
  /** Whether Teams gives a token. */
  signedIn?: boolean;
  /** Teams' word for where it is: beside a meeting that one is in, or a tab. */
  frame?: "sidePanel" | "content";
}

export interface Opened {
  page: Page;
  panel: Frame;
  failures: string[];
}

export class Stage {
  private constructor(
    readonly office: Office,
    readonly line: Line,
    readonly origin: string,
    private readonly url: string,
    private readonly hosting: http.Server,
    readonly browser: Browser,
    private readonly lent: boolean,
  ) {}

  /**
   * @param folder where its service keeps its data.
   * @param browser one that is open already, and stays so.
   */
  static async open(folder: string, browser?: Browser): Promise<Stage> {
    if (!existsSync(path.join(panelFolder, "main.js")))
      throw new Error("The panel is not built: npm test builds it first, or node bot/tools/build.mjs");
    const hosting = http.createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(host);
    });
    await new Promise<void>((resolve) => hosting.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(hosting.address() as AddressInfo).port}`;
    const office = await new Office(folder).start({ panelFolder, local: [origin] });
    for (const role of ["assessor", "iqa", "coordinator", "auditor"] as const)
      await office.staff(tquk.body.id, people[role], [role]);
    const line = new Line();
    const url = `http://127.0.0.1:${await line.open(Number(new URL(office.url).port))}`;
    return new Stage(office, line, origin, url, hosting, browser ?? (await launchBrowser()), browser !== undefined);
  }

  async close(): Promise<void> {
    if (!this.lent) await this.browser.close();
    await this.line.close();
    await this.office.stop();
    await new Promise((resolve) => this.hosting.close(resolve));
  }

  /** A browser of its own, whose storage lasts as long as it does. */
  async device({ width = 320, height = 640, touch = false }: Look = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      viewport: { width, height },
      locale: "en-GB",
      hasTouch: touch,
      isMobile: touch,
    });
    context.setDefaultTimeout(20_000);
    await context.exposeFunction("token", (oid: string) => this.office.entra.token({ oid }));
    return context;
  }

  /** Any page in the host, as the panel is. */
  async frame(context: BrowserContext, url: string, before: string, slower: number): Promise<Frame> {
    const page = await context.newPage();
    await page.addInitScript(before);
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: slower });
    const query = new URLSearchParams({ panel: url, frame: "sidePanel", tid: TENANT, oid: oidOf(people.assessor) });
    await page.goto(`${this.origin}/?${query}`);
    const frame = page.frame({ name: "embedded-page-container" });
    if (!frame) throw new Error("No frame");
    return frame;
  }

  /** Where the panel is, by the line that can be cut. */
  panelUrl(session: string): string {
    return `${this.url}/panel${session}`;
  }

  /** The panel as that person has it. */
  async see(look: Look = {}): Promise<Opened> {
    const {
      as = people.assessor,
      theme = "default",
      session = "",
      before,
      signedIn = true,
      frame = "sidePanel",
    } = look;
    const context = look.context ?? (await this.device(look));
    const page = await context.newPage();
    if (before) await page.addInitScript(before);
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(String(error)));
    page.on("console", (message) => {
      if (/Content.Security.Policy|Refused to/i.test(message.text())) failures.push(message.text());
    });
    const query = new URLSearchParams({ panel: this.panelUrl(session), theme, frame, tid: TENANT, oid: oidOf(as) });
    if (!signedIn) query.set("signedIn", "no");
    await page.goto(`${this.origin}/?${query}`);
    const panel = page.frame({ name: "embedded-page-container" });
    if (!panel) throw new Error("No frame");
    return { page, panel, failures };
  }
}

type Axe = { run(options: object): Promise<AxeResults> };
/** What axe objects to; of one of its rules only, if one is named. */
export async function problems({ panel }: Opened, rule?: string): Promise<string[]> {
  if (!(await panel.evaluate(() => "axe" in window))) await panel.evaluate(axe());
  const { violations } = await panel.evaluate((options) => (window as unknown as { axe: Axe }).axe.run(options), {
    resultTypes: ["violations"],
    ...(rule === undefined ? {} : { runOnly: [rule] }),
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** Kept where EPILOGUE_PICTURES says, to be looked at. */
export const picture = async ({ page }: Opened, name: string): Promise<void> => {
  const folder = process.env.EPILOGUE_PICTURES;
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), animations: "disabled" });
};
