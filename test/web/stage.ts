import { existsSync, readFileSync } from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, Frame, Page } from "playwright-core";
import { launchBrowser } from "../support/browser";
import { people } from "../support/case";
import { Office, oidOf } from "./office";

/** The built tab in a browser, in the frame of a host that plays Teams, over a real office. */

const axe = () => readFileSync(path.resolve("node_modules/axe-core/axe.min.js"), "utf8");
const pageFolder = path.resolve("dist/web");
const panelFolder = path.resolve("dist/panel");

/** The page of a host that speaks to the tab in its frame as Teams does; what it was asked lies in `asked`. */
const host = `<!doctype html><html lang="en"><title>Host</title><style>body,iframe{margin:0;border:0;width:100%;height:100vh}</style>
<iframe title="Cases" name="embedded-page-container"></iframe><script>
const frame = document.querySelector("iframe"), q = new URLSearchParams(location.search);
window.asked = []; window.links = q.get("links") !== "no"; window.signedIn = q.get("signedIn") !== "no";
const post = (message) => frame.contentWindow.postMessage(message, q.get("tab"));
window.theme = (name) => post({ func: "themeChange", args: [name] });
addEventListener("message", async ({ data, source, origin }) => {
  if (source !== frame.contentWindow || origin !== q.get("tab") || !data?.func) return;
  const { id, uuidAsString, func, args = [] } = data;
  asked.push([func, ...args]);
  const answers = {
    initialize: () => ["content", "web", JSON.stringify({ apiVersion: 4, isLegacyTeams: false, supports: {} }), "2.0.0"],
    getContext: () => [{ locale: "en-gb", theme: q.get("theme") ?? "default", frameContext: "content", hostName: "Teams" }],
    executeDeepLink: () => [links, "not here"],
    "authentication.getAuthToken": () => signedIn ? window.token().then((t) => [true, t]) : [false, "resourceRequiresConsent"],
  };
  if (q.get("silent") === func || !answers[func]) return;
  post({ id, uuidAsString, args: await answers[func]() });
});
frame.src = q.get("tab") + "/tab" + (q.get("at") ?? "");
</script>`;

/** The tab as a person has it in the host. */
export interface Opened {
  page: Page;
  tab: Frame;
  failures: string[];
}

export class Stage {
  browser!: Browser;
  office!: Office;
  hostOrigin = "";
  private hosting!: http.Server;
  private lent = false;

  /**
   * @param folder where the service keeps its data.
   * @param browser one that is open already, and stays so.
   * @throws when the page is not built.
   */
  async start(folder: string, browser?: Browser): Promise<this> {
    if (!existsSync(path.join(pageFolder, "main.js")))
      throw new Error("The page is not built: npm test builds it first, or node bot/tools/build.mjs");
    this.hosting = http.createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(host);
    });
    await new Promise<void>((resolve) => this.hosting.listen(0, "127.0.0.1", resolve));
    this.hostOrigin = `http://127.0.0.1:${(this.hosting.address() as AddressInfo).port}`;
    this.office = await new Office(folder).start({ pageFolder, panelFolder, local: [this.hostOrigin] });
    this.lent = browser !== undefined;
    this.browser = browser ?? (await launchBrowser());
    return this;
  }

  async stop(): Promise<void> {
    if (!this.lent) await this.browser?.close();
    await this.office?.stop();
    await new Promise((resolve) => this.hosting?.close(resolve));
  }

  async open({
    as = people.coordinator as string,
    width = 800,
    height = 720,
    query = "",
    patient = true,
    slower = 1,
    before = "",
  } = {}): Promise<Opened> {
    const context = await this.browser.newContext({ viewport: { width, height }, locale: "en-GB" });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    if (!patient) await page.clock.install();
    if (before) await page.addInitScript(before);
    if (slower > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slower });
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(String(error)));
    page.on("console", (message) => {
      if (/Content.Security.Policy|Refused to/i.test(message.text())) failures.push(message.text());
    });
    await page.exposeFunction("token", () => this.office.entra.token({ oid: oidOf(as) }));
    await page.goto(`${this.hostOrigin}/?tab=${encodeURIComponent(this.office.url)}${query}`);
    const tab = page.frame({ name: "embedded-page-container" });
    if (!tab) throw new Error("No frame");
    return { page, tab, failures };
  }
}

/** What axe objects to. */
export async function problems({ tab }: Opened): Promise<string[]> {
  await tab.evaluate(axe());
  const { violations } = await tab.evaluate(
    () => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run() as Promise<AxeResults>,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

/** How far the page is wider than its window. */
export const overhang = ({ tab }: Opened): Promise<number> =>
  tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

export const picture = async (page: Page, name: string): Promise<void> => {
  const folder = process.env.EPILOGUE_PICTURES;
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), animations: "disabled" });
};
