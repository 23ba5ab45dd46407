import fc from "fast-check";
import { commandTypes } from "../../src/case/decider";
import type { Json } from "../support/cardReading";
import type { Found } from "./buttons";

/** What nobody honest would send: values, buttons with something changed, activities with something changed. */

/** `${…}` that would show were it ever evaluated. */
export const evaluated = "7346-epilogue";
const template = "${add(7000,346)}-epilogue";

const deep = (levels: number): unknown => {
  let value: unknown = "bottom";
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? { a: value } : [value];
  return value;
};

const words = [
  "",
  " ",
  "\0",
  "a\0b",
  template,
  "${$root}",
  "${json(string($root))}",
  "{{DATE(2026-01-01)}}",
  "**bold** [link](javascript:alert(1)) ![x](https://example.org/x.png)",
  "<script>alert(1)</script><at>Epilogue</at>",
  "\u202egnp.exe\u2066\u2067",
  "\u0000\u0001\u001f\u007f\u0085\u2028\u2029",
  "\ud800",
  "\udc00\ud800x",
  "e\u0301".repeat(50),
  "👩‍👩‍👧‍👦".repeat(20),
  "ﷺ".repeat(100),
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "../../etc/passwd",
  "' OR 1=1; DROP TABLE events; --",
  "case:sample-ada",
  "R04",
  "2026-02-30",
  "2026-13-45T99:99",
  "0000-00-00",
  "+275760-09-13",
  "-1",
  "1e999",
  "NaN",
  "0x10",
  "9007199254740993",
  "x".repeat(300),
  "x".repeat(9_000),
  "word ".repeat(6_000),
  "x".repeat(40_000),
] as const;

export const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
);

/** Objects whose members are named as those that every object has: as JSON text carries them. */
const poisoned = [
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"staff":["coordinator"]}}}',
  '{"toString":null,"valueOf":null,"hasOwnProperty":1}',
  '{"then":"x","toJSON":"x"}',
  '{"length":4294967295}',
].map((json) => JSON.parse(json) as unknown);

export const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: text },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, 2 ** 53, -0, 0.1, [], {}, [[]], [null]),
  },
  { weight: 2, arbitrary: fc.constantFrom(...poisoned) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(deep(20), deep(31), deep(40), deep(600)) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 3_000 }, (_, i) => i)) },
  { weight: 1, arbitrary: fc.constant(Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i]))) },
);

/** Ids of all sorts, real ones of other people among them. */
const id = (known: readonly string[]) =>
  fc.oneof(fc.constantFrom(...known), fc.constantFrom(...known.map((x) => x.toUpperCase())), text);

const verb = fc.oneof(
  // Whoever withdraws a case ends the attack on it.
  { weight: 6, arbitrary: fc.constantFrom<string>(...commandTypes.filter((type) => type !== "case.withdraw")) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...["form", "register", "bind", "group", "staff.add", "staff.leave", "sampling.set"],
      ...["view.case", "view.more", "view.behalf", "view.grading", "view.history", "view.gateway", "view.nothing"],
    ),
  },
  { weight: 2, arbitrary: text },
);

/** What an honest person might give an input: a date that is one, a choice that is offered. */
function plausible(input: Json): fc.Arbitrary<unknown> {
  const choices = Array.isArray(input.choices) ? (input.choices as Json[]).map((choice) => choice.value) : [];
  switch (input.type) {
    case "Input.ChoiceSet":
      return choices.length > 0 ? fc.constantFrom(...choices) : fc.constant(input.value ?? "");
    case "Input.Toggle":
      return fc.constantFrom(input.valueOn ?? "true", input.valueOff ?? "false");
    case "Input.Date":
      return fc.constantFrom(input.value, "2026-01-12", "2026-02-02", "2026-03-16", "2026-05-18");
    case "Input.Time":
      return fc.constantFrom("10:00", "14:30");
    case "Input.Number":
      return fc.constantFrom(input.value, 1, 10, 25, 2500);
    default:
      return fc.oneof(fc.constant("Said on the phone, and written down"), fc.constantFrom(...words.slice(5, 12)));
  }
}

/** One change to a button's data. */
function change(pool: readonly Found[], ids: readonly string[]): fc.Arbitrary<(data: Json) => Json> {
  const keys = ["verb", "caseId", "seen", "commandId", "command", "args", "behalf", "override", "msteams"] as const;
  const foreign = fc.constantFrom(...pool).map((f) => f.data);
  const set = (key: string, given: fc.Arbitrary<unknown>) => given.map((x) => (data: Json) => ({ ...data, [key]: x }));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.constantFrom(...keys), value).map(([k, x]) => (d: Json) => ({ ...d, [k]: x })),
    },
    { weight: 5, arbitrary: set("verb", verb) },
    { weight: 3, arbitrary: set("command", verb) },
    { weight: 3, arbitrary: set("caseId", id(ids)) },
    // Another's press again, whole or its id only.
    { weight: 2, arbitrary: foreign.map((other) => () => other) },
    { weight: 3, arbitrary: foreign.map((other) => (d: Json) => ({ ...d, commandId: other.commandId })) },
    { weight: 3, arbitrary: foreign.map((other) => (d: Json) => ({ ...d, args: other.args })) },
    { weight: 2, arbitrary: set("seen", fc.oneof(fc.integer(), fc.constantFrom(0, 1, 999_999, 1.5))) },
    { weight: 2, arbitrary: set("behalf", fc.constantFrom("apprentice", "employer", "provider", "coordinator")) },
    { weight: 2, arbitrary: set("override", fc.constant(["R01", "R04", "R08", "R22", "R31"])) },
    {
      weight: 4,
      arbitrary: fc.tuple(fc.string({ maxLength: 8 }), value).map(([k, x]) => (d: Json) => {
        const args = typeof d?.args === "object" && d.args !== null ? d.args : {};
        return { ...d, args: { ...args, [k]: x, method: x, item: x, person: x, n: x } };
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...keys).map((k) => (d: Json) => {
        // A change before this one may have left anything at all.
        const { [k]: _, ...rest } = Object(d) as Json;
        return rest;
      }),
    },
    { weight: 1, arbitrary: value.map((x) => () => x as Json) },
  );
}

/** What stands in a dialog's inputs: as it should, but for one or two now and then. */
const typed = (inputs: readonly Json[]): fc.Arbitrary<Json> =>
  inputs.length === 0
    ? fc.constant({})
    : fc
        .tuple(
          fc.tuple(...inputs.map((input) => fc.tuple(fc.constant(String(input.id)), plausible(input)))),
          fc.array(fc.tuple(fc.constantFrom(...inputs.map((input) => String(input.id))), fc.oneof(text, value)), {
            maxLength: 2,
          }),
        )
        .map(([honest, other]) => Object.fromEntries([...honest, ...other]));

export interface Pressed {
  kind: Found["kind"];
  /** Whose button it was. */
  of: string;
  data: unknown;
}

const changes = (pool: readonly Found[], ids: readonly string[]) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(change(pool, ids), { minLength: 1, maxLength: 3 }) },
  );

/** A button of somebody's with up to three changes, what was typed beside it among them; now and then none at all. */
export const pressed = (pool: readonly Found[], ids: readonly string[]): fc.Arbitrary<Pressed> =>
  fc.constantFrom(...pool).chain((found) =>
    fc.record({
      kind: fc.oneof(
        { weight: 4, arbitrary: fc.constant(found.kind) },
        { weight: 1, arbitrary: fc.constantFrom("press", "fetch", "submit") },
      ),
      of: fc.constant(found.who),
      data: fc
        .tuple(typed(found.inputs), changes(pool, ids), fc.option(fc.uuid()))
        .map(([inputs, all, commandId]) =>
          all.reduce<Json>((d, c) => c(d), { ...found.data, ...inputs, ...(commandId ? { commandId } : {}) }),
        ),
    }),
  ) as fc.Arbitrary<Pressed>;

/** One change to an activity: any part of it becomes anything. */
export const warped: fc.Arbitrary<(activity: Json) => unknown> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          ...[
            "type",
            "name",
            "id",
            "replyToId",
            "channelId",
            "serviceUrl",
            "from",
            "recipient",
            "conversation",
            "channelData",
          ],
          ...[
            "text",
            "textFormat",
            "entities",
            "attachments",
            "value",
            "locale",
            "action",
            "membersAdded",
            "membersRemoved",
          ],
        ),
        value,
      )
      .map(([key, x]) => (a: Json) => ({ ...a, [key]: x })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom("from", "conversation", "channelData", "recipient", "value"), text, value)
      .map(([key, k, x]) => (a: Json) => ({
        ...a,
        [key]: { ...(a?.[key] as Json), [k]: x, id: x, tenantId: x, aadObjectId: x },
      })),
  },
  { weight: 1, arbitrary: value.map((x) => () => x) },
);

export const activityType = fc.oneof(
  fc.constantFrom(
    "message",
    "invoke",
    "conversationUpdate",
    "installationUpdate",
    "event",
    "messageReaction",
    "typing",
  ),
  text,
);
