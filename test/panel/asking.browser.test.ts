import type { Frame } from "playwright-core";
import type { Attempt, Case } from "../../src/case/case";
import { askedIn } from "../../src/case/case";
import { casePk } from "../../src/handle";
import { temporaryFolder } from "../store/folder";
import { gq, type Journey, journey, people, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import { type Look, picture, problems, Stage } from "./stage";

/** Questions, what was not taken, and the clocks, through the panel's own controls. */
const method = "discussion";
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(temporaryFolder());
  for (const role of ["assessor", "iqa", "coordinator"] as const)
    await stage.office.staff(gq.body.id, people[role], [role]);
});
afterAll(() => stage?.close());
beforeEach(() => stage.line.mend());

const booked = (id: string, pack = tquk): Journey =>
  journey(pack, id)
    .registered({ ref: `EX-2026-0${400 + Number(id.replace(/\D/g, ""))}` })
    .upTo("booked");
async function stands(j: Journey, later = 0, of = method): Promise<Look> {
  await stage.office.put(j);
  stage.office.now = j.inSeconds(later).now;
  return { session: `?case=${j.id}&method=${of}`, height: 720 };
}
async function recorded(id: string, of = method): Promise<Attempt> {
  const attempt = (await stage.office.store.head<Case>(casePk(id)))?.state.attempts[of]?.at(-1);
  if (!attempt) throw new Error("No attempt");
  return attempt;
}
const says = (panel: Frame, text: string | RegExp) => panel.getByTestId("save").filter({ hasText: text }).waitFor();
const cutFrom = (panel: Frame) =>
  panel.evaluate(() => {
    Object.assign(window, { real: window.fetch });
    window.fetch = () => Promise.reject(new TypeError("cut"));
  });
const mend = (panel: Frame) =>
  panel.evaluate(() => {
    window.fetch = (window as unknown as { real: typeof fetch }).real;
    dispatchEvent(new Event("online"));
  });

test("a question ticked by mistake is taken back with a reason; what was noted of it stays", async () => {
  const j = booked("a1").started(method).do("session.draw", { method });
  const opened = await stage.see(await stands(j, 300));
  const { page, panel } = opened;
  await panel.getByRole("button", { name: "Mark asked" }).click();
  await panel.getByText("1 of 10 asked").waitFor();
  await panel.getByRole("textbox", { name: "What you heard or saw" }).fill("Rang the shop back at once");
  await panel.getByRole("button", { name: "Add", exact: true }).click();
  // The note that was made about it stands under it.
  const asked = panel.locator(".asked");
  await asked.getByText("Rang the shop back at once").waitFor();
  await picture(opened, "asked-noted");
  await panel.getByRole("button", { name: /was not asked$/ }).click();
  const dialog = panel.getByRole("dialog");
  await dialog.getByRole("button", { name: "Take back" }).click();
  await dialog.getByText("Say why.").waitFor();
  expect(await problems(opened)).toEqual([]);
  await picture(opened, "unask-dialog");
  await dialog.getByRole("textbox").fill("The wrong line");
  await dialog.getByRole("button", { name: "Take back" }).click();
  await panel.getByText("0 of 10 asked").waitFor();
  await says(panel, "Saved");
  const { session } = await recorded("a1");
  expect(askedIn(session)).toEqual([]);
  expect(session.asked).toMatchObject([{ withdrawn: { reason: { text: "The wrong line" } } }]);
  expect(session.notes).toHaveLength(1);
  await panel.getByText("Taken back: 1").click();
  await panel.getByText("The wrong line").waitFor();
  await picture(opened, "unasked");
  expect(opened.failures).toEqual([]);
  await page.context().close();
});

test("taken back offline it is gone at once, and there again to be asked", async () => {
  const j = booked("a2").started(method).do("session.draw", { method });
  const { page, panel } = await stage.see(await stands(j, 300));
  await panel.getByRole("button", { name: "Mark asked" }).click();
  await says(panel, "Saved");
  await cutFrom(panel);
  await panel.getByRole("button", { name: /was not asked$/ }).click();
  await panel.getByRole("dialog").getByRole("textbox").fill("Skipped after all");
  await panel.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
  await says(panel, "Offline, 1 waiting");
  await panel.getByText("0 of 10 asked").waitFor();
  await panel.getByRole("button", { name: "Mark asked" }).click();
  await panel.getByText("1 of 10 asked").waitFor();
  await mend(panel);
  await says(panel, "Saved");
  const { session } = await recorded("a2");
  expect(session.asked.map((q) => q.withdrawn !== undefined)).toEqual([true, false]);
  await page.context().close();
});

test("whoever goes to another tab sees it from its beginning", async () => {
  const { panel } = await stage.see(await stands(booked("a9").started(method), 300));
  const shown = panel.getByRole("tabpanel");
  const top = () => shown.evaluate((one) => one.scrollTop);
  await panel.getByRole("tab", { name: "Criteria" }).click();
  await panel.getByRole("heading", { name: "Criteria", level: 2 }).waitFor({ state: "attached" });
  await shown.evaluate((one) => one.scrollTo(0, one.scrollHeight));
  expect(await top()).toBeGreaterThan(0);
  await panel.getByRole("tab", { name: "Summary" }).click();
  await panel.getByTestId("present").waitFor();
  await eventually(async () => expect(await top()).toBe(0));
});

test("who is present is recorded, and corrected, offline too", async () => {
  const opened = await stage.see(await stands(booked("a5").started(method), 300));
  const { page, panel } = opened;
  await panel.getByRole("tab", { name: "Summary" }).click();
  await panel.getByTestId("present").filter({ hasText: "Not recorded." }).waitFor();
  await panel.getByRole("button", { name: "Record who is present" }).click();
  const dialog = panel.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Anybody else" }).fill("An interpreter");
  expect(await problems(opened)).toEqual([]);
  await picture(opened, "present-dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await panel.getByTestId("present").filter({ hasText: "An interpreter" }).waitFor();
  await says(panel, "Saved");
  await picture(opened, "present");
  expect((await recorded("a5")).session.present).toMatchObject({ who: ["apprentice", "assessor"] });
  await cutFrom(panel);
  await panel.getByRole("button", { name: "Correct who was present" }).click();
  await dialog.getByRole("checkbox", { name: /quality assur/i }).check();
  await dialog.getByRole("textbox", { name: "Anybody else" }).fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await says(panel, "Offline, 1 waiting");
  // Spoken too, when the line goes and when all is saved.
  const spoken = panel.getByRole("status");
  await spoken.filter({ hasText: /^Offline/ }).waitFor({ state: "attached" });
  await mend(panel);
  await says(panel, "Saved");
  await spoken.filter({ hasText: "All saved" }).waitFor({ state: "attached" });
  await eventually(async () =>
    expect((await recorded("a5")).session.present?.who).toEqual(["apprentice", "assessor", "iqa"]),
  );
  await page.context().close();
});

test("what was refused for one reason is told of once, and can be copied", async () => {
  const j = booked("a3").started(method);
  const opened = await stage.see({ ...(await stands(j, 1800)) });
  const { page, panel } = opened;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await panel.getByRole("tab", { name: "Criteria" }).click();
  await cutFrom(panel);
  for (const label of ["P1", "P2"])
    await panel
      .getByRole("group", { name: new RegExp(`^${label} `) })
      .getByRole("radio", { name: "Not met", exact: true })
      .click();
  await says(panel, "Offline, 2 waiting");
  const done = booked("a3").sat(method).confirmedGrade(method);
  await stage.office.put(done);
  stage.office.now = done.now;
  await mend(panel);
  const refused = panel.getByTestId("refused");
  await refused.getByRole("heading", { name: "2 marks not taken" }).waitFor();
  expect(await refused.count()).toBe(1);
  await picture(opened, "refused-two");
  expect(await problems(opened)).toEqual([]);
  await refused.getByRole("button", { name: "Copy them" }).click();
  await refused.getByRole("button", { name: "Copied" }).waitFor();
  await refused.getByRole("button", { name: "Let them go" }).click();
  await refused.waitFor({ state: "detached" });
  // Read-only from now on: marks and notes are still there to be looked at.
  await panel.getByRole("tab", { name: "Summary" }).click();
  await panel.getByRole("button", { name: "Show marks and notes" }).click();
  await panel.getByRole("tab", { name: "Criteria", selected: true }).waitFor();
  expect(await panel.getByRole("radio").count()).toBe(0);
  await page.context().close();
});

test("the limit of the questions inside an observation is drawn, and warned of by sign and word", async () => {
  const of = "observation";
  const j = booked("a4", gq).started(of).inSeconds(600).do("session.questions", { method: of, part: "open" });
  const opened = await stage.see(await stands(j, 100, of));
  const { page, panel } = opened;
  await panel.getByRole("img", { name: /^Questions .*at most 9/ }).waitFor();
  await picture(opened, "questions-inside");
  expect(await problems(opened)).toEqual([]);
  await panel.getByRole("button", { name: "Pause" }).click();
  await panel.getByRole("dialog").getByRole("textbox").fill("Alarm");
  await panel.getByRole("dialog").getByRole("button", { name: "Pause", exact: true }).click();
  await says(panel, "Saved");
  await panel.getByRole("button", { name: "Resume" }).click();
  await says(panel, "Saved");
  // The part goes on with the session.
  await panel.getByRole("button", { name: "End questions" }).waitFor();
  await eventually(async () => expect((await recorded("a4", of)).session.questionsPart).toHaveLength(2));
  await page.context().close();
});

test.each([-5, 4])(
  "given a device's clock that is moved by %i h in mid-session, what is pressed counts when it was, flagged",
  async (hours) => {
    const id = `a${20 + hours}`;
    const opened = await stage.see(await stands(booked(id).started(method), 1800));
    const { page, panel } = opened;
    await panel.getByText("30:0").first().waitFor();
    await cutFrom(panel);
    await panel.evaluate((ms) => {
      const now = Date.now;
      const Real = Date;
      class Moved extends Real {
        constructor(at?: number | string) {
          super(at ?? now() + ms);
        }
        static override now = () => now() + ms;
      }
      window.Date = Moved as unknown as DateConstructor;
    }, hours * 3_600_000);
    await panel.getByRole("textbox", { name: "What you heard or saw" }).fill("Under a moved clock");
    await panel.getByRole("button", { name: "Add", exact: true }).click();
    await panel.getByRole("tab", { name: "Summary" }).click();
    // At half an hour of the session, whatever the device shows.
    const note = panel.locator(".note", { hasText: "Under a moved clock" });
    await note.getByText(/^3\d:\d\d$/).waitFor();
    await mend(panel);
    await says(panel, "Saved");
    const { session } = await recorded(id);
    const event = (await stage.office.store.events(casePk(id))).find((e) => e.type === "NoteAdded");
    expect(event?.occurred).toMatchObject({ flags: ["clockJump"] });
    const seconds = (Date.parse(session.notes[0]?.at ?? "") - Date.parse(session.started?.at ?? "")) / 1000;
    // Within the seconds that this took, not within hours.
    expect(Math.abs(seconds - 1800)).toBeLessThan(120);
    await page.context().close();
  },
);
