import { journey, people, tquk } from "../support/case";
import { picture, problems, Stage } from "./stage";

const method = "discussion";
let stage: Stage;
const booked = journey(tquk).upTo("booked");
const running = booked.started(method);
const here = `?case=${running.id}&method=${method}`;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage?.close());

test("the assessor sees the session", async () => {
  await stage.office.put(running);
  stage.office.now = running.inSeconds(1884).now;
  const opened = await stage.see({ session: here });
  await opened.panel.getByRole("heading", { name: "Professional discussion" }).waitFor();
  await picture(opened, "running-320");
  for (const tab of ["Criteria", "Coverage", "Summary"]) {
    await opened.panel.getByRole("tab", { name: tab }).click();
    await picture(opened, `running-320-${tab}`);
    expect(await problems(opened)).toEqual([]);
  }
  await opened.panel.getByRole("button", { name: "More" }).click();
  await picture(opened, "more-320");
  expect(await problems(opened)).toEqual([]);
  expect(opened.failures).toEqual([]);
  const wide = await stage.see({ session: here, width: 1024, height: 768 });
  await wide.panel.getByRole("heading", { name: "Summary" }).waitFor();
  await picture(wide, "running-1024");
  expect(await problems(wide)).toEqual([]);
  void people;
});
