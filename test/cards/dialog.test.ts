import { type DialogCard, dialogCard, overrideReason } from "../../cards/dialog";
import type { Field, Form, FormContext } from "../../cards/form";
import { bodyForms, forms } from "../../cards/forms/forms";
import { fieldId, fieldsOf, inputId } from "../../cards/inputs";
import type { Problem } from "../../src/case/case";
import type { CommandType } from "../../src/case/decider";
import { gradingView } from "../../src/views";
import { actorOf, bookingOn, gq, people, tquk } from "../support/case";
import { complaints, objects, partsOf, said } from "./check";
import { drawing, fixturesOf, names, packs, type places, seen } from "./fixtures";

const staff = [{ person: people.assessor, name: "Dev Fiction", roles: ["assessor"] }];
const words = [...Object.values(names), "Fictional Foods"];

/** A form on a case, drawn as its dialog. */
function opened(
  pack: typeof gq,
  place: keyof typeof places,
  role: "coordinator" | "assessor" | "provider",
  command: CommandType,
  args: NonNullable<DialogCard["args"]>,
  also: Partial<DialogCard> = {},
) {
  const { view, journey } = seen(pack, place, role);
  const d = drawing(journey);
  const ctx: FormContext = { view, pack, words: d.words, now: d.now, args, questions: [], staff };
  const form = forms[command]?.form(ctx) as Form;
  return { journey, form, card: dialogCard(form, { ...d, view, command, args, ...also }) };
}

const input = (card: unknown, id: string) => partsOf(card, "Input.").find((i) => fieldId(String(i.id)) === id);

describe.each(packs)("every form under $id", (pack) => {
  test("is a good dialog wherever its button is offered, also refused and also for someone else", () => {
    const drawn = fixturesOf(pack).flatMap((f) =>
      f.view.may.flatMap((p) => {
        const form = forms[p.type];
        if (!form) return [];
        const d = drawing(f.journey);
        const method = p.data.method === undefined ? undefined : String(p.data.method);
        const grading =
          method === undefined
            ? undefined
            : gradingView(f.journey.case, actorOf(pack, people[f.role], f.role), pack, method, f.journey.now);
        const behalf = p.onBehalfOf;
        const ctx: FormContext = {
          view: f.view,
          pack,
          words: d.words,
          now: d.now,
          args: { ...p.data },
          questions: [],
          staff,
          ...(grading ? { grading } : {}),
          ...(behalf ? { behalf } : {}),
        };
        const made = form.form(ctx);
        const fields = made.fields.flatMap((x) => ("id" in x && x.id ? [x.id] : []));
        const problems: Problem[] = [
          ...fields.map((id): Problem => ({ code: "DATE_NEEDED", facts: { method: method ?? "" }, input: id })),
          { code: "AFTER_WINDOW", facts: {}, rule: "R06", remedy: "override" },
          { code: "LENGTH_OUTSIDE", facts: {}, rule: "R08", remedy: "reason" },
        ];
        const common = { ...d, view: f.view, command: p.type, args: { ...p.data }, ...(behalf ? { behalf } : {}) };
        return [
          { name: `${f.name} ${p.type}`, card: dialogCard(made, common) },
          {
            name: `${f.name} ${p.type} refused`,
            // A form with an input for each criterion is refused at one of them, not at all of them at once.
            card: dialogCard(made, { ...common, refused: { problems: problems.slice(-8), inputs: {} } }),
          },
        ];
      }),
    );
    expect(drawn.length).toBeGreaterThan(100);
    const wrong = drawn.map((x) => ({ name: x.name, wrong: complaints(x.card, { dialog: true, words }) }));
    expect(wrong.filter((x) => x.wrong.length > 0)).toEqual([]);
  });
});

test.each(Object.entries(bodyForms))("the form “%s”, which belongs to no case, is a good dialog", (name, form) => {
  const { journey } = seen(gq, "registered", "coordinator");
  const ctx = { now: journey.now, args: {}, packs: [...packs], staff, sampling: { usual: 0.2, byAssessor: {} } };
  const card = dialogCard(form.form(ctx), { ...drawing(journey), command: name, notDone: "Not done yet" });
  expect(complaints(card, { dialog: true })).toEqual([]);
});

describe("a refused form", () => {
  const late = () => {
    const { journey } = seen(gq, "planningFinished", "coordinator");
    const out = journey.when(
      "session.move",
      { ...bookingOn(gq, "project", "2026-06-20"), reason: "Stock count" },
      { by: "coordinator" },
    );
    return out.refused;
  };
  const refused = { problems: late(), inputs: { date: "2026-06-20", time: "11:30", reason: "Stock ${count}" } };

  test("says how many things are wrong, and beside the input what, what would be lawful, and by which clause", () => {
    const { card } = opened(gq, "planningFinished", "coordinator", "session.move", { method: "project" }, { refused });
    expect(said(card)).toContain("Not moved yet: one thing to put right.");
    expect(String(input(card, "date")?.label)).toMatch(/: after the EPA window$/);
    const box = partsOf(card, "Container").find((c) => c.style === "attention");
    expect(partsOf(box, "TextRun")).toHaveLength(3);
    expect(partsOf(box, "TextRun")[1]).toMatchObject({ weight: "Bolder" });
  });

  test("keeps what was typed, word for word, under new ids", () => {
    const fresh = opened(gq, "planningFinished", "coordinator", "session.move", { method: "project" }).card;
    const { card } = opened(gq, "planningFinished", "coordinator", "session.move", { method: "project" }, { refused });
    expect(input(card, "date")?.value).toBe("2026-06-20");
    expect(input(card, "time")?.value).toBe("11:30");
    expect(input(card, "reason")?.value).toBe("Stock ${count}");
    expect(input(card, "date")?.id).not.toBe(input(fresh, "date")?.id);
  });

  test("an input that was emptied stays empty, whatever the form would suggest", () => {
    const { card } = opened(gq, "planningFinished", "coordinator", "session.move", { method: "project" }, { refused });
    const fresh = opened(gq, "planningFinished", "coordinator", "session.move", { method: "project" }).card;
    expect(input(fresh, "where")?.value).toBeDefined();
    expect(input(card, "where")?.value).toBeUndefined();
  });

  test("a coordinator may lift the rule with a reason; the assessor is not offered it", () => {
    const { card } = opened(gq, "planningFinished", "coordinator", "session.move", { method: "project" }, { refused });
    const lift = (card.actions ?? []).find((a) => String(a.title).startsWith("Override"));
    expect(lift?.data).toMatchObject({ verb: "session.move", override: ["R06"] });
    expect(input(card, overrideReason)).toBeDefined();
    const theirs = opened(gq, "planningFinished", "assessor", "session.move", { method: "project" }, { refused }).card;
    expect((theirs.actions ?? []).map((a) => a.title)).toEqual(["Move interview"]);
    expect(input(theirs, overrideReason)).toBeUndefined();
  });

  test("lifted without a reason, it is asked for again", () => {
    const problems: Problem[] = [{ code: "REASON_NEEDED", facts: {}, input: overrideReason }];
    const { card } = opened(
      gq,
      "planningFinished",
      "coordinator",
      "session.move",
      { method: "project" },
      { refused: { problems, inputs: refused.inputs }, override: ["R06"] },
    );
    expect(input(card, overrideReason)).toBeDefined();
    expect((card.actions ?? []).at(-1)?.data).toMatchObject({ override: ["R06"] });
  });

  test("what belongs to no input stands above all", () => {
    const problems: Problem[] = [{ code: "CASE_CLOSED", facts: {} }];
    const { card } = opened(
      gq,
      "planningFinished",
      "coordinator",
      "session.move",
      { method: "project" },
      { refused: { problems, inputs: {} } },
    );
    const box = card.body.findIndex((x) => x.style === "attention");
    const asked = card.body.findIndex((x) => partsOf(x, "Input.").length > 0);
    expect(box).toBeGreaterThan(0);
    expect(box).toBeLessThan(asked);
  });

  test("a rule that asks a reason gets an input for it where the form has none", () => {
    const { card } = opened(
      tquk,
      "registered",
      "provider",
      "gateway.attest",
      {},
      { refused: { problems: [{ code: "OFF_THE_JOB_LOW", facts: {}, rule: "R41", remedy: "reason" }], inputs: {} } },
    );
    expect(input(card, "reason")).toMatchObject({ type: "Input.Text", isMultiline: true });
  });
});

test("refused, a line that says what the words under it are stays with them", () => {
  const problems: Problem[] = [{ code: "INPUT_UNREADABLE", facts: { input: "reason", why: "empty" }, input: "reason" }];
  const { card } = opened(
    gq,
    "evidenceSubmitted",
    "coordinator",
    "gateway.returnItem",
    { item: "maths" },
    { refused: { problems, inputs: {} } },
  );
  const words = said(card);
  expect(words).toMatch(/to put right\.\s+Handed in as\s+“/);
  // A question keeps its mark, a sentence gives up its full stop.
  expect(String(input(card, "reason")?.label)).toMatch(/\? Missing$/);
});

test("for whom it is recorded stands over the dialog, not on its button", () => {
  const { card, form } = opened(gq, "registered", "coordinator", "gateway.attest", {}, { behalf: "provider" });
  expect((card.actions ?? [])[0]?.title).toBe("State time on programme");
  expect(form.submit).toBe("State time on programme");
  const item = opened(
    tquk,
    "registered",
    "coordinator",
    "gateway.submit",
    { item: "portfolio" },
    { behalf: "provider" },
  );
  expect(item.form.title).toMatch(/^Hand in: /);
  expect(item.form.submit).toBe("Hand in");
});

test("recorded for somebody else, it also asks how it came and what shows it", () => {
  const { card } = opened(gq, "registered", "coordinator", "gateway.attest", {}, { behalf: "provider" });
  expect(input(card, "behalf-channel")).toBeDefined();
  expect(input(card, "behalf-evidence")).toBeDefined();
  expect((card.actions ?? [])[0]?.data).toMatchObject({ verb: "gateway.attest", behalf: "provider" });
});

test("a save that failed says so over the same form", () => {
  const { card } = opened(
    gq,
    "registered",
    "provider",
    "gateway.attest",
    {},
    {
      banner: { kind: "notSaved", text: "Your words are still in the form." },
      refused: { problems: [], inputs: { lastDay: "2026-01-05" } },
    },
  );
  expect(said(card)).toContain("Not saved");
  expect(input(card, "lastDay")?.value).toBe("2026-01-05");
  expect(said(card)).not.toContain("to put right");
});

describe("fields", () => {
  const { journey } = seen(gq, "registered", "coordinator");
  const draw = (fields: Field[], also: Partial<DialogCard> = {}) =>
    dialogCard({ title: "T", submit: "Send", fields }, { ...drawing(journey), command: "case.withdraw", ...also });
  const options = (n: number, title = (i: number) => `Option ${i}`) =>
    Array.from({ length: n }, (_, i) => ({ value: `v${i}`, title: title(i) }));

  test.each([
    ["few options stand in sight", { n: 4 }, { style: "expanded" }],
    ["more are looked for by typing", { n: 12 }, { style: "filtered" }],
    ["ticks stand in sight for longer", { n: 12, many: true }, { style: "expanded", isMultiSelect: true }],
    ["until they are too many", { n: 30, many: true }, { style: "filtered", isMultiSelect: true }],
    ["a drop-down where it is asked for", { n: 4, compact: true }, { style: "compact" }],
  ])("%s", (_name, { n, ...also }, wanted) => {
    const card = draw([{ kind: "choice", id: "c", label: "C", options: options(n), ...also }]);
    expect(input(card, "c")).toMatchObject(wanted);
    expect(complaints(card, { dialog: true })).toEqual([]);
  });

  test("options that people named never stand where markdown is read", () => {
    const card = draw([{ kind: "choice", id: "c", label: "C", options: options(3, () => "[x](https://example.com)") }]);
    expect(input(card, "c")?.style).toBe("compact");
  });

  test("a person is picked from the tenant", () => {
    const card = draw([{ kind: "person", id: "p", label: "Person", required: true }]);
    expect(input(card, "p")).toMatchObject({
      type: "Input.ChoiceSet",
      "choices.data": { type: "Data.Query", dataset: "graph.microsoft.com/users" },
    });
  });

  test("a date and its time stand side by side", () => {
    const card = draw([
      { kind: "date", id: "date", label: "Date", required: true, hint: "From Monday." },
      { kind: "time", id: "time", label: "Starts at" },
    ]);
    const set = partsOf(card, "ColumnSet")[0];
    expect(partsOf(set, "Input.").map((i) => i.type)).toEqual(["Input.Date", "Input.Time"]);
    expect(said(card)).toContain("From Monday.");
  });

  test("a value that is none of its kind is left out", () => {
    const inputs = { n: "many", d: "tomorrow" };
    const card = draw(
      [
        { kind: "number", id: "n", label: "N", min: 0, max: 5 },
        { kind: "date", id: "d", label: "D" },
      ],
      { refused: { problems: [], inputs } },
    );
    expect(input(card, "n")).not.toHaveProperty("value");
    expect(input(card, "d")).not.toHaveProperty("value");
    expect(input(card, "n")?.errorMessage).toContain("0 to 5");
  });

  test("quoted words stand as they were written, a paragraph a block", () => {
    const card = draw([{ kind: "line", text: "**No**\n\n${never}", quote: true }]);
    const texts = [...objects(card)].filter((x) => x.type === "TextRun").map((x) => x.text);
    expect(texts).toEqual(["“**No**", "${never}”"]);
  });
});

describe("ids of inputs", () => {
  test("come back as their fields, whatever revision and drawing", () => {
    const data = {
      [inputId("date", 14)]: "2026-05-01",
      [inputId("discussion-date", 14, "press-0007")]: "2026-05-02",
      verb: "session.book",
      seen: 14,
    };
    expect(fieldsOf(data)).toEqual({ date: "2026-05-01", "discussion-date": "2026-05-02" });
  });

  test("of several items, only that of the pressed one counts", () => {
    const data = {
      [inputId("reason", 3, undefined, "photoId")]: "Blurred",
      [inputId("reason", 3, undefined, "maths")]: "Not this",
      args: { item: "photoId" },
    };
    expect(fieldsOf(data)).toEqual({ reason: "Blurred" });
    expect(fieldsOf({ ...data, args: undefined })).toEqual({});
  });

  test("no id means another's property", () => {
    expect(fieldsOf({ "__proto__-r1": "x", "constructor-r2": "y" })).toEqual({ constructor: "y", ["__proto__"]: "x" });
  });
});
