import type { Frame } from "playwright-core";
import { temporaryFolder } from "../store/folder";
import { journey, people, spare, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import { type Opened, overhang, picture, problems, Stage } from "./stage";

/** The work queue as staff have it on their screens. */
const stage = new Stage();
beforeAll(async () => {
  const { office } = await stage.start(temporaryFolder());
  await office.staff(tquk.body.id, people.coordinator, ["coordinator"]);
  await office.staff(tquk.body.id, people.assessor, ["assessor"]);
  await office.staff(tquk.body.id, people.iqa, ["iqa"]);
  await office.staff(tquk.body.id, spare.assessor, ["assessor"]);
  await office.bind(spare.assessor, "Una Untrue");
  await office.bind("nia", "Nia Newcomer");
  const firms = ["Fictional Foods Ltd", "Invented Inns", "Made-up Motors", "Sample Stores"];
  const put = (
    n: number,
    until: "registered" | "planningScheduled" | "planningFinished" | "proposalAccepted" | "booked",
  ) =>
    office.put(
      journey(tquk, `case-${n}`)
        .registered({
          ref: `EX-2026-${String(n).padStart(4, "0")}`,
          employerName: firms[n % 4] ?? "",
          ...(n % 5 === 0 ? { apprentice: "nia" } : {}),
        })
        .upTo(until),
    );
  for (let n = 1; n <= 8; n += 1) await put(n, n % 5 === 0 ? "registered" : "planningFinished");
  for (let n = 9; n <= 14; n += 1) await put(n, n % 5 === 0 ? "registered" : "proposalAccepted");
  for (let n = 15; n <= 62; n += 1) await put(n, "registered");
  office.now = journey(tquk, "clock").upTo("proposalAccepted").now;
});
afterAll(() => stage.stop());

async function queue(how: Parameters<Stage["open"]>[0] = {}): Promise<Opened> {
  const opened = await stage.open({ width: 1024, ...how });
  await opened.tab.getByRole("tab", { name: "Work queue" }).click();
  await opened.tab.getByRole("status").filter({ hasText: "62 open cases" }).waitFor();
  return opened;
}
const lines = (tab: Frame) => tab.locator("li.case");
const shows = (tab: Frame, text: string) => tab.getByRole("status").filter({ hasText: text }).waitFor();

test("it is narrowed, searched, sorted and paged, and says how many there are", async () => {
  const { page, tab } = await queue();
  await tab.getByText("1 to 50 of 62").waitFor();
  await tab.getByRole("button", { name: "Next" }).click();
  await tab.getByText("51 to 62 of 62").waitFor();
  await tab.getByLabel("Stage", { exact: true }).selectOption("handIn");
  await shows(tab, "12 of 62 open cases");
  await tab.getByLabel("Stage", { exact: true }).selectOption("");
  await tab.getByLabel("Search").fill("nia new");
  await shows(tab, "12 of 62 open cases");
  await tab.getByLabel("Sort by").selectOption({ label: "Reference, newest first" });
  await lines(tab).first().getByRole("link").getByText("EX-2026-0060").waitFor();
  await tab.getByLabel("Search").fill("nobody");
  await tab.getByText("No case fits.").waitFor();
  await tab.getByRole("button", { name: "Show all" }).click();
  await shows(tab, "62 open cases");
  const late = tab.getByRole("button", { name: /^Within 7 days|^Late|^Later|^No date/ }).first();
  await late.click();
  await eventually(async () => expect(await late.getAttribute("aria-pressed")).toBe("true"));
  await page.context().close();
});

test("before one presses it is said how many open cases each has, and in which a conflict of interest was declared", async () => {
  const { office } = stage;
  const una = await office.known(spare.assessor);
  const coordinator = await office.known(people.coordinator);
  const put = { role: "assessor", person: spare.assessor };
  await office.desk.run(coordinator, "case-58", "staff.allocate", put, { id: "put" });
  await office.desk.run(una, "case-58", "interest.declare", { conflict: true, detail: "Kin" }, { id: "kin" });
  const opened = await queue();
  const { page, tab } = opened;
  await tab.getByLabel("Search").fill("EX-2026-0058");
  await shows(tab, "1 of 62 open cases");
  await lines(tab).first().getByRole("checkbox").check();
  const form = tab.getByRole("form", { name: "Allocate" });
  const option = form.getByLabel("Who").locator(`option[value="${spare.assessor}"]`);
  expect(await option.textContent()).toMatch(/^Una Untrue, \d+ open$/);
  await form.getByLabel("Who").selectOption(people.assessor);
  expect(await form.getByText("Conflict of interest").count()).toBe(0);
  await form.getByLabel("Who").selectOption(spare.assessor);
  await form.getByText("A conflict of interest is declared in EX-2026-0058").waitFor();
  await page.setViewportSize({ width: 280, height: 900 });
  await eventually(async () => expect(await overhang(opened)).toBeLessThanOrEqual(0));
  await picture(page, "queue-conflict-280");
  expect(await problems(opened)).toEqual([]);
  await page.context().close();
});

test("zoomed to 400 % nothing overhangs, and every control can be come to and pressed", async () => {
  // 1280 × 720 at 400 %.
  const opened = await queue({ width: 320, height: 180 });
  const { page, tab } = opened;
  await lines(tab).first().getByRole("checkbox").check();
  await tab.getByRole("form", { name: "Allocate" }).waitFor();
  await eventually(async () => expect(await overhang(opened)).toBeLessThanOrEqual(0));
  const next = tab.getByRole("button", { name: "Next" });
  // Tried only: that it is in sight, in its place, and that nothing lies over it.
  for (const control of [
    next,
    tab.getByRole("button", { name: "Filter and sort" }),
    lines(tab).nth(30).getByRole("checkbox"),
  ])
    await control.click({ trial: true });
  await next.click();
  await tab.getByText("51 to 62 of 62").waitFor();
  await page.context().close();
});

test("what is refused stays ticked, and says why beside its reference", async () => {
  const { page, tab } = await queue();
  await tab.getByLabel("Search").fill("EX-2026-0060");
  await shows(tab, "1 of 62 open cases");
  await lines(tab).first().getByRole("checkbox").check();
  const form = tab.getByRole("form", { name: "Allocate" });
  await form.getByLabel("Part").selectOption("iqa");
  await form.getByLabel("Who").selectOption(people.iqa);
  await stage.office.leaves(tquk.body.id, people.iqa);
  await form.getByRole("button", { name: "Allocate" }).click();
  await tab.locator(".refused").getByText("EX-2026-0060").waitFor();
  await form.getByText("1 ticked").waitFor();
  await stage.office.staff(tquk.body.id, people.iqa, ["iqa"]);
  await page.context().close();
});

test("a row opens the chat with its command", async () => {
  const { page, tab } = await queue();
  await lines(tab).first().getByRole("link").click();
  await page.waitForFunction("asked.some(([func]) => func === 'executeDeepLink')");
  const link = (await page.evaluate("asked.find(([func]) => func === 'executeDeepLink')[1]")) as string;
  expect(new URL(link).searchParams.get("message")).toMatch(/^case EX-2026-\d+$/);
  await page.context().close();
});

test("the service fails: said, with a way on; what was shown stays", async () => {
  const opened = await queue();
  const { page, tab } = opened;
  await page.route("**/api/tab/queue**", (route) => route.abort());
  await tab.getByLabel("Stage", { exact: true }).selectOption("gateway");
  await tab.getByRole("alert").filter({ hasText: "did not answer" }).waitFor();
  await eventually(async () => expect(await lines(tab).count()).toBe(50));
  expect(await problems(opened)).toEqual([]);
  await page.unroute("**/api/tab/queue**");
  await tab.getByRole("button", { name: "Try again" }).click();
  await eventually(async () => expect(await tab.getByRole("alert").count()).toBe(0));
  await page.context().close();
});

test("an assessor has their own, without anything to tick; outside people have no such section", async () => {
  const { page, tab } = await stage.open({ as: people.assessor, width: 1024 });
  await tab.getByRole("tab", { name: "Work queue" }).click();
  await tab
    .getByRole("status")
    .filter({ hasText: /^\d+ open cases$/ })
    .waitFor();
  await eventually(async () => expect(await tab.getByRole("checkbox").count()).toBe(0));
  await page.context().close();
  const outside = await stage.open({ as: people.apprentice });
  await outside.tab.getByRole("heading", { name: "Cases" }).waitFor();
  await eventually(async () => expect(await outside.tab.getByRole("tab").count()).toBe(0));
  await outside.page.context().close();
});
