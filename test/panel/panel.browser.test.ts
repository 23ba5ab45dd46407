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
