import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import { temporaryFolder } from "../store/folder";
import { journey, people, spare, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import { Keys } from "../support/keys";
import { type Opened, Stage } from "./stage";

/**
 * The staff's sections of the tab by keyboard alone, at full width and in a narrow window: from the opened tab nothing but keys
 * is pressed, and after each key the focus can be seen.
 */
const stage = new Stage();
beforeAll(async () => {
  const { office } = await stage.start(temporaryFolder());
  await office.staff(tquk.body.id, people.coordinator, ["coordinator"]);
  await office.staff(tquk.body.id, people.assessor, ["assessor"]);
  await office.staff(tquk.body.id, spare.assessor, ["assessor"]);
  await office.bind(spare.assessor, "Una Untrue");
  for (let n = 1; n <= 53; n += 1)
    await office.put(
      journey(tquk, `case-${n}`)
        .registered({ ref: `EX-2026-${String(n).padStart(4, "0")}` })
        .upTo(n <= 3 ? "proposalAccepted" : "registered"),
    );
  office.now = journey(tquk, "clock").upTo("proposalAccepted").now;
});
afterAll(() => stage.stop());

interface Hands extends Opened {
  keys: Keys;
  /** Goes to a choice, and along its options by the arrow until that one is taken. */
  pick: (label: string, option: RegExp) => Promise<void>;
  /** That is said aloud. */
  says: (text: string | RegExp) => Promise<void>;
}

/** The tab with one of its sections open, come to by Tab and arrows. */
async function opened(section: string, how: Parameters<Stage["open"]>[0] = {}): Promise<Hands> {
  const open = await stage.open({ width: 1024, ...how });
  const { page, tab } = open;
  const keys = new Keys(page.keyboard, tab);
  await tab.getByRole("tab", { name: "My work" }).waitFor();
  await page.keyboard.press("Tab");
  await keys.reach("My work");
  await keys.reach(section, "ArrowRight", 4);
  await tab.getByRole("region", { name: section, exact: true }).waitFor();
  const pick = async (label: string, option: RegExp) => {
    await keys.reach(label === "Who" || label === "Part" ? label : new RegExp(`^${label}`));
    const taken = () =>
      tab.evaluate(() => (document.activeElement as HTMLSelectElement).selectedOptions[0]?.textContent ?? "");
    if (!option.test(await taken())) await keys.press("Home");
    for (let n = 0; n < 12 && !option.test(await taken()); n += 1) await keys.press("ArrowDown");
    expect(await taken()).toMatch(option);
  };
  const says = (text: string | RegExp) => tab.getByRole("status").filter({ hasText: text }).first().waitFor();
  return { ...open, keys, pick, says };
}
const refOf = (n: number) => `EX-2026-${String(n).padStart(4, "0")}`;
const assessorOf = async (n: number) =>
  (await stage.office.store.head<Case>(casePk(`case-${n}`)))?.state.staff.assessor;

test.each([
  { width: 1024, of: [53, 52] as const },
  { width: 320, of: [51, 50] as const },
])(
  "the work queue at $width px: narrowed, searched, sorted, paged; two ticked, an assessor put on both, then another",
  async ({ width, of: [first, second] }) => {
    const { page, tab, failures, keys, pick, says } = await opened("Work queue", { width, query: "&links=no" });
    await says("53 open cases");
    if (width < 600) {
      await keys.reach("Filter and sort");
      await keys.press("Enter");
    }

    // Narrowed, and to no case at all; what shows all again hands the focus on to the rows.
    await pick("Stage", /^Observation|^Sessions|^Assessment|^Planning|^Proposal|^Hand/);
    await says("3 of 53 open cases");
    await keys.reach("Search", "Shift+Tab");
    await keys.type("nobody");
    await tab.getByText("No case fits.").waitFor();
    await keys.reach("Show all");
    await keys.press("Enter");
    await says(/^53 open cases/);
    await keys.at(/EX-2026-/);

    // Pages, there and back.
    await tab.getByText("1 to 50 of 53").waitFor();
    await keys.reach("Next");
    await keys.press("Enter");
    await says("51 to 53 of 53");
    await keys.at("Next");
    await keys.reach("Previous", "Shift+Tab");
    await keys.press("Space");
    await says("1 to 50 of 53");

    // How near it is.
    await keys.reach(/^(Late|Within|Later|No date)/, "Shift+Tab");
    await keys.press("Space");
    await eventually(async () => expect(await tab.locator(".chip[aria-pressed=true]").count()).toBe(1));
    await keys.press("Space");
    await says(/^53 open cases/);

    // Sorted; along the rows; one opens the chat, or says what to type there.
    await keys.reach(/^Sort by/, "Shift+Tab");
    await pick("Sort by", /^Reference, newest first$/);
    await tab.locator("li.case").first().getByRole("link").getByText(refOf(53)).waitFor();
    await keys.reach(/^Ada Example ?EX-2026-0053/);
    for (let n = 53; n > first; n -= 1) await keys.press("ArrowDown");
    await keys.at(new RegExp(refOf(first)));
    await keys.press("Enter");
    await says(`case ${refOf(first)}`);

    // Two ticked, by the letter and by their boxes; each is said.
    await keys.press("x");
    await says(/ticked, 1 in all/);
    await keys.press("Shift+Tab");
    await keys.at(new RegExp(`, ${refOf(first)}$`));
    await keys.press("ArrowDown", "Space");
    await says(/ticked, 2 in all/);
    await keys.press("Space", "Space");

    // What is come to does not lie under the bar.
    for (let n = 0; n < 20; n += 1) await keys.press("ArrowDown");
    await eventually(async () => {
      const apart = await tab.evaluate(() => {
        const bar = document.querySelector(".allocation")?.getBoundingClientRect().top ?? 0;
        return bar - (document.activeElement?.getBoundingClientRect().bottom ?? 0);
      });
      expect(apart).toBeGreaterThanOrEqual(0);
    });
    for (let n = 0; n < 20; n += 1) await keys.press("ArrowUp");

    // An assessor is put on both: the bar goes, and the focus is at the rows again.
    await pick("Part", /^Assessor$/);
    await pick("Who", /^Una Untrue/);
    await keys.reach("Allocate");
    await keys.press("Enter");
    await says("Una Untrue is put on 2 cases");
    await keys.at(new RegExp(refOf(second)));
    expect([await assessorOf(first), await assessorOf(second)]).toEqual([spare.assessor, spare.assessor]);

    await eventually(async () => expect(await keys.focus()).toContain("Una Untrue"));

    // Another one needs a reason, and is not sent without.
    await keys.press("x");
    await pick("Who", /^Ben Sample/);
    await keys.reach("Allocate");
    await keys.press("Enter");
    await keys.at("Why someone else, kept in the record");
    await keys.type("Away for a month");
    await keys.press("Enter");
    await says("Ben Sample is put on 1 case");
    await keys.at(new RegExp(refOf(second)));
    expect(await assessorOf(second)).toBe(people.assessor);

    // Ticked, and cleared.
    await keys.press("x");
    await keys.reach("Clear");
    await keys.press("Enter");
    await keys.at(new RegExp(refOf(second)));
    expect(failures).toEqual([]);
    await page.context().close();
  },
);

test("registration of many: a file, what is wrong with it, the mended rows pasted, registered", async () => {
  const titles =
    "Reference,Awarding body,Apprentice,Apprentice mail,Firm,Employer contact,Employer mail,Training provider contact,Training provider mail,Programme start";
  const row = (n: number, mail = `nia${n}@example.com`) =>
    `,,Nia Newcomer ${n},${mail},Fictional Foods Ltd,Dev Fiction,dev.fiction@example.com,Priya Pretend,priya.pretend@example.com,02/09/2024`;
  const { page, tab, failures, keys, says } = await opened("Register many");
  // Listened for well before: the browser is told to ask no dialog of its own.
  const choosing = page.waitForEvent("filechooser");
  await keys.reach("The file");
  await keys.press("Enter");
  const chooser = await choosing;
  const wrong = Buffer.from([titles, row(1), row(2, "nia"), row(3)].join("\n"));
  await chooser.setFiles({ name: "nia.csv", mimeType: "text/csv", buffer: wrong });
  await says("2 ready, 1 not in order");
  await keys.stands("the file");
  await keys.reach("Only what is not in order");
  await keys.press("Space");
  await eventually(async () => expect(await tab.locator(".rows li").allTextContents()).toHaveLength(1));
  await tab.getByText("No mail address.").waitFor();

  await keys.reach(/^Or paste it/, "Shift+Tab");
  await keys.type([titles, row(1), row(2), row(3)].join("\n"));
  await keys.reach("Check what is pasted");
  await keys.press("Enter");
  await says(/^3 ready/);
  await keys.stands("the check");
  await keys.reach("Register 3 apprentices");
  await keys.press("Enter");
  await says("3 registered.");
  await keys.at("3 rows");
  const { rows } = await stage.office.store.casesOf({ bodyId: tquk.body.id }, { limit: 99 });
  expect(rows).toHaveLength(56);
  expect(failures).toEqual([]);
  await page.context().close();
});

test("the question bank: pasted with a fault, mended, brought in, written out", async () => {
  const { page, tab, failures, keys, pick, says } = await opened("Question bank");
  await pick("Assessment", /·/);
  await keys.reach("Criteria and their ids");
  await keys.press("Enter");
  const ids = (await tab.locator(".criteria b").allTextContents()).map((id) => id.trim());
  const criteria = (i: number) => ids.filter((_, k) => k % 5 === i % 5).join(" ");
  const good = Array.from({ length: 20 }, (_, i) => `What of ${i}?,${criteria(i)}`);
  await keys.reach(/^Or paste it/);
  await keys.type(["Question,Criteria", ...good, "And then?,X9"].join("\n"));
  await keys.press("Tab", "Enter");
  await tab.getByText("This assessment has no criterion “X9”.").waitFor();
  await keys.stands("the check");
  await keys.press("Shift+Tab", "Control+End", ..."And then?,X9\n".split("").map(() => "Backspace"));
  await keys.press("Tab", "Enter");
  await keys.reach("Bring in 20 questions");
  await keys.press("Enter");
  await says("It is in force.");
  await keys.at("In force");
  await keys.reach("Download as CSV");
  const [download] = await Promise.all([page.waitForEvent("download"), keys.press("Enter")]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  expect(failures).toEqual([]);
  await page.context().close();
});
