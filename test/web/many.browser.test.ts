import { temporaryFolder } from "../store/folder";
import { people, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import { type Opened, picture, Stage } from "./stage";

/** What a coordinator brings in from a file. */
const stage = new Stage();
beforeAll(async () => {
  const { office } = await stage.start(temporaryFolder());
  await office.staff(tquk.body.id, people.coordinator, ["coordinator"]);
  office.now = "2026-03-17T09:12:00Z";
});
afterAll(() => stage.stop());

async function section(name: string, how: Parameters<Stage["open"]>[0] = {}): Promise<Opened> {
  const opened = await stage.open({ width: 1024, height: 900, ...how });
  await opened.tab.getByRole("tab", { name }).click();
  await opened.tab.getByRole("region", { name, exact: true }).waitFor();
  return opened;
}
describe("registration of many", () => {
  const titles =
    "Reference,Awarding body,Apprentice,Apprentice mail,Firm,Employer contact,Employer mail,Training provider contact,Training provider mail,Programme start";
  const row = (n: number | string, mail = `nia${n}@example.com`) =>
    `,,Nia Newcomer ${n},${mail},Fictional Foods Ltd,Dev Fiction,dev.fiction@example.com,Priya Pretend,priya.pretend@example.com,02/09/2024`;
  const refs = async () =>
    (await stage.office.store.casesOf({ bodyId: tquk.body.id }, { limit: 99 })).rows.map(({ ref }) => ref);

  test("a file is looked at, what is wrong stands beside its row, and only what is in order is registered, once", async () => {
    const opened = await section("Register many");
    const { page, tab, failures } = opened;
    const file = [titles, ...Array.from({ length: 23 }, (_, n) => row(n)), row("x", "nia"), row(3)].join("\n");
    const choose = (content: string) =>
      tab.getByLabel("The file").setInputFiles({ name: "nia.csv", mimeType: "text/csv", buffer: Buffer.from(content) });
    await choose(file);
    await tab.getByText("23 ready, 2 not in order").waitFor();
    await tab.getByText("No mail address.").waitFor();
    await tab.getByText("The same stands in row 4 already.").waitFor();
    await picture(page, "register-1024");
    expect(await refs()).toEqual([]);
    await tab.getByLabel("Only what is not in order").check();
    await eventually(async () => expect(await tab.locator(".rows li").count()).toBe(2));
    await tab.getByRole("button", { name: "Register 23 apprentices" }).click();
    await tab.getByText("23 registered, 2 not in order").waitFor();
    expect(await refs()).toHaveLength(23);

    await choose(file.replace(",nia,", ",niax@example.com,"));
    await tab.getByText("23 registered, 1 ready, 1 not in order").waitFor();
    await tab.getByRole("button", { name: "Register 1 apprentice" }).click();
    await tab.getByText("24 registered, 1 not in order").waitFor();
    expect(await refs()).toHaveLength(24);
    expect(failures).toEqual([]);
    await page.context().close();
  });

  test("the service is lost in between: what is done stands, and the rest goes on", async () => {
    const { page, tab } = await section("Register many");
    const before = (await refs()).length;
    await tab
      .getByLabel("Or paste it")
      .fill([titles, ...Array.from({ length: 30 }, (_, n) => row(`p${n}`))].join("\n"));
    await tab.getByRole("button", { name: "Check what is pasted" }).click();
    await tab.getByText("30 ready").waitFor();
    let asked = 0;
    await page.route("**/api/tab/register", async (route) => {
      // The second part is done, and its answer lost.
      if (++asked === 2) await route.fetch();
      return asked === 2 ? route.abort() : route.continue();
    });
    await tab.getByRole("button", { name: "Register 30 apprentices" }).click();
    await tab.getByText("nothing is done twice").waitFor();
    await tab.getByText("20 registered, 10 ready").waitFor();
    await tab.getByRole("button", { name: "Register 10 apprentices" }).click();
    await tab.getByText("30 registered.").waitFor();
    expect(await refs()).toHaveLength(before + 30);
    await page.context().close();
  });

  test("what cannot be read, or lacks its columns, is said; the template has them", async () => {
    const { page, tab } = await section("Register many");
    await tab.getByLabel("The file").setInputFiles({
      name: "nia.xlsx",
      mimeType: "application/octet-stream",
      buffer: Buffer.from("nothing of the kind"),
    });
    await tab.getByText("This is no XLSX workbook.").waitFor();
    await tab.getByLabel("Or paste it").fill("Apprentice\nNia");
    await tab.getByRole("button", { name: "Check what is pasted" }).click();
    await tab.getByText("These columns are missing").waitFor();
    const link = await tab.getByRole("link", { name: "Download the template" }).getAttribute("href");
    const template = await fetch(`${stage.office.url}${link}`);
    expect(template.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(await template.text()).toContain("Apprentice mail");
    await page.context().close();
  });
});

describe("the question bank", () => {
  /** Enough questions that together reach every criterion of the assessment that is shown. */
  async function bank({ tab }: Opened, word: string): Promise<string> {
    const ids = (await tab.locator(".criteria b").allTextContents()).map((id) => id.trim());
    const criteria = (i: number) => ids.filter((_, k) => k % 5 === i % 5).join(" ");
    return [
      "Question,Criteria",
      ...Array.from({ length: 20 }, (_, i) => `What did ${word} ${i} ask of you?,${criteria(i)}`),
    ].join("\n");
  }
  const check = async ({ tab }: Opened, text: string) => {
    await tab.getByLabel("Or paste it").fill(text);
    await tab.getByRole("button", { name: "Check what is pasted" }).click();
  };

  test("a bank is looked at, mended, brought in, and written out again as it was", async () => {
    const opened = await section("Question bank");
    const { page, tab, failures } = opened;
    await tab.getByText("The sample that comes with Epilogue.").waitFor();
    await tab.getByText("Criteria and their ids").click();
    const good = await bank(opened, "customer");
    await check(opened, `${good}\nAnd then?,X9`);
    await tab.getByText("This assessment has no criterion “X9”.").waitFor();
    await picture(page, "bank-1024");
    expect(await tab.getByRole("button", { name: /^Bring in/ }).count()).toBe(0);
    await check(opened, good);
    await tab.getByRole("button", { name: "Bring in 20 questions" }).click();
    await tab.getByText("It is in force.").waitFor();
    await tab.getByText(/^20 questions\. Brought in Tue 17 Mar 2026, Cora Placeholder/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      tab.getByRole("button", { name: "Download as CSV" }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    await check(opened, Buffer.concat(chunks).toString("utf8"));
    await tab.getByText("This is the bank in force already.").waitFor();
    expect(failures).toEqual([]);
    await page.context().close();
  });
});
