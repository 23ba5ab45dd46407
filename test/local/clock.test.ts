import { MovableClock } from "../../bot/local/clock";

const today = Date.parse("2026-11-22T10:00:00Z");

describe("the movable clock", () => {
  test("starts at the computer's time and ticks with it", () => {
    let now = today;
    const clock = new MovableClock({ realNow: () => now });
    expect(clock.view()).toEqual({ now: "2026-11-22T10:00:00.000Z", offset: 0 });
    now += 60_000;
    expect(clock.now()).toBe("2026-11-22T10:01:00.000Z");
  });

  test("goes forwards, back, and back to today", async () => {
    const clock = new MovableClock({ realNow: () => today });
    await clock.set("2027-01-05T09:00:00+01:00");
    expect(clock.now()).toBe("2027-01-05T08:00:00.000Z");
    await clock.advance(-3_600_000);
    expect(clock.now()).toBe("2027-01-05T07:00:00.000Z");
    await clock.reset();
    expect(clock.view().offset).toBe(0);
    await expect(clock.set("tomorrow")).rejects.toThrow(RangeError);
  });

  test("waits for those who act on a move, and forgets those who left", async () => {
    const clock = new MovableClock({ realNow: () => today });
    const swept: string[] = [];
    const stop = clock.onMoved(async ({ now }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      swept.push(now);
    });
    await clock.set("2026-12-01T00:00:00Z");
    expect(swept).toEqual(["2026-12-01T00:00:00.000Z"]);
    stop();
    await clock.reset();
    expect(swept).toHaveLength(1);
  });

  test("stands still when frozen, until moved", async () => {
    let now = today;
    const clock = new MovableClock({ realNow: () => now, startAt: "2026-05-22T08:00:00Z", frozen: true });
    now += 5_000;
    expect(clock.now()).toBe("2026-05-22T08:00:00.000Z");
    await clock.advance(1_000);
    expect(clock.now()).toBe("2026-05-22T08:00:01.000Z");
  });
});
