import type { Lost } from "../../src/case/case";
import { indexOf } from "../../src/caseIndex";
import { noticesOf } from "../../src/notices";
import { permitted } from "../../src/permissions";
import type { Recorded } from "../../src/ports";
import { caseView } from "../../src/views";
import { actorOf, type Journey, journey, people, tquk } from "../support/case";

const released = journey(tquk).upTo("released");
const { apprentice, coordinator } = released.case.parties && { ...released.case.parties, ...released.case.staff };
const lost = (over: Partial<Lost> = {}): Lost => ({
  notice: "n-40-result-ada",
  kind: "result",
  to: apprentice,
  repeat: "never",
  about: { release: 1 },
  state: "unconfirmed",
  code: "TimedOut",
  ...over,
});
const { notice } = lost();
const dueIn = (j: Journey) => indexOf(j.case, j.pack).due.filter((d) => d.facts.code === "undelivered");
/** The notices that the last step caused. */
const caused = (before: Journey, after: Journey) => {
  const events = after.log.slice(before.log.length) as Recorded[];
  return noticesOf(before.case, after.case, events, after.pack);
};

describe("what did not reach whom it was for", () => {
  it("is due of the coordinator from the day on which it was lost, and says what, to whom and how", () => {
    const j = released.lost(lost());
    expect(dueIn(j)).toEqual([
      expect.objectContaining({
        who: coordinator,
        day: j.today,
        facts: { code: "undelivered", kind: "result", to: apprentice, state: "unconfirmed" },
      }),
    ]);
    const view = caseView(j.case, actorOf(tquk, people.coordinator, "coordinator"), tquk, j.now);
    expect(view?.undelivered).toMatchObject([{ notice, kind: "result", to: apprentice, at: j.now }]);
    expect(view?.due.map((t) => t.code)).toContain("undelivered");
    expect(view?.may.map((m) => m.type)).toEqual(expect.arrayContaining(["notice.resend", "notice.told"]));
  });

  it("is nothing that apprentice, employer or provider learn of, not by a counter either", () => {
    const j = released.lost(lost());
    for (const role of ["apprentice", "employer", "provider"] as const) {
      const actor = actorOf(tquk, people[role], role);
      expect(caseView(j.case, actor, tquk, j.now)).toEqual(caseView(released.case, actor, tquk, j.now));
    }
  });

  it("stands once, however often the service says so, and each loss by itself", () => {
    const twice = released.lost(lost()).lost(lost());
    expect(twice.log).toHaveLength(released.log.length + 1);
    expect(dueIn(twice.lost(lost({ notice: "n-41-told-ben" })))).toHaveLength(2);
  });

  it("brings a word to the coordinator, but not that they themselves were not reached", () => {
    const told = (to: string) => caused(released, released.lost(lost({ to }))).filter((n) => n.kind === "alarm");
    expect(told(apprentice)).toMatchObject([{ to: coordinator, repeat: "repeat" }]);
    expect(told(coordinator)).toEqual([]);
  });

  it("takes no part in the case: the service is none of its staff", () => {
    expect(released.lost(lost()).case.tookPart).toEqual(released.case.tookPart);
  });

  it("stands in a withdrawn case too, and can be seen to there, and nothing else can be done", () => {
    const withdrawn = journey(tquk).upTo("staffed").do("case.withdraw", { reason: "Left the firm" });
    const j = withdrawn.lost(lost({ kind: "told", about: { from: 9, to: 9 } }));
    expect(dueIn(j)).toHaveLength(1);
    expect(indexOf(j.case, tquk).closed).toBe(false);
    const actor = actorOf(tquk, people.coordinator, "coordinator");
    expect(permitted(actor, j.case, tquk, j.now).map((p) => p.type)).toEqual(["notice.resend", "notice.told"]);
    const told = j.do("notice.told", { notice, channel: "phone", evidence: "A call" });
    expect(dueIn(told)).toEqual([]);
    expect(indexOf(told.case, tquk).closed).toBe(true);
  });
});

describe("sending it again", () => {
  const j = released.lost(lost());

  it("makes it a notice of its own, as the first was, and nothing is due any more", () => {
    const after = j.when("notice.resend", { notice }).events(["NoticeResent", { notice, kind: "result" }]);
    expect(caused(j, after).filter((n) => n.kind === "result")).toEqual([
      {
        id: `n-${after.log.length}-again-${apprentice}`,
        kind: "result",
        to: apprentice,
        repeat: "never",
        dueAt: after.now,
        data: { release: 1 },
      },
    ]);
    expect(dueIn(after)).toEqual([]);
  });

  it("is done once: whoever comes second is told by whom", () => {
    const after = j.do("notice.resend", { notice });
    after.inDays(1).when("notice.resend", { notice }).already({ at: after.now, person: people.coordinator });
    after.when("notice.told", { notice, channel: "phone", evidence: "A call" }).already({ at: after.now });
  });

  it("that is lost as well is due anew", () => {
    const again = j.do("notice.resend", { notice }).lost(lost({ notice: "n-50-again-ada" }));
    expect(dueIn(again)).toHaveLength(1);
    // And a notice of the same name, written anew, is another loss.
    expect(dueIn(j.do("notice.resend", { notice }).lost(lost()))).toHaveLength(1);
  });

  it("of what is not on the record is refused", () => {
    j.when("notice.resend", { notice: "n-1-other" }).refusedWith("NO_SUCH_REQUEST");
    j.when("notice.told", { notice: "n-1-other", channel: "mail", evidence: "x" }).refusedWith("NO_SUCH_REQUEST");
  });
});

describe("telling them otherwise", () => {
  it("is on the record with its channel and what shows it, and nothing is due any more", () => {
    const j = released.lost(lost());
    const after = j
      .when("notice.told", { notice, channel: "phone", evidence: "Call of 2 May, on file" })
      .events(["ToldOtherwise", { notice, channel: "phone", evidence: { text: "Call of 2 May, on file" } }]);
    expect(dueIn(after)).toEqual([]);
    expect(caused(j, after).map((n) => n.kind)).toEqual(["cards"]);
  });
});
