import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AxeResults } from "axe-core";
import { graphMeetings } from "../../../bot/graph/meetings";
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
/** Recorded; who is not invited waits in its lobby. */
let withLobby: string;
interface Look {
  theme?: string;
  width?: number;
  in?: string;
}

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
  // One as the service makes it, with lobby and recording as a coordinator chose.
  const graph = graphMeetings(screen.teams.local.graphConfig(() => "https://epilogue.example.org"));
  const made = await graph.make(
    {
      subject: "Interview, EX-2026-0147",
      start: "2026-05-22T08:30:00.000Z",
      minutes: 75,
      people: [
        { address: "ada.example@example.com", name: "Ada Example" },
        { address: "ben.sample@example.org", name: "Ben Sample" },
      ],
    },
    "interview-1",
  );
  if (made.kind !== "ok") throw new Error(JSON.stringify(made));
  await graph.options(made.value.link, { lobby: "invited", recording: true });
  withLobby = screen.teams.local.snapshot("cora").meetings.find(({ id }) => id !== meetingId)?.id ?? "";
});
afterAll(async () => {
  await screen?.close();
  panel.close();
  panel.closeAllConnections();
});
beforeEach(async () => {
  for (const { id, present } of screen.teams.local.snapshot("cora").meetings)
    for (const as of present) await screen.teams.act({ do: "meeting.leave", as, meetingId: id });
  await screen.teams.local.perform({ do: "network.set", up: true });
  await screen.teams.local.perform({ do: "signIn.set", as: "ben", good: true });
});
afterEach(async () => {
  expect(page.failures).toEqual([]);
  await page.context().close();
});

const inMeeting = async (as: string, { in: which = meetingId, ...look }: Look = {}) => {
  page = await screen.window({ as, place: `/meetings/${encodeURIComponent(which)}`, ...look });
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

  test("it says whether it is recorded and who waits; whoever is not invited waits in the lobby until let in", async () => {
    await inMeeting("ben", { in: withLobby });
    await page.getByText("Recording", { exact: true }).waitFor();
    await page.getByText("Lobby: only the invited come straight in").waitFor();
    await screen.teams.act({ do: "meeting.join", as: "ada", meetingId: withLobby });
    await page.getByTestId("tile-ada").waitFor();
    await page.getByRole("status").filter({ hasText: "Ada Example joined" }).waitFor();
    await screen.teams.act({ do: "meeting.join", as: "visitor", meetingId: withLobby });
    await page.getByText("Vic Visitor waits in the lobby").waitFor();
    expect(await page.getByTestId("tile-visitor").count()).toBe(0);
    // Nobody lets themselves in.
    await expect(
      screen.teams.act({ do: "meeting.admit", as: "visitor", meetingId: withLobby, who: "visitor" }),
    ).rejects.toThrow();
    await button("Admit Vic Visitor").click();
    await page.getByTestId("tile-visitor").waitFor();
    await screen.teams.act({ do: "meeting.leave", as: "visitor", meetingId: withLobby });
    await page.getByRole("status").filter({ hasText: "Vic Visitor left" }).waitFor();
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
    await inMeeting("ben", { theme, width, in: withLobby });
    await said("context", "sidePanel");
    await screen.teams.act({ do: "meeting.join", as: "visitor", meetingId: withLobby });
    // Let in once, they count as invited: the test before this one may have done so.
    await page.getByText(/^Vic Visitor (joined|waits in the lobby)/).waitFor();
    const folder = process.env.EPILOGUE_PICTURES;
    if (folder) await page.screenshot({ path: `${folder}/meeting-${theme}-${width}.png` });
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({ iframes: false }),
    );
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
