import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AxeResults } from "axe-core";
import { eventually } from "../../support/eventually";
import { Screen, type Window } from "./onScreen";

/** A panel that asks its host where it is and for a token, each time it is asked to, and its server for a word. */
const panel = createServer((request, response) => {
  if (request.url === "/word") return void response.end("a word");
  response.setHeader("content-type", "text/html");
  response.end(`<!doctype html><html lang="en"><title>Panel</title><main><h1>Panel</h1>
    <p id="context"></p><p id="token"></p><p id="word"></p><p id="theme"></p></main><script>
    const show = (id, text) => { document.getElementById(id).textContent = text; };
    addEventListener("message", ({ data: { id, func, args } }) => {
      if (id === 2) show("context", JSON.stringify(args[0]));
      if (id >= 100) show("token", JSON.stringify(args));
      if (func === "themeChange") show("theme", args[0]);
    });
    let n = 100;
    const ask = (id, func, ...args) => parent.postMessage({ id, func, args }, "*");
    ask(1, "initialize"); ask(2, "getContext"); ask(3, "registerHandler", "themeChange");
    setInterval(() => {
      ask(n++, "authentication.getAuthToken", {});
      fetch("/word").then((r) => r.text()).catch(() => "no network").then((w) => show("word", w));
    }, 100);
  </script>`);
});

let screen: Screen;
let page: Window;
let meetingId: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => panel.listen(0, "127.0.0.1", resolve));
  screen = await Screen.open({});
  await screen.teams.local.showPanel((panel.address() as AddressInfo).port, "/panel");
  ({ meetingId } = await screen.teams.local.perform({
    do: "meeting.schedule",
    as: "cora",
    title: "Professional discussion, EX-2026-0147",
    startsAt: "2026-05-22T08:30:00Z",
    members: ["ada", "ben"],
  }));
});
afterAll(async () => {
  await screen?.close();
  panel.close();
  panel.closeAllConnections();
});
beforeEach(async () => {
  const { present } = screen.teams.local.snapshot("cora").meetings[0] ?? { present: [] };
  for (const as of present) await screen.teams.act({ do: "meeting.leave", as, meetingId });
  await screen.teams.local.perform({ do: "network.set", up: true });
  await screen.teams.local.perform({ do: "signIn.set", as: "ben", good: true });
});
afterEach(async () => {
  expect(page.failures).toEqual([]);
  await page.context().close();
});

const inMeeting = async (as: string, look: { theme?: string; width?: number } = {}) => {
  page = await screen.window({ as, place: `/meetings/${encodeURIComponent(meetingId)}`, ...look });
  await button("Join").click();
  await button("Leave").waitFor();
};
const frame = () => page.frameLocator("iframe[title=Epilogue]");
const button = (name: string) => page.getByRole("button", { name, exact: true });
const said = (id: string, text: string | RegExp) => frame().locator(`#${id}`).filter({ hasText: text }).waitFor();

describe("a meeting from inside", () => {
  test("shows who is there, and the app beside them, told which meeting it is and whose account", async () => {
    await inMeeting("ben");
    await screen.teams.act({ do: "meeting.join", as: "ada", meetingId });
    await page.getByTestId("tile-ada").getByText("Apprentice").waitFor();
    await said("context", "sidePanel");
    const { chatId } = screen.teams.local.snapshot("ben").meetings[0] ?? {};
    const ben = screen.teams.local.people().find(({ id }) => id === "ben");
    const context = JSON.parse((await frame().locator("#context").textContent()) ?? "");
    expect(context).toMatchObject({ meetingId, chatId, userObjectId: ben?.aadObjectId, tid: ben?.tenantId });
    await said("token", /^\[true,/);
  });

  test("its network can be cut and mended", async () => {
    await inMeeting("ben");
    await said("word", "a word");
    await button("Cut the network").click();
    await said("word", "no network");
    await button("Mend the network").click();
    await said("word", "a word");
  });

  test("somebody's sign-in can run out, theirs only", async () => {
    await inMeeting("ben");
    await said("token", /^\[true,/);
    await button("Sign-in runs out").click();
    await said("token", /^\[false,/);
    await expect(screen.teams.act({ do: "tab.token", as: "ada" })).resolves.toHaveProperty("token");
    await button("Sign in again").click();
    await said("token", /^\[true,/);
  });

  test("somebody else joins, an anonymous guest too; whoever leaves is out", async () => {
    await inMeeting("ben");
    await button("Somebody joins").click();
    await page
      .getByRole("menuitem", { name: /Visitor|visitor|guest/ })
      .first()
      .click();
    await page.getByTestId("tile-visitor").waitFor();
    await button("Leave").click();
    await button("Join").waitFor();
    await page.getByTestId("tile-visitor").waitFor({ state: "detached" });
  });

  test("the panel is as wide as chosen, goes, and comes back", async () => {
    await inMeeting("ben");
    await button("280").click();
    const width = () => page.locator("iframe[title=Epilogue]").evaluate((one) => one.clientWidth);
    await eventually(async () => expect(await width()).toBe(280));
    await button("320").click();
    await eventually(async () => expect(await width()).toBe(320));
    await button("Close Epilogue").click();
    await page.locator("iframe[title=Epilogue]").waitFor({ state: "detached" });
    await button("Epilogue").click();
    await said("context", "sidePanel");
  });

  test("the end is an event for the app, or none when Teams forgets", async () => {
    const ends = () => screen.bot.of("event").filter(({ name }) => String(name).endsWith("meetingEnd")).length;
    await inMeeting("ben");
    await button("End, untold").click();
    await page.getByText("Ended").waitFor();
    expect(ends()).toBe(0);
    await button("Join").click();
    await page.getByTestId("tile-ben").waitFor();
    await button("End meeting").click();
    await page.getByText("Ended").waitFor();
    await eventually(async () => expect(ends()).toBe(1));
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["contrast", 1280],
    ["light", 390],
  ] as const)("axe objects to nothing, %s at %i px", async (theme, width) => {
    await inMeeting("ben", { theme, width });
    await said("context", "sidePanel");
    const folder = process.env.EPILOGUE_PICTURES;
    if (folder) await page.screenshot({ path: `${folder}/meeting-${theme}-${width}.png` });
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({ iframes: false }),
    );
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
