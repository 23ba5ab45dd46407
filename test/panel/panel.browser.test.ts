import type { BrowserContext } from "playwright-core";
import { temporaryFolder } from "../store/folder";
import { type Journey, journey, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import { type Look, picture, problems, Stage } from "./stage";

/** The panel on a phone, zoomed far in, by keyboard alone, and without a network. Its states, as axe sees them: test/looks. */
const method = "discussion";
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(temporaryFolder());
});
afterAll(() => stage?.close());
beforeEach(() => stage.line.mend());

const booked = (id: string): Journey =>
  journey(tquk, id)
    .registered({ ref: `EX-2026-0${200 + Number(id.replace(/\D/g, ""))}` })
    .upTo("booked");
async function stands(j: Journey, later = 0): Promise<Look> {
  await stage.office.put(j);
  stage.office.now = j.inSeconds(later).now;
  return { session: `?case=${j.id}&method=${method}` };
}
const startOf = (j: Journey) => j.attempt(method).session.booking?.at ?? "";
const noted = (j: Journey) =>
  j
    .inSeconds(250)
    .do("session.ask", { method, questionId: "discussion-Q1", kind: "main", criteria: ["discussion-P1"] })
    .do("session.mark", {
      method,
      marks: { "discussion-P1": "met", "discussion-P2": "notMet", "discussion-P8": "met" },
    })
    .do("session.note", {
      method,
      text: "Late hand-overs from the shop hold up the warehouse.",
      criteria: ["discussion-P1"],
    })
    .inSeconds(325)
    .do("session.note", { method, text: "One style, no example. Ask again.", criteria: ["discussion-P2"] });

test("a phone has controls of 44 px, and zoom of 400 % leaves everything in reach", async () => {
  const look = await stands(noted(booked("s20").started(method)), 1300);
  const phone = await stage.see({ ...look, width: 390, height: 780, touch: true });
  await phone.panel.getByRole("tab", { name: "Criteria" }).click();
  await picture(phone, "phone-390");
  const small = await phone.panel.evaluate(() =>
    [...document.querySelectorAll("button, .marks label, textarea")]
      .filter((e) => e.getClientRects().length > 0 && !e.closest(".note") && !e.classList.contains("link"))
      .map((e) => ({ name: e.textContent, height: e.getBoundingClientRect().height }))
      .filter(({ height }) => height < 43.5),
  );
  expect(small).toEqual([]);
  await phone.page.context().close();

  // 1280 × 720 at 400 %.
  const near = await stage.see({ ...look, width: 320, height: 180 });
  await near.panel.getByRole("tab", { name: "Criteria" }).click();
  const last = near.panel.getByRole("button", { name: "Add", exact: true });
  await last.scrollIntoViewIfNeeded();
  await eventually(async () => expect(await last.boundingBox()).not.toBeNull());
  expect(await near.panel.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  expect(
    await near.panel.evaluate(() => getComputedStyle(document.querySelector(".content") as Element).overflowY),
  ).toBe("visible");
  await near.page.context().close();
});

test("a whole session by keyboard alone", async () => {
  const j = booked("s21");
  const at = j.at(startOf(j)).now;
  const opened = await stage.see({ ...(await stands(j.at(at))), width: 320, height: 720 });
  const { page, panel } = opened;
  const keys = page.keyboard;
  const focus = () =>
    panel.evaluate(
      () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
    );
  /** Tab until that has the focus. */
  const reach = async (name: string | RegExp) => {
    for (let i = 0; i < 60; i++) {
      const now = (await focus()).trim();
      if (typeof name === "string" ? now === name : name.test(now)) return;
      await keys.press("Tab");
    }
    throw new Error(`${name} is not reached by Tab; the focus is on ${await focus()}`);
  };
  await panel.getByText("Before you start").waitFor();
  await panel.locator("body").focus();
  await reach("Draw the questions");
  await keys.press("Enter");
  await panel.getByText(/questions drawn/).waitFor();
  await panel.locator("#tick-identity").focus();
  for (const box of await panel.locator(".points input[type=checkbox]").all()) {
    await eventually(async () => expect(await box.evaluate((e) => e === document.activeElement)).toBe(true));
    await keys.press("Space");
    await keys.press("Tab");
  }
  await reach("Start session");
  await keys.press("Enter");
  await panel.getByRole("tab", { name: "Questions" }).waitFor();

  await reach("Questions");
  await keys.press("Tab");
  await reach("Mark asked");
  await keys.press("Enter");
  await panel.getByText(/^1 of 10 asked$/).waitFor();
  await reach(/^Q\d+ /);
  await keys.press("a");
  await panel.getByText(/^2 of 10 asked$/).waitFor();
  await panel.getByRole("tab", { name: "Questions" }).focus();
  await keys.press("ArrowRight");
  await panel.getByRole("tab", { name: "Criteria", selected: true }).waitFor();
  await reach(/^P1 /);
  await keys.press("m");
  await keys.press("ArrowDown");
  await eventually(async () => expect(await focus()).toMatch(/^P2 /));
  await keys.press("n");
  await panel.getByRole("group", { name: /^P1 .*, Met$/ }).waitFor();
  await panel.getByRole("group", { name: /^P2 .*, Not met$/ }).waitFor();
  await keys.press("e");
  await eventually(async () => expect(await focus()).toBe("What you heard or saw"));
  await keys.type("Names two styles only");
  await keys.press("Control+Enter");
  await panel.locator(".note", { hasText: "Names two styles only" }).waitFor();
  await keys.press("Escape");
  await eventually(async () => expect(await focus()).toMatch(/^P2 /));

  await panel.getByTestId("save").filter({ hasText: "Saved" }).waitFor();
  stage.office.now = new Date(Date.parse(at) + 3_300_000).toISOString();
  await panel.evaluate(() => dispatchEvent(new Event("online")));
  await panel
    .getByText(/^You may end now/)
    .first()
    .waitFor();
  await panel.getByRole("button", { name: "More" }).focus();
  await reach("End");
  await keys.press("Enter");
  await panel.getByRole("dialog").waitFor();
  await reach("End session");
  await keys.press("Enter");
  await panel.getByText("Still to be marked:").waitFor();
  await panel.getByTestId("save").filter({ hasText: "Saved" }).waitFor();
  expect(opened.failures).toEqual([]);
  await page.context().close();
});

test("the limits are told politely as they are reached", async () => {
  const j = booked("s22").started(method);
  const { page, panel } = await stage.see(await stands(j, 3237));
  await panel.getByTestId("aloud").filter({ hasText: "You may end from now on." }).waitFor({ state: "attached" });
  expect(await panel.getByTestId("aloud").getAttribute("aria-live")).toBe("polite");
  await page.context().close();
});

test("it opens without a network, as it stood when it was last seen", async () => {
  const context: BrowserContext = await stage.device({ width: 320, height: 720 });
  const look = { ...(await stands(noted(booked("s23").started(method)), 1300)), context };
  const first = await stage.see(look);
  await first.panel.getByText("Still to ask").waitFor();
  await eventually(async () =>
    expect(await first.panel.evaluate(() => caches.match("/panel").then(Boolean))).toBe(true),
  );
  await first.page.close();
  stage.line.cut();
  const cold = await stage.see(look);
  await cold.panel.getByTestId("offline").waitFor();
  await cold.panel.getByText("Still to ask").waitFor();
  await cold.page.close();
  await stage.office.put(booked("s24").started(method));
  // Another session was never seen here: it says so, and opens once the line is back.
  const other = await stage.see({ session: "?case=s24&method=discussion", context });
  await other.panel.getByTestId("trouble-offline").waitFor();
  expect(await problems(other)).toEqual([]);
  stage.line.mend();
  await other.panel.getByRole("button", { name: "Try again" }).click();
  await other.panel.getByRole("tab", { name: "Questions" }).waitFor();
  // Nothing of a session lies in what the worker keeps.
  const kept = await other.panel.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept.sort()).toEqual(["/panel", "/panel/main.js", "/panel/panel.css"]);
  await context.close();
});

test("whoever is not known here is told what to do", async () => {
  const unknown = await stage.see({ as: "nobody-here" });
  await unknown.panel.getByTestId("trouble-notBound").waitFor();
  await picture(unknown, "not-bound");
  expect(await problems(unknown)).toEqual([]);
  await unknown.page.context().close();
});
