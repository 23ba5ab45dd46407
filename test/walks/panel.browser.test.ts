import { existsSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Attempt, attemptAt, type Case } from "../../src/case/case";
import type { Command } from "../../src/case/decider";
import { casePk } from "../../src/handle";
import { PanelAnswer } from "../../src/panel/shape";
import { londonDate } from "../../src/rules/calendar";
import { markKeys } from "../../src/rules/grade";
import { launchBrowser } from "../support/browser";
import { bookingOn, goodPortfolio, goodReport, methodWith, tquk } from "../support/case";
import { given } from "../support/enacted";
import { eventually } from "../support/eventually";
import { type Product, product } from "../support/service";

/**
 * A discussion inside Teams from its checklist to the confirmed grade, as the assessor has it: the meeting that the service made,
 * the panel in its frame beside it, the network cut in the middle. The apprentice and the employer are there too.
 */

const pageFolder = path.resolve(__dirname, "../../dist/local");
const caseId = "sample-ada";
const method = methodWith(tquk, "portfolio").id;
const keys = markKeys(methodWith(tquk, "portfolio")).map(({ key }) => key);

let p: Product;
let browser: Browser;
const failures: string[] = [];
/** Each person's own window at the meeting. */
const windows = new Map<string, Page>();

const attempt = async (): Promise<Attempt> => {
  const head = await p.service.ports.store.head<Case>(casePk(caseId));
  if (!head) throw new Error("No case");
  return attemptAt(head.state, method);
};
const done = (command: Command, role: "coordinator" | "apprentice") => given(p, caseId, command, role);
/** Time goes by, and the panels hear of it. */
async function minutes(n: number): Promise<void> {
  await p.teams.act({ do: "clock.advance", ms: n * 60_000 });
}

beforeAll(async () => {
  if (!existsSync(path.join(pageFolder, "main.js")))
    throw new Error("The page is not built: npm test builds it first, or node bot/tools/build.mjs");
  [browser, p] = await Promise.all([launchBrowser(), product({ samples: true, pageFolder })]);
  await done({ type: "report.submit", data: goodReport(tquk) }, "apprentice");
  await done({ type: "portfolio.submit", data: goodPortfolio(tquk) }, "apprentice");
  // Booked on Teams already; with a meeting of its own from now on.
  const { booking } = (await attempt()).session;
  const at = new Date(Date.parse(booking?.at ?? "") + 3_600_000).toISOString();
  const meeting = { lobby: "invited" as const, recording: true };
  const place = { setting: "teams" as const, where: "Microsoft Teams", reason: "A better hour" };
  await done({ type: "session.move", data: { method, at, ...place, meeting } } as Command, "coordinator");
  for (let n = 0; n < 12 && (await attempt()).session.online?.done?.length !== 3; n++) {
    await minutes(3);
    await p.teams.settled();
  }
  const observation = bookingOn(tquk, "observation", londonDate(at), "15:00");
  await done({ type: "session.book", data: observation } as Command, "coordinator");
  await p.teams.goTo(new Date(Date.parse(at) - 120_000).toISOString());
});
afterAll(async () => {
  await browser?.close();
  await p?.stop();
});

/** Finds the meeting under Meetings and joins it. */
async function joins(who: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" })).newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => failures.push(`${who}: ${error}`));
  await page.goto(`${p.teams.local.url}/#/${who}/meetings`);
  await page
    .getByRole("button", { name: /EX-2026-0147/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await page.getByRole("button", { name: "Leave", exact: true }).waitFor();
  windows.set(who, page);
  return page;
}
const panelOf = (page: Page) => page.frameLocator("iframe[title=Epilogue]");
const seatOf = (who: string): Page => {
  const page = windows.get(who);
  if (!page) throw new Error(`${who} is not there`);
  return page;
};
const ben = () => seatOf("ben");
const panel = () => panelOf(ben());
const button = (name: string | RegExp) => panel().getByRole("button", { name, exact: typeof name === "string" });
const save = (says: string | RegExp) => panel().getByTestId("save").filter({ hasText: says }).waitFor();
const tab = (name: string) => panel().getByRole("tab", { name }).click();
const mark = (label: string, as: string) =>
  panel()
    .getByRole("group", { name: new RegExp(`^${label} `) })
    .getByRole("radio", { name: as, exact: true })
    .click();
async function note(text: string): Promise<void> {
  await panel().getByRole("textbox", { name: "What you heard or saw" }).fill(text);
  await button("Add").click();
}

test("given a meeting that the service made, when the assessor joins it, then the panel beside it leads to the start", async () => {
  await joins("ben");
  await panel().getByText("Before you start").waitFor();
  await button("Start session").click();
  await panel().getByText("Needed before you go on.").first().waitFor();
  await button("Draw the questions").click();
  await panel()
    .getByText(/questions drawn/)
    .waitFor();
  expect((await attempt()).session.state).toBe("booked");
  for (const box of await panel().locator(".points input[type=checkbox]").all()) await box.check();
  // Whoever records needs consent: it is asked for once recording is chosen.
  await panel().locator("#tick-consent").check();
  await button("Start session").click();
  await panel().getByRole("tab", { name: "Questions", selected: true }).waitFor();
  await save("Saved");
  expect((await attempt()).session).toMatchObject({ state: "running" });
});

test("the apprentice's panel has the time and what is good to know, and nothing of the assessor's", async () => {
  const ada = panelOf(await joins("ada"));
  await ada.getByText(/^Ends between/).waitFor();
  await ada.getByText("Recording", { exact: true }).waitFor();
  expect(await ada.getByRole("button").count()).toBe(0);
  expect(await ada.getByRole("tab").count()).toBe(0);
});

test("the employer has no part in a discussion, and the observer's rules for the observation", async () => {
  expect(p.teams.local.snapshot("dev").meetings).toEqual([]);
  const { token } = await p.teams.act({ do: "tab.token", as: "dev" });
  const asked = async (of: string) => {
    const query = new URLSearchParams({ case: caseId, method: of });
    const headers = { authorization: `Bearer ${token}` };
    return PanelAnswer.parse(await (await fetch(`${p.url}/api/panel?${query}`, { headers })).json());
  };
  const outside = { kind: "outside", role: "employer" };
  // Not invited: no way in either.
  expect(await asked(method)).toMatchObject({ panel: { ...outside, observes: false, session: { link: null } } });
  // Under this pack the observation is between apprentice and assessor too.
  const { panel } = (await asked("observation")) as { panel?: object };
  expect(panel).toMatchObject({ ...outside, observes: false, timer: { phase: "before" } });
  expect(JSON.stringify(panel)).not.toMatch(/"(criteria|groups|marks|notes|questions)"/);
});

test("questions, marks and notes are there once, those made while the network was cut too", async () => {
  await button("Mark asked").click();
  await panel().getByText("1 of 10 asked").waitFor();
  await note("Begins with the customer who rang twice");
  await tab("Criteria");
  await mark("P1", "Met");
  await save("Saved");
  await ben().getByRole("button", { name: "Cut the network", exact: true }).click();
  await mark("P2", "Not met");
  await mark("P2", "Met");
  await mark("P3", "Not met");
  await note("Heard while nothing went through");
  await panel().getByTestId("offline").waitFor();
  await save("Offline, 4 waiting");
  const before = await attempt();
  expect(before.session.notes).toHaveLength(1);
  expect(before.marks).toEqual({ [keys[0] ?? ""]: "met" });
  await ben().getByRole("button", { name: "Mend the network", exact: true }).click();
  await mark("P4", "Met");
  await save("Saved");
  const after = await attempt();
  expect(after.session.notes).toHaveLength(2);
  expect(after.session.asked).toHaveLength(1);
  expect(keys.slice(0, 4).map((key) => after.marks[key])).toEqual(["met", "met", "notMet", "met"]);
});

test("ended outside the rules it asks why; marked to the last, declared and confirmed it is read only", async () => {
  await button("End").click();
  const dialog = panel().getByRole("dialog");
  await dialog.getByRole("textbox", { name: /Reason/ }).fill("The other questions were answered without being asked");
  await dialog.getByRole("button", { name: "End session" }).click();
  await panel().getByText("Still to be marked:").waitFor();
  await tab("Criteria");
  for (const key of keys.slice(2)) await panel().locator(`input[name="${key}"][value=met]`).check({ force: true });
  await tab("Summary");
  await button(/^Confirm /).click();
  await panel().getByText("Needed before you go on.").waitFor();
  await panel().locator("#tick-declared").check();
  await button(/^Confirm /).click();
  await panel().getByTestId("confirmed").waitFor();
  await eventually(async () => expect((await attempt()).confirmed).toMatchObject({ grade: "distinction" }));
  expect(await panel().getByRole("textbox").count()).toBe(0);
});

test("the apprentice learns that it has ended, and no more", async () => {
  const ada = panelOf(seatOf("ada"));
  await ada.getByText("The session has ended").waitFor();
  expect(await ada.locator("body").textContent()).not.toMatch(/distinction|Met|P\d/);
});

test("nothing broke in anybody's page on the way", () => {
  expect(failures).toEqual([]);
});
