import { temporaryFolder } from "../store/folder";
import { gq, type Journey, journey, people, tquk } from "../support/case";
import { type Look, type Opened, picture, problems, Stage } from "./stage";

/** What each part in a case has of a session, as it stands on the screen; nobody but the assessor changes anything. */
const method = "discussion";
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(temporaryFolder());
  for (const role of ["assessor", "iqa", "coordinator", "auditor"] as const)
    await stage.office.staff(gq.body.id, people[role], [role]);
});
afterAll(() => stage?.close());

const booked = (id: string, pack = tquk): Journey =>
  journey(pack, id)
    .registered({ ref: `EX-2026-0${500 + Number(id.replace(/\D/g, ""))}` })
    .upTo("booked");
async function sees(j: Journey, as: string, later: number, of = method, also: Look = {}): Promise<Opened> {
  await stage.office.put(j);
  stage.office.now = j.inSeconds(later).now;
  return stage.see({ session: `?case=${j.id}&method=${of}`, height: 720, as, ...also });
}
/** Nothing to be pressed that would change the session. */
const changing = ({ panel }: Opened) =>
  panel
    .getByRole("button", { name: /^(Mark|End|Pause|Resume|Start|Draw|Ask|Add|Record|Correct|Confirm|Change)/ })
    .or(panel.getByRole("radio"))
    .or(panel.getByRole("textbox"))
    .count();

test("an employer who observes has the rules for observers and the time, nothing of questions and marks", async () => {
  const j = booked("r1", gq).started("project").do("session.note", { method: "project", text: "Secret", criteria: [] });
  const opened = await sees(j, people.employer, 1884, "project", { theme: "dark" });
  const { page, panel } = opened;
  await panel.getByRole("heading", { name: "You are here to observe" }).waitFor();
  for (const rule of [
    "Do not ask, answer or prompt.",
    "Questions and marks stay with the assessor.",
    "You may leave at any time.",
  ])
    await panel.getByText(rule).waitFor();
  expect(await panel.getByRole("timer").textContent()).toMatch(/^31:2\d$/);
  await panel.getByRole("img", { name: /^Ends between/ }).waitFor();
  expect(await panel.getByRole("button").or(panel.getByRole("tab")).count()).toBe(0);
  expect(await panel.locator("body").textContent()).not.toMatch(/Secret|Met|Criteria/);
  expect(await problems(opened)).toEqual([]);
  await picture(opened, "role-observer-dark");
  await page.context().close();
});

test("paused and ended, people outside are told so by sign and word", async () => {
  const running = booked("r2").started(method).inSeconds(600);
  const opened = await sees(running.do("session.pause", { method, reason: "Fire alarm" }), people.apprentice, 30);
  await opened.panel.getByText("Paused", { exact: true }).waitFor();
  expect(await opened.panel.locator("body").textContent()).not.toContain("Fire alarm");
  await picture(opened, "role-apprentice-paused");
  await opened.page.context().close();
  const over = await sees(booked("r3").sat(method), people.apprentice, 60);
  await over.panel.getByText("The session has ended").waitFor();
  await over.panel.getByText(/^Results come/).waitFor();
  expect(await over.panel.getByText(/asks the questions/).count()).toBe(0);
  await picture(over, "role-apprentice-ended");
  await over.page.context().close();
});

test.each([people.assessor, people.apprentice])("%s is shown the way into the meeting outside it only", async (as) => {
  const id = as === people.assessor ? "r21" : "r22";
  const on = booked(id).do(
    "session.move",
    {
      method,
      at: booked(id).attempt(method).session.booking?.at ?? "",
      setting: "teams",
      link: "https://teams.example.com/l/meetup-join/1",
      where: "Teams",
      reason: "Snow",
    },
    { by: "coordinator" },
  );
  const outside = await sees(on, as, 0, method, { frame: "content" });
  await outside.panel.getByRole("link", { name: "Join the meeting" }).waitFor();
  await outside.page.context().close();
  const inside = await sees(on, as, 0, method, { frame: "sidePanel" });
  await inside.panel.locator("html.in .join").waitFor({ state: "attached" });
  expect(await inside.panel.getByRole("link", { name: "Join the meeting" }).count()).toBe(0);
  await inside.page.context().close();
});

test("after the end no question is still to ask", async () => {
  const over = await sees(booked("r23").do("session.draw", { method }).sat(method), people.assessor, 60);
  await over.panel.getByRole("tab", { name: "Questions" }).click();
  await over.panel.getByText("Never asked").waitFor();
  expect(await over.panel.getByText("Still to ask").count()).toBe(0);
  await over.page.context().close();
});

test("a training provider has no part in a session, and is told where to go on", async () => {
  const opened = await sees(booked("r4").started(method), people.provider, 60);
  await opened.panel.getByTestId("trouble-noSession").waitFor();
  await opened.panel.getByText(/In the chat with Epilogue/).waitFor();
  expect(await opened.panel.locator("body").textContent()).not.toContain("Ada");
  await picture(opened, "role-provider");
  await opened.page.context().close();
  const elsewhere = await stage.see({ as: people.provider, height: 480 });
  await elsewhere.panel.getByTestId("no-session").waitFor();
  await elsewhere.panel.getByText(/type: cases/).waitFor();
  await elsewhere.panel.getByRole("button", { name: "Look again" }).click();
  await elsewhere.panel.getByTestId("no-session").waitFor();
  expect(await problems(elsewhere)).toEqual([]);
  await picture(elsewhere, "role-provider-nowhere");
  await elsewhere.page.context().close();
});

test.each(["iqa", "coordinator", "auditor"] as const)("%s watches live, and changes nothing", async (role) => {
  const id = { iqa: "r5", coordinator: "r6", auditor: "r7" }[role];
  const j = booked(id).started(method).do("session.draw", { method });
  const opened = await sees(j, people[role], 1200);
  const { page, panel } = opened;
  await panel.getByText("Live, read only").waitFor();
  for (const tab of ["Questions", "Criteria", "Coverage", "Summary"]) {
    await panel.getByRole("tab", { name: tab }).click();
    expect([tab, await changing(opened)]).toEqual([tab, 0]);
    expect([tab, await problems(opened)]).toEqual([tab, []]);
  }
  // What the assessor does is there without a reload.
  await stage.office.put(j.inSeconds(1210).do("session.mark", { method, marks: { "discussion-P1": "notMet" } }));
  await panel.evaluate(() => dispatchEvent(new Event("online")));
  await panel.getByRole("tab", { name: "Criteria" }).click();
  await panel.getByRole("group", { name: /^P1 .*, Not met$/ }).waitFor();
  await picture(opened, `role-${role}`);
  await page.context().close();
});
