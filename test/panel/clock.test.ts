import fc from "fast-check";
import { occurredAt } from "../../src/panel/clock";

/**
 * A press and its sending, as devices tell of them: `offset` is server minus device, moved by `jump` while the command waited
 * or before it was pressed; `slept` is what the monotonic clock missed.
 */
interface Story {
  /** Seconds that it waited. */
  waited: number;
  offset?: number;
  /** Seconds that the device's clock was set forward before the press, unknown to the offset. */
  jumpBefore?: number;
  /** The same while it waited. */
  jumpAfter?: number;
  slept?: number;
  reloaded?: boolean;
  neverHeard?: boolean;
}
const truth = Date.parse("2026-04-07T09:30:00Z");
const iso = (ms: number) => new Date(ms).toISOString();
function told({ waited, offset = 0, jumpBefore = 0, jumpAfter = 0, slept = 0, reloaded, neverHeard }: Story) {
  const device = (ms: number, jump: number) => iso(ms - offset * 1000 + jump * 1000);
  const monotonic = 600_000;
  return occurredAt(
    iso(truth + waited * 1000),
    {
      device: device(truth + waited * 1000, jumpBefore + jumpAfter),
      monotonic: reloaded ? 1_000 : monotonic + (waited - slept) * 1000,
      origin: reloaded ? "two" : "one",
    },
    {
      device: device(truth, jumpBefore),
      monotonic,
      origin: "one",
      serverOffset: neverHeard ? null : offset * 1000,
    },
    "phone",
  );
}
const secondsOff = (story: Story) => (Date.parse(told(story).at) - truth) / 1000;

describe("when a command happened", () => {
  it("is when it was pressed, however long it waited and whatever the device's clock shows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 80_000 }), fc.integer({ min: -90_000, max: 90_000 }), (waited, offset) => {
        expect(secondsOff({ waited, offset })).toBe(0);
        expect(told({ waited, offset }).flags).toEqual([]);
      }),
    );
  });

  it("is the same, and flagged, when the clock was moved before it, or meanwhile, or the device slept", () => {
    const some = fc.integer({ min: -7200, max: 7200 }).filter((n) => Math.abs(n) > 5);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7200 }), some, (waited, jump) => {
        for (const story of [
          { waited, jumpBefore: jump },
          { waited, jumpAfter: jump },
        ]) {
          expect(secondsOff(story)).toBe(0);
          expect(told(story).flags).toEqual(["clockJump"]);
        }
      }),
    );
    expect(secondsOff({ waited: 3600, slept: 1800 })).toBe(0);
    expect(told({ waited: 3600, slept: 1800 }).flags).toEqual(["clockJump"]);
  });

  it("survives the page: after a reload the device's clock tells", () => {
    expect(secondsOff({ waited: 1800, offset: 40, reloaded: true })).toBe(0);
    expect(told({ waited: 1800, offset: 40, reloaded: true }).flags).toEqual([]);
    expect(told({ waited: 1800, reloaded: true, jumpAfter: 600 }).flags).toEqual(["clockJump"]);
    expect(secondsOff({ waited: 1800, offset: 40, reloaded: true, neverHeard: true })).toBe(0);
  });

  it("is never later than it arrived; what claims to be is flagged", () => {
    const ahead = { waited: 60, reloaded: true, neverHeard: true, jumpAfter: -7200 };
    expect(told(ahead)).toMatchObject({ at: "2026-04-07T09:31:00Z", flags: ["future"] });
  });

  it("more than a day ago is flagged, more than a month ago is not believed", () => {
    expect(told({ waited: 90_000 }).flags).toEqual(["longAgo"]);
    const old = told({ waited: 400 * 86_400 });
    expect(old.flags).toEqual(["longAgo"]);
    expect(Date.parse(old.at)).toBe(truth + (400 - 31) * 86_400_000);
  });

  it("keeps what the device itself showed", () => {
    expect(told({ waited: 10, offset: 3600 })).toMatchObject({
      deviceTime: "2026-04-07T08:30:00.000Z",
      device: "phone",
    });
  });

  it("is told without a fault whatever a device says", () => {
    const reading = fc.record({
      device: fc
        .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
        .map((d) => d.toISOString()),
      monotonic: fc.double({ min: 0, max: 1e12, noNaN: true }),
      origin: fc.constantFrom("one", "two"),
    });
    const pressed = fc.tuple(reading, fc.option(fc.double({ min: -1e13, max: 1e13, noNaN: true })));
    fc.assert(
      fc.property(reading, pressed, (sent, [one, serverOffset]) => {
        const { at } = occurredAt("2026-04-07T09:30:00Z", sent, { ...one, serverOffset }, "computer");
        expect(at).toMatch(/^2026-0[34]-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
      }),
    );
  });
});
