import { atLondon } from "../../src/rules/calendar";
import { tquk } from "../support/case";
import { type Product, product } from "../support/service";
import { Course } from "./course";
import { Watch } from "./watch";

/** Times offered for the planning meeting, as everyone finds them on their cards, and the one that is chosen. */

let p: Product;
let watch: Watch;
beforeAll(async () => {
  p = await product({ startAt: "2026-02-02T09:00:00Z" });
  watch = new Watch(p);
});
afterAll(() => p.stop());
afterEach(async () => expect(await watch.faults()).toEqual([]));

test("offered by the coordinator, next for apprentice and employer, chosen by one, made on Teams, and then nobody's to choose", async () => {
  const c = await Course.begin(p, tquk);
  await c.staffed();
  await c.handedInForGateway();
  await c.gatewayAccepted();
  const days = { "slot-1": "2026-02-10", "slot-1-time": "10:00", "slot-2": "2026-02-11", "slot-2-time": "14:00" };
  // A day that is past is said beside its own input; what was typed stays.
  const past = await c.refused("coordinator", "planning.offer", { ...days, "slot-2": "2026-01-30" });
  expect(past.text).toContain("Day 2");
  await c.do("coordinator", "planning.offer", days);

  for (const who of ["apprentice", "employer"]) {
    const card = await c.seat(who).card();
    expect(card.text).toContain("Choose a time for the planning meeting");
    await c.seat(who).player.say("due");
    expect(await c.seat(who).player.lastWords()).toContain("Choose a time for the planning meeting");
    expect(await c.seat(who).may("planning.accept")).toBe(true);
  }
  // Nobody else's turn is to book it: what comes next for the coordinator is what others do.
  const coordinators = (await c.seat("coordinator").card()).text;
  expect(coordinators).toContain("Time to choose for planning");
  expect(coordinators).not.toContain("Book the planning meeting");
  // The provider learns of it when it is booked.
  expect((await c.seat("provider").player.mails()).map((m) => m.subject).join()).not.toContain("Choose a time");

  const at = atLondon("2026-02-11", "14:00");
  await c.do("employer", "planning.accept", { at });
  await p.teams.settled();
  const standing = p.teams.local.calendar().filter((e) => !e.cancelled);
  expect(standing.map((e) => [e.subject, e.start])).toEqual([
    [`Planning meeting, ${c.ref}`, new Date(at).toISOString()],
  ]);
  const card = await c.seat("apprentice").card();
  expect(card.text).not.toContain("Choose a time");
  expect(card.text).toMatch(/11 Feb 2026, 14:00/);
  expect(await c.seat("apprentice").may("planning.accept")).toBe(false);
  for (const who of ["apprentice", "employer", "coordinator"]) await c.seat(who).live();
}, 60_000);
