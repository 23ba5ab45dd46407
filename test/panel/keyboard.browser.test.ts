import { type Attempt, attemptAt, type Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import { markKeys } from "../../src/rules/grade";
import { temporaryFolder } from "../store/folder";
import { journey, marksFor, methodWith, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import { Keys } from "../support/keys";
import { Stage } from "./stage";

/**
 * A whole session by keyboard alone, in the side panel and where there is room for everything: from the opened tab to the
 * declared grade nothing but keys is pressed, and after each key the focus can be seen.
 */
const method = "discussion";
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(temporaryFolder());
});
afterAll(() => stage?.close());

test.each([320, 1024])("at %i px, from the opened tab to the declared grade", async (width) => {
  const id = `keys-${width}`;
  const j = journey(tquk, id)
    .registered({ ref: `EX-2026-${width}` })
    .upTo("booked");
  await stage.office.put(j);
  const at = Date.parse(j.attempt(method).session.booking?.at ?? "");
  const clock = (seconds: number) => {
    stage.office.now = new Date(at + seconds * 1000).toISOString();
  };
  clock(0);
  const a = async (): Promise<Attempt> => {
    const head = await stage.office.store.head<Case>(casePk(id));
    if (!head) throw new Error("No case");
    return attemptAt(head.state, method);
  };
  const is = (fact: (now: Attempt) => unknown, wanted: unknown) =>
    eventually(async () => expect(fact(await a())).toEqual(wanted));
  const { page, panel, failures } = await stage.see({ width, height: 720, session: `?case=${id}&method=${method}` });
  const keys = new Keys(page.keyboard, panel);
  await panel.getByText("Before you start").waitFor();

  // Ready: the questions are drawn, all is ticked, it starts.
  await page.keyboard.press("Tab");
  await keys.reach("Draw the questions");
  await keys.press("Enter");
  await is((now) => now.session.drawn?.ids.length, 10);
  await keys.stands("the draw");
  await keys.reach(/identity/);
  await keys.press("Space");
  const boxes = await panel.getByRole("group", { name: "Before you start" }).getByRole("checkbox").count();
  for (let n = 1; n < boxes; n++) await keys.press("Tab", "Space");
  await keys.reach("Start session");
  await keys.press("Enter");
  await is((now) => now.session.state, "running");
  await keys.stands("the start");

  // Questions: the one that comes next, one of the list, a follow-up.
  await keys.reach("Mark asked");
  await keys.press("Enter");
  await is((now) => now.session.asked.length, 1);
  await keys.stands("a question asked");
  await keys.reach(/^Q\d+ /);
  await keys.press("ArrowDown", "a");
  await is((now) => now.session.asked.length, 2);
  await keys.stands("a row's question asked");
  await keys.reach(/asked: /, "ArrowDown");
  await keys.press("f");
  await panel.getByRole("dialog").waitFor();
  await keys.reach(/^Question/);
  await keys.type("How did they take it?");
  await keys.reach("Mark asked");
  await keys.press("Enter");
  await is((now) => now.session.asked.at(-1)?.kind, "followUp");
  await keys.stands("a follow-up");

  // A pause, with its reason.
  await keys.reach("Pause", "Shift+Tab");
  await keys.press("Enter");
  await panel.getByRole("dialog").waitFor();
  await keys.reach(/^Reason/);
  await keys.type("The line dropped");
  await keys.reach("Pause");
  await keys.press("Enter");
  await is((now) => now.session.state, "paused");
  await keys.stands("the pause");
  await keys.reach("Resume", "Shift+Tab");
  await keys.press("Enter");
  await is((now) => now.session.state, "running");
  await keys.stands("going on");

  // Every criterion marked by its letter, with a note to one of them.
  if (width < 900) {
    await keys.reach(/^(Questions|Criteria|Coverage|Summary)$/);
    await keys.press("Home", "ArrowRight");
    await panel.getByRole("tab", { name: "Criteria", selected: true }).waitFor();
  }
  await keys.reach(/^P1 /);
  const wanted = marksFor(methodWith(tquk, "portfolio"), "pass");
  const all = markKeys(methodWith(tquk, "portfolio")).map(({ key }) => key);
  const rows = await panel
    .locator(".marks")
    .evaluateAll((ones) => ones.map((one) => one.querySelector<HTMLInputElement>("input")?.name ?? ""));
  expect(rows.toSorted()).toEqual(all.toSorted());
  for (const key of rows) await keys.press(wanted[key] === "met" ? "m" : "n", "ArrowDown");
  await is((now) => now.marks, wanted);
  await keys.reach(/^P1 /, "ArrowUp");
  await keys.press("e");
  await keys.at("What you heard or saw");
  await keys.type("Names two styles only");
  await keys.press("Control+Enter");
  await is((now) => now.session.notes.map((n) => n.criteria), [["discussion-P1"]]);
  await keys.stands("a note");
  await keys.press("Escape");
  await keys.at(/^P1 /);

  // Inside the limits it ends without a word.
  clock(3_300);
  await panel.evaluate(() => dispatchEvent(new Event("online")));
  await panel
    .getByText(/^You may end now/)
    .first()
    .waitFor();
  await keys.reach("End", "Shift+Tab");
  await keys.press("Enter");
  await panel.getByRole("dialog").waitFor();
  await keys.reach("End session");
  await keys.press("Enter");
  await is((now) => now.session.state, "ended");
  await keys.stands("the end");

  // Declared and confirmed.
  const declaration = panel.getByRole("checkbox").last();
  await declaration.waitFor();
  await keys.reach(/^I marked this myself/);
  await keys.press("Space");
  await keys.reach(/^Confirm /);
  await keys.press("Enter");
  await is((now) => now.confirmed?.grade, "pass");
  await panel.getByTestId("confirmed").waitFor();
  await keys.stands("the confirmation");
  expect(failures).toEqual([]);
  await page.context().close();
});
