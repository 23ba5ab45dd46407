import fc from "fast-check";
import type { Connector, ConversationRef, Outcome } from "../../bot/teams/connector";
import { conversationRates, Pace, tenantRates, type Window } from "../../bot/teams/pace";
import { counted, paced } from "../../bot/teams/paced";

/** No stretch of a window's length, wherever it begins, holds more than the window allows. */
function keptTo(windows: readonly Window[], times: readonly number[]): void {
  for (const { ms, most } of windows)
    for (const [i, from] of times.entries()) {
      const inside = times.slice(i).filter((at) => at < from + ms).length;
      expect({ ms, inside, kept: inside <= most }).toEqual({ ms, inside, kept: true });
    }
}

describe("the rates at which Teams takes messages", () => {
  it("given any wishes to send, then no conversation and no tenant is ever sent more than Teams takes", () => {
    const wish = fc.record({
      after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 40_000 })),
      conversation: fc.integer({ min: 0, max: 6 }),
      times: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 80 }), (wishes) => {
        let now = 1_000;
        const pace = new Pace(() => now);
        const sent = new Map<string, number[]>();
        for (const { after, conversation, times } of wishes) {
          now += after;
          const [chat, tenant] = [`chat-${conversation}`, `tenant-${conversation % 2}`];
          for (let n = 0; n < times; n++) {
            // As a sender does: it waits as long as it is told, and then it may go.
            const wait = pace.take(chat, tenant);
            if (wait > 0) {
              now += wait;
              expect(pace.take(chat, tenant)).toBe(0);
            }
            for (const key of [chat, tenant]) sent.set(key, [...(sent.get(key) ?? []), now]);
          }
        }
        for (const [key, times] of sent) keptTo(key.startsWith("chat") ? conversationRates : tenantRates, times);
      }),
      { numRuns: 150 },
    );
  });

  it("given a whole hour of wishes for one conversation, then 1,800 go, and the next one an hour after the first", () => {
    let now = 0;
    const pace = new Pace(() => now);
    const sent: number[] = [];
    while (sent.length < 1_801) {
      const wait = pace.take("chat", "tenant");
      if (wait === 0) sent.push(now);
      now += wait;
    }
    expect(sent[1_799]).toBeLessThan(3_600_000);
    expect(sent[1_800]).toBeGreaterThanOrEqual((sent[0] ?? 0) + 3_600_000);
  });

  it("given one conversation has no room, then the others go on", () => {
    const pace = new Pace(() => 0);
    for (let n = 0; n < 7; n++) expect(pace.take("full", "tenant")).toBe(0);
    expect(pace.take("full", "tenant")).toBeGreaterThan(0);
    expect(pace.take("free", "tenant")).toBe(0);
  });

  it("given a tenant has no room, then another tenant's conversations go on", () => {
    const pace = new Pace(() => 0);
    for (let n = 0; n < 30; n++) expect(pace.take(`chat-${n}`, "full")).toBe(0);
    expect(pace.take("one-more", "full")).toBeGreaterThan(0);
    expect(pace.take("elsewhere", "free")).toBe(0);
  });

  it("given what is refused room, then it is not counted", () => {
    let now = 0;
    const pace = new Pace(() => now);
    for (let n = 0; n < 100; n++) pace.take("chat", "tenant");
    now = 2_100;
    expect(pace.take("chat", "tenant")).toBe(0);
  });
});

describe("told to wait", () => {
  const chat = (conversationId: string): ConversationRef => ({
    serviceUrl: "https://teams.invalid/t/",
    conversationId,
  });
  const ok: Outcome<{ id: string }> = { kind: "ok", value: { id: "1" } };
  let now: number;
  let calls: string[];
  let answers: Outcome<{ id: string }>[];
  let connector: Connector;
  let pace: Pace;
  const sleep = async (ms: number) => {
    now += ms;
  };
  beforeEach(() => {
    now = 0;
    calls = [];
    answers = [];
    pace = new Pace(() => now);
    connector = {
      send: async (to: ConversationRef) => {
        calls.push(to.conversationId);
        return answers.shift() ?? ok;
      },
    } as unknown as Connector;
  });

  it("given a 429, then that conversation is not called before its time, and others are", async () => {
    const c = paced(connector, pace, sleep);
    answers = [{ kind: "throttled", retryAfterMs: 20_000 }];
    expect(await c.send(chat("a"), {})).toEqual({ kind: "throttled", retryAfterMs: 20_000 });
    now = 8_000;
    expect(await c.send(chat("a"), {})).toEqual({ kind: "throttled", retryAfterMs: 12_000 });
    expect(await c.send(chat("b"), {})).toEqual(ok);
    expect(calls).toEqual(["a", "b"]);
    now = 20_000;
    expect(await c.send(chat("a"), {})).toEqual(ok);
  });

  it("given a 429 each time, then the calls become ever rarer, to one in five minutes", async () => {
    const c = paced(connector, pace, sleep);
    answers = Array.from({ length: 500 }, () => ({ kind: "throttled" as const, retryAfterMs: 1 }));
    for (let n = 0; n < 400; n++) {
      const outcome = await c.send(chat("a"), {});
      if (outcome.kind === "throttled") now += outcome.retryAfterMs;
      if (now > 3_600_000) break;
    }
    expect(calls.length).toBeLessThan(30);
  });

  it("given several calls under way at once are told so, then that counts as once", async () => {
    const c = paced(connector, pace, sleep);
    answers = Array.from({ length: 5 }, () => ({ kind: "throttled" as const, retryAfterMs: 2_000 }));
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => c.send(chat("a"), {})));
    expect(outcomes).toEqual(outcomes.map(() => ({ kind: "throttled", retryAfterMs: 2_000 })));
  });

  it("given room within a moment, then it waits for it; given none for long, then it is to come back, uncalled", async () => {
    const c = paced(connector, pace, sleep);
    for (let n = 0; n < 8; n++) expect(await c.send(chat("a"), {})).toEqual(ok);
    expect(calls).toHaveLength(8);
    expect(now).toBeGreaterThan(0);
    for (let n = 0; n < 60; n++) pace.count("full", "t");
    expect((await c.send(chat("full"), {})).kind).toBe("throttled");
    expect(calls).toHaveLength(8);
  });

  it("given it is called off while it waits, then it is not called", async () => {
    const off = new AbortController();
    const c = paced(connector, pace, async () => off.abort());
    for (let n = 0; n < 7; n++) pace.count("a", "t");
    expect((await c.send(chat("a"), {}, { signal: off.signal })).kind).toBe("throttled");
    expect(calls).toEqual([]);
  });

  it("given somebody waits for an answer, then it goes at once, and notices leave it room", async () => {
    const answering = counted(connector, pace);
    for (let n = 0; n < 7; n++) expect(await answering.send(chat("a"), {})).toEqual(ok);
    expect(now).toBe(0);
    await paced(connector, pace, sleep).send(chat("a"), {});
    expect(now).toBeGreaterThan(0);
  });
});
