import { randomUUID } from "node:crypto";
import { doBatch } from "../../bot/web/panelCommands";
import { Busy } from "../../src/handle";
import type { RawEnvelope } from "../../src/panel/shape";

/** A desk that does what it is told of each command, and keeps which it was asked to do. */
function at(outcomes: readonly ("done" | Error)[]) {
  const asked: string[] = [];
  const warned: string[] = [];
  const run = async (_known: unknown, _caseId: string, _type: string, data: { text: string }) => {
    asked.push(data.text);
    const outcome = outcomes[asked.length - 1];
    if (outcome instanceof Error) throw outcome;
    return { outcome: { kind: "done", repeat: false, warned: [] }, seen: undefined };
  };
  const o = {
    desk: { run, o: { ports: { clock: { now: () => "2026-04-07T09:00:00Z" } } } },
    panels: { panel: async () => undefined },
    log: { warn: (event: string) => void warned.push(event) },
  };
  const reading = { device: "2026-04-07T09:00:00.000Z", monotonic: 0, origin: "load" };
  const commands = ["one", "two", "three"].map(
    (text): RawEnvelope => ({
      id: randomUUID(),
      caseId: "case-1",
      command: { type: "session.note", data: { method: "discussion", text, criteria: [] } },
      occurred: { ...reading, serverOffset: 0 },
      device: "computer",
    }),
  );
  const answers = async () => (await doBatch({} as never, { sent: reading, commands }, o as never)).answers;
  return { answers, asked, warned };
}

describe("a batch of the panel's commands", () => {
  it("is done in its order", async () => {
    const { answers, asked } = at(["done", "done", "done"]);
    expect((await answers()).map(({ kind }) => kind)).toEqual(["done", "done", "done"]);
    expect(asked).toEqual(["one", "two", "three"]);
  });

  it.each([
    ["the case is busy", new Busy("case-1"), []],
    ["something broke", new Error("broken"), ["panel.failed"]],
  ])("goes no further where %s: what follows is later too, or it would overtake", async (_, error, logged) => {
    const { answers, asked, warned } = at(["done", error, "done"]);
    expect((await answers()).map(({ kind }) => kind)).toEqual(["done", "later", "later"]);
    expect(asked).toEqual(["one", "two"]);
    expect(warned).toEqual(logged);
  });
});
