import path from "node:path";
import { loopbackTrust } from "../../bot/teams/trust";
import { signInOf } from "../../bot/web/token";
import { Screen } from "../local/page/onScreen";
import { temporaryFolder } from "../store/folder";
import { journey, people, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import { Office } from "./office";

/** The tab in Local Teams: the stand-in's host protocol, its tokens and the same checks as for Entra's. */
let screen: Screen;
let office: Office;
beforeAll(async () => {
  const tabs: { id: string; name: string; url: string }[] = [];
  const commands = { personal: [], group: [], meeting: [] };
  screen = await Screen.open({}, { app: { name: "Epilogue", commands, tabs } });
  const { local } = screen.teams;
  const trust = loopbackTrust(local.botFrameworkEnv, Object.values(local.tenantIds));
  office = await new Office(temporaryFolder()).start({
    pageFolder: path.resolve(__dirname, "../../dist/web"),
    local: [local.url],
    signIn: signInOf(trust, undefined, local.sso),
  });
  tabs.push({ id: "cases", name: "Cases", url: `${office.url}/tab` });
  const ada = local.people().find(({ id }) => id === "ada");
  await office.bind(people.apprentice, "Ada Example", {
    tenantId: ada?.tenantId ?? "",
    objectId: ada?.aadObjectId ?? "",
  });
  await office.put(journey(tquk).upTo("proposalAccepted"));
});
afterAll(async () => {
  await screen?.close();
  await office?.stop();
});

test("shows a bound person their cases, and a row writes the command into the chat", async () => {
  const page = await screen.window({ as: "ada" });
  await page.getByRole("tab", { name: "Cases" }).click();
  const tab = page.frameLocator("iframe.tab-frame");
  await tab.getByRole("heading", { name: "Ada Example" }).waitFor();
  if (process.env.EPILOGUE_PICTURES)
    await page.screenshot({ path: path.join(process.env.EPILOGUE_PICTURES, "local-tab.png") });
  await tab.getByRole("region", { name: "Cases" }).getByRole("link").first().click();
  const field = page.getByRole("textbox", { name: "Command or message" });
  await field.waitFor();
  await eventually(async () => expect(await field.inputValue()).toBe("case EX-2026-0147"));
  await eventually(async () => expect(await field.evaluate((one) => one === document.activeElement)).toBe(true));
  expect(page.failures).toEqual([]);
  await page.context().close();
});

test("follows the theme, and tells whom no code was entered for", async () => {
  const page = await screen.window({ as: "dev", theme: "dark" });
  await page.getByRole("tab", { name: "Cases" }).click();
  const tab = page.frameLocator("iframe.tab-frame");
  await tab.getByTestId("trouble-notBound").waitFor();
  await eventually(async () => expect(await tab.locator("html").getAttribute("data-theme")).toBe("dark"));
  await page.context().close();
});
