import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import jwt from "jsonwebtoken";
import { eventually } from "../../support/eventually";
import { card, execute } from "../tryBot";
import { answers, Screen, type Window } from "./onScreen";

const words = (text: string, more: object = {}) => ({ type: "TextBlock", text, wrap: true, ...more });
const submit = (title: string, data: object, more: object = {}) => ({ type: "Action.Submit", title, data, ...more });
const fetchDialog = { msteams: { type: "task/fetch" }, verb: "session.move" };

const shown = card("Proposal waits", [
  execute("Accept", "accept"),
  execute("Fail", "fail"),
  execute("Remind", "remind"),
  submit("Move", fetchDialog),
  { ...execute("Show history", "history"), mode: "secondary" },
  { ...execute("Show all", "all"), mode: "secondary" },
]);

const form = (refused: boolean) => ({
  ...card(refused ? "Not moved yet: one thing to put right." : "Booked now: Thu 18 Jun 2026", [
    submit("Move interview", { verb: "session.move" }, { style: "positive" }),
  ]),
  body: [
    words(refused ? "Not moved yet: one thing to put right." : "Booked now: Thu 18 Jun 2026"),
    {
      type: "Input.ChoiceSet",
      id: "assessor",
      label: "Assessor",
      isRequired: true,
      errorMessage: "Choose an assessor.",
      choices: [],
      "choices.data": { type: "Data.Query", dataset: "graph.microsoft.com/users" },
    },
    { type: "Input.Text", id: "why", label: "Why", isRequired: true, errorMessage: "Say why." },
  ],
});

/** A tab that asks its host who is there, in the messages of teams-js, and writes down the answers. */
const tab = createServer((_request, response) => {
  response.setHeader("content-type", "text/html");
  response.end(`<!doctype html><title>Cases</title><script>
    const ask = (id, func, ...args) => parent.postMessage({ id, func, args }, "*");
    addEventListener("message", ({ data }) => {
      const line = document.createElement("p");
      line.id = data.func ?? "answer" + data.id;
      line.textContent = JSON.stringify(data.args);
      document.body.append(line);
    });
    ask(1, "initialize");
    ask(2, "getContext");
    ask(3, "authentication.getAuthToken", {});
    ask(4, "registerHandler", "themeChange");
  </script>`);
});

let screen: Screen;
let submits: Record<string, unknown>[] = [];
let release: (() => void) | undefined;

beforeAll(async () => {
  await new Promise<void>((resolve) => tab.listen(0, "127.0.0.1", resolve));
  const { port } = tab.address() as AddressInfo;
  screen = await Screen.open(
    {
      says: (text) =>
        ({
          due: shown,
          hostile: {
            ...card("x"),
            body: [words('<img src=x onerror="document.title=1"> **bold** [x](javascript:document.title=1)')],
          },
          inputs: {
            ...card("x", [submit("Send", {})]),
            body: [{ type: "Input.Text", id: "note", label: "Note" }],
          },
        })[text] ?? `I heard ${text}.`,
      async answers(activity) {
        if (activity.name === "task/fetch") return answers.dialog("Move interview", form(false));
        if (activity.name === "task/submit") {
          submits.push(activity.value.data);
          return submits.length === 1
            ? answers.dialog("Move interview", form(true))
            : answers.closing("The interview is moved.");
        }
        const { verb } = activity.value.action;
        if (verb === "fail") {
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          return answers.error;
        }
        return verb === "accept" ? answers.card(card("You accepted it")) : answers.words(`Done: ${verb}`);
      },
    },
    {
      app: {
        tabs: [{ id: "cases", name: "Cases", url: `http://127.0.0.1:${port}/tab` }],
        commands: {
          personal: [
            { title: "due", description: "What is due" },
            { title: "case REF", description: "One case" },
          ],
          group: [{ title: "due", description: "What is due" }],
          meeting: [],
        },
      },
      deadlines: async () => [
        { label: "Gateway", sub: "EX-2026-0147, Ada Example", at: "2026-03-01T00:00:00Z" },
        { label: "Portfolio due", sub: "EX-2026-0147, Ada Example", at: "2026-05-26T22:59:00Z" },
      ],
    },
  );
});
afterAll(async () => {
  await screen?.close();
  tab.close();
  tab.closeAllConnections();
});

let page: Window;
afterEach(async () => {
  expect(page.failures).toEqual([]);
  await page.context().close();
  submits = [];
});

const messages = (from: string) => page.locator(`[data-testid=message][data-from=${from}]`);
const say = async (text: string) => {
  await page.getByRole("textbox", { name: /message/i }).fill(text);
  await page.keyboard.press("Enter");
};
const button = (name: string) => page.getByRole("button", { name, exact: true });

describe("a chat on the screen", () => {
  test("shows what was said and what came back", async () => {
    page = await screen.window({ as: "ada" });
    await say("hello");
    await messages("me").filter({ hasText: "hello" }).waitFor();
    await messages("bot").filter({ hasText: "I heard hello." }).waitFor();
    await eventually(async () =>
      expect(await page.getByTestId("aloud").textContent()).toBe("Epilogue: I heard hello."),
    );
  });

  test("a chip says its command at once; one that wants more is begun in the field", async () => {
    page = await screen.window({ as: "ada" });
    await page.getByTestId("chip").filter({ hasText: "case REF" }).click();
    await eventually(async () => expect(await page.getByRole("textbox").inputValue()).toBe("case "));
    await page.getByTestId("chip").filter({ hasText: /^due$/ }).click();
    await page.getByText("Proposal waits").last().waitFor();
  });

  test("another person sees their own chats, and a badge until they look", async () => {
    await screen.teams.as("ivy").say("hello");
    page = await screen.window({ as: "ada" });
    await page.getByRole("button", { name: "Ivy Invented, IQA, 1 unread" }).click();
    await messages("bot").filter({ hasText: "I heard hello." }).waitFor();
    await page.getByRole("button", { name: "Ivy Invented, IQA", exact: true }).waitFor();
  });

  test("a chat chosen while the page still fetches stays open", async () => {
    const group = await screen.teams.as("ben").starts("Chosen early", ["ada"]);
    await group.say("first things first");
    page = await screen.window({ as: "ivy" });
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let fetched = 0;
    await page.route("**/api/state?*", async (route) => {
      fetched += 1;
      if (fetched === 2) await held;
      await route.continue();
    });
    await page.goto(`${screen.teams.local.url}/?again#/ben`);
    await page.getByTestId("chat-row").filter({ hasText: "Chosen early" }).click();
    await messages("me").filter({ hasText: "first things first" }).waitFor();
    expect(fetched).toBe(2);
    const started = page.waitForResponse("**/api/traffic*");
    release?.();
    await started;
    await page.getByRole("heading", { name: "Chosen early" }).waitFor();
  });

  test("reload keeps the person and the chat", async () => {
    const group = await screen.teams.as("ben").starts("Kept place", ["ada"]);
    await group.say("good morning");
    page = await screen.window({ as: "ben" });
    await page.getByTestId("chat-row").filter({ hasText: "Kept place" }).click();
    await messages("me").filter({ hasText: "good morning" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Kept place" }).waitFor();
    await messages("me").filter({ hasText: "good morning" }).waitFor();
  });

  test("an address of nobody, or of a chat that is gone, leads to somebody and somewhere", async () => {
    page = await screen.window({ as: "ada", place: "/chat/19%3Agone%40thread.v2" });
    await page.getByRole("heading", { name: "Epilogue" }).waitFor();
    await page.goto(`${screen.teams.local.url}/?again#/nobody`);
    await page.getByRole("heading", { name: "Epilogue" }).waitFor();
    await eventually(async () => expect(await page.title()).toBe("Cora Placeholder, Local Teams"));
  });

  test("in a group only words with the mention reach the bot", async () => {
    page = await screen.window({ as: "cora" });
    await button("New group chat").click();
    await page.getByLabel("Name of the chat").fill("Ada, assessment");
    await page.getByRole("checkbox", { name: /Ada Example/ }).check();
    await button("Create chat").click();
    await page.getByRole("heading", { name: "Ada, assessment" }).waitFor();
    const before = screen.bot.of("message").length;
    await say("only among us");
    await messages("me").filter({ hasText: "only among us" }).waitFor();
    await page.getByTestId("chip").filter({ hasText: "due" }).click();
    await page.getByText("Proposal waits").waitFor();
    expect(
      screen.bot
        .of("message")
        .slice(before)
        .map(({ text }) => text),
    ).toEqual(["<at>Epilogue</at> due"]);
    await eventually(async () => expect(await page.locator(".mention").textContent()).toBe("Epilogue"));
  });

  test("hostile words of a card make no element and run nothing", async () => {
    page = await screen.window({ as: "ben" });
    await say("hostile");
    await page.locator(".ac-textBlock strong").last().waitFor();
    await eventually(async () => expect(await page.locator(".ac-textBlock img, .ac-textBlock a").count()).toBe(0));
    await eventually(async () => expect(await page.title()).toBe("Ben Sample, Local Teams"));
  });

  test("typed words in a card outlive a look elsewhere", async () => {
    page = await screen.window({ as: "tom" });
    await say("inputs");
    await page.getByLabel("Note").fill("half a thought");
    await page.getByTestId("persona-noor").click();
    await page.getByLabel("Note").waitFor({ state: "detached" });
    await page.getByTestId("persona-tom").click();
    await page.getByLabel("Note").waitFor();
    await eventually(async () => expect(await page.getByLabel("Note").inputValue()).toBe("half a thought"));
  });
});

describe("a card's buttons", () => {
  beforeEach(async () => {
    page = await screen.window({ as: "sam" });
    await say("due");
    await page.getByText("Proposal waits").last().waitFor();
  });
  const lastCard = () => page.getByTestId("card").last();
  const press = (name: string) => lastCard().getByRole("button", { name, exact: true }).click();

  test("an answered press puts the new card in the place of the old one", async () => {
    await press("Accept");
    await lastCard().getByText("You accepted it").waitFor();
    await eventually(async () => expect(await lastCard().getByRole("button").count()).toBe(0));
  });

  test("a failing press shows work, then the error of Teams under the card, and the card stays", async () => {
    await press("Fail");
    await lastCard().locator("[aria-busy=true]").waitFor();
    release?.();
    await page.getByRole("alert").getByText("Something went wrong. Please try again.").waitFor();
    await eventually(async () => expect(await lastCard().locator("[aria-busy=true]").count()).toBe(0));
    await press("Remind");
    await page.getByText("Done: remind").last().waitFor();
    await eventually(async () => expect(await page.getByRole("alert").count()).toBe(0));
  });

  test("secondary actions stand in the overflow menu, in reach of the keyboard", async () => {
    await eventually(async () => expect(await lastCard().getByRole("button", { name: "Show all" }).count()).toBe(0));
    await lastCard().getByRole("button", { name: "More options" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByText("Done: all").last().waitFor();
  });

  test("a dialog checks its inputs, keeps open when refused, and closes with the bot's words", async () => {
    await press("Move");
    const dialog = page.getByRole("dialog", { name: "Move interview" });
    await dialog.waitFor();

    await button("Move interview").click();
    await dialog.getByText("Choose an assessor.").waitFor();
    await eventually(async () =>
      expect(await dialog.getByRole("textbox", { name: /Why/ }).getAttribute("aria-invalid")).toBe("true"),
    );
    expect(submits).toEqual([]);

    await dialog.getByRole("combobox", { name: /Assessor/ }).fill("Be");
    await page.getByRole("option", { name: /Ben Sample/ }).waitFor();
    await page.keyboard.press("Enter");
    await dialog.getByRole("textbox", { name: /Why/ }).fill("Ill");
    await button("Move interview").click();
    await dialog.getByText("Not moved yet").waitFor();
    const ben = screen.teams.local.people().find(({ id }) => id === "ben")?.aadObjectId;
    expect(submits).toEqual([{ verb: "session.move", assessor: ben, why: "Ill" }]);
    await eventually(async () =>
      expect(await dialog.getByRole("combobox", { name: /Assessor/ }).inputValue()).toBe("Ben Sample"),
    );
    await eventually(async () => expect(await dialog.getByRole("textbox", { name: /Why/ }).inputValue()).toBe("Ill"));

    await dialog.getByRole("combobox", { name: /Assessor/ }).fill("Ivy");
    await page.getByRole("option", { name: /Ivy Invented/ }).click();
    await button("Move interview").click();
    await page.getByTestId("notice").getByText("The interview is moved.").waitFor();
    await eventually(async () => expect(await dialog.count()).toBe(0));
  });

  test("words that name nobody are no choice", async () => {
    await press("Move");
    await page.getByRole("combobox", { name: /Assessor/ }).fill("Nobody Known");
    await page.getByRole("textbox", { name: /Why/ }).fill("Ill");
    await button("Move interview").click();
    await page.getByText("Choose an assessor.").waitFor();
    expect(submits).toEqual([]);
  });

  test("Escape closes a dialog and gives the focus back to its button", async () => {
    await press("Move");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.textContent === "Move");
  });
});

describe("mail, clock and tabs", () => {
  test("a mail is read in the page, and marked read", async () => {
    const { createTransport } = await import("nodemailer");
    const mailer = createTransport(screen.teams.local.smtpUrl);
    await mailer.sendMail({
      from: "Epilogue <epilogue@example.org>",
      to: screen.teams.local.people().find(({ id }) => id === "priya")?.mail,
      subject: "Your code",
      text: "Your code is 12-34.",
      html: "<p>Your code is <b>12-34</b>.</p><script>parent.document.title = 1</script>",
    });
    page = await screen.window({ as: "priya" });
    await eventually(async () => expect(await page.getByTestId("tab-mail").textContent()).toContain("1"));
    await page.getByTestId("mail-row").click();
    await page.frameLocator("iframe[title='Your code']").getByText("12-34").waitFor();
    await page.getByRole("button", { name: "Priya Pretend, Provider", exact: true }).waitFor();
    await eventually(async () => expect(await page.title()).toBe("Priya Pretend, Local Teams"));
  });

  test("the next deadline is gone to, and the clock can be set to a London time", async () => {
    page = await screen.window();
    const now = page.getByTestId("clock-now");
    await eventually(async () => expect(await now.textContent()).toContain("Fri 22 May 2026, 09:12"));
    await button("Next deadline").click();
    await now.getByText("Tue 26 May 2026, 23:59").waitFor();
    await now.click();
    await page.getByLabel("Date").fill("2026-12-01");
    await page.getByLabel("Time").fill("15:00");
    await button("Set").click();
    await now.getByText("Tue 1 Dec 2026, 15:00").waitFor();
    expect(screen.teams.local.clock.now()).toBe("2026-12-01T15:00:00.000Z");
    await eventually(async () =>
      expect(await page.getByRole("dialog", { name: "Clock" }).textContent()).toContain("No deadline is ahead."),
    );
  });

  test("a tab is told who looks, by a token of theirs, and of another theme", async () => {
    page = await screen.window({ as: "ben" });
    await page.getByRole("tab", { name: "Cases" }).click();
    const frame = page.frameLocator("iframe[title=Cases]");
    expect(JSON.parse((await frame.locator("#answer1").textContent()) ?? "")[0]).toBe("content");
    expect(JSON.parse((await frame.locator("#answer2").textContent()) ?? "")[0]).toMatchObject({ theme: "default" });
    const [ok, token] = JSON.parse((await frame.locator("#answer3").textContent()) ?? "");
    expect(ok).toBe(true);
    expect(jwt.decode(token)).toMatchObject({ name: "Ben Sample", aud: screen.teams.local.appId });
    await button("Dark").click();
    await eventually(async () => expect(await frame.locator("#themeChange").textContent()).toBe('["dark"]'));
  });

  test("traffic opens into a log, and a call into what was sent", async () => {
    page = await screen.window({ as: "ada" });
    await say("how do you do");
    await messages("bot").filter({ hasText: "I heard how do you do." }).waitFor();
    await page.getByTestId("traffic").click();
    await page
      .locator(".traffic-log")
      .getByText(/message: how do you do/)
      .click();
    await eventually(async () =>
      expect(await page.locator(".traffic-detail").textContent()).toContain('"text": "how do you do"'),
    );
  });
});
