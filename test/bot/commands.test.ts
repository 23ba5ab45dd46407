import { understand, usable } from "../../bot/teams/commands";

describe("a line of chat", () => {
  test.each([
    ["cases", { want: "cases" }],
    ["  Please SHOW my  cases. ", { want: "cases" }],
    ["/due", { want: "due" }],
    ["What’s due", { want: "unknown" }],
    ["what's next", { want: "due" }],
    ["erase", { want: "kept" }],
    ["case", { want: "myCase" }],
    ["\u200bcase ex-2026-0147", { want: "case", ref: "EX-2026-0147" }],
    ["show case: EX-2026-0147", { want: "case", ref: "EX-2026-0147" }],
    ["TQUK-2026-0001", { want: "case", ref: "TQUK-2026-0001" }],
    ["code abcd-efgh-jkmn", { want: "bind", code: "abcd-efgh-jkmn" }],
    ["ABCD EFGH JKMN", { want: "bind", code: "abcd efgh jkmn" }],
    ["", { want: "unknown" }],
  ])("“%s” is understood", (line, wanted) => {
    expect(understand(line)).toMatchObject(wanted);
  });

  test("that is not understood is said back whole, with the nearest commands first", () => {
    expect(understand("Casse  of mine")).toMatchObject({ want: "unknown", text: "Casse  of mine" });
    const wanted = understand("regster");
    expect(wanted.want === "unknown" && wanted.nearest[0]).toBe("register");
  });

  test("of any length is read in no time, and kept short", () => {
    const wanted = understand("a-".repeat(100_000));
    expect(wanted.want === "unknown" && wanted.text.length).toBe(300);
  });
});

test("what only coordinators can use is suggested to them alone", () => {
  const commands = ["erase", "cases", "staff", "register", "help"];
  expect(usable(commands, ["apprentice"])).toEqual(["cases", "help"]);
  expect(usable(commands, ["iqa", "coordinator"])).toEqual(commands);
});
