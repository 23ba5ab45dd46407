import { captureConsole, createLog, redact } from "../../bot/log";

const lines: string[] = [];
const log = createLog({ write: (line) => lines.push(line), now: () => new Date("2026-11-22T12:00:00Z") });
const last = () => JSON.parse(lines.at(-1) ?? "{}");

beforeEach(() => {
  lines.length = 0;
});

test("a line is one JSON object with time, level, event and fields", () => {
  log.with({ correlationId: "c-1" }).info("case.moved", { caseId: "case-1", took: 12, ok: true });
  expect(lines).toEqual([
    '{"at":"2026-11-22T12:00:00.000Z","level":"info","event":"case.moved","correlationId":"c-1","caseId":"case-1","took":12,"ok":true}\n',
  ]);
});

test("levels below the least are not written", () => {
  log.debug("noise");
  expect(lines).toEqual([]);
  expect([log.enabled("debug"), log.enabled("info")]).toEqual([false, true]);
});

test.each([
  ["a mail address", "who", "ada@example.org"],
  ["a mail address among others", "who", "x=ada@example.org;y"],
  ["free text", "what", "Ada did well in question 3"],
  ["a token", "header", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.abc"],
  ["a long secret", "value", "x".repeat(90)],
  ["a field called a name", "displayName", "Ada"],
  ["a field called a token", "accessToken", "abc"],
  ["an object", "body", { text: "hello" }],
])("%s is masked", (_name, key, value) => {
  log.info("event", { [key]: value });
  expect(last()[key]).toBe("[redacted]");
});

test.each([
  "19:case-1@thread.v2",
  "19:abc_def@unq.gbl.spaces",
  "a:1x-y",
  "case-1",
  "/api/messages",
  "https://example.org/a",
])("%s is an id and stays", (value) => expect(redact("id", value)).toBe(value));

test("an error is its kind, code and places, not its words", () => {
  log.error("broke", {
    error: Object.assign(new Error("Ada Example failed\n    at Ada Example's desk"), {
      code: "E_STORE",
      cause: new Error("Ada Example"),
    }),
  });
  expect(last().error).toMatchObject({ kind: "Error", code: "E_STORE", cause: { kind: "Error" } });
  expect(last().error.at.length).toBeGreaterThan(0);
  expect(lines.join("")).not.toContain("Ada Example");
});

test("a programming error keeps its words, so that it can be mended, but no address in them", () => {
  log.error("broke", { error: new TypeError("Cannot read properties of undefined (reading 'stage')") });
  expect(last().error.problem).toContain("reading 'stage'");
  log.error("broke", { error: new TypeError("ada@example.org is not a function") });
  expect(lines.join("")).not.toContain("ada@");
});

test("what libraries print comes without their words", () => {
  const console = { error: jest.fn(), warn: jest.fn() };
  const { error } = console;
  const restore = captureConsole(log, console);
  console.error("token eyJ for ada@example.org", new RangeError("x"));
  expect(last()).toMatchObject({ event: "library.error", error: { kind: "RangeError" } });
  expect(lines.join("")).not.toContain("ada@");
  restore();
  expect(console.error).toBe(error);
});
