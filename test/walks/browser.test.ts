import { existsSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { type Product, product } from "../support/service";
import { codeOf } from "./mailed";

/** The page itself, in Chromium, with the whole product behind it: from a registration to evidence that is accepted. */

const pageFolder = path.resolve(__dirname, "../../dist/local");

let p: Product;
let browser: Browser;
let page: Page;
const failures: string[] = [];

beforeAll(async () => {
  if (!existsSync(path.join(pageFolder, "main.js")))
    throw new Error("The page is not built: npm test builds it first, or node bot/tools/build.mjs");
  browser = await launchBrowser();
  p = await product({ startAt: "2026-02-02T09:00:00Z", pageFolder });
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" })).newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => failures.push(String(error)));
  await page.goto(`${p.teams.local.url}/#/cora`);
});
afterAll(async () => {
  await browser?.close();
  await p?.stop();
});

const card = () => page.getByTestId("card").last();
const dialog = () => page.getByRole("dialog");

async function become(who: string): Promise<void> {
  await page.getByTestId(`persona-${who}`).click();
  await page.getByRole("heading", { name: "Epilogue", level: 2 }).waitFor();
}

async function say(text: string): Promise<void> {
  await page.getByRole("textbox", { name: /message/i }).fill(text);
  await page.keyboard.press("Enter");
}

/** Presses a button of the newest card, on it or behind its "…". */
async function press(name: string): Promise<void> {
  const onCard = card().getByRole("button", { name, exact: true });
  if (!(await onCard.isVisible())) await card().getByRole("button", { name: "More options" }).click();
  await onCard.or(page.getByRole("menuitem", { name, exact: true })).click();
}

/** Fills the open dialog's inputs by their labels; what is chosen from a list by its words. */
async function fill(values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    const input = dialog().getByLabel(label);
    if ((await input.evaluate((element) => element.tagName)) === "SELECT") await input.selectOption({ label: value });
    else await input.fill(value);
  }
}

async function send(button: string): Promise<void> {
  await dialog().getByRole("button", { name: button, exact: true }).click();
}

const byMail = { "It came": "By mail", "What shows it": "Mail of 2 February" };

test("given an empty desk, when the coordinator registers, then a refusal stands beside its input, the words stay, and the case comes", async () => {
  await page.getByRole("textbox", { name: /message/i }).waitFor();
  await say("register");
  await card().getByText("No cases yet").waitFor();
  await press("Register apprentice");
  await dialog().getByRole("radio", { name: "Gateway Qualifications" }).check();
  await fill({
    "Name of the apprentice": "Sam Specimen",
    "Mail of the apprentice": "sam.specimen@example.com",
    "Name of the employer's contact": "Dev Fiction",
    "Mail of the employer's contact": "dev.fiction@example.com",
    "Name of the firm": "Fictional Foods Ltd",
    "Name of the training provider's contact": "Priya Pretend",
    "Mail of the training provider's contact": "priya.pretend@example.com",
    "First day of the programme": "2026-03-01",
  });
  await send("Register apprentice");
  await dialog().getByText("Choose a day up to today, Mon 2 Feb 2026.").waitFor();
  await eventually(async () =>
    expect(await dialog().getByLabel("Name of the apprentice").inputValue()).toBe("Sam Specimen"),
  );
  await fill({ "First day of the programme": "2024-11-04" });
  await send("Register apprentice");
  await dialog().waitFor({ state: "detached" });
  await card().getByText("Case GQ-2026-0001 · you coordinate").waitFor();
});

test("the apprentice enters the code from the mail, and the case is there", async () => {
  await become("sam");
  await page.getByTestId("tab-mail").click();
  await page.getByText("Invitation to your end-point assessment").first().click();
  const code = await codeOf(p.teams.as("sam"));
  await page.frameLocator("iframe").getByText(code).waitFor();
  await page.getByTestId("tab-chat").click();
  await page.getByTestId("chat-row").first().click();
  await card().getByText("Enter your code").first().waitFor();
  await press("Enter code");
  await fill({ "Code from the mail": "AAAA-BBBB-CCCC" });
  await send("Join");
  await dialog().getByText("No invitation has this code.").waitFor();
  await fill({ "Code from the mail": code });
  await send("Join");
  await dialog().waitFor({ state: "detached" });
  await card().getByText("Case GQ-2026-0001 · your assessment").waitFor();
  await press("Say I am ready");
  await send("Say I am ready");
  await dialog().waitFor({ state: "detached" });
});

test("the coordinator records what the provider mailed, and accepts it in the checklist", async () => {
  await become("cora");
  await card().getByText("you coordinate").waitFor();
  await press("Record for someone else");
  await card().getByText("for someone else").waitFor();
  await press("Hand in: Gateway meeting record");
  await fill({ "Where it is filed": "meeting.pdf", "Day of the gateway meeting": "2026-01-30", ...byMail });
  await dialog().getByRole("button").last().click();
  await dialog().waitFor({ state: "detached" });
  await card().getByText("To review, Mon 2 Feb 2026").waitFor();
  await press("Review gateway");
  await dialog().getByText("0 of 3 accepted, 1 to review, 2 to come").waitFor();
  await dialog().getByTitle("Accept: Gateway meeting record").click();
  await dialog().getByText("1 of 3 accepted, 2 to come").waitFor();
  await page.keyboard.press("Escape");
  await card().getByText("Accepted, Mon 2 Feb 2026").waitFor();
});

test("nothing broke in the page on the way", () => {
  expect(failures).toEqual([]);
});
