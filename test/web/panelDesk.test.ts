import { PanelDesk } from "../../bot/web/panelDesk";
import { addSeconds } from "../../src/rules/calendar";
import { temporaryFolder } from "../store/folder";
import { journey, people, tquk } from "../support/case";
import { Office } from "./office";

/** What was drawn is kept for a while, so that the same question costs nothing; but never more than so much. */

const method = "discussion";
const running = journey(tquk).upTo("booked").started(method);
const place = { caseId: running.id, method };
let office: Office;
beforeEach(async () => {
  office = await new Office(temporaryFolder()).start();
  await office.staff(tquk.body.id, people.assessor, ["assessor"]);
  await office.put(running);
  office.now = running.now;
});
afterEach(() => office.stop());

test("given panels of two hundred days were drawn since, then the first is no longer held, and comes out the same", async () => {
  const panels = new PanelDesk(office.desk);
  const known = await office.known(people.assessor);
  const first = await panels.panel(known, place);
  expect(await panels.panel(known, place)).toBe(first);
  for (let days = 1; days <= 200; days++) {
    office.now = addSeconds(running.now, days * 86_400);
    await panels.panel(known, place);
  }
  office.now = running.now;
  const again = await panels.panel(known, place);
  expect(again).not.toBe(first);
  expect(again?.text).toBe(first?.text);
});
