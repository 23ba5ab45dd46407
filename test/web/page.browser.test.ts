import type { Browser } from "playwright-core";
import { temporaryFolder } from "../store/folder";
import { days, gq, journey, people, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import type { Office } from "./office";
import { picture, problems, Stage } from "./stage";

const stage = new Stage();
let browser: Browser;
let office: Office;
let hostOrigin = "";
beforeAll(async () => {
  ({ browser, office, hostOrigin } = await stage.start(temporaryFolder()));
  await office.staff(tquk.body.id, people.coordinator, ["coordinator"]);
  await office.staff(tquk.body.id, people.assessor, ["assessor"]);
  await office.put(journey(tquk).upTo("proposalAccepted"));
  for (let n = 1; n <= 9; n += 1) {
    const ref = `EX-2026-0${150 + n}`;
    await office.put(journey(tquk, `more-${n}`).registered({ ref, employerName: `Invented Inns ${n}` }));
  }
  await office.put(journey(tquk, "done").registered({ ref: "EX-2026-0100" }).upTo("released"));
  office.now = `${days.handIn}T09:12:00Z`;
});
afterAll(() => stage.stop());
const open: Stage["open"] = (how) => stage.open(how);

describe("its states", () => {
  test("nothing to show", async () => {
    await office.bind("tom-testcase", "Tom Testcase");
    const opened = await open({ as: "tom-testcase", width: 280 });
    await opened.tab.getByText("Nothing is due.").waitFor();
    await opened.tab.getByText("No cases yet.").waitFor();
    await picture(opened.page, "tab-empty-280");
    expect(await problems(opened)).toEqual([]);
    await opened.page.context().close();
  });

  test("an account that no code was entered for; afterwards it goes on by itself", async () => {
    const opened = await open({ as: "una-untrue" });
    await opened.tab.getByTestId("trouble-notBound").waitFor();
    await picture(opened.page, "tab-unbound-800");
    expect(await problems(opened)).toEqual([]);
    await office.bind("una-untrue", "Una Untrue");
    await opened.tab.getByRole("button").click();
    await opened.tab.getByRole("heading", { name: "Una Untrue" }).waitFor();
    await opened.page.context().close();
  });

  test("Teams gives no token", async () => {
    const opened = await open({ query: "&signedIn=no&theme=dark", width: 280 });
    await opened.tab.getByTestId("trouble-notSignedIn").waitFor();
    await picture(opened.page, "tab-signed-out-280");
    expect(await problems(opened)).toEqual([]);
    await opened.page.evaluate("signedIn = true");
    await opened.tab.getByRole("button", { name: "Try again" }).click();
    await opened.tab.getByRole("heading", { name: "Cora Placeholder" }).waitFor();
    await opened.page.context().close();
  });

  test("waiting for a token that never comes: a skeleton, then a word", async () => {
    const opened = await open({ query: "&silent=authentication.getAuthToken", patient: false });
    await opened.tab.locator(".bone").first().waitFor();
    await picture(opened.page, "tab-loading-800");
    await eventually(async () => expect(await opened.tab.locator("main").getAttribute("aria-busy")).toBe("true"));
    expect(await problems(opened)).toEqual([]);
    await opened.page.clock.fastForward(20_000);
    await opened.tab.getByTestId("trouble-notSignedIn").waitFor();
    await opened.page.context().close();
  });

  test("opened in a browser, outside Teams", async () => {
    const context = await browser.newContext({ viewport: { width: 800, height: 400 } });
    const page = await context.newPage();
    await page.goto(`${office.url}/tab`);
    await page.getByRole("heading", { name: "Open this tab in Teams" }).waitFor();
    await picture(page, "tab-outside-800");
    await context.close();
  });

  test("the service fails: said, with a way to try again; what was shown stays when it fails later", async () => {
    const opened = await open();
    const { page, tab } = opened;
    await tab.getByRole("heading", { name: "Cora Placeholder" }).waitFor();
    await page.route("**/api/tab/cases**", (route) => route.abort());
    await tab.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await tab.getByText("This may be out of date").waitFor();
    await eventually(async () => expect(await tab.getByRole("link").count()).toBeGreaterThan(8));
    expect(await problems(opened)).toEqual([]);
    await tab.getByRole("button", { name: "Try again" }).click();
    await tab.getByTestId("trouble-failed").waitFor();
    await page.unroute("**/api/tab/cases**");
    await tab.getByRole("button", { name: "Try again" }).click();
    await tab.getByRole("heading", { name: "Cora Placeholder" }).waitFor();
    await page.context().close();
  });
});

describe("what it does", () => {
  test("more rows come when asked for, after those that are there", async () => {
    const { page, tab } = await open();
    const rows = tab.getByRole("region", { name: "Cases" }).getByRole("link");
    await rows.first().waitFor();
    await eventually(async () => expect(await rows.count()).toBe(8));
    await tab.getByRole("button", { name: "Show more cases" }).click();
    await tab.getByText("EX-2026-0147 · Fictional Foods Ltd").waitFor();
    await eventually(async () => expect(await rows.count()).toBe(11));
    await eventually(async () => expect(await tab.getByRole("button", { name: "Show more cases" }).count()).toBe(0));
    await page.context().close();
  });

  test("a row opens the chat with the command", async () => {
    const { page, tab } = await open({ as: people.apprentice });
    await tab.getByRole("region", { name: "Cases" }).getByRole("link").first().click();
    await page.waitForFunction("asked.some(([func]) => func === 'executeDeepLink')");
    const link = (await page.evaluate("asked.find(([func]) => func === 'executeDeepLink')[1]")) as string;
    expect(new URL(link).searchParams.get("message")).toMatch(/^case EX-2026-\d+$/);
    await page.context().close();
  });

  test("or, where the host follows no links, says what to type", async () => {
    const opened = await open({ as: people.apprentice, query: "&links=no", width: 280 });
    await opened.tab.getByRole("region", { name: "Due" }).getByRole("link").first().click();
    await opened.tab.getByText("In the chat, type: case EX-2026-0147").waitFor();
    await picture(opened.page, "tab-apprentice-280");
    expect(await problems(opened)).toEqual([]);
    await opened.page.context().close();
  });

  test("the theme changes with Teams'", async () => {
    const { page, tab } = await open();
    await tab.getByRole("heading", { name: "Cora Placeholder" }).waitFor();
    await page.evaluate("theme('contrast')");
    await tab.waitForFunction(() => document.documentElement.dataset.theme === "contrast");
    await page.context().close();
  });

  test("it is fresh when one comes back to it", async () => {
    const { page, tab } = await open({ as: people.provider });
    await tab.getByRole("heading", { name: "Priya Pretend" }).waitFor();
    await office.put(journey(gq, "new").registered({ ref: "EX-2026-0999" }));
    await tab.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await tab.getByText("EX-2026-0999").first().waitFor();
    await page.context().close();
  });
});

describe("who may frame it", () => {
  test("no other site", async () => {
    const page = await (await browser.newContext()).newPage();
    await page.setContent(`<iframe name="framed" src="${office.url}/tab"></iframe>`);
    await page.waitForTimeout(500);
    expect(
      await page
        .frame({ name: "framed" })
        ?.locator("main")
        .count()
        .catch(() => 0),
    ).toBe(0);
    await page.context().close();
  });

  test.each(["/tab", "/", "/panel", "/panel/configure"])(
    "%s says so, allows its own scripts only, and is read again when asked",
    async (at) => {
      const response = await fetch(`${office.url}${at}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).toContain(`frame-ancestors ${hostOrigin}`);
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toMatch(/unsafe|\*|frame-ancestors 'none'/);
      const headers = { "if-none-match": response.headers.get("etag") ?? "" };
      expect((await fetch(`${office.url}${at}`, { headers })).status).toBe(304);
    },
  );

  test.each(["/tab/../package.json", "/tab/%2e%2e/package.json", "/tab/main.js.map", "/tab/missing.js", "/tab/%00"])(
    "%s is not there",
    async (at) => {
      expect((await fetch(`${office.url}${at}`)).status).toBe(404);
    },
  );
});
