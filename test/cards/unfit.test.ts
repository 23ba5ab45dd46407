import { z } from "zod";
import { unfit } from "../../cards/forms/unfit";
import { tell } from "../../src/wording/problems";
import { gq } from "../support/case";
import { drawing, seen } from "./fixtures";

/** What does not fit its shape is told apart: empty, too long, no mail address, or of another kind. */

const shape = z.strictObject({
  reason: z.string().trim().min(1).max(20),
  mail: z.email(),
  words: z.number().int(),
  on: z.iso.date(),
});
const good = { reason: "Cut off", mail: "ada.example@example.org", words: 2500, on: "2026-05-12" };

const of = (payload: unknown) => {
  const parsed = shape.safeParse(payload);
  return parsed.success ? [] : unfit(parsed.error.issues, payload);
};

test.each([
  ["left out", { reason: undefined }, { input: "reason", why: "empty" }],
  ["only spaces", { reason: "  " }, { input: "reason", why: "empty" }],
  ["too long", { reason: "x".repeat(21) }, { input: "reason", why: "tooLong", most: 20 }],
  ["no mail address", { mail: "ada.example" }, { input: "mail", why: "mail" }],
  ["an empty mail address", { mail: "" }, { input: "mail", why: "empty" }],
  ["no day", { on: "2026-02-31" }, { input: "on", why: "day" }],
  ["no number", { words: "many" }, { input: "words" }],
])("%s", (_name, wrong, facts) => {
  expect(of({ ...good, ...wrong })).toEqual([{ code: "INPUT_UNREADABLE", facts, input: facts.input }]);
});

test("each cause has words of its own", () => {
  const { words } = drawing(seen(gq, "registered", "coordinator").journey);
  const facts = of({ reason: " ", mail: "ada", words: "many", on: "soon" }).concat(
    of({ ...good, reason: "x".repeat(21) }),
  );
  const lawful = facts.map((p) => tell(p, gq, words).lawful);
  expect(new Set(lawful).size).toBe(5);
});
