import fc from "fast-check";
import { ServiceClock } from "../../bot/panel/device";
import { endNeeds, passed, ranSeconds, readingsOf, shown, shownOutside, startsAt } from "../../bot/panel/time";
import type { GradingPanel, OutsidePanel, Timer } from "../../src/panel/shape";

const start = Date.parse("2026-04-07T09:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const ms = (seconds: number) => start + seconds * 1000;
const limits = { least: 3240, planned: 3600, most: 3960, extra: 0, discretionAbove: null };
const timerOf = (over: Partial<Timer> = {}): Timer => ({
  phase: "running",
  startedAt: at(0),
  spans: [{ from: at(0), to: null }],
  limits,
  warnings: [
    { seconds: 3240, kind: "mayEnd", at: at(3240), says: "You may end from now on." },
    { seconds: 3960, kind: "over", at: at(3960), says: "It is over." },
  ],
  questions: null,
  pauses: [],
  recording: false,
  ended: null,
  ...over,
});
const session = { title: "Discussion", at: at(0) } as GradingPanel["session"];
const viewOf = (timer: Timer) => ({ timer, session });

describe("what has run", () => {
  it("is the spans up to now, the open one too; pauses and what lies ahead do not count", () => {
    const spans = [
      { from: at(0), to: at(600) },
      { from: at(900), to: null },
    ];
    expect([-10, 0, 300, 600, 800, 900, 1000].map((s) => ranSeconds(spans, ms(s)))).toEqual([
      0, 0, 300, 600, 600, 600, 700,
    ]);
  });

  it("never runs backwards, and stands still in a pause", () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(cuts, fc.nat(6000), fc.nat(500), (some, now, later) => {
        const sorted = some.sort((a, b) => a - b);
        const spans = sorted.flatMap((from, n) =>
          n % 2 === 0 ? [{ from: at(from), to: at(sorted[n + 1] ?? 9000) }] : [],
        );
        const gone = ranSeconds(spans, ms(now + later)) - ranSeconds(spans, ms(now));
        expect(gone).toBeGreaterThanOrEqual(0);
        expect(gone).toBeLessThanOrEqual(later);
      }),
    );
  });

  it("of questions that come after does not count for the session, of those inside it does", () => {
    const spans = [{ from: at(0), to: null }];
    const part = { open: true, spans: [{ from: at(3600), to: null }], share: null, most: 600, warnings: [] };
    const after = readingsOf({ spans, questions: { ...part, kind: "after" } }, ms(3700));
    expect(after).toEqual({ session: 3600, questions: 100 });
    const inside = readingsOf({ spans, questions: { ...part, kind: "inside", share: 0.5 } }, ms(3700));
    expect(inside).toEqual({ session: 3700, questions: 100 });
  });
});

describe("what is said of the time", () => {
  it.each([
    [0, "clock", ""],
    [3239, "clock", ""],
    [3240, "done", "good"],
    [3839, "done", "good"],
    [3840, "warn", "warn"],
    [3960, "warn", "warn"],
    [3961, "warn", "late"],
  ] as const)("after %i seconds bears the sign %s", (seconds, icon, tone) => {
    const { said, track, seconds: counted } = shown(viewOf(timerOf()), ms(seconds));
    expect({ icon: said.icon, tone: said.tone, counted }).toEqual({ icon, tone, counted: seconds });
    expect(track).toMatchObject({ length: 3960, windowFrom: 3240, filled: Math.min(seconds, 3960) });
  });

  it("has the limit of the questions: told of before they begin, drawn while they are on inside the session", () => {
    const questions = (spans: Timer["spans"]): Timer["questions"] => ({
      kind: "inside",
      open: spans.length > 0,
      spans,
      share: 0.15,
      most: null,
      warnings: [],
    });
    expect(shown(viewOf(timerOf({ questions: questions([]) })), ms(60)).also).toMatchObject({
      text: expect.stringMatching(/at most 9.min/),
    });
    const timer = timerOf({ questions: questions([{ from: at(600), to: null }]) });
    const drawn = (seconds: number) => shown(viewOf(timer), ms(600 + seconds)).also;
    expect(drawn(60)).toMatchObject({ icon: "clock", track: { length: 540, filled: 60, ticks: [{ at: 540 }] } });
    expect(drawn(419)).toMatchObject({ icon: "clock", tone: "" });
    expect(drawn(420)).toMatchObject({ icon: "warn", tone: "warn" });
    expect(drawn(541)).toMatchObject({ icon: "warn", tone: "late", track: { filled: 540 } });
  });

  it("of questions after the session has their own limit, and warns before it", () => {
    const after: Timer["questions"] = {
      kind: "after",
      open: true,
      spans: [{ from: at(3600), to: null }],
      share: null,
      most: 600,
      warnings: [],
    };
    const said = (seconds: number) => shown(viewOf(timerOf({ questions: after })), ms(3600 + seconds)).said;
    expect([479, 480, 600, 601].map((s) => said(s).tone)).toEqual(["", "warn", "warn", "late"]);
    expect([479, 480, 601].map((s) => said(s).icon)).toEqual(["clock", "warn", "warn"]);
  });

  it("tells what is at the assessor's discretion", () => {
    const timer = timerOf({ limits: { ...limits, discretionAbove: 3600 } });
    expect(shown(viewOf(timer), ms(3601)).said.text).not.toBe(shown(viewOf(timer), ms(3600)).said.text);
    const asked = { exactly: null, asked: [] } as unknown as GradingPanel["questions"];
    expect(endNeeds({ timer, questions: asked }, ms(3600))).toEqual({ reason: null, discretion: false });
    expect(endNeeds({ timer, questions: asked }, ms(3700))).toEqual({ reason: null, discretion: true });
    expect(endNeeds({ timer, questions: asked }, ms(3239)).reason).not.toBeNull();
  });

  it("of questions inside the session is their share of what ran, of the planned length at the least", () => {
    const questions = (seconds: number, from: number): Timer["questions"] => ({
      kind: "inside",
      open: false,
      spans: [{ from: at(from), to: at(from + seconds) }],
      share: 0.15,
      most: null,
      warnings: [],
    });
    const asked = { exactly: null, asked: [{ kind: "main" }] } as unknown as GradingPanel["questions"];
    const tones = ([ran, seconds]: number[]) => {
      const timer = timerOf({ questions: questions(seconds ?? 0, 3000), limits: { ...limits, least: 3600 } });
      const now = ms(ran ?? 0);
      return [shown(viewOf(timer), now).also?.tone, endNeeds({ timer, questions: asked }, now).reason !== null];
    };
    expect(tones([3600, 540])).toEqual(["", false]);
    expect(tones([3600, 541])).toEqual(["late", true]);
    expect(tones([3960, 594])).toEqual(["", false]);
    expect(tones([3960, 595])).toEqual(["late", true]);
  });

  it("is whole seconds where a reason is asked, as the service counts them", () => {
    const asked = { exactly: null, asked: [] } as unknown as GradingPanel["questions"];
    const reason = (seconds: number) => endNeeds({ timer: timerOf(), questions: asked }, ms(seconds)).reason;
    expect([3239.9, 3240, 3960.9, 3961].map((s) => reason(s) !== null)).toEqual([true, false, false, true]);
  });

  it("in a pause counts the pause, and the session stands", () => {
    const spans = [{ from: at(0), to: at(600) }];
    const timer = timerOf({ phase: "paused", spans, pauses: [{ from: at(600), to: null, reason: "Fire alarm" }] });
    const { seconds, said } = shown(viewOf(timer), ms(665));
    expect(seconds).toBe(600);
    expect(said).toMatchObject({ icon: "pause", text: expect.stringMatching(/01:05.*Fire alarm/) });
  });

  it("of another day names the day", () => {
    expect(startsAt(start, start - 360_000)).toContain("in 6 minutes");
    expect(startsAt(start, start - 86_400_000)).toContain("Tue 7 Apr 2026, 10:00");
    expect(startsAt(start, start + 86_400_000)).toMatch(/^Was booked for/);
  });

  it("to people outside is no more than the window and how it stands", () => {
    const outside = {
      timer: {
        phase: "running",
        spans: timerOf().spans,
        limits,
        startedAt: at(0),
        questionsOnTop: 0,
        recording: false,
      },
      says: "Ends between 54 and 66 min",
      session,
    } as unknown as OutsidePanel;
    const texts = [0, 3240, 3961].map((s) => shownOutside(outside, ms(s)).said);
    expect(new Set(texts.map(({ text, tone }) => `${text}${tone}`)).size).toBe(1);
  });
});

describe("a limit", () => {
  it("is spoken once, as it is passed, the last one where several are", () => {
    const timer = timerOf();
    const read = (session: number) => ({ session, questions: 0 });
    expect(passed(timer, read(3238), read(3239))).toBeNull();
    expect(passed(timer, read(3239), read(3240))).toBe("You may end from now on.");
    expect(passed(timer, read(3240), read(3241))).toBeNull();
    expect(passed(timer, read(3239), read(3960))).toBe("It is over.");
  });
});

describe("the service's clock on a device", () => {
  let wall = 0;
  let mono = 0;
  beforeEach(() => {
    [wall, mono] = [start, 50_000];
    jest.spyOn(Date, "now").mockImplementation(() => wall);
    jest.spyOn(performance, "now").mockImplementation(() => mono);
  });
  afterEach(() => jest.restoreAllMocks());
  const pass = (seconds: number) => {
    wall += seconds * 1000;
    mono += seconds * 1000;
  };

  it("is the service's, whatever the device's shows, and goes on by itself", () => {
    const clock = new ServiceClock();
    clock.heard(at(3600));
    pass(60);
    expect(clock.now()).toBe(ms(3660));
    expect(clock.offset).toBe(3_600_000);
    // An answer that was a little under way moves nothing.
    clock.heard(new Date(ms(3660) - 300).toISOString());
    expect(clock.now()).toBe(ms(3660));
    clock.heard(null);
    clock.heard("no time");
    expect(clock.now()).toBe(ms(3660));
  });

  it("is not moved by who sets the device's clock, and notices it", () => {
    const clock = new ServiceClock();
    clock.heard(at(0));
    wall += 7_200_000;
    pass(10);
    expect(clock.now()).toBe(ms(10));
    expect(clock.apart).toBe(true);
    clock.heard(at(60));
    expect(clock.apart).toBe(false);
    expect(clock.now()).toBe(ms(60));
    expect(clock.offset).toBe(-7_150_000);
  });

  it("asks once how late it is when the device's clock was moved, not each second from then on", () => {
    for (const hours of [-5, 3]) {
      const clock = new ServiceClock();
      clock.heard(at(0));
      wall += hours * 3_600_000;
      pass(1);
      expect(clock.apart).toBe(true);
      // The service says what this clock has gone on to show.
      clock.heard(new Date(clock.now()).toISOString());
      expect(clock.apart).toBe(false);
    }
  });

  it.each([-6, -1, 2, 9])(
    "moved by %i h in mid-session, a press has both clocks' readings, and the right time for the screen",
    (hours) => {
      const clock = new ServiceClock();
      clock.heard(at(0));
      pass(600);
      wall += hours * 3_600_000;
      jest.useFakeTimers({ now: wall, doNotFake: ["performance"] });
      const pressed = clock.occurred();
      jest.useRealTimers();
      expect(clock.now()).toBe(ms(600));
      expect(pressed).toMatchObject({
        device: new Date(ms(600) + hours * 3_600_000).toISOString(),
        monotonic: 650_000,
        serverOffset: 0,
      });
    },
  );

  it("goes on over sleep that the monotonic clock missed, where nobody can be asked; a clock set back is not sleep", () => {
    const clock = new ServiceClock();
    clock.heard(at(0));
    wall += 1_800_000;
    clock.awoke();
    expect(clock.now()).toBe(ms(1800));
    wall -= 7_200_000;
    clock.awoke();
    expect(clock.now()).toBe(ms(1800));
  });

  it("starts without a network from what was kept, until it hears better", () => {
    const clock = new ServiceClock();
    clock.recall(120_000);
    expect(clock.now()).toBe(ms(120));
    clock.heard(at(0));
    clock.recall(999_000);
    expect(clock.now()).toBe(ms(0));
    expect(clock.offset).toBe(0);
  });
});
