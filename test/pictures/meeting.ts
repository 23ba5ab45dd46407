import type { Page } from "playwright-core";
import { type Attempt, attemptAt, type Case } from "../../src/case/case";
import type { Command } from "../../src/case/decider";
import { casePk } from "../../src/handle";
import { goodPortfolio, goodReport, methodWith, tquk } from "../support/case";
import { given } from "../support/enacted";
import { Grading, Room } from "../walks/room";

/** A sample case whose discussion is held on Teams, half an hour in: what the README shows of a meeting. */

const caseId = "sample-ada";
const method = methodWith(tquk, "portfolio").id;

const done = ({ p }: Room, command: Command, role: "coordinator" | "apprentice") => given(p, caseId, command, role);

async function attempt({ service }: Room["p"]): Promise<{ state: Case; of: Attempt }> {
  const head = await service.ports.store.head<Case>(casePk(caseId));
  if (!head) throw new Error("No case");
  return { state: head.state, of: attemptAt(head.state, method) };
}

/** The meeting made by the service, the assessor in it with the panel beside them, and the apprentice. @returns the assessor's window. */
async function held(room: Room): Promise<Page> {
  const { p } = room;
  await done(room, { type: "report.submit", data: goodReport(tquk) }, "apprentice");
  await done(room, { type: "portfolio.submit", data: goodPortfolio(tquk) }, "apprentice");
  // Booked on Teams already; with a meeting of its own from now on.
  const at = new Date(Date.parse((await attempt(p)).of.session.booking?.at ?? "") + 3_600_000).toISOString();
  const meeting = { lobby: "invited" as const, recording: true };
  const move = { method, at, setting: "teams", where: "Microsoft Teams", reason: "A better hour", meeting };
  await done(room, { type: "session.move", data: move } as Command, "coordinator");
  for (let n = 0; n < 12 && (await attempt(p)).of.session.online?.done?.length !== 3; n++) {
    await room.minutes(3);
    await p.teams.settled();
  }
  await p.teams.goTo(new Date(Date.parse(at) - 120_000).toISOString());
  const page = await room.window("ben");
  await page.setViewportSize({ width: 1120, height: 720 });
  await room.joins("ben", at);
  await p.teams.act({ do: "meeting.join", as: "ada", meetingId: p.teams.local.snapshot("ada").meetings[0]?.id ?? "" });
  const hand = new Grading(room.panel("ben"));
  await hand.button("Draw the questions").click();
  await hand.panel.getByText(/questions drawn/).waitFor();
  await hand.ticksAll();
  await hand.button("Start session").click();
  await graded(room, hand);
  return page;
}

async function graded(room: Room, hand: Grading): Promise<void> {
  const mark = (label: string, as: string) => hand.row(label).getByRole("radio", { name: as, exact: true }).click();
  await hand.tab("Questions");
  await hand.button("Mark asked").click();
  await room.minutes(4);
  await hand.tab("Criteria");
  await mark("P1", "Met");
  await hand.note("Late hand-overs hold up the warehouse.", { criteria: ["P1"] });
  await room.minutes(5);
  await mark("P2", "Not met");
  await room.minutes(22);
  await hand.saved(/^Saved/);
  await hand.panel.getByRole("timer").filter({ hasText: "31:0" }).waitFor();
  await hand.panel.getByRole("tabpanel").evaluate((shown) => shown.scrollTo(0, 0));
}

/** @param take is given the assessor's window, half an hour into the discussion. */
export async function inMeeting(take: (page: Page) => Promise<void>): Promise<void> {
  const room = await Room.open({ samples: true });
  try {
    await take(await held(room));
  } finally {
    await room.close();
  }
}
